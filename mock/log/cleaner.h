/*
 * Kafka's log cleaner: one pass over a log, as LogCleaner.doClean does it. cleaner.c chooses the
 * range (cleanable.c) and carries it out, key_map.c is the map of the newest offsets, retain.c
 * decides for each batch, filter.c writes what is left of one; retention.c deletes whole segments.
 * Nothing is changed in place: stored batches are shared with answers under way and with the
 * history. A pass that fails leaves every batch as it was.
 */
#pragma once
#include "mock/log/clean_report.h"
#include "mock/log/log.h"
#include "mock/log/producer.h"

struct mock_clean_options {
    int64_t now_ms;                 /* log clock */
    struct mock_producers *producers; /* of the partition: whose last batch is kept; may be NULL */
    uint64_t map_keys;              /* the key map's limit: dedupe buffer / 24 * 0.9 */
    bool roll;                      /* roll the active segment first, if it holds anything */
};
/* Kafka's log.cleaner.dedupe.buffer.size, bytes of an entry, and load factor. */
#define MOCK_CLEAN_BUFFER_BYTES UINT64_C(134217728)
#define MOCK_CLEAN_ENTRY_BYTES 24u
#define MOCK_CLEAN_MAP_KEYS UINT64_C(5033164)
#define MOCK_CLEAN_OPTIONS_INIT {0, NULL, MOCK_CLEAN_MAP_KEYS, false}

struct mock_clean_pass; /* owns a report and holds a reference to every batch it names */

/* One pass of the cleaner, whatever the dirty ratio. */
int mock_log_clean(struct mock_log *log, const struct mock_clean_options *options,
                   struct mock_clean_pass **ret_pass, struct base_error *err);
/* One pass of retention (deleteOldSegments): by time and by size with cleanup.policy=delete, below
 * the log start always. The active segment goes only when it holds something, and a new one
 * follows. The removed records of its report include those that DeleteRecords had hidden. */
int mock_log_retain(struct mock_log *log, int64_t now_ms, struct mock_clean_pass **ret_pass,
                    struct base_error *err);
/* DeleteRecords: the log start becomes before (at most the end; -1: that one) and never less than
 * it was. Batches that lie below it as a whole are given no more, and go with a later pass of
 * retention: this report names none of them. BASE_USAGE for an offset out of range
 * (OFFSET_OUT_OF_RANGE). */
int mock_log_delete_records(struct mock_log *log, int64_t before, int64_t now_ms,
                            struct mock_clean_pass **ret_pass, struct base_error *err);
const struct mock_clean_report *mock_clean_pass_report(const struct mock_clean_pass *pass);
void mock_clean_pass_free(struct mock_clean_pass *pass); /* NULL-safe */

/* What LogCleanerManager knows of a log before a pass. */
struct mock_clean_range {
    int64_t first_dirty;       /* where keys are read from */
    int64_t first_uncleanable; /* base of the first segment that is left alone */
    bool reset;                /* the checkpoint was out of the log and counts no more */
    uint64_t clean_bytes;      /* below first_dirty */
    uint64_t cleanable_bytes;  /* from there to first_uncleanable */
    double ratio;              /* cleanable / (clean + cleanable), 0 with nothing there */
    bool needs_clean;          /* Kafka would choose it: ratio above min.cleanable.dirty.ratio, or
                                  older than max.compaction.lag.ms */
};
struct mock_clean_range mock_log_cleanable(const struct mock_log *log, int64_t now_ms);
