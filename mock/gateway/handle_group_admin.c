/*
 * DescribeGroups, ListGroups, DeleteGroups, OffsetDelete: administration of groups. Kafka:
 * KafkaApis for what is asked of the authorizer, GroupCoordinatorService for the rest.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "mock/gateway/handlers.h"

#define GROUP_ID_NOT_FOUND_VERSION 6

static char *text(struct mock_request *r, struct base_slice s) {
    return base_arena_strndup(&r->arena, (const char *)s.data, s.len);
}

static struct base_slice slice(struct mock_request *r, const char *s) {
    return base_slice_str(base_arena_strdup(&r->arena, s ? s : ""));
}

static struct base_builder *answer(struct mock_request *r) {
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    return b;
}

/* Those of asked that may be operated on, and how many. */
static struct base_slice *permitted(struct mock_request *r, enum mock_acl_operation operation,
                                    const struct base_slice *asked, size_t count,
                                    size_t *ret_count) {
    struct base_slice *groups = base_arena_alloc_array(&r->arena, count, sizeof(*groups));
    *ret_count = 0;
    for (size_t i = 0; groups && i < count; i++) {
        if (mock_request_may(r, operation, MOCK_ACL_GROUP, asked[i])) {
            groups[(*ret_count)++] = asked[i];
        }
    }
    return groups;
}

/* -- DescribeGroups -- */

int mock_describe_groups_decode(struct mock_request *r, struct base_reader *body) {
    return mock_describe_groups_request_decode(body, r->header.api_version, &r->arena,
                                               &r->u.describe_groups);
}

static struct mock_described_group not_described(struct base_slice id, int16_t error) {
    return (struct mock_described_group){.error_code = error,
                                         .group_id = id,
                                         .state = base_slice_str(""),
                                         .protocol_type = base_slice_str(""),
                                         .protocol_data = base_slice_str(""),
                                         .authorized_operations = INT32_MIN};
}

/* A group that is not there is dead; from version 6 on it is an error, too (KIP-1043). */
static struct mock_described_group dead_group(struct mock_request *r, struct base_slice id,
                                              const char *why) {
    struct mock_described_group group = not_described(id, MOCK_ERROR_NONE);
    group.state = base_slice_str("Dead");
    if (r->header.api_version >= GROUP_ID_NOT_FOUND_VERSION) {
        char message[512];
        (void)snprintf(message, sizeof(message), "Group %.*s %s.", (int)id.len,
                       (const char *)id.data, why);
        group.error_code = MOCK_ERROR_GROUP_ID_NOT_FOUND;
        group.error_message = slice(r, message);
    }
    return group;
}

static void describe_members(struct mock_request *r, const char *id, bool is_stable,
                             struct mock_described_group *group) {
    const struct mock_groups *groups = r->connection->broker->groups;
    group->members =
        base_arena_alloc_array(&r->arena, group->member_count, sizeof(*group->members));
    for (size_t i = 0; group->members && i < group->member_count; i++) {
        struct mock_member_view member;
        mock_groups_member(groups, id, i, &member);
        group->members[i] = (struct mock_described_member){
            .member_id = base_slice_str(member.member_id),
            .group_instance_id = base_slice_str(member.instance_id),
            .client_id = base_slice_str(member.client_id),
            .client_host = base_slice_str(member.host),
            .metadata = is_stable ? member.metadata : base_slice_str(""),
            .assignment = is_stable ? member.assignment : base_slice_str(""),
        };
    }
}

static struct mock_described_group describe(struct mock_request *r, struct base_slice id) {
    const char *name = text(r, id);
    struct mock_group_view view;
    if (!name || !mock_groups_view(r->connection->broker->groups, name, &view)) {
        return dead_group(r, id, "not found");
    }
    if (strcmp(view.type, "classic") != 0) {
        return dead_group(r, id, "is not a classic group");
    }
    bool is_stable = strcmp(view.state, "Stable") == 0;
    struct mock_described_group group = not_described(id, MOCK_ERROR_NONE);
    group.state = base_slice_str(view.state);
    group.protocol_type = base_slice_str(view.protocol_type);
    group.protocol_data = base_slice_str(is_stable ? view.protocol : "");
    group.member_count = view.member_count;
    describe_members(r, name, is_stable, &group);
    return group;
}

