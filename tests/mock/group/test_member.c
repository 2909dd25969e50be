/* Tests of members: ids, fencing, leaving, limits. */
#include "cast.h"
#include "suites.h"
#include "t_run.h"

static void a_dynamic_member_is_given_its_id_first(void) {
    struct player a = cast_player("a");
    cast_join(&a);
    T_EQUAL_INT(a.join_error, MOCK_ERROR_MEMBER_ID_REQUIRED);
    T_EQUAL_INT(strncmp(a.member_id, "a-", 2), 0);
    T_EQUAL_INT(cast_member_count(), 0);
    T_EQUAL_STR(cast_state(), "Empty");
    char given[CAST_TEXT];
    memcpy(given, a.member_id, sizeof(given));
    cast_join(&a);
    T_EQUAL_INT(a.join_error, 0);
    T_EQUAL_STR(a.member_id, given);
    T_EQUAL_INT(cast_member_count(), 1);
}

static void before_version_4_a_member_joins_in_one_step(void) {
    struct player a = cast_player("a");
    a.version = 3;
    cast_join(&a);
    T_EQUAL_INT(a.join_error, 0);
    T_EQUAL_INT(a.join_answers, 1);
    T_EQUAL_INT(a.generation, 1);
}

static void member_ids_are_never_given_twice(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("a");
    cast_join(&a);
    cast_join(&b);
    T_TRUE(strcmp(a.member_id, b.member_id) != 0);
}

static void an_id_that_was_given_and_not_used_expires_with_the_session(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player *all[] = {&a};
    cast_stable(all, 1);
    cast_join(&b);
    cast_join(&a); /* the leader: a round starts, and waits for the one to come */
    T_EQUAL_STR(cast_state(), "PreparingRebalance");
    T_EQUAL_INT(mock_groups_next_due_ms(cast_groups), cast_now_ms + 10000);
    cast_wait(9999);
    T_EQUAL_STR(cast_state(), "PreparingRebalance");
    cast_wait(1);
    T_EQUAL_STR(cast_state(), "CompletingRebalance");
    cast_join(&b);
    T_EQUAL_INT(b.join_error, MOCK_ERROR_UNKNOWN_MEMBER_ID);
}

static void an_expired_id_does_not_disturb_a_stable_group(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player *all[] = {&a};
    cast_stable(all, 1);
    cast_join(&b);
    cast_wait(9000);
    T_EQUAL_INT(cast_heartbeat(&a), 0);
    cast_wait(1000);
    T_EQUAL_STR(cast_state(), "Stable");
    T_EQUAL_INT(cast_leave(&b), MOCK_ERROR_UNKNOWN_MEMBER_ID);
}

static void strangers_are_unknown_everywhere(void) {
    struct player a = cast_player("a");
    struct player x = cast_player("x");
    memcpy(x.member_id, "x-1", 4);
    T_EQUAL_INT(cast_heartbeat(&x), MOCK_ERROR_UNKNOWN_MEMBER_ID);
    cast_sync(&x);
    T_EQUAL_INT(x.sync_error, MOCK_ERROR_UNKNOWN_MEMBER_ID);
    cast_join(&x);
    T_EQUAL_INT(x.join_error, MOCK_ERROR_UNKNOWN_MEMBER_ID);
    T_EQUAL_INT(cast_leave(&x), MOCK_ERROR_UNKNOWN_MEMBER_ID);
    T_TRUE(!mock_groups_exists(cast_groups, "g"));
    cast_enter(&a);
    T_TRUE(mock_groups_exists(cast_groups, "g"));
    x.generation = a.generation;
    T_EQUAL_INT(cast_heartbeat(&x), MOCK_ERROR_UNKNOWN_MEMBER_ID);
    cast_sync(&x);
    T_EQUAL_INT(x.sync_error, MOCK_ERROR_UNKNOWN_MEMBER_ID);
    T_EQUAL_INT(cast_leave(&x), MOCK_ERROR_UNKNOWN_MEMBER_ID);
}

static void another_generation_is_illegal(void) {
    struct player a = cast_player("a");
    struct player *all[] = {&a};
    cast_stable(all, 1);
    a.generation++;
    T_EQUAL_INT(cast_heartbeat(&a), MOCK_ERROR_ILLEGAL_GENERATION);
    cast_sync(&a);
    T_EQUAL_INT(a.sync_error, MOCK_ERROR_ILLEGAL_GENERATION);
    T_EQUAL_INT(cast_check_commit(&a), MOCK_ERROR_ILLEGAL_GENERATION);
    a.generation -= 2;
    T_EQUAL_INT(cast_heartbeat(&a), MOCK_ERROR_ILLEGAL_GENERATION);
}

