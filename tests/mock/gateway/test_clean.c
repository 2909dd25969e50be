/* Tests of passes over partitions: commands, what is told, faults, the clock, what clients see. */
#include <string.h>

#include "ask.h"
#include "mock/wire/record.h"
#include "suites.h"

static struct peer p;
static char topic[32];
static int topics_made;

/* name, value, …, NULL; compacted. */
static void create(const char *const *settings) {
    struct mock_topic_options options = MOCK_TOPIC_OPTIONS_INIT;
    options.compact = true;
    for (; settings && *settings; settings += 2) {
        T_EQUAL_INT(mock_log_config_set(&options.log, settings[0], settings[1], NULL), 0);
    }
    (void)snprintf(topic, sizeof(topic), "clean-%d", ++topics_made);
    T_EQUAL_INT(mock_topic_create(rig.broker, topic, &options, NULL), 0);
    T_EQUAL_INT(mock_leader_move(rig.broker, topic, 0, 1, NULL), 0);
    rig_forget_events();
}

static void begin(void) {
    ask_begin();
    peer_open(&p, rig.listener, 1);
    create(NULL);
}

static void end(void) {
    peer_close(&p);
    ask_end();
}

static void put(const char *key) {
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.key = key)).error, 0);
}

static void a_pass_is_told_with_the_roll_before_it(void) {
    put("a");
    put("a");
    T_EQUAL_INT(mock_compact(rig.broker, topic, 0, NULL), 0);
    T_EQUAL_INT(rig_count(MOCK_EVENT_ROLL, -1), 1);
    T_EQUAL_INT(rig_event(MOCK_EVENT_ROLL, -1, 0)->offset, 2);
    const struct rig_event *clean = rig_event(MOCK_EVENT_CLEAN, -1, 0);
    if (T_TRUE(clean != NULL)) {
        T_EQUAL_STR(clean->topic, topic);
        T_EQUAL_STR(clean->text, "compact");
        T_EQUAL_INT(clean->offset, 2);
    }
}

static void a_pass_with_nothing_dirty_is_told_and_changes_nothing(void) {
    put("a");
    T_EQUAL_INT(mock_compact(rig.broker, topic, 0, NULL), 0);
    rig_forget_events();
    T_EQUAL_INT(mock_compact(rig.broker, topic, 0, NULL), 0);
    T_EQUAL_INT(rig_count(MOCK_EVENT_CLEAN, -1), 1);
    T_EQUAL_INT(rig_count(MOCK_EVENT_ROLL, -1), 0);
    T_EQUAL_INT(mock_partition_last(rig.broker, topic, 0), 0);
}

static void a_removed_offset_is_answered_with_the_next_batch(void) {
    put("a");
    put("a");
    put("b");
    T_EQUAL_INT(mock_compact(rig.broker, topic, 0, NULL), 0);
    struct fetched f = fetch(&p, topic, 0, 0);
    T_EQUAL_INT(f.error, 0);
    T_EQUAL_INT(f.first_offset, 1);
    T_EQUAL_INT(f.batches, 2);
    T_EQUAL_INT(f.high_watermark, 3);
    T_EQUAL_INT(f.log_start, 0);
}

static void the_last_visible_record_is_below_an_emptied_tail(void) {
    create((const char *const[]){"delete.retention.ms", "0", NULL});
    put("a");
    T_EQUAL_INT(produce(&p, topic, 0,
                        BATCH(.key = "b", .producer_id = 7, .sequence = 0)).error, 0);
    put("b");
    T_EQUAL_INT(mock_partition_last(rig.broker, topic, 0), 2);
    T_EQUAL_INT(mock_compact(rig.broker, topic, 0, NULL), 0);
    struct mock_stored_batch *batch = mock_partition_batch(rig.broker, topic, 0, 1);
    T_EQUAL_INT(batch->base_offset, 1);
    T_EQUAL_INT(batch->record_count, 0); /* the producer's last, kept empty */
    struct fetched f = fetch(&p, topic, 0, 1);
    T_EQUAL_INT(f.first_offset, 1);
    T_EQUAL_INT(f.batches, 2);
    T_EQUAL_INT(f.records_count, 1);
    T_EQUAL_INT(mock_partition_last(rig.broker, topic, 0), 2);
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 3);
}

