/*
 * The transaction coordinator: which producer id and epoch a transactional id has, which
 * partitions are in its transaction, and how the transaction ends. Kafka: TransactionCoordinator,
 * TransactionMetadata, TransactionStateManager. No sockets, no clock, no log: requests and the
 * present time come in, Kafka's error goes out, and the host writes the markers.
 *
 *           add partition           end                  all markers written
 *   Empty ───────────────► Ongoing ─────► PrepareCommit ───────────────► CompleteCommit
 *     ▲                     ▲    └──────► PrepareAbort ────────────────► CompleteAbort
 *     │                     │   end, timeout, another instance              │
 *     └── init ─────────────┴─────────────────── add partition ─────────────┘
 *
 * Transactions V1: the epoch rises when an instance begins, or when a transaction is aborted behind
 * its back. Transactions V2 (KIP-890; EndTxn from version 5 on): it rises with every end, so that
 * what belongs to one transaction cannot slip into the next.
 *
 * One thread only. The host's functions are called from within a request, a tick or an expiry; they
 * must not call back. Kafka writes markers after it has answered; here the host is asked in the
 * same call, and again by mock_txns_tick while it says "later".
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

struct mock_txns; /* all transactional ids of a cluster */

enum mock_txn_state {
    MOCK_TXN_EMPTY,
    MOCK_TXN_ONGOING,
    MOCK_TXN_PREPARE_COMMIT,
    MOCK_TXN_PREPARE_ABORT,
    MOCK_TXN_COMPLETE_COMMIT,
    MOCK_TXN_COMPLETE_ABORT,
    MOCK_TXN_STATE_COUNT
};
/* As Kafka spells it: "PrepareCommit". */
const char *mock_txn_state_to_str(enum mock_txn_state state);
/* Also finds "Dead" and "PrepareEpochFence", in which no transaction here ever is: as
 * MOCK_TXN_STATE_COUNT. False: Kafka has no such state. */
bool mock_txn_state_find(struct base_slice name, enum mock_txn_state *ret_state);

/* One partition of a transaction. Offsets of groups are a partition of MOCK_OFFSETS_TOPIC. */
struct mock_txn_partition {
    struct base_slice topic;
    int32_t partition;
};
#define MOCK_OFFSETS_TOPIC "__consumer_offsets"
/* Kafka's default of offsets.topic.num.partitions. */
#define MOCK_OFFSETS_PARTITIONS 50
/* Where the offsets of a group would be kept (GroupCoordinator.partitionFor). */
struct mock_txn_partition mock_txn_offsets_partition(struct base_slice group);

/* A control batch to be written. */
struct mock_txn_marker {
    const char *id;
    struct mock_txn_partition partition;
    int64_t producer_id;
    int16_t epoch;
    int32_t coordinator_epoch;
    bool commit;
    int64_t written_at; /* the host's own, kept while it says "later"; -1 at first */
};
enum mock_txn_marked {
    MOCK_TXN_MARKED,
    MOCK_TXN_MARK_LATER, /* its leader cannot be had, or replicas lack it */
    MOCK_TXN_MARK_NEVER  /* the partition is gone */
};

struct mock_txn_change {
    const char *id;
    const char *what; /* as MOCK_EVENT_TXN says */
    int64_t producer_id;
    int16_t epoch;
};

struct mock_txns_host {
    void *arg;
    enum mock_txn_marked (*mark)(void *arg, struct mock_txn_marker *marker);
    /* For the history; may be NULL. */
    void (*changed)(void *arg, const struct mock_txn_change *change);
};

struct mock_txns_options {
    int32_t max_timeout_ms;   /* transaction.max.timeout.ms */
    int64_t id_expiration_ms; /* transactional.id.expiration.ms, by the log's clock */
    bool v2;                  /* transaction.version is 2: what the coordinator itself aborts */
    int64_t first_producer_id;
};
#define MOCK_TXNS_OPTIONS_INIT                                                                     \
    { 900000, INT64_C(604800000), true, 1 }

int mock_txns_new(const struct mock_txns_options *options, const struct mock_txns_host *host,
                  struct mock_txns **ret_txns, struct base_error *err);
void mock_txns_free(struct mock_txns *txns);

/* -- requests: the answer is Kafka's error -- */

struct mock_txn_time {
    int64_t now_ms; /* monotonic: timeouts */
    int64_t log_ms; /* the log's clock: what is told, and expiry */
};
struct mock_txn_producer {
    int64_t id;
    int16_t epoch;
};

/* InitProducerId of a transactional id. expected.id -1: a new instance, which fences the others;
 * else the instance goes on after an error. PRODUCER_FENCED is for versions that know it.
 * ret_producer is {-1, -1} with an error. */
int16_t mock_txns_init(struct mock_txns *txns, struct base_slice id, int32_t timeout_ms,
                       struct mock_txn_producer expected, struct mock_txn_time time,
                       struct mock_txn_producer *ret_producer);
/* AddPartitionsToTxn, AddOffsetsToTxn, and what Produce and TxnOffsetCommit add by themselves. */
int16_t mock_txns_add(struct mock_txns *txns, struct base_slice id,
                      struct mock_txn_producer producer,
                      const struct mock_txn_partition *partitions, size_t count, bool v2,
                      struct mock_txn_time time);
/* Is the partition in the ongoing transaction? TRANSACTION_ABORTABLE when it is not. */
int16_t mock_txns_verify(const struct mock_txns *txns, struct base_slice id,
                         struct mock_txn_producer producer, struct mock_txn_partition partition);
/* EndTxn. ret_producer: what the producer is to go on with (Transactions V2); {-1, -1} with an
 * error. */
int16_t mock_txns_end(struct mock_txns *txns, struct base_slice id,
                      struct mock_txn_producer producer, bool commit, bool v2,
                      struct mock_txn_time time, struct mock_txn_producer *ret_producer);

/* -- time -- */

/* The next moment at which a transaction times out or a marker is tried again; INT64_MAX: none. */
int64_t mock_txns_next_due_ms(const struct mock_txns *txns);
void mock_txns_tick(struct mock_txns *txns, struct mock_txn_time time);
/* Ends an ongoing transaction as if its time were over. False: none is open. */
bool mock_txns_time_out(struct mock_txns *txns, struct base_slice id, struct mock_txn_time time);
/* Forgets the ids without a transaction that were not used for id_expiration_ms. Returns how many.
 */
size_t mock_txns_expire(struct mock_txns *txns, int64_t log_ms);

/* -- views -- */

struct mock_txn_view {
    const char *id;
    enum mock_txn_state state;
    struct mock_txn_producer producer;
    int32_t timeout_ms;
    int64_t start_log_ms; /* -1: never began */
    size_t partition_count;
};
/* False: the id is not known. */
bool mock_txns_view(const struct mock_txns *txns, struct base_slice id,
                    struct mock_txn_view *ret_view);
/* In the order added; index < partition_count of the view. */
struct mock_txn_partition mock_txns_partition(const struct mock_txns *txns, struct base_slice id,
                                              size_t index);
typedef void (*mock_txn_view_fn)(void *arg, const struct mock_txn_view *view);
/* In the order in which the ids were first used. */
void mock_txns_each(const struct mock_txns *txns, mock_txn_view_fn visit, void *arg);
