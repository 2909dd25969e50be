/*
 * commit-after-effect of a client: at no instant does an accepted commit cover a record without its
 * effect or a reported skip. The evidence is the store as it was while the commit's request waited;
 * where it cannot be read, the client's claims before the commit, marked as such.
 */
#include <string.h>

#include "base/memory.h"
#include "harness/check/copies.h"
#include "mock/wire/api.h"

/* The history replayed up to one commit. */
struct replay {
    const struct trial_index_group *group;
    const struct trial_index_store *store; /* NULL: by claim */
    int64_t *committed;  /* by part: the last accepted offset */
    int64_t *judged_to;  /* by part: the highest one */
    uint32_t *last_seen; /* by value number: the last record so far that carries it */
    uint32_t limit;      /* records below it have been appended */
    uint32_t blind;      /* the last store-blind event */
    uint64_t commits;
    uint64_t records;
    uint64_t views;
    uint64_t claims;
    struct trial_copies copies; /* of a client that copies; else all NULL */
};

static bool view_shows_effect(struct trial_index *ix, const struct replay *r, uint32_t number,
                              const struct trial_event *view) {
    const struct trial_index_record *record = &ix->records[number];
    struct base_slice value = view->flag ? view->value : BASE_SLICE_NULL;
    if (!view->flag && !record->value.data) {
        return true;
    }
    uint32_t known = trial_table_find(&ix->value_numbers, record->key_number, value);
    if (known != TRIAL_TABLE_NONE) {
        /* This record's value, or a newer record's. */
        return r->last_seen[known] != TRIAL_NONE && r->last_seen[known] >= number;
    }
    return view->flag && trial_index_topic_of(ix, record)->type >= 0 &&
           trial_index_walk_version(ix, record->key_number, value, number, r->limit, NULL);
}

static int ahead(struct trial_case *c, uint32_t number, uint32_t commit, uint32_t evidence) {
    const struct trial_index_record *record = &c->ix->records[number];
    trial_case_fail(c, "commit-ahead", commit);
    trial_case_event(c, evidence);
    trial_case_event(c, record->event);
    return trial_anomaly_add(c->court, "commit-ahead", number, c->actor, 1, commit);
}

/* A copy is an effect when it is appended, in a transaction when that has ended; offsets that are
 * committed with a transaction of their own end with it. */
static int judge_copy(struct trial_case *c, const struct replay *r, uint32_t number,
                      uint32_t commit) {
    uint32_t copy = r->copies.copy_of[number];
    if (copy == TRIAL_NONE) {
        return ahead(c, number, commit, TRIAL_NONE);
    }
    const struct trial_index_record *record = &c->ix->records[copy];
    bool is_plain = trial_index_event(c->ix, commit)->api == MOCK_API_OFFSET_COMMIT;
    uint32_t since = is_plain && record->ended_event != TRIAL_NONE ? record->ended_event
                                                                   : record->event;
    return since < commit ? 0 : ahead(c, number, commit, since);
}

static int judge_record(struct trial_case *c, struct replay *r, uint32_t number, uint32_t commit) {
    struct trial_index *ix = c->ix;
    const struct trial_index_record *record = &ix->records[number];
    const struct trial_event *event = trial_index_event(ix, commit);
    ix->step_count++;
    if (!trial_group_sees(r->group, record)) {
        return 0;
    }
    r->records++;
    /* What the log no longer held at the commit would not be served after a crash either. */
    if (r->group->skipped[number] < commit || record->gone_event < commit) {
        return 0;
    }
    if (r->copies.copy_of) {
        return judge_copy(c, r, number, commit);
    }
    if (!r->store || !record->key.data) {
        r->claims++;
        if (r->group->processed[number] < commit) {
            return 0;
        }
        if (r->group->claim_count == 0) {
            trial_case_unknown(c, "no-word", commit);
            return 0;
        }
        return ahead(c, number, commit, r->group->processed[number]);
    }
    uint32_t view = trial_index_find_view(ix, event->request, record->part, record->offset);
    if (view == TRIAL_NONE) {
        if (record->offset >= r->judged_to[record->part]) {
            trial_case_unknown(c, r->blind != TRIAL_NONE ? "store-unreadable" : "no-store-view",
                               r->blind != TRIAL_NONE ? r->blind : commit);
        }
        return 0;
    }
    r->views++;
    return view_shows_effect(ix, r, number, trial_index_event(ix, view))
               ? 0 : ahead(c, number, commit, view);
}

