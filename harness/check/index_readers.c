/* Part of the index: what was served to which group, what it claimed, and what its stores hold. */
#include <string.h>

#include "base/memory.h"
#include "harness/check/index.h"
#include "mock/wire/record.h"

static int make_room(struct trial_index *ix) {
    size_t count = ix->record_count + 1;
    for (size_t i = 0; i < ix->group_names.count; i++) {
        struct trial_index_group *group = &ix->groups[i];
        group->served = base_alloc_zero(count * sizeof(*group->served));
        group->processed = base_alloc_array(count, sizeof(uint32_t));
        group->skipped = base_alloc_array(count, sizeof(uint32_t));
        if (!group->served || !group->processed || !group->skipped) {
            return BASE_NO_MEMORY;
        }
        memset(group->processed, 0xff, count * sizeof(uint32_t));
        memset(group->skipped, 0xff, count * sizeof(uint32_t));
    }
    return 0;
}

static struct trial_index_group *group_of(struct trial_index *ix, const struct trial_event *event) {
    uint32_t actor = trial_index_find_actor(ix, event->actor);
    uint32_t group = actor == TRIAL_NONE ? TRIAL_NONE : ix->actors[actor].group;
    return group == TRIAL_NONE ? NULL : &ix->groups[group];
}

static uint32_t part_of(const struct trial_index *ix, const struct trial_event *event,
                        uint32_t at) {
    uint32_t topic = trial_index_find_topic(ix, event->topic);
    return topic == TRIAL_NONE ? TRIAL_NONE : trial_index_part_at(ix, topic, event->partition, at);
}

static void serve_record(struct trial_index *ix, struct trial_index_group *group, uint32_t record) {
    uint16_t *times = &group->served[record];
    ix->step_count++;
    group->served_count++;
    group->redelivery_count += *times > 0;
    *times = *times < UINT16_MAX ? (uint16_t)(*times + 1) : *times;
}

/* A compacted batch holds fewer records than offsets: only those that are in it were served. */
static void serve_sparse(struct trial_index *ix, struct trial_index_group *group, uint32_t part,
                         int64_t from, struct mock_record_iterator *it) {
    struct mock_record record;
    while (mock_record_iterator_next(it, &record) == 1) {
        uint32_t number = record.offset < from ? TRIAL_NONE
                                               : trial_index_record_at(ix, part, record.offset);
        if (number != TRIAL_NONE) {
            serve_record(ix, group, number);
        }
    }
}

static bool is_sparse(const struct mock_stored_batch *batch) {
    struct mock_batch_header header;
    return mock_batch_header_decode(mock_stored_batch_slice(batch), &header) == 0 &&
           header.record_count <= header.last_offset_delta;
}

/* A reader throws away what lies below the offset it asked for. */
static int add_serve(struct trial_index *ix, const struct trial_event *event, uint32_t at_event) {
    struct trial_index_group *group = group_of(ix, event);
    uint32_t part = part_of(ix, event, at_event);
    if (!group || part == TRIAL_NONE || !event->batch) {
        return 0;
    }
    const struct trial_index_part *p = &ix->parts[part];
    const struct trial_index_actor *actor =
        &ix->actors[trial_index_find_actor(ix, event->actor)];
    if (!actor->declared) {
        group->is_source[p->topic] = true;
    }
    int64_t from = event->batch->base_offset > event->offset ? event->batch->base_offset
                                                             : event->offset;
    if (p->is_cleaned && is_sparse(event->batch)) {
        struct mock_record_iterator it;
        int rc = mock_record_iterator_init(&it, mock_stored_batch_slice(event->batch));
        if (rc == 0) {
            serve_sparse(ix, group, part, from, &it);
            mock_record_iterator_clean_up(&it);
        }
        return rc;
    }
    for (size_t at = trial_index_seek(ix, p, from);
         at < p->count && ix->records[p->records[at]].offset <= event->batch->last_offset; at++) {
        serve_record(ix, group, p->records[at]);
    }
    return 0;
}

/*
 * A skip counts as reported when it can be found again. A client with a dead-letter topic has put
 * the record there before it said so: the wire knows better than its word. Collisions of hashes are
 * dropped by the journal's own policy and leave no letter.
 */
static bool has_letter(const struct trial_index *ix, const struct trial_event *claim, uint32_t at,
                       const struct trial_index_record *record) {
    uint32_t actor = trial_index_find_actor(ix, claim->actor);
    const struct trial_actor *declared = ix->actors[actor].declared;
    const struct trial_setting *setting =
        declared ? trial_find_setting(&declared->settings, "journal.dead.letter.topic") : NULL;
    if (!setting || (claim->text && strcmp(claim->text, "hash-collision") == 0)) {
        return true;
    }
    const char *name = trial_atom_str(&setting->value);
    const struct trial_topic *topic = trial_find_topic(ix->scenario, name);
    uint32_t letters = trial_index_find_topic(ix, topic ? topic->real_name : name);
    uint32_t key = letters == TRIAL_NONE ? TRIAL_NONE
                                         : trial_index_find_key(ix, letters, record->key);
    return key != TRIAL_NONE && ix->records[ix->keys[key].first].event < at;
}

