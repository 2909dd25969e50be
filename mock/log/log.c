/* The log of one partition: see log.h. */
#include "mock/log/log.h"

#include <assert.h>

#include "base/memory.h"
#include "mock/log/log_private.h"
#include "mock/wire/batch.h"
#include "mock/wire/record.h"

int mock_log_new(struct mock_log_budget *budget, struct mock_log **ret_log,
                 struct base_error *err) {
    struct mock_log *log = base_alloc_zero(sizeof(*log));
    if (!log) {
        return base_fail(err, BASE_NO_MEMORY, "out of memory for a partition log");
    }
    log->budget = budget;
    log->config = (struct mock_log_config)MOCK_LOG_CONFIG_INIT;
    log->stable_limit = INT64_MAX;
    log->watermark_limit = INT64_MAX;
    log->checkpoint = -1;
    int rc = mock_log_reserve_segment(log, err);
    if (rc) {
        base_free(log);
        return rc;
    }
    mock_log_add_segment(log, 0, 0);
    *ret_log = log;
    return 0;
}

void mock_log_free(struct mock_log *log) {
    if (!log) {
        return;
    }
    for (size_t i = 0; i < log->count; i++) {
        mock_stored_batch_unref(log->entries[i].batch);
    }
    assert(log->budget->used_bytes >= log->bytes);
    log->budget->used_bytes -= log->bytes;
    base_free(log->entries);
    base_free(log->segments);
    base_free(log->aborted);
    mock_epochs_clean_up(&log->epochs);
    base_free(log);
}

void mock_log_configure(struct mock_log *log, const struct mock_log_config *config) {
    log->config = *config;
}

const struct mock_log_config *mock_log_configuration(const struct mock_log *log) {
    return &log->config;
}

/* -- appending -- */

/* Everything that can fail, and nothing that can be seen. */
static int make_room(struct mock_log *log, size_t len, struct base_error *err) {
    const struct mock_log_budget *budget = log->budget;
    uint64_t left =
        budget->max_bytes > budget->used_bytes ? budget->max_bytes - budget->used_bytes : 0;
    if (len > left) {
        return base_fail(err, BASE_LIMIT,
                         "log.max.bytes is reached: %llu of %llu bytes are kept, %zu more wanted",
                         (unsigned long long)budget->used_bytes,
                         (unsigned long long)budget->max_bytes, len);
    }
    void *entries = log->entries;
    if (base_grow(&entries, &log->cap, log->count + 1, sizeof(*log->entries))) {
        return base_fail(err, BASE_NO_MEMORY, "out of memory for %zu batches of a partition log",
                         log->count + 1);
    }
    log->entries = entries;
    return 0;
}

/* LogSegment.shouldRoll, and segment.records. A segment that holds nothing takes any batch. */
static bool must_roll(const struct mock_log *log, const struct mock_batch_header *header,
                      size_t len, int64_t now_ms) {
    const struct mock_segment *active = &log->segments[log->segment_count - 1];
    const struct mock_log_config *config = &log->config;
    if (active->bytes == 0) {
        return false;
    }
    return active->bytes + len > (uint64_t)config->segment_bytes ||
           (config->segment_records > 0 &&
            active->records + (uint64_t)header->record_count > (uint64_t)config->segment_records) ||
           now_ms - active->opened_ms > mock_log_max_segment_ms(config) ||
           log->end + header->last_offset_delta - active->base_offset > INT32_MAX;
}

static void add_entry(struct mock_log *log, struct mock_stored_batch *batch) {
    struct mock_segment *active = &log->segments[log->segment_count - 1];
    active->opened_ms = active->bytes ? active->opened_ms : batch->appended_ms;
    active->modified_ms = batch->appended_ms;
    active->bytes += batch->len;
    active->records += batch->record_count;
    int64_t so_far = batch->max_timestamp;
    if (log->count && log->entries[log->count - 1].max_timestamp_so_far > so_far) {
        so_far = log->entries[log->count - 1].max_timestamp_so_far;
    }
    log->entries[log->count++] = (struct mock_log_entry){
        .batch = mock_stored_batch_ref(batch),
        .max_timestamp_so_far = so_far,
    };
    log->bytes += batch->len;
    log->budget->used_bytes += batch->len;
    log->end = batch->last_offset + 1;
}