static int judge_commit(struct trial_case *c, struct replay *r, uint32_t at) {
    struct trial_index *ix = c->ix;
    const struct trial_event *event = trial_index_event(ix, at);
    uint32_t topic = trial_index_find_topic(ix, event->topic);
    uint32_t part =
        topic == TRIAL_NONE ? TRIAL_NONE : trial_index_part_at(ix, topic, event->partition, at);
    if (part == TRIAL_NONE) {
        return 0;
    }
    const struct trial_index_part *p = &ix->parts[part];
    int64_t from = r->committed[part];
    if (from < 0) {
        from = r->group->latest ? event->offset : 0;
    }
    bool is_ours = event->actor && strcmp(event->actor, ix->actors[c->actor].name) == 0;
    int rc = 0;
    r->commits += is_ours;
    for (size_t i = trial_index_seek(ix, p, from); is_ours && rc == 0 && i < p->count; i++) {
        uint32_t number = p->records[i];
        if (ix->records[number].offset >= event->offset || number >= r->limit) {
            break;
        }
        rc = judge_record(c, r, number, at);
    }
    r->committed[part] = event->offset;
    r->judged_to[part] = event->offset > r->judged_to[part] ? event->offset : r->judged_to[part];
    return rc;
}

/* What a group that starts at the end has not asked for is not its business. */
static void note_start(struct trial_case *c, struct replay *r, uint32_t at) {
    const struct trial_index *ix = c->ix;
    const struct trial_event *event = trial_index_event(ix, at);
    uint32_t actor = trial_index_find_actor(ix, event->actor);
    uint32_t topic = trial_index_find_topic(ix, event->topic);
    if (!r->group->latest || actor == TRIAL_NONE || topic == TRIAL_NONE ||
        ix->actors[actor].group != ix->actors[c->actor].group) {
        return;
    }
    uint32_t part = trial_index_part_at(ix, topic, event->partition, at);
    if (part != TRIAL_NONE && r->committed[part] < 0) {
        r->committed[part] = event->offset;
    }
}

static int run(struct trial_case *c, struct replay *r) {
    struct trial_index *ix = c->ix;
    size_t count = trial_history_count(ix->history);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        const struct trial_event *event = trial_history_at(ix->history, i);
        ix->step_count++;
        switch (event->fact) {
        case TRIAL_FACT_APPEND:
            for (; r->limit < ix->record_count && ix->records[r->limit].event <= i; r->limit++) {
                r->last_seen[ix->records[r->limit].value_number] = r->limit;
            }
            break;
        case TRIAL_FACT_SERVE:
            note_start(c, r, (uint32_t)i);
            break;
        case TRIAL_FACT_STORE_BLIND:
            if (r->store && event->text && strcmp(event->text, r->store->name) == 0) {
                r->blind = (uint32_t)i;
            }
            break;
        case TRIAL_FACT_COMMITTED:
            if (event->error == 0 && event->group && strcmp(event->group, r->group->name) == 0) {
                rc = judge_commit(c, r, (uint32_t)i);
            }
            break;
        default:
            break;
        }
    }
    return rc;
}

int trial_judge_commit_after_effect(struct trial_case *c, struct base_error *err) {
    struct trial_index *ix = c->ix;
    struct replay r = {.group = trial_case_group(c), .store = trial_case_store(c, NULL),
                       .blind = TRIAL_NONE};
    size_t parts = ix->part_numbers.count + 1;
    size_t values = ix->value_numbers.count + 1;
    r.committed = base_alloc_array(parts, sizeof(int64_t));
    r.judged_to = base_alloc_array(parts, sizeof(int64_t));
    r.last_seen = base_alloc_array(values, sizeof(uint32_t));
    int rc = r.committed && r.judged_to && r.last_seen ? 0 : BASE_NO_MEMORY;
    if (rc == 0 && trial_copies_target(ix, c->actor) != TRIAL_NONE) {
        rc = trial_copies_find(c, &r.copies);
    }
    if (rc == 0) {
        memset(r.committed, 0xff, parts * sizeof(int64_t));
        memset(r.judged_to, 0, parts * sizeof(int64_t));
        memset(r.last_seen, 0xff, values * sizeof(uint32_t));
        rc = run(c, &r);
    }
    base_free(r.committed);
    base_free(r.judged_to);
    base_free(r.last_seen);
    trial_copies_clean_up(&r.copies);
    c->exercised = r.records > 0;
    trial_case_count(c, "commits", r.commits);
    trial_case_count(c, "records covered", r.records);
    trial_case_count(c, "store views", r.views);
    if (r.claims) {
        trial_case_count(c, "by claim", r.claims);
    }
    return rc ? base_fail(err, rc, "commit-after-effect: %s", base_code_to_str(rc)) : 0;
}
