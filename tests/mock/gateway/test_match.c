/* Tests of which event a trigger means: by content, attempts, counts and order. */
#include <string.h>

#include "ask.h"
#include "suites.h"

static struct peer p;
static const char *topic;

static void begin(void) {
    ask_begin();
    peer_open(&p, rig.listener, 1);
    topic = rig_topic(2, false);
    T_EQUAL_INT(mock_coordinator_move(rig.broker, "g", 1, NULL), 0);
    T_EQUAL_INT(mock_coordinator_move(rig.broker, "h", 1, NULL), 0);
    rig_forget_events();
}

static void end(void) {
    peer_close(&p);
    ask_end();
}

#define REFUSE                                                                                     \
    { .kind = MOCK_DO_ERROR, .error = MOCK_ERROR_NOT_ENOUGH_REPLICAS }

static bool is_hit(struct base_slice batch, int32_t partition) {
    return produce(&p, topic, partition, batch).error == MOCK_ERROR_NOT_ENOUGH_REPLICAS;
}

static void a_key_selects_the_batch_that_carries_it(void) {
    struct mock_trigger t = rig_on(MOCK_ON_PRODUCE);
    t.key = base_slice_str("k2");
    RIG_ARM(t, MOCK_TIMES_ALWAYS, REFUSE);
    T_TRUE(!is_hit(BATCH(.count = 2), 0)); /* k0 k1 */
    T_TRUE(is_hit(BATCH(.count = 3), 0));
    T_TRUE(is_hit(BATCH(.count = 9, .codec = MOCK_CODEC_GZIP), 0));
    T_TRUE(!is_hit(BATCH(.key = ""), 0));
}

static void a_value_selects_the_record(void) {
    struct mock_trigger t = rig_on(MOCK_ON_PRODUCE);
    t.key = base_slice_str("k1");
    t.value = base_slice_str("v2");
    RIG_ARM(t, MOCK_TIMES_ALWAYS, REFUSE);
    T_TRUE(!is_hit(BATCH(.count = 5), 0)); /* k1 has v1, v2 has k2: no one record is both */
    T_TRUE(is_hit(BATCH(.key = "k1", .value = "v2"), 0));
}

static void topics_and_partitions_select(void) {
    static const char *names[2];
    names[0] = "another";
    names[1] = topic;
    struct mock_trigger t = rig_on(MOCK_ON_PRODUCE);
    t.topics = names;
    t.topic_count = 2;
    t.partition = 1;
    RIG_ARM(t, MOCK_TIMES_ALWAYS, REFUSE);
    T_TRUE(!is_hit(BATCH(.count = 1), 0));
    T_TRUE(is_hit(BATCH(.count = 1), 1));
    mock_faults_heal(rig.broker);
    t.topic_count = 1;
    RIG_ARM(t, MOCK_TIMES_ALWAYS, REFUSE);
    T_TRUE(!is_hit(BATCH(.count = 1), 1));
}

static void an_actor_selects_its_connections(void) {
    struct mock_listener *mine = rig_listen("w1", 1);
    struct peer w1;
    struct mock_trigger t = rig_on(MOCK_ON_PRODUCE);
    t.actor = "w1";
    RIG_ARM(t, MOCK_TIMES_ALWAYS, REFUSE);
    peer_open(&w1, mine, 1);
    T_TRUE(!is_hit(BATCH(.count = 1), 0));
    T_EQUAL_INT(produce(&w1, topic, 0, BATCH(.count = 1)).error, MOCK_ERROR_NOT_ENOUGH_REPLICAS);
    T_EQUAL_STR(rig_event(MOCK_EVENT_FAULT, -1, 0)->actor, "w1");
    peer_close(&w1);
    mock_listener_close(mine);
}

