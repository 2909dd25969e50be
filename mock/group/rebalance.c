/*
 * The rounds of a group: how one begins, when it completes, and what everybody is told. See the
 * drawing in group.h. Kafka: GroupMetadataManager.prepareRebalance, completeClassicGroupJoin,
 * propagateAssignment.
 */
#include <assert.h>

#include "mock/group/group_private.h"

/* -- answers -- */

void mock_answer_join(const struct mock_groups *groups, struct mock_member *member,
                      const struct mock_join_group_response *response) {
    struct mock_parked parked = member->join;
    member->join = (struct mock_parked){0};
    if (parked.waiting && !parked.gone) {
        groups->host.join_answered(groups->host.arg, parked.request, response);
    }
}

void mock_answer_sync(const struct mock_groups *groups, struct mock_member *member,
                      const struct mock_sync_group_response *response) {
    struct mock_parked parked = member->sync;
    member->sync = (struct mock_parked){0};
    if (parked.waiting && !parked.gone) {
        groups->host.sync_answered(groups->host.arg, parked.request, response);
    }
}

struct mock_join_group_response mock_join_refused(struct base_slice member_id, int16_t error) {
    return (struct mock_join_group_response){
        .error_code = error,
        .generation_id = -1,
        .protocol_type = BASE_SLICE_NULL,
        .protocol_name = BASE_SLICE_NULL,
        .leader = base_slice_str(""),
        .member_id = member_id.data ? member_id : base_slice_str(""),
    };
}

struct base_slice mock_member_metadata(const struct mock_group *group,
                                       const struct mock_member *member) {
    for (size_t i = 0; i < member->protocols.count; i++) {
        const struct mock_member_protocol *p = &member->protocols.items[i];
        if (strcmp(p->name, group->protocol) == 0) {
            return base_slice_of(p->metadata, p->metadata_len);
        }
    }
    return base_slice_str("");
}

struct mock_join_group_response
mock_join_present(struct mock_group *group, const struct mock_member *member, bool with_members) {
    struct mock_join_group_response response = {
        .generation_id = group->generation,
        .protocol_type = base_slice_str(group->protocol_type),
        .protocol_name = base_slice_str(group->protocol),
        .leader = base_slice_str(group->leader ? group->leader->id : ""),
        .member_id = base_slice_str(member->id),
    };
    if (with_members) {
        for (size_t i = 0; i < group->member_count; i++) {
            const struct mock_member *m = group->members[i];
            group->listed[i] = (struct mock_join_group_member){
                .member_id = base_slice_str(m->id),
                .group_instance_id = base_slice_str(m->instance_id),
                .metadata = mock_member_metadata(group, m),
            };
        }
        response.members = group->listed;
        response.member_count = group->member_count;
    }
    return response;
}

struct mock_sync_group_response mock_sync_refused(int16_t error) {
    return (struct mock_sync_group_response){
        .error_code = error,
        .protocol_type = BASE_SLICE_NULL,
        .protocol_name = BASE_SLICE_NULL,
        .assignment = base_slice_str(""),
    };
}

static struct base_slice assignment_of(const struct mock_member *member) {
    return member->assignment ? base_slice_of(member->assignment, member->assignment_len)
                              : base_slice_str("");
}

struct mock_sync_group_response mock_sync_present(const struct mock_group *group,
                                                  const struct mock_member *member) {
    return (struct mock_sync_group_response){
        .protocol_type = base_slice_str(group->protocol_type),
        .protocol_name = base_slice_str(group->protocol),
        .assignment = assignment_of(member),
    };
}

void mock_propagate_assignment(struct mock_groups *groups, struct mock_group *group, int16_t error,
                               int64_t now_ms) {
    for (size_t i = 0; i < group->member_count; i++) {
        struct mock_member *member = group->members[i];
        if (error) {
            base_free(member->assignment);
            member->assignment = NULL;
            member->assignment_len = 0;
        }
        if (!member->sync.waiting) {
            continue;
        }
        const struct mock_sync_group_response response =
            error ? mock_sync_refused(error) : mock_sync_present(group, member);
        mock_answer_sync(groups, member, &response);
        /* Its session was not counted while it waited. */
        mock_session_restart(member, now_ms);
        if (!error) {
            mock_group_changed(groups, group, member, "synced");
        }
    }
}

/* -- rounds -- */

bool mock_group_all_joined(const struct mock_group *group) {
    for (size_t i = 0; i < group->member_count; i++) {
        if (!group->members[i]->join.waiting) {
            return false;
        }
    }
    return group->pending_count == 0;
}

void mock_session_restart(struct mock_member *member, int64_t now_ms) {
    member->due_ms = now_ms + member->session_timeout_ms;
}

static void go_to(struct mock_group *group, enum mock_group_state state) {
    group->previous_state = group->state;
    group->state = state;
}

static int64_t rebalance_timeout_ms(const struct mock_group *group) {
    int64_t longest = 0;
    for (size_t i = 0; i < group->member_count; i++) {
        if (group->members[i]->rebalance_timeout_ms > longest) {
            longest = group->members[i]->rebalance_timeout_ms;
        }
    }
    return longest;
}

/* At least a millisecond, so that a timer that sets itself again cannot stop time. */
static int64_t round_due_ms(const struct mock_group *group, int64_t now_ms) {
    int64_t timeout = rebalance_timeout_ms(group);
    return now_ms + (timeout > 0 ? timeout : 1);
}

static void begin_initial_delay(struct mock_groups *groups, struct mock_group *group,
                                int64_t now_ms) {
    int64_t delay = groups->options.initial_rebalance_delay_ms;
    int64_t left = rebalance_timeout_ms(group) - delay;
    group->member_added = false;
    if (delay <= 0) {
        mock_rebalance_complete(groups, group, now_ms);
        return;
    }
    group->in_initial_delay = true;
    group->delay_ms = delay;
    group->delay_left_ms = left > 0 ? left : 0;
    group->join_due_ms = now_ms + delay;
}

