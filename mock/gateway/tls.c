/* TLS over memory: see tls.h. */
#include "mock/gateway/tls.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>

#include "base/memory.h"
#include "mock/security/certificate.h"

struct mock_tls_context {
    SSL_CTX *ctx;
};

struct mock_tls {
    SSL *ssl;
    BIO *in;  /* of the peer, not read yet */
    BIO *out; /* to be sent */
    char failure[160];
};

/* -- the context -- */

static void say_error(char *text, size_t size, const char *what) {
    unsigned long code = ERR_peek_last_error();
    const char *reason = code ? ERR_reason_error_string(code) : NULL;
    (void)snprintf(text, size, "%s: %s", what, reason ? reason : "no reason given");
    ERR_clear_error();
}

static X509 *certificate_of(const char *pem) {
    BIO *bio = BIO_new_mem_buf(pem, -1);
    X509 *x = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    return x;
}

static EVP_PKEY *key_of(const char *pem) {
    BIO *bio = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    return key;
}

/* The certificate, its key, and whose certificates clients may show. */
static bool furnish(SSL_CTX *ctx, const char *certificate, const char *key, const char *authority) {
    X509 *own = certificate_of(certificate);
    X509 *root = certificate_of(authority);
    EVP_PKEY *secret = key_of(key);
    bool good = own && root && secret && SSL_CTX_use_certificate(ctx, own) == 1 &&
                SSL_CTX_use_PrivateKey(ctx, secret) == 1 &&
                X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), root) == 1 &&
                SSL_CTX_add_client_CA(ctx, root) == 1;
    X509_free(own);
    X509_free(root);
    EVP_PKEY_free(secret);
    return good;
}

static int verify_mode(enum mock_client_auth auth) {
    switch (auth) {
    case MOCK_CLIENT_AUTH_REQUIRED:
        return SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    case MOCK_CLIENT_AUTH_REQUESTED:
        return SSL_VERIFY_PEER;
    default:
        return SSL_VERIFY_NONE;
    }
}

int mock_tls_context_new(struct mock_authority *authority, const char *names,
                         enum mock_client_auth auth, struct mock_tls_context **ret_context,
                         struct base_error *err) {
    char *certificate = NULL;
    char *key = NULL;
    int rc = mock_authority_issue(authority, "localhost", names, &certificate, &key, err);
    if (rc < 0) {
        return rc;
    }
    struct mock_tls_context *context = base_alloc_zero(sizeof(*context));
    SSL_CTX *ctx = context ? SSL_CTX_new(TLS_server_method()) : NULL;
    bool good = ctx && SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) == 1 &&
                furnish(ctx, certificate, key, mock_authority_pem(authority));
    base_free(certificate);
    base_free(key);
    if (!good) {
        char text[160];
        say_error(text, sizeof(text), "TLS");
        SSL_CTX_free(ctx);
        base_free(context);
        return base_fail(err, BASE_NO_MEMORY, "%s", text);
    }
    SSL_CTX_set_verify(ctx, verify_mode(auth), NULL);
    /* Sessions are not resumed, so every handshake shows whom it is with; and no tickets are sent
     * after it, so a connection that is cut is cut where it was said. */
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_num_tickets(ctx, 0);
    context->ctx = ctx;
    *ret_context = context;
    return 0;
}

void mock_tls_context_free(struct mock_tls_context *context) {
    if (context) {
        SSL_CTX_free(context->ctx);
        base_free(context);
    }
}

/* -- a connection -- */

struct mock_tls *mock_tls_new(struct mock_tls_context *context) {
    struct mock_tls *tls = base_alloc_zero(sizeof(*tls));
    if (!tls) {
        return NULL;
    }
    tls->ssl = SSL_new(context->ctx);
    tls->in = BIO_new(BIO_s_mem());
    tls->out = BIO_new(BIO_s_mem());
    if (!tls->ssl || !tls->in || !tls->out) {
        SSL_free(tls->ssl);
        BIO_free(tls->in);
        BIO_free(tls->out);
        base_free(tls);
        ERR_clear_error();
        return NULL;
    }
    SSL_set_bio(tls->ssl, tls->in, tls->out); /* they are freed with it */
    SSL_set_accept_state(tls->ssl);
    return tls;
}