int mock_log_append(struct mock_log *log, struct mock_stored_batch *batch, int32_t leader_epoch,
                    int64_t now_ms, struct base_error *err) {
    struct mock_batch_header header;
    int rc = mock_batch_header_decode(mock_stored_batch_slice(batch), &header);
    if (rc) {
        return base_fail(err, rc, "a batch that was not validated cannot be appended");
    }
    rc = make_room(log, batch->len, err);
    rc = rc ? rc : mock_log_reserve_segment(log, err);
    if (rc) {
        return rc;
    }
    if (leader_epoch >= 0 && mock_epochs_assign(&log->epochs, leader_epoch, log->end)) {
        return base_fail(err, BASE_NO_MEMORY, "out of memory for the epochs of a partition log");
    }
    if (must_roll(log, &header, batch->len, now_ms)) {
        mock_log_add_segment(log, log->end, now_ms);
    }
    mock_batch_patch_base_offset(batch->bytes, log->end);
    mock_batch_patch_leader_epoch(batch->bytes, leader_epoch);
    batch->record_count = (uint32_t)header.record_count;
    batch->base_offset = log->end;
    batch->last_offset = log->end + header.last_offset_delta;
    batch->max_timestamp = header.max_timestamp;
    batch->appended_ms = now_ms;
    batch->producer_id = header.producer_id;
    batch->producer_epoch = header.producer_epoch;
    batch->base_sequence = header.base_sequence;
    add_entry(log, batch);
    return 0;
}

int mock_log_place(struct mock_log *log, struct mock_stored_batch *batch, struct base_error *err) {
    assert(batch->base_offset >= log->end && batch->last_offset >= batch->base_offset);
    int rc = make_room(log, batch->len, err);
    if (rc == 0) {
        add_entry(log, batch);
    }
    return rc;
}

/* -- reading -- */

int64_t mock_log_start(const struct mock_log *log) {
    return log->start;
}

int64_t mock_log_end(const struct mock_log *log) {
    return log->end;
}

uint64_t mock_log_bytes(const struct mock_log *log) {
    return log->bytes;
}

size_t mock_log_batch_count(const struct mock_log *log) {
    return log->count;
}

