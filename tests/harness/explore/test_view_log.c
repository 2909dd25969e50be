/* The batches of a view. */
#include <string.h>

#include "base/crc32c.h"
#include "base/limits.h"
#include "base/memory.h"
#include "harness/explore/view_log.h"
#include "made_log.h"
#include "mock/wire/record.h"
#include "suites.h"

/* What a view's batches say: "0-2 of 101: 2=a2 | 3-5 of 101:" */
struct reading {
    struct base_builder text;
    const struct made_log *log;
    bool has_horizon;
    bool is_whole; /* every batch is one of the log, byte for byte */
};

static bool is_as_written(const struct made_log *log, struct base_slice batch) {
    const struct trial_captured_part *part = &log->capture.parts[0];
    for (uint32_t i = 0; i < part->batch_count; i++) {
        if (base_slice_equal(mock_stored_batch_slice(part->batches[i].stored), batch)) {
            return true;
        }
    }
    return false;
}

static int read_batch(void *arg, struct base_slice batch, struct base_error *err) {
    struct reading *reading = arg;
    struct mock_record_iterator it;
    struct mock_record record;
    if (!T_EQUAL_INT(mock_record_iterator_init(&it, batch), 0)) {
        return BASE_MALFORMED;
    }
    const struct mock_batch_header *h = &it.batch;
    T_EQUAL_INT(mock_batch_bytes(h), batch.len);
    T_EQUAL_INT(h->crc, base_crc32c(batch.data + MOCK_BATCH_CRC_FROM,
                                    batch.len - MOCK_BATCH_CRC_FROM));
    T_EQUAL_INT(h->producer_epoch, 3);
    T_EQUAL_INT(h->base_sequence % 10, 0);
    base_put_format(&reading->text, "%s%lld-%lld of %lld:", reading->text.len ? " | " : "",
                    (long long)h->base_offset, (long long)mock_batch_last_offset(h),
                    (long long)h->producer_id);
    reading->has_horizon = reading->has_horizon || (h->attributes & MOCK_BATCH_DELETE_HORIZON);
    reading->is_whole = reading->is_whole && is_as_written(reading->log, batch);
    int32_t count = 0;
    while (mock_record_iterator_next(&it, &record) > 0) {
        struct mock_record_header header;
        T_TRUE(mock_record_next_header(&record, &header) && base_slice_equal_str(header.name, "h"));
        base_put_format(&reading->text, " %lld=%.*s%.*s", (long long)record.offset,
                        (int)record.key.len, (const char *)record.key.data,
                        record.value.data ? (int)record.value.len : 1,
                        record.value.data ? (const char *)record.value.data : "-");
        count++;
    }
    T_EQUAL_INT(count, h->record_count);
    T_TRUE(h->max_timestamp >= 1000);
    mock_record_iterator_clean_up(&it);
    return 0;
}

static void check_view(const struct made_log *log, uint32_t a, uint32_t b, bool drops,
                       struct reading *reading, const char *expected) {
    struct trial_window window = {a, b, drops};
    struct base_error err = BASE_ERROR_INIT;
    *reading = (struct reading){.log = log, .is_whole = true};
    base_builder_init(&reading->text, BASE_MIB);
    T_EQUAL_INT(trial_view_batches(&log->capture.parts[0], &window, read_batch, reading, &err), 0);
    base_put_u8(&reading->text, 0);
    T_EQUAL_STR((const char *)reading->text.data, expected);
    base_builder_clean_up(&reading->text);
}

static void check_codec(enum mock_codec codec) {
    struct made_log log;
    struct reading r;
    if (made_log_open(&log)) {
        made_log_append(&log, 0, 1, codec, "a1 b1 a2 | c1 b-");
        made_log_append(&log, 0, 2, codec, "a3 c-");
        if (made_log_capture(&log)) {
            check_view(&log, 0, 0, false, &r,
                       "0-2 of 101: 0=a1 1=b1 2=a2 | 3-4 of 101: 3=c1 4=b- | "
                       "5-6 of 102: 5=a3 6=c-");
            T_TRUE(r.is_whole && !r.has_horizon);
            check_view(&log, 0, 3, false, &r,
                       "0-2 of 101: 1=b1 2=a2 | 3-4 of 101: 3=c1 4=b- | 5-6 of 102: 5=a3 6=c-");
            T_TRUE(!r.is_whole && !r.has_horizon);
            /* The first batch is left out: neither the last of its producer nor of the pass. */
            check_view(&log, 0, 7, false, &r, "3-4 of 101: 4=b- | 5-6 of 102: 5=a3 6=c-");
            T_TRUE(r.has_horizon);
            /* Empty batches: of the producer's last sequence. */
            check_view(&log, 0, 7, true, &r, "3-4 of 101: | 5-6 of 102: 5=a3");
            T_TRUE(!r.has_horizon);
            check_view(&log, 1, 7, false, &r,
                       "0-2 of 101: 0=a1 | 3-4 of 101: 4=b- | 5-6 of 102: 5=a3 6=c-");
        }
    }
    made_log_close(&log);
}

