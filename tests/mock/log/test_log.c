/* Tests of mock/log/log.c. */
#include "base/crc32c.h"
#include "base/memory.h"
#include "make_batch.h"
#include "mock/log/log.h"
#include "mock/log/log_private.h"
#include "mock/wire/batch.h"
#include "suites.h"
#include "t_run.h"

static struct mock_log_budget budget;
static struct mock_log *partition;
static int64_t live_before;

static void set_up(void) {
    live_before = base_memory_live_count();
    budget = (struct mock_log_budget){0, 1 << 20};
    partition = NULL;
    T_EQUAL_INT(mock_log_new(&budget, &partition, NULL), 0);
}

static void tear_down(void) {
    mock_log_free(partition);
    T_EQUAL_INT(budget.used_bytes, 0);
    T_EQUAL_INT(base_memory_live_count(), live_before);
}

/* Appends one record for each timestamp and keeps no reference of its own. */
static int append(enum mock_codec codec, const int64_t *timestamps, size_t count) {
    struct mock_stored_batch *batch = make_batch(codec, timestamps, count, 10);
    if (!batch) {
        return BASE_NO_MEMORY;
    }
    int rc = mock_log_append(partition, batch, 7, 1000, NULL);
    mock_stored_batch_unref(batch);
    return rc;
}

static int append_records(size_t count) {
    const int64_t timestamps[8] = {0};
    return append(MOCK_CODEC_NONE, timestamps, count);
}

/* A batch by hand, as compaction would leave it. */
static void place(int64_t base_offset, int64_t last_offset) {
    struct mock_stored_batch *batch = make_small_batch();
    batch->base_offset = base_offset;
    batch->last_offset = last_offset;
    T_EQUAL_INT(mock_log_place(partition, batch, NULL), 0);
    mock_stored_batch_unref(batch);
}

static void an_empty_log_starts_where_it_ends(void) {
    struct mock_stored_batch *batch = NULL;
    size_t bytes = 99;
    T_EQUAL_INT(mock_log_start(partition), 0);
    T_EQUAL_INT(mock_log_end(partition), 0);
    T_EQUAL_INT(mock_log_batch_count(partition), 0);
    T_EQUAL_INT(mock_log_find(partition, 0), 0);
    T_EQUAL_INT(mock_log_read(partition, 0, INT64_MAX, 100, true, &batch, 1, &bytes), 0);
    T_EQUAL_INT(bytes, 0);
    T_EQUAL_INT(mock_log_available(partition, 0, INT64_MAX, 1), 0);
}

static void an_append_gives_the_next_offsets_and_fills_in_the_batch(void) {
    const int64_t timestamps[] = {50, 70, 60};
    T_EQUAL_INT(append_records(2), 0);
    T_EQUAL_INT(append(MOCK_CODEC_NONE, timestamps, 3), 0);
    const struct mock_stored_batch *batch = mock_log_batch(partition, 1);
    T_EQUAL_INT(mock_log_end(partition), 5);
    T_EQUAL_INT(batch->base_offset, 2);
    T_EQUAL_INT(batch->last_offset, 4);
    T_EQUAL_INT(batch->record_count, 3);
    T_EQUAL_INT(batch->max_timestamp, 70);
    T_EQUAL_INT(batch->appended_ms, 1000);
    T_EQUAL_INT(batch->producer_id, -1);
    T_EQUAL_INT(batch->base_sequence, -1);
}

static void an_append_stamps_offset_and_epoch_and_keeps_the_crc_right(void) {
    T_EQUAL_INT(append_records(1), 0);
    T_EQUAL_INT(append_records(1), 0);
    struct mock_batch_header header;
    T_EQUAL_INT(
        mock_batch_header_decode(mock_stored_batch_slice(mock_log_batch(partition, 1)), &header),
        0);
    T_EQUAL_INT(header.base_offset, 1);
    T_EQUAL_INT(header.partition_leader_epoch, 7);
    const struct mock_stored_batch *stored = mock_log_batch(partition, 1);
    T_EQUAL_INT(header.crc, base_crc32c(stored->bytes + MOCK_BATCH_CRC_FROM,
                                        stored->len - MOCK_BATCH_CRC_FROM));
}

