/*
 * What a partition remembers of idempotent producers, and the broker's answer to (producer id,
 * epoch, sequence). Kafka: ProducerStateManager, ProducerAppendInfo.checkSequence,
 * ProducerStateEntry.findDuplicateBatch (window of five batches). One thread only.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* What a partition answers to the first sequence of a producer that it does not know.
 * Kafka 2.5 to 4.4 take any (KIP-360); later ones (KAFKA-15591) refuse a non-zero one where the log
 * has never held a record; zero-always is the Transactions V2 rule; Kafka before 2.5 answered
 * UNKNOWN_PRODUCER_ID. */
enum mock_first_sequence {
    MOCK_FIRST_SEQUENCE_ANY,
    MOCK_FIRST_SEQUENCE_ZERO_ON_NEVER_WRITTEN,
    MOCK_FIRST_SEQUENCE_ZERO_ALWAYS,
    MOCK_FIRST_SEQUENCE_UNKNOWN_PRODUCER_ID
};
const char *mock_first_sequence_to_str(enum mock_first_sequence policy);
bool mock_first_sequence_find(const char *name, enum mock_first_sequence *ret_policy);

struct mock_producers; /* of one partition */

int mock_producers_new(struct mock_producers **ret_producers, struct base_error *err);
void mock_producers_free(struct mock_producers *producers);

struct mock_sequence {
    int64_t producer_id; /* >= 0 */
    int16_t epoch;
    int32_t first; /* base sequence */
    int32_t last;  /* of its last record; wraps from INT32_MAX to 0 */
    bool transactional;
    bool verified; /* the coordinator has just said that the partition is in the transaction */
};
/* last for a batch of record_count records starting at first. */
int32_t mock_sequence_last(int32_t first, int32_t record_count);

enum mock_sequence_answer { MOCK_SEQUENCE_APPEND, MOCK_SEQUENCE_DUPLICATE, MOCK_SEQUENCE_REFUSE };
struct mock_sequence_result {
    enum mock_sequence_answer answer;
    int16_t error;       /* Kafka's, when refused */
    int64_t base_offset; /* of the original, when it is a duplicate */
    int64_t last_offset;
    int64_t timestamp;
};
/* Decides; changes nothing. never_written: the partition's log has never held a record. */
struct mock_sequence_result mock_producers_check(const struct mock_producers *producers,
                                                 const struct mock_sequence *sequence,
                                                 enum mock_first_sequence policy,
                                                 bool never_written);
/* Remembers an appended batch. */
int mock_producers_record(struct mock_producers *producers, const struct mock_sequence *sequence,
                          int64_t base_offset, int64_t last_offset, int64_t timestamp,
                          struct base_error *err);
/* Forgets a producer (state expired, or data deleted and state rebuilt). */
void mock_producers_forget(struct mock_producers *producers, int64_t producer_id);
/* Says when the producer was last heard of, in log-clock time (for expiry). */
void mock_producers_heard(struct mock_producers *producers, int64_t producer_id, int64_t now_ms);
/* producer.id.expiration.ms: forgets those not heard of for so long, unless they have a transaction
 * open. Returns how many. */
size_t mock_producers_expire(struct mock_producers *producers, int64_t now_ms,
                             int64_t expiration_ms);
#define MOCK_PRODUCER_EXPIRATION_MS INT64_C(86400000)

/* The last record of an active producer (UnifiedLog.lastRecordsOfActiveProducers). */
struct mock_last_record {
    int16_t epoch;
    int64_t last_data_offset; /* -1: only a marker is known */
};
/* False: the producer is not known. */
bool mock_producers_last(const struct mock_producers *producers, int64_t producer_id,
                         struct mock_last_record *ret_last);
/* -- transactions (producer_txn.c) -- */

/* The coordinator is to be asked whether the partition is in the transaction: from now until the
 * producer appends, no later sequence comes before this one (KIP-890). v2: a client of Transactions
 * V2, whose first sequence is 0. */
int mock_producers_verify(struct mock_producers *producers, const struct mock_sequence *sequence,
                          bool v2, struct base_error *err);
/* A transaction of this epoch is open here: the coordinator need not be asked. */
bool mock_producers_is_open(const struct mock_producers *producers, int64_t producer_id,
                            int16_t epoch);
/* The first offset of the open transactions, INT64_MAX for none: what mock_log_hold_stable needs.
 */
int64_t mock_producers_first_open(const struct mock_producers *producers);

struct mock_marker {
    int64_t producer_id;
    int16_t epoch;
    int32_t coordinator_epoch;
    int64_t timestamp;
};
/* May the marker be appended? INVALID_PRODUCER_EPOCH, TRANSACTION_COORDINATOR_FENCED or none
 * (ProducerAppendInfo.appendEndTxnMarker). v2: of a transaction of Transactions V2, which a marker
 * of a later epoch ends. */
int16_t mock_producers_check_marker(const struct mock_producers *producers,
                                    const struct mock_marker *marker, bool v2);
/* Remembers the marker that ended a transaction: it may raise the epoch, which forgets the batches.
 * ret_first_offset (may be NULL): where the transaction began, -1 if it had no batch here. */
int mock_producers_marker(struct mock_producers *producers, const struct mock_marker *marker,
                          int64_t *ret_first_offset, struct base_error *err);

struct mock_producer_view {
    int64_t producer_id;
    int16_t epoch;
    int32_t last_sequence; /* -1: none */
    int64_t last_timestamp;
    int32_t coordinator_epoch; /* -1: no marker */
    int64_t txn_first_offset;  /* -1: none is open */
};
typedef void (*mock_producer_view_fn)(void *arg, const struct mock_producer_view *view);
void mock_producers_each(const struct mock_producers *producers, mock_producer_view_fn visit,
                         void *arg);

/* Forgets everything and reads the state from the log, as a restart does. Whoever had open
 * transactions hold back the stable offset does so again. */
struct mock_log;
int mock_producers_rebuild(struct mock_producers *producers, const struct mock_log *log,
                           struct base_error *err);