static void the_last_member_that_leaves_makes_the_group_empty(void) {
    struct player a = cast_player("a");
    struct player *all[] = {&a};
    cast_stable(all, 1);
    T_EQUAL_INT(cast_leave(&a), 0);
    T_EQUAL_STR(cast_state(), "Empty");
    T_EQUAL_INT(cast_generation(), 2);
    T_EQUAL_INT(cast_member_count(), 0);
    T_EQUAL_INT(mock_groups_next_due_ms(cast_groups), INT64_MAX);
    T_EQUAL_STR(cast_changes, "left a,rebalancing,empty,");
    T_EQUAL_INT(cast_heartbeat(&a), MOCK_ERROR_UNKNOWN_MEMBER_ID);
}

static void a_leave_starts_a_round_and_the_next_oldest_leads(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player c = cast_player("c");
    struct player *all[] = {&a, &b, &c};
    cast_stable(all, 3);
    T_EQUAL_INT(cast_leave(&a), 0);
    T_EQUAL_STR(cast_state(), "PreparingRebalance");
    cast_join(&c);
    cast_join(&b);
    T_EQUAL_STR(b.leader, b.member_id);
    T_EQUAL_STR(c.leader, b.member_id);
    T_EQUAL_INT(b.listed, 2);
}

static void a_leave_completes_the_round_that_waits_for_it(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player *all[] = {&a, &b};
    cast_stable(all, 2);
    cast_join(&a);
    T_EQUAL_STR(cast_state(), "PreparingRebalance");
    T_EQUAL_INT(cast_leave(&b), 0);
    T_EQUAL_STR(cast_state(), "CompletingRebalance");
    T_EQUAL_INT(a.listed, 1);
}

static void a_member_that_leaves_while_it_waits_is_told_so(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player *all[] = {&a};
    cast_stable(all, 1);
    cast_enter(&b);
    struct player copy = b;
    T_EQUAL_INT(cast_leave(&copy), 0);
    T_EQUAL_INT(b.join_answers, 2);
    T_EQUAL_INT(b.join_error, MOCK_ERROR_UNKNOWN_MEMBER_ID);
    T_EQUAL_STR(b.member_id, "");
}

static void several_members_leave_with_an_error_each(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player *all[] = {&a, &b};
    cast_stable(all, 2);
    struct mock_leave_group_member members[] = {
        {base_slice_str(a.member_id), BASE_SLICE_NULL, BASE_SLICE_NULL},
        {base_slice_str("nobody"), BASE_SLICE_NULL, BASE_SLICE_NULL},
        {base_slice_str(b.member_id), BASE_SLICE_NULL, BASE_SLICE_NULL},
    };
    struct mock_leave_group_request request = {base_slice_str("g"), members, 3};
    int16_t errors[3] = {99, 99, 99};
    T_EQUAL_INT(mock_groups_leave(cast_groups, &request, errors, 3, cast_now_ms), 0);
    T_EQUAL_INT(errors[0], 0);
    T_EQUAL_INT(errors[1], MOCK_ERROR_UNKNOWN_MEMBER_ID);
    T_EQUAL_INT(errors[2], 0);
    T_EQUAL_STR(cast_state(), "Empty");
    request.group_id = base_slice_str("");
    T_EQUAL_INT(mock_groups_leave(cast_groups, &request, errors, 3, cast_now_ms),
                MOCK_ERROR_INVALID_GROUP_ID);
}

static void a_session_timeout_out_of_bounds_is_refused(void) {
    struct player a = cast_player("a");
    a.session_ms = 5999;
    cast_join(&a);
    T_EQUAL_INT(a.join_error, MOCK_ERROR_INVALID_SESSION_TIMEOUT);
    a.session_ms = 1800001;
    cast_join(&a);
    T_EQUAL_INT(a.join_error, MOCK_ERROR_INVALID_SESSION_TIMEOUT);
    T_TRUE(!mock_groups_exists(cast_groups, "g"));
    a.session_ms = 6000;
    cast_enter(&a);
    T_EQUAL_INT(a.join_error, 0);
}

