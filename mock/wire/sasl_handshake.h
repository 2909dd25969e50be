/* SaslHandshake (api 17), versions 0 to 1: the SASL mechanism that a login will use. After version
 * 0 the tokens are bare frames, after version 1 they are in SaslAuthenticate. */
#pragma once
#include "mock/wire/message.h"

struct mock_sasl_handshake_request {
    struct base_slice mechanism;
};

struct mock_sasl_handshake_response {
    int16_t error_code;
    struct base_slice *mechanisms; /* those that are enabled */
    size_t mechanism_count;
};

int mock_sasl_handshake_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_sasl_handshake_request *ret_request) BASE_MUST_USE;
void mock_sasl_handshake_request_encode(struct base_builder *b, int16_t version,
                                        const struct mock_sasl_handshake_request *request);
int mock_sasl_handshake_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_sasl_handshake_response *ret_response) BASE_MUST_USE;
void mock_sasl_handshake_response_encode(struct base_builder *b, int16_t version,
                                         const struct mock_sasl_handshake_response *response);
