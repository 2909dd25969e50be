/* A naive model of a pass: see invariants.h. Quadratic, and proud of it. */
#include "invariants.h"

#include <stdio.h>
#include <string.h>

#include "base/crc32c.h"
#include "base/memory.h"
#include "mock/wire/record.h"
#include "t_run.h"

static uint64_t hash(uint64_t seed, const void *data, size_t len) {
    const uint8_t *at = data;
    for (size_t i = 0; i < len; i++) {
        seed = (seed ^ at[i]) * UINT64_C(0x100000001b3);
    }
    return (seed ^ len) * UINT64_C(0x100000001b3);
}

static uint64_t body_hash(struct mock_record record) {
    uint64_t h = hash(UINT64_C(0xcbf29ce484222325), record.key.data, record.key.len);
    h = hash(h + base_slice_is_null(record.value), record.value.data, record.value.len);
    struct mock_record_header header;
    while (mock_record_next_header(&record, &header)) {
        h = hash(h, header.name.data, header.name.len);
        h = hash(h, header.value.data, header.value.len);
    }
    return h;
}

static char *copy_key(struct base_slice key) {
    return key.data ? base_strndup((const char *)key.data, key.len) : NULL;
}

static void take_records(struct snapshot *s, const struct mock_stored_batch *batch, size_t index) {
    struct mock_record_iterator it;
    struct mock_record record;
    if (!T_EQUAL_INT(mock_record_iterator_init(&it, mock_stored_batch_slice(batch)), 0)) {
        return;
    }
    while (mock_record_iterator_next(&it, &record) > 0) {
        void *records = s->records;
        (void)base_grow(&records, &s->record_cap, s->record_count + 1, sizeof(*s->records));
        s->records = records;
        s->records[s->record_count++] = (struct seen_record){
            .offset = record.offset,
            .timestamp_ms = record.timestamp_ms,
            .body_hash = body_hash(record),
            .key = copy_key(record.key),
            .has_value = !base_slice_is_null(record.value),
            .is_control = mock_batch_is_control(&it.batch),
            .batch = index,
        };
    }
    mock_record_iterator_clean_up(&it);
}

void snapshot_take(struct snapshot *s, const struct mock_log *log) {
    *s = (struct snapshot){.start = mock_log_start(log), .end = mock_log_end(log)};
    s->batch_count = mock_log_batch_count(log);
    s->batches = base_alloc_array(s->batch_count, sizeof(struct mock_stored_batch *));
    s->batch_hashes = base_alloc_array(s->batch_count, sizeof(*s->batch_hashes));
    for (size_t i = 0; i < s->batch_count; i++) {
        s->batches[i] = mock_stored_batch_ref(mock_log_batch(log, i));
        s->batch_hashes[i] = hash(0, s->batches[i]->bytes, s->batches[i]->len);
        take_records(s, s->batches[i], i);
    }
}

void snapshot_free(struct snapshot *s) {
    for (size_t i = 0; i < s->batch_count; i++) {
        mock_stored_batch_unref(s->batches[i]);
    }
    for (size_t i = 0; i < s->record_count; i++) {
        base_free(s->records[i].key);
    }
    base_free(s->batches);
    base_free(s->batch_hashes);
    base_free(s->records);
}

static const struct seen_record *find_record(const struct snapshot *s, int64_t offset) {
    for (size_t i = 0; i < s->record_count; i++) {
        if (s->records[i].offset == offset) {
            return &s->records[i];
        }
    }
    return NULL;
}

static const struct mock_stored_batch *find_batch(const struct snapshot *s, int64_t base_offset) {
    for (size_t i = 0; i < s->batch_count; i++) {
        if (s->batches[i]->base_offset == base_offset) {
            return s->batches[i];
        }
    }
    return NULL;
}

static bool has(const int64_t *offsets, size_t count, int64_t offset) {
    for (size_t i = 0; i < count; i++) {
        if (offsets[i] == offset) {
            return true;
        }
    }
    return false;
}

/* -- headers -- */

