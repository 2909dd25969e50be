/*
 * How a log is held: for the files of this folder and for tests that build logs with holes by hand.
 * Nobody else includes this.
 */
#pragma once
#include "mock/log/epochs.h"
#include "mock/log/log.h"
#include "mock/wire/batch.h"

struct mock_log_entry {
    struct mock_stored_batch *batch;
    /* The greatest max_timestamp of this batch and all before it: ascending, so that a time can be
     * found by halving, as Kafka's time index does. */
    int64_t max_timestamp_so_far;
};

/* Batches belong to the last segment whose base is not after theirs. No batch is in two. */
struct mock_segment {
    int64_t base_offset;
    int64_t opened_ms;   /* log clock at its first append; with nothing in it: when it was made */
    int64_t modified_ms; /* log clock at its last append; cleaning does not move it */
    uint64_t bytes;
    uint64_t records;
};

struct mock_log {
    struct mock_log_budget *budget;
    struct mock_log_config config;
    struct mock_log_entry *entries; /* ascending offsets, no overlap; holes are possible */
    size_t count;
    size_t cap;
    struct mock_segment *segments; /* ascending bases; the last one is active; at least one */
    size_t segment_count;
    size_t segment_cap;
    struct mock_aborted_txn *aborted; /* ascending last offsets: the order of their markers */
    size_t aborted_count;
    size_t aborted_cap;
    uint64_t bytes;
    int64_t start;
    int64_t end;
    int64_t stable_limit;    /* INT64_MAX: the high watermark is stable */
    int64_t watermark_limit; /* INT64_MAX: the end is the high watermark */
    struct mock_epochs epochs;
    int64_t checkpoint;   /* of the cleaner; -1: none */
};

/* Adds a batch whose fields are filled in, at its own base offset, which is not before the end.
 * Takes a reference. Rolls nothing. */
int mock_log_place(struct mock_log *log, struct mock_stored_batch *batch, struct base_error *err);

/* Room for one more segment, so that adding it cannot fail. */
int mock_log_reserve_segment(struct mock_log *log, struct base_error *err);
/* Needs that room. */
void mock_log_add_segment(struct mock_log *log, int64_t base_offset, int64_t now_ms);
/* LogConfig.maxSegmentMs. */
int64_t mock_log_max_segment_ms(const struct mock_log_config *config);
/* The greatest record time in a segment; of one without: when it was last written. */
int64_t mock_log_segment_largest_ms(const struct mock_log *log, size_t index);
/* Index of the segment that holds offset, or would. */
size_t mock_log_segment_of(const struct mock_log *log, int64_t offset);
/* Sets each entry's max_timestamp_so_far anew. */
void mock_log_index_times(struct mock_log *log);

static inline int16_t mock_stored_batch_attributes(const struct mock_stored_batch *batch) {
    return (int16_t)((uint16_t)batch->bytes[MOCK_BATCH_ATTRIBUTES_AT] << 8 |
                     batch->bytes[MOCK_BATCH_ATTRIBUTES_AT + 1]);
}
static inline bool mock_stored_batch_is_control(const struct mock_stored_batch *batch) {
    return (mock_stored_batch_attributes(batch) & MOCK_BATCH_CONTROL) != 0;
}
