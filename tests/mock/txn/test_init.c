/* InitProducerId: the table of ids and epochs. */
#include "stage.h"
#include "suites.h"
#include "t_run.h"

static int16_t init(struct base_slice id, int32_t timeout_ms, struct mock_txn_producer expected,
                    struct mock_txn_producer *ret_got) {
    return mock_txns_init(stage_txns, id, timeout_ms, expected, stage_time, ret_got);
}

/* Raises tx's epoch to the given one. */
static struct mock_txn_producer wear_out(int16_t epoch) {
    struct mock_txn_producer got = stage_init(0);
    while (got.epoch < epoch) {
        if (init(ID, TIMEOUT_MS, NOBODY, &got)) {
            break;
        }
    }
    T_EQUAL_INT(got.epoch, epoch);
    return got;
}

static void every_instance_has_the_id_with_the_next_epoch(void) {
    struct mock_txn_producer first = stage_init(0);
    struct mock_txn_producer second = stage_init(1);
    T_EQUAL_INT(second.id, first.id);
    T_EQUAL_STR(stage_told, "tx:fenced:1/1");
    struct mock_txn_producer other;
    T_EQUAL_INT(init(base_slice_str("ty"), TIMEOUT_MS, NOBODY, &other), 0);
    T_TRUE(other.id != first.id);
    T_EQUAL_INT(other.epoch, 0);
}

static void an_instance_that_goes_on_is_not_told_as_fenced(void) {
    struct mock_txn_producer got = stage_init(0);
    T_EQUAL_INT(init(ID, TIMEOUT_MS, got, &got), 0);
    T_EQUAL_INT(got.epoch, 1);
    T_EQUAL_STR(stage_told, "");
}

static void a_bump_may_be_asked_again(void) {
    struct mock_txn_producer old = stage_init(0);
    struct mock_txn_producer got;
    T_EQUAL_INT(init(ID, TIMEOUT_MS, old, &got), 0);
    T_EQUAL_INT(got.epoch, 1);
    T_EQUAL_INT(init(ID, TIMEOUT_MS, old, &got), 0);
    T_EQUAL_INT(got.epoch, 1);
}

static void a_fenced_instance_cannot_go_on(void) {
    struct mock_txn_producer old = stage_init(0);
    (void)stage_init(1);
    struct mock_txn_producer got;
    T_EQUAL_INT(init(ID, TIMEOUT_MS, old, &got), MOCK_ERROR_PRODUCER_FENCED);
    T_EQUAL_INT(got.id, -1);
    T_EQUAL_INT(got.epoch, -1);
    old.id += 1000;
    T_EQUAL_INT(init(ID, TIMEOUT_MS, old, &got), MOCK_ERROR_PRODUCER_FENCED);
}

static void an_id_that_is_not_known_takes_any_producer_for_new(void) {
    struct mock_txn_producer got;
    T_EQUAL_INT(init(ID, TIMEOUT_MS, (struct mock_txn_producer){77, 5}, &got), 0);
    T_TRUE(got.id != 77);
    T_EQUAL_INT(got.epoch, 0);
}

static void an_exhausted_epoch_gives_another_id(void) {
    struct mock_txn_producer worn = wear_out(INT16_MAX - 1);
    struct mock_txn_producer got;
    T_EQUAL_INT(init(ID, TIMEOUT_MS, worn, &got), 0);
    T_TRUE(got.id != worn.id);
    T_EQUAL_INT(got.epoch, 0);
    /* The answer was lost: the old id asks again. */
    struct mock_txn_producer again;
    T_EQUAL_INT(init(ID, TIMEOUT_MS, worn, &again), 0);
    T_EQUAL_INT(again.id, got.id);
    T_EQUAL_INT(again.epoch, 0);
}

static void a_timeout_must_be_positive_and_not_above_the_limit(void) {
    struct mock_txn_producer got;
    const int32_t bad[] = {0, -1, 900001};
    for (size_t i = 0; i < 3; i++) {
        T_EQUAL_INT(init(ID, bad[i], NOBODY, &got), MOCK_ERROR_INVALID_TRANSACTION_TIMEOUT);
    }
    T_EQUAL_INT(init(ID, 900000, NOBODY, &got), 0);
    T_EQUAL_INT(stage_view().timeout_ms, 900000);
}

static void an_empty_id_is_an_invalid_request(void) {
    struct mock_txn_producer got;
    T_EQUAL_INT(init(base_slice_str(""), TIMEOUT_MS, NOBODY, &got), MOCK_ERROR_INVALID_REQUEST);
}

static void an_open_transaction_is_aborted_first(void) {
    struct mock_txn_producer old = stage_init(0);
    (void)stage_add(old, "t", 0);
    stage_forget();
    struct mock_txn_producer got;
    T_EQUAL_INT(init(ID, TIMEOUT_MS, NOBODY, &got), MOCK_ERROR_CONCURRENT_TRANSACTIONS);
    T_EQUAL_STR(stage_told, "tx:prepare-abort:1/1 abort:t-0:1/1 tx:complete-abort:1/1");
    (void)stage_init(2);
    T_EQUAL_INT(stage_add(old, "t", 0), MOCK_ERROR_PRODUCER_FENCED);
}

static void while_markers_are_outstanding_an_instance_waits(void) {
    struct mock_txn_producer old = stage_init(0);
    (void)stage_add(old, "t", 0);
    stage_marked = MOCK_TXN_MARK_LATER;
    struct mock_txn_producer got;
    T_EQUAL_INT(init(ID, TIMEOUT_MS, NOBODY, &got), MOCK_ERROR_CONCURRENT_TRANSACTIONS);
    T_EQUAL_INT(stage_view().state, MOCK_TXN_PREPARE_ABORT);
    T_EQUAL_INT(init(ID, TIMEOUT_MS, NOBODY, &got), MOCK_ERROR_CONCURRENT_TRANSACTIONS);
    stage_marked = MOCK_TXN_MARKED;
    stage_wait(1000);
    (void)stage_init(2);
}

CU_SuiteInfo *suite_mock_txn_init(void) {
    static CU_TestInfo tests[] = {
        {"every_instance_has_the_id_with_the_next_epoch",
         every_instance_has_the_id_with_the_next_epoch},
        {"an_instance_that_goes_on_is_not_told_as_fenced",
         an_instance_that_goes_on_is_not_told_as_fenced},
        {"a_bump_may_be_asked_again", a_bump_may_be_asked_again},
        {"a_fenced_instance_cannot_go_on", a_fenced_instance_cannot_go_on},
        {"an_id_that_is_not_known_takes_any_producer_for_new",
         an_id_that_is_not_known_takes_any_producer_for_new},
        {"an_exhausted_epoch_gives_another_id", an_exhausted_epoch_gives_another_id},
        {"a_timeout_must_be_positive_and_not_above_the_limit",
         a_timeout_must_be_positive_and_not_above_the_limit},
        {"an_empty_id_is_an_invalid_request", an_empty_id_is_an_invalid_request},
        {"an_open_transaction_is_aborted_first", an_open_transaction_is_aborted_first},
        {"while_markers_are_outstanding_an_instance_waits",
         while_markers_are_outstanding_an_instance_waits},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/txn/init", NULL, NULL, stage_set_up, stage_tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
