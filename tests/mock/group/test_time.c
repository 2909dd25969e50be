/* Tests of what time and death do to a group. */
#include "cast.h"
#include "suites.h"
#include "t_run.h"

static void a_session_that_ends_starts_a_round(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player *all[] = {&a, &b};
    cast_stable(all, 2);
    cast_wait(6000);
    T_EQUAL_INT(cast_heartbeat(&a), 0);
    T_EQUAL_INT(mock_groups_next_due_ms(cast_groups), cast_now_ms + 4000);
    cast_wait(3999);
    T_EQUAL_STR(cast_state(), "Stable");
    cast_wait(1);
    T_EQUAL_STR(cast_state(), "PreparingRebalance");
    T_EQUAL_STR(cast_changes, "expired b,rebalancing,");
    T_EQUAL_INT(cast_heartbeat(&b), MOCK_ERROR_UNKNOWN_MEMBER_ID);
    cast_join(&a);
    T_EQUAL_INT(a.listed, 1);
}

static void everybodys_session_that_ends_leaves_an_empty_group(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player *all[] = {&a, &b};
    cast_stable(all, 2);
    cast_wait(100000);
    T_EQUAL_STR(cast_state(), "Empty");
    T_EQUAL_INT(cast_member_count(), 0);
    T_EQUAL_INT(mock_groups_next_due_ms(cast_groups), INT64_MAX);
}

static void a_member_that_waits_in_join_does_not_expire(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player *all[] = {&a, &b};
    cast_stable(all, 2);
    cast_join(&a);
    for (int i = 0; i < 5; i++) {
        cast_wait(9000);
        T_EQUAL_INT(cast_heartbeat(&b), MOCK_ERROR_REBALANCE_IN_PROGRESS);
    }
    T_EQUAL_INT(cast_member_count(), 2);
    cast_join(&b);
    T_EQUAL_INT(a.listed, 2);
}

static void the_rebalance_timeout_removes_the_absent(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    b.session_ms = 100000;
    struct player *all[] = {&a, &b};
    cast_stable(all, 2);
    cast_join(&a);
    cast_wait(59999);
    T_EQUAL_STR(cast_state(), "PreparingRebalance");
    cast_wait(1);
    T_EQUAL_STR(cast_state(), "CompletingRebalance");
    T_EQUAL_INT(a.listed, 1);
    T_EQUAL_INT(cast_heartbeat(&b), MOCK_ERROR_UNKNOWN_MEMBER_ID);
}

static void an_absent_leader_is_replaced(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    a.session_ms = 100000;
    struct player *all[] = {&a, &b};
    cast_stable(all, 2);
    b.metadata = "changed";
    cast_join(&b);
    cast_wait(60000);
    T_EQUAL_STR(b.leader, b.member_id);
    T_EQUAL_INT(b.listed, 1);
}

static void the_longest_rebalance_timeout_counts(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    a.session_ms = 1000000;
    a.rebalance_ms = 300000;
    struct player *all[] = {&a, &b};
    cast_stable(all, 2);
    b.metadata = "changed";
    cast_join(&b);
    cast_wait(299999);
    T_EQUAL_STR(cast_state(), "PreparingRebalance");
    cast_wait(1);
    T_EQUAL_STR(cast_state(), "CompletingRebalance");
}

static void a_member_that_never_syncs_is_removed(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player *all[] = {&a, &b};
    b.session_ms = 1000000;
    cast_enter(&a);
    cast_enter(&b);
    cast_join(&a);
    cast_assign(&a, all, 2);
    T_EQUAL_STR(cast_state(), "Stable");
    for (int i = 0; i < 6; i++) {
        cast_wait(9000);
        T_EQUAL_INT(cast_heartbeat(&a), 0);
    }
    cast_wait(5999);
    T_EQUAL_STR(cast_state(), "Stable");
    cast_wait(1);
    T_EQUAL_STR(cast_state(), "PreparingRebalance");
    T_EQUAL_INT(cast_member_count(), 1);
    T_EQUAL_INT(cast_heartbeat(&b), MOCK_ERROR_UNKNOWN_MEMBER_ID);
}

static void followers_that_wait_for_a_dead_leader_are_sent_back(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    cast_enter(&a);
    cast_enter(&b);
    cast_join(&a);
    cast_sync(&b);
    cast_wait(10000);
    T_EQUAL_INT(b.sync_error, MOCK_ERROR_REBALANCE_IN_PROGRESS);
    T_EQUAL_INT(b.sync_answers, 1);
    cast_join(&b);
    T_EQUAL_STR(b.leader, b.member_id);
}

static void a_new_member_does_not_wait_longer_than_five_minutes(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    a.session_ms = 1800000;
    a.rebalance_ms = 1800000;
    struct player *all[] = {&a};
    cast_stable(all, 1);
    cast_enter(&b);
    cast_wait(299999);
    T_EQUAL_INT(b.join_answers, 1);
    cast_wait(1);
    T_EQUAL_INT(b.join_answers, 2);
    T_EQUAL_INT(b.join_error, MOCK_ERROR_UNKNOWN_MEMBER_ID);
    T_EQUAL_INT(cast_member_count(), 1);
}

