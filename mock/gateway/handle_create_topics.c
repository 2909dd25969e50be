/*
 * CreateTopics: new topics, with Kafka's checks in Kafka's order (ReplicationControlManager.
 * createTopics): all names first, then each topic's settings, then its partitions and replicas.
 */
#include <inttypes.h>
#include <string.h>

#include "mock/gateway/admin.h"
#include "mock/wire/describe_configs.h"

/* Kafka's limit for the partitions of all topics of one request. */
#define MAX_NEW_PARTITIONS 10000

struct plan {
    struct mock_topic_options options;
    struct mock_placement *placements; /* NULL: dealt out */
    int32_t replicas;
};

int mock_create_topics_decode(struct mock_request *r, struct base_reader *body) {
    return mock_create_topics_request_decode(body, r->header.api_version, &r->arena,
                                             &r->u.create_topics);
}

static struct base_slice name_at(const void *items, size_t i) {
    return ((const struct mock_create_topic *)items)[i].name;
}

/* -- checks -- */

static bool may_create(struct mock_request *r, struct base_slice name) {
    return mock_request_would(r, MOCK_ACL_CREATE, MOCK_ACL_CLUSTER,
                              base_slice_str(MOCK_ACL_CLUSTER_NAME)) ||
           mock_request_may(r, MOCK_ACL_CREATE, MOCK_ACL_TOPIC, name);
}

static struct mock_admin_error check_name(struct mock_request *r, struct base_slice name) {
    const struct mock_broker *broker = r->connection->broker;
    int len = (int)name.len;
    const char *text = name.data ? (const char *)name.data : "";
    if (base_slice_equal_str(name, "__cluster_metadata")) {
        return mock_admin_say(r, MOCK_ERROR_INVALID_REQUEST,
                              "Creation of internal topic %.*s is prohibited.", len, text);
    }
    if (!may_create(r, name)) {
        return mock_admin_say(r, MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED, "Authorization failed.");
    }
    if (mock_topic_find(broker, name)) {
        return mock_admin_say(r, MOCK_ERROR_TOPIC_ALREADY_EXISTS, "Topic '%.*s' already exists.",
                              len, text);
    }
    struct mock_admin_error error = mock_admin_check_name(r, name);
    if (error.code) {
        return error;
    }
    const struct mock_topic *other = mock_topic_collision(broker, name);
    return other ? mock_admin_say(r, MOCK_ERROR_INVALID_TOPIC_EXCEPTION,
                                  "Topic '%.*s' collides with existing topic: %s", len, text,
                                  other->name)
                 : MOCK_ADMIN_OK;
}

static struct mock_admin_error check_configs(struct mock_request *r,
                                             const struct mock_create_topic *topic,
                                             struct mock_log_config *log) {
    struct base_builder nulls;
    base_builder_init(&nulls, 4 * BASE_KIB);
    for (size_t i = 0; i < topic->config_count; i++) {
        if (base_slice_is_null(topic->configs[i].value)) {
            base_put_str(&nulls, nulls.len ? "," : "");
            base_put_slice(&nulls, topic->configs[i].name);
        }
    }
    struct mock_admin_error error = MOCK_ADMIN_OK;
    if (nulls.len) {
        error = mock_admin_say(r, MOCK_ERROR_INVALID_CONFIG,
                               "Null value not supported for topic configs: %.*s", (int)nulls.len,
                               (const char *)nulls.data);
    }
    base_builder_clean_up(&nulls);
    struct base_error err = BASE_ERROR_INIT;
    int rc = 0;
    for (size_t i = 0; i < topic->config_count && !error.code && rc == 0; i++) {
        rc = mock_log_config_alter(log, topic->configs[i].name, topic->configs[i].value, &err);
    }
    rc = rc < 0 || error.code ? rc : mock_log_config_check_altered(log, &err);
    return rc < 0 ? mock_admin_invalid_config(r, &err) : error;
}

