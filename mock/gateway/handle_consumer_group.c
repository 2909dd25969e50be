/* ConsumerGroupHeartbeat and ConsumerGroupDescribe (KIP-848), between connections and the
 * coordinator (mock/group). */
#include <stdio.h>
#include <string.h>

#include "mock/gateway/handlers.h"

static struct base_builder *answer(struct mock_request *r) {
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    return b;
}

/* -- ConsumerGroupHeartbeat -- */

int mock_consumer_heartbeat_decode(struct mock_request *r, struct base_reader *body) {
    int rc = mock_consumer_group_heartbeat_request_decode(body, r->header.api_version, &r->arena,
                                                          &r->u.consumer_heartbeat);
    r->owns_partitions = rc == 0 && mock_groups_consumer_revokes(r->connection->broker->groups,
                                                                 &r->u.consumer_heartbeat);
    return rc;
}

void mock_consumer_heartbeat_refuse(struct mock_request *r, int16_t error) {
    struct mock_consumer_group_heartbeat_response response = {.throttle_time_ms = r->throttle_ms,
                                                              .error_code = error};
    mock_consumer_group_heartbeat_response_encode(mock_request_answer(r), r->header.api_version,
                                                  &response);
}

static void refuse(struct mock_request *r, int16_t error) {
    mock_consumer_heartbeat_refuse(r, error);
    mock_request_answered(r, error);
}

static void heartbeat_here(struct mock_request *r, int32_t node) {
    const struct mock_connection *c = r->connection;
    struct mock_broker *broker = c->broker;
    struct mock_consumer_group_heartbeat_response response;
    const struct mock_group_caller caller = {
        .actor = c->actor,
        .incarnation = c->incarnation,
        .client_id = c->client_id,
        .host = c->host,
        .request = r,
    };
    int16_t error = mock_coordinator_error(r, node);
    if (error) {
        refuse(r, error);
        return;
    }
    mock_groups_consumer_heartbeat(broker->groups, &caller, r->header.api_version,
                                   &r->u.consumer_heartbeat, &r->arena, &response,
                                   (int64_t)mock_broker_now_ms(broker));
    response.throttle_time_ms = r->throttle_ms;
    r->assigns = response.has_assignment && response.assignment_count > 0;
    mock_consumer_group_heartbeat_response_encode(answer(r), r->header.api_version, &response);
    mock_request_answered(r, response.error_code);
    mock_broker_schedule(broker);
    mock_broker_touch(broker);
}

/* All topics that it subscribes to, or the heartbeat is refused as a whole. */
static bool may_read_all(struct mock_request *r) {
    const struct mock_consumer_group_heartbeat_request *q = &r->u.consumer_heartbeat;
    bool may = true;
    for (size_t i = 0; i < q->topic_name_count; i++) {
        may = mock_request_may(r, MOCK_ACL_DESCRIBE, MOCK_ACL_TOPIC, q->topic_names[i]) && may;
    }
    return may;
}

void mock_consumer_heartbeat_apply(struct mock_request *r) {
    struct base_slice group = r->u.consumer_heartbeat.group_id;
    if (!mock_request_may(r, MOCK_ACL_READ, MOCK_ACL_GROUP, group)) {
        refuse(r, MOCK_ERROR_GROUP_AUTHORIZATION_FAILED);
    } else if (!may_read_all(r)) {
        refuse(r, MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED);
    } else {
        mock_coordinator_find(r, group, heartbeat_here);
    }
}

/* -- ConsumerGroupDescribe -- */

int mock_consumer_describe_decode(struct mock_request *r, struct base_reader *body) {
    return mock_consumer_group_describe_request_decode(body, r->header.api_version, &r->arena,
                                                       &r->u.consumer_describe);
}

static struct mock_described_consumer_group not_described(struct base_slice id, int16_t error) {
    return (struct mock_described_consumer_group){.error_code = error,
                                                  .group_id = id,
                                                  .state = base_slice_str(""),
                                                  .assignor = base_slice_str(""),
                                                  .authorized_operations = INT32_MIN};
}

static struct mock_described_consumer_group not_found(struct mock_request *r,
                                                      struct base_slice id) {
    struct mock_described_consumer_group group = not_described(id, MOCK_ERROR_GROUP_ID_NOT_FOUND);
    const char *name = base_arena_strndup(&r->arena, (const char *)id.data, id.len);
    bool exists = name && mock_groups_exists(r->connection->broker->groups, name);
    char why[512];
    (void)snprintf(why, sizeof(why), "Group %s %s.", name ? name : "",
                   exists ? "is not a consumer group" : "not found");
    group.error_message = base_slice_str(base_arena_strdup(&r->arena, why));
    return group;
}

