/*
 * TLS on the connections of a listener: between what libuv reads and writes (connection.c) and what
 * tls.h makes of it; and the cluster's authority.
 */
#include <arpa/inet.h>
#include <string.h>

#include "base/memory.h"
#include "mock/gateway/gateway.h"
#include "mock/gateway/tls.h"
#include "mock/security/certificate.h"

/* What is read at once: shared by all connections, for libuv hands it over before it reads more. */
#define READ_BYTES (64u * BASE_KIB)
/* One record of TLS carries no more. */
#define RECORD_BYTES (16u * BASE_KIB)

/* -- the authority -- */

static int get_authority(struct mock_broker *broker, struct base_error *err) {
    return broker->authority ? 0 : mock_authority_new(&broker->authority, err);
}

const char *mock_ca_certificate(struct mock_broker *broker, struct base_error *err) {
    return get_authority(broker, err) == 0 ? mock_authority_pem(broker->authority) : NULL;
}

int mock_client_certificate(struct mock_broker *broker, const char *name,
                            char **ret_certificate_pem, char **ret_key_pem,
                            struct base_error *err) {
    int rc = get_authority(broker, err);
    return rc < 0 ? rc
                  : mock_authority_issue(broker->authority, name, NULL, ret_certificate_pem,
                                         ret_key_pem, err);
}

void mock_broker_tls_clean_up(struct mock_broker *broker) {
    mock_authority_free(broker->authority);
    base_free(broker->tls_in);
}

/* -- listeners -- */

static bool is_host(const char *name) {
    return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") ==
               strlen(name) &&
           *name;
}

static void put_name(struct base_builder *b, const char *name) {
    uint8_t address[sizeof(struct in6_addr)];
    if (inet_pton(AF_INET, name, address) == 1 || inet_pton(AF_INET6, name, address) == 1) {
        base_put_format(b, ",IP:%s", name);
    } else if (is_host(name)) {
        base_put_format(b, ",DNS:%s", name);
    }
}

int mock_listener_open_tls(struct mock_listener *l, struct base_error *err) {
    struct mock_broker *broker = l->broker;
    int rc = get_authority(broker, err);
    if (rc < 0) {
        return rc;
    }
    broker->tls_in = broker->tls_in ? broker->tls_in : base_alloc(READ_BYTES);
    struct base_builder names;
    base_builder_init(&names, 4096);
    base_put_str(&names, "DNS:localhost,IP:127.0.0.1,IP:::1");
    put_name(&names, l->host);
    put_name(&names, l->advertise);
    base_put_u8(&names, 0);
    if (!broker->tls_in || !base_builder_ok(&names)) {
        rc = base_fail(err, BASE_NO_MEMORY, "no memory for TLS");
    } else {
        /* KIP-684: on SASL_SSL the client is known by its login. */
        enum mock_client_auth auth = l->security == MOCK_SECURITY_SSL
                                         ? broker->settings.ssl_client_auth
                                         : MOCK_CLIENT_AUTH_NONE;
        rc = mock_tls_context_new(broker->authority, (const char *)names.data, auth, &l->tls, err);
    }
    base_builder_clean_up(&names);
    return rc;
}

void mock_listener_close_tls(struct mock_listener *l) {
    mock_tls_context_free(l->tls);
}

/* -- connections -- */

int mock_connection_open_tls(struct mock_connection *c) {
    c->tls = mock_tls_new(c->listener->tls);
    return c->tls ? 0 : BASE_NO_MEMORY;
}

void mock_connection_close_tls(struct mock_connection *c) {
    mock_tls_free(c->tls);
    c->tls = NULL;
}

uv_buf_t mock_connection_tls_buffer(struct mock_connection *c) {
    return uv_buf_init((char *)c->broker->tls_in, READ_BYTES);
}

/* What TLS itself has to say: handshakes, alerts. */
static void send_own(struct mock_connection *c) {
    size_t len = 0;
    uint8_t *bytes = mock_tls_take(c->tls, &len);
    if (bytes) {
        mock_connection_write_sealed(c, bytes, len);
    } else if (len > 0) {
        mock_connection_close(c, false, "no memory");
    }
}

static void fail(struct mock_connection *c) {
    send_own(c); /* the alert */
    if (!c->closing) {
        mock_connection_deny(c, mock_tls_failure(c->tls));
        mock_connection_close(c, false, c->tls_open ? "TLS failed" : "TLS handshake failed");
    }
}

/* The handshake is done: who is it? */
static int learn_principal(struct mock_connection *c) {
    char *subject = c->listener->security == MOCK_SECURITY_SSL ? mock_tls_subject(c->tls) : NULL;
    c->tls_open = true;
    if (!subject) {
        return 0;
    }
    size_t len = strlen(subject);
    c->principal = base_alloc(sizeof("User:") + len);
    if (c->principal) {
        memcpy(c->principal, "User:", sizeof("User:") - 1);
        memcpy(c->principal + sizeof("User:") - 1, subject, len + 1);
    }
    base_free(subject);
    return c->principal ? 0 : BASE_NO_MEMORY;
}

static enum mock_tls_state read_all(struct mock_connection *c) {
    enum mock_tls_state state = MOCK_TLS_OPEN;
    for (;;) {
        size_t room = 0;
        uint8_t *at = mock_frame_splitter_room(&c->splitter, RECORD_BYTES, &room);
        size_t got = at ? mock_tls_read(c->tls, at, room, &state) : 0;
        if (got == 0) {
            return state;
        }
        mock_frame_splitter_commit(&c->splitter, got);
    }
}

bool mock_connection_decrypt(struct mock_connection *c, const uint8_t *bytes, size_t len) {
    if (mock_tls_feed(c->tls, bytes, len) < 0) {
        mock_connection_close(c, false, "no memory");
        return false;
    }
    enum mock_tls_state state = mock_tls_shake(c->tls);
    if (state == MOCK_TLS_OPEN) {
        if (!c->tls_open && learn_principal(c) < 0) {
            mock_connection_close(c, false, "no memory");
            return false;
        }
        state = read_all(c);
    }
    if (state == MOCK_TLS_FAILED) {
        fail(c);
        return false;
    }
    send_own(c);
    c->tls_ended = state == MOCK_TLS_ENDED;
    return !c->closing;
}

int mock_connection_encrypt(struct mock_connection *c, uint8_t **data, size_t *len) {
    size_t sealed_len = 0;
    uint8_t *sealed =
        mock_tls_write(c->tls, *data, *len) == 0 ? mock_tls_take(c->tls, &sealed_len) : NULL;
    if (!sealed) {
        return BASE_IO;
    }
    base_free(*data);
    *data = sealed;
    *len = sealed_len;
    return 0;
}

uint8_t *mock_connection_seal_rest(struct mock_connection *c, struct base_slice rest, bool shut,
                                   size_t *ret_len) {
    *ret_len = 0;
    if (!c->tls_open || mock_tls_write(c->tls, rest.data, rest.len) < 0) {
        return NULL;
    }
    if (shut) {
        mock_tls_shut(c->tls);
    }
    return mock_tls_take(c->tls, ret_len);
}
