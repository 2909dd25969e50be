/* The expectations of Kafka's LogCleanerTest for logs without transactions, each with the test
 * that it comes from. */
#include "script.h"
#include "suites.h"
#include "t_run.h"

CLAIM(older_records_of_a_key_below_the_end_go, "LogCleanerTest.testCleanSegments",
      "n 1 \n n 2 \n n 3 \n n 1 \n n 3 \n roll \n clean \n keys 2 1 3 \n offsets 1 3 4 \n"
      "removed 0 2 \n deleted 0 2 \n emptied \n dirty 5 \n end 5 \n start 0")

CLAIM(the_log_keeps_its_start_and_end, "log-compaction.md 3.2.8",
      "n 1 \n n 1 \n n 1 \n roll \n clean \n offsets 2 \n start 0 \n end 3 \n last 2")

CLAIM(a_batch_keeps_its_last_offset_when_its_last_record_goes, "log-compaction.md 3.2.6",
      "n 1 2 3 \n n 3 2 \n roll \n clean \n offsets 0 3 4 \n bases 0 3 \n lasts 2 4")

CLAIM(a_sent_batch_is_still_known_after_cleaning, "LogCleanerTest.testDuplicateCheckAfterCleaning",
      "i1 1 2 3 \n i2 3 1 4 \n i3 1 4 \n roll \n clean 0 \n"
      "lasts 2 5 7 \n seqs 1:2 2:2 3:1 \n keys 2 3 1 4 \n offsets 1 3 6 7 \n"
      "reload \n again 1 0 3 0 2 \n again 3 0 2 6 7 \n again 2 0 3 3 5 \n"
      "i4 2 \n roll \n clean 0 \n seqs 1:2 2:2 3:1 4:0 \n lasts 2 5 7 8 \n keys 3 1 4 2 \n"
      "offsets 3 6 7 8 \n emptied 0 \n reload \n again 1 0 3 0 2")

CLAIM(the_last_batch_of_each_producer_stays_empty,
      "LogCleanerTest.testLogCleanerRetainsProducerLastSequence",
      "n 0 \n i1 0 \n i2 0 \n i3 0 \n i2 1 \n roll \n clean \n lasts 1 3 4 \n seqs 1:0 2:1 3:0 \n"
      "keys 0 1 \n offsets 3 4 \n emptied 1 \n deleted 0 2")

CLAIM(the_empty_batch_of_a_forgotten_producer_goes,
      "ProducerStateManager, producer.id.expiration.ms",
      "i1 0 \n n 0 \n roll \n clean \n lasts 0 1 \n emptied 0 \n forget 1 \n n 1 \n roll \n"
      "clean \n"
      "lasts 1 2 \n deleted 0")

CLAIM(a_producer_expires_when_it_is_not_heard_of, "ProducerStateManager.removeExpiredProducers",
      "i1 0 \n at 1 \n i2 0 \n n 0 \n at 86399999 \n expire 86400000 \n roll \n clean \n"
      "lasts 1 2 \n deleted 0 \n emptied 1")

CLAIM(statistics_count_what_was_read_and_kept, "LogCleanerTest.testLogCleanerStats",
      "map 3 \n n 0 \n n 1 \n n 0 \n n 1 \n n 0 \n roll \n clean 2 \n dirty 5 \n read 5 \n"
      "kept 2 \n"
      "invalid 0")

CLAIM(a_full_map_makes_partial_passes, "LogCleanerTest.testPartialSegmentClean",
      "map 1 \n n 0 \n n 1 \n n 0 \n n 1 \n n 0 \n roll \n clean 2 \n keys 1 0 1 0 \n"
      "offsets 1 2 3 4 \n partial 1 \n dirty 3 \n clean \n keys 0 1 0 \n offsets 2 3 4 \n clean \n"
      "keys 1 0 \n offsets 3 4 \n partial 0 \n idle")

CLAIM(a_map_filled_inside_a_batch_ends_the_pass_there, "LogCleanerTest.testBuildPartialOffsetMap",
      "map 2 \n n 1 2 3 \n n 1 \n roll \n clean \n dirty 2 \n offsets 0 1 2 3 \n partial 1 \n"
      "clean \n"
      "dirty 4 \n offsets 1 2 3 \n partial 0")

CLAIM(a_known_key_does_not_fit_into_a_full_map_either, "Cleaner.buildOffsetMapForSegment",
      "map 1 \n n 1 \n n 1 \n roll \n clean \n dirty 1 \n offsets 0 1 \n clean \n offsets 1")

