/* Tests of what a fault does: each action, its order, its end. */
#include <string.h>

#include "ask.h"
#include "suites.h"

static struct peer p; /* is hit */
static struct peer o; /* looks on */
static const char *topic;

static void begin(void) {
    ask_begin();
    peer_open(&p, rig.listener, 1);
    topic = rig_topic(1, false);
    RIG_UNTIL(rig_count(MOCK_EVENT_CONNECT, -1) == 1);
    peer_open(&o, rig.listener, 1);
    T_EQUAL_INT(produce(&o, topic, 0, BATCH(.key = "first")).error, 0);
    T_EQUAL_INT(mock_coordinator_move(rig.broker, "g", 1, NULL), 0);
    rig_forget_events();
}

static void end(void) {
    peer_close(&p);
    peer_close(&o);
    ask_end();
}

/* Those that hit the produce of this key only. */
static struct mock_trigger on_produce_of(const char *key) {
    struct mock_trigger t = rig_on(MOCK_ON_PRODUCE);
    t.key = base_slice_str(key);
    return t;
}

/* -- dispositions -- */

static void drop_request_neither_appends_nor_answers(void) {
    struct mock_fault *fault = RIG_ARM(on_produce_of("x"), 1, {.kind = MOCK_DO_DROP_REQUEST});
    ask_produce(&p, -1, topic, 0, BATCH(.key = "x"));
    peer_expect_nothing(&p);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.key = "x")).base_offset, 1); /* once */
    T_EQUAL_INT(mock_fault_fired(fault), 1);
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 2);
}

static void drop_response_appends_and_does_not_answer(void) {
    struct mock_fault *fault = RIG_ARM(on_produce_of("x"), 1, {.kind = MOCK_DO_DROP_RESPONSE});
    ask_produce(&p, -1, topic, 0, BATCH(.key = "x"));
    peer_expect_nothing(&p);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.key = "y")).base_offset, 2);
    T_EQUAL_INT(mock_fault_fired(fault), 1);
    T_TRUE(rig_event(MOCK_EVENT_ACK, -1, 0)->dropped);
    T_TRUE(rig_event(MOCK_EVENT_SEND, MOCK_API_PRODUCE, 0)->dropped);
    T_TRUE(!rig_event(MOCK_EVENT_ACK, -1, 1)->dropped);
}

static void drop_response_and_reset_is_a_lost_acknowledgement(void) {
    struct mock_fault *fault =
        RIG_ARM(on_produce_of("x"), 1, {.kind = MOCK_DO_DROP_RESPONSE}, {.kind = MOCK_DO_RESET});
    ask_produce(&p, -1, topic, 0, BATCH(.key = "x"));
    T_TRUE(peer_await_close(&p));
    T_TRUE(p.reset);
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 2);
    T_EQUAL_INT(rig_count(MOCK_EVENT_ACK, -1), 1);
    T_TRUE(rig_event(MOCK_EVENT_ACK, -1, 0)->dropped);
    T_EQUAL_STR(rig_event(MOCK_EVENT_DISCONNECT, -1, 0)->text, "reset by fault");
    T_EQUAL_INT(mock_fault_fired(fault), 1);
    T_TRUE(is_alive(&o));
}

static void a_lost_acknowledgement_may_be_told_before_or_after_the_append(void) {
    struct mock_trigger t = rig_on(MOCK_ON_APPEND);
    t.key = base_slice_str("x");
    struct mock_fault *fault =
        RIG_ARM(t, 1, {.kind = MOCK_DO_DROP_RESPONSE}, {.kind = MOCK_DO_CLOSE});
    ask_produce(&p, -1, topic, 0, BATCH(.key = "x"));
    T_TRUE(peer_await_close(&p));
    T_TRUE(!p.reset);
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 2);
    T_EQUAL_INT(mock_fault_fired(fault), 1);
}

static void reset_alone_is_before_the_append(void) {
    RIG_ARM(on_produce_of("x"), 1, {.kind = MOCK_DO_RESET});
    ask_produce(&p, -1, topic, 0, BATCH(.key = "x"));
    T_TRUE(peer_await_close(&p));
    T_TRUE(is_alive(&o));
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 1);
}

