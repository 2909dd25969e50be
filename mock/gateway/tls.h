/*
 * TLS between the bytes of a socket and those of the protocol, over memory: no I/O here. tls.c is
 * the only file that knows OpenSSL's libssl.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/error.h"
#include "mock/security/security.h"

struct mock_authority;
struct mock_tls_context; /* of a listener */
struct mock_tls;         /* of a connection */

/* A certificate for these names ("DNS:a,IP:1.2.3.4"), TLS 1.2 and 1.3; clients are asked for theirs
 * as auth says, and it has to be of the same authority. */
int mock_tls_context_new(struct mock_authority *authority, const char *names,
                         enum mock_client_auth auth, struct mock_tls_context **ret_context,
                         struct base_error *err) BASE_MUST_USE;
void mock_tls_context_free(struct mock_tls_context *context);

/* NULL without memory. Lives on when the context is freed. */
struct mock_tls *mock_tls_new(struct mock_tls_context *context);
void mock_tls_free(struct mock_tls *tls);

/* Bytes of the peer. 0, or BASE_NO_MEMORY. */
int mock_tls_feed(struct mock_tls *tls, const uint8_t *bytes, size_t len) BASE_MUST_USE;
enum mock_tls_state {
    MOCK_TLS_SHAKING,
    MOCK_TLS_OPEN,
    MOCK_TLS_ENDED, /* the peer sends no more */
    MOCK_TLS_FAILED /* mock_tls_failure says why */
};
/* Goes on with the handshake as far as the bytes go. */
enum mock_tls_state mock_tls_shake(struct mock_tls *tls);
/* Reads up to max bytes of plaintext: how many, 0 for none now; the state then says why. */
size_t mock_tls_read(struct mock_tls *tls, uint8_t *to, size_t max, enum mock_tls_state *ret_state);
/* Encrypts: what is then to be sent is in mock_tls_take. 0, or BASE_IO. */
int mock_tls_write(struct mock_tls *tls, const uint8_t *bytes, size_t len) BASE_MUST_USE;
/* Says that nothing more will be sent. */
void mock_tls_shut(struct mock_tls *tls);
/* All that is to be sent (base_free), NULL and 0 if there is nothing, NULL and a length without
 * memory. */
uint8_t *mock_tls_take(struct mock_tls *tls, size_t *ret_len);
/* "CN=alice,O=ktrial" (RFC 2253) of the peer's certificate, base_free; NULL: it has none. */
char *mock_tls_subject(const struct mock_tls *tls);
const char *mock_tls_failure(const struct mock_tls *tls);
