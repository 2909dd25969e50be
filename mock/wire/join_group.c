/* JoinGroup: see join_group.h. */
#include "mock/wire/join_group.h"

#include "mock/wire/primitive.h"

static struct base_slice get_protocol_name(struct mock_decoder *d) {
    return d->version >= 7 ? mock_get_nullable_string(d) : mock_get_string(d);
}

static void put_protocol_name(struct mock_encoder *e, struct base_slice name) {
    if (e->version >= 7) {
        mock_put_nullable_string(e, name);
    } else {
        mock_put_string(e, name);
    }
}

static void get_protocol(struct mock_decoder *d, struct mock_join_group_protocol *p) {
    p->name = mock_get_string(d);
    p->metadata = mock_get_bytes(d);
    mock_get_tags(d);
}

static void put_protocol(struct mock_encoder *e, const struct mock_join_group_protocol *p) {
    mock_put_string(e, p->name);
    mock_put_bytes(e, p->metadata);
    mock_put_tags(e);
}

static void get_request(struct mock_decoder *d, struct mock_join_group_request *p) {
    p->group_id = mock_get_string(d);
    p->session_timeout_ms = base_read_i32(d->r);
    p->rebalance_timeout_ms = d->version >= 1 ? base_read_i32(d->r) : p->session_timeout_ms;
    p->member_id = mock_get_string(d);
    p->group_instance_id = d->version >= 5 ? mock_get_nullable_string(d) : BASE_SLICE_NULL;
    p->protocol_type = mock_get_string(d);
    p->protocols = mock_get_array(d, sizeof(*p->protocols), 3, &p->protocol_count);
    for (size_t i = 0; i < p->protocol_count; i++) {
        get_protocol(d, &p->protocols[i]);
    }
    p->reason = d->version >= 8 ? mock_get_nullable_string(d) : BASE_SLICE_NULL;
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_join_group_request *p) {
    mock_put_string(e, p->group_id);
    base_put_i32(e->b, p->session_timeout_ms);
    if (e->version >= 1) {
        base_put_i32(e->b, p->rebalance_timeout_ms);
    }
    mock_put_string(e, p->member_id);
    if (e->version >= 5) {
        mock_put_nullable_string(e, p->group_instance_id);
    }
    mock_put_string(e, p->protocol_type);
    mock_put_count(e, p->protocol_count);
    for (size_t i = 0; i < p->protocol_count; i++) {
        put_protocol(e, &p->protocols[i]);
    }
    if (e->version >= 8) {
        mock_put_nullable_string(e, p->reason);
    }
    mock_put_tags(e);
}

int mock_join_group_request_decode(struct base_reader *r, int16_t version, struct base_arena *arena,
                                   struct mock_join_group_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_JOIN_GROUP, version);
    struct mock_join_group_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_join_group_request_encode(struct base_builder *b, int16_t version,
                                    const struct mock_join_group_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_JOIN_GROUP, version);
    put_request(&e, request);
}

static void get_member(struct mock_decoder *d, struct mock_join_group_member *p) {
    p->member_id = mock_get_string(d);
    p->group_instance_id = d->version >= 5 ? mock_get_nullable_string(d) : BASE_SLICE_NULL;
    p->metadata = mock_get_bytes(d);
    mock_get_tags(d);
}

static void put_member(struct mock_encoder *e, const struct mock_join_group_member *p) {
    mock_put_string(e, p->member_id);
    if (e->version >= 5) {
        mock_put_nullable_string(e, p->group_instance_id);
    }
    mock_put_bytes(e, p->metadata);
    mock_put_tags(e);
}

static void get_response(struct mock_decoder *d, struct mock_join_group_response *p) {
    p->throttle_time_ms = d->version >= 2 ? base_read_i32(d->r) : 0;
    p->error_code = base_read_i16(d->r);
    p->generation_id = base_read_i32(d->r);
    p->protocol_type = d->version >= 7 ? mock_get_nullable_string(d) : BASE_SLICE_NULL;
    p->protocol_name = get_protocol_name(d);
    p->leader = mock_get_string(d);
    p->skip_assignment = d->version >= 9 ? base_read_bool(d->r) : false;
    p->member_id = mock_get_string(d);
    p->members = mock_get_array(d, sizeof(*p->members), 4, &p->member_count);
    for (size_t i = 0; i < p->member_count; i++) {
        get_member(d, &p->members[i]);
    }
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e, const struct mock_join_group_response *p) {
    if (e->version >= 2) {
        base_put_i32(e->b, p->throttle_time_ms);
    }
    base_put_i16(e->b, p->error_code);
    base_put_i32(e->b, p->generation_id);
    if (e->version >= 7) {
        mock_put_nullable_string(e, p->protocol_type);
    }
    put_protocol_name(e, p->protocol_name);
    mock_put_string(e, p->leader);
    if (e->version >= 9) {
        base_put_bool(e->b, p->skip_assignment);
    }
    mock_put_string(e, p->member_id);
    mock_put_count(e, p->member_count);
    for (size_t i = 0; i < p->member_count; i++) {
        put_member(e, &p->members[i]);
    }
    mock_put_tags(e);
}

int mock_join_group_response_decode(struct base_reader *r, int16_t version,
                                    struct base_arena *arena,
                                    struct mock_join_group_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_JOIN_GROUP, version);
    struct mock_join_group_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_join_group_response_encode(struct base_builder *b, int16_t version,
                                     const struct mock_join_group_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_JOIN_GROUP, version);
    put_response(&e, response);
}