static void error_is_answered_without_applying(void) {
    RIG_ARM(on_produce_of("x"), 1,
            {.kind = MOCK_DO_ERROR, .error = MOCK_ERROR_NOT_ENOUGH_REPLICAS});
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.key = "x")).error, MOCK_ERROR_NOT_ENOUGH_REPLICAS);
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 1);
    T_EQUAL_INT(rig_event(MOCK_EVENT_ACK, -1, 0)->error, MOCK_ERROR_NOT_ENOUGH_REPLICAS);
    T_EQUAL_INT(rig_count(MOCK_EVENT_APPEND, -1), 0);
}

static void apply_error_applies_and_answers_an_error(void) {
    RIG_ARM(on_produce_of("x"), 1,
            {.kind = MOCK_DO_APPLY_ERROR, .error = MOCK_ERROR_REQUEST_TIMED_OUT});
    struct produced said = produce(&p, topic, 0, BATCH(.key = "x"));
    T_EQUAL_INT(said.error, MOCK_ERROR_REQUEST_TIMED_OUT);
    T_EQUAL_INT(said.base_offset, -1);
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 2);
    T_EQUAL_INT(rig_event(MOCK_EVENT_ACK, -1, 0)->error, MOCK_ERROR_REQUEST_TIMED_OUT);
}

static void duplicate_response_is_sent_twice(void) {
    struct base_slice frame;
    RIG_ARM(on_produce_of("x"), 1, {.kind = MOCK_DO_DUPLICATE_RESPONSE});
    ask_produce(&p, -1, topic, 0, BATCH(.key = "x"));
    T_EQUAL_INT(take_produced(&p).base_offset, 1);
    T_TRUE(peer_await_frame(&p, &frame));
    T_EQUAL_INT(base_slice_of(frame.data, frame.len).data[3], (uint8_t)p.correlation_id);
    T_TRUE(is_alive(&p));
}

static void cut_response_sends_some_bytes_and_closes(void) {
    RIG_ARM(on_produce_of("x"), 1, {.kind = MOCK_DO_CUT_RESPONSE, .number = 7});
    ask_produce(&p, -1, topic, 0, BATCH(.key = "x"));
    T_TRUE(peer_await_close(&p));
    T_EQUAL_INT(mock_frame_splitter_pending_bytes(&p.splitter), 7);
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 2);
}

static void slice_response_arrives_whole(void) {
    for (int64_t size = 1; size < 40; size += 6) {
        RIG_ARM(on_produce_of("x"), 1, {.kind = MOCK_DO_SLICE_RESPONSE, .number = size});
        ask_produce(&p, -1, topic, 0, BATCH(.key = "x"));
        ask_produce(&p, -1, topic, 0, BATCH(.key = "y"));
        T_EQUAL_INT(take_produced(&p).error, 0);
        T_EQUAL_INT(take_produced(&p).error, 0); /* behind the slices */
    }
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 15);
}

static void close_ends_the_connection_with_a_fin(void) {
    RIG_ARM(rig_on(MOCK_ON_METADATA), 1, {.kind = MOCK_DO_CLOSE});
    T_TRUE(describe(&p, topic).closed);
    T_TRUE(p.closed && !p.reset);
}

/* -- waiting -- */

static void a_held_request_blocks_its_connection_only(void) {
    static bool go;
    go = false;
    struct mock_fault *fault = RIG_ARM(on_produce_of("x"), 1, {.kind = MOCK_DO_HOLD, .until = &go});
    ask_produce(&p, -1, topic, 0, BATCH(.key = "x"));
    ask_produce(&p, -1, topic, 0, BATCH(.key = "y"));
    RIG_UNTIL(rig_count(MOCK_EVENT_RECV, MOCK_API_PRODUCE) == 2);
    T_EQUAL_INT(produce(&o, topic, 0, BATCH(.key = "z")).base_offset, 1);
    T_TRUE(!peer_has_bytes(&p));
    T_TRUE(mock_actor_is_held(rig.broker, "peer"));
    T_TRUE(!mock_is_quiet(rig.broker));
    T_EQUAL_INT(mock_actor_inflight(rig.broker, "peer"), 2);
    T_EQUAL_INT(mock_fault_matched(fault), 1);
    T_EQUAL_INT(mock_fault_fired(fault), 0);
    rig_set(&go);
    T_EQUAL_INT(take_produced(&p).base_offset, 2);
    T_EQUAL_INT(take_produced(&p).base_offset, 3);
    T_EQUAL_INT(mock_fault_fired(fault), 1);
    T_TRUE(!mock_actor_is_held(rig.broker, NULL));
}

