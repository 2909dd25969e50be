/* Pairing sources and copies: see copies.h. Linear in the records. */
#include "harness/check/copies.h"

#include <string.h>

#include "base/limits.h"
#include "base/memory.h"

uint32_t trial_copies_target(const struct trial_index *ix, uint32_t actor) {
    const struct trial_actor *declared = ix->actors[actor].declared;
    const struct trial_setting *setting =
        declared ? trial_find_setting(&declared->settings, "journal.copy.topic") : NULL;
    if (!setting) {
        return TRIAL_NONE;
    }
    const char *name = trial_atom_str(&setting->value);
    const struct trial_topic *topic = trial_find_topic(ix->scenario, name);
    return trial_index_find_topic(ix, topic ? topic->real_name : name);
}

/* Sources that are alike, in order; `next` is the first without a copy. */
struct alike {
    uint32_t first;
    uint32_t last;
    uint32_t next;
};

struct pairing {
    struct trial_index *ix;
    const struct trial_index_group *group;
    uint32_t target;
    struct trial_table identities;
    struct alike *alike; /* by identity */
    size_t alike_cap;
    uint32_t *next_alike; /* by record */
    struct base_builder room;
};

static struct base_slice identity_of(struct pairing *p, const struct trial_index_record *record) {
    base_builder_reset(&p->room);
    base_put_i64(&p->room, record->key.data ? (int64_t)record->key.len : -1);
    base_put_slice(&p->room, record->key);
    base_put_bool(&p->room, record->value.data != NULL);
    base_put_slice(&p->room, record->value);
    return base_builder_slice(&p->room);
}

static int add_source(struct pairing *p, uint32_t number) {
    struct base_slice identity = identity_of(p, &p->ix->records[number]);
    uint32_t entry = trial_table_find(&p->identities, 0, identity);
    if (entry != TRIAL_TABLE_NONE) {
        p->next_alike[p->alike[entry].last] = number;
        p->alike[entry].last = number;
        return 0;
    }
    struct base_slice own = base_arena_slice(&p->ix->arena, identity);
    int rc = p->room.failed ? p->room.failed : p->ix->arena.failed;
    rc = rc ? rc : trial_table_intern(&p->identities, 0, own, &entry);
    rc = rc ? rc
            : base_grow((void **)&p->alike, &p->alike_cap, (size_t)entry + 1, sizeof(*p->alike));
    if (rc == 0) {
        p->alike[entry] = (struct alike){number, number, number};
    }
    return rc;
}

/* The next source without a copy gets this one; without such a source it is one too many. */
static void add_copy(struct pairing *p, uint32_t number, struct trial_copies *copies) {
    struct base_slice identity = identity_of(p, &p->ix->records[number]);
    uint32_t entry = trial_table_find(&p->identities, 0, identity);
    struct alike *alike = entry == TRIAL_TABLE_NONE ? NULL : &p->alike[entry];
    copies->count++;
    if (alike && alike->next != TRIAL_NONE) {
        copies->copy_of[alike->next] = number;
        alike->next = p->next_alike[alike->next];
        return;
    }
    copies->like[copies->surplus_count] = alike ? alike->first : TRIAL_NONE;
    copies->surplus[copies->surplus_count++] = number;
}

static int pair(struct pairing *p, struct trial_copies *copies) {
    int rc = 0;
    for (uint32_t i = 0; i < p->ix->record_count && rc == 0; i++) {
        const struct trial_index_record *record = &p->ix->records[i];
        p->ix->step_count++;
        if (p->group->is_source[p->ix->parts[record->part].topic] && !trial_index_is_cut(record) &&
            trial_group_sees(p->group, record)) {
            rc = add_source(p, i);
        }
    }
    for (uint32_t i = 0; i < p->ix->record_count && rc == 0; i++) {
        const struct trial_index_record *record = &p->ix->records[i];
        p->ix->step_count++;
        /* What a writer was told to write there is no copy. */
        if (p->ix->parts[record->part].topic == p->target && record->intent == TRIAL_NONE &&
            !trial_index_is_cut(record) && trial_index_is_committed(record)) {
            add_copy(p, i, copies);
        }
    }
    return rc;
}

int trial_copies_find(struct trial_case *c, struct trial_copies *ret_copies) {
    struct pairing p = {
        .ix = c->ix, .group = trial_case_group(c), .target = trial_copies_target(c->ix, c->actor)};
    size_t count = c->ix->record_count + 1;
    *ret_copies = (struct trial_copies){
        .copy_of = base_alloc_array(count, sizeof(uint32_t)),
        .surplus = base_alloc_array(count, sizeof(uint32_t)),
        .like = base_alloc_array(count, sizeof(uint32_t)),
    };
    p.next_alike = base_alloc_array(count, sizeof(uint32_t));
    trial_table_init(&p.identities);
    base_builder_init(&p.room, BASE_MAX_FRAME_BYTES);
    int rc = ret_copies->copy_of && ret_copies->surplus && ret_copies->like && p.next_alike
                 ? 0
                 : BASE_NO_MEMORY;
    if (rc == 0) {
        memset(ret_copies->copy_of, 0xff, count * sizeof(uint32_t));
        memset(p.next_alike, 0xff, count * sizeof(uint32_t));
        rc = pair(&p, ret_copies);
    }
    base_builder_clean_up(&p.room);
    trial_table_clean_up(&p.identities);
    base_free(p.alike);
    base_free(p.next_alike);
    return rc;
}

void trial_copies_clean_up(struct trial_copies *copies) {
    base_free(copies->copy_of);
    base_free(copies->surplus);
    base_free(copies->like);
    *copies = (struct trial_copies){.copy_of = NULL};
}
