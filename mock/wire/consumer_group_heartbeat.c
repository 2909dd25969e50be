/* ConsumerGroupHeartbeat: see consumer_group_heartbeat.h. */
#include "mock/wire/consumer_group_heartbeat.h"

#include "base/error.h"
#include "mock/wire/primitive.h"

static struct mock_topic_id_partitions *get_partitions(struct mock_decoder *d, size_t *ret_count,
                                                       bool *ret_is_null) {
    struct mock_topic_id_partitions *items =
        mock_get_nullable_array(d, sizeof(*items), 18, ret_count, ret_is_null);
    for (size_t i = 0; i < *ret_count; i++) {
        items[i].topic_id = mock_get_uuid(d);
        items[i].partitions = mock_get_i32_array(d, &items[i].partition_count);
        mock_get_tags(d);
    }
    return items;
}

static void put_partitions(struct mock_encoder *e, const struct mock_topic_id_partitions *items,
                           size_t count) {
    mock_put_count(e, count);
    for (size_t i = 0; i < count; i++) {
        mock_put_uuid(e, items[i].topic_id);
        mock_put_i32_array(e, items[i].partitions, items[i].partition_count);
        mock_put_tags(e);
    }
}

static void get_names(struct mock_decoder *d, struct mock_consumer_group_heartbeat_request *p) {
    bool is_null = false;
    p->topic_names =
        mock_get_nullable_array(d, sizeof(*p->topic_names), 1, &p->topic_name_count, &is_null);
    p->has_topic_names = !is_null;
    for (size_t i = 0; i < p->topic_name_count; i++) {
        p->topic_names[i] = mock_get_string(d);
    }
}

static void get_request(struct mock_decoder *d, struct mock_consumer_group_heartbeat_request *p) {
    bool is_null = false;
    p->group_id = mock_get_string(d);
    p->member_id = mock_get_string(d);
    p->member_epoch = base_read_i32(d->r);
    p->instance_id = mock_get_nullable_string(d);
    p->rack_id = mock_get_nullable_string(d);
    p->rebalance_timeout_ms = base_read_i32(d->r);
    get_names(d, p);
    p->topic_regex = d->version >= 1 ? mock_get_nullable_string(d) : BASE_SLICE_NULL;
    p->server_assignor = mock_get_nullable_string(d);
    p->owned = get_partitions(d, &p->owned_count, &is_null);
    p->has_owned = !is_null;
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e,
                        const struct mock_consumer_group_heartbeat_request *p) {
    mock_put_string(e, p->group_id);
    mock_put_string(e, p->member_id);
    base_put_i32(e->b, p->member_epoch);
    mock_put_nullable_string(e, p->instance_id);
    mock_put_nullable_string(e, p->rack_id);
    base_put_i32(e->b, p->rebalance_timeout_ms);
    if (p->has_topic_names) {
        mock_put_string_array(e, p->topic_names, p->topic_name_count);
    } else {
        mock_put_null_array(e);
    }
    if (e->version >= 1) {
        mock_put_nullable_string(e, p->topic_regex);
    }
    mock_put_nullable_string(e, p->server_assignor);
    if (p->has_owned) {
        put_partitions(e, p->owned, p->owned_count);
    } else {
        mock_put_null_array(e);
    }
    mock_put_tags(e);
}

int mock_consumer_group_heartbeat_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_consumer_group_heartbeat_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_CONSUMER_GROUP_HEARTBEAT, version);
    struct mock_consumer_group_heartbeat_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_consumer_group_heartbeat_request_encode(
    struct base_builder *b, int16_t version,
    const struct mock_consumer_group_heartbeat_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_CONSUMER_GROUP_HEARTBEAT, version);
    put_request(&e, request);
}

/* A structure that may be null begins with a byte: negative says that it is. */
static void get_assignment(struct mock_decoder *d,
                           struct mock_consumer_group_heartbeat_response *p) {
    p->has_assignment = base_read_i8(d->r) >= 0;
    if (p->has_assignment) {
        bool is_null = false;
        p->assignment = get_partitions(d, &p->assignment_count, &is_null);
        if (is_null) {
            base_reader_fail(d->r, BASE_MALFORMED);
        }
        mock_get_tags(d);
    }
}

static void get_response(struct mock_decoder *d, struct mock_consumer_group_heartbeat_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->error_code = base_read_i16(d->r);
    p->error_message = mock_get_nullable_string(d);
    p->member_id = mock_get_nullable_string(d);
    p->member_epoch = base_read_i32(d->r);
    p->heartbeat_interval_ms = base_read_i32(d->r);
    get_assignment(d, p);
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e,
                         const struct mock_consumer_group_heartbeat_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    base_put_i16(e->b, p->error_code);
    mock_put_nullable_string(e, p->error_message);
    mock_put_nullable_string(e, p->member_id);
    base_put_i32(e->b, p->member_epoch);
    base_put_i32(e->b, p->heartbeat_interval_ms);
    base_put_i8(e->b, p->has_assignment ? 1 : -1);
    if (p->has_assignment) {
        put_partitions(e, p->assignment, p->assignment_count);
        mock_put_tags(e);
    }
    mock_put_tags(e);
}

int mock_consumer_group_heartbeat_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_consumer_group_heartbeat_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_CONSUMER_GROUP_HEARTBEAT, version);
    struct mock_consumer_group_heartbeat_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_consumer_group_heartbeat_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_consumer_group_heartbeat_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_CONSUMER_GROUP_HEARTBEAT, version);
    put_response(&e, response);
}