static void add_claim(struct trial_index *ix, const struct trial_event *event, uint32_t at) {
    struct trial_index_group *group = group_of(ix, event);
    uint32_t part = part_of(ix, event, at);
    if (!group || part == TRIAL_NONE) {
        return;
    }
    group->claim_count++;
    uint32_t record = trial_index_record_at(ix, part, event->offset);
    if (record == TRIAL_NONE) {
        return;
    }
    if (event->fact == TRIAL_FACT_SKIPPED && !has_letter(ix, event, at, &ix->records[record])) {
        return;
    }
    uint32_t *claims = event->fact == TRIAL_FACT_PROCESSED ? group->processed : group->skipped;
    if (claims[record] == TRIAL_NONE) {
        claims[record] = at;
    }
}

int trial_index_add_readers(struct trial_index *ix, struct base_error *err) {
    int rc = make_room(ix);
    if (rc) {
        return base_fail(err, rc, "no memory for what was served");
    }
    size_t count = trial_history_count(ix->history);
    for (size_t i = 0; i < count; i++) {
        const struct trial_event *event = trial_history_at(ix->history, i);
        if (event->fact == TRIAL_FACT_SERVE) {
            rc = add_serve(ix, event, (uint32_t)i);
            if (rc) {
                return base_fail(err, rc, "the batch served at event %zu: %s", i,
                                 base_code_to_str(rc));
            }
        } else if (event->fact == TRIAL_FACT_PROCESSED || event->fact == TRIAL_FACT_SKIPPED) {
            add_claim(ix, event, (uint32_t)i);
        }
    }
    return 0;
}

/* -- stores -- */

/* A row may name its topic, or only the type of its objects. */
static uint32_t row_topic(struct trial_index *ix, uint32_t store, const char *name) {
    uint32_t topic = trial_index_find_topic(ix, name);
    for (size_t i = 0; name && topic == TRIAL_NONE && i < ix->topic_names.count; i++) {
        const struct trial_real_topic *real = ix->topics[i].real;
        bool is_source = false;
        for (size_t g = 0; g < ix->group_names.count; g++) {
            is_source = is_source || (ix->groups[g].store == store && ix->groups[g].is_source[i]);
        }
        if (is_source && real && real->type && strcmp(real->type, name) == 0) {
            topic = (uint32_t)i;
        }
    }
    return topic;
}

static int add_row(struct trial_index *ix, const struct trial_event *event, uint32_t at) {
    uint32_t store = trial_index_find_store(ix, event->text);
    if (store == TRIAL_NONE) {
        return 0;
    }
    int rc = base_grow((void **)&ix->rows, &ix->row_cap, ix->row_count + 1, sizeof(*ix->rows));
    if (rc) {
        return rc;
    }
    uint32_t number = (uint32_t)ix->row_count++;
    uint32_t topic = row_topic(ix, store, event->topic);
    ix->rows[number] = (struct trial_index_row){store, topic, at, TRIAL_NONE, event->key,
                                                event->value};
    ix->stores[store].row_count++;
    size_t before = ix->row_numbers.count;
    uint32_t entry;
    rc = trial_table_intern(&ix->row_numbers, ((uint64_t)store << 32) | topic, event->key, &entry);
    if (rc == 0 && ix->row_numbers.count > before) {
        rc = base_grow((void **)&ix->row_first, &ix->row_first_cap, before + 1, sizeof(uint32_t));
    } else if (rc == 0) {
        ix->rows[number].next = ix->row_first[entry];
    }
    if (rc == 0) {
        ix->row_first[entry] = number;
    }
    return rc;
}

static int add_view(struct trial_index *ix, const struct trial_event *event, uint32_t at) {
    uint32_t store = trial_index_find_store(ix, event->text);
    uint32_t part = part_of(ix, event, at);
    if (store == TRIAL_NONE || part == TRIAL_NONE) {
        return 0;
    }
    ix->stores[store].has_views = true;
    uint8_t *place = base_arena_alloc(&ix->arena, 12);
    if (!place) {
        return ix->arena.failed;
    }
    memcpy(place, &part, 4);
    memcpy(place + 4, &event->offset, 8);
    uint32_t number;
    int rc = trial_table_intern(&ix->views, event->request, base_slice_of(place, 12), &number);
    rc = rc ? rc : base_grow((void **)&ix->view_events, &ix->view_cap, ix->views.count,
                             sizeof(uint32_t));
    if (rc == 0) {
        ix->view_events[number] = at;
    }
    return rc;
}

int trial_index_add_stores(struct trial_index *ix, struct base_error *err) {
    size_t count = trial_history_count(ix->history);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        const struct trial_event *event = trial_history_at(ix->history, i);
        ix->step_count++;
        if (event->fact == TRIAL_FACT_STORE_ROW) {
            rc = add_row(ix, event, (uint32_t)i);
        } else if (event->fact == TRIAL_FACT_STORE_VIEW) {
            rc = add_view(ix, event, (uint32_t)i);
        } else if (event->fact == TRIAL_FACT_STORE_READ) {
            uint32_t store = trial_index_find_store(ix, event->text);
            if (store != TRIAL_NONE) {
                ix->stores[store].read_event = (uint32_t)i;
                ix->stores[store].problem = event->text2;
            }
        }
    }
    return rc ? base_fail(err, rc, "stores: %s", base_code_to_str(rc)) : 0;
}
