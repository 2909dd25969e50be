/* Every allocation of a scene fails once: the coordinator survives, answers, and leaks nothing. */
#include "base/memory.h"
#include "cast.h"
#include "suites.h"
#include "t_run.h"

/* Entered with failing memory: whoever was refused for it tries again, as a client does. */
static void insist(struct player *p) {
    for (int i = 0; i < 3; i++) {
        int before = p->join_answers;
        cast_enter(p);
        if (p->join_answers == before || p->join_error == 0) {
            return;
        }
        T_EQUAL_INT(p->join_error, MOCK_ERROR_UNKNOWN_SERVER_ERROR);
        p->member_id[0] = '\0';
    }
}

static void play(struct player *a, struct player *b) {
    struct player *all[] = {a, b};
    b->instance = "two";
    insist(a);
    insist(b);
    cast_join(a);
    cast_sync(b);
    cast_assign(a, all, 2);
    struct player next = *b;
    next.incarnation = 2;
    next.member_id[0] = '\0';
    cast_join(&next);
    T_TRUE(next.join_error == 0 || next.join_error == MOCK_ERROR_UNKNOWN_SERVER_ERROR ||
           next.join_error == MOCK_ERROR_INCONSISTENT_GROUP_PROTOCOL);
    mock_groups_request_gone(cast_groups, &next);
    (void)mock_groups_commit(cast_groups, "g", "t", 0, 1, 0, base_slice_str("m"), NULL);
    (void)mock_groups_commit(cast_groups, "h", "t", 0, 1, 0, BASE_SLICE_NULL, NULL);
    mock_groups_request_gone(cast_groups, a);
    mock_groups_request_gone(cast_groups, b);
}

static void every_failing_allocation_is_survived(void) {
    for (uint64_t after = 0; after < 200; after++) {
        struct player a = cast_player("a");
        struct player b = cast_player("b");
        a.version = 3;
        cast_set_up();
        base_memory_fail_after(after, 0);
        play(&a, &b);
        base_memory_fail_never();
        for (int i = 0; i < 5; i++) { /* a round that ends gives its members a new session */
            cast_wait(10000000);
        }
        T_EQUAL_INT(mock_groups_next_due_ms(cast_groups), INT64_MAX);
        struct player late = cast_player("late");
        cast_enter(&late);
        T_EQUAL_INT(late.join_error, 0);
        T_EQUAL_INT(late.listed, 1);
        cast_tear_down();
    }
}

static void parked_requests_are_dropped_with_the_coordinator(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player *all[] = {&a};
    cast_set_up();
    cast_stable(all, 1);
    cast_enter(&b);
    cast_tear_down();
    T_EQUAL_INT(b.join_answers, 1);
    mock_groups_free(NULL);
}

CU_SuiteInfo *suite_mock_group_memory(void) {
    static CU_TestInfo tests[] = {
        {"every_failing_allocation_is_survived", every_failing_allocation_is_survived},
        {"parked_requests_are_dropped_with_the_coordinator",
         parked_requests_are_dropped_with_the_coordinator},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/group/memory", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
