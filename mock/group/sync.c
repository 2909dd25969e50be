/* SyncGroup and Heartbeat: see group.h. Kafka: classicGroupSyncToClassicGroup and
 * classicGroupHeartbeatToClassicGroup. */
#include "mock/group/consumer_private.h"

static bool differs(struct base_slice asked, const char *present) {
    return asked.data && present && !base_slice_equal_str(asked, present);
}

static int16_t validate(const struct mock_group *group,
                        const struct mock_sync_group_request *request) {
    int16_t error = mock_member_validate(group, request->member_id, request->group_instance_id);
    if (error) {
        return error;
    }
    if (request->generation_id != group->generation) {
        return MOCK_ERROR_ILLEGAL_GENERATION;
    }
    const char *protocol = group->protocol[0] ? group->protocol : NULL;
    if (differs(request->protocol_type, group->protocol_type) ||
        differs(request->protocol_name, protocol)) {
        return MOCK_ERROR_INCONSISTENT_GROUP_PROTOCOL;
    }
    return MOCK_ERROR_NONE;
}

static void member_has_synced(struct mock_group *group, struct mock_member *member) {
    member->pending_sync = false;
    for (size_t i = 0; i < group->member_count; i++) {
        if (group->members[i]->pending_sync) {
            return;
        }
    }
    group->sync_due_ms = MOCK_NEVER;
}

/* What the leader did not name gets nothing. */
static int take_assignments(struct mock_group *group,
                            const struct mock_sync_group_request *request) {
    for (size_t i = 0; i < group->member_count; i++) {
        struct mock_member *member = group->members[i];
        base_free(member->assignment);
        member->assignment = NULL;
        member->assignment_len = 0;
        for (size_t k = request->assignment_count; k-- > 0;) {
            const struct mock_sync_group_assignment *a = &request->assignments[k];
            if (base_slice_equal_str(a->member_id, member->id)) {
                member->assignment = base_memdup(a->assignment.data, a->assignment.len);
                member->assignment_len = a->assignment.len;
                if (!member->assignment) {
                    return BASE_NO_MEMORY;
                }
                break; /* named twice, the last one counts */
            }
        }
    }
    return 0;
}

static void leader_assigned(struct mock_groups *groups, struct mock_group *group,
                            const struct mock_sync_group_request *request, int64_t now_ms) {
    if (take_assignments(group, request)) {
        mock_propagate_assignment(groups, group, MOCK_ERROR_UNKNOWN_SERVER_ERROR, now_ms);
        mock_rebalance_prepare(groups, group, now_ms);
        return;
    }
    group->previous_state = group->state;
    group->state = MOCK_GROUP_STABLE;
    mock_propagate_assignment(groups, group, MOCK_ERROR_NONE, now_ms);
    mock_group_changed(groups, group, NULL, "stable");
}

void mock_groups_sync(struct mock_groups *groups, const struct mock_group_caller *caller,
                      int16_t version, const struct mock_sync_group_request *request,
                      int64_t now_ms) {
    (void)version;
    struct mock_sync_group_response response = mock_sync_refused(MOCK_ERROR_NONE);
    struct mock_group *group = mock_group_find(groups, request->group_id);
    if (request->group_id.len == 0) {
        response.error_code = MOCK_ERROR_INVALID_GROUP_ID;
    } else if (group && group->consumer && group->consumer->member_count) {
        mock_consumer_sync(groups, group, caller, request, now_ms);
        return;
    } else if (!group || group->state == MOCK_GROUP_EMPTY) {
        response.error_code = MOCK_ERROR_UNKNOWN_MEMBER_ID;
    } else {
        response.error_code = validate(group, request);
    }
    if (response.error_code == MOCK_ERROR_NONE && group->state == MOCK_GROUP_PREPARING_REBALANCE) {
        response.error_code = MOCK_ERROR_REBALANCE_IN_PROGRESS;
    }
    if (response.error_code) {
        groups->host.sync_answered(groups->host.arg, caller->request, &response);
        return;
    }
    struct mock_member *member = mock_member_find(group, request->member_id);
    member_has_synced(group, member);
    if (group->state == MOCK_GROUP_STABLE) {
        response = mock_sync_present(group, member);
        groups->host.sync_answered(groups->host.arg, caller->request, &response);
        mock_group_changed(groups, group, member, "synced");
        return;
    }
    member->sync = (struct mock_parked){.waiting = true, .request = caller->request};
    if (member == group->leader) {
        leader_assigned(groups, group, request, now_ms);
    }
}

int16_t mock_groups_heartbeat(struct mock_groups *groups,
                              const struct mock_heartbeat_request *request, int64_t now_ms) {
    if (request->group_id.len == 0) {
        return MOCK_ERROR_INVALID_GROUP_ID;
    }
    struct mock_group *group = mock_group_find(groups, request->group_id);
    if (!group) {
        return MOCK_ERROR_UNKNOWN_MEMBER_ID;
    }
    if (group->consumer) {
        return mock_consumer_classic_heartbeat(group, request, now_ms);
    }
    int16_t error = mock_member_validate(group, request->member_id, request->group_instance_id);
    if (error) {
        return error;
    }
    if (request->generation_id != group->generation) {
        return MOCK_ERROR_ILLEGAL_GENERATION;
    }
    mock_session_restart(mock_member_find(group, request->member_id), now_ms);
    /* While the group waits for the assignment a heartbeat is an ordinary one. */
    return group->state == MOCK_GROUP_PREPARING_REBALANCE ? MOCK_ERROR_REBALANCE_IN_PROGRESS
                                                          : MOCK_ERROR_NONE;
}
