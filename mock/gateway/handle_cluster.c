/* DescribeCluster, DescribeLogDirs and ListConfigResources: what there is. */
#include <stdio.h>
#include <string.h>

#include "mock/gateway/admin.h"

static bool may_on_cluster(struct mock_request *r, enum mock_acl_operation operation) {
    return mock_request_may(r, operation, MOCK_ACL_CLUSTER, base_slice_str(MOCK_ACL_CLUSTER_NAME));
}

/* -- DescribeCluster (AuthHelper.computeDescribeClusterResponse) -- */

#define ENDPOINT_BROKER 1
#define ENDPOINT_CONTROLLER 2

int mock_describe_cluster_decode(struct mock_request *r, struct base_reader *body) {
    return mock_describe_cluster_request_decode(body, r->header.api_version, &r->arena,
                                                &r->u.describe_cluster);
}

static void list_brokers(struct mock_request *r, struct mock_described_broker *brokers,
                         struct mock_describe_cluster_response *response) {
    struct mock_broker *broker = r->connection->broker;
    const struct mock_listener *l = r->connection->listener;
    for (int32_t i = 0; i < broker->settings.brokers; i++) {
        const struct mock_node *node = &broker->nodes[i];
        if (node->stopped && !r->u.describe_cluster.include_fenced_brokers) {
            continue;
        }
        brokers[response->broker_count++] = (struct mock_described_broker){
            node->id, base_slice_str(l->advertise), l->sockets[i].port,
            mock_node_rack(broker, node->id), node->stopped};
        if (response->controller_id < 0 && !node->stopped) {
            response->controller_id = node->id;
        }
    }
}

static struct mock_admin_error check_endpoint(struct mock_request *r) {
    int8_t type = r->u.describe_cluster.endpoint_type;
    if (type == ENDPOINT_BROKER) {
        return MOCK_ADMIN_OK;
    }
    return type == ENDPOINT_CONTROLLER
               ? mock_admin_say(r, MOCK_ERROR_MISMATCHED_ENDPOINT_TYPE,
                                "The request was sent to an endpoint of type BROKER, but we wanted "
                                "an endpoint of type CONTROLLER")
               : mock_admin_say(r, MOCK_ERROR_UNSUPPORTED_ENDPOINT_TYPE,
                                "Unsupported endpoint type %d", type);
}

static void encode_cluster(struct mock_request *r, int16_t override) {
    struct mock_described_broker brokers[BASE_MAX_BROKERS];
    struct base_slice cluster = base_slice_str(MOCK_ACL_CLUSTER_NAME);
    struct mock_admin_error error = override ? mock_admin_code(override) : check_endpoint(r);
    struct mock_describe_cluster_response response = {
        .throttle_time_ms = r->throttle_ms,
        .error_code = error.code,
        .error_message = error.message,
        .endpoint_type = ENDPOINT_BROKER,
        .cluster_id = base_slice_str(error.code ? "" : MOCK_CLUSTER_ID),
        .controller_id = -1,
        .brokers = brokers,
        .authorized_operations = MOCK_OPERATIONS_UNKNOWN,
    };
    if (!error.code) {
        list_brokers(r, brokers, &response);
        if (r->u.describe_cluster.include_authorized_operations) {
            response.authorized_operations =
                may_on_cluster(r, MOCK_ACL_DESCRIBE)
                    ? mock_request_operations(r, MOCK_ACL_CLUSTER, cluster)
                    : 0;
        }
    }
    mock_admin_note(r, error.code);
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_describe_cluster_response_encode(b, r->header.api_version, &response);
}

void mock_describe_cluster_refuse(struct mock_request *r, int16_t error) {
    encode_cluster(r, error);
}

void mock_describe_cluster_apply(struct mock_request *r) {
    encode_cluster(r, MOCK_ERROR_NONE);
    mock_request_answered(r, r->error);
}

/* -- DescribeLogDirs: one folder, that a client can tell from another broker's -- */

int mock_describe_log_dirs_decode(struct mock_request *r, struct base_reader *body) {
    return mock_describe_log_dirs_request_decode(body, r->header.api_version, &r->arena,
                                                 &r->u.describe_log_dirs);
}

static void add_partition(struct mock_request *r, const struct mock_topic *topic, int32_t index,
                          struct mock_log_dir_topic *out) {
    bool known = index >= 0 && index < topic->partition_count;
    const struct mock_partition *p = known ? &topic->partitions[index] : NULL;
    const struct mock_replica *replica =
        p ? mock_replicas_find(&p->replicas, r->connection->node) : NULL;
    if (!replica) {
        return;
    }
    int64_t end = mock_replica_end(&p->replicas, replica, mock_log_end(p->log));
    int64_t lag = mock_partition_high_watermark(p) - end;
    out->partitions[out->partition_count++] = (struct mock_log_dir_partition){
        index, (int64_t)mock_log_bytes(p->log), lag > 0 ? lag : 0, false};
}

static void add_topic(struct mock_request *r, const struct mock_topic *topic,
                      const int32_t *indexes, size_t count, struct mock_log_dir *dir) {
    struct mock_log_dir_topic *out = &dir->topics[dir->topic_count];
    *out = (struct mock_log_dir_topic){.name = base_slice_str(topic->name)};
    out->partitions = base_arena_alloc_array(&r->arena, count, sizeof(*out->partitions));
    for (size_t i = 0; out->partitions && i < count; i++) {
        add_partition(r, topic, indexes ? indexes[i] : (int32_t)i, out);
    }
    dir->topic_count += out->partition_count > 0;
}

