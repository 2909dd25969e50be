/* A log that was made elsewhere, batch by batch: see mock_log_load. */
#include "mock/log/log_private.h"
#include "mock/wire/batch.h"

int mock_log_load(struct mock_log *log, struct mock_stored_batch *batch, int32_t leader_epoch,
                  int64_t now_ms, struct base_error *err) {
    struct mock_batch_header header;
    int rc = mock_batch_header_decode(mock_stored_batch_slice(batch), &header);
    if (rc) {
        return base_fail(err, rc, "what is to be loaded is no record batch");
    }
    if (mock_batch_bytes(&header) != batch->len || header.last_offset_delta < 0) {
        return base_fail(err, BASE_MALFORMED, "what is to be loaded is not one record batch");
    }
    if (header.base_offset < log->end) {
        return base_fail(err, BASE_USAGE,
                         "a batch at offset %lld cannot follow a log that ends at %lld",
                         (long long)header.base_offset, (long long)log->end);
    }
    if (leader_epoch >= 0 && mock_epochs_assign(&log->epochs, leader_epoch, header.base_offset)) {
        return base_fail(err, BASE_NO_MEMORY, "out of memory for the epochs of a partition log");
    }
    mock_batch_patch_leader_epoch(batch->bytes, leader_epoch);
    batch->record_count = (uint32_t)header.record_count;
    batch->base_offset = header.base_offset;
    batch->last_offset = mock_batch_last_offset(&header);
    batch->max_timestamp = header.max_timestamp;
    batch->appended_ms = now_ms;
    batch->producer_id = header.producer_id;
    batch->producer_epoch = header.producer_epoch;
    batch->base_sequence = header.base_sequence;
    return mock_log_place(log, batch, err);
}