static void an_offset_selects_an_append(void) {
    struct mock_trigger t = rig_on(MOCK_ON_APPEND);
    t.offset = 4;
    t.partition = 0;
    struct mock_fault *fault = RIG_ARM(t, 1, {.kind = MOCK_DO_THROTTLE, .number = 9});
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.count = 3)).throttle_ms, 0);
    T_EQUAL_INT(mock_fault_matched(fault), 0);
    produce(&p, topic, 1, BATCH(.count = 9));
    T_EQUAL_INT(mock_fault_matched(fault), 0);
    produce(&p, topic, 0, BATCH(.count = 3)); /* 3, 4, 5 */
    T_EQUAL_INT(mock_fault_matched(fault), 1);
}

static void nth_skips_what_matches_the_rest(void) {
    struct mock_trigger t = rig_on(MOCK_ON_PRODUCE);
    t.key = base_slice_str("x");
    t.nth = 3;
    RIG_ARM(t, 1, REFUSE);
    for (int i = 1; i <= 5; i++) {
        T_TRUE(!is_hit(BATCH(.key = "y"), 0));
        T_TRUE(is_hit(BATCH(.key = "x"), 0) == (i == 3));
    }
}

static void times_limits_and_always_does_not(void) {
    struct mock_fault *twice = RIG_ARM(rig_on(MOCK_ON_PRODUCE), 2, REFUSE);
    for (int i = 1; i <= 4; i++) {
        T_TRUE(is_hit(BATCH(.count = 1), 0) == (i <= 2));
    }
    T_EQUAL_INT(mock_fault_fired(twice), 2);
    struct mock_fault *always = RIG_ARM(rig_on(MOCK_ON_PRODUCE), MOCK_TIMES_ALWAYS, REFUSE);
    for (int i = 0; i < 10; i++) {
        T_TRUE(is_hit(BATCH(.count = 1), 0));
    }
    T_EQUAL_INT(mock_fault_fired(always), 10);
    T_EQUAL_INT(mock_fault_fired(twice), 2);
}

static void the_first_in_order_wins_and_the_others_wait_for_their_own(void) {
    struct mock_fault *first = RIG_ARM(rig_on(MOCK_ON_PRODUCE), 1, REFUSE);
    struct mock_fault *second = RIG_ARM(
        rig_on(MOCK_ON_PRODUCE), 1, {.kind = MOCK_DO_ERROR, .error = MOCK_ERROR_REQUEST_TIMED_OUT});
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.count = 1)).error, MOCK_ERROR_NOT_ENOUGH_REPLICAS);
    T_EQUAL_INT(mock_fault_matched(second), 0);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.count = 1)).error, MOCK_ERROR_REQUEST_TIMED_OUT);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.count = 1)).error, 0);
    T_EQUAL_INT(mock_fault_fired(first) + mock_fault_fired(second), 2);
}

static void attempts_are_counted_by_intent_across_rebatching(void) {
    struct mock_trigger t = rig_on(MOCK_ON_PRODUCE);
    t.key = base_slice_str("x");
    t.attempt = 2;
    struct mock_fault *fault = RIG_ARM(t, MOCK_TIMES_ALWAYS, REFUSE);
    /* Two intents with the same key and value: each is counted by itself. */
    T_TRUE(!is_hit(BATCH(.key = "x", .value = "v", .intent = "1"), 0));
    T_TRUE(!is_hit(BATCH(.key = "x", .value = "v", .intent = "2"), 0));
    T_TRUE(is_hit(BATCH(.key = "x", .value = "v", .intent = "1", .codec = MOCK_CODEC_LZ4), 0));
    T_TRUE(is_hit(BATCH(.key = "x", .value = "v", .intent = "2"), 1));  /* another partition */
    T_TRUE(!is_hit(BATCH(.key = "x", .value = "v", .intent = "1"), 0)); /* the third */
    T_EQUAL_INT(mock_fault_matched(fault), 2);
}

