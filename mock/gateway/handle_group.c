/*
 * JoinGroup, SyncGroup, Heartbeat, LeaveGroup: between connections and the coordinator
 * (mock/group). Each first finds out whether this broker coordinates the group at all.
 */
#include <string.h>

#include "base/memory.h"
#include "mock/gateway/handlers.h"
#include "mock/wire/consumer_protocol.h"

/* From this version of SyncGroup on a member says its protocol (KIP-559). */
#define PROTOCOL_MANDATORY_VERSION 5

static int64_t now_ms(const struct mock_request *r) {
    return (int64_t)mock_broker_now_ms(r->connection->broker);
}

static struct mock_group_caller caller_of(struct mock_request *r) {
    const struct mock_connection *c = r->connection;
    return (struct mock_group_caller){
        .actor = c->actor,
        .incarnation = c->incarnation,
        .client_id = c->client_id,
        .host = c->host,
        .request = r,
    };
}

/* Not here: refuses and returns true. node -1: the mock cluster could not say. */
static bool is_elsewhere(struct mock_request *r, int32_t node) {
    if (node == r->connection->node) {
        return false;
    }
    int16_t error = node < 0 ? MOCK_ERROR_COORDINATOR_NOT_AVAILABLE : MOCK_ERROR_NOT_COORDINATOR;
    r->handler->refuse(r, error);
    mock_request_answered(r, error);
    return true;
}

/* A member needs a group with a name. */
static bool is_nameless(struct mock_request *r, struct base_slice group) {
    if (group.len > 0) {
        return false;
    }
    r->handler->refuse(r, MOCK_ERROR_INVALID_GROUP_ID);
    mock_request_answered(r, MOCK_ERROR_INVALID_GROUP_ID);
    return true;
}

static bool is_denied(struct mock_request *r, struct base_slice group) {
    if (mock_request_may(r, MOCK_ACL_READ, MOCK_ACL_GROUP, group)) {
        return false;
    }
    r->handler->refuse(r, MOCK_ERROR_GROUP_AUTHORIZATION_FAILED);
    mock_request_answered(r, MOCK_ERROR_GROUP_AUTHORIZATION_FAILED);
    return true;
}

/* Finds the coordinator of a group that has a name. */
static void find_coordinator(struct mock_request *r, struct base_slice group,
                             void (*then)(struct mock_request *r, int32_t node)) {
    if (!is_denied(r, group) && !is_nameless(r, group)) {
        mock_coordinator_find(r, group, then);
    }
}

/* Does the member own partitions in the present generation (so that joining anew revokes them)? */
static bool member_owns(const struct mock_request *r, struct base_slice group,
                        struct base_slice member_id) {
    const struct mock_groups *groups = r->connection->broker->groups;
    char *name = base_strndup((const char *)group.data, group.len);
    struct mock_group_view view;
    bool owns = false;
    if (name && mock_groups_view(groups, name, &view)) {
        for (size_t i = 0; i < view.member_count && !owns; i++) {
            struct mock_member_view member;
            mock_groups_member(groups, name, i, &member);
            owns = base_slice_equal_str(member_id, member.member_id) && member.assignment.len > 0;
        }
    }
    base_free(name);
    return owns;
}

/* A parked Join or Sync whose connection is gone. */
void mock_group_clean_up(struct mock_request *r) {
    if (!r->applied && r->stage == MOCK_STAGE_WAITING) {
        mock_groups_request_gone(r->connection->broker->groups, r);
    }
}

static void after_change(struct mock_broker *broker) {
    mock_broker_schedule(broker);
    mock_broker_touch(broker);
}

/* -- JoinGroup -- */

int mock_join_group_decode(struct mock_request *r, struct base_reader *body) {
    int rc =
        mock_join_group_request_decode(body, r->header.api_version, &r->arena, &r->u.join_group);
    r->owns_partitions =
        rc == 0 && member_owns(r, r->u.join_group.group_id, r->u.join_group.member_id);
    return rc;
}

static void join_here(struct mock_request *r, int32_t node) {
    if (is_elsewhere(r, node)) {
        return;
    }
    struct mock_broker *broker = r->connection->broker;
    struct mock_group_caller caller = caller_of(r);
    mock_groups_join(broker->groups, &caller, r->header.api_version, &r->u.join_group, now_ms(r));
    after_change(broker);
}

