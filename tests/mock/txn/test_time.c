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

/* Of ids "0" to "count - 1" the state, a letter each: E mpty, O ngoing, A borted. */
static const char *states(int count) {
    static char said[16];
    for (int i = 0; i < count; i++) {
        char id[2] = {(char)('0' + i), 0};
        struct mock_txn_view view = {.state = MOCK_TXN_STATE_COUNT};
        T_TRUE(mock_txns_view(stage_txns, base_slice_str(id), &view));
        said[i] = view.state == MOCK_TXN_EMPTY            ? 'E'
                  : view.state == MOCK_TXN_ONGOING        ? 'O'
                  : view.state == MOCK_TXN_COMPLETE_ABORT ? 'A'
                                                          : '?';
    }
    said[count] = 0;
    return said;
}

/* One of five never begins; the others begin 10 ms apart, 4 before 1; two end in between. */
static void each_of_many_transactions_has_its_own_time(void) {
    static const int order[] = {4, 3, 2, 1};
    struct mock_txn_producer p[5];
    for (int i = 0; i < 5; i++) {
        char id[2] = {(char)('0' + i), 0};
        T_EQUAL_INT(
            mock_txns_init(stage_txns, base_slice_str(id), TIMEOUT_MS, NOBODY, stage_time, &p[i]),
            0);
    }
    T_EQUAL_INT(mock_txns_next_due_ms(stage_txns), INT64_MAX);
    int64_t begin_ms = stage_time.now_ms;
    struct mock_txn_partition t = stage_partition("t", 0);
    for (int i = 0; i < 4; i++) {
        char id[2] = {(char)('0' + order[i]), 0};
        T_EQUAL_INT(
            mock_txns_add(stage_txns, base_slice_str(id), p[order[i]], &t, 1, false, stage_time),
            0);
        stage_wait(10);
    }
    T_TRUE(mock_txns_time_out(stage_txns, base_slice_str("3"), stage_time));
    T_EQUAL_STR(states(5), "EOOAO");
    T_EQUAL_INT(mock_txns_next_due_ms(stage_txns), begin_ms + TIMEOUT_MS);
    T_TRUE(mock_txns_time_out(stage_txns, base_slice_str("4"), stage_time));
    T_EQUAL_INT(mock_txns_next_due_ms(stage_txns), begin_ms + 20 + TIMEOUT_MS);
    stage_wait(begin_ms + 20 + TIMEOUT_MS - stage_time.now_ms);
    T_EQUAL_STR(states(5), "EOAAA");
    T_EQUAL_INT(mock_txns_next_due_ms(stage_txns), begin_ms + 30 + TIMEOUT_MS);
    stage_wait(10);
    T_EQUAL_STR(states(5), "EAAAA");
    T_EQUAL_INT(mock_txns_next_due_ms(stage_txns), INT64_MAX);
}

/* Those that are due at once all end in one tick, the last one that began too. */
static void all_that_are_due_end_together(void) {
    struct mock_txn_partition t = stage_partition("t", 0);
    for (int i = 0; i < 3; i++) {
        char id[2] = {(char)('0' + i), 0};
        struct mock_txn_producer p;
        T_EQUAL_INT(
            mock_txns_init(stage_txns, base_slice_str(id), TIMEOUT_MS, NOBODY, stage_time, &p), 0);
        T_EQUAL_INT(mock_txns_add(stage_txns, base_slice_str(id), p, &t, 1, false, stage_time), 0);
    }
    stage_wait(TIMEOUT_MS);
    T_EQUAL_STR(states(3), "AAA");
    T_EQUAL_INT(mock_txns_next_due_ms(stage_txns), INT64_MAX);
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
        {"each_of_many_transactions_has_its_own_time", each_of_many_transactions_has_its_own_time},
        {"all_that_are_due_end_together", all_that_are_due_end_together},
        {"all_ids_can_be_visited", all_ids_can_be_visited},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/txn/time", NULL, NULL, stage_set_up, stage_tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
