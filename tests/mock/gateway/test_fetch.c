/* Tests of Fetch: what it carries, when it waits, what wakes it. */
#include <string.h>

#include "ask.h"
#include "suites.h"

static struct peer p; /* reads */
static struct peer w; /* writes, and shows that time has gone on */

static void begin(void) {
    ask_begin();
    peer_open(&p, rig.listener, 1);
    peer_open(&w, rig.listener, 1);
}

static void end(void) {
    peer_close(&p);
    peer_close(&w);
    ask_end();
}

static const struct fetch_options patient = {.max_wait_ms = FOREVER_MS, .min_bytes = 1};

static void ask_patiently(const char *topic, int64_t offset) {
    bool waits = false;
    ask_fetch(&p, topic, 0, offset, &patient);
    RIG_UNTIL(mock_actor_position(rig.broker, "peer", topic, 0, &waits) == offset && waits);
}

static void several_batches_are_carried_at_once(void) {
    const char *topic = rig_topic(1, false);
    for (int i = 0; i < 5; i++) {
        produce(&w, topic, 0, BATCH(.count = 3));
    }
    struct fetched f = fetch(&p, topic, 0, 0);
    T_EQUAL_INT(f.batches, 5);
    T_EQUAL_INT(f.records_count, 15);
    T_EQUAL_INT(f.next_offset, 15);
    T_EQUAL_INT(f.high_watermark, 15);
    T_EQUAL_INT(f.log_start, 0);
    T_EQUAL_INT(rig_count(MOCK_EVENT_SERVE, -1), 5);
    T_EQUAL_INT(rig_event(MOCK_EVENT_SERVE, -1, 4)->records, 3);
}

static void a_fetch_from_the_middle_of_a_batch_gets_the_whole_batch(void) {
    const char *topic = rig_topic(1, false);
    produce(&w, topic, 0, BATCH(.count = 4));
    produce(&w, topic, 0, BATCH(.count = 4));
    struct fetched f = fetch(&p, topic, 0, 6);
    T_EQUAL_INT(f.first_offset, 4);
    T_EQUAL_INT(f.batches, 1);
    T_EQUAL_INT(fetch(&p, topic, 0, 3).first_offset, 0);
}

static void at_the_end_there_is_nothing_and_beyond_it_an_error(void) {
    const char *topic = rig_topic(1, false);
    produce(&w, topic, 0, BATCH(.count = 4));
    struct fetched f = fetch(&p, topic, 0, 4);
    T_EQUAL_INT(f.error, 0);
    T_EQUAL_INT(f.batches, 0);
    T_EQUAL_INT(fetch(&p, topic, 0, 5).error, MOCK_ERROR_OFFSET_OUT_OF_RANGE);
    T_EQUAL_INT(fetch(&p, topic, 0, -1).error, MOCK_ERROR_OFFSET_OUT_OF_RANGE);
    ask_fetch(&p, topic, 0, 5, &patient); /* an error does not wait */
    T_EQUAL_INT(take_fetched(&p).error, MOCK_ERROR_OFFSET_OUT_OF_RANGE);
}

static void unknown_partitions_and_sessions_are_refused(void) {
    const char *topic = rig_topic(1, false);
    T_EQUAL_INT(fetch(&p, "nowhere", 0, 0).error, MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION);
    T_EQUAL_INT(fetch(&p, topic, 1, 0).error, MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION);
    ask_fetch(&p, topic, 0, 0, &(const struct fetch_options){.session_id = 7});
    T_EQUAL_INT(take_fetched(&p).error, MOCK_ERROR_FETCH_SESSION_ID_NOT_FOUND);
}

