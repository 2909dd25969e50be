/* The transactions of a partition's producers: see producer.h. */
#include "mock/log/producer_private.h"

#include "mock/wire/error_names.h"

/* -- what was looked for at the coordinator -- */

struct mock_verified *mock_verified_find(const struct mock_producers *producers, int64_t id) {
    struct mock_verified *v = NULL;
    HASH_FIND(hh, producers->verified, &id, sizeof(id), v);
    return v;
}

void mock_verified_remove(struct mock_producers *producers, int64_t id) {
    struct mock_verified *v = mock_verified_find(producers, id);
    if (v) {
        HASH_DEL(producers->verified, v);
        base_free(v);
    }
}

void mock_producers_forget_verified(struct mock_producers *producers) {
    struct mock_verified *v = NULL;
    struct mock_verified *next = NULL;
    HASH_ITER(hh, producers->verified, v, next) {
        HASH_DEL(producers->verified, v);
        base_free(v);
    }
}

static struct mock_verified *add_verified(struct mock_producers *producers,
                                          const struct mock_sequence *sequence, bool v2) {
    struct mock_verified *v = base_alloc_zero(sizeof(*v));
    if (!v) {
        return NULL;
    }
    *v = (struct mock_verified){
        .id = sequence->producer_id, .epoch = sequence->epoch, .lowest = sequence->first, .v2 = v2};
    HASH_ADD(hh, producers->verified, id, sizeof(v->id), v);
    if (!base_hash_has(v->hh)) {
        base_free(v);
        return NULL;
    }
    return v;
}

int mock_producers_verify(struct mock_producers *producers, const struct mock_sequence *sequence,
                          bool v2, struct base_error *err) {
    struct mock_verified *v = mock_verified_find(producers, sequence->producer_id);
    v = v ? v : add_verified(producers, sequence, v2);
    if (!v) {
        return base_fail(err, BASE_NO_MEMORY, "out of memory for the state of a producer");
    }
    if (v->v2 && sequence->epoch > v->epoch) {
        v->epoch = sequence->epoch;
        v->lowest = sequence->first;
    } else if (sequence->epoch == v->epoch && sequence->first < v->lowest) {
        v->lowest = sequence->first;
    }
    return 0;
}

/* -- open transactions -- */

bool mock_producers_is_open(const struct mock_producers *producers, int64_t producer_id,
                            int16_t epoch) {
    const struct mock_producer *p = mock_producer_find(producers, producer_id);
    return p && p->txn_first >= 0 && p->epoch == epoch;
}

int64_t mock_producers_first_open(const struct mock_producers *producers) {
    int64_t first = INT64_MAX;
    for (const struct mock_producer *p = producers->by_id; p; p = p->hh.next) {
        if (p->txn_first >= 0 && p->txn_first < first) {
            first = p->txn_first;
        }
    }
    return first;
}

/* -- markers -- */

int16_t mock_producers_check_marker(const struct mock_producers *producers,
                                    const struct mock_marker *marker, bool v2) {
    const struct mock_producer *p = mock_producer_find(producers, marker->producer_id);
    if (!p) {
        return MOCK_ERROR_NONE;
    }
    /* A transaction of V2 ends in a later epoch than it began in; the same one is a retry. */
    bool retry = marker->epoch == p->epoch && (p->txn_first < 0 || marker->epoch == INT16_MAX);
    if (marker->epoch < p->epoch || (v2 && marker->epoch == p->epoch && !retry)) {
        return MOCK_ERROR_INVALID_PRODUCER_EPOCH;
    }
    return p->coordinator_epoch > marker->coordinator_epoch
               ? MOCK_ERROR_TRANSACTION_COORDINATOR_FENCED
               : MOCK_ERROR_NONE;
}

int mock_producers_marker(struct mock_producers *producers, const struct mock_marker *marker,
                          int64_t *ret_first_offset, struct base_error *err) {
    struct mock_producer *p = mock_producer_find(producers, marker->producer_id);
    int64_t first = p ? p->txn_first : -1;
    p = mock_producer_get(producers, marker->producer_id, marker->epoch, err);
    if (!p) {
        return BASE_NO_MEMORY;
    }
    p->txn_first = -1;
    p->coordinator_epoch = marker->coordinator_epoch;
    p->timestamp = marker->timestamp;
    if (ret_first_offset) {
        *ret_first_offset = first;
    }
    return 0;
}

/* -- views -- */

void mock_producers_each(const struct mock_producers *producers, mock_producer_view_fn visit,
                         void *arg) {
    for (const struct mock_producer *p = producers->by_id; p; p = p->hh.next) {
        struct mock_producer_view view = {
            .producer_id = p->id,
            .epoch = p->epoch,
            .last_sequence = p->count ? p->batches[p->count - 1].last : -1,
            .last_timestamp = p->timestamp,
            .coordinator_epoch = p->coordinator_epoch,
            .txn_first_offset = p->txn_first,
        };
        visit(arg, &view);
    }
}
