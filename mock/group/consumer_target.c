/* Who should own what: see consumer_private.h. Kafka: TargetAssignmentBuilder, and ModernGroup for
 * what members subscribe to. */
#include <assert.h>
#include <stdlib.h>

#include "base/limits.h"
#include "mock/group/consumer_private.h"

bool mock_consumer_subscribes(const struct mock_consumer_group *group,
                              const struct mock_consumer_member *member, const char *topic) {
    if (mock_name_set_has(&member->names, topic)) {
        return true;
    }
    const struct mock_regex *regex =
        member->regex[0] ? mock_regex_find(group, member->regex) : NULL;
    return regex && mock_name_set_has(&regex->topics, topic);
}

/* -- the topics that the group subscribes to -- */

struct subscribed {
    const struct mock_consumer_group *group;
    struct base_arena *arena;
    struct mock_assign_topic *topics;
    size_t count;
    size_t cap;
    uint64_t hash;
};

static uint64_t mix(uint64_t hash, const void *data, size_t len) {
    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ ((const uint8_t *)data)[i]) * UINT64_C(1099511628211);
    }
    return hash;
}

static bool is_subscribed(const struct mock_consumer_group *group, const char *topic) {
    for (size_t i = 0; i < group->member_count; i++) {
        if (mock_consumer_subscribes(group, group->members[i], topic)) {
            return true;
        }
    }
    return false;
}

/* The order of visits does not count, so the sum is taken. */
static void hash_topic(void *arg, const struct mock_group_topic *topic) {
    struct subscribed *s = arg;
    if (is_subscribed(s->group, topic->name)) {
        uint64_t hash = mix(UINT64_C(14695981039346656037), topic->id.bytes, 16);
        s->hash += mix(hash, &topic->partitions, sizeof(topic->partitions));
    }
}

uint64_t mock_consumer_topics_hash(const struct mock_groups *groups,
                                   const struct mock_consumer_group *group) {
    struct subscribed s = {.group = group};
    groups->host.each_topic(groups->host.arg, hash_topic, &s);
    return s.hash;
}

static bool make_room(struct subscribed *s) {
    if (s->count < s->cap) {
        return true;
    }
    size_t cap = s->cap ? 2 * s->cap : 16;
    struct mock_assign_topic *topics = base_arena_alloc_array(s->arena, cap, sizeof(*topics));
    if (!topics) {
        return false;
    }
    if (s->count) {
        memcpy(topics, s->topics, s->count * sizeof(*topics));
    }
    s->topics = topics;
    s->cap = cap;
    return true;
}

static void add_topic(void *arg, const struct mock_group_topic *topic) {
    struct subscribed *s = arg;
    const struct mock_consumer_group *group = s->group;
    if (!is_subscribed(group, topic->name) || !make_room(s)) {
        return;
    }
    struct mock_assign_topic *to = &s->topics[s->count];
    *to = (struct mock_assign_topic){.id = topic->id, .partition_count = topic->partitions};
    to->owners = base_arena_alloc_array(s->arena, (size_t)topic->partitions, sizeof(*to->owners));
    to->subscribers =
        base_arena_alloc_array(s->arena, group->member_count, sizeof(*to->subscribers));
    if (!to->owners || !to->subscribers) {
        return;
    }
    for (int32_t p = 0; p < topic->partitions; p++) {
        to->owners[p] = MOCK_NO_OWNER;
    }
    for (size_t i = 0; i < group->member_count; i++) {
        if (mock_consumer_subscribes(group, group->members[i], topic->name)) {
            to->subscribers[to->subscriber_count++] = i;
        }
    }
    s->count++;
}

static int compare_topics(const void *a, const void *b) {
    return mock_uuid_compare(&((const struct mock_assign_topic *)a)->id,
                             &((const struct mock_assign_topic *)b)->id);
}

static struct mock_assign_topic *find_topic(const struct subscribed *s,
                                            const struct mock_uuid *id) {
    const struct mock_assign_topic key = {.id = *id};
    return s->count ? bsearch(&key, s->topics, s->count, sizeof(key), compare_topics) : NULL;
}

/* -- the spec, and back -- */

