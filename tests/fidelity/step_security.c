/* The verbs of security: handshake, authenticate, create-acl, describe-acls, delete-acls,
 * scram-users, alter-scram. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fidelity.h"
#include "mock/security/acl.h"
#include "mock/security/scram.h"
#include "mock/wire/alter_user_scram_credentials.h"
#include "mock/wire/api.h"
#include "mock/wire/create_acls.h"
#include "mock/wire/delete_acls.h"
#include "mock/wire/describe_acls.h"
#include "mock/wire/describe_user_scram_credentials.h"
#include "mock/wire/sasl_authenticate.h"
#include "mock/wire/sasl_handshake.h"

/* -- handshake -- */

static void ask_handshake(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                          int16_t version) {
    struct mock_sasl_handshake_request request = {fid_slice(run, step, "mechanism", "PLAIN")};
    mock_sasl_handshake_request_encode(b, version, &request);
}

static void say_handshake(struct fid_run *run, const struct fid_step *step,
                          struct base_reader *body, int16_t version) {
    struct mock_sasl_handshake_response said = {0};
    (void)step;
    if (mock_sasl_handshake_response_decode(body, version, &run->arena, &said) != 0) {
        return;
    }
    fid_say_error(run, "", said.error_code);
    base_put_format(&run->said, "mechanisms=%zu ", said.mechanism_count);
    for (size_t i = 0; i < said.mechanism_count; i++) {
        base_put_format(&run->said, "%.*s ", (int)said.mechanisms[i].len,
                        (const char *)said.mechanisms[i].data);
    }
}

/* -- authenticate: the tokens -- */

static void put_plain(struct fid_run *run, const struct fid_step *step, struct base_builder *b) {
    base_put_str(b, fid_str(run, step, "authz", ""));
    base_put_u8(b, 0);
    base_put_str(b, fid_str(run, step, "user", "alice"));
    base_put_u8(b, 0);
    base_put_str(b, fid_str(run, step, "password", ""));
}

static void put_part(struct base_builder *b, const char *json) {
    base_put_base64(b, base_slice_str(json));
    while (b->len > 0 && b->data[b->len - 1] == '=') {
        b->len--;
    }
    base_put_str(b, ".");
}

/* n,[a=authz],^A auth=Bearer header.claims.^A^A */
static void put_bearer(struct fid_run *run, const struct fid_step *step, struct base_builder *b) {
    char header[128], claims[512];
    const char *authz = fid_str(run, step, "authz", "");
    const char *alg = fid_str(run, step, "alg", "none");
    if (strcmp(alg, "missing") == 0) {
        (void)snprintf(header, sizeof(header), "{}");
    } else {
        (void)snprintf(header, sizeof(header), "{\"alg\":\"%s\"}", alg);
    }
    int len = snprintf(claims, sizeof(claims), "{\"sub\":\"%s\"", fid_str(run, step, "sub", "x"));
    if (strcmp(fid_str(run, step, "exp", "+60000"), "none") != 0) {
        len += snprintf(
            claims + len, sizeof(claims) - (size_t)len, ",\"exp\":%.3f",
            (double)(fid_has(step, "exp") ? fid_num(run, step, "exp", 0) : run->now_ms + 60000) /
                1000);
    }
    if (fid_has(step, "iat")) {
        len += snprintf(claims + len, sizeof(claims) - (size_t)len, ",\"iat\":%.3f",
                        (double)fid_num(run, step, "iat", 0) / 1000);
    }
    (void)snprintf(claims + len, sizeof(claims) - (size_t)len, "}");
    base_put_format(b, "n,%s%s,\001auth=%s ", authz[0] ? "a=" : "", authz,
                    fid_str(run, step, "scheme", "Bearer"));
    put_part(b, header);
    put_part(b, claims);
    base_put_str(b, fid_str(run, step, "signature", ""));
    base_put_str(b, "\001\001");
}

/* What follows the name in a message of the server. */
static struct base_slice field(const char *text, const char *name) {
    const char *at = text;
    while (at && strncmp(at, name, 2) != 0) {
        at = strchr(at, ',');
        at = at ? at + 1 : NULL;
    }
    return at ? base_slice_of(at + 2, strcspn(at + 2, ",")) : base_slice_str("");
}

static const char *nonce_of(struct fid_run *run, const struct fid_step *step) {
    return fid_str(run, step, "nonce", "rOprNGfwEbeRWgbNEkqO");
}

