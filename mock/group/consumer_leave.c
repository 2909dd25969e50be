/* Leaving a group of the consumer protocol, by oneself, in time or by death: see
 * consumer_private.h. Kafka: consumerGroupLeave, consumerGroupFenceMember and the timers of
 * GroupMetadataManager. */
#include "mock/group/consumer_private.h"

#define LEAVES_FOR_A_WHILE (-2)

/* -- what is told -- */

void mock_consumer_changed(const struct mock_groups *groups, const struct mock_group *group,
                           const struct mock_consumer_member *member, const char *what) {
    if (!groups->host.changed) {
        return;
    }
    const struct mock_group_change change = {
        .group = group->id,
        .actor = member ? member->actor : NULL,
        .incarnation = member ? member->incarnation : 0,
        .member_id = member ? member->id : NULL,
        .generation = group->consumer->epoch,
        .what = what,
    };
    groups->host.changed(groups->host.arg, &change);
}

void mock_consumer_tell_state(const struct mock_groups *groups, struct mock_group *group) {
    struct mock_consumer_group *consumer = group->consumer;
    bool is_stable = strcmp(mock_consumer_group_state(consumer), "Stable") == 0;
    if (is_stable != consumer->was_stable) {
        consumer->was_stable = is_stable;
        mock_consumer_changed(groups, group, NULL,
                              is_stable                ? "stable"
                              : consumer->member_count ? "rebalancing"
                                                       : "empty");
    }
}

/* -- going -- */

void mock_consumer_fence(struct mock_groups *groups, struct mock_group *group, const char *what,
                         int64_t now_ms) {
    struct mock_consumer_group *consumer = group->consumer;
    for (size_t i = 0; i < consumer->member_count; i++) {
        if (consumer->members[i]->leaves) {
            mock_consumer_changed(groups, group, consumer->members[i], what);
        }
    }
    if (mock_downgrade_is_due(groups, consumer) && mock_downgrade(groups, group, now_ms)) {
        mock_rebalance_prepare(groups, group, now_ms);
        return;
    }
    for (size_t i = consumer->member_count; i-- > 0;) {
        if (consumer->members[i]->leaves) {
            mock_consumer_group_remove(consumer, consumer->members[i]);
        }
    }
    consumer->epoch++;
    consumer->topics_hash = mock_consumer_topics_hash(groups, consumer);
    if (consumer->member_count == 0) {
        consumer->target_epoch = consumer->epoch; /* nobody should have anything */
        consumer->target_made_ms = 0;
    }
    mock_consumer_tell_state(groups, group);
}

static void fence_one(struct mock_groups *groups, struct mock_group *group,
                      struct mock_consumer_member *member, const char *what, int64_t now_ms) {
    member->leaves = true;
    mock_consumer_fence(groups, group, what, now_ms);
}

/* A static member that will come back: what it has stays its own, and belongs to epoch 0. */
static void leave_for_a_while(struct mock_groups *groups, struct mock_group *group,
                              struct mock_consumer_member *member) {
    member->epoch = LEAVES_FOR_A_WHILE;
    mock_owned_set_clean_up(&member->revoking);
    for (size_t i = 0; i < member->assigned.count; i++) {
        member->assigned.items[i].epoch = 0;
    }
    mock_consumer_changed(groups, group, member, "away");
    mock_consumer_tell_state(groups, group);
}

static void say(struct base_arena *arena, struct mock_consumer_group_heartbeat_response *response,
                int16_t error, const char *format, struct base_slice a, struct base_slice b,
                struct base_slice c) {
    struct base_builder text;
    base_builder_init(&text, 4096);
    base_put_format(&text, format, (int)a.len, (const char *)a.data, (int)b.len,
                    (const char *)b.data, (int)c.len, (const char *)c.data);
    response->error_code = error;
    response->error_message = base_arena_slice(arena, base_builder_slice(&text));
    base_builder_clean_up(&text);
}

