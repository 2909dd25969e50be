/* Wrong clients: what each does is said in main.c; what they do to their store is in store.c. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "twin.h"

static atomic_bool stopping;

struct client {
    enum twin_fault fault;
    struct twin_config config;
    rd_kafka_t *rk;
    rd_kafka_t *producer; /* of dead letters or copies; NULL */
    struct sqlite3 *db;   /* NULL */
    unsigned record_count;
    int64_t known_below;  /* what was committed when it started */
    int64_t next;         /* the offset after the last record taken; of one partition */
    bool is_behind_gap;
};

static void *watch_commands(void *arg) {
    json_t *command;
    bool stop = false;
    while (!stop && (command = twin_command())) {
        stop = twin_command_is(command, "stop");
        json_decref(command);
    }
    atomic_store(&stopping, true);
    return NULL;
}

static void tell(const char *event, const rd_kafka_message_t *m, const char *reason) {
    twin_say(json_pack("{s:s, s:s, s:i, s:I, s:s*}", "event", event, "topic",
                       rd_kafka_topic_name(m->rkt), "partition", (int)m->partition, "offset",
                       (json_int_t)m->offset, "reason", reason));
}

/* The fault of one that takes the offsets for a sequence without holes, and a hole for loss. */
static bool is_behind_gap(struct client *c, const rd_kafka_message_t *m) {
    if (m->offset != c->next && c->fault == TWIN_DIES_OF_GAP) {
        fprintf(stderr, "twin: lost: offset %lld expected, got %lld\n", (long long)c->next,
                (long long)m->offset);
        twin_end(3);
    }
    c->is_behind_gap = c->is_behind_gap || m->offset != c->next;
    c->next = m->offset + 1;
    return c->is_behind_gap;
}

static void apply(struct client *c, const rd_kafka_message_t *m) {
    bool is_left_out = (c->fault == TWIN_SKIPS_THIRD && ++c->record_count % 3 == 0) ||
                       (c->fault == TWIN_REPLAYS_ONE && m->offset > 0 &&
                        m->offset < c->known_below);
    if (c->fault == TWIN_REFUSES_OWNERS || c->fault == TWIN_DIES_OF_OWNERS) {
        is_left_out = !twin_owner_accepts(c->fault, m);
    }
    if (c->fault == TWIN_DISTRUSTS_GAP || c->fault == TWIN_DIES_OF_GAP) {
        is_left_out = is_behind_gap(c, m);
    }
    if (c->db && !is_left_out) {
        twin_store_apply(c->db, c->fault, m);
    }
    tell("processed", m, NULL);
}

