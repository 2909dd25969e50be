/* Part of the index: the names of a trial. Topics, actors, groups, stores, from the scenario and
 * from what the history mentions beside it. */
#include <regex.h>
#include <string.h>

#include "base/memory.h"
#include "harness/check/index.h"

static int topic_type(const struct trial_real_topic *real) {
    if (!real || !real->type || strcmp(real->journal->codec, "protobuf") != 0) {
        return -1;
    }
    return fixture_type_find(real->type);
}

int trial_index_intern_topic(struct trial_index *ix, const char *name, uint32_t *ret_topic) {
    size_t before = ix->topic_names.count;
    int rc = trial_table_intern(&ix->topic_names, 0, base_slice_str(name), ret_topic);
    if (rc == 0 && ix->topic_names.count > before) {
        rc = base_grow((void **)&ix->topics, &ix->topic_cap, before + 1, sizeof(*ix->topics));
        if (rc) {
            return rc;
        }
        const struct trial_real_topic *real = NULL;
        for (size_t i = 0; i < ix->real_topics.count; i++) {
            if (strcmp(ix->real_topics.items[i].name, name) == 0) {
                real = &ix->real_topics.items[i];
                break;
            }
        }
        ix->topics[before] = (struct trial_index_topic){
            .name = name,
            .real = real,
            .type = topic_type(real),
            .is_public = !real || real->is_public,
        };
    }
    return rc;
}

/* began: 0 for the first incarnation, by which the others are found. */
static int add_part(struct trial_index *ix, uint32_t topic, int32_t partition, uint32_t began,
                    uint32_t *ret_part) {
    struct base_builder name;
    base_builder_init(&name, 16);
    base_put_bytes(&name, &partition, sizeof(partition));
    if (began) {
        base_put_bytes(&name, &began, sizeof(began));
    }
    struct base_slice own = base_arena_slice(&ix->arena, base_builder_slice(&name));
    int rc = name.failed ? name.failed : ix->arena.failed;
    base_builder_clean_up(&name);
    rc = rc ? rc
            : base_grow((void **)&ix->parts, &ix->part_cap, ix->part_numbers.count + 1,
                        sizeof(*ix->parts));
    if (rc == 0) {
        ix->parts[ix->part_numbers.count] = (struct trial_index_part){
            .topic = topic, .partition = partition, .began = began, .successor = TRIAL_NONE};
        rc = trial_table_intern(&ix->part_numbers, topic, own, ret_part);
    }
    return rc;
}

int trial_index_intern_part(struct trial_index *ix, const char *topic, int32_t partition,
                            uint32_t *ret_part) {
    uint32_t topic_number;
    int rc = trial_index_intern_topic(ix, topic, &topic_number);
    if (rc) {
        return rc;
    }
    *ret_part = trial_index_find_part(ix, topic_number, partition);
    if (*ret_part != TRIAL_NONE) {
        return 0;
    }
    return add_part(ix, topic_number, partition, 0, ret_part);
}

int trial_index_succeed_part(struct trial_index *ix, uint32_t part, uint32_t event) {
    uint32_t successor;
    int rc = add_part(ix, ix->parts[part].topic, ix->parts[part].partition, event, &successor);
    if (rc == 0) {
        ix->parts[part].successor = successor;
    }
    return rc;
}

static int intern_group(struct trial_index *ix, const char *name, uint32_t *ret_group) {
    *ret_group = trial_index_find_group(ix, name);
    if (*ret_group != TRIAL_NONE) {
        return 0;
    }
    size_t before = ix->group_names.count;
    int rc = base_grow((void **)&ix->groups, &ix->group_cap, before + 1, sizeof(*ix->groups));
    if (rc == 0) {
        ix->groups[before] = (struct trial_index_group){.name = name, .store = TRIAL_NONE};
        rc = trial_table_intern(&ix->group_names, 0, base_slice_str(name), ret_group);
    }
    return rc;
}

