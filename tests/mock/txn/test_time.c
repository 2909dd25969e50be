/* Timeouts, and ids that nobody used for long. */
#include "stage.h"
#include "suites.h"
#include "t_run.h"

static void a_transaction_times_out_and_its_producer_is_fenced(void) {
    struct mock_txn_producer p = stage_init(0);
    T_EQUAL_INT(mock_txns_next_due_ms(stage_txns), INT64_MAX);
    (void)stage_add(p, "t", 0);
    T_EQUAL_INT(mock_txns_next_due_ms(stage_txns), stage_time.now_ms + TIMEOUT_MS);
    stage_forget();
    stage_wait(TIMEOUT_MS - 1);
    T_EQUAL_STR(stage_told, "");
    stage_wait(1);
    T_EQUAL_STR(stage_told,
                "tx:timed-out:1/0 tx:prepare-abort:1/1 abort:t-0:1/1 tx:complete-abort:1/1");
    T_EQUAL_INT(stage_end(p, true, false, NULL), MOCK_ERROR_PRODUCER_FENCED);
    T_EQUAL_INT(mock_txns_next_due_ms(stage_txns), INT64_MAX);
}

static void time_is_over_on_command(void) {
    struct mock_txn_producer p = stage_init(0);
    T_TRUE(!mock_txns_time_out(stage_txns, ID, stage_time));
    T_TRUE(!mock_txns_time_out(stage_txns, base_slice_str("other"), stage_time));
    (void)stage_add(p, "t", 0);
    stage_forget();
    T_TRUE(mock_txns_time_out(stage_txns, ID, stage_time));
    T_EQUAL_STR(stage_told,
                "tx:timed-out:1/0 tx:prepare-abort:1/1 abort:t-0:1/1 tx:complete-abort:1/1");
    T_TRUE(!mock_txns_time_out(stage_txns, ID, stage_time));
    T_EQUAL_INT(stage_end(p, true, false, NULL), MOCK_ERROR_PRODUCER_FENCED);
}

static void the_time_counts_from_the_first_partition(void) {
    struct mock_txn_producer p = stage_init(0);
    (void)stage_add(p, "t", 0);
    stage_wait(TIMEOUT_MS - 1);
    (void)stage_add(p, "t", 1);
    stage_wait(1);
    T_EQUAL_INT(stage_view().state, MOCK_TXN_COMPLETE_ABORT);
}

static void after_a_timeout_a_v2_producer_may_go_on(void) {
    struct mock_txn_producer p = stage_init(0);
    (void)stage_add(p, "t", 0);
    stage_wait(TIMEOUT_MS);
    struct mock_txn_producer got;
    T_EQUAL_INT(mock_txns_init(stage_txns, ID, TIMEOUT_MS, p, stage_time, &got), 0);
    T_EQUAL_INT(got.epoch, 1);
}

static void after_a_timeout_a_v1_producer_is_fenced_for_good(void) {
    stage_tear_down();
    stage_options = (struct mock_txns_options)MOCK_TXNS_OPTIONS_INIT;
    stage_options.v2 = false;
    stage_set_up();
    struct mock_txn_producer p = stage_init(0);
    (void)stage_add(p, "t", 0);
    stage_wait(TIMEOUT_MS);
    T_EQUAL_INT(stage_view().producer.epoch, 1);
    struct mock_txn_producer got;
    T_EQUAL_INT(mock_txns_init(stage_txns, ID, TIMEOUT_MS, p, stage_time, &got),
                MOCK_ERROR_PRODUCER_FENCED);
}

static void ids_are_forgotten_when_nobody_used_them_for_long(void) {
    const int64_t week_ms = INT64_C(604800000);
    struct mock_txn_producer p = stage_init(0);
    (void)stage_add(p, "t", 0);
    T_EQUAL_INT(mock_txns_expire(stage_txns, stage_time.log_ms + week_ms), 0);
    (void)stage_end(p, true, false, NULL);
    T_EQUAL_INT(mock_txns_expire(stage_txns, stage_time.log_ms + week_ms - 1), 0);
    T_EQUAL_INT(mock_txns_expire(stage_txns, stage_time.log_ms + week_ms), 1);
    T_EQUAL_INT(stage_add(p, "t", 0), MOCK_ERROR_INVALID_PRODUCER_ID_MAPPING);
    struct mock_txn_producer fresh = stage_init(0);
    T_TRUE(fresh.id != p.id);
}

static void count(void *arg, const struct mock_txn_view *view) {
    size_t *n = arg;
    *n += view->state == MOCK_TXN_EMPTY;
}

static void all_ids_can_be_visited(void) {
    struct mock_txn_producer got;
    size_t n = 0;
    (void)stage_init(0);
    (void)mock_txns_init(stage_txns, base_slice_str("ty"), 1, NOBODY, stage_time, &got);
    mock_txns_each(stage_txns, count, &n);
    T_EQUAL_INT(n, 2);
}

CU_SuiteInfo *suite_mock_txn_time(void) {
    static CU_TestInfo tests[] = {
        {"a_transaction_times_out_and_its_producer_is_fenced",
         a_transaction_times_out_and_its_producer_is_fenced},
        {"time_is_over_on_command", time_is_over_on_command},
        {"the_time_counts_from_the_first_partition", the_time_counts_from_the_first_partition},
        {"after_a_timeout_a_v2_producer_may_go_on", after_a_timeout_a_v2_producer_may_go_on},
        {"after_a_timeout_a_v1_producer_is_fenced_for_good",
         after_a_timeout_a_v1_producer_is_fenced_for_good},
        {"ids_are_forgotten_when_nobody_used_them_for_long",
         ids_are_forgotten_when_nobody_used_them_for_long},
        {"all_ids_can_be_visited", all_ids_can_be_visited},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/txn/time", NULL, NULL, stage_set_up, stage_tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
