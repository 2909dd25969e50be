/*
 * What an administrator does to a topic that is there: it is deleted, gets more partitions, or
 * other settings. Requests under way may still point to what it was, so nothing is freed before
 * they are through (struct mock_grave).
 */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "mock/gateway/gateway.h"

static void tell(struct mock_broker *broker, const struct mock_topic *topic, const char *what) {
    mock_broker_emit(broker,
                     &(struct mock_event){.kind = MOCK_EVENT_TOPIC,
                                          .api = -1,
                                          .topic = topic->name,
                                          .partition = topic->partition_count,
                                          .offset = topic->options.log.min_compaction_lag_ms,
                                          .text = what});
}

/* -- graves -- */

/* Waits for all requests that are under way now. */
static void bury(struct mock_broker *broker, struct mock_grave *grave) {
    grave->before = broker->next_request + 1;
    grave->visitors = broker->requests_alive;
    grave->next = broker->graves;
    broker->graves = grave;
    mock_broker_touch(broker);
}

void mock_graves_leave(struct mock_broker *broker, uint64_t request) {
    for (struct mock_grave *grave = broker->graves; grave; grave = grave->next) {
        grave->visitors -= request < grave->before;
    }
}

void mock_graves_sweep(struct mock_broker *broker, bool all) {
    struct mock_grave **at = &broker->graves;
    while (*at) {
        struct mock_grave *grave = *at;
        if (grave->visitors > 0 && !all) {
            at = &grave->next;
            continue;
        }
        *at = grave->next;
        if (grave->topic) {
            mock_topic_free(grave->topic); /* which holds the grave */
            continue;
        }
        base_free(grave->partitions);
        base_free(grave);
    }
}

/* -- deletion -- */

void mock_topic_remove(struct mock_broker *broker, struct mock_topic *topic) {
    HASH_DELETE(hh_id, broker->topics_by_id, topic);
    HASH_DELETE(hh, broker->topics, topic);
    topic->deleted = true;
    mock_groups_topic_deleted(broker->groups, topic->name);
    topic->grave.topic = topic;
    bury(broker, &topic->grave);
    tell(broker, topic, "deleted");
    mock_produce_wake(broker);
    mock_fetch_wake_all(broker);
}

int mock_topic_delete(struct mock_broker *broker, const char *name, struct base_error *err) {
    struct mock_topic *topic = mock_topic_find_str(broker, name);
    if (!topic) {
        return base_fail(err, BASE_NOT_FOUND, "no topic %s", name);
    }
    mock_topic_remove(broker, topic);
    return 0;
}

/* -- more partitions -- */

/* Another topic in the mock cluster, which cannot enlarge one: named for how many it has. */
static char *larger_mock_name(const struct mock_topic *topic, int32_t count) {
    char name[48];
    (void)snprintf(name, sizeof(name), "t%up%d", topic->made + 1, (int)count);
    return base_strdup(name);
}

struct growth {
    struct mock_partition *partitions;
    char *mock_name;
    struct mock_grave *grave;
};

static int prepare(struct mock_broker *broker, struct mock_topic *topic, int32_t count,
                   struct growth *g, struct base_error *err) {
    g->partitions = base_alloc_array((size_t)count, sizeof(*g->partitions));
    g->mock_name = larger_mock_name(topic, count);
    g->grave = base_alloc_zero(sizeof(*g->grave));
    if (!g->partitions || !g->mock_name || !g->grave) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for more partitions of %s", topic->name);
    }
    size_t kept = (size_t)topic->partition_count * sizeof(*g->partitions);
    memcpy(g->partitions, topic->partitions, kept);
    memset((char *)g->partitions + kept, 0, (size_t)count * sizeof(*g->partitions) - kept);
    return mock_partitions_open(broker, topic, g->partitions, topic->partition_count, count, err);
}

static void abandon(struct mock_topic *topic, int32_t count, struct growth *g) {
    for (int32_t i = topic->partition_count; g->partitions && i < count; i++) {
        mock_partition_clean_up(&g->partitions[i]);
    }
    base_free(g->partitions);
    base_free(g->mock_name);
    base_free(g->grave);
}

