/*
 * exactly-once of a client that copies: each record of its sources that it was to see has one
 * committed copy in its target, and nothing else is there. at-least-once of such a client is the
 * half of it: no copy is missing.
 */
#include "harness/check/copies.h"

/* Two guarantees say so; it is one anomaly. */
static int lost(struct trial_case *c, uint32_t record, bool once) {
    const struct trial_index_record *r = &c->ix->records[record];
    trial_case_fail(c, "lost", r->event);
    trial_case_say(c, "offset %lld of %s/%d has no copy", (long long)r->offset,
                   trial_index_topic_of(c->ix, r)->name, (int)c->ix->parts[r->part].partition);
    return once ? trial_anomaly_add(c->court, "lost", record, c->actor, 1, r->event) : 0;
}

static int judge_missing(struct trial_case *c, const struct trial_copies *copies, bool once,
                         uint64_t *ret_owed) {
    struct trial_index *ix = c->ix;
    const struct trial_index_group *group = trial_case_group(c);
    int rc = 0;
    for (uint32_t i = 0; i < ix->record_count && rc == 0; i++) {
        const struct trial_index_record *record = &ix->records[i];
        ix->step_count++;
        bool unseen = record->gone != TRIAL_GONE_NOT && group->served[i] == 0;
        if (unseen || trial_index_is_cut(record) || !trial_group_sees(group, record) ||
            !group->is_source[ix->parts[record->part].topic] || group->skipped[i] != TRIAL_NONE ||
            (group->latest && group->served[i] == 0)) {
            continue;
        }
        ++*ret_owed;
        rc = copies->copy_of[i] == TRIAL_NONE ? lost(c, i, once) : 0;
    }
    return rc;
}

static int judge_surplus(struct trial_case *c, const struct trial_copies *copies) {
    struct trial_index *ix = c->ix;
    int rc = 0;
    for (size_t i = 0; i < copies->surplus_count && rc == 0; i++) {
        uint32_t copy = copies->surplus[i];
        uint32_t like = copies->like[i];
        const char *because = like == TRIAL_NONE ? "effect-without-source" : "duplicate";
        trial_case_fail(c, because, ix->records[copy].event);
        if (like != TRIAL_NONE) {
            trial_case_event(c, ix->records[like].event);
            trial_case_event(c, copies->copy_of[like] == TRIAL_NONE
                                    ? TRIAL_NONE
                                    : ix->records[copies->copy_of[like]].event);
        }
        rc = trial_anomaly_add(c->court, because, copy, c->actor, 1, ix->records[copy].event);
    }
    return rc;
}

static int judge(struct trial_case *c, bool once, struct base_error *err) {
    struct trial_copies copies;
    uint64_t owed = 0;
    int rc = trial_copies_find(c, &copies);
    if (rc == 0 && once) {
        rc = judge_surplus(c, &copies);
    }
    c->exercised = copies.count > 0 || trial_case_group(c)->served_count > 0;
    if (rc == 0 && c->exercised && trial_case_is_quiescent(c)) {
        rc = judge_missing(c, &copies, once, &owed);
    }
    trial_case_count(c, "records", owed);
    trial_case_count(c, "copies", copies.count);
    trial_copies_clean_up(&copies);
    return rc ? base_fail(err, rc, "copies: %s", base_code_to_str(rc)) : 0;
}

int trial_judge_exactly_once(struct trial_case *c, struct base_error *err) {
    return judge(c, true, err);
}

int trial_judge_copied_at_least_once(struct trial_case *c, struct base_error *err) {
    return judge(c, false, err);
}
