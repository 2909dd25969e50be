/*
 * The server's side of SCRAM: the client's two messages and the answers to them, as Kafka's
 * ScramSaslServer and ScramMessages read and write them.
 *
 *   client-first  n,[a=authzid],[m=…,]n=user,r=nonce[,extensions]
 *   server-first  r=nonce nonce2,s=salt,i=iterations
 *   client-final  c=channel binding,r=nonce nonce2[,extensions],p=proof
 *   server-final  v=signature
 */
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "mock/security/sasl.h"

#define NONCE_BYTES 20
/* Of a message; Kafka's limit is that of a frame before the login. */
#define MAX_MESSAGE_BYTES (16u * 1024u)

struct mock_scram_server {
    char *name;
    struct mock_scram_credential credential;
    struct base_builder auth;  /* client-first-bare, server-first, client-final: what is signed */
    struct base_builder nonce; /* the client's and ours */
};

static enum mock_scram_hash hash_of(const struct mock_sasl *sasl) {
    return sasl->mechanism == MOCK_SASL_SCRAM_SHA_256 ? MOCK_SCRAM_SHA_256 : MOCK_SCRAM_SHA_512;
}

void mock_scram_clean_up(struct mock_sasl *sasl) {
    struct mock_scram_server *server = sasl->scram;
    if (server) {
        base_free(server->name);
        base_builder_clean_up(&server->auth);
        base_builder_clean_up(&server->nonce);
        base_free(server);
        sasl->scram = NULL;
    }
}

/* -- the messages' grammar -- */

/* The next attribute, up to a comma or the end; false at the end of the message. */
static bool next_field(struct base_slice *rest, struct base_slice *ret_field) {
    if (!rest->data) {
        return false;
    }
    const uint8_t *comma = rest->len > 0 ? memchr(rest->data, ',', rest->len) : NULL;
    size_t len = comma ? (size_t)(comma - rest->data) : rest->len;
    *ret_field = base_slice_of(rest->data, len);
    *rest = comma ? base_slice_of(comma + 1, rest->len - len - 1) : BASE_SLICE_NULL;
    return true;
}

static bool is_attribute(struct base_slice field, char name, struct base_slice *ret_value) {
    if (field.len < 3 || field.data[0] != (uint8_t)name || field.data[1] != '=') {
        return false;
    }
    *ret_value = base_slice_of(field.data + 2, field.len - 2);
    return true;
}

static bool is_between(struct base_slice s, uint8_t low, uint8_t high) {
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] < low || s.data[i] > high) {
            return false;
        }
    }
    return s.len > 0;
}

/* ALPHA "=" VALUE */
static bool is_extension(struct base_slice field) {
    size_t at = 0;
    while (at < field.len && ((field.data[at] >= 'a' && field.data[at] <= 'z') ||
                              (field.data[at] >= 'A' && field.data[at] <= 'Z'))) {
        at++;
    }
    return at > 0 && at + 1 < field.len && field.data[at] == '=' &&
           is_between(base_slice_of(field.data + at + 1, field.len - at - 1), 0x01, 0x7f);
}

static bool is_saslname(struct base_slice s) {
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '=') {
            if (s.len - i < 3 ||
                (memcmp(s.data + i, "=2C", 3) != 0 && memcmp(s.data + i, "=3D", 3) != 0)) {
                return false;
            }
            i += 2;
        }
    }
    return is_between(s, 0x01, 0x7f);
}

/* =2C is a comma, =3D an equals sign. */
static char *name_of(struct base_slice s, size_t *ret_len) {
    char *name = base_alloc(s.len + 1);
    size_t len = 0;
    for (size_t i = 0; name && i < s.len; i++) {
        if (s.data[i] == '=') {
            name[len++] = s.data[i + 1] == '2' ? ',' : '=';
            i += 2;
        } else {
            name[len++] = (char)s.data[i];
        }
    }
    if (name) {
        name[len] = 0;
        *ret_len = len;
    }
    return name;
}