static void fill_dir(struct mock_request *r, struct mock_log_dir *dir) {
    const struct mock_describe_log_dirs_request *q = &r->u.describe_log_dirs;
    const struct mock_broker *broker = r->connection->broker;
    char path[32];
    (void)snprintf(path, sizeof(path), "/ktrial/broker-%d", (int)r->connection->node);
    *dir = (struct mock_log_dir){
        .path = base_slice_str(base_arena_strdup(&r->arena, path)),
        .total_bytes = (int64_t)broker->log_budget.max_bytes,
        .usable_bytes = (int64_t)(broker->log_budget.max_bytes - broker->log_budget.used_bytes),
    };
    size_t most = q->all_topics ? HASH_COUNT(broker->topics) : q->topic_count;
    dir->topics = base_arena_alloc_array(&r->arena, most, sizeof(*dir->topics));
    const struct mock_topic *t = dir->topics && q->all_topics ? broker->topics : NULL;
    for (; t; t = t->hh.next) {
        add_topic(r, t, NULL, (size_t)t->partition_count, dir);
    }
    for (size_t i = 0; dir->topics && i < q->topic_count; i++) {
        t = mock_topic_find(broker, q->topics[i].name);
        if (t) {
            add_topic(r, t, q->topics[i].partitions, q->topics[i].partition_count, dir);
        }
    }
}

static void encode_dirs(struct mock_request *r, int16_t override) {
    struct mock_log_dir dir;
    int16_t error = override ? override
                    : may_on_cluster(r, MOCK_ACL_DESCRIBE)
                        ? MOCK_ERROR_NONE
                        : MOCK_ERROR_CLUSTER_AUTHORIZATION_FAILED;
    struct mock_describe_log_dirs_response response = {r->throttle_ms, error, &dir, 0};
    if (!error) {
        fill_dir(r, &dir);
        response.dir_count = 1;
    }
    mock_admin_note(r, error);
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_describe_log_dirs_response_encode(b, r->header.api_version, &response);
}

void mock_describe_log_dirs_refuse(struct mock_request *r, int16_t error) {
    encode_dirs(r, error);
}

void mock_describe_log_dirs_apply(struct mock_request *r) {
    encode_dirs(r, MOCK_ERROR_NONE);
    mock_request_answered(r, r->error);
}

/* -- ListConfigResources: version 0 asks for client metrics, which nobody has -- */

#define FIRST_TYPES_VERSION 1

int mock_list_config_resources_decode(struct mock_request *r, struct base_reader *body) {
    return mock_list_config_resources_request_decode(body, r->header.api_version, &r->arena,
                                                     &r->u.list_config_resources);
}

static bool wants(const struct mock_request *r, int8_t type) {
    const struct mock_list_config_resources_request *q = &r->u.list_config_resources;
    bool wanted = r->header.api_version >= FIRST_TYPES_VERSION && q->type_count == 0;
    for (size_t i = 0; i < q->type_count && !wanted; i++) {
        wanted = q->types[i] == type;
    }
    return wanted;
}

static bool is_listable(int8_t type) {
    return type == MOCK_RESOURCE_TOPIC || type == MOCK_RESOURCE_BROKER ||
           type == MOCK_RESOURCE_BROKER_LOGGER || type == MOCK_RESOURCE_CLIENT_METRICS ||
           type == MOCK_RESOURCE_GROUP;
}

static void list_resources(struct mock_request *r,
                           struct mock_list_config_resources_response *response) {
    const struct mock_broker *broker = r->connection->broker;
    size_t most = HASH_COUNT(broker->topics) + 2 * (size_t)broker->settings.brokers;
    response->resources = base_arena_alloc_array(&r->arena, most, sizeof(*response->resources));
    if (!response->resources) {
        return;
    }
    const struct mock_topic *t = wants(r, MOCK_RESOURCE_TOPIC) ? broker->topics : NULL;
    for (; t; t = t->hh.next) {
        response->resources[response->resource_count++] =
            (struct mock_config_resource){base_slice_str(t->name), MOCK_RESOURCE_TOPIC};
    }
    for (int32_t i = 0; i < broker->settings.brokers; i++) {
        char id[16];
        (void)snprintf(id, sizeof(id), "%d", (int)broker->nodes[i].id);
        struct base_slice name = base_slice_str(base_arena_strdup(&r->arena, id));
        static const int8_t types[] = {MOCK_RESOURCE_BROKER, MOCK_RESOURCE_BROKER_LOGGER};
        for (int k = 0; k < 2; k++) {
            if (wants(r, types[k])) {
                response->resources[response->resource_count++] =
                    (struct mock_config_resource){name, types[k]};
            }
        }
    }
}

static void encode_resources(struct mock_request *r, int16_t override) {
    const struct mock_list_config_resources_request *q = &r->u.list_config_resources;
    int16_t error = override;
    if (!error && !may_on_cluster(r, MOCK_ACL_DESCRIBE_CONFIGS)) {
        error = MOCK_ERROR_CLUSTER_AUTHORIZATION_FAILED;
    }
    for (size_t i = 0; i < q->type_count && !error; i++) {
        error = is_listable(q->types[i]) ? error : MOCK_ERROR_UNSUPPORTED_VERSION;
    }
    struct mock_list_config_resources_response response = {r->throttle_ms, error, NULL, 0};
    if (!error) {
        list_resources(r, &response);
    }
    mock_admin_note(r, error);
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_list_config_resources_response_encode(b, r->header.api_version, &response);
}

void mock_list_config_resources_refuse(struct mock_request *r, int16_t error) {
    encode_resources(r, error);
}

void mock_list_config_resources_apply(struct mock_request *r) {
    encode_resources(r, MOCK_ERROR_NONE);
    mock_request_answered(r, r->error);
}
