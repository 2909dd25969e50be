/* Transactions on a partition: rows 17 to 23 of the table of the idempotent producer, markers, and
 * what is left of it all after a restart. */
#include "mock/log/log.h"
#include "mock/log/producer.h"
#include "mock/wire/build.h"
#include "mock/wire/error_names.h"
#include "suites.h"
#include "t_run.h"

#define PID 7

static struct mock_producers *producers;

static void set_up(void) {
    (void)mock_producers_new(&producers, NULL);
}

static void tear_down(void) {
    mock_producers_free(producers);
    producers = NULL;
}

static struct mock_sequence txn(int16_t epoch, int32_t first, bool verified) {
    return (struct mock_sequence){PID, epoch, first, first, true, verified};
}

static struct mock_sequence plain(int16_t epoch, int32_t first) {
    return (struct mock_sequence){PID, epoch, first, first, false, false};
}

static int16_t check(struct mock_sequence s) {
    struct mock_sequence_result result =
        mock_producers_check(producers, &s, MOCK_FIRST_SEQUENCE_ANY, false);
    return result.answer == MOCK_SEQUENCE_REFUSE ? result.error : 0;
}

static void appended(struct mock_sequence s, int64_t offset) {
    T_EQUAL_INT(check(s), 0);
    T_EQUAL_INT(mock_producers_record(producers, &s, offset, offset, 1000, NULL), 0);
}

/* Where the transaction began. */
static int64_t mark(int16_t epoch) {
    struct mock_marker marker = {PID, epoch, 0, 1000};
    int64_t first = -2;
    T_EQUAL_INT(mock_producers_marker(producers, &marker, &first, NULL), 0);
    return first;
}

static void row_17_after_a_marker_alone_0_comes_next(void) {
    (void)mark(3);
    T_EQUAL_INT(check(plain(3, 0)), 0);
}

