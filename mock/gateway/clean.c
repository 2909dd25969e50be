/*
 * Passes over partitions: of the cleaner, of retention, of DeleteRecords; on command, after every
 * append (compact.policy = adversarial), and when the log clock moves. What a pass does is
 * mock/log; here it is told to the owner and offered to the faults.
 */
#include "mock/gateway/gateway.h"
#include "mock/log/cleaner.h"

/* Retention is looked at this often in Kafka (log.retention.check.interval.ms). */
#define RETENTION_CHECK_MS (5 * 60 * 1000)

static bool changed_something(const struct mock_clean_report *report) {
    return report->change_count > 0 || report->start != report->start_before;
}

static void tell_roll(struct mock_broker *broker, struct mock_topic *topic, int32_t partition,
                      int64_t base_offset) {
    mock_broker_emit(broker, &(struct mock_event){.kind = MOCK_EVENT_ROLL,
                                                  .api = -1,
                                                  .topic = topic->name,
                                                  .partition = partition,
                                                  .offset = base_offset});
}

/* Tells what a pass did, and wakes the fetches that now stand below the log start. Frees the pass.
 */
static void finish_pass(struct mock_broker *broker, struct mock_topic *topic, int32_t partition,
                        struct mock_clean_pass *pass) {
    struct mock_clean_report report = *mock_clean_pass_report(pass);
    struct mock_partition *p = &topic->partitions[partition];
    report.topic = topic->name;
    report.partition = partition;
    if (report.rolled) {
        tell_roll(broker, topic, partition, report.log_end);
    }
    mock_broker_emit(broker, &(struct mock_event){.kind = MOCK_EVENT_CLEAN,
                                                  .api = -1,
                                                  .topic = topic->name,
                                                  .partition = partition,
                                                  .offset = report.end,
                                                  .text = mock_clean_kind_to_str(report.kind),
                                                  .clean = &report});
    if (report.start != report.start_before) {
        mock_fetch_wake(broker, p);
    }
    if (report.kind == MOCK_CLEAN_COMPACT && !report.nothing_dirty) {
        mock_faults_take_clean(broker, &report);
    }
    mock_clean_pass_free(pass);
}

/* -- one partition -- */

/* only_if_changed: retention that found nothing is not worth an event. */
static int retain(struct mock_broker *broker, struct mock_topic *topic, int32_t partition,
                  bool only_if_changed, struct base_error *err) {
    struct mock_clean_pass *pass = NULL;
    int rc = mock_log_retain(topic->partitions[partition].log, mock_clock_ms(broker), &pass, err);
    if (rc < 0) {
        return rc;
    }
    if (only_if_changed && !changed_something(mock_clean_pass_report(pass))) {
        mock_clean_pass_free(pass);
        return 0;
    }
    finish_pass(broker, topic, partition, pass);
    return 0;
}

/* A round of the cleaner's thread: the pass, then the old segments (LogCleaner.cleanFilthiestLog,
 * deletableLogs). */
static int compact(struct mock_broker *broker, struct mock_topic *topic, int32_t partition,
                   struct base_error *err) {
    struct mock_partition *p = &topic->partitions[partition];
    struct mock_clean_options options = MOCK_CLEAN_OPTIONS_INIT;
    options.now_ms = mock_clock_ms(broker);
    options.producers = p->producers;
    options.roll = true;
    options.map_keys =
        (uint64_t)broker->settings.log_cleaner_dedupe_buffer_size / MOCK_CLEAN_ENTRY_BYTES * 9 / 10;
    (void)mock_producers_expire(p->producers, options.now_ms,
                                broker->settings.producer_id_expiration_ms);
    struct mock_clean_pass *pass = NULL;
    int rc = mock_log_clean(p->log, &options, &pass, err);
    if (rc < 0) {
        return rc;
    }
    finish_pass(broker, topic, partition, pass);
    return retain(broker, topic, partition, true, err);
}

static int roll(struct mock_broker *broker, struct mock_topic *topic, int32_t partition,
                struct base_error *err) {
    struct mock_log *log = topic->partitions[partition].log;
    bool rolled = false;
    int rc = mock_log_roll(log, mock_clock_ms(broker), &rolled, err);
    if (rc == 0 && rolled) {
        tell_roll(broker, topic, partition, mock_log_end(log));
    }
    return rc;
}

