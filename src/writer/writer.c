/*
 * The writer's librdkafka handle: its settings, its topics, its delivery reports, its flush.
 * What is sent, and where, is send.c; what becomes of an intent is intent.c; transactions are
 * transaction.c.
 */
#include "writer/writer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "writer/handle.h"

/* How long one wait for the brokers' answer lasts while topics are made known. */
#define PREPARE_SLICE_MS 100
/* Delivery reports of a purge are queued at once; this only bounds a broken library. */
#define PURGE_TIMEOUT_MS 5000

static const struct journal_pair defaults[] = {
    {"acks", "all"},
    {"message.max.bytes", "104857600"},
    {"socket.nagle.disable", "true"},
    {"retry.backoff.ms", "10"},
    {"reconnect.backoff.ms", "10"},
    {"reconnect.backoff.max.ms", "500"},
    {"topic.metadata.refresh.fast.interval.ms", "20"},
};

static void on_report(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
    struct journal_writer *writer = opaque;
    struct journal_part *part = message->_private;
    enum journal_fate fate = JOURNAL_FATE_POSSIBLY_PERSISTED;
    switch (rd_kafka_message_status(message)) {
    case RD_KAFKA_MSG_STATUS_PERSISTED:
        fate = JOURNAL_FATE_PERSISTED;
        break;
    case RD_KAFKA_MSG_STATUS_NOT_PERSISTED:
        fate = JOURNAL_FATE_NOT_PERSISTED;
        break;
    case RD_KAFKA_MSG_STATUS_POSSIBLY_PERSISTED:
        break;
    }
    if (fate == JOURNAL_FATE_PERSISTED) {
        part->partition = message->partition;
        part->offset = message->offset;
    }
    /* Without an error and not persisted: sent with acks = 0, so nobody knows. */
    const char *error = message->err ? rd_kafka_err2name(message->err) : "NOT_ACKNOWLEDGED";
    writer->report_count++;
    journal_part_settle(&writer->intents, part, fate, error);
    if (writer->is_serving) {
        (void)journal_intents_tell(&writer->intents, writer->outcome, writer->outcome_arg);
    }
}

static void on_error(rd_kafka_t *rk, int code, const char *reason, void *opaque) {
    struct journal_writer *writer = opaque;
    if (code == RD_KAFKA_RESP_ERR__FATAL) {
        char text[512];
        rd_kafka_resp_err_t fatal = rd_kafka_fatal_error(rk, text, sizeof(text));
        journal_log(&writer->logger, 3, "writer: fatal: %s: %s", rd_kafka_err2name(fatal), text);
        return;
    }
    journal_log(&writer->logger, 5, "writer: %s: %s", rd_kafka_err2name(code), reason);
}

/* As Apache Kafka's producer: idempotence is the default, and gives way (with a log line) to
 * settings that exclude it, unless it was asked for by name. */
static const char *conflict_with_idempotence(struct journal_settings settings) {
    const char *acks = journal_settings_find(settings, "acks");
    acks = acks ? acks : journal_settings_find(settings, "request.required.acks");
    if (acks && strcmp(acks, "all") != 0 && strcmp(acks, "-1") != 0) {
        return "acks";
    }
    const char *flight = journal_settings_find(settings, "max.in.flight");
    flight = flight ? flight
                    : journal_settings_find(settings, "max.in.flight.requests.per.connection");
    if (flight && strtol(flight, NULL, 10) > 5) {
        return "max.in.flight";
    }
    const char *retries = journal_settings_find(settings, "retries");
    retries = retries ? retries : journal_settings_find(settings, "message.send.max.retries");
    return retries && strtol(retries, NULL, 10) == 0 ? "retries" : NULL;
}

