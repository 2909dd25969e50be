/*
 * latest-value of a writer: the last record of a key in the log is its last ok intent that was
 * appended. Compared by intent, so that the anonymized copy is judged like the original.
 */
#include "harness/check/guarantee.h"

/* What the log says of one key, as far as this writer wrote it. */
struct latest {
    uint32_t last;   /* its last record */
    uint32_t wanted; /* a record of its last ok intent in program order */
    uint64_t count;
};

static struct latest look(struct trial_case *c, const struct trial_index_key *key) {
    struct trial_index *ix = c->ix;
    struct latest latest = {TRIAL_NONE, TRIAL_NONE, 0};
    for (uint32_t at = key->first; at != TRIAL_NONE; at = ix->records[at].next_of_key) {
        const struct trial_index_record *record = &ix->records[at];
        ix->step_count++;
        if (trial_index_is_cut(record) || !trial_index_is_committed(record) ||
            record->intent == TRIAL_NONE || ix->intents[record->intent].actor != c->actor) {
            continue;
        }
        const struct trial_index_intent *intent = &ix->intents[record->intent];
        latest.last = at;
        latest.count++;
        if (intent->outcome == TRIAL_OUTCOME_OK &&
            (latest.wanted == TRIAL_NONE ||
             ix->intents[ix->records[latest.wanted].intent].event <= intent->event)) {
            latest.wanted = at;
        }
    }
    return latest;
}

int trial_judge_latest_value(struct trial_case *c, struct base_error *err) {
    struct trial_index *ix = c->ix;
    uint64_t keys = 0;
    uint64_t rewritten = 0;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < ix->key_numbers.count; i++) {
        if (!ix->keys[i].bytes.data) {
            continue;
        }
        struct latest latest = look(c, &ix->keys[i]);
        if (latest.wanted == TRIAL_NONE) {
            continue;
        }
        keys++;
        rewritten += latest.count > 1;
        const struct trial_index_record *last = &ix->records[latest.last];
        const struct trial_index_record *wanted = &ix->records[latest.wanted];
        if (ix->intents[last->intent].event < ix->intents[wanted->intent].event) {
            trial_case_fail(c, "stale-latest", wanted->event);
            trial_case_event(c, last->event);
            trial_case_say(c, "the last record is of intent %llu, the last ok one was intent %llu",
                           (unsigned long long)ix->intents[last->intent].id,
                           (unsigned long long)ix->intents[wanted->intent].id);
            rc = trial_anomaly_add(c->court, "stale-latest", latest.last, c->actor, 1, last->event);
        }
    }
    c->exercised = rewritten > 0;
    trial_case_count(c, "keys", keys);
    trial_case_count(c, "written more than once", rewritten);
    return rc ? base_fail(err, rc, "latest-value: %s", base_code_to_str(rc)) : 0;
}
