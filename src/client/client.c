/*
 * The client's loop: take what is there, have it processed, commit. Which topics it reads is
 * discover.c, which partitions are its own is assign.c, the commits are commit.c.
 */
#include "client/client.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "client/group.h"

/* An idle client is woken when there is something; this is the net below. */
#define IDLE_MS 1000
/* What closing grants to a commit that keeps failing: what it would have covered is delivered
 * again. */
#define CLOSE_COMMIT_MS 5000

static const struct journal_pair defaults[] = {
    {"socket.nagle.disable", "true"},
    {"retry.backoff.ms", "10"},
    {"reconnect.backoff.ms", "10"},
    {"reconnect.backoff.max.ms", "500"},
    {"topic.metadata.refresh.fast.interval.ms", "20"},
    {"fetch.error.backoff.ms", "20"},
    /* librdkafka has one Fetch at a time under way to a broker: a partition that is ready a moment
     * after it was sent waits for its end. Records that are appended meanwhile end it at once. */
    {"fetch.wait.max.ms", "100"},
    /* A writer's largest record is 100 MiB; librdkafka's default would refuse the answer. */
    {"receive.message.max.bytes", "209715200"},
};

static void on_error(rd_kafka_t *rk, int code, const char *reason, void *opaque) {
    struct journal_client *client = opaque;
    if (code == RD_KAFKA_RESP_ERR__FATAL) {
        char text[512];
        rd_kafka_resp_err_t fatal = rd_kafka_fatal_error(rk, text, sizeof(text));
        (void)base_fail(&client->failure, BASE_IO, "fatal: %s: %s", rd_kafka_err2name(fatal), text);
        return;
    }
    journal_log(&client->logger, 5, "client: %s: %s", rd_kafka_err2name(code), reason);
}

/* The settings that follow from others; text lives as long as the plan. */
struct derived {
    struct journal_pair pairs[16];
    size_t count;
    char max_poll_interval[32];
    char group[256];
};

static void derive(struct derived *d, const char *name, const char *value) {
    assert(d->count < sizeof(d->pairs) / sizeof(d->pairs[0]));
    d->pairs[d->count++] = (struct journal_pair){name, value};
}

static bool has_pattern(const struct journal_client_options *options) {
    for (size_t i = 0; i < options->source_count; i++) {
        if (options->sources[i].kind == JOURNAL_SOURCE_PATTERN) {
            return true;
        }
    }
    return false;
}

static void derive_defaults(struct derived *d, const struct journal_client_options *options) {
    for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
        derive(d, defaults[i].name, defaults[i].value);
    }
    derive(d, "auto.offset.reset", journal_settings_text(options->settings, "journal.start"));
    const char *instance = journal_settings_find(options->settings, "group.instance.id");
    const char *from_environment = getenv("KAFKA_GROUP_INSTANCE_ID");
    if (!instance && options->group && from_environment && from_environment[0]) {
        instance = from_environment;
        derive(d, "group.instance.id", instance);
    }
    const char *session = journal_settings_find(options->settings, "session.timeout.ms");
    if (!session && instance) {
        session = "600000";
        derive(d, "session.timeout.ms", session);
    }
    if (session) {
        (void)snprintf(d->max_poll_interval, sizeof(d->max_poll_interval), "%lld",
                       strtoll(session, NULL, 10) / 2 * 3);
        derive(d, "max.poll.interval.ms", d->max_poll_interval);
    }
    if (!options->privileged && has_pattern(options)) {
        /* A wide pattern must not reach what this client may not ask for. */
        derive(d, "topic.blacklist", "^.*_privileged[.][^.]*$");
    }
}

static int open_handle(struct journal_client *client, const struct journal_client_options *options,
                       struct base_error *err) {
    struct derived d = {.count = 0};
    derive_defaults(&d, options);
    /* librdkafka needs a group to assign partitions, even if it never joins or commits. */
    (void)snprintf(d.group, sizeof(d.group), "%s-groupless",
                   options->client_id ? options->client_id : "journal");
    struct journal_pair forced[] = {
        {"group.id", options->group ? options->group : d.group},
        {"enable.auto.commit", "false"},
        {"enable.auto.offset.store", "false"},
        {"enable.partition.eof", client->on_eof == JOURNAL_EOF_CONTINUE ? "false" : "true"},
    };
    struct journal_handle_plan plan = {
        .side = JOURNAL_SIDE_CLIENT,
        .brokers = options->brokers,
        .client_id = options->client_id,
        .settings = options->settings,
        .defaults = d.pairs,
        .default_count = d.count,
        .forced = forced,
        .forced_count = sizeof(forced) / sizeof(forced[0]),
    };
    rd_kafka_conf_t *conf = NULL;
    int code = journal_kafka_conf(&plan, &client->logger, &conf, err);
    if (code) {
        return code;
    }
    rd_kafka_conf_set_rebalance_cb(conf, journal_client_on_rebalance);
    rd_kafka_conf_set_error_cb(conf, on_error);
    char reason[512];
    client->rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, reason, sizeof(reason));
    if (!client->rk) {
        rd_kafka_conf_destroy(conf);
        return base_fail(err, BASE_USAGE, "the client cannot be made: %s", reason);
    }
    (void)rd_kafka_poll_set_consumer(client->rk);
    return 0;
}

