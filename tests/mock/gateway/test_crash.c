/* Tests of a crash: what was forwarded is finished and recorded, what was read ahead never was. */
#include <string.h>

#include "ask.h"
#include "suites.h"

static struct mock_listener *mine;
static struct peer v; /* the victim */
static struct peer o;
static const char *topic;

static void begin(void) {
    ask_begin();
    topic = rig_topic(1, false);
    mine = rig_listen("victim", 1);
    peer_open(&v, mine, 1);
    peer_open(&o, rig.listener, 1);
    T_TRUE(is_alive(&v) && is_alive(&o));
    T_EQUAL_INT(mock_coordinator_move(rig.broker, "g", 1, NULL), 0);
    rig_forget_events();
}

static void end(void) {
    peer_close(&v);
    peer_close(&o);
    if (mine) {
        mock_listener_close(mine);
    }
    ask_end();
}

/* As the runner does: freeze, (SIGKILL), close, the session ends. */
static void crash(void) {
    mock_listener_freeze(mine);
    mock_listener_close(mine);
    mine = NULL;
    mock_actor_died(rig.broker, "victim", 1);
}

static void what_was_sent_and_not_read_never_was(void) {
    ask_produce(&v, -1, topic, 0, BATCH(.count = 1)); /* lies in the socket */
    crash();
    T_TRUE(is_alive(&o));
    rig_settle();
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 0);
    T_EQUAL_INT(rig_count(MOCK_EVENT_RECV, MOCK_API_PRODUCE), 0);
    T_TRUE(peer_await_close(&v));
    T_EQUAL_STR(rig_event(MOCK_EVENT_DISCONNECT, -1, 0)->text, "killed");
}

static void what_was_forwarded_is_finished_and_recorded(void) {
    ask_produce(&v, -1, topic, 0, BATCH(.count = 2));
    RIG_UNTIL(rig_count(MOCK_EVENT_BEFORE, MOCK_API_PRODUCE) == 1);
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 0);
    mock_listener_freeze(mine);
    RIG_UNTIL(mock_partition_end(rig.broker, topic, 0) == 2);
    T_EQUAL_INT(rig_count(MOCK_EVENT_APPEND, -1), 1);
    T_TRUE(is_alive(&o) && !peer_has_bytes(&v)); /* but not answered */
    T_EQUAL_INT(rig_count(MOCK_EVENT_SEND, MOCK_API_PRODUCE), 0);
    crash();
    T_TRUE(peer_await_close(&v));
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 2);
}

static void what_was_forwarded_is_finished_after_the_close_too(void) {
    ask_produce(&v, -1, topic, 0, BATCH(.count = 2));
    RIG_UNTIL(rig_count(MOCK_EVENT_BEFORE, MOCK_API_PRODUCE) == 1);
    crash();
    RIG_UNTIL(mock_partition_end(rig.broker, topic, 0) == 2);
    T_EQUAL_STR(rig_event(MOCK_EVENT_APPEND, -1, 0)->actor, "victim");
}

static void what_was_read_ahead_is_as_if_never_sent(void) {
    struct mock_trigger t = rig_on(MOCK_ON_PRODUCE);
    t.key = base_slice_str("x");
    RIG_ARM(t, 1, {.kind = MOCK_DO_CRASH, .name = "victim"});
    ask_produce(&v, -1, topic, 0, BATCH(.key = "x"));
    for (int i = 0; i < 10; i++) {
        ask_produce(&v, -1, topic, 0, BATCH(.key = "behind"));
    }
    RIG_UNTIL(rig.acting != NULL);
    crash();
    mock_firing_continue(rig.acting);
    T_TRUE(is_alive(&o));
    rig_settle();
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 0);
    T_EQUAL_INT(rig_count(MOCK_EVENT_APPEND, -1), 0);
    T_TRUE(!mock_actor_is_held(rig.broker, NULL));
}