static void an_append_takes_a_reference_of_its_own(void) {
    struct mock_stored_batch *batch = make_small_batch();
    T_EQUAL_INT(mock_log_append(partition, batch, 0, 0, NULL), 0);
    T_EQUAL_INT(batch->refs, 2);
    mock_stored_batch_unref(batch);
}

static void a_batch_that_was_not_validated_is_refused(void) {
    struct mock_stored_batch *batch = mock_stored_batch_new(base_slice_of("short", 5));
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(mock_log_append(partition, batch, 0, 0, &err), BASE_SHORT);
    T_EQUAL_INT(mock_log_end(partition), 0);
    T_EQUAL_INT(batch->refs, 1);
    mock_stored_batch_unref(batch);
}

static void bytes_are_counted_for_the_log_and_for_the_budget(void) {
    T_EQUAL_INT(append_records(1), 0);
    T_EQUAL_INT(append_records(1), 0);
    T_EQUAL_INT(mock_log_bytes(partition), 2 * mock_log_batch(partition, 0)->len);
    T_EQUAL_INT(budget.used_bytes, mock_log_bytes(partition));
}

static void an_append_beyond_the_budget_is_refused_by_name(void) {
    T_EQUAL_INT(append_records(1), 0);
    struct mock_stored_batch *batch = make_small_batch();
    budget.max_bytes = budget.used_bytes + batch->len - 1;
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(mock_log_append(partition, batch, 0, 0, &err), BASE_LIMIT);
    T_TRUE(strstr(err.text, "log.max.bytes") != NULL);
    T_EQUAL_INT(mock_log_end(partition), 1);
    T_EQUAL_INT(batch->refs, 1);
    budget.max_bytes++;
    T_EQUAL_INT(mock_log_append(partition, batch, 0, 0, NULL), 0);
    mock_stored_batch_unref(batch);
}

static void two_logs_share_one_budget(void) {
    struct mock_log *other = NULL;
    struct mock_stored_batch *batch = make_small_batch();
    budget.max_bytes = 120; /* room for one batch, not for two */
    T_EQUAL_INT(mock_log_new(&budget, &other, NULL), 0);
    T_EQUAL_INT(mock_log_append(other, batch, 0, 0, NULL), 0);
    T_EQUAL_INT(append_records(1), BASE_LIMIT);
    mock_log_free(other);
    T_EQUAL_INT(append_records(1), 0);
    mock_stored_batch_unref(batch);
}

static void find_gives_the_batch_that_holds_the_offset(void) {
    for (size_t i = 0; i < 5; i++) {
        T_EQUAL_INT(append_records(3), 0);
    }
    for (int64_t offset = 0; offset < 15; offset++) {
        T_EQUAL_INT(mock_log_find(partition, offset), offset / 3);
    }
    T_EQUAL_INT(mock_log_find(partition, 15), 5);
    T_EQUAL_INT(mock_log_find(partition, INT64_MAX), 5);
    T_EQUAL_INT(mock_log_find(partition, INT64_MIN), 0);
}

static void find_in_a_hole_gives_the_batch_after_it(void) {
    place(10, 14);
    place(20, 20);
    place(31, 39);
    const struct {
        int64_t offset;
        size_t index;
    } cases[] = {{0, 0},  {9, 0},  {10, 0}, {14, 0}, {15, 1}, {19, 1},
                 {20, 1}, {21, 2}, {30, 2}, {35, 2}, {39, 2}, {40, 3}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        T_EQUAL_INT(mock_log_find(partition, cases[i].offset), cases[i].index);
    }
    T_EQUAL_INT(mock_log_end(partition), 40);
    struct mock_stored_batch *batches[3];
    size_t bytes = 0;
    T_EQUAL_INT(mock_log_read(partition, 16, INT64_MAX, SIZE_MAX, false, batches, 3, &bytes), 2);
    T_EQUAL_INT(batches[0]->base_offset, 20);
}