static void a_condition_that_holds_already_does_not_hold_the_request(void) {
    static bool go = true;
    struct mock_fault *fault = RIG_ARM(on_produce_of("x"), 1, {.kind = MOCK_DO_HOLD, .until = &go});
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.key = "x")).base_offset, 1);
    T_EQUAL_INT(mock_fault_fired(fault), 1);
}

static void an_answer_may_be_held_after_the_append(void) {
    static bool go;
    go = false;
    RIG_ARM(rig_on(MOCK_ON_APPEND), 1, {.kind = MOCK_DO_HOLD, .until = &go});
    ask_produce(&p, -1, topic, 0, BATCH(.key = "x"));
    RIG_UNTIL(mock_partition_end(rig.broker, topic, 0) == 2);
    T_TRUE(is_alive(&o) && !peer_has_bytes(&p));
    rig_set(&go);
    T_EQUAL_INT(take_produced(&p).base_offset, 1);
}

static void heal_releases_what_is_held_and_skips_what_would_follow(void) {
    static bool never;
    struct mock_fault *fault = RIG_ARM(
        on_produce_of("x"), 1, {.kind = MOCK_DO_HOLD, .until = &never}, {.kind = MOCK_DO_RESET});
    ask_produce(&p, -1, topic, 0, BATCH(.key = "x"));
    RIG_UNTIL(mock_actor_is_held(rig.broker, "peer"));
    mock_faults_heal(rig.broker);
    T_EQUAL_INT(take_produced(&p).base_offset, 1);
    T_EQUAL_INT(mock_fault_fired(fault), 0);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.key = "x")).base_offset, 2); /* disarmed */
    T_EQUAL_INT(mock_fault_matched(fault), 1);
}

static void delay_waits_for_the_clock(void) {
    struct mock_fault *fault =
        RIG_ARM(on_produce_of("x"), 1, {.kind = MOCK_DO_DELAY, .number = 30});
    uint64_t before = uv_hrtime();
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.key = "x")).base_offset, 1);
    T_TRUE(uv_hrtime() - before >= 29 * 1000 * 1000u);
    T_EQUAL_INT(mock_fault_fired(fault), 1);
}

static void throttle_is_told_in_the_answer(void) {
    RIG_ARM(rig_on(MOCK_ON_PRODUCE), 1, {.kind = MOCK_DO_THROTTLE, .number = 1234});
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.key = "x")).throttle_ms, 1234);
    RIG_ARM(rig_on(MOCK_ON_FETCH), 1, {.kind = MOCK_DO_THROTTLE, .number = 99});
    T_EQUAL_INT(fetch(&p, topic, 0, 0).throttle_ms, 99);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.key = "x")).throttle_ms, 0);
}

static void a_held_request_whose_connection_ends_frees_its_firing_later(void) {
    static bool go;
    go = false;
    struct mock_fault *fault = RIG_ARM(on_produce_of("x"), 1, {.kind = MOCK_DO_HOLD, .until = &go},
                                       {.kind = MOCK_DO_DROP_RESPONSE});
    ask_produce(&p, -1, topic, 0, BATCH(.key = "x"));
    RIG_UNTIL(mock_actor_is_held(rig.broker, "peer"));
    peer_abort(&p);
    RIG_UNTIL(rig_count(MOCK_EVENT_DISCONNECT, -1) == 1);
    rig_set(&go);
    RIG_UNTIL(!mock_actor_is_held(rig.broker, NULL));
    T_EQUAL_INT(mock_fault_fired(fault), 0); /* there was no answer to drop */
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 1);
    peer_open(&p, rig.listener, 1);
}

