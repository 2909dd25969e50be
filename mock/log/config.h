/*
 * How one log keeps its records: Kafka's topic settings by Kafka's names, with Kafka's defaults,
 * and two of our own (segment.records, compact.active).
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct mock_log_config {
    bool cleanup_compact;            /* cleanup.policy has "compact": keyless records are refused */
    bool cleanup_delete;             /* cleanup.policy has "delete" */
    bool compact_active;             /* compact.active (ours): compact on command rolls the active
                                        segment first */
    int64_t delete_retention_ms;     /* how long a tombstone stays after the pass that stamped it */
    int64_t min_compaction_lag_ms;   /* younger segments are not cleaned */
    int64_t max_compaction_lag_ms;   /* older dirty ones are rolled, and cleaned at any ratio */
    double min_cleanable_dirty_ratio; /* for Kafka's own choice of the moment (needs_clean) */
    int64_t retention_ms;            /* -1: for ever */
    int64_t retention_bytes;         /* -1: any */
    int64_t segment_bytes;
    int64_t segment_ms;              /* in log-clock time since the segment's first append */
    int64_t segment_records;         /* segment.records (ours): 0 any */
    int64_t max_message_bytes;       /* 0: the broker's message.max.bytes */
};
/* Kafka's defaults; cleanup.policy = delete. */
#define MOCK_LOG_CONFIG_INIT                                                                       \
    {.cleanup_delete = true,                                                                       \
     .compact_active = true,                                                                       \
     .delete_retention_ms = INT64_C(86400000),                                                     \
     .max_compaction_lag_ms = INT64_MAX,                                                           \
     .min_cleanable_dirty_ratio = 0.5,                                                             \
     .retention_ms = INT64_C(604800000),                                                           \
     .retention_bytes = -1,                                                                        \
     .segment_bytes = INT64_C(1073741824),                                                         \
     .segment_ms = INT64_C(604800000)}

/* Sets one by its name: "cleanup.policy", "delete.retention.ms", … A time may carry a unit (24h,
 * 5m, 10s, 7d, 500ms). BASE_NOT_FOUND for an unknown name, BASE_USAGE for a wrong value; the
 * sentence says what is right. */
int mock_log_config_set(struct mock_log_config *config, const char *name, const char *value,
                        struct base_error *err);
/* Calls visit with every name, its value in config as text, and one line of help. */
void mock_log_config_each(const struct mock_log_config *config,
                          void (*visit)(void *arg, const char *name, const char *value,
                                        const char *help),
                          void *arg);
/* What no single value can say: min.compaction.lag.ms is at most max.compaction.lag.ms.
 * BASE_USAGE. */
int mock_log_config_check(const struct mock_log_config *config, struct base_error *err);
