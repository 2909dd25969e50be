/* contract of a writer: every record in a journal's topic decodes as the type of the topic. */
#include <string.h>

#include "harness/check/guarantee.h"

int trial_judge_contract(struct trial_case *c, struct base_error *err) {
    struct trial_index *ix = c->ix;
    const char *name = ix->actors[c->actor].name;
    uint64_t records = 0;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < ix->record_count; i++) {
        const struct trial_index_record *record = &ix->records[i];
        int type = trial_index_topic_of(ix, record)->type;
        const char *actor = trial_index_event(ix, record->event)->actor;
        ix->step_count++;
        if (type < 0 || !record->value.data || !actor || strcmp(actor, name) != 0) {
            continue;
        }
        records++;
        struct fixture_object object = {(enum fixture_type)type, record->value};
        struct base_error why = BASE_ERROR_INIT;
        rc = fixture_check(&object, &why);
        if (rc == BASE_NO_MEMORY) {
            break;
        }
        if (rc) {
            trial_case_fail(c, "contract-breach", record->event);
            trial_case_say(c, "offset %lld of %s is no %s: %s", (long long)record->offset,
                           trial_index_topic_of(ix, record)->name,
                           fixture_type_to_str((enum fixture_type)type), why.text);
            rc = trial_anomaly_add(c->court, "contract-breach", (uint32_t)i, c->actor, 1,
                                   record->event);
        }
    }
    c->exercised = records > 0;
    trial_case_count(c, "objects", records);
    return rc ? base_fail(err, rc, "contract: %s", base_code_to_str(rc)) : 0;
}
