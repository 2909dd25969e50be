/* The registry of transactional ids, and what may be seen of them: see txn.h. */
#include "mock/txn/txn_private.h"

#include <string.h>

static const char *const state_names[MOCK_TXN_STATE_COUNT] = {
    [MOCK_TXN_EMPTY] = "Empty",
    [MOCK_TXN_ONGOING] = "Ongoing",
    [MOCK_TXN_PREPARE_COMMIT] = "PrepareCommit",
    [MOCK_TXN_PREPARE_ABORT] = "PrepareAbort",
    [MOCK_TXN_COMPLETE_COMMIT] = "CompleteCommit",
    [MOCK_TXN_COMPLETE_ABORT] = "CompleteAbort",
};

const char *mock_txn_state_to_str(enum mock_txn_state state) {
    return state_names[state];
}

bool mock_txn_state_find(struct base_slice name, enum mock_txn_state *ret_state) {
    for (size_t i = 0; i < MOCK_TXN_STATE_COUNT; i++) {
        if (base_slice_equal_str(name, state_names[i])) {
            *ret_state = (enum mock_txn_state)i;
            return true;
        }
    }
    *ret_state = MOCK_TXN_STATE_COUNT;
    return base_slice_equal_str(name, "Dead") || base_slice_equal_str(name, "PrepareEpochFence");
}

int mock_txns_new(const struct mock_txns_options *options, const struct mock_txns_host *host,
                  struct mock_txns **ret_txns, struct base_error *err) {
    struct mock_txns *txns = base_alloc_zero(sizeof(*txns));
    if (!txns) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for the transaction coordinator");
    }
    txns->options = *options;
    txns->host = *host;
    txns->next_producer_id = options->first_producer_id;
    *ret_txns = txns;
    return 0;
}

void mock_txns_free(struct mock_txns *txns) {
    if (!txns) {
        return;
    }
    struct mock_txn *txn = NULL;
    struct mock_txn *next = NULL;
    HASH_ITER(hh, txns->by_id, txn, next) {
        mock_txn_remove(txns, txn);
    }
    base_free(txns);
}

struct mock_txn *mock_txn_find(const struct mock_txns *txns, struct base_slice id) {
    struct mock_txn *txn = NULL;
    if (id.data) {
        HASH_FIND(hh, txns->by_id, id.data, (unsigned)id.len, txn);
    }
    return txn;
}

struct mock_txn *mock_txn_add(struct mock_txns *txns, struct base_slice id) {
    struct mock_txn *txn = base_alloc_zero(sizeof(*txn));
    char *copy = base_strndup((const char *)id.data, id.len);
    if (!txn || !copy) {
        base_free(txn);
        base_free(copy);
        return NULL;
    }
    *txn = (struct mock_txn){
        .id = copy,
        .producer = {txns->next_producer_id, -1},
        .previous_producer_id = -1,
        .next_producer_id = -1,
        .last_epoch = -1,
        .start_log_ms = -1,
    };
    HASH_ADD_KEYPTR(hh, txns->by_id, txn->id, (unsigned)id.len, txn);
    if (!base_hash_has(txn->hh)) {
        base_free(copy);
        base_free(txn);
        return NULL;
    }
    txns->next_producer_id++;
    return txn;
}

/* Waits for its end, or for its markers: there is a time at which something is due. */
static bool is_timed(const struct mock_txn *txn) {
    return txn->state == MOCK_TXN_ONGOING || mock_txn_is_ending(txn);
}

static void join_timed(struct mock_txns *txns, struct mock_txn *txn) {
    txn->earlier = txns->last_timed;
    *(txn->earlier ? &txn->earlier->later : &txns->timed) = txn;
    txns->last_timed = txn;
}

static void leave_timed(struct mock_txns *txns, struct mock_txn *txn) {
    *(txn->earlier ? &txn->earlier->later : &txns->timed) = txn->later;
    *(txn->later ? &txn->later->earlier : &txns->last_timed) = txn->earlier;
    txn->earlier = txn->later = NULL;
}

void mock_txn_enter(struct mock_txns *txns, struct mock_txn *txn, enum mock_txn_state state) {
    bool was_timed = is_timed(txn);
    txn->state = state;
    if (is_timed(txn) && !was_timed) {
        join_timed(txns, txn);
    } else if (!is_timed(txn) && was_timed) {
        leave_timed(txns, txn);
    }
}

void mock_txn_remove(struct mock_txns *txns, struct mock_txn *txn) {
    mock_txn_enter(txns, txn, MOCK_TXN_EMPTY);
    HASH_DEL(txns->by_id, txn);
    mock_txn_clear_parts(txn);
    base_free(txn->parts);
    base_free(txn->id);
    base_free(txn);
}

void mock_txn_told(const struct mock_txns *txns, const struct mock_txn *txn, const char *what) {
    if (txns->host.changed) {
        txns->host.changed(txns->host.arg,
                           &(struct mock_txn_change){.id = txn->id,
                                                     .what = what,
                                                     .producer_id = txn->producer.id,
                                                     .epoch = txn->producer.epoch});
    }
}

bool mock_txn_is_ending(const struct mock_txn *txn) {
    return txn->state == MOCK_TXN_PREPARE_COMMIT || txn->state == MOCK_TXN_PREPARE_ABORT;
}

/* -- views -- */

static struct mock_txn_view view_of(const struct mock_txn *txn) {
    return (struct mock_txn_view){
        .id = txn->id,
        .state = txn->state,
        .producer = txn->producer,
        .timeout_ms = txn->timeout_ms,
        .start_log_ms = txn->start_log_ms,
        .partition_count = txn->part_count,
    };
}

bool mock_txns_view(const struct mock_txns *txns, struct base_slice id,
                    struct mock_txn_view *ret_view) {
    const struct mock_txn *txn = mock_txn_find(txns, id);
    if (txn) {
        *ret_view = view_of(txn);
    }
    return txn != NULL;
}

struct mock_txn_partition mock_txns_partition(const struct mock_txns *txns, struct base_slice id,
                                              size_t index) {
    const struct mock_txn_part *part = &mock_txn_find(txns, id)->parts[index];
    return (struct mock_txn_partition){base_slice_str(part->topic), part->partition};
}

void mock_txns_each(const struct mock_txns *txns, mock_txn_view_fn visit, void *arg) {
    for (const struct mock_txn *txn = txns->by_id; txn; txn = txn->hh.next) {
        struct mock_txn_view view = view_of(txn);
        visit(arg, &view);
    }
}