static void max_bytes_limits_what_follows_the_first_batch(void) {
    const char *topic = rig_topic(1, false);
    size_t one = 0;
    for (int i = 0; i < 4; i++) {
        struct base_slice batch = BATCH(.value_bytes = 1000);
        one = batch.len;
        produce(&w, topic, 0, batch);
    }
    struct fetch_options o = {.max_bytes = (int32_t)(2 * one + one / 2)};
    ask_fetch(&p, topic, 0, 0, &o);
    T_EQUAL_INT(take_fetched(&p).batches, 2);
    o = (struct fetch_options){.partition_max_bytes = (int32_t)(3 * one)};
    ask_fetch(&p, topic, 0, 0, &o);
    T_EQUAL_INT(take_fetched(&p).batches, 3);
}

static void the_first_batch_is_whole_even_beyond_max_bytes(void) {
    const char *topic = rig_topic(1, false);
    struct base_slice batch = BATCH(.value_bytes = 5000);
    produce(&w, topic, 0, batch);
    ask_fetch(&p, topic, 0, 0,
              &(const struct fetch_options){.max_bytes = 100, .partition_max_bytes = 10});
    struct fetched f = take_fetched(&p);
    T_EQUAL_INT(f.batches, 1);
    T_EQUAL_INT(f.records.len, batch.len);
}

static void a_waiting_fetch_is_woken_by_an_append(void) {
    const char *topic = rig_topic(2, false);
    ask_patiently(topic, 0);
    produce(&w, topic, 1, BATCH(.count = 1)); /* not what it asks for */
    T_TRUE(is_alive(&w) && !peer_has_bytes(&p));
    produce(&w, topic, 0, BATCH(.count = 2));
    struct fetched f = take_fetched(&p); /* a wait of ten minutes would trip the watchdog */
    T_EQUAL_INT(f.records_count, 2);
}

static void min_bytes_are_waited_for(void) {
    const char *topic = rig_topic(1, false);
    size_t one = BATCH(.value_bytes = 500).len;
    ask_fetch(&p, topic, 0, 0,
              &(const struct fetch_options){.max_wait_ms = FOREVER_MS,
                                            .min_bytes = (int32_t)(2 * one + 1)});
    for (int i = 0; i < 2; i++) {
        produce(&w, topic, 0, BATCH(.value_bytes = 500));
    }
    T_TRUE(is_alive(&w) && !peer_has_bytes(&p));
    produce(&w, topic, 0, BATCH(.value_bytes = 500));
    T_EQUAL_INT(take_fetched(&p).batches, 3);
}

static void max_wait_ends_a_wait_without_records(void) {
    const char *topic = rig_topic(1, false);
    ask_fetch(&p, topic, 0, 0, &(const struct fetch_options){.max_wait_ms = 20, .min_bytes = 1});
    struct fetched f = take_fetched(&p);
    T_EQUAL_INT(f.error, 0);
    T_EQUAL_INT(f.batches, 0);
    T_TRUE(rig_event(MOCK_EVENT_SEND, MOCK_API_FETCH, 0)->idle);
}

static void many_waiting_fetches_are_woken_by_one_append(void) {
    enum { COUNT = 50 };
    static struct peer many[COUNT];
    const char *topic = rig_topic(1, false);
    for (int i = 0; i < COUNT; i++) {
        peer_open(&many[i], rig.listener, 1);
        ask_fetch(&many[i], topic, 0, 0, &patient);
    }
    RIG_UNTIL(rig_count(MOCK_EVENT_BEFORE, MOCK_API_FETCH) == COUNT);
    produce(&w, topic, 0, BATCH(.count = 1));
    for (int i = 0; i < COUNT; i++) {
        T_EQUAL_INT(take_fetched(&many[i]).records_count, 1);
        peer_close(&many[i]);
    }
}

