/* honest-failure of a writer: nothing that it reported as definitely failed is in the log; what its
 * transaction aborted, or never ended, is not. */
#include "harness/check/guarantee.h"

int trial_judge_honest_failure(struct trial_case *c, struct base_error *err) {
    struct trial_index *ix = c->ix;
    uint64_t failed = 0;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < ix->intent_numbers.count; i++) {
        const struct trial_index_intent *intent = &ix->intents[i];
        if (intent->actor != c->actor || intent->outcome != TRIAL_OUTCOME_FAILED) {
            continue;
        }
        failed++;
        uint32_t found = intent->first_record;
        while (found != TRIAL_NONE && !trial_index_is_committed(&ix->records[found])) {
            found = ix->records[found].next_copy;
        }
        if (found == TRIAL_NONE) {
            continue;
        }
        trial_case_fail(c, "phantom", intent->outcome_event);
        trial_case_event(c, ix->records[found].event);
        trial_case_event(c, ix->records[found].ended_event);
        rc = trial_anomaly_add(c->court, "phantom", found, c->actor, 1, ix->records[found].event);
    }
    c->exercised = failed > 0;
    trial_case_count(c, "reported failed", failed);
    return rc ? base_fail(err, rc, "honest-failure: %s", base_code_to_str(rc)) : 0;
}
