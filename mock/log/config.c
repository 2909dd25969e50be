/* The settings of a topic, one row each, and how their owner sets them: see config.h. */
#include "mock/log/config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mock/log/config_private.h"

#define AT(field)                                                                                  \
    offsetof(struct mock_log_config, field), sizeof(((struct mock_log_config *)0)->field)
#define NUMBER(name, type, field, min, max, synonym, help)                                         \
    {                                                                                              \
        name, MOCK_CONFIG_NUMBER, MOCK_CONFIG_TYPE_##type, AT(field), min, max, min, NULL,         \
            synonym, false, help                                                                   \
    }
#define TIME(name, field, min, synonym, help)                                                      \
    {                                                                                              \
        name, MOCK_CONFIG_TIME, MOCK_CONFIG_TYPE_LONG, AT(field), min, INT64_MAX, min, NULL,       \
            synonym, false, help                                                                   \
    }
#define BOOL(name, field, synonym, help)                                                           \
    {                                                                                              \
        name, MOCK_CONFIG_BOOL, MOCK_CONFIG_TYPE_BOOLEAN, AT(field), 0, 1, 0, NULL, synonym,       \
            false, help                                                                            \
    }
#define ONLY(name, type, value, synonym)                                                           \
    {                                                                                              \
        name, MOCK_CONFIG_DEFAULT, MOCK_CONFIG_TYPE_##type, 0, 0, 0, 0, 0,                         \
            (const char *const[]){value, NULL}, synonym, false,                                    \
            "not honoured: only its default can be set"                                            \
    }
#define NO_EFFECT "taken, without effect: nothing is kept in files"

static const char *const timestamp_types[] = {"CreateTime", "LogAppendTime", NULL};
/* As enum mock_log_compression. */
static const char *const compressions[] = {"producer", "uncompressed", "gzip", "snappy",
                                           "lz4",      "zstd",         NULL};

