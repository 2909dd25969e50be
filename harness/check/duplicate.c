/*
 * no-duplicate of a writer: within one producer incarnation an intent is appended at most once in
 * each of its topics (committed, and not lost again). A copy that a later incarnation appended is
 * an anomaly too, of the application.
 */
#include "harness/check/guarantee.h"

/* Surplus copies of one intent in one topic. */
static int judge_copies(struct trial_case *c, const struct trial_index_intent *intent,
                        bool privileged) {
    struct trial_index *ix = c->ix;
    uint32_t first = trial_index_first_committed(ix, intent, privileged);
    int rc = 0;
    for (uint32_t at = first == TRIAL_NONE ? TRIAL_NONE : ix->records[first].next_copy;
         rc == 0 && at != TRIAL_NONE;
         at = ix->records[at].next_copy) {
        const struct trial_index_record *copy = &ix->records[at];
        if (copy->privileged != privileged || trial_index_is_cut(copy) ||
            !trial_index_is_committed(copy)) {
            continue;
        }
        uint32_t one = trial_index_event(ix, ix->records[first].event)->incarnation;
        uint32_t two = trial_index_event(ix, copy->event)->incarnation;
        if (one == two) {
            trial_case_fail(c, "duplicate", ix->records[first].event);
            trial_case_event(c, copy->event);
        } else {
            trial_case_say(c, "intent %llu again by incarnation %u: of the application",
                           (unsigned long long)intent->id, (unsigned)two);
        }
        rc = trial_anomaly_add(c->court, "duplicate", at, c->actor, 1, copy->event);
    }
    return rc;
}

int trial_judge_no_duplicate(struct trial_case *c, struct base_error *err) {
    struct trial_index *ix = c->ix;
    uint64_t intents = 0;
    uint64_t appends = 0;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < ix->intent_numbers.count; i++) {
        const struct trial_index_intent *intent = &ix->intents[i];
        ix->step_count++;
        if (intent->actor != c->actor) {
            continue;
        }
        intents++;
        for (int copy = 0; rc == 0 && copy < 2; copy++) {
            appends += intent->copy_count[copy];
            if (intent->copy_count[copy] > 1) {
                rc = judge_copies(c, intent, copy == 1);
            }
        }
    }
    c->exercised = appends > 0;
    trial_case_count(c, "intents", intents);
    trial_case_count(c, "appends", appends);
    return rc ? base_fail(err, rc, "no-duplicate: %s", base_code_to_str(rc)) : 0;
}