static bool may_see(struct mock_request *r, const struct mock_described_assignment *assignment) {
    for (size_t i = 0; i < assignment->topic_count; i++) {
        if (!mock_request_would(r, MOCK_ACL_DESCRIBE, MOCK_ACL_TOPIC,
                                assignment->topics[i].topic_name)) {
            return false;
        }
    }
    return true;
}

static struct mock_described_consumer_group describe(struct mock_request *r, struct base_slice id) {
    struct mock_described_consumer_group group;
    if (!mock_groups_describe_consumers(r->connection->broker->groups, id, &r->arena, &group)) {
        return not_found(r, id);
    }
    for (size_t i = 0; i < group.member_count; i++) {
        if (!may_see(r, &group.members[i].assignment) || !may_see(r, &group.members[i].target)) {
            group = not_described(id, MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED);
            group.error_message = base_slice_str(
                "The group has described topic(s) that the client is not authorized to describe.");
            return group;
        }
    }
    if (r->u.consumer_describe.include_authorized_operations) {
        group.authorized_operations = mock_request_operations(r, MOCK_ACL_GROUP, id);
    }
    return group;
}

/* Those that may not be described come first, then those without a name, as in Kafka. */
static void describe_found(struct mock_request *r) {
    const struct mock_consumer_group_describe_request *q = &r->u.consumer_describe;
    const struct mock_group_search *search = r->group_search;
    struct mock_consumer_group_describe_response response = {r->throttle_ms, NULL, 0};
    response.groups = base_arena_alloc_array(&r->arena, q->group_count, sizeof(*response.groups));
    int16_t first = MOCK_ERROR_NONE;
    for (size_t i = 0; response.groups && i < q->group_count; i++) {
        if (!mock_request_would(r, MOCK_ACL_DESCRIBE, MOCK_ACL_GROUP, q->groups[i])) {
            first = MOCK_ERROR_GROUP_AUTHORIZATION_FAILED;
            response.groups[response.group_count++] = not_described(q->groups[i], first);
        }
    }
    for (size_t i = 0; response.groups && i < search->count; i++) {
        if (search->groups[i].len == 0) {
            first = first ? first : MOCK_ERROR_INVALID_GROUP_ID;
            response.groups[response.group_count++] =
                not_described(search->groups[i], MOCK_ERROR_INVALID_GROUP_ID);
        }
    }
    for (size_t i = 0; response.groups && i < search->count; i++) {
        if (search->groups[i].len == 0) {
            continue;
        }
        int16_t error = mock_coordinator_error(r, search->nodes[i]);
        struct mock_described_consumer_group group =
            error ? not_described(search->groups[i], error) : describe(r, search->groups[i]);
        first = first ? first : group.error_code;
        response.groups[response.group_count++] = group;
    }
    mock_consumer_group_describe_response_encode(answer(r), r->header.api_version, &response);
    mock_request_answered(r, first);
}

void mock_consumer_describe_apply(struct mock_request *r) {
    const struct mock_consumer_group_describe_request *q = &r->u.consumer_describe;
    struct base_slice *groups = base_arena_alloc_array(&r->arena, q->group_count, sizeof(*groups));
    size_t count = 0;
    for (size_t i = 0; groups && i < q->group_count; i++) {
        if (mock_request_may(r, MOCK_ACL_DESCRIBE, MOCK_ACL_GROUP, q->groups[i])) {
            groups[count++] = q->groups[i];
        }
    }
    mock_coordinators_find(r, groups, count, describe_found);
}

void mock_consumer_describe_refuse(struct mock_request *r, int16_t error) {
    const struct mock_consumer_group_describe_request *q = &r->u.consumer_describe;
    struct mock_consumer_group_describe_response response = {r->throttle_ms, NULL, q->group_count};
    response.groups = base_arena_alloc_array(&r->arena, q->group_count, sizeof(*response.groups));
    for (size_t i = 0; response.groups && i < q->group_count; i++) {
        response.groups[i] = not_described(q->groups[i], error);
    }
    mock_consumer_group_describe_response_encode(answer(r), r->header.api_version, &response);
}
