/*
 * What holds of every pass of the cleaner, whatever the log: found out by a naive reading of the
 * log before and after, which shares nothing with the cleaner but the record iterator.
 */
#pragma once
#include "mock/log/clean_report.h"
#include "mock/log/log.h"

struct seen_record {
    int64_t offset;
    int64_t timestamp_ms;
    uint64_t body_hash; /* of key, value and headers */
    char *key;          /* NULL: none; text, or hex of what is none */
    bool has_value;
    bool is_control;
    size_t batch;
};

struct snapshot {
    struct mock_stored_batch **batches; /* referenced */
    uint64_t *batch_hashes;             /* of their bytes: stored batches are never changed */
    size_t batch_count;
    struct seen_record *records;
    size_t record_count;
    size_t record_cap;
    int64_t start;
    int64_t end;
};

void snapshot_take(struct snapshot *s, const struct mock_log *log);
void snapshot_free(struct snapshot *s);
/* The contract of a pass: offsets ascend and never change, a record that stays is the same record,
 * what is past the end is untouched, no older record of an indexed key stays, the newest value
 * stays, headers and CRCs are right, the report says exactly what changed. */
void check_pass(const struct snapshot *before, const struct mock_log *log,
                const struct mock_clean_report *report);
