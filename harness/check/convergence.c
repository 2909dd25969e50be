/*
 * convergence of a client: at quiescence its store equals the fold of the log (per key the last
 * value, deletes applied), reported skips left out, and what no transaction committed, for a client
 * that reads committed records.
 */
#include "base/memory.h"
#include "harness/check/guarantee.h"

static int diverges(struct trial_case *c, const char *because, uint32_t record, uint32_t row) {
    struct trial_index *ix = c->ix;
    uint32_t event = row == TRIAL_NONE ? TRIAL_NONE : ix->rows[row].event;
    trial_case_fail(c, because, record == TRIAL_NONE ? event : ix->records[record].event);
    if (record != TRIAL_NONE) {
        trial_case_event(c, event);
    }
    return trial_anomaly_add_at(
        c->court, because, record == TRIAL_NONE ? TRIAL_NONE : ix->records[record].part,
        record == TRIAL_NONE ? ix->rows[row].key : ix->records[record].key, c->actor, 1, event);
}

/* Is the row what a record says that the group was never to apply? */
static uint32_t unseen_source(struct trial_index *ix, const struct trial_index_group *group,
                              const struct trial_index_key *key, struct base_slice value) {
    int type = ix->topics[key->topic].type;
    uint32_t found = TRIAL_NONE;
    for (uint32_t at = key->first; at != TRIAL_NONE; at = ix->records[at].next_of_key) {
        const struct trial_index_record *record = &ix->records[at];
        ix->step_count++;
        if (record->value.data && trial_index_same_value(type, record->value, value)) {
            if (trial_group_sees(group, record)) {
                return TRIAL_NONE;
            }
            found = at;
        }
    }
    return found;
}

/* A store that shows what was aborted, or not committed to the end. */
static int shows_aborted(struct trial_case *c, uint32_t record, uint32_t row) {
    struct trial_index *ix = c->ix;
    trial_case_fail(c, "aborted-visible", ix->records[record].event);
    trial_case_event(c, ix->records[record].ended_event);
    trial_case_event(c, ix->rows[row].event);
    return trial_anomaly_add(c->court, "aborted-visible", record, c->actor, 1, ix->rows[row].event);
}

/* What a key's row should have been; torn: another part of the same transaction is there. */
static int judge_divergence(struct trial_case *c, const struct trial_index_group *group,
                            uint32_t number, uint32_t row, bool torn) {
    struct trial_index *ix = c->ix;
    const struct trial_index_key *key = &ix->keys[number];
    uint32_t newest = trial_group_last(group, key);
    struct base_slice value = row == TRIAL_NONE ? BASE_SLICE_NULL : ix->rows[row].value;
    uint32_t first;
    uint32_t last;
    uint32_t unseen = row == TRIAL_NONE ? TRIAL_NONE : unseen_source(ix, group, key, value);
    if (unseen != TRIAL_NONE) {
        return shows_aborted(c, unseen, row);
    }
    bool known = row == TRIAL_NONE || trial_index_versions(ix, number, value, &first, &last);
    return diverges(c,
                    !known                            ? "effect-without-source"
                    : torn                            ? "torn-transaction"
                    : !ix->records[newest].value.data ? "missed-delete"
                                                      : "missing",
                    newest, row);
}

/* The row of a key of which the group was to see nothing. */
static int judge_unowed(struct trial_case *c, const struct trial_index_group *group,
                        const struct trial_index_key *key) {
    struct trial_index *ix = c->ix;
    if (!group->is_source[key->topic] || !key->bytes.data ||
        trial_group_last(group, key) != TRIAL_NONE) {
        return 0;
    }
    uint32_t row = trial_case_find_row(c, key->topic, key->bytes);
    if (row == TRIAL_NONE) {
        return 0;
    }
    uint32_t unseen = unseen_source(ix, group, key, ix->rows[row].value);
    return unseen != TRIAL_NONE ? shows_aborted(c, unseen, row)
                                : diverges(c, "effect-without-source", TRIAL_NONE, row);
}

/* there: by transaction, whether a part of it is in the store: found out first (fills), and then
 * used (the last one is of no transaction). */
static int judge_keys(struct trial_case *c, const struct trial_index_group *group, bool *there,
                      bool fills, uint64_t *ret_keys) {
    struct trial_index *ix = c->ix;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < ix->key_numbers.count; i++) {
        const struct trial_index_key *key = &ix->keys[i];
        ix->step_count++;
        if (!trial_group_owes(group, key)) {
            rc = fills ? 0 : judge_unowed(c, group, key);
            continue;
        }
        uint32_t row = trial_case_find_row(c, key->topic, key->bytes);
        struct base_slice value = row == TRIAL_NONE ? BASE_SLICE_NULL : ix->rows[row].value;
        uint32_t transaction = ix->records[trial_group_last(group, key)].transaction;
        bool in_one = transaction != TRIAL_NONE;
        bool allowed = trial_store_allows(ix, group, (uint32_t)i, row != TRIAL_NONE, value);
        uint32_t newest;
        if (fills) {
            there[in_one ? transaction : ix->transaction_count] |= allowed;
        } else if (!allowed) {
            rc = judge_divergence(c, group, (uint32_t)i, row, in_one && there[transaction]);
        } else if (row != TRIAL_NONE &&
                   trial_key_lesson(ix, group, (uint32_t)i, &newest) == TRIAL_UNLEARNABLE_DELETE) {
            rc = trial_case_unlearnable(c, newest, ix->rows[row].event);
        }
        *ret_keys += !fills;
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
    c->exercised =
        (c->exercised || store->row_count > 0) && ix->actors[c->actor].first_event != TRIAL_NONE;
    if (!c->exercised || !trial_case_is_quiescent(c) || !trial_case_store_is_read(c, store)) {
        return 0;
    }
    bool *there = base_alloc_zero(ix->transaction_count + 1);
    int rc = there ? 0 : BASE_NO_MEMORY;
    rc = rc || ix->transaction_count == 0 ? rc : judge_keys(c, group, there, true, &keys);
    rc = rc ? rc : judge_keys(c, group, there, false, &keys);
    base_free(there);
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