/* The proof over the server's first message, which the step before has told. */
static void put_scram_final(struct fid_run *run, const struct fid_step *step,
                            struct base_builder *b) {
    enum mock_scram_hash hash =
        fid_num(run, step, "scram", 256) == 256 ? MOCK_SCRAM_SHA_256 : MOCK_SCRAM_SHA_512;
    struct base_builder salt, auth;
    uint8_t salted[MOCK_SCRAM_MAX_HASH_BYTES], proof[MOCK_SCRAM_MAX_HASH_BYTES];
    base_builder_init(&salt, 4096);
    base_builder_init(&auth, 8192);
    struct base_slice nonce = field(run->token, "r=");
    base_put_format(b, "c=%s,r=%s%.*s", fid_str(run, step, "binding", "biws"),
                    fid_has(step, "twice") ? nonce_of(run, step) : "", (int)nonce.len,
                    (const char *)nonce.data);
    base_put_format(&auth, "n=%s,r=%s,%s,%.*s", fid_str(run, step, "user", "alice"),
                    nonce_of(run, step), run->token, (int)b->len, (const char *)b->data);
    int32_t iterations = (int32_t)strtol((const char *)field(run->token, "i=").data, NULL, 10);
    if (base_put_base64_decoded(&salt, field(run->token, "s=")) && iterations > 0 &&
        mock_scram_salt_password(hash, fid_slice(run, step, "password", "alice-secret"),
                                 base_builder_slice(&salt), iterations, salted) == 0 &&
        mock_scram_prove(hash, salted, base_builder_slice(&auth), proof) == 0) {
        base_put_str(b, ",p=");
        base_put_base64(
            b, base_slice_of(proof, fid_has(step, "short") ? 8 : mock_scram_hash_bytes(hash)));
    }
    base_builder_clean_up(&salt);
    base_builder_clean_up(&auth);
}

static void put_token(struct fid_run *run, const struct fid_step *step, struct base_builder *b) {
    if (fid_has(step, "hex")) {
        (void)!base_put_hex_decoded(b, fid_slice(run, step, "hex", ""));
    } else if (fid_has(step, "text")) {
        base_put_slice(b, fid_slice(run, step, "text", ""));
    } else if (fid_has(step, "sub")) {
        put_bearer(run, step, b);
    } else if (fid_has(step, "scram") && fid_has(step, "final")) {
        put_scram_final(run, step, b);
    } else if (fid_has(step, "scram")) {
        base_put_format(b, "n,%s,n=%s,r=%s%s", fid_str(run, step, "authz", ""),
                        fid_str(run, step, "user", "alice"), nonce_of(run, step),
                        fid_str(run, step, "extension", ""));
    } else {
        put_plain(run, step, b);
    }
}

static void ask_authenticate(struct fid_run *run, const struct fid_step *step,
                             struct base_builder *b, int16_t version) {
    struct base_builder token;
    base_builder_init(&token, 64 * 1024);
    put_token(run, step, &token);
    struct mock_sasl_authenticate_request request = {base_builder_slice(&token)};
    mock_sasl_authenticate_request_encode(b, version, &request);
    base_builder_clean_up(&token);
}

static void say_authenticate(struct fid_run *run, const struct fid_step *step,
                             struct base_reader *body, int16_t version) {
    struct mock_sasl_authenticate_response said = {0};
    (void)step;
    if (mock_sasl_authenticate_response_decode(body, version, &run->arena, &said) != 0) {
        return;
    }
    fid_say_error(run, "", said.error_code);
    fid_say_text(run, "message", said.error_message);
    (void)snprintf(run->token, sizeof(run->token), "%.*s", (int)said.token.len,
                   (const char *)said.token.data);
    base_put_format(&run->said, "token=%s ",
                    said.token.len == 0                 ? "none"
                    : strncmp(run->token, "v=", 2) == 0 ? "signature"
                    : strncmp(run->token, "r=", 2) == 0 ? "challenge"
                                                        : "other");
    if (run->token[0] == '{') {
        fid_say_text(run, "json", said.token);
    }
    base_put_format(&run->said, "lifetime=%s ",
                    said.session_lifetime_ms == 0                                       ? "0"
                    : said.session_lifetime_ms > 0 && said.session_lifetime_ms <= 60000 ? "minute"
                                                                                        : "long");
}

/* -- ACLs -- */

static int8_t number_of(struct fid_run *run, const struct fid_step *step, const char *name,
                        const char *def) {
    static const struct {
        const char *word;
        int8_t number;
    } words[] = {{"any", 1},      {"match", 2}, {"literal", 3},
                 {"prefixed", 4}, {"deny", 2},  {"allow", 3}};
    const char *word = fid_str(run, step, name, def);
    enum mock_acl_operation operation;
    enum mock_acl_resource resource;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(words[i].word, word) == 0) {
            return words[i].number;
        }
    }
    if (strcmp(name, "operation") == 0 && mock_acl_operation_find(word, &operation)) {
        return (int8_t)operation;
    }
    if (strcmp(name, "resource") == 0 && mock_acl_resource_find(word, &resource)) {
        return (int8_t)resource;
    }
    return (int8_t)strtol(word, NULL, 10);
}

