/* The authorizer's rules, one table: what Kafka's StandardAuthorizer decides. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "mock/security/acls.h"
#include "suites.h"
#include "t_run.h"

static struct mock_acls acls;

static void begin(void) {
    acls = (struct mock_acls){0};
}

static void end(void) {
    mock_acls_clean_up(&acls);
}

/* A rule for a topic: "allow User:alice read literal foo *". */
static struct mock_acl_binding rule(const char *text) {
    static char words[8][6][64];
    static size_t next;
    char(*w)[64] = words[next++ % 8];
    struct mock_acl_binding binding = {.resource = MOCK_ACL_TOPIC};
    T_EQUAL_INT(sscanf(text, "%63s %63s %63s %63s %63s %63s", w[0], w[1], w[2], w[3], w[4], w[5]),
                6);
    binding.permission = strcmp(w[0], "allow") == 0 ? MOCK_ACL_ALLOW : MOCK_ACL_DENY;
    binding.principal = base_slice_str(w[1]);
    T_TRUE(mock_acl_operation_find(w[2], &binding.operation));
    binding.pattern = strcmp(w[3], "literal") == 0 ? MOCK_ACL_LITERAL : MOCK_ACL_PREFIXED;
    binding.name = base_slice_str(w[4]);
    binding.host = base_slice_str(w[5]);
    return binding;
}

static void add(const char *text) {
    struct mock_acl_binding binding = rule(text);
    T_EQUAL_INT(mock_acls_add(&acls, &binding), 0);
}

static struct mock_acl_question question(const char *principal, const char *operation,
                                         const char *name) {
    struct mock_acl_question q = {.principal = base_slice_str(principal),
                                  .host = base_slice_str("127.0.0.1"),
                                  .resource = MOCK_ACL_TOPIC,
                                  .name = base_slice_str(name)};
    T_TRUE(mock_acl_operation_find(operation, &q.operation));
    return q;
}

static bool may(const char *principal, const char *operation, const char *name) {
    struct mock_acl_question q = question(principal, operation, name);
    return mock_acls_allow(&acls, "User:root;User:CN=admin,O=x", false, &q);
}

static bool may_some(const char *principal, const char *operation) {
    struct mock_acl_question q = question(principal, operation, "");
    return mock_acls_allow_some(&acls, "User:root", false, &q);
}

static void without_a_rule_nobody_may_anything(void) {
    T_EQUAL_INT(may("User:alice", "read", "foo"), false);
    T_EQUAL_INT(may("User:ANONYMOUS", "describe", "foo"), false);
}

static void super_users_may_everything(void) {
    add("deny User:root all literal * *");
    T_TRUE(may("User:root", "delete", "foo"));
    T_TRUE(may("User:CN=admin,O=x", "delete", "foo"));
    T_EQUAL_INT(may("User:roo", "delete", "foo"), false);
}

static void everybody_may_what_no_rule_speaks_of(void) {
    struct mock_acl_question q = question("User:alice", "read", "foo");
    T_TRUE(mock_acls_allow(&acls, "", true, &q));
    add("allow User:bob read literal foo *");
    T_EQUAL_INT(mock_acls_allow(&acls, "", true, &q), false);
    q = question("User:alice", "read", "bar");
    T_TRUE(mock_acls_allow(&acls, "", true, &q));
}

