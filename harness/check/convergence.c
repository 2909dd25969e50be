/*
 * convergence of a client: at quiescence its store equals the fold of the log (per key the last
 * value, deletes applied), reported skips left out.
 */
#include "harness/check/guarantee.h"

static int diverges(struct trial_case *c, const char *because, uint32_t record, uint32_t row) {
    struct trial_index *ix = c->ix;
    uint32_t event = row == TRIAL_NONE ? TRIAL_NONE : ix->rows[row].event;
    trial_case_fail(c, because, record == TRIAL_NONE ? event : ix->records[record].event);
    if (record != TRIAL_NONE) {
        trial_case_event(c, event);
    }
    return trial_anomaly_add_at(c->court, because,
                                record == TRIAL_NONE ? TRIAL_NONE : ix->records[record].part,
                                record == TRIAL_NONE ? ix->rows[row].key : ix->records[record].key,
                                c->actor, 1, event);
}

static int judge_keys(struct trial_case *c, const struct trial_index_group *group,
                      uint64_t *ret_keys) {
    struct trial_index *ix = c->ix;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < ix->key_numbers.count; i++) {
        const struct trial_index_key *key = &ix->keys[i];
        ix->step_count++;
        if (!trial_group_owes(group, key)) {
            continue;
        }
        ++*ret_keys;
        uint32_t row = trial_case_find_row(c, key->topic, key->bytes);
        struct base_slice value = row == TRIAL_NONE ? BASE_SLICE_NULL : ix->rows[row].value;
        uint32_t first;
        uint32_t last;
        uint32_t newest;
        if (trial_store_allows(ix, group, (uint32_t)i, row != TRIAL_NONE, value)) {
            if (row != TRIAL_NONE && trial_key_lesson(ix, group, (uint32_t)i, &newest) ==
                                         TRIAL_UNLEARNABLE_DELETE) {
                rc = trial_case_unlearnable(c, newest, ix->rows[row].event);
            }
            continue;
        }
        bool known = row == TRIAL_NONE ||
                     trial_index_versions(ix, (uint32_t)i, value, &first, &last);
        rc = diverges(c,
                      !known                               ? "effect-without-source"
                      : !ix->records[key->last].value.data ? "missed-delete"
                                                           : "missing",
                      key->last, row);
    }
    return rc;
}

/* Is there a record of the row's key in any source of any client that fills the store? */
static bool has_source(const struct trial_index *ix, const struct trial_index_row *row) {
    for (size_t g = 0; g < ix->actor_names.count; g++) {
        const struct trial_index_actor *actor = &ix->actors[g];
        if (actor->store != row->store || actor->group == TRIAL_NONE) {
            continue;
        }
        const bool *is_source = ix->groups[actor->group].is_source;
        for (uint32_t t = 0; t < ix->topic_names.count; t++) {
            if (is_source[t] && (row->topic == TRIAL_NONE || row->topic == t) &&
                trial_index_find_key(ix, t, row->key) != TRIAL_TABLE_NONE) {
                return true;
            }
        }
    }
    return false;
}

int trial_judge_convergence(struct trial_case *c, struct base_error *err) {
    struct trial_index *ix = c->ix;
    const struct trial_index_group *group = trial_case_group(c);
    uint32_t number = TRIAL_NONE;
    const struct trial_index_store *store = trial_case_store(c, &number);
    uint64_t keys = 0;
    for (size_t i = 0; i < ix->key_numbers.count && !c->exercised; i++) {
        c->exercised = trial_group_owes(group, &ix->keys[i]);
    }
    c->exercised = (c->exercised || store->row_count > 0) &&
                   ix->actors[c->actor].first_event != TRIAL_NONE;
    if (!c->exercised || !trial_case_is_quiescent(c) || !trial_case_store_is_read(c, store)) {
        return 0;
    }
    int rc = judge_keys(c, group, &keys);
    for (size_t i = 0; rc == 0 && i < ix->row_count; i++) {
        ix->step_count++;
        if (ix->rows[i].store == number && !has_source(ix, &ix->rows[i])) {
            rc = diverges(c, "effect-without-source", TRIAL_NONE, (uint32_t)i);
        }
    }
    trial_case_count(c, "keys", keys);
    trial_case_count(c, "rows", store->row_count);
    return rc ? base_fail(err, rc, "convergence: %s", base_code_to_str(rc)) : 0;
}
