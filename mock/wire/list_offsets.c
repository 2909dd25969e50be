/* ListOffsets: see list_offsets.h. */
#include "mock/wire/list_offsets.h"

#include "mock/wire/primitive.h"

static void get_partition(struct mock_decoder *d, struct mock_list_offsets_partition *p) {
    p->index = base_read_i32(d->r);
    p->current_leader_epoch = d->version >= 4 ? base_read_i32(d->r) : -1;
    p->timestamp_ms = base_read_i64(d->r);
    mock_get_tags(d);
}

static void put_partition(struct mock_encoder *e, const struct mock_list_offsets_partition *p) {
    base_put_i32(e->b, p->index);
    if (e->version >= 4) {
        base_put_i32(e->b, p->current_leader_epoch);
    }
    base_put_i64(e->b, p->timestamp_ms);
    mock_put_tags(e);
}

static void get_topic(struct mock_decoder *d, struct mock_list_offsets_topic *p) {
    p->name = mock_get_string(d);
    p->partitions = mock_get_array(d, sizeof(*p->partitions), 12, &p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        get_partition(d, &p->partitions[i]);
    }
    mock_get_tags(d);
}

static void put_topic(struct mock_encoder *e, const struct mock_list_offsets_topic *p) {
    mock_put_string(e, p->name);
    mock_put_count(e, p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        put_partition(e, &p->partitions[i]);
    }
    mock_put_tags(e);
}

static void get_request(struct mock_decoder *d, struct mock_list_offsets_request *p) {
    p->replica_id = base_read_i32(d->r);
    p->isolation_level = d->version >= 2 ? base_read_i8(d->r) : 0;
    p->topics = mock_get_array(d, sizeof(*p->topics), 3, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_topic(d, &p->topics[i]);
    }
    p->timeout_ms = d->version >= 10 ? base_read_i32(d->r) : 0;
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_list_offsets_request *p) {
    base_put_i32(e->b, p->replica_id);
    if (e->version >= 2) {
        base_put_i8(e->b, p->isolation_level);
    }
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_topic(e, &p->topics[i]);
    }
    if (e->version >= 10) {
        base_put_i32(e->b, p->timeout_ms);
    }
    mock_put_tags(e);
}

int mock_list_offsets_request_decode(struct base_reader *r, int16_t version,
                                     struct base_arena *arena,
                                     struct mock_list_offsets_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_LIST_OFFSETS, version);
    struct mock_list_offsets_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_list_offsets_request_encode(struct base_builder *b, int16_t version,
                                      const struct mock_list_offsets_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_LIST_OFFSETS, version);
    put_request(&e, request);
}

static void get_partition_response(struct mock_decoder *d,
                                   struct mock_list_offsets_partition_response *p) {
    p->index = base_read_i32(d->r);
    p->error_code = base_read_i16(d->r);
    p->timestamp_ms = base_read_i64(d->r);
    p->offset = base_read_i64(d->r);
    p->leader_epoch = d->version >= 4 ? base_read_i32(d->r) : -1;
    mock_get_tags(d);
}

static void put_partition_response(struct mock_encoder *e,
                                   const struct mock_list_offsets_partition_response *p) {
    base_put_i32(e->b, p->index);
    base_put_i16(e->b, p->error_code);
    base_put_i64(e->b, p->timestamp_ms);
    base_put_i64(e->b, p->offset);
    if (e->version >= 4) {
        base_put_i32(e->b, p->leader_epoch);
    }
    mock_put_tags(e);
}

static void get_topic_response(struct mock_decoder *d, struct mock_list_offsets_topic_response *p) {
    p->name = mock_get_string(d);
    p->partitions = mock_get_array(d, sizeof(*p->partitions), 22, &p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        get_partition_response(d, &p->partitions[i]);
    }
    mock_get_tags(d);
}

static void put_topic_response(struct mock_encoder *e,
                               const struct mock_list_offsets_topic_response *p) {
    mock_put_string(e, p->name);
    mock_put_count(e, p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        put_partition_response(e, &p->partitions[i]);
    }
    mock_put_tags(e);
}

static void get_response(struct mock_decoder *d, struct mock_list_offsets_response *p) {
    p->throttle_time_ms = d->version >= 2 ? base_read_i32(d->r) : 0;
    p->topics = mock_get_array(d, sizeof(*p->topics), 3, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_topic_response(d, &p->topics[i]);
    }
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e, const struct mock_list_offsets_response *p) {
    if (e->version >= 2) {
        base_put_i32(e->b, p->throttle_time_ms);
    }
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_topic_response(e, &p->topics[i]);
    }
    mock_put_tags(e);
}

int mock_list_offsets_response_decode(struct base_reader *r, int16_t version,
                                      struct base_arena *arena,
                                      struct mock_list_offsets_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_LIST_OFFSETS, version);
    struct mock_list_offsets_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_list_offsets_response_encode(struct base_builder *b, int16_t version,
                                       const struct mock_list_offsets_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_LIST_OFFSETS, version);
    put_response(&e, response);
}
