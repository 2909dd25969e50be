/*
 * How one log keeps its records: Kafka's topic settings by Kafka's names, with Kafka's defaults,
 * and two of our own (segment.records, compact.active). Two ways in: mock_log_config_set for the
 * owner (units, our own settings), mock_log_config_alter for Kafka's clients (config_text.c).
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

/* compression.type: what a batch is stored in. */
enum mock_log_compression {
    MOCK_LOG_COMPRESSION_PRODUCER, /* as it came */
    MOCK_LOG_COMPRESSION_UNCOMPRESSED,
    MOCK_LOG_COMPRESSION_GZIP,
    MOCK_LOG_COMPRESSION_SNAPPY,
    MOCK_LOG_COMPRESSION_LZ4,
    MOCK_LOG_COMPRESSION_ZSTD
};

struct mock_log_config {
    uint64_t set;                  /* which settings were given, by their place in the table */
    bool cleanup_compact;          /* cleanup.policy has "compact": keyless records are refused */
    bool cleanup_delete;           /* cleanup.policy has "delete" */
    bool cleanup_delete_first;     /* said before "compact" */
    bool compact_active;           /* compact.active (ours): compact on command rolls the active
                                      segment first */
    int64_t delete_retention_ms;   /* how long a tombstone stays after the pass that stamped it */
    int64_t min_compaction_lag_ms; /* younger segments are not cleaned */
    int64_t max_compaction_lag_ms; /* older dirty ones are rolled, and cleaned at any ratio */
    double min_cleanable_dirty_ratio; /* for Kafka's own choice of the moment (needs_clean) */
    int64_t retention_ms;             /* -1: for ever */
    int64_t retention_bytes;          /* -1: any */
    int64_t segment_bytes;
    int64_t segment_ms;              /* in log-clock time since the segment's first append */
    int64_t segment_records;         /* segment.records (ours): 0 any */
    int64_t max_message_bytes;       /* 0: the broker's message.max.bytes */
    int64_t min_insync_replicas;     /* fewer in sync refuse acks=all */
    int64_t timestamp_before_max_ms; /* a record that is older by more is refused */
    int64_t timestamp_after_max_ms;  /* a record from further in the future is refused */
    enum mock_log_compression compression;
    bool log_append_time;         /* message.timestamp.type = LogAppendTime */
    bool unclean_leader_election; /* unclean.leader.election.enable */
    /* Of files, which we have none of: taken and told, without any effect. */
    bool preallocate;
    int64_t file_delete_delay_ms;
    int64_t flush_messages;
    int64_t flush_ms;
    int64_t index_interval_bytes;
    int64_t segment_index_bytes;
    int64_t gzip_level;
    int64_t lz4_level;
    int64_t zstd_level;
};
/* Kafka's defaults; cleanup.policy = delete. */
#define MOCK_LOG_CONFIG_INIT                                                                       \
    {                                                                                              \
        .cleanup_delete = true, .compact_active = true, .delete_retention_ms = INT64_C(86400000),  \
        .max_compaction_lag_ms = INT64_MAX, .min_cleanable_dirty_ratio = 0.5,                      \
        .retention_ms = INT64_C(604800000), .retention_bytes = -1,                                 \
        .segment_bytes = INT64_C(1073741824), .segment_ms = INT64_C(604800000),                    \
        .min_insync_replicas = 1, .timestamp_before_max_ms = INT64_MAX,                            \
        .timestamp_after_max_ms = INT64_C(3600000), .file_delete_delay_ms = 60000,                 \
        .flush_messages = INT64_MAX, .flush_ms = INT64_MAX, .index_interval_bytes = 4096,          \
        .segment_index_bytes = 10485760, .gzip_level = -1, .lz4_level = 9, .zstd_level = 3         \
    }

/* Sets one by its name: "cleanup.policy", "delete.retention.ms", … A time may carry a unit (24h,
 * 5m, 10s, 7d, 500ms). BASE_NOT_FOUND for an unknown name, BASE_USAGE for a wrong value; the
 * sentence says what is right. */
int mock_log_config_set(struct mock_log_config *config, const char *name, const char *value,
                        struct base_error *err);
/* Was it given? Then it counts, and not the broker's setting that it defaults to. */
bool mock_log_config_has(const struct mock_log_config *config, const char *name);
/* What no single value can say: min.compaction.lag.ms is at most max.compaction.lag.ms.
 * BASE_USAGE. */
int mock_log_config_check(const struct mock_log_config *config, struct base_error *err);

/* -- as Kafka's clients name and write them (config_text.c) -- */

/* Kafka's types (DescribeConfigsResponse.ConfigType). */
enum mock_config_type {
    MOCK_CONFIG_TYPE_BOOLEAN = 1,
    MOCK_CONFIG_TYPE_STRING = 2,
    MOCK_CONFIG_TYPE_INT = 3,
    MOCK_CONFIG_TYPE_LONG = 5,
    MOCK_CONFIG_TYPE_DOUBLE = 6,
    MOCK_CONFIG_TYPE_LIST = 7
};

/* Sets one as a client does: no units, none of our own settings, Kafka's limits and Kafka's
 * sentences. BASE_NOT_FOUND for an unknown name, BASE_USAGE for a value that Kafka refuses,
 * BASE_UNSUPPORTED for one that Kafka takes and this broker would not honour. */
int mock_log_config_alter(struct mock_log_config *config, struct base_slice name,
                          struct base_slice value, struct base_error *err);
/* Back to its default, as if never set. An unknown name is nothing to do. */
void mock_log_config_reset(struct mock_log_config *config, struct base_slice name);
/* All of Kafka's; our own stay as they are, for no client can name them. */
void mock_log_config_reset_all(struct mock_log_config *config);
/* As mock_log_config_check, in Kafka's words. */
int mock_log_config_check_altered(const struct mock_log_config *config, struct base_error *err);
/* Can something be appended to it or subtracted from it? */
bool mock_log_config_is_list(struct base_slice name);

/* One of Kafka's settings as DescribeConfigs tells it; valid during the visit. */
struct mock_config_view {
    const char *name;
    enum mock_config_type type;
    const char *value;
    const char *default_value;
    const char *synonym; /* the broker setting that it defaults to; NULL: none */
    const char *help;
    bool is_set; /* given for this topic */
};
void mock_log_config_describe(const struct mock_log_config *config,
                              void (*visit)(void *arg, const struct mock_config_view *view),
                              void *arg);