static void attempts_without_intent_are_counted_by_content(void) {
    struct mock_trigger t = rig_on(MOCK_ON_PRODUCE);
    t.key = base_slice_str("k1");
    t.attempt = 2;
    RIG_ARM(t, 1, REFUSE);
    T_TRUE(!is_hit(BATCH(.count = 2), 0));
    T_TRUE(!is_hit(BATCH(.count = 1), 0)); /* without k1 */
    T_TRUE(is_hit(BATCH(.count = 4), 0));  /* batched with others */
    T_TRUE(!is_hit(BATCH(.count = 2), 0));
}

static void attempts_count_while_another_fault_has_the_request(void) {
    struct mock_trigger t = rig_on(MOCK_ON_PRODUCE);
    RIG_ARM(t, 1, {.kind = MOCK_DO_ERROR, .error = MOCK_ERROR_REQUEST_TIMED_OUT});
    t.key = base_slice_str("x");
    t.attempt = 2;
    RIG_ARM(t, 1, REFUSE);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.key = "x")).error, MOCK_ERROR_REQUEST_TIMED_OUT);
    T_TRUE(is_hit(BATCH(.key = "x"), 0));
}

/* -- each kind of trigger -- */

static void a_connection_is_a_trigger(void) {
    struct peer q;
    struct mock_listener *mine = rig_listen("w2", 1);
    struct mock_trigger t = rig_on(MOCK_ON_CONNECT);
    t.actor = "w2";
    t.nth = 2;
    struct mock_fault *fault = RIG_ARM(t, 1, {.kind = MOCK_DO_RESET});
    for (int i = 1; i <= 3; i++) {
        peer_open(&q, mine, 1);
        T_TRUE(is_alive(&q) == (i != 2));
        peer_close(&q);
    }
    T_EQUAL_INT(mock_fault_fired(fault), 1);
    mock_listener_close(mine);
}

static void a_held_connection_is_not_read(void) {
    static bool go;
    struct peer q;
    struct mock_listener *mine = rig_listen("w3", 1);
    struct mock_trigger t = rig_on(MOCK_ON_CONNECT);
    t.actor = "w3";
    RIG_ARM(t, 1, {.kind = MOCK_DO_HOLD, .until = &go});
    peer_open(&q, mine, 1);
    ask_produce(&q, -1, topic, 0, BATCH(.count = 1));
    RIG_UNTIL(mock_actor_is_held(rig.broker, "w3"));
    T_TRUE(is_alive(&p));
    T_EQUAL_INT(rig_count(MOCK_EVENT_RECV, MOCK_API_PRODUCE), 0);
    rig_set(&go);
    T_EQUAL_INT(take_produced(&q).error, 0);
    peer_close(&q);
    mock_listener_close(mine);
}

static void a_fetch_is_selected_by_its_offset(void) {
    struct mock_trigger t = rig_on(MOCK_ON_FETCH);
    t.offset = 2;
    produce(&p, topic, 0, BATCH(.count = 4));
    RIG_ARM(t, 1, {.kind = MOCK_DO_THROTTLE, .number = 5});
    T_EQUAL_INT(fetch(&p, topic, 0, 1).throttle_ms, 0);
    T_EQUAL_INT(fetch(&p, topic, 0, 2).throttle_ms, 5);
}

static void a_delivery_is_selected_by_what_it_carries(void) {
    struct mock_trigger t = rig_on(MOCK_ON_DELIVER);
    t.key = base_slice_str("x");
    t.offset = 1;
    struct mock_fault *fault = RIG_ARM(t, 1, {.kind = MOCK_DO_CUT_RESPONSE, .number = 30});
    T_EQUAL_INT(fetch(&p, topic, 0, 0).batches, 0); /* carries nothing */
    produce(&p, topic, 0, BATCH(.key = "x"));
    T_EQUAL_INT(fetch(&p, topic, 0, 0).batches, 1); /* x at offset 0 */
    produce(&p, topic, 0, BATCH(.key = "x"));
    T_EQUAL_INT(fetch(&p, topic, 1, 0).batches, 0);
    T_EQUAL_INT(mock_fault_matched(fault), 0);
    T_TRUE(fetch(&p, topic, 0, 1).closed);
    T_EQUAL_INT(mock_fault_fired(fault), 1);
}