static void the_active_segment_stays_when_the_topic_says_so(void) {
    create((const char *const[]){"compact.active", "false", NULL});
    put("a");
    put("a");
    T_EQUAL_INT(mock_compact(rig.broker, topic, 0, NULL), 0);
    T_EQUAL_INT(fetch(&p, topic, 0, 0).first_offset, 0);
    T_EQUAL_INT(mock_roll(rig.broker, topic, -1, NULL), 0);
    T_EQUAL_INT(mock_compact(rig.broker, topic, -1, NULL), 0);
    T_EQUAL_INT(fetch(&p, topic, 0, 0).first_offset, 1);
}

static void a_batch_sent_again_after_a_pass_is_a_duplicate(void) {
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.key = "a", .producer_id = 9)).base_offset, 0);
    put("a");
    T_EQUAL_INT(mock_compact(rig.broker, topic, 0, NULL), 0);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.key = "a", .producer_id = 9)).base_offset, 0);
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 2);
}

static void a_pass_fires_a_fault_and_a_fault_makes_a_pass(void) {
    struct mock_trigger appended = rig_on(MOCK_ON_APPEND);
    appended.key = base_slice_str("go");
    struct mock_fault *makes =
        RIG_ARM(appended, 1, {.kind = MOCK_DO_COMPACT, .name = topic, .partition = 0});
    struct mock_trigger cleaned = rig_on(MOCK_ON_CLEAN);
    cleaned.offset = 1;
    struct mock_fault *sees = RIG_ARM(cleaned, 1, {.kind = MOCK_DO_ADVANCE, .number = 5});
    put("a");
    put("b");
    T_EQUAL_INT(mock_compact(rig.broker, topic, 0, NULL), 0);
    T_EQUAL_INT(mock_fault_fired(sees), 0); /* offset 1 was not removed */
    put("b");
    put("go");
    rig_settle();
    T_EQUAL_INT(mock_fault_fired(makes), 1);
    T_EQUAL_INT(mock_fault_fired(sees), 1);
    T_EQUAL_INT(fetch(&p, topic, 0, 1).first_offset, 2);
}

static void a_fault_that_cannot_compact_has_not_fired(void) {
    struct mock_trigger t = rig_on(MOCK_ON_APPEND);
    struct mock_fault *fault =
        RIG_ARM(t, 1, {.kind = MOCK_DO_COMPACT, .name = "nowhere", .partition = 0});
    put("a");
    rig_settle();
    T_EQUAL_INT(mock_fault_matched(fault), 1);
    T_EQUAL_INT(mock_fault_fired(fault), 0);
}

static void deleted_records_are_out_of_range(void) {
    put("a");
    put("b");
    T_EQUAL_INT(mock_delete_records(rig.broker, topic, 0, 1, NULL), 0);
    T_EQUAL_INT(mock_partition_start(rig.broker, topic, 0), 1);
    T_EQUAL_INT(fetch(&p, topic, 0, 0).error, MOCK_ERROR_OFFSET_OUT_OF_RANGE);
    T_EQUAL_INT(fetch(&p, topic, 0, 1).first_offset, 1);
    T_EQUAL_INT(mock_delete_records(rig.broker, topic, 0, 9, NULL), BASE_USAGE);
    T_EQUAL_STR(rig_event(MOCK_EVENT_CLEAN, -1, 0)->text, "delete-records");
}

static void the_clock_brings_retention(void) {
    create((const char *const[]){"cleanup.policy", "compact,delete", NULL});
    put("a");
    mock_clock_advance(rig.broker, 8 * INT64_C(86400000));
    T_EQUAL_INT(mock_partition_start(rig.broker, topic, 0), 0); /* the cleaner sees to it */
    T_EQUAL_INT(mock_compact(rig.broker, topic, 0, NULL), 0);
    T_EQUAL_INT(mock_partition_start(rig.broker, topic, 0), 1);
    struct mock_topic_options options = MOCK_TOPIC_OPTIONS_INIT;
    (void)snprintf(topic, sizeof(topic), "clean-%d", ++topics_made);
    T_EQUAL_INT(mock_topic_create(rig.broker, topic, &options, NULL), 0);
    T_EQUAL_INT(mock_leader_move(rig.broker, topic, 0, 1, NULL), 0);
    put("a");
    mock_clock_advance(rig.broker, INT64_C(86400000));
    T_EQUAL_INT(mock_partition_start(rig.broker, topic, 0), 1);
    T_EQUAL_INT(mock_retain(rig.broker, topic, 0, NULL), 0);
}

