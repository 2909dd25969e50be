/* How a transactional id is held, and what the files of this folder offer one another: txn.c
 * (registry, views), init.c, partition.c (what is in a transaction), end.c (its end), expiry.c.
 * Nobody else includes this. */
#pragma once
#include "mock/txn/txn.h"

#include "base/hash.h"
#include "base/memory.h"
#include "mock/wire/error_names.h"

/* How long a marker that could not be written waits. */
#define MOCK_TXN_RETRY_MS 20
/* TransactionMetadata.isEpochExhausted: the last epoch is kept for fencing. */
#define MOCK_TXN_LAST_EPOCH (INT16_MAX - 1)
/* We are the one coordinator there ever was: its partition's leader epoch. */
#define MOCK_TXN_COORDINATOR_EPOCH 0

struct mock_txn_part {
    char *topic;
    int32_t partition;
    int64_t written_at; /* see struct mock_txn_marker */
};

struct mock_txn {
    char *id;
    struct mock_txn_producer producer; /* epoch -1: made, not yet initialised */
    int64_t previous_producer_id;      /* before the last transition; -1: none */
    int64_t next_producer_id;          /* when the epoch ran out at an end; -1: stays */
    int16_t last_epoch;                /* of the same instance before its last bump; -1: none */
    int32_t timeout_ms;
    enum mock_txn_state state;
    bool v2; /* of the last transition: ends raise the epoch */
    struct mock_txn_part *parts;
    size_t part_count, part_cap;
    int64_t started_ms;   /* monotonic; of the ongoing transaction */
    int64_t start_log_ms; /* -1: never began */
    int64_t used_log_ms;
    int64_t retry_ms; /* Prepare: when markers are tried again */
    struct mock_txn *earlier, *later; /* of struct mock_txns's timed */
    UT_hash_handle hh;
};

struct mock_txns {
    struct mock_txns_options options;
    struct mock_txns_host host;
    struct mock_txn *by_id;
    /* Those that time does something to, in the order that they began: ids are many, and looked
     * through at every turn of the loop these few are. */
    struct mock_txn *timed, *last_timed;
    int64_t next_producer_id;
};

/* -- txn.c -- */
struct mock_txn *mock_txn_find(const struct mock_txns *txns, struct base_slice id);
/* NULL when memory is out. */
struct mock_txn *mock_txn_add(struct mock_txns *txns, struct base_slice id);
void mock_txn_remove(struct mock_txns *txns, struct mock_txn *txn);
/* The one way to a state. */
void mock_txn_enter(struct mock_txns *txns, struct mock_txn *txn, enum mock_txn_state state);
void mock_txn_told(const struct mock_txns *txns, const struct mock_txn *txn, const char *what);
/* Waits for markers: whatever else comes has to come again. */
bool mock_txn_is_ending(const struct mock_txn *txn);

/* -- partition.c -- */
void mock_txn_clear_parts(struct mock_txn *txn);

/* -- end.c -- */
/* Aborts an ongoing transaction behind its producer's back, which is fenced by it. */
void mock_txn_abort_fenced(struct mock_txns *txns, struct mock_txn *txn, struct mock_txn_time time);
/* Writes what markers can be written now. */
void mock_txn_write_markers(struct mock_txns *txns, struct mock_txn *txn,
                            struct mock_txn_time time);
