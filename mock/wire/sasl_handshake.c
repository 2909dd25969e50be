/* SaslHandshake: see sasl_handshake.h. */
#include "mock/wire/sasl_handshake.h"

#include "mock/wire/primitive.h"

static void get_request(struct mock_decoder *d, struct mock_sasl_handshake_request *p) {
    p->mechanism = mock_get_string(d);
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_sasl_handshake_request *p) {
    mock_put_string(e, p->mechanism);
    mock_put_tags(e);
}

int mock_sasl_handshake_request_decode(struct base_reader *r, int16_t version,
                                       struct base_arena *arena,
                                       struct mock_sasl_handshake_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_SASL_HANDSHAKE, version);
    struct mock_sasl_handshake_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_sasl_handshake_request_encode(struct base_builder *b, int16_t version,
                                        const struct mock_sasl_handshake_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_SASL_HANDSHAKE, version);
    put_request(&e, request);
}

static void get_response(struct mock_decoder *d, struct mock_sasl_handshake_response *p) {
    p->error_code = base_read_i16(d->r);
    p->mechanisms = mock_get_string_array(d, &p->mechanism_count);
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e, const struct mock_sasl_handshake_response *p) {
    base_put_i16(e->b, p->error_code);
    mock_put_string_array(e, p->mechanisms, p->mechanism_count);
    mock_put_tags(e);
}

int mock_sasl_handshake_response_decode(struct base_reader *r, int16_t version,
                                        struct base_arena *arena,
                                        struct mock_sasl_handshake_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_SASL_HANDSHAKE, version);
    struct mock_sasl_handshake_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_sasl_handshake_response_encode(struct base_builder *b, int16_t version,
                                         const struct mock_sasl_handshake_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_SASL_HANDSHAKE, version);
    put_response(&e, response);
}
