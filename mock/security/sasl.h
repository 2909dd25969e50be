/*
 * One login by SASL: tokens of the client go in, tokens of the server come out. What carries them
 * (SaslAuthenticate, or bare frames) is the gateway's. No I/O; one thread.
 *
 *   PLAIN (RFC 4616)        ─► message ─► done or failed
 *   SCRAM (RFC 5802, 7677)  ─► first ─► final ─► done or failed
 *   OAUTHBEARER (RFC 7628)  ─► first ─► done, or an error in JSON ─► %x01 ─► failed
 */
#pragma once
#include "base/builder.h"
#include "base/error.h"
#include "mock/security/security.h"
#include "mock/security/users.h"

enum mock_sasl_step {
    MOCK_SASL_GOES_ON, /* the answer is a challenge */
    MOCK_SASL_DONE,    /* principal is set */
    MOCK_SASL_FAILED,  /* SASL_AUTHENTICATION_FAILED with the text of error; "" : a general text */
    MOCK_SASL_BROKEN   /* Kafka trips over it, and closes the connection without a word */
};

struct mock_scram_server; /* scram_server.c */

struct mock_sasl {
    enum mock_sasl_mechanism mechanism;
    struct mock_users *users;
    const char *required_scope; /* OAUTHBEARER: blank-separated, "": none */
    char *principal;            /* when done: "User:alice" */
    int64_t expires_ms;         /* of OAUTHBEARER's token (wall clock); -1: never */
    struct base_error error;    /* when failed */
    struct mock_scram_server *scram;
    bool told; /* OAUTHBEARER: an error in JSON was sent, and is kept in error */
};

void mock_sasl_init(struct mock_sasl *sasl, enum mock_sasl_mechanism mechanism,
                    struct mock_users *users);
void mock_sasl_clean_up(struct mock_sasl *sasl);
/* Takes the client's next token; appends the answer. now_ms: wall clock. Not to be called again
 * once it is done, failed or broken. */
enum mock_sasl_step mock_sasl_take(struct mock_sasl *sasl, struct base_slice token, int64_t now_ms,
                                   struct base_builder *answer);

/* -- for mock/security alone -- */

/* Sets the principal User:<name>. DONE, or BROKEN without memory. */
enum mock_sasl_step mock_sasl_finish(struct mock_sasl *sasl, struct base_slice name);
enum mock_sasl_step mock_scram_take(struct mock_sasl *sasl, struct base_slice token,
                                    struct base_builder *answer);
void mock_scram_clean_up(struct mock_sasl *sasl);
enum mock_sasl_step mock_oauthbearer_take(struct mock_sasl *sasl, struct base_slice token,
                                          int64_t now_ms, struct base_builder *answer);
