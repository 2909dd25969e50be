/* Which part of a log a pass may touch (Kafka: LogCleanerManager.cleanableOffsets,
 * calculateCleanableBytes, maxCompactionDelay; LogToClean). */
#include "mock/log/cleaner.h"
#include "mock/log/log_private.h"

/* Index of the first segment that nonActiveLogSegmentsFrom(offset) would give; the active one's
 * index when there is none. */
static size_t non_active_from(const struct mock_log *log, int64_t offset) {
    return mock_log_segment_of(log, offset);
}

static int64_t first_dirty(const struct mock_log *log, bool *ret_reset) {
    int64_t at = log->checkpoint < 0 ? log->start : log->checkpoint;
    *ret_reset = at < log->start || at > log->end;
    return *ret_reset ? log->start : at;
}

static int64_t first_uncleanable(const struct mock_log *log, int64_t dirty, int64_t now_ms) {
    size_t active = log->segment_count - 1;
    int64_t lag = log->config.min_compaction_lag_ms;
    int64_t limit = mock_log_stable(log);
    if (log->segments[active].base_offset < limit) {
        limit = log->segments[active].base_offset;
    }
    if (lag > 0) {
        size_t i = non_active_from(log, dirty);
        while (i < active && mock_log_segment_largest_ms(log, i) <= now_ms - lag) {
            i++;
        }
        if (i < active && log->segments[i].base_offset < limit) {
            limit = log->segments[i].base_offset;
        }
    }
    limit = limit > dirty ? limit : dirty;
    /* A segment is cleaned as a whole, or not. */
    return log->segments[non_active_from(log, limit)].base_offset;
}

/* Has a dirty segment waited longer than max.compaction.lag.ms? */
static bool is_overdue(const struct mock_log *log, int64_t dirty, int64_t now_ms) {
    int64_t until = 0;
    if (__builtin_sub_overflow(now_ms, log->config.max_compaction_lag_ms, &until)) {
        return false;
    }
    for (size_t i = non_active_from(log, dirty); i + 1 < log->segment_count; i++) {
        struct mock_segment_view view = mock_log_segment(log, i);
        int64_t first = view.batch_count ? log->entries[view.first_batch].batch->max_timestamp : -1;
        if (first > 0 && first < until) {
            return true;
        }
    }
    return false;
}

struct mock_clean_range mock_log_cleanable(const struct mock_log *log, int64_t now_ms) {
    struct mock_clean_range range = {0};
    range.first_dirty = first_dirty(log, &range.reset);
    range.first_uncleanable = first_uncleanable(log, range.first_dirty, now_ms);
    for (size_t i = 0; i < log->segment_count; i++) {
        if (log->segments[i].base_offset < range.first_dirty) {
            range.clean_bytes += log->segments[i].bytes;
        }
    }
    for (size_t i = mock_log_segment_of(log, range.first_dirty);
         range.first_uncleanable > range.first_dirty && i < log->segment_count &&
         log->segments[i].base_offset < range.first_uncleanable;
         i++) {
        range.cleanable_bytes += log->segments[i].bytes;
    }
    uint64_t total = range.clean_bytes + range.cleanable_bytes;
    range.ratio = total ? (double)range.cleanable_bytes / (double)total : 0;
    range.needs_clean = log->config.cleanup_compact && range.cleanable_bytes > 0 &&
                        (range.ratio > log->config.min_cleanable_dirty_ratio ||
                         is_overdue(log, range.first_dirty, now_ms));
    return range;
}