static void ask_create_acl(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                           int16_t version) {
    struct mock_acl_rule creation = {
        .resource_type = number_of(run, step, "resource", "topic"),
        .resource_name = fid_slice(run, step, "name", "$t"),
        .pattern_type = number_of(run, step, "pattern", "literal"),
        .principal = fid_slice(run, step, "principal", "User:$t"),
        .host = fid_slice(run, step, "host", "*"),
        .operation = number_of(run, step, "operation", "read"),
        .permission = number_of(run, step, "permission", "allow"),
    };
    struct mock_create_acls_request request = {&creation, 1};
    mock_create_acls_request_encode(b, version, &request);
}

static void say_create_acl(struct fid_run *run, const struct fid_step *step,
                           struct base_reader *body, int16_t version) {
    struct mock_create_acls_response said = {0};
    (void)step;
    if (mock_create_acls_response_decode(body, version, &run->arena, &said) != 0) {
        return;
    }
    for (size_t i = 0; i < said.result_count; i++) {
        fid_say_error(run, "", said.results[i].error_code);
        fid_say_text(run, "message", said.results[i].error_message);
    }
}

static struct mock_acl_rule filter_of(struct fid_run *run, const struct fid_step *step) {
    return (struct mock_acl_rule){
        .resource_type = number_of(run, step, "resource", "any"),
        .resource_name = fid_slice(run, step, "name", "$t"),
        .pattern_type = number_of(run, step, "pattern", "any"),
        .principal = fid_slice(run, step, "principal", "null"),
        .host = fid_slice(run, step, "host", "null"),
        .operation = number_of(run, step, "operation", "any"),
        .permission = number_of(run, step, "permission", "any"),
    };
}

static void say_acl(struct fid_run *run, int8_t resource, int8_t pattern,
                    struct base_slice principal, int8_t operation, int8_t permission) {
    size_t unique = strlen(run->unique);
    bool own = principal.len == unique + 5 && memcmp(principal.data + 5, run->unique, unique) == 0;
    base_put_format(&run->said, "%s:%s:%.*s:%s:%s ",
                    mock_acl_resource_to_str((enum mock_acl_resource)resource),
                    pattern == MOCK_ACL_LITERAL ? "literal" : "prefixed",
                    own ? 6 : (int)principal.len, own ? "User:x" : (const char *)principal.data,
                    mock_acl_operation_to_str((enum mock_acl_operation)operation),
                    permission == MOCK_ACL_ALLOW ? "allow" : "deny");
}

static void ask_describe_acls(struct fid_run *run, const struct fid_step *step,
                              struct base_builder *b, int16_t version) {
    struct mock_describe_acls_request request = {filter_of(run, step)};
    mock_describe_acls_request_encode(b, version, &request);
}

static void say_describe_acls(struct fid_run *run, const struct fid_step *step,
                              struct base_reader *body, int16_t version) {
    struct mock_describe_acls_response said = {0};
    size_t count = 0;
    (void)step;
    if (mock_describe_acls_response_decode(body, version, &run->arena, &said) != 0) {
        return;
    }
    fid_say_error(run, "", said.error_code);
    fid_say_text(run, "message", said.error_message);
    for (size_t i = 0; i < said.resource_count; i++) {
        const struct mock_acl_resource_description *r = &said.resources[i];
        for (size_t k = 0; k < r->acl_count; k++, count++) {
            say_acl(run, r->resource_type, r->pattern_type, r->acls[k].principal,
                    r->acls[k].operation, r->acls[k].permission);
        }
    }
    base_put_format(&run->said, "acls=%zu ", count);
}

static void ask_delete_acls(struct fid_run *run, const struct fid_step *step,
                            struct base_builder *b, int16_t version) {
    struct mock_acl_rule filter = filter_of(run, step);
    struct mock_delete_acls_request request = {&filter, 1};
    mock_delete_acls_request_encode(b, version, &request);
}

static void say_delete_acls(struct fid_run *run, const struct fid_step *step,
                            struct base_reader *body, int16_t version) {
    struct mock_delete_acls_response said = {0};
    (void)step;
    if (mock_delete_acls_response_decode(body, version, &run->arena, &said) != 0) {
        return;
    }
    for (size_t i = 0; i < said.result_count; i++) {
        const struct mock_delete_acls_filter_result *r = &said.results[i];
        fid_say_error(run, "", r->error_code);
        fid_say_text(run, "message", r->error_message);
        base_put_format(&run->said, "acls=%zu ", r->acl_count);
        for (size_t k = 0; k < r->acl_count; k++) {
            const struct mock_acl_rule *rule = &r->acls[k].rule;
            say_acl(run, rule->resource_type, rule->pattern_type, rule->principal, rule->operation,
                    rule->permission);
        }
    }
}

