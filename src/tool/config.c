/* KTRIAL_CONFIG: the JSON file that tells an actor what to do (src/tool/README.md). */
#include "tool/config.h"

#include <string.h>

#include "base/memory.h"
#include "codec/codec.h"

void tool_config_clean_up(struct tool_config *config) {
    base_free(config->pairs);
    base_free(config->targets);
    json_decref(config->root);
    *config = (struct tool_config){.verb = config->verb};
}

int tool_config_add_pair(struct tool_config *config, const char *name, const char *value,
                         struct base_error *err) {
    if (base_grow((void **)&config->pairs, &config->pair_cap, config->pair_count + 1,
                  sizeof(*config->pairs))) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a setting");
    }
    config->pairs[config->pair_count++] = (struct journal_pair){name, value};
    return 0;
}

int tool_config_add_target(struct tool_config *config, const struct tool_target *target,
                           struct base_error *err) {
    if (base_grow((void **)&config->targets, &config->target_cap, config->target_count + 1,
                  sizeof(*config->targets))) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a target");
    }
    config->targets[config->target_count++] = *target;
    return 0;
}

struct journal_settings tool_config_settings(const struct tool_config *config) {
    return (struct journal_settings){config->pairs, config->pair_count};
}

const struct tool_target *tool_config_find(const struct tool_config *config, const char *name) {
    for (size_t i = 0; i < config->target_count; i++) {
        if (strcmp(config->targets[i].name, name) == 0) {
            return &config->targets[i];
        }
    }
    return NULL;
}

/* Absent and null give NULL; a value of another type is an error. */
static int get_text(const json_t *object, const char *name, bool required, const char **ret_text,
                    struct base_error *err) {
    const json_t *value = json_object_get(object, name);
    *ret_text = json_string_value(value);
    if (!*ret_text && (required || (value && !json_is_null(value)))) {
        return base_fail(err, BASE_USAGE, "\"%s\" is %s", name,
                         value ? "not a string" : "missing");
    }
    return 0;
}

static int read_types(const json_t *types, uint32_t *ret_types, struct base_error *err) {
    size_t index;
    const json_t *item;
    json_array_foreach(types, index, item) {
        const char *name = json_string_value(item);
        int type = name ? journal_type_find(name) : -1;
        if (type < 0) {
            return base_fail(err, BASE_USAGE, "unknown object type %s", name ? name : "(no text)");
        }
        *ret_types |= 1u << type;
    }
    return 0;
}

static int read_journal(const json_t *object, struct tool_target *target,
                        struct base_error *err) {
    const char *codec = NULL;
    int code = get_text(object, "codec", false, &codec, err);
    if (code) {
        return code;
    }
    if (codec && strcmp(codec, "protobuf") != 0) {
        return base_fail(err, BASE_UNSUPPORTED, "codec %s is not supported; only protobuf is",
                         codec);
    }
    target->source.kind = JOURNAL_SOURCE_JOURNAL;
    target->anonymize = json_is_true(json_object_get(object, "anonymize"));
    code = get_text(object, "prefix", true, &target->source.prefix, err);
    return code ? code : read_types(json_object_get(object, "types"), &target->source.types, err);
}

static int read_target(struct tool_config *config, const json_t *object, struct base_error *err) {
    struct tool_target target = {.name = ""};
    const char *kind = NULL;
    const char *name = NULL;
    int code = get_text(object, "kind", true, &kind, err);
    code = code ? code : get_text(object, "name", false, &name, err);
    if (code) {
        return code;
    }
    target.name = name ? name : "";
    if (strcmp(kind, "journal") == 0) {
        code = read_journal(object, &target, err);
    } else if (strcmp(kind, "topic") == 0) {
        target.source.kind = JOURNAL_SOURCE_TOPIC;
        code = get_text(object, "topic", true, &target.source.topic, err);
    } else if (strcmp(kind, "pattern") == 0) {
        target.source.kind = JOURNAL_SOURCE_PATTERN;
        code = get_text(object, "pattern", true, &target.source.pattern, err);
    } else {
        return base_fail(err, BASE_USAGE, "unknown kind of target: %s", kind);
    }
    return code ? code : tool_config_add_target(config, &target, err);
}

