/*
 * no-resurrection of a client: no deleted key is in the store at quiescence, nor comes back at a
 * commit, without a newer write.
 */
#include <string.h>

#include "base/memory.h"
#include "harness/check/guarantee.h"

static int resurrected(struct trial_case *c, uint32_t record, uint32_t event) {
    trial_case_fail(c, "resurrection", c->ix->records[record].event);
    trial_case_event(c, event);
    return trial_anomaly_add(c->court, "resurrection", record, c->actor, 1, event);
}

/* buried: by key, the newest tombstone that a view showed applied. */
static int judge_view(struct trial_case *c, uint32_t at, uint32_t *buried) {
    struct trial_index *ix = c->ix;
    const struct trial_event *view = trial_index_event(ix, at);
    uint32_t topic = trial_index_find_topic(ix, view->topic);
    uint32_t key = topic == TRIAL_NONE ? TRIAL_NONE : trial_index_find_key(ix, topic, view->key);
    uint32_t part =
        topic == TRIAL_NONE ? TRIAL_NONE : trial_index_part_at(ix, topic, view->partition, at);
    if (key == TRIAL_NONE || part == TRIAL_NONE || !ix->keys[key].has_tombstone) {
        return 0;
    }
    if (!view->flag) {
        uint32_t record = trial_index_record_at(ix, part, view->offset);
        if (record != TRIAL_NONE && !ix->records[record].value.data) {
            buried[key] = record;
        }
        return 0;
    }
    uint32_t first;
    uint32_t last;
    if (buried[key] == TRIAL_NONE ||
        !trial_index_versions(ix, key, view->value, &first, &last) || last > buried[key]) {
        return 0;
    }
    return resurrected(c, buried[key], at);
}

static int judge_views(struct trial_case *c, const struct trial_index_store *store) {
    struct trial_index *ix = c->ix;
    size_t bytes = (ix->key_numbers.count + 1) * sizeof(uint32_t);
    uint32_t *buried = base_alloc(bytes);
    if (!buried) {
        return BASE_NO_MEMORY;
    }
    memset(buried, 0xff, bytes);
    size_t count = trial_history_count(ix->history);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        const struct trial_event *event = trial_history_at(ix->history, i);
        ix->step_count++;
        if (event->fact == TRIAL_FACT_STORE_VIEW && strcmp(event->text, store->name) == 0) {
            rc = judge_view(c, (uint32_t)i, buried);
        }
    }
    base_free(buried);
    return rc;
}

int trial_judge_no_resurrection(struct trial_case *c, struct base_error *err) {
    struct trial_index *ix = c->ix;
    const struct trial_index_group *group = trial_case_group(c);
    const struct trial_index_store *store = trial_case_store(c, NULL);
    uint64_t deleted = 0;
    for (size_t i = 0; i < ix->key_numbers.count; i++) {
        deleted += trial_group_owes(group, &ix->keys[i]) && ix->keys[i].has_tombstone;
    }
    trial_case_count(c, "keys deleted", deleted);
    c->exercised = deleted > 0 && ix->actors[c->actor].first_event != TRIAL_NONE;
    if (!c->exercised) {
        return 0;
    }
    int rc = judge_views(c, store);
    bool rests = rc == 0 && trial_case_is_quiescent(c) && trial_case_store_is_read(c, store);
    for (size_t i = 0; rests && rc == 0 && i < ix->key_numbers.count; i++) {
        const struct trial_index_key *key = &ix->keys[i];
        uint32_t newest = trial_group_last(group, key);
        if (!trial_group_owes(group, key) || ix->records[newest].value.data ||
            group->skipped[newest] != TRIAL_NONE) {
            continue;
        }
        uint32_t row = trial_case_find_row(c, key->topic, key->bytes);
        if (row == TRIAL_NONE) {
            continue;
        }
        bool unlearnable = trial_key_lesson(ix, group, (uint32_t)i, NULL) ==
                               TRIAL_UNLEARNABLE_DELETE &&
                           trial_store_allows(ix, group, (uint32_t)i, true, ix->rows[row].value);
        rc = unlearnable ? trial_case_unlearnable(c, newest, ix->rows[row].event)
                         : resurrected(c, newest, ix->rows[row].event);
    }
    return rc ? base_fail(err, rc, "no-resurrection: %s", base_code_to_str(rc)) : 0;
}
