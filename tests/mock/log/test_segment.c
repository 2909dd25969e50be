/* Tests of segments and retention: when they roll, when they go. */
#include "base/memory.h"
#include "script.h"
#include "suites.h"
#include "t_run.h"

CLAIM(a_segment_rolls_before_a_batch_that_would_exceed_its_records, "language.md: segment.records",
      "set segment.records 4 \n n 1 2 3 \n n 4 5 \n segments 0 3 \n n 6 7 \n segments 0 3 \n n 8 \n"
      "segments 0 3 7")
CLAIM(a_batch_larger_than_a_segment_has_one_of_its_own, "language.md: a batch is never split",
      "set segment.records 2 \n n 1 2 3 4 5 \n segments 0 \n n 6 \n segments 0 5")
CLAIM(a_segment_rolls_before_its_size_is_exceeded, "LogSegment.shouldRoll",
      "set segment.bytes 160 \n n 1 \n n 2 \n segments 0 \n n 3 \n segments 0 2")
CLAIM(a_segment_rolls_by_time_at_an_append_only, "LogSegment.shouldRoll",
      "set segment.ms 1000 \n n 1 \n at 1000 \n n 2 \n segments 0 \n at 1 \n segments 0 \n"
      "n 3 \n segments 0 2")
CLAIM(a_compacted_log_rolls_by_its_greatest_lag_too, "LogConfig.maxSegmentMs",
      "set max.compaction.lag.ms 1000 \n n 1 \n at 1001 \n n 2 \n segments 0 1")
CLAIM(a_log_that_is_not_compacted_does_not_roll_by_lag, "LogConfig.maxSegmentMs",
      "set cleanup.policy delete \n set max.compaction.lag.ms 1000 \n n 1 \n at 1001 \n n 2 \n"
      "segments 0")
CLAIM(an_empty_segment_is_not_rolled, "UnifiedLog.roll",
      "roll \n segments 0 \n n 1 \n roll \n roll \n segments 0 1")

CLAIM(segments_too_old_are_deleted_from_the_oldest_on,
      "UnifiedLog.deleteRetentionMsBreachedSegments",
      "set cleanup.policy delete \n set retention.ms 1000 \n n 1 \n n 2 \n roll \n at 500 \n"
      "n 3 \n roll \n"
      "at 501 \n n 4 \n retain \n segments 2 3 \n start 2 \n end 4 \n offsets 2 3 \n"
      "removed 0 1 \n deleted 0 1")
CLAIM(the_active_segment_goes_too_and_another_follows, "UnifiedLog.deleteSegments",
      "set cleanup.policy delete \n set retention.ms 1000 \n n 1 \n at 1001 \n retain \n"
      "segments 1 \n start 1 \n"
      "end 1 \n offsets \n removed 0 \n last -1 \n n 2 \n offsets 1 \n retain \n start 1 \n"
      "removed")
CLAIM(a_segment_as_old_as_the_limit_stays, "UnifiedLog.deleteRetentionMsBreachedSegments",
      "set cleanup.policy delete \n set retention.ms 1000 \n n 1 \n at 1000 \n retain \n"
      "offsets 0 \n start 0")
CLAIM(segments_beyond_the_size_are_deleted, "UnifiedLog.deleteRetentionSizeBreachedSegments",
      "set cleanup.policy delete \n set retention.bytes 213 \n n 1 \n roll \n n 2 \n roll \n"
      "n 3 \n roll \n n 4 \n"
      "retain \n offsets 1 2 3 \n start 1")
CLAIM(a_compacted_log_is_not_deleted_by_time, "UnifiedLog.deleteOldSegments",
      "set retention.ms 1000 \n n 1 \n roll \n at 99999 \n retain \n offsets 0 \n start 0")
CLAIM(deleted_records_are_hidden_and_their_segments_go,
      "UnifiedLog.deleteLogStartOffsetBreachedSegments",
      "n 1 \n n 2 \n roll \n n 3 \n n 4 \n delete-before 1 \n start 1 \n offsets 0 1 2 3 \n"
      "retain \n offsets 0 1 2 3 \n"
      "delete-before 3 \n start 3 \n last 3 \n retain \n offsets 2 3 \n removed 0 1 \n start 3 \n"
      "delete-before 1 \n start 3 \n delete-before -1 \n start 4 \n last -1 \n end 4")
CLAIM(compact_and_delete_do_both,
      "LogCleanerParameterizedIntegrationTest.testCleansCombinedCompactAndDeleteTopic",
      "set cleanup.policy compact,delete \n set retention.ms 1000 \n n 1 \n n 1 \n n 2 \n"
      "roll \n clean \n"
      "offsets 1 2 \n at 2000 \n retain \n start 3 \n end 3 \n offsets")
CLAIM(an_aborted_transaction_is_forgotten_with_its_marker, "TransactionIndex",
      "set cleanup.policy delete \n set retention.ms 1000 \n p1 1 \n abort 1 \n roll \n"
      "at 2000 \n p1 2 \n abort 1 \n"
      "aborted 0-1 2-3 \n retain \n aborted 2-3")

