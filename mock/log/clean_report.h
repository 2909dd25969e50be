/*
 * What one pass over a partition did: of the cleaner, of retention, or of DeleteRecords. Everything
 * that a pass changed is here, so that the log after it can be derived from the log before it.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mock/log/stored_batch.h"

enum mock_clean_kind {
    MOCK_CLEAN_COMPACT,       /* the cleaner: records superseded by key, tombstones, horizons */
    MOCK_CLEAN_RETAIN,        /* retention: whole segments, by time, by size, below the start */
    MOCK_CLEAN_DELETE_RECORDS /* the log start was moved by command */
};
/* "compact", "retain", "delete-records". */
const char *mock_clean_kind_to_str(enum mock_clean_kind kind);

/* A batch that got a delete horizon in this pass. */
struct mock_clean_horizon {
    int64_t base_offset; /* of the batch */
    int64_t horizon_ms;  /* log-clock time from which its tombstones may go */
};

/* A batch that is another object than before. Both hold their base and last offset. */
struct mock_clean_change {
    struct mock_stored_batch *before;
    struct mock_stored_batch *after; /* NULL: the batch is gone as a whole */
};

struct mock_clean_report {
    enum mock_clean_kind kind;
    const char *topic; /* filled in by the gateway; NULL in a report of the log itself */
    int32_t partition;
    int64_t now_ms;              /* the log clock that counted */
    int64_t delete_retention_ms; /* the settings that counted */
    bool rolled;                 /* the active segment was rolled for it */
    /* Compact only: nothing was dirty; nothing changed. */
    bool nothing_dirty;
    /* Compact only: the key map was full before first_uncleanable was reached. */
    bool partial;
    int64_t start_before; /* log start offset before and after; only retention and DeleteRecords */
    int64_t start;        /* move it */
    int64_t log_end;      /* never moved */
    /* Compact only. Keys were read from [first_dirty, end); everything below first_uncleanable in
     * segments that begin below end was rewritten. end is the next pass's first_dirty; it is
     * first_uncleanable unless the pass was partial. */
    int64_t first_dirty;
    int64_t first_uncleanable;
    int64_t end;
    /* Offsets of records that are in the log no more, ascending (markers of transactions too). */
    const int64_t *removed;
    size_t removed_count;
    /* Base offsets of the batches that the pass kept though no record is left in them, ascending.
     * */
    const int64_t *emptied;
    size_t emptied_count;
    /* Base offsets of the batches that are gone as a whole, ascending. */
    const int64_t *deleted;
    size_t deleted_count;
    const struct mock_clean_horizon *horizons; /* ascending */
    size_t horizon_count;
    /* Every batch that was replaced or deleted, ascending; all others are the same object as
     * before. */
    const struct mock_clean_change *changes;
    size_t change_count;
    /* CleanerStats: of the rewritten range. */
    uint64_t records_read;
    uint64_t records_kept;
    uint64_t records_invalid; /* without key, dropped */
    uint64_t bytes_read;
    uint64_t bytes_kept;
};