static int retain_and_tell(struct mock_broker *broker, struct mock_topic *topic, int32_t partition,
                           struct base_error *err) {
    return retain(broker, topic, partition, false, err);
}

/* -- commands -- */

typedef int (*partition_fn)(struct mock_broker *broker, struct mock_topic *topic, int32_t partition,
                            struct base_error *err);

static struct mock_topic *find(const struct mock_broker *broker, const char *name,
                               int32_t partition, struct base_error *err) {
    struct mock_topic *topic = mock_topic_find_str(broker, name);
    if (!topic || partition >= topic->partition_count) {
        (void)base_fail(err, BASE_NOT_FOUND, "no partition %s/%d", name, (int)partition);
        return NULL;
    }
    return topic;
}

static int each(struct mock_broker *broker, struct mock_topic *topic, int32_t partition,
                partition_fn act, struct base_error *err) {
    int rc = 0;
    int32_t first = partition < 0 ? 0 : partition;
    int32_t last = partition < 0 ? topic->partition_count - 1 : partition;
    for (int32_t i = first; i <= last && rc == 0; i++) {
        rc = act(broker, topic, i, err);
    }
    return rc;
}

int mock_compact(struct mock_broker *broker, const char *name, int32_t partition,
                 struct base_error *err) {
    struct mock_topic *topic = find(broker, name, partition, err);
    if (!topic) {
        return BASE_NOT_FOUND;
    }
    if (!topic->options.log.cleanup_compact) {
        return base_fail(err, BASE_STATE, "topic %s is not compacted: its cleanup.policy is delete",
                         name);
    }
    return each(broker, topic, partition, compact, err);
}

int mock_roll(struct mock_broker *broker, const char *name, int32_t partition,
              struct base_error *err) {
    struct mock_topic *topic = find(broker, name, partition, err);
    return topic ? each(broker, topic, partition, roll, err) : BASE_NOT_FOUND;
}

int mock_retain(struct mock_broker *broker, const char *name, int32_t partition,
                struct base_error *err) {
    struct mock_topic *topic = find(broker, name, partition, err);
    return topic ? each(broker, topic, partition, retain_and_tell, err) : BASE_NOT_FOUND;
}

int mock_delete_records(struct mock_broker *broker, const char *name, int32_t partition,
                        int64_t before, struct base_error *err) {
    struct mock_topic *topic = find(broker, name, partition, err);
    if (!topic) {
        return BASE_NOT_FOUND;
    }
    int32_t first = partition < 0 ? 0 : partition;
    int32_t last = partition < 0 ? topic->partition_count - 1 : partition;
    for (int32_t i = first; i <= last; i++) {
        struct mock_clean_pass *pass = NULL;
        int rc = mock_log_delete_records(topic->partitions[i].log, before, mock_clock_ms(broker),
                                         &pass, err);
        if (rc < 0) {
            return rc;
        }
        finish_pass(broker, topic, i, pass);
    }
    return 0;
}

const struct mock_log_config *mock_topic_config(const struct mock_broker *broker,
                                                const char *name) {
    const struct mock_topic *topic = mock_topic_find_str(broker, name);
    return topic ? &topic->options.log : NULL;
}

/* -- on their own -- */

void mock_partition_appended(struct mock_broker *broker, struct mock_topic *topic,
                             int32_t partition) {
    if (!broker->settings.compact_adversarial || !topic->options.log.cleanup_compact ||
        broker->compacting) {
        return;
    }
    broker->compacting = true;
    /* Out of memory: the pass did not happen, which is legal too. */
    (void)compact(broker, topic, partition, NULL);
    broker->compacting = false;
}

void mock_clock_moved(struct mock_broker *broker, int64_t ms) {
    int64_t now_ms = mock_clock_ms(broker);
    mock_groups_expire_offsets(broker->groups, now_ms,
                               broker->settings.offsets_retention_minutes * 60000);
    (void)mock_txns_expire(broker->txns, now_ms);
    for (struct mock_topic *topic = broker->topics; topic; topic = topic->hh.next) {
        for (int32_t i = 0; i < topic->partition_count; i++) {
            (void)mock_producers_expire(topic->partitions[i].producers, now_ms,
                                        broker->settings.producer_id_expiration_ms);
            /* The cleaner's own thread sees to compacted topics, at their passes. */
            if (ms >= RETENTION_CHECK_MS && !topic->options.log.cleanup_compact) {
                (void)retain(broker, topic, i, true, NULL);
            }
        }
    }
}
