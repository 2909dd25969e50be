/*
 * What becomes of one batch: Kafka's checkBatchRetention and shouldRetainRecord (LogCleaner), and
 * the choice between the original, a rewritten batch, an empty one and none
 * (MemoryRecords.filterTo).
 */
#include "mock/log/retain.h"

#include "base/error.h"
#include "mock/log/log_private.h"

struct verdict {
    bool drop_records;         /* all of them */
    bool marker_of_empty_txn;  /* a marker whose transaction has no data any more */
    bool keep_if_empty;
    int64_t horizon;           /* of the batch as it is; -1: none */
};

/* The batch that a restart would take this producer's last sequence, or epoch, from. */
static bool is_last_of_producer(const struct mock_retain *retain,
                                const struct mock_stored_batch *batch) {
    struct mock_last_record last;
    if (batch->producer_id < 0 || !retain->producers ||
        !mock_producers_last(retain->producers, batch->producer_id, &last)) {
        return false;
    }
    return last.last_data_offset >= 0 ? batch->last_offset == last.last_data_offset
                                      : mock_stored_batch_is_control(batch) &&
                                            batch->producer_epoch == last.epoch;
}

static int judge(struct mock_retain *retain, const struct mock_stored_batch *batch, int64_t from,
                 struct verdict *ret_verdict) {
    bool can_discard = false;
    int rc = mock_txn_state_walk(retain->txns, batch, from, &can_discard);
    if (rc) {
        return rc;
    }
    struct verdict v = {.horizon = mock_filter_horizon(batch)};
    bool is_control = mock_stored_batch_is_control(batch);
    v.drop_records = is_control ? can_discard && v.horizon >= 0 && v.horizon <= retain->now_ms
                                : can_discard;
    v.marker_of_empty_txn = is_control && can_discard;
    v.keep_if_empty =
        is_last_of_producer(retain, batch) || batch->last_offset + 1 == retain->upper;
    *ret_verdict = v;
    return 0;
}

static bool keeps_record(struct mock_retain *retain, const struct verdict *verdict, bool is_control,
                         const struct mock_record *record) {
    if (verdict->drop_records) {
        return false;
    }
    if (is_control || record->offset > retain->map->latest) {
        return true;
    }
    if (base_slice_is_null(record->key)) {
        retain->pass->report.records_invalid++;
        return false;
    }
    if (record->offset < mock_key_map_get(retain->map, record->key)) {
        return false;
    }
    /* The newest of its key: a value stays, a tombstone until its batch's horizon. */
    return !base_slice_is_null(record->value) || verdict->horizon < 0 ||
           retain->now_ms < verdict->horizon;
}

static int filter_records(struct mock_retain *retain, const struct mock_stored_batch *batch,
                          const struct verdict *verdict) {
    bool is_control = mock_stored_batch_is_control(batch);
    struct mock_record record;
    int rc = 0;
    while ((rc = mock_filter_next(retain->filter, &record)) > 0) {
        retain->pass->report.records_read++;
        if (keeps_record(retain, verdict, is_control, &record)) {
            retain->pass->report.records_kept++;
            mock_filter_keep(retain->filter, &record);
        } else {
            mock_filter_drop(retain->filter);
            rc = mock_clean_pass_removed(retain->pass, record.offset);
            if (rc) {
                return rc;
            }
        }
    }
    return rc;
}

/* At least one record stays. */
static int keep_some(struct mock_retain *retain, struct mock_stored_batch *batch,
                     const struct verdict *verdict, struct mock_stored_batch **ret_batch) {
    bool stamps = verdict->horizon < 0 &&
                  (retain->filter->has_tombstone || verdict->marker_of_empty_txn);
    if (!retain->filter->dropped && !stamps) {
        *ret_batch = batch;
        return 0;
    }
    int64_t horizon = verdict->horizon;
    int rc = 0;
    if (stamps) {
        if (__builtin_add_overflow(retain->now_ms, retain->delete_retention_ms, &horizon)) {
            horizon = INT64_MAX;
        }
        rc = mock_clean_pass_horizon(retain->pass, batch->base_offset, horizon);
    }
    struct mock_stored_batch *made =
        rc ? NULL : mock_filter_write(retain->filter, batch, horizon, &rc);
    rc = rc ? rc : mock_clean_pass_change(retain->pass, batch, made);
    if (rc == 0) {
        *ret_batch = made;
    }
    return rc;
}

static int keep_none(struct mock_retain *retain, struct mock_stored_batch *batch,
                     const struct verdict *verdict, struct mock_stored_batch **ret_batch) {
    if (!verdict->keep_if_empty) {
        *ret_batch = NULL;
        return mock_clean_pass_change(retain->pass, batch, NULL);
    }
    int rc = mock_clean_pass_emptied(retain->pass, batch->base_offset);
    struct mock_stored_batch *made =
        rc ? NULL : mock_filter_write_empty(retain->filter, batch, &rc);
    if (rc) {
        return rc;
    }
    if (base_slice_equal(mock_stored_batch_slice(made), mock_stored_batch_slice(batch))) {
        mock_stored_batch_unref(made); /* an earlier pass emptied it */
        *ret_batch = batch;
        return 0;
    }
    rc = mock_clean_pass_change(retain->pass, batch, made);
    if (rc == 0) {
        *ret_batch = made;
    }
    return rc;
}

int mock_retain_batch(struct mock_retain *retain, struct mock_stored_batch *batch, int64_t from,
                      struct mock_stored_batch **ret_batch) {
    struct verdict verdict;
    int rc = judge(retain, batch, from, &verdict);
    rc = rc ? rc : mock_filter_begin(retain->filter, batch);
    if (rc) {
        return rc;
    }
    retain->pass->report.bytes_read += batch->len;
    struct mock_stored_batch *left = NULL;
    rc = filter_records(retain, batch, &verdict);
    if (rc == 0) {
        rc = retain->filter->kept_count ? keep_some(retain, batch, &verdict, &left)
                                        : keep_none(retain, batch, &verdict, &left);
    }
    mock_filter_end(retain->filter);
    if (rc == 0) {
        retain->pass->report.bytes_kept += left ? left->len : 0;
        *ret_batch = left;
    }
    return rc;
}
