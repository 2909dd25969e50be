/* JoinGroup: see group.h. Kafka: GroupMetadataManager.classicGroupJoin and what it calls. */
#include <assert.h>

#include "mock/group/consumer_private.h"

/* From this version on a new dynamic member is given its id first (KIP-394). */
#define MEMBER_ID_REQUIRED_VERSION 4
/* From this version on a leader may be told that the assignment stays. */
#define SKIP_ASSIGNMENT_VERSION 9

/* One JoinGroup on its way. */
struct joining {
    struct mock_groups *groups;
    struct mock_group *group;
    const struct mock_group_caller *caller;
    const struct mock_join_group_request *request;
    int16_t version;
    int64_t now_ms;
};

static void answer_now(const struct joining *j, const struct mock_join_group_response *response) {
    j->groups->host.join_answered(j->groups->host.arg, j->caller->request, response);
}

static void refuse(const struct joining *j, struct base_slice member_id, int16_t error) {
    const struct mock_join_group_response response = mock_join_refused(member_id, error);
    answer_now(j, &response);
}

static bool accepts_one_more(const struct joining *j) {
    const struct mock_group *group = j->group;
    const struct mock_member *member = mock_member_find(group, j->request->member_id);
    size_t count = group->member_count;
    switch (group->state) {
    case MOCK_GROUP_EMPTY:
        return true;
    case MOCK_GROUP_PREPARING_REBALANCE:
        if (member && member->join.waiting) {
            return true;
        }
        /* Who has joined counts, so that the last to rejoin an overfull group are turned away. */
        count = 0;
        for (size_t i = 0; i < group->member_count; i++) {
            count += group->members[i]->join.waiting;
        }
        return count < j->groups->options.max_members;
    case MOCK_GROUP_COMPLETING_REBALANCE:
    case MOCK_GROUP_STABLE:
        return member || count < j->groups->options.max_members;
    }
    return false;
}

static void park(const struct joining *j, struct mock_member *member) {
    member->join = (struct mock_parked){.waiting = true, .request = j->caller->request};
}

/* -- a new member -- */

static int adopt_protocol_type(struct mock_group *group, struct base_slice type) {
    if (group->member_count) {
        return 0; /* group_supports compared it */
    }
    char *copy = base_strndup((const char *)type.data, type.len);
    if (!copy) {
        return BASE_NO_MEMORY;
    }
    base_free(group->protocol_type);
    group->protocol_type = copy;
    return 0;
}

/* Takes id. */
static void add_member(const struct joining *j, char *id) {
    struct mock_group *group = j->group;
    struct mock_member *member = mock_member_new(j->caller, id, j->request);
    if (!member || mock_group_reserve(group, &member->protocols) ||
        adopt_protocol_type(group, j->request->protocol_type)) {
        mock_member_free(member);
        refuse(j, j->request->member_id, MOCK_ERROR_UNKNOWN_SERVER_ERROR);
        return;
    }
    struct mock_pending_member *pending = mock_pending_find(group, base_slice_str(member->id));
    if (pending) {
        mock_pending_remove(group, pending);
    }
    if (group->in_initial_delay) {
        group->member_added = true;
    }
    mock_group_add(group, member);
    park(j, member);
    member->is_new = true;
    member->due_ms = j->now_ms + MOCK_NEW_MEMBER_JOIN_MS;
    mock_rebalance_or_complete(j->groups, group, j->now_ms);
}

/* Takes id. */
static void require_member_id(const struct joining *j, char *id) {
    int64_t due_ms = j->now_ms + j->request->session_timeout_ms;
    if (mock_pending_add(j->group, id, j->caller, due_ms)) {
        base_free(id);
        refuse(j, BASE_SLICE_NULL, MOCK_ERROR_UNKNOWN_SERVER_ERROR);
        return;
    }
    refuse(j, base_slice_str(id), MOCK_ERROR_MEMBER_ID_REQUIRED);
}

/* -- a member that is known -- */

