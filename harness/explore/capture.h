/*
 * The log that views are made of: what a client's sources held, record by record, read from the
 * APPEND facts of one trial's history. What was compacted during that trial is in it all the same.
 */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "harness/check/history.h"
#include "harness/lang/tree.h"
#include "mock/log/stored_batch.h"

struct trial_captured_record {
    int64_t offset;
    uint32_t batch;        /* index in the partition */
    uint32_t next_of_key;  /* the next record of the same key; record_count: there is none */
    bool is_tombstone;
    bool is_keyless;
};

struct trial_captured_batch {
    struct mock_stored_batch *stored; /* of the history */
    uint32_t first_record;
    uint32_t record_count;
    bool is_last_of_producer;
};

struct trial_captured_part {
    const char *topic; /* real name */
    int32_t partition;
    bool varies;       /* of a compacted topic: it has views */
    struct trial_captured_batch *batches;
    uint32_t batch_count;
    uint32_t batch_cap;
    struct trial_captured_record *records;
    uint32_t record_count;
    uint32_t record_cap;
};

struct trial_captured_topic {
    const char *name;
    int32_t partitions;
};

struct trial_capture {
    struct base_arena arena;
    struct trial_captured_topic *topics; /* the client's sources */
    size_t topic_count;
    struct trial_captured_part *parts;   /* with records, in order of topics and partitions */
    size_t part_count;
    size_t varying_count;
};

/* Reads the sources of client from history, which must outlive the capture. BASE_UNSUPPORTED for a
 * log that cannot be explored (transactions, a deleted topic); BASE_USAGE when there is nothing to
 * explore; BASE_LIMIT above TRIAL_MAX_CAPTURED_RECORDS of a partition. */
#define TRIAL_MAX_CAPTURED_RECORDS 20000u
int trial_capture_read(const struct trial_scenario *bound, const struct trial_actor *client,
                       const struct trial_history *history, struct trial_capture *ret_capture,
                       struct base_error *err) BASE_MUST_USE;
void trial_capture_clean_up(struct trial_capture *capture);
