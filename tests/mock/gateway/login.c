/* Logging in by hand: see login.h. */
#include "login.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "mock/security/scram.h"
#include "mock/wire/sasl_authenticate.h"
#include "mock/wire/sasl_handshake.h"

#define CLIENT_NONCE "fyko+d2lbbFgONRv9qkxdawL"

int login_handshake(struct peer *p, int16_t version, const char *mechanism) {
    struct mock_sasl_handshake_request request = {base_slice_str(mechanism)};
    mock_sasl_handshake_request_encode(peer_request(p, MOCK_API_SASL_HANDSHAKE, version), version,
                                       &request);
    peer_send(p);
    struct base_reader body;
    struct mock_sasl_handshake_response response;
    if (!peer_await(p, &body) ||
        !T_EQUAL_INT(mock_sasl_handshake_response_decode(&body, version, &p->arena, &response),
                     0)) {
        return LOGIN_CLOSED;
    }
    return response.error_code;
}

struct login_answer login_token(struct peer *p, const void *token, size_t len) {
    struct login_answer answer = {.closed = true};
    struct mock_sasl_authenticate_request request = {base_slice_of(token, len)};
    mock_sasl_authenticate_request_encode(peer_request(p, MOCK_API_SASL_AUTHENTICATE, 2), 2,
                                          &request);
    peer_send(p);
    struct base_reader body;
    struct mock_sasl_authenticate_response response;
    if (!peer_await(p, &body) ||
        !T_EQUAL_INT(mock_sasl_authenticate_response_decode(&body, 2, &p->arena, &response), 0)) {
        return answer;
    }
    answer.closed = false;
    answer.error = response.error_code;
    (void)snprintf(answer.message, sizeof(answer.message), "%.*s", (int)response.error_message.len,
                   (const char *)response.error_message.data);
    answer.token_len = response.token.len < sizeof(answer.token) ? response.token.len : 0;
    memcpy(answer.token, response.token.data, answer.token_len);
    answer.lifetime_ms = response.session_lifetime_ms;
    return answer;
}

struct login_answer login_text(struct peer *p, const char *token) {
    return login_token(p, token, strlen(token));
}

struct login_answer login_plain(struct peer *p, const char *user, const char *password) {
    char token[256];
    int len = snprintf(token, sizeof(token), "%c%s%c%s", 0, user, 0, password);
    int error = login_handshake(p, 1, "PLAIN");
    if (error != 0) {
        return (struct login_answer){.closed = error == LOGIN_CLOSED, .error = (int16_t)error};
    }
    return login_token(p, token, (size_t)len);
}

/* -- SCRAM -- */

/* What follows "x=" in a message. */
static struct base_slice field(const struct login_answer *answer, const char *name) {
    struct base_slice rest = base_slice_of(answer->token, answer->token_len);
    while (rest.len >= 2) {
        const uint8_t *comma = memchr(rest.data, ',', rest.len);
        size_t len = comma ? (size_t)(comma - rest.data) : rest.len;
        if (memcmp(rest.data, name, 2) == 0) {
            return base_slice_of(rest.data + 2, len - 2);
        }
        rest = comma ? base_slice_of(comma + 1, rest.len - len - 1) : BASE_SLICE_NULL;
    }
    return base_slice_str("");
}