/* A manual assignment: every partition from 0 on, once, with as many replicas each. */
static struct mock_admin_error
plan_manual(struct mock_request *r, const struct mock_create_topic *topic, struct plan *plan) {
    if (topic->replication_factor != -1) {
        return mock_admin_say(r, MOCK_ERROR_INVALID_REQUEST,
                              "A manual partition assignment was specified, but replication "
                              "factor was not set to -1.");
    }
    if (topic->partition_count != -1) {
        return mock_admin_say(r, MOCK_ERROR_INVALID_REQUEST,
                              "A manual partition assignment was specified, but numPartitions was "
                              "not set to -1.");
    }
    size_t count = topic->assignment_count;
    plan->placements = base_arena_alloc_array(&r->arena, count, sizeof(*plan->placements));
    if (!plan->placements) {
        return mock_admin_code(MOCK_ERROR_UNKNOWN_SERVER_ERROR);
    }
    plan->replicas = -1;
    bool consecutive = true;
    for (size_t i = 0; i < count; i++) {
        const struct mock_create_assignment *a = &topic->assignments[i];
        bool inside = a->index >= 0 && (size_t)a->index < count;
        if (inside && plan->placements[a->index].count > 0) {
            return mock_admin_say(r, MOCK_ERROR_INVALID_REPLICA_ASSIGNMENT,
                                  "Found multiple manual partition assignments for partition %d",
                                  (int)a->index);
        }
        struct mock_admin_error error =
            mock_admin_check_replicas(r, a->brokers, a->broker_count, plan->replicas);
        if (error.code) {
            return error;
        }
        plan->replicas = (int32_t)a->broker_count;
        consecutive = consecutive && inside;
        if (inside) {
            plan->placements[a->index] = (struct mock_placement){a->brokers, plan->replicas};
        }
    }
    plan->options.partitions = (int32_t)count;
    return consecutive ? MOCK_ADMIN_OK
                       : mock_admin_say(r, MOCK_ERROR_INVALID_REPLICA_ASSIGNMENT,
                                        "partitions should be a consecutive 0-based integer "
                                        "sequence");
}

/* As mock_partition_place deals them out. */
static int32_t default_replicas(const struct mock_broker *broker) {
    int32_t factor = broker->settings.default_replication_factor;
    int32_t usual = broker->settings.brokers < 3 ? broker->settings.brokers : 3;
    return factor ? factor : usual;
}

static struct mock_admin_error
plan_counts(struct mock_request *r, const struct mock_create_topic *topic, struct plan *plan) {
    const struct mock_broker *broker = r->connection->broker;
    int16_t replicas = topic->replication_factor;
    if (replicas < -1 || replicas == 0) {
        return mock_admin_say(r, MOCK_ERROR_INVALID_REPLICATION_FACTOR,
                              "Replication factor must be larger than 0, or -1 to use the default "
                              "value.");
    }
    if (topic->partition_count < -1 || topic->partition_count == 0) {
        return mock_admin_say(r, MOCK_ERROR_INVALID_PARTITIONS,
                              "Number of partitions was set to an invalid non-positive value.");
    }
    if (replicas > broker->settings.brokers) {
        return mock_admin_say(
            r, MOCK_ERROR_INVALID_REPLICATION_FACTOR,
            "Unable to replicate the partition %d time(s): The target replication "
            "factor of %d cannot be reached because only %d broker(s) are "
            "registered or some brokers have all their log directories "
            "cordoned.",
            replicas, replicas, (int)broker->settings.brokers);
    }
    plan->replicas = replicas == -1 ? default_replicas(broker) : replicas;
    plan->options.partitions =
        topic->partition_count == -1 ? broker->settings.num_partitions : topic->partition_count;
    return MOCK_ADMIN_OK;
}

/* Our own limits, that Kafka does not have. */
static struct mock_admin_error check_limits(struct mock_request *r, struct base_slice name,
                                            const struct plan *plan) {
    struct base_error err = BASE_ERROR_INIT;
    int rc = mock_topic_check(r->connection->broker, name, &plan->options, &err);
    return rc == 0 ? MOCK_ADMIN_OK
                   : mock_admin_say(r,
                                    rc == BASE_USAGE ? MOCK_ERROR_INVALID_PARTITIONS
                                                     : MOCK_ERROR_POLICY_VIOLATION,
                                    "%s", err.text);
}

static struct mock_admin_error make_plan(struct mock_request *r,
                                         const struct mock_create_topic *topic, struct plan *plan) {
    *plan = (struct plan){.options = MOCK_TOPIC_OPTIONS_INIT};
    struct mock_admin_error error = check_configs(r, topic, &plan->options.log);
    if (error.code) {
        return error;
    }
    error = topic->assignment_count > 0 ? plan_manual(r, topic, plan) : plan_counts(r, topic, plan);
    plan->options.replication_factor = plan->replicas;
    return error.code ? error : check_limits(r, topic->name, plan);
}

/* -- the answer -- */

static void fill_configs(struct mock_request *r, const struct plan *plan,
                         struct mock_created_topic *out) {
    size_t count = 0;
    struct mock_admin_config *configs = mock_admin_topic_configs(r, &plan->options.log, &count);
    out->configs = base_arena_alloc_array(&r->arena, count, sizeof(*out->configs));
    for (size_t i = 0; configs && out->configs && i < count; i++) {
        out->configs[out->config_count++] = (struct mock_created_config){
            .name = base_slice_str(configs[i].name),
            .value = base_slice_str(configs[i].value),
            .source = configs[i].source,
        };
    }
}

