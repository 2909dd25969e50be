/* Tests of mock/log/producer.c: the broker's table of answers, row by row, and its edges. The rows
 * that need transactions (17 to 23) are not here, and row 28 (no producer id) never asks. */
#include "base/memory.h"
#include "mock/log/producer.h"
#include "mock/wire/error_names.h"
#include "suites.h"
#include "t_run.h"

#define PID 4711
#define MAX INT32_MAX
#define HISTORY 7

static struct mock_producers *producers;
static int64_t live_before;

static void set_up(void) {
    live_before = base_memory_live_count();
    producers = NULL;
    T_EQUAL_INT(mock_producers_new(&producers, NULL), 0);
}

static void tear_down(void) {
    mock_producers_free(producers);
    T_EQUAL_INT(base_memory_live_count(), live_before);
}

struct batch {
    int16_t epoch;
    int32_t first;
    int32_t last;
};

static struct mock_sequence sequence_of(struct batch b) {
    return (struct mock_sequence){PID, b.epoch, b.first, b.last, false, false};
}

static struct mock_sequence_result check(struct batch b) {
    struct mock_sequence s = sequence_of(b);
    return mock_producers_check(producers, &s, MOCK_FIRST_SEQUENCE_ANY, false);
}

/* Batch i of a history is at offset 100 * i, with timestamp 1000 * i. */
static void record(size_t i, struct batch b) {
    struct mock_sequence s = sequence_of(b);
    int64_t base = 100 * (int64_t)i;
    T_EQUAL_INT(mock_producers_record(producers, &s, base, base + 9, 1000 * (int64_t)i, NULL), 0);
}

enum want { APPENDED, DUPLICATE, REFUSED };

struct row {
    const char *name;
    size_t count; /* of history */
    struct batch history[HISTORY];
    struct batch input;
    enum want want;
    int detail; /* DUPLICATE: which of the history; REFUSED: the error */
};

#define OUT_OF_ORDER MOCK_ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER
#define STALE_EPOCH MOCK_ERROR_INVALID_PRODUCER_EPOCH
#define SIX                                                                                        \
    {                                                                                              \
        {0, 0, 9}, {0, 10, 19}, {0, 20, 29}, {0, 30, 39}, {0, 40, 49}, {                           \
            0, 50, 59                                                                              \
        }                                                                                          \
    }