static void the_position_of_a_reader_is_where_it_asked_last(void) {
    const char *topic = rig_topic(1, false);
    bool waits = true;
    T_EQUAL_INT(mock_actor_position(rig.broker, "peer", topic, 0, &waits), -1);
    T_TRUE(!waits);
    produce(&w, topic, 0, BATCH(.count = 7));
    fetch(&p, topic, 0, 3);
    T_EQUAL_INT(mock_actor_position(rig.broker, "peer", topic, 0, &waits), 3);
    T_TRUE(!waits);
    ask_patiently(topic, 7);
    T_EQUAL_INT(mock_actor_position(rig.broker, "peer", topic, 0, &waits), 7);
    T_TRUE(waits);
    T_TRUE(mock_is_quiet(rig.broker)); /* a waiting fetch is no work */
    peer_close(&p);
    RIG_UNTIL(rig_count(MOCK_EVENT_DISCONNECT, -1) == 1);
    (void)mock_actor_position(rig.broker, "peer", topic, 0, &waits);
    T_TRUE(!waits);
    peer_open(&p, rig.listener, 1);
}

static void a_parked_actor_gets_no_records_until_it_is_unparked(void) {
    const char *topic = rig_topic(1, false);
    mock_actor_park(rig.broker, "peer", true);
    produce(&w, topic, 0, BATCH(.count = 2));
    ask_fetch(&p, topic, 0, 0, &patient);
    T_TRUE(is_alive(&w) && !peer_has_bytes(&p));
    mock_actor_park(rig.broker, "peer", false);
    T_EQUAL_INT(take_fetched(&p).records_count, 2);
}

static void other_actors_are_not_parked(void) {
    const char *topic = rig_topic(1, false);
    struct mock_listener *other = rig_listen("other", 1);
    struct peer o;
    peer_open(&o, other, 1);
    produce(&w, topic, 0, BATCH(.count = 2));
    mock_actor_park(rig.broker, "peer", true);
    T_EQUAL_INT(fetch(&o, topic, 0, 0).records_count, 2);
    mock_actor_park(rig.broker, "peer", false);
    peer_close(&o);
    mock_listener_close(other);
}

static void a_fetch_with_an_old_leader_epoch_is_fenced(void) {
    const char *topic = rig_topic(1, false);
    int32_t epoch = describe(&p, topic).leader_epoch;
    mock_leader_move(rig.broker, topic, 0, 2, NULL);
    mock_leader_move(rig.broker, topic, 0, 1, NULL);
    int32_t now = describe(&p, topic).leader_epoch;
    T_EQUAL_INT(now, epoch + 2);
    ask_fetch(&p, topic, 0, 0, &(const struct fetch_options){.epoch = now - 1});
    T_EQUAL_INT(take_fetched(&p).error, MOCK_ERROR_FENCED_LEADER_EPOCH);
    ask_fetch(&p, topic, 0, 0, &(const struct fetch_options){.epoch = now + 1});
    T_EQUAL_INT(take_fetched(&p).error, MOCK_ERROR_UNKNOWN_LEADER_EPOCH);
    ask_fetch(&p, topic, 0, 0, &(const struct fetch_options){.epoch = now});
    T_EQUAL_INT(take_fetched(&p).error, 0);
}

#define TEST(name) {#name, name}

CU_SuiteInfo *suite_mock_gateway_fetch(void) {
    static CU_TestInfo tests[] = {
        TEST(several_batches_are_carried_at_once),
        TEST(a_fetch_from_the_middle_of_a_batch_gets_the_whole_batch),
        TEST(at_the_end_there_is_nothing_and_beyond_it_an_error),
        TEST(unknown_partitions_and_sessions_are_refused),
        TEST(max_bytes_limits_what_follows_the_first_batch),
        TEST(the_first_batch_is_whole_even_beyond_max_bytes),
        TEST(a_waiting_fetch_is_woken_by_an_append),
        TEST(min_bytes_are_waited_for),
        TEST(max_wait_ends_a_wait_without_records),
        TEST(many_waiting_fetches_are_woken_by_one_append),
        TEST(the_position_of_a_reader_is_where_it_asked_last),
        TEST(a_parked_actor_gets_no_records_until_it_is_unparked),
        TEST(other_actors_are_not_parked),
        TEST(a_fetch_with_an_old_leader_epoch_is_fenced),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/gateway fetch", rig_set_up, rig_tear_down, begin, end, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
