/*
 * The topic table: the only place that knows which topic of the mock cluster an incarnation of a
 * topic lives on, and where each reader stands. Who leads is replicas.c.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "mock/gateway/gateway.h"

/* -- lookup -- */

struct mock_topic *mock_topic_find(const struct mock_broker *broker, struct base_slice name) {
    struct mock_topic *topic = NULL;
    if (name.data) {
        HASH_FIND(hh, broker->topics, name.data, (unsigned)name.len, topic);
    }
    return topic;
}

struct mock_topic *mock_topic_find_id(const struct mock_broker *broker,
                                      const struct mock_uuid *id) {
    struct mock_topic *topic = NULL;
    HASH_FIND(hh_id, broker->topics_by_id, id, sizeof(*id), topic);
    return topic;
}

int64_t mock_partition_high_watermark(const struct mock_partition *partition) {
    return mock_log_high_watermark(partition->log);
}

int64_t mock_partition_stable_offset(const struct mock_partition *partition) {
    int64_t high_watermark = mock_partition_high_watermark(partition);
    int64_t stable = mock_log_stable(partition->log);
    return stable < high_watermark ? stable : high_watermark;
}

struct mock_topic *mock_topic_find_str(const struct mock_broker *broker, const char *name) {
    return mock_topic_find(broker, base_slice_str(name));
}

struct mock_partition *mock_partition_find(const struct mock_broker *broker, struct base_slice name,
                                           int32_t partition, struct mock_topic **ret_topic) {
    struct mock_topic *topic = mock_topic_find(broker, name);
    if (!topic || partition < 0 || partition >= topic->partition_count) {
        return NULL;
    }
    if (ret_topic) {
        *ret_topic = topic;
    }
    return &topic->partitions[partition];
}

static struct mock_partition *find(const struct mock_broker *broker, const char *topic,
                                   int32_t partition) {
    return mock_partition_find(broker, base_slice_str(topic), partition, NULL);
}

bool mock_topic_name_is_legal(struct base_slice name) {
    if (name.len == 0 || name.len > BASE_MAX_TOPIC_NAME_BYTES || base_slice_equal_str(name, ".") ||
        base_slice_equal_str(name, "..")) {
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.data[i];
        if (!(c < 0x80 && isalnum(c)) && c != '.' && c != '_' && c != '-') {
            return false;
        }
    }
    return true;
}

bool mock_topic_name_is_internal(struct base_slice name) {
    return base_slice_equal_str(name, "__consumer_offsets") ||
           base_slice_equal_str(name, "__transaction_state");
}

/* -- creation -- */

void mock_partition_clean_up(struct mock_partition *partition) {
    mock_log_free(partition->log);
    mock_producers_free(partition->producers);
    mock_replicas_clean_up(&partition->replicas);
    struct mock_reader *reader = partition->readers;
    while (reader) {
        struct mock_reader *next = reader->next;
        base_free(reader->actor);
        base_free(reader);
        reader = next;
    }
}

void mock_topic_free(struct mock_topic *topic) {
    for (int32_t i = 0; topic->partitions && i < topic->partition_count; i++) {
        mock_partition_clean_up(&topic->partitions[i]);
    }
    base_free(topic->partitions);
    base_free(topic->mock_name);
    base_free(topic->name);
    base_free(topic);
}

void mock_topic_configure_log(const struct mock_broker *broker, struct mock_log *log,
                              const struct mock_log_config *config) {
    struct mock_log_config effective = *config;
    if (!mock_log_config_has(config, "retention.ms")) {
        effective.retention_ms = broker->settings.log_retention_ms;
    }
    mock_log_configure(log, &effective);
}

int mock_partitions_open(struct mock_broker *broker, struct mock_topic *topic,
                         struct mock_partition *partitions, int32_t from, int32_t to,
                         struct base_error *err) {
    for (int32_t i = from; i < to; i++) {
        struct mock_partition *p = &partitions[i];
        int rc = mock_log_new(&broker->log_budget, &p->log, err);
        rc = rc < 0 ? rc : mock_producers_new(&p->producers, err);
        if (rc < 0) {
            return rc;
        }
        mock_topic_configure_log(broker, p->log, &topic->options.log);
    }
    return 0;
}

static int place_replicas(struct mock_broker *broker, struct mock_topic *topic,
                          const struct mock_placement *placements, struct base_error *err) {
    int rc = 0;
    for (int32_t i = 0; i < topic->partition_count && rc == 0; i++) {
        const struct mock_placement *at = placements ? &placements[i] : NULL;
        rc = mock_partition_place(broker, topic, i, at ? at->brokers : NULL, at ? at->count : 0,
                                  err);
    }
    return rc;
}