CLAIM(only_whole_segments_below_the_uncleanable_offset_are_cleaned,
      "LogCleanerTest.testCleaningWithUncleanableSection",
      "set segment.records 4 \n n 1 \n n 1 \n n 2 \n n 2 \n n 1 \n n 1 \n n 2 \n n 2 \n n 1 \n"
      "n 1 \n"
      "stable 6 \n clean \n offsets 1 3 4 5 6 7 8 9 \n dirty 4 \n segments 0 4 8")

CLAIM(the_active_segment_is_left_alone, "LogCleanerManagerTest.testCleanableOffsetsActiveSegment",
      "n 1 \n roll \n n 1 \n n 1 \n clean \n offsets 0 1 2 \n dirty 1")

CLAIM(keyless_records_below_the_end_are_dropped_and_counted,
      "LogCleanerTest.testCleaningWithUnkeyedMessages",
      "n ? \n n ? \n n 1 \n n 2 \n roll \n clean \n keys 1 2 \n invalid 2 \n offsets 2 3")

CLAIM(keyless_records_past_the_indexed_part_stay, "LogCleaner.shouldRetainRecord",
      "map 1 \n n 1 \n n 2 \n n ? \n roll \n clean \n keys 1 2 ? \n invalid 0 \n dirty 1")

CLAIM(the_last_batch_of_the_round_stays_empty,
      "LogCleanerTest.testCleanSegmentsRetainingLastEmptyBatch",
      "n 1 \n n 2 \n n 1- \n roll \n clean \n offsets 1 2 \n stamped 2 \n at 86400000 \n n ? \n"
      "n 2 \n"
      "roll \n clean \n keys 2 \n offsets 4 \n lasts 4 \n"
      "n 3- \n roll \n clean \n at 86400001 \n n 2 \n n ? \n roll \n clean \n offsets 6 \n"
      "lasts 6 7 \n"
      "emptied 7 \n last 6 \n end 8 \n clean 0 \n lasts 6 7 \n emptied 7")

CLAIM(a_tombstone_removes_its_key_at_once_and_goes_itself_two_passes_later,
      "LogCleanerTest.testCleaningWithDeletes",
      "n 1 \n n 2 \n n 1- \n n 3 \n roll \n clean \n keys 2 1- 3 \n stamped 2 \n"
      "n 4 \n roll \n clean \n keys 2 1- 3 4 \n stamped \n"
      "at 86399999 \n n 5 \n roll \n clean \n keys 2 1- 3 4 5 \n"
      "at 1 \n n 6 \n roll \n clean \n keys 2 3 4 5 6 \n removed 2 \n deleted 2")

CLAIM(a_tombstone_needs_two_passes_without_any_retention, "log-compaction.md 3.2.5",
      "set delete.retention.ms 0 \n n 1- \n n 2 \n roll \n clean \n keys 1- 2 \n stamped 0 \n"
      "n 3 \n roll \n"
      "clean \n keys 2 3")

CLAIM(a_horizon_counts_from_the_pass_and_not_from_the_record, "LogCleanerTest.testCleanTombstone",
      "n 0 \n roll \n clean \n n 0- \n at 9000000000 \n roll \n clean \n keys 0- \n"
      "stamped 1 \n n 1 \n"
      "roll \n clean \n keys 0- 1")

CLAIM(a_tombstone_goes_when_its_key_has_a_new_value, "LogCleaner.shouldRetainRecord",
      "n 1- \n n 2 \n roll \n clean \n n 1 \n roll \n clean \n keys 2 1")

CLAIM(a_batch_with_a_horizon_keeps_it_when_it_is_rewritten, "MemoryRecords.filterTo",
      "n 1- 2 3 \n roll \n clean \n stamped 0 \n at 1000 \n n 2 \n roll \n clean \n keys 1- 3 2 \n"
      "stamped \n at 86399000 \n n 4 \n roll \n clean \n keys 3 2 4")

CLAIM(gaps_are_stepped_over, "LogCleanerTest.testCleaningBeyondMissingOffsets",
      "n 1 \n n 1 \n n 1 \n roll \n clean \n dirty 3 \n n 2 \n roll \n clean \n dirty 4 \n"
      "offsets 2 3")

CLAIM(a_segment_without_its_last_batch_is_indexed_to_its_end, "Cleaner.buildOffsetMapForSegment",
      "set segment.records 2 \n n 1 \n n 2 \n roll \n clean \n n 2 \n roll \n clean \n bases 0 2 \n"
      "segments 0 2 3 \n map 1 \n clean 0 \n dirty 2 \n partial 1")

CLAIM(nothing_dirty_changes_nothing, "language.md: compact",
      "idle \n n 1 \n n 1 \n idle \n roll \n clean \n offsets 1 \n idle \n at 99999999 \n idle \n"
      "offsets 1 \n removed \n dirty 2")