static void a_commit_is_selected_by_what_it_newly_covers(void) {
    struct mock_trigger t = rig_on(MOCK_ON_COMMIT);
    t.offset = 4;
    t.partition = 0;
    struct mock_fault *fault = RIG_ARM(
        t, MOCK_TIMES_ALWAYS, {.kind = MOCK_DO_ERROR, .error = MOCK_ERROR_REQUEST_TIMED_OUT});
    T_EQUAL_INT(commit(&p, "g", NULL, topic, 0, 4), 0); /* covers 3 */
    T_EQUAL_INT(commit(&p, "g", NULL, topic, 1, 9), 0);
    T_EQUAL_INT(commit(&p, "g", NULL, topic, 0, 7), MOCK_ERROR_REQUEST_TIMED_OUT);
    T_EQUAL_INT(mock_fault_matched(fault), 1);
    mock_faults_heal(rig.broker);
    T_EQUAL_INT(commit(&p, "g", NULL, topic, 0, 7), 0);
    fault = RIG_ARM(t, MOCK_TIMES_ALWAYS,
                    {.kind = MOCK_DO_ERROR, .error = MOCK_ERROR_REQUEST_TIMED_OUT});
    T_EQUAL_INT(commit(&p, "g", NULL, topic, 0, 8), 0); /* 4 was covered before */
    T_EQUAL_INT(mock_fault_matched(fault), 0);
}

static void fetched_offsets_and_listed_offsets_are_selected_by_partition(void) {
    int16_t error;
    struct mock_trigger t = rig_on(MOCK_ON_FETCH_OFFSETS);
    t.partition = 1;
    RIG_ARM(t, 1, {.kind = MOCK_DO_ERROR, .error = MOCK_ERROR_COORDINATOR_LOAD_IN_PROGRESS});
    (void)committed(&p, "g", topic, 0, &error);
    T_EQUAL_INT(error, 0);
    (void)committed(&p, "g", topic, 1, &error);
    T_EQUAL_INT(error, MOCK_ERROR_COORDINATOR_LOAD_IN_PROGRESS);
    t.kind = MOCK_ON_LIST_OFFSETS;
    RIG_ARM(t, 1, {.kind = MOCK_DO_ERROR, .error = MOCK_ERROR_REQUEST_TIMED_OUT});
    T_EQUAL_INT(list_offset(&p, topic, 0, -1).error, 0);
    T_EQUAL_INT(list_offset(&p, topic, 1, -1).error, MOCK_ERROR_REQUEST_TIMED_OUT);
}

static void metadata_is_selected_by_topic(void) {
    static const char *names[1];
    names[0] = topic;
    struct mock_trigger t = rig_on(MOCK_ON_METADATA);
    t.topics = names;
    t.topic_count = 1;
    RIG_ARM(t, 1, {.kind = MOCK_DO_ERROR, .error = MOCK_ERROR_LEADER_NOT_AVAILABLE});
    T_EQUAL_INT(describe(&p, "some-other").error, MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION);
    T_EQUAL_INT(describe(&p, topic).error, MOCK_ERROR_LEADER_NOT_AVAILABLE);
}

/* Joins, and takes this many partitions. */
static struct joined enter(const char *group, int32_t count) {
    char id[128];
    ask_join_new(&p, group, topic, id);
    struct joined me = take_joined(&p);
    ask_sync(&p, group, &me, topic, (const int32_t[]){count});
    return me;
}

