/* key-order of a writer: per key and partition, first copies are in the log in program order. */
#include <string.h>

#include "base/memory.h"
#include "harness/check/guarantee.h"

static int judge_part(struct trial_case *c, const struct trial_index_part *part, uint32_t *newest,
                      uint64_t *ret_pairs) {
    struct trial_index *ix = c->ix;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < part->count; i++) {
        uint32_t number = part->records[i];
        const struct trial_index_record *record = &ix->records[number];
        ix->step_count++;
        if (record->intent == TRIAL_NONE || !record->key.data ||
            !trial_index_is_committed(record)) {
            continue;
        }
        const struct trial_index_intent *intent = &ix->intents[record->intent];
        if (intent->actor != c->actor ||
            trial_index_first_committed(ix, intent, record->privileged) != number) {
            continue;
        }
        uint32_t before = newest[record->key_number];
        *ret_pairs += before != TRIAL_NONE;
        if (before == TRIAL_NONE || ix->intents[ix->records[before].intent].event < intent->event) {
            newest[record->key_number] = number;
            continue;
        }
        trial_case_fail(c, "key-order-inversion", ix->records[before].event);
        trial_case_event(c, record->event);
        trial_case_say(c, "intent %llu was made before intent %llu, and is behind it in the log",
                       (unsigned long long)intent->id,
                       (unsigned long long)ix->intents[ix->records[before].intent].id);
        rc = trial_anomaly_add(c->court, "key-order-inversion", number, c->actor, 1,
                               record->event);
    }
    /* A key may be in several partitions: forget this one's. */
    for (size_t i = 0; i < part->count; i++) {
        newest[ix->records[part->records[i]].key_number] = TRIAL_NONE;
    }
    return rc;
}

int trial_judge_key_order(struct trial_case *c, struct base_error *err) {
    struct trial_index *ix = c->ix;
    size_t bytes = (ix->key_numbers.count + 1) * sizeof(uint32_t);
    uint32_t *newest = base_alloc(bytes);
    uint64_t pairs = 0;
    int rc = newest ? 0 : BASE_NO_MEMORY;
    if (rc == 0) {
        memset(newest, 0xff, bytes);
    }
    for (size_t i = 0; rc == 0 && i < ix->part_numbers.count; i++) {
        rc = judge_part(c, &ix->parts[i], newest, &pairs);
    }
    base_free(newest);
    c->exercised = pairs > 0;
    trial_case_count(c, "pairs of one key", pairs);
    return rc ? base_fail(err, rc, "key-order: %s", base_code_to_str(rc)) : 0;
}