size_t mock_log_find(const struct mock_log *log, int64_t offset) {
    size_t low = 0;
    size_t high = log->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (log->entries[middle].batch->last_offset < offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct mock_stored_batch *mock_log_batch(const struct mock_log *log, size_t index) {
    assert(index < log->count);
    return log->entries[index].batch;
}

size_t mock_log_read(const struct mock_log *log, int64_t offset, int64_t until, size_t max_bytes,
                     bool first_always, struct mock_stored_batch **ret_batches, size_t cap,
                     size_t *ret_bytes) {
    assert(offset >= log->start && offset <= log->end);
    size_t count = 0;
    size_t bytes = 0;
    for (size_t i = mock_log_find(log, offset); i < log->count && count < cap; i++) {
        struct mock_stored_batch *batch = log->entries[i].batch;
        bool fits = bytes <= max_bytes && batch->len <= max_bytes - bytes;
        if (batch->last_offset >= until || (!fits && !(first_always && count == 0))) {
            break;
        }
        ret_batches[count++] = batch;
        bytes += batch->len;
    }
    *ret_bytes = bytes;
    return count;
}

/* The last record of a batch with holes; of one that cannot be read now: its last offset, so that
 * nobody takes the log for shorter than it is. */
static int64_t last_in_batch(const struct mock_stored_batch *batch) {
    if ((int64_t)batch->record_count == batch->last_offset - batch->base_offset + 1) {
        return batch->last_offset;
    }
    struct mock_record_iterator it;
    if (mock_record_iterator_init(&it, mock_stored_batch_slice(batch))) {
        return batch->last_offset;
    }
    int64_t last = -1;
    struct mock_record record;
    while (mock_record_iterator_next(&it, &record) > 0) {
        last = record.offset;
    }
    mock_record_iterator_clean_up(&it);
    return last;
}

static bool is_aborted(const struct mock_log *log, const struct mock_stored_batch *batch) {
    for (size_t i = 0; batch->producer_id >= 0 && i < mock_log_aborted_count(log); i++) {
        struct mock_aborted_txn txn = mock_log_aborted(log, i);
        if (txn.producer_id == batch->producer_id && txn.first_offset <= batch->base_offset &&
            batch->last_offset < txn.last_offset) {
            return true;
        }
    }
    return false;
}

int64_t mock_log_last_record(const struct mock_log *log) {
    return mock_log_last_readable(log, mock_log_end(log), false);
}

int64_t mock_log_last_readable(const struct mock_log *log, int64_t end, bool committed) {
    for (size_t i = log->count; i > 0; i--) {
        const struct mock_stored_batch *batch = log->entries[i - 1].batch;
        if (batch->last_offset < log->start) {
            break;
        }
        if (batch->record_count == 0 || mock_stored_batch_is_control(batch) ||
            batch->last_offset >= end || (committed && is_aborted(log, batch))) {
            continue;
        }
        int64_t last = last_in_batch(batch);
        return last >= log->start ? last : -1;
    }
    return -1;
}

size_t mock_log_available(const struct mock_log *log, int64_t offset, int64_t until,
                          size_t enough) {
    size_t bytes = 0;
    for (size_t i = mock_log_find(log, offset); i < log->count && bytes < enough; i++) {
        if (log->entries[i].batch->last_offset >= until) {
            break;
        }
        bytes += log->entries[i].batch->len;
    }
    return bytes < enough ? bytes : enough;
}

/* -- by time -- */

enum walk { WALK_NONE, WALK_FOUND, WALK_UNREADABLE };

/* The first record of the batch with timestamp or a later one, at start or after it. */
static enum walk find_in_batch(const struct mock_stored_batch *batch, int64_t start,
                               int64_t timestamp, int64_t *ret_offset, int64_t *ret_timestamp) {
    struct mock_record_iterator it;
    if (mock_record_iterator_init(&it, mock_stored_batch_slice(batch))) {
        return WALK_UNREADABLE;
    }
    enum walk found = WALK_NONE;
    struct mock_record record;
    int rc = 0;
    while (found == WALK_NONE && (rc = mock_record_iterator_next(&it, &record)) > 0) {
        if (record.timestamp_ms >= timestamp && record.offset >= start) {
            *ret_offset = record.offset;
            *ret_timestamp = record.timestamp_ms;
            found = WALK_FOUND;
        }
    }
    mock_record_iterator_clean_up(&it);
    return rc < 0 ? WALK_UNREADABLE : found;
}

void mock_log_index_times(struct mock_log *log) {
    int64_t so_far = INT64_MIN;
    for (size_t i = 0; i < log->count; i++) {
        int64_t max = log->entries[i].batch->max_timestamp;
        so_far = max > so_far ? max : so_far;
        log->entries[i].max_timestamp_so_far = so_far;
    }
}

/* Index of the first batch at whose end a record with timestamp or a later one has been seen. */
static size_t find_by_time(const struct mock_log *log, int64_t timestamp) {
    size_t low = 0;
    size_t high = log->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (log->entries[middle].max_timestamp_so_far < timestamp) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool mock_log_find_timestamp(const struct mock_log *log, int64_t timestamp, int64_t *ret_offset,
                             int64_t *ret_timestamp) {
    size_t first = find_by_time(log, timestamp);
    size_t visible = mock_log_find(log, log->start);
    for (size_t i = first > visible ? first : visible; i < log->count; i++) {
        const struct mock_stored_batch *batch = log->entries[i].batch;
        if (batch->max_timestamp < timestamp) {
            continue;
        }
        switch (find_in_batch(batch, log->start, timestamp, ret_offset, ret_timestamp)) {
        case WALK_FOUND:
            return true;
        case WALK_NONE:
            /* The header promised a time that no record has: the record was compacted away. */
            break;
        case WALK_UNREADABLE:
            /* Validated before it was stored, so memory is out. A reader that starts at the head of
             * this batch misses nothing; one that is told "none" would miss it all. */
            *ret_offset = batch->base_offset > log->start ? batch->base_offset : log->start;
            *ret_timestamp = batch->max_timestamp;
            return true;
        }
    }
    return false;
}

bool mock_log_max_timestamp(const struct mock_log *log, int64_t *ret_offset,
                            int64_t *ret_timestamp) {
    if (log->count == 0) {
        return false;
    }
    int64_t promised = log->entries[log->count - 1].max_timestamp_so_far;
    if (mock_log_find_timestamp(log, promised, ret_offset, ret_timestamp)) {
        return true;
    }
    /* The record of that time was compacted away: ask every batch that could hold a greater one. */
    bool found = false;
    int64_t above = INT64_MIN;
    for (size_t i = mock_log_find(log, log->start); i < log->count; i++) {
        const struct mock_stored_batch *batch = log->entries[i].batch;
        while (batch->max_timestamp >= above &&
               find_in_batch(batch, log->start, above, ret_offset, ret_timestamp) == WALK_FOUND) {
            found = true;
            above = *ret_timestamp + 1; /* a record of INT64_MAX would have kept the promise */
        }
    }
    return found;
}