/* The shorthands, said in the log's settings too; they then agree. */
static void spell_out(struct mock_topic_options *options) {
    if (options->compact && !options->log.cleanup_compact) {
        options->log.cleanup_compact = true;
        options->log.cleanup_delete = false;
    }
    options->compact = options->log.cleanup_compact;
    if (options->max_message_bytes) {
        options->log.max_message_bytes = options->max_message_bytes;
    }
    options->max_message_bytes = options->log.max_message_bytes;
}

/* The same in every run of a scenario; version 4 by its bits (RFC 9562), as Kafka's are. */
static struct mock_uuid make_id(uint32_t made) {
    struct mock_uuid id = {{'k', 't', 'r', 'i', 'a', 'l', 0x40, 0, 0x80}};
    for (int i = 0; i < 4; i++) {
        id.bytes[12 + i] = (uint8_t)(made >> (24 - 8 * i));
    }
    return id;
}

struct mock_uuid mock_topic_next_id(const struct mock_broker *broker) {
    return make_id(broker->topics_made + 1);
}

static struct mock_topic *new_topic(struct mock_broker *broker, struct base_slice name,
                                    const struct mock_topic_options *options) {
    char mock_name[32];
    (void)snprintf(mock_name, sizeof(mock_name), "t%u", broker->topics_made + 1);
    struct mock_topic *topic = base_alloc_zero(sizeof(*topic));
    if (!topic) {
        return NULL;
    }
    topic->options = *options;
    topic->made = broker->topics_made;
    topic->id = mock_topic_next_id(broker);
    spell_out(&topic->options);
    topic->partition_count = options->partitions;
    topic->name = base_strndup((const char *)name.data, name.len);
    topic->mock_name = base_strdup(mock_name);
    topic->partitions = base_alloc_array((size_t)options->partitions, sizeof(*topic->partitions));
    if (!topic->name || !topic->mock_name || !topic->partitions) {
        mock_topic_free(topic);
        return NULL;
    }
    return topic;
}

static uint8_t unified(uint8_t c) {
    return c == '.' ? '_' : c;
}

static bool collides(struct base_slice a, const char *b) {
    size_t len = strlen(b);
    bool same = a.len == len && memcmp(a.data, b, len) != 0;
    for (size_t i = 0; same && i < len; i++) {
        same = unified(a.data[i]) == unified((uint8_t)b[i]);
    }
    return same;
}

const struct mock_topic *mock_topic_collision(const struct mock_broker *broker,
                                              struct base_slice name) {
    bool may = memchr(name.data, '.', name.len) || memchr(name.data, '_', name.len);
    const struct mock_topic *topic = may ? broker->topics : NULL;
    while (topic && !collides(name, topic->name)) {
        topic = topic->hh.next;
    }
    return topic;
}

int mock_topic_check(const struct mock_broker *broker, struct base_slice name,
                     const struct mock_topic_options *options, struct base_error *err) {
    if (!mock_topic_name_is_legal(name)) {
        return base_fail(err, BASE_USAGE, "'%.*s' is no legal topic name", (int)name.len,
                         (const char *)name.data);
    }
    if (mock_topic_find(broker, name)) {
        return base_fail(err, BASE_STATE, "topic %.*s exists", (int)name.len,
                         (const char *)name.data);
    }
    if (options->partitions < 1 || options->partitions > (int32_t)BASE_MAX_PARTITIONS) {
        return base_fail(err, BASE_USAGE, "partitions must be 1 to %u, not %d", BASE_MAX_PARTITIONS,
                         (int)options->partitions);
    }
    if (HASH_COUNT(broker->topics) >= BASE_MAX_TOPICS) {
        return base_fail(err, BASE_LIMIT, "more than %u topics", BASE_MAX_TOPICS);
    }
    if (options->replication_factor < 0 || options->replication_factor > broker->settings.brokers) {
        return base_fail(err, BASE_USAGE, "there are %d brokers for %d replicas",
                         (int)broker->settings.brokers, (int)options->replication_factor);
    }
    int rc = mock_log_config_check(&options->log, err);
    return rc < 0 ? base_fail_within(err, rc, "topic %.*s", (int)name.len, (const char *)name.data)
                  : 0;
}

