/* The words of rules, which rules are legal, and which a filter means: see acl.h and acls.h. */
#include "mock/security/acl.h"

#include <ctype.h>
#include <string.h>

#include "mock/security/acls.h"

static const char *const operations[] = {
    [MOCK_ACL_ANY] = "Any",
    [MOCK_ACL_ALL] = "All",
    [MOCK_ACL_READ] = "Read",
    [MOCK_ACL_WRITE] = "Write",
    [MOCK_ACL_CREATE] = "Create",
    [MOCK_ACL_DELETE] = "Delete",
    [MOCK_ACL_ALTER] = "Alter",
    [MOCK_ACL_DESCRIBE] = "Describe",
    [MOCK_ACL_CLUSTER_ACTION] = "ClusterAction",
    [MOCK_ACL_DESCRIBE_CONFIGS] = "DescribeConfigs",
    [MOCK_ACL_ALTER_CONFIGS] = "AlterConfigs",
    [MOCK_ACL_IDEMPOTENT_WRITE] = "IdempotentWrite",
    [MOCK_ACL_CREATE_TOKENS] = "CreateTokens",
    [MOCK_ACL_DESCRIBE_TOKENS] = "DescribeTokens",
    [MOCK_ACL_TWO_PHASE_COMMIT] = "TwoPhaseCommit",
};
#define OPERATION_COUNT (sizeof(operations) / sizeof(operations[0]))

static const char *const resources[] = {
    [MOCK_ACL_ANY_RESOURCE] = "Any",
    [MOCK_ACL_TOPIC] = "Topic",
    [MOCK_ACL_GROUP] = "Group",
    [MOCK_ACL_CLUSTER] = "Cluster",
    [MOCK_ACL_TRANSACTIONAL_ID] = "TransactionalId",
    [MOCK_ACL_DELEGATION_TOKEN] = "DelegationToken",
    [MOCK_ACL_USER] = "User",
};
#define RESOURCE_COUNT (sizeof(resources) / sizeof(resources[0]))

/* -- words -- */

const char *mock_acl_operation_to_str(enum mock_acl_operation operation) {
    bool known = operation >= MOCK_ACL_ANY && (size_t)operation < OPERATION_COUNT;
    return known ? operations[operation] : "Unknown";
}

const char *mock_acl_resource_to_str(enum mock_acl_resource resource) {
    bool known = resource >= MOCK_ACL_ANY_RESOURCE && (size_t)resource < RESOURCE_COUNT;
    return known ? resources[resource] : "Unknown";
}

/* Without regard to case, dashes and underscores. */
static bool is_word(const char *name, const char *word) {
    for (; *word; word++) {
        if (*word == '-' || *word == '_') {
            continue;
        }
        if (tolower((unsigned char)*name) != tolower((unsigned char)*word)) {
            return false;
        }
        name++;
    }
    return !*name;
}

static size_t find_word(const char *const *names, size_t first, size_t count, const char *word) {
    for (size_t i = first; i < count; i++) {
        if (is_word(names[i], word)) {
            return i;
        }
    }
    return 0;
}

bool mock_acl_operation_find(const char *word, enum mock_acl_operation *ret_operation) {
    size_t i = find_word(operations, MOCK_ACL_ALL, OPERATION_COUNT, word);
    if (i) {
        *ret_operation = (enum mock_acl_operation)i;
    }
    return i > 0;
}

bool mock_acl_resource_find(const char *word, enum mock_acl_resource *ret_resource) {
    size_t i = find_word(resources, MOCK_ACL_TOPIC, RESOURCE_COUNT, word);
    if (i) {
        *ret_resource = (enum mock_acl_resource)i;
    }
    return i > 0;
}

/* -- principals -- */

/* "Type:name" with both. */
static bool is_legal_principal(struct base_slice principal) {
    const uint8_t *colon = principal.len > 0 ? memchr(principal.data, ':', principal.len) : NULL;
    return colon && colon > principal.data && colon + 1 < principal.data + principal.len;
}

/* The next name of super.users from *at on, without the blanks around it; false at the end. */
static bool next_user(const char **at, struct base_slice *ret_user) {
    while (**at) {
        size_t len = strcspn(*at, ";");
        const char *from = *at;
        const char *to = from + len;
        *at = *to ? to + 1 : to;
        while (from < to && isspace((unsigned char)*from)) {
            from++;
        }
        while (from < to && isspace((unsigned char)to[-1])) {
            to--;
        }
        if (from < to) {
            *ret_user = base_slice_of(from, (size_t)(to - from));
            return true;
        }
    }
    return false;
}

bool mock_super_users_are_legal(const char *super_users) {
    struct base_slice user;
    while (next_user(&super_users, &user)) {
        if (!is_legal_principal(user)) {
            return false;
        }
    }
    return true;
}

bool mock_super_users_have(const char *super_users, struct base_slice principal) {
    struct base_slice user;
    while (next_user(&super_users, &user)) {
        if (base_slice_equal(user, principal)) {
            return true;
        }
    }
    return false;
}

/* -- rules -- */