static void a_million_batches_are_appended_and_found(void) {
    struct mock_stored_batch *model = make_small_batch();
    budget.max_bytes = UINT64_MAX;
    int rc = 0;
    for (int i = 0; rc == 0 && i < 1000000; i++) {
        struct mock_stored_batch *batch = mock_stored_batch_new(mock_stored_batch_slice(model));
        rc = batch ? mock_log_append(partition, batch, 0, 0, NULL) : BASE_NO_MEMORY;
        mock_stored_batch_unref(batch);
    }
    T_EQUAL_INT(rc, 0);
    T_EQUAL_INT(mock_log_end(partition), 1000000);
    T_EQUAL_INT(mock_log_batch_count(partition), 1000000);
    int wrong = 0;
    for (int64_t offset = 0; offset <= 1000000; offset += 7) {
        wrong += mock_log_find(partition, offset) != (size_t)offset;
    }
    T_EQUAL_INT(wrong, 0);
    mock_stored_batch_unref(model);
}

static void a_read_takes_whole_batches_within_the_limit(void) {
    struct mock_stored_batch *batches[4];
    size_t bytes = 0;
    for (size_t i = 0; i < 4; i++) {
        T_EQUAL_INT(append_records(2), 0);
    }
    size_t one = mock_log_batch(partition, 0)->len;
    T_EQUAL_INT(mock_log_read(partition, 3, INT64_MAX, 2 * one, false, batches, 4, &bytes), 2);
    T_EQUAL_INT(batches[0]->base_offset, 2);
    T_EQUAL_INT(batches[1]->base_offset, 4);
    T_EQUAL_INT(bytes, 2 * one);
    T_EQUAL_INT(mock_log_read(partition, 3, INT64_MAX, 2 * one - 1, false, batches, 4, &bytes), 1);
    T_EQUAL_INT(mock_log_read(partition, 0, INT64_MAX, SIZE_MAX, false, batches, 3, &bytes), 3);
    T_EQUAL_INT(mock_log_read(partition, 8, INT64_MAX, SIZE_MAX, true, batches, 4, &bytes), 0);
    T_EQUAL_INT(bytes, 0);
}

static void the_first_batch_is_read_whole_only_where_that_is_asked(void) {
    struct mock_stored_batch *batches[2];
    size_t bytes = 0;
    T_EQUAL_INT(append_records(1), 0);
    T_EQUAL_INT(append_records(1), 0);
    size_t one = mock_log_batch(partition, 0)->len;
    T_EQUAL_INT(mock_log_read(partition, 0, INT64_MAX, 1, true, batches, 2, &bytes), 1);
    T_EQUAL_INT(bytes, one);
    T_EQUAL_INT(mock_log_read(partition, 0, INT64_MAX, 0, false, batches, 2, &bytes), 0);
    T_EQUAL_INT(bytes, 0);
}

static void available_counts_up_to_enough(void) {
    T_EQUAL_INT(append_records(1), 0);
    T_EQUAL_INT(append_records(1), 0);
    size_t one = mock_log_batch(partition, 0)->len;
    T_EQUAL_INT(mock_log_available(partition, 0, INT64_MAX, SIZE_MAX), 2 * one);
    T_EQUAL_INT(mock_log_available(partition, 1, INT64_MAX, SIZE_MAX), one);
    T_EQUAL_INT(mock_log_available(partition, 2, INT64_MAX, SIZE_MAX), 0);
    T_EQUAL_INT(mock_log_available(partition, 0, INT64_MAX, one + 1), one + 1);
}

static void check_time(int64_t timestamp, int64_t want_offset, int64_t want_timestamp) {
    int64_t offset = -1;
    int64_t found = -1;
    T_TRUE(mock_log_find_timestamp(partition, timestamp, &offset, &found));
    T_EQUAL_INT(offset, want_offset);
    T_EQUAL_INT(found, want_timestamp);
}

