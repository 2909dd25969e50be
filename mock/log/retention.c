/* Deleting whole segments (Kafka: UnifiedLog.deleteOldSegments), and moving the log start
 * (DeleteRecords). */
#include <inttypes.h>
#include <string.h>

#include "mock/log/clean_pass.h"
#include "mock/log/log_private.h"
#include "mock/wire/record.h"

/* Which segments may go; asked from the oldest on, until the first that stays. */
struct policy {
    const struct mock_log *log;
    int64_t now_ms;
    uint64_t surplus_bytes; /* beyond retention.bytes */
};

static bool is_below_start(struct policy *policy, size_t index) {
    return index + 1 < policy->log->segment_count &&
           policy->log->segments[index + 1].base_offset <= policy->log->start;
}

static bool is_too_much(struct policy *policy, size_t index) {
    uint64_t bytes = policy->log->segments[index].bytes;
    if (policy->log->config.retention_bytes < 0 || policy->surplus_bytes < bytes) {
        return false;
    }
    policy->surplus_bytes -= bytes;
    return true;
}

static bool is_too_old(struct policy *policy, size_t index) {
    int64_t limit = policy->log->config.retention_ms;
    return limit >= 0 && policy->now_ms - mock_log_segment_largest_ms(policy->log, index) > limit;
}

/* Only what all in-sync replicas have is deleted. */
static bool is_replicated(const struct mock_log *log, size_t index) {
    int64_t end =
        index + 1 < log->segment_count ? log->segments[index + 1].base_offset : log->end;
    return mock_log_high_watermark(log) >= end;
}

/* How many segments go for this reason, after the first `from`, which go already. */
static size_t count_deletable(struct policy *policy, size_t from,
                              bool (*may_go)(struct policy *, size_t)) {
    const struct mock_log *log = policy->log;
    size_t i = from;
    while (i < log->segment_count) {
        bool is_last_and_empty = i + 1 == log->segment_count && log->segments[i].bytes == 0;
        if (is_last_and_empty || !is_replicated(log, i) || !may_go(policy, i)) {
            break;
        }
        i++;
    }
    return i;
}

static size_t choose(const struct mock_log *log, int64_t now_ms) {
    struct policy policy = {.log = log, .now_ms = now_ms};
    size_t count = count_deletable(&policy, 0, is_below_start);
    if (!log->config.cleanup_delete) {
        return count;
    }
    uint64_t left = 0;
    for (size_t i = count; i < log->segment_count; i++) {
        left += log->segments[i].bytes;
    }
    uint64_t limit = (uint64_t)log->config.retention_bytes;
    policy.surplus_bytes = left > limit ? left - limit : 0;
    if (policy.surplus_bytes) {
        count = count_deletable(&policy, count, is_too_much);
    }
    return count_deletable(&policy, count, is_too_old);
}

static int report_batch(struct mock_clean_pass *pass, struct mock_stored_batch *batch) {
    struct mock_record_iterator it;
    int rc = mock_record_iterator_init(&it, mock_stored_batch_slice(batch));
    if (rc) {
        return rc;
    }
    struct mock_record record;
    while ((rc = mock_record_iterator_next(&it, &record)) > 0) {
        rc = mock_clean_pass_removed(pass, record.offset);
        if (rc) {
            break;
        }
    }
    mock_record_iterator_clean_up(&it);
    return rc ? rc : mock_clean_pass_change(pass, batch, NULL);
}

/* The first count segments, with batch_count batches, go. */
static void drop_segments(struct mock_log *log, size_t count, size_t batch_count) {
    uint64_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        bytes += log->segments[i].bytes;
    }
    for (size_t i = 0; i < batch_count; i++) {
        mock_stored_batch_unref(log->entries[i].batch);
    }
    if (batch_count) {
        memmove(log->entries, log->entries + batch_count,
                (log->count - batch_count) * sizeof(*log->entries));
        log->count -= batch_count;
    }
    memmove(log->segments, log->segments + count,
            (log->segment_count - count) * sizeof(*log->segments));
    log->segment_count -= count;
    log->bytes -= bytes;
    log->budget->used_bytes -= bytes;
    int64_t base = log->segments[0].base_offset;
    log->start = base > log->start ? base : log->start;
    mock_epochs_truncate_start(&log->epochs, log->start);
    size_t gone = 0;
    while (gone < log->aborted_count && log->aborted[gone].last_offset < base) {
        gone++;
    }
    if (gone) {
        memmove(log->aborted, log->aborted + gone,
                (log->aborted_count - gone) * sizeof(*log->aborted));
        log->aborted_count -= gone;
    }
    mock_log_index_times(log);
}

static int retain(struct mock_log *log, int64_t now_ms, struct mock_clean_pass *pass) {
    size_t count = choose(log, now_ms);
    if (count == 0) {
        return 0;
    }
    size_t batch_count =
        count < log->segment_count ? mock_log_segment(log, count).first_batch : log->count;
    for (size_t i = 0; i < batch_count; i++) {
        int rc = report_batch(pass, log->entries[i].batch);
        if (rc) {
            return rc;
        }
    }
    if (count == log->segment_count) {
        /* There is always one. */
        int rc = mock_log_reserve_segment(log, NULL);
        if (rc) {
            return rc;
        }
        mock_log_add_segment(log, log->end, now_ms);
        pass->report.rolled = true;
    }
    drop_segments(log, count, batch_count);
    return 0;
}

int mock_log_retain(struct mock_log *log, int64_t now_ms, struct mock_clean_pass **ret_pass,
                    struct base_error *err) {
    struct mock_clean_pass *pass = NULL;
    int rc = mock_clean_pass_new(MOCK_CLEAN_RETAIN, log, now_ms, &pass, err);
    if (rc) {
        return rc;
    }
    rc = retain(log, now_ms, pass);
    if (rc) {
        mock_clean_pass_free(pass);
        return base_fail(err, rc, "a pass of retention stopped: %s", base_code_to_str(rc));
    }
    mock_clean_pass_finish(pass, log);
    *ret_pass = pass;
    return 0;
}

int mock_log_delete_records(struct mock_log *log, int64_t before, int64_t now_ms,
                            struct mock_clean_pass **ret_pass, struct base_error *err) {
    int64_t watermark = mock_log_high_watermark(log);
    int64_t start = before == -1 ? watermark : before;
    if (start < 0 || start > watermark) {
        return base_fail(err, BASE_USAGE,
                         "records can be deleted before an offset from 0 to %" PRId64
                         " (-1: all), not before %" PRId64, watermark, before);
    }
    struct mock_clean_pass *pass = NULL;
    int rc = mock_clean_pass_new(MOCK_CLEAN_DELETE_RECORDS, log, now_ms, &pass, err);
    if (rc) {
        return rc;
    }
    log->start = start > log->start ? start : log->start;
    mock_epochs_truncate_start(&log->epochs, log->start);
    mock_clean_pass_finish(pass, log);
    *ret_pass = pass;
    return 0;
}