/* Takes over what the request says; nothing is changed when memory is out. */
static int update_member(const struct joining *j, struct mock_member *member) {
    struct mock_member_protocols protocols;
    if (mock_protocols_copy(j->request, &protocols)) {
        return BASE_NO_MEMORY;
    }
    if (mock_group_reserve(j->group, &protocols)) {
        mock_protocols_clean_up(&protocols);
        return BASE_NO_MEMORY;
    }
    mock_protocols_clean_up(&member->protocols);
    member->protocols = protocols;
    member->rebalance_timeout_ms = j->request->rebalance_timeout_ms;
    member->session_timeout_ms = j->request->session_timeout_ms;
    return 0;
}

static void update_and_rebalance(const struct joining *j, struct mock_member *member) {
    if (update_member(j, member)) {
        refuse(j, j->request->member_id, MOCK_ERROR_UNKNOWN_SERVER_ERROR);
        return;
    }
    park(j, member);
    mock_rebalance_or_complete(j->groups, j->group, j->now_ms);
}

static void answer_present(const struct joining *j, const struct mock_member *member,
                           bool with_members) {
    const struct mock_join_group_response response =
        mock_join_present(j->group, member, with_members);
    answer_now(j, &response);
}

static void join_known(const struct joining *j) {
    struct mock_group *group = j->group;
    struct base_slice id = j->request->member_id;
    if (mock_pending_find(group, id)) {
        char *copy = NULL;
        /* A static member never gets an id in advance; Kafka fails on it in the same way. */
        if (j->request->group_instance_id.data ||
            !(copy = base_strndup((const char *)id.data, id.len))) {
            refuse(j, BASE_SLICE_NULL, MOCK_ERROR_UNKNOWN_SERVER_ERROR);
            return;
        }
        add_member(j, copy);
        return;
    }
    int16_t error = mock_member_validate(group, id, j->request->group_instance_id);
    if (error) {
        refuse(j, id, error);
        return;
    }
    struct mock_member *member = mock_member_find(group, id);
    bool is_leader = member == group->leader;
    bool same = mock_protocols_match(&member->protocols, j->request);
    switch (group->state) {
    case MOCK_GROUP_PREPARING_REBALANCE:
        update_and_rebalance(j, member);
        break;
    case MOCK_GROUP_COMPLETING_REBALANCE:
        if (same) {
            /* It may have missed the answer to its first join. */
            answer_present(j, member, is_leader);
        } else {
            update_and_rebalance(j, member);
        }
        break;
    case MOCK_GROUP_STABLE:
        if (same && !is_leader) {
            answer_present(j, member, false);
        } else {
            /* A leader may see what the member metadata do not say, such as more partitions. */
            update_and_rebalance(j, member);
        }
        break;
    case MOCK_GROUP_EMPTY:
        refuse(j, id, MOCK_ERROR_UNKNOWN_MEMBER_ID);
        break;
    }
}

/* -- a static member that comes back without its member id (KIP-345) -- */

static void fence(const struct joining *j, struct mock_member *member) {
    const struct mock_join_group_response join =
        mock_join_refused(base_slice_str(member->id), MOCK_ERROR_FENCED_INSTANCE_ID);
    const struct mock_sync_group_response sync = mock_sync_refused(MOCK_ERROR_FENCED_INSTANCE_ID);
    mock_answer_join(j->groups, member, &join);
    mock_answer_sync(j->groups, member, &sync);
}

/* In a stable group that keeps its protocol the assignment stays with the instance: no round. */
static void answer_static_stable(const struct joining *j, struct mock_member *member,
                                 const char *old_leader) {
    bool is_leader = member == j->group->leader;
    bool may_skip = j->version >= SKIP_ASSIGNMENT_VERSION;
    struct mock_join_group_response response =
        mock_join_present(j->group, member, is_leader && may_skip);
    if (may_skip) {
        response.skip_assignment = is_leader;
    } else {
        /* The old id: a leader that does not know itself as such will not assign again. */
        response.leader = base_slice_str(old_leader);
    }
    member->join = (struct mock_parked){0};
    member->is_new = false;
    answer_now(j, &response);
    mock_group_changed(j->groups, j->group, member, "joined");
}

