/*
 * The judge of the cleaner, in three parts: the log at a moment (compaction_log.c), one batch
 * before and after a pass (compaction_batch.c), and the pass as a whole (compaction.c). Private to
 * this folder.
 */
#pragma once
#include "harness/check/guarantee.h"
#include "mock/wire/record.h"

/* A partition as it is at one moment of the history. */
struct trial_cleaned {
    struct mock_stored_batch **batches; /* borrowed from the history, ascending */
    size_t batch_count;
    size_t batch_cap;
    uint32_t *records; /* of the index; control batches have none there */
    size_t record_count;
    size_t record_cap;
    int64_t end;
    int64_t checkpoint;             /* the end of the last pass; -1: none yet */
    int64_t lag_ms;                 /* min.compaction.lag.ms */
    struct trial_table producers;   /* tag producer id */
    struct trial_last_batch *last;  /* by producer */
    size_t last_cap;
};
struct trial_last_batch {
    int64_t last_offset;
    int64_t appended_ms;
};

/* The first batch at or after the offset: its place. */
size_t trial_cleaned_find(const struct trial_cleaned *log, int64_t base_offset);
/* The log ends at the offset. */
void trial_cleaned_cut(const struct trial_index *ix, struct trial_cleaned *log, int64_t offset);
/* from, limit: the append's records in the index. */
int trial_cleaned_append(struct trial_index *ix, struct trial_cleaned *log,
                         struct mock_stored_batch *batch, uint32_t from, uint32_t limit);
/* After the judgement: the changes are put in, what was removed is taken out. */
void trial_cleaned_apply(const struct trial_index *ix, struct trial_cleaned *log,
                         const struct trial_clean *clean, uint32_t event);
/* True for a data batch of a transaction that was aborted. */
bool trial_cleaned_is_aborted(const struct trial_cleaned *log, size_t place);

/* One pass while it is judged. */
struct trial_pass {
    struct trial_case *c;
    struct trial_cleaned *log; /* as it was before */
    uint32_t event;
    uint32_t part;
    const struct trial_clean *clean;
    int64_t *newest;       /* by key number: the highest offset that was indexed, -1 */
    int64_t expiration_ms; /* producer.id.expiration.ms */
    uint64_t removed;      /* derived from the batches, to be compared with the report */
    uint64_t emptied;
    uint64_t horizons;
};

/* Fails the case; offset: where. */
int trial_pass_fail(struct trial_pass *pass, const char *because, int64_t offset);
/* Judges one change of the batch at place (its index in the log). */
int trial_pass_judge_change(struct trial_pass *pass, size_t place,
                            const struct mock_stored_batch *after);