static void what_cannot_be_compacted_is_refused(void) {
    struct base_error err = BASE_ERROR_INIT;
    struct mock_topic_options options = MOCK_TOPIC_OPTIONS_INIT;
    T_EQUAL_INT(mock_topic_create(rig.broker, "not-compacted", &options, NULL), 0);
    T_EQUAL_INT(mock_compact(rig.broker, "not-compacted", 0, &err), BASE_STATE);
    T_TRUE(strstr(err.text, "cleanup.policy") != NULL);
    T_EQUAL_INT(mock_compact(rig.broker, "nowhere", 0, &err), BASE_NOT_FOUND);
    T_EQUAL_INT(mock_roll(rig.broker, topic, 1, &err), BASE_NOT_FOUND);
    options.log.min_compaction_lag_ms = 10;
    options.log.max_compaction_lag_ms = 5;
    T_EQUAL_INT(mock_topic_create(rig.broker, "lags", &options, &err), BASE_USAGE);
    T_TRUE(strstr(err.text, "topic lags: min.compaction.lag.ms") != NULL);
}

static void the_settings_of_a_topic_can_be_read(void) {
    const struct mock_log_config *config = mock_topic_config(rig.broker, topic);
    T_TRUE(config && config->cleanup_compact && !config->cleanup_delete);
    T_TRUE(mock_topic_config(rig.broker, "nowhere") == NULL);
}

static void a_batch_beyond_segment_bytes_is_refused(void) {
    create((const char *const[]){"segment.bytes", "100", NULL});
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.value_bytes = 100)).error,
                MOCK_ERROR_RECORD_LIST_TOO_LARGE);
}

/* -- compact.policy = adversarial -- */

static int set_up_adversarial(void) {
    return rig_open("compact.policy", "adversarial", NULL);
}

static void every_append_is_followed_by_a_pass(void) {
    put("a");
    put("a");
    put("b");
    T_EQUAL_INT(rig_count(MOCK_EVENT_CLEAN, -1), 3);
    struct fetched f = fetch(&p, topic, 0, 0);
    T_EQUAL_INT(f.first_offset, 1);
    T_EQUAL_INT(f.records_count, 2);
    T_EQUAL_INT(f.next_offset, 3);
}

static void an_adversary_keeps_to_the_lag(void) {
    create((const char *const[]){"min.compaction.lag.ms", "3600000", NULL});
    int64_t now = mock_clock_ms(rig.broker);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.key = "a", .timestamp_ms = now)).error, 0);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.key = "a", .timestamp_ms = now)).error, 0);
    T_EQUAL_INT(fetch(&p, topic, 0, 0).first_offset, 0);
}

static void an_append_fault_may_look_at_a_batch_that_is_gone(void) {
    /* A batch whose only record is superseded within itself by the time its fault is asked. */
    struct mock_trigger t = rig_on(MOCK_ON_APPEND);
    t.key = base_slice_str("x");
    struct mock_fault *fault = RIG_ARM(t, MOCK_TIMES_ALWAYS, {.kind = MOCK_DO_DELAY, .number = 1});
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.count = 3, .key = "x")).error, 0);
    T_EQUAL_INT(mock_fault_fired(fault), 1);
    T_EQUAL_INT(fetch(&p, topic, 0, 0).records_count, 1);
}

#define TEST(name) {#name, name}

CU_SuiteInfo *suite_mock_gateway_clean(void) {
    static CU_TestInfo exact[] = {
        TEST(a_pass_is_told_with_the_roll_before_it),
        TEST(a_pass_with_nothing_dirty_is_told_and_changes_nothing),
        TEST(a_removed_offset_is_answered_with_the_next_batch),
        TEST(the_last_visible_record_is_below_an_emptied_tail),
        TEST(the_active_segment_stays_when_the_topic_says_so),
        TEST(a_batch_sent_again_after_a_pass_is_a_duplicate),
        TEST(a_pass_fires_a_fault_and_a_fault_makes_a_pass),
        TEST(a_fault_that_cannot_compact_has_not_fired),
        TEST(deleted_records_are_out_of_range),
        TEST(the_clock_brings_retention),
        TEST(what_cannot_be_compacted_is_refused),
        TEST(the_settings_of_a_topic_can_be_read),
        TEST(a_batch_beyond_segment_bytes_is_refused),
        CU_TEST_INFO_NULL,
    };
    static CU_TestInfo adversarial[] = {
        TEST(every_append_is_followed_by_a_pass),
        TEST(an_adversary_keeps_to_the_lag),
        TEST(an_append_fault_may_look_at_a_batch_that_is_gone),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/gateway clean", rig_set_up, rig_tear_down, begin, end, exact},
        {"mock/gateway clean, adversarial", set_up_adversarial, rig_tear_down, begin, end,
         adversarial},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
