/* Tests of leader epochs (behaviours of Kafka's LeaderEpochFileCache), and of what a new leader
 * lacks of a log. */
#include "base/memory.h"
#include "make_batch.h"
#include "mock/log/cleaner.h"
#include "mock/log/log_private.h"
#include "suites.h"
#include "t_run.h"

static struct mock_epochs e;
static struct mock_log_budget budget;
static struct mock_log *made_log;
static int64_t live_before;

static void set_up(void) {
    live_before = base_memory_live_count();
    budget = (struct mock_log_budget){0, UINT64_MAX};
    T_EQUAL_INT(mock_log_new(&budget, &made_log, NULL), 0);
}

static void tear_down(void) {
    mock_epochs_clean_up(&e);
    mock_log_free(made_log);
    T_EQUAL_INT(budget.used_bytes, 0);
    T_EQUAL_INT(base_memory_live_count(), live_before);
}

static void assign(int32_t epoch, int64_t start) {
    T_EQUAL_INT(mock_epochs_assign(&e, epoch, start), 0);
}

static void is_entry(size_t at, int32_t epoch, int64_t start) {
    if (T_TRUE(at < e.count)) {
        T_EQUAL_INT(e.entries[at].epoch, epoch);
        T_EQUAL_INT(e.entries[at].start, start);
    }
}

static void ends_at(int32_t asked, int64_t log_end, int32_t epoch, int64_t end) {
    int32_t said_epoch;
    int64_t said_end;
    mock_epochs_end_of(&e, asked, log_end, &said_epoch, &said_end);
    T_EQUAL_INT(said_epoch, epoch);
    T_EQUAL_INT(said_end, end);
}

static void the_latest_epoch_ends_with_the_log(void) {
    assign(2, 10);
    T_EQUAL_INT(mock_epochs_latest(&e), 2);
    ends_at(2, 11, 2, 11);
}

static void nothing_is_known_of_no_epoch_and_of_an_empty_cache(void) {
    ends_at(2, 0, -1, -1);
    T_EQUAL_INT(mock_epochs_latest(&e), MOCK_EPOCH_NONE);
    T_TRUE(mock_epochs_earliest(&e) == NULL);
    assign(2, 10);
    ends_at(-1, 11, -1, -1);
}

static void an_epoch_above_all_is_not_known(void) {
    assign(2, 10);
    ends_at(3, 11, -1, -1);
}

static void an_epoch_below_all_ends_where_the_first_begins(void) {
    assign(5, 11);
    assign(6, 12);
    assign(7, 13);
    ends_at(4, 14, 4, 11);
}

static void an_epoch_ends_where_the_next_begins(void) {
    assign(1, 11);
    assign(1, 12);
    assign(2, 13);
    assign(2, 14);
    assign(3, 15);
    assign(3, 16);
    ends_at(2, 17, 2, 15);
    T_EQUAL_INT(e.count, 3);
    is_entry(0, 1, 11);
}

static void an_epoch_in_a_gap_is_answered_with_the_one_before(void) {
    assign(0, 10);
    assign(2, 13);
    assign(4, 17);
    ends_at(1, 20, 0, 13);
    ends_at(2, 20, 2, 17);
    ends_at(3, 20, 2, 17);
}

static void entries_that_are_not_below_a_new_one_go(void) {
    assign(2, 6);
    assign(3, 8);
    assign(4, 9);
    assign(3, 7); /* not monotonic: 3@8 and 4@9 go */
    T_EQUAL_INT(e.count, 2);
    is_entry(1, 3, 7);
    assign(5, 6); /* an epoch without records is as if it had never been */
    T_EQUAL_INT(e.count, 1);
    is_entry(0, 5, 6);
}

static void the_end_can_be_cut(void) {
    assign(2, 6);
    assign(3, 8);
    assign(4, 11);
    mock_epochs_truncate_end(&e, 9);
    T_EQUAL_INT(e.count, 2);
    mock_epochs_truncate_end(&e, 8);
    T_EQUAL_INT(e.count, 1);
    is_entry(0, 2, 6);
    mock_epochs_truncate_end(&e, 0);
    T_EQUAL_INT(e.count, 0);
}

static void the_start_can_be_cut(void) {
    assign(2, 6);
    assign(3, 8);
    assign(4, 11);
    mock_epochs_truncate_start(&e, 5);
    is_entry(0, 2, 6);
    mock_epochs_truncate_start(&e, 8);
    T_EQUAL_INT(e.count, 2);
    is_entry(0, 3, 8);
    mock_epochs_truncate_start(&e, 9);
    is_entry(0, 3, 9);
    is_entry(1, 4, 11);
    mock_epochs_truncate_start(&e, 20);
    T_EQUAL_INT(e.count, 1);
    is_entry(0, 4, 20);
}

static void an_offset_has_the_epoch_it_was_given_in(void) {
    T_EQUAL_INT(mock_epochs_at(&e, 0), MOCK_EPOCH_NONE);
    assign(2, 5);
    assign(3, 10);
    T_EQUAL_INT(mock_epochs_at(&e, 4), MOCK_EPOCH_NONE);
    T_EQUAL_INT(mock_epochs_at(&e, 5), 2);
    T_EQUAL_INT(mock_epochs_at(&e, 9), 2);
    T_EQUAL_INT(mock_epochs_at(&e, 10), 3);
    T_EQUAL_INT(mock_epochs_at(&e, 99), 3);
}

static void a_failing_allocation_changes_nothing(void) {
    assign(2, 6);
    size_t room = e.cap - e.count;
    for (size_t i = 0; i < room; i++) {
        assign(3 + (int32_t)i, 7 + (int64_t)i);
    }
    size_t count = e.count;
    base_memory_fail_after(0, 0);
    T_EQUAL_INT(mock_epochs_assign(&e, 1000, 1000), BASE_NO_MEMORY);
    base_memory_fail_never();
    T_EQUAL_INT(e.count, count);
    T_EQUAL_INT(mock_epochs_assign(&e, 1000, 1000), 0);
}

