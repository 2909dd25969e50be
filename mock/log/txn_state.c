/* Transactions under a walk over the log: see txn_state.h. The lists are short: a producer has one
 * transaction at a time. */
#include "mock/log/txn_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "mock/log/log_private.h"
#include "mock/wire/record.h"

enum marker { MARKER_ABORT = 0, MARKER_COMMIT = 1, MARKER_OTHER, MARKER_NONE };

static int by_first_offset(const void *a, const void *b) {
    const struct mock_aborted_txn *x = a;
    const struct mock_aborted_txn *y = b;
    return (x->first_offset > y->first_offset) - (x->first_offset < y->first_offset);
}

int mock_txn_state_init(struct mock_txn_state *state, const struct mock_log *log) {
    *state = (struct mock_txn_state){0};
    size_t count = mock_log_aborted_count(log);
    state->sorted = base_alloc_array(count, sizeof(*state->sorted));
    state->kept = base_alloc_zero(count * sizeof(*state->kept));
    if (!state->sorted || !state->kept) {
        mock_txn_state_clean_up(state);
        return BASE_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        state->sorted[i] = mock_log_aborted(log, i);
    }
    qsort(state->sorted, count, sizeof(*state->sorted), by_first_offset);
    state->aborted = state->sorted;
    state->aborted_count = count;
    return 0;
}

void mock_txn_state_clean_up(struct mock_txn_state *state) {
    base_free(state->sorted);
    base_free(state->kept);
    base_free(state->open);
    base_free(state->committed);
    *state = (struct mock_txn_state){0};
}

static struct mock_open_abort *find_open(struct mock_txn_state *state, int64_t producer_id) {
    for (size_t i = 0; i < state->open_count; i++) {
        if (state->open[i].producer_id == producer_id) {
            return &state->open[i];
        }
    }
    return NULL;
}

/* Aborted transactions that begin at offset or before are open from here on. */
static int open_up_to(struct mock_txn_state *state, int64_t offset, int64_t from) {
    while (state->next < state->aborted_count &&
           state->aborted[state->next].first_offset <= offset) {
        const struct mock_aborted_txn *txn = &state->aborted[state->next];
        if (txn->last_offset >= from && !find_open(state, txn->producer_id)) {
            void *open = state->open;
            if (base_grow(&open, &state->open_cap, state->open_count + 1, sizeof(*state->open))) {
                return BASE_NO_MEMORY;
            }
            state->open = open;
            state->open[state->open_count++] =
                (struct mock_open_abort){txn->producer_id, state->next, false};
        }
        state->next++;
    }
    return 0;
}

static int read_marker(const struct mock_stored_batch *batch, enum marker *ret_marker) {
    struct mock_record_iterator it;
    struct mock_record record;
    int rc = mock_record_iterator_init(&it, mock_stored_batch_slice(batch));
    if (rc) {
        return rc;
    }
    rc = mock_record_iterator_next(&it, &record);
    if (rc == 0) {
        *ret_marker = MARKER_NONE;
    } else if (rc > 0) {
        /* Key: version, type. */
        int type = record.key.data && record.key.len >= 4 ? record.key.data[2] << 8 |
                                                                record.key.data[3]
                                                          : MARKER_OTHER;
        *ret_marker = type == 0 ? MARKER_ABORT : type == 1 ? MARKER_COMMIT : MARKER_OTHER;
    }
    mock_record_iterator_clean_up(&it);
    return rc < 0 ? rc : 0;
}

/* True: a batch of it had been walked over, and its index entry stays. */
static bool close_abort(struct mock_txn_state *state, int64_t producer_id) {
    struct mock_open_abort *open = find_open(state, producer_id);
    if (!open) {
        return false;
    }
    bool seen = open->seen;
    state->kept[open->txn] = seen;
    *open = state->open[--state->open_count];
    return seen;
}

static size_t find_committed(const struct mock_txn_state *state, int64_t producer_id) {
    size_t i = 0;
    while (i < state->committed_count && state->committed[i] != producer_id) {
        i++;
    }
    return i;
}

static bool close_commit(struct mock_txn_state *state, int64_t producer_id) {
    size_t i = find_committed(state, producer_id);
    if (i == state->committed_count) {
        return false;
    }
    state->committed[i] = state->committed[--state->committed_count];
    return true;
}

static int walk_marker(struct mock_txn_state *state, const struct mock_stored_batch *batch,
                       bool *ret_discard) {
    enum marker marker = MARKER_OTHER;
    int rc = read_marker(batch, &marker);
    if (rc) {
        return rc;
    }
    switch (marker) {
    case MARKER_ABORT:
        *ret_discard = !close_abort(state, batch->producer_id);
        break;
    case MARKER_COMMIT:
        *ret_discard = !close_commit(state, batch->producer_id);
        break;
    case MARKER_OTHER:
        *ret_discard = false;
        break;
    case MARKER_NONE: /* emptied by an earlier pass */
        *ret_discard = true;
        break;
    }
    return 0;
}

static int walk_data(struct mock_txn_state *state, const struct mock_stored_batch *batch,
                     bool *ret_discard) {
    *ret_discard = false;
    if (!(mock_stored_batch_attributes(batch) & MOCK_BATCH_TRANSACTIONAL)) {
        return 0;
    }
    struct mock_open_abort *open = find_open(state, batch->producer_id);
    if (open) {
        open->seen = true;
        *ret_discard = true;
        return 0;
    }
    if (find_committed(state, batch->producer_id) == state->committed_count) {
        void *committed = state->committed;
        if (base_grow(&committed, &state->committed_cap, state->committed_count + 1,
                      sizeof(*state->committed))) {
            return BASE_NO_MEMORY;
        }
        state->committed = committed;
        state->committed[state->committed_count++] = batch->producer_id;
    }
    return 0;
}

int mock_txn_state_walk(struct mock_txn_state *state, const struct mock_stored_batch *batch,
                        int64_t from, bool *ret_discard) {
    int rc = open_up_to(state, batch->last_offset, from);
    if (rc) {
        return rc;
    }
    return mock_stored_batch_is_control(batch) ? walk_marker(state, batch, ret_discard)
                                               : walk_data(state, batch, ret_discard);
}