static struct mock_described_group describe_at(struct mock_request *r, struct base_slice id,
                                               int32_t node) {
    int16_t error = mock_coordinator_error(r, node);
    struct mock_described_group group = error ? not_described(id, error) : describe(r, id);
    if (r->u.describe_groups.include_authorized_operations && !group.error_code) {
        group.authorized_operations = mock_request_operations(r, MOCK_ACL_GROUP, id);
    }
    return group;
}

/* Those that may not be described come first, as in Kafka. */
static void describe_found(struct mock_request *r) {
    const struct mock_describe_groups_request *q = &r->u.describe_groups;
    struct mock_describe_groups_response response = {r->throttle_ms, NULL, 0};
    response.groups = base_arena_alloc_array(&r->arena, q->group_count, sizeof(*response.groups));
    int16_t first = MOCK_ERROR_NONE;
    for (size_t i = 0; response.groups && i < q->group_count; i++) {
        if (!mock_request_would(r, MOCK_ACL_DESCRIBE, MOCK_ACL_GROUP, q->groups[i])) {
            first = MOCK_ERROR_GROUP_AUTHORIZATION_FAILED;
            response.groups[response.group_count++] = not_described(q->groups[i], first);
        }
    }
    for (size_t i = 0; response.groups && i < r->group_search->count; i++) {
        struct mock_described_group group =
            describe_at(r, r->group_search->groups[i], r->group_search->nodes[i]);
        first = first ? first : group.error_code;
        response.groups[response.group_count++] = group;
    }
    mock_describe_groups_response_encode(answer(r), r->header.api_version, &response);
    mock_request_answered(r, first);
}

void mock_describe_groups_apply(struct mock_request *r) {
    const struct mock_describe_groups_request *q = &r->u.describe_groups;
    size_t count = 0;
    struct base_slice *groups = permitted(r, MOCK_ACL_DESCRIBE, q->groups, q->group_count, &count);
    mock_coordinators_find(r, groups, count, describe_found);
}

void mock_describe_groups_refuse(struct mock_request *r, int16_t error) {
    const struct mock_describe_groups_request *q = &r->u.describe_groups;
    struct mock_describe_groups_response response = {r->throttle_ms, NULL, q->group_count};
    response.groups = base_arena_alloc_array(&r->arena, q->group_count, sizeof(*response.groups));
    for (size_t i = 0; response.groups && i < q->group_count; i++) {
        response.groups[i] = not_described(q->groups[i], error);
    }
    mock_describe_groups_response_encode(answer(r), r->header.api_version, &response);
}

/* -- ListGroups -- */

int mock_list_groups_decode(struct mock_request *r, struct base_reader *body) {
    return mock_list_groups_request_decode(body, r->header.api_version, &r->arena,
                                           &r->u.list_groups);
}

static bool equals_without_case(struct base_slice a, const char *b) {
    while (a.len && isspace(a.data[0])) {
        a = base_slice_of(a.data + 1, a.len - 1);
    }
    while (a.len && isspace(a.data[a.len - 1])) {
        a.len--;
    }
    bool same = a.len == strlen(b);
    for (size_t i = 0; same && i < a.len; i++) {
        same = tolower(a.data[i]) == tolower((unsigned char)b[i]);
    }
    return same;
}

/* A type that there is not stands for the types that Kafka does not know: none has it. */
static bool is_among(const struct base_slice *filter, size_t count, const char *word) {
    for (size_t i = 0; i < count; i++) {
        if (equals_without_case(filter[i], word)) {
            return true;
        }
    }
    return count == 0;
}

struct listing {
    struct mock_request *request;
    struct mock_list_groups_response *response;
    bool sees_all;
    size_t cap;
};

static void count_group(void *arg, const struct mock_group_view *view) {
    ((struct listing *)arg)->cap++;
}