void mock_tls_free(struct mock_tls *tls) {
    if (tls) {
        SSL_free(tls->ssl);
        base_free(tls);
    }
}

int mock_tls_feed(struct mock_tls *tls, const uint8_t *bytes, size_t len) {
    return len <= INT_MAX && BIO_write(tls->in, bytes, (int)len) == (int)len ? 0 : BASE_NO_MEMORY;
}

static enum mock_tls_state state_after(struct mock_tls *tls, int result, const char *what) {
    switch (SSL_get_error(tls->ssl, result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return SSL_is_init_finished(tls->ssl) ? MOCK_TLS_OPEN : MOCK_TLS_SHAKING;
    case SSL_ERROR_ZERO_RETURN:
        return MOCK_TLS_ENDED;
    default:
        say_error(tls->failure, sizeof(tls->failure), what);
        return MOCK_TLS_FAILED;
    }
}

enum mock_tls_state mock_tls_shake(struct mock_tls *tls) {
    if (SSL_is_init_finished(tls->ssl)) {
        return MOCK_TLS_OPEN;
    }
    ERR_clear_error();
    int result = SSL_do_handshake(tls->ssl);
    return result == 1 ? MOCK_TLS_OPEN : state_after(tls, result, "TLS handshake failed");
}

size_t mock_tls_read(struct mock_tls *tls, uint8_t *to, size_t max,
                     enum mock_tls_state *ret_state) {
    ERR_clear_error();
    int result = SSL_read(tls->ssl, to, max > INT_MAX ? INT_MAX : (int)max);
    *ret_state = result > 0 ? MOCK_TLS_OPEN : state_after(tls, result, "TLS failed");
    return result > 0 ? (size_t)result : 0;
}

int mock_tls_write(struct mock_tls *tls, const uint8_t *bytes, size_t len) {
    ERR_clear_error();
    while (len > 0) {
        int part = len > INT_MAX ? INT_MAX : (int)len;
        int done = SSL_write(tls->ssl, bytes, part);
        if (done <= 0) {
            say_error(tls->failure, sizeof(tls->failure), "TLS failed");
            return BASE_IO;
        }
        bytes += done;
        len -= (size_t)done;
    }
    return 0;
}

void mock_tls_shut(struct mock_tls *tls) {
    if (SSL_is_init_finished(tls->ssl)) {
        (void)SSL_shutdown(tls->ssl);
        ERR_clear_error();
    }
}

uint8_t *mock_tls_take(struct mock_tls *tls, size_t *ret_len) {
    size_t len = BIO_ctrl_pending(tls->out);
    *ret_len = len;
    uint8_t *bytes = len > 0 ? base_alloc(len) : NULL;
    if (bytes) {
        *ret_len = BIO_read_ex(tls->out, bytes, len, &len) == 1 ? len : 0;
    }
    return bytes;
}

char *mock_tls_subject(const struct mock_tls *tls) {
    X509 *x = SSL_get0_peer_certificate(tls->ssl);
    BIO *bio = x ? BIO_new(BIO_s_mem()) : NULL;
    char *text = NULL;
    /* As Java's X500Principal: RFC 2253, but what is not ASCII as it is. */
    if (bio && X509_NAME_print_ex(bio, X509_get_subject_name(x), 0,
                                  XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0) {
        char *data = NULL;
        long len = BIO_get_mem_data(bio, &data);
        text = base_strndup(data, len > 0 ? (size_t)len : 0);
    }
    BIO_free(bio);
    return text;
}

const char *mock_tls_failure(const struct mock_tls *tls) {
    return tls->failure;
}