/* auto.offset.reset's values; "error" is librdkafka's to raise. */
static int64_t first_offset(const char *reset) {
    if (strcmp(reset, "latest") == 0 || strcmp(reset, "end") == 0 ||
        strcmp(reset, "largest") == 0) {
        return RD_KAFKA_OFFSET_END;
    }
    return strcmp(reset, "error") == 0 ? RD_KAFKA_OFFSET_INVALID : RD_KAFKA_OFFSET_BEGINNING;
}

static void read_settings(struct journal_client *client,
                          const struct journal_client_options *options) {
    struct journal_settings s = options->settings;
    const char *on_eof = journal_settings_text(s, "journal.on.eof");
    client->on_eof = strcmp(on_eof, "stop") == 0      ? JOURNAL_EOF_STOP
                     : strcmp(on_eof, "restart") == 0 ? JOURNAL_EOF_RESTART
                                                      : JOURNAL_EOF_CONTINUE;
    client->batch_size = (size_t)journal_settings_integer(s, "journal.batch.size");
    client->stop_after = (uint64_t)journal_settings_integer(s, "journal.stop.after.objects");
    client->commit_timeout_ms = (int)journal_settings_integer(s, "journal.commit.timeout.ms");
    client->ready_timeout_ms = (int)journal_settings_integer(s, "journal.ready.timeout.ms");
    const char *reset = journal_settings_find(s, "auto.offset.reset");
    reset = reset ? reset : journal_settings_text(s, "journal.start");
    client->first_offset = first_offset(reset);
}

static int start(struct journal_client *client, const struct journal_client_options *options,
                 struct base_error *err) {
    int code = journal_settings_check(options->settings, JOURNAL_SIDE_CLIENT, err);
    if (code) {
        return code;
    }
    read_settings(client, options);
    client->held = base_alloc_array(client->batch_size, sizeof(*client->held));
    client->messages = base_alloc_array(client->batch_size, sizeof(*client->messages));
    if (!client->held || !client->messages) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a batch");
    }
    client->assigned = rd_kafka_topic_partition_list_new(8);
    client->pending = rd_kafka_topic_partition_list_new(8);
    code = open_handle(client, options, err);
    return code ? code : journal_client_subscribe(client, options, err);
}

int journal_client_new(const struct journal_client_options *options,
                       struct journal_client **ret_client, struct base_error *err) {
    assert(options->worker);
    struct journal_client *client = base_alloc_zero(sizeof(*client));
    if (!client) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a client");
    }
    client->logger = (struct journal_logger){options->log, options->log_arg};
    client->has_group = options->group != NULL;
    client->is_privileged = options->privileged;
    client->worker = options->worker;
    client->start = options->start;
    client->before_commit = options->before_commit;
    client->writer = options->group ? options->writer : NULL;
    client->settled = options->settled;
    client->arg = options->arg;
    int code = start(client, options, err);
    if (code) {
        journal_client_free(client);
        return code;
    }
    *ret_client = client;
    return 0;
}

static void release_held(struct journal_client *client) {
    for (size_t i = 0; i < client->held_count; i++) {
        rd_kafka_message_destroy(client->held[i]);
    }
    client->held_count = 0;
}

/* Not a record: the end of a partition, or an error. */
static void take_event(struct journal_client *client, const rd_kafka_message_t *event) {
    if (event->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        journal_client_set_eof(client, rd_kafka_topic_name(event->rkt), event->partition, true);
        return;
    }
    journal_log(&client->logger, 4, "client: %s: %s", rd_kafka_err2name(event->err),
                rd_kafka_message_errstr(event));
}

/* Fills the batch with what is there. The rebalance callback runs in here, and only here (and in
 * close): it may take messages out again. */
static void take_batch(struct journal_client *client) {
    size_t room = client->batch_size;
    if (client->stop_after && client->stop_after - client->processed_count < room) {
        room = (size_t)(client->stop_after - client->processed_count);
    }
    while (client->held_count < room && !client->failure.code) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(client->rk, 0);
        if (!message) {
            break;
        }
        if (message->err) {
            take_event(client, message);
            rd_kafka_message_destroy(message);
            continue;
        }
        if (client->on_eof != JOURNAL_EOF_CONTINUE) {
            journal_client_set_eof(client, rd_kafka_topic_name(message->rkt), message->partition,
                                   false);
        }
        client->held[client->held_count++] = message;
    }
}

