/*
 * What a pass did, as JSON. Lists of offsets are flat arrays of numbers; a changed batch is its
 * first and last offset, and the batch that took its place if there is one.
 */
#include "base/error.h"
#include "harness/check/history_json.h"

struct number_field {
    const char *name;
    size_t at;
};
#define NUMBER(name_) {#name_, offsetof(struct trial_clean, name_)}
static const struct number_field numbers[] = {
    NUMBER(now_ms),  NUMBER(delete_retention_ms), NUMBER(start_before),      NUMBER(start),
    NUMBER(log_end), NUMBER(first_dirty),         NUMBER(first_uncleanable), NUMBER(end),
};
static const struct number_field flags[] = {NUMBER(rolled), NUMBER(nothing_dirty), NUMBER(partial)};
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* -- writing -- */

/* All lists are of 64-bit numbers, one or two to an item. */
static json_t *list_json(const void *items, size_t count) {
    json_t *list = json_array();
    const int64_t *values = items;
    for (size_t i = 0; list && i < count; i++) {
        if (json_array_append_new(list, json_integer(values[i]))) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

static json_t *changes_json(const struct trial_clean *clean) {
    json_t *list = json_array();
    int failed = list == NULL;
    for (size_t i = 0; !failed && i < clean->change_count; i++) {
        const struct trial_clean_change *change = &clean->changes[i];
        json_t *item = json_pack("{s:I,s:I}", "base_offset", (json_int_t)change->base_offset,
                                 "last_offset", (json_int_t)change->last_offset);
        failed = item == NULL;
        if (!failed && change->after) {
            failed = json_object_set_new(item, "after", trial_batch_to_json(change->after));
        }
        if (failed) {
            json_decref(item);
        } else {
            failed = json_array_append_new(list, item);
        }
    }
    if (failed) {
        json_decref(list);
        return NULL;
    }
    return list;
}

json_t *trial_clean_to_json(const struct trial_clean *clean) {
    json_t *object = json_object();
    int failed = object == NULL;
    for (size_t i = 0; !failed && i < COUNT(numbers); i++) {
        int64_t value = *(const int64_t *)((const uint8_t *)clean + numbers[i].at);
        failed = json_object_set_new(object, numbers[i].name, json_integer(value));
    }
    for (size_t i = 0; !failed && i < COUNT(flags); i++) {
        bool value = *(const bool *)((const uint8_t *)clean + flags[i].at);
        failed = json_object_set_new(object, flags[i].name, json_boolean(value));
    }
    failed = failed || json_object_set_new(object, "removed",
                                           list_json(clean->removed, 2 * clean->removed_count));
    failed = failed ||
             json_object_set_new(object, "emptied",
                                 list_json(clean->emptied, clean->emptied_count));
    failed = failed || json_object_set_new(object, "horizons",
                                           list_json(clean->horizons, 2 * clean->horizon_count));
    failed = failed || json_object_set_new(object, "changes", changes_json(clean));
    if (failed) {
        json_decref(object);
        return NULL;
    }
    return object;
}

/* -- reading -- */

/* per: numbers to an item. */
static int read_list(const json_t *object, const char *name, size_t per, struct base_arena *arena,
                     void **ret_items, size_t *ret_count) {
    const json_t *list = json_object_get(object, name);
    size_t count = json_array_size(list);
    if (!json_is_array(list) || count % per) {
        return BASE_MALFORMED;
    }
    int64_t *values = base_arena_alloc_array(arena, count, sizeof(*values));
    for (size_t i = 0; values && i < count; i++) {
        const json_t *value = json_array_get(list, i);
        if (!json_is_integer(value)) {
            return BASE_MALFORMED;
        }
        values[i] = (int64_t)json_integer_value(value);
    }
    *ret_items = values;
    *ret_count = count / per;
    return arena->failed;
}

static int read_changes(const json_t *object, struct base_builder *room, struct base_arena *arena,
                        struct trial_clean *clean) {
    const json_t *list = json_object_get(object, "changes");
    size_t count = json_array_size(list);
    if (!json_is_array(list)) {
        return BASE_MALFORMED;
    }
    clean->changes = base_arena_alloc_array(arena, count, sizeof(*clean->changes));
    int rc = arena->failed;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        const json_t *item = json_array_get(list, i);
        const json_t *base = json_object_get(item, "base_offset");
        const json_t *last = json_object_get(item, "last_offset");
        const json_t *after = json_object_get(item, "after");
        if (!json_is_integer(base) || !json_is_integer(last)) {
            return BASE_MALFORMED;
        }
        struct trial_clean_change *change = &clean->changes[clean->change_count++];
        change->base_offset = (int64_t)json_integer_value(base);
        change->last_offset = (int64_t)json_integer_value(last);
        base_builder_reset(room);
        rc = after ? trial_batch_of_json(after, room, &change->after) : 0;
    }
    return rc;
}

int trial_clean_of_json(const json_t *object, struct base_builder *room, struct base_arena *arena,
                        struct trial_clean **ret_clean) {
    if (!json_is_object(object)) {
        return BASE_MALFORMED;
    }
    struct trial_clean *clean = base_arena_alloc(arena, sizeof(*clean));
    if (!clean) {
        return arena->failed;
    }
    *ret_clean = clean;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        const json_t *value = json_object_get(object, numbers[i].name);
        if (!json_is_integer(value)) {
            return BASE_MALFORMED;
        }
        *(int64_t *)((uint8_t *)clean + numbers[i].at) = (int64_t)json_integer_value(value);
    }
    for (size_t i = 0; i < COUNT(flags); i++) {
        const json_t *value = json_object_get(object, flags[i].name);
        if (!json_is_boolean(value)) {
            return BASE_MALFORMED;
        }
        *(bool *)((uint8_t *)clean + flags[i].at) = json_is_true(value);
    }
    int rc = read_list(object, "removed", 2, arena, (void **)&clean->removed,
                       &clean->removed_count);
    rc = rc ? rc : read_list(object, "emptied", 1, arena, (void **)&clean->emptied,
                             &clean->emptied_count);
    rc = rc ? rc : read_list(object, "horizons", 2, arena, (void **)&clean->horizons,
                             &clean->horizon_count);
    return rc ? rc : read_changes(object, room, arena, clean);
}
