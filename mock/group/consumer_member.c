/* Members of the consumer protocol and what they own: see consumer_private.h. */
#include <assert.h>
#include <stdlib.h>

#include "mock/group/consumer_private.h"
#include "mock/wire/consumer_protocol.h"

#include "base/limits.h"

/* -- sets of partitions -- */

void mock_owned_set_clean_up(struct mock_owned_set *set) {
    base_free(set->items);
    *set = (struct mock_owned_set){NULL, 0, 0};
}

/* Index of the first item that is not before it. */
static size_t place_of(const struct mock_owned_set *set, const struct mock_uuid *topic,
                       int32_t partition) {
    size_t low = 0;
    size_t high = set->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct mock_owned *item = &set->items[middle];
        int order = mock_uuid_compare(&item->topic, topic);
        if (order < 0 || (order == 0 && item->partition < partition)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const struct mock_owned *mock_owned_find(const struct mock_owned_set *set,
                                         const struct mock_uuid *topic, int32_t partition) {
    size_t place = place_of(set, topic, partition);
    bool there = place < set->count && set->items[place].partition == partition &&
                 mock_uuid_compare(&set->items[place].topic, topic) == 0;
    return there ? &set->items[place] : NULL;
}

int mock_owned_add(struct mock_owned_set *set, struct mock_owned item) {
    void *items = set->items;
    if (base_grow(&items, &set->cap, set->count + 1, sizeof(*set->items))) {
        return BASE_NO_MEMORY;
    }
    set->items = items;
    size_t place = place_of(set, &item.topic, item.partition);
    memmove(&set->items[place + 1], &set->items[place], (set->count - place) * sizeof(*set->items));
    set->items[place] = item;
    set->count++;
    return 0;
}

int mock_owned_copy(const struct mock_owned_set *from, struct mock_owned_set *ret_to) {
    struct mock_owned_set copy = {NULL, 0, 0};
    void *items = NULL;
    if (base_grow(&items, &copy.cap, from->count + 1, sizeof(*copy.items))) {
        return BASE_NO_MEMORY;
    }
    copy.items = items;
    copy.count = from->count;
    if (from->count) {
        memcpy(copy.items, from->items, from->count * sizeof(*copy.items));
    }
    *ret_to = copy;
    return 0;
}

/* -- sets of names -- */

static int compare_names(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int mock_name_set_of(const struct base_slice *names, size_t count, struct mock_name_set *ret_set) {
    struct mock_name_set set = {base_alloc_array(count, sizeof(*set.items)), 0};
    if (!set.items) {
        return BASE_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        char *name = base_strndup((const char *)names[i].data, names[i].len);
        if (!name) {
            mock_name_set_clean_up(&set);
            return BASE_NO_MEMORY;
        }
        set.items[set.count++] = name;
    }
    if (set.count) {
        qsort(set.items, set.count, sizeof(*set.items), compare_names);
    }
    size_t distinct = 0;
    for (size_t i = 0; i < set.count; i++) {
        if (distinct && strcmp(set.items[distinct - 1], set.items[i]) == 0) {
            base_free(set.items[i]);
        } else {
            set.items[distinct++] = set.items[i];
        }
    }
    set.count = distinct;
    *ret_set = set;
    return 0;
}

void mock_name_set_clean_up(struct mock_name_set *set) {
    for (size_t i = 0; i < set->count; i++) {
        base_free(set->items[i]);
    }
    base_free(set->items);
    *set = (struct mock_name_set){NULL, 0};
}

bool mock_name_set_equal(const struct mock_name_set *a, const struct mock_name_set *b) {
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) {
        same = strcmp(a->items[i], b->items[i]) == 0;
    }
    return same;
}

bool mock_name_set_has(const struct mock_name_set *set, const char *name) {
    return set->count && bsearch(&name, set->items, set->count, sizeof(*set->items), compare_names);
}

/* -- members -- */

struct mock_consumer_member *mock_consumer_member_new(const struct mock_group_caller *caller,
                                                      struct base_slice id) {
    struct mock_consumer_member *member = base_alloc_zero(sizeof(*member));
    if (!member) {
        return NULL;
    }
    member->id = base_strndup((const char *)id.data, id.len);
    member->client_id = base_strdup(caller->client_id);
    member->host = base_strdup(caller->host ? caller->host : "");
    member->actor = base_strdup(caller->actor ? caller->actor : caller->client_id);
    member->incarnation = caller->incarnation;
    member->regex = base_strdup("");
    member->names.items = base_alloc_array(0, sizeof(char *));
    member->session_due_ms = MOCK_NEVER;
    member->rebalance_due_ms = MOCK_NEVER;
    member->join_due_ms = MOCK_NEVER;
    member->sync_due_ms = MOCK_NEVER;
    if (!member->id || !member->client_id || !member->host || !member->actor || !member->regex ||
        !member->names.items) {
        mock_consumer_member_free(member);
        return NULL;
    }
    return member;
}

void mock_consumer_member_free(struct mock_consumer_member *member) {
    if (!member) {
        return;
    }
    mock_protocols_clean_up(&member->protocols);
    mock_name_set_clean_up(&member->names);
    mock_owned_set_clean_up(&member->assigned);
    mock_owned_set_clean_up(&member->revoking);
    mock_owned_set_clean_up(&member->target);
    base_free(member->shown);
    base_free(member->assignor);
    base_free(member->regex);
    base_free(member->actor);
    base_free(member->host);
    base_free(member->client_id);
    base_free(member->rack_id);
    base_free(member->instance_id);
    base_free(member->id);
    base_free(member);
}

int mock_consumer_set_text(char **at, struct base_slice value) {
    if (!value.data || (*at && base_slice_equal_str(value, *at))) {
        return 0;
    }
    char *copy = base_strndup((const char *)value.data, value.len);
    if (!copy) {
        return BASE_NO_MEMORY;
    }
    base_free(*at);
    *at = copy;
    return 0;
}

int mock_consumer_set_names(struct mock_consumer_member *member, const struct base_slice *names,
                            size_t count, bool *ret_changed) {
    struct mock_name_set set;
    if (mock_name_set_of(names, count, &set)) {
        return BASE_NO_MEMORY;
    }
    *ret_changed = !mock_name_set_equal(&set, &member->names);
    mock_name_set_clean_up(&member->names);
    member->names = set;
    return 0;
}

void mock_consumer_encode_assignment(const struct mock_groups *groups,
                                     const struct mock_owned_set *set, int16_t version,
                                     struct base_builder *b) {
    struct base_arena arena;
    base_arena_init(&arena, BASE_MAX_DECODE_BYTES);
    struct mock_assignment shown = {.version = version};
    shown.topics = base_arena_alloc_array(&arena, set->count, sizeof(*shown.topics));
    for (size_t i = 0; !arena.failed && i < set->count;) {
        size_t end = i + 1;
        while (end < set->count &&
               mock_uuid_compare(&set->items[end].topic, &set->items[i].topic) == 0) {
            end++;
        }
        struct mock_group_topic topic;
        if (groups->host.topic_by_id(groups->host.arg, &set->items[i].topic, &topic)) {
            struct mock_topic_partitions *to = &shown.topics[shown.topic_count];
            to->topic = base_slice_str(base_arena_strdup(&arena, topic.name));
            to->partitions = base_arena_alloc_array(&arena, end - i, sizeof(*to->partitions));
            for (size_t k = i; to->partitions && k < end; k++) {
                to->partitions[to->partition_count++] = set->items[k].partition;
            }
            shown.topic_count++;
        }
        i = end;
    }
    if (arena.failed) {
        b->failed = b->failed ? b->failed : arena.failed;
    } else {
        mock_assignment_encode(b, &shown);
    }
    base_arena_clean_up(&arena);
}

void mock_consumer_show(const struct mock_groups *groups, struct mock_consumer_member *member) {
    struct base_builder b;
    base_builder_init(&b, BASE_MAX_DECODE_BYTES);
    base_free(member->shown);
    member->shown = NULL;
    member->shown_len = 0;
    if (member->assigned.count) {
        mock_consumer_encode_assignment(groups, &member->assigned, 0, &b);
        member->shown = b.failed ? NULL : base_builder_take(&b, &member->shown_len);
    }
    base_builder_clean_up(&b);
}

/* -- groups -- */

struct mock_consumer_group *mock_consumer_group_new(void) {
    struct mock_consumer_group *group = base_alloc_zero(sizeof(*group));
    if (group) {
        group->epoch = 1;
        group->target_epoch = 1;
    }
    return group;
}

void mock_consumer_group_free(struct mock_consumer_group *group) {
    if (!group) {
        return;
    }
    for (size_t i = 0; i < group->member_count; i++) {
        mock_consumer_member_free(group->members[i]);
    }
    for (size_t i = 0; i < group->regex_count; i++) {
        base_free(group->regexes[i].pattern);
        mock_name_set_clean_up(&group->regexes[i].topics);
    }
    base_free(group->regexes);
    base_free(group->members);
    base_free(group);
}

int mock_consumer_group_add(struct mock_consumer_group *group,
                            struct mock_consumer_member *member) {
    void *members = group->members;
    if (base_grow(&members, &group->member_cap, group->member_count + 1, sizeof(*group->members))) {
        return BASE_NO_MEMORY;
    }
    group->members = members;
    group->members[group->member_count++] = member;
    return 0;
}

void mock_consumer_begin_anew(struct mock_consumer_member *member) {
    member->epoch = 0;
    member->previous_epoch = 0;
    member->rebalance_due_ms = MOCK_NEVER;
    member->join_due_ms = MOCK_NEVER;
    member->sync_due_ms = MOCK_NEVER;
}

void mock_consumer_group_remove(struct mock_consumer_group *group,
                                struct mock_consumer_member *member) {
    size_t i = 0;
    while (i < group->member_count && group->members[i] != member) {
        i++;
    }
    assert(i < group->member_count);
    group->member_count--;
    memmove(&group->members[i], &group->members[i + 1],
            (group->member_count - i) * sizeof(*group->members));
    mock_consumer_member_free(member);
}

struct mock_consumer_member *mock_consumer_find(const struct mock_consumer_group *group,
                                                struct base_slice id) {
    for (size_t i = 0; i < group->member_count; i++) {
        if (base_slice_equal_str(id, group->members[i]->id)) {
            return group->members[i];
        }
    }
    return NULL;
}

struct mock_consumer_member *mock_consumer_find_static(const struct mock_consumer_group *group,
                                                       struct base_slice instance_id) {
    for (size_t i = 0; instance_id.data && i < group->member_count; i++) {
        if (group->members[i]->instance_id &&
            base_slice_equal_str(instance_id, group->members[i]->instance_id)) {
            return group->members[i];
        }
    }
    return NULL;
}

bool mock_consumer_is_reconciled(const struct mock_consumer_group *group,
                                 const struct mock_consumer_member *member) {
    return member->state == MOCK_CONSUMER_STABLE && member->epoch == group->target_epoch;
}
