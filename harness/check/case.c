/* What every judge does with its finding: verdict, reasons, counters, evidence; and anomalies. */
#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "harness/check/guarantee.h"

/* Anomalies beyond these are counted, but not quoted. */
#define MAX_QUOTED_ANOMALIES 200
#define MAX_LINE_BYTES (64u * BASE_KIB)

static const char *line_of(struct trial_court *court, uint32_t event) {
    struct base_builder line;
    base_builder_init(&line, MAX_LINE_BYTES);
    trial_event_describe(trial_index_event(court->ix, event), &line);
    struct base_slice text = base_builder_slice(&line);
    const char *own = base_builder_ok(&line) ? base_arena_strndup(&court->report->arena,
                                                                  (const char *)text.data, text.len)
                                             : NULL;
    base_builder_clean_up(&line);
    return own;
}

static void add_evidence(struct trial_case *c, const char *line) {
    struct trial_finding *f = &c->finding;
    if (!f->evidence) {
        f->evidence = base_arena_alloc_array(&c->court->report->arena, TRIAL_MAX_EVIDENCE,
                                             sizeof(*f->evidence));
    }
    if (line && f->evidence && f->evidence_count < TRIAL_MAX_EVIDENCE) {
        f->evidence[f->evidence_count++] = line;
    }
}

void trial_case_event(struct trial_case *c, uint32_t event) {
    if (event != TRIAL_NONE && c->finding.evidence_count < TRIAL_MAX_EVIDENCE) {
        add_evidence(c, line_of(c->court, event));
    }
}

