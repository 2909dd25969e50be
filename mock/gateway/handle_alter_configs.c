/*
 * AlterConfigs and IncrementalAlterConfigs: settings of topics (ConfigAdminManager,
 * ConfigurationControlManager). A broker's settings are those that it began with: what Kafka would
 * change there at run time is refused, and so are the settings of groups and of client metrics.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mock/gateway/admin.h"

/* One resource of either request. */
struct change {
    struct base_slice name;
    struct base_slice value; /* null possible */
    int8_t operation;
};

struct changes {
    int8_t type;
    struct base_slice name;
    struct change *items;
    size_t count;
    bool all; /* what is not named goes back to its default (AlterConfigs) */
    bool validate_only;
};

#define INVALID(...) mock_admin_say(r, MOCK_ERROR_INVALID_REQUEST, __VA_ARGS__)

/* -- checks of the form (ConfigAdminManager.preprocess) -- */

static struct base_slice change_at(const void *items, size_t i) {
    return ((const struct change *)items)[i].name;
}

/* The names of those without a value, in text; empty: none. */
static void list_nulls(const struct changes *c, struct base_builder *names) {
    for (size_t i = 0; i < c->count; i++) {
        if (base_slice_is_null(c->items[i].value) && c->items[i].operation != MOCK_CONFIG_DELETE) {
            base_put_str(names, names->len ? ", " : "");
            base_put_slice(names, c->items[i].name);
        }
    }
}

static struct mock_admin_error check_items(struct mock_request *r, const struct changes *c) {
    uint8_t *place = mock_admin_repeats(r, c->count, change_at, c->items);
    if (!place) {
        return mock_admin_code(MOCK_ERROR_UNKNOWN_SERVER_ERROR);
    }
    for (size_t i = 0; i < c->count; i++) {
        if (place[i]) {
            return INVALID("Error due to duplicate config keys");
        }
    }
    struct base_builder nulls;
    base_builder_init(&nulls, 4 * BASE_KIB);
    list_nulls(c, &nulls);
    struct mock_admin_error error = MOCK_ADMIN_OK;
    if (nulls.len) {
        error = INVALID("Null value not supported for : %.*s", (int)nulls.len,
                        (const char *)nulls.data);
    }
    base_builder_clean_up(&nulls);
    return error;
}

/* -- topics -- */

/* Adds words to a list, or takes them from it; cleanup.policy is the one that has any. */
static void put_list(struct base_builder *b, struct base_slice have, struct base_slice words,
                     bool append) {
    struct base_slice from[2] = {have, append ? words : BASE_SLICE_NULL};
    for (int i = 0; i < 2; i++) {
        size_t at = 0;
        while (at < from[i].len) {
            const uint8_t *comma = memchr(from[i].data + at, ',', from[i].len - at);
            size_t len = comma ? (size_t)(comma - from[i].data) - at : from[i].len - at;
            struct base_slice word = base_slice_of(from[i].data + at, len);
            bool is_in = false; /* among the words that go, or those that are there already */
            struct base_slice other = i == 0 ? (append ? BASE_SLICE_NULL : words) : have;
            for (size_t o = 0; o + len <= other.len && len > 0; o++) {
                bool begins = o == 0 || other.data[o - 1] == ',';
                bool ends = o + len == other.len || other.data[o + len] == ',';
                is_in = is_in || (begins && ends && memcmp(other.data + o, word.data, len) == 0);
            }
            if (!is_in && len > 0) {
                base_put_str(b, b->len ? "," : "");
                base_put_slice(b, word);
            }
            at += len + 1;
        }
    }
}

struct current {
    struct base_slice name;
    char value[64];
};

static void take_current(void *arg, const struct mock_config_view *view) {
    struct current *c = arg;
    if (base_slice_equal_str(c->name, view->name)) {
        (void)snprintf(c->value, sizeof(c->value), "%s", view->value);
    }
}

/* Before anything is looked at but the names. */
static struct mock_admin_error check_lists(struct mock_request *r, const struct changes *c) {
    for (size_t i = 0; i < c->count; i++) {
        const struct change *change = &c->items[i];
        bool append = change->operation == MOCK_CONFIG_APPEND;
        if ((append || change->operation == MOCK_CONFIG_SUBTRACT) &&
            !mock_log_config_is_list(change->name)) {
            return mock_admin_say(r, MOCK_ERROR_INVALID_CONFIG,
                                  "Can't %s to key %.*s because its type is not LIST.",
                                  append ? "APPEND" : "SUBTRACT", (int)change->name.len,
                                  (const char *)change->name.data);
        }
    }
    return MOCK_ADMIN_OK;
}