static int open_handle(struct journal_writer *writer, const struct journal_writer_options *options,
                       struct base_error *err) {
    struct journal_pair idempotence = {"enable.idempotence", "true"};
    struct journal_pair all[sizeof(defaults) / sizeof(defaults[0]) + 1];
    memcpy(all, defaults, sizeof(defaults));
    const char *conflict = conflict_with_idempotence(options->settings);
    if (conflict) {
        idempotence.value = "false";
        if (!journal_settings_find(options->settings, "enable.idempotence")) {
            journal_log(&writer->logger, 4, "writer: not idempotent, because of %s", conflict);
        }
    }
    all[sizeof(defaults) / sizeof(defaults[0])] = idempotence;
    struct journal_handle_plan plan = {
        .side = JOURNAL_SIDE_WRITER,
        .brokers = options->brokers,
        .client_id = options->client_id,
        .settings = options->settings,
        .defaults = all,
        .default_count = sizeof(all) / sizeof(all[0]),
    };
    rd_kafka_conf_t *conf = NULL;
    int code = journal_kafka_conf(&plan, &writer->logger, &conf, err);
    if (code) {
        return code;
    }
    rd_kafka_conf_set_dr_msg_cb(conf, on_report);
    rd_kafka_conf_set_error_cb(conf, on_error);
    char reason[512];
    writer->rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof(reason));
    if (!writer->rk) {
        rd_kafka_conf_destroy(conf);
        return base_fail(err, BASE_USAGE, "the writer cannot be made: %s", reason);
    }
    return 0;
}

int journal_writer_new(const struct journal_writer_options *options,
                       struct journal_writer **ret_writer, struct base_error *err) {
    assert(options->outcome);
    struct journal_writer *writer = base_alloc_zero(sizeof(*writer));
    if (!writer) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a writer");
    }
    writer->logger = (struct journal_logger){options->log, options->log_arg};
    writer->outcome = options->outcome;
    writer->outcome_arg = options->outcome_arg;
    int code = open_handle(writer, options, err);
    if (code) {
        journal_writer_free(writer);
        return code;
    }
    writer->flush_timeout_ms =
        (int)journal_settings_integer(options->settings, "journal.flush.timeout.ms");
    writer->ready_timeout_ms =
        (int)journal_settings_integer(options->settings, "journal.ready.timeout.ms");
    const char *id = journal_settings_find(options->settings, "transactional.id");
    writer->is_transactional = id && id[0];
    code = writer->is_transactional ? journal_writer_join_transactions(writer, err) : 0;
    if (code) {
        journal_writer_free(writer);
        return code;
    }
    *ret_writer = writer;
    return 0;
}