static const struct row rows[] = {
    {"row 1: the first batch of an unknown producer", 0, {{0}}, {0, 0, 9}, APPENDED, 0},
    {"row 2: an unknown producer in the middle", 0, {{0}}, {0, 5, 9}, APPENDED, 0},
    {"row 3: an unknown producer with a later epoch", 0, {{0}}, {3, 5, 9}, APPENDED, 0},
    {"row 3: the same from sequence 0", 0, {{0}}, {3, 0, 9}, APPENDED, 0},
    {"row 4: the next sequence", 1, {{0, 0, 9}}, {0, 10, 12}, APPENDED, 0},
    {"row 5: after MaxInt comes 0", 1, {{0, MAX - 9, MAX}}, {0, 0, 4}, APPENDED, 0},
    {"row 5: after MaxInt comes nothing else",
     1,
     {{0, MAX - 9, MAX}},
     {0, 1, 4},
     REFUSED,
     OUT_OF_ORDER},
    {"row 6: a batch that spans MaxInt", 1, {{0, 0, MAX - 2}}, {0, MAX - 1, 3}, APPENDED, 0},
    {"row 6: what follows a batch that spans MaxInt", 1, {{0, MAX - 1, 3}}, {0, 4, 5}, APPENDED, 0},
    {"row 6: a copy of a batch that spans MaxInt",
     1,
     {{0, MAX - 1, 3}},
     {0, MAX - 1, 3},
     DUPLICATE,
     0},
    {"row 7: a copy of the last batch", 6, SIX, {0, 50, 59}, DUPLICATE, 5},
    {"row 8: a copy of the second last", 6, SIX, {0, 40, 49}, DUPLICATE, 4},
    {"row 8: a copy of the third last", 6, SIX, {0, 30, 39}, DUPLICATE, 3},
    {"row 8: a copy of the fourth last", 6, SIX, {0, 20, 29}, DUPLICATE, 2},
    {"row 8: a copy of the fifth last", 6, SIX, {0, 10, 19}, DUPLICATE, 1},
    {"row 9: a copy of an older one", 6, SIX, {0, 0, 9}, REFUSED, OUT_OF_ORDER},
    {"row 10: a gap", 1, {{0, 0, 9}}, {0, 11, 12}, REFUSED, OUT_OF_ORDER},
    {"row 11: the same first, another last", 1, {{0, 0, 9}}, {0, 0, 8}, REFUSED, OUT_OF_ORDER},
    {"row 11: the first within a batch", 1, {{0, 0, 9}}, {0, 5, 9}, REFUSED, OUT_OF_ORDER},
    {"row 11: two batches as one", 2, {{0, 0, 9}, {0, 10, 19}}, {0, 0, 19}, REFUSED, OUT_OF_ORDER},
    {"row 12: sequences start again in the same epoch",
     2,
     {{0, 0, 9}, {0, 10, 19}},
     {0, 0, 4},
     REFUSED,
     OUT_OF_ORDER},
    {"row 12: a producer that was met in the middle, then its first batch",
     1,
     {{0, 17, 21}},
     {0, 0, 16},
     REFUSED,
     OUT_OF_ORDER},
    {"row 13: the next epoch starts at 0", 1, {{1, 0, 9}}, {2, 0, 4}, APPENDED, 0},
    {"row 14: the next epoch does not start in the middle",
     1,
     {{1, 0, 9}},
     {2, 10, 14},
     REFUSED,
     OUT_OF_ORDER},
    {"row 15: an earlier epoch", 1, {{1, 0, 9}}, {0, 10, 14}, REFUSED, STALE_EPOCH},
    {"row 15: an earlier epoch from sequence 0", 1, {{1, 0, 9}}, {0, 0, 14}, REFUSED, STALE_EPOCH},
    {"row 16: a copy from an earlier epoch",
     2,
     {{0, 0, 9}, {1, 0, 4}},
     {0, 0, 9},
     REFUSED,
     STALE_EPOCH},
    {"row 26: a copy, the state being there", 1, {{0, 0, 9}}, {0, 0, 9}, DUPLICATE, 0},
    {"row 27: a copy of a batch that was truncated away", 1, {{0, 0, 9}}, {0, 10, 19}, APPENDED, 0},
    {"row 30: a producer id and sequence -1",
     1,
     {{0, 0, 9}},
     {0, -1, 8},
     REFUSED,
     MOCK_ERROR_INVALID_RECORD},
    {"row 30: the same of an unknown producer",
     0,
     {{0}},
     {0, -1, 8},
     REFUSED,
     MOCK_ERROR_INVALID_RECORD},
};

static void check_row(const struct row *row) {
    set_up();
    for (size_t i = 0; i < row->count; i++) {
        record(i, row->history[i]);
    }
    struct mock_sequence_result r = check(row->input);
    struct mock_sequence_result again = check(row->input);
    int ok = r.answer == again.answer && r.error == again.error;
    switch (row->want) {
    case APPENDED:
        ok = ok && r.answer == MOCK_SEQUENCE_APPEND && r.error == 0;
        record(row->count, row->input);
        ok = ok && check(row->input).answer == MOCK_SEQUENCE_DUPLICATE;
        break;
    case DUPLICATE:
        ok = ok && r.answer == MOCK_SEQUENCE_DUPLICATE && r.error == 0 &&
             r.base_offset == 100 * row->detail && r.last_offset == 100 * row->detail + 9 &&
             r.timestamp == 1000 * row->detail;
        break;
    case REFUSED:
        ok =
            ok && r.answer == MOCK_SEQUENCE_REFUSE && r.error == row->detail && r.base_offset == -1;
        break;
    }
    t_check(ok, __LINE__, __FILE__, "%s: answer %d, error %d, base offset %lld", row->name,
            (int)r.answer, r.error, (long long)r.base_offset);
    tear_down();
}