static void an_empty_group_id_is_invalid(void) {
    struct player a = cast_player("a");
    const struct mock_group_caller caller = {"a", 1, "a", "/127.0.0.1", &a};
    const struct mock_join_group_request join = {.session_timeout_ms = 10000};
    const struct mock_sync_group_request sync = {.generation_id = 1};
    const struct mock_heartbeat_request heartbeat = {.generation_id = 1};
    mock_groups_join(cast_groups, &caller, 5, &join, cast_now_ms);
    mock_groups_sync(cast_groups, &caller, 3, &sync, cast_now_ms);
    T_EQUAL_INT(a.join_error, MOCK_ERROR_INVALID_GROUP_ID);
    T_EQUAL_INT(a.sync_error, MOCK_ERROR_INVALID_GROUP_ID);
    T_EQUAL_INT(mock_groups_heartbeat(cast_groups, &heartbeat, cast_now_ms),
                MOCK_ERROR_INVALID_GROUP_ID);
}

static void a_full_group_takes_nobody_else(void) {
    cast_tear_down();
    struct mock_groups_options options = MOCK_GROUPS_OPTIONS_INIT;
    options.max_members = 2;
    cast_set_up_with(&options);
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    struct player c = cast_player("c");
    struct player *all[] = {&a, &b};
    cast_stable(all, 2);
    cast_enter(&c);
    T_EQUAL_INT(c.join_error, MOCK_ERROR_GROUP_MAX_SIZE_REACHED);
    T_EQUAL_STR(c.member_id, "");
    T_EQUAL_STR(cast_state(), "Stable");
    cast_join(&a); /* members themselves may rejoin */
    cast_join(&b);
    T_EQUAL_INT(b.join_error, 0);
    T_EQUAL_INT(cast_leave(&b), 0);
    cast_enter(&c);
    T_EQUAL_INT(c.join_error, MOCK_ERROR_MEMBER_ID_REQUIRED);
}

static void members_can_be_viewed(void) {
    struct player a = cast_player("a");
    struct player b = cast_player("b");
    b.instance = "two";
    struct player *all[] = {&a, &b};
    cast_stable(all, 2);
    struct mock_group_view view;
    struct mock_member_view member;
    T_TRUE(!mock_groups_view(cast_groups, "other", &view));
    T_TRUE(mock_groups_view(cast_groups, "g", &view));
    T_EQUAL_STR(view.protocol_type, "consumer");
    T_EQUAL_STR(view.protocol, "range");
    T_EQUAL_INT(view.member_count, 2);
    mock_groups_member(cast_groups, "g", 1, &member);
    T_EQUAL_STR(member.member_id, b.member_id);
    T_EQUAL_STR(member.actor, "b");
    T_EQUAL_INT(member.incarnation, 1);
    T_EQUAL_STR(member.client_id, "b");
    T_EQUAL_STR(member.instance_id, "two");
    T_EQUAL_BYTES(member.assignment.data, member.assignment.len, "b", 1);
    mock_groups_member(cast_groups, "g", 0, &member);
    T_TRUE(member.instance_id == NULL);
}

CU_SuiteInfo *suite_mock_group_member(void) {
    static CU_TestInfo tests[] = {
#define T(name) {#name, name}
        T(a_dynamic_member_is_given_its_id_first),
        T(before_version_4_a_member_joins_in_one_step),
        T(member_ids_are_never_given_twice),
        T(an_id_that_was_given_and_not_used_expires_with_the_session),
        T(an_expired_id_does_not_disturb_a_stable_group),
        T(strangers_are_unknown_everywhere),
        T(another_generation_is_illegal),
        T(the_last_member_that_leaves_makes_the_group_empty),
        T(a_leave_starts_a_round_and_the_next_oldest_leads),
        T(a_leave_completes_the_round_that_waits_for_it),
        T(a_member_that_leaves_while_it_waits_is_told_so),
        T(several_members_leave_with_an_error_each),
        T(a_session_timeout_out_of_bounds_is_refused),
        T(an_empty_group_id_is_invalid),
        T(a_full_group_takes_nobody_else),
        T(members_can_be_viewed),
        CU_TEST_INFO_NULL,
#undef T
    };
    static CU_SuiteInfo suites[] = {
        {"mock/group/member", NULL, NULL, cast_set_up, cast_tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
