/* Expectations of the state at the end: logs and stores. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "harness/check/expect.h"

#define QUOTE_BYTES 64

/* Quotes bytes into a small room, for a reason. */
static const char *quote(struct trial_expect_case *c, struct base_slice bytes) {
    struct base_builder text;
    base_builder_init(&text, 4096);
    bytes.len = bytes.len > QUOTE_BYTES ? QUOTE_BYTES : bytes.len;
    base_put_quoted(&text, bytes);
    struct base_slice done = base_builder_slice(&text);
    const char *own = base_arena_strndup(&c->ix->arena, (const char *)done.data, done.len);
    base_builder_clean_up(&text);
    return own ? own : "?";
}

static struct base_slice value_of(const struct trial_value *value) {
    return value->kind == TRIAL_VALUE_NULL ? BASE_SLICE_NULL : value->atom.text;
}

/* -- log -- */

static void compare_line(struct trial_expect_case *c, uint32_t part,
                         const struct trial_log_line *line) {
    struct trial_index *ix = c->ix;
    int64_t offset = line->offset.number;
    uint32_t number = part == TRIAL_NONE ? TRIAL_NONE : trial_index_record_at(ix, part, offset);
    if (number == TRIAL_NONE) {
        trial_expect_set(c, TRIAL_FAIL, "there is no record at offset %" PRId64, offset);
        return;
    }
    const struct trial_index_record *record = &ix->records[number];
    if (record->gone != TRIAL_GONE_NOT) {
        trial_expect_set(c, TRIAL_FAIL, "the record at offset %" PRId64 " was removed", offset);
        return;
    }
    if (!base_slice_equal(record->key, trial_atom_bytes(&line->key)) ||
        !base_slice_equal(record->value, value_of(&line->value))) {
        trial_expect_set(c, TRIAL_FAIL, "offset %" PRId64 " holds %s = %s", offset,
                         quote(c, record->key), quote(c, record->value));
    }
}

int trial_expect_log(struct trial_expect_case *c, struct base_error *err) {
    const struct trial_expect *e = c->expect;
    uint32_t topic = trial_expect_topic(c, &e->part);
    if (topic == TRIAL_NONE) {
        return 0;
    }
    int32_t partition = e->part.partition.kind ? (int32_t)e->part.partition.number : 0;
    uint32_t part = trial_index_find_part(c->ix, topic, partition);
    for (size_t i = 0; i < e->line_count; i++) {
        compare_line(c, part, &e->lines[i]);
    }
    const struct trial_index_part *p = part == TRIAL_NONE ? NULL : &c->ix->parts[part];
    for (size_t i = 0; e->whole && p && i < p->count; i++) {
        const struct trial_index_record *record = &c->ix->records[p->records[i]];
        bool listed = record->gone != TRIAL_GONE_NOT;
        for (size_t k = 0; !listed && k < e->line_count; k++) {
            /* Lines are mostly in order. */
            size_t at = (i + k) % e->line_count;
            listed = e->lines[at].offset.number == record->offset;
        }
        if (!listed) {
            return trial_expect_set(c, TRIAL_FAIL, "offset %" PRId64 " holds %s = %s too",
                                    record->offset, quote(c, record->key),
                                    quote(c, record->value));
        }
    }
    return 0;
}

/* -- store -- */

/* The store of the expectation, read at the end; TRIAL_NONE and the verdict set if not. */
static uint32_t find_store(struct trial_expect_case *c) {
    const char *name = c->expect->of.text;
    uint32_t store = trial_index_find_store(c->ix, name);
    if (store == TRIAL_NONE) {
        trial_expect_set(c, TRIAL_ERROR, "there is no store '%s'", name);
        return TRIAL_NONE;
    }
    const struct trial_index_store *s = &c->ix->stores[store];
    if (s->read_event == TRIAL_NONE || s->problem) {
        trial_expect_set(c, TRIAL_UNKNOWN, "store %s could not be read: %s", name,
                         s->problem ? s->problem : "it never was");
        return TRIAL_NONE;
    }
    return store;
}

int trial_expect_store_row(struct trial_expect_case *c, struct base_error *err) {
    const struct trial_expect *e = c->expect;
    uint32_t store = find_store(c);
    const struct trial_index_row *found = NULL;
    bool equal = false;
    for (size_t i = 0; store != TRIAL_NONE && i < c->ix->row_count; i++) {
        const struct trial_index_row *row = &c->ix->rows[i];
        if (row->store == store && base_slice_equal(row->key, e->key.text)) {
            found = row;
            equal = equal || base_slice_equal(row->value, value_of(&e->value));
        }
    }
    if (store == TRIAL_NONE) {
        return 0;
    }
    if (e->kind == TRIAL_EXPECT_STORE_LACKS) {
        return found ? trial_expect_set(c, TRIAL_FAIL, "it has %s = %s", quote(c, found->key),
                                        quote(c, found->value))
                     : 0;
    }
    if (!found) {
        return trial_expect_set(c, TRIAL_FAIL, "it has no such key");
    }
    return equal ? 0 : trial_expect_set(c, TRIAL_FAIL, "it has %s = %s", quote(c, found->key),
                                        quote(c, found->value));
}

