/* Offsets of transactions: pending until the end, then committed or forgotten. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "cast.h"
#include "suites.h"
#include "t_run.h"

#define PID 7

static char visited[400];

static bool every(void *arg, const char *group) {
    return true;
}

static bool is_h(void *arg, const char *group) {
    return strcmp(group, "h") == 0;
}

static void visit(void *arg, const struct mock_pending_view *view) {
    size_t len = strlen(visited);
    (void)snprintf(visited + len, sizeof(visited) - len, "%s/%s-%d=%lld ", view->group, view->topic,
                   (int)view->partition, (long long)view->offset);
}

static int keep(const char *group, int64_t producer_id, int32_t partition, int64_t offset) {
    struct mock_txn_commit commit = {
        .group_id = base_slice_str(group),
        .producer_id = producer_id,
        .generation_id = -1,
        .member_id = base_slice_str(""),
        .offset = offset,
        .leader_epoch = 3,
        .metadata = base_slice_str("m"),
    };
    return mock_groups_txn_commit(cast_groups, &commit, "t", partition, NULL);
}

static bool end_of(int64_t producer_id, bool commit) {
    visited[0] = '\0';
    return mock_groups_txn_end(cast_groups, producer_id, commit, every, visit, NULL);
}

static int64_t committed(const char *group, int32_t partition) {
    return mock_groups_committed(cast_groups, group, "t", partition).offset;
}

static void an_offset_holds_when_its_transaction_is_committed(void) {
    T_EQUAL_INT(keep("g", PID, 0, 5), 0);
    T_EQUAL_INT(committed("g", 0), -1);
    T_TRUE(mock_groups_is_unstable(cast_groups, "g", "t", 0));
    T_TRUE(!mock_groups_is_unstable(cast_groups, "g", "t", 1));
    T_TRUE(!mock_groups_is_unstable(cast_groups, "h", "t", 0));
    T_TRUE(end_of(PID, true));
    T_EQUAL_STR(visited, "g/t-0=5 ");
    T_EQUAL_INT(committed("g", 0), 5);
    T_EQUAL_STR(mock_groups_committed(cast_groups, "g", "t", 0).metadata, "m");
    T_TRUE(!mock_groups_is_unstable(cast_groups, "g", "t", 0));
}

static void an_offset_is_forgotten_when_its_transaction_is_aborted(void) {
    T_EQUAL_INT(keep("g", PID, 0, 5), 0);
    T_TRUE(end_of(PID, false));
    T_EQUAL_STR(visited, "");
    T_EQUAL_INT(committed("g", 0), -1);
    T_TRUE(!mock_groups_is_unstable(cast_groups, "g", "t", 0));
}

static void the_last_offset_of_a_transaction_holds(void) {
    T_EQUAL_INT(keep("g", PID, 0, 5), 0);
    T_EQUAL_INT(keep("g", PID, 1, 6), 0);
    T_EQUAL_INT(keep("g", PID, 0, 4), 0);
    T_TRUE(end_of(PID, true));
    T_EQUAL_INT(committed("g", 0), 4);
    T_EQUAL_INT(committed("g", 1), 6);
}

static void an_end_is_that_of_one_producer_in_some_groups(void) {
    T_EQUAL_INT(keep("g", PID, 0, 5), 0);
    T_EQUAL_INT(keep("h", PID, 0, 6), 0);
    T_EQUAL_INT(keep("g", 8, 1, 7), 0);
    T_TRUE(mock_groups_txn_end(cast_groups, PID, true, is_h, visit, NULL));
    T_EQUAL_INT(committed("h", 0), 6);
    T_EQUAL_INT(committed("g", 0), -1);
    T_TRUE(end_of(PID, true));
    T_EQUAL_INT(committed("g", 0), 5);
    T_EQUAL_INT(committed("g", 1), -1);
    T_TRUE(mock_groups_is_unstable(cast_groups, "g", "t", 1));
}

static void an_offset_that_was_committed_later_stays(void) {
    T_EQUAL_INT(keep("g", PID, 0, 5), 0);
    T_EQUAL_INT(mock_groups_commit(cast_groups, "g", "t", 0, 9, 0, BASE_SLICE_NULL, NULL), 0);
    T_EQUAL_INT(keep("g", 8, 0, 6), 0);
    T_TRUE(end_of(PID, true));
    T_EQUAL_INT(committed("g", 0), 9);
    T_TRUE(end_of(8, true));
    T_EQUAL_INT(committed("g", 0), 6);
}

static int16_t check(int32_t generation, const char *member_id) {
    struct mock_txn_commit commit = {
        .group_id = base_slice_str("g"),
        .generation_id = generation,
        .member_id = base_slice_str(member_id),
    };
    return mock_groups_check_txn_commit(cast_groups, &commit);
}

static void who_says_who_it_is_must_be_a_member_of_the_generation(void) {
    struct player a = cast_player("a");
    struct player *all[] = {&a};
    T_EQUAL_INT(check(-1, ""), 0);
    T_EQUAL_INT(check(3, "x"), MOCK_ERROR_ILLEGAL_GENERATION);
    cast_stable(all, 1);
    T_EQUAL_INT(check(-1, ""), 0); /* it does not say */
    T_EQUAL_INT(check(a.generation, a.member_id), 0);
    T_EQUAL_INT(check(a.generation + 1, a.member_id), MOCK_ERROR_ILLEGAL_GENERATION);
    T_EQUAL_INT(check(a.generation, "x"), MOCK_ERROR_UNKNOWN_MEMBER_ID);
}

static void every_failing_allocation_is_survived(void) {
    for (uint64_t after = 0; after < 20; after++) {
        cast_set_up();
        base_memory_fail_after(after, 0);
        int rc = keep("g", PID, 0, 5);
        bool ended = rc == 0 && end_of(PID, true);
        base_memory_fail_never();
        T_TRUE(rc == 0 || rc == BASE_NO_MEMORY);
        if (rc == 0 && !ended) {
            T_TRUE(mock_groups_is_unstable(cast_groups, "g", "t", 0));
            T_TRUE(end_of(PID, true));
        }
        T_EQUAL_INT(committed("g", 0), rc == 0 ? 5 : -1);
        (void)keep("g", PID, 1, 6); /* still there when the coordinator goes */
        cast_tear_down();
    }
}

CU_SuiteInfo *suite_mock_group_txn_offset(void) {
    static CU_TestInfo tests[] = {
        {"an_offset_holds_when_its_transaction_is_committed",
         an_offset_holds_when_its_transaction_is_committed},
        {"an_offset_is_forgotten_when_its_transaction_is_aborted",
         an_offset_is_forgotten_when_its_transaction_is_aborted},
        {"the_last_offset_of_a_transaction_holds", the_last_offset_of_a_transaction_holds},
        {"an_end_is_that_of_one_producer_in_some_groups",
         an_end_is_that_of_one_producer_in_some_groups},
        {"an_offset_that_was_committed_later_stays", an_offset_that_was_committed_later_stays},
        {"who_says_who_it_is_must_be_a_member_of_the_generation",
         who_says_who_it_is_must_be_a_member_of_the_generation},
        CU_TEST_INFO_NULL,
    };
    static CU_TestInfo memory[] = {
        {"every_failing_allocation_is_survived", every_failing_allocation_is_survived},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/group/txn_offset", NULL, NULL, cast_set_up, cast_tear_down, tests},
        {"mock/group/txn_offset memory", NULL, NULL, NULL, NULL, memory},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