static int intern_store(struct trial_index *ix, const char *name, uint32_t *ret_store) {
    *ret_store = trial_index_find_store(ix, name);
    if (*ret_store != TRIAL_NONE) {
        return 0;
    }
    size_t before = ix->store_names.count;
    int rc = base_grow((void **)&ix->stores, &ix->store_cap, before + 1, sizeof(*ix->stores));
    if (rc) {
        return rc;
    }
    const struct trial_store *declared = trial_find_store(ix->scenario, name);
    ix->stores[before] = (struct trial_index_store){
        .name = name,
        .declared = declared,
        .read_event = TRIAL_NONE,
        .is_public = declared && declared->visibility == TRIAL_PUBLIC,
    };
    return trial_table_intern(&ix->store_names, 0, base_slice_str(name), ret_store);
}

static int intern_actor(struct trial_index *ix, const char *name, uint32_t *ret_actor) {
    *ret_actor = trial_index_find_actor(ix, name);
    if (*ret_actor != TRIAL_NONE) {
        return 0;
    }
    size_t before = ix->actor_names.count;
    int rc = base_grow((void **)&ix->actors, &ix->actor_cap, before + 1, sizeof(*ix->actors));
    if (rc) {
        return rc;
    }
    ix->actors[before] = (struct trial_index_actor){
        .name = name, .role = TRIAL_WRITER, .group = TRIAL_NONE, .store = TRIAL_NONE,
        .first_event = TRIAL_NONE,
    };
    return trial_table_intern(&ix->actor_names, 0, base_slice_str(name), ret_actor);
}

static int declare_actor(struct trial_index *ix, const struct trial_actor *declared) {
    uint32_t number;
    int rc = intern_actor(ix, declared->name.text, &number);
    if (rc) {
        return rc;
    }
    struct trial_index_actor *actor = &ix->actors[number];
    actor->declared = declared;
    actor->role = declared->role;
    actor->privileged = trial_index_setting_is(&declared->settings, "journal.privileged", "true");
    if (declared->role != TRIAL_CLIENT) {
        return 0;
    }
    if (declared->store.text && (rc = intern_store(ix, declared->store.text, &actor->store))) {
        return rc;
    }
    rc = intern_group(ix, declared->group.text ? declared->group.text : declared->name.text,
                      &actor->group);
    if (rc) {
        return rc;
    }
    struct trial_index_group *group = &ix->groups[actor->group];
    group->store = group->store == TRIAL_NONE ? actor->store : group->store;
    group->is_uncommitted_too =
        group->is_uncommitted_too ||
        trial_index_setting_is(&declared->settings, "isolation.level", "read_uncommitted");
    group->latest = group->latest || trial_index_setting_is(&declared->settings, "journal.start",
                                                            "latest");
    return 0;
}

static int declare_items(struct trial_index *ix) {
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < ix->scenario->item_count; i++) {
        const struct trial_item *item = &ix->scenario->items[i];
        uint32_t unused;
        if (item->kind == TRIAL_ITEM_ACTOR) {
            rc = declare_actor(ix, &item->u.actor);
        } else if (item->kind == TRIAL_ITEM_STORE) {
            rc = intern_store(ix, item->u.store.name.text, &unused);
        }
    }
    for (size_t i = 0; rc == 0 && i < ix->real_topics.count; i++) {
        uint32_t unused;
        rc = trial_index_intern_topic(ix, ix->real_topics.items[i].name, &unused);
    }
    return rc;
}

/* What the scenario does not declare: clients of `ktrial serve`, topics made on first use. */
static int mention(struct trial_index *ix, const struct trial_event *event, uint32_t at) {
    int rc = 0;
    uint32_t number;
    if (event->fact == TRIAL_FACT_BUDGET && ix->budget_event == TRIAL_NONE) {
        ix->budget_event = at;
    }
    bool names_topic = event->fact == TRIAL_FACT_APPEND || event->fact == TRIAL_FACT_SERVE ||
                       event->fact == TRIAL_FACT_COMMITTED || event->fact == TRIAL_FACT_TOPIC ||
                       event->fact == TRIAL_FACT_MARKER;
    if (event->topic && names_topic) {
        rc = trial_index_intern_topic(ix, event->topic, &number);
    }
    if (rc || !event->actor) {
        return rc;
    }
    rc = intern_actor(ix, event->actor, &number);
    if (rc) {
        return rc;
    }
    struct trial_index_actor *actor = &ix->actors[number];
    actor->first_event = actor->first_event == TRIAL_NONE ? at : actor->first_event;
    actor->started = actor->started || event->fact == TRIAL_FACT_ACTOR_START;
    if (event->group && (!actor->declared || event->fact == TRIAL_FACT_COMMITTED)) {
        rc = intern_group(ix, event->group, &number);
        if (rc == 0 && !actor->declared) {
            actor->group = actor->group == TRIAL_NONE ? number : actor->group;
            actor->role = TRIAL_CLIENT;
        }
    }
    return rc;
}

