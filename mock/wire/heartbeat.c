/* Heartbeat: see heartbeat.h. */
#include "mock/wire/heartbeat.h"

#include "mock/wire/primitive.h"

static void get_request(struct mock_decoder *d, struct mock_heartbeat_request *p) {
    p->group_id = mock_get_string(d);
    p->generation_id = base_read_i32(d->r);
    p->member_id = mock_get_string(d);
    p->group_instance_id = d->version >= 3 ? mock_get_nullable_string(d) : BASE_SLICE_NULL;
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_heartbeat_request *p) {
    mock_put_string(e, p->group_id);
    base_put_i32(e->b, p->generation_id);
    mock_put_string(e, p->member_id);
    if (e->version >= 3) {
        mock_put_nullable_string(e, p->group_instance_id);
    }
    mock_put_tags(e);
}

int mock_heartbeat_request_decode(struct base_reader *r, int16_t version, struct base_arena *arena,
                                  struct mock_heartbeat_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_HEARTBEAT, version);
    struct mock_heartbeat_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_heartbeat_request_encode(struct base_builder *b, int16_t version,
                                   const struct mock_heartbeat_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_HEARTBEAT, version);
    put_request(&e, request);
}

static void get_response(struct mock_decoder *d, struct mock_heartbeat_response *p) {
    p->throttle_time_ms = d->version >= 1 ? base_read_i32(d->r) : 0;
    p->error_code = base_read_i16(d->r);
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e, const struct mock_heartbeat_response *p) {
    if (e->version >= 1) {
        base_put_i32(e->b, p->throttle_time_ms);
    }
    base_put_i16(e->b, p->error_code);
    mock_put_tags(e);
}

int mock_heartbeat_response_decode(struct base_reader *r, int16_t version, struct base_arena *arena,
                                   struct mock_heartbeat_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_HEARTBEAT, version);
    struct mock_heartbeat_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_heartbeat_response_encode(struct base_builder *b, int16_t version,
                                    const struct mock_heartbeat_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_HEARTBEAT, version);
    put_response(&e, response);
}