struct client_first {
    struct base_slice authorization; /* as written; null: none */
    struct base_slice name;          /* as written */
    struct base_slice nonce;
    struct base_slice extensions; /* all of them with their commas; empty */
    bool by_token;                /* the extension tokenauth=true */
};

static bool read_extensions(struct base_slice rest, struct client_first *m) {
    struct base_slice field;
    while (next_field(&rest, &field)) {
        if (!is_extension(field)) {
            return false;
        }
        m->by_token = m->by_token || base_slice_equal_str(field, "tokenauth=true");
    }
    return true;
}

static bool read_first(struct base_slice message, struct client_first *m) {
    struct base_slice rest = message, field, value;
    if (!next_field(&rest, &field) || !base_slice_equal_str(field, "n") ||
        !next_field(&rest, &field)) {
        return false;
    }
    if (field.len > 0 &&
        (!is_attribute(field, 'a', &m->authorization) || !is_saslname(m->authorization))) {
        return false;
    }
    if (!next_field(&rest, &field)) {
        return false;
    }
    if (is_attribute(field, 'm', &value)) {
        if (!is_between(value, 0x01, 0x7f) || !next_field(&rest, &field)) {
            return false;
        }
    }
    if (!is_attribute(field, 'n', &m->name) || !is_saslname(m->name) ||
        !next_field(&rest, &field) || !is_attribute(field, 'r', &m->nonce) ||
        !is_between(m->nonce, 0x21, 0x7e)) {
        return false;
    }
    m->extensions = rest;
    return read_extensions(rest, m);
}

struct client_final {
    struct base_slice binding; /* in base64 */
    struct base_slice nonce;
    struct base_slice proof; /* in base64 */
};

static bool read_final(struct base_slice message, struct client_final *m) {
    struct base_slice rest = message, field, after;
    if (!next_field(&rest, &field) || !is_attribute(field, 'c', &m->binding) ||
        !next_field(&rest, &field) || !is_attribute(field, 'r', &m->nonce) ||
        !is_between(m->nonce, 0x21, 0x7e) || !next_field(&rest, &field)) {
        return false;
    }
    while (next_field(&rest, &after)) {
        if (!is_extension(field)) {
            return false;
        }
        field = after;
    }
    return is_attribute(field, 'p', &m->proof);
}

/* -- client-first -- */

static enum mock_sasl_step failed(struct mock_sasl *sasl, const char *why) {
    base_fail(&sasl->error, BASE_USAGE, "%s", why);
    return MOCK_SASL_FAILED;
}

static int put_server_first(struct mock_scram_server *server, const struct client_first *m,
                            struct base_builder *answer) {
    uint8_t random[NONCE_BYTES];
    if (mock_scram_random(random, sizeof(random)) < 0) {
        return BASE_NO_MEMORY;
    }
    base_put_slice(&server->nonce, m->nonce);
    base_put_hex(&server->nonce, base_slice_of(random, sizeof(random)));
    base_put_str(&server->auth, "n=");
    base_put_slice(&server->auth, m->name);
    base_put_str(&server->auth, ",r=");
    base_put_slice(&server->auth, m->nonce);
    if (m->extensions.len > 0) {
        base_put_str(&server->auth, ",");
        base_put_slice(&server->auth, m->extensions);
    }
    base_put_str(&server->auth, ",");
    size_t from = server->auth.len;
    base_put_str(&server->auth, "r=");
    base_put_slice(&server->auth, base_builder_slice(&server->nonce));
    base_put_str(&server->auth, ",s=");
    base_put_base64(&server->auth,
                    base_slice_of(server->credential.salt, server->credential.salt_len));
    base_put_format(&server->auth, ",i=%d", (int)server->credential.iterations);
    if (!base_builder_ok(&server->nonce) || !base_builder_ok(&server->auth)) {
        return BASE_NO_MEMORY;
    }
    base_put_bytes(answer, server->auth.data + from, server->auth.len - from);
    return 0;
}

