/* Wrong writers: what each does is said in main.c. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "twin.h"

static atomic_bool stopping;
static enum twin_fault fault;
static struct twin_config config;
static json_t *held; /* the command that is to come after its successor; NULL */

/* id 0: a copy that nobody was told of. */
static void tell_outcome(json_int_t id, bool ok) {
    if (fault == TWIN_IGNORES_FAILURES) {
        ok = true;
    } else if (fault == TWIN_REPORTS_FAILED) {
        ok = false;
    }
    if (id == 0 || (fault == TWIN_KEEPS_SILENT && id == 1)) {
        return;
    }
    twin_say(json_pack("{s:s, s:I, s:s}", "event", "outcome", "id", id, "status",
                       ok ? "ok" : "failed"));
}

static void delivered(rd_kafka_t *rk, const rd_kafka_message_t *m, void *opaque) {
    tell_outcome((json_int_t)(intptr_t)m->_private, m->err == RD_KAFKA_RESP_ERR_NO_ERROR);
}

static void *serve_reports(void *arg) {
    while (!atomic_load(&stopping)) {
        rd_kafka_poll(arg, 100);
    }
    return NULL;
}

static rd_kafka_headers_t *headers_of(const json_t *command) {
    rd_kafka_headers_t *headers = rd_kafka_headers_new(4);
    size_t i;
    json_t *pair;
    json_array_foreach(json_object_get(command, "headers"), i, pair) {
        size_t len;
        char *bytes = twin_bytes(json_array_get(pair, 1), &len);
        rd_kafka_header_add(headers, json_string_value(json_array_get(pair, 0)), -1, bytes,
                            (ssize_t)len);
        base_free(bytes);
    }
    return headers;
}

static void produce(rd_kafka_t *rk, const json_t *command, const struct twin_copy *copy,
                    json_int_t id) {
    rd_kafka_headers_t *headers = headers_of(command);
    rd_kafka_resp_err_t rc = rd_kafka_producev(
        rk, RD_KAFKA_V_TOPIC(copy->topic), RD_KAFKA_V_KEY(copy->key, copy->key_len),
        RD_KAFKA_V_VALUE(copy->value, copy->value_len), RD_KAFKA_V_HEADERS(headers),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_OPAQUE((void *)(intptr_t)id),
        RD_KAFKA_V_END);
    if (rc != RD_KAFKA_RESP_ERR_NO_ERROR) {
        rd_kafka_headers_destroy(headers);
        tell_outcome(id, false);
    }
}

static void write_plain(rd_kafka_t *rk, const json_t *command, json_int_t id) {
    struct twin_copy copy = {.key = NULL};
    const json_t *target =
        twin_target(&config, json_string_value(json_object_get(command, "topic")));
    const json_t *topic = json_object_get(target ? target : command, "topic");
    (void)snprintf(copy.topic, sizeof(copy.topic), "%s", json_string_value(topic));
    copy.key = twin_bytes(json_object_get(command, "key"), &copy.key_len);
    copy.value = twin_bytes(json_object_get(command, "value"), &copy.value_len);
    produce(rk, command, &copy, id);
    if (fault == TWIN_SENDS_TWICE) {
        produce(rk, command, &copy, 0);
    }
    twin_copy_clean_up(&copy);
}

/* The privileged copy is acknowledged before the public one is sent. */
static void write_object(rd_kafka_t *rk, const json_t *command, json_int_t id) {
    struct twin_copy public_copy;
    struct twin_copy privileged;
    if (!twin_object_copies(&config, command, fault, &public_copy, &privileged)) {
        tell_outcome(id, false);
        return;
    }
    if (privileged.topic[0]) {
        produce(rk, command, &privileged, 0);
        rd_kafka_flush(rk, 60000);
    }
    produce(rk, command, &public_copy, id);
    twin_copy_clean_up(&public_copy);
    twin_copy_clean_up(&privileged);
}

