/*
 * pairing of a writer: every anonymized object in a public topic has its original in the privileged
 * one, and the reverse; tombstones go to both. By intent; records of nobody's intent by key.
 */
#include <string.h>

#include "harness/check/guarantee.h"

static int half_pair(struct trial_case *c, uint32_t record, bool is_failure) {
    const struct trial_index_record *r = &c->ix->records[record];
    if (is_failure) {
        trial_case_fail(c, "half-pair", r->event);
        trial_case_say(c, "offset %lld of %s has no twin", (long long)r->offset,
                       trial_index_topic_of(c->ix, r)->name);
    }
    return trial_anomaly_add(c->court, "half-pair", record, c->actor, 1, r->event);
}

static int judge_intents(struct trial_case *c, uint64_t *ret_pairs) {
    struct trial_index *ix = c->ix;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < ix->intent_numbers.count; i++) {
        const struct trial_index_intent *intent = &ix->intents[i];
        ix->step_count++;
        if (intent->actor != c->actor || intent->privileged_topic == TRIAL_NONE ||
            intent->topic == TRIAL_NONE) {
            continue;
        }
        bool one = intent->copy_count[0] > 0;
        bool two = intent->copy_count[1] > 0;
        *ret_pairs += one && two;
        if (one != two) {
            /* What the writer itself calls unfinished is an anomaly, not a broken promise. */
            rc = half_pair(c, intent->first_record, intent->outcome == TRIAL_OUTCOME_OK ||
                                                        intent->outcome == TRIAL_OUTCOME_NONE);
        }
    }
    return rc;
}

/* The topic of the other copy; TRIAL_NONE for a topic that has none. */
static uint32_t twin_of(const struct trial_index *ix, const struct trial_index_topic *topic) {
    if (!topic->real || !topic->real->journal || !topic->real->journal->anonymize ||
        !trial_type_is_anonymized(topic->real->type)) {
        return TRIAL_NONE;
    }
    for (size_t i = 0; i < ix->topic_names.count; i++) {
        const struct trial_real_topic *real = ix->topics[i].real;
        if (real && real != topic->real && real->journal == topic->real->journal && real->type &&
            strcmp(real->type, topic->real->type) == 0) {
            return (uint32_t)i;
        }
    }
    return TRIAL_NONE;
}

static int judge_keys(struct trial_case *c, uint64_t *ret_pairs) {
    struct trial_index *ix = c->ix;
    const char *name = ix->actors[c->actor].name;
    int rc = 0;
    uint32_t topic = TRIAL_NONE;
    uint32_t twin = TRIAL_NONE;
    for (size_t i = 0; rc == 0 && i < ix->record_count; i++) {
        const struct trial_index_record *record = &ix->records[i];
        const char *actor = trial_index_event(ix, record->event)->actor;
        if (record->intent != TRIAL_NONE || !actor || strcmp(actor, name) != 0) {
            continue;
        }
        if (ix->parts[record->part].topic != topic) {
            topic = ix->parts[record->part].topic;
            twin = twin_of(ix, &ix->topics[topic]);
        }
        if (twin == TRIAL_NONE) {
            continue;
        }
        uint32_t other = trial_index_find_key(ix, twin, record->key);
        bool has = other != TRIAL_TABLE_NONE &&
                   (record->value.data || ix->keys[other].has_tombstone);
        *ret_pairs += has;
        rc = has ? 0 : half_pair(c, (uint32_t)i, true);
    }
    return rc;
}

int trial_judge_pairing(struct trial_case *c, struct base_error *err) {
    uint64_t pairs = 0;
    int rc = judge_intents(c, &pairs);
    rc = rc ? rc : judge_keys(c, &pairs);
    c->exercised = pairs > 0 || c->finding.verdict == TRIAL_FAIL;
    trial_case_count(c, "pairs", pairs);
    return rc ? base_fail(err, rc, "pairing: %s", base_code_to_str(rc)) : 0;
}
