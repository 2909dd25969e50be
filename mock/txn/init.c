/* InitProducerId of a transactional id: see txn.h. Kafka: prepareInitProducerIdTransit,
 * TransactionMetadata.prepareIncrementProducerEpoch and prepareProducerIdRotation. */
#include "mock/txn/txn_private.h"

static bool is_exhausted(int16_t epoch) {
    return epoch >= MOCK_TXN_LAST_EPOCH;
}

/* May an instance that names its producer go on? An exhausted epoch of the producer before may be
 * a retry whose answer was lost. */
static bool is_valid_id(const struct mock_txn *txn, struct mock_txn_producer expected) {
    return txn->producer.epoch < 0 || expected.id == txn->producer.id ||
           (expected.id == txn->previous_producer_id && is_exhausted(expected.epoch));
}

static void initialise(struct mock_txns *txns, struct mock_txn *txn,
                       struct mock_txn_producer producer, int16_t last_epoch, int32_t timeout_ms,
                       int64_t log_ms) {
    txn->previous_producer_id = txn->producer.id;
    txn->producer = producer;
    txn->last_epoch = last_epoch;
    txn->timeout_ms = timeout_ms;
    mock_txn_enter(txns, txn, MOCK_TXN_EMPTY);
    txn->v2 = false;
    txn->start_log_ms = -1;
    txn->used_log_ms = log_ms;
}

/* The next epoch of the id, which has no transaction. */
static int16_t bump(struct mock_txns *txns, struct mock_txn *txn, int32_t timeout_ms,
                    struct mock_txn_producer expected, struct mock_txn_time time) {
    struct mock_txn_producer now = txn->producer;
    bool named = expected.id >= 0;
    if (is_exhausted(now.epoch) && (!named || expected.epoch == now.epoch)) {
        struct mock_txn_producer fresh = {txns->next_producer_id++, 0};
        initialise(txns, txn, fresh, named ? now.epoch : (int16_t)-1, timeout_ms, time.log_ms);
    } else if (!named) {
        struct mock_txn_producer next = {now.id, (int16_t)(now.epoch + 1)};
        initialise(txns, txn, next, -1, timeout_ms, time.log_ms);
    } else if (now.epoch < 0 || expected.epoch == now.epoch) {
        struct mock_txn_producer next = {now.id, (int16_t)(now.epoch + 1)};
        initialise(txns, txn, next, now.epoch, timeout_ms, time.log_ms);
    } else if (expected.epoch == txn->last_epoch) {
        initialise(txns, txn, now, txn->last_epoch, timeout_ms, time.log_ms); /* a retry */
    } else {
        return MOCK_ERROR_PRODUCER_FENCED;
    }
    if (now.epoch >= 0 && !named) {
        mock_txn_told(txns, txn, "fenced");
    }
    return MOCK_ERROR_NONE;
}

static int16_t init_known(struct mock_txns *txns, struct mock_txn *txn, int32_t timeout_ms,
                          struct mock_txn_producer expected, struct mock_txn_time time) {
    if (mock_txn_is_ending(txn)) {
        return MOCK_ERROR_CONCURRENT_TRANSACTIONS;
    }
    if (expected.id >= 0 && !is_valid_id(txn, expected)) {
        return MOCK_ERROR_PRODUCER_FENCED;
    }
    if (txn->state == MOCK_TXN_ONGOING) {
        mock_txn_abort_fenced(txns, txn, time);
        return MOCK_ERROR_CONCURRENT_TRANSACTIONS; /* and the next attempt finds it aborted */
    }
    return bump(txns, txn, timeout_ms, expected, time);
}

int16_t mock_txns_init(struct mock_txns *txns, struct base_slice id, int32_t timeout_ms,
                       struct mock_txn_producer expected, struct mock_txn_time time,
                       struct mock_txn_producer *ret_producer) {
    *ret_producer = (struct mock_txn_producer){-1, -1};
    if (id.len == 0) {
        return MOCK_ERROR_INVALID_REQUEST;
    }
    if (timeout_ms <= 0 || timeout_ms > txns->options.max_timeout_ms) {
        return MOCK_ERROR_INVALID_TRANSACTION_TIMEOUT;
    }
    struct mock_txn *txn = mock_txn_find(txns, id);
    txn = txn ? txn : mock_txn_add(txns, id);
    if (!txn) {
        return MOCK_ERROR_UNKNOWN_SERVER_ERROR;
    }
    int16_t error = init_known(txns, txn, timeout_ms, expected, time);
    if (!error) {
        *ret_producer = txn->producer;
    }
    return error;
}
