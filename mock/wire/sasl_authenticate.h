/* SaslAuthenticate (api 36), versions 0 to 2: one token of a login, and the answer to it. */
#pragma once
#include "mock/wire/message.h"

struct mock_sasl_authenticate_request {
    struct base_slice token;
};

struct mock_sasl_authenticate_response {
    int16_t error_code;
    struct base_slice error_message; /* null possible */
    struct base_slice token;
    int64_t session_lifetime_ms; /* v1+, else 0: for ever */
};

int mock_sasl_authenticate_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_sasl_authenticate_request *ret_request) BASE_MUST_USE;
void mock_sasl_authenticate_request_encode(struct base_builder *b, int16_t version,
                                           const struct mock_sasl_authenticate_request *request);
int mock_sasl_authenticate_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_sasl_authenticate_response *ret_response) BASE_MUST_USE;
void mock_sasl_authenticate_response_encode(struct base_builder *b, int16_t version,
                                            const struct mock_sasl_authenticate_response *response);