static void dead_letter(struct client *c, const rd_kafka_message_t *m) {
    rd_kafka_producev(c->producer, RD_KAFKA_V_TOPIC(c->config.dead_letter),
                      RD_KAFKA_V_KEY(m->key, m->key_len), RD_KAFKA_V_VALUE(m->payload, m->len),
                      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
    rd_kafka_flush(c->producer, 60000);
    tell("skipped", m, "constraint");
}

static bool is_privileged_revision(const rd_kafka_message_t *m) {
    return strstr(rd_kafka_topic_name(m->rkt), "_privileged.revision") != NULL;
}

static void take(struct client *c, const rd_kafka_message_t *m) {
    if (c->fault == TWIN_COMMITS_FIRST) {
        rd_kafka_commit_message(c->rk, m, 0);
        apply(c, m);
        return;
    }
    if (c->fault == TWIN_COMMITS_APART || c->fault == TWIN_COMMITS_EARLY) {
        bool early = c->fault == TWIN_COMMITS_EARLY;
        twin_copier_begin(c->producer, &c->config, m);
        if (early) {
            rd_kafka_commit_message(c->rk, m, 0);
        }
        twin_copier_commit(c->producer);
        tell("processed", m, NULL);
        if (!early) {
            rd_kafka_commit_message(c->rk, m, 0);
        }
        return;
    }
    if (c->fault == TWIN_DEAD_LETTERS_RAW && is_privileged_revision(m)) {
        dead_letter(c, m);
    } else {
        apply(c, m);
    }
    rd_kafka_commit_message(c->rk, m, 0);
}

/* The fault of one that starts over: what was committed is not where it goes on. */
static void rebalanced(rd_kafka_t *rk, rd_kafka_resp_err_t err,
                       rd_kafka_topic_partition_list_t *partitions, void *opaque) {
    struct client *c = opaque;
    if (err == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        if (rd_kafka_committed(rk, partitions, 60000) == RD_KAFKA_RESP_ERR_NO_ERROR &&
            partitions->cnt > 0) {
            c->known_below = partitions->elems[0].offset;
        }
        for (int i = 0; i < partitions->cnt; i++) {
            partitions->elems[i].offset = RD_KAFKA_OFFSET_BEGINNING;
        }
        rd_kafka_assign(rk, partitions);
    } else {
        rd_kafka_assign(rk, NULL);
    }
}

static rd_kafka_t *new_handle(rd_kafka_type_t type, rd_kafka_conf_t *conf) {
    char text[256];
    rd_kafka_t *rk = rd_kafka_new(type, conf, text, sizeof(text));
    if (!rk) {
        fprintf(stderr, "twin: %s\n", text);
        twin_end(1);
    }
    return rk;
}

static void open_consumer(struct client *c) {
    rd_kafka_conf_t *conf = twin_kafka_conf(&c->config);
    twin_kafka_set(conf, "group.id", c->config.group);
    twin_kafka_set(conf, "enable.auto.commit", "false");
    twin_kafka_set(conf, "auto.offset.reset", "earliest");
    if (c->fault == TWIN_SHOWS_ABORTED) {
        twin_kafka_set(conf, "isolation.level", "read_uncommitted");
    }
    if (c->fault == TWIN_STARTS_OVER || c->fault == TWIN_REPLAYS_ONE) {
        rd_kafka_conf_set_opaque(conf, c);
        rd_kafka_conf_set_rebalance_cb(conf, rebalanced);
    }
    c->rk = new_handle(RD_KAFKA_CONSUMER, conf);
    rd_kafka_poll_set_consumer(c->rk);
    rd_kafka_topic_partition_list_t *topics = twin_topics(&c->config);
    rd_kafka_subscribe(c->rk, topics);
    rd_kafka_topic_partition_list_destroy(topics);
}

int twin_client(enum twin_fault fault) {
    struct client c = {.fault = fault};
    pthread_t thread;
    twin_config_read(&c.config);
    c.db = twin_store_open(c.config.store, fault);
    if (c.config.dead_letter) {
        struct twin_config plain = {.root = NULL};
        c.producer = new_handle(RD_KAFKA_PRODUCER, twin_kafka_conf(&plain));
    }
    if (fault == TWIN_COMMITS_APART || fault == TWIN_COMMITS_EARLY) {
        c.producer = twin_copier_open(&c.config);
    }
    open_consumer(&c);
    twin_say(json_pack("{s:s, s:[]}", "event", "ready", "points"));
    if (pthread_create(&thread, NULL, watch_commands, NULL) != 0) {
        return 1;
    }
    while (!atomic_load(&stopping)) {
        rd_kafka_message_t *m = rd_kafka_consumer_poll(c.rk, 100);
        if (m && !m->err) {
            take(&c, m);
        }
        if (m) {
            rd_kafka_message_destroy(m);
        }
    }
    rd_kafka_consumer_close(c.rk);
    rd_kafka_destroy(c.rk);
    if (c.producer) {
        rd_kafka_destroy(c.producer);
    }
    twin_store_close(c.db);
    pthread_join(thread, NULL);
    json_decref(c.config.root);
    twin_say(json_pack("{s:s}", "event", "stopped"));
    return 0;
}
