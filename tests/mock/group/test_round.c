/* Tests of the rounds of a group: who waits for whom, who leads, which protocol wins. */
#include "cast.h"
#include "suites.h"
#include "t_run.h"

static void a_single_member_joins_and_syncs_at_once(void) {
    struct player a = cast_player("a");
    struct player *all[] = {&a};
    cast_enter(&a);
    T_EQUAL_INT(a.join_error, 0);
    T_EQUAL_INT(a.generation, 1);
    T_EQUAL_STR(a.leader, a.member_id);
    T_EQUAL_STR(a.protocol, "range");
    T_EQUAL_INT(a.listed, 1);
    T_EQUAL_STR(a.listed_metadata[0], "topics");
    T_EQUAL_STR(cast_state(), "CompletingRebalance");
    cast_assign(&a, all, 1);
    T_EQUAL_INT(a.sync_error, 0);
    T_EQUAL_STR(a.assignment, "a");
    T_EQUAL_STR(cast_state(), "Stable");
    T_EQUAL_STR(cast_changes, "rebalancing,joined a,synced a,stable,");
}

static void a_second_member_waits_for_the_first_to_rejoin(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player *all[] = {&a, &b};
    cast_stable(all, 1);
    cast_enter(&b);
    T_EQUAL_INT(b.join_answers, 1); /* the member id only */
    T_TRUE(mock_groups_is_rebalancing(cast_groups, "g"));
    T_EQUAL_INT(cast_heartbeat(&a), MOCK_ERROR_REBALANCE_IN_PROGRESS);
    cast_join(&a);
    T_TRUE(!mock_groups_is_rebalancing(cast_groups, "g"));
    T_EQUAL_INT(a.generation, 2);
    T_EQUAL_INT(b.generation, 2);
    T_EQUAL_STR(a.leader, a.member_id);
    T_EQUAL_STR(b.leader, a.member_id);
    T_EQUAL_INT(a.listed, 2);
    T_EQUAL_INT(b.listed, 0);
}

static void followers_wait_for_the_assignment_of_the_leader(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player *all[] = {&a, &b};
    cast_enter(&a);
    cast_enter(&b);
    cast_join(&a);
    cast_sync(&b);
    T_EQUAL_INT(b.sync_answers, 0);
    T_EQUAL_INT(cast_heartbeat(&a), 0); /* CompletingRebalance is an ordinary heartbeat */
    cast_assign(&a, all, 2);
    T_EQUAL_STR(a.assignment, "a");
    T_EQUAL_STR(b.assignment, "b");
    T_EQUAL_STR(cast_state(), "Stable");
}

static void a_sync_in_a_stable_group_is_answered_at_once(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player *all[] = {&a, &b};
    cast_enter(&a);
    cast_enter(&b);
    cast_join(&a);
    cast_assign(&a, all, 2);
    T_EQUAL_STR(cast_state(), "Stable");
    cast_sync(&b);
    T_EQUAL_STR(b.assignment, "b");
}

static void a_member_that_the_leader_forgets_gets_an_empty_assignment(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player *all[] = {&a, &b};
    cast_enter(&a);
    cast_enter(&b);
    cast_join(&a);
    cast_sync(&b);
    cast_assign(&a, all, 1);
    T_EQUAL_INT(b.sync_answers, 1);
    T_EQUAL_INT(b.sync_error, 0);
    T_EQUAL_STR(b.assignment, "");
}

static void a_late_joiner_sends_waiting_followers_back(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player c = cast_player("c");
    cast_enter(&a);
    cast_enter(&b);
    cast_join(&a);
    cast_sync(&b);
    cast_enter(&c);
    T_EQUAL_INT(b.sync_answers, 1);
    T_EQUAL_INT(b.sync_error, MOCK_ERROR_REBALANCE_IN_PROGRESS);
    T_EQUAL_STR(cast_state(), "PreparingRebalance");
    cast_sync(&a);
    T_EQUAL_INT(a.sync_error, MOCK_ERROR_REBALANCE_IN_PROGRESS);
    cast_join(&b);
    cast_join(&a);
    T_EQUAL_INT(c.generation, 3);
    T_EQUAL_INT(cast_generation(), 3);
    T_EQUAL_INT(a.listed, 3);
}

static void a_follower_that_rejoins_unchanged_gets_the_present_generation(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player *all[] = {&a, &b};
    cast_stable(all, 2);
    int32_t generation = cast_generation();
    cast_join(&b);
    T_EQUAL_INT(b.join_error, 0);
    T_EQUAL_INT(b.generation, generation);
    T_EQUAL_STR(b.leader, a.member_id);
    T_EQUAL_INT(b.listed, 0);
    T_EQUAL_STR(cast_state(), "Stable");
}

static void a_follower_with_new_metadata_starts_a_round(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player *all[] = {&a, &b};
    cast_stable(all, 2);
    b.metadata = "more topics";
    cast_join(&b);
    T_EQUAL_STR(cast_state(), "PreparingRebalance");
    cast_join(&a);
    T_EQUAL_STR(a.listed_metadata[1], "more topics");
}

static void a_leader_that_rejoins_starts_a_round(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player *all[] = {&a, &b};
    cast_stable(all, 2);
    cast_join(&a);
    T_EQUAL_STR(cast_state(), "PreparingRebalance");
    T_EQUAL_INT(cast_heartbeat(&b), MOCK_ERROR_REBALANCE_IN_PROGRESS);
    cast_join(&b);
    T_EQUAL_STR(cast_state(), "CompletingRebalance");
    T_EQUAL_STR(b.leader, a.member_id);
}

