/* One login by SASL, and the mechanism PLAIN: see sasl.h. */
#include "mock/security/sasl.h"

#include <string.h>

#include "base/memory.h"

#define USER "User:"

void mock_sasl_init(struct mock_sasl *sasl, enum mock_sasl_mechanism mechanism,
                    struct mock_users *users) {
    *sasl = (struct mock_sasl){
        .mechanism = mechanism,
        .users = users,
        .required_scope = "",
        .expires_ms = -1,
    };
}

void mock_sasl_clean_up(struct mock_sasl *sasl) {
    mock_scram_clean_up(sasl);
    base_free(sasl->principal);
    sasl->principal = NULL;
}

enum mock_sasl_step mock_sasl_finish(struct mock_sasl *sasl, struct base_slice name) {
    size_t prefix = strlen(USER);
    char *principal = base_alloc(prefix + name.len + 1);
    if (!principal) {
        return MOCK_SASL_BROKEN;
    }
    memcpy(principal, USER, prefix);
    memcpy(principal + prefix, name.data, name.len);
    principal[prefix + name.len] = 0;
    base_free(sasl->principal);
    sasl->principal = principal;
    return MOCK_SASL_DONE;
}

static enum mock_sasl_step fail(struct mock_sasl *sasl, const char *why) {
    base_fail(&sasl->error, BASE_USAGE, "%s", why);
    return MOCK_SASL_FAILED;
}

/* The parts between NULs: at most four, the last one without a NUL behind it. */
static size_t split(struct base_slice message, struct base_slice part[4]) {
    size_t count = 0;
    const uint8_t *at = message.data;
    size_t left = message.len;
    while (count < 4) {
        const uint8_t *nul = left > 0 ? memchr(at, 0, left) : NULL;
        size_t len = nul ? (size_t)(nul - at) : left;
        part[count++] = base_slice_of(at, len);
        if (!nul) {
            break;
        }
        at += len + 1;
        left -= len + 1;
    }
    return count;
}

/* PlainSaslServer, with its texts. */
static enum mock_sasl_step take_plain(struct mock_sasl *sasl, struct base_slice token) {
    struct base_slice part[4];
    size_t count = split(token, part);
    if (count != 3) {
        base_fail(&sasl->error, BASE_USAGE,
                  "Invalid SASL/PLAIN response: expected 3 tokens, got %zu", count);
        return MOCK_SASL_FAILED;
    }
    struct base_slice authorization = part[0], name = part[1], password = part[2];
    if (name.len == 0) {
        return fail(sasl, "Authentication failed: username not specified");
    }
    if (password.len == 0) {
        return fail(sasl, "Authentication failed: password not specified");
    }
    if (!mock_users_login(sasl->users, name, password)) {
        return fail(sasl, "Authentication failed: Invalid username or password");
    }
    if (authorization.len > 0 && !base_slice_equal(authorization, name)) {
        return fail(sasl, "Authentication failed: Client requested an authorization id that is "
                          "different from username");
    }
    return mock_sasl_finish(sasl, name);
}

enum mock_sasl_step mock_sasl_take(struct mock_sasl *sasl, struct base_slice token, int64_t now_ms,
                                   struct base_builder *answer) {
    switch (sasl->mechanism) {
    case MOCK_SASL_PLAIN:
        return take_plain(sasl, token);
    case MOCK_SASL_SCRAM_SHA_256:
    case MOCK_SASL_SCRAM_SHA_512:
        return mock_scram_take(sasl, token, answer);
    default:
        return mock_oauthbearer_take(sasl, token, now_ms, answer);
    }
}
