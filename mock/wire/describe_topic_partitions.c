/* DescribeTopicPartitions: see describe_topic_partitions.h. */
#include "mock/wire/describe_topic_partitions.h"

#include "mock/wire/primitive.h"

/* A structure that may be null begins with a byte: negative for null. */
static bool get_cursor(struct mock_decoder *d, struct mock_topic_cursor *p) {
    if (base_read_i8(d->r) < 0) {
        return false;
    }
    p->topic_name = mock_get_string(d);
    p->partition = base_read_i32(d->r);
    mock_get_tags(d);
    return true;
}

static void put_cursor(struct mock_encoder *e, bool has, const struct mock_topic_cursor *p) {
    base_put_i8(e->b, has ? 1 : -1);
    if (has) {
        mock_put_string(e, p->topic_name);
        base_put_i32(e->b, p->partition);
        mock_put_tags(e);
    }
}

static int32_t *get_nullable_i32_array(struct mock_decoder *d, size_t *ret_count, bool *ret_has) {
    bool is_null = false;
    int32_t *items = mock_get_nullable_array(d, sizeof(*items), 4, ret_count, &is_null);
    for (size_t i = 0; i < *ret_count; i++) {
        items[i] = base_read_i32(d->r);
    }
    *ret_has = !is_null;
    return items;
}

static void put_nullable_i32_array(struct mock_encoder *e, bool has, const int32_t *items,
                                   size_t count) {
    if (has) {
        mock_put_i32_array(e, items, count);
    } else {
        mock_put_null_array(e);
    }
}

static void get_request(struct mock_decoder *d, struct mock_describe_topic_partitions_request *p) {
    p->topics = mock_get_array(d, sizeof(*p->topics), 2, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        p->topics[i] = mock_get_string(d);
        mock_get_tags(d);
    }
    p->partition_limit = base_read_i32(d->r);
    p->has_cursor = get_cursor(d, &p->cursor);
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e,
                        const struct mock_describe_topic_partitions_request *p) {
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        mock_put_string(e, p->topics[i]);
        mock_put_tags(e);
    }
    base_put_i32(e->b, p->partition_limit);
    put_cursor(e, p->has_cursor, &p->cursor);
    mock_put_tags(e);
}

int mock_describe_topic_partitions_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_describe_topic_partitions_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_DESCRIBE_TOPIC_PARTITIONS, version);
    struct mock_describe_topic_partitions_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_describe_topic_partitions_request_encode(
    struct base_builder *b, int16_t version,
    const struct mock_describe_topic_partitions_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DESCRIBE_TOPIC_PARTITIONS, version);
    put_request(&e, request);
}

static void get_partition(struct mock_decoder *d, struct mock_described_partition *p) {
    p->error_code = base_read_i16(d->r);
    p->index = base_read_i32(d->r);
    p->leader_id = base_read_i32(d->r);
    p->leader_epoch = base_read_i32(d->r);
    p->replicas = mock_get_i32_array(d, &p->replica_count);
    p->isr = mock_get_i32_array(d, &p->isr_count);
    p->eligible = get_nullable_i32_array(d, &p->eligible_count, &p->has_eligible);
    p->last_eligible = get_nullable_i32_array(d, &p->last_eligible_count, &p->has_last_eligible);
    p->offline = mock_get_i32_array(d, &p->offline_count);
    mock_get_tags(d);
}

static void put_partition(struct mock_encoder *e, const struct mock_described_partition *p) {
    base_put_i16(e->b, p->error_code);
    base_put_i32(e->b, p->index);
    base_put_i32(e->b, p->leader_id);
    base_put_i32(e->b, p->leader_epoch);
    mock_put_i32_array(e, p->replicas, p->replica_count);
    mock_put_i32_array(e, p->isr, p->isr_count);
    put_nullable_i32_array(e, p->has_eligible, p->eligible, p->eligible_count);
    put_nullable_i32_array(e, p->has_last_eligible, p->last_eligible, p->last_eligible_count);
    mock_put_i32_array(e, p->offline, p->offline_count);
    mock_put_tags(e);
}

static void get_topic(struct mock_decoder *d, struct mock_described_topic *p) {
    p->error_code = base_read_i16(d->r);
    p->name = mock_get_nullable_string(d);
    p->id = mock_get_uuid(d);
    p->is_internal = base_read_bool(d->r);
    p->partitions = mock_get_array(d, sizeof(*p->partitions), 20, &p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        get_partition(d, &p->partitions[i]);
    }
    p->authorized_operations = base_read_i32(d->r);
    mock_get_tags(d);
}

static void put_topic(struct mock_encoder *e, const struct mock_described_topic *p) {
    base_put_i16(e->b, p->error_code);
    mock_put_nullable_string(e, p->name);
    mock_put_uuid(e, p->id);
    base_put_bool(e->b, p->is_internal);
    mock_put_count(e, p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        put_partition(e, &p->partitions[i]);
    }
    base_put_i32(e->b, p->authorized_operations);
    mock_put_tags(e);
}

static void get_response(struct mock_decoder *d,
                         struct mock_describe_topic_partitions_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->topics = mock_get_array(d, sizeof(*p->topics), 26, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_topic(d, &p->topics[i]);
    }
    p->has_next_cursor = get_cursor(d, &p->next_cursor);
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e,
                         const struct mock_describe_topic_partitions_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_topic(e, &p->topics[i]);
    }
    put_cursor(e, p->has_next_cursor, &p->next_cursor);
    mock_put_tags(e);
}

int mock_describe_topic_partitions_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_describe_topic_partitions_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_DESCRIBE_TOPIC_PARTITIONS, version);
    struct mock_describe_topic_partitions_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_describe_topic_partitions_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_describe_topic_partitions_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DESCRIBE_TOPIC_PARTITIONS, version);
    put_response(&e, response);
}