uint32_t mock_acl_operations_of(enum mock_acl_resource resource) {
#define BIT(operation) (1u << MOCK_ACL_##operation)
    switch (resource) {
    case MOCK_ACL_TOPIC:
        return BIT(READ) | BIT(WRITE) | BIT(CREATE) | BIT(DESCRIBE) | BIT(DELETE) | BIT(ALTER) |
               BIT(DESCRIBE_CONFIGS) | BIT(ALTER_CONFIGS);
    case MOCK_ACL_GROUP:
        return BIT(READ) | BIT(DESCRIBE) | BIT(DELETE) | BIT(DESCRIBE_CONFIGS) | BIT(ALTER_CONFIGS);
    case MOCK_ACL_CLUSTER:
        return BIT(CREATE) | BIT(CLUSTER_ACTION) | BIT(DESCRIBE_CONFIGS) | BIT(ALTER_CONFIGS) |
               BIT(IDEMPOTENT_WRITE) | BIT(ALTER) | BIT(DESCRIBE);
    case MOCK_ACL_TRANSACTIONAL_ID:
        return BIT(DESCRIBE) | BIT(WRITE) | BIT(TWO_PHASE_COMMIT);
    case MOCK_ACL_DELEGATION_TOKEN:
        return BIT(DESCRIBE);
    case MOCK_ACL_USER:
        return BIT(CREATE_TOKENS) | BIT(DESCRIBE_TOKENS);
    default:
        return 0;
    }
#undef BIT
}

int mock_acl_binding_check(const struct mock_acl_binding *binding, struct base_error *err) {
    if (binding->resource < MOCK_ACL_TOPIC || binding->resource > MOCK_ACL_USER) {
        return base_fail(err, BASE_USAGE, "Invalid resourceType %s",
                         binding->resource == MOCK_ACL_ANY_RESOURCE ? "ANY" : "UNKNOWN");
    }
    if (binding->resource == MOCK_ACL_CLUSTER &&
        !base_slice_equal_str(binding->name, MOCK_ACL_CLUSTER_NAME)) {
        return base_fail(err, BASE_USAGE, "The only valid name for the CLUSTER resource is %s",
                         MOCK_ACL_CLUSTER_NAME);
    }
    if (binding->name.len == 0) {
        return base_fail(err, BASE_USAGE, "Invalid empty resource name");
    }
    if (binding->pattern != MOCK_ACL_LITERAL && binding->pattern != MOCK_ACL_PREFIXED) {
        return base_fail(err, BASE_USAGE, "Invalid patternType %s",
                         binding->pattern == MOCK_ACL_ANY_PATTERN ? "ANY"
                         : binding->pattern == MOCK_ACL_MATCH     ? "MATCH"
                                                                  : "UNKNOWN");
    }
    if (binding->operation < MOCK_ACL_ALL || binding->operation > MOCK_ACL_TWO_PHASE_COMMIT) {
        return base_fail(err, BASE_USAGE, "Invalid operation %s",
                         binding->operation == MOCK_ACL_ANY ? "ANY" : "UNKNOWN");
    }
    if (binding->permission != MOCK_ACL_DENY && binding->permission != MOCK_ACL_ALLOW) {
        return base_fail(err, BASE_USAGE, "Invalid permissionType %s",
                         binding->permission == MOCK_ACL_ANY_PERMISSION ? "ANY" : "UNKNOWN");
    }
    if (!is_legal_principal(binding->principal)) {
        return base_fail(err, BASE_USAGE,
                         "Could not parse principal from `%.*s` (no colon is "
                         "present separating the principal type from the principal name)",
                         (int)binding->principal.len, (const char *)binding->principal.data);
    }
    return 0;
}

bool mock_acl_binding_equal(const struct mock_acl_binding *a, const struct mock_acl_binding *b) {
    return a->resource == b->resource && a->pattern == b->pattern &&
           base_slice_equal(a->name, b->name) && base_slice_equal(a->principal, b->principal) &&
           base_slice_equal(a->host, b->host) && a->operation == b->operation &&
           a->permission == b->permission;
}

static bool begins_with(struct base_slice name, struct base_slice prefix) {
    return name.len >= prefix.len && memcmp(name.data, prefix.data, prefix.len) == 0;
}

/* ResourcePatternFilter.matches */
static bool pattern_matches(const struct mock_acl_binding *filter,
                            const struct mock_acl_binding *rule) {
    if (filter->resource != MOCK_ACL_ANY_RESOURCE && filter->resource != rule->resource) {
        return false;
    }
    if (filter->pattern != MOCK_ACL_ANY_PATTERN && filter->pattern != MOCK_ACL_MATCH &&
        filter->pattern != rule->pattern) {
        return false;
    }
    if (!filter->name.data) {
        return true;
    }
    if (filter->pattern != MOCK_ACL_MATCH) {
        return base_slice_equal(filter->name, rule->name);
    }
    if (rule->pattern == MOCK_ACL_PREFIXED) {
        return begins_with(filter->name, rule->name);
    }
    return base_slice_equal(filter->name, rule->name) || base_slice_equal_str(rule->name, "*");
}

bool mock_acl_filter_matches(const struct mock_acl_binding *filter,
                             const struct mock_acl_binding *rule) {
    return pattern_matches(filter, rule) &&
           (!filter->principal.data || base_slice_equal(filter->principal, rule->principal)) &&
           (!filter->host.data || base_slice_equal(filter->host, rule->host)) &&
           (filter->operation == MOCK_ACL_ANY || filter->operation == rule->operation) &&
           (filter->permission == MOCK_ACL_ANY_PERMISSION ||
            filter->permission == rule->permission);
}
