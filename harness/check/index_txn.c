/*
 * Part of the index: transactions. A data batch of a producer's transaction is open until the
 * marker of that producer is appended to the same partition, and committed or aborted from then on.
 */
#include <string.h>

#include "base/memory.h"
#include "harness/check/index_txn.h"

/* Between the markers of one transaction, in several partitions, its producer appends nothing: the
 * coordinator lets nobody begin before the last one is written. */
struct trial_index_producer {
    uint32_t transaction;
    bool is_ended;
};

void trial_index_txns_init(struct trial_index_txns *txns) {
    memset(txns, 0, sizeof(*txns));
    trial_table_init(&txns->producers);
    trial_table_init(&txns->open);
}

void trial_index_txns_clean_up(struct trial_index_txns *txns) {
    trial_table_clean_up(&txns->producers);
    trial_table_clean_up(&txns->open);
    base_free(txns->of_producer);
    base_free(txns->first_open);
    base_free(txns->next_open);
}

static int find_producer(struct trial_index_txns *txns, int64_t producer_id,
                         struct trial_index_producer **ret_producer) {
    size_t before = txns->producers.count;
    uint32_t number;
    int rc = trial_table_intern(&txns->producers, (uint64_t)producer_id, BASE_SLICE_NULL, &number);
    rc = rc ? rc : base_grow((void **)&txns->of_producer, &txns->producer_cap,
                             txns->producers.count, sizeof(*txns->of_producer));
    if (rc) {
        return rc;
    }
    if (txns->producers.count > before) {
        txns->of_producer[number] = (struct trial_index_producer){0, true};
    }
    *ret_producer = &txns->of_producer[number];
    return 0;
}

/* The list of open records of a producer in a partition: its place. */
static int find_open(struct trial_index *ix, struct trial_index_txns *txns, uint32_t part,
                     int64_t producer_id, uint32_t *ret_place) {
    struct base_slice bytes = base_slice_of(&producer_id, sizeof(producer_id));
    *ret_place = trial_table_find(&txns->open, part, bytes);
    if (*ret_place != TRIAL_TABLE_NONE) {
        return 0;
    }
    struct base_slice own = base_arena_slice(&ix->arena, bytes);
    int rc = ix->arena.failed ? ix->arena.failed
                              : trial_table_intern(&txns->open, part, own, ret_place);
    rc = rc ? rc : base_grow((void **)&txns->first_open, &txns->first_cap, txns->open.count,
                             sizeof(*txns->first_open));
    if (rc == 0) {
        txns->first_open[*ret_place] = TRIAL_NONE;
    }
    return rc;
}

int trial_index_txns_append(struct trial_index *ix, struct trial_index_txns *txns, uint32_t part,
                            int64_t producer_id, uint32_t from) {
    struct trial_index_producer *producer = NULL;
    uint32_t place = 0;
    int rc = find_producer(txns, producer_id, &producer);
    rc = rc ? rc : find_open(ix, txns, part, producer_id, &place);
    rc = rc ? rc : base_grow((void **)&txns->next_open, &txns->next_cap, ix->record_count,
                             sizeof(*txns->next_open));
    if (rc) {
        return rc;
    }
    if (producer->is_ended) {
        *producer = (struct trial_index_producer){ix->transaction_count++, false};
    }
    for (uint32_t at = from; at < ix->record_count; at++) {
        ix->records[at].transaction = producer->transaction;
        ix->records[at].state = TRIAL_TXN_OPEN;
        txns->next_open[at] = txns->first_open[place];
        txns->first_open[place] = at;
    }
    return 0;
}

int trial_index_txns_end(struct trial_index *ix, struct trial_index_txns *txns, uint32_t event) {
    const struct trial_event *marker = trial_index_event(ix, event);
    int64_t producer_id = marker->batch ? marker->batch->producer_id : -1;
    struct trial_index_producer *producer = NULL;
    uint32_t part = 0;
    int rc = trial_index_intern_part(ix, marker->topic, marker->partition, &part);
    rc = rc ? rc : find_producer(txns, producer_id, &producer);
    if (rc) {
        return rc;
    }
    producer->is_ended = true;
    uint32_t place = trial_table_find(&txns->open, part,
                                      base_slice_of(&producer_id, sizeof(producer_id)));
    if (place == TRIAL_TABLE_NONE) {
        return 0;
    }
    bool commits = marker->text && strcmp(marker->text, "commit") == 0;
    for (uint32_t at = txns->first_open[place]; at != TRIAL_NONE; at = txns->next_open[at]) {
        ix->records[at].state = commits ? TRIAL_TXN_COMMITTED : TRIAL_TXN_ABORTED;
        ix->records[at].ended_event = event;
        ix->step_count++;
    }
    txns->first_open[place] = TRIAL_NONE;
    return 0;
}
