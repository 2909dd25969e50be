/*
 * Settings as administrators see them: those of a topic, with what the broker says where the topic
 * says nothing, and those of the broker itself. Our own settings are not shown: no client of Kafka
 * knows them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mock/gateway/admin.h"
#include "mock/wire/describe_configs.h"

/* Names of ours in settings.c. */
static const char *const own_settings[] = {
    "brokers", "log.max.bytes", "first.sequence", "session.expiry", "compact.policy", "listener",
};

/* Ours differs from Kafka's default, so that a scenario does not wait. */
#define REBALANCE_DELAY "group.initial.rebalance.delay.ms"
#define KAFKAS_REBALANCE_DELAY "3000"

static bool is_own(const char *name) {
    for (size_t i = 0; i < sizeof(own_settings) / sizeof(own_settings[0]); i++) {
        if (strcmp(own_settings[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* -- a value of the broker -- */

struct lookup {
    struct mock_request *r;
    const char *name;
    const char *value; /* in the arena */
};

static void look(void *arg, const char *name, const char *value, const char *help) {
    struct lookup *l = arg;
    if (strcmp(l->name, name) == 0) {
        l->value = base_arena_strdup(&l->r->arena, value);
    }
}

static const char *default_of(struct mock_request *r, const char *name) {
    struct lookup l = {.r = r, .name = name};
    mock_settings_each(look, &l);
    return strcmp(name, REBALANCE_DELAY) == 0 ? KAFKAS_REBALANCE_DELAY : l.value;
}

const char *mock_admin_broker_value(struct mock_request *r, const char *name,
                                    bool *ret_is_default) {
    struct lookup l = {.r = r, .name = name};
    mock_settings_each_of(&r->connection->broker->settings, look, &l);
    if (l.value) {
        const char *def = default_of(r, name);
        *ret_is_default = def && strcmp(def, l.value) == 0;
    }
    return l.value;
}

/* -- lists of settings -- */

struct list {
    struct mock_request *r;
    struct mock_admin_config *items;
    size_t count, cap;
    bool of_broker; /* topic settings under the names that they have on a broker */
};

static struct mock_admin_config *add(struct list *list) {
    return list->count < list->cap ? &list->items[list->count++] : NULL;
}

/* It has several names on a broker, and is not told among the others: hours are Kafka's default. */
static void tell_retention(const struct list *list, struct mock_admin_config *c) {
    bool is_default = true;
    const char *value = mock_admin_broker_value(list->r, "log.retention.ms", &is_default);
    if (value && !is_default && c->source == MOCK_CONFIG_SOURCE_DEFAULT) {
        c->value = value;
        c->broker_value = value;
        c->synonym = "log.retention.ms";
        c->source = MOCK_CONFIG_SOURCE_STATIC_BROKER;
    }
}

static void add_topic_config(void *arg, const struct mock_config_view *view) {
    struct list *list = arg;
    struct base_arena *arena = &list->r->arena;
    struct mock_admin_config *c = add(list);
    if (!c) {
        return;
    }
    *c = (struct mock_admin_config){
        .name = view->name,
        .value = base_arena_strdup(arena, view->value),
        .default_value = base_arena_strdup(arena, view->default_value),
        .synonym = view->synonym,
        .help = view->help,
        .type = (int8_t)view->type,
        .source = view->is_set ? MOCK_CONFIG_SOURCE_TOPIC : MOCK_CONFIG_SOURCE_DEFAULT,
    };
    if (strcmp(view->name, "retention.ms") == 0) {
        tell_retention(list, c);
        return;
    }
    bool is_default = true;
    const char *of_broker =
        view->synonym ? mock_admin_broker_value(list->r, view->synonym, &is_default) : NULL;
    if (of_broker) {
        c->default_value = default_of(list->r, view->synonym);
        c->broker_value = is_default ? NULL : of_broker;
        if (!view->is_set || strcmp(view->name, "max.message.bytes") == 0) {
            c->value = view->is_set && strcmp(view->value, "0") != 0 ? c->value : of_broker;
        }
        if (!view->is_set && !is_default) {
            c->source = MOCK_CONFIG_SOURCE_STATIC_BROKER;
        }
    }
}

static int compare(const void *a, const void *b) {
    const struct mock_admin_config *x = a;
    const struct mock_admin_config *y = b;
    return strcmp(x->name, y->name);
}

#define MAX_TOPIC_CONFIGS 64
#define MAX_BROKER_CONFIGS 128

struct mock_admin_config *mock_admin_topic_configs(struct mock_request *r,
                                                   const struct mock_log_config *log,
                                                   size_t *ret_count) {
    struct list list = {.r = r, .cap = MAX_TOPIC_CONFIGS};
    list.items = base_arena_alloc_array(&r->arena, list.cap, sizeof(*list.items));
    if (!list.items) {
        return NULL;
    }
    mock_log_config_describe(log, add_topic_config, &list);
    qsort(list.items, list.count, sizeof(*list.items), compare);
    *ret_count = list.count;
    return list.items;
}

/* -- of the broker -- */

static int8_t type_of(const char *value) {
    if (strcmp(value, "true") == 0 || strcmp(value, "false") == 0) {
        return MOCK_CONFIG_TYPE_BOOLEAN;
    }
    char *end = NULL;
    long long number = strtoll(value, &end, 10);
    if (!*value || *end) {
        return MOCK_CONFIG_TYPE_STRING;
    }
    return number > INT32_MAX || number < INT32_MIN ? MOCK_CONFIG_TYPE_LONG : MOCK_CONFIG_TYPE_INT;
}

static void add_setting(void *arg, const char *name, const char *value, const char *help) {
    struct list *list = arg;
    bool is_untold =
        strcmp(name, "log.retention.ms") == 0 && strcmp(value, default_of(list->r, name)) == 0;
    struct mock_admin_config *c = is_own(name) || is_untold ? NULL : add(list);
    if (!c) {
        return;
    }
    *c = (struct mock_admin_config){
        .name = name,
        .value = base_arena_strdup(&list->r->arena, value),
        .default_value = default_of(list->r, name),
        .synonym = name,
        .help = help,
        .type = type_of(value),
        .source = MOCK_CONFIG_SOURCE_DEFAULT,
        .read_only = true,
    };
    if (c->default_value && strcmp(c->default_value, value) != 0) {
        c->source = MOCK_CONFIG_SOURCE_STATIC_BROKER;
        c->broker_value = c->value;
    }
}

/* What a topic takes from its broker, where settings.c has no such setting. */
static void add_topic_default(void *arg, const struct mock_config_view *view) {
    struct list *list = arg;
    bool is_default;
    if (!view->synonym || mock_admin_broker_value(list->r, view->synonym, &is_default)) {
        return;
    }
    struct mock_admin_config *c = add(list);
    if (c) {
        *c = (struct mock_admin_config){
            .name = view->synonym,
            .value = base_arena_strdup(&list->r->arena, view->default_value),
            .synonym = view->synonym,
            .help = view->help,
            .type = (int8_t)view->type,
            .source = MOCK_CONFIG_SOURCE_DEFAULT,
            .read_only = true,
        };
        c->default_value = c->value;
    }
}

static void add_node_id(struct list *list, const char *name) {
    char text[16];
    (void)snprintf(text, sizeof(text), "%d", (int)list->r->connection->node);
    struct mock_admin_config *c = add(list);
    if (c) {
        *c = (struct mock_admin_config){
            .name = name,
            .value = base_arena_strdup(&list->r->arena, text),
            .synonym = name,
            .help = "the number of this broker",
            .type = MOCK_CONFIG_TYPE_INT,
            .source = MOCK_CONFIG_SOURCE_STATIC_BROKER,
            .read_only = true,
        };
        c->broker_value = c->value;
    }
}

struct mock_admin_config *mock_admin_broker_configs(struct mock_request *r, size_t *ret_count) {
    struct list list = {.r = r, .cap = MAX_BROKER_CONFIGS};
    const struct mock_log_config defaults = MOCK_LOG_CONFIG_INIT;
    list.items = base_arena_alloc_array(&r->arena, list.cap, sizeof(*list.items));
    if (!list.items) {
        return NULL;
    }
    mock_settings_each_of(&r->connection->broker->settings, add_setting, &list);
    mock_log_config_describe(&defaults, add_topic_default, &list);
    add_node_id(&list, "broker.id");
    add_node_id(&list, "node.id");
    qsort(list.items, list.count, sizeof(*list.items), compare);
    *ret_count = list.count;
    return list.items;
}
