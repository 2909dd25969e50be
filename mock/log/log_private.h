/*
 * How a log is held: for log.c and for tests that build logs with holes by hand. Nobody else
 * includes this.
 */
#pragma once
#include "mock/log/log.h"

struct mock_log_entry {
    struct mock_stored_batch *batch;
    /* The greatest max_timestamp of this batch and all before it: ascending, so that a time can be
     * found by halving, as Kafka's time index does. */
    int64_t max_timestamp_so_far;
};

struct mock_log {
    struct mock_log_budget *budget;
    struct mock_log_entry *entries; /* ascending offsets, no overlap; holes are possible */
    size_t count;
    size_t cap;
    uint64_t bytes;
    int64_t start;
    int64_t end;
};

/* Adds a batch whose fields are filled in, at its own base offset, which is not before the end.
 * Takes a reference. */
int mock_log_place(struct mock_log *log, struct mock_stored_batch *batch, struct base_error *err);
