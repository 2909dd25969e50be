/* What the replicas of a partition make of its log: the high watermark, the epochs of its leaders,
 * and the tail that a new leader lacks. */
#include "mock/log/log.h"
#include "mock/log/log_private.h"

void mock_log_hold_watermark(struct mock_log *log, int64_t offset) {
    log->watermark_limit = offset;
}

int64_t mock_log_high_watermark(const struct mock_log *log) {
    return log->watermark_limit < log->end ? log->watermark_limit : log->end;
}

int mock_log_begin_epoch(struct mock_log *log, int32_t epoch) {
    return mock_epochs_assign(&log->epochs, epoch, log->end);
}

const struct mock_epochs *mock_log_epochs(const struct mock_log *log) {
    return &log->epochs;
}

/* Segments that begin after offset go; the last one that stays becomes the active one. */
static void cut_segments(struct mock_log *log, int64_t offset) {
    while (log->segment_count > 1 && log->segments[log->segment_count - 1].base_offset > offset) {
        log->segment_count--;
    }
    struct mock_segment *last = &log->segments[log->segment_count - 1];
    last->base_offset = last->base_offset < offset ? last->base_offset : offset;
    last->bytes = 0;
    last->records = 0;
    for (size_t i = mock_log_find(log, last->base_offset); i < log->count; i++) {
        last->bytes += log->entries[i].batch->len;
        last->records += log->entries[i].batch->record_count;
    }
}

uint64_t mock_log_truncate(struct mock_log *log, int64_t offset) {
    uint64_t gone = 0;
    if (offset >= log->end) {
        /* An epoch that began at the end and had no record may be another leader's by now. */
        mock_epochs_truncate_end(&log->epochs, log->end);
        return 0;
    }
    while (log->count && log->entries[log->count - 1].batch->last_offset >= offset) {
        struct mock_stored_batch *batch = log->entries[--log->count].batch;
        gone += mock_stored_batch_is_control(batch) ? 0 : batch->record_count;
        log->bytes -= batch->len;
        log->budget->used_bytes -= batch->len;
        mock_stored_batch_unref(batch);
    }
    log->end = offset;
    log->start = log->start < offset ? log->start : offset;
    cut_segments(log, offset);
    mock_epochs_truncate_end(&log->epochs, offset);
    while (log->aborted_count && log->aborted[log->aborted_count - 1].last_offset >= offset) {
        log->aborted_count--;
    }
    /* A transaction that began in what is gone holds nothing back any more. */
    log->stable_limit = log->stable_limit >= offset ? INT64_MAX : log->stable_limit;
    log->checkpoint = log->checkpoint < offset ? log->checkpoint : offset;
    return gone;
}
