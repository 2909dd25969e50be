/*
 * SaslHandshake and SaslAuthenticate: how a connection of a SASL listener logs in, and logs in
 * again (KIP-368), as Kafka's SaslServerAuthenticator has it. What the tokens say is
 * mock/security/sasl.h.
 *
 *   BEGINS ──ApiVersions──► HANDSHAKE ──SaslHandshake──► TOKENS ──last token──► DONE
 *      └────────────SaslHandshake────────────────────────►┘ ▲                    │
 *                                                            └───SaslHandshake────┘ (if it expires)
 *
 * Before DONE nothing else is answered: whatever comes in another order ends the connection.
 */
#include <stdio.h>

#include "base/clock.h"
#include "base/memory.h"
#include "mock/gateway/handlers.h"
#include "mock/security/sasl.h"

/* KafkaChannel's MIN_REAUTH_INTERVAL_ONE_SECOND_NANOS. */
#define AGAIN_AFTER_MS 1000

enum login_state {
    LOGIN_BEGINS,
    LOGIN_HANDSHAKE,
    LOGIN_TOKENS,
    LOGIN_OTHER_MECHANISM, /* another one than at the first login: the next frame ends it */
    LOGIN_DONE
};

struct mock_login {
    enum login_state state;
    bool bare;  /* tokens come without SaslAuthenticate around them */
    bool again; /* the connection was logged in before */
    enum mock_sasl_mechanism mechanism;
    struct mock_sasl sasl;
    bool has_sasl;
    bool expires;
    uint64_t expires_ms;    /* by mock_broker_now_ms */
    uint64_t last_again_ms; /* when it last began again; 0: never */
};

int mock_login_open(struct mock_connection *c) {
    c->login = base_alloc_zero(sizeof(*c->login));
    c->splitter.max_frame_bytes = BASE_MAX_LOGIN_FRAME_BYTES;
    return c->login ? 0 : BASE_NO_MEMORY;
}

static void drop_exchange(struct mock_login *login) {
    if (login->has_sasl) {
        mock_sasl_clean_up(&login->sasl);
        login->has_sasl = false;
    }
}

void mock_login_close(struct mock_connection *c) {
    if (c->login) {
        drop_exchange(c->login);
        base_free(c->login);
        c->login = NULL;
    }
}

bool mock_login_is_pending(const struct mock_connection *c) {
    return c->login && c->login->state != LOGIN_DONE;
}

bool mock_login_takes_bare(const struct mock_connection *c) {
    return c->login && c->login->state == LOGIN_TOKENS && c->login->bare;
}

static void deny(struct mock_request *r, const char *why) {
    struct mock_event event;
    mock_request_event(r, MOCK_EVENT_DENY, &event);
    event.text = why;
    mock_broker_emit(r->connection->broker, &event);
}

static const char *word(const struct mock_login *login) {
    return login->again ? "re-authentication" : "authentication";
}

/* -- what comes in which order -- */

static bool may_begin_again(const struct mock_request *r) {
    const struct mock_login *login = r->connection->login;
    uint64_t now = mock_broker_now_ms(r->connection->broker);
    return login->expires &&
           (login->last_again_ms == 0 || now - login->last_again_ms >= AGAIN_AFTER_MS);
}

static bool is_expired(const struct mock_request *r) {
    const struct mock_login *login = r->connection->login;
    return login->expires && mock_broker_now_ms(r->connection->broker) > login->expires_ms;
}

static void end(struct mock_request *r, const char *why) {
    deny(r, why);
    mock_request_fail(r, why);
}

bool mock_login_admits(struct mock_request *r) {
    const struct mock_login *login = r->connection->login;
    int16_t api = r->header.api_key;
    char why[128];
    if (!login) {
        return true;
    }
    switch (login->state) {
    case LOGIN_BEGINS:
    case LOGIN_HANDSHAKE:
        if (api == MOCK_API_SASL_HANDSHAKE ||
            (api == MOCK_API_API_VERSIONS && login->state == LOGIN_BEGINS)) {
            return true;
        }
        (void)snprintf(why, sizeof(why), "unexpected %s before the login", mock_api_to_str(api));
        end(r, why);
        return false;
    case LOGIN_OTHER_MECHANISM:
        end(r, "another SASL mechanism is not supported for re-authentication");
        return false;
    case LOGIN_TOKENS:
        return true; /* what is no token is refused once it is decoded */
    case LOGIN_DONE:
        break;
    }
    if (is_expired(r) && !(api == MOCK_API_SASL_HANDSHAKE && may_begin_again(r))) {
        end(r, "the login has expired");
        return false;
    }
    return true;
}