void mock_consumer_leave(struct mock_groups *groups, struct mock_group *group,
                         const struct mock_consumer_group_heartbeat_request *request,
                         struct base_arena *arena,
                         struct mock_consumer_group_heartbeat_response *ret_response,
                         int64_t now_ms) {
    struct mock_consumer_member *member = NULL;
    struct base_slice none = base_slice_str("");
    if (!request->instance_id.data) {
        member = mock_consumer_find(group->consumer, request->member_id);
        if (!member) {
            say(arena, ret_response, MOCK_ERROR_UNKNOWN_MEMBER_ID,
                "Member %.*s is not a member of group %.*s.%.*s", request->member_id,
                request->group_id, none);
            return;
        }
    } else {
        member = mock_consumer_find_static(group->consumer, request->instance_id);
        if (!member) {
            say(arena, ret_response, MOCK_ERROR_UNKNOWN_MEMBER_ID,
                "Instance id %.*s is unknown.%.*s%.*s", request->instance_id, none, none);
            return;
        }
        if (!base_slice_equal_str(request->member_id, member->id)) {
            say(arena, ret_response, MOCK_ERROR_FENCED_INSTANCE_ID,
                "Static member %.*s with instance id %.*s was fenced by member %.*s.",
                request->member_id, request->instance_id, base_slice_str(member->id));
            return;
        }
    }
    ret_response->member_id = request->member_id;
    ret_response->member_epoch = request->member_epoch;
    if (request->instance_id.data && request->member_epoch == LEAVES_FOR_A_WHILE) {
        leave_for_a_while(groups, group, member);
    } else {
        fence_one(groups, group, member, "left", now_ms);
    }
}

static int16_t mark_leaving(const struct mock_consumer_group *group,
                            const struct mock_leave_group_member *leaving) {
    struct mock_consumer_member *member =
        leaving->group_instance_id.data
            ? mock_consumer_find_static(group, leaving->group_instance_id)
            : mock_consumer_find(group, leaving->member_id);
    if (!member) {
        return MOCK_ERROR_UNKNOWN_MEMBER_ID;
    }
    if (leaving->group_instance_id.data && leaving->member_id.len &&
        !base_slice_equal_str(leaving->member_id, member->id)) {
        return MOCK_ERROR_FENCED_INSTANCE_ID;
    }
    member->leaves = true;
    return MOCK_ERROR_NONE;
}

void mock_consumer_leave_classic(struct mock_groups *groups, struct mock_group *group,
                                 const struct mock_leave_group_request *request,
                                 int16_t *ret_errors, size_t error_count, int64_t now_ms) {
    bool any_leaves = false;
    for (size_t i = 0; i < request->member_count; i++) {
        int16_t error = mark_leaving(group->consumer, &request->members[i]);
        any_leaves = any_leaves || error == MOCK_ERROR_NONE;
        if (i < error_count) {
            ret_errors[i] = error;
        }
    }
    if (any_leaves) {
        mock_consumer_fence(groups, group, "left", now_ms);
    }
}

/* -- time -- */

static int64_t earlier(int64_t a_ms, int64_t b_ms) {
    return a_ms < b_ms ? a_ms : b_ms;
}

/* When the member goes, whatever the epoch. */
static int64_t end_ms(const struct mock_consumer_member *member) {
    return earlier(member->session_due_ms, earlier(member->join_due_ms, member->sync_due_ms));
}

int64_t mock_consumer_next_due_ms(const struct mock_consumer_group *group) {
    int64_t first = MOCK_NEVER;
    for (size_t i = 0; i < group->member_count; i++) {
        first =
            earlier(first, earlier(end_ms(group->members[i]), group->members[i]->rebalance_due_ms));
    }
    return first;
}

void mock_consumer_tick(struct mock_groups *groups, struct mock_group *group, int64_t now_ms) {
    /* The group may become a classic one on the way. */
    for (size_t i = group->consumer->member_count; i-- > 0 && group->consumer;) {
        struct mock_consumer_member *member = group->consumer->members[i];
        bool is_late =
            member->rebalance_due_ms <= now_ms && member->epoch == member->rebalance_epoch;
        if (end_ms(member) <= now_ms || is_late) {
            fence_one(groups, group, member, "expired", now_ms);
        } else if (member->rebalance_due_ms <= now_ms) {
            member->rebalance_due_ms = MOCK_NEVER;
        }
    }
}

void mock_consumer_actor_died(struct mock_groups *groups, struct mock_group *group,
                              const char *actor, uint32_t incarnation, int64_t now_ms) {
    bool any_leaves = false;
    for (size_t i = 0; i < group->consumer->member_count; i++) {
        struct mock_consumer_member *member = group->consumer->members[i];
        member->leaves = member->incarnation == incarnation && strcmp(member->actor, actor) == 0;
        any_leaves = any_leaves || member->leaves;
    }
    if (any_leaves) {
        mock_consumer_fence(groups, group, "expired", now_ms);
    }
}

void mock_consumer_rebalance(struct mock_groups *groups, struct mock_group *group) {
    group->consumer->epoch++;
    mock_consumer_tell_state(groups, group);
}
