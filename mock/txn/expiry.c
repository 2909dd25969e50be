/* What time does to transactions: see txn.h. Kafka: abortTimedOutTransactions,
 * removeExpiredTransactionalIds. */
#include "mock/txn/txn_private.h"

static int64_t due_of(const struct mock_txn *txn) {
    if (txn->state == MOCK_TXN_ONGOING) {
        return txn->started_ms + txn->timeout_ms;
    }
    return mock_txn_is_ending(txn) ? txn->retry_ms : INT64_MAX;
}

int64_t mock_txns_next_due_ms(const struct mock_txns *txns) {
    int64_t first = INT64_MAX;
    for (const struct mock_txn *txn = txns->timed; txn; txn = txn->later) {
        int64_t due = due_of(txn);
        first = due < first ? due : first;
    }
    return first;
}

static void time_out(struct mock_txns *txns, struct mock_txn *txn, struct mock_txn_time time) {
    mock_txn_told(txns, txn, "timed-out");
    mock_txn_abort_fenced(txns, txn, time);
}

bool mock_txns_time_out(struct mock_txns *txns, struct base_slice id, struct mock_txn_time time) {
    struct mock_txn *txn = mock_txn_find(txns, id);
    bool is_open = txn && txn->state == MOCK_TXN_ONGOING;
    if (is_open) {
        time_out(txns, txn, time);
    }
    return is_open;
}

void mock_txns_tick(struct mock_txns *txns, struct mock_txn_time time) {
    /* What one end sets off may end the next too: it then has no later one, and those behind it
     * are due still, at the next tick. */
    struct mock_txn *next = NULL;
    for (struct mock_txn *txn = txns->timed; txn; txn = next) {
        next = txn->later;
        if (due_of(txn) > time.now_ms) {
            continue;
        }
        if (txn->state == MOCK_TXN_ONGOING) {
            time_out(txns, txn, time);
        } else {
            mock_txn_write_markers(txns, txn, time);
        }
    }
}

size_t mock_txns_expire(struct mock_txns *txns, int64_t log_ms) {
    size_t count = 0;
    struct mock_txn *txn = NULL;
    struct mock_txn *next = NULL;
    HASH_ITER(hh, txns->by_id, txn, next) {
        bool idle = txn->state != MOCK_TXN_ONGOING && !mock_txn_is_ending(txn);
        if (idle && log_ms - txn->used_log_ms >= txns->options.id_expiration_ms) {
            mock_txn_remove(txns, txn);
            count++;
        }
    }
    return count;
}
