/* The settings of a topic as Kafka's clients write them, with Kafka's sentences (ConfigDef,
 * LogConfig): see config.h. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mock/log/config_private.h"

/* Longer values are none of ours. */
#define MAX_VALUE_BYTES 256

#define INVALID "Invalid value %s for configuration %s: "

static void trim(char *text) {
    size_t from = strspn(text, " \t\r\n");
    size_t len = strlen(text + from);
    memmove(text, text + from, len + 1);
    while (len > 0 && isspace((unsigned char)text[len - 1])) {
        text[--len] = '\0';
    }
}

static int alter_number(struct mock_log_config *config, const struct mock_config_row *row,
                        const char *value, struct base_error *err) {
    char *end = NULL;
    errno = 0;
    int64_t number = strtoll(value, &end, 10);
    bool is_int = row->type == MOCK_CONFIG_TYPE_INT;
    if (errno || end == value || *end || (is_int && (number < INT32_MIN || number > INT32_MAX))) {
        return base_fail(err, BASE_USAGE, INVALID "Not a number of type %s", value, row->name,
                         is_int ? "INT" : "LONG");
    }
    if (number < row->client_min) {
        return base_fail(err, BASE_USAGE, INVALID "Value must be at least %" PRId64, value,
                         row->name, row->client_min);
    }
    if (number > row->max) {
        return base_fail(err, BASE_USAGE, INVALID "Value must be no more than %" PRId64, value,
                         row->name, row->max);
    }
    /* Below our own least: retention.bytes, where every negative number means never. */
    mock_config_put(config, row, number < row->min ? row->min : number);
    return 0;
}

static int alter_ratio(struct mock_log_config *config, const struct mock_config_row *row,
                       const char *value, struct base_error *err) {
    char *end = NULL;
    errno = 0;
    double number = strtod(value, &end);
    if (errno || end == value || *end || number != number) {
        return base_fail(err, BASE_USAGE, INVALID "Not a number of type DOUBLE", value, row->name);
    }
    if (number < 0 || number > 1) {
        char text[64];
        (void)snprintf(text, sizeof(text), "%.15g", number);
        if (!strpbrk(text, ".eE")) {
            (void)snprintf(text, sizeof(text), "%.15g.0", number);
        }
        return base_fail(err, BASE_USAGE, INVALID "Value must be %s", text, row->name,
                         number < 0 ? "at least 0" : "no more than 1");
    }
    memcpy((char *)config + row->at, &number, sizeof(number));
    return 0;
}

static int alter_bool(struct mock_log_config *config, const struct mock_config_row *row,
                      const char *value, struct base_error *err) {
    char text[MAX_VALUE_BYTES + 1];
    (void)snprintf(text, sizeof(text), "%s", value);
    trim(text);
    bool is_true = strcasecmp(text, "true") == 0;
    if (!is_true && strcasecmp(text, "false") != 0) {
        return base_fail(err, BASE_USAGE, INVALID "Expected value to be either true or false",
                         value, row->name);
    }
    mock_config_put(config, row, is_true);
    return 0;
}

static int alter_word(struct mock_log_config *config, const struct mock_config_row *row,
                      const char *value, struct base_error *err) {
    size_t count = 0;
    for (; row->words[count]; count++) {
        if (strcmp(row->words[count], value) == 0) {
            mock_config_put(config, row, (int64_t)count);
            return 0;
        }
    }
    /* In the order in which Kafka lists them. */
    return base_fail(err, BASE_USAGE, INVALID "String must be one of: %s", value, row->name,
                     count > 2 ? "uncompressed, zstd, lz4, snappy, gzip, producer"
                               : "CreateTime, LogAppendTime");
}

/* The first word that is not one. */
static int alter_policy(struct mock_log_config *config, const struct mock_config_row *row,
                        const char *value, struct base_error *err) {
    if (mock_config_put_policy(config, value)) {
        return 0;
    }
    const char *at = value;
    size_t len = 0;
    for (;; at += len + 1) {
        at += strspn(at, " ");
        len = strcspn(at, ",");
        bool good = (len == 7 && strncmp(at, "compact", len) == 0) ||
                    (len == 6 && strncmp(at, "delete", len) == 0);
        if (!good || !at[len]) {
            break;
        }
    }
    return base_fail(err, BASE_USAGE,
                     "Invalid value %.*s for configuration %s: String must be one of: compact, "
                     "delete",
                     (int)len, at, row->name);
}