bool mock_login_refuses(struct mock_request *r) {
    const struct mock_login *login = r->connection->login;
    if (!login || login->state != LOGIN_TOKENS || r->header.api_key == MOCK_API_SASL_AUTHENTICATE) {
        return false;
    }
    char why[128];
    (void)snprintf(why, sizeof(why), "unexpected %s during the login",
                   mock_api_to_str(r->header.api_key));
    deny(r, why);
    r->last = true;
    mock_request_refuse(r, MOCK_ERROR_ILLEGAL_SASL_STATE);
    return true;
}

void mock_login_versions_told(struct mock_connection *c) {
    if (c->login && c->login->state == LOGIN_BEGINS) {
        c->login->state = LOGIN_HANDSHAKE;
    }
}

/* -- SaslHandshake -- */

int mock_sasl_handshake_decode(struct mock_request *r, struct base_reader *body) {
    return mock_sasl_handshake_request_decode(body, r->header.api_version, &r->arena,
                                              &r->u.sasl_handshake);
}

static void encode_handshake(struct mock_request *r, int16_t error, uint32_t mechanisms) {
    struct base_slice names[MOCK_SASL_MECHANISM_COUNT];
    struct mock_sasl_handshake_response response = {.error_code = error, .mechanisms = names};
    for (int i = 0; i < MOCK_SASL_MECHANISM_COUNT; i++) {
        if (mechanisms & (1u << i)) {
            names[response.mechanism_count++] =
                base_slice_str(mock_sasl_mechanism_to_str((enum mock_sasl_mechanism)(1u << i)));
        }
    }
    mock_sasl_handshake_response_encode(mock_request_answer(r), r->header.api_version, &response);
}

void mock_sasl_handshake_refuse(struct mock_request *r, int16_t error) {
    encode_handshake(r, error, 0);
}

static void begin_tokens(struct mock_request *r, enum mock_sasl_mechanism mechanism) {
    struct mock_login *login = r->connection->login;
    if (login->again && mechanism != login->mechanism) {
        login->state = LOGIN_OTHER_MECHANISM;
        return;
    }
    login->mechanism = mechanism;
    login->bare = r->header.api_version == 0;
    login->state = LOGIN_TOKENS;
    drop_exchange(login);
    mock_sasl_init(&login->sasl, mechanism, &r->connection->broker->users);
    login->has_sasl = true;
}

void mock_sasl_handshake_apply(struct mock_request *r) {
    struct mock_login *login = r->connection->login;
    uint32_t enabled = r->connection->broker->settings.sasl_mechanisms;
    int16_t error = MOCK_ERROR_NONE;
    if (!login || (login->state == LOGIN_DONE && !may_begin_again(r))) {
        encode_handshake(r, MOCK_ERROR_ILLEGAL_SASL_STATE, 0);
        mock_request_answered(r, MOCK_ERROR_ILLEGAL_SASL_STATE);
        return;
    }
    if (login->state == LOGIN_DONE) {
        login->again = true;
        login->last_again_ms = mock_broker_now_ms(r->connection->broker);
    }
    char name[32];
    struct base_slice asked = r->u.sasl_handshake.mechanism;
    (void)snprintf(name, sizeof(name), "%.*s", (int)asked.len, (const char *)asked.data);
    enum mock_sasl_mechanism mechanism;
    if (mock_sasl_mechanism_find(name, &mechanism) && (enabled & mechanism)) {
        begin_tokens(r, mechanism);
    } else {
        char why[96];
        (void)snprintf(why, sizeof(why), "Unsupported SASL mechanism %s", name);
        deny(r, why);
        error = MOCK_ERROR_UNSUPPORTED_SASL_MECHANISM;
        r->last = true;
    }
    encode_handshake(r, error, enabled);
    mock_request_answered(r, error);
}

/* -- SaslAuthenticate, and bare tokens -- */

int mock_sasl_authenticate_decode(struct mock_request *r, struct base_reader *body) {
    if (r->bare) {
        r->u.sasl_authenticate.token = base_read_rest(body);
        return 0;
    }
    return mock_sasl_authenticate_request_decode(body, r->header.api_version, &r->arena,
                                                 &r->u.sasl_authenticate);
}

static void encode_token(struct mock_request *r, int16_t error, const char *message,
                         struct base_slice token, int64_t lifetime_ms) {
    struct base_builder *b = mock_request_answer(r);
    if (r->bare) {
        base_put_slice(b, token);
        return;
    }
    struct mock_sasl_authenticate_response response = {
        .error_code = error,
        .error_message = base_slice_str(message ? message : ""),
        .token = token,
        .session_lifetime_ms = lifetime_ms,
    };
    mock_sasl_authenticate_response_encode(b, r->header.api_version, &response);
}

