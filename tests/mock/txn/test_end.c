/* EndTxn: states, retries, and the epochs of Transactions V1 and V2. */
#include "stage.h"
#include "suites.h"
#include "t_run.h"

static void a_commit_marks_every_partition_once(void) {
    struct mock_txn_producer p = stage_init(0);
    (void)stage_add(p, "t", 0);
    (void)stage_add(p, "t", 1);
    (void)stage_add(p, "t", 0);
    T_EQUAL_INT(stage_end(p, true, false, NULL), 0);
    T_EQUAL_STR(stage_told, "tx:ongoing:1/0 tx:prepare-commit:1/0 commit:t-0:1/0 commit:t-1:1/0 "
                            "tx:complete-commit:1/0");
    T_EQUAL_INT(stage_view().state, MOCK_TXN_COMPLETE_COMMIT);
    T_EQUAL_INT(stage_view().partition_count, 0);
}

static void an_end_asked_again_is_answered_again(void) {
    for (int commit = 0; commit < 2; commit++) {
        struct mock_txn_producer p = stage_init((int16_t)commit);
        (void)stage_add(p, "t", 0);
        T_EQUAL_INT(stage_end(p, commit, false, NULL), 0);
        stage_forget();
        T_EQUAL_INT(stage_end(p, commit, false, NULL), 0);
        T_EQUAL_STR(stage_told, "");
        T_EQUAL_INT(stage_end(p, !commit, false, NULL), MOCK_ERROR_INVALID_TXN_STATE);
    }
}

static void nothing_cannot_be_ended_in_v1(void) {
    struct mock_txn_producer p = stage_init(0);
    T_EQUAL_INT(stage_end(p, true, false, NULL), MOCK_ERROR_INVALID_TXN_STATE);
    T_EQUAL_INT(stage_end(p, false, false, NULL), MOCK_ERROR_INVALID_TXN_STATE);
}

static void who_is_fenced_cannot_end(void) {
    struct mock_txn_producer old = stage_init(0);
    struct mock_txn_producer p = stage_init(1);
    (void)stage_add(p, "t", 0);
    T_EQUAL_INT(stage_end(old, true, false, NULL), MOCK_ERROR_PRODUCER_FENCED);
    T_EQUAL_INT(stage_end(old, true, true, NULL), MOCK_ERROR_PRODUCER_FENCED);
    p.epoch++;
    T_EQUAL_INT(stage_end(p, true, false, NULL), MOCK_ERROR_PRODUCER_FENCED);
    T_EQUAL_INT(stage_end(p, true, true, NULL), MOCK_ERROR_PRODUCER_FENCED);
    p.id++;
    T_EQUAL_INT(stage_end(p, true, false, NULL), MOCK_ERROR_INVALID_PRODUCER_ID_MAPPING);
    T_EQUAL_INT(stage_end(p, true, true, NULL), MOCK_ERROR_INVALID_PRODUCER_ID_MAPPING);
    T_EQUAL_INT(stage_view().state, MOCK_TXN_ONGOING);
}

static void an_id_that_never_began_cannot_end(void) {
    struct mock_txn_producer p = {1, 0};
    T_EQUAL_INT(stage_end(p, true, false, NULL), MOCK_ERROR_INVALID_PRODUCER_ID_MAPPING);
    struct mock_txn_producer next;
    T_EQUAL_INT(mock_txns_end(stage_txns, base_slice_str(""), p, true, false, stage_time, &next),
                MOCK_ERROR_INVALID_REQUEST);
}

static void in_v2_every_end_raises_the_epoch(void) {
    struct mock_txn_producer p = stage_init(0);
    struct mock_txn_producer next;
    (void)stage_add(p, "t", 0);
    stage_forget();
    T_EQUAL_INT(stage_end(p, true, true, &next), 0);
    T_EQUAL_INT(next.id, p.id);
    T_EQUAL_INT(next.epoch, 1);
    T_EQUAL_STR(stage_told, "tx:prepare-commit:1/1 commit:t-0:1/1 tx:complete-commit:1/1");
    T_EQUAL_INT(stage_add(p, "t", 0), MOCK_ERROR_PRODUCER_FENCED);
    T_EQUAL_INT(stage_add(next, "t", 0), 0);
}

static void in_v2_a_retry_is_known_by_its_epoch(void) {
    struct mock_txn_producer p = stage_init(0);
    struct mock_txn_producer next;
    (void)stage_add(p, "t", 0);
    T_EQUAL_INT(stage_end(p, true, true, NULL), 0);
    T_EQUAL_INT(stage_end(p, true, true, &next), 0);
    T_EQUAL_INT(next.epoch, 1);
    T_EQUAL_INT(stage_end(p, false, true, NULL), MOCK_ERROR_INVALID_TXN_STATE);
    T_EQUAL_INT(stage_end(next, true, true, NULL), MOCK_ERROR_INVALID_TXN_STATE);
}