static void patterns_cover_names(void) {
    static const struct {
        const char *rule;
        const char *name;
        bool covers;
    } rows[] = {
        {"allow User:alice read literal foo *", "foo", true},
        {"allow User:alice read literal foo *", "foobar", false},
        {"allow User:alice read literal foobar *", "foo", false},
        {"allow User:alice read literal * *", "anything", true},
        {"allow User:alice read prefixed foo *", "foo", true},
        {"allow User:alice read prefixed foo *", "foobar", true},
        {"allow User:alice read prefixed foo *", "fo", false},
        {"allow User:alice read prefixed foo *", "gfoo", false},
        {"allow User:alice read prefixed * *", "anything", false},
        {"allow User:alice read prefixed * *", "*starred", true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        add(rows[i].rule);
        t_check(may("User:alice", "read", rows[i].name) == rows[i].covers, __LINE__, __FILE__,
                "%s: %s", rows[i].rule, rows[i].name);
        mock_acls_clean_up(&acls);
    }
}

static void principals_and_hosts_are_exact_or_a_star(void) {
    static const struct {
        const char *rule;
        bool counts;
    } rows[] = {
        {"allow User:alice read literal foo *", true},
        {"allow User:* read literal foo *", true},
        {"allow User:bob read literal foo *", false},
        {"allow Group:alice read literal foo *", false},
        {"allow User:alice read literal foo 127.0.0.1", true},
        {"allow User:alice read literal foo 127.0.0.2", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        add(rows[i].rule);
        t_check(may("User:alice", "read", "foo") == rows[i].counts, __LINE__, __FILE__, "%s",
                rows[i].rule);
        mock_acls_clean_up(&acls);
    }
}

static void some_operations_imply_others(void) {
    static const struct {
        const char *granted;
        const char *asked;
        bool implied;
    } rows[] = {
        {"read", "describe", true},
        {"write", "describe", true},
        {"delete", "describe", true},
        {"alter", "describe", true},
        {"create", "describe", false},
        {"alter-configs", "describe-configs", true},
        {"alter-configs", "describe", false},
        {"describe-configs", "describe", false},
        {"describe", "read", false},
        {"write", "read", false},
        {"all", "alter", true},
        {"all", "idempotent-write", true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[128];
        (void)snprintf(text, sizeof(text), "allow User:alice %s literal foo *", rows[i].granted);
        add(text);
        t_check(may("User:alice", rows[i].asked, "foo") == rows[i].implied, __LINE__, __FILE__,
                "%s, %s", rows[i].granted, rows[i].asked);
        mock_acls_clean_up(&acls);
    }
}

static void a_deny_counts_more_and_implies_nothing(void) {
    add("allow User:alice all literal foo *");
    add("deny User:alice read prefixed f *");
    T_EQUAL_INT(may("User:alice", "read", "foo"), false);
    T_TRUE(may("User:alice", "describe", "foo"));
    T_TRUE(may("User:alice", "write", "foo"));
    add("deny User:* all literal * *");
    T_EQUAL_INT(may("User:alice", "write", "foo"), false);
}

static void some_topic_is_enough_for_an_idempotent_producer(void) {
    T_EQUAL_INT(may_some("User:alice", "write"), false);
    add("allow User:alice read literal foo *");
    T_EQUAL_INT(may_some("User:alice", "write"), false);
    add("allow User:alice write literal foo *");
    T_TRUE(may_some("User:alice", "write"));
    add("deny User:alice write prefixed fo *");
    T_EQUAL_INT(may_some("User:alice", "write"), false);
    add("allow User:alice write prefixed f *");
    T_TRUE(may_some("User:alice", "write")); /* of f, but not of fo */
    add("deny User:* write literal * *");
    T_EQUAL_INT(may_some("User:alice", "write"), false);
    T_TRUE(may_some("User:root", "write"));
}

static void filters_find_rules(void) {
    struct mock_acl_binding foo = rule("allow User:alice read literal foo *");
    struct mock_acl_binding pre = rule("deny User:bob write prefixed fo *");
    struct mock_acl_binding any = {.resource = MOCK_ACL_ANY_RESOURCE,
                                   .pattern = MOCK_ACL_ANY_PATTERN,
                                   .operation = MOCK_ACL_ANY,
                                   .permission = MOCK_ACL_ANY_PERMISSION};
    T_TRUE(mock_acl_filter_matches(&any, &foo) && mock_acl_filter_matches(&any, &pre));
    any.pattern = MOCK_ACL_MATCH;
    any.name = base_slice_str("foo");
    T_TRUE(mock_acl_filter_matches(&any, &foo) && mock_acl_filter_matches(&any, &pre));
    any.name = base_slice_str("fob");
    T_TRUE(!mock_acl_filter_matches(&any, &foo) && mock_acl_filter_matches(&any, &pre));
    any.pattern = MOCK_ACL_PREFIXED;
    T_TRUE(!mock_acl_filter_matches(&any, &pre));
    any.pattern = MOCK_ACL_ANY_PATTERN;
    any.name = BASE_SLICE_NULL;
    any.permission = MOCK_ACL_DENY;
    T_TRUE(!mock_acl_filter_matches(&any, &foo) && mock_acl_filter_matches(&any, &pre));
    any.principal = base_slice_str("User:alice");
    T_TRUE(!mock_acl_filter_matches(&any, &pre));
}

static void words_are_taken_in_every_spelling(void) {
    static const char *const words[] = {"DescribeConfigs", "DESCRIBE_CONFIGS", "describe-configs"};
    for (size_t i = 0; i < 3; i++) {
        enum mock_acl_operation operation = MOCK_ACL_ANY;
        T_TRUE(mock_acl_operation_find(words[i], &operation));
        T_EQUAL_INT(operation, MOCK_ACL_DESCRIBE_CONFIGS);
    }
    enum mock_acl_operation operation;
    enum mock_acl_resource resource;
    T_TRUE(!mock_acl_operation_find("any", &operation) && !mock_acl_operation_find("", &operation));
    T_TRUE(mock_acl_resource_find("transactional-id", &resource));
    T_EQUAL_INT(resource, MOCK_ACL_TRANSACTIONAL_ID);
    T_TRUE(mock_super_users_are_legal("") && mock_super_users_are_legal(" User:a ; User:b;"));
    T_TRUE(!mock_super_users_are_legal("alice") && !mock_super_users_are_legal("User:a;:b"));
}

static void adding_survives_failing_memory(void) {
    struct mock_acl_binding binding = rule("allow User:alice read literal foo *");
    for (uint64_t after = 0; after < 4; after++) {
        base_memory_fail_after(after, 1);
        int rc = mock_acls_add(&acls, &binding);
        base_memory_fail_never();
        T_TRUE(rc == 0 || (rc == BASE_NO_MEMORY && acls.count == 0));
    }
    T_EQUAL_INT(acls.count, 1);
}

static CU_TestInfo tests[] = {
    {"without_a_rule_nobody_may_anything", without_a_rule_nobody_may_anything},
    {"super_users_may_everything", super_users_may_everything},
    {"everybody_may_what_no_rule_speaks_of", everybody_may_what_no_rule_speaks_of},
    {"patterns_cover_names", patterns_cover_names},
    {"principals_and_hosts_are_exact_or_a_star", principals_and_hosts_are_exact_or_a_star},
    {"some_operations_imply_others", some_operations_imply_others},
    {"a_deny_counts_more_and_implies_nothing", a_deny_counts_more_and_implies_nothing},
    {"some_topic_is_enough_for_an_idempotent_producer",
     some_topic_is_enough_for_an_idempotent_producer},
    {"filters_find_rules", filters_find_rules},
    {"words_are_taken_in_every_spelling", words_are_taken_in_every_spelling},
    {"adding_survives_failing_memory", adding_survives_failing_memory},
    CU_TEST_INFO_NULL,
};

CU_SuiteInfo *suite_mock_security_acl(void) {
    static CU_SuiteInfo suites[] = {
        {"mock/security acl", NULL, NULL, begin, end, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
