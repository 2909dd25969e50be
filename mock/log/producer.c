/*
 * The idempotent producer's state on one partition: see producer.h. The order of the checks is
 * Kafka's: duplicate first, then the epoch, then the sequence.
 */
#include "mock/log/producer_private.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "mock/log/log_private.h"
#include "mock/wire/error_names.h"
#include "mock/wire/record.h"

static const char *const policy_names[] = {
    [MOCK_FIRST_SEQUENCE_ANY] = "any",
    [MOCK_FIRST_SEQUENCE_ZERO_ON_NEVER_WRITTEN] = "zero-on-never-written",
    [MOCK_FIRST_SEQUENCE_ZERO_ALWAYS] = "zero-always",
    [MOCK_FIRST_SEQUENCE_UNKNOWN_PRODUCER_ID] = "unknown-producer-id",
};
#define POLICY_COUNT (sizeof(policy_names) / sizeof(policy_names[0]))

const char *mock_first_sequence_to_str(enum mock_first_sequence policy) {
    assert((size_t)policy < POLICY_COUNT);
    return policy_names[policy];
}

bool mock_first_sequence_find(const char *name, enum mock_first_sequence *ret_policy) {
    for (size_t i = 0; i < POLICY_COUNT; i++) {
        if (strcmp(policy_names[i], name) == 0) {
            *ret_policy = (enum mock_first_sequence)i;
            return true;
        }
    }
    return false;
}

int mock_producers_new(struct mock_producers **ret_producers, struct base_error *err) {
    struct mock_producers *producers = base_alloc_zero(sizeof(*producers));
    if (!producers) {
        return base_fail(err, BASE_NO_MEMORY, "out of memory for the producers of a partition");
    }
    *ret_producers = producers;
    return 0;
}

static void remove_producer(struct mock_producers *producers, struct mock_producer *p) {
    HASH_DEL(producers->by_id, p);
    base_free(p);
}

void mock_producers_free(struct mock_producers *producers) {
    if (!producers) {
        return;
    }
    struct mock_producer *p = NULL;
    struct mock_producer *next = NULL;
    HASH_ITER(hh, producers->by_id, p, next) {
        remove_producer(producers, p);
    }
    mock_producers_forget_verified(producers);
    base_free(producers);
}

int32_t mock_sequence_last(int32_t first, int32_t record_count) {
    /* DefaultRecordBatch.incrementSequence: sequences count modulo 2^31. */
    assert(first >= 0 && record_count >= 1);
    return (int32_t)(((int64_t)first + record_count - 1) & INT32_MAX);
}

struct mock_producer *mock_producer_find(const struct mock_producers *producers, int64_t id) {
    struct mock_producer *p = NULL;
    HASH_FIND(hh, producers->by_id, &id, sizeof(id), p);
    return p;
}

static struct mock_sequence_result refuse(int16_t error) {
    return (struct mock_sequence_result){
        .answer = MOCK_SEQUENCE_REFUSE,
        .error = error,
        .base_offset = -1,
        .last_offset = -1,
        .timestamp = -1,
    };
}

static struct mock_sequence_result accept_append(void) {
    return (struct mock_sequence_result){
        .answer = MOCK_SEQUENCE_APPEND,
        .base_offset = -1,
        .last_offset = -1,
        .timestamp = -1,
    };
}

static const struct past_batch *find_duplicate(const struct mock_producer *p,
                                               const struct mock_sequence *sequence) {
    if (sequence->epoch != p->epoch) {
        return NULL;
    }
    for (size_t i = 0; i < p->count; i++) {
        if (p->batches[i].first == sequence->first && p->batches[i].last == sequence->last) {
            return &p->batches[i];
        }
    }
    return NULL;
}

/* Kafka: the entry of a producer that was asked for at the coordinator and has not appended since.
 * Transactions V2 begin at 0; and nothing may come before what was seen first. */
static bool is_after_verified(const struct mock_producers *producers, const struct mock_producer *p,
                              const struct mock_sequence *sequence) {
    const struct mock_verified *v = mock_verified_find(producers, sequence->producer_id);
    if (!v) {
        return false;
    }
    bool late_begin = v->v2 && sequence->first != 0 && (!p || p->count == 0);
    return late_begin || sequence->first > v->lowest;
}