static void check_same_identity(const struct mock_batch_header *a,
                                const struct mock_batch_header *b) {
    const int flags = MOCK_BATCH_LOG_APPEND_TIME | MOCK_BATCH_TRANSACTIONAL | MOCK_BATCH_CONTROL;
    T_EQUAL_INT(b->base_offset, a->base_offset);
    T_EQUAL_INT(b->last_offset_delta, a->last_offset_delta);
    T_EQUAL_INT(b->partition_leader_epoch, a->partition_leader_epoch);
    T_EQUAL_INT(b->producer_id, a->producer_id);
    T_EQUAL_INT(b->producer_epoch, a->producer_epoch);
    T_EQUAL_INT(b->base_sequence, a->base_sequence);
    T_EQUAL_INT(b->attributes & flags, a->attributes & flags);
    if (b->record_count == 0) {
        T_EQUAL_INT(mock_batch_codec(b), MOCK_CODEC_NONE);
        T_EQUAL_INT(b->attributes & MOCK_BATCH_DELETE_HORIZON, 0);
        T_EQUAL_INT(b->base_timestamp, -1);
        T_EQUAL_INT(b->max_timestamp, a->max_timestamp);
        T_EQUAL_INT(b->batch_length, MOCK_BATCH_HEADER_BYTES - MOCK_BATCH_LENGTH_FROM);
    } else {
        T_EQUAL_INT(mock_batch_codec(b), mock_batch_codec(a));
        T_TRUE(!(a->attributes & MOCK_BATCH_DELETE_HORIZON) ||
               ((b->attributes & MOCK_BATCH_DELETE_HORIZON) &&
                b->base_timestamp == a->base_timestamp));
    }
}

static void check_header(const struct mock_stored_batch *batch,
                         const struct mock_stored_batch *was) {
    struct mock_batch_header now;
    struct mock_batch_header then;
    if (!T_EQUAL_INT(mock_batch_header_decode(mock_stored_batch_slice(batch), &now), 0) ||
        !T_EQUAL_INT(mock_batch_header_decode(mock_stored_batch_slice(was), &then), 0)) {
        return;
    }
    T_EQUAL_INT(now.crc, base_crc32c(batch->bytes + MOCK_BATCH_CRC_FROM,
                                     batch->len - MOCK_BATCH_CRC_FROM));
    T_EQUAL_INT(batch->record_count, now.record_count);
    T_EQUAL_INT(batch->base_offset, now.base_offset);
    T_EQUAL_INT(batch->last_offset, now.base_offset + now.last_offset_delta);
    T_EQUAL_INT(batch->max_timestamp, now.max_timestamp);
    T_EQUAL_INT(batch->appended_ms, was->appended_ms);
    check_same_identity(&then, &now);
}

/* Ascending, each as before; every batch that is another object is in the report, and no other. */
static void check_batches(const struct snapshot *before, const struct snapshot *after,
                          const struct mock_clean_report *report) {
    size_t replaced = 0;
    for (size_t i = 0; i < after->batch_count; i++) {
        const struct mock_stored_batch *batch = after->batches[i];
        const struct mock_stored_batch *was = find_batch(before, batch->base_offset);
        T_TRUE(i == 0 || after->batches[i - 1]->last_offset < batch->base_offset);
        if (T_TRUE(was != NULL)) {
            check_header(batch, was);
            replaced += batch != was;
        }
    }
    size_t gone = before->batch_count - after->batch_count;
    T_EQUAL_INT(report->deleted_count, gone);
    T_EQUAL_INT(report->change_count, replaced + gone);
    for (size_t i = 0; i < report->change_count; i++) {
        const struct mock_clean_change *change = &report->changes[i];
        T_TRUE(find_batch(before, change->before->base_offset) == change->before);
        T_TRUE(find_batch(after, change->before->base_offset) == change->after);
    }
    for (size_t i = 0; i < report->emptied_count; i++) {
        const struct mock_stored_batch *batch = find_batch(after, report->emptied[i]);
        T_TRUE(batch && batch->record_count == 0);
    }
    for (size_t i = 0; i < before->batch_count; i++) {
        T_TRUE(before->batch_hashes[i] ==
               hash(0, before->batches[i]->bytes, before->batches[i]->len));
    }
}

/* -- records -- */

static int16_t attributes_of(const struct snapshot *s, const struct seen_record *r) {
    return s->batches[r->batch]->bytes[MOCK_BATCH_ATTRIBUTES_AT + 1];
}

static bool is_of_txn(const struct snapshot *s, const struct seen_record *r) {
    return attributes_of(s, r) & MOCK_BATCH_TRANSACTIONAL;
}