/* -- SCRAM credentials -- */

static void ask_scram_users(struct fid_run *run, const struct fid_step *step,
                            struct base_builder *b, int16_t version) {
    size_t count = 0;
    struct base_slice *names = fid_list(run, step, "users", "$t", &count);
    struct mock_scram_user_name *users = base_arena_alloc_array(&run->arena, count, sizeof(*users));
    for (size_t i = 0; users && i < count; i++) {
        users[i].name = names[i];
    }
    struct mock_describe_user_scram_credentials_request request = {.users = users,
                                                                   .user_count = count};
    mock_describe_user_scram_credentials_request_encode(b, version, &request);
}

static void say_scram_users(struct fid_run *run, const struct fid_step *step,
                            struct base_reader *body, int16_t version) {
    struct mock_describe_user_scram_credentials_response said = {0};
    (void)step;
    if (mock_describe_user_scram_credentials_response_decode(body, version, &run->arena, &said) !=
        0) {
        return;
    }
    fid_say_error(run, "", said.error_code);
    for (size_t i = 0; i < said.result_count; i++) {
        const struct mock_scram_user_description *r = &said.results[i];
        fid_say_error(run, "user:", r->error_code);
        for (size_t k = 0; k < r->credential_count; k++) {
            base_put_format(&run->said, "%d:%d ", r->credentials[k].mechanism,
                            (int)r->credentials[k].iterations);
        }
    }
}

static void ask_alter_scram(struct fid_run *run, const struct fid_step *step,
                            struct base_builder *b, int16_t version) {
    int8_t mechanism = (int8_t)fid_num(run, step, "mechanism", 1);
    enum mock_scram_hash hash = mechanism == 2 ? MOCK_SCRAM_SHA_512 : MOCK_SCRAM_SHA_256;
    int32_t iterations = (int32_t)fid_num(run, step, "iterations", 4096);
    uint8_t salted[MOCK_SCRAM_MAX_HASH_BYTES] = {0};
    struct base_slice salt = base_slice_str("salt-of-a-test");
    struct base_slice name = fid_slice(run, step, "user", "$t");
    (void)!mock_scram_salt_password(hash, fid_slice(run, step, "password", "secret"), salt,
                                    iterations > 0 ? iterations : 1, salted);
    struct mock_scram_deletion deletion = {name, mechanism};
    struct mock_scram_upsertion upsertion = {name, mechanism, iterations, salt,
                                             base_slice_of(salted, mock_scram_hash_bytes(hash))};
    struct mock_alter_user_scram_credentials_request request = {
        &deletion, fid_has(step, "delete") || fid_has(step, "both") ? 1 : 0, &upsertion,
        fid_has(step, "delete") ? 0 : 1};
    mock_alter_user_scram_credentials_request_encode(b, version, &request);
}

static void say_alter_scram(struct fid_run *run, const struct fid_step *step,
                            struct base_reader *body, int16_t version) {
    struct mock_alter_user_scram_credentials_response said = {0};
    (void)step;
    if (mock_alter_user_scram_credentials_response_decode(body, version, &run->arena, &said) != 0) {
        return;
    }
    for (size_t i = 0; i < said.result_count; i++) {
        fid_say_error(run, "", said.results[i].error_code);
        fid_say_text(run, "message", said.results[i].error_message);
    }
}

const struct fid_verb fid_verbs_security[] = {
    {"handshake", MOCK_API_SASL_HANDSHAKE, 1, -1, ask_handshake, say_handshake},
    {"authenticate", MOCK_API_SASL_AUTHENTICATE, 2, -1, ask_authenticate, say_authenticate},
    {"create-acl", MOCK_API_CREATE_ACLS, 3, -1, ask_create_acl, say_create_acl},
    {"describe-acls", MOCK_API_DESCRIBE_ACLS, 3, -1, ask_describe_acls, say_describe_acls},
    {"delete-acls", MOCK_API_DELETE_ACLS, 3, -1, ask_delete_acls, say_delete_acls},
    {"scram-users", MOCK_API_DESCRIBE_USER_SCRAM_CREDENTIALS, 0, -1, ask_scram_users,
     say_scram_users},
    {"alter-scram", MOCK_API_ALTER_USER_SCRAM_CREDENTIALS, 0, -1, ask_alter_scram, say_alter_scram},
    {NULL, -1, 0, 0, NULL, NULL},
};