static int read_store(struct tool_config *config, const json_t *store, struct base_error *err) {
    if (!json_is_object(store) || config->verb == TOOL_WRITE) {
        return 0;
    }
    const char *kind = NULL;
    int code = get_text(store, "kind", true, &kind, err);
    if (code) {
        return code;
    }
    if (strcmp(kind, "sqlite") == 0) {
        return get_text(store, "path", true, &config->store_path, err);
    }
    if (strcmp(kind, "memory") == 0) {
        config->store_path = ":memory:";
        return 0;
    }
    return base_fail(err, BASE_UNSUPPORTED, "store kind %s is not supported; sqlite and memory are",
                     kind);
}

static int read_points(struct tool_config *config, const json_t *points, struct base_error *err) {
    size_t index;
    const json_t *item;
    json_array_foreach(points, index, item) {
        const char *name = json_string_value(item);
        int point = name ? journal_point_find(name) : -1;
        if (point < 0) {
            return base_fail(err, BASE_USAGE, "no point is called %s", name ? name : "(no text)");
        }
        config->points |= 1u << point;
    }
    return 0;
}

static int read_pairs(struct tool_config *config, json_t *settings, struct base_error *err) {
    const char *name;
    json_t *value;
    json_object_foreach(settings, name, value) {
        if (!json_is_string(value)) {
            return base_fail(err, BASE_USAGE, "setting %s is not a string", name);
        }
        int code = tool_config_add_pair(config, name, json_string_value(value), err);
        if (code) {
            return code;
        }
    }
    return 0;
}

static int read_root(struct tool_config *config, struct base_error *err) {
    const char *role = NULL;
    const char *dead_letter = NULL;
    const char *copy = NULL;
    int code = get_text(config->root, "name", false, &config->name, err);
    code = code ? code : get_text(config->root, "role", false, &role, err);
    code = code ? code : get_text(config->root, "group", false, &config->group, err);
    code = code ? code : get_text(config->root, "dead.letter.topic", false, &dead_letter, err);
    code = code ? code : get_text(config->root, "copy.topic", false, &copy, err);
    if (code) {
        return code;
    }
    if (role && strcmp(role, config->verb == TOOL_WRITE ? "writer" : "client") != 0) {
        return base_fail(err, BASE_USAGE, "a %s was asked for, but the role is %s",
                         config->verb == TOOL_WRITE ? "writer" : "client", role);
    }
    config->privileged = json_is_true(json_object_get(config->root, "privileged"));
    code = read_pairs(config, json_object_get(config->root, "settings"), err);
    if (!code && dead_letter) {
        code = tool_config_add_pair(config, "journal.dead.letter.topic", dead_letter, err);
    }
    if (!code && copy) {
        code = tool_config_add_pair(config, "journal.copy.topic", copy, err);
    }
    size_t index;
    json_t *item;
    json_array_foreach(json_object_get(config->root, "targets"), index, item) {
        code = code ? code : read_target(config, item, err);
    }
    code = code ? code : read_store(config, json_object_get(config->root, "store"), err);
    return code ? code : read_points(config, json_object_get(config->root, "points"), err);
}

int tool_config_read(struct tool_config *config, const char *path, struct base_error *err) {
    json_error_t why;
    config->root = json_load_file(path, JSON_REJECT_DUPLICATES, &why);
    if (!config->root || !json_is_object(config->root)) {
        return base_fail(err, BASE_USAGE, "%s: %s", path,
                         config->root ? "not a JSON object" : why.text);
    }
    config->is_actor = true;
    int code = read_root(config, err);
    return code ? base_fail_within(err, code, "%s", path) : 0;
}