static void a_time_finds_the_first_record_not_before_it(void) {
    const int64_t first[] = {100, 300, 200};
    const int64_t second[] = {150, 160};
    const int64_t third[] = {400, 350};
    T_EQUAL_INT(append(MOCK_CODEC_NONE, first, 3), 0);
    T_EQUAL_INT(append(MOCK_CODEC_NONE, second, 2), 0);
    T_EQUAL_INT(append(MOCK_CODEC_NONE, third, 2), 0);
    check_time(0, 0, 100);
    check_time(100, 0, 100);
    check_time(101, 1, 300);
    check_time(150, 1, 300);
    check_time(250, 1, 300); /* the batch after it is older */
    check_time(301, 5, 400);
    check_time(400, 5, 400);
    int64_t offset = 77;
    int64_t found = 77;
    T_TRUE(!mock_log_find_timestamp(partition, 401, &offset, &found));
}

static void a_time_is_found_within_compressed_batches(void) {
    const int64_t timestamps[] = {100, 200, 300};
    const enum mock_codec codecs[] = {MOCK_CODEC_GZIP, MOCK_CODEC_SNAPPY, MOCK_CODEC_LZ4,
                                      MOCK_CODEC_ZSTD};
    for (size_t i = 0; i < 4; i++) {
        int64_t shifted[3];
        for (size_t k = 0; k < 3; k++) {
            shifted[k] = timestamps[k] + 1000 * (int64_t)i;
        }
        T_EQUAL_INT(append(codecs[i], shifted, 3), 0);
        check_time(150 + 1000 * (int64_t)i, 1 + 3 * (int64_t)i, 200 + 1000 * (int64_t)i);
    }
}

static void the_greatest_timestamp_is_that_of_its_first_record(void) {
    int64_t offset = -1;
    int64_t found = -1;
    T_TRUE(!mock_log_max_timestamp(partition, &offset, &found));
    const int64_t first[] = {100, 300, 300};
    const int64_t second[] = {300, 200};
    T_EQUAL_INT(append(MOCK_CODEC_NONE, first, 3), 0);
    T_EQUAL_INT(append(MOCK_CODEC_NONE, second, 2), 0);
    T_TRUE(mock_log_max_timestamp(partition, &offset, &found));
    T_EQUAL_INT(offset, 1);
    T_EQUAL_INT(found, 300);
}

static void a_header_that_promises_too_late_a_time_does_not_mislead(void) {
    const int64_t timestamps[] = {100, 300, 200};
    struct mock_stored_batch *batch = make_batch(MOCK_CODEC_NONE, timestamps, 3, 1);
    /* The max timestamp of the header, as it stays when the youngest record is compacted away. */
    batch->bytes[MOCK_BATCH_MAX_TIMESTAMP_AT + 6] = 0x20;
    T_EQUAL_INT(mock_log_append(partition, batch, 0, 0, NULL), 0);
    mock_stored_batch_unref(batch);
    int64_t offset = -1;
    int64_t found = -1;
    T_TRUE(!mock_log_find_timestamp(partition, 301, &offset, &found));
    T_TRUE(mock_log_max_timestamp(partition, &offset, &found));
    T_EQUAL_INT(offset, 1);
    T_EQUAL_INT(found, 300);
}

/* Everything that allocates, once; returns the first failure. */
static int use_everything(int64_t *ret_offset) {
    const int64_t timestamps[] = {100, 300, 200};
    struct mock_log *log = NULL;
    struct mock_stored_batch *batch = NULL;
    int64_t found = 0;
    int rc = mock_log_new(&budget, &log, NULL);
    if (rc) {
        return rc;
    }
    batch = make_batch(MOCK_CODEC_GZIP, timestamps, 3, 100);
    rc = batch ? 0 : BASE_NO_MEMORY;
    for (int i = 0; rc == 0 && i < 20; i++) {
        rc = mock_log_append(log, batch, 0, 0, NULL);
    }
    if (rc == 0) {
        T_TRUE(mock_log_find_timestamp(log, 250, ret_offset, &found));
        T_TRUE(mock_log_max_timestamp(log, ret_offset, &found));
    }
    mock_stored_batch_unref(batch);
    mock_log_free(log);
    return rc;
}