static void write_command(rd_kafka_t *rk, const json_t *command) {
    json_int_t id = json_integer_value(json_object_get(command, "id"));
    if (json_object_get(command, "journal")) {
        write_object(rk, command, id);
    } else {
        write_plain(rk, command, id);
    }
}

static void write_held(rd_kafka_t *rk) {
    if (held) {
        write_command(rk, held);
        json_decref(held);
        held = NULL;
    }
}

/* -- the spool of one that sends again after a restart what was delivered before -- */

static FILE *open_spool(const char *mode) {
    const char *file = getenv("KTRIAL_CONFIG");
    const char *slash = strrchr(file, '/');
    char path[4096];
    (void)snprintf(path, sizeof(path), "%.*s/twin.spool", slash ? (int)(slash - file) : 1,
                   slash ? file : ".");
    return fopen(path, mode);
}

static void spool(const json_t *command) {
    FILE *file = open_spool("a");
    if (file) {
        json_dumpf(command, file, JSON_COMPACT);
        (void)fputc('\n', file);
        (void)fclose(file);
    }
}

static void send_spooled(rd_kafka_t *rk) {
    FILE *file = open_spool("r");
    json_t *command;
    while (file && (command = json_loadf(file, JSON_DISABLE_EOF_CHECK, NULL))) {
        write_plain(rk, command, 0);
        json_decref(command);
    }
    if (file) {
        (void)fclose(file);
    }
}

/* -- transactions: delivered is as good as committed to this one -- */

static void end_call(rd_kafka_error_t *error) {
    if (error) {
        fprintf(stderr, "twin: %s\n", rd_kafka_error_string(error));
        rd_kafka_error_destroy(error);
    }
}

static void obey_transaction(rd_kafka_t *rk, const json_t *command) {
    if (twin_command_is(command, "begin")) {
        end_call(rd_kafka_begin_transaction(rk));
    } else if (twin_command_is(command, "commit")) {
        end_call(rd_kafka_commit_transaction(rk, 60000));
    } else if (twin_command_is(command, "abort")) {
        end_call(rd_kafka_abort_transaction(rk, 60000));
    }
}

static void obey(rd_kafka_t *rk, json_t *command) {
    bool writes = twin_command_is(command, "write") || twin_command_is(command, "delete");
    bool is_first = json_integer_value(json_object_get(command, "id")) == 1;
    if (writes && fault == TWIN_SWAPS_ORDER && is_first) {
        held = json_incref(command);
    } else if (writes) {
        if (fault == TWIN_RESENDS) {
            spool(command);
        }
        write_command(rk, command);
        write_held(rk);
    } else if (twin_command_is(command, "flush")) {
        write_held(rk);
        rd_kafka_flush(rk, 60000);
        twin_say(json_pack("{s:s}", "event", "flushed"));
    } else {
        obey_transaction(rk, command);
    }
}

int twin_writer(enum twin_fault its_fault) {
    char text[256];
    pthread_t thread;
    fault = its_fault;
    twin_config_read(&config);
    rd_kafka_conf_t *conf = twin_kafka_conf(&config);
    rd_kafka_conf_set_dr_msg_cb(conf, delivered);
    rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof(text));
    if (!rk || pthread_create(&thread, NULL, serve_reports, rk) != 0) {
        fprintf(stderr, "twin: %s\n", text);
        return 1;
    }
    if (fault == TWIN_CALLS_ABORTED_OK) {
        end_call(rd_kafka_init_transactions(rk, 60000));
    }
    twin_say(json_pack("{s:s, s:[]}", "event", "ready", "points"));
    if (fault == TWIN_RESENDS) {
        send_spooled(rk);
    }
    json_t *command;
    bool stop = false;
    while (!stop && (command = twin_command())) {
        obey(rk, command);
        stop = twin_command_is(command, "stop");
        json_decref(command);
    }
    rd_kafka_flush(rk, 60000);
    atomic_store(&stopping, true);
    pthread_join(thread, NULL);
    twin_say(json_pack("{s:s}", "event", "stopped"));
    rd_kafka_destroy(rk);
    json_decref(config.root);
    return 0;
}