static const struct mock_config_row rows[] = {
    {"cleanup.policy", MOCK_CONFIG_POLICY, MOCK_CONFIG_TYPE_LIST, 0, 0, 0, 0, 0, NULL,
     "log.cleanup.policy", false, "delete | compact | compact,delete"},
    TIME("delete.retention.ms", delete_retention_ms, 0, "log.cleaner.delete.retention.ms",
         "how long a tombstone stays after the pass that stamped it"),
    TIME("min.compaction.lag.ms", min_compaction_lag_ms, 0, "log.cleaner.min.compaction.lag.ms",
         "segments with younger records are not cleaned"),
    TIME("max.compaction.lag.ms", max_compaction_lag_ms, 1, "log.cleaner.max.compaction.lag.ms",
         "segments with older records are rolled, and cleaned whatever the dirty ratio"),
    {"min.cleanable.dirty.ratio", MOCK_CONFIG_RATIO, MOCK_CONFIG_TYPE_DOUBLE,
     AT(min_cleanable_dirty_ratio), 0, 1, 0, NULL, "log.cleaner.min.cleanable.ratio", false,
     "how dirty a log must be before Kafka itself chooses it"},
    TIME("retention.ms", retention_ms, -1, NULL,
         "segments with only older records are deleted; -1: never"),
    {"retention.bytes", MOCK_CONFIG_NUMBER, MOCK_CONFIG_TYPE_LONG, AT(retention_bytes), -1,
     INT64_MAX, INT64_MIN, NULL, "log.retention.bytes", false,
     "the oldest segments are deleted beyond this size; -1: never"},
    {"segment.bytes", MOCK_CONFIG_NUMBER, MOCK_CONFIG_TYPE_INT, AT(segment_bytes), 14, INT32_MAX,
     1048576, NULL, "log.segment.bytes", false,
     "a segment rolls before a batch that would exceed this size"},
    TIME("segment.ms", segment_ms, 1, NULL,
         "a segment rolls this long (in log time) after its first append"),
    {"segment.records", MOCK_CONFIG_NUMBER, MOCK_CONFIG_TYPE_LONG, AT(segment_records), 0,
     INT64_MAX, 0, NULL, NULL, true,
     "a segment rolls before a batch that would exceed this number of records; 0: any (ours)"},
    NUMBER("max.message.bytes", INT, max_message_bytes, 0, INT32_MAX, "message.max.bytes",
           "largest record batch that is accepted; 0: the broker's message.max.bytes"),
    {"compact.active", MOCK_CONFIG_BOOL, MOCK_CONFIG_TYPE_BOOLEAN, AT(compact_active), 0, 1, 0,
     NULL, NULL, true, "compact on command rolls the active segment first (ours)"},
    NUMBER("min.insync.replicas", INT, min_insync_replicas, 1, INT32_MAX, "min.insync.replicas",
           "fewer replicas in sync refuse a Produce with acks=all"),
    {"message.timestamp.type", MOCK_CONFIG_WORD, MOCK_CONFIG_TYPE_STRING, AT(log_append_time), 0, 1,
     0, timestamp_types, "log.message.timestamp.type", false,
     "CreateTime: a record keeps its time; LogAppendTime: it gets the log's"},
    TIME("message.timestamp.before.max.ms", timestamp_before_max_ms, 0,
         "log.message.timestamp.before.max.ms",
         "a record that is older than the log's time by more is refused"),
    TIME("message.timestamp.after.max.ms", timestamp_after_max_ms, 0,
         "log.message.timestamp.after.max.ms",
         "a record that is ahead of the log's time by more is refused"),
    {"compression.type", MOCK_CONFIG_WORD, MOCK_CONFIG_TYPE_STRING, AT(compression), 0, 5, 0,
     compressions, "compression.type", false,
     "what batches are kept in: producer (as they come) | uncompressed | gzip | snappy | lz4 | "
     "zstd"},
    BOOL("unclean.leader.election.enable", unclean_leader_election,
         "unclean.leader.election.enable", "may a replica that is not in sync lead"),
    BOOL("preallocate", preallocate, "log.preallocate", NO_EFFECT),
    TIME("file.delete.delay.ms", file_delete_delay_ms, 0, "log.segment.delete.delay.ms", NO_EFFECT),
    NUMBER("flush.messages", LONG, flush_messages, 1, INT64_MAX, "log.flush.interval.messages",
           NO_EFFECT),
    TIME("flush.ms", flush_ms, 0, NULL, NO_EFFECT),
    NUMBER("index.interval.bytes", INT, index_interval_bytes, 0, INT32_MAX,
           "log.index.interval.bytes", NO_EFFECT),
    NUMBER("segment.index.bytes", INT, segment_index_bytes, 4, INT32_MAX,
           "log.index.size.max.bytes", NO_EFFECT),
    NUMBER("compression.gzip.level", INT, gzip_level, -1, 9, "compression.gzip.level",
           "taken, without effect on what is kept"),
    NUMBER("compression.lz4.level", INT, lz4_level, 1, 17, "compression.lz4.level",
           "taken, without effect on what is kept"),
    NUMBER("compression.zstd.level", INT, zstd_level, -131072, 22, "compression.zstd.level",
           "taken, without effect on what is kept"),
    ONLY("errors.deadletterqueue.group.enable", BOOLEAN, "false", NULL),
    ONLY("follower.replication.throttled.replicas", LIST, "", NULL),
    ONLY("leader.replication.throttled.replicas", LIST, "", NULL),
    ONLY("local.retention.bytes", LONG, "-2", "log.local.retention.bytes"),
    ONLY("local.retention.ms", LONG, "-2", "log.local.retention.ms"),
    ONLY("max.decompressed.message.bytes", INT, "2147483639", "max.decompressed.message.bytes"),
    ONLY("remote.copy.lag.bytes", LONG, "-1", "log.remote.copy.lag.bytes"),
    ONLY("remote.copy.lag.ms", LONG, "0", "log.remote.copy.lag.ms"),
    ONLY("remote.log.copy.disable", BOOLEAN, "false", NULL),
    ONLY("remote.log.delete.on.disable", BOOLEAN, "false", NULL),
    ONLY("remote.storage.enable", BOOLEAN, "false", NULL),
    ONLY("segment.jitter.ms", LONG, "0", NULL),
};
#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))
_Static_assert(ROW_COUNT <= 64, "mock_log_config.set has a bit for each");

