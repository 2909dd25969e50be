/* One batch before and after a pass: what may change, and what may go. See compaction.h. */
#include "base/crc32c.h"
#include "harness/check/compaction.h"

/* -- headers -- */

static bool has_horizon(const struct mock_batch_header *header) {
    return (header->attributes & MOCK_BATCH_DELETE_HORIZON) != 0;
}

static bool same_header(const struct mock_batch_header *a, const struct mock_batch_header *b) {
    int16_t ignored = MOCK_BATCH_DELETE_HORIZON;
    if (b->record_count == 0) {
        ignored |= MOCK_BATCH_CODEC_MASK; /* nothing is compressed to nothing */
    }
    return a->base_offset == b->base_offset && a->last_offset_delta == b->last_offset_delta &&
           a->partition_leader_epoch == b->partition_leader_epoch && a->magic == b->magic &&
           (a->attributes & ~ignored) == (b->attributes & ~ignored) &&
           a->producer_id == b->producer_id && a->producer_epoch == b->producer_epoch &&
           a->base_sequence == b->base_sequence;
}

static bool crc_is_right(const struct mock_stored_batch *batch,
                         const struct mock_batch_header *header) {
    return mock_batch_bytes(header) == batch->len &&
           base_crc32c(batch->bytes + MOCK_BATCH_CRC_FROM, batch->len - MOCK_BATCH_CRC_FROM) ==
               header->crc;
}

/* A horizon is put on once, by the pass that keeps a tombstone (or an emptied transaction's
 * marker). */
static int judge_horizon(struct trial_pass *pass, const struct mock_batch_header *before,
                         const struct mock_batch_header *after) {
    if (has_horizon(after) && !has_horizon(before)) {
        pass->horizons++;
        if (after->base_timestamp != pass->clean->now_ms + pass->clean->delete_retention_ms) {
            return trial_pass_fail(pass, "cleaner-wrong-horizon", before->base_offset);
        }
    } else if (has_horizon(before) && after->record_count > 0 &&
               (!has_horizon(after) || after->base_timestamp != before->base_timestamp)) {
        return trial_pass_fail(pass, "cleaner-moved-horizon", before->base_offset);
    }
    return 0;
}

static int judge_headers(struct trial_pass *pass, const struct mock_stored_batch *batch,
                         const struct mock_batch_header *before,
                         const struct mock_batch_header *after) {
    if (!same_header(before, after) || (after->record_count == 0 && has_horizon(after))) {
        return trial_pass_fail(pass, "cleaner-changed-batch", before->base_offset);
    }
    if (!crc_is_right(batch, after)) {
        return trial_pass_fail(pass, "cleaner-bad-crc", before->base_offset);
    }
    return judge_horizon(pass, before, after);
}

/* -- records -- */

/* May the record go? It was indexed and a newer one of its key too; or it has no key; or it is a
 * tombstone whose time is over. */
static int judge_removed(struct trial_pass *pass, const struct mock_batch_header *before,
                         const struct mock_record *record, bool aborted) {
    struct trial_index *ix = pass->c->ix;
    pass->removed++;
    uint32_t number = trial_index_record_at(ix, pass->part, record->offset);
    if (number == TRIAL_NONE || ix->records[number].gone_event != pass->event) {
        return trial_pass_fail(pass, "cleaner-misreported", record->offset);
    }
    if (record->offset >= pass->clean->end) {
        return trial_pass_fail(pass, "cleaner-touched-uncleanable", record->offset);
    }
    if (aborted || !record->key.data ||
        pass->newest[ix->records[number].key_number] > record->offset) {
        return 0;
    }
    if (record->value.data) {
        return trial_pass_fail(pass, "cleaner-lost-newest", record->offset);
    }
    return has_horizon(before) && pass->clean->now_ms >= before->base_timestamp
               ? 0 : trial_pass_fail(pass, "cleaner-early-tombstone", record->offset);
}

static bool same_headers(struct mock_record a, struct mock_record b) {
    struct mock_record_header one;
    struct mock_record_header two;
    while (true) {
        bool more = mock_record_next_header(&a, &one);
        if (more != mock_record_next_header(&b, &two)) {
            return false;
        }
        if (!more) {
            return true;
        }
        if (!base_slice_equal(one.name, two.name) || !base_slice_equal(one.value, two.value)) {
            return false;
        }
    }
}