/* -- on the cluster -- */

static void leader_moves_before_the_request_is_applied(void) {
    RIG_ARM(on_produce_of("x"), 1,
            {.kind = MOCK_DO_LEADER, .name = topic, .partition = 0, .number = 2});
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.key = "x")).error, MOCK_ERROR_NOT_LEADER_OR_FOLLOWER);
    T_EQUAL_INT(describe(&p, topic).leader, 2);
}

static void coordinator_moves(void) {
    RIG_ARM(rig_on(MOCK_ON_COMMIT), 1, {.kind = MOCK_DO_COORDINATOR, .name = "g", .number = 3});
    T_EQUAL_INT(commit(&p, "g", NULL, topic, 0, 1), MOCK_ERROR_NOT_COORDINATOR);
    T_EQUAL_INT(find_coordinator(&p, "g").node, 3);
}

static void down_and_up_stop_and_start_a_broker(void) {
    struct peer second;
    peer_open(&second, rig.listener, 2);
    T_TRUE(is_alive(&second));
    RIG_ARM(on_produce_of("x"), 1, {.kind = MOCK_DO_DOWN, .number = 2});
    RIG_ARM(on_produce_of("y"), 1, {.kind = MOCK_DO_UP, .number = 2});
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.key = "x")).error, 0);
    T_TRUE(peer_await_close(&second));
    T_EQUAL_INT(describe(&p, topic).broker_count, 2);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.key = "y")).error, 0);
    T_EQUAL_INT(describe(&p, topic).broker_count, 3);
    peer_close(&second);
}

static void a_broker_that_stops_under_its_own_request_breaks_the_connection(void) {
    struct mock_fault *fault = RIG_ARM(on_produce_of("x"), 1, {.kind = MOCK_DO_DOWN, .number = 1});
    ask_produce(&p, -1, topic, 0, BATCH(.key = "x"));
    T_TRUE(peer_await_close(&p));
    T_TRUE(peer_await_close(&o));
    T_EQUAL_INT(mock_fault_fired(fault), 1);
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 1);
    T_EQUAL_INT(mock_node_up(rig.broker, 1, NULL), 0);
    T_EQUAL_INT(mock_leader_move(rig.broker, topic, 0, 1, NULL), 0); /* another leads since */
    peer_close(&p);
    peer_open(&p, rig.listener, 1);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.key = "x")).base_offset, 1);
}

static void advance_moves_the_log_clock_only(void) {
    int64_t before = mock_clock_ms(rig.broker);
    RIG_ARM(on_produce_of("x"), 1, {.kind = MOCK_DO_ADVANCE, .number = 3600000});
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.key = "x")).error, 0);
    int64_t moved = mock_clock_ms(rig.broker) - before;
    T_TRUE(moved >= 3600000 && moved < 3600000 + 100000);
    T_EQUAL_INT(rig_event(MOCK_EVENT_CLOCK, -1, 0)->offset, 3600000);
    T_TRUE(mock_partition_batch(rig.broker, topic, 0, 1)->appended_ms >= before + 3600000);
}

static void rebalance_is_told_to_the_member(void) {
    char id[128];
    ask_join_new(&p, "g", topic, id);
    struct joined me = take_joined(&p);
    ask_sync(&p, "g", &me, topic, (const int32_t[]){1});
    T_EQUAL_INT(take_synced(&p).partitions, 1);
    RIG_ARM(rig_on(MOCK_ON_HEARTBEAT), 1, {.kind = MOCK_DO_REBALANCE, .name = "g"});
    T_EQUAL_INT(heartbeat(&p, "g", &me), MOCK_ERROR_REBALANCE_IN_PROGRESS);
    T_EQUAL_INT(leave(&p, "g", me.member_id), 0);
}

/* -- on actors -- */