const struct mock_config_row *mock_config_rows(size_t *ret_count) {
    *ret_count = ROW_COUNT;
    return rows;
}

const struct mock_config_row *mock_config_row_find(struct base_slice name) {
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (base_slice_equal_str(name, rows[i].name)) {
            return &rows[i];
        }
    }
    return NULL;
}

void mock_config_mark(struct mock_log_config *config, const struct mock_config_row *row, bool set) {
    uint64_t bit = UINT64_C(1) << (row - rows);
    config->set = set ? config->set | bit : config->set & ~bit;
}

bool mock_log_config_has(const struct mock_log_config *config, const char *name) {
    const struct mock_config_row *row = mock_config_row_find(base_slice_str(name));
    return row && (config->set >> (row - rows) & 1);
}

void mock_config_put(struct mock_log_config *config, const struct mock_config_row *row,
                     int64_t number) {
    char *at = (char *)config + row->at;
    if (row->size == sizeof(bool)) {
        *(bool *)at = number != 0;
    } else if (row->size == sizeof(enum mock_log_compression)) {
        enum mock_log_compression place = (enum mock_log_compression)number;
        memcpy(at, &place, sizeof(place));
    } else {
        memcpy(at, &number, sizeof(number));
    }
}

static int64_t get(const struct mock_log_config *config, const struct mock_config_row *row) {
    const char *at = (const char *)config + row->at;
    if (row->size == sizeof(bool)) {
        return *(const bool *)at;
    }
    if (row->size == sizeof(enum mock_log_compression)) {
        enum mock_log_compression place;
        memcpy(&place, at, sizeof(place));
        return (int64_t)place;
    }
    int64_t number;
    memcpy(&number, at, sizeof(number));
    return number;
}

/* -- what the owner says -- */

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

static int set_number(struct mock_log_config *config, const struct mock_config_row *row,
                      const char *value, struct base_error *err) {
    char *end = NULL;
    errno = 0;
    int64_t number = strtoll(value, &end, 10);
    bool good = errno == 0 && end != value;
    if (good && *end) {
        good = row->kind == MOCK_CONFIG_TIME && scale_time(end, &number);
    }
    if (!good || number < row->min || number > row->max) {
        return base_fail(
            err, BASE_USAGE, "%s must be a %s from %" PRId64 " to %" PRId64 ", not '%s'", row->name,
            row->kind == MOCK_CONFIG_TIME ? "time (milliseconds, or 10s, 5m, 24h, 7d)" : "number",
            row->min, row->max, value);
    }
    mock_config_put(config, row, number);
    return 0;
}