static void every_row_of_the_table_is_answered_as_kafka_does(void) {
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check_row(&rows[i]);
    }
}

static void any_order_of_the_last_five_is_answered_with_the_original_offsets(void) {
    const struct batch six[] = SIX;
    for (size_t i = 0; i < 6; i++) {
        record(i, six[i]);
    }
    /* All 120 orders of batches 1 to 5, by counting in base 5. */
    int orders = 0;
    for (int n = 0; n < 3125; n++) {
        int order[5];
        unsigned seen = 0;
        int rest = n;
        for (int k = 0; k < 5; k++) {
            order[k] = rest % 5;
            seen |= 1u << order[k];
            rest /= 5;
        }
        if (seen != 31) {
            continue;
        }
        orders++;
        for (int k = 0; k < 5; k++) {
            struct mock_sequence_result r = check(six[1 + order[k]]);
            if (r.answer != MOCK_SEQUENCE_DUPLICATE || r.base_offset != 100 * (1 + order[k])) {
                T_EQUAL_INT(r.base_offset, 100 * (1 + order[k]));
            }
        }
    }
    T_EQUAL_INT(orders, 120);
    T_EQUAL_INT(check((struct batch){0, 60, 69}).answer, MOCK_SEQUENCE_APPEND);
}

static void a_new_epoch_empties_the_window(void) {
    record(0, (struct batch){0, 0, 9});
    record(1, (struct batch){1, 0, 4});
    T_EQUAL_INT(check((struct batch){1, 0, 4}).answer, MOCK_SEQUENCE_DUPLICATE);
    T_EQUAL_INT(check((struct batch){1, 0, 9}).error, OUT_OF_ORDER);
    T_EQUAL_INT(check((struct batch){1, 5, 9}).answer, MOCK_SEQUENCE_APPEND);
    T_EQUAL_INT(check((struct batch){1, 10, 19}).error, OUT_OF_ORDER);
}

static void a_forgotten_producer_is_accepted_again(void) {
    /* Rows 24 and 25: the next batch, and (the documented hole) a copy of the last. */
    record(0, (struct batch){0, 0, 9});
    mock_producers_forget(producers, PID);
    mock_producers_forget(producers, PID);
    T_EQUAL_INT(check((struct batch){0, 10, 19}).answer, MOCK_SEQUENCE_APPEND);
    T_EQUAL_INT(check((struct batch){0, 0, 9}).answer, MOCK_SEQUENCE_APPEND);
}

static void a_forgotten_producer_is_first_again_under_every_policy(void) {
    record(0, (struct batch){0, 0, 9});
    mock_producers_forget(producers, PID);
    struct mock_sequence s = {PID, 0, 10, 19, false, false};
    T_EQUAL_INT(
        mock_producers_check(producers, &s, MOCK_FIRST_SEQUENCE_UNKNOWN_PRODUCER_ID, false).error,
        MOCK_ERROR_UNKNOWN_PRODUCER_ID);
    T_EQUAL_INT(
        mock_producers_check(producers, &s, MOCK_FIRST_SEQUENCE_ZERO_ON_NEVER_WRITTEN, false)
            .answer,
        MOCK_SEQUENCE_APPEND);
}

