/*
 * Metadata: which brokers there are (ours), which topics, and who leads (the mock cluster says).
 * Every address is the gateway's own, on the listener that the question came in by.
 */
#include <string.h>

#include "base/memory.h"
#include "mock/gateway/handlers.h"

#define UPSTREAM_VERSION 2

static bool has_id(const struct mock_metadata_request_topic *topic) {
    static const struct mock_uuid none;
    return memcmp(&topic->id, &none, sizeof(none)) != 0;
}

/* -- the question to the mock cluster: the topics that exist, by its own names -- */

static bool may_create(const struct mock_request *r) {
    return r->connection->broker->settings.auto_create_topics_enable &&
           r->u.metadata.allow_auto_topic_creation && !r->u.metadata.all_topics;
}

/* Who may not describe a topic does not learn whether it exists. */
static bool is_visible(const struct mock_request *r, struct base_slice name) {
    return mock_request_would(r, MOCK_ACL_DESCRIBE, MOCK_ACL_TOPIC, name);
}

static struct mock_topic *find_visible(const struct mock_request *r, struct base_slice name) {
    bool visible = !base_slice_is_null(name) && is_visible(r, name);
    return visible ? mock_topic_find(r->connection->broker, name) : NULL;
}

static bool creates_any(const struct mock_request *r) {
    return mock_request_would(r, MOCK_ACL_CREATE, MOCK_ACL_CLUSTER,
                              base_slice_str(MOCK_ACL_CLUSTER_NAME));
}

/* How many topics the mock cluster is asked for. */
static size_t count_known(struct mock_request *r) {
    const struct mock_broker *broker = r->connection->broker;
    const struct mock_metadata_request *q = &r->u.metadata;
    size_t known = 0;
    for (const struct mock_topic *t = q->all_topics ? broker->topics : NULL; t; t = t->hh.next) {
        known += is_visible(r, base_slice_str(t->name));
    }
    for (size_t i = 0; i < q->topic_count; i++) {
        known += find_visible(r, q->topics[i].name) != NULL;
    }
    return known;
}

/* The answer still says that they are not there, as Kafka's does while its controller makes them: a
 * client has to ask again. */
static void create_missing(struct mock_request *r) {
    struct mock_broker *broker = r->connection->broker;
    const struct mock_metadata_request *q = &r->u.metadata;
    for (size_t i = 0; i < q->topic_count; i++) {
        struct base_slice name = q->topics[i].name;
        if (base_slice_is_null(name) ||
            !mock_request_may(r, MOCK_ACL_DESCRIBE, MOCK_ACL_TOPIC, name)) {
            continue;
        }
        if (!mock_topic_find(broker, name) && may_create(r) && mock_topic_name_is_legal(name) &&
            !mock_topic_name_is_internal(name) &&
            (creates_any(r) || mock_request_may(r, MOCK_ACL_CREATE, MOCK_ACL_TOPIC, name))) {
            (void)mock_topic_create_slice(broker, name, NULL);
        }
    }
}

static void put_name(struct base_builder *b, const struct mock_topic *topic) {
    base_put_i16(b, (int16_t)strlen(topic->mock_name));
    base_put_str(b, topic->mock_name);
}

static void put_upstream(struct base_builder *b, const struct mock_request *r, size_t known) {
    const struct mock_metadata_request *q = &r->u.metadata;
    const struct mock_broker *broker = r->connection->broker;
    base_put_i32(b, (int32_t)known);
    for (const struct mock_topic *t = q->all_topics ? broker->topics : NULL; t; t = t->hh.next) {
        if (is_visible(r, base_slice_str(t->name))) {
            put_name(b, t);
        }
    }
    for (size_t i = 0; i < q->topic_count; i++) {
        const struct mock_topic *t = mock_topic_find(broker, q->topics[i].name);
        if (t && is_visible(r, q->topics[i].name)) {
            put_name(b, t);
        }
    }
}

/* -- the answer -- */

static size_t list_brokers(struct mock_request *r, struct mock_metadata_broker *brokers,
                           int32_t *ret_controller) {
    struct mock_broker *broker = r->connection->broker;
    const struct mock_listener *l = r->connection->listener;
    size_t count = 0;
    *ret_controller = -1;
    for (int32_t i = 0; i < broker->settings.brokers; i++) {
        struct mock_node *node = &broker->nodes[i];
        if (node->stopped) {
            continue;
        }
        brokers[count++] =
            (struct mock_metadata_broker){node->id, base_slice_str(l->advertise),
                                          l->sockets[i].port, mock_node_rack(broker, node->id)};
        *ret_controller = *ret_controller < 0 ? node->id : *ret_controller;
    }
    return count;
}