static struct mock_sequence_result check_unknown(const struct mock_sequence *sequence,
                                                 enum mock_first_sequence policy,
                                                 bool never_written) {
    if (sequence->first == 0) {
        return accept_append();
    }
    switch (policy) {
    case MOCK_FIRST_SEQUENCE_ANY:
        return accept_append();
    case MOCK_FIRST_SEQUENCE_ZERO_ON_NEVER_WRITTEN:
        return never_written ? refuse(MOCK_ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER) : accept_append();
    case MOCK_FIRST_SEQUENCE_ZERO_ALWAYS:
        return refuse(MOCK_ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    case MOCK_FIRST_SEQUENCE_UNKNOWN_PRODUCER_ID:
        return refuse(MOCK_ERROR_UNKNOWN_PRODUCER_ID);
    }
    assert(!"an enum mock_first_sequence");
    return refuse(MOCK_ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
}

struct mock_sequence_result mock_producers_check(const struct mock_producers *producers,
                                                 const struct mock_sequence *sequence,
                                                 enum mock_first_sequence policy,
                                                 bool never_written) {
    assert(sequence->producer_id >= 0);
    if (sequence->first < 0) {
        return refuse(MOCK_ERROR_INVALID_RECORD);
    }
    const struct mock_producer *p = mock_producer_find(producers, sequence->producer_id);
    const struct past_batch *original = p ? find_duplicate(p, sequence) : NULL;
    if (original) {
        return (struct mock_sequence_result){
            .answer = MOCK_SEQUENCE_DUPLICATE,
            .base_offset = original->base_offset,
            .last_offset = original->last_offset,
            .timestamp = original->timestamp,
        };
    }
    if (p && sequence->epoch < p->epoch) {
        return refuse(MOCK_ERROR_INVALID_PRODUCER_EPOCH);
    }
    if (sequence->transactional && !sequence->verified &&
        !mock_producers_is_open(producers, sequence->producer_id, sequence->epoch)) {
        return refuse(MOCK_ERROR_INVALID_TXN_STATE);
    }
    if (is_after_verified(producers, p, sequence)) {
        return refuse(MOCK_ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    }
    if (!p) {
        return check_unknown(sequence, policy, never_written);
    }
    int32_t expected = 0; /* a new epoch starts again */
    if (sequence->epoch == p->epoch && p->count) {
        expected = (int32_t)(((int64_t)p->batches[p->count - 1].last + 1) & INT32_MAX);
    }
    if (sequence->first != expected) {
        return refuse(MOCK_ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    }
    return p->txn_first >= 0 && !sequence->transactional ? refuse(MOCK_ERROR_INVALID_TXN_STATE)
                                                         : accept_append();
}

static struct mock_producer *add_producer(struct mock_producers *producers, int64_t id) {
    struct mock_producer *p = base_alloc_zero(sizeof(*p));
    if (!p) {
        return NULL;
    }
    p->id = id;
    p->txn_first = -1;
    p->coordinator_epoch = -1;
    p->timestamp = -1;
    HASH_ADD(hh, producers->by_id, id, sizeof(p->id), p);
    if (!base_hash_has(p->hh)) {
        base_free(p);
        return NULL;
    }
    return p;
}

struct mock_producer *mock_producer_get(struct mock_producers *producers, int64_t id, int16_t epoch,
                                        struct base_error *err) {
    struct mock_producer *p = mock_producer_find(producers, id);
    if (!p) {
        p = add_producer(producers, id);
        if (!p) {
            (void)base_fail(err, BASE_NO_MEMORY, "out of memory for the state of a producer");
            return NULL;
        }
        p->epoch = epoch;
        p->heard_ms = INT64_MAX;
    }
    if (p->epoch != epoch) {
        p->epoch = epoch;
        p->count = 0;
    }
    return p;
}

int mock_producers_record(struct mock_producers *producers, const struct mock_sequence *sequence,
                          int64_t base_offset, int64_t last_offset, int64_t timestamp,
                          struct base_error *err) {
    struct mock_producer *p =
        mock_producer_get(producers, sequence->producer_id, sequence->epoch, err);
    if (!p) {
        return BASE_NO_MEMORY;
    }
    if (p->count == WINDOW) {
        memmove(&p->batches[0], &p->batches[1], (WINDOW - 1) * sizeof(p->batches[0]));
        p->count--;
    }
    p->batches[p->count++] = (struct past_batch){
        .first = sequence->first,
        .last = sequence->last,
        .base_offset = base_offset,
        .last_offset = last_offset,
        .timestamp = timestamp,
    };
    p->timestamp = timestamp;
    if (sequence->transactional) {
        p->txn_first = p->txn_first < 0 ? base_offset : p->txn_first;
        mock_verified_remove(producers, sequence->producer_id);
    }
    return 0;
}

void mock_producers_forget(struct mock_producers *producers, int64_t producer_id) {
    struct mock_producer *p = mock_producer_find(producers, producer_id);
    if (p) {
        remove_producer(producers, p);
    }
}

void mock_producers_heard(struct mock_producers *producers, int64_t producer_id, int64_t now_ms) {
    struct mock_producer *p = mock_producer_find(producers, producer_id);
    if (p) {
        p->heard_ms = now_ms;
    }
}

size_t mock_producers_expire(struct mock_producers *producers, int64_t now_ms,
                             int64_t expiration_ms) {
    size_t count = 0;
    struct mock_producer *p = NULL;
    struct mock_producer *next = NULL;
    HASH_ITER(hh, producers->by_id, p, next) {
        bool idle = p->txn_first < 0 && p->heard_ms <= now_ms;
        if (idle && now_ms - p->heard_ms >= expiration_ms) {
            remove_producer(producers, p);
            count++;
        }
    }
    return count;
}

bool mock_producers_last(const struct mock_producers *producers, int64_t producer_id,
                         struct mock_last_record *ret_last) {
    const struct mock_producer *p = mock_producer_find(producers, producer_id);
    if (p) {
        ret_last->epoch = p->epoch;
        ret_last->last_data_offset = p->count ? p->batches[p->count - 1].last_offset : -1;
    }
    return p != NULL;
}

static int reload_marker(struct mock_producers *producers, const struct mock_stored_batch *batch,
                         struct base_error *err) {
    struct mock_record_iterator it;
    struct mock_record record;
    struct mock_marker marker = {batch->producer_id, batch->producer_epoch, -1, -1};
    int rc = mock_record_iterator_init(&it, mock_stored_batch_slice(batch));
    if (rc) {
        return rc;
    }
    rc = mock_record_iterator_next(&it, &record);
    if (rc == 1 && record.value.len >= 6) {
        struct base_reader value = base_reader_of(record.value);
        (void)base_read_i16(&value); /* version */
        marker.coordinator_epoch = base_read_i32(&value);
        marker.timestamp = record.timestamp_ms;
    }
    mock_record_iterator_clean_up(&it);
    return rc < 0 ? rc : mock_producers_marker(producers, &marker, NULL, err);
}

static int reload_batch(struct mock_producers *producers, const struct mock_stored_batch *batch,
                        struct base_error *err) {
    int rc = 0;
    if (mock_stored_batch_is_control(batch)) {
        /* An emptied marker says nothing: its whole transaction was cleaned away. */
        rc = batch->record_count ? reload_marker(producers, batch, err) : 0;
    } else {
        /* The sequences that the batch stands for, whatever compaction left of its records. */
        int32_t span = (int32_t)(batch->last_offset - batch->base_offset + 1);
        struct mock_sequence sequence = {
            .producer_id = batch->producer_id,
            .epoch = batch->producer_epoch,
            .first = batch->base_sequence,
            .last = mock_sequence_last(batch->base_sequence, span),
            .transactional = (mock_stored_batch_attributes(batch) & MOCK_BATCH_TRANSACTIONAL) != 0,
        };
        rc = mock_producers_record(producers, &sequence, batch->base_offset, batch->last_offset,
                                   batch->max_timestamp, err);
    }
    if (rc == 0) {
        mock_producers_heard(producers, batch->producer_id, batch->appended_ms);
    }
    return rc;
}

int mock_producers_rebuild(struct mock_producers *producers, const struct mock_log *log,
                           struct base_error *err) {
    struct mock_producer *p = NULL;
    struct mock_producer *next = NULL;
    HASH_ITER(hh, producers->by_id, p, next) {
        remove_producer(producers, p);
    }
    for (size_t i = 0; i < log->count; i++) {
        const struct mock_stored_batch *batch = log->entries[i].batch;
        int rc = batch->producer_id >= 0 ? reload_batch(producers, batch, err) : 0;
        if (rc) {
            return rc;
        }
    }
    return 0;
}
