/*
 * The search for secrets: every public sink and the privileged topics, once. What is found in an
 * object is classified by its field: Person fields are leaks, the anonymizer's own SHA-256 is
 * allowed in Person.fullname, what swh-journal's policy leaves as it is counts as exposure.
 */
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "harness/check/secrets.h"

/* About 28 bytes each; some 16 000 secrets. */
#define MAX_STATES ((size_t)16 * 1000 * 1000)

struct scan {
    struct trial_secrets *s;
    uint32_t *open;      /* by pattern: hits in the bytes not yet found within a field */
    uint32_t *found;     /* patterns with hits in the piece that is being searched */
    size_t found_count;
    size_t found_cap;
    struct trial_table exposed; /* field values in which policy left a secret */
    struct trial_table rows;    /* tag store, bytes value: by row_of */
    uint32_t *row_of;
    size_t row_cap;
    bool rows_built;
    /* the piece */
    uint32_t sink;
    uint32_t event;
    const char *where;
    int type;
    const struct fixture_field *field;
    int rc;
};

static int sink_of(struct trial_secrets *s, enum trial_place place, uint32_t number,
                   bool is_public, uint32_t *ret_sink) {
    size_t before = s->sink_numbers.count;
    int rc = trial_table_intern(&s->sink_numbers, ((uint64_t)place << 32) | number,
                                BASE_SLICE_NULL, ret_sink);
    if (rc || s->sink_numbers.count == before) {
        return rc;
    }
    rc = base_grow((void **)&s->sinks, &s->sink_cap, before + 1, sizeof(*s->sinks));
    rc = rc ? rc : base_grow((void **)&s->hits, &s->hits_cap, (before + 1) * s->name_count,
                             sizeof(*s->hits));
    if (rc == 0) {
        s->sinks[before] = (struct trial_secret_sink){place, number, is_public};
        memset(&s->hits[before * s->name_count], 0, s->name_count * sizeof(*s->hits));
    }
    return rc;
}

/* -- classification -- */

static bool is_allowed(const struct trial_secret_name *name, enum trial_form form) {
    const char *allowed = name->declared ? name->declared->allow.text : NULL;
    return allowed && ((strcmp(allowed, "sha256") == 0 &&
                        (form == TRIAL_FORM_SHA256 || form == TRIAL_FORM_SHA256_TEXT)) ||
                       (strcmp(allowed, "sha1") == 0 && form == TRIAL_FORM_SHA1) ||
                       (strcmp(allowed, "md5") == 0 && form == TRIAL_FORM_MD5));
}

static void note_hit(struct scan *scan, uint32_t pattern, uint64_t times, bool is_policy,
                     const char *field) {
    struct trial_secrets *s = scan->s;
    const struct trial_pattern *p = &s->encodings.patterns[pattern];
    uint32_t secret = s->tokens[p->token].secret;
    if (is_allowed(&s->names[secret], p->form)) {
        return;
    }
    struct trial_secret_hits *hits = &s->hits[scan->sink * s->name_count + secret];
    const struct trial_secret_sink *sink = &s->sinks[scan->sink];
    bool is_leak = !sink->is_public || !is_policy || s->names[secret].strict;
    if (is_leak ? hits->leaks == 0 : hits->leaks + hits->exposures == 0) {
        hits->event = scan->event;
        hits->how = trial_form_to_str(p->form);
        hits->leak_field = field ? field : scan->where;
    }
    if (!is_leak) {
        hits->exposures += times;
        s->policy_exposure_count += times;
        return;
    }
    hits->leaks += times;
    if (!sink->is_public && sink->place == TRIAL_PLACE_TOPIC) {
        s->names[secret].was_private = true;
    }
}

static int collect(void *arg, uint32_t pattern, size_t end) {
    struct scan *scan = arg;
    if (scan->open[pattern]++ == 0) {
        scan->rc = base_grow((void **)&scan->found, &scan->found_cap, scan->found_count + 1,
                             sizeof(*scan->found));
        if (scan->rc) {
            return scan->rc;
        }
        scan->found[scan->found_count++] = pattern;
    }
    return 0;
}