void mock_sasl_authenticate_refuse(struct mock_request *r, int16_t error) {
    encode_token(r, error, NULL, base_slice_str(""), 0);
}

static void fail(struct mock_request *r, const char *why) {
    deny(r, why);
    if (r->bare) {
        mock_request_fail(r, "login failed"); /* there is no place for an error */
        return;
    }
    r->last = true;
    encode_token(r, MOCK_ERROR_SASL_AUTHENTICATION_FAILED, why, base_slice_str(""), 0);
    mock_request_answered(r, MOCK_ERROR_SASL_AUTHENTICATION_FAILED);
}

/* How long the login holds: as the token says, as connections.max.reauth.ms says; 0: for ever. */
static int64_t begin_session(struct mock_connection *c) {
    struct mock_login *login = c->login;
    int64_t most = c->broker->settings.connections_max_reauth_ms;
    int64_t lifetime = most;
    login->expires = most > 0;
    if (login->sasl.expires_ms >= 0) {
        int64_t left = login->sasl.expires_ms - base_clock_wall_ms();
        lifetime = most > 0 && most < left ? most : left;
        lifetime = lifetime < 0 ? 0 : lifetime;
        login->expires = true;
    }
    if (login->expires) {
        login->expires_ms = mock_broker_now_ms(c->broker) + (uint64_t)lifetime;
    }
    return lifetime;
}

static void succeed(struct mock_request *r, struct base_slice token) {
    struct mock_connection *c = r->connection;
    struct mock_login *login = c->login;
    if (login->again && c->principal &&
        !base_slice_equal_str(base_slice_str(login->sasl.principal), c->principal)) {
        char why[256];
        (void)snprintf(why, sizeof(why),
                       "Cannot change principals during re-authentication from User.%s: User.%s",
                       c->principal + sizeof("User:") - 1,
                       login->sasl.principal + sizeof("User:") - 1);
        fail(r, why);
        return;
    }
    base_free(c->principal);
    c->principal = login->sasl.principal;
    login->sasl.principal = NULL;
    login->state = LOGIN_DONE;
    c->splitter.max_frame_bytes = (size_t)c->broker->settings.socket_request_max_bytes;
    int64_t lifetime_ms = begin_session(c);
    encode_token(r, MOCK_ERROR_NONE, NULL, token, lifetime_ms);
    mock_request_answered(r, MOCK_ERROR_NONE);
}

static void take(struct mock_request *r, struct base_builder *answer) {
    struct mock_login *login = r->connection->login;
    char why[160];
    switch (
        mock_sasl_take(&login->sasl, r->u.sasl_authenticate.token, base_clock_wall_ms(), answer)) {
    case MOCK_SASL_GOES_ON:
        encode_token(r, MOCK_ERROR_NONE, NULL, base_builder_slice(answer), 0);
        mock_request_answered(r, MOCK_ERROR_NONE);
        return;
    case MOCK_SASL_DONE:
        succeed(r, base_builder_slice(answer));
        return;
    case MOCK_SASL_FAILED:
        /* Kafka says no more, so that nobody learns which users there are. */
        (void)snprintf(why, sizeof(why),
                       "Authentication failed during %s due to invalid credentials with SASL "
                       "mechanism %s",
                       word(login), mock_sasl_mechanism_to_str(login->mechanism));
        fail(r, login->sasl.error.text[0] ? login->sasl.error.text : why);
        return;
    case MOCK_SASL_BROKEN:
        break;
    }
    end(r, "login broken off");
}

void mock_sasl_authenticate_apply(struct mock_request *r) {
    if (!mock_login_is_pending(r->connection)) {
        encode_token(r, MOCK_ERROR_ILLEGAL_SASL_STATE,
                     "SaslAuthenticate request received after successful authentication",
                     base_slice_str(""), 0);
        mock_request_answered(r, MOCK_ERROR_ILLEGAL_SASL_STATE);
        return;
    }
    struct base_builder answer;
    base_builder_init(&answer, BASE_MAX_LOGIN_FRAME_BYTES);
    take(r, &answer);
    base_builder_clean_up(&answer);
}

/* -- users -- */

int mock_principal_add(struct mock_broker *broker, const struct mock_principal_options *options,
                       struct base_error *err) {
    return mock_users_add(&broker->users, base_slice_str(options->name ? options->name : ""),
                          base_slice_str(options->password ? options->password : ""),
                          options->mechanisms, options->iterations, err);
}
