/*
 * Which transactions a walk over a log is in, and so whether a data batch is of an aborted one and
 * whether a marker still has data (Kafka: CleanedTransactionMetadata). One thread only.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mock/log/log.h"

struct mock_open_abort {
    int64_t producer_id;
    size_t txn; /* index in aborted */
    bool seen;  /* a batch of it was walked over */
};

struct mock_txn_state {
    const struct mock_aborted_txn *aborted; /* by first offset; borrowed copy */
    size_t aborted_count;
    size_t next; /* not yet opened */
    struct mock_aborted_txn *sorted;
    bool *kept; /* by index in sorted: its marker stays and still has a batch */
    struct mock_open_abort *open;
    size_t open_count, open_cap;
    int64_t *committed; /* producers with transactional data since their last marker */
    size_t committed_count, committed_cap;
};

/* Copies the aborted-transaction index of the log. Returns 0 or BASE_NO_MEMORY. */
int mock_txn_state_init(struct mock_txn_state *state, const struct mock_log *log);
void mock_txn_state_clean_up(struct mock_txn_state *state);
/* Walks over a batch. from: transactions that ended before this offset are not looked at.
 * *ret_discard: a data batch is of an aborted transaction; a marker has no data batch any more.
 * Returns 0, BASE_NO_MEMORY, or as the record iterator. */
int mock_txn_state_walk(struct mock_txn_state *state, const struct mock_stored_batch *batch,
                        int64_t from, bool *ret_discard);