static void the_first_sequence_is_judged_by_the_policy(void) {
    const struct {
        enum mock_first_sequence policy;
        bool never_written;
        int32_t first;
        int16_t error;
    } cases[] = {
        {MOCK_FIRST_SEQUENCE_ANY, true, 0, 0},
        {MOCK_FIRST_SEQUENCE_ANY, true, 5, 0},
        {MOCK_FIRST_SEQUENCE_ANY, false, 5, 0},
        {MOCK_FIRST_SEQUENCE_ZERO_ON_NEVER_WRITTEN, true, 0, 0},
        {MOCK_FIRST_SEQUENCE_ZERO_ON_NEVER_WRITTEN, true, 5, OUT_OF_ORDER},
        {MOCK_FIRST_SEQUENCE_ZERO_ON_NEVER_WRITTEN, false, 5, 0},
        {MOCK_FIRST_SEQUENCE_ZERO_ALWAYS, true, 0, 0},
        {MOCK_FIRST_SEQUENCE_ZERO_ALWAYS, true, 5, OUT_OF_ORDER},
        {MOCK_FIRST_SEQUENCE_ZERO_ALWAYS, false, 5, OUT_OF_ORDER},
        {MOCK_FIRST_SEQUENCE_UNKNOWN_PRODUCER_ID, true, 0, 0},
        {MOCK_FIRST_SEQUENCE_UNKNOWN_PRODUCER_ID, true, 5, MOCK_ERROR_UNKNOWN_PRODUCER_ID},
        {MOCK_FIRST_SEQUENCE_UNKNOWN_PRODUCER_ID, false, 5, MOCK_ERROR_UNKNOWN_PRODUCER_ID},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct mock_sequence s = {PID, 0, cases[i].first, cases[i].first + 4, false, false};
        struct mock_sequence_result r =
            mock_producers_check(producers, &s, cases[i].policy, cases[i].never_written);
        t_check(r.error == cases[i].error &&
                    (r.answer == MOCK_SEQUENCE_APPEND) == (cases[i].error == 0),
                __LINE__, __FILE__, "%s, never written %d, first %d: error %d",
                mock_first_sequence_to_str(cases[i].policy), cases[i].never_written, cases[i].first,
                r.error);
    }
}

static void the_policy_does_not_touch_a_known_producer(void) {
    record(0, (struct batch){0, 0, 9});
    struct mock_sequence gap = {PID, 0, 20, 29, false, false};
    T_EQUAL_INT(mock_producers_check(producers, &gap, MOCK_FIRST_SEQUENCE_ANY, true).error,
                OUT_OF_ORDER);
    struct mock_sequence next = {PID, 0, 10, 19, false, false};
    T_EQUAL_INT(mock_producers_check(producers, &next, MOCK_FIRST_SEQUENCE_ZERO_ALWAYS, true).error,
                0);
}

static void a_failed_first_batch_that_is_overtaken_is_lost(void) {
    /* KAFKA-15591: A (0 to 16) fails, B (17 to 21) is appended, no retry of A can succeed. */
    struct batch a = {0, 0, 16};
    struct batch b = {0, 17, 21};
    T_EQUAL_INT(check(b).answer, MOCK_SEQUENCE_APPEND);
    record(0, b);
    T_EQUAL_INT(check(a).error, OUT_OF_ORDER);
    struct mock_sequence s = sequence_of(b);
    struct mock_producers *fresh = NULL;
    T_EQUAL_INT(mock_producers_new(&fresh, NULL), 0);
    T_EQUAL_INT(
        mock_producers_check(fresh, &s, MOCK_FIRST_SEQUENCE_ZERO_ON_NEVER_WRITTEN, true).error,
        OUT_OF_ORDER);
    mock_producers_free(fresh);
}

static void producers_do_not_know_of_each_other(void) {
    for (int64_t pid = 0; pid < 2000; pid++) {
        struct mock_sequence s = {pid, 0, 0, (int32_t)pid, false, false};
        T_EQUAL_INT(mock_producers_record(producers, &s, pid, pid, 0, NULL), 0);
    }
    mock_producers_forget(producers, 1000);
    for (int64_t pid = 0; pid < 2000; pid += 250) {
        struct mock_sequence s = {pid, 0, 0, (int32_t)pid, false, false};
        struct mock_sequence_result r =
            mock_producers_check(producers, &s, MOCK_FIRST_SEQUENCE_ANY, false);
        T_EQUAL_INT(r.answer, pid == 1000 ? MOCK_SEQUENCE_APPEND : MOCK_SEQUENCE_DUPLICATE);
        T_EQUAL_INT(r.base_offset, pid == 1000 ? -1 : pid);
    }
}