static void describe(const struct journal_client *client, const rd_kafka_message_t *from,
                     struct journal_message *to) {
    *to = (struct journal_message){
        .topic = rd_kafka_topic_name(from->rkt),
        .partition = from->partition,
        .offset = from->offset,
        .key = {from->key, from->key_len},
        .value = {from->payload, from->len},
        .type = -1,
    };
    for (size_t i = 0; i < client->topic_count; i++) {
        if (strcmp(client->topics[i].name, to->topic) == 0) {
            to->type = client->topics[i].type;
            to->privileged = client->topics[i].privileged;
            return;
        }
    }
    to->privileged = journal_topic_is_privileged(to->topic);
}

static int process(struct journal_client *client, struct base_error *err) {
    size_t done = 0;
    for (size_t i = 0; i < client->held_count; i++) {
        describe(client, client->held[i], &client->messages[i]);
    }
    if (client->writer) {
        int transacted = journal_client_transact(client, err);
        release_held(client);
        return transacted;
    }
    int code = client->worker(client->arg, client->messages, client->held_count, &done, err);
    assert(done <= client->held_count);
    int noted = journal_client_note_processed(client, done, code ? NULL : err);
    int committed = noted ? noted : journal_client_commit(client, false, code ? NULL : err);
    release_held(client);
    return code ? code : committed;
}

static int end_of_log(struct journal_client *client, enum journal_step *ret_step,
                      struct base_error *err) {
    if (client->on_eof == JOURNAL_EOF_CONTINUE || !journal_client_is_at_eof(client)) {
        return 0;
    }
    if (client->on_eof == JOURNAL_EOF_STOP) {
        *ret_step = JOURNAL_STEP_END;
        return 0;
    }
    return journal_client_rewind(client, err);
}

int journal_client_step(struct journal_client *client, enum journal_step *ret_step,
                        struct base_error *err) {
    int code = client->commit_attempts > 0 ? journal_client_commit(client, false, err) : 0;
    if (code) {
        return code;
    }
    take_batch(client);
    enum journal_step step = JOURNAL_STEP_IDLE;
    if (client->failure.code) {
        release_held(client);
        return base_fail(err, client->failure.code, "%s", client->failure.text);
    }
    if (client->held_count > 0) {
        step = JOURNAL_STEP_BATCH;
        code = process(client, err);
    }
    code = code ? code : end_of_log(client, &step, err);
    if (code) {
        return code;
    }
    if (client->stop_after && client->processed_count >= client->stop_after) {
        step = JOURNAL_STEP_END;
    }
    *ret_step = step;
    return 0;
}

int journal_client_patience_ms(const struct journal_client *client) {
    return client->commit_attempts > 0 ? JOURNAL_COMMIT_RETRY_MS : IDLE_MS;
}

void journal_client_wake(struct journal_client *client, int fd) {
    if (!client->queue) {
        client->queue = rd_kafka_queue_get_consumer(client->rk);
    }
    rd_kafka_queue_io_event_enable(client->queue, fd, "c", 1);
    /* Only a queue that was empty tells: what came before this has to be told once. A full pipe
     * wakes too. */
    (void)!write(fd, "c", 1);
}

uint64_t journal_client_committed(const struct journal_client *client) {
    return client->committed_count;
}

int journal_client_close(struct journal_client *client, struct base_error *err) {
    if (client->commit_timeout_ms > CLOSE_COMMIT_MS) {
        client->commit_timeout_ms = CLOSE_COMMIT_MS;
        client->first_attempt_ns = base_clock_monotonic_ns();
    }
    int code = journal_client_commit(client, true, err);
    while (!code && client->pending->cnt > 0) {
        /* Polling serves the group meanwhile; a record that comes is nobody's. */
        rd_kafka_message_t *message = rd_kafka_consumer_poll(client->rk, JOURNAL_COMMIT_RETRY_MS);
        if (message) {
            rd_kafka_message_destroy(message);
        }
        code = journal_client_commit(client, false, err);
    }
    if (client->queue) {
        rd_kafka_queue_destroy(client->queue);
        client->queue = NULL;
    }
    rd_kafka_resp_err_t error = rd_kafka_consumer_close(client->rk);
    client->is_closed = true;
    if (error && !code) {
        code = base_fail(err, BASE_IO, "leaving the group: %s", rd_kafka_err2name(error));
    }
    return code;
}

void journal_client_free(struct journal_client *client) {
    if (!client) {
        return;
    }
    release_held(client);
    if (client->queue) {
        rd_kafka_queue_destroy(client->queue);
    }
    for (size_t i = 0; i < client->handle_count; i++) {
        rd_kafka_topic_destroy(client->handles[i]);
    }
    base_free(client->handles);
    if (client->rk) {
        rd_kafka_destroy_flags(client->rk,
                               client->is_closed ? 0 : RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    }
    if (client->assigned) {
        rd_kafka_topic_partition_list_destroy(client->assigned);
    }
    if (client->pending) {
        rd_kafka_topic_partition_list_destroy(client->pending);
    }
    for (size_t i = 0; i < client->topic_count; i++) {
        base_free(client->topics[i].name);
    }
    base_free(client->topics);
    base_free(client->held);
    base_free(client->messages);
    base_free(client);
}
