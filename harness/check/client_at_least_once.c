/*
 * at-least-once of a client: at quiescence every record in the log of its sources, or once served
 * to it, that is not superseded has its durable effect in the store, or a reported skip. Without a
 * store that can be read the client's own claim counts, and is marked as such. The effects of a
 * client that copies are its copies (exactly_once.c).
 */
#include "harness/check/copies.h"

static int lost(struct trial_case *c, uint32_t record, uint32_t row) {
    const struct trial_index_record *r = &c->ix->records[record];
    trial_case_fail(c, "lost", r->event);
    trial_case_say(c, "offset %lld of %s/%d has no effect", (long long)r->offset,
                   trial_index_topic_of(c->ix, r)->name, (int)c->ix->parts[r->part].partition);
    trial_case_event(c, row == TRIAL_NONE ? TRIAL_NONE : c->ix->rows[row].event);
    return trial_anomaly_add(c->court, "lost", record, c->actor, 1, r->event);
}

static int judge_by_store(struct trial_case *c, const struct trial_index_group *group,
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
        if (!trial_store_allows(ix, group, (uint32_t)i, row != TRIAL_NONE, value)) {
            rc = lost(c, trial_group_last(group, key), row);
        }
    }
    return rc;
}

/* keyless: only the records without a key, which no store can be asked for. */
static int judge_by_claim(struct trial_case *c, const struct trial_index_group *group,
                          bool keyless, uint64_t *ret_records) {
    struct trial_index *ix = c->ix;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < ix->record_count; i++) {
        const struct trial_index_record *record = &ix->records[i];
        ix->step_count++;
        bool unseen = record->gone != TRIAL_GONE_NOT && group->served[i] == 0;
        if (unseen || trial_index_is_cut(record) || !trial_group_sees(group, record) ||
            !group->is_source[ix->parts[record->part].topic] ||
            (keyless && record->key.data) || trial_record_is_superseded(ix, record) ||
            (group->latest && group->served[i] == 0)) {
            continue;
        }
        ++*ret_records;
        if (group->processed[i] != TRIAL_NONE || group->skipped[i] != TRIAL_NONE) {
            continue;
        }
        if (group->claim_count == 0) {
            trial_case_unknown(c, "no-word", record->event);
            return 0;
        }
        rc = lost(c, (uint32_t)i, TRIAL_NONE);
    }
    return rc;
}

static uint64_t source_record_count(const struct trial_index *ix,
                                    const struct trial_index_group *group) {
    uint64_t count = 0;
    for (size_t i = 0; i < ix->part_numbers.count; i++) {
        const struct trial_index_part *part = &ix->parts[i];
        for (size_t k = 0; group->is_source[part->topic] && k < part->count; k++) {
            count += trial_group_sees(group, &ix->records[part->records[k]]);
        }
    }
    return count;
}

int trial_judge_client_at_least_once(struct trial_case *c, struct base_error *err) {
    struct trial_index *ix = c->ix;
    if (trial_copies_target(ix, c->actor) != TRIAL_NONE) {
        return trial_judge_copied_at_least_once(c, err);
    }
    const struct trial_index_group *group = trial_case_group(c);
    uint64_t records = source_record_count(ix, group);
    uint64_t judged = 0;
    trial_case_count(c, "records", records);
    trial_case_count(c, "served", group->served_count);
    c->exercised = records > 0 && ix->actors[c->actor].first_event != TRIAL_NONE;
    if (!c->exercised || !trial_case_is_quiescent(c)) {
        return 0;
    }
    const struct trial_index_store *store = trial_case_store(c, NULL);
    if (store && !trial_case_store_is_read(c, store)) {
        return 0;
    }
    int rc = store ? judge_by_store(c, group, &judged) : 0;
    trial_case_count(c, "keys", judged);
    uint64_t claimed = 0;
    rc = rc ? rc : judge_by_claim(c, group, store != NULL, &claimed);
    if (claimed) {
        trial_case_count(c, "by claim", claimed);
    }
    return rc ? base_fail(err, rc, "at-least-once: %s", base_code_to_str(rc)) : 0;
}
