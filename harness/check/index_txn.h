/* Building the transactions of an index: used by index_log.c, in the order of the events. */
#pragma once
#include "harness/check/index.h"

struct trial_index_producer;

struct trial_index_txns {
    struct trial_table producers; /* tag producer id */
    struct trial_index_producer *of_producer;
    size_t producer_cap;
    struct trial_table open; /* tag part, bytes producer id: to first_open */
    uint32_t *first_open;    /* records whose transaction goes on */
    size_t first_cap;
    uint32_t *next_open; /* by record */
    size_t next_cap;
};

void trial_index_txns_init(struct trial_index_txns *txns);
void trial_index_txns_clean_up(struct trial_index_txns *txns);
/* The records from `from` on were appended within a transaction of the producer. */
int trial_index_txns_append(struct trial_index *ix, struct trial_index_txns *txns, uint32_t part,
                            int64_t producer_id, uint32_t from);
/* The event is a marker. */
int trial_index_txns_end(struct trial_index *ix, struct trial_index_txns *txns, uint32_t event);
