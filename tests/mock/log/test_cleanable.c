/* Which part of a log is cleanable, and when Kafka would choose it: LogCleanerManagerTest,
 * LogToClean. */
#include "base/memory.h"
#include "script.h"
#include "suites.h"
#include "t_run.h"

struct expected {
    int64_t first_dirty;
    int64_t first_uncleanable;
    bool reset;
    bool needs_clean;
};

static int64_t live_before;
static struct script s;

static void set_up(void) {
    live_before = base_memory_live_count();
    script_open(&s);
}

static void tear_down(void) {
    script_close(&s);
    T_EQUAL_INT(base_memory_live_count(), live_before);
}

static struct mock_clean_range expect(const char *origin, const char *text, struct expected e) {
    script_run(&s, origin, text);
    struct mock_clean_range range = mock_log_cleanable(s.log, s.now_ms);
    T_EQUAL_INT(range.first_dirty, e.first_dirty);
    T_EQUAL_INT(range.first_uncleanable, e.first_uncleanable);
    T_EQUAL_INT(range.reset, e.reset);
    T_EQUAL_INT(range.needs_clean, e.needs_clean);
    return range;
}

static void all_but_the_active_segment_is_cleanable(void) {
    expect("testCleanableOffsetsActiveSegment", "n 1 \n roll \n n 2 \n roll \n n 3",
           (struct expected){0, 2, false, true});
}

static void nothing_is_cleanable_past_the_last_stable_offset(void) {
    expect("testCleanableOffsetsForNone", "n 1 \n roll \n n 2 \n roll \n n 3 \n stable 0",
           (struct expected){0, 0, false, false});
}

static void a_segment_that_holds_the_last_stable_offset_is_not_cleanable(void) {
    expect("calculateCleanableBytes", "n 1 \n n 1 \n roll \n n 2 \n n 2 \n roll \n n 3 \n stable 3",
           (struct expected){0, 2, false, true});
}

static void segments_younger_than_the_lag_are_not_cleanable(void) {
    expect("testCleanableOffsetsForTime",
           "set min.compaction.lag.ms 3600000 \n n 1 \n roll \n at 3600001 \n n 2 \n roll \n"
           "n 3 \n roll",
           (struct expected){0, 1, false, true});
}

static void with_all_within_the_lag_nothing_is_cleanable(void) {
    expect("testCleanableOffsetsForShortTime",
           "set min.compaction.lag.ms 3600000 \n n 1 \n roll \n n 2 \n roll",
           (struct expected){0, 0, false, false});
}

static void a_segment_as_old_as_the_lag_is_cleanable(void) {
    expect("cleanableOffsets: largestTimestamp > now - lag",
           "set min.compaction.lag.ms 3600000 \n n 1 \n roll \n at 3600000",
           (struct expected){0, 1, false, true});
}

static void a_segment_a_moment_younger_is_not_cleanable(void) {
    expect("cleanableOffsets: largestTimestamp > now - lag",
           "set min.compaction.lag.ms 3600000 \n n 1 \n roll \n at 3599999",
           (struct expected){0, 0, false, false});
}

static void the_uncleanable_offset_is_not_before_the_dirty_one(void) {
    expect("cleanableOffsets: max(firstDirty, firstUncleanable)",
           "n 1 \n roll \n clean \n n 1 \n roll \n stable 0",
           (struct expected){1, 1, false, false});
}

static void a_checkpoint_before_the_log_start_is_reset(void) {
    expect("testLogsWithSegmentsToDeleteShouldNotConsiderCleanupPolicyDeleteLogs, 235",
           "n 1 \n roll \n clean \n n 2 \n n 3 \n n 4 \n roll \n delete-before 3",
           (struct expected){3, 4, true, false});
}

static void a_checkpoint_beyond_the_end_is_reset(void) {
    script_run(&s, "grabFilthiestCompactedLog, 246", "n 1 \n roll");
    s.log->checkpoint = 99;
    expect("grabFilthiestCompactedLog, 246", "", (struct expected){0, 1, true, true});
}

static void a_log_that_is_not_compacted_is_never_chosen(void) {
    expect("testLogsWithSegmentsToDelete, 315", "set cleanup.policy delete \n n 1 \n roll",
           (struct expected){0, 1, false, false});
}

static void bytes_and_ratio_count_whole_segments(void) {
    script_run(&s, "testLogToCleanWithUncleanableSection",
               "n 1 \n roll \n n 1 \n roll \n n 1 \n roll \n n 1 \n roll \n n 1 \n roll \n n 1");
    s.log->checkpoint = 2;
    mock_log_hold_stable(s.log, 4);
    struct mock_clean_range range = mock_log_cleanable(s.log, s.now_ms);
    uint64_t one = s.log->segments[0].bytes;
    T_EQUAL_INT(range.clean_bytes, 2 * one);
    T_EQUAL_INT(range.cleanable_bytes, 2 * one);
    T_TRUE(range.ratio > 0.499 && range.ratio < 0.501);
    T_TRUE(!range.needs_clean); /* not more than the default ratio */
    T_EQUAL_INT(mock_log_config_set(&s.config, "min.cleanable.dirty.ratio", "0.49", NULL), 0);
    mock_log_configure(s.log, &s.config);
    T_TRUE(mock_log_cleanable(s.log, s.now_ms).needs_clean);
}

static void a_log_overdue_is_chosen_whatever_its_ratio(void) {
    expect("LogCleanerIntegrationTest, max lag 125",
           "set min.cleanable.dirty.ratio 1 \n set max.compaction.lag.ms 3600000 \n n 1 \n roll",
           (struct expected){0, 1, false, false});
    expect("LogCleanerIntegrationTest, max lag 125", "at 3600001",
           (struct expected){0, 1, false, true});
}

static void a_clean_log_is_not_chosen(void) {
    struct mock_clean_range range =
        expect("LogToClean", "n 1 \n roll \n clean", (struct expected){1, 1, false, false});
    T_EQUAL_INT(range.cleanable_bytes, 0);
    T_TRUE(range.clean_bytes > 0);
}

#define NAMED(test) {#test, test}

CU_SuiteInfo *suite_mock_log_cleanable(void) {
    static CU_TestInfo tests[] = {
        NAMED(all_but_the_active_segment_is_cleanable),
        NAMED(nothing_is_cleanable_past_the_last_stable_offset),
        NAMED(a_segment_that_holds_the_last_stable_offset_is_not_cleanable),
        NAMED(segments_younger_than_the_lag_are_not_cleanable),
        NAMED(with_all_within_the_lag_nothing_is_cleanable),
        NAMED(a_segment_as_old_as_the_lag_is_cleanable),
        NAMED(a_segment_a_moment_younger_is_not_cleanable),
        NAMED(the_uncleanable_offset_is_not_before_the_dirty_one),
        NAMED(a_checkpoint_before_the_log_start_is_reset),
        NAMED(a_checkpoint_beyond_the_end_is_reset),
        NAMED(a_log_that_is_not_compacted_is_never_chosen),
        NAMED(bytes_and_ratio_count_whole_segments),
        NAMED(a_log_overdue_is_chosen_whatever_its_ratio),
        NAMED(a_clean_log_is_not_chosen),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"the cleanable range", NULL, NULL, set_up, tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
