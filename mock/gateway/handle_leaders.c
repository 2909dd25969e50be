/*
 * ElectLeaders, AlterPartitionReassignments and ListPartitionReassignments: who leads a partition,
 * and which brokers have it. A move is done at once, as if the new replicas had caught up: none is
 * ever under way.
 */
#include <string.h>

#include "mock/gateway/admin.h"

/* -- ElectLeaders (ReplicationControlManager.electLeader) -- */

#define ELECTION_PREFERRED 0
#define ELECTION_UNCLEAN 1

int mock_elect_leaders_decode(struct mock_request *r, struct base_reader *body) {
    return mock_elect_leaders_request_decode(body, r->header.api_version, &r->arena,
                                             &r->u.elect_leaders);
}

static struct mock_admin_error elect(struct mock_request *r, struct base_slice name,
                                     int32_t index) {
    struct mock_broker *broker = r->connection->broker;
    struct mock_topic *topic = mock_topic_find(broker, name);
    if (!topic) {
        return mock_admin_say(r, MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION, "No such topic as %.*s",
                              (int)name.len, (const char *)name.data);
    }
    if (index < 0 || index >= topic->partition_count) {
        return mock_admin_say(r, MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION,
                              "No such partition as %s-%d", topic->name, (int)index);
    }
    const struct mock_partition *p = &topic->partitions[index];
    int32_t preferred = p->replicas.all[0].broker;
    bool unclean = r->u.elect_leaders.election_type == ELECTION_UNCLEAN;
    if (unclean ? p->leader != MOCK_NO_LEADER : p->leader == preferred) {
        return mock_admin_say(r, MOCK_ERROR_ELECTION_NOT_NEEDED,
                              "Leader election not needed for topic partition.");
    }
    if (unclean) {
        /* Nobody leads: any that is alive does, at the price of what it lacks. */
        return mock_partition_elect_unclean(broker, topic, index)
                   ? MOCK_ADMIN_OK
                   : mock_admin_say(r, MOCK_ERROR_ELIGIBLE_LEADERS_NOT_AVAILABLE,
                                    "Eligible topic partition leaders are not available.");
    }
    return mock_leader_move(broker, topic->name, index, preferred, NULL) == 0
               ? MOCK_ADMIN_OK
               : mock_admin_say(r, MOCK_ERROR_PREFERRED_LEADER_NOT_AVAILABLE,
                                "The preferred leader was not available.");
}

static bool is_election(int type) {
    return type == ELECTION_PREFERRED || type == ELECTION_UNCLEAN;
}

static void elect_topic(struct mock_request *r, struct base_slice name, const int32_t *indexes,
                        size_t count, int16_t override,
                        struct mock_elect_leaders_topic_result *out) {
    *out = (struct mock_elect_leaders_topic_result){.name = base_arena_slice(&r->arena, name)};
    out->partitions = base_arena_alloc_array(&r->arena, count, sizeof(*out->partitions));
    int type = r->u.elect_leaders.election_type;
    for (size_t i = 0; out->partitions && i < count; i++) {
        int32_t index = indexes ? indexes[i] : (int32_t)i;
        struct mock_admin_error error =
            override == MOCK_ERROR_INVALID_REQUEST && !is_election(type)
                ? mock_admin_say(r, override, "Unknown election type %d", type)
            : override ? mock_admin_code(override)
                       : elect(r, name, index);
        if (!indexes && error.code == MOCK_ERROR_ELECTION_NOT_NEEDED) {
            continue; /* of all partitions only those are told where something was to do */
        }
        out->partitions[out->partition_count++] =
            (struct mock_elect_leaders_partition_result){index, error.code, error.message};
        mock_admin_note(r, error.code);
    }
}

static void elect_all(struct mock_request *r, struct mock_elect_leaders_response *response) {
    const struct mock_broker *broker = r->connection->broker;
    size_t count = HASH_COUNT(broker->topics);
    response->topics = base_arena_alloc_array(&r->arena, count, sizeof(*response->topics));
    const struct mock_topic *t = response->topics ? broker->topics : NULL;
    for (; t && response->topic_count < count; t = t->hh.next) {
        elect_topic(r, base_slice_str(t->name), NULL, (size_t)t->partition_count, MOCK_ERROR_NONE,
                    &response->topics[response->topic_count++]);
    }
}

