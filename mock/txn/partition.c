/* Which partitions are in a transaction: see txn.h. */
#include "mock/txn/txn_private.h"

#include <string.h>

struct mock_txn_partition mock_txn_offsets_partition(struct base_slice group) {
    /* String.hashCode over the characters of the name; names are ASCII or counted as bytes. */
    uint32_t hash = 0;
    for (size_t i = 0; i < group.len; i++) {
        hash = hash * 31u + group.data[i];
    }
    return (struct mock_txn_partition){base_slice_str(MOCK_OFFSETS_TOPIC),
                                       (int32_t)((hash & 0x7fffffffu) % MOCK_OFFSETS_PARTITIONS)};
}

static bool is_in(const struct mock_txn *txn, const struct mock_txn_partition *p) {
    for (size_t i = 0; i < txn->part_count; i++) {
        if (txn->parts[i].partition == p->partition &&
            base_slice_equal_str(p->topic, txn->parts[i].topic)) {
            return true;
        }
    }
    return false;
}

void mock_txn_clear_parts(struct mock_txn *txn) {
    for (size_t i = 0; i < txn->part_count; i++) {
        base_free(txn->parts[i].topic);
    }
    txn->part_count = 0;
}

static int put_part(struct mock_txn *txn, const struct mock_txn_partition *p) {
    void *parts = txn->parts;
    char *topic = base_strndup((const char *)p->topic.data, p->topic.len);
    if (!topic || base_grow(&parts, &txn->part_cap, txn->part_count + 1, sizeof(*txn->parts))) {
        base_free(topic);
        return BASE_NO_MEMORY;
    }
    txn->parts = parts;
    txn->parts[txn->part_count++] = (struct mock_txn_part){topic, p->partition, -1};
    return 0;
}

/* All or none. */
static int put_parts(struct mock_txn *txn, const struct mock_txn_partition *partitions,
                     size_t count) {
    size_t before = txn->part_count;
    for (size_t i = 0; i < count; i++) {
        if (is_in(txn, &partitions[i])) {
            continue;
        }
        if (put_part(txn, &partitions[i])) {
            while (txn->part_count > before) {
                base_free(txn->parts[--txn->part_count].topic);
            }
            return BASE_NO_MEMORY;
        }
    }
    return 0;
}

/* The checks that adding and verifying share, with the order of adding. */
static int16_t check_producer(const struct mock_txn *txn, struct mock_txn_producer producer) {
    if (txn->producer.id != producer.id) {
        return MOCK_ERROR_INVALID_PRODUCER_ID_MAPPING;
    }
    return txn->producer.epoch != producer.epoch ? MOCK_ERROR_PRODUCER_FENCED : MOCK_ERROR_NONE;
}

int16_t mock_txns_add(struct mock_txns *txns, struct base_slice id,
                      struct mock_txn_producer producer,
                      const struct mock_txn_partition *partitions, size_t count, bool v2,
                      struct mock_txn_time time) {
    if (!id.data || id.len == 0) {
        return MOCK_ERROR_INVALID_REQUEST;
    }
    struct mock_txn *txn = mock_txn_find(txns, id);
    if (!txn) {
        return MOCK_ERROR_INVALID_PRODUCER_ID_MAPPING;
    }
    if (mock_txn_is_ending(txn)) {
        return MOCK_ERROR_CONCURRENT_TRANSACTIONS;
    }
    int16_t error = check_producer(txn, producer);
    if (error) {
        return error;
    }
    if (put_parts(txn, partitions, count)) {
        return MOCK_ERROR_UNKNOWN_SERVER_ERROR;
    }
    if (txn->state != MOCK_TXN_ONGOING) {
        mock_txn_enter(txns, txn, MOCK_TXN_ONGOING);
        txn->started_ms = time.now_ms;
        txn->start_log_ms = time.log_ms;
        mock_txn_told(txns, txn, "ongoing");
    }
    txn->v2 = v2;
    txn->used_log_ms = time.log_ms;
    return MOCK_ERROR_NONE;
}

int16_t mock_txns_verify(const struct mock_txns *txns, struct base_slice id,
                         struct mock_txn_producer producer, struct mock_txn_partition partition) {
    if (!id.data || id.len == 0) {
        return MOCK_ERROR_INVALID_REQUEST;
    }
    const struct mock_txn *txn = mock_txn_find(txns, id);
    if (!txn) {
        return MOCK_ERROR_INVALID_PRODUCER_ID_MAPPING;
    }
    int16_t error = check_producer(txn, producer);
    if (error) {
        return error;
    }
    if (mock_txn_is_ending(txn)) {
        return MOCK_ERROR_CONCURRENT_TRANSACTIONS;
    }
    return is_in(txn, &partition) ? MOCK_ERROR_NONE : MOCK_ERROR_TRANSACTION_ABORTABLE;
}