static int set_ratio(struct mock_log_config *config, const struct mock_config_row *row,
                     const char *value, struct base_error *err) {
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

static int set_bool(struct mock_log_config *config, const struct mock_config_row *row,
                    const char *value, struct base_error *err) {
    bool is_true = strcmp(value, "true") == 0;
    if (!is_true && strcmp(value, "false") != 0) {
        return base_fail(err, BASE_USAGE, "%s must be true or false, not '%s'", row->name, value);
    }
    mock_config_put(config, row, is_true);
    return 0;
}

static int set_word(struct mock_log_config *config, const struct mock_config_row *row,
                    const char *value, struct base_error *err) {
    for (size_t i = 0; row->words[i]; i++) {
        if (strcmp(row->words[i], value) == 0) {
            mock_config_put(config, row, (int64_t)i);
            return 0;
        }
    }
    return base_fail(err, BASE_USAGE, "%s must be %s, not '%s'", row->name, row->help, value);
}

static int set_default(const struct mock_config_row *row, const char *value,
                       struct base_error *err) {
    return strcmp(value, row->words[0]) == 0
               ? 0
               : base_fail(err, BASE_USAGE, "%s can only be '%s' here, not '%s'", row->name,
                           row->words[0], value);
}

/* Blanks around the words are taken, as Kafka's list type does. */
bool mock_config_put_policy(struct mock_log_config *config, const char *value) {
    int compact = 0; /* at which place it was named */
    int delete = 0;
    const char *at = value + strspn(value, " ");
    for (int place = 1; *at; place++) {
        size_t len = strcspn(at, ", ");
        if (len == 7 && strncmp(at, "compact", len) == 0) {
            compact = compact ? compact : place;
        } else if (len == 6 && strncmp(at, "delete", len) == 0) {
            delete = delete ? delete : place;
        } else {
            return false;
        }
        at += len + strspn(at + len, " ");
        if (*at && *at != ',') {
            return false;
        }
        at += *at == ',' ? 1 + strspn(at + 1, " ") : 0;
        if (!*at && at[-1] == ',') {
            return false;
        }
    }
    config->cleanup_compact = compact > 0;
    config->cleanup_delete = delete > 0;
    config->cleanup_delete_first = delete > 0 && compact > delete;
    return true;
}

static int set_policy(struct mock_log_config *config, const char *value, struct base_error *err) {
    return *value && mock_config_put_policy(config, value)
               ? 0
               : base_fail(err, BASE_USAGE,
                           "cleanup.policy must be delete, compact or compact,delete, not '%s'",
                           value);
}

static int set_row(struct mock_log_config *config, const struct mock_config_row *row,
                   const char *value, struct base_error *err) {
    switch (row->kind) {
    case MOCK_CONFIG_POLICY:
        return set_policy(config, value, err);
    case MOCK_CONFIG_BOOL:
        return set_bool(config, row, value, err);
    case MOCK_CONFIG_RATIO:
        return set_ratio(config, row, value, err);
    case MOCK_CONFIG_WORD:
        return set_word(config, row, value, err);
    case MOCK_CONFIG_DEFAULT:
        return set_default(row, value, err);
    case MOCK_CONFIG_NUMBER:
    case MOCK_CONFIG_TIME:
        break;
    }
    return set_number(config, row, value, err);
}

int mock_log_config_set(struct mock_log_config *config, const char *name, const char *value,
                        struct base_error *err) {
    const struct mock_config_row *row = mock_config_row_find(base_slice_str(name));
    if (!row) {
        return base_fail(err, BASE_NOT_FOUND, "'%s' is no setting of a topic", name);
    }
    int rc = set_row(config, row, value, err);
    if (rc == 0) {
        mock_config_mark(config, row, true);
    }
    return rc;
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

/* -- as text -- */

static const char *policy_text(const struct mock_log_config *config) {
    if (config->cleanup_compact && config->cleanup_delete) {
        return config->cleanup_delete_first ? "delete,compact" : "compact,delete";
    }
    return config->cleanup_compact ? "compact" : config->cleanup_delete ? "delete" : "";
}

void mock_config_text(const struct mock_log_config *config, const struct mock_config_row *row,
                      char *text, size_t size) {
    double ratio = 0;
    switch (row->kind) {
    case MOCK_CONFIG_POLICY:
        (void)snprintf(text, size, "%s", policy_text(config));
        return;
    case MOCK_CONFIG_BOOL:
        (void)snprintf(text, size, "%s", get(config, row) ? "true" : "false");
        return;
    case MOCK_CONFIG_RATIO:
        memcpy(&ratio, (const char *)config + row->at, sizeof(ratio));
        (void)snprintf(text, size, "%g", ratio);
        return;
    case MOCK_CONFIG_WORD:
        (void)snprintf(text, size, "%s", row->words[get(config, row)]);
        return;
    case MOCK_CONFIG_DEFAULT:
        (void)snprintf(text, size, "%s", row->words[0]);
        return;
    case MOCK_CONFIG_NUMBER:
    case MOCK_CONFIG_TIME:
        (void)snprintf(text, size, "%" PRId64, get(config, row));
        return;
    }
}