/* From now on it can be found; or, where memory is out, by neither name nor id. */
static int list_topic(struct mock_broker *broker, struct mock_topic *topic,
                      struct base_error *err) {
    HASH_ADD_KEYPTR(hh, broker->topics, topic->name, (unsigned)strlen(topic->name), topic);
    if (!base_hash_has(topic->hh)) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a topic");
    }
    HASH_ADD(hh_id, broker->topics_by_id, id, sizeof(topic->id), topic);
    if (!base_hash_has(topic->hh_id)) {
        HASH_DEL(broker->topics, topic);
        return base_fail(err, BASE_NO_MEMORY, "no memory for a topic");
    }
    return 0;
}

int mock_topic_make(struct mock_broker *broker, struct base_slice name,
                    const struct mock_topic_options *options,
                    const struct mock_placement *placements, struct mock_topic **ret_topic,
                    struct base_error *err) {
    int rc = mock_topic_check(broker, name, options, err);
    if (rc < 0) {
        return rc;
    }
    struct mock_topic *topic = new_topic(broker, name, options);
    if (!topic) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a topic");
    }
    rc = mock_partitions_open(broker, topic, topic->partitions, 0, topic->partition_count, err);
    rc = rc < 0 ? rc
                : mock_cluster_create_topic(broker->cluster, topic->mock_name,
                                            topic->partition_count, err);
    if (rc == 0) {
        broker->topics_made++; /* whatever comes: the mock cluster has a topic of this name now */
        rc = place_replicas(broker, topic, placements, err);
    }
    rc = rc < 0 ? rc : list_topic(broker, topic, err);
    if (rc < 0) {
        mock_topic_free(topic);
        return rc;
    }
    mock_broker_emit(broker, &(struct mock_event){.kind = MOCK_EVENT_TOPIC,
                                                  .api = -1,
                                                  .topic = topic->name,
                                                  .partition = topic->partition_count});
    if (ret_topic) {
        *ret_topic = topic;
    }
    return 0;
}

int mock_topic_create(struct mock_broker *broker, const char *name,
                      const struct mock_topic_options *options, struct base_error *err) {
    return mock_topic_make(broker, base_slice_str(name), options, NULL, NULL, err);
}

int mock_topic_create_slice(struct mock_broker *broker, struct base_slice name,
                            struct base_error *err) {
    struct mock_topic_options options = MOCK_TOPIC_OPTIONS_INIT;
    const struct mock_topic *other = mock_topic_collision(broker, name);
    if (other) {
        return base_fail(err, BASE_STATE, "topic %.*s collides with %s", (int)name.len,
                         (const char *)name.data, other->name);
    }
    options.partitions = broker->settings.num_partitions;
    return mock_topic_make(broker, name, &options, NULL, NULL, err);
}

int mock_partition_load(struct mock_broker *broker, const char *name, int32_t partition,
                        struct base_slice bytes, struct base_error *err) {
    struct mock_partition *p = find(broker, name, partition);
    if (!p) {
        return base_fail(err, BASE_NOT_FOUND, "no partition %s/%d", name, (int)partition);
    }
    struct mock_stored_batch *batch = mock_stored_batch_new(bytes);
    if (!batch) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a batch of %s/%d", name,
                         (int)partition);
    }
    int rc = mock_log_load(p->log, batch, p->leader_epoch, mock_clock_ms(broker), err);
    mock_stored_batch_unref(batch);
    if (rc == 0) {
        mock_fetch_wake(broker, p);
    }
    return rc;
}

void mock_topics_free(struct mock_broker *broker) {
    struct mock_topic *topic, *next;
    HASH_ITER(hh, broker->topics, topic, next) {
        HASH_DELETE(hh_id, broker->topics_by_id, topic);
        HASH_DEL(broker->topics, topic);
        mock_topic_free(topic);
    }
    mock_graves_sweep(broker, true);
}

/* -- readers -- */

struct mock_reader *mock_reader_get(struct mock_partition *partition, const char *actor,
                                    uint32_t incarnation) {
    for (struct mock_reader *r = partition->readers; r; r = r->next) {
        if (r->incarnation == incarnation && strcmp(r->actor, actor) == 0) {
            return r;
        }
    }
    struct mock_reader *reader = base_alloc_zero(sizeof(*reader));
    char *name = base_strdup(actor);
    if (!reader || !name) {
        base_free(reader);
        base_free(name);
        return NULL;
    }
    reader->actor = name;
    reader->incarnation = incarnation;
    reader->offset = -1;
    reader->next = partition->readers;
    partition->readers = reader;
    return reader;
}

