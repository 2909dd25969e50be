/* How a partition holds the state of producers: producer.c (sequences) and producer_txn.c
 * (transactions) share it. Nobody else includes this. */
#pragma once
#include "mock/log/producer.h"

#include "base/hash.h"
#include "base/memory.h"

/* ProducerStateEntry.NUM_BATCHES_TO_RETAIN: as many as a producer may have in flight. */
#define WINDOW 5

struct past_batch {
    int32_t first;
    int32_t last;
    int64_t base_offset;
    int64_t last_offset;
    int64_t timestamp;
};

struct mock_producer {
    int64_t id;
    int16_t epoch;
    int32_t coordinator_epoch; /* of its last marker; -1: none */
    int64_t txn_first;         /* offset of the open transaction's first batch; -1: none is open */
    int64_t timestamp;         /* of its last batch or marker; -1: none */
    int64_t heard_ms;          /* log clock; for expiry */
    uint8_t count; /* of batches, all of this epoch, oldest first; 0: only a marker is known */
    struct past_batch batches[WINDOW];
    UT_hash_handle hh;
};

/* A producer whose partition was, or is to be, looked for at the transaction coordinator, and that
 * has not appended since (Kafka: VerificationStateEntry). */
struct mock_verified {
    int64_t id;
    int16_t epoch;
    int32_t lowest; /* sequence seen in this epoch */
    bool v2;
    UT_hash_handle hh;
};

struct mock_producers {
    struct mock_producer *by_id;
    struct mock_verified *verified;
};

/* -- producer.c -- */
struct mock_producer *mock_producer_find(const struct mock_producers *producers, int64_t id);
/* The state of a producer, with this epoch; another epoch forgets its batches. */
struct mock_producer *mock_producer_get(struct mock_producers *producers, int64_t id, int16_t epoch,
                                        struct base_error *err);

/* -- producer_txn.c -- */
struct mock_verified *mock_verified_find(const struct mock_producers *producers, int64_t id);
void mock_verified_remove(struct mock_producers *producers, int64_t id);
void mock_producers_forget_verified(struct mock_producers *producers);
