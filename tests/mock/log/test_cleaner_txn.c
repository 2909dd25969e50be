/* The expectations of Kafka's LogCleanerTest for transactions, on logs built by hand: the gateway
 * serves none yet. Each names the test that it comes from. */
#include "script.h"
#include "suites.h"
#include "t_run.h"

CLAIM(aborted_data_goes_and_its_index_stays_until_the_data_is_gone,
      "LogCleanerTest.testMultiPassSegmentCleaningWithAbortedTransactions",
      "set delete.retention.ms 50000 \n map 3 \n p1 1 2 \n p2 2 3 \n p1 3 4 \n commit 1 \n"
      "commit 2 \n"
      "p1 2 3 \n abort 1 \n p2 4 5 \n p1 5 6 \n commit 1 \n abort 2 \n p2 6 7 \n commit 2 \n"
      "roll \n"
      "end 20 \n aborted 8-10 11-16 \n"
      "clean \n dirty 4 \n bases 0 2 4 6 7 10 13 15 16 17 19 \n"
      "offsets 0 2 3 4 5 6 7 10 13 14 15 16 17 18 19 \n aborted 8-10 11-16 \n"
      "clean \n dirty 14 \n bases 0 2 4 6 7 10 13 15 16 17 19 \n"
      "offsets 0 2 4 5 6 7 10 13 14 15 16 17 18 19 \n aborted \n"
      "at 50000 \n clean \n dirty 20 \n bases 0 2 4 6 7 13 15 17 19 \n"
      "offsets 0 2 4 5 6 7 13 15 17 18 19 \n aborted")

CLAIM(committed_data_stays_and_markers_with_it, "LogCleanerTest.testBasicTransactionAwareCleaning",
      "p1 1 2 \n p2 2 3 \n p1 3 4 \n abort 1 \n commit 2 \n p1 2 \n commit 1 \n roll \n"
      "aborted 0-6 \n"
      "clean 0 \n keys 3 2 \n offsets 3 6 7 8 9 \n aborted 0-6")

CLAIM(an_aborted_transaction_is_known_in_each_of_its_segments,
      "LogCleanerTest.testCleanWithTransactionsSpanningSegments",
      "p1 1 2 \n p3 2 3 \n p2 3 4 \n roll \n p2 5 6 \n p3 6 7 \n p1 7 8 \n abort 2 \n p3 8 9 \n"
      "commit 3 \n"
      "p1 9 10 \n abort 1 \n clean 0 \n keys 2 3 5 6 6 7 7 8 8 9 9 10 \n roll \n p2 11 \n"
      "p1 12 \n clean \n"
      "keys 2 3 6 7 8 9 11 12")

CLAIM(a_commit_marker_goes_after_its_data_and_its_horizon, "LogCleanerTest.testCommitMarkerRemoval",
      "p1 1 \n p1 2 3 \n commit 1 \n p1 2 \n commit 1 \n roll \n clean 0 \n keys 1 3 2 \n"
      "offsets 0 2 3 4 5 \n p1 1 3 \n commit 1 \n roll \n clean \n keys 2 1 3 \n"
      "offsets 3 4 5 6 7 8 \n"
      "clean 0 \n keys 2 1 3 \n offsets 3 4 5 6 7 8 \n stamped 3 \n"
      "at 86400000 \n clean 0 \n keys 2 1 3 \n offsets 4 5 6 7 8")

CLAIM(a_batch_deleted_without_reading_is_passed_over,
      "LogCleanerTest.testDeletedBatchesWithNoMessagesRead",
      "p1 1 \n abort 1 \n p1 2 \n p1 2 \n commit 1 \n roll \n clean 0 \n keys 2 \n offsets 1 3 4 \n"
      "clean 0 \n at 86400001 \n clean 0 \n keys 2 \n offsets 3 4")

CLAIM(a_commit_marker_stays_with_an_empty_batch,
      "LogCleanerTest.testCommitMarkerRetentionWithEmptyBatch",
      "p1 2 3 \n roll \n p2 2 3 \n commit 2 \n roll \n n 2 \n n 3 \n commit 1 \n roll \n"
      "clean 0 \n keys 2 3 \n offsets 4 5 6 7 \n lasts 1 3 4 5 6 7 \n"
      "clean 0 \n keys 2 3 \n offsets 4 5 6 7 \n lasts 1 3 4 5 6 7 \n"
      "p2 1 \n commit 2 \n roll \n clean \n keys 2 3 1 \n offsets 4 5 6 7 8 9 \n"
      "lasts 1 4 5 6 7 8 9 \n stamped \n"
      "clean 0 \n stamped 4 \n at 86400001 \n clean 0 \n keys 2 3 1 \n offsets 5 6 7 8 9 \n"
      "lasts 1 5 6 7 8 9")

CLAIM(an_emptied_marker_may_be_cleaned_again, "LogCleanerTest.testCleanEmptyControlBatch",
      "commit 1 \n n 2 \n n 3 \n roll \n clean 0 \n at 86400001 \n clean 0 \n keys 2 3 \n"
      "offsets 1 2 \n"
      "lasts 0 1 2 \n emptied 0 \n at 86400001 \n clean 0 \n keys 2 3 \n offsets 1 2 \n"
      "lasts 0 1 2")

