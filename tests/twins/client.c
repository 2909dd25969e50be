/*
 * Clients with one fault each: one commits an offset before its record has an effect, one puts the raw
 * bytes of privileged records on the dead-letter topic.
 */
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "twin.h"

static atomic_bool stopping;

static void *watch_commands(void *arg) {
    json_t *command;
    (void)arg;
    while ((command = twin_command())) {
        const char *what = json_string_value(json_object_get(command, "command"));
        bool stop = what && strcmp(what, "stop") == 0;
        json_decref(command);
        if (stop) {
            break;
        }
    }
    atomic_store(&stopping, true);
    return NULL;
}

static sqlite3 *open_store(const char *path) {
    sqlite3 *db = NULL;
    if (!path) {
        return NULL;
    }
    const char *schema = "pragma journal_mode = wal;"
                         "create table if not exists journal_object(topic text, key blob,"
                         " value blob, primary key (topic, key))";
    if (sqlite3_open(path, &db) != SQLITE_OK || sqlite3_exec(db, schema, NULL, NULL, NULL)) {
        fprintf(stderr, "twin: cannot open %s\n", path);
        exit(1);
    }
    sqlite3_busy_timeout(db, 10000);
    return db;
}

static void apply(sqlite3 *db, const rd_kafka_message_t *m) {
    sqlite3_stmt *s = NULL;
    const char *sql = m->payload ? "insert or replace into journal_object values (?1, ?2, ?3)"
                                 : "delete from journal_object where topic = ?1 and key = ?2";
    if (!db || sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK) {
        return;
    }
    sqlite3_bind_text(s, 1, rd_kafka_topic_name(m->rkt), -1, SQLITE_TRANSIENT);
    sqlite3_bind_blob(s, 2, m->key ? m->key : "", (int)m->key_len, SQLITE_TRANSIENT);
    if (m->payload) {
        sqlite3_bind_blob(s, 3, m->payload, (int)m->len, SQLITE_TRANSIENT);
    }
    (void)sqlite3_step(s);
    sqlite3_finalize(s);
    twin_say(json_pack("{s:s, s:s, s:i, s:I}", "event", "processed", "topic",
                       rd_kafka_topic_name(m->rkt), "partition", (int)m->partition, "offset",
                       (json_int_t)m->offset));
}

static void dead_letter(rd_kafka_t *producer, const char *topic, const rd_kafka_message_t *m) {
    rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY(m->key, m->key_len),
                      RD_KAFKA_V_VALUE(m->payload, m->len),
                      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
    rd_kafka_flush(producer, 60000);
    twin_say(json_pack("{s:s, s:s, s:i, s:I, s:s}", "event", "skipped", "topic",
                       rd_kafka_topic_name(m->rkt), "partition", (int)m->partition, "offset",
                       (json_int_t)m->offset, "reason", "constraint"));
}

static bool is_privileged_revision(const rd_kafka_message_t *m) {
    return strstr(rd_kafka_topic_name(m->rkt), "_privileged.revision") != NULL;
}

static rd_kafka_t *new_consumer(const struct twin_config *config) {
    char text[256];
    rd_kafka_conf_t *conf = twin_kafka_conf(config);
    rd_kafka_conf_set(conf, "group.id", config->group, text, sizeof(text));
    rd_kafka_conf_set(conf, "enable.auto.commit", "false", text, sizeof(text));
    rd_kafka_conf_set(conf, "auto.offset.reset", "earliest", text, sizeof(text));
    rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, text, sizeof(text));
    if (!rk) {
        fprintf(stderr, "twin: %s\n", text);
        exit(1);
    }
    rd_kafka_poll_set_consumer(rk);
    rd_kafka_topic_partition_list_t *topics = twin_topics(config);
    rd_kafka_subscribe(rk, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    return rk;
}

static rd_kafka_t *new_producer(void) {
    char text[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", getenv("KTRIAL_BOOTSTRAP"), text, sizeof(text));
    return rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof(text));
}

int twin_client(enum twin_client_fault fault) {
    struct twin_config config;
    pthread_t thread;
    twin_config_read(&config);
    sqlite3 *db = open_store(config.store);
    rd_kafka_t *producer = fault == TWIN_DEAD_LETTERS_RAW ? new_producer() : NULL;
    rd_kafka_t *rk = new_consumer(&config);
    twin_say(json_pack("{s:s, s:[]}", "event", "ready", "points"));
    pthread_create(&thread, NULL, watch_commands, NULL);
    while (!atomic_load(&stopping)) {
        rd_kafka_message_t *m = rd_kafka_consumer_poll(rk, 100);
        if (m && !m->err && fault == TWIN_COMMITS_FIRST) {
            rd_kafka_commit_message(rk, m, 0); /* the fault: nothing has happened yet */
            apply(db, m);
        } else if (m && !m->err) {
            if (config.dead_letter && is_privileged_revision(m)) {
                dead_letter(producer, config.dead_letter, m); /* the fault: as it is */
            } else {
                apply(db, m);
            }
            rd_kafka_commit_message(rk, m, 0);
        }
        if (m) {
            rd_kafka_message_destroy(m);
        }
    }
    rd_kafka_consumer_close(rk);
    rd_kafka_destroy(rk);
    if (producer) {
        rd_kafka_destroy(producer);
    }
    sqlite3_close(db);
    pthread_join(thread, NULL);
    json_decref(config.root);
    twin_say(json_pack("{s:s}", "event", "stopped"));
    return 0;
}