static struct mock_admin_error change_list(struct mock_request *r, struct mock_log_config *log,
                                           const struct change *change) {
    bool append = change->operation == MOCK_CONFIG_APPEND;
    struct current current = {.name = change->name};
    struct base_builder words;
    struct base_error err = BASE_ERROR_INIT;
    mock_log_config_describe(log, take_current, &current);
    base_builder_init(&words, 64 * BASE_KIB);
    base_put_str(&words, "");
    put_list(&words, base_slice_str(current.value), change->value, append);
    int rc = words.failed
                 ? base_fail(&err, words.failed, "too many words")
                 : mock_log_config_alter(log, change->name, base_builder_slice(&words), &err);
    base_builder_clean_up(&words);
    return rc < 0 ? mock_admin_invalid_config(r, &err) : MOCK_ADMIN_OK;
}

static struct mock_admin_error change_one(struct mock_request *r, struct mock_log_config *log,
                                          const struct change *change) {
    struct base_error err = BASE_ERROR_INIT;
    switch (change->operation) {
    case MOCK_CONFIG_DELETE:
        mock_log_config_reset(log, change->name);
        return MOCK_ADMIN_OK;
    case MOCK_CONFIG_APPEND:
    case MOCK_CONFIG_SUBTRACT:
        return change_list(r, log, change);
    default:
        return mock_log_config_alter(log, change->name, change->value, &err) < 0
                   ? mock_admin_invalid_config(r, &err)
                   : MOCK_ADMIN_OK;
    }
}

static struct mock_admin_error check_topic_name(struct mock_request *r, struct base_slice name) {
    return name.len == 0 ? INVALID("Default topic resources are not allowed.")
                         : mock_admin_check_name(r, name);
}

static struct mock_admin_error alter_topic(struct mock_request *r, const struct changes *c) {
    struct mock_broker *broker = r->connection->broker;
    const struct mock_log_config defaults = MOCK_LOG_CONFIG_INIT;
    struct mock_topic *topic = mock_topic_find(broker, c->name);
    struct mock_log_config log = topic ? topic->options.log : defaults;
    if (c->all) {
        mock_log_config_reset_all(&log);
    }
    struct mock_admin_error error = check_lists(r, c);
    error = error.code ? error : check_topic_name(r, c->name);
    for (size_t i = 0; i < c->count && !error.code; i++) {
        error = change_one(r, &log, &c->items[i]);
    }
    struct base_error err = BASE_ERROR_INIT;
    if (!error.code && mock_log_config_check_altered(&log, &err) < 0) {
        error = mock_admin_invalid_config(r, &err);
    }
    if (!error.code && !topic) {
        error = mock_admin_say(r, MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION,
                               "The topic '%.*s' does not exist.", (int)c->name.len,
                               (const char *)c->name.data);
    }
    if (!error.code && !c->validate_only) {
        mock_topic_reconfigure(broker, topic, &log);
    }
    return error;
}

/* -- other resources -- */

/* A broker's id; false: the name is none. */
static bool read_node_id(struct base_slice name, long *ret_id) {
    char text[16] = "";
    char *end = text;
    if (name.len && name.len < sizeof(text)) {
        memcpy(text, name.data, name.len);
        text[name.len] = '\0';
    }
    *ret_id = strtol(text, &end, 10);
    return end != text && !*end;
}

static struct mock_admin_error no_node_id(struct mock_request *r, struct base_slice name) {
    return INVALID("Node id must be an integer, but it is: %.*s", (int)name.len,
                   name.data ? (const char *)name.data : "");
}

/* There are no loggers here, as the one that is asked for is not there in Kafka. */
static struct mock_admin_error alter_loggers(struct mock_request *r, const struct changes *c) {
    long id;
    if (!read_node_id(c->name, &id)) {
        return no_node_id(r, c->name);
    }
    if (id != r->connection->node) {
        return INVALID("Unexpected node id. Expected %d, but received %ld",
                       (int)r->connection->node, id);
    }
    return c->count == 0
               ? MOCK_ADMIN_OK
               : mock_admin_say(r, MOCK_ERROR_INVALID_CONFIG, "Logger %.*s does not exist!",
                                (int)c->items[0].name.len, (const char *)c->items[0].name.data);
}

