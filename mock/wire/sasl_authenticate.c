/* SaslAuthenticate: see sasl_authenticate.h. */
#include "mock/wire/sasl_authenticate.h"

#include "mock/wire/primitive.h"

static void get_request(struct mock_decoder *d, struct mock_sasl_authenticate_request *p) {
    p->token = mock_get_bytes(d);
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_sasl_authenticate_request *p) {
    mock_put_bytes(e, p->token);
    mock_put_tags(e);
}

int mock_sasl_authenticate_request_decode(struct base_reader *r, int16_t version,
                                          struct base_arena *arena,
                                          struct mock_sasl_authenticate_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_SASL_AUTHENTICATE, version);
    struct mock_sasl_authenticate_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_sasl_authenticate_request_encode(struct base_builder *b, int16_t version,
                                           const struct mock_sasl_authenticate_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_SASL_AUTHENTICATE, version);
    put_request(&e, request);
}

static void get_response(struct mock_decoder *d, struct mock_sasl_authenticate_response *p) {
    p->error_code = base_read_i16(d->r);
    p->error_message = mock_get_nullable_string(d);
    p->token = mock_get_bytes(d);
    p->session_lifetime_ms = d->version >= 1 ? base_read_i64(d->r) : 0;
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e, const struct mock_sasl_authenticate_response *p) {
    base_put_i16(e->b, p->error_code);
    mock_put_nullable_string(e, p->error_message);
    mock_put_bytes(e, p->token);
    if (e->version >= 1) {
        base_put_i64(e->b, p->session_lifetime_ms);
    }
    mock_put_tags(e);
}

int mock_sasl_authenticate_response_decode(struct base_reader *r, int16_t version,
                                           struct base_arena *arena,
                                           struct mock_sasl_authenticate_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_SASL_AUTHENTICATE, version);
    struct mock_sasl_authenticate_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_sasl_authenticate_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_sasl_authenticate_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_SASL_AUTHENTICATE, version);
    put_response(&e, response);
}