void mock_join_group_apply(struct mock_request *r) {
    find_coordinator(r, r->u.join_group.group_id, join_here);
}

static void join_answered(void *arg, void *request,
                          const struct mock_join_group_response *response) {
    struct mock_request *r = request;
    struct mock_join_group_response answer = *response;
    answer.throttle_time_ms = r->throttle_ms;
    mock_join_group_response_encode(mock_request_answer(r), r->header.api_version, &answer);
    mock_request_answered(r, response->error_code);
}

void mock_join_group_refuse(struct mock_request *r, int16_t error) {
    struct mock_join_group_response response = {
        .throttle_time_ms = r->throttle_ms,
        .error_code = error,
        .generation_id = -1,
        .leader = base_slice_str(""),
        .member_id = error == MOCK_ERROR_GROUP_AUTHORIZATION_FAILED ? base_slice_str("")
                                                                    : r->u.join_group.member_id,
    };
    mock_join_group_response_encode(mock_request_answer(r), r->header.api_version, &response);
}

/* -- SyncGroup -- */

int mock_sync_group_decode(struct mock_request *r, struct base_reader *body) {
    return mock_sync_group_request_decode(body, r->header.api_version, &r->arena, &r->u.sync_group);
}

static void sync_here(struct mock_request *r, int32_t node) {
    if (is_elsewhere(r, node)) {
        return;
    }
    struct mock_broker *broker = r->connection->broker;
    struct mock_group_caller caller = caller_of(r);
    mock_groups_sync(broker->groups, &caller, r->header.api_version, &r->u.sync_group, now_ms(r));
    after_change(broker);
}

void mock_sync_group_apply(struct mock_request *r) {
    const struct mock_sync_group_request *q = &r->u.sync_group;
    if (r->header.api_version >= PROTOCOL_MANDATORY_VERSION &&
        (!q->protocol_type.data || !q->protocol_name.data)) {
        mock_sync_group_refuse(r, MOCK_ERROR_INCONSISTENT_GROUP_PROTOCOL);
        mock_request_answered(r, MOCK_ERROR_INCONSISTENT_GROUP_PROTOCOL);
        return;
    }
    find_coordinator(r, r->u.sync_group.group_id, sync_here);
}

static bool assigns_partitions(struct mock_request *r, struct base_slice bytes) {
    struct mock_assignment assignment;
    if (bytes.len == 0 || mock_assignment_decode(bytes, &r->arena, &assignment) < 0) {
        return false;
    }
    for (size_t i = 0; i < assignment.topic_count; i++) {
        if (assignment.topics[i].partition_count > 0) {
            return true;
        }
    }
    return false;
}

static void sync_answered(void *arg, void *request,
                          const struct mock_sync_group_response *response) {
    struct mock_request *r = request;
    struct mock_sync_group_response answer = *response;
    answer.throttle_time_ms = r->throttle_ms;
    r->assigns = response->error_code == 0 && assigns_partitions(r, response->assignment);
    mock_sync_group_response_encode(mock_request_answer(r), r->header.api_version, &answer);
    mock_request_answered(r, response->error_code);
}

void mock_sync_group_refuse(struct mock_request *r, int16_t error) {
    struct mock_sync_group_response response = {
        .throttle_time_ms = r->throttle_ms,
        .error_code = error,
        .assignment = base_slice_str(""),
    };
    mock_sync_group_response_encode(mock_request_answer(r), r->header.api_version, &response);
}

/* -- Heartbeat -- */

int mock_heartbeat_decode(struct mock_request *r, struct base_reader *body) {
    return mock_heartbeat_request_decode(body, r->header.api_version, &r->arena, &r->u.heartbeat);
}

void mock_heartbeat_refuse(struct mock_request *r, int16_t error) {
    struct mock_heartbeat_response response = {r->throttle_ms, error};
    mock_heartbeat_response_encode(mock_request_answer(r), r->header.api_version, &response);
}

static void heartbeat_here(struct mock_request *r, int32_t node) {
    if (is_elsewhere(r, node)) {
        return;
    }
    struct mock_broker *broker = r->connection->broker;
    int16_t error = mock_groups_heartbeat(broker->groups, &r->u.heartbeat, now_ms(r));
    mock_heartbeat_refuse(r, error);
    mock_request_answered(r, error);
    mock_broker_schedule(broker);
}

void mock_heartbeat_apply(struct mock_request *r) {
    find_coordinator(r, r->u.heartbeat.group_id, heartbeat_here);
}