static void every_failing_allocation_is_survived(void) {
    int64_t offset = -1;
    int failures = 0;
    for (uint64_t after = 0; after < 1000; after++) {
        int64_t live = base_memory_live_count();
        base_memory_fail_after(after, 0);
        int rc = use_everything(&offset);
        base_memory_fail_never();
        T_EQUAL_INT(base_memory_live_count(), live);
        T_EQUAL_INT(budget.used_bytes, 0);
        failures += rc != 0;
        if (rc == 0 && after > 100) {
            break;
        }
    }
    T_TRUE(failures >= 4);
}

static void a_failed_append_changes_nothing(void) {
    struct mock_stored_batch *batch = make_small_batch();
    base_memory_fail_after(0, 0);
    T_EQUAL_INT(mock_log_append(partition, batch, 0, 0, NULL), BASE_NO_MEMORY);
    base_memory_fail_never();
    T_EQUAL_INT(mock_log_end(partition), 0);
    T_EQUAL_INT(budget.used_bytes, 0);
    T_EQUAL_INT(batch->refs, 1);
    T_EQUAL_INT(mock_log_append(partition, batch, 0, 0, NULL), 0);
    mock_stored_batch_unref(batch);
}

CU_SuiteInfo *suite_mock_log_log(void) {
    static CU_TestInfo tests[] = {
        {"an_empty_log_starts_where_it_ends", an_empty_log_starts_where_it_ends},
        {"an_append_gives_the_next_offsets_and_fills_in_the_batch",
         an_append_gives_the_next_offsets_and_fills_in_the_batch},
        {"an_append_stamps_offset_and_epoch_and_keeps_the_crc_right",
         an_append_stamps_offset_and_epoch_and_keeps_the_crc_right},
        {"an_append_takes_a_reference_of_its_own", an_append_takes_a_reference_of_its_own},
        {"a_batch_that_was_not_validated_is_refused", a_batch_that_was_not_validated_is_refused},
        {"bytes_are_counted_for_the_log_and_for_the_budget",
         bytes_are_counted_for_the_log_and_for_the_budget},
        {"an_append_beyond_the_budget_is_refused_by_name",
         an_append_beyond_the_budget_is_refused_by_name},
        {"two_logs_share_one_budget", two_logs_share_one_budget},
        {"find_gives_the_batch_that_holds_the_offset", find_gives_the_batch_that_holds_the_offset},
        {"find_in_a_hole_gives_the_batch_after_it", find_in_a_hole_gives_the_batch_after_it},
        {"a_million_batches_are_appended_and_found", a_million_batches_are_appended_and_found},
        {"a_read_takes_whole_batches_within_the_limit",
         a_read_takes_whole_batches_within_the_limit},
        {"the_first_batch_is_read_whole_only_where_that_is_asked",
         the_first_batch_is_read_whole_only_where_that_is_asked},
        {"available_counts_up_to_enough", available_counts_up_to_enough},
        {"a_time_finds_the_first_record_not_before_it",
         a_time_finds_the_first_record_not_before_it},
        {"a_time_is_found_within_compressed_batches", a_time_is_found_within_compressed_batches},
        {"the_greatest_timestamp_is_that_of_its_first_record",
         the_greatest_timestamp_is_that_of_its_first_record},
        {"a_header_that_promises_too_late_a_time_does_not_mislead",
         a_header_that_promises_too_late_a_time_does_not_mislead},
        {"every_failing_allocation_is_survived", every_failing_allocation_is_survived},
        {"a_failed_append_changes_nothing", a_failed_append_changes_nothing},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/log/log", NULL, NULL, set_up, tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