/* Who leads, who has it, who is in sync, who is dead. */
static void fill_replicas(struct mock_request *r, const struct mock_partition *partition,
                          struct mock_metadata_partition *out) {
    const struct mock_replicas *replicas = &partition->replicas;
    out->leader_id = partition->leader;
    out->leader_epoch = partition->leader_epoch;
    out->error_code =
        partition->leader == MOCK_NO_LEADER ? MOCK_ERROR_LEADER_NOT_AVAILABLE : MOCK_ERROR_NONE;
    size_t count = (size_t)replicas->count;
    out->replicas = base_arena_alloc_array(&r->arena, count, sizeof(*out->replicas));
    out->isr = base_arena_alloc_array(&r->arena, count, sizeof(*out->isr));
    out->offline = base_arena_alloc_array(&r->arena, count, sizeof(*out->offline));
    out->replica_count = out->isr_count = out->offline_count = 0;
    for (size_t i = 0; out->replicas && out->isr && out->offline && i < count; i++) {
        const struct mock_replica *replica = &replicas->all[i];
        out->replicas[out->replica_count++] = replica->broker;
        if (replica->in_sync) {
            out->isr[out->isr_count++] = replica->broker;
        }
        if (!replica->alive) {
            out->offline[out->offline_count++] = replica->broker;
        }
    }
}

static void fill_topic(struct mock_request *r, struct mock_topic *topic,
                       const struct mock_metadata_topic *said, struct mock_metadata_topic *out) {
    *out = (struct mock_metadata_topic){
        .error_code = said->error_code,
        .name = base_slice_str(topic->name),
        .id = topic->id,
        .authorized_operations =
            r->u.metadata.include_topic_operations
                ? mock_request_operations(r, MOCK_ACL_TOPIC, base_slice_str(topic->name))
                : MOCK_OPERATIONS_UNKNOWN,
    };
    out->partition_count = said->partition_count;
    out->partitions =
        base_arena_alloc_array(&r->arena, said->partition_count, sizeof(*out->partitions));
    for (size_t i = 0; out->partitions && i < said->partition_count; i++) {
        struct mock_metadata_partition *p = &out->partitions[i];
        *p = said->partitions[i];
        if (p->index >= 0 && p->index < topic->partition_count) {
            fill_replicas(r, &topic->partitions[p->index], p);
        }
    }
}

/* What the mock says of a topic: in the order asked; looked for when it is not. */
static const struct mock_metadata_topic *said_of(const struct mock_metadata_response *said,
                                                 size_t hint, const struct mock_topic *topic) {
    for (size_t i = 0; i < said->topic_count; i++) {
        const struct mock_metadata_topic *t = &said->topics[(hint + i) % said->topic_count];
        if (base_slice_equal_str(t->name, topic->mock_name)) {
            return t;
        }
    }
    return NULL;
}

static int16_t absence(const struct mock_request *r, struct base_slice name) {
    if (base_slice_is_null(name)) {
        return MOCK_ERROR_UNKNOWN_TOPIC_ID;
    }
    if (!is_visible(r, name) || (may_create(r) && !creates_any(r) &&
                                 !mock_request_would(r, MOCK_ACL_CREATE, MOCK_ACL_TOPIC, name))) {
        return MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED;
    }
    return mock_topic_name_is_legal(name) ? MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION
                                          : MOCK_ERROR_INVALID_TOPIC_EXCEPTION;
}

static void fill_topics(struct mock_request *r, const struct mock_metadata_response *said,
                        struct mock_metadata_response *out) {
    const struct mock_metadata_request *q = &r->u.metadata;
    struct mock_broker *broker = r->connection->broker;
    size_t at = 0;
    size_t most = q->all_topics ? said->topic_count : q->topic_count;
    out->topics = base_arena_alloc_array(&r->arena, most, sizeof(*out->topics));
    if (!out->topics) {
        return;
    }
    struct mock_topic *t = q->all_topics ? broker->topics : NULL;
    for (; t && out->topic_count < most; t = t->hh.next) {
        const struct mock_metadata_topic *s = said_of(said, at++, t);
        if (s) {
            fill_topic(r, t, s, &out->topics[out->topic_count++]);
        }
    }
    for (size_t i = 0; i < q->topic_count; i++) {
        t = find_visible(r, q->topics[i].name);
        struct mock_metadata_topic *o = &out->topics[out->topic_count++];
        const struct mock_metadata_topic *s = t ? said_of(said, at++, t) : NULL;
        if (s) {
            fill_topic(r, t, s, o);
        } else {
            *o = (struct mock_metadata_topic){
                .error_code = absence(r, q->topics[i].name),
                .name = has_id(&q->topics[i]) ? BASE_SLICE_NULL : q->topics[i].name,
                .id = q->topics[i].id,
                .authorized_operations = MOCK_OPERATIONS_UNKNOWN,
            };
        }
        r->error = r->error ? r->error : o->error_code;
    }
}