void trial_case_say(struct trial_case *c, const char *format, ...) {
    if (c->finding.evidence_count >= TRIAL_MAX_EVIDENCE) {
        return;
    }
    char line[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    add_evidence(c, base_arena_strdup(&c->court->report->arena, line));
}

void trial_case_fail(struct trial_case *c, const char *because, uint32_t event) {
    if (c->finding.verdict != TRIAL_FAIL) {
        c->finding.verdict = TRIAL_FAIL;
        c->finding.because = because;
        c->finding.evidence_count = 0; /* what was unknown no longer matters */
    }
    trial_case_event(c, event);
}

static bool is_reason(const char *because) {
    for (size_t i = 0; trial_unknown_reasons[i]; i++) {
        if (strcmp(trial_unknown_reasons[i], because) == 0) {
            return true;
        }
    }
    return false;
}

void trial_case_unknown(struct trial_case *c, const char *because, uint32_t event) {
    bool is_known = is_reason(because);
    assert(is_known);
    (void)is_known; /* without assertions */
    if (c->finding.verdict == TRIAL_PASS) {
        c->finding.verdict = TRIAL_UNKNOWN;
        c->finding.because = because;
    }
    if (c->finding.verdict == TRIAL_UNKNOWN) {
        trial_case_event(c, event);
    }
}

void trial_case_count(struct trial_case *c, const char *what, uint64_t count) {
    base_put_format(&c->counters, "%s%s %" PRIu64, c->counters.len ? ", " : "", what, count);
}

/* -- anomalies -- */

int trial_anomaly_add_at(struct trial_court *court, const char *name, uint32_t part,
                         struct base_slice key, uint32_t actor, uint64_t count, uint32_t event) {
    struct trial_index *ix = court->ix;
    struct trial_report *report = court->report;
    size_t before = court->anomaly_numbers.count;
    uint64_t tag = ((uint64_t)part << 32) ^ (uint64_t)actor << 20;
    for (const char *at = name; *at; at++) {
        tag = tag * 31 + (uint8_t)*at;
    }
    uint32_t number;
    int rc = trial_table_intern(&court->anomaly_numbers, tag, key, &number);
    if (rc) {
        return rc;
    }
    if (court->anomaly_numbers.count == before) {
        report->anomalies[number].count += count;
        return 0;
    }
    rc = base_grow((void **)&report->anomalies, &court->anomaly_cap, before + 1,
                   sizeof(*report->anomalies));
    if (rc) {
        return rc;
    }
    const struct trial_index_part *p = part == TRIAL_NONE ? NULL : &ix->parts[part];
    report->anomalies[before] = (struct trial_anomaly){
        .name = name,
        .topic = p ? ix->topics[p->topic].name : NULL,
        .partition = p ? p->partition : -1,
        .key = key,
        .actor = actor == TRIAL_NONE ? NULL : ix->actors[actor].name,
        .count = count,
        .evidence =
            event != TRIAL_NONE && before < MAX_QUOTED_ANOMALIES ? line_of(court, event) : NULL,
    };
    report->anomaly_count = before + 1;
    return 0;
}

int trial_anomaly_add(struct trial_court *court, const char *name, uint32_t record, uint32_t actor,
                      uint64_t count, uint32_t event) {
    const struct trial_index_record *r = record == TRIAL_NONE ? NULL : &court->ix->records[record];
    return trial_anomaly_add_at(court, name, r ? r->part : TRIAL_NONE, r ? r->key : BASE_SLICE_NULL,
                                actor, count, event);
}

/* -- what several judges ask -- */

bool trial_record_is_superseded(const struct trial_index *ix, const struct trial_index_record *r) {
    if (!r->key.data) {
        return false;
    }
    uint32_t at = r->next_of_key;
    while (at != TRIAL_NONE &&
           (trial_index_is_cut(&ix->records[at]) || !trial_index_is_committed(&ix->records[at]))) {
        at = ix->records[at].next_of_key;
    }
    return at != TRIAL_NONE;
}

struct trial_index_group *trial_case_group(const struct trial_case *c) {
    uint32_t group = c->ix->actors[c->actor].group;
    return group == TRIAL_NONE ? NULL : &c->ix->groups[group];
}

struct trial_index_store *trial_case_store(const struct trial_case *c, uint32_t *ret_store) {
    uint32_t number = c->ix->actors[c->actor].store;
    if (number == TRIAL_NONE) {
        return NULL;
    }
    struct trial_index_store *store = &c->ix->stores[number];
    if (store->declared && store->declared->kind == TRIAL_STORE_MEMORY) {
        return NULL;
    }
    if (ret_store) {
        *ret_store = number;
    }
    return store;
}

uint32_t trial_case_find_row(const struct trial_case *c, uint32_t topic, struct base_slice key) {
    const struct trial_index *ix = c->ix;
    uint32_t own = ix->actors[c->actor].store;
    uint32_t row = own == TRIAL_NONE ? TRIAL_NONE : trial_index_find_row(ix, own, topic, key);
    for (size_t i = 0; row == TRIAL_NONE && i < ix->actor_names.count; i++) {
        const struct trial_index_actor *other = &ix->actors[i];
        if (other->group == ix->actors[c->actor].group && other->store != own &&
            other->store != TRIAL_NONE) {
            row = trial_index_find_row(ix, other->store, topic, key);
        }
    }
    return row;
}

bool trial_group_owes(const struct trial_index_group *group, const struct trial_index_key *key) {
    uint32_t last = trial_group_last(group, key);
    return group->is_source[key->topic] && key->bytes.data && last != TRIAL_NONE &&
           (!group->latest || group->served[last] > 0);
}

/* Is the actor dead at this event? Then another member of its group may have come to rest for it.
 * */
static bool is_dead(const struct trial_index *ix, const char *actor, size_t at) {
    while (at-- > 0) {
        const struct trial_event *event = trial_history_at(ix->history, at);
        bool is_turn =
            event->fact == TRIAL_FACT_ACTOR_START || event->fact == TRIAL_FACT_ACTOR_EXIT;
        if (is_turn && event->actor && strcmp(event->actor, actor) == 0) {
            return event->fact == TRIAL_FACT_ACTOR_EXIT;
        }
    }
    return false;
}

bool trial_case_is_quiescent(struct trial_case *c) {
    const struct trial_index *ix = c->ix;
    uint32_t group = ix->actors[c->actor].group;
    bool one_is = false;
    uint32_t one_is_not = TRIAL_NONE;
    size_t count = trial_history_count(ix->history);
    /* The facts of the end are at the end. */
    for (size_t i = count; i-- > 0;) {
        const struct trial_event *event = trial_history_at(ix->history, i);
        if (event->fact == TRIAL_FACT_STEP) {
            break;
        }
        uint32_t actor = event->fact == TRIAL_FACT_QUIESCENT
                             ? trial_index_find_actor(ix, event->actor)
                             : TRIAL_NONE;
        if (actor != TRIAL_NONE && ix->actors[actor].group == group) {
            one_is = one_is || event->flag;
            if (!event->flag && !is_dead(ix, event->actor, i)) {
                one_is_not = (uint32_t)i;
            }
        }
    }
    if (one_is && one_is_not == TRIAL_NONE) {
        return true;
    }
    if (ix->budget_event != TRIAL_NONE) {
        trial_case_unknown(c, "budget", ix->budget_event);
    } else {
        trial_case_unknown(c, "not-quiescent", one_is_not);
    }
    return false;
}

bool trial_case_store_is_read(struct trial_case *c, const struct trial_index_store *store) {
    if (store->read_event != TRIAL_NONE && !store->problem) {
        return true;
    }
    if (store->read_event == TRIAL_NONE) {
        trial_case_say(c, "store %s was never read", store->name);
    }
    trial_case_unknown(c, "store-unreadable", store->read_event);
    return false;
}

/* The newest record of the key that counts for the group: not cut, not skipped, and served if asked
 * for. TRIAL_NONE. */
static uint32_t newest_of(struct trial_index *ix, const struct trial_index_group *group,
                          const struct trial_index_key *key, bool served) {
    uint32_t newest = TRIAL_NONE;
    for (uint32_t at = key->first; at != TRIAL_NONE; at = ix->records[at].next_of_key) {
        ix->step_count++;
        if (!trial_index_is_cut(&ix->records[at]) && trial_group_sees(group, &ix->records[at]) &&
            group->skipped[at] == TRIAL_NONE && (!served || group->served[at] > 0)) {
            newest = at;
        }
    }
    return newest;
}

enum trial_lesson trial_key_lesson(struct trial_index *ix, const struct trial_index_group *group,
                                   uint32_t key, uint32_t *ret_newest) {
    uint32_t newest = newest_of(ix, group, &ix->keys[key], false);
    if (ret_newest) {
        *ret_newest = newest;
    }
    if (newest == TRIAL_NONE || ix->records[newest].gone == TRIAL_GONE_NOT ||
        group->served[newest] > 0) {
        return TRIAL_LEARNABLE;
    }
    return ix->records[newest].value.data ? TRIAL_UNLEARNABLE_VALUE : TRIAL_UNLEARNABLE_DELETE;
}

bool trial_store_allows(struct trial_index *ix, const struct trial_index_group *group, uint32_t key,
                        bool present, struct base_slice value) {
    const struct trial_index_key *k = &ix->keys[key];
    int type = ix->topics[k->topic].type;
    /* The last record that was not skipped, and whatever skipped ones come after it. What was taken
     * from the log before the group saw it cannot be asked for: then the last one that it saw. */
    bool unlearnable = trial_key_lesson(ix, group, key, NULL) != TRIAL_LEARNABLE;
    uint32_t from = newest_of(ix, group, k, unlearnable);
    bool before_all = from == TRIAL_NONE;
    for (uint32_t at = before_all ? k->first : from; at != TRIAL_NONE;
         at = ix->records[at].next_of_key) {
        const struct trial_index_record *record = &ix->records[at];
        ix->step_count++;
        if (trial_index_is_cut(record) || !trial_group_sees(group, record)) {
            continue;
        }
        if (record->value.data ? present && trial_index_same_value(type, record->value, value)
                               : !present) {
            return true;
        }
    }
    return before_all && !present;
}

int trial_case_unlearnable(struct trial_case *c, uint32_t tombstone, uint32_t row_event) {
    struct trial_index *ix = c->ix;
    const struct trial_index_record *record = &ix->records[tombstone];
    trial_case_unknown(c, "unlearnable-delete", record->event);
    trial_case_event(c, record->gone_event);
    trial_case_event(c, row_event);
    /* Several guarantees say so; it is one anomaly. */
    return strcmp(c->finding.guarantee, "convergence") != 0
               ? 0
               : trial_anomaly_add(c->court, "unlearnable-delete", tombstone, c->actor, 1,
                                   record->gone_event);
}
