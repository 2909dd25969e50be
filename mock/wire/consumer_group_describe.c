/* ConsumerGroupDescribe: see consumer_group_describe.h. */
#include "mock/wire/consumer_group_describe.h"

#include "mock/wire/primitive.h"

static void get_request(struct mock_decoder *d, struct mock_consumer_group_describe_request *p) {
    p->groups = mock_get_string_array(d, &p->group_count);
    p->include_authorized_operations = base_read_bool(d->r);
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e,
                        const struct mock_consumer_group_describe_request *p) {
    mock_put_string_array(e, p->groups, p->group_count);
    base_put_bool(e->b, p->include_authorized_operations);
    mock_put_tags(e);
}

int mock_consumer_group_describe_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_consumer_group_describe_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_CONSUMER_GROUP_DESCRIBE, version);
    struct mock_consumer_group_describe_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_consumer_group_describe_request_encode(
    struct base_builder *b, int16_t version,
    const struct mock_consumer_group_describe_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_CONSUMER_GROUP_DESCRIBE, version);
    put_request(&e, request);
}

static void get_assignment(struct mock_decoder *d, struct mock_described_assignment *p) {
    p->topics = mock_get_array(d, sizeof(*p->topics), 19, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        struct mock_described_partitions *topic = &p->topics[i];
        topic->topic_id = mock_get_uuid(d);
        topic->topic_name = mock_get_string(d);
        topic->partitions = mock_get_i32_array(d, &topic->partition_count);
        mock_get_tags(d);
    }
    mock_get_tags(d);
}

static void put_assignment(struct mock_encoder *e, const struct mock_described_assignment *p) {
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        const struct mock_described_partitions *topic = &p->topics[i];
        mock_put_uuid(e, topic->topic_id);
        mock_put_string(e, topic->topic_name);
        mock_put_i32_array(e, topic->partitions, topic->partition_count);
        mock_put_tags(e);
    }
    mock_put_tags(e);
}

static void get_member(struct mock_decoder *d, struct mock_described_consumer *p) {
    p->member_id = mock_get_string(d);
    p->instance_id = mock_get_nullable_string(d);
    p->rack_id = mock_get_nullable_string(d);
    p->member_epoch = base_read_i32(d->r);
    p->client_id = mock_get_string(d);
    p->client_host = mock_get_string(d);
    p->topic_names = mock_get_string_array(d, &p->topic_name_count);
    p->topic_regex = mock_get_nullable_string(d);
    get_assignment(d, &p->assignment);
    get_assignment(d, &p->target);
    p->member_type = d->version >= 1 ? base_read_i8(d->r) : -1;
    mock_get_tags(d);
}

static void put_member(struct mock_encoder *e, const struct mock_described_consumer *p) {
    mock_put_string(e, p->member_id);
    mock_put_nullable_string(e, p->instance_id);
    mock_put_nullable_string(e, p->rack_id);
    base_put_i32(e->b, p->member_epoch);
    mock_put_string(e, p->client_id);
    mock_put_string(e, p->client_host);
    mock_put_string_array(e, p->topic_names, p->topic_name_count);
    mock_put_nullable_string(e, p->topic_regex);
    put_assignment(e, &p->assignment);
    put_assignment(e, &p->target);
    if (e->version >= 1) {
        base_put_i8(e->b, p->member_type);
    }
    mock_put_tags(e);
}

static void get_group(struct mock_decoder *d, struct mock_described_consumer_group *p) {
    p->error_code = base_read_i16(d->r);
    p->error_message = mock_get_nullable_string(d);
    p->group_id = mock_get_string(d);
    p->state = mock_get_string(d);
    p->group_epoch = base_read_i32(d->r);
    p->assignment_epoch = base_read_i32(d->r);
    p->assignor = mock_get_string(d);
    p->members = mock_get_array(d, sizeof(*p->members), 14, &p->member_count);
    for (size_t i = 0; i < p->member_count; i++) {
        get_member(d, &p->members[i]);
    }
    p->authorized_operations = base_read_i32(d->r);
    mock_get_tags(d);
}

static void put_group(struct mock_encoder *e, const struct mock_described_consumer_group *p) {
    base_put_i16(e->b, p->error_code);
    mock_put_nullable_string(e, p->error_message);
    mock_put_string(e, p->group_id);
    mock_put_string(e, p->state);
    base_put_i32(e->b, p->group_epoch);
    base_put_i32(e->b, p->assignment_epoch);
    mock_put_string(e, p->assignor);
    mock_put_count(e, p->member_count);
    for (size_t i = 0; i < p->member_count; i++) {
        put_member(e, &p->members[i]);
    }
    base_put_i32(e->b, p->authorized_operations);
    mock_put_tags(e);
}

static void get_response(struct mock_decoder *d, struct mock_consumer_group_describe_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->groups = mock_get_array(d, sizeof(*p->groups), 19, &p->group_count);
    for (size_t i = 0; i < p->group_count; i++) {
        get_group(d, &p->groups[i]);
    }
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e,
                         const struct mock_consumer_group_describe_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    mock_put_count(e, p->group_count);
    for (size_t i = 0; i < p->group_count; i++) {
        put_group(e, &p->groups[i]);
    }
    mock_put_tags(e);
}

int mock_consumer_group_describe_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_consumer_group_describe_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_CONSUMER_GROUP_DESCRIBE, version);
    struct mock_consumer_group_describe_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_consumer_group_describe_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_consumer_group_describe_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_CONSUMER_GROUP_DESCRIBE, version);
    put_response(&e, response);
}