static enum mock_sasl_step take_first(struct mock_sasl *sasl, struct base_slice token,
                                      struct base_builder *answer) {
    struct client_first m = {0};
    if (token.len > MAX_MESSAGE_BYTES || !read_first(token, &m) || m.by_token) {
        return MOCK_SASL_FAILED; /* we give no delegation tokens */
    }
    struct mock_scram_server *server = base_alloc_zero(sizeof(*server));
    if (!server) {
        return MOCK_SASL_BROKEN;
    }
    sasl->scram = server;
    base_builder_init(&server->auth, 4 * MAX_MESSAGE_BYTES);
    base_builder_init(&server->nonce, 2 * MAX_MESSAGE_BYTES);
    size_t len = 0;
    server->name = name_of(m.name, &len);
    if (!server->name) {
        return MOCK_SASL_BROKEN;
    }
    struct base_slice name = base_slice_of(server->name, len);
    const struct mock_scram_credential *credential =
        mock_users_credential(sasl->users, name, hash_of(sasl));
    if (!credential) {
        return MOCK_SASL_FAILED;
    }
    /* Kafka compares it as it is written, with =2C for a comma. */
    if (m.authorization.data && !base_slice_equal(m.authorization, name)) {
        return failed(sasl, "Authentication failed: Client requested an authorization id that is "
                            "different from username");
    }
    server->credential = *credential;
    return put_server_first(server, &m, answer) < 0 ? MOCK_SASL_BROKEN : MOCK_SASL_GOES_ON;
}

/* -- client-final -- */

/* Adds what the proof is of; false if the channel binding is no base64. */
static bool put_client_final(struct mock_scram_server *server, const struct client_final *m) {
    struct base_builder binding;
    base_builder_init(&binding, MAX_MESSAGE_BYTES);
    bool good = base_put_base64_decoded(&binding, m->binding);
    base_builder_clean_up(&binding);
    base_put_str(&server->auth, ",c=");
    base_put_slice(&server->auth, m->binding);
    base_put_str(&server->auth, ",r=");
    base_put_slice(&server->auth, m->nonce);
    return good;
}

static enum mock_sasl_step check_proof(struct mock_sasl *sasl, struct base_slice proof,
                                       struct base_builder *answer) {
    struct mock_scram_server *server = sasl->scram;
    enum mock_scram_hash hash = hash_of(sasl);
    size_t len = mock_scram_hash_bytes(hash);
    if (proof.len != len) {
        return MOCK_SASL_BROKEN; /* ScramFormatter.xor throws */
    }
    struct base_slice auth = base_builder_slice(&server->auth);
    if (!mock_scram_proof_holds(hash, &server->credential, auth, proof.data)) {
        return MOCK_SASL_FAILED;
    }
    uint8_t signature[MOCK_SCRAM_MAX_HASH_BYTES];
    if (mock_scram_sign(hash, &server->credential, auth, signature) < 0) {
        return MOCK_SASL_BROKEN;
    }
    base_put_str(answer, "v=");
    base_put_base64(answer, base_slice_of(signature, len));
    return mock_sasl_finish(sasl, base_slice_str(server->name));
}

static enum mock_sasl_step take_final(struct mock_sasl *sasl, struct base_slice token,
                                      struct base_builder *answer) {
    struct mock_scram_server *server = sasl->scram;
    struct client_final m = {0};
    if (token.len > MAX_MESSAGE_BYTES || !read_final(token, &m) || !put_client_final(server, &m) ||
        !base_slice_equal(m.nonce, base_builder_slice(&server->nonce))) {
        return MOCK_SASL_FAILED;
    }
    if (!base_builder_ok(&server->auth)) {
        return MOCK_SASL_BROKEN;
    }
    struct base_builder proof;
    base_builder_init(&proof, MAX_MESSAGE_BYTES);
    enum mock_sasl_step step = MOCK_SASL_FAILED;
    if (base_put_base64_decoded(&proof, m.proof)) {
        step = check_proof(sasl, base_builder_slice(&proof), answer);
    }
    base_builder_clean_up(&proof);
    return step;
}

enum mock_sasl_step mock_scram_take(struct mock_sasl *sasl, struct base_slice token,
                                    struct base_builder *answer) {
    return sasl->scram ? take_final(sasl, token, answer) : take_first(sasl, token, answer);
}