static struct mock_admin_error alter_broker(struct mock_request *r, const struct changes *c) {
    long id = 0;
    if (c->name.len && !read_node_id(c->name, &id)) {
        return no_node_id(r, c->name);
    }
    if (c->name.len && id != r->connection->node) {
        return INVALID("Unexpected broker id, expected %d, but received %ld",
                       (int)r->connection->node, id);
    }
    return c->count == 0 ? MOCK_ADMIN_OK
                         : INVALID("Cannot update these configs dynamically: Set(%.*s)",
                                   (int)c->items[0].name.len, (const char *)c->items[0].name.data);
}

static struct mock_admin_error forbidden(struct mock_request *r, int8_t type) {
    return type == MOCK_RESOURCE_TOPIC ? mock_admin_say(r, MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED,
                                                        "Topic authorization failed.")
           : type == MOCK_RESOURCE_GROUP
               ? mock_admin_say(r, MOCK_ERROR_GROUP_AUTHORIZATION_FAILED,
                                "Group authorization failed.")
               : mock_admin_say(r, MOCK_ERROR_CLUSTER_AUTHORIZATION_FAILED,
                                "Cluster authorization failed.");
}

static bool may(struct mock_request *r, const struct changes *c) {
    enum mock_acl_resource resource = c->type == MOCK_RESOURCE_TOPIC   ? MOCK_ACL_TOPIC
                                      : c->type == MOCK_RESOURCE_GROUP ? MOCK_ACL_GROUP
                                                                       : MOCK_ACL_CLUSTER;
    struct base_slice name =
        resource == MOCK_ACL_CLUSTER ? base_slice_str(MOCK_ACL_CLUSTER_NAME) : c->name;
    return mock_request_may(r, MOCK_ACL_ALTER_CONFIGS, resource, name);
}

static struct mock_admin_error alter(struct mock_request *r, const struct changes *c) {
    struct mock_admin_error error = check_items(r, c);
    if (error.code) {
        return error;
    }
    bool loggers = c->type == MOCK_RESOURCE_BROKER_LOGGER && !c->all;
    if (c->type != MOCK_RESOURCE_TOPIC && c->type != MOCK_RESOURCE_BROKER &&
        c->type != MOCK_RESOURCE_GROUP && c->type != MOCK_RESOURCE_CLIENT_METRICS && !loggers) {
        return INVALID("Unknown resource type %d", c->type);
    }
    if (c->type == MOCK_RESOURCE_BROKER) {
        error = alter_broker(r, c);
    }
    if (error.code) {
        return error;
    }
    if (!may(r, c)) {
        return forbidden(r, c->type);
    }
    for (size_t i = 0; i < c->count; i++) {
        if (c->items[i].operation < MOCK_CONFIG_SET ||
            c->items[i].operation > MOCK_CONFIG_SUBTRACT) {
            return INVALID("Unknown operations type %d", c->items[i].operation);
        }
    }
    switch (c->type) {
    case MOCK_RESOURCE_TOPIC:
        return alter_topic(r, c);
    case MOCK_RESOURCE_GROUP:
        return c->count ? mock_admin_say(r, MOCK_ERROR_INVALID_CONFIG,
                                         "The settings of groups cannot be altered here.")
                        : MOCK_ADMIN_OK;
    case MOCK_RESOURCE_BROKER:
        return MOCK_ADMIN_OK;
    case MOCK_RESOURCE_BROKER_LOGGER:
        return alter_loggers(r, c);
    default:
        return INVALID("This broker has no client metrics.");
    }
}

/* -- resources that occur twice -- */

struct key {
    struct base_slice bytes; /* the type, then the name */
};

static struct base_slice key_at(const void *items, size_t i) {
    return ((const struct key *)items)[i].bytes;
}

static uint8_t *find_repeats(struct mock_request *r, const struct changes *all, size_t count) {
    struct key *keys = base_arena_alloc_array(&r->arena, count, sizeof(*keys));
    for (size_t i = 0; keys && i < count; i++) {
        uint8_t *bytes = base_arena_alloc(&r->arena, all[i].name.len + 1);
        if (!bytes) {
            return NULL;
        }
        bytes[0] = (uint8_t)all[i].type;
        if (all[i].name.len) {
            memcpy(bytes + 1, all[i].name.data, all[i].name.len);
        }
        keys[i].bytes = base_slice_of(bytes, all[i].name.len + 1);
    }
    return keys ? mock_admin_repeats(r, count, key_at, keys) : NULL;
}

