/* The life of a log and of its producers, in which every allocation fails once: whatever is refused
 * for it succeeds when it is asked again, all ends as it would have, and nothing leaks. */
#include "base/memory.h"
#include "make_batch.h"
#include "mock/log/log.h"
#include "mock/log/producer.h"
#include "mock/wire/error_names.h"
#include "suites.h"
#include "t_run.h"

#define PID 7
#define BATCHES 20

static struct mock_log_budget budget;
static struct mock_log *made;
static struct mock_producers *producers;
static int refusals;

/* Asks again, once, what was refused for want of memory. */
#define INSIST(call)                                                                               \
    do {                                                                                           \
        int insist_rc = (call);                                                                    \
        if (insist_rc != 0) {                                                                      \
            T_EQUAL_INT(insist_rc, BASE_NO_MEMORY);                                                \
            refusals++;                                                                            \
            T_EQUAL_INT((call), 0);                                                                \
        }                                                                                          \
    } while (0)

static struct mock_stored_batch *batch_of(size_t n, int32_t sequence) {
    static const int64_t times[3] = {1, 2, 3};
    struct base_builder b;
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    struct mock_build_record records[3];
    struct mock_stored_batch *batch = NULL;
    options.codec = (enum mock_codec)(n % MOCK_CODEC_COUNT);
    options.attributes = MOCK_BATCH_TRANSACTIONAL;
    options.producer_id = PID;
    options.producer_epoch = 2;
    options.base_sequence = sequence;
    for (size_t i = 0; i < 3; i++) {
        records[i] = (struct mock_build_record){.timestamp_ms = times[i],
                                                .key = base_slice_str("k"),
                                                .value = base_slice_str("a value")};
    }
    for (int attempt = 0; !batch && attempt < 2; attempt++) {
        base_builder_init(&b, 4096);
        mock_batch_build(&b, &options, records, 3);
        batch = base_builder_ok(&b) ? mock_stored_batch_new(base_builder_slice(&b)) : NULL;
        refusals += batch == NULL;
        base_builder_clean_up(&b);
    }
    T_TRUE(batch != NULL);
    return batch;
}

static void append(size_t n) {
    struct mock_stored_batch *batch = batch_of(n, 3 * (int32_t)n);
    struct mock_sequence s = {PID, 2, 3 * (int32_t)n, 3 * (int32_t)n + 2, true, true};
    INSIST(mock_producers_verify(producers, &s, false, NULL));
    int64_t base = mock_log_end(made);
    INSIST(mock_log_append(made, batch, (int32_t)n / 3, 0, NULL));
    INSIST(mock_producers_record(producers, &s, base, base + 2, 0, NULL));
    mock_stored_batch_unref(batch);
}

static void check_end(void) {
    struct mock_aborted_txn aborted = mock_log_aborted(made, 0);
    T_EQUAL_INT(mock_log_start(made), 0);
    T_EQUAL_INT(mock_log_end(made), 3 * 15);
    T_EQUAL_INT(mock_log_batch_count(made), 15);
    T_EQUAL_INT(mock_log_segment_count(made), 4);
    T_EQUAL_INT(mock_log_aborted_count(made), 1);
    T_EQUAL_INT(aborted.last_offset, 5);
    T_EQUAL_INT(mock_epochs_latest(mock_log_epochs(made)), 9);
    T_EQUAL_INT(mock_producers_first_open(producers), 0);
    struct mock_sequence copy = {PID, 2, 3 * 14, 3 * 14 + 2, true, false};
    struct mock_sequence_result r =
        mock_producers_check(producers, &copy, MOCK_FIRST_SEQUENCE_ANY, false);
    T_EQUAL_INT(r.answer, MOCK_SEQUENCE_DUPLICATE);
    T_EQUAL_INT(r.base_offset, 3 * 14);
}

static void live_and_die(void) {
    struct mock_marker marker = {PID + 1, 3, 0, 1000};
    struct mock_aborted_txn aborted = {PID, 0, 5};
    struct mock_aborted_txn late = {PID, 45, 50};
    bool rolled = false;
    INSIST(mock_log_new(&budget, &made, NULL));
    INSIST(mock_producers_new(&producers, NULL));
    for (size_t n = 0; n < BATCHES; n++) {
        append(n);
        if (n % 5 == 4) {
            INSIST(mock_log_roll(made, 0, &rolled, NULL));
        }
    }
    INSIST(mock_log_add_aborted(made, &aborted, NULL));
    INSIST(mock_log_add_aborted(made, &late, NULL));
    INSIST(mock_producers_marker(producers, &marker, NULL, NULL));
    T_EQUAL_INT(mock_log_truncate(made, 3 * 15), 15);
    INSIST(mock_log_begin_epoch(made, 9));
    INSIST(mock_producers_rebuild(producers, made, NULL));
}

static void clean_up(void) {
    mock_producers_free(producers);
    mock_log_free(made);
    producers = NULL;
    made = NULL;
}

static void every_failing_allocation_is_made_up_for(void) {
    int64_t live = base_memory_live_count();
    uint64_t after = 0;
    do {
        refusals = 0;
        budget = (struct mock_log_budget){0, 1000000};
        base_memory_fail_after(after++, 0);
        live_and_die();
        base_memory_fail_never();
        check_end();
        clean_up();
        T_EQUAL_INT(base_memory_live_count(), live);
        T_EQUAL_INT(budget.used_bytes, 0);
    } while (refusals > 0 && after < 2000);
    T_TRUE(after > 60 && after < 2000);
}

CU_SuiteInfo *suite_mock_log_memory(void) {
    static CU_TestInfo tests[] = {
        {"every_failing_allocation_is_made_up_for", every_failing_allocation_is_made_up_for},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/log memory", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
