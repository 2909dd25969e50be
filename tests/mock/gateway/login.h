/* Logging in by hand, token by token: what clients of SASL do, and what they should not. */
#pragma once
#include "ask.h"
#include "mock/security/security.h"

#define LOGIN_CLOSED (-999)
#define LOGIN_TOKEN_BYTES 2048

struct login_answer {
    bool closed;
    int16_t error;
    char message[512];
    uint8_t token[LOGIN_TOKEN_BYTES];
    size_t token_len;
    int64_t lifetime_ms;
};

/* SaslHandshake: the error, or LOGIN_CLOSED. */
int login_handshake(struct peer *p, int16_t version, const char *mechanism);
/* SaslAuthenticate, version 2. */
struct login_answer login_token(struct peer *p, const void *token, size_t len);
struct login_answer login_text(struct peer *p, const char *token);
/* Handshake and what follows, to the last answer. */
struct login_answer login_plain(struct peer *p, const char *user, const char *password);
/* nonce_twice: as librdkafka before 2.6.1, which repeats its own nonce in the second message. */
struct login_answer login_scram(struct peer *p, enum mock_sasl_mechanism mechanism,
                                const char *user, const char *password, bool nonce_twice);
/* claims: the JSON of an unsecured token. */
struct login_answer login_oauthbearer(struct peer *p, const char *claims);