static void the_last_sequence_wraps_at_max_int(void) {
    T_EQUAL_INT(mock_sequence_last(0, 1), 0);
    T_EQUAL_INT(mock_sequence_last(5, 10), 14);
    T_EQUAL_INT(mock_sequence_last(MAX, 1), MAX);
    T_EQUAL_INT(mock_sequence_last(MAX - 1, 2), MAX);
    T_EQUAL_INT(mock_sequence_last(MAX, 2), 0);
    T_EQUAL_INT(mock_sequence_last(MAX - 4, 10), 4);
}

static void policies_have_names(void) {
    for (int i = MOCK_FIRST_SEQUENCE_ANY; i <= MOCK_FIRST_SEQUENCE_UNKNOWN_PRODUCER_ID; i++) {
        enum mock_first_sequence policy;
        T_TRUE(mock_first_sequence_find(mock_first_sequence_to_str((enum mock_first_sequence)i),
                                        &policy));
        T_EQUAL_INT(policy, i);
    }
    enum mock_first_sequence untouched = MOCK_FIRST_SEQUENCE_ZERO_ALWAYS;
    T_TRUE(!mock_first_sequence_find("Any", &untouched));
    T_EQUAL_INT(untouched, MOCK_FIRST_SEQUENCE_ZERO_ALWAYS);
    T_EQUAL_STR(mock_first_sequence_to_str(MOCK_FIRST_SEQUENCE_ZERO_ON_NEVER_WRITTEN),
                "zero-on-never-written");
}

static int record_many(void) {
    struct mock_producers *many = NULL;
    int rc = mock_producers_new(&many, NULL);
    for (int64_t pid = 0; rc == 0 && pid < 400; pid++) {
        struct mock_sequence s = {pid, 0, 0, 0, false, false};
        rc = mock_producers_record(many, &s, pid, pid, 0, NULL);
        struct mock_sequence_result r =
            mock_producers_check(many, &s, MOCK_FIRST_SEQUENCE_ANY, false);
        T_EQUAL_INT(r.answer, rc == 0 ? MOCK_SEQUENCE_DUPLICATE : MOCK_SEQUENCE_APPEND);
    }
    mock_producers_free(many);
    return rc;
}

static void every_failing_allocation_is_survived(void) {
    int64_t live = base_memory_live_count();
    int succeeded = 0;
    for (uint64_t after = 0; after < 1000 && !succeeded; after++) {
        base_memory_fail_after(after, 0);
        succeeded = record_many() == 0;
        base_memory_fail_never();
        T_EQUAL_INT(base_memory_live_count(), live);
        T_TRUE(!succeeded || after > 400);
    }
    T_TRUE(succeeded);
}

CU_SuiteInfo *suite_mock_log_producer(void) {
    static CU_TestInfo tests[] = {
        {"any_order_of_the_last_five_is_answered_with_the_original_offsets",
         any_order_of_the_last_five_is_answered_with_the_original_offsets},
        {"a_new_epoch_empties_the_window", a_new_epoch_empties_the_window},
        {"a_forgotten_producer_is_accepted_again", a_forgotten_producer_is_accepted_again},
        {"a_forgotten_producer_is_first_again_under_every_policy",
         a_forgotten_producer_is_first_again_under_every_policy},
        {"the_first_sequence_is_judged_by_the_policy", the_first_sequence_is_judged_by_the_policy},
        {"the_policy_does_not_touch_a_known_producer", the_policy_does_not_touch_a_known_producer},
        {"a_failed_first_batch_that_is_overtaken_is_lost",
         a_failed_first_batch_that_is_overtaken_is_lost},
        {"producers_do_not_know_of_each_other", producers_do_not_know_of_each_other},
        {"every_failing_allocation_is_survived", every_failing_allocation_is_survived},
        CU_TEST_INFO_NULL,
    };
    static CU_TestInfo table[] = {
        {"every_row_of_the_table_is_answered_as_kafka_does",
         every_row_of_the_table_is_answered_as_kafka_does},
        {"the_last_sequence_wraps_at_max_int", the_last_sequence_wraps_at_max_int},
        {"policies_have_names", policies_have_names},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/log/producer", NULL, NULL, set_up, tear_down, tests},
        {"mock/log/producer table", NULL, NULL, NULL, NULL, table},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
