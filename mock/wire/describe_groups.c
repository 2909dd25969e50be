/* DescribeGroups: see describe_groups.h. */
#include "mock/wire/describe_groups.h"

#include "mock/wire/primitive.h"

static void get_request(struct mock_decoder *d, struct mock_describe_groups_request *p) {
    p->groups = mock_get_string_array(d, &p->group_count);
    p->include_authorized_operations = d->version >= 3 ? base_read_bool(d->r) : false;
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_describe_groups_request *p) {
    mock_put_string_array(e, p->groups, p->group_count);
    if (e->version >= 3) {
        base_put_bool(e->b, p->include_authorized_operations);
    }
    mock_put_tags(e);
}

int mock_describe_groups_request_decode(struct base_reader *r, int16_t version,
                                        struct base_arena *arena,
                                        struct mock_describe_groups_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_DESCRIBE_GROUPS, version);
    struct mock_describe_groups_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_describe_groups_request_encode(struct base_builder *b, int16_t version,
                                         const struct mock_describe_groups_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DESCRIBE_GROUPS, version);
    put_request(&e, request);
}

static void get_described_member(struct mock_decoder *d, struct mock_described_member *p) {
    p->member_id = mock_get_string(d);
    p->group_instance_id = d->version >= 4 ? mock_get_nullable_string(d) : BASE_SLICE_NULL;
    p->client_id = mock_get_string(d);
    p->client_host = mock_get_string(d);
    p->metadata = mock_get_bytes(d);
    p->assignment = mock_get_bytes(d);
    mock_get_tags(d);
}

static void put_described_member(struct mock_encoder *e, const struct mock_described_member *p) {
    mock_put_string(e, p->member_id);
    if (e->version >= 4) {
        mock_put_nullable_string(e, p->group_instance_id);
    }
    mock_put_string(e, p->client_id);
    mock_put_string(e, p->client_host);
    mock_put_bytes(e, p->metadata);
    mock_put_bytes(e, p->assignment);
    mock_put_tags(e);
}

static void get_described_group(struct mock_decoder *d, struct mock_described_group *p) {
    p->error_code = base_read_i16(d->r);
    p->error_message = d->version >= 6 ? mock_get_nullable_string(d) : BASE_SLICE_NULL;
    p->group_id = mock_get_string(d);
    p->state = mock_get_string(d);
    p->protocol_type = mock_get_string(d);
    p->protocol_data = mock_get_string(d);
    p->members = mock_get_array(d, sizeof(*p->members), 7, &p->member_count);
    for (size_t i = 0; i < p->member_count; i++) {
        get_described_member(d, &p->members[i]);
    }
    p->authorized_operations = d->version >= 3 ? base_read_i32(d->r) : INT32_MIN;
    mock_get_tags(d);
}

static void put_described_group(struct mock_encoder *e, const struct mock_described_group *p) {
    base_put_i16(e->b, p->error_code);
    if (e->version >= 6) {
        mock_put_nullable_string(e, p->error_message);
    }
    mock_put_string(e, p->group_id);
    mock_put_string(e, p->state);
    mock_put_string(e, p->protocol_type);
    mock_put_string(e, p->protocol_data);
    mock_put_count(e, p->member_count);
    for (size_t i = 0; i < p->member_count; i++) {
        put_described_member(e, &p->members[i]);
    }
    if (e->version >= 3) {
        base_put_i32(e->b, p->authorized_operations);
    }
    mock_put_tags(e);
}

static void get_response(struct mock_decoder *d, struct mock_describe_groups_response *p) {
    p->throttle_time_ms = d->version >= 1 ? base_read_i32(d->r) : 0;
    p->groups = mock_get_array(d, sizeof(*p->groups), 12, &p->group_count);
    for (size_t i = 0; i < p->group_count; i++) {
        get_described_group(d, &p->groups[i]);
    }
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e, const struct mock_describe_groups_response *p) {
    if (e->version >= 1) {
        base_put_i32(e->b, p->throttle_time_ms);
    }
    mock_put_count(e, p->group_count);
    for (size_t i = 0; i < p->group_count; i++) {
        put_described_group(e, &p->groups[i]);
    }
    mock_put_tags(e);
}

int mock_describe_groups_response_decode(struct base_reader *r, int16_t version,
                                         struct base_arena *arena,
                                         struct mock_describe_groups_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_DESCRIBE_GROUPS, version);
    struct mock_describe_groups_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_describe_groups_response_encode(struct base_builder *b, int16_t version,
                                          const struct mock_describe_groups_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DESCRIBE_GROUPS, version);
    put_response(&e, response);
}
