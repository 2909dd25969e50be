/* Anomalies that no single guarantee owns: redelivery, commit-regress, partition-drift. */
#include "base/memory.h"
#include "harness/check/guarantee.h"

static int note_redelivery(struct trial_court *court, const struct trial_index_group *group) {
    struct trial_index *ix = court->ix;
    int rc = 0;
    for (size_t i = 0; group->redelivery_count && rc == 0 && i < ix->record_count; i++) {
        ix->step_count++;
        if (group->served[i] > 1) {
            rc = trial_anomaly_add(court, "redelivery", (uint32_t)i, TRIAL_NONE,
                                   group->served[i] - 1u, ix->records[i].event);
        }
    }
    return rc;
}

static int note_drift(struct trial_court *court) {
    struct trial_index *ix = court->ix;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < ix->record_count; i++) {
        const struct trial_index_record *record = &ix->records[i];
        uint32_t next = record->next_of_key;
        if (record->key.data && next != TRIAL_NONE &&
            ix->parts[ix->records[next].part].partition != ix->parts[record->part].partition) {
            rc = trial_anomaly_add(court, "partition-drift", next, TRIAL_NONE, 1,
                                   ix->records[next].event);
        }
    }
    return rc;
}

static int note_commits(struct trial_court *court) {
    struct trial_index *ix = court->ix;
    struct trial_table places; /* tag group, bytes part */
    trial_table_init(&places);
    int64_t *last = NULL;
    size_t cap = 0;
    size_t count = trial_history_count(ix->history);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        const struct trial_event *event = trial_history_at(ix->history, i);
        uint32_t group = event->fact == TRIAL_FACT_COMMITTED && event->error == 0
                             ? trial_index_find_group(ix, event->group) : TRIAL_NONE;
        uint32_t part = TRIAL_NONE;
        if (group == TRIAL_NONE || !event->topic) {
            continue;
        }
        rc = trial_index_intern_part(ix, event->topic, event->partition, &part);
        if (rc == 0) {
            part = trial_index_part_at(ix, ix->parts[part].topic, event->partition, (uint32_t)i);
        }
        size_t before = places.count;
        uint32_t place = 0;
        rc = rc ? rc : trial_table_intern(&places, ((uint64_t)group << 32) | part,
                                          BASE_SLICE_NULL, &place);
        rc = rc ? rc : base_grow((void **)&last, &cap, places.count, sizeof(*last));
        if (rc == 0 && places.count == before && event->offset < last[place]) {
            rc = trial_anomaly_add_at(court, "commit-regress", part, BASE_SLICE_NULL,
                                      trial_index_find_actor(ix, event->actor), 1, (uint32_t)i);
        }
        if (rc == 0) {
            last[place] = event->offset;
        }
    }
    base_free(last);
    trial_table_clean_up(&places);
    return rc;
}

int trial_anomalies_note(struct trial_court *court, struct base_error *err) {
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < court->ix->group_names.count; i++) {
        rc = note_redelivery(court, &court->ix->groups[i]);
    }
    rc = rc ? rc : note_drift(court);
    rc = rc ? rc : note_commits(court);
    return rc ? base_fail(err, rc, "anomalies: %s", base_code_to_str(rc)) : 0;
}
