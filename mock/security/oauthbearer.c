/*
 * The server's side of OAUTHBEARER (RFC 7628), as Kafka's OAuthBearerSaslServer with its validator
 * of unsecured tokens:
 *
 *   n,[a=authzid],^A auth=Bearer token^A [key=value^A]… ^A
 */
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "mock/security/jws.h"
#include "mock/security/sasl.h"

#define SEPARATOR 1

static bool is_letter(uint8_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_value_byte(uint8_t c) {
    return (c >= 0x20 && c <= 0x7e) || c == '\t' || c == '\r' || c == '\n';
}

static bool is_token_byte(uint8_t c) {
    return is_letter(c) || (c >= '0' && c <= '9') || strchr("-_~+/.", c) != NULL;
}

/* "n," [ "a=" authzid ] "," */
static bool read_header(struct base_slice *rest, struct base_slice *ret_authorization) {
    if (rest->len < 3 || memcmp(rest->data, "n,", 2) != 0) {
        return false;
    }
    struct base_slice s = base_slice_of(rest->data + 2, rest->len - 2);
    const uint8_t *comma = memchr(s.data, ',', s.len);
    if (!comma) {
        return false;
    }
    size_t len = (size_t)(comma - s.data);
    if (len > 0 && (len < 3 || memcmp(s.data, "a=", 2) != 0)) {
        return false;
    }
    *ret_authorization = len > 0 ? base_slice_of(s.data + 2, len - 2) : base_slice_str("");
    for (size_t i = 0; i < ret_authorization->len; i++) {
        uint8_t c = ret_authorization->data[i];
        if (c == 0 || c > 0x7f) {
            return false;
        }
    }
    *rest = base_slice_of(comma + 1, s.len - len - 1);
    return true;
}

static bool read_pair(struct base_slice pair, struct base_slice *auth) {
    size_t key = 0;
    while (key < pair.len && is_letter(pair.data[key])) {
        key++;
    }
    if (key == 0 || key + 1 >= pair.len || pair.data[key] != '=') {
        return false;
    }
    struct base_slice value = base_slice_of(pair.data + key + 1, pair.len - key - 1);
    for (size_t i = 0; i < value.len; i++) {
        if (!is_value_byte(value.data[i])) {
            return false;
        }
    }
    if (key == 4 && memcmp(pair.data, "auth", 4) == 0) {
        *auth = value;
    }
    return true;
}

/* ^A { key=value ^A } ^A; what auth is. */
static bool read_pairs(struct base_slice rest, struct base_slice *ret_auth) {
    if (rest.len < 2 || rest.data[0] != SEPARATOR || rest.data[rest.len - 1] != SEPARATOR) {
        return false;
    }
    const uint8_t *at = rest.data + 1;
    const uint8_t *end = rest.data + rest.len - 1;
    while (at < end) {
        const uint8_t *stop = memchr(at, SEPARATOR, (size_t)(end - at));
        if (!stop || !read_pair(base_slice_of(at, (size_t)(stop - at)), ret_auth)) {
            return false;
        }
        at = stop + 1;
    }
    return !base_slice_is_null(*ret_auth);
}

/* scheme " " token */
static bool read_auth(struct base_slice auth, bool *ret_is_bearer, struct base_slice *ret_token) {
    size_t scheme = 0;
    while (scheme < auth.len && (is_letter(auth.data[scheme]) || auth.data[scheme] == '_' ||
                                 (auth.data[scheme] >= '0' && auth.data[scheme] <= '9'))) {
        scheme++;
    }
    size_t from = scheme;
    while (from < auth.len && auth.data[from] == ' ') {
        from++;
    }
    size_t to = from;
    while (to < auth.len && is_token_byte(auth.data[to])) {
        to++;
    }
    bool any = to > from;
    size_t end = to;
    while (end < auth.len && auth.data[end] == '=') {
        end++;
    }
    if (scheme == 0 || from == scheme || !any || end != auth.len) {
        return false;
    }
    *ret_is_bearer = scheme == 6 && strncasecmp((const char *)auth.data, "bearer", 6) == 0;
    *ret_token = base_slice_of(auth.data + from, end - from);
    return true;
}

/* Kept, to be told again as the reason once the client has taken it. */
static enum mock_sasl_step tell_error(struct mock_sasl *sasl, const char *status,
                                      const char *required, struct base_builder *answer) {
    struct base_builder b;
    base_builder_init(&b, 4096);
    base_put_format(&b, "{\"status\":\"%s\"", status);
    if (required) {
        base_put_str(&b, ", \"scope\":\"[");
        for (const char *at = required; *at; at++) {
            base_put_str(&b, *at == ' ' ? ", " : (const char[]){*at, 0});
        }
        base_put_str(&b, "]\"");
    }
    base_put_str(&b, "}");
    base_put_slice(answer, base_builder_slice(&b));
    base_fail(&sasl->error, BASE_USAGE, "%.*s", (int)b.len, (const char *)b.data);
    bool good = base_builder_ok(&b);
    base_builder_clean_up(&b);
    sasl->told = true;
    return good ? MOCK_SASL_GOES_ON : MOCK_SASL_BROKEN;
}

static enum mock_sasl_step take_token(struct mock_sasl *sasl, struct base_slice token,
                                      struct base_slice authorization, int64_t now_ms,
                                      struct base_builder *answer) {
    struct mock_jws jws = {0};
    switch (mock_jws_check(token, sasl->required_scope, now_ms, &jws)) {
    case MOCK_JWS_GOOD:
        break;
    case MOCK_JWS_SCOPE:
        return tell_error(sasl, "insufficient_scope", sasl->required_scope, answer);
    case MOCK_JWS_INVALID:
        return tell_error(sasl, "invalid_token", NULL, answer);
    default:
        return MOCK_SASL_BROKEN;
    }
    enum mock_sasl_step step = MOCK_SASL_FAILED;
    if (authorization.len > 0 && !base_slice_equal_str(authorization, jws.subject)) {
        base_fail(&sasl->error, BASE_USAGE,
                  "Authentication failed: Client requested an authorization id (%.*s) that is "
                  "different from the token's principal name (%s)",
                  (int)authorization.len, (const char *)authorization.data, jws.subject);
    } else {
        sasl->expires_ms = jws.expires_ms;
        step = mock_sasl_finish(sasl, base_slice_str(jws.subject));
    }
    base_free(jws.subject);
    return step;
}

enum mock_sasl_step mock_oauthbearer_take(struct mock_sasl *sasl, struct base_slice token,
                                          int64_t now_ms, struct base_builder *answer) {
    if (sasl->told && token.len == 1 && token.data[0] == SEPARATOR) {
        return MOCK_SASL_FAILED;
    }
    sasl->told = false;
    sasl->error = (struct base_error)BASE_ERROR_INIT;
    struct base_slice rest = token, authorization, auth = BASE_SLICE_NULL, jws;
    bool is_bearer = false;
    if (!read_header(&rest, &authorization) || !read_pairs(rest, &auth) ||
        !read_auth(auth, &is_bearer, &jws)) {
        return MOCK_SASL_FAILED;
    }
    if (!is_bearer) {
        return MOCK_SASL_BROKEN; /* its message for that throws */
    }
    return take_token(sasl, jws, authorization, now_ms, answer);
}