static int add_sources(struct trial_index *ix, const struct trial_index_actor *actor,
                       const struct trial_source *source, struct base_error *err) {
    bool *is_source = ix->groups[actor->group].is_source;
    if (source->pattern) {
        regex_t pattern;
        if (regcomp(&pattern, source->pattern, REG_EXTENDED | REG_NOSUB)) {
            return base_fail(err, BASE_USAGE, "'%s' is no pattern", source->pattern);
        }
        for (size_t i = 0; i < ix->topic_names.count; i++) {
            is_source[i] = is_source[i] || regexec(&pattern, ix->topics[i].name, 0, NULL, 0) == 0;
        }
        regfree(&pattern);
        return 0;
    }
    struct trial_real_topics topics;
    int rc = trial_resolve_topics(ix->scenario, source->name.text, &ix->arena, &topics, err);
    for (size_t i = 0; rc == 0 && i < topics.count; i++) {
        const struct trial_real_topic *topic = &topics.items[i];
        bool has_twin = topic->journal && topic->journal->anonymize &&
                        trial_type_is_anonymized(topic->type);
        if (!has_twin || topic->privileged == actor->privileged) {
            is_source[trial_index_find_topic(ix, topic->name)] = true;
        }
    }
    return rc;
}

static int find_sources(struct trial_index *ix, struct base_error *err) {
    for (size_t i = 0; i < ix->group_names.count; i++) {
        ix->groups[i].is_source = base_alloc_zero(ix->topic_names.count + 1);
        if (!ix->groups[i].is_source) {
            return base_fail(err, BASE_NO_MEMORY, "no memory");
        }
    }
    for (size_t i = 0; i < ix->actor_names.count; i++) {
        const struct trial_index_actor *actor = &ix->actors[i];
        for (size_t k = 0; actor->declared && actor->role == TRIAL_CLIENT &&
                           k < actor->declared->target_count; k++) {
            int rc = add_sources(ix, actor, &actor->declared->targets[k], err);
            if (rc) {
                return rc;
            }
        }
    }
    return 0;
}

/* As mock/event.h says it of MOCK_EVENT_SERVE. */
#define READ_UNCOMMITTED 1

/* A client that does not say what it reads is known by its Fetch requests. */
static void note_isolation(struct trial_index *ix) {
    size_t count = trial_history_count(ix->history);
    for (size_t i = 0; i < count; i++) {
        const struct trial_event *event = trial_history_at(ix->history, i);
        if (event->fact != TRIAL_FACT_SERVE || event->generation != READ_UNCOMMITTED ||
            !event->actor) {
            continue;
        }
        uint32_t number = trial_index_find_actor(ix, event->actor);
        const struct trial_index_actor *actor = number == TRIAL_NONE ? NULL : &ix->actors[number];
        bool says = actor && actor->declared &&
                    trial_find_setting(&actor->declared->settings, "isolation.level");
        if (actor && actor->group != TRIAL_NONE && !says) {
            ix->groups[actor->group].is_uncommitted_too = true;
        }
    }
}

int trial_index_add_names(struct trial_index *ix, struct base_error *err) {
    int rc = trial_resolve_topics(ix->scenario, NULL, &ix->arena, &ix->real_topics, err);
    if (rc) {
        return rc;
    }
    rc = declare_items(ix);
    size_t count = trial_history_count(ix->history);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        rc = mention(ix, trial_history_at(ix->history, i), (uint32_t)i);
    }
    if (rc) {
        return base_fail(err, rc, "names: %s", base_code_to_str(rc));
    }
    note_isolation(ix);
    return find_sources(ix, err);
}
