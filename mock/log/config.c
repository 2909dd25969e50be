/* The settings of a topic, one row each: see config.h. */
#include "mock/log/config.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum value_type { TYPE_NUMBER, TYPE_TIME, TYPE_RATIO, TYPE_BOOL, TYPE_POLICY };

struct row {
    const char *name;
    enum value_type type;
    size_t at; /* in struct mock_log_config */
    int64_t min;
    int64_t max;
    const char *help;
};

#define AT(field) offsetof(struct mock_log_config, field)

static const struct row rows[] = {
    {"cleanup.policy", TYPE_POLICY, 0, 0, 0, "delete | compact | compact,delete"},
    {"delete.retention.ms", TYPE_TIME, AT(delete_retention_ms), 0, INT64_MAX,
     "how long a tombstone stays after the pass that stamped it"},
    {"min.compaction.lag.ms", TYPE_TIME, AT(min_compaction_lag_ms), 0, INT64_MAX,
     "segments with younger records are not cleaned"},
    {"max.compaction.lag.ms", TYPE_TIME, AT(max_compaction_lag_ms), 1, INT64_MAX,
     "segments with older records are rolled, and cleaned whatever the dirty ratio"},
    {"min.cleanable.dirty.ratio", TYPE_RATIO, AT(min_cleanable_dirty_ratio), 0, 1,
     "how dirty a log must be before Kafka itself chooses it"},
    {"retention.ms", TYPE_TIME, AT(retention_ms), -1, INT64_MAX,
     "segments with only older records are deleted; -1: never"},
    {"retention.bytes", TYPE_NUMBER, AT(retention_bytes), -1, INT64_MAX,
     "the oldest segments are deleted beyond this size; -1: never"},
    {"segment.bytes", TYPE_NUMBER, AT(segment_bytes), 14, INT32_MAX,
     "a segment rolls before a batch that would exceed this size"},
    {"segment.ms", TYPE_TIME, AT(segment_ms), 1, INT64_MAX,
     "a segment rolls this long (in log time) after its first append"},
    {"segment.records", TYPE_NUMBER, AT(segment_records), 0, INT64_MAX,
     "a segment rolls before a batch that would exceed this number of records; 0: any (ours)"},
    {"max.message.bytes", TYPE_NUMBER, AT(max_message_bytes), 0, INT32_MAX,
     "largest record batch that is accepted; 0: the broker's message.max.bytes"},
    {"compact.active", TYPE_BOOL, AT(compact_active), 0, 1,
     "compact on command rolls the active segment first (ours)"},
};
#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

static const struct {
    const char *unit;
    int64_t ms;
} units[] = {
    {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000},
};

static bool scale_time(const char *unit, int64_t *number) {
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(unit, units[i].unit) == 0) {
            return *number >= 0 && !__builtin_mul_overflow(*number, units[i].ms, number);
        }
    }
    return false;
}

static int set_number(struct mock_log_config *config, const struct row *row, const char *value,
                      struct base_error *err) {
    char *end = NULL;
    errno = 0;
    int64_t number = strtoll(value, &end, 10);
    bool good = errno == 0 && end != value;
    if (good && *end) {
        good = row->type == TYPE_TIME && scale_time(end, &number);
    }
    if (!good || number < row->min || number > row->max) {
        return base_fail(err, BASE_USAGE, "%s must be a %s from %" PRId64 " to %" PRId64
                         ", not '%s'", row->name,
                         row->type == TYPE_TIME ? "time (milliseconds, or 10s, 5m, 24h, 7d)"
                                                : "number",
                         row->min, row->max, value);
    }
    memcpy((char *)config + row->at, &number, sizeof(number));
    return 0;
}

static int set_ratio(struct mock_log_config *config, const struct row *row, const char *value,
                     struct base_error *err) {
    char *end = NULL;
    errno = 0;
    double number = strtod(value, &end);
    if (errno || end == value || *end || !(number >= 0 && number <= 1)) {
        return base_fail(err, BASE_USAGE, "%s must be a number from 0 to 1, not '%s'", row->name,
                         value);
    }
    memcpy((char *)config + row->at, &number, sizeof(number));
    return 0;
}

