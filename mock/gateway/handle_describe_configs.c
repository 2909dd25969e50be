/*
 * DescribeConfigs (ConfigHelper): the settings of topics, of the broker that is asked, and of
 * groups. There are no loggers whose level could be told, and no subscriptions to client metrics.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mock/gateway/admin.h"

int mock_describe_configs_decode(struct mock_request *r, struct base_reader *body) {
    return mock_describe_configs_request_decode(body, r->header.api_version, &r->arena,
                                                &r->u.describe_configs);
}

/* -- one setting -- */

static void add_synonym(struct mock_described_config *out, const char *name, const char *value,
                        int8_t source) {
    out->synonyms[out->synonym_count++] =
        (struct mock_config_synonym){base_slice_str(name), base_slice_str(value), source};
}

/* The topic's own value, the broker's, the default: those that there are, in this order. */
static void add_synonyms(struct mock_request *r, const struct mock_admin_config *c,
                         struct mock_described_config *out) {
    out->synonyms = base_arena_alloc_array(&r->arena, 3, sizeof(*out->synonyms));
    if (!out->synonyms) {
        return;
    }
    if (c->source == MOCK_CONFIG_SOURCE_TOPIC) {
        add_synonym(out, c->name, c->value, MOCK_CONFIG_SOURCE_TOPIC);
    }
    if (c->synonym && c->broker_value) {
        add_synonym(out, c->synonym, c->broker_value, MOCK_CONFIG_SOURCE_STATIC_BROKER);
    }
    if (c->synonym && c->default_value) {
        add_synonym(out, c->synonym, c->default_value, MOCK_CONFIG_SOURCE_DEFAULT);
    }
}

static bool is_asked(const struct mock_describe_configs_resource *asked, const char *name) {
    bool all = asked->all_keys || asked->key_count == 0;
    for (size_t i = 0; i < asked->key_count && !all; i++) {
        all = base_slice_equal_str(asked->keys[i], name);
    }
    return all;
}

static void fill(struct mock_request *r, const struct mock_describe_configs_resource *asked,
                 const struct mock_admin_config *configs, size_t count,
                 struct mock_described_resource *out) {
    const struct mock_describe_configs_request *q = &r->u.describe_configs;
    out->configs = base_arena_alloc_array(&r->arena, count, sizeof(*out->configs));
    for (size_t i = 0; configs && out->configs && i < count; i++) {
        const struct mock_admin_config *c = &configs[i];
        if (!is_asked(asked, c->name)) {
            continue;
        }
        struct mock_described_config *d = &out->configs[out->config_count++];
        *d = (struct mock_described_config){
            .name = base_slice_str(c->name),
            .value = base_slice_str(c->value),
            .read_only = c->read_only,
            .source = c->source,
            .type = c->type,
            .documentation = q->include_documentation ? base_slice_str(c->help) : BASE_SLICE_NULL,
        };
        if (q->include_synonyms) {
            add_synonyms(r, c, d);
        }
    }
}

/* -- resources -- */

static struct mock_admin_error describe_topic(struct mock_request *r,
                                              const struct mock_describe_configs_resource *asked,
                                              struct mock_described_resource *out) {
    struct mock_admin_error error = mock_admin_check_name(r, asked->name);
    if (error.code) {
        return error;
    }
    const struct mock_topic *topic = mock_topic_find(r->connection->broker, asked->name);
    if (!topic) {
        return mock_admin_code(MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION);
    }
    size_t count = 0;
    struct mock_admin_config *configs = mock_admin_topic_configs(r, &topic->options.log, &count);
    fill(r, asked, configs, count, out);
    return MOCK_ADMIN_OK;
}

/* Is it the number of the broker that is asked? */
static struct mock_admin_error check_node(struct mock_request *r, struct base_slice name,
                                          const char *or_what) {
    char text[16] = "";
    char *end = text;
    if (name.len > 0 && name.len < sizeof(text)) {
        memcpy(text, name.data, name.len);
        text[name.len] = '\0';
    }
    long id = strtol(text, &end, 10);
    if (end == text || *end) {
        return mock_admin_say(r, MOCK_ERROR_INVALID_REQUEST,
                              "Broker id must be an integer, but it is: %.*s", (int)name.len,
                              (const char *)name.data);
    }
    return id == r->connection->node
               ? MOCK_ADMIN_OK
               : mock_admin_say(r, MOCK_ERROR_INVALID_REQUEST,
                                "Unexpected broker id, expected %d%s but received %.*s",
                                (int)r->connection->node, or_what, (int)name.len,
                                (const char *)name.data);
}

/* Without a name: the dynamic defaults of all brokers, of which there are none. */
static struct mock_admin_error describe_broker(struct mock_request *r,
                                               const struct mock_describe_configs_resource *asked,
                                               struct mock_described_resource *out) {
    if (asked->name.len == 0) {
        return MOCK_ADMIN_OK;
    }
    struct mock_admin_error error = check_node(r, asked->name, " or empty string,");
    if (!error.code) {
        size_t count = 0;
        struct mock_admin_config *configs = mock_admin_broker_configs(r, &count);
        fill(r, asked, configs, count, out);
    }
    return error;
}

