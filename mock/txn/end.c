/* How a transaction ends: see txn.h. Kafka: endTransaction, endTransactionWithTV1,
 * TransactionMetadata.prepareAbortOrCommit and prepareComplete. */
#include "mock/txn/txn_private.h"

#include <string.h>

/* -- the end itself -- */

static void complete(struct mock_txns *txns, struct mock_txn *txn, struct mock_txn_time time) {
    bool commit = txn->state == MOCK_TXN_PREPARE_COMMIT;
    mock_txn_enter(txns, txn, commit ? MOCK_TXN_COMPLETE_COMMIT : MOCK_TXN_COMPLETE_ABORT);
    if (txn->v2) {
        txn->previous_producer_id = txn->producer.id;
        if (txn->next_producer_id >= 0) {
            txn->producer = (struct mock_txn_producer){txn->next_producer_id, 0};
        }
    }
    txn->next_producer_id = -1;
    txn->used_log_ms = time.log_ms;
    mock_txn_told(txns, txn, commit ? "complete-commit" : "complete-abort");
}

void mock_txn_write_markers(struct mock_txns *txns, struct mock_txn *txn,
                            struct mock_txn_time time) {
    size_t left = 0;
    for (size_t i = 0; i < txn->part_count; i++) {
        struct mock_txn_part *part = &txn->parts[i];
        struct mock_txn_marker marker = {
            .id = txn->id,
            .partition = {base_slice_str(part->topic), part->partition},
            .producer_id = txn->producer.id,
            .epoch = txn->producer.epoch,
            .coordinator_epoch = MOCK_TXN_COORDINATOR_EPOCH,
            .commit = txn->state == MOCK_TXN_PREPARE_COMMIT,
            .written_at = part->written_at,
        };
        enum mock_txn_marked marked = txns->host.mark(txns->host.arg, &marker);
        part->written_at = marker.written_at;
        if (marked == MOCK_TXN_MARK_LATER) {
            txn->parts[left++] = *part;
        } else {
            base_free(part->topic);
        }
    }
    txn->part_count = left;
    if (left == 0) {
        complete(txns, txn, time);
    } else {
        txn->retry_ms = time.now_ms + MOCK_TXN_RETRY_MS;
    }
}

/* When the epochs have run out, the next transaction is that of another producer id. */
static void raise_epoch(struct mock_txns *txns, struct mock_txn *txn) {
    if (txn->producer.epoch >= MOCK_TXN_LAST_EPOCH) {
        txn->next_producer_id = txns->next_producer_id++;
    }
    txn->last_epoch = txn->producer.epoch;
    if (txn->producer.epoch < INT16_MAX) {
        txn->producer.epoch++;
    }
}

/* Ends the transaction; v2: with a bumped epoch. Then writes what markers can be written. */
static void begin_end(struct mock_txns *txns, struct mock_txn *txn, bool commit, bool v2,
                      struct mock_txn_time time) {
    if (v2) {
        raise_epoch(txns, txn);
    }
    if (txn->state != MOCK_TXN_ONGOING) {
        txn->start_log_ms = time.log_ms; /* an end without a beginning */
    }
    txn->v2 = v2;
    mock_txn_enter(txns, txn, commit ? MOCK_TXN_PREPARE_COMMIT : MOCK_TXN_PREPARE_ABORT);
    txn->used_log_ms = time.log_ms;
    mock_txn_told(txns, txn, commit ? "prepare-commit" : "prepare-abort");
    mock_txn_write_markers(txns, txn, time);
}

void mock_txn_abort_fenced(struct mock_txns *txns, struct mock_txn *txn,
                           struct mock_txn_time time) {
    bool v2 = txns->options.v2;
    if (!v2) {
        txn->last_epoch = -1;
        if (txn->producer.epoch < INT16_MAX) {
            txn->producer.epoch++;
        }
    }
    begin_end(txns, txn, false, v2, time);
}

/* -- EndTxn -- */