static int32_t cluster_operations(struct mock_request *r) {
    struct base_slice cluster = base_slice_str(MOCK_ACL_CLUSTER_NAME);
    if (!r->u.metadata.include_cluster_operations) {
        return MOCK_OPERATIONS_UNKNOWN;
    }
    return mock_request_may(r, MOCK_ACL_DESCRIBE, MOCK_ACL_CLUSTER, cluster)
               ? mock_request_operations(r, MOCK_ACL_CLUSTER, cluster)
               : 0;
}

static void encode(struct mock_request *r, const struct mock_metadata_response *said) {
    struct mock_metadata_broker brokers[BASE_MAX_BROKERS];
    struct mock_metadata_response response = {
        .throttle_time_ms = r->throttle_ms,
        .brokers = brokers,
        .cluster_id = base_slice_str(MOCK_CLUSTER_ID),
        .authorized_operations = cluster_operations(r),
    };
    response.broker_count = list_brokers(r, brokers, &response.controller_id);
    fill_topics(r, said, &response);
    if (r->arena.failed) {
        mock_request_fail(r, "no memory");
        return;
    }
    mock_metadata_response_encode(mock_request_answer(r), r->header.api_version, &response);
    mock_request_answered(r, r->error);
}

static void upstream_answered(void *arg, struct base_reader *answer, bool failed) {
    struct mock_request *r = arg;
    struct mock_metadata_response said;
    r->upstream_calls--;
    if (mock_request_abandoned(r)) {
        return;
    }
    if (failed || mock_metadata_response_decode(answer, UPSTREAM_VERSION, &r->arena, &said) < 0) {
        mock_request_fail(r, "broker down");
        return;
    }
    encode(r, &said);
}

void mock_metadata_apply(struct mock_request *r) {
    if (r->error) {
        int16_t error = r->error;
        mock_metadata_refuse(r, error);
        mock_request_answered(r, error);
        return;
    }
    struct base_builder body;
    base_builder_init(&body, BASE_MAX_FRAME_BYTES);
    size_t known = count_known(r);
    if (known == 0) {
        /* An empty list would ask the mock for everything. */
        create_missing(r);
        encode(r, &(struct mock_metadata_response){0});
        return;
    }
    put_upstream(&body, r, known);
    create_missing(r);
    struct mock_node *node = mock_node_get(r->connection->broker, r->connection->node);
    int rc =
        mock_upstream_send(node, MOCK_API_METADATA, UPSTREAM_VERSION, &body, upstream_answered, r);
    base_builder_clean_up(&body);
    if (rc < 0) {
        mock_request_fail(r, rc == BASE_IO ? "broker down" : "no memory");
        return;
    }
    r->upstream_calls++;
}

void mock_metadata_refuse(struct mock_request *r, int16_t error) {
    const struct mock_metadata_request *q = &r->u.metadata;
    struct mock_metadata_broker brokers[BASE_MAX_BROKERS];
    struct mock_metadata_response response = {
        .throttle_time_ms = r->throttle_ms,
        .brokers = brokers,
        .cluster_id = base_slice_str(MOCK_CLUSTER_ID),
        .topic_count = q->topic_count,
        .authorized_operations = MOCK_OPERATIONS_UNKNOWN,
        .error_code = error,
    };
    if (error == MOCK_ERROR_ILLEGAL_SASL_STATE) {
        /* Who is not logged in learns nothing (MetadataRequest.getErrorResponse). */
        response.cluster_id = BASE_SLICE_NULL;
        response.controller_id = -1;
    } else {
        response.broker_count = list_brokers(r, brokers, &response.controller_id);
    }
    response.topics = base_arena_alloc_array(&r->arena, q->topic_count, sizeof(*response.topics));
    for (size_t i = 0; response.topics && i < q->topic_count; i++) {
        response.topics[i] = (struct mock_metadata_topic){
            .error_code = error,
            .name = base_slice_is_null(q->topics[i].name) ? base_slice_str("") : q->topics[i].name,
            .id = q->topics[i].id,
            .authorized_operations = MOCK_OPERATIONS_UNKNOWN,
        };
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_metadata_response_encode(b, r->header.api_version, &response);
}