static void list_group(void *arg, const struct mock_group_view *view) {
    struct listing *listing = arg;
    struct mock_request *r = listing->request;
    const struct mock_list_groups_request *q = &r->u.list_groups;
    struct base_slice id = base_slice_str(view->id);
    if (!is_among(q->states, q->state_count, view->state) ||
        !is_among(q->types, q->type_count, view->type) || !mock_coordinates(r, id) ||
        (!listing->sees_all && !mock_request_would(r, MOCK_ACL_DESCRIBE, MOCK_ACL_GROUP, id))) {
        return;
    }
    listing->response->groups[listing->response->group_count++] = (struct mock_listed_group){
        .group_id = id,
        .protocol_type = base_slice_str(view->protocol_type),
        .state = base_slice_str(view->state),
        .type = base_slice_str(view->type),
    };
}

void mock_list_groups_apply(struct mock_request *r) {
    const struct mock_groups *groups = r->connection->broker->groups;
    struct mock_list_groups_response response = {r->throttle_ms, MOCK_ERROR_NONE, NULL, 0};
    struct listing listing = {r, &response,
                              mock_request_would(r, MOCK_ACL_DESCRIBE, MOCK_ACL_CLUSTER,
                                                 base_slice_str(MOCK_ACL_CLUSTER_NAME)),
                              0};
    mock_groups_each(groups, count_group, &listing);
    response.groups = base_arena_alloc_array(&r->arena, listing.cap, sizeof(*response.groups));
    if (response.groups) {
        mock_groups_each(groups, list_group, &listing);
    }
    mock_list_groups_response_encode(answer(r), r->header.api_version, &response);
    mock_request_answered(r, MOCK_ERROR_NONE);
}

void mock_list_groups_refuse(struct mock_request *r, int16_t error) {
    struct mock_list_groups_response response = {r->throttle_ms, error, NULL, 0};
    mock_list_groups_response_encode(mock_request_answer(r), r->header.api_version, &response);
}

/* -- DeleteGroups -- */

int mock_delete_groups_decode(struct mock_request *r, struct base_reader *body) {
    return mock_delete_groups_request_decode(body, r->header.api_version, &r->arena,
                                             &r->u.delete_groups);
}

/* A name that has been seen in the request; of its arena. */
struct seen {
    struct base_slice name;
    UT_hash_handle hh;
};

/* True the first time that it is asked for the name. */
static bool is_first(struct mock_request *r, struct seen **set, struct base_slice name) {
    struct seen *seen = NULL;
    HASH_FIND(hh, *set, name.data, (unsigned)name.len, seen);
    if (seen || !(seen = base_arena_alloc(&r->arena, sizeof(*seen)))) {
        return false;
    }
    seen->name = name;
    HASH_ADD_KEYPTR(hh, *set, seen->name.data, (unsigned)name.len, seen);
    return true;
}

static void delete_found(struct mock_request *r) {
    const struct mock_delete_groups_request *q = &r->u.delete_groups;
    const struct mock_group_search *search = r->group_search;
    struct mock_delete_groups_response response = {r->throttle_ms, NULL, 0};
    response.results = base_arena_alloc_array(&r->arena, q->group_count, sizeof(*response.results));
    int16_t first = MOCK_ERROR_NONE;
    struct seen *set = NULL;
    for (size_t i = 0; response.results && i < search->count; i++) {
        int16_t error = mock_coordinator_error(r, search->nodes[i]);
        error =
            error ? error : mock_groups_delete(r->connection->broker->groups, search->groups[i]);
        first = first ? first : error;
        response.results[response.result_count++] =
            (struct mock_deleted_group){.group_id = search->groups[i], .error_code = error};
    }
    for (size_t i = 0; response.results && i < q->group_count; i++) {
        if (!mock_request_would(r, MOCK_ACL_DELETE, MOCK_ACL_GROUP, q->groups[i]) &&
            is_first(r, &set, q->groups[i])) {
            first = first ? first : MOCK_ERROR_GROUP_AUTHORIZATION_FAILED;
            response.results[response.result_count++] = (struct mock_deleted_group){
                .group_id = q->groups[i], .error_code = MOCK_ERROR_GROUP_AUTHORIZATION_FAILED};
        }
    }
    HASH_CLEAR(hh, set);
    mock_delete_groups_response_encode(answer(r), r->header.api_version, &response);
    struct mock_broker *broker = r->connection->broker;
    mock_request_answered(r, first);
    mock_broker_schedule(broker);
}

