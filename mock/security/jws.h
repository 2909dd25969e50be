/*
 * Unsecured JSON web tokens (RFC 7515 A.5, alg none), as Kafka's OAuthBearerUnsecuredJws and
 * OAuthBearerValidationUtils judge them.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/slice.h"

enum mock_jws_verdict {
    MOCK_JWS_GOOD,
    MOCK_JWS_INVALID, /* "invalid_token" */
    MOCK_JWS_SCOPE,   /* "insufficient_scope" */
    MOCK_JWS_NO_ALG,  /* Kafka's code trips over it */
    MOCK_JWS_NO_MEMORY
};

struct mock_jws {
    char *subject; /* base_free */
    int64_t expires_ms;
};
/* required_scope: words with blanks between, all of which the token's scope has to have. The output
 * is set only when the token is good. */
enum mock_jws_verdict mock_jws_check(struct base_slice token, const char *required_scope,
                                     int64_t now_ms, struct mock_jws *ret_jws) BASE_MUST_USE;