/* A hit within a field of the object. */
static int collect_in_field(void *arg, uint32_t pattern, size_t end) {
    struct scan *scan = arg;
    const struct fixture_field *field = scan->field;
    if (scan->open[pattern] == 0) {
        return 0;
    }
    scan->open[pattern]--;
    enum trial_form form = scan->s->encodings.patterns[pattern].form;
    bool is_person = strcmp(field->message, "Person") == 0;
    bool anonymizes = fixture_type_is_anonymized((enum fixture_type)scan->type);
    if (anonymizes && is_person && strcmp(field->field, "fullname") == 0 &&
        form == TRIAL_FORM_SHA256 && field->value.len == 32) {
        return 0;
    }
    bool is_policy = !anonymizes || !is_person ||
                     fixture_field_is_policy_exempt(field->message, field->field);
    if (is_policy) {
        struct base_slice own = field->value;
        uint32_t unused;
        if (trial_table_find(&scan->exposed, 0, own) == TRIAL_TABLE_NONE) {
            own = base_arena_slice(&scan->s->arena, own);
            scan->rc = scan->s->arena.failed ? scan->s->arena.failed
                                             : trial_table_intern(&scan->exposed, 0, own, &unused);
        }
    }
    note_hit(scan, pattern, 1, is_policy, is_person ? "Person" : field->field);
    return scan->rc;
}

static int visit_field(void *arg, const struct fixture_field *field) {
    struct scan *scan = arg;
    scan->field = field;
    return trial_automaton_search(&scan->s->automaton, field->value, collect_in_field, scan);
}

/* The type of the object that a key stands for, from the journal topics; -1. */
static int type_of_key(const struct trial_index *ix, struct base_slice key) {
    for (uint32_t i = 0; key.data && i < ix->topic_names.count; i++) {
        if (ix->topics[i].type >= 0 &&
            trial_index_find_key(ix, i, key) != TRIAL_TABLE_NONE) {
            return ix->topics[i].type;
        }
    }
    return -1;
}

/* Searches one piece. key: what it belongs to, if its type is to be found out; is_key: the piece
 * is itself the key of an object. */
static int piece(struct scan *scan, struct base_slice bytes, int type, struct base_slice key,
                 bool is_key, const char *where) {
    struct trial_secrets *s = scan->s;
    s->searched_bytes += bytes.len;
    s->ix->step_count++;
    scan->found_count = 0;
    scan->where = where;
    int rc = trial_automaton_search(&s->automaton, bytes, collect, scan);
    if (rc || scan->found_count == 0) {
        return rc;
    }
    bool is_public = s->sinks[scan->sink].is_public;
    scan->type = type >= 0 ? type : type_of_key(s->ix, is_key ? bytes : key);
    bool is_policy = is_key && scan->type >= 0 &&
                     !fixture_type_is_anonymized((enum fixture_type)scan->type);
    if (is_public && scan->type >= 0 && !is_key) {
        struct fixture_object object = {(enum fixture_type)scan->type, bytes};
        scan->rc = 0;
        (void)fixture_fields(&object, visit_field, scan, NULL);
        rc = scan->rc;
    } else if (is_public && scan->type < 0) {
        is_policy = trial_table_find(&scan->exposed, 0, bytes) != TRIAL_TABLE_NONE;
    }
    for (size_t i = 0; i < scan->found_count; i++) {
        if (scan->open[scan->found[i]]) {
            note_hit(scan, scan->found[i], scan->open[scan->found[i]], is_policy, NULL);
            scan->open[scan->found[i]] = 0;
        }
    }
    return rc;
}

static int record_pieces(struct scan *scan, const struct trial_index_record *record) {
    int type = trial_index_topic_of(scan->s->ix, record)->type;
    int rc = piece(scan, record->key, type, BASE_SLICE_NULL, true, "key");
    rc = rc ? rc : piece(scan, record->value, type, record->key, false, "value");
    return rc ? rc : piece(scan, record->headers, -1, BASE_SLICE_NULL, false, "header");
}

/* -- sinks -- */

static int scan_topics(struct scan *scan) {
    struct trial_index *ix = scan->s->ix;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < ix->record_count; i++) {
        const struct trial_index_record *record = &ix->records[i];
        uint32_t topic = ix->parts[record->part].topic;
        scan->event = record->event;
        rc = sink_of(scan->s, TRIAL_PLACE_TOPIC, topic, ix->topics[topic].is_public, &scan->sink);
        rc = rc ? rc : record_pieces(scan, record);
    }
    return rc;
}