/* Gives the new ones their replicas; where that fails, the topic is as before. */
static int place_new(struct mock_broker *broker, struct mock_topic *topic, int32_t count,
                     const struct mock_placement *placements, struct growth *g,
                     struct base_error *err) {
    struct mock_partition *old = topic->partitions;
    int32_t old_count = topic->partition_count;
    int rc = 0;
    topic->partitions = g->partitions;
    topic->partition_count = count;
    for (int32_t i = old_count; i < count && rc == 0; i++) {
        const struct mock_placement *at = placements ? &placements[i - old_count] : NULL;
        rc = mock_partition_place(broker, topic, i, at ? at->brokers : NULL, at ? at->count : 0,
                                  err);
    }
    topic->partitions = old;
    topic->partition_count = old_count;
    return rc;
}

/* From here on the topic has them; the mock cluster's new topic is yet to be told who leads. */
static void take_over(struct mock_broker *broker, struct mock_topic *topic, int32_t count,
                      struct growth *g) {
    for (int32_t i = 0; i < topic->partition_count; i++) {
        g->partitions[i].told_leader = 0;
    }
    g->grave->partitions = topic->partitions;
    bury(broker, g->grave);
    base_free(topic->mock_name);
    topic->mock_name = g->mock_name;
    topic->partitions = g->partitions;
    topic->partition_count = count;
    topic->options.partitions = count;
}

int mock_topic_grow(struct mock_broker *broker, struct mock_topic *topic, int32_t count,
                    const struct mock_placement *placements, struct base_error *err) {
    if (count <= topic->partition_count || count > (int32_t)BASE_MAX_PARTITIONS) {
        return base_fail(err, BASE_USAGE, "topic %s has %d partitions; it can get up to %u, not %d",
                         topic->name, (int)topic->partition_count, BASE_MAX_PARTITIONS, (int)count);
    }
    struct growth g = {0};
    int rc = prepare(broker, topic, count, &g, err);
    rc = rc < 0 ? rc : place_new(broker, topic, count, placements, &g, err);
    /* Last of all that may fail: the mock cluster can take nothing back. */
    rc = rc < 0 ? rc : mock_cluster_create_topic(broker->cluster, g.mock_name, count, err);
    if (rc < 0) {
        abandon(topic, count, &g);
        return rc;
    }
    take_over(broker, topic, count, &g);
    tell(broker, topic, "partitions");
    mock_fetch_wake_all(broker);
    return 0;
}

int mock_topic_add_partitions(struct mock_broker *broker, const char *name, int32_t count,
                              struct base_error *err) {
    struct mock_topic *topic = mock_topic_find_str(broker, name);
    return topic ? mock_topic_grow(broker, topic, count, NULL, err)
                 : base_fail(err, BASE_NOT_FOUND, "no topic %s", name);
}

/* -- settings -- */

void mock_topic_reconfigure(struct mock_broker *broker, struct mock_topic *topic,
                            const struct mock_log_config *config) {
    topic->options.log = *config;
    topic->options.compact = config->cleanup_compact;
    topic->options.max_message_bytes = config->max_message_bytes;
    for (int32_t i = 0; i < topic->partition_count; i++) {
        mock_topic_configure_log(broker, topic->partitions[i].log, config);
    }
    mock_topic_replication_changed(broker, topic);
    tell(broker, topic, "configured");
}

int mock_topic_configure(struct mock_broker *broker, const char *name, const char *setting,
                         const char *value, struct base_error *err) {
    struct mock_topic *topic = mock_topic_find_str(broker, name);
    if (!topic) {
        return base_fail(err, BASE_NOT_FOUND, "no topic %s", name);
    }
    struct mock_log_config config = topic->options.log;
    int rc = 0;
    if (value) {
        rc = mock_log_config_set(&config, setting, value, err);
    } else {
        mock_log_config_reset(&config, base_slice_str(setting));
    }
    rc = rc < 0 ? rc : mock_log_config_check(&config, err);
    if (rc == 0) {
        mock_topic_reconfigure(broker, topic, &config);
    }
    return rc;
}
