/* Tests of commits: who may, and what is kept. */
#include <stdio.h>

#include "cast.h"
#include "suites.h"
#include "t_run.h"

static int commit(const char *topic, int32_t partition, int64_t offset, const char *metadata) {
    return mock_groups_commit(cast_groups, "g", topic, partition, offset, 3,
                              base_slice_str(metadata), NULL);
}

static struct player nobody(void) {
    struct player p = cast_player("admin");
    p.generation = -1;
    return p;
}

static void a_simple_commit_is_accepted_while_there_are_no_members(void) {
    struct player a = cast_player("a");
    struct player *all[] = {&a};
    struct player admin = nobody();
    T_EQUAL_INT(cast_check_commit(&admin), 0);
    T_EQUAL_INT(commit("t", 0, 5, NULL), 0);
    T_EQUAL_INT(cast_check_commit(&admin), 0);
    cast_stable(all, 1);
    T_EQUAL_INT(cast_check_commit(&admin), MOCK_ERROR_UNKNOWN_MEMBER_ID);
    T_EQUAL_INT(cast_leave(&a), 0);
    T_EQUAL_INT(cast_check_commit(&admin), 0);
}

static void a_member_commits_while_stable_and_while_a_round_is_prepared(void) {
    struct player a = cast_player("a");
    struct player *all[] = {&a};
    cast_stable(all, 1);
    T_EQUAL_INT(cast_check_commit(&a), 0);
    mock_groups_rebalance(cast_groups, "g", cast_now_ms);
    T_EQUAL_INT(cast_check_commit(&a), 0);
    cast_join(&a);
    T_EQUAL_STR(cast_state(), "CompletingRebalance");
    T_EQUAL_INT(cast_check_commit(&a), MOCK_ERROR_REBALANCE_IN_PROGRESS);
}

static void a_member_of_an_older_generation_is_refused(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player *all[] = {&a, &b};
    cast_stable(all, 2);
    struct player zombie = b;
    b.metadata = "changed";
    cast_join(&b);
    cast_join(&a);
    T_EQUAL_INT(cast_check_commit(&zombie), MOCK_ERROR_ILLEGAL_GENERATION);
    T_EQUAL_INT(cast_leave(&b), 0);
    T_EQUAL_INT(cast_check_commit(&zombie), MOCK_ERROR_UNKNOWN_MEMBER_ID);
}

static void a_commit_to_no_group_with_a_generation_is_refused(void) {
    struct player a = cast_player("a");
    a.generation = 1;
    memcpy(a.member_id, "a-1", 4);
    T_EQUAL_INT(cast_check_commit(&a), MOCK_ERROR_ILLEGAL_GENERATION);
    T_TRUE(!mock_groups_exists(cast_groups, "g"));
    T_EQUAL_INT(commit("t", 0, 5, NULL), 0);
    T_EQUAL_INT(cast_check_commit(&a), MOCK_ERROR_UNKNOWN_MEMBER_ID);
}

static void a_commit_keeps_the_session_alive(void) {
    struct player a = cast_player("a");
    struct player *all[] = {&a};
    cast_stable(all, 1);
    cast_wait(9000);
    T_EQUAL_INT(cast_check_commit(&a), 0);
    cast_wait(9000);
    T_EQUAL_STR(cast_state(), "Stable");
    cast_wait(1000);
    T_EQUAL_STR(cast_state(), "Empty");
}

static void what_is_committed_is_read_back(void) {
    char topic[] = "orders";
    char metadata[] = "why";
    T_EQUAL_INT(commit(topic, 2, 41, metadata), 0);
    topic[0] = 'X';
    metadata[0] = 'X';
    struct mock_committed c = mock_groups_committed(cast_groups, "g", "orders", 2);
    T_EQUAL_INT(c.offset, 41);
    T_EQUAL_INT(c.leader_epoch, 3);
    T_EQUAL_STR(c.metadata, "why");
    T_EQUAL_INT(commit("orders", 2, 40, NULL), 0);
    c = mock_groups_committed(cast_groups, "g", "orders", 2);
    T_EQUAL_INT(c.offset, 40);
    T_EQUAL_STR(c.metadata, "");
    T_TRUE(mock_groups_exists(cast_groups, "g"));
    T_EQUAL_STR(cast_state(), "Empty");
}

static void nothing_committed_is_minus_one(void) {
    T_EQUAL_INT(mock_groups_committed(cast_groups, "g", "t", 0).offset, -1);
    T_EQUAL_INT(commit("t", 1, 7, NULL), 0);
    struct mock_committed c = mock_groups_committed(cast_groups, "g", "t", 0);
    T_EQUAL_INT(c.offset, -1);
    T_EQUAL_INT(c.leader_epoch, -1);
    T_EQUAL_STR(c.metadata, "");
    T_EQUAL_INT(mock_groups_committed(cast_groups, "other", "t", 1).offset, -1);
}

static void collect(void *arg, const char *topic, int32_t partition,
                    const struct mock_committed *committed) {
    char *text = arg;
    size_t len = strlen(text);
    (void)snprintf(text + len, 200 - len, "%s/%d=%lld ", topic, partition,
                   (long long)committed->offset);
}

static void all_commits_are_listed_by_topic_and_partition(void) {
    char text[200] = "";
    T_EQUAL_INT(commit("b", 10, 1, NULL), 0);
    T_EQUAL_INT(commit("b", 2, 2, NULL), 0);
    T_EQUAL_INT(commit("a", 3, 3, NULL), 0);
    T_EQUAL_INT(commit("c", 0, 4, NULL), 0);
    T_EQUAL_INT(commit("b", 2, 5, NULL), 0);
    mock_groups_each_committed(cast_groups, "g", collect, text);
    T_EQUAL_STR(text, "a/3=3 b/2=5 b/10=1 c/0=4 ");
    text[0] = '\0';
    mock_groups_each_committed(cast_groups, "other", collect, text);
    T_EQUAL_STR(text, "");
}

static void offsets_outlive_the_members(void) {
    struct player a = cast_player("a");
    struct player *all[] = {&a};
    cast_stable(all, 1);
    T_EQUAL_INT(commit("t", 0, 5, NULL), 0);
    cast_wait(20000);
    T_EQUAL_STR(cast_state(), "Empty");
    T_EQUAL_INT(mock_groups_committed(cast_groups, "g", "t", 0).offset, 5);
}

CU_SuiteInfo *suite_mock_group_offset(void) {
    static CU_TestInfo tests[] = {
#define T(name) {#name, name}
        T(a_simple_commit_is_accepted_while_there_are_no_members),
        T(a_member_commits_while_stable_and_while_a_round_is_prepared),
        T(a_member_of_an_older_generation_is_refused),
        T(a_commit_to_no_group_with_a_generation_is_refused),
        T(a_commit_keeps_the_session_alive),
        T(what_is_committed_is_read_back),
        T(nothing_committed_is_minus_one),
        T(all_commits_are_listed_by_topic_and_partition),
        T(offsets_outlive_the_members),
        CU_TEST_INFO_NULL,
#undef T
    };
    static CU_SuiteInfo suites[] = {
        {"mock/group/offset", NULL, NULL, cast_set_up, cast_tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