static void a_dead_actor_is_removed_at_once(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player *all[] = {&a, &b};
    cast_stable(all, 2);
    mock_groups_actor_died(cast_groups, "b", 2, cast_now_ms);
    T_EQUAL_STR(cast_state(), "Stable"); /* another incarnation */
    mock_groups_actor_died(cast_groups, "b", 1, cast_now_ms);
    T_EQUAL_STR(cast_state(), "PreparingRebalance");
    cast_join(&a);
    T_EQUAL_INT(a.listed, 1);
    T_EQUAL_INT(cast_generation(), 3);
}

static void a_successor_that_waits_gets_in_when_the_dead_one_goes(void) {
    struct player a = cast_player("a");
    struct player next = cast_player("a");
    struct player *all[] = {&a};
    next.incarnation = 2;
    cast_stable(all, 1);
    cast_enter(&next);
    T_EQUAL_INT(next.join_answers, 1);
    mock_groups_actor_died(cast_groups, "a", 1, cast_now_ms);
    T_EQUAL_INT(next.join_answers, 2);
    T_EQUAL_INT(next.join_error, 0);
    T_EQUAL_STR(next.leader, next.member_id);
    T_EQUAL_INT(next.listed, 1);
}

static void the_requests_of_the_dead_are_dropped_unanswered(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player *all[] = {&a};
    cast_stable(all, 1);
    cast_enter(&b);
    mock_groups_actor_died(cast_groups, "b", 1, cast_now_ms);
    T_EQUAL_INT(b.join_answers, 1);
    T_EQUAL_STR(cast_state(), "PreparingRebalance");
    cast_join(&a);
    T_EQUAL_INT(b.join_answers, 1);
    T_EQUAL_INT(a.listed, 1);
}

static void an_actor_that_dies_with_an_unused_id_holds_nobody_up(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player *all[] = {&a};
    cast_stable(all, 1);
    cast_join(&b);
    cast_join(&a);
    T_EQUAL_STR(cast_state(), "PreparingRebalance");
    mock_groups_actor_died(cast_groups, "b", 1, cast_now_ms);
    T_EQUAL_STR(cast_state(), "CompletingRebalance");
}

static void a_lost_request_is_not_answered_and_the_member_stays(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player *all[] = {&a};
    cast_stable(all, 1);
    cast_enter(&b);
    mock_groups_request_gone(cast_groups, &b);
    mock_groups_request_gone(cast_groups, &cast_now_ms);
    cast_join(&a);
    T_EQUAL_INT(b.join_answers, 1);
    T_EQUAL_INT(a.listed, 2);
    cast_join(&b); /* comes again on another connection */
    T_EQUAL_INT(b.join_answers, 2);
    T_EQUAL_INT(b.generation, 2);
}

static void an_initial_delay_gathers_members(void) {
    cast_tear_down();
    struct mock_groups_options options = MOCK_GROUPS_OPTIONS_INIT;
    options.initial_rebalance_delay_ms = 3000;
    cast_set_up_with(&options);
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    cast_enter(&a);
    T_EQUAL_INT(a.join_answers, 1);
    T_EQUAL_INT(mock_groups_next_due_ms(cast_groups), cast_now_ms + 3000);
    cast_wait(2000);
    cast_enter(&b);
    cast_wait(1000);
    T_EQUAL_INT(a.join_answers, 1); /* b came, so once more */
    cast_wait(2999);
    T_EQUAL_INT(a.join_answers, 1);
    cast_wait(1);
    T_EQUAL_INT(a.join_answers, 2);
    T_EQUAL_INT(a.listed, 2);
    T_EQUAL_INT(b.generation, 1);
}

CU_SuiteInfo *suite_mock_group_time(void) {
    static CU_TestInfo tests[] = {
#define T(name) {#name, name}
        T(a_session_that_ends_starts_a_round),
        T(everybodys_session_that_ends_leaves_an_empty_group),
        T(a_member_that_waits_in_join_does_not_expire),
        T(the_rebalance_timeout_removes_the_absent),
        T(an_absent_leader_is_replaced),
        T(the_longest_rebalance_timeout_counts),
        T(a_member_that_never_syncs_is_removed),
        T(followers_that_wait_for_a_dead_leader_are_sent_back),
        T(a_new_member_does_not_wait_longer_than_five_minutes),
        T(a_dead_actor_is_removed_at_once),
        T(a_successor_that_waits_gets_in_when_the_dead_one_goes),
        T(the_requests_of_the_dead_are_dropped_unanswered),
        T(an_actor_that_dies_with_an_unused_id_holds_nobody_up),
        T(a_lost_request_is_not_answered_and_the_member_stays),
        T(an_initial_delay_gathers_members),
        CU_TEST_INFO_NULL,
#undef T
    };
    static CU_SuiteInfo suites[] = {
        {"mock/group/time", NULL, NULL, cast_set_up, cast_tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