static bool was_committed(const struct mock_txn *txn) {
    return txn->state == MOCK_TXN_PREPARE_COMMIT || txn->state == MOCK_TXN_COMPLETE_COMMIT;
}

static int16_t end_v1(struct mock_txns *txns, struct mock_txn *txn,
                      struct mock_txn_producer producer, bool commit, struct mock_txn_time time) {
    if (txn->producer.id != producer.id) {
        return MOCK_ERROR_INVALID_PRODUCER_ID_MAPPING;
    }
    if (txn->producer.epoch != producer.epoch) {
        return MOCK_ERROR_PRODUCER_FENCED;
    }
    if (mock_txn_is_ending(txn)) {
        return MOCK_ERROR_CONCURRENT_TRANSACTIONS;
    }
    if (txn->state == MOCK_TXN_EMPTY) {
        return MOCK_ERROR_INVALID_TXN_STATE;
    }
    if (txn->state == MOCK_TXN_ONGOING) {
        begin_end(txns, txn, commit, false, time);
        return MOCK_ERROR_NONE;
    }
    return was_committed(txn) == commit ? MOCK_ERROR_NONE /* again */
                                        : MOCK_ERROR_INVALID_TXN_STATE;
}

/* The request is one that was carried out, asked again: with the epoch before the end. */
static bool is_retry(const struct mock_txn *txn, struct mock_txn_producer producer) {
    bool overflowed = txn->previous_producer_id == producer.id &&
                      producer.epoch == MOCK_TXN_LAST_EPOCH && txn->producer.epoch == 0;
    return overflowed ||
           (txn->producer.id == producer.id && txn->producer.epoch == producer.epoch + 1);
}

static int16_t end_v2(struct mock_txns *txns, struct mock_txn *txn,
                      struct mock_txn_producer producer, bool commit, struct mock_txn_time time) {
    if (mock_txn_is_ending(txn)) {
        return MOCK_ERROR_CONCURRENT_TRANSACTIONS;
    }
    bool complete = txn->state == MOCK_TXN_COMPLETE_COMMIT || txn->state == MOCK_TXN_COMPLETE_ABORT;
    bool overflowed = txn->producer.id != producer.id && is_retry(txn, producer);
    if (txn->producer.id != producer.id && !overflowed) {
        return MOCK_ERROR_INVALID_PRODUCER_ID_MAPPING;
    }
    bool retry = is_retry(txn, producer);
    if (txn->producer.epoch != producer.epoch && !(complete && retry)) {
        return MOCK_ERROR_PRODUCER_FENCED;
    }
    if (complete && retry) {
        return was_committed(txn) == commit ? MOCK_ERROR_NONE : MOCK_ERROR_INVALID_TXN_STATE;
    }
    if (txn->state != MOCK_TXN_ONGOING && commit) {
        return MOCK_ERROR_INVALID_TXN_STATE;
    }
    /* An abort without a transaction also raises the epoch: what the client had on its way when it
     * gave up cannot begin one. */
    begin_end(txns, txn, commit, true, time);
    return MOCK_ERROR_NONE;
}

int16_t mock_txns_end(struct mock_txns *txns, struct base_slice id,
                      struct mock_txn_producer producer, bool commit, bool v2,
                      struct mock_txn_time time, struct mock_txn_producer *ret_producer) {
    *ret_producer = (struct mock_txn_producer){-1, -1};
    if (!id.data || id.len == 0) {
        return MOCK_ERROR_INVALID_REQUEST;
    }
    struct mock_txn *txn = mock_txn_find(txns, id);
    if (!txn) {
        return MOCK_ERROR_INVALID_PRODUCER_ID_MAPPING;
    }
    int16_t error =
        v2 ? end_v2(txns, txn, producer, commit, time) : end_v1(txns, txn, producer, commit, time);
    if (!error) {
        /* While markers are outstanding the id is still the old one; the answer is not. */
        *ret_producer = txn->next_producer_id >= 0
                            ? (struct mock_txn_producer){txn->next_producer_id, 0}
                            : txn->producer;
    }
    return error;
}
