/* The index as a whole: its life, and the finders. The parts of the build are index_*.c. */
#include "harness/check/index.h"

#include <string.h>

#include "base/limits.h"
#include "base/memory.h"

#define MAX_INDEX_BYTES ((size_t)4096 * BASE_MIB)

static void clean_up_tables(struct trial_index *ix) {
    struct trial_table *tables[] = {&ix->topic_names,    &ix->part_numbers, &ix->key_numbers,
                                    &ix->value_numbers,  &ix->intent_numbers, &ix->actor_names,
                                    &ix->group_names,    &ix->store_names,  &ix->row_numbers,
                                    &ix->views};
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        trial_table_clean_up(tables[i]);
    }
}

void trial_index_free(struct trial_index *index) {
    if (!index) {
        return;
    }
    for (size_t i = 0; i < index->part_numbers.count; i++) {
        base_free(index->parts[i].records);
    }
    for (size_t i = 0; i < index->group_names.count; i++) {
        struct trial_index_group *group = &index->groups[i];
        base_free(group->is_source);
        base_free(group->served);
        base_free(group->processed);
        base_free(group->skipped);
    }
    for (size_t i = 0; i < index->inflated_count; i++) {
        base_free(index->inflated[i]);
    }
    clean_up_tables(index);
    base_free(index->inflated);
    base_free(index->topics);
    base_free(index->parts);
    base_free(index->records);
    base_free(index->keys);
    base_free(index->value_first);
    base_free(index->value_last);
    base_free(index->intents);
    base_free(index->actors);
    base_free(index->groups);
    base_free(index->stores);
    base_free(index->rows);
    base_free(index->row_first);
    base_free(index->view_events);
    base_arena_clean_up(&index->arena);
    base_free(index);
}

int trial_index_build(const struct trial_scenario *scenario, const struct trial_history *history,
                      struct trial_index **ret_index, struct base_error *err) {
    struct trial_index *ix = base_alloc_zero(sizeof(*ix));
    if (!ix) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for the index of a history");
    }
    ix->scenario = scenario;
    ix->history = history;
    ix->budget_event = TRIAL_NONE;
    base_arena_init(&ix->arena, MAX_INDEX_BYTES);
    static int (*const parts[])(struct trial_index *, struct base_error *) = {
        trial_index_add_names, trial_index_add_intents, trial_index_add_log,
        trial_index_add_readers, trial_index_add_stores,
    };
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < sizeof(parts) / sizeof(parts[0]); i++) {
        rc = parts[i](ix, err);
    }
    if (rc) {
        trial_index_free(ix);
        return base_fail_within(err, rc, "index of the history");
    }
    *ret_index = ix;
    return 0;
}

/* -- finders -- */

uint32_t trial_index_find_topic(const struct trial_index *ix, const char *name) {
    return name ? trial_table_find(&ix->topic_names, 0, base_slice_str(name)) : TRIAL_NONE;
}

uint32_t trial_index_find_part(const struct trial_index *ix, uint32_t topic, int32_t partition) {
    return trial_index_part_at(ix, topic, partition, UINT32_MAX);
}

uint32_t trial_index_part_at(const struct trial_index *ix, uint32_t topic, int32_t partition,
                             uint32_t event) {
    uint32_t part =
        trial_table_find(&ix->part_numbers, topic, base_slice_of(&partition, sizeof(partition)));
    while (part != TRIAL_NONE && ix->parts[part].successor != TRIAL_NONE &&
           ix->parts[ix->parts[part].successor].began <= event) {
        part = ix->parts[part].successor;
    }
    return part;
}

uint32_t trial_index_find_actor(const struct trial_index *ix, const char *name) {
    return name ? trial_table_find(&ix->actor_names, 0, base_slice_str(name)) : TRIAL_NONE;
}

uint32_t trial_index_find_group(const struct trial_index *ix, const char *name) {
    return name ? trial_table_find(&ix->group_names, 0, base_slice_str(name)) : TRIAL_NONE;
}

uint32_t trial_index_find_store(const struct trial_index *ix, const char *name) {
    return name ? trial_table_find(&ix->store_names, 0, base_slice_str(name)) : TRIAL_NONE;
}

uint32_t trial_index_find_key(const struct trial_index *ix, uint32_t topic,
                              struct base_slice key) {
    return trial_table_find(&ix->key_numbers, topic, key);
}