static bool same_record(const struct mock_record *a, const struct mock_record *b) {
    return a->offset == b->offset && a->timestamp_ms == b->timestamp_ms &&
           base_slice_equal(a->key, b->key) && base_slice_equal(a->value, b->value) &&
           same_headers(*a, *b);
}

/* Both are walked together: what is left is a part of what was there, in the same order. */
static int judge_records(struct trial_pass *pass, struct mock_record_iterator *before,
                         struct mock_record_iterator *after, bool aborted) {
    bool is_control = mock_batch_is_control(&before->batch);
    struct mock_record was;
    struct mock_record is;
    int more = after ? mock_record_iterator_next(after, &is) : 0;
    int rc = 0;
    int some;
    while (rc == 0 && (some = mock_record_iterator_next(before, &was)) == 1) {
        pass->c->ix->step_count++;
        if (more == 1 && is.offset == was.offset) {
            rc = same_record(&was, &is)
                     ? 0 : trial_pass_fail(pass, "cleaner-changed-record", was.offset);
            more = mock_record_iterator_next(after, &is);
        } else if (is_control) {
            pass->removed++;
        } else {
            rc = judge_removed(pass, &before->batch, &was, aborted);
        }
    }
    if (rc == 0 && more) { /* one that was not there, or one that cannot be read */
        rc = trial_pass_fail(pass, "cleaner-changed-record",
                             more == 1 ? is.offset : before->batch.base_offset);
    }
    return rc;
}

/* A batch that must stay though it is empty: the producer's last one, and the last one of the
 * round. */
static int judge_deleted(struct trial_pass *pass, const struct mock_batch_header *before) {
    int64_t last = mock_batch_last_offset(before);
    if (last + 1 == pass->clean->first_uncleanable) {
        return trial_pass_fail(pass, "cleaner-lost-end", before->base_offset);
    }
    uint32_t number = before->producer_id < 0 || mock_batch_is_control(before)
                          ? TRIAL_TABLE_NONE
                          : trial_table_find(&pass->log->producers, (uint64_t)before->producer_id,
                                             BASE_SLICE_NULL);
    if (number != TRIAL_TABLE_NONE && pass->log->last[number].last_offset == last &&
        pass->clean->now_ms - pass->log->last[number].appended_ms < pass->expiration_ms) {
        return trial_pass_fail(pass, "cleaner-lost-producer", before->base_offset);
    }
    return 0;
}

/* -- the change -- */

static int judge_open(struct trial_pass *pass, struct mock_record_iterator *before,
                      const struct mock_stored_batch *after, bool aborted) {
    if (!after) {
        int rc = judge_records(pass, before, NULL, aborted);
        return rc ? rc : judge_deleted(pass, &before->batch);
    }
    struct mock_record_iterator it;
    int rc = mock_record_iterator_init(&it, mock_stored_batch_slice(after));
    if (rc) {
        return rc == BASE_NO_MEMORY ? rc
                                    : trial_pass_fail(pass, "cleaner-changed-batch",
                                                      before->batch.base_offset);
    }
    pass->emptied += it.batch.record_count == 0 && before->batch.record_count > 0;
    rc = judge_headers(pass, after, &before->batch, &it.batch);
    rc = rc ? rc : judge_records(pass, before, &it, aborted);
    mock_record_iterator_clean_up(&it);
    return rc;
}

int trial_pass_judge_change(struct trial_pass *pass, size_t place,
                            const struct mock_stored_batch *after) {
    const struct mock_stored_batch *before = pass->log->batches[place];
    if (before->last_offset >= pass->clean->first_uncleanable) {
        return trial_pass_fail(pass, "cleaner-touched-uncleanable", before->base_offset);
    }
    struct mock_record_iterator it;
    int rc = mock_record_iterator_init(&it, mock_stored_batch_slice(before));
    if (rc) {
        return rc;
    }
    bool aborted = mock_batch_is_transactional(&it.batch) &&
                   trial_cleaned_is_aborted(pass->log, place);
    rc = judge_open(pass, &it, after, aborted);
    mock_record_iterator_clean_up(&it);
    return rc;
}