static void row_18_after_a_marker_alone_nothing_else_comes_next(void) {
    (void)mark(3);
    T_EQUAL_INT(check(plain(3, 1)), MOCK_ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
}

static void row_19_a_marker_of_a_later_epoch_fences(void) {
    appended(txn(3, 0, true), 0);
    T_EQUAL_INT(mark(4), 0);
    T_EQUAL_INT(check(plain(3, 1)), MOCK_ERROR_INVALID_PRODUCER_EPOCH);
    T_EQUAL_INT(check(txn(3, 1, true)), MOCK_ERROR_INVALID_PRODUCER_EPOCH);
    T_EQUAL_INT(check(txn(4, 1, true)), MOCK_ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    T_EQUAL_INT(check(txn(4, 0, true)), 0);
}

static void row_20_nothing_comes_before_the_lowest_sequence_seen(void) {
    struct mock_sequence s = txn(0, 3, false);
    T_EQUAL_INT(mock_producers_verify(producers, &s, false, NULL), 0);
    T_EQUAL_INT(check(txn(0, 5, true)), MOCK_ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    T_EQUAL_INT(check(txn(0, 3, true)), 0);
    s.first = 1;
    T_EQUAL_INT(mock_producers_verify(producers, &s, false, NULL), 0);
    T_EQUAL_INT(check(txn(0, 3, true)), MOCK_ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    appended(txn(0, 1, true), 0);
    appended(txn(0, 2, false), 1);
}

static void row_21_an_open_transaction_goes_on(void) {
    appended(txn(0, 0, true), 0);
    appended(txn(0, 1, false), 1);
    T_TRUE(mock_producers_is_open(producers, PID, 0));
    T_TRUE(!mock_producers_is_open(producers, PID, 1));
    T_EQUAL_INT(mock_producers_first_open(producers), 0);
}

static void row_22_nothing_else_comes_into_an_open_transaction(void) {
    appended(txn(0, 0, true), 0);
    T_EQUAL_INT(check(plain(0, 1)), MOCK_ERROR_INVALID_TXN_STATE);
    T_EQUAL_INT(check(plain(0, 2)), MOCK_ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    T_EQUAL_INT(mark(0), 0);
    T_EQUAL_INT(check(plain(0, 1)), 0);
}

static void row_23_a_transaction_that_nobody_knows_is_refused(void) {
    T_EQUAL_INT(check(txn(0, 0, false)), MOCK_ERROR_INVALID_TXN_STATE);
    appended(txn(0, 0, true), 0);
    T_EQUAL_INT(mark(0), 0);
    T_EQUAL_INT(check(txn(0, 1, false)), MOCK_ERROR_INVALID_TXN_STATE);
    T_EQUAL_INT(check(txn(0, 0, false)), 0); /* a duplicate comes first */
}

static void a_transaction_of_v2_begins_at_0(void) {
    struct mock_sequence s = txn(0, 0, false);
    T_EQUAL_INT(mock_producers_verify(producers, &s, true, NULL), 0);
    s = txn(1, 2, false);
    T_EQUAL_INT(mock_producers_verify(producers, &s, true, NULL), 0);
    T_EQUAL_INT(check(txn(1, 2, true)), MOCK_ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    T_EQUAL_INT(check(txn(1, 0, true)), 0);
}

static void markers_are_checked_by_their_epochs(void) {
    struct mock_marker marker = {PID, 5, 2, 1000};
    T_EQUAL_INT(mock_producers_check_marker(producers, &marker, true), 0);
    appended(txn(5, 0, true), 0);
    T_EQUAL_INT(mock_producers_check_marker(producers, &marker, false), 0);
    T_EQUAL_INT(mock_producers_check_marker(producers, &marker, true),
                MOCK_ERROR_INVALID_PRODUCER_EPOCH);
    marker.epoch = 4;
    T_EQUAL_INT(mock_producers_check_marker(producers, &marker, false),
                MOCK_ERROR_INVALID_PRODUCER_EPOCH);
    marker.epoch = 6;
    T_EQUAL_INT(mock_producers_check_marker(producers, &marker, true), 0);
    T_EQUAL_INT(mock_producers_marker(producers, &marker, NULL, NULL), 0);
    T_EQUAL_INT(mock_producers_check_marker(producers, &marker, true), 0); /* a retry */
    marker.coordinator_epoch = 1;
    T_EQUAL_INT(mock_producers_check_marker(producers, &marker, true),
                MOCK_ERROR_TRANSACTION_COORDINATOR_FENCED);
}

static void the_first_open_offset_is_the_least(void) {
    T_EQUAL_INT(mock_producers_first_open(producers), INT64_MAX);
    struct mock_sequence other = {8, 0, 0, 0, true, true};
    appended(other, 10);
    appended(txn(0, 0, true), 11);
    T_EQUAL_INT(mock_producers_first_open(producers), 10);
    struct mock_marker marker = {8, 0, 0, 1000};
    T_EQUAL_INT(mock_producers_marker(producers, &marker, NULL, NULL), 0);
    T_EQUAL_INT(mock_producers_first_open(producers), 11);
}

static void an_open_transaction_does_not_expire(void) {
    appended(txn(0, 0, true), 0);
    mock_producers_heard(producers, PID, 0);
    T_EQUAL_INT(mock_producers_expire(producers, 1000000, 10), 0);
    (void)mark(0);
    T_EQUAL_INT(mock_producers_expire(producers, 1000000, 10), 1);
}

/* -- a restart -- */

static void put(struct mock_log *log, struct base_builder *b) {
    struct mock_stored_batch *batch = mock_stored_batch_new(base_builder_slice(b));
    T_EQUAL_INT(mock_log_append(log, batch, 0, 0, NULL), 0);
    mock_stored_batch_unref(batch);
    base_builder_clean_up(b);
}

static void put_data(struct mock_log *log, int64_t producer_id, int32_t sequence) {
    struct base_builder b;
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    struct mock_build_record record = {.key = base_slice_str("k"), .value = base_slice_str("v")};
    options.attributes = MOCK_BATCH_TRANSACTIONAL;
    options.producer_id = producer_id;
    options.producer_epoch = 2;
    options.base_sequence = sequence;
    base_builder_init(&b, 4096);
    mock_batch_build(&b, &options, &record, 1);
    put(log, &b);
}

static void put_marker(struct mock_log *log, int64_t producer_id, int16_t epoch) {
    struct base_builder b;
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    options.producer_id = producer_id;
    options.producer_epoch = epoch;
    base_builder_init(&b, 4096);
    mock_batch_build_marker(&b, &options, false, 9, 777);
    put(log, &b);
}

static void see(void *arg, const struct mock_producer_view *view) {
    struct mock_producer_view *seen = arg;
    if (view->producer_id == seen->producer_id) {
        *seen = *view;
    }
}

static struct mock_producer_view view_of(int64_t producer_id) {
    struct mock_producer_view seen = {.producer_id = producer_id, .epoch = -2};
    mock_producers_each(producers, see, &seen);
    return seen;
}

static void a_restart_finds_open_and_ended_transactions(void) {
    struct mock_log_budget budget = {0, 1000000};
    struct mock_log *log = NULL;
    T_EQUAL_INT(mock_log_new(&budget, &log, NULL), 0);
    put_data(log, PID, 0);
    put_data(log, 8, 0);
    put_data(log, 8, 1);
    put_marker(log, PID, 3);
    T_EQUAL_INT(mock_producers_rebuild(producers, log, NULL), 0);
    T_EQUAL_INT(mock_producers_first_open(producers), 1);
    struct mock_producer_view ended = view_of(PID);
    T_EQUAL_INT(ended.epoch, 3);
    T_EQUAL_INT(ended.last_sequence, -1);
    T_EQUAL_INT(ended.coordinator_epoch, 9);
    T_EQUAL_INT(ended.last_timestamp, 777);
    T_EQUAL_INT(ended.txn_first_offset, -1);
    struct mock_producer_view open = view_of(8);
    T_EQUAL_INT(open.epoch, 2);
    T_EQUAL_INT(open.last_sequence, 1);
    T_EQUAL_INT(open.txn_first_offset, 1);
    mock_log_free(log);
}

CU_SuiteInfo *suite_mock_log_producer_txn(void) {
    static CU_TestInfo tests[] = {
        {"row_17_after_a_marker_alone_0_comes_next", row_17_after_a_marker_alone_0_comes_next},
        {"row_18_after_a_marker_alone_nothing_else_comes_next",
         row_18_after_a_marker_alone_nothing_else_comes_next},
        {"row_19_a_marker_of_a_later_epoch_fences", row_19_a_marker_of_a_later_epoch_fences},
        {"row_20_nothing_comes_before_the_lowest_sequence_seen",
         row_20_nothing_comes_before_the_lowest_sequence_seen},
        {"row_21_an_open_transaction_goes_on", row_21_an_open_transaction_goes_on},
        {"row_22_nothing_else_comes_into_an_open_transaction",
         row_22_nothing_else_comes_into_an_open_transaction},
        {"row_23_a_transaction_that_nobody_knows_is_refused",
         row_23_a_transaction_that_nobody_knows_is_refused},
        {"a_transaction_of_v2_begins_at_0", a_transaction_of_v2_begins_at_0},
        {"markers_are_checked_by_their_epochs", markers_are_checked_by_their_epochs},
        {"the_first_open_offset_is_the_least", the_first_open_offset_is_the_least},
        {"an_open_transaction_does_not_expire", an_open_transaction_does_not_expire},
        {"a_restart_finds_open_and_ended_transactions",
         a_restart_finds_open_and_ended_transactions},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"log producer txn", NULL, NULL, set_up, tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