void mock_delete_groups_apply(struct mock_request *r) {
    const struct mock_delete_groups_request *q = &r->u.delete_groups;
    size_t count = 0;
    size_t distinct = 0;
    struct seen *set = NULL;
    struct base_slice *groups = permitted(r, MOCK_ACL_DELETE, q->groups, q->group_count, &count);
    for (size_t i = 0; groups && i < count; i++) {
        if (is_first(r, &set, groups[i])) {
            groups[distinct++] = groups[i];
        }
    }
    HASH_CLEAR(hh, set);
    mock_coordinators_find(r, groups, distinct, delete_found);
}

void mock_delete_groups_refuse(struct mock_request *r, int16_t error) {
    const struct mock_delete_groups_request *q = &r->u.delete_groups;
    struct mock_delete_groups_response response = {r->throttle_ms, NULL, q->group_count};
    response.results = base_arena_alloc_array(&r->arena, q->group_count, sizeof(*response.results));
    for (size_t i = 0; response.results && i < q->group_count; i++) {
        response.results[i] =
            (struct mock_deleted_group){.group_id = q->groups[i], .error_code = error};
    }
    mock_delete_groups_response_encode(answer(r), r->header.api_version, &response);
}

/* -- OffsetDelete -- */

int mock_offset_delete_decode(struct mock_request *r, struct base_reader *body) {
    return mock_offset_delete_request_decode(body, r->header.api_version, &r->arena,
                                             &r->u.offset_delete);
}

/* Deletes what may be deleted of one topic. */
static void delete_offsets(struct mock_request *r, const struct mock_offset_delete_topic *topic,
                           struct mock_offset_delete_topic_response *out) {
    struct mock_broker *broker = r->connection->broker;
    bool may = mock_request_may(r, MOCK_ACL_READ, MOCK_ACL_TOPIC, topic->name);
    const char *name = text(r, topic->name);
    out->name = topic->name;
    out->partitions =
        base_arena_alloc_array(&r->arena, topic->partition_count, sizeof(*out->partitions));
    out->partition_count = out->partitions ? topic->partition_count : 0;
    for (size_t i = 0; name && i < out->partition_count; i++) {
        int32_t index = topic->partitions[i];
        int16_t error = MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED;
        if (may) {
            error = mock_partition_find(broker, topic->name, index, NULL)
                        ? mock_groups_delete_offset(broker->groups, r->u.offset_delete.group_id,
                                                    name, index)
                        : MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION;
        }
        out->partitions[i] = (struct mock_offset_delete_partition_response){index, error};
        r->error = r->error ? r->error : error;
    }
}

static void refuse_and_answer(struct mock_request *r, int16_t error) {
    mock_offset_delete_refuse(r, error);
    mock_request_answered(r, error);
}

static void offset_delete_here(struct mock_request *r, int32_t node) {
    const struct mock_offset_delete_request *q = &r->u.offset_delete;
    int16_t error = mock_coordinator_error(r, node);
    error =
        error ? error : mock_groups_check_offset_delete(r->connection->broker->groups, q->group_id);
    if (error) {
        refuse_and_answer(r, error);
        return;
    }
    struct mock_offset_delete_response response = {MOCK_ERROR_NONE, r->throttle_ms, NULL,
                                                   q->topic_count};
    response.topics = base_arena_alloc_array(&r->arena, q->topic_count, sizeof(*response.topics));
    for (size_t i = 0; response.topics && i < q->topic_count; i++) {
        delete_offsets(r, &q->topics[i], &response.topics[i]);
    }
    mock_offset_delete_response_encode(answer(r), r->header.api_version, &response);
    mock_request_answered(r, r->error);
}

void mock_offset_delete_apply(struct mock_request *r) {
    struct base_slice group = r->u.offset_delete.group_id;
    if (!mock_request_may(r, MOCK_ACL_DELETE, MOCK_ACL_GROUP, group)) {
        refuse_and_answer(r, MOCK_ERROR_GROUP_AUTHORIZATION_FAILED);
    } else {
        mock_coordinator_find(r, group, offset_delete_here);
    }
}

void mock_offset_delete_refuse(struct mock_request *r, int16_t error) {
    struct mock_offset_delete_response response = {error, r->throttle_ms, NULL, 0};
    mock_offset_delete_response_encode(mock_request_answer(r), r->header.api_version, &response);
}