static void encode_elected(struct mock_request *r, int16_t override) {
    const struct mock_elect_leaders_request *q = &r->u.elect_leaders;
    struct mock_elect_leaders_response response = {.throttle_time_ms = r->throttle_ms};
    int16_t error = override;
    if (!error && !mock_request_may(r, MOCK_ACL_ALTER, MOCK_ACL_CLUSTER,
                                    base_slice_str(MOCK_ACL_CLUSTER_NAME))) {
        error = MOCK_ERROR_CLUSTER_AUTHORIZATION_FAILED;
    } else if (!error && !is_election(q->election_type)) {
        error = MOCK_ERROR_INVALID_REQUEST;
    }
    response.error_code = error;
    mock_admin_note(r, error);
    if (!q->all_topics) {
        response.topics =
            base_arena_alloc_array(&r->arena, q->topic_count, sizeof(*response.topics));
        for (size_t i = 0; response.topics && i < q->topic_count; i++) {
            elect_topic(r, q->topics[i].name, q->topics[i].partitions, q->topics[i].partition_count,
                        error, &response.topics[response.topic_count++]);
        }
    } else if (!error) {
        elect_all(r, &response);
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_elect_leaders_response_encode(b, r->header.api_version, &response);
}

void mock_elect_leaders_refuse(struct mock_request *r, int16_t error) {
    encode_elected(r, error);
}

void mock_elect_leaders_apply(struct mock_request *r) {
    encode_elected(r, MOCK_ERROR_NONE);
    mock_request_answered(r, r->error);
}

/* -- AlterPartitionReassignments (ReplicationControlManager.alterPartitionReassignment) -- */

int mock_alter_partition_reassignments_decode(struct mock_request *r, struct base_reader *body) {
    return mock_alter_partition_reassignments_request_decode(body, r->header.api_version, &r->arena,
                                                             &r->u.alter_partition_reassignments);
}

static struct mock_admin_error reassign(struct mock_request *r, struct base_slice name,
                                        const struct mock_reassign_partition *asked) {
    struct mock_broker *broker = r->connection->broker;
    struct mock_topic *topic = mock_topic_find(broker, name);
    if (!topic) {
        return mock_admin_say(r, MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION,
                              "Unable to find a topic named %.*s.", (int)name.len,
                              (const char *)name.data);
    }
    if (asked->index < 0 || asked->index >= topic->partition_count) {
        return mock_admin_say(r, MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION,
                              "Unable to find partition %s:%d.", topic->name, (int)asked->index);
    }
    if (asked->cancel) {
        return mock_admin_code(MOCK_ERROR_NO_REASSIGNMENT_IN_PROGRESS);
    }
    struct mock_admin_error error =
        mock_admin_check_replicas(r, asked->replicas, asked->replica_count, -1);
    if (error.code) {
        return error;
    }
    const struct mock_partition *p = &topic->partitions[asked->index];
    if (!r->u.alter_partition_reassignments.allow_replication_factor_change &&
        (int32_t)asked->replica_count != p->replicas.count) {
        return mock_admin_say(r, MOCK_ERROR_INVALID_REPLICATION_FACTOR,
                              "The replication factor is changed from %d to %zu",
                              (int)p->replicas.count, asked->replica_count);
    }
    struct base_error err = BASE_ERROR_INIT;
    int rc = mock_partition_reassign(broker, topic, asked->index, asked->replicas,
                                     (int32_t)asked->replica_count, &err);
    return rc < 0 ? mock_admin_say(r, MOCK_ERROR_INVALID_REPLICA_ASSIGNMENT, "%s", err.text)
                  : MOCK_ADMIN_OK;
}

static struct mock_admin_error may_reassign(struct mock_request *r,
                                            enum mock_acl_operation operation) {
    return mock_request_may(r, operation, MOCK_ACL_CLUSTER, base_slice_str(MOCK_ACL_CLUSTER_NAME))
               ? MOCK_ADMIN_OK
               : mock_admin_say(r, MOCK_ERROR_CLUSTER_AUTHORIZATION_FAILED,
                                "Cluster authorization failed.");
}

static void encode_reassigned(struct mock_request *r, int16_t override) {
    const struct mock_alter_partition_reassignments_request *q =
        &r->u.alter_partition_reassignments;
    struct mock_admin_error error =
        override ? mock_admin_code(override) : may_reassign(r, MOCK_ACL_ALTER);
    struct mock_alter_partition_reassignments_response response = {
        .throttle_time_ms = r->throttle_ms,
        .allow_replication_factor_change = q->allow_replication_factor_change,
        .error_code = error.code,
        .error_message = error.message,
    };
    mock_admin_note(r, error.code);
    response.topics = base_arena_alloc_array(&r->arena, q->topic_count, sizeof(*response.topics));
    for (size_t t = 0; response.topics && t < q->topic_count; t++) {
        const struct mock_reassign_topic *asked = &q->topics[t];
        struct mock_reassign_topic_result *topic = &response.topics[response.topic_count++];
        *topic = (struct mock_reassign_topic_result){.name = asked->name,
                                                     .partition_count = asked->partition_count};
        topic->partitions =
            base_arena_alloc_array(&r->arena, topic->partition_count, sizeof(*topic->partitions));
        for (size_t i = 0; topic->partitions && i < topic->partition_count; i++) {
            struct mock_admin_error e =
                error.code ? error : reassign(r, asked->name, &asked->partitions[i]);
            topic->partitions[i] = (struct mock_reassign_partition_result){
                asked->partitions[i].index, e.code, e.message};
            mock_admin_note(r, e.code);
        }
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_alter_partition_reassignments_response_encode(b, r->header.api_version, &response);
}

void mock_alter_partition_reassignments_refuse(struct mock_request *r, int16_t error) {
    encode_reassigned(r, error);
}

void mock_alter_partition_reassignments_apply(struct mock_request *r) {
    encode_reassigned(r, MOCK_ERROR_NONE);
    mock_request_answered(r, r->error);
}

/* -- ListPartitionReassignments: none is under way -- */

int mock_list_partition_reassignments_decode(struct mock_request *r, struct base_reader *body) {
    return mock_list_partition_reassignments_request_decode(body, r->header.api_version, &r->arena,
                                                            &r->u.list_partition_reassignments);
}

/* Kafka's refusal has what was asked for in it, as if it were under way. */
static void fill_refused(struct mock_request *r,
                         struct mock_list_partition_reassignments_response *response) {
    const struct mock_list_partition_reassignments_request *q = &r->u.list_partition_reassignments;
    response->topics = base_arena_alloc_array(&r->arena, q->topic_count, sizeof(*response->topics));
    for (size_t t = 0; response->topics && t < q->topic_count; t++) {
        struct mock_ongoing_topic *topic = &response->topics[response->topic_count++];
        size_t count = q->topics[t].partition_count;
        topic->name = q->topics[t].name;
        topic->partitions = base_arena_alloc_array(&r->arena, count, sizeof(*topic->partitions));
        topic->partition_count = topic->partitions ? count : 0;
        for (size_t i = 0; i < topic->partition_count; i++) {
            topic->partitions[i].index = q->topics[t].partitions[i];
        }
    }
}

static void encode_listed(struct mock_request *r, int16_t override) {
    struct mock_admin_error error =
        override ? mock_admin_code(override) : may_reassign(r, MOCK_ACL_DESCRIBE);
    struct mock_list_partition_reassignments_response response = {
        .throttle_time_ms = r->throttle_ms,
        .error_code = error.code,
        .error_message = error.message,
    };
    mock_admin_note(r, error.code);
    if (error.code) {
        fill_refused(r, &response);
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_list_partition_reassignments_response_encode(b, r->header.api_version, &response);
}

void mock_list_partition_reassignments_refuse(struct mock_request *r, int16_t error) {
    encode_listed(r, error);
}

void mock_list_partition_reassignments_apply(struct mock_request *r) {
    encode_listed(r, MOCK_ERROR_NONE);
    mock_request_answered(r, r->error);
}
