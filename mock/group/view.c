/* What others may see of a group: see group.h. */
#include <assert.h>

#include "mock/group/consumer_private.h"

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

static struct mock_group_view view_of(const struct mock_groups *groups,
                                      const struct mock_group *group) {
    if (group->consumer) {
        return (struct mock_group_view){
            .id = group->id,
            .type = "consumer",
            .state = mock_consumer_group_state(group->consumer),
            .generation = group->consumer->epoch,
            .protocol_type = "consumer",
            .protocol = mock_consumer_assignor(groups, group->consumer),
            .member_count = group->consumer->member_count,
        };
    }
    return (struct mock_group_view){
        .id = group->id,
        .type = "classic",
        .state = state_to_str(group->state),
        .generation = group->generation,
        .protocol_type = group->protocol_type ? group->protocol_type : "",
        .protocol = group->protocol,
        .member_count = group->member_count,
    };
}

bool mock_groups_view(const struct mock_groups *groups, const char *group_id,
                      struct mock_group_view *ret_view) {
    const struct mock_group *group = mock_group_find_str(groups, group_id);
    if (!group) {
        return false;
    }
    *ret_view = view_of(groups, group);
    return true;
}

void mock_groups_each(const struct mock_groups *groups,
                      void (*visit)(void *arg, const struct mock_group_view *view), void *arg) {
    for (const struct mock_group *group = groups->by_id; group; group = group->hh.next) {
        const struct mock_group_view view = view_of(groups, group);
        visit(arg, &view);
    }
}

static struct mock_member_view consumer_of(const struct mock_consumer_member *m) {
    return (struct mock_member_view){
        .member_id = m->id,
        .actor = m->actor,
        .incarnation = m->incarnation,
        .client_id = m->client_id,
        .host = m->host,
        .instance_id = m->instance_id,
        .metadata = base_slice_str(""),
        .assignment = m->shown ? base_slice_of(m->shown, m->shown_len) : base_slice_str(""),
    };
}

void mock_groups_member(const struct mock_groups *groups, const char *group_id, size_t index,
                        struct mock_member_view *ret_member) {
    const struct mock_group *group = mock_group_find_str(groups, group_id);
    if (group && group->consumer) {
        assert(index < group->consumer->member_count);
        *ret_member = consumer_of(group->consumer->members[index]);
        return;
    }
    assert(group && index < group->member_count);
    const struct mock_member *member = group->members[index];
    *ret_member = (struct mock_member_view){
        .member_id = member->id,
        .actor = member->actor,
        .incarnation = member->incarnation,
        .client_id = member->client_id,
        .host = member->host,
        .metadata = mock_member_metadata(group, member),
        .instance_id = member->instance_id,
        .assignment = member->assignment ? base_slice_of(member->assignment, member->assignment_len)
                                         : base_slice_str(""),
    };
}
