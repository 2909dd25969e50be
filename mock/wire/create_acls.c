/* CreateAcls: see create_acls.h. */
#include "mock/wire/create_acls.h"

static void get_request(struct mock_decoder *d, struct mock_create_acls_request *p) {
    p->creations = mock_get_array(d, sizeof(*p->creations), 7, &p->creation_count);
    for (size_t i = 0; i < p->creation_count; i++) {
        mock_get_acl_rule(d, &p->creations[i]);
        mock_get_tags(d);
    }
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_create_acls_request *p) {
    mock_put_count(e, p->creation_count);
    for (size_t i = 0; i < p->creation_count; i++) {
        mock_put_acl_rule(e, &p->creations[i]);
        mock_put_tags(e);
    }
    mock_put_tags(e);
}

int mock_create_acls_request_decode(struct base_reader *r, int16_t version,
                                    struct base_arena *arena,
                                    struct mock_create_acls_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_CREATE_ACLS, version);
    struct mock_create_acls_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_create_acls_request_encode(struct base_builder *b, int16_t version,
                                     const struct mock_create_acls_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_CREATE_ACLS, version);
    put_request(&e, request);
}

static void get_acl_creation_result(struct mock_decoder *d, struct mock_acl_creation_result *p) {
    p->error_code = base_read_i16(d->r);
    p->error_message = mock_get_nullable_string(d);
    mock_get_tags(d);
}

static void put_acl_creation_result(struct mock_encoder *e,
                                    const struct mock_acl_creation_result *p) {
    base_put_i16(e->b, p->error_code);
    mock_put_nullable_string(e, p->error_message);
    mock_put_tags(e);
}

static void get_response(struct mock_decoder *d, struct mock_create_acls_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->results = mock_get_array(d, sizeof(*p->results), 3, &p->result_count);
    for (size_t i = 0; i < p->result_count; i++) {
        get_acl_creation_result(d, &p->results[i]);
    }
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e, const struct mock_create_acls_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    mock_put_count(e, p->result_count);
    for (size_t i = 0; i < p->result_count; i++) {
        put_acl_creation_result(e, &p->results[i]);
    }
    mock_put_tags(e);
}

int mock_create_acls_response_decode(struct base_reader *r, int16_t version,
                                     struct base_arena *arena,
                                     struct mock_create_acls_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_CREATE_ACLS, version);
    struct mock_create_acls_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_create_acls_response_encode(struct base_builder *b, int16_t version,
                                      const struct mock_create_acls_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_CREATE_ACLS, version);
    put_response(&e, response);
}