static struct script s;
static int64_t live_before;

static void set_up(void) {
    live_before = base_memory_live_count();
    script_open(&s);
}

static void tear_down(void) {
    script_close(&s);
    T_EQUAL_INT(base_memory_live_count(), live_before);
}

static void records_cannot_be_deleted_beyond_the_end(void) {
    struct mock_clean_pass *pass = NULL;
    struct base_error err = BASE_ERROR_INIT;
    script_run(&s, "DeleteRecords", "n 1 \n n 2");
    T_EQUAL_INT(mock_log_delete_records(s.log, 3, s.now_ms, &pass, &err), BASE_USAGE);
    T_EQUAL_STR(err.text,
                "records can be deleted before an offset from 0 to 2 (-1: all), not before 3");
    T_EQUAL_INT(mock_log_delete_records(s.log, -2, s.now_ms, &pass, &err), BASE_USAGE);
    T_EQUAL_INT(mock_log_start(s.log), 0);
}

static void a_segment_view_shows_batches_and_sizes(void) {
    script_run(&s, "mock_log_segment", "n 1 2 \n n 3 \n roll \n n 4");
    T_EQUAL_INT(mock_log_segment_count(s.log), 2);
    struct mock_segment_view first = mock_log_segment(s.log, 0);
    struct mock_segment_view second = mock_log_segment(s.log, 1);
    T_EQUAL_INT(first.end_offset, 3);
    T_EQUAL_INT(first.batch_count, 2);
    T_EQUAL_INT(first.records, 3);
    T_TRUE(!first.is_active);
    T_EQUAL_INT(second.first_batch, 2);
    T_EQUAL_INT(second.end_offset, 4);
    T_TRUE(second.is_active);
    T_EQUAL_INT(first.bytes + second.bytes, mock_log_bytes(s.log));
}

static void times_are_not_found_below_the_log_start(void) {
    script_run(&s, "ListOffsets", "n 1 2 3 \n delete-before 1");
    int64_t offset = -1;
    int64_t timestamp = -1;
    T_TRUE(mock_log_find_timestamp(s.log, 0, &offset, &timestamp));
    T_EQUAL_INT(offset, 1);
    script_run(&s, "ListOffsets", "delete-before 3");
    T_TRUE(!mock_log_find_timestamp(s.log, 0, &offset, &timestamp));
    T_TRUE(!mock_log_max_timestamp(s.log, &offset, &timestamp));
}

static void a_removed_offset_gives_the_next_batch(void) {
    script_run(&s, "Fetch", "n 1 \n n 1 \n n 1 \n n 2 \n roll \n clean \n offsets 2 3");
    struct mock_stored_batch *found = NULL;
    size_t bytes = 0;
    T_EQUAL_INT(mock_log_read(s.log, 0, INT64_MAX, 1, true, &found, 1, &bytes), 1);
    T_EQUAL_INT(found->base_offset, 2);
    T_EQUAL_INT(mock_log_read(s.log, 1, INT64_MAX, 1, true, &found, 1, &bytes), 1);
    T_EQUAL_INT(found->base_offset, 2);
}

#define NAMED(test)                                                                                \
    { #test, test }

CU_SuiteInfo *suite_mock_log_segment(void) {
    static CU_TestInfo claims[] = {
        NAMED(a_segment_rolls_before_a_batch_that_would_exceed_its_records),
        NAMED(a_batch_larger_than_a_segment_has_one_of_its_own),
        NAMED(a_segment_rolls_before_its_size_is_exceeded),
        NAMED(a_segment_rolls_by_time_at_an_append_only),
        NAMED(a_compacted_log_rolls_by_its_greatest_lag_too),
        NAMED(a_log_that_is_not_compacted_does_not_roll_by_lag),
        NAMED(an_empty_segment_is_not_rolled),
        NAMED(segments_too_old_are_deleted_from_the_oldest_on),
        NAMED(the_active_segment_goes_too_and_another_follows),
        NAMED(a_segment_as_old_as_the_limit_stays),
        NAMED(segments_beyond_the_size_are_deleted),
        NAMED(a_compacted_log_is_not_deleted_by_time),
        NAMED(deleted_records_are_hidden_and_their_segments_go),
        NAMED(compact_and_delete_do_both),
        NAMED(an_aborted_transaction_is_forgotten_with_its_marker),
        CU_TEST_INFO_NULL,
    };
    static CU_TestInfo tests[] = {
        NAMED(records_cannot_be_deleted_beyond_the_end),
        NAMED(a_segment_view_shows_batches_and_sizes),
        NAMED(times_are_not_found_below_the_log_start),
        NAMED(a_removed_offset_gives_the_next_batch),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"segments roll and go", NULL, NULL, NULL, NULL, claims},
        {"reading what is left", NULL, NULL, set_up, tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