CLAIM(a_committed_transaction_spans_segments,
      "LogCleanerTest.testCommittedTransactionSpanningSegments",
      "p1 1 \n roll \n commit 1 \n roll \n clean 0 \n at 86400001 \n clean 0 \n offsets 0 1 \n"
      "lasts 0 1")

CLAIM(an_aborted_transaction_spans_segments,
      "LogCleanerTest.testAbortedTransactionSpanningSegments",
      "p1 1 \n roll \n abort 1 \n roll \n clean 0 \n offsets 1 \n lasts 0 1 \n emptied 0 \n"
      "at 99999999 \n"
      "clean 0 \n offsets 1 \n lasts 0 1")

CLAIM(an_abort_marker_goes_after_its_data_and_its_horizon, "LogCleanerTest.testAbortMarkerRemoval",
      "p1 1 \n p1 2 3 \n abort 1 \n p1 3 \n commit 1 \n roll \n clean 0 \n keys 3 \n"
      "offsets 3 4 5 \n"
      "clean 0 \n at 86400001 \n clean 0 \n keys 3 \n offsets 4 5")

CLAIM(empty_batches_go_when_sequences_are_used_again,
      "LogCleanerTest.testEmptyBatchRemovalWithSequenceReuse",
      "p1 1 \n commit 1 \n p1 2 \n commit 1 \n n 1 \n n 2 \n roll \n clean 0 \n offsets 1 3 4 5 \n"
      "lasts 1 2 3 4 5 \n clean 0 \n at 86400001 \n clean 0 \n offsets 3 4 5 \n lasts 2 3 4 5")

CLAIM(an_abort_marker_stays_with_an_empty_batch,
      "LogCleanerTest.testAbortMarkerRetentionWithEmptyBatch",
      "p1 2 3 \n abort 1 \n roll \n aborted 0-2 \n clean 0 \n aborted 0-2 \n keys \n"
      "offsets 2 \n lasts 1 2 \n"
      "clean 0 \n at 86400001 \n clean 0 \n aborted 0-2 \n keys \n offsets 2 \n lasts 1 2 \n"
      "p1 1 \n roll \n clean \n aborted 0-2 \n keys 1 \n offsets 2 3 \n lasts 2 3 \n"
      "clean 0 \n at 86400001 \n clean 0 \n keys 1 \n offsets 3 \n lasts 3 \n aborted")

CLAIM(the_last_sequence_stays_though_the_transaction_was_aborted,
      "LogCleanerTest.testLogCleanerRetainsLastSequenceEvenIfTransactionAborted",
      "p1 1 \n p1 2 3 \n abort 1 \n roll \n clean 0 \n lasts 2 3 \n seqs 1:2 \n keys \n"
      "offsets 3 \n"
      "p1 1 5 \n roll \n clean 0 \n lasts 3 5 \n seqs 1:4 \n keys 1 5 \n offsets 3 4 5")

CLAIM(a_transaction_that_ended_before_the_dirty_part_aborts_nothing_in_it,
      "UnifiedLog.collectAbortedTransactions",
      "n 2 \n p1 5 \n abort 1 \n roll \n clean 0 \n aborted 1-2 \n offsets 0 2 \n p1 2 \n"
      "commit 1 \n roll \n clean \n keys 2 \n offsets 2 3 4")

CLAIM(an_open_transaction_is_not_cleaned,
      "LogCleanerManagerTest.testUndecidedTransactionalDataNotCleanable",
      "n 1 \n n 1 \n roll \n p1 1 \n stable 2 \n roll \n clean \n offsets 1 2 \n dirty 2 \n"
      "commit 1 \n stable 99 \n"
      "roll \n clean \n offsets 2 3 \n dirty 4")

CLAIM(the_last_visible_record_is_no_marker, "mock_log_last_record",
      "n 1 \n p1 2 \n commit 1 \n last 1 \n n 1 \n last 3 \n roll \n clean \n last 3")

#define NAMED(test) {#test, test}

CU_SuiteInfo *suite_mock_log_cleaner_txn(void) {
    static CU_TestInfo tests[] = {
        NAMED(aborted_data_goes_and_its_index_stays_until_the_data_is_gone),
        NAMED(committed_data_stays_and_markers_with_it),
        NAMED(an_aborted_transaction_is_known_in_each_of_its_segments),
        NAMED(a_commit_marker_goes_after_its_data_and_its_horizon),
        NAMED(a_batch_deleted_without_reading_is_passed_over),
        NAMED(a_commit_marker_stays_with_an_empty_batch),
        NAMED(an_emptied_marker_may_be_cleaned_again),
        NAMED(a_committed_transaction_spans_segments),
        NAMED(an_aborted_transaction_spans_segments),
        NAMED(an_abort_marker_goes_after_its_data_and_its_horizon),
        NAMED(empty_batches_go_when_sequences_are_used_again),
        NAMED(an_abort_marker_stays_with_an_empty_batch),
        NAMED(the_last_sequence_stays_though_the_transaction_was_aborted),
        NAMED(a_transaction_that_ended_before_the_dirty_part_aborts_nothing_in_it),
        NAMED(an_open_transaction_is_not_cleaned),
        NAMED(the_last_visible_record_is_no_marker),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"the cleaner on transactions", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