static void create_one(struct mock_request *r, const struct mock_create_topic *topic,
                       struct mock_created_topic *out) {
    struct plan plan;
    struct mock_admin_error error = make_plan(r, topic, &plan);
    if (!error.code && r->u.create_topics.validate_only) {
        /* Kafka's controller draws an id, and then makes nothing of it. */
        out->id = mock_topic_next_id(r->connection->broker);
    } else if (!error.code) {
        struct mock_topic *made = NULL;
        struct base_error err = BASE_ERROR_INIT;
        int rc = mock_topic_make(r->connection->broker, topic->name, &plan.options, plan.placements,
                                 &made, &err);
        if (rc < 0) {
            error = mock_admin_say(r, MOCK_ERROR_UNKNOWN_SERVER_ERROR, "%s", err.text);
        } else {
            out->id = made->id;
        }
    }
    out->error_code = error.code;
    out->error_message = error.message;
    if (error.code) {
        return;
    }
    if (mock_request_would(r, MOCK_ACL_DESCRIBE_CONFIGS, MOCK_ACL_TOPIC, topic->name)) {
        out->partition_count = plan.options.partitions;
        out->replication_factor = (int16_t)plan.replicas;
        fill_configs(r, &plan, out);
    } else {
        out->has_configs = false;
    }
}

static bool is_excessive(const struct mock_request *r) {
    const struct mock_create_topics_request *q = &r->u.create_topics;
    int64_t total = 0;
    for (size_t i = 0; i < q->topic_count; i++) {
        const struct mock_create_topic *t = &q->topics[i];
        total += t->assignment_count      ? (int64_t)t->assignment_count
                 : t->partition_count < 0 ? r->connection->broker->settings.num_partitions
                                          : t->partition_count;
    }
    return total > MAX_NEW_PARTITIONS;
}

static void refuse_all(struct mock_request *r, struct mock_create_topics_response *response,
                       struct mock_admin_error error) {
    for (size_t i = 0; i < response->topic_count; i++) {
        response->topics[i].error_code = error.code;
        response->topics[i].error_message = error.message;
    }
    mock_admin_note(r, error.code);
}

/* Names that occur twice have one answer, after the others. */
static void create_all(struct mock_request *r, struct mock_create_topics_response *response) {
    const struct mock_create_topics_request *q = &r->u.create_topics;
    uint8_t *place = mock_admin_repeats(r, q->topic_count, name_at, q->topics);
    struct mock_created_topic *out = response->topics;
    size_t count = 0;
    const struct mock_create_topic **asked =
        base_arena_alloc_array(&r->arena, q->topic_count, sizeof(*asked));
    if (!place || !asked) {
        return;
    }
    for (size_t i = 0; i < q->topic_count; i++) {
        if (place[i] == 0) {
            out[count] = out[i];
            struct mock_admin_error error = check_name(r, q->topics[i].name);
            out[count].name = q->topics[i].name;
            out[count].error_code = error.code;
            out[count].error_message = error.message;
            asked[count++] = &q->topics[i];
        }
    }
    size_t single = count;
    for (size_t i = 0; i < single; i++) {
        if (!out[i].error_code) {
            create_one(r, asked[i], &out[i]);
        }
        mock_admin_note(r, out[i].error_code);
    }
    for (size_t i = 0; i < q->topic_count; i++) {
        if (place[i] == 1) {
            out[count++] = (struct mock_created_topic){
                .name = q->topics[i].name,
                .error_code = MOCK_ERROR_INVALID_REQUEST,
                .error_message = base_slice_str("Duplicate topic name."),
                .partition_count = -1,
                .replication_factor = -1,
                .has_configs = true,
            };
            mock_admin_note(r, MOCK_ERROR_INVALID_REQUEST);
        }
    }
    response->topic_count = count;
}

static void encode(struct mock_request *r, int16_t override) {
    const struct mock_create_topics_request *q = &r->u.create_topics;
    struct mock_create_topics_response response = {r->throttle_ms, NULL, q->topic_count};
    response.topics = base_arena_alloc_array(&r->arena, q->topic_count, sizeof(*response.topics));
    for (size_t i = 0; response.topics && i < q->topic_count; i++) {
        response.topics[i] = (struct mock_created_topic){.name = q->topics[i].name,
                                                         .error_code = override,
                                                         .partition_count = -1,
                                                         .replication_factor = -1,
                                                         .has_configs = true};
    }
    if (response.topics && !override) {
        if (is_excessive(r)) {
            refuse_all(r, &response,
                       mock_admin_say(r, MOCK_ERROR_POLICY_VIOLATION,
                                      "Excessively large number of partitions per request."));
        } else {
            create_all(r, &response);
        }
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_create_topics_response_encode(b, r->header.api_version, &response);
}

void mock_create_topics_refuse(struct mock_request *r, int16_t error) {
    encode(r, error);
}

void mock_create_topics_apply(struct mock_request *r) {
    encode(r, MOCK_ERROR_NONE);
    mock_request_answered(r, r->error);
}