static const struct {
    const char *name;
    const char *synonym;
    const char *value;
    const char *help;
} group_settings[] = {
    {"consumer.heartbeat.interval.ms", "group.consumer.heartbeat.interval.ms", "5000",
     "how often a member of a consumer group shows that it lives"},
    {"consumer.session.timeout.ms", "group.consumer.session.timeout.ms", "45000",
     "a member of a consumer group that is silent for so long is removed"},
};
#define GROUP_SETTING_COUNT (sizeof(group_settings) / sizeof(group_settings[0]))

static struct mock_admin_error describe_group(struct mock_request *r,
                                              const struct mock_describe_configs_resource *asked,
                                              struct mock_described_resource *out) {
    if (asked->name.len == 0) {
        return mock_admin_say(r, MOCK_ERROR_INVALID_REQUEST, "Group name must not be empty");
    }
    struct mock_admin_config configs[GROUP_SETTING_COUNT];
    for (size_t i = 0; i < GROUP_SETTING_COUNT; i++) {
        bool is_default = true;
        const char *value = mock_admin_broker_value(r, group_settings[i].synonym, &is_default);
        configs[i] = (struct mock_admin_config){
            .name = group_settings[i].name,
            .value = value ? value : group_settings[i].value,
            .default_value = group_settings[i].value,
            .synonym = group_settings[i].synonym,
            .broker_value = is_default ? NULL : value,
            .help = group_settings[i].help,
            .type = MOCK_CONFIG_TYPE_INT,
            .source = is_default ? MOCK_CONFIG_SOURCE_DEFAULT : MOCK_CONFIG_SOURCE_STATIC_BROKER,
        };
    }
    fill(r, asked, configs, GROUP_SETTING_COUNT, out);
    return MOCK_ADMIN_OK;
}

static struct mock_admin_error describe(struct mock_request *r,
                                        const struct mock_describe_configs_resource *asked,
                                        struct mock_described_resource *out) {
    switch (asked->type) {
    case MOCK_RESOURCE_TOPIC:
        return mock_request_may(r, MOCK_ACL_DESCRIBE_CONFIGS, MOCK_ACL_TOPIC, asked->name)
                   ? describe_topic(r, asked, out)
                   : mock_admin_say(r, MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED,
                                    "Topic authorization failed.");
    case MOCK_RESOURCE_GROUP:
        return mock_request_may(r, MOCK_ACL_DESCRIBE_CONFIGS, MOCK_ACL_GROUP, asked->name)
                   ? describe_group(r, asked, out)
                   : mock_admin_say(r, MOCK_ERROR_GROUP_AUTHORIZATION_FAILED,
                                    "Group authorization failed.");
    default:
        break;
    }
    if (!mock_request_may(r, MOCK_ACL_DESCRIBE_CONFIGS, MOCK_ACL_CLUSTER,
                          base_slice_str(MOCK_ACL_CLUSTER_NAME))) {
        return mock_admin_say(r, MOCK_ERROR_CLUSTER_AUTHORIZATION_FAILED,
                              "Cluster authorization failed.");
    }
    if (asked->type == MOCK_RESOURCE_BROKER) {
        return describe_broker(r, asked, out);
    }
    if (asked->type == MOCK_RESOURCE_BROKER_LOGGER) {
        return asked->name.len
                   ? check_node(r, asked->name, "")
                   : mock_admin_say(r, MOCK_ERROR_INVALID_REQUEST, "Broker id must not be empty");
    }
    return asked->name.len ? MOCK_ADMIN_OK
                           : mock_admin_say(r, MOCK_ERROR_INVALID_REQUEST,
                                            "Client metrics subscription name must not be empty");
}

/* -- the answer -- */

static bool is_known(int8_t type) {
    return type == MOCK_RESOURCE_TOPIC || type == MOCK_RESOURCE_BROKER ||
           type == MOCK_RESOURCE_BROKER_LOGGER || type == MOCK_RESOURCE_CLIENT_METRICS ||
           type == MOCK_RESOURCE_GROUP;
}

static void encode(struct mock_request *r, int16_t override) {
    const struct mock_describe_configs_request *q = &r->u.describe_configs;
    struct mock_describe_configs_response response = {r->throttle_ms, NULL, q->resource_count};
    /* One unknown type spoils the whole request. */
    for (size_t i = 0; i < q->resource_count && !override; i++) {
        override = is_known(q->resources[i].type) ? override : MOCK_ERROR_INVALID_REQUEST;
    }
    response.resources =
        base_arena_alloc_array(&r->arena, q->resource_count, sizeof(*response.resources));
    for (size_t i = 0; response.resources && i < q->resource_count; i++) {
        struct mock_described_resource *out = &response.resources[i];
        *out = (struct mock_described_resource){.type = q->resources[i].type,
                                                .name = q->resources[i].name};
        struct mock_admin_error error =
            override ? mock_admin_general(override) : describe(r, &q->resources[i], out);
        out->error_code = error.code;
        /* Without a sentence it is empty, not null. */
        out->error_message = error.message.data ? error.message : base_slice_str("");
        mock_admin_note(r, error.code);
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_describe_configs_response_encode(b, r->header.api_version, &response);
}

void mock_describe_configs_refuse(struct mock_request *r, int16_t error) {
    encode(r, error);
}

void mock_describe_configs_apply(struct mock_request *r) {
    encode(r, MOCK_ERROR_NONE);
    mock_request_answered(r, r->error);
}