static int build_rows(struct scan *scan) {
    struct trial_index *ix = scan->s->ix;
    int rc = 0;
    scan->rows_built = true;
    for (uint32_t i = 0; rc == 0 && i < ix->row_count; i++) {
        uint32_t number;
        rc = trial_table_intern(&scan->rows, ix->rows[i].store, ix->rows[i].value, &number);
        rc = rc ? rc : base_grow((void **)&scan->row_of, &scan->row_cap, scan->rows.count,
                                 sizeof(uint32_t));
        if (rc == 0) {
            scan->row_of[number] = i;
        }
    }
    return rc;
}

/* A cell that is the value of a row is judged as that row's object. */
static int scan_cell(struct scan *scan, const struct trial_event *event, uint32_t store) {
    struct trial_index *ix = scan->s->ix;
    int rc = scan->rows_built ? 0 : build_rows(scan);
    uint32_t number = trial_table_find(&scan->rows, store, event->value);
    if (rc || number != TRIAL_TABLE_NONE) {
        const struct trial_index_row *row = rc ? NULL : &ix->rows[scan->row_of[number]];
        int type = row && row->topic != TRIAL_NONE ? ix->topics[row->topic].type : -1;
        return rc ? rc : piece(scan, event->value, type, row->key, false, "cell");
    }
    bool is_key = type_of_key(ix, event->value) >= 0;
    return piece(scan, event->value, -1, BASE_SLICE_NULL, is_key, "cell");
}

static int scan_stores(struct scan *scan) {
    struct trial_index *ix = scan->s->ix;
    size_t count = trial_history_count(ix->history);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        const struct trial_event *event = trial_history_at(ix->history, i);
        bool is_row = event->fact == TRIAL_FACT_STORE_ROW;
        if (!is_row && event->fact != TRIAL_FACT_STORE_CELL) {
            continue;
        }
        uint32_t store = trial_index_find_store(ix, event->text);
        if (store == TRIAL_NONE) {
            continue;
        }
        scan->event = (uint32_t)i;
        rc = sink_of(scan->s, TRIAL_PLACE_STORE, store, ix->stores[store].is_public, &scan->sink);
        if (rc == 0 && is_row) {
            uint32_t topic = trial_index_find_topic(ix, event->topic);
            int type = topic == TRIAL_NONE ? -1 : ix->topics[topic].type;
            rc = piece(scan, event->key, type, BASE_SLICE_NULL, true, "key");
            rc = rc ? rc : piece(scan, event->value, type, event->key, false, "row");
        } else if (rc == 0) {
            rc = scan_cell(scan, event, store);
        }
    }
    return rc;
}

/* An actor's output is one text, however it was read: a secret may lie across two reads. */
static int scan_output_of(struct scan *scan, uint32_t actor, const char *stream) {
    struct trial_index *ix = scan->s->ix;
    struct base_builder text;
    base_builder_init(&text, (size_t)2 * BASE_MAX_ACTOR_OUTPUT_BYTES);
    size_t count = trial_history_count(ix->history);
    uint32_t last = TRIAL_NONE;
    for (size_t i = 0; i < count; i++) {
        const struct trial_event *event = trial_history_at(ix->history, i);
        if (event->fact == TRIAL_FACT_OUTPUT && event->text && strcmp(event->text, stream) == 0 &&
            trial_index_find_actor(ix, event->actor) == actor) {
            base_put_slice(&text, event->value);
            last = (uint32_t)i;
        }
    }
    int rc = text.failed;
    if (rc == 0 && last != TRIAL_NONE) {
        scan->event = last;
        rc = sink_of(scan->s, TRIAL_PLACE_OUTPUT, actor, true, &scan->sink);
        rc = rc ? rc : piece(scan, base_builder_slice(&text), -1, BASE_SLICE_NULL, false, stream);
    }
    base_builder_clean_up(&text);
    return rc;
}