static void the_steps_of_a_group_are_triggers(void) {
    struct mock_fault *join = RIG_ARM(rig_on(MOCK_ON_JOIN), 1, {.kind = MOCK_DO_THROTTLE});
    struct mock_fault *sync = RIG_ARM(rig_on(MOCK_ON_SYNC), 1, {.kind = MOCK_DO_THROTTLE});
    struct mock_fault *beat = RIG_ARM(rig_on(MOCK_ON_HEARTBEAT), 1, {.kind = MOCK_DO_THROTTLE});
    struct mock_fault *gone = RIG_ARM(rig_on(MOCK_ON_LEAVE), 1, {.kind = MOCK_DO_THROTTLE});
    struct mock_fault *assign = RIG_ARM(rig_on(MOCK_ON_ASSIGN), 1, {.kind = MOCK_DO_THROTTLE});
    struct mock_fault *revoke = RIG_ARM(rig_on(MOCK_ON_REVOKE), 1, {.kind = MOCK_DO_THROTTLE});
    struct joined me = enter("g", 2);
    T_EQUAL_INT(take_synced(&p).partitions, 2);
    T_EQUAL_INT(mock_fault_fired(join), 1);
    T_EQUAL_INT(mock_fault_fired(sync), 1);
    T_EQUAL_INT(mock_fault_fired(assign), 1);
    T_EQUAL_INT(mock_fault_fired(revoke), 0);
    T_EQUAL_INT(heartbeat(&p, "g", &me), 0);
    T_EQUAL_INT(mock_fault_fired(beat), 1);
    T_EQUAL_INT(leave(&p, "g", me.member_id), 0);
    T_EQUAL_INT(mock_fault_fired(revoke), 1);
    T_EQUAL_INT(mock_fault_fired(gone), 1); /* one request may be both */
}

static void an_assignment_without_partitions_assigns_nothing(void) {
    struct mock_fault *assign = RIG_ARM(rig_on(MOCK_ON_ASSIGN), 1, {.kind = MOCK_DO_THROTTLE});
    struct joined me = enter("h", 0);
    T_EQUAL_INT(take_synced(&p).partitions, 0);
    T_EQUAL_INT(mock_fault_matched(assign), 0);
    T_EQUAL_INT(leave(&p, "h", me.member_id), 0);
}

/* -- points -- */

static struct mock_point point_of(const char *name, int *subject) {
    return (struct mock_point){.name = name,
                               .actor = "r1",
                               .incarnation = 1,
                               .topic = topic,
                               .partition = 1,
                               .offset = 5,
                               .key = base_slice_str("k"),
                               .value = base_slice_str("v"),
                               .subject = subject};
}

static struct mock_trigger on_point(const char *name) {
    struct mock_trigger t = rig_on(MOCK_ON_POINT);
    t.point = name;
    return t;
}

static void a_point_that_nobody_wants_goes_on(void) {
    int subject;
    struct mock_point point = point_of("before-effect", &subject);
    RIG_ARM(on_point("after-effect"), 1, {.kind = MOCK_DO_FAIL_EFFECT, .name = "disk-full"});
    T_TRUE(!mock_fault_offer(rig.broker, &point));
    T_TRUE(rig.gone_subject == NULL);
}

static void an_effect_may_fail_with_a_word(void) {
    int subject;
    struct mock_point point = point_of("before-effect", &subject);
    struct mock_fault *fault =
        RIG_ARM(on_point("before-effect"), 1, {.kind = MOCK_DO_FAIL_EFFECT, .name = "disk-full"});
    T_TRUE(mock_fault_offer(rig.broker, &point));
    T_TRUE(rig.failed_subject == &subject);
    T_EQUAL_STR(rig.failed_error, "disk-full");
    T_EQUAL_INT(mock_fault_fired(fault), 1);
    T_TRUE(!mock_fault_offer(rig.broker, &point));
}