static int alter_default(const struct mock_config_row *row, const char *value,
                         struct base_error *err) {
    bool same = row->type == MOCK_CONFIG_TYPE_BOOLEAN ? strcasecmp(value, row->words[0]) == 0
                                                      : strcmp(value, row->words[0]) == 0;
    return same ? 0
                : base_fail(err, BASE_UNSUPPORTED,
                            INVALID "this broker does not honour it; only its default '%s' can be "
                                    "set",
                            value, row->name, row->words[0]);
}

static int alter_row(struct mock_log_config *config, const struct mock_config_row *row, char *value,
                     struct base_error *err) {
    if (row->kind == MOCK_CONFIG_BOOL) {
        return alter_bool(config, row, value, err);
    }
    trim(value);
    switch (row->kind) {
    case MOCK_CONFIG_RATIO:
        return alter_ratio(config, row, value, err);
    case MOCK_CONFIG_WORD:
        return alter_word(config, row, value, err);
    case MOCK_CONFIG_POLICY:
        return alter_policy(config, row, value, err);
    case MOCK_CONFIG_DEFAULT:
        return alter_default(row, value, err);
    default:
        return alter_number(config, row, value, err);
    }
}

int mock_log_config_alter(struct mock_log_config *config, struct base_slice name,
                          struct base_slice value, struct base_error *err) {
    const struct mock_config_row *row = mock_config_row_find(name);
    if (!row || row->is_own) {
        return base_fail(err, BASE_NOT_FOUND, "Unknown topic config name: %.*s", (int)name.len,
                         (const char *)name.data);
    }
    char text[MAX_VALUE_BYTES + 1];
    if (value.len > MAX_VALUE_BYTES || memchr(value.data, 0, value.len)) {
        return base_fail(err, BASE_USAGE, INVALID "Too long, or with a zero byte", "…", row->name);
    }
    memcpy(text, value.data, value.len);
    text[value.len] = '\0';
    int rc = alter_row(config, row, text, err);
    if (rc == 0) {
        mock_config_mark(config, row, true);
    }
    return rc;
}

void mock_log_config_reset(struct mock_log_config *config, struct base_slice name) {
    const struct mock_config_row *row = mock_config_row_find(name);
    if (!row || row->is_own) {
        return;
    }
    const struct mock_log_config defaults = MOCK_LOG_CONFIG_INIT;
    if (row->kind == MOCK_CONFIG_POLICY) {
        config->cleanup_compact = defaults.cleanup_compact;
        config->cleanup_delete = defaults.cleanup_delete;
        config->cleanup_delete_first = defaults.cleanup_delete_first;
    } else if (row->kind != MOCK_CONFIG_DEFAULT) {
        memcpy((char *)config + row->at, (const char *)&defaults + row->at, row->size);
    }
    mock_config_mark(config, row, false);
}

void mock_log_config_reset_all(struct mock_log_config *config) {
    size_t count;
    const struct mock_config_row *rows = mock_config_rows(&count);
    for (size_t i = 0; i < count; i++) {
        mock_log_config_reset(config, base_slice_str(rows[i].name));
    }
}

int mock_log_config_check_altered(const struct mock_log_config *config, struct base_error *err) {
    if (config->min_compaction_lag_ms > config->max_compaction_lag_ms) {
        return base_fail(err, BASE_USAGE,
                         "conflict topic config setting min.compaction.lag.ms (%" PRId64
                         ") > max.compaction.lag.ms (%" PRId64 ")",
                         config->min_compaction_lag_ms, config->max_compaction_lag_ms);
    }
    return 0;
}

bool mock_log_config_is_list(struct base_slice name) {
    const struct mock_config_row *row = mock_config_row_find(name);
    return row && row->type == MOCK_CONFIG_TYPE_LIST;
}

void mock_log_config_describe(const struct mock_log_config *config,
                              void (*visit)(void *arg, const struct mock_config_view *view),
                              void *arg) {
    const struct mock_log_config defaults = MOCK_LOG_CONFIG_INIT;
    size_t count;
    const struct mock_config_row *rows = mock_config_rows(&count);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].is_own) {
            continue;
        }
        char value[64];
        char default_value[64];
        mock_config_text(config, &rows[i], value, sizeof(value));
        mock_config_text(&defaults, &rows[i], default_value, sizeof(default_value));
        const struct mock_config_view view = {
            .name = rows[i].name,
            .type = rows[i].type,
            .value = value,
            .default_value = default_value,
            .synonym = rows[i].synonym,
            .help = rows[i].help,
            .is_set = (config->set >> i) & 1,
        };
        visit(arg, &view);
    }
}