/* The errors of all resources, in their order; NULL: memory is out. */
static struct mock_admin_error *alter_all(struct mock_request *r, const struct changes *all,
                                          size_t count, int16_t override) {
    struct mock_admin_error *errors = base_arena_alloc_array(&r->arena, count, sizeof(*errors));
    uint8_t *place = find_repeats(r, all, count);
    if (!errors || !place) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        errors[i] = override   ? mock_admin_code(override)
                    : place[i] ? INVALID("Each resource must appear at most once.")
                               : alter(r, &all[i]);
        mock_admin_note(r, errors[i].code);
    }
    return errors;
}

/* -- AlterConfigs -- */

int mock_alter_configs_decode(struct mock_request *r, struct base_reader *body) {
    return mock_alter_configs_request_decode(body, r->header.api_version, &r->arena,
                                             &r->u.alter_configs);
}

static void encode_legacy(struct mock_request *r, int16_t override) {
    const struct mock_alter_configs_request *q = &r->u.alter_configs;
    struct mock_alter_configs_response response = {r->throttle_ms, NULL, 0};
    size_t count = q->resource_count;
    struct changes *all = base_arena_alloc_array(&r->arena, count, sizeof(*all));
    response.resources = base_arena_alloc_array(&r->arena, count, sizeof(*response.resources));
    for (size_t i = 0; all && i < count; i++) {
        const struct mock_alter_configs_resource *asked = &q->resources[i];
        all[i] = (struct changes){.type = asked->type,
                                  .name = asked->name,
                                  .count = asked->config_count,
                                  .all = true,
                                  .validate_only = q->validate_only};
        all[i].items = base_arena_alloc_array(&r->arena, all[i].count, sizeof(*all[i].items));
        for (size_t k = 0; all[i].items && k < all[i].count; k++) {
            all[i].items[k] =
                (struct change){asked->configs[k].name, asked->configs[k].value, MOCK_CONFIG_SET};
        }
    }
    struct mock_admin_error *errors = r->arena.failed ? NULL : alter_all(r, all, count, override);
    for (size_t i = 0; errors && i < count; i++) {
        response.resources[response.resource_count++] = (struct mock_alter_configs_result){
            errors[i].code, errors[i].message, all[i].type, all[i].name};
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_alter_configs_response_encode(b, r->header.api_version, &response);
}

void mock_alter_configs_refuse(struct mock_request *r, int16_t error) {
    encode_legacy(r, error);
}

void mock_alter_configs_apply(struct mock_request *r) {
    encode_legacy(r, MOCK_ERROR_NONE);
    mock_request_answered(r, r->error);
}

/* -- IncrementalAlterConfigs -- */

int mock_incremental_alter_configs_decode(struct mock_request *r, struct base_reader *body) {
    return mock_incremental_alter_configs_request_decode(body, r->header.api_version, &r->arena,
                                                         &r->u.incremental_alter_configs);
}

static void encode_incremental(struct mock_request *r, int16_t override) {
    const struct mock_incremental_alter_configs_request *q = &r->u.incremental_alter_configs;
    struct mock_incremental_alter_configs_response response = {r->throttle_ms, NULL, 0};
    size_t count = q->resource_count;
    struct changes *all = base_arena_alloc_array(&r->arena, count, sizeof(*all));
    response.resources = base_arena_alloc_array(&r->arena, count, sizeof(*response.resources));
    for (size_t i = 0; all && i < count; i++) {
        const struct mock_incremental_configs_resource *asked = &q->resources[i];
        all[i] = (struct changes){.type = asked->type,
                                  .name = asked->name,
                                  .count = asked->config_count,
                                  .validate_only = q->validate_only};
        all[i].items = base_arena_alloc_array(&r->arena, all[i].count, sizeof(*all[i].items));
        for (size_t k = 0; all[i].items && k < all[i].count; k++) {
            all[i].items[k] = (struct change){asked->configs[k].name, asked->configs[k].value,
                                              asked->configs[k].operation};
        }
    }
    struct mock_admin_error *errors = r->arena.failed ? NULL : alter_all(r, all, count, override);
    for (size_t i = 0; errors && i < count; i++) {
        response.resources[response.resource_count++] = (struct mock_incremental_configs_result){
            errors[i].code, errors[i].message, all[i].type, all[i].name};
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_incremental_alter_configs_response_encode(b, r->header.api_version, &response);
}

void mock_incremental_alter_configs_refuse(struct mock_request *r, int16_t error) {
    encode_incremental(r, error);
}

void mock_incremental_alter_configs_apply(struct mock_request *r) {
    encode_incremental(r, MOCK_ERROR_NONE);
    mock_request_answered(r, r->error);
}