void mock_rebalance_initial_delay_over(struct mock_groups *groups, struct mock_group *group,
                                       int64_t now_ms) {
    int64_t left = group->delay_left_ms;
    if (!group->member_added || left == 0) {
        mock_rebalance_complete(groups, group, now_ms);
        return;
    }
    int64_t configured = groups->options.initial_rebalance_delay_ms;
    group->member_added = false;
    group->delay_left_ms = left > group->delay_ms ? left - group->delay_ms : 0;
    group->delay_ms = configured < left ? configured : left;
    group->join_due_ms = now_ms + group->delay_ms;
}

void mock_rebalance_prepare(struct mock_groups *groups, struct mock_group *group, int64_t now_ms) {
    bool was_empty = group->state == MOCK_GROUP_EMPTY;
    assert(group->state != MOCK_GROUP_PREPARING_REBALANCE);
    if (group->state == MOCK_GROUP_COMPLETING_REBALANCE) {
        mock_propagate_assignment(groups, group, MOCK_ERROR_REBALANCE_IN_PROGRESS, now_ms);
    }
    for (size_t i = 0; i < group->member_count; i++) {
        group->members[i]->pending_sync = false;
    }
    group->sync_due_ms = MOCK_NEVER;
    go_to(group, MOCK_GROUP_PREPARING_REBALANCE);
    mock_group_changed(groups, group, NULL, "rebalancing");
    if (was_empty) {
        begin_initial_delay(groups, group, now_ms);
    } else if (mock_group_all_joined(group)) {
        mock_rebalance_complete(groups, group, now_ms);
    } else {
        group->join_due_ms = round_due_ms(group, now_ms);
    }
}

void mock_rebalance_maybe_complete(struct mock_groups *groups, struct mock_group *group,
                                   int64_t now_ms) {
    if (group->state == MOCK_GROUP_PREPARING_REBALANCE &&
        group->previous_state != MOCK_GROUP_EMPTY && mock_group_all_joined(group)) {
        mock_rebalance_complete(groups, group, now_ms);
    }
}

void mock_rebalance_or_complete(struct mock_groups *groups, struct mock_group *group,
                                int64_t now_ms) {
    if (group->state != MOCK_GROUP_PREPARING_REBALANCE) {
        mock_rebalance_prepare(groups, group, now_ms);
    } else {
        mock_rebalance_maybe_complete(groups, group, now_ms);
    }
}

void mock_rebalance_after_loss(struct mock_groups *groups, struct mock_group *group,
                               int64_t now_ms) {
    if (group->state == MOCK_GROUP_STABLE || group->state == MOCK_GROUP_COMPLETING_REBALANCE) {
        mock_rebalance_prepare(groups, group, now_ms);
    } else if (group->state == MOCK_GROUP_PREPARING_REBALANCE && mock_group_all_joined(group)) {
        mock_rebalance_complete(groups, group, now_ms);
    }
}

/* Static members may be away for a while: only the dynamic ones are removed. */
static void remove_absent(struct mock_groups *groups, struct mock_group *group) {
    for (size_t i = group->member_count; i-- > 0;) {
        struct mock_member *member = group->members[i];
        if (!member->join.waiting && !member->instance_id) {
            mock_group_changed(groups, group, member, "expired");
            mock_group_remove(group, member);
        }
    }
}

/* The leader stays if it has joined; else the oldest that has takes over. False: nobody has. */
static bool elect_leader(struct mock_group *group) {
    if (group->leader && group->leader->join.waiting) {
        return true;
    }
    for (size_t i = 0; i < group->member_count; i++) {
        if (group->members[i]->join.waiting) {
            group->leader = group->members[i];
            return true;
        }
    }
    return false;
}

static void begin_generation(struct mock_groups *groups, struct mock_group *group, int64_t now_ms) {
    const char *chosen = mock_group_select_protocol(group);
    size_t chosen_bytes = strlen(chosen) + 1;
    assert(chosen_bytes <= group->protocol_cap);
    memcpy(group->protocol, chosen, chosen_bytes);
    go_to(group, MOCK_GROUP_COMPLETING_REBALANCE);
    for (size_t i = 0; i < group->member_count; i++) {
        struct mock_member *member = group->members[i];
        bool was_waiting = member->join.waiting;
        const struct mock_join_group_response response =
            mock_join_present(group, member, member == group->leader);
        mock_session_restart(member, now_ms);
        member->is_new = false;
        member->pending_sync = true;
        mock_answer_join(groups, member, &response);
        if (was_waiting) {
            mock_group_changed(groups, group, member, "joined");
        }
    }
    group->sync_due_ms = round_due_ms(group, now_ms);
}

void mock_rebalance_complete(struct mock_groups *groups, struct mock_group *group, int64_t now_ms) {
    assert(group->state == MOCK_GROUP_PREPARING_REBALANCE);
    group->join_due_ms = MOCK_NEVER;
    group->in_initial_delay = false;
    remove_absent(groups, group);
    if (!elect_leader(group) && group->member_count) {
        /* Only absent static members are left: wait for one, or for their sessions to end. */
        group->join_due_ms = round_due_ms(group, now_ms);
        return;
    }
    group->generation++;
    if (group->member_count) {
        begin_generation(groups, group, now_ms);
    } else {
        group->protocol[0] = '\0';
        group->empty_since_ms = mock_groups_log_time_ms(groups);
        go_to(group, MOCK_GROUP_EMPTY);
        mock_group_changed(groups, group, NULL, "empty");
    }
}
