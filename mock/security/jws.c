/* Unsecured JSON web tokens: see jws.h. */
#include "mock/security/jws.h"

#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/builder.h"
#include "base/memory.h"
#include "base/text.h"

#define MAX_TOKEN_BYTES (64u * 1024u)

/* Base64 with or without its padding, in the alphabet of URLs or in the other one. */
static bool decode(struct base_slice text, struct base_builder *out) {
    struct base_builder padded;
    base_builder_init(&padded, 2 * MAX_TOKEN_BYTES);
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        base_put_u8(&padded, c == '-' ? '+' : c == '_' ? '/' : c);
    }
    while (padded.len % 4 != 0 && base_builder_ok(&padded)) {
        base_put_u8(&padded, '=');
    }
    bool good = base_builder_ok(&padded) && text.len > 0 &&
                base_put_base64_decoded(out, base_builder_slice(&padded));
    base_builder_clean_up(&padded);
    return good;
}

static json_t *object_of(struct base_slice text) {
    struct base_builder bytes;
    base_builder_init(&bytes, MAX_TOKEN_BYTES);
    json_t *json = decode(text, &bytes)
                       ? json_loadb((const char *)bytes.data, bytes.len, JSON_DECODE_ANY, NULL)
                       : NULL;
    base_builder_clean_up(&bytes);
    return json;
}

/* What Jackson's asText says; NULL for a number, which is no text. */
static const char *text_of(const json_t *value) {
    if (json_is_string(value)) {
        return json_string_value(value);
    }
    return json_is_boolean(value)  ? (json_is_true(value) ? "true" : "false")
           : json_is_null(value)   ? "null"
           : json_is_object(value) ? ""
                                   : NULL;
}

static bool is_blank(const char *text) {
    while (isspace((unsigned char)*text)) {
        text++;
    }
    return !*text;
}

static bool is_trimmed(const char *text, struct base_slice word) {
    size_t len = strlen(text);
    while (len > 0 && isspace((unsigned char)*text)) {
        text++;
        len--;
    }
    while (len > 0 && isspace((unsigned char)text[len - 1])) {
        len--;
    }
    return base_slice_equal(base_slice_of(text, len), word);
}

/* A text is one scope, with its blanks; a list is several. */
static bool has_scope(const json_t *claims, struct base_slice word) {
    const json_t *scope = json_object_get(claims, "scope");
    if (json_is_string(scope)) {
        return is_trimmed(json_string_value(scope), word);
    }
    for (size_t i = 0; i < json_array_size(scope); i++) {
        const char *text = text_of(json_array_get(scope, i));
        if (text && is_trimmed(text, word)) {
            return true;
        }
    }
    return false;
}

static bool has_scopes(const json_t *claims, const char *required) {
    while (*required) {
        size_t len = strcspn(required, " ");
        if (len > 0 && !has_scope(claims, base_slice_of(required, len))) {
            return false;
        }
        required += len + (required[len] == ' ');
    }
    return true;
}

/* The times: exp has to be there and to come, iat may be there and has to be past. */
static bool times_hold(const json_t *claims, int64_t now_ms) {
    const json_t *expires = json_object_get(claims, "exp");
    const json_t *issued = json_object_get(claims, "iat");
    if (!json_is_number(expires) || (issued && !json_is_number(issued))) {
        return false;
    }
    double until = json_number_value(expires);
    if ((double)now_ms >= 1000 * until || fabs(until) > 1e15) {
        return false;
    }
    double from = issued ? json_number_value(issued) : 0;
    return !issued || (1000 * from <= (double)now_ms && until > from);
}

static enum mock_jws_verdict check_claims(const json_t *claims, const char *required_scope,
                                          int64_t now_ms, struct mock_jws *ret_jws) {
    const json_t *value = json_object_get(claims, "sub");
    const char *subject = value ? text_of(value) : NULL;
    if (!subject || is_blank(subject) || !times_hold(claims, now_ms)) {
        return MOCK_JWS_INVALID;
    }
    if (!has_scopes(claims, required_scope)) {
        return MOCK_JWS_SCOPE;
    }
    char *copy = base_strdup(subject);
    if (!copy) {
        return MOCK_JWS_NO_MEMORY;
    }
    double until = json_number_value(json_object_get(claims, "exp"));
    *ret_jws = (struct mock_jws){copy, (int64_t)llround(until * 1000)};
    return MOCK_JWS_GOOD;
}

/* Exactly three parts: header, claims, and a signature that is empty. */
static bool split(struct base_slice token, struct base_slice *ret_header,
                  struct base_slice *ret_claims) {
    const uint8_t *dot = memchr(token.data, '.', token.len);
    size_t first = dot ? (size_t)(dot - token.data) : token.len;
    if (!dot || first == 0) {
        return false;
    }
    size_t left = token.len - first - 1;
    const uint8_t *second = left > 0 ? memchr(dot + 1, '.', left) : NULL;
    if (!second || second == dot + 1 || second + 1 != token.data + token.len) {
        return false;
    }
    *ret_header = base_slice_of(token.data, first);
    *ret_claims = base_slice_of(dot + 1, (size_t)(second - dot - 1));
    return true;
}

enum mock_jws_verdict mock_jws_check(struct base_slice token, const char *required_scope,
                                     int64_t now_ms, struct mock_jws *ret_jws) {
    struct base_slice first, second;
    if (token.len == 0 || token.len > MAX_TOKEN_BYTES || !split(token, &first, &second)) {
        return MOCK_JWS_INVALID;
    }
    json_t *header = object_of(first);
    json_t *claims = object_of(second);
    enum mock_jws_verdict verdict = MOCK_JWS_INVALID;
    const json_t *alg = json_object_get(header, "alg");
    if (header && claims && !alg) {
        verdict = MOCK_JWS_NO_ALG;
    } else if (header && claims && json_is_string(alg) &&
               strcmp(json_string_value(alg), "none") == 0) {
        verdict = check_claims(claims, required_scope, now_ms, ret_jws);
    }
    json_decref(header);
    json_decref(claims);
    return verdict;
}
