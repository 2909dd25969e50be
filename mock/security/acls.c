/* The rules of a cluster, and what they allow: see acls.h. */
#include "mock/security/acls.h"

#include <string.h>

#include "base/limits.h"
#include "base/memory.h"

#define ANYBODY "User:*"
#define ANY_HOST "*"
#define ANY_NAME "*"

/* -- the store -- */

void mock_acls_clean_up(struct mock_acls *acls) {
    for (size_t i = 0; i < acls->count; i++) {
        base_free((void *)(uintptr_t)acls->items[i].name.data);
    }
    base_free(acls->items);
    *acls = (struct mock_acls){0};
}

/* The index of the rule, or count. */
static size_t find(const struct mock_acls *acls, const struct mock_acl_binding *binding) {
    for (size_t i = 0; i < acls->count; i++) {
        if (mock_acl_binding_equal(&acls->items[i], binding)) {
            return i;
        }
    }
    return acls->count;
}

static struct base_slice copy_to(uint8_t **at, struct base_slice s) {
    if (s.len > 0) {
        memcpy(*at, s.data, s.len);
    }
    struct base_slice copy = {*at, s.len};
    *at += s.len;
    return copy;
}

int mock_acls_add(struct mock_acls *acls, const struct mock_acl_binding *binding) {
    if (find(acls, binding) < acls->count) {
        return 0;
    }
    if (acls->count >= BASE_MAX_ACLS) {
        return BASE_LIMIT;
    }
    uint8_t *at = base_alloc(binding->name.len + binding->principal.len + binding->host.len);
    if (!at ||
        base_grow((void **)&acls->items, &acls->cap, acls->count + 1, sizeof(*acls->items)) < 0) {
        base_free(at);
        return BASE_NO_MEMORY;
    }
    struct mock_acl_binding *copy = &acls->items[acls->count++];
    *copy = *binding;
    copy->name = copy_to(&at, binding->name);
    copy->principal = copy_to(&at, binding->principal);
    copy->host = copy_to(&at, binding->host);
    return 0;
}

void mock_acls_remove_at(struct mock_acls *acls, size_t index) {
    base_free((void *)(uintptr_t)acls->items[index].name.data);
    memmove(&acls->items[index], &acls->items[index + 1],
            (acls->count - index - 1) * sizeof(*acls->items));
    acls->count--;
}

/* -- what they allow -- */

static bool covers(const struct mock_acl_binding *rule, const struct mock_acl_question *q) {
    if (rule->resource != q->resource) {
        return false;
    }
    if (rule->pattern == MOCK_ACL_PREFIXED) {
        return rule->name.len <= q->name.len &&
               memcmp(rule->name.data, q->name.data, rule->name.len) == 0;
    }
    return base_slice_equal(rule->name, q->name) || base_slice_equal_str(rule->name, ANY_NAME);
}

static bool is_about(const struct mock_acl_binding *rule, const struct mock_acl_question *q) {
    return (base_slice_equal(rule->principal, q->principal) ||
            base_slice_equal_str(rule->principal, ANYBODY)) &&
           (base_slice_equal(rule->host, q->host) || base_slice_equal_str(rule->host, ANY_HOST));
}

/* Who may READ may DESCRIBE, and so on; but a DENY of READ leaves DESCRIBE as it is. */
static bool implies(const struct mock_acl_binding *rule, enum mock_acl_operation asked) {
    if (rule->operation == MOCK_ACL_ALL || rule->operation == asked) {
        return true;
    }
    if (rule->permission != MOCK_ACL_ALLOW) {
        return false;
    }
    if (asked == MOCK_ACL_DESCRIBE) {
        return rule->operation == MOCK_ACL_READ || rule->operation == MOCK_ACL_WRITE ||
               rule->operation == MOCK_ACL_DELETE || rule->operation == MOCK_ACL_ALTER;
    }
    return asked == MOCK_ACL_DESCRIBE_CONFIGS && rule->operation == MOCK_ACL_ALTER_CONFIGS;
}

bool mock_acls_allow(const struct mock_acls *acls, const char *super_users, bool allow_everyone,
                     const struct mock_acl_question *question) {
    if (mock_super_users_have(super_users, question->principal)) {
        return true;
    }
    bool spoken_of = false;
    bool allowed = false;
    for (size_t i = 0; i < acls->count; i++) {
        const struct mock_acl_binding *rule = &acls->items[i];
        if (!covers(rule, question)) {
            continue;
        }
        spoken_of = true;
        if (!is_about(rule, question) || !implies(rule, question->operation)) {
            continue;
        }
        if (rule->permission == MOCK_ACL_DENY) {
            return false;
        }
        allowed = true;
    }
    return allowed || (!spoken_of && allow_everyone);
}

/* Counts for authorizeByResourceType: no implied operations there. */
static bool counts(const struct mock_acl_binding *rule, const struct mock_acl_question *q) {
    return rule->resource == q->resource && is_about(rule, q) &&
           (rule->operation == q->operation || rule->operation == MOCK_ACL_ALL);
}

static bool is_wildcard(const struct mock_acl_binding *rule) {
    return rule->pattern == MOCK_ACL_LITERAL && base_slice_equal_str(rule->name, ANY_NAME);
}

/* Is everything that the ALLOW speaks of taken away by the DENY? */
static bool dominates(const struct mock_acl_binding *deny, const struct mock_acl_binding *allow) {
    if (deny->pattern == MOCK_ACL_PREFIXED) {
        return deny->name.len <= allow->name.len &&
               memcmp(deny->name.data, allow->name.data, deny->name.len) == 0;
    }
    return allow->pattern == MOCK_ACL_LITERAL && base_slice_equal(deny->name, allow->name);
}

static bool is_dominated(const struct mock_acls *acls, const struct mock_acl_question *q,
                         const struct mock_acl_binding *allow) {
    for (size_t i = 0; i < acls->count; i++) {
        const struct mock_acl_binding *deny = &acls->items[i];
        if (deny->permission == MOCK_ACL_DENY && counts(deny, q) && dominates(deny, allow)) {
            return true;
        }
    }
    return false;
}

bool mock_acls_allow_some(const struct mock_acls *acls, const char *super_users,
                          bool allow_everyone, const struct mock_acl_question *question) {
    /* A name that nobody has: super users, rules for every name, and allow_everyone. */
    struct mock_acl_question any = *question;
    any.name = base_slice_str("hardcode");
    if (mock_acls_allow(acls, super_users, allow_everyone, &any)) {
        return true;
    }
    bool allows_all = false;
    for (size_t i = 0; i < acls->count; i++) {
        const struct mock_acl_binding *rule = &acls->items[i];
        if (!counts(rule, question) || !is_wildcard(rule)) {
            continue;
        }
        if (rule->permission == MOCK_ACL_DENY) {
            return false;
        }
        allows_all = true;
    }
    if (allows_all) {
        return true;
    }
    for (size_t i = 0; i < acls->count; i++) {
        const struct mock_acl_binding *rule = &acls->items[i];
        if (rule->permission == MOCK_ACL_ALLOW && counts(rule, question) &&
            !is_dominated(acls, question, rule)) {
            return true;
        }
    }
    return false;
}