static void rejoin_as(const struct joining *j, struct mock_member *member, const char *old_leader) {
    struct mock_group *group = j->group;
    park(j, member);
    switch (group->state) {
    case MOCK_GROUP_STABLE:
        if (strcmp(mock_group_select_protocol(group), group->protocol) == 0) {
            answer_static_stable(j, member, old_leader);
        } else {
            mock_rebalance_prepare(j->groups, group, j->now_ms);
        }
        break;
    case MOCK_GROUP_COMPLETING_REBALANCE:
        /* The leader may be assigning to the old id at this moment. */
        mock_rebalance_prepare(j->groups, group, j->now_ms);
        break;
    case MOCK_GROUP_PREPARING_REBALANCE:
        mock_rebalance_maybe_complete(j->groups, group, j->now_ms);
        break;
    case MOCK_GROUP_EMPTY:
        assert(!"an empty group has no static member");
        break;
    }
}

/* Takes id. */
static void replace_static(const struct joining *j, struct mock_member *member, char *id) {
    const struct mock_group_caller *caller = j->caller;
    char *actor = base_strdup(caller->actor ? caller->actor : caller->client_id);
    if (!actor || update_member(j, member)) {
        base_free(actor);
        base_free(id);
        refuse(j, BASE_SLICE_NULL, MOCK_ERROR_UNKNOWN_SERVER_ERROR);
        return;
    }
    fence(j, member);
    char *old_id = member->id;
    member->id = id;
    base_free(member->actor);
    member->actor = actor;
    member->incarnation = caller->incarnation;
    mock_session_restart(member, j->now_ms);
    const struct mock_member *leader = j->group->leader;
    rejoin_as(j, member, leader == member ? old_id : leader->id);
    base_free(old_id);
}

static void join_unknown(const struct joining *j) {
    struct base_slice instance = j->request->group_instance_id;
    struct base_slice prefix = instance.data ? instance : base_slice_str(j->caller->client_id);
    char *id = mock_member_id_new(j->groups, (const char *)prefix.data, prefix.len);
    if (!id) {
        refuse(j, BASE_SLICE_NULL, MOCK_ERROR_UNKNOWN_SERVER_ERROR);
        return;
    }
    struct mock_member *holder = instance.data ? mock_member_find_static(j->group, instance) : NULL;
    if (holder) {
        replace_static(j, holder, id);
    } else if (!instance.data && j->version >= MEMBER_ID_REQUIRED_VERSION) {
        require_member_id(j, id);
    } else {
        add_member(j, id);
    }
}

void mock_groups_join(struct mock_groups *groups, const struct mock_group_caller *caller,
                      int16_t version, const struct mock_join_group_request *request,
                      int64_t now_ms) {
    struct joining j = {groups, NULL, caller, request, version, now_ms};
    struct base_slice id = request->member_id;
    if (request->group_id.len == 0) {
        refuse(&j, id, MOCK_ERROR_INVALID_GROUP_ID);
        return;
    }
    if (request->session_timeout_ms < groups->options.min_session_timeout_ms ||
        request->session_timeout_ms > groups->options.max_session_timeout_ms) {
        refuse(&j, id, MOCK_ERROR_INVALID_SESSION_TIMEOUT);
        return;
    }
    j.group = id.len ? mock_group_find(groups, request->group_id)
                     : mock_group_get(groups, request->group_id);
    if (!j.group) {
        refuse(&j, id, id.len ? MOCK_ERROR_UNKNOWN_MEMBER_ID : MOCK_ERROR_UNKNOWN_SERVER_ERROR);
        return;
    }
    if (j.group->consumer && j.group->consumer->member_count) {
        mock_consumer_join(groups, j.group, caller, version, request, now_ms);
        return;
    }
    if (j.group->consumer) {
        mock_group_become_classic(j.group);
    }
    if (!accepts_one_more(&j)) {
        struct mock_member *surplus = mock_member_find(j.group, id);
        if (surplus) {
            mock_group_changed(groups, j.group, surplus, "left");
            mock_group_remove(j.group, surplus);
        }
        refuse(&j, BASE_SLICE_NULL, MOCK_ERROR_GROUP_MAX_SIZE_REACHED);
    } else if (!mock_group_supports(j.group, request)) {
        refuse(&j, id, MOCK_ERROR_INCONSISTENT_GROUP_PROTOCOL);
    } else if (id.len) {
        join_known(&j);
    } else {
        join_unknown(&j);
    }
}
