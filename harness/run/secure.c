/* Principals, ACLs and logins: see secure.h. */
#include "harness/run/secure.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/memory.h"
#include "harness/run/plan.h"

#define SECURITY_BYTES (1024u * 1024u)
#define CERTIFICATE_NAME_BYTES 256

const char *trial_secure_protocol(const char *word) {
    static const enum mock_security_protocol protocols[] = {
        MOCK_SECURITY_PLAINTEXT, MOCK_SECURITY_SSL, MOCK_SECURITY_SASL_PLAINTEXT,
        MOCK_SECURITY_SASL_SSL};
    for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
        const char *name = mock_security_protocol_to_str(protocols[i]);
        if (strcasecmp(name, word) == 0) {
            return name;
        }
    }
    return word;
}

/* -- rules -- */

/* As the broker calls it: whoever logs in by a certificate is its subject. */
static const char *principal_name(const struct trial_stage *stage, const char *name,
                                  struct base_arena *arena) {
    bool is_subject = stage->security == MOCK_SECURITY_SSL;
    size_t len = strlen(name) + 32;
    char *text = base_arena_alloc(arena, len);
    if (text) {
        (void)snprintf(text, len, "User:%s%s%s", is_subject ? "CN=" : "", name,
                       is_subject ? ",O=ktrial" : "");
    }
    return text;
}

struct rule {
    struct mock_acl_binding binding;
    const struct trial_acl *acl;
};

/* Every operation of the ACL, on one resource. */
static int add_operations(struct trial_stage *stage, struct rule *rule, const char *name,
                          struct base_error *err) {
    int result = 0;
    rule->binding.name = base_slice_str(name);
    for (size_t i = 0; result == 0 && i < rule->acl->operation_count; i++) {
        const char *word = rule->acl->operations[i].text;
        if (!mock_acl_operation_find(word, &rule->binding.operation)) {
            return base_fail(err, BASE_NOT_FOUND, "there is no operation '%s'", word);
        }
        result = mock_acl_add(stage->broker, &rule->binding, err);
    }
    return result;
}

static int add_topics(struct trial_stage *stage, const struct trial_scenario *names,
                      struct rule *rule, struct base_arena *arena, struct base_error *err) {
    struct trial_real_topics topics;
    int result = trial_resolve_topics(names, rule->acl->resource.text, arena, &topics, err);
    bool any = strcmp(rule->acl->resource_kind, "topic") == 0;
    bool privileged = strcmp(rule->acl->resource_kind, "privileged") == 0;
    rule->binding.resource = MOCK_ACL_TOPIC;
    for (size_t i = 0; result == 0 && i < topics.count; i++) {
        if (any || topics.items[i].privileged == privileged) {
            result = add_operations(stage, rule, topics.items[i].name, err);
        }
    }
    return result;
}

static int add_rule(struct trial_stage *stage, const struct trial_scenario *names,
                    struct rule *rule, struct base_arena *arena, struct base_error *err) {
    const struct trial_acl *acl = rule->acl;
    if (strcmp(acl->resource_kind, "group") == 0) {
        rule->binding.resource = MOCK_ACL_GROUP;
        return add_operations(stage, rule, trial_plan_group(names, acl->resource.text), err);
    }
    if (strcmp(acl->resource_kind, "transactional-id") == 0) {
        rule->binding.resource = MOCK_ACL_TRANSACTIONAL_ID;
        return add_operations(stage, rule, acl->resource.text, err);
    }
    if (strcmp(acl->resource_kind, "cluster") == 0) {
        rule->binding.resource = MOCK_ACL_CLUSTER;
        return add_operations(stage, rule, MOCK_ACL_CLUSTER_NAME, err);
    }
    return add_topics(stage, names, rule, arena, err);
}

static int add_acl(struct trial_stage *stage, const struct trial_scenario *names,
                   const struct trial_acl *acl, struct base_error *err) {
    struct base_arena arena;
    base_arena_init(&arena, SECURITY_BYTES);
    const char *principal = principal_name(stage, acl->principal.text, &arena);
    struct rule rule = {
        .acl = acl,
        .binding = {.pattern = MOCK_ACL_LITERAL,
                    .principal = base_slice_str(principal),
                    .host = base_slice_str("*"),
                    .permission = acl->may ? MOCK_ACL_ALLOW : MOCK_ACL_DENY},
    };
    int result = principal ? add_rule(stage, names, &rule, &arena, err)
                           : base_fail(err, BASE_NO_MEMORY, "no memory for an acl");
    base_arena_clean_up(&arena);
    return result ? base_fail_within(err, result, "acl of %s", acl->principal.text) : 0;
}

int trial_secure_add(struct trial_stage *stage, const struct trial_scenario *names,
                     const struct trial_item *item, struct base_error *err) {
    if (item->kind == TRIAL_ITEM_ACL) {
        return add_acl(stage, names, &item->u.acl, err);
    }
    struct mock_principal_options options = {.name = item->u.principal.name.text,
                                             .password = item->u.principal.password};
    int result = mock_principal_add(stage->broker, &options, err);
    return result ? base_fail_within(err, result, "principal %s", options.name) : 0;
}

/* -- files -- */

static const char *file_path(const struct trial_stage *stage, const char *name, const char *ending,
                             struct base_arena *arena) {
    size_t len = strlen(stage->options.directory) + strlen(name) + strlen(ending) + 2;
    char *path = base_arena_alloc(arena, len);
    if (path) {
        (void)snprintf(path, len, "%s/%s%s", stage->options.directory, name, ending);
    }
    return path;
}