static void a_crash_at_a_commit_leaves_no_commit(void) {
    struct mock_trigger t = rig_on(MOCK_ON_COMMIT);
    t.offset = 4;
    struct mock_fault *fault = RIG_ARM(t, 1, {.kind = MOCK_DO_CRASH, .name = "victim"});
    T_EQUAL_INT(commit(&v, "g", NULL, topic, 0, 3), 0);
    ask_commit(&v, "g", NULL, topic, 0, 6);
    ask_commit(&v, "g", NULL, topic, 0, 9);
    RIG_UNTIL(rig.acting != NULL);
    crash();
    mock_firing_continue(rig.acting);
    T_TRUE(is_alive(&o));
    T_EQUAL_INT(mock_fault_fired(fault), 1);
    T_EQUAL_INT(mock_group_committed(rig.broker, "g", topic, 0), 3);
}

static void a_crash_after_an_append_loses_the_answer_only(void) {
    RIG_ARM(rig_on(MOCK_ON_APPEND), 1, {.kind = MOCK_DO_CRASH, .name = "victim"});
    ask_produce(&v, -1, topic, 0, BATCH(.count = 1));
    ask_produce(&v, -1, topic, 0, BATCH(.count = 1));
    RIG_UNTIL(rig.acting != NULL);
    crash();
    mock_firing_continue(rig.acting);
    T_TRUE(is_alive(&o));
    rig_settle();
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 1);
    T_TRUE(peer_await_close(&v));
}

static void a_frozen_fetch_is_not_served_and_costs_nothing(void) {
    struct mock_trigger t = rig_on(MOCK_ON_PRODUCE);
    ask_fetch(&v, topic, 0, 0, &(const struct fetch_options){.max_wait_ms = 10, .min_bytes = 1});
    RIG_UNTIL(rig_count(MOCK_EVENT_BEFORE, MOCK_API_FETCH) == 1);
    mock_listener_freeze(mine);
    RIG_ARM(t, 1, {.kind = MOCK_DO_DELAY, .number = 60});
    ask_produce(&o, -1, topic, 0, BATCH(.count = 1));
    int turns = 0;
    while (mock_partition_end(rig.broker, topic, 0) == 0) {
        rig_turn();
        turns++;
    }
    T_TRUE(turns < 40); /* the loop slept while the fetch was overdue */
    T_EQUAL_INT(take_produced(&o).error, 0);
    T_TRUE(!peer_has_bytes(&v));
}

static void nobody_connects_to_a_frozen_listener(void) {
    struct peer late;
    mock_listener_freeze(mine);
    peer_open(&late, mine, 1);
    T_TRUE(peer_await_close(&late));
    peer_close(&late);
    T_EQUAL_INT(rig_count(MOCK_EVENT_CONNECT, -1), 0);
}

static void a_crash_at_every_step_of_a_pipeline_keeps_a_prefix(void) {
    for (int steps = 0; steps < 60; steps++) {
        int64_t before = mock_partition_end(rig.broker, topic, 0);
        for (int i = 0; i < 8; i++) {
            ask_produce(&v, -1, topic, 0, BATCH(.count = 1));
        }
        for (int i = 0; i < steps / 3; i++) {
            uv_run(&rig.loop, UV_RUN_NOWAIT);
        }
        crash();
        rig_settle();
        int64_t kept = mock_partition_end(rig.broker, topic, 0) - before;
        T_TRUE(kept >= 0 && kept <= 8);
        peer_close(&v);
        mine = rig_listen("victim", (uint32_t)steps + 2);
        peer_open(&v, mine, 1);
        T_TRUE(is_alive(&v));
        /* Nothing of the dead comes later. */
        T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0) - before, kept);
    }
}

#define TEST(name) {#name, name}

CU_SuiteInfo *suite_mock_gateway_crash(void) {
    static CU_TestInfo tests[] = {
        TEST(what_was_sent_and_not_read_never_was),
        TEST(what_was_forwarded_is_finished_and_recorded),
        TEST(what_was_forwarded_is_finished_after_the_close_too),
        TEST(what_was_read_ahead_is_as_if_never_sent),
        TEST(a_crash_at_a_commit_leaves_no_commit),
        TEST(a_crash_after_an_append_loses_the_answer_only),
        TEST(a_frozen_fetch_is_not_served_and_costs_nothing),
        TEST(nobody_connects_to_a_frozen_listener),
        TEST(a_crash_at_every_step_of_a_pipeline_keeps_a_prefix),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/gateway crash", rig_set_up, rig_tear_down_whole, begin, end, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