static int set_bool(struct mock_log_config *config, const struct row *row, const char *value,
                    struct base_error *err) {
    bool is_true = strcmp(value, "true") == 0;
    if (!is_true && strcmp(value, "false") != 0) {
        return base_fail(err, BASE_USAGE, "%s must be true or false, not '%s'", row->name, value);
    }
    memcpy((char *)config + row->at, &is_true, sizeof(is_true));
    return 0;
}

/* Blanks around the words are taken, as Kafka's list type does. */
static int set_policy(struct mock_log_config *config, const char *value, struct base_error *err) {
    bool compact = false;
    bool delete = false;
    const char *at = value;
    bool good = true;
    while (good) {
        at += strspn(at, " ");
        size_t len = strcspn(at, ", ");
        if (len == 7 && strncmp(at, "compact", len) == 0) {
            compact = true;
        } else if (len == 6 && strncmp(at, "delete", len) == 0) {
            delete = true;
        } else {
            good = false;
        }
        at += len + strspn(at + len, " ");
        if (*at != ',') {
            break;
        }
        at++;
    }
    if (!good || *at) {
        return base_fail(err, BASE_USAGE,
                         "cleanup.policy must be delete, compact or compact,delete, not '%s'",
                         value);
    }
    config->cleanup_compact = compact;
    config->cleanup_delete = delete;
    return 0;
}

int mock_log_config_set(struct mock_log_config *config, const char *name, const char *value,
                        struct base_error *err) {
    const struct row *row = NULL;
    for (size_t i = 0; i < ROW_COUNT && !row; i++) {
        row = strcmp(rows[i].name, name) == 0 ? &rows[i] : NULL;
    }
    if (!row) {
        return base_fail(err, BASE_NOT_FOUND, "'%s' is no setting of a topic", name);
    }
    switch (row->type) {
    case TYPE_POLICY:
        return set_policy(config, value, err);
    case TYPE_BOOL:
        return set_bool(config, row, value, err);
    case TYPE_RATIO:
        return set_ratio(config, row, value, err);
    case TYPE_NUMBER:
    case TYPE_TIME:
        break;
    }
    return set_number(config, row, value, err);
}

int mock_log_config_check(const struct mock_log_config *config, struct base_error *err) {
    if (config->min_compaction_lag_ms > config->max_compaction_lag_ms) {
        return base_fail(err, BASE_USAGE,
                         "min.compaction.lag.ms (%" PRId64
                         ") must not be more than max.compaction.lag.ms (%" PRId64 ")",
                         config->min_compaction_lag_ms, config->max_compaction_lag_ms);
    }
    return 0;
}

static void value_text(const struct mock_log_config *config, const struct row *row, char *text,
                       size_t size) {
    const char *at = (const char *)config + row->at;
    int64_t number = 0;
    double ratio = 0;
    switch (row->type) {
    case TYPE_POLICY:
        (void)snprintf(text, size, "%s",
                       !config->cleanup_compact ? "delete"
                       : config->cleanup_delete ? "compact,delete"
                                                : "compact");
        return;
    case TYPE_BOOL:
        (void)snprintf(text, size, "%s", *(const bool *)at ? "true" : "false");
        return;
    case TYPE_RATIO:
        memcpy(&ratio, at, sizeof(ratio));
        (void)snprintf(text, size, "%g", ratio);
        return;
    case TYPE_NUMBER:
    case TYPE_TIME:
        memcpy(&number, at, sizeof(number));
        (void)snprintf(text, size, "%" PRId64, number);
        return;
    }
}

void mock_log_config_each(const struct mock_log_config *config,
                          void (*visit)(void *arg, const char *name, const char *value,
                                        const char *help),
                          void *arg) {
    for (size_t i = 0; i < ROW_COUNT; i++) {
        char text[64];
        value_text(config, &rows[i], text, sizeof(text));
        visit(arg, rows[i].name, text, rows[i].help);
    }
}