static void a_host_action_holds_the_request_until_the_host_goes_on(void) {
    static const enum mock_action_kind kinds[] = {MOCK_DO_CRASH, MOCK_DO_RESTART, MOCK_DO_PAUSE,
                                                  MOCK_DO_RESUME};
    for (size_t i = 0; i < 4; i++) {
        struct mock_fault *fault =
            RIG_ARM(on_produce_of("x"), 1, {.kind = kinds[i], .name = "victim"});
        ask_produce(&p, -1, topic, 0, BATCH(.key = "x"));
        RIG_UNTIL(rig.acting != NULL);
        T_EQUAL_INT(rig.act_kind, kinds[i]);
        T_EQUAL_STR(rig.act_name, "victim");
        T_TRUE(is_alive(&o) && !peer_has_bytes(&p));
        T_EQUAL_INT(mock_fault_fired(fault), 0);
        struct mock_firing *firing = rig.acting;
        rig.acting = NULL;
        mock_firing_continue(firing);
        T_EQUAL_INT(take_produced(&p).base_offset, 1 + (int)i);
        T_EQUAL_INT(mock_fault_fired(fault), 1);
    }
}

static void an_action_that_the_host_refuses_is_told_and_not_counted(void) {
    rig.refuses_acts = true;
    struct mock_fault *fault =
        RIG_ARM(on_produce_of("x"), 1, {.kind = MOCK_DO_CRASH, .name = "nobody"});
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.key = "x")).error, 0);
    T_EQUAL_INT(rig.acts, 1);
    T_EQUAL_INT(mock_fault_fired(fault), 0);
    T_EQUAL_INT(mock_fault_matched(fault), 1);
    T_EQUAL_INT(rig_event(MOCK_EVENT_FAULT, -1, 1)->offset, -1);
}

static void actions_run_in_their_order(void) {
    static bool go;
    go = false;
    struct mock_fault *fault =
        RIG_ARM(on_produce_of("x"), 1, {.kind = MOCK_DO_PAUSE, .name = "a"},
                {.kind = MOCK_DO_DROP_RESPONSE}, {.kind = MOCK_DO_HOLD, .until = &go},
                {.kind = MOCK_DO_RESUME, .name = "a"}, {.kind = MOCK_DO_CLOSE});
    ask_produce(&p, -1, topic, 0, BATCH(.key = "x"));
    RIG_UNTIL(rig.acting != NULL);
    T_EQUAL_INT(rig.act_kind, MOCK_DO_PAUSE);
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 1); /* before the disposition: held */
    struct mock_firing *firing = rig.acting;
    rig.acting = NULL;
    mock_firing_continue(firing);
    RIG_UNTIL(mock_partition_end(rig.broker, topic, 0) == 2); /* after it: applied */
    T_EQUAL_INT(rig.acts, 1);
    rig_set(&go);
    RIG_UNTIL(rig.acting != NULL);
    T_EQUAL_INT(rig.act_kind, MOCK_DO_RESUME);
    T_TRUE(!peer_has_bytes(&p));
    firing = rig.acting;
    rig.acting = NULL;
    mock_firing_continue(firing);
    T_TRUE(peer_await_close(&p));
    T_EQUAL_INT(mock_fault_fired(fault), 1);
}

