/*
 * What a partition remembers of idempotent producers, and the broker's answer to (producer id,
 * epoch, sequence). Kafka: ProducerStateManager, ProducerAppendInfo.checkSequence,
 * ProducerStateEntry.findDuplicateBatch (window of five batches). One thread only.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
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
/* Remembers the marker that ended a transaction: it may raise the epoch, which forgets the
 * batches. */
int mock_producers_marker(struct mock_producers *producers, int64_t producer_id, int16_t epoch,
                          struct base_error *err);
/* Says when the producer was last heard of, in log-clock time (for expiry). */
void mock_producers_heard(struct mock_producers *producers, int64_t producer_id, int64_t now_ms);
/* producer.id.expiration.ms: forgets those not heard of for so long. Returns how many. */
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
/* Forgets everything and reads the state from the log, as a restart does. */
struct mock_log;
int mock_producers_rebuild(struct mock_producers *producers, const struct mock_log *log,
                           struct base_error *err);
