/* Tests of groups over sockets: rounds, and what becomes of the dead. */
#include <string.h>

#include "ask.h"
#include "suites.h"

static int groups_made;
static char group[32];
static const char *topic;
static struct peer a, b;

static void begin(void) {
    ask_begin();
    (void)snprintf(group, sizeof(group), "group-%d", ++groups_made);
    T_EQUAL_INT(mock_coordinator_move(rig.broker, group, 1, NULL), 0);
    topic = rig_topic(4, false);
}

static const char *state(void) {
    struct mock_group_view view;
    return mock_groups_view(mock_broker_groups(rig.broker), group, &view) ? view.state : "?";
}

/* Becomes the only member, with all four partitions. */
static struct joined become_the_only_member(struct peer *p) {
    char id[128];
    ask_join_new(p, group, topic, id);
    struct joined me = take_joined(p);
    T_EQUAL_INT(me.error, 0);
    T_TRUE(me.leads);
    ask_sync(p, group, &me, topic, (const int32_t[]){4});
    T_EQUAL_INT(take_synced(p).partitions, 4);
    T_EQUAL_STR(state(), "Stable");
    return me;
}

static void a_lone_member_joins_without_a_wait(void) {
    peer_open(&a, rig.listener, 1);
    struct joined me = become_the_only_member(&a);
    T_EQUAL_INT(me.generation, 1);
    T_EQUAL_INT(heartbeat(&a, group, &me), 0);
    T_EQUAL_INT(leave(&a, group, me.member_id), 0);
    T_EQUAL_STR(state(), "Empty");
    peer_close(&a);
}

static void a_second_member_waits_for_the_first_and_shares(void) {
    char id[128];
    peer_open(&a, rig.listener, 1);
    peer_open(&b, rig.listener, 1);
    struct joined first = become_the_only_member(&a);
    ask_join_new(&b, group, topic, id);
    T_EQUAL_INT(heartbeat(&a, group, &first), MOCK_ERROR_REBALANCE_IN_PROGRESS);
    T_TRUE(!peer_has_bytes(&b));
    ask_join(&a, group, first.member_id, topic);
    first = take_joined(&a);
    struct joined second = take_joined(&b);
    T_EQUAL_INT(first.generation, 2);
    T_EQUAL_INT(second.generation, 2);
    T_EQUAL_INT(first.member_count, 2);
    ask_sync(&b, group, &second, topic, NULL);
    ask_sync(&a, group, &first, topic, (const int32_t[]){2, 2});
    T_EQUAL_INT(take_synced(&a).partitions, 2);
    T_EQUAL_INT(take_synced(&b).partitions, 2);
    peer_close(&a);
    peer_close(&b);
}

/* The first member dies while the second waits in its join. */
static void succeed(bool listener_first) {
    char id[128];
    struct mock_listener *mine = rig_listen("victim", 1);
    peer_open(&a, mine, 1);
    peer_open(&b, rig.listener, 1);
    (void)become_the_only_member(&a);
    ask_join_new(&b, group, topic, id);
    T_TRUE(is_alive(&a));
    if (listener_first) {
        mock_listener_freeze(mine);
        mock_listener_close(mine);
        mock_actor_died(rig.broker, "victim", 1);
    } else {
        mock_actor_died(rig.broker, "victim", 1);
        mock_listener_close(mine);
    }
    /* The session would end in ten minutes: the watchdog ends the test before. */
    struct joined second = take_joined(&b);
    T_EQUAL_INT(second.error, 0);
    T_EQUAL_INT(second.member_count, 1);
    ask_sync(&b, group, &second, topic, (const int32_t[]){4});
    T_EQUAL_INT(take_synced(&b).partitions, 4);
    peer_close(&a);
    peer_close(&b);
}

static void a_killed_member_leaves_everything_to_its_successor_at_once(void) {
    succeed(true);
}

static void a_death_may_be_told_before_the_listener_closes(void) {
    succeed(false);
}

static void another_incarnation_of_the_dead_lives(void) {
    struct mock_listener *second = rig_listen("twice", 2);
    peer_open(&a, second, 1);
    struct joined me = become_the_only_member(&a);
    mock_actor_died(rig.broker, "twice", 1);
    T_EQUAL_INT(heartbeat(&a, group, &me), 0);
    T_EQUAL_STR(state(), "Stable");
    mock_actor_died(rig.broker, "twice", 2);
    T_EQUAL_STR(state(), "Empty");
    T_EQUAL_INT(heartbeat(&a, group, &me), MOCK_ERROR_UNKNOWN_MEMBER_ID);
    peer_close(&a);
    mock_listener_close(second);
}

static void a_connection_that_ends_is_no_death(void) {
    peer_open(&a, rig.listener, 1);
    struct joined me = become_the_only_member(&a);
    peer_abort(&a);
    RIG_UNTIL(rig_count(MOCK_EVENT_DISCONNECT, -1) == 1);
    peer_open(&a, rig.listener, 1);
    T_EQUAL_INT(heartbeat(&a, group, &me), 0);
    peer_close(&a);
}