void journal_writer_free(struct journal_writer *writer) {
    if (!writer) {
        return;
    }
    if (writer->rk) {
        (void)rd_kafka_purge(writer->rk, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
        (void)rd_kafka_flush(writer->rk, PURGE_TIMEOUT_MS);
    }
    journal_intents_clean_up(&writer->intents);
    for (size_t i = 0; i < writer->topic_count; i++) {
        rd_kafka_topic_destroy(writer->topics[i].rkt);
        base_free(writer->topics[i].name);
    }
    base_free(writer->topics);
    if (writer->queue) {
        rd_kafka_queue_destroy(writer->queue);
    }
    if (writer->rk) {
        rd_kafka_destroy(writer->rk);
    }
    base_free(writer);
}

struct journal_writer_topic *journal_writer_topic_get(struct journal_writer *writer,
                                                      const char *name, struct base_error *err) {
    if (writer->last_topic < writer->topic_count &&
        strcmp(writer->topics[writer->last_topic].name, name) == 0) {
        return &writer->topics[writer->last_topic];
    }
    for (size_t i = 0; i < writer->topic_count; i++) {
        if (strcmp(writer->topics[i].name, name) == 0) {
            writer->last_topic = i;
            return &writer->topics[i];
        }
    }
    char *copy = base_strdup(name);
    if (!copy || base_grow((void **)&writer->topics, &writer->topic_cap, writer->topic_count + 1,
                           sizeof(*writer->topics))) {
        base_free(copy);
        (void)base_fail(err, BASE_NO_MEMORY, "no memory for a topic");
        return NULL;
    }
    rd_kafka_topic_t *rkt = rd_kafka_topic_new(writer->rk, name, NULL);
    if (!rkt) {
        base_free(copy);
        (void)base_fail(err, BASE_USAGE, "topic %s: %s", name,
                        rd_kafka_err2name(rd_kafka_last_error()));
        return NULL;
    }
    writer->last_topic = writer->topic_count;
    writer->topics[writer->topic_count++] = (struct journal_writer_topic){copy, rkt};
    return &writer->topics[writer->last_topic];
}

/* How many of the writer's topics have a leader for every partition, as the brokers say now. */
static size_t count_known(struct journal_writer *writer, int timeout_ms) {
    const struct rd_kafka_metadata *metadata = NULL;
    size_t known = 0;
    if (rd_kafka_metadata(writer->rk, 0, NULL, &metadata, timeout_ms)) {
        return 0;
    }
    for (size_t i = 0; i < writer->topic_count; i++) {
        for (int t = 0; t < metadata->topic_cnt; t++) {
            const struct rd_kafka_metadata_topic *topic = &metadata->topics[t];
            if (strcmp(topic->topic, writer->topics[i].name) == 0 && !topic->err &&
                topic->partition_cnt > 0) {
                known++;
                break;
            }
        }
    }
    rd_kafka_metadata_destroy(metadata);
    return known;
}

int journal_writer_prepare(struct journal_writer *writer, const char *const *topics, size_t count,
                           struct base_error *err) {
    for (size_t i = 0; i < count; i++) {
        if (!journal_writer_topic_get(writer, topics[i], err)) {
            return err ? err->code : BASE_USAGE;
        }
    }
    uint64_t deadline =
        base_clock_monotonic_ns() + (uint64_t)writer->ready_timeout_ms * 1000000u;
    size_t known = 0;
    while (count > 0) {
        uint64_t now = base_clock_monotonic_ns();
        int left_ms = now < deadline ? (int)((deadline - now) / 1000000u) + 1 : 0;
        known = left_ms > 0 ? count_known(writer, left_ms) : known;
        if (known >= writer->topic_count || left_ms <= 0) {
            break;
        }
        (void)rd_kafka_poll(writer->rk, left_ms < PREPARE_SLICE_MS ? left_ms : PREPARE_SLICE_MS);
    }
    if (known < writer->topic_count) {
        journal_log(&writer->logger, 4, "writer: %zu of %zu topics are known after %d ms", known,
                    writer->topic_count, writer->ready_timeout_ms);
    }
    return 0;
}

size_t journal_writer_poll(struct journal_writer *writer, int timeout_ms) {
    uint64_t before = writer->intents.told_count;
    size_t told = journal_intents_tell(&writer->intents, writer->outcome, writer->outcome_arg);
    writer->is_serving = true;
    (void)rd_kafka_poll(writer->rk, told ? 0 : timeout_ms);
    writer->is_serving = false;
    return (size_t)(writer->intents.told_count - before);
}

void journal_writer_push(struct journal_writer *writer, int timeout_ms) {
    (void)journal_intents_tell(&writer->intents, writer->outcome, writer->outcome_arg);
    writer->is_serving = true;
    (void)rd_kafka_flush(writer->rk, timeout_ms);
    writer->is_serving = false;
}

void journal_writer_give_up(struct journal_writer *writer, uint64_t count) {
    (void)journal_intents_give_up(&writer->intents, count, "FLUSH_TIMEOUT", writer->outcome,
                                  writer->outcome_arg);
}

uint64_t journal_writer_count(const struct journal_writer *writer) {
    return writer->intents.count;
}

bool journal_writer_is_told(const struct journal_writer *writer, uint64_t count) {
    return journal_intents_are_told(&writer->intents, count);
}

int journal_writer_flush(struct journal_writer *writer, struct base_error *err) {
    uint64_t count = writer->intents.count;
    if (writer->in_transaction) {
        return base_fail(err, BASE_STATE, "the outcomes of a transaction come with its end");
    }
    journal_writer_push(writer, writer->flush_timeout_ms);
    bool in_time = journal_writer_is_told(writer, count);
    if (!in_time) {
        journal_writer_give_up(writer, count);
    }
    uint64_t bad_count = writer->intents.bad_count;
    writer->intents.bad_count = 0;
    if (!in_time) {
        return base_fail(err, BASE_IO, "the flush exceeded its timeout of %d ms",
                         writer->flush_timeout_ms);
    }
    if (bad_count) {
        return base_fail(err, BASE_IO, "%llu deliveries failed or are unknown",
                         (unsigned long long)bad_count);
    }
    return 0;
}

void journal_writer_wake(struct journal_writer *writer, int fd) {
    if (!writer->queue) {
        writer->queue = rd_kafka_queue_get_main(writer->rk);
    }
    rd_kafka_queue_io_event_enable(writer->queue, fd, "w", 1);
}