size_t trial_index_seek(struct trial_index *ix, const struct trial_index_part *part,
                        int64_t offset) {
    size_t low = 0;
    size_t high = part->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ix->records[part->records[middle]].offset < offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

uint32_t trial_index_first_committed(const struct trial_index *ix,
                                     const struct trial_index_intent *intent, bool privileged) {
    uint32_t at = intent->first_copy[privileged ? 1 : 0];
    while (at != TRIAL_NONE && (ix->records[at].privileged != privileged ||
                                trial_index_is_cut(&ix->records[at]) ||
                                !trial_index_is_committed(&ix->records[at]))) {
        at = ix->records[at].next_copy;
    }
    return at;
}

uint32_t trial_index_record_at(struct trial_index *ix, uint32_t part, int64_t offset) {
    const struct trial_index_part *p = &ix->parts[part];
    size_t at = trial_index_seek(ix, p, offset);
    return at < p->count && ix->records[p->records[at]].offset == offset ? p->records[at]
                                                                         : TRIAL_NONE;
}

static uint64_t row_tag(uint32_t store, uint32_t topic) {
    return ((uint64_t)store << 32) | topic;
}

uint32_t trial_index_find_row(const struct trial_index *ix, uint32_t store, uint32_t topic,
                              struct base_slice key) {
    uint32_t number = trial_table_find(&ix->row_numbers, row_tag(store, topic), key);
    if (number == TRIAL_TABLE_NONE) {
        number = trial_table_find(&ix->row_numbers, row_tag(store, TRIAL_NONE), key);
    }
    return number == TRIAL_TABLE_NONE ? TRIAL_NONE : ix->row_first[number];
}

uint32_t trial_index_find_view(const struct trial_index *ix, uint64_t request, uint32_t part,
                               int64_t offset) {
    uint8_t place[12];
    memcpy(place, &part, 4);
    memcpy(place + 4, &offset, 8);
    uint32_t number = trial_table_find(&ix->views, request, base_slice_of(place, sizeof(place)));
    return number == TRIAL_TABLE_NONE ? TRIAL_NONE : ix->view_events[number];
}

bool trial_index_same_value(int type, struct base_slice a, struct base_slice b) {
    if (base_slice_equal(a, b)) {
        return true;
    }
    if (type < 0 || !a.data || !b.data) {
        return false;
    }
    struct fixture_object one = {(enum fixture_type)type, a};
    struct fixture_object two = {(enum fixture_type)type, b};
    return fixture_equal(&one, &two, true);
}

bool trial_index_walk_version(struct trial_index *ix, uint32_t key_number,
                              struct base_slice value, uint32_t from, uint32_t limit,
                              uint32_t *ret_last) {
    int type = ix->topics[ix->keys[key_number].topic].type;
    uint32_t last = TRIAL_NONE;
    for (uint32_t at = from; at != TRIAL_NONE && at < limit; at = ix->records[at].next_of_key) {
        ix->step_count++;
        const struct trial_index_record *record = &ix->records[at];
        if (!trial_index_is_cut(record) && trial_index_same_value(type, record->value, value)) {
            last = at;
            if (!ret_last) {
                break;
            }
        }
    }
    if (last != TRIAL_NONE && ret_last) {
        *ret_last = last;
    }
    return last != TRIAL_NONE;
}

bool trial_index_versions(struct trial_index *ix, uint32_t key_number, struct base_slice value,
                          uint32_t *ret_first, uint32_t *ret_last) {
    const struct trial_index_key *key = &ix->keys[key_number];
    int type = ix->topics[key->topic].type;
    uint32_t number = trial_table_find(&ix->value_numbers, key_number, value);
    if (number != TRIAL_TABLE_NONE) {
        *ret_first = ix->value_first[number];
        *ret_last = ix->value_last[number];
        return true;
    }
    /* Plain bytes that no record has are found out at once; an object may be encoded otherwise. */
    if (type < 0 || !value.data) {
        return false;
    }
    for (uint32_t at = key->first; at != TRIAL_NONE; at = ix->records[at].next_of_key) {
        ix->step_count++;
        if (trial_index_same_value(type, ix->records[at].value, value)) {
            *ret_first = at;
            return trial_index_walk_version(ix, key_number, value, at, TRIAL_NONE, ret_last);
        }
    }
    return false;
}

bool trial_index_setting_is(const struct trial_settings *settings, const char *name,
                            const char *value) {
    const struct trial_setting *setting = trial_find_setting(settings, name);
    return setting && strcmp(trial_atom_str(&setting->value), value) == 0;
}
