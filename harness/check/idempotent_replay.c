/*
 * idempotent-replay of a client: after records were delivered again, the store is what one pass
 * makes of the log, and at no commit did it show an older value of a key than before.
 */
#include <string.h>

#include "base/memory.h"
#include "harness/check/guarantee.h"

static int fail(struct trial_case *c, const char *because, uint32_t key, uint32_t event) {
    const struct trial_index_key *k = &c->ix->keys[key];
    trial_case_fail(c, because, event);
    return trial_anomaly_add(c->court, because, k->last, c->actor, 1, event);
}

/* A view's version of its key: the records that it may stem from. False: none. */
static bool version_of(struct trial_index *ix, uint32_t key, bool present,
                       struct base_slice value, uint32_t *ret_first, uint32_t *ret_last) {
    return trial_index_versions(ix, key, present ? value : BASE_SLICE_NULL, ret_first, ret_last);
}

/* newest: by key, the oldest record that the newest view so far can stem from. */
static int judge_view(struct trial_case *c, uint32_t at, uint32_t *newest) {
    struct trial_index *ix = c->ix;
    const struct trial_event *view = trial_index_event(ix, at);
    uint32_t topic = trial_index_find_topic(ix, view->topic);
    uint32_t key = topic == TRIAL_NONE ? TRIAL_NONE : trial_index_find_key(ix, topic, view->key);
    if (key == TRIAL_NONE || !view->key.data) {
        return 0;
    }
    uint32_t first = 0;
    uint32_t last = 0;
    if (!version_of(ix, key, view->flag, view->value, &first, &last)) {
        if (view->flag) {
            return fail(c, "double-effect", key, at);
        }
        return newest[key] == TRIAL_NONE ? 0 : fail(c, "regress", key, at);
    }
    if (newest[key] != TRIAL_NONE && last < newest[key]) {
        return fail(c, "regress", key, at);
    }
    /* A key that is not there need not have been deleted yet. */
    if (view->flag && (newest[key] == TRIAL_NONE || first > newest[key])) {
        newest[key] = first;
    }
    return 0;
}

static int judge_views(struct trial_case *c, const struct trial_index_store *store,
                       uint64_t *ret_views) {
    struct trial_index *ix = c->ix;
    size_t bytes = (ix->key_numbers.count + 1) * sizeof(uint32_t);
    uint32_t *newest = base_alloc(bytes);
    if (!newest) {
        return BASE_NO_MEMORY;
    }
    memset(newest, 0xff, bytes);
    size_t count = trial_history_count(ix->history);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        const struct trial_event *event = trial_history_at(ix->history, i);
        ix->step_count++;
        if (event->fact == TRIAL_FACT_STORE_VIEW && strcmp(event->text, store->name) == 0) {
            ++*ret_views;
            rc = judge_view(c, (uint32_t)i, newest);
        }
    }
    base_free(newest);
    return rc;
}

static int judge_rows(struct trial_case *c, const struct trial_index_group *group) {
    struct trial_index *ix = c->ix;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < ix->key_numbers.count; i++) {
        const struct trial_index_key *key = &ix->keys[i];
        uint32_t row = trial_group_owes(group, key)
                           ? trial_case_find_row(c, key->topic, key->bytes) : TRIAL_NONE;
        if (row == TRIAL_NONE) {
            continue;
        }
        const struct trial_index_row *r = &ix->rows[row];
        uint32_t first;
        uint32_t last;
        if (r->next != TRIAL_NONE) {
            rc = fail(c, "double-effect", (uint32_t)i, r->event);
            trial_case_event(c, ix->rows[r->next].event);
        } else if (!trial_index_versions(ix, (uint32_t)i, r->value, &first, &last)) {
            rc = fail(c, "double-effect", (uint32_t)i, r->event);
        } else if (!trial_store_allows(ix, group, (uint32_t)i, true, r->value)) {
            rc = fail(c, "regress", (uint32_t)i, r->event);
        }
    }
    return rc;
}

int trial_judge_idempotent_replay(struct trial_case *c, struct base_error *err) {
    const struct trial_index_group *group = trial_case_group(c);
    const struct trial_index_store *store = trial_case_store(c, NULL);
    uint64_t views = 0;
    trial_case_count(c, "redelivered", group->redelivery_count);
    c->exercised = group->redelivery_count > 0;
    if (!c->exercised) {
        return 0;
    }
    int rc = judge_views(c, store, &views);
    if (rc == 0 && trial_case_is_quiescent(c) && trial_case_store_is_read(c, store)) {
        rc = judge_rows(c, group);
    }
    trial_case_count(c, "store views", views);
    trial_case_count(c, "rows", store->row_count);
    return rc ? base_fail(err, rc, "idempotent-replay: %s", base_code_to_str(rc)) : 0;
}