static void in_v2_nothing_may_be_aborted_but_not_committed(void) {
    struct mock_txn_producer p = stage_init(0);
    T_EQUAL_INT(stage_end(p, true, true, NULL), MOCK_ERROR_INVALID_TXN_STATE);
    T_EQUAL_INT(stage_end(p, false, true, &p), 0);
    T_EQUAL_INT(p.epoch, 1);
    T_EQUAL_INT(stage_end(p, false, true, &p), 0);
    T_EQUAL_INT(p.epoch, 2);
    T_EQUAL_INT(stage_view().state, MOCK_TXN_COMPLETE_ABORT);
}

static void in_v2_an_exhausted_epoch_goes_on_with_another_id(void) {
    struct mock_txn_producer p = stage_init(0);
    while (p.epoch < INT16_MAX - 1) {
        if (mock_txns_init(stage_txns, ID, TIMEOUT_MS, NOBODY, stage_time, &p)) {
            break;
        }
    }
    (void)stage_add(p, "t", 0);
    stage_forget();
    struct mock_txn_producer next;
    T_EQUAL_INT(stage_end(p, true, true, &next), 0);
    T_TRUE(next.id != p.id);
    T_EQUAL_INT(next.epoch, 0);
    T_EQUAL_STR(stage_told, "tx:prepare-commit:1/32767 commit:t-0:1/32767 tx:complete-commit:2/0");
    struct mock_txn_producer again;
    T_EQUAL_INT(stage_end(p, true, true, &again), 0);
    T_EQUAL_INT(again.id, next.id);
    T_EQUAL_INT(again.epoch, 0);
}

static void markers_that_cannot_be_written_are_tried_again(void) {
    struct mock_txn_producer p = stage_init(0);
    (void)stage_add(p, "t", 0);
    stage_forget();
    stage_marked = MOCK_TXN_MARK_LATER;
    T_EQUAL_INT(stage_end(p, true, false, NULL), 0);
    T_EQUAL_STR(stage_told, "tx:prepare-commit:1/0 later:t-0:1/0");
    T_EQUAL_INT(stage_end(p, true, false, NULL), MOCK_ERROR_CONCURRENT_TRANSACTIONS);
    T_EQUAL_INT(stage_end(p, true, true, NULL), MOCK_ERROR_CONCURRENT_TRANSACTIONS);
    T_EQUAL_INT(stage_add(p, "t", 1), MOCK_ERROR_CONCURRENT_TRANSACTIONS);
    stage_forget();
    stage_wait(mock_txns_next_due_ms(stage_txns) - stage_time.now_ms);
    T_EQUAL_STR(stage_told, "later:t-0:1/0");
    stage_marked = MOCK_TXN_MARK_NEVER;
    stage_forget();
    stage_wait(mock_txns_next_due_ms(stage_txns) - stage_time.now_ms);
    T_EQUAL_STR(stage_told, "commit:t-0:1/0 tx:complete-commit:1/0");
    T_EQUAL_INT(mock_txns_next_due_ms(stage_txns), INT64_MAX);
}

CU_SuiteInfo *suite_mock_txn_end(void) {
    static CU_TestInfo tests[] = {
        {"a_commit_marks_every_partition_once", a_commit_marks_every_partition_once},
        {"an_end_asked_again_is_answered_again", an_end_asked_again_is_answered_again},
        {"nothing_cannot_be_ended_in_v1", nothing_cannot_be_ended_in_v1},
        {"who_is_fenced_cannot_end", who_is_fenced_cannot_end},
        {"an_id_that_never_began_cannot_end", an_id_that_never_began_cannot_end},
        {"in_v2_every_end_raises_the_epoch", in_v2_every_end_raises_the_epoch},
        {"in_v2_a_retry_is_known_by_its_epoch", in_v2_a_retry_is_known_by_its_epoch},
        {"in_v2_nothing_may_be_aborted_but_not_committed",
         in_v2_nothing_may_be_aborted_but_not_committed},
        {"in_v2_an_exhausted_epoch_goes_on_with_another_id",
         in_v2_an_exhausted_epoch_goes_on_with_another_id},
        {"markers_that_cannot_be_written_are_tried_again",
         markers_that_cannot_be_written_are_tried_again},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/txn/end", NULL, NULL, stage_set_up, stage_tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
