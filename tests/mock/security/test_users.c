/* Users: passwords, credentials, and what is refused. */
#include "base/limits.h"
#include "base/memory.h"
#include "mock/security/users.h"
#include "suites.h"
#include "t_run.h"

#define S(text) base_slice_str(text)

static void a_password_logs_in_where_it_may(void) {
    struct mock_users users = {0};
    T_EQUAL_INT(mock_users_add(&users, S("a"), S("x"), 0, 0, NULL), 0);
    T_EQUAL_INT(mock_users_add(&users, S("b"), S("x"), MOCK_SASL_SCRAM_SHA_256, 8192, NULL), 0);
    T_TRUE(mock_users_login(&users, S("a"), S("x")) && !mock_users_login(&users, S("a"), S("y")));
    T_TRUE(!mock_users_login(&users, S("b"), S("x")) && !mock_users_login(&users, S("c"), S("x")));
    T_TRUE(mock_users_credential(&users, S("a"), MOCK_SCRAM_SHA_512) != NULL);
    T_TRUE(mock_users_credential(&users, S("b"), MOCK_SCRAM_SHA_512) == NULL);
    const struct mock_scram_credential *c =
        mock_users_credential(&users, S("b"), MOCK_SCRAM_SHA_256);
    T_TRUE(c && c->iterations == 8192);
    T_EQUAL_INT(mock_users_add(&users, S("a"), S("y"), 0, 0, NULL), 0);
    T_TRUE(mock_users_login(&users, S("a"), S("y")) && !mock_users_login(&users, S("a"), S("x")));
    mock_users_clean_up(&users);
}

static void what_makes_no_user_is_refused(void) {
    struct mock_users users = {0};
    T_EQUAL_INT(mock_users_add(&users, S(""), S("x"), 0, 0, NULL), BASE_USAGE);
    T_EQUAL_INT(mock_users_add(&users, S("a"), S(""), 0, 0, NULL), BASE_USAGE);
    T_EQUAL_INT(mock_users_add(&users, S("a"), S("x"), 0, 4095, NULL), BASE_USAGE);
    T_EQUAL_INT(mock_users_add(&users, S("a"), S("x"), MOCK_SASL_OAUTHBEARER, 0, NULL), BASE_USAGE);
    T_TRUE(mock_users_find(&users, S("a")) == NULL);
}

static void credentials_come_and_go(void) {
    struct mock_users users = {0};
    struct mock_scram_credential made = {0};
    int32_t iterations = 0;
    T_EQUAL_INT(mock_scram_credential_make(MOCK_SCRAM_SHA_256, S("x"), 4096, &made), 0);
    T_EQUAL_INT(mock_users_set_credential(&users, S("a"), MOCK_SCRAM_SHA_256, &made, NULL), 0);
    const struct mock_user *user = mock_users_find(&users, S("a"));
    T_TRUE(user && mock_user_has_credential(user, MOCK_SCRAM_SHA_256, &iterations));
    T_EQUAL_INT(iterations, 4096);
    T_TRUE(!mock_users_login(&users, S("a"), S("x")));
    T_TRUE(!mock_users_delete_credential(&users, S("a"), MOCK_SCRAM_SHA_512));
    T_TRUE(mock_users_delete_credential(&users, S("a"), MOCK_SCRAM_SHA_256));
    T_TRUE(mock_users_find(&users, S("a")) == NULL);
    mock_users_clean_up(&users);
}

static void failing_memory_leaves_no_half_user(void) {
    int64_t before = base_memory_live_count();
    for (uint64_t after = 0; after < 6; after++) {
        struct mock_users users = {0};
        base_memory_fail_after(after, 1);
        int rc = mock_users_add(&users, S("a"), S("x"), 0, 0, NULL);
        base_memory_fail_never();
        T_TRUE(rc == 0 || rc == BASE_NO_MEMORY);
        T_EQUAL_INT(mock_users_find(&users, S("a")) != NULL, rc == 0);
        mock_users_clean_up(&users);
    }
    T_EQUAL_INT(base_memory_live_count(), before);
}

static CU_TestInfo tests[] = {
    {"a_password_logs_in_where_it_may", a_password_logs_in_where_it_may},
    {"what_makes_no_user_is_refused", what_makes_no_user_is_refused},
    {"credentials_come_and_go", credentials_come_and_go},
    {"failing_memory_leaves_no_half_user", failing_memory_leaves_no_half_user},
    CU_TEST_INFO_NULL,
};

CU_SuiteInfo *suite_mock_security_users(void) {
    static CU_SuiteInfo suites[] = {
        {"mock/security users", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