/* -- LeaveGroup -- */

int mock_leave_group_decode(struct mock_request *r, struct base_reader *body) {
    int rc =
        mock_leave_group_request_decode(body, r->header.api_version, &r->arena, &r->u.leave_group);
    const struct mock_leave_group_request *q = &r->u.leave_group;
    for (size_t i = 0; rc == 0 && i < q->member_count && !r->owns_partitions; i++) {
        r->owns_partitions = member_owns(r, q->group_id, q->members[i].member_id);
    }
    return rc;
}

static void encode_leave(struct mock_request *r, int16_t error, const int16_t *errors) {
    const struct mock_leave_group_request *q = &r->u.leave_group;
    struct mock_leave_group_response response = {r->throttle_ms, error, NULL, q->member_count};
    response.members =
        base_arena_alloc_array(&r->arena, q->member_count, sizeof(*response.members));
    for (size_t i = 0; response.members && i < q->member_count; i++) {
        response.members[i] = (struct mock_leave_group_member_response){
            q->members[i].member_id, q->members[i].group_instance_id, errors ? errors[i] : error};
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_leave_group_response_encode(b, r->header.api_version, &response);
}

void mock_leave_group_refuse(struct mock_request *r, int16_t error) {
    encode_leave(r, error, NULL);
}

static void leave_here(struct mock_request *r, int32_t node) {
    if (is_elsewhere(r, node)) {
        return;
    }
    struct mock_broker *broker = r->connection->broker;
    size_t count = r->u.leave_group.member_count;
    int16_t *errors = base_arena_alloc_array(&r->arena, count, sizeof(*errors));
    if (!errors) {
        mock_request_fail(r, "no memory");
        return;
    }
    int16_t error = mock_groups_leave(broker->groups, &r->u.leave_group, errors, count, now_ms(r));
    if (!error && r->header.api_version < 3 && count > 0) {
        error = errors[0]; /* one member, and no list to say it in */
    }
    encode_leave(r, error, errors);
    mock_request_answered(r, error);
    after_change(broker);
}

void mock_leave_group_apply(struct mock_request *r) {
    find_coordinator(r, r->u.leave_group.group_id, leave_here);
}

/* -- what the coordinator tells -- */

static void changed(void *arg, const struct mock_group_change *change) {
    mock_broker_emit(arg, &(struct mock_event){
                              .kind = MOCK_EVENT_GROUP,
                              .actor = change->actor,
                              .incarnation = change->incarnation,
                              .api = -1,
                              .group = change->group,
                              .member = change->member_id,
                              .generation = change->generation,
                              .offset = change->generation,
                              .text = change->what,
                          });
}

static int64_t log_time_ms(void *arg) {
    return mock_clock_ms(arg);
}

static struct mock_group_topic group_topic(const struct mock_topic *topic) {
    return (struct mock_group_topic){topic->name, topic->id, topic->partition_count};
}

static bool topic_by_id(void *arg, const struct mock_uuid *id, struct mock_group_topic *ret_topic) {
    const struct mock_topic *topic = mock_topic_find_id(arg, id);
    if (topic) {
        *ret_topic = group_topic(topic);
    }
    return topic != NULL;
}

static void each_topic(void *arg, mock_group_topic_fn visit, void *visit_arg) {
    const struct mock_broker *broker = arg;
    for (const struct mock_topic *t = broker->topics; t; t = t->hh.next) {
        const struct mock_group_topic topic = group_topic(t);
        visit(visit_arg, &topic);
    }
}

const struct mock_groups_host mock_group_host_functions = {
    NULL, join_answered, sync_answered, changed, log_time_ms, topic_by_id, each_topic};

/* -- commands -- */

int mock_group_rebalance(struct mock_broker *broker, const char *group, struct base_error *err) {
    if (!mock_groups_rebalance(broker->groups, group, (int64_t)mock_broker_now_ms(broker))) {
        return base_fail(err, BASE_STATE, "group %s has no members to rebalance", group);
    }
    after_change(broker);
    return 0;
}

void mock_actor_died(struct mock_broker *broker, const char *actor, uint32_t incarnation) {
    mock_readers_forget(broker, actor, incarnation);
    if (!broker->settings.session_expiry_real) {
        mock_groups_actor_died(broker->groups, actor, incarnation,
                               (int64_t)mock_broker_now_ms(broker));
    }
    after_change(broker);
}