static void a_join_that_is_repeated_before_the_sync_gets_the_same_answer(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    cast_enter(&a);
    cast_enter(&b);
    cast_join(&a);
    int answers = a.join_answers;
    cast_join(&a);
    T_EQUAL_INT(a.join_answers, answers + 1);
    T_EQUAL_INT(a.listed, 2);
    cast_join(&b);
    T_EQUAL_INT(b.listed, 0);
    T_EQUAL_INT(cast_generation(), 2);
}

static void the_protocol_that_most_prefer_among_the_common_ones_wins(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player c = cast_player("c");
    a.protocols[0] = "sticky"; /* a's favourite, but c does not have it */
    a.protocols[1] = "range";
    a.protocols[2] = "roundrobin";
    b.protocols[0] = "roundrobin";
    b.protocols[1] = "sticky";
    b.protocols[2] = "range";
    c.protocols[0] = "roundrobin";
    c.protocols[1] = "range";
    struct player *all[] = {&a, &b, &c};
    cast_stable(all, 3);
    T_EQUAL_STR(a.protocol, "roundrobin");
    T_EQUAL_STR(c.protocol, "roundrobin");
}

static void a_member_without_a_common_protocol_is_refused(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player *all[] = {&a};
    cast_stable(all, 1);
    b.protocols[0] = "roundrobin";
    cast_enter(&b);
    T_EQUAL_INT(b.join_error, MOCK_ERROR_INCONSISTENT_GROUP_PROTOCOL);
    T_EQUAL_STR(b.member_id, "");
    b.protocols[0] = "range";
    b.type = "connect";
    cast_enter(&b);
    T_EQUAL_INT(b.join_error, MOCK_ERROR_INCONSISTENT_GROUP_PROTOCOL);
    T_EQUAL_STR(cast_state(), "Stable");
}

static void a_first_member_without_protocols_is_refused(void) {
    struct player a = cast_player("a");
    a.protocols[0] = NULL;
    cast_enter(&a);
    T_EQUAL_INT(a.join_error, MOCK_ERROR_INCONSISTENT_GROUP_PROTOCOL);
    T_TRUE(a.protocol_is_null);
    T_EQUAL_INT(a.generation, -1);
}

static void a_sync_with_another_protocol_is_refused(void) {
    struct player a = cast_player("a");
    cast_enter(&a);
    struct mock_sync_group_request request = {
        .group_id = base_slice_str("g"),
        .generation_id = 1,
        .member_id = base_slice_str(a.member_id),
        .protocol_type = base_slice_str("consumer"),
        .protocol_name = base_slice_str("sticky"),
    };
    const struct mock_group_caller caller = {"a", 1, "a", "/127.0.0.1", &a};
    mock_groups_sync(cast_groups, &caller, 5, &request, cast_now_ms);
    T_EQUAL_INT(a.sync_error, MOCK_ERROR_INCONSISTENT_GROUP_PROTOCOL);
    request.protocol_name = base_slice_str("range");
    mock_groups_sync(cast_groups, &caller, 5, &request, cast_now_ms);
    T_EQUAL_INT(a.sync_error, 0);
}

static void a_rebalance_on_demand_is_told_at_the_next_heartbeat(void) {
    struct player a = cast_player("a");
    struct player *all[] = {&a};
    T_TRUE(!mock_groups_rebalance(cast_groups, "g", cast_now_ms));
    cast_stable(all, 1);
    T_EQUAL_INT(cast_heartbeat(&a), 0);
    T_TRUE(mock_groups_rebalance(cast_groups, "g", cast_now_ms));
    T_TRUE(mock_groups_rebalance(cast_groups, "g", cast_now_ms));
    T_EQUAL_INT(cast_heartbeat(&a), MOCK_ERROR_REBALANCE_IN_PROGRESS);
    cast_join(&a);
    T_EQUAL_INT(a.generation, 2);
}

CU_SuiteInfo *suite_mock_group_round(void) {
    static CU_TestInfo tests[] = {
#define T(name) {#name, name}
        T(a_single_member_joins_and_syncs_at_once),
        T(a_second_member_waits_for_the_first_to_rejoin),
        T(followers_wait_for_the_assignment_of_the_leader),
        T(a_sync_in_a_stable_group_is_answered_at_once),
        T(a_member_that_the_leader_forgets_gets_an_empty_assignment),
        T(a_late_joiner_sends_waiting_followers_back),
        T(a_follower_that_rejoins_unchanged_gets_the_present_generation),
        T(a_follower_with_new_metadata_starts_a_round),
        T(a_leader_that_rejoins_starts_a_round),
        T(a_join_that_is_repeated_before_the_sync_gets_the_same_answer),
        T(the_protocol_that_most_prefer_among_the_common_ones_wins),
        T(a_member_without_a_common_protocol_is_refused),
        T(a_first_member_without_protocols_is_refused),
        T(a_sync_with_another_protocol_is_refused),
        T(a_rebalance_on_demand_is_told_at_the_next_heartbeat),
        CU_TEST_INFO_NULL,
#undef T
    };
    static CU_SuiteInfo suites[] = {
        {"mock/group/round", NULL, NULL, cast_set_up, cast_tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