void mock_readers_forget(struct mock_broker *broker, const char *actor, uint32_t incarnation) {
    for (struct mock_topic *topic = broker->topics; topic; topic = topic->hh.next) {
        for (int32_t i = 0; i < topic->partition_count; i++) {
            struct mock_reader **at = &topic->partitions[i].readers;
            while (*at) {
                struct mock_reader *r = *at;
                if (r->incarnation == incarnation && strcmp(r->actor, actor) == 0) {
                    *at = r->next;
                    base_free(r->actor);
                    base_free(r);
                } else {
                    at = &r->next;
                }
            }
        }
    }
}

/* -- inspection -- */

int32_t mock_topic_partitions(const struct mock_broker *broker, const char *name) {
    const struct mock_topic *topic = mock_topic_find_str(broker, name);
    return topic ? topic->partition_count : -1;
}

void mock_topics_each(const struct mock_broker *broker,
                      void (*visit)(void *arg, const char *name, int32_t partitions), void *arg) {
    for (const struct mock_topic *t = broker->topics; t; t = t->hh.next) {
        visit(arg, t->name, t->partition_count);
    }
}

int64_t mock_partition_start(const struct mock_broker *broker, const char *topic,
                             int32_t partition) {
    const struct mock_partition *p = find(broker, topic, partition);
    return p ? mock_log_start(p->log) : -1;
}

int64_t mock_partition_end(const struct mock_broker *broker, const char *topic, int32_t partition) {
    const struct mock_partition *p = find(broker, topic, partition);
    return p ? mock_log_end(p->log) : -1;
}

int64_t mock_partition_watermark(const struct mock_broker *broker, const char *topic,
                                 int32_t partition) {
    const struct mock_partition *p = find(broker, topic, partition);
    return p ? mock_partition_high_watermark(p) : -1;
}

int32_t mock_partition_leader(const struct mock_broker *broker, const char *topic,
                              int32_t partition) {
    const struct mock_partition *p = find(broker, topic, partition);
    return p ? p->leader : -2;
}

int32_t mock_partition_in_sync(const struct mock_broker *broker, const char *topic,
                               int32_t partition) {
    const struct mock_partition *p = find(broker, topic, partition);
    return p ? mock_replicas_in_sync(&p->replicas) : -1;
}

int64_t mock_partition_last(const struct mock_broker *broker, const char *topic,
                            int32_t partition) {
    const struct mock_partition *p = find(broker, topic, partition);
    return p ? mock_log_last_record(p->log) : -1;
}

int64_t mock_partition_readable_end(const struct mock_broker *broker, const char *topic,
                                    int32_t partition, bool committed) {
    const struct mock_partition *p = find(broker, topic, partition);
    return !p ? -1 : committed ? mock_partition_stable_offset(p) : mock_partition_high_watermark(p);
}

int64_t mock_partition_last_readable(const struct mock_broker *broker, const char *topic,
                                     int32_t partition, bool committed) {
    const struct mock_partition *p = find(broker, topic, partition);
    int64_t end = mock_partition_readable_end(broker, topic, partition, committed);
    return p ? mock_log_last_readable(p->log, end, committed) : -1;
}

struct mock_stored_batch *mock_partition_batch(const struct mock_broker *broker, const char *topic,
                                               int32_t partition, int64_t offset) {
    const struct mock_partition *p = find(broker, topic, partition);
    if (!p) {
        return NULL;
    }
    size_t index = mock_log_find(p->log, offset);
    return index < mock_log_batch_count(p->log) ? mock_log_batch(p->log, index) : NULL;
}

static const struct mock_reader *newest_reader(const struct mock_partition *p, const char *actor) {
    const struct mock_reader *newest = NULL;
    for (const struct mock_reader *r = p ? p->readers : NULL; r; r = r->next) {
        if (strcmp(r->actor, actor) == 0 && (!newest || r->incarnation > newest->incarnation)) {
            newest = r;
        }
    }
    return newest;
}

bool mock_actor_reads_uncommitted(const struct mock_broker *broker, const char *actor) {
    for (const struct mock_topic *topic = broker->topics; topic; topic = topic->hh.next) {
        for (int32_t i = 0; i < topic->partition_count; i++) {
            const struct mock_reader *reader = newest_reader(&topic->partitions[i], actor);
            if (reader && !reader->reads_committed) {
                return true;
            }
        }
    }
    return false;
}

int64_t mock_actor_position(const struct mock_broker *broker, const char *actor, const char *topic,
                            int32_t partition, bool *ret_waits) {
    const struct mock_reader *newest = newest_reader(find(broker, topic, partition), actor);
    if (ret_waits) {
        *ret_waits = newest && newest->waiting;
    }
    return newest ? newest->offset : -1;
}
