/* What others may see of a group of the consumer protocol: see group.h. Kafka:
 * ConsumerGroup.asDescribedGroup. */
#include "mock/group/consumer_private.h"

const char *mock_consumer_group_state(const struct mock_consumer_group *group) {
    if (group->member_count == 0) {
        return "Empty";
    }
    if (group->epoch > group->target_epoch) {
        return "Assigning";
    }
    for (size_t i = 0; i < group->member_count; i++) {
        if (!mock_consumer_is_reconciled(group, group->members[i])) {
            return "Reconciling";
        }
    }
    return "Stable";
}

bool mock_consumer_group_is_subscribed(const struct mock_consumer_group *group, const char *topic) {
    for (size_t i = 0; i < group->member_count; i++) {
        if (mock_consumer_subscribes(group, group->members[i], topic)) {
            return true;
        }
    }
    return false;
}

/* Sets are sorted by topic; topics that no longer exist are left out. */
static void describe_set(const struct mock_groups *groups, const struct mock_owned_set *set,
                         struct base_arena *arena, struct mock_described_assignment *ret) {
    ret->topics = base_arena_alloc_array(arena, set->count, sizeof(*ret->topics));
    for (size_t i = 0; !arena->failed && i < set->count;) {
        size_t end = i + 1;
        while (end < set->count &&
               mock_uuid_compare(&set->items[end].topic, &set->items[i].topic) == 0) {
            end++;
        }
        struct mock_group_topic topic;
        int32_t *partitions = base_arena_alloc_array(arena, end - i, sizeof(*partitions));
        if (partitions &&
            groups->host.topic_by_id(groups->host.arg, &set->items[i].topic, &topic)) {
            for (size_t k = i; k < end; k++) {
                partitions[k - i] = set->items[k].partition;
            }
            ret->topics[ret->topic_count++] = (struct mock_described_partitions){
                .topic_id = topic.id,
                .topic_name = base_slice_str(base_arena_strdup(arena, topic.name)),
                .partitions = partitions,
                .partition_count = end - i,
            };
        }
        i = end;
    }
}

/* What it still has to give back is its own until it has. */
static void describe_owned(const struct mock_groups *groups,
                           const struct mock_consumer_member *member, struct base_arena *arena,
                           struct mock_described_assignment *ret) {
    struct mock_owned_set all;
    if (mock_owned_copy(&member->assigned, &all)) {
        arena->failed = BASE_NO_MEMORY;
        return;
    }
    for (size_t i = 0; i < member->revoking.count; i++) {
        if (mock_owned_add(&all, member->revoking.items[i])) {
            arena->failed = BASE_NO_MEMORY;
        }
    }
    describe_set(groups, &all, arena, ret);
    mock_owned_set_clean_up(&all);
}

static void describe_member(const struct mock_groups *groups, const struct mock_consumer_member *m,
                            struct base_arena *arena, struct mock_described_consumer *ret) {
    *ret = (struct mock_described_consumer){
        .member_id = base_slice_str(m->id),
        .instance_id = base_slice_str(m->instance_id),
        .rack_id = base_slice_str(m->rack_id),
        .member_epoch = m->epoch,
        .client_id = base_slice_str(m->client_id),
        .client_host = base_slice_str(m->host),
        .topic_regex = base_slice_str(m->regex),
        .member_type = m->is_classic ? 0 : 1,
    };
    ret->topic_names = base_arena_alloc_array(arena, m->names.count, sizeof(*ret->topic_names));
    for (size_t i = 0; ret->topic_names && i < m->names.count; i++) {
        ret->topic_names[ret->topic_name_count++] = base_slice_str(m->names.items[i]);
    }
    describe_owned(groups, m, arena, &ret->assignment);
    describe_set(groups, &m->target, arena, &ret->target);
}

bool mock_groups_describe_consumers(const struct mock_groups *groups, struct base_slice group_id,
                                    struct base_arena *arena,
                                    struct mock_described_consumer_group *ret_group) {
    const struct mock_group *group = mock_group_find(groups, group_id);
    if (!group || !group->consumer) {
        return false;
    }
    const struct mock_consumer_group *consumer = group->consumer;
    *ret_group = (struct mock_described_consumer_group){
        .group_id = group_id,
        .state = base_slice_str(mock_consumer_group_state(consumer)),
        .group_epoch = consumer->epoch,
        .assignment_epoch = consumer->target_epoch,
        .assignor = base_slice_str(mock_consumer_assignor(groups, consumer)),
        .authorized_operations = INT32_MIN,
    };
    ret_group->members =
        base_arena_alloc_array(arena, consumer->member_count, sizeof(*ret_group->members));
    for (size_t i = 0; ret_group->members && i < consumer->member_count; i++) {
        describe_member(groups, consumer->members[i], arena, &ret_group->members[i]);
        ret_group->member_count++;
    }
    return true;
}