static void batches_are_rewritten_with_holes(void) {
    check_codec(MOCK_CODEC_NONE);
    check_codec(MOCK_CODEC_GZIP);
    check_codec(MOCK_CODEC_SNAPPY);
    check_codec(MOCK_CODEC_LZ4);
    check_codec(MOCK_CODEC_ZSTD);
}

static void the_last_batch_of_the_pass_stays_as_an_empty_one(void) {
    struct made_log log;
    struct reading r;
    if (made_log_open(&log)) {
        made_log_append(&log, 0, 1, MOCK_CODEC_NONE, "a1 | a2 | a- | b1");
        if (made_log_capture(&log)) {
            check_view(&log, 0, 3, true, &r, "2-2 of 101: | 3-3 of 101: 3=b1");
            check_view(&log, 1, 3, true, &r, "0-0 of 101: 0=a1 | 2-2 of 101: | 3-3 of 101: 3=b1");
        }
    }
    made_log_close(&log);
}

static int stop_at_once(void *arg, struct base_slice batch, struct base_error *err) {
    ++*(int *)arg;
    return base_fail(err, BASE_STATE, "enough");
}

static void a_visitor_can_stop(void) {
    struct made_log log;
    if (made_log_open(&log)) {
        made_log_append(&log, 0, 1, MOCK_CODEC_NONE, "a1 | a2");
        if (made_log_capture(&log)) {
            struct base_error err = BASE_ERROR_INIT;
            struct trial_window window = {0};
            int visits = 0;
            T_EQUAL_INT(trial_view_batches(&log.capture.parts[0], &window, stop_at_once, &visits,
                                           &err), BASE_STATE);
            T_EQUAL_INT(visits, 1);
        }
    }
    made_log_close(&log);
}

static int count_batch(void *arg, struct base_slice batch, struct base_error *err) {
    ++*(int *)arg;
    return 0;
}

/* Capture, enumeration and batches with the n-th allocation failing; 0 when none did. */
static int explore_once(struct made_log *log, int *visits) {
    struct base_error err = BASE_ERROR_INIT;
    struct trial_capture capture;
    struct trial_views views;
    const struct trial_window window = {1, 6, false};
    int rc = trial_capture_read(log->world.bound, trial_find_actor(log->world.bound, "c1"),
                                log->world.history, &capture, &err);
    if (rc != 0) {
        return rc;
    }
    rc = trial_views_enumerate(&capture, 0, 0, &views, &err);
    if (rc == 0) {
        trial_views_clean_up(&views);
        rc = trial_view_batches(&capture.parts[0], &window, count_batch, visits, &err);
    }
    trial_capture_clean_up(&capture);
    return rc;
}

static void every_failing_allocation_is_reported_and_leaks_nothing(void) {
    struct made_log log;
    if (made_log_open(&log)) {
        made_log_append(&log, 0, 1, MOCK_CODEC_LZ4, "a1 b1 a2 | c1 b-");
        made_log_append(&log, 0, 2, MOCK_CODEC_NONE, "a3 c-");
        int64_t live = base_memory_live_count();
        uint64_t n = 0;
        int visits = 0;
        int rc;
        do {
            visits = 0;
            base_memory_fail_after(n++, 0);
            rc = explore_once(&log, &visits);
            base_memory_fail_never();
            T_TRUE(rc == 0 || rc == BASE_NO_MEMORY);
            T_EQUAL_INT(base_memory_live_count(), live);
        } while (rc != 0 && n < 10000);
        T_EQUAL_INT(rc, 0);
        T_EQUAL_INT(visits, 3);
        T_TRUE(n > 10);
    }
    made_log_close(&log);
}

CU_SuiteInfo *suite_explore_view_log(void) {
    static CU_TestInfo tests[] = {
        {"batches_are_rewritten_with_holes", batches_are_rewritten_with_holes},
        {"the_last_batch_of_the_pass_stays_as_an_empty_one",
         the_last_batch_of_the_pass_stays_as_an_empty_one},
        {"a_visitor_can_stop", a_visitor_can_stop},
        {"every_failing_allocation_is_reported_and_leaks_nothing",
         every_failing_allocation_is_reported_and_leaks_nothing},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {{"view log", NULL, NULL, NULL, NULL, tests},
                                    CU_SUITE_INFO_NULL};
    return suites;
}
