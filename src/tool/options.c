/* The command line of `journal write`, `journal consume` and `journal replay`. */
#include <string.h>

#include "base/memory.h"
#include "codec/codec.h"
#include "tool/config.h"

enum option {
    OPTION_BROKERS, OPTION_CLIENT_ID, OPTION_PREFIX, OPTION_TYPES, OPTION_TOPIC, OPTION_PATTERN,
    OPTION_GROUP, OPTION_SET, OPTION_STORE, OPTION_ON_EOF, OPTION_STOP_AFTER, OPTION_DEAD_LETTER,
    OPTION_ANONYMIZE, OPTION_PRIVILEGED, OPTION_TEXT, OPTION_HELP, OPTION_COUNT
};

#define WRITE (1u << TOOL_WRITE)
#define CONSUME (1u << TOOL_CONSUME)
#define REPLAY (1u << TOOL_REPLAY)
#define READ (CONSUME | REPLAY)

static const struct {
    const char *name;
    bool has_value;
    unsigned verbs;
} options[OPTION_COUNT] = {
    [OPTION_BROKERS] = {"--brokers", true, WRITE | READ},
    [OPTION_CLIENT_ID] = {"--client-id", true, WRITE | READ},
    [OPTION_PREFIX] = {"--prefix", true, WRITE | READ},
    [OPTION_TYPES] = {"--types", true, WRITE | READ},
    [OPTION_TOPIC] = {"--topic", true, WRITE | READ},
    [OPTION_PATTERN] = {"--pattern", true, READ},
    [OPTION_GROUP] = {"--group", true, READ},
    [OPTION_SET] = {"--set", true, WRITE | READ},
    [OPTION_STORE] = {"--store", true, REPLAY},
    [OPTION_ON_EOF] = {"--on-eof", true, READ},
    [OPTION_STOP_AFTER] = {"--stop-after", true, READ},
    [OPTION_DEAD_LETTER] = {"--dead-letter", true, READ},
    [OPTION_ANONYMIZE] = {"--anonymize", false, WRITE},
    [OPTION_PRIVILEGED] = {"--privileged", false, READ},
    [OPTION_TEXT] = {"--text", false, WRITE | CONSUME},
    [OPTION_HELP] = {"--help", false, WRITE | READ},
};

static int add_types(uint32_t *types, const char *list, struct base_error *err) {
    for (const char *at = list; *at;) {
        size_t len = strcspn(at, ",");
        char name[64] = "";
        if (len < sizeof(name)) {
            memcpy(name, at, len);
            name[len] = 0;
        }
        int type = journal_type_find(name);
        if (type < 0) {
            return base_fail(err, BASE_USAGE, "unknown object type %.*s", (int)len, at);
        }
        *types |= 1u << type;
        at += len + (at[len] == ',');
    }
    return 0;
}

/* name=value; argv is ours, so the name ends where the sign was. */
static int add_setting(struct tool_config *config, char *text, struct base_error *err) {
    char *sign = strchr(text, '=');
    if (!sign || sign == text) {
        return base_fail(err, BASE_USAGE, "--set %s: expected name=value", text);
    }
    *sign = 0;
    return tool_config_add_pair(config, text, sign + 1, err);
}

static int add_source(struct tool_config *config, enum journal_source_kind kind, const char *name,
                      struct base_error *err) {
    struct tool_target target = {.name = name, .source = {.kind = kind}};
    target.source.topic = kind == JOURNAL_SOURCE_TOPIC ? name : NULL;
    target.source.pattern = kind == JOURNAL_SOURCE_PATTERN ? name : NULL;
    return tool_config_add_target(config, &target, err);
}

/* What makes a journal of the command line. */
struct journal_options {
    const char *prefix;
    uint32_t types;
    bool anonymize;
};

static int apply(struct tool_config *config, struct journal_options *journal, enum option option,
                 char *value, struct base_error *err) {
    switch (option) {
    case OPTION_BROKERS:
        config->brokers = value;
        return 0;
    case OPTION_CLIENT_ID:
        config->name = value;
        return 0;
    case OPTION_PREFIX:
        journal->prefix = value;
        return 0;
    case OPTION_TYPES:
        return add_types(&journal->types, value, err);
    case OPTION_TOPIC:
        return add_source(config, JOURNAL_SOURCE_TOPIC, value, err);
    case OPTION_PATTERN:
        return add_source(config, JOURNAL_SOURCE_PATTERN, value, err);
    case OPTION_GROUP:
        config->group = value;
        return 0;
    case OPTION_SET:
        return add_setting(config, value, err);
    case OPTION_STORE:
        config->store_path = value;
        return 0;
    case OPTION_ON_EOF:
        return tool_config_add_pair(config, "journal.on.eof", value, err);
    case OPTION_STOP_AFTER:
        return tool_config_add_pair(config, "journal.stop.after.objects", value, err);
    case OPTION_DEAD_LETTER:
        return tool_config_add_pair(config, "journal.dead.letter.topic", value, err);
    case OPTION_ANONYMIZE:
        journal->anonymize = true;
        return 0;
    case OPTION_PRIVILEGED:
        config->privileged = true;
        return 0;
    case OPTION_TEXT:
        config->text = true;
        return 0;
    case OPTION_HELP:
    case OPTION_COUNT:
        break;
    }
    return 0;
}

static int find_option(struct tool_config *config, const char *name, enum option *ret_option,
                       struct base_error *err) {
    name = strcmp(name, "-h") == 0 ? "--help" : name;
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (strcmp(options[i].name, name) == 0 && (options[i].verbs & (1u << config->verb))) {
            *ret_option = i;
            return 0;
        }
    }
    return base_fail(err, BASE_USAGE, "unknown option %s; --help lists them", name);
}

static int finish(struct tool_config *config, const struct journal_options *journal,
                  struct base_error *err) {
    if (journal->prefix || journal->types || journal->anonymize || config->target_count == 0) {
        struct tool_target target = {
            .name = "",
            .source = {.kind = JOURNAL_SOURCE_JOURNAL,
                       .prefix = journal->prefix ? journal->prefix : JOURNAL_DEFAULT_PREFIX,
                       .types = journal->types},
            .anonymize = journal->anonymize,
        };
        int code = tool_config_add_target(config, &target, err);
        if (code) {
            return code;
        }
    }
    if (!config->brokers &&
        !journal_settings_find(tool_config_settings(config), "bootstrap.servers")) {
        return base_fail(err, BASE_USAGE, "--brokers HOST:PORT is missing");
    }
    if (config->verb == TOOL_REPLAY && !config->store_path) {
        return base_fail(err, BASE_USAGE, "--store FILE.sqlite is missing");
    }
    return 0;
}

int tool_config_from_options(struct tool_config *config, int argc, char **argv, bool *ret_help,
                             struct base_error *err) {
    struct journal_options journal = {.prefix = NULL};
    for (int i = 0; i < argc; i++) {
        enum option option = OPTION_COUNT;
        int code = find_option(config, argv[i], &option, err);
        if (code) {
            return code;
        }
        if (option == OPTION_HELP) {
            *ret_help = true;
            return 0;
        }
        char *value = options[option].has_value && i + 1 < argc ? argv[++i] : NULL;
        if (options[option].has_value && !value) {
            return base_fail(err, BASE_USAGE, "%s needs a value", options[option].name);
        }
        code = apply(config, &journal, option, value, err);
        if (code) {
            return code;
        }
    }
    return finish(config, &journal, err);
}
