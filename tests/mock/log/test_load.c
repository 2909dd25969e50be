/* Logs that are made elsewhere and loaded batch by batch. */
#include "base/limits.h"
#include "mock/log/log.h"
#include "mock/wire/build.h"
#include "suites.h"
#include "t_run.h"

struct made {
    struct mock_log_budget budget;
    struct mock_log *log;
};

static void open_log(struct made *made) {
    made->budget = (struct mock_log_budget){0, BASE_MIB};
    T_EQUAL_INT(mock_log_new(&made->budget, &made->log, NULL), 0);
}

/* A batch of count records from offset on whose last offset is last. */
static int load(struct made *made, int64_t offset, int64_t last, size_t count) {
    struct mock_build_record records[4];
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    struct base_builder bytes;
    struct base_error err = BASE_ERROR_INIT;
    for (size_t i = 0; i < count; i++) {
        records[i] = (struct mock_build_record){.offset_delta = (int32_t)i,
                                                .timestamp_ms = 7,
                                                .key = base_slice_str("k"),
                                                .value = base_slice_str("v")};
    }
    options.base_offset = offset;
    options.last_offset_delta = (int32_t)(last - offset);
    base_builder_init(&bytes, BASE_KIB);
    mock_batch_build(&bytes, &options, records, count);
    struct mock_stored_batch *batch = mock_stored_batch_new(base_builder_slice(&bytes));
    int rc = mock_log_load(made->log, batch, 5, 1000, &err);
    mock_stored_batch_unref(batch);
    base_builder_clean_up(&bytes);
    return rc;
}

static void offsets_are_kept_with_their_holes(void) {
    struct made made;
    open_log(&made);
    T_EQUAL_INT(load(&made, 3, 9, 2), 0);
    T_EQUAL_INT(load(&made, 20, 24, 0), 0);
    T_EQUAL_INT(mock_log_end(made.log), 25);
    T_EQUAL_INT(mock_log_batch_count(made.log), 2);
    const struct mock_stored_batch *first = mock_log_batch(made.log, 0);
    const struct mock_stored_batch *second = mock_log_batch(made.log, 1);
    T_EQUAL_INT(first->base_offset, 3);
    T_EQUAL_INT(first->last_offset, 9);
    T_EQUAL_INT(first->record_count, 2);
    T_EQUAL_INT(second->record_count, 0);
    T_EQUAL_INT(mock_log_find(made.log, 12), 1);
    T_EQUAL_INT(mock_log_last_record(made.log), 4);
    struct mock_batch_header header;
    T_EQUAL_INT(mock_batch_header_decode(mock_stored_batch_slice(first), &header), 0);
    T_EQUAL_INT(header.base_offset, 3);
    T_EQUAL_INT(header.partition_leader_epoch, 5);
    mock_log_free(made.log);
}

static void a_batch_below_the_end_is_refused(void) {
    struct made made;
    open_log(&made);
    T_EQUAL_INT(load(&made, 3, 9, 2), 0);
    T_EQUAL_INT(load(&made, 9, 10, 1), BASE_USAGE);
    T_EQUAL_INT(load(&made, 0, 1, 1), BASE_USAGE);
    T_EQUAL_INT(mock_log_end(made.log), 10);
    T_EQUAL_INT(mock_log_batch_count(made.log), 1);
    T_EQUAL_INT(load(&made, 10, 10, 1), 0);
    mock_log_free(made.log);
}

static void every_truncation_and_two_batches_are_refused(void) {
    struct made made;
    struct base_builder bytes;
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    struct mock_build_record record = {.key = base_slice_str("k"), .value = base_slice_str("v")};
    open_log(&made);
    base_builder_init(&bytes, BASE_KIB);
    options.base_offset = 0;
    mock_batch_build(&bytes, &options, &record, 1);
    size_t one = bytes.len;
    mock_batch_build(&bytes, &options, &record, 1);
    for (size_t len = 0; len <= bytes.len; len++) {
        if (len != one) {
            struct base_error err = BASE_ERROR_INIT;
            struct mock_stored_batch *batch =
                mock_stored_batch_new(base_slice_of(bytes.data, len));
            T_TRUE(mock_log_load(made.log, batch, 0, 0, &err) < 0);
            mock_stored_batch_unref(batch);
        }
    }
    T_EQUAL_INT(mock_log_batch_count(made.log), 0);
    T_EQUAL_INT(mock_log_end(made.log), 0);
    base_builder_clean_up(&bytes);
    mock_log_free(made.log);
}

CU_SuiteInfo *suite_mock_log_load(void) {
    static CU_TestInfo tests[] = {
        {"offsets_are_kept_with_their_holes", offsets_are_kept_with_their_holes},
        {"a_batch_below_the_end_is_refused", a_batch_below_the_end_is_refused},
        {"every_truncation_and_two_batches_are_refused",
         every_truncation_and_two_batches_are_refused},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {{"load", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return suites;
}