static struct login_answer prove(struct peer *p, enum mock_scram_hash hash, const char *user,
                                 const char *password, const struct login_answer *first,
                                 bool nonce_twice) {
    struct base_builder salt, final, auth;
    base_builder_init(&salt, 4096);
    base_builder_init(&final, 4096);
    base_builder_init(&auth, 4096);
    struct base_slice nonce = field(first, "r=");
    T_TRUE(base_put_base64_decoded(&salt, field(first, "s=")));
    char iterations[16];
    struct base_slice i = field(first, "i=");
    (void)snprintf(iterations, sizeof(iterations), "%.*s", (int)i.len, (const char *)i.data);
    base_put_format(&final, "c=biws,r=%s%.*s", nonce_twice ? CLIENT_NONCE : "", (int)nonce.len,
                    (const char *)nonce.data);
    base_put_format(&auth, "n=%s,r=" CLIENT_NONCE ",%.*s,%.*s", user, (int)first->token_len,
                    (const char *)first->token, (int) final.len, (const char *) final.data);
    uint8_t salted[MOCK_SCRAM_MAX_HASH_BYTES], proof[MOCK_SCRAM_MAX_HASH_BYTES];
    T_EQUAL_INT(mock_scram_salt_password(hash, base_slice_str(password), base_builder_slice(&salt),
                                         (int32_t)strtol(iterations, NULL, 10), salted),
                0);
    T_EQUAL_INT(mock_scram_prove(hash, salted, base_builder_slice(&auth), proof), 0);
    base_put_str(&final, ",p=");
    base_put_base64(&final, base_slice_of(proof, mock_scram_hash_bytes(hash)));
    struct login_answer last = login_token(p, final.data, final.len);
    if (!last.closed && !last.error) { /* the broker shows that it knows the password, too */
        struct mock_scram_credential credential;
        uint8_t signature[MOCK_SCRAM_MAX_HASH_BYTES];
        struct base_builder told;
        base_builder_init(&told, 4096);
        T_EQUAL_INT(mock_scram_derive(hash, salted, &credential), 0);
        T_EQUAL_INT(mock_scram_sign(hash, &credential, base_builder_slice(&auth), signature), 0);
        T_TRUE(base_put_base64_decoded(&told, field(&last, "v=")));
        T_EQUAL_BYTES(told.data, told.len, signature, mock_scram_hash_bytes(hash));
        base_builder_clean_up(&told);
    }
    base_builder_clean_up(&salt);
    base_builder_clean_up(&final);
    base_builder_clean_up(&auth);
    return last;
}

struct login_answer login_scram(struct peer *p, enum mock_sasl_mechanism mechanism,
                                const char *user, const char *password, bool nonce_twice) {
    char token[256];
    int error = login_handshake(p, 1, mock_sasl_mechanism_to_str(mechanism));
    if (error != 0) {
        return (struct login_answer){.closed = error == LOGIN_CLOSED, .error = (int16_t)error};
    }
    (void)snprintf(token, sizeof(token), "n,,n=%s,r=" CLIENT_NONCE, user);
    struct login_answer first = login_text(p, token);
    if (first.closed || first.error) {
        return first;
    }
    enum mock_scram_hash hash =
        mechanism == MOCK_SASL_SCRAM_SHA_256 ? MOCK_SCRAM_SHA_256 : MOCK_SCRAM_SHA_512;
    return prove(p, hash, user, password, &first, nonce_twice);
}

/* -- OAUTHBEARER -- */

static void put_part(struct base_builder *b, const char *json) {
    base_put_base64(b, base_slice_str(json));
    while (b->len > 0 && b->data[b->len - 1] == '=') {
        b->len--;
    }
    base_put_str(b, ".");
}

/* A token of those claims, alg none. */
static const char *jws(const char *header, const char *claims) {
    static char token[LOGIN_TOKEN_BYTES];
    struct base_builder b;
    base_builder_init(&b, sizeof(token) - 1);
    put_part(&b, header);
    put_part(&b, claims);
    T_TRUE(base_builder_ok(&b));
    (void)snprintf(token, sizeof(token), "%.*s", (int)b.len, (const char *)b.data);
    base_builder_clean_up(&b);
    return token;
}

struct login_answer login_oauthbearer(struct peer *p, const char *claims) {
    char token[LOGIN_TOKEN_BYTES + 32];
    int error = login_handshake(p, 1, "OAUTHBEARER");
    if (error != 0) {
        return (struct login_answer){.closed = error == LOGIN_CLOSED, .error = (int16_t)error};
    }
    (void)snprintf(token, sizeof(token), "n,,\001auth=Bearer %s\001\001",
                   jws("{\"alg\":\"none\"}", claims));
    return login_text(p, token);
}