static void check_records(const struct snapshot *before, const struct snapshot *after,
                          const struct mock_clean_report *report) {
    for (size_t i = 0; i < after->record_count; i++) {
        const struct seen_record *r = &after->records[i];
        const struct seen_record *was = find_record(before, r->offset);
        T_TRUE(i == 0 || after->records[i - 1].offset < r->offset);
        if (T_TRUE(was != NULL)) {
            T_TRUE(was->body_hash == r->body_hash);
            T_EQUAL_INT(r->timestamp_ms, was->timestamp_ms);
        }
    }
    T_EQUAL_INT(report->removed_count, before->record_count - after->record_count);
    for (size_t i = 0; i < before->record_count; i++) {
        int64_t offset = before->records[i].offset;
        bool gone = !find_record(after, offset);
        T_TRUE(gone == has(report->removed, report->removed_count, offset));
        T_TRUE(!gone || offset < report->first_uncleanable);
        T_TRUE(!gone || offset < report->end || is_of_txn(before, &before->records[i]));
    }
}

/* A newer record of its key was read by this pass. */
static bool is_superseded(const struct snapshot *before, const struct seen_record *r,
                          const struct mock_clean_report *report) {
    for (size_t i = 0; r->key && i < before->record_count; i++) {
        const struct seen_record *newer = &before->records[i];
        if (newer->offset > r->offset && newer->offset >= report->first_dirty &&
            newer->offset < report->end && newer->key && strcmp(newer->key, r->key) == 0) {
            return true;
        }
    }
    return false;
}

/* What must have become of a record below the end, on a log without transactions. */
static bool must_stay(const struct snapshot *before, const struct seen_record *r,
                      const struct mock_clean_report *report) {
    if (!r->key || is_superseded(before, r, report)) {
        return false;
    }
    struct mock_batch_header header;
    if (mock_batch_header_decode(mock_stored_batch_slice(before->batches[r->batch]), &header)) {
        return true;
    }
    return r->has_value || !(attributes_of(before, r) & MOCK_BATCH_DELETE_HORIZON) ||
           report->now_ms < header.base_timestamp;
}

/* What an aborted transaction leaves is the scripts' matter; such logs are left out. */
static void check_keys(const struct snapshot *before, const struct snapshot *after,
                       const struct mock_clean_report *report) {
    for (size_t i = 0; i < before->record_count; i++) {
        if (is_of_txn(before, &before->records[i])) {
            return;
        }
    }
    for (size_t i = 0; i < before->record_count; i++) {
        const struct seen_record *r = &before->records[i];
        if (r->offset < report->end) {
            bool there = find_record(after, r->offset) != NULL;
            T_TRUE(there == must_stay(before, r, report));
        }
    }
}

/* A tombstone that stays is in a batch with a horizon, which the pass gave if there was none. */
static void check_horizons(const struct snapshot *after,
                           const struct mock_clean_report *report) {
    for (size_t i = 0; i < report->horizon_count; i++) {
        const struct mock_stored_batch *batch =
            find_batch(after, report->horizons[i].base_offset);
        struct mock_batch_header header;
        if (T_TRUE(batch != NULL) &&
            T_EQUAL_INT(mock_batch_header_decode(mock_stored_batch_slice(batch), &header), 0)) {
            T_TRUE(header.attributes & MOCK_BATCH_DELETE_HORIZON);
            T_EQUAL_INT(header.base_timestamp, report->horizons[i].horizon_ms);
            T_EQUAL_INT(header.base_timestamp, report->now_ms + report->delete_retention_ms);
        }
    }
    for (size_t i = 0; i < after->record_count; i++) {
        const struct seen_record *r = &after->records[i];
        T_TRUE(r->has_value || r->offset >= report->end ||
               (attributes_of(after, r) & MOCK_BATCH_DELETE_HORIZON));
    }
}

void check_pass(const struct snapshot *before, const struct mock_log *log,
                const struct mock_clean_report *report) {
    struct snapshot after;
    snapshot_take(&after, log);
    T_EQUAL_INT(after.start, before->start);
    T_EQUAL_INT(after.end, before->end);
    if (report->nothing_dirty) {
        T_EQUAL_INT(report->change_count, 0);
        T_EQUAL_INT(after.batch_count, before->batch_count);
    } else {
        check_batches(before, &after, report);
        check_records(before, &after, report);
        check_keys(before, &after, report);
        check_horizons(&after, report);
        T_EQUAL_INT(mock_log_clean_checkpoint(log), report->end);
    }
    snapshot_free(&after);
}
