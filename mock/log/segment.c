/* The segments of a log, and its index of aborted transactions: see log.h. */
#include <assert.h>

#include "base/memory.h"
#include "mock/log/log_private.h"

size_t mock_log_segment_count(const struct mock_log *log) {
    return log->segment_count;
}

struct mock_segment_view mock_log_segment(const struct mock_log *log, size_t index) {
    assert(index < log->segment_count);
    const struct mock_segment *s = &log->segments[index];
    bool is_active = index + 1 == log->segment_count;
    size_t first = mock_log_find(log, s->base_offset);
    size_t next = is_active ? log->count : mock_log_find(log, s[1].base_offset);
    return (struct mock_segment_view){
        .base_offset = s->base_offset,
        .end_offset = is_active ? log->end : s[1].base_offset,
        .bytes = s->bytes,
        .records = s->records,
        .first_batch = first,
        .batch_count = next - first,
        .is_active = is_active,
    };
}

size_t mock_log_segment_of(const struct mock_log *log, int64_t offset) {
    size_t low = 0;
    size_t high = log->segment_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (log->segments[middle].base_offset <= offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

int64_t mock_log_segment_largest_ms(const struct mock_log *log, size_t index) {
    struct mock_segment_view view = mock_log_segment(log, index);
    int64_t largest = -1;
    for (size_t i = 0; i < view.batch_count; i++) {
        int64_t max = log->entries[view.first_batch + i].batch->max_timestamp;
        largest = max > largest ? max : largest;
    }
    return largest >= 0 ? largest : log->segments[index].modified_ms;
}

int64_t mock_log_max_segment_ms(const struct mock_log_config *config) {
    return config->cleanup_compact && config->max_compaction_lag_ms < config->segment_ms
               ? config->max_compaction_lag_ms
               : config->segment_ms;
}

int mock_log_reserve_segment(struct mock_log *log, struct base_error *err) {
    void *segments = log->segments;
    if (base_grow(&segments, &log->segment_cap, log->segment_count + 1, sizeof(*log->segments))) {
        return base_fail(err, BASE_NO_MEMORY, "out of memory for %zu segments of a partition log",
                         log->segment_count + 1);
    }
    log->segments = segments;
    return 0;
}

void mock_log_add_segment(struct mock_log *log, int64_t base_offset, int64_t now_ms) {
    assert(log->segment_count < log->segment_cap);
    log->segments[log->segment_count++] = (struct mock_segment){
        .base_offset = base_offset,
        .opened_ms = now_ms,
        .modified_ms = now_ms,
    };
}

int mock_log_roll(struct mock_log *log, int64_t now_ms, bool *ret_rolled, struct base_error *err) {
    if (log->segments[log->segment_count - 1].bytes == 0) {
        *ret_rolled = false;
        return 0;
    }
    int rc = mock_log_reserve_segment(log, err);
    if (rc == 0) {
        mock_log_add_segment(log, log->end, now_ms);
        *ret_rolled = true;
    }
    return rc;
}

int64_t mock_log_clean_checkpoint(const struct mock_log *log) {
    return log->checkpoint;
}

/* -- transactions -- */

void mock_log_hold_stable(struct mock_log *log, int64_t offset) {
    log->stable_limit = offset;
}

int64_t mock_log_stable(const struct mock_log *log) {
    int64_t watermark = mock_log_high_watermark(log);
    return log->stable_limit < watermark ? log->stable_limit : watermark;
}

int mock_log_add_aborted(struct mock_log *log, const struct mock_aborted_txn *txn,
                         struct base_error *err) {
    assert(txn->first_offset <= txn->last_offset && txn->last_offset < log->end);
    assert(log->aborted_count == 0 ||
           log->aborted[log->aborted_count - 1].last_offset < txn->last_offset);
    void *aborted = log->aborted;
    if (base_grow(&aborted, &log->aborted_cap, log->aborted_count + 1, sizeof(*log->aborted))) {
        return base_fail(err, BASE_NO_MEMORY, "out of memory for an aborted transaction");
    }
    log->aborted = aborted;
    log->aborted[log->aborted_count++] = *txn;
    return 0;
}

size_t mock_log_aborted_count(const struct mock_log *log) {
    return log->aborted_count;
}

struct mock_aborted_txn mock_log_aborted(const struct mock_log *log, size_t index) {
    assert(index < log->aborted_count);
    return log->aborted[index];
}