static void a_point_is_selected_by_its_record(void) {
    int subject;
    struct mock_point point = point_of("before-effect", &subject);
    static const char *names[1];
    names[0] = topic;
    struct mock_trigger t = on_point("before-effect");
    t.topics = names;
    t.topic_count = 1;
    t.actor = "r1";
    t.key = base_slice_str("k");
    t.offset = 6;
    RIG_ARM(t, 1, {.kind = MOCK_DO_THROTTLE});
    T_TRUE(!mock_fault_offer(rig.broker, &point));
    point.offset = 6;
    point.actor = "r2";
    T_TRUE(!mock_fault_offer(rig.broker, &point));
    point.actor = "r1";
    point.key = base_slice_str("other");
    T_TRUE(!mock_fault_offer(rig.broker, &point));
    point.key = base_slice_str("k");
    point.partition = 0;
    T_TRUE(mock_fault_offer(rig.broker, &point));
    T_TRUE(rig.gone_subject == &subject);
}

static void a_held_point_goes_on_when_its_condition_holds(void) {
    static bool go;
    int subject;
    struct mock_point point = point_of("before-effect", &subject);
    go = false;
    RIG_ARM(on_point("before-effect"), 1, {.kind = MOCK_DO_HOLD, .until = &go});
    T_TRUE(mock_fault_offer(rig.broker, &point));
    T_TRUE(mock_actor_is_held(rig.broker, "r1"));
    T_TRUE(is_alive(&p));
    T_TRUE(rig.gone_subject == NULL);
    rig_set(&go);
    RIG_UNTIL(rig.gone_subject == &subject);
}

static void a_withdrawn_point_is_never_told_to_go(void) {
    static bool go;
    int subject;
    struct mock_point point = point_of("before-effect", &subject);
    go = false;
    RIG_ARM(on_point("before-effect"), 1, {.kind = MOCK_DO_HOLD, .until = &go});
    T_TRUE(mock_fault_offer(rig.broker, &point));
    mock_fault_withdraw(rig.broker, &subject);
    rig_set(&go);
    RIG_UNTIL(!mock_actor_is_held(rig.broker, NULL));
    T_TRUE(rig.gone_subject == NULL);
}

static void every_trigger_has_its_word(void) {
    for (int i = 0; i < MOCK_TRIGGER_KIND_COUNT; i++) {
        for (int j = 0; j < i; j++) {
            T_TRUE(strcmp(mock_trigger_kind_to_str(i), mock_trigger_kind_to_str(j)) != 0);
        }
    }
    T_EQUAL_STR(mock_trigger_kind_to_str(MOCK_TRIGGER_KIND_COUNT), "?");
}

#define TEST(name)                                                                                 \
    { #name, name }

CU_SuiteInfo *suite_mock_gateway_match(void) {
    static CU_TestInfo tests[] = {
        TEST(a_key_selects_the_batch_that_carries_it),
        TEST(a_value_selects_the_record),
        TEST(topics_and_partitions_select),
        TEST(an_actor_selects_its_connections),
        TEST(an_offset_selects_an_append),
        TEST(nth_skips_what_matches_the_rest),
        TEST(times_limits_and_always_does_not),
        TEST(the_first_in_order_wins_and_the_others_wait_for_their_own),
        TEST(attempts_are_counted_by_intent_across_rebatching),
        TEST(attempts_without_intent_are_counted_by_content),
        TEST(attempts_count_while_another_fault_has_the_request),
        TEST(a_connection_is_a_trigger),
        TEST(a_held_connection_is_not_read),
        TEST(a_fetch_is_selected_by_its_offset),
        TEST(a_delivery_is_selected_by_what_it_carries),
        TEST(a_commit_is_selected_by_what_it_newly_covers),
        TEST(fetched_offsets_and_listed_offsets_are_selected_by_partition),
        TEST(metadata_is_selected_by_topic),
        TEST(the_steps_of_a_group_are_triggers),
        TEST(an_assignment_without_partitions_assigns_nothing),
        TEST(a_point_that_nobody_wants_goes_on),
        TEST(an_effect_may_fail_with_a_word),
        TEST(a_point_is_selected_by_its_record),
        TEST(a_held_point_goes_on_when_its_condition_holds),
        TEST(a_withdrawn_point_is_never_told_to_go),
        TEST(every_trigger_has_its_word),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/fault match", rig_set_up, rig_tear_down, begin, end, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