static void a_rebalance_on_command_is_told_by_the_next_heartbeat(void) {
    peer_open(&a, rig.listener, 1);
    struct joined me = become_the_only_member(&a);
    T_EQUAL_INT(mock_group_rebalance(rig.broker, group, NULL), 0);
    T_EQUAL_INT(heartbeat(&a, group, &me), MOCK_ERROR_REBALANCE_IN_PROGRESS);
    ask_join(&a, group, me.member_id, topic);
    T_EQUAL_INT(take_joined(&a).generation, 2);
    peer_close(&a);
}

static void a_member_commits_in_its_generation_only(void) {
    int16_t error;
    peer_open(&a, rig.listener, 1);
    struct joined me = become_the_only_member(&a);
    T_EQUAL_INT(commit(&a, group, &me, topic, 0, 5), 0);
    struct joined old = me;
    old.generation--;
    T_EQUAL_INT(commit(&a, group, &old, topic, 0, 6), MOCK_ERROR_ILLEGAL_GENERATION);
    T_EQUAL_INT(commit(&a, group, NULL, topic, 0, 7), MOCK_ERROR_UNKNOWN_MEMBER_ID);
    T_EQUAL_INT(committed(&a, group, topic, 0, &error), 5);
    peer_close(&a);
}

static void a_wrong_broker_refuses_members(void) {
    peer_open(&a, rig.listener, 2);
    ask_join(&a, group, "", topic);
    T_EQUAL_INT(take_joined(&a).error, MOCK_ERROR_NOT_COORDINATOR);
    struct joined nobody = {.member_id = "x"};
    T_EQUAL_INT(heartbeat(&a, group, &nobody), MOCK_ERROR_NOT_COORDINATOR);
    T_EQUAL_INT(leave(&a, group, "x"), MOCK_ERROR_NOT_COORDINATOR);
    ask_sync(&a, group, &nobody, topic, NULL);
    T_EQUAL_INT(take_synced(&a).error, MOCK_ERROR_NOT_COORDINATOR);
    peer_close(&a);
}

static void a_waiting_join_whose_connection_ends_leaves_nothing(void) {
    char id[128];
    peer_open(&a, rig.listener, 1);
    peer_open(&b, rig.listener, 1);
    struct joined first = become_the_only_member(&a);
    ask_join_new(&b, group, topic, id);
    T_EQUAL_INT(heartbeat(&a, group, &first), MOCK_ERROR_REBALANCE_IN_PROGRESS);
    peer_abort(&b);
    RIG_UNTIL(rig_count(MOCK_EVENT_DISCONNECT, -1) == 1);
    ask_join(&a, group, first.member_id, topic); /* waits for b, which is still a member */
    peer_open(&b, rig.listener, 1);
    ask_join(&b, group, id, topic);
    T_EQUAL_INT(take_joined(&a).member_count, 2);
    T_EQUAL_INT(take_joined(&b).error, 0);
    peer_close(&a);
    peer_close(&b);
}

/* -- session.expiry = real -- */

static int set_up_real(void) {
    return rig_open("session.expiry", "real", NULL);
}

static void with_real_expiry_a_killed_member_stays(void) {
    struct mock_listener *mine = rig_listen("victim", 1);
    peer_open(&a, mine, 1);
    (void)become_the_only_member(&a);
    mock_listener_close(mine);
    mock_actor_died(rig.broker, "victim", 1);
    T_EQUAL_STR(state(), "Stable");
    struct mock_group_view view;
    T_TRUE(mock_groups_view(mock_broker_groups(rig.broker), group, &view));
    T_EQUAL_INT(view.member_count, 1);
    char id[128];
    peer_open(&b, rig.listener, 1);
    ask_join_new(&b, group, topic, id);
    T_EQUAL_STR(state(), "Stable"); /* the join is on its way */
    RIG_UNTIL(strcmp(state(), "PreparingRebalance") == 0);
    T_TRUE(!peer_has_bytes(&b));
    peer_close(&a);
    peer_close(&b);
}

#define TEST(name) {#name, name}

CU_SuiteInfo *suite_mock_gateway_group(void) {
    static CU_TestInfo tests[] = {
        TEST(a_lone_member_joins_without_a_wait),
        TEST(a_second_member_waits_for_the_first_and_shares),
        TEST(a_killed_member_leaves_everything_to_its_successor_at_once),
        TEST(a_death_may_be_told_before_the_listener_closes),
        TEST(another_incarnation_of_the_dead_lives),
        TEST(a_connection_that_ends_is_no_death),
        TEST(a_rebalance_on_command_is_told_by_the_next_heartbeat),
        TEST(a_member_commits_in_its_generation_only),
        TEST(a_wrong_broker_refuses_members),
        TEST(a_waiting_join_whose_connection_ends_leaves_nothing),
        CU_TEST_INFO_NULL,
    };
    static CU_TestInfo real_tests[] = {
        TEST(with_real_expiry_a_killed_member_stays),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/gateway group", rig_set_up, rig_tear_down, begin, ask_end, tests},
        {"mock/gateway group, real expiry", set_up_real, rig_tear_down, begin, ask_end, real_tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