static void take_old_targets(const struct mock_consumer_group *group, const struct subscribed *s) {
    for (size_t i = 0; i < group->member_count; i++) {
        const struct mock_owned_set *old = &group->members[i]->target;
        for (size_t k = 0; k < old->count; k++) {
            struct mock_assign_topic *topic = find_topic(s, &old->items[k].topic);
            if (topic && old->items[k].partition < topic->partition_count) {
                topic->owners[old->items[k].partition] = (int32_t)i;
            }
        }
    }
}

/* Kafka's SubscriptionType: by the same names, or all by one and the same pattern. */
static bool is_homogeneous(const struct mock_consumer_group *group) {
    const struct mock_consumer_member *first = group->members[0];
    bool same = true;
    for (size_t i = 0; same && i < group->member_count; i++) {
        const struct mock_consumer_member *m = group->members[i];
        same = mock_name_set_equal(&m->names, &first->names) && strcmp(m->regex, first->regex) == 0;
    }
    return same && (!first->regex[0] || first->names.count == 0);
}

static int give_targets(struct mock_consumer_group *group, const struct subscribed *s) {
    struct mock_owned_set *sets = base_alloc_array(group->member_count, sizeof(*sets));
    int rc = sets ? 0 : BASE_NO_MEMORY;
    if (sets) {
        memset(sets, 0, group->member_count * sizeof(*sets));
    }
    for (size_t t = 0; rc == 0 && t < s->count; t++) {
        for (int32_t p = 0; rc == 0 && p < s->topics[t].partition_count; p++) {
            int32_t owner = s->topics[t].owners[p];
            if (owner != MOCK_NO_OWNER) {
                rc = mock_owned_add(&sets[owner], (struct mock_owned){s->topics[t].id, p, 0});
            }
        }
    }
    for (size_t i = 0; sets && i < group->member_count; i++) {
        struct mock_owned_set *old = &group->members[i]->target;
        mock_owned_set_clean_up(rc == 0 ? old : &sets[i]);
        *old = rc == 0 ? sets[i] : *old;
    }
    base_free(sets);
    return rc;
}

/* -- which assignor -- */

const char *mock_consumer_assignor(const struct mock_groups *groups,
                                   const struct mock_consumer_group *group) {
    const char *list = groups->options.consumer_assignors;
    const char *best = mock_assignor_to_str(base_slice_of(list, strcspn(list, ",")));
    size_t most = 0;
    for (size_t i = 0; i < group->member_count; i++) {
        const char *mine = group->members[i]->assignor;
        size_t votes = 0;
        for (size_t k = 0; mine && k < group->member_count; k++) {
            const char *other = group->members[k]->assignor;
            votes += other && strcmp(mine, other) == 0;
        }
        if (votes > most) {
            best = mock_assignor_to_str(base_slice_str(mine));
            most = votes;
        }
    }
    return best;
}

static int assign(const struct mock_groups *groups, struct mock_consumer_group *group,
                  struct base_arena *arena) {
    struct subscribed s = {.group = group, .arena = arena};
    struct mock_assign_member *members =
        base_arena_alloc_array(arena, group->member_count, sizeof(*members));
    groups->host.each_topic(groups->host.arg, add_topic, &s);
    if (arena->failed) {
        return arena->failed;
    }
    for (size_t i = 0; i < group->member_count; i++) {
        members[i] =
            (struct mock_assign_member){group->members[i]->id, group->members[i]->instance_id};
    }
    if (s.count) {
        qsort(s.topics, s.count, sizeof(*s.topics), compare_topics);
    }
    take_old_targets(group, &s);
    struct mock_assign_spec spec = {members, group->member_count, s.topics, s.count,
                                    is_homogeneous(group)};
    mock_assign_fn *assignor =
        mock_assignor_find(base_slice_str(mock_consumer_assignor(groups, group)));
    assert(assignor);
    int rc = assignor(&spec, arena);
    return rc < 0 ? rc : give_targets(group, &s);
}

int mock_consumer_compute_target(const struct mock_groups *groups,
                                 struct mock_consumer_group *group, int64_t now_ms) {
    struct base_arena arena;
    base_arena_init(&arena, BASE_MAX_DECODE_BYTES);
    int rc = group->member_count ? assign(groups, group, &arena) : 0;
    base_arena_clean_up(&arena);
    if (rc == 0) {
        group->target_epoch = group->epoch;
        group->target_made_ms = now_ms;
    }
    return rc;
}
