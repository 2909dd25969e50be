/* LeaveGroup: see group.h. Kafka: classicGroupLeaveToClassicGroup. */
#include "mock/group/consumer_private.h"

/* A member that leaves while it waits is told so, and may join anew. */
static void remove_member(struct mock_groups *groups, struct mock_group *group,
                          struct mock_member *member) {
    const struct mock_join_group_response join =
        mock_join_refused(BASE_SLICE_NULL, MOCK_ERROR_UNKNOWN_MEMBER_ID);
    const struct mock_sync_group_response sync = mock_sync_refused(MOCK_ERROR_UNKNOWN_MEMBER_ID);
    mock_answer_join(groups, member, &join);
    mock_answer_sync(groups, member, &sync);
    mock_group_changed(groups, group, member, "left");
    mock_group_remove(group, member);
}

static int16_t leave_one(struct mock_groups *groups, struct mock_group *group,
                         const struct mock_leave_group_member *leaving) {
    if (leaving->member_id.len == 0) {
        /* An administrator names the instance alone. */
        struct mock_member *member =
            leaving->group_instance_id.data
                ? mock_member_find_static(group, leaving->group_instance_id)
                : NULL;
        if (!member) {
            return MOCK_ERROR_UNKNOWN_MEMBER_ID;
        }
        remove_member(groups, group, member);
        return MOCK_ERROR_NONE;
    }
    struct mock_pending_member *pending = mock_pending_find(group, leaving->member_id);
    if (pending) {
        mock_pending_remove(group, pending);
        return MOCK_ERROR_NONE;
    }
    int16_t error = mock_member_validate(group, leaving->member_id, leaving->group_instance_id);
    if (error == MOCK_ERROR_NONE) {
        remove_member(groups, group, mock_member_find(group, leaving->member_id));
    }
    return error;
}

int16_t mock_groups_leave(struct mock_groups *groups,
                          const struct mock_leave_group_request *request, int16_t *ret_errors,
                          size_t error_count, int64_t now_ms) {
    if (request->group_id.len == 0) {
        return MOCK_ERROR_INVALID_GROUP_ID;
    }
    struct mock_group *group = mock_group_find(groups, request->group_id);
    bool any_left = false;
    if (group && group->consumer) {
        mock_consumer_leave_classic(groups, group, request, ret_errors, error_count, now_ms);
        return MOCK_ERROR_NONE;
    }
    for (size_t i = 0; i < request->member_count; i++) {
        int16_t error =
            group ? leave_one(groups, group, &request->members[i]) : MOCK_ERROR_UNKNOWN_MEMBER_ID;
        any_left = any_left || error == MOCK_ERROR_NONE;
        if (i < error_count) {
            ret_errors[i] = error;
        }
    }
    if (any_left && group->state == MOCK_GROUP_PREPARING_REBALANCE) {
        mock_rebalance_maybe_complete(groups, group, now_ms);
    } else if (any_left && group->state != MOCK_GROUP_EMPTY) {
        mock_rebalance_prepare(groups, group, now_ms);
    }
    return MOCK_ERROR_NONE;
}
