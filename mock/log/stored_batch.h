/*
 * One record batch as it is kept: the producer's bytes with our offset and leader epoch, shared by
 * the log, by answers under way and by the history, and freed with its last reference.
 * One thread only.
 */
#pragma once
#include <stdint.h>

#include "base/slice.h"

struct mock_batch_chunk;

struct mock_stored_batch {
    struct mock_batch_chunk *chunk; /* it lies in; NULL: memory of its own */
    uint32_t refs;
    uint32_t record_count;
    int64_t base_offset;
    int64_t last_offset;     /* base_offset + lastOffsetDelta: compaction may leave it unoccupied */
    int64_t max_timestamp;   /* milliseconds */
    int64_t appended_ms;     /* log clock at the append */
    int64_t producer_id;     /* -1: none */
    int16_t producer_epoch;
    int32_t base_sequence;
    size_t len;
    uint8_t bytes[];         /* the whole batch, from baseOffset on */
};

/* A copy of bytes with one reference; the other fields are zero. NULL when memory is out. */
struct mock_stored_batch *mock_stored_batch_new(struct base_slice bytes);
struct mock_stored_batch *mock_stored_batch_ref(struct mock_stored_batch *batch);
void mock_stored_batch_unref(struct mock_stored_batch *batch); /* NULL-safe */
static inline struct base_slice mock_stored_batch_slice(const struct mock_stored_batch *batch) {
    return base_slice_of(batch->bytes, batch->len);
}