static void dispositions_work_on_every_answer(void) {
    RIG_ARM(rig_on(MOCK_ON_METADATA), 1,
            {.kind = MOCK_DO_ERROR, .error = MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED});
    T_EQUAL_INT(describe(&p, topic).error, MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED);
    RIG_ARM(rig_on(MOCK_ON_FETCH), 1,
            {.kind = MOCK_DO_ERROR, .error = MOCK_ERROR_OFFSET_OUT_OF_RANGE});
    T_TRUE(fetch(&p, topic, 0, 0).error == MOCK_ERROR_OFFSET_OUT_OF_RANGE);
    RIG_ARM(rig_on(MOCK_ON_LIST_OFFSETS), 1,
            {.kind = MOCK_DO_ERROR, .error = MOCK_ERROR_UNSUPPORTED_FOR_MESSAGE_FORMAT});
    T_EQUAL_INT(list_offset(&p, topic, 0, -1).error, MOCK_ERROR_UNSUPPORTED_FOR_MESSAGE_FORMAT);
    RIG_ARM(rig_on(MOCK_ON_FIND_COORDINATOR), 1,
            {.kind = MOCK_DO_ERROR, .error = MOCK_ERROR_GROUP_AUTHORIZATION_FAILED});
    T_EQUAL_INT(find_coordinator(&p, "g").error, MOCK_ERROR_GROUP_AUTHORIZATION_FAILED);
    RIG_ARM(rig_on(MOCK_ON_INIT_PID), 1,
            {.kind = MOCK_DO_ERROR, .error = MOCK_ERROR_CLUSTER_AUTHORIZATION_FAILED});
    T_EQUAL_INT(init_producer(&p, NULL).error, MOCK_ERROR_CLUSTER_AUTHORIZATION_FAILED);
    RIG_ARM(rig_on(MOCK_ON_COMMIT), 1,
            {.kind = MOCK_DO_ERROR, .error = MOCK_ERROR_REQUEST_TIMED_OUT});
    T_EQUAL_INT(commit(&p, "g", NULL, topic, 0, 1), MOCK_ERROR_REQUEST_TIMED_OUT);
    T_EQUAL_INT(mock_group_committed(rig.broker, "g", topic, 0), -1);
    RIG_ARM(rig_on(MOCK_ON_COMMIT), 1,
            {.kind = MOCK_DO_APPLY_ERROR, .error = MOCK_ERROR_REQUEST_TIMED_OUT});
    T_EQUAL_INT(commit(&p, "g", NULL, topic, 0, 1), MOCK_ERROR_REQUEST_TIMED_OUT);
    T_EQUAL_INT(mock_group_committed(rig.broker, "g", topic, 0), 1);
    RIG_ARM(rig_on(MOCK_ON_JOIN), 1,
            {.kind = MOCK_DO_ERROR, .error = MOCK_ERROR_GROUP_MAX_SIZE_REACHED});
    ask_join(&p, "g", "", topic);
    T_EQUAL_INT(take_joined(&p).error, MOCK_ERROR_GROUP_MAX_SIZE_REACHED);
    RIG_ARM(rig_on(MOCK_ON_API_VERSIONS), 1, {.kind = MOCK_DO_CLOSE});
    T_TRUE(!is_alive(&p));
}

#define TEST(name)                                                                                 \
    { #name, name }

CU_SuiteInfo *suite_mock_gateway_action(void) {
    static CU_TestInfo tests[] = {
        TEST(drop_request_neither_appends_nor_answers),
        TEST(drop_response_appends_and_does_not_answer),
        TEST(drop_response_and_reset_is_a_lost_acknowledgement),
        TEST(a_lost_acknowledgement_may_be_told_before_or_after_the_append),
        TEST(reset_alone_is_before_the_append),
        TEST(error_is_answered_without_applying),
        TEST(apply_error_applies_and_answers_an_error),
        TEST(duplicate_response_is_sent_twice),
        TEST(cut_response_sends_some_bytes_and_closes),
        TEST(slice_response_arrives_whole),
        TEST(close_ends_the_connection_with_a_fin),
        TEST(a_held_request_blocks_its_connection_only),
        TEST(a_condition_that_holds_already_does_not_hold_the_request),
        TEST(an_answer_may_be_held_after_the_append),
        TEST(heal_releases_what_is_held_and_skips_what_would_follow),
        TEST(delay_waits_for_the_clock),
        TEST(throttle_is_told_in_the_answer),
        TEST(a_held_request_whose_connection_ends_frees_its_firing_later),
        TEST(leader_moves_before_the_request_is_applied),
        TEST(coordinator_moves),
        TEST(down_and_up_stop_and_start_a_broker),
        TEST(a_broker_that_stops_under_its_own_request_breaks_the_connection),
        TEST(advance_moves_the_log_clock_only),
        TEST(rebalance_is_told_to_the_member),
        TEST(a_host_action_holds_the_request_until_the_host_goes_on),
        TEST(an_action_that_the_host_refuses_is_told_and_not_counted),
        TEST(actions_run_in_their_order),
        TEST(dispositions_work_on_every_answer),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/fault action", rig_set_up, rig_tear_down, begin, end, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