/* Only its owner may read it. */
static int write_file(const char *path, const char *text, struct base_error *err) {
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
    size_t len = strlen(text);
    bool good = fd >= 0 && write(fd, text, len) == (ssize_t)len;
    if (fd >= 0) {
        good = close(fd) == 0 && good;
    }
    return good ? 0 : base_fail(err, BASE_IO, "cannot write '%s'", path ? path : "a certificate");
}

int trial_secure_open(struct trial_stage *stage, struct base_error *err) {
    int result = 0;
    for (size_t i = 0; result == 0 && i < stage->bound->item_count; i++) {
        const struct trial_item *item = &stage->bound->items[i];
        if (item->kind == TRIAL_ITEM_PRINCIPAL || item->kind == TRIAL_ITEM_ACL) {
            result = trial_secure_add(stage, stage->bound, item, err);
        }
    }
    if (result != 0 || !mock_security_has_tls(stage->security)) {
        return result;
    }
    const char *certificate = mock_ca_certificate(stage->broker, err);
    stage->ca_path = file_path(stage, "ca", ".pem", &stage->arena);
    return certificate ? write_file(stage->ca_path, certificate, err) : err->code;
}

/* -- logins -- */

static void put(json_t *json, const char *name, const char *value) {
    (void)json_object_set_new(json, name, json_string(value));
}

static const struct trial_principal *find_principal(const struct trial_scenario *scenario,
                                                    const char *name) {
    for (size_t i = 0; name && i < scenario->item_count; i++) {
        const struct trial_item *item = &scenario->items[i];
        if (item->kind == TRIAL_ITEM_PRINCIPAL &&
            strcmp(item->u.principal.name.text, name) == 0) {
            return &item->u.principal;
        }
    }
    return NULL;
}

static const char *mechanism_of(const struct trial_live *live) {
    static const char *const names[] = {"sasl.mechanism", "sasl.mechanisms"};
    for (size_t i = 0; i < 2; i++) {
        const struct trial_setting *setting = trial_find_setting(&live->actor->settings, names[i]);
        if (setting) {
            return trial_atom_str(&setting->value);
        }
    }
    for (uint32_t bit = 1; bit & MOCK_SASL_ALL; bit <<= 1) {
        if (live->stage->mechanisms & bit) {
            return mock_sasl_mechanism_to_str((enum mock_sasl_mechanism)bit);
        }
    }
    return "PLAIN";
}

static void put_login(const struct trial_live *live, const struct trial_principal *principal,
                      json_t *json) {
    const char *mechanism = mechanism_of(live);
    put(json, "sasl.mechanism", mechanism);
    if (strcmp(mechanism, "OAUTHBEARER") == 0) {
        put(json, "enable.sasl.oauthbearer.unsecure.jwt", "true");
        (void)json_object_set_new(json, "sasl.oauthbearer.config",
                                  json_sprintf("principal=%s", principal->name.text));
        return;
    }
    put(json, "sasl.username", principal->name.text);
    put(json, "sasl.password", principal->password);
}

/* A certificate of the principal in two files that are called so. */
static int put_certificate(const struct trial_stage *stage, const char *file, const char *name,
                           json_t *json, struct base_error *err) {
    struct base_arena arena;
    base_arena_init(&arena, SECURITY_BYTES);
    char *certificate = NULL;
    char *key = NULL;
    const char *paths[] = {file_path(stage, file, ".pem", &arena),
                           file_path(stage, file, ".key", &arena)};
    int result = mock_client_certificate(stage->broker, name, &certificate, &key, err);
    result = result ? result : write_file(paths[0], certificate, err);
    result = result ? result : write_file(paths[1], key, err);
    if (result == 0) {
        put(json, "ssl.certificate.location", paths[0]);
        put(json, "ssl.key.location", paths[1]);
    }
    base_free(certificate);
    base_free(key);
    base_arena_clean_up(&arena);
    return result;
}

int trial_secure_settings(const struct trial_live *live, json_t *json, struct base_error *err) {
    const struct trial_stage *stage = live->stage;
    const struct trial_principal *principal =
        find_principal(stage->bound, live->actor->principal.text);
    if (stage->security == MOCK_SECURITY_PLAINTEXT) {
        return 0;
    }
    put(json, "security.protocol", mock_security_protocol_to_str(stage->security));
    if (mock_security_has_tls(stage->security)) {
        put(json, "ssl.ca.location", stage->ca_path);
    }
    if (principal && mock_security_has_sasl(stage->security)) {
        put_login(live, principal, json);
    } else if (principal) {
        return put_certificate(stage, live->name, principal->name.text, json, err);
    }
    return 0;
}

int trial_secure_tell(const struct trial_stage *stage, const struct trial_principal *principal,
                      json_t *json, struct base_error *err) {
    if (stage->security != MOCK_SECURITY_SSL) {
        return 0;
    }
    char file[CERTIFICATE_NAME_BYTES];
    int len = snprintf(file, sizeof(file), "principal-%s", principal->name.text);
    if (len < 0 || (size_t)len >= sizeof(file)) {
        return base_fail(err, BASE_LIMIT, "a principal's name has at most %zu bytes",
                         sizeof(file) - sizeof("principal-"));
    }
    return put_certificate(stage, file, principal->name.text, json, err);
}
