/* What becomes of one batch in a pass: private to mock/log. */
#pragma once
#include "mock/log/clean_pass.h"
#include "mock/log/filter.h"
#include "mock/log/key_map.h"
#include "mock/log/txn_state.h"

struct mock_retain {
    const struct mock_key_map *map;
    const struct mock_producers *producers; /* NULL: none is active */
    int64_t now_ms;
    int64_t delete_retention_ms;
    int64_t upper; /* of the round: firstUncleanable; the batch that ends there is kept, if empty */
    struct mock_txn_state *txns;
    struct mock_filter *filter;
    struct mock_clean_pass *pass; /* is told */
};

/* *ret_batch: batch itself, another one (the pass holds it), or NULL when it goes. from: base of
 * its segment. Returns 0; BASE_NO_MEMORY; or why the batch cannot be read or written. */
int mock_retain_batch(struct mock_retain *retain, struct mock_stored_batch *batch, int64_t from,
                      struct mock_stored_batch **ret_batch);