int trial_expect_store_count(struct trial_expect_case *c, struct base_error *err) {
    uint32_t store = find_store(c);
    return store == TRIAL_NONE ? 0 : trial_expect_compare(c, c->ix->stores[store].row_count);
}

/* -- store … matches -- */

/* Which topics of a target the store is filled from: where there are two copies, the one that its
 * clients read. */
static bool is_matched(const struct trial_index *ix, uint32_t store, uint32_t topic) {
    const struct trial_real_topic *real = ix->topics[topic].real;
    bool has_twin = real && real->journal && real->journal->anonymize && real->type &&
                    trial_type_is_anonymized(real->type);
    if (!has_twin) {
        return true;
    }
    for (size_t i = 0; i < ix->actor_names.count; i++) {
        const struct trial_index_actor *actor = &ix->actors[i];
        if (actor->store == store && actor->group != TRIAL_NONE &&
            ix->groups[actor->group].is_source[topic]) {
            return true;
        }
    }
    return false;
}

/* The group that fills the store from the topic; any group of the store if none says so. */
static const struct trial_index_group *filler_of(const struct trial_index *ix, uint32_t store,
                                                 uint32_t topic) {
    const struct trial_index_group *any = NULL;
    for (size_t i = 0; i < ix->actor_names.count; i++) {
        const struct trial_index_actor *actor = &ix->actors[i];
        if (actor->store == store && actor->group != TRIAL_NONE) {
            any = any && !ix->groups[actor->group].is_source[topic] ? any
                                                                    : &ix->groups[actor->group];
        }
    }
    return any;
}

static void match_keys(struct trial_expect_case *c, uint32_t store, uint32_t topic) {
    struct trial_index *ix = c->ix;
    const struct trial_index_group *group = filler_of(ix, store, topic);
    if (!group) {
        trial_expect_set(c, TRIAL_ERROR, "no client fills the store");
        return;
    }
    for (size_t i = 0; c->verdict == TRIAL_PASS && i < ix->key_numbers.count; i++) {
        const struct trial_index_key *key = &ix->keys[i];
        ix->step_count++;
        if (key->topic != topic || !key->bytes.data) {
            continue;
        }
        uint32_t last = trial_group_last(group, key);
        uint32_t row = trial_index_find_row(ix, store, topic, key->bytes);
        struct base_slice value = row == TRIAL_NONE ? BASE_SLICE_NULL : ix->rows[row].value;
        if (!trial_store_allows(ix, group, (uint32_t)i, row != TRIAL_NONE, value)) {
            trial_expect_set(c, TRIAL_FAIL, "key %s of %s %s", quote(c, key->bytes),
                             ix->topics[topic].name,
                             row == TRIAL_NONE ? "is missing"
                             : last != TRIAL_NONE && ix->records[last].value.data
                                 ? "has another value"
                                                                 : "should be deleted");
        } else if (row != TRIAL_NONE && trial_key_lesson(ix, group, (uint32_t)i, NULL) ==
                                            TRIAL_UNLEARNABLE_DELETE) {
            trial_expect_set(c, TRIAL_UNKNOWN, "key %s of %s: its delete could not be learnt",
                             quote(c, key->bytes), ix->topics[topic].name);
        }
    }
}

static void match_rows(struct trial_expect_case *c, uint32_t store, const uint32_t *topics,
                       size_t count) {
    struct trial_index *ix = c->ix;
    for (size_t i = 0; c->verdict == TRIAL_PASS && i < ix->row_count; i++) {
        const struct trial_index_row *row = &ix->rows[i];
        bool has_source = row->store != store;
        for (size_t k = 0; !has_source && k < count; k++) {
            has_source = (row->topic == TRIAL_NONE || row->topic == topics[k]) &&
                         trial_index_find_key(ix, topics[k], row->key) != TRIAL_TABLE_NONE;
        }
        if (!has_source) {
            trial_expect_set(c, TRIAL_FAIL, "row %s has no record", quote(c, row->key));
        }
    }
}

int trial_expect_store_matches(struct trial_expect_case *c, struct base_error *err) {
    struct trial_index *ix = c->ix;
    uint32_t store = find_store(c);
    struct trial_real_topics real;
    struct base_error why = BASE_ERROR_INIT;
    if (trial_resolve_topics(c->context, c->expect->matches.text, &ix->arena, &real, &why)) {
        return trial_expect_set(c, TRIAL_ERROR, "%s", why.text);
    }
    uint32_t *topics = base_arena_alloc_array(&ix->arena, real.count + 1, sizeof(*topics));
    if (!topics) {
        return base_fail(err, ix->arena.failed, "no memory for the topics of a check");
    }
    size_t count = 0;
    for (size_t i = 0; store != TRIAL_NONE && i < real.count; i++) {
        uint32_t topic = trial_index_find_topic(ix, real.items[i].name);
        if (topic != TRIAL_NONE && is_matched(ix, store, topic)) {
            topics[count++] = topic;
            match_keys(c, store, topic);
        }
    }
    if (store != TRIAL_NONE) {
        match_rows(c, store, topics, count);
    }
    return 0;
}
