/* One partition as it was at each moment of the history: see compaction.h. */
#include "base/memory.h"
#include "harness/check/compaction.h"

size_t trial_cleaned_find(const struct trial_cleaned *log, int64_t base_offset) {
    size_t low = 0;
    size_t high = log->batch_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (log->batches[middle]->base_offset < base_offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static int note_producer(struct trial_cleaned *log, const struct mock_stored_batch *batch) {
    struct mock_batch_header header;
    if (batch->producer_id < 0 ||
        mock_batch_header_decode(mock_stored_batch_slice(batch), &header) ||
        mock_batch_is_control(&header)) {
        return 0;
    }
    uint32_t number;
    int rc = trial_table_intern(&log->producers, (uint64_t)batch->producer_id, BASE_SLICE_NULL,
                                &number);
    rc = rc ? rc : base_grow((void **)&log->last, &log->last_cap, log->producers.count,
                             sizeof(*log->last));
    if (rc == 0) {
        log->last[number] = (struct trial_last_batch){batch->last_offset, batch->appended_ms};
    }
    return rc;
}

void trial_cleaned_cut(const struct trial_index *ix, struct trial_cleaned *log, int64_t offset) {
    while (log->batch_count && log->batches[log->batch_count - 1]->base_offset >= offset) {
        log->batch_count--;
    }
    while (log->record_count &&
           ix->records[log->records[log->record_count - 1]].offset >= offset) {
        log->record_count--;
    }
    log->end = offset;
}

int trial_cleaned_append(struct trial_index *ix, struct trial_cleaned *log,
                         struct mock_stored_batch *batch, uint32_t from, uint32_t limit) {
    trial_cleaned_cut(ix, log, batch->base_offset);
    int rc = base_grow((void **)&log->batches, &log->batch_cap, log->batch_count + 1,
                       sizeof(struct mock_stored_batch *));
    rc = rc ? rc : base_grow((void **)&log->records, &log->record_cap,
                             log->record_count + (limit - from), sizeof(*log->records));
    if (rc) {
        return rc;
    }
    log->batches[log->batch_count++] = batch;
    for (uint32_t at = from; at < limit; at++) {
        log->records[log->record_count++] = at;
    }
    log->end = batch->last_offset + 1;
    return note_producer(log, batch);
}

void trial_cleaned_apply(const struct trial_index *ix, struct trial_cleaned *log,
                         const struct trial_clean *clean, uint32_t event) {
    size_t kept = 0;
    size_t next = 0;
    for (size_t i = 0; i < log->batch_count; i++) {
        struct mock_stored_batch *batch = log->batches[i];
        while (next < clean->change_count &&
               clean->changes[next].base_offset < batch->base_offset) {
            next++;
        }
        if (next < clean->change_count && clean->changes[next].base_offset == batch->base_offset) {
            batch = clean->changes[next].after;
        }
        if (batch) {
            log->batches[kept++] = batch;
        }
    }
    log->batch_count = kept;
    kept = 0;
    for (size_t i = 0; i < log->record_count; i++) {
        if (ix->records[log->records[i]].gone_event != event) {
            log->records[kept++] = log->records[i];
        }
    }
    log->record_count = kept;
}

bool trial_cleaned_is_aborted(const struct trial_cleaned *log, size_t place) {
    int64_t producer = log->batches[place]->producer_id;
    for (size_t i = place + 1; i < log->batch_count; i++) {
        struct mock_record_iterator it;
        struct mock_record record;
        if (log->batches[i]->producer_id != producer ||
            mock_record_iterator_init(&it, mock_stored_batch_slice(log->batches[i]))) {
            continue;
        }
        bool is_marker = mock_batch_is_control(&it.batch);
        /* The key of a marker: version, then 0 for an abort and 1 for a commit. */
        bool is_abort = is_marker && mock_record_iterator_next(&it, &record) == 1 &&
                        record.key.len >= 4 && record.key.data[2] == 0 && record.key.data[3] == 0;
        mock_record_iterator_clean_up(&it);
        if (is_marker) {
            return is_abort;
        }
    }
    return false;
}