/* -- the log -- */

/* A batch of three records. */
static void append(int32_t epoch) {
    static const int64_t times[3] = {1, 2, 3};
    struct mock_stored_batch *batch = make_batch(MOCK_CODEC_NONE, times, 3, 4);
    T_EQUAL_INT(mock_log_append(made_log, batch, epoch, 0, NULL), 0);
    mock_stored_batch_unref(batch);
}

static void a_truncated_log_ends_where_it_is_told(void) {
    append(0);
    append(0);
    append(1);
    T_EQUAL_INT(mock_log_truncate(made_log, 3), 6);
    T_EQUAL_INT(mock_log_end(made_log), 3);
    T_EQUAL_INT(mock_log_batch_count(made_log), 1);
    T_EQUAL_INT(budget.used_bytes, mock_log_bytes(made_log));
    T_EQUAL_INT(mock_log_segment(made_log, 0).records, 3);
    T_EQUAL_INT(mock_epochs_latest(mock_log_epochs(made_log)), 0);
    T_EQUAL_INT(mock_log_last_record(made_log), 2);
    append(2);
    T_EQUAL_INT(mock_log_end(made_log), 6);
    T_EQUAL_INT(mock_epochs_at(mock_log_epochs(made_log), 3), 2);
}

static void nothing_goes_beyond_the_end(void) {
    append(0);
    T_EQUAL_INT(mock_log_begin_epoch(made_log, 1), 0);
    T_EQUAL_INT(mock_log_truncate(made_log, 3), 0);
    T_EQUAL_INT(mock_log_end(made_log), 3);
    /* The epoch that began at the end had no record. */
    T_EQUAL_INT(mock_epochs_latest(mock_log_epochs(made_log)), 0);
}

static void segments_go_with_what_was_in_them(void) {
    bool rolled = false;
    append(0);
    T_EQUAL_INT(mock_log_roll(made_log, 0, &rolled, NULL), 0);
    append(0);
    T_EQUAL_INT(mock_log_roll(made_log, 0, &rolled, NULL), 0);
    append(0);
    T_EQUAL_INT(mock_log_segment_count(made_log), 3);
    T_EQUAL_INT(mock_log_truncate(made_log, 3), 6);
    T_EQUAL_INT(mock_log_segment_count(made_log), 2);
    T_TRUE(mock_log_segment(made_log, 1).is_active);
    T_EQUAL_INT(mock_log_segment(made_log, 1).bytes, 0);
    T_EQUAL_INT(mock_log_truncate(made_log, 0), 3);
    T_EQUAL_INT(mock_log_segment_count(made_log), 1);
    T_EQUAL_INT(mock_log_bytes(made_log), 0);
    append(1);
    T_EQUAL_INT(mock_log_end(made_log), 3);
}

static void aborted_transactions_and_the_cleaners_checkpoint_are_cut(void) {
    append(0);
    append(0);
    T_EQUAL_INT(mock_log_add_aborted(made_log, &(const struct mock_aborted_txn){1, 0, 2}, NULL), 0);
    T_EQUAL_INT(mock_log_add_aborted(made_log, &(const struct mock_aborted_txn){1, 3, 5}, NULL), 0);
    made_log->checkpoint = 6;
    mock_log_hold_stable(made_log, 4);
    T_EQUAL_INT(mock_log_truncate(made_log, 3), 3);
    T_EQUAL_INT(mock_log_aborted_count(made_log), 1);
    T_EQUAL_INT(mock_log_clean_checkpoint(made_log), 3);
    T_EQUAL_INT(mock_log_stable(made_log), 3);
}

static void nothing_is_stable_or_deleted_beyond_the_high_watermark(void) {
    struct mock_clean_pass *pass = NULL;
    append(0);
    append(0);
    mock_log_hold_watermark(made_log, 3);
    T_EQUAL_INT(mock_log_high_watermark(made_log), 3);
    T_EQUAL_INT(mock_log_stable(made_log), 3);
    T_EQUAL_INT(mock_log_delete_records(made_log, 4, 0, &pass, NULL), BASE_USAGE);
    mock_log_hold_watermark(made_log, INT64_MAX);
    T_EQUAL_INT(mock_log_high_watermark(made_log), 6);
}

#define NAMED(test)                                                                                \
    { #test, test }

CU_SuiteInfo *suite_mock_log_epochs(void) {
    static CU_TestInfo tests[] = {
        NAMED(the_latest_epoch_ends_with_the_log),
        NAMED(nothing_is_known_of_no_epoch_and_of_an_empty_cache),
        NAMED(an_epoch_above_all_is_not_known),
        NAMED(an_epoch_below_all_ends_where_the_first_begins),
        NAMED(an_epoch_ends_where_the_next_begins),
        NAMED(an_epoch_in_a_gap_is_answered_with_the_one_before),
        NAMED(entries_that_are_not_below_a_new_one_go),
        NAMED(the_end_can_be_cut),
        NAMED(the_start_can_be_cut),
        NAMED(an_offset_has_the_epoch_it_was_given_in),
        NAMED(a_failing_allocation_changes_nothing),
        NAMED(a_truncated_log_ends_where_it_is_told),
        NAMED(nothing_goes_beyond_the_end),
        NAMED(segments_go_with_what_was_in_them),
        NAMED(aborted_transactions_and_the_cleaners_checkpoint_are_cut),
        NAMED(nothing_is_stable_or_deleted_beyond_the_high_watermark),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/log epochs", NULL, NULL, set_up, tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
