/* What others may see of a group: see group.h. */
#include <assert.h>

#include "mock/group/group_private.h"

static const char *state_to_str(enum mock_group_state state) {
    switch (state) {
    case MOCK_GROUP_EMPTY:
        return "Empty";
    case MOCK_GROUP_PREPARING_REBALANCE:
        return "PreparingRebalance";
    case MOCK_GROUP_COMPLETING_REBALANCE:
        return "CompletingRebalance";
    case MOCK_GROUP_STABLE:
        return "Stable";
    }
    return "Dead";
}

bool mock_groups_view(const struct mock_groups *groups, const char *group_id,
                      struct mock_group_view *ret_view) {
    const struct mock_group *group = mock_group_find_str(groups, group_id);
    if (!group) {
        return false;
    }
    *ret_view = (struct mock_group_view){
        .state = state_to_str(group->state),
        .generation = group->generation,
        .protocol_type = group->protocol_type ? group->protocol_type : "",
        .protocol = group->protocol,
        .member_count = group->member_count,
    };
    return true;
}

void mock_groups_member(const struct mock_groups *groups, const char *group_id, size_t index,
                        struct mock_member_view *ret_member) {
    const struct mock_group *group = mock_group_find_str(groups, group_id);
    assert(group && index < group->member_count);
    const struct mock_member *member = group->members[index];
    *ret_member = (struct mock_member_view){
        .member_id = member->id,
        .actor = member->actor,
        .incarnation = member->incarnation,
        .client_id = member->client_id,
        .instance_id = member->instance_id,
        .assignment = member->assignment ? base_slice_of(member->assignment, member->assignment_len)
                                         : base_slice_str(""),
    };
}