static int scan_outputs(struct scan *scan) {
    int rc = 0;
    for (uint32_t i = 0; rc == 0 && i < scan->s->ix->actor_names.count; i++) {
        rc = scan_output_of(scan, i, "stdout");
        rc = rc ? rc : scan_output_of(scan, i, "stderr");
    }
    return rc;
}

/* Records of a private topic that were served to a client that may not read it. */
static int scan_serve(struct scan *scan, uint32_t at, uint32_t actor, uint8_t *seen) {
    struct trial_index *ix = scan->s->ix;
    const struct trial_event *event = trial_index_event(ix, at);
    uint32_t topic = trial_index_find_topic(ix, event->topic);
    uint32_t part =
        topic == TRIAL_NONE || ix->topics[topic].is_public || ix->actors[actor].privileged
            ? TRIAL_NONE
            : trial_index_part_at(ix, topic, event->partition, at);
    if (part == TRIAL_NONE || !event->batch) {
        return 0;
    }
    const struct trial_index_part *p = &ix->parts[part];
    int rc = sink_of(scan->s, TRIAL_PLACE_WIRE, actor, true, &scan->sink);
    for (size_t i = trial_index_seek(ix, p, event->batch->base_offset);
         rc == 0 && i < p->count && ix->records[p->records[i]].offset <= event->batch->last_offset;
         i++) {
        if (!seen[p->records[i]]) {
            seen[p->records[i]] = 1;
            rc = record_pieces(scan, &ix->records[p->records[i]]);
        }
    }
    return rc;
}

static int scan_wire(struct scan *scan) {
    struct trial_index *ix = scan->s->ix;
    struct trial_table texts; /* history strings are interned: by address */
    trial_table_init(&texts);
    uint8_t *seen = base_alloc_zero(ix->record_count + 1);
    size_t count = trial_history_count(ix->history);
    int rc = seen ? 0 : BASE_NO_MEMORY;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        const struct trial_event *event = trial_history_at(ix->history, i);
        uint32_t actor = trial_index_find_actor(ix, event->actor);
        if (actor == TRIAL_NONE) {
            continue;
        }
        scan->event = (uint32_t)i;
        if (event->fact == TRIAL_FACT_SERVE) {
            rc = scan_serve(scan, (uint32_t)i, actor, seen);
        }
        const char *names[2] = {event->member, event->group};
        for (int k = 0; rc == 0 && k < 2; k++) {
            size_t before = texts.count;
            uint32_t unused;
            rc = !names[k] ? 0 : trial_table_intern(&texts, (uint64_t)(uintptr_t)names[k],
                                                    BASE_SLICE_NULL, &unused);
            if (rc == 0 && texts.count > before) {
                rc = sink_of(scan->s, TRIAL_PLACE_WIRE, actor, true, &scan->sink);
                rc = rc ? rc : piece(scan, base_slice_str(names[k]), -1, BASE_SLICE_NULL, false,
                                     k ? "group" : "member id");
            }
        }
    }
    base_free(seen);
    trial_table_clean_up(&texts);
    return rc;
}

int trial_secrets_scan(struct trial_secrets *s, struct base_error *err) {
    if (s->encodings.count == 0) {
        return 0;
    }
    int rc = trial_automaton_init(&s->automaton, s->encodings.bytes, s->encodings.count,
                                  MAX_STATES, err);
    if (rc == BASE_LIMIT) {
        s->too_large = true;
        return 0;
    }
    struct scan scan = {.s = s};
    trial_table_init(&scan.exposed);
    trial_table_init(&scan.rows);
    scan.open = rc ? NULL : base_alloc_array(s->encodings.count, sizeof(*scan.open));
    if (scan.open) {
        memset(scan.open, 0, s->encodings.count * sizeof(*scan.open));
    } else {
        rc = rc ? rc : BASE_NO_MEMORY;
    }
    rc = rc ? rc : scan_topics(&scan);
    rc = rc ? rc : scan_stores(&scan);
    rc = rc ? rc : scan_outputs(&scan);
    rc = rc ? rc : scan_wire(&scan);
    trial_table_clean_up(&scan.exposed);
    trial_table_clean_up(&scan.rows);
    base_free(scan.row_of);
    base_free(scan.open);
    base_free(scan.found);
    return rc ? base_fail(err, rc, "search for secrets: %s", base_code_to_str(rc)) : 0;
}