CLAIM(segments_are_grouped_up_to_their_limits, "LogCleanerTest.testSegmentGrouping",
      "set segment.records 4 \n n 1 \n n 1 \n n 1 \n n 1 \n n 2 \n n 2 \n n 2 \n n 2 \n n 3 \n"
      "roll \n"
      "clean \n segments 0 4 8 9 \n offsets 3 7 8 \n n 4 \n roll \n clean \n segments 0 10 \n"
      "offsets 3 7 8 9")

CLAIM(segments_are_grouped_up_to_segment_bytes, "LogCleanerTest.testSegmentGrouping",
      "n 1 \n roll \n n 2 \n roll \n n 3 \n roll \n set segment.bytes 160 \n clean \n"
      "segments 0 2 3")

CLAIM(every_codec_is_kept, "MemoryRecordsTest.testFilterTo",
      "codec gzip \n n 1 2 1- \n codec snappy \n n 2 3 4 \n codec lz4 \n n 3 5 6 \n"
      "codec zstd \n n 5 7 1- \n"
      "roll \n clean \n keys 2 4 3 6 5 7 1- \n offsets 3 5 6 8 9 10 11")

CLAIM(log_append_time_is_kept, "MemoryRecordsTest.testFilterToPreservesLogAppendTime",
      "append-time \n n 1 2 3 \n n 1 \n n 2- \n roll \n clean \n offsets 2 3 4 \n at 5 \n"
      "n 4 \n roll \n clean")

CLAIM(a_log_cleaned_already_is_copied, "MemoryRecordsTest.testFilterToAlreadyCompactedLog",
      "n 1 2 3 4 \n n 2 4 \n roll \n clean \n offsets 0 2 4 5 \n clean 0 \n offsets 0 2 4 5 \n"
      "removed \n deleted")

CLAIM(producer_state_is_rebuilt_from_a_compacted_log,
      "UnifiedLogTest.testRebuildProducerIdMapWithCompactedData",
      "i1 a b \n i1 c \n i1 d \n n a \n n c \n roll \n clean \n lasts 1 3 4 5 \n reload \n"
      "again 1 3 1 3 3 \n"
      "again 1 0 2 0 1")

CLAIM(producer_state_is_rebuilt_from_an_emptied_batch,
      "UnifiedLogTest.testRebuildProducerStateWithEmptyCompactedBatch",
      "i1 1 2 \n n 1 \n n 2 \n roll \n clean \n lasts 1 2 3 \n emptied 0 \n reload \n"
      "again 1 0 2 0 1")

#define NAMED(test) {#test, test}

CU_SuiteInfo *suite_mock_log_cleaner(void) {
    static CU_TestInfo tests[] = {
        NAMED(older_records_of_a_key_below_the_end_go),
        NAMED(the_log_keeps_its_start_and_end),
        NAMED(a_batch_keeps_its_last_offset_when_its_last_record_goes),
        NAMED(a_sent_batch_is_still_known_after_cleaning),
        NAMED(the_last_batch_of_each_producer_stays_empty),
        NAMED(the_empty_batch_of_a_forgotten_producer_goes),
        NAMED(a_producer_expires_when_it_is_not_heard_of),
        NAMED(a_segment_without_its_last_batch_is_indexed_to_its_end),
        NAMED(statistics_count_what_was_read_and_kept),
        NAMED(a_full_map_makes_partial_passes),
        NAMED(a_map_filled_inside_a_batch_ends_the_pass_there),
        NAMED(a_known_key_does_not_fit_into_a_full_map_either),
        NAMED(only_whole_segments_below_the_uncleanable_offset_are_cleaned),
        NAMED(the_active_segment_is_left_alone),
        NAMED(keyless_records_below_the_end_are_dropped_and_counted),
        NAMED(keyless_records_past_the_indexed_part_stay),
        NAMED(the_last_batch_of_the_round_stays_empty),
        NAMED(a_tombstone_removes_its_key_at_once_and_goes_itself_two_passes_later),
        NAMED(a_tombstone_needs_two_passes_without_any_retention),
        NAMED(a_horizon_counts_from_the_pass_and_not_from_the_record),
        NAMED(a_tombstone_goes_when_its_key_has_a_new_value),
        NAMED(a_batch_with_a_horizon_keeps_it_when_it_is_rewritten),
        NAMED(gaps_are_stepped_over),
        NAMED(nothing_dirty_changes_nothing),
        NAMED(segments_are_grouped_up_to_their_limits),
        NAMED(segments_are_grouped_up_to_segment_bytes),
        NAMED(every_codec_is_kept),
        NAMED(log_append_time_is_kept),
        NAMED(a_log_cleaned_already_is_copied),
        NAMED(producer_state_is_rebuilt_from_a_compacted_log),
        NAMED(producer_state_is_rebuilt_from_an_emptied_batch),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"the cleaner on logs without transactions", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
