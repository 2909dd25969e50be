/* Tests of static members (group.instance.id, KIP-345). */
#include "cast.h"
#include "suites.h"
#include "t_run.h"

static struct player a;
static struct player b;
static struct player *both[] = {&a, &b};

/* Two members, a leads; b is static. */
static void set_up(void) {
    cast_set_up();
    a = cast_player("a");
    b = cast_player("b");
    a.instance = "one";
    b.instance = "two";
    cast_stable(both, 2);
}

/* The same instance, started again: it does not know its member id. */
static struct player again(const struct player *p) {
    struct player next = *p;
    next.member_id[0] = '\0';
    next.join_answers = 0;
    next.sync_answers = 0;
    next.incarnation = p->incarnation + 1;
    return next;
}

static void a_static_member_needs_no_second_step(void) {
    T_EQUAL_INT(b.join_error, 0);
    T_EQUAL_INT(strncmp(b.member_id, "two-", 4), 0);
}

static void a_restart_keeps_the_assignment_without_a_round(void) {
    struct player next = again(&b);
    cast_join(&next);
    T_EQUAL_INT(next.join_error, 0);
    T_EQUAL_INT(next.generation, cast_generation());
    T_TRUE(strcmp(next.member_id, b.member_id) != 0);
    T_EQUAL_STR(cast_state(), "Stable");
    cast_sync(&next);
    T_EQUAL_STR(next.assignment, "b");
    T_EQUAL_INT(cast_heartbeat(&a), 0);
}

static void the_former_holder_is_fenced(void) {
    struct player next = again(&b);
    cast_join(&next);
    T_EQUAL_INT(cast_heartbeat(&b), MOCK_ERROR_FENCED_INSTANCE_ID);
    T_EQUAL_INT(cast_check_commit(&b), MOCK_ERROR_FENCED_INSTANCE_ID);
    cast_sync(&b);
    T_EQUAL_INT(b.sync_error, MOCK_ERROR_FENCED_INSTANCE_ID);
    T_EQUAL_INT(cast_leave(&b), MOCK_ERROR_FENCED_INSTANCE_ID);
    struct player copy = b;
    cast_join(&copy);
    T_EQUAL_INT(copy.join_error, MOCK_ERROR_FENCED_INSTANCE_ID);
    T_EQUAL_INT(cast_heartbeat(&next), 0);
}

static void a_parked_request_of_the_former_holder_is_fenced(void) {
    cast_join(&a); /* leads: a round starts */
    struct player next = again(&a);
    int answers = a.join_answers;
    cast_join(&next);
    T_EQUAL_INT(a.join_answers, answers + 1);
    T_EQUAL_INT(a.join_error, MOCK_ERROR_FENCED_INSTANCE_ID);
    cast_join(&b);
    T_EQUAL_INT(next.join_error, 0);
    T_EQUAL_STR(next.leader, next.member_id);
}

static void a_restarted_leader_is_not_told_that_it_leads_before_version_9(void) {
    struct player next = again(&a);
    cast_join(&next);
    T_EQUAL_STR(next.leader, a.member_id);
    T_EQUAL_INT(next.listed, 0);
    T_TRUE(!next.skip_assignment);
}

static void a_restarted_leader_skips_the_assignment_in_version_9(void) {
    struct player next = again(&a);
    next.version = 9;
    cast_join(&next);
    T_EQUAL_STR(next.leader, next.member_id);
    T_EQUAL_INT(next.listed, 2);
    T_TRUE(next.skip_assignment);
    struct player follower = again(&b);
    follower.version = 9;
    cast_join(&follower);
    T_EQUAL_INT(follower.listed, 0);
    T_TRUE(!follower.skip_assignment);
}

static void a_restart_before_the_assignment_starts_a_new_round(void) {
    cast_join(&a);
    cast_join(&b);
    T_EQUAL_STR(cast_state(), "CompletingRebalance");
    struct player next = again(&b);
    cast_join(&next);
    T_EQUAL_STR(cast_state(), "PreparingRebalance");
    cast_join(&a);
    T_EQUAL_INT(next.join_error, 0);
    T_EQUAL_INT(a.listed, 2);
}

static void a_restart_that_changes_the_protocol_starts_a_round(void) {
    cast_tear_down();
    cast_set_up();
    a = cast_player("a");
    b = cast_player("b");
    a.instance = "one";
    b.instance = "two";
    a.protocols[0] = "sticky";
    a.protocols[1] = "range";
    b.protocols[0] = "sticky";
    b.protocols[1] = "range";
    cast_stable(both, 2);
    struct player next = again(&b);
    next.protocols[0] = "range";
    next.protocols[1] = NULL;
    cast_join(&next);
    T_EQUAL_STR(cast_state(), "PreparingRebalance");
    cast_join(&a);
    T_EQUAL_STR(next.protocol, "range");
}

static void the_rebalance_timeout_keeps_static_members(void) {
    b.session_ms = 1800000;
    cast_join(&a);
    b.metadata = "x";
    cast_join(&b);
    cast_assign(&a, both, 2);
    cast_sync(&b);
    cast_join(&a);
    T_EQUAL_STR(cast_state(), "PreparingRebalance");
    cast_wait(60000);
    T_EQUAL_STR(cast_state(), "CompletingRebalance");
    T_EQUAL_INT(a.listed, 2);
}

static void an_administrator_removes_a_static_member_by_its_instance(void) {
    struct player by_instance = b;
    by_instance.member_id[0] = '\0';
    T_EQUAL_INT(cast_leave(&by_instance), 0);
    T_EQUAL_INT(cast_member_count(), 1);
    T_EQUAL_INT(cast_leave(&by_instance), MOCK_ERROR_UNKNOWN_MEMBER_ID);
    by_instance.instance = NULL;
    T_EQUAL_INT(cast_leave(&by_instance), MOCK_ERROR_UNKNOWN_MEMBER_ID);
}

static void a_restart_belongs_to_the_new_incarnation(void) {
    struct player next = again(&b);
    cast_join(&next);
    mock_groups_actor_died(cast_groups, "b", 1, cast_now_ms);
    T_EQUAL_INT(cast_member_count(), 2);
    mock_groups_actor_died(cast_groups, "b", 2, cast_now_ms);
    T_EQUAL_INT(cast_member_count(), 1);
}

CU_SuiteInfo *suite_mock_group_static(void) {
    static CU_TestInfo tests[] = {
#define T(name) {#name, name}
        T(a_static_member_needs_no_second_step),
        T(a_restart_keeps_the_assignment_without_a_round),
        T(the_former_holder_is_fenced),
        T(a_parked_request_of_the_former_holder_is_fenced),
        T(a_restarted_leader_is_not_told_that_it_leads_before_version_9),
        T(a_restarted_leader_skips_the_assignment_in_version_9),
        T(a_restart_before_the_assignment_starts_a_new_round),
        T(a_restart_that_changes_the_protocol_starts_a_round),
        T(the_rebalance_timeout_keeps_static_members),
        T(an_administrator_removes_a_static_member_by_its_instance),
        T(a_restart_belongs_to_the_new_incarnation),
        CU_TEST_INFO_NULL,
#undef T
    };
    static CU_SuiteInfo suites[] = {
        {"mock/group/static", NULL, NULL, set_up, cast_tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
