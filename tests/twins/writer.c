/* A writer that ignores failed reports: whatever the delivery report says, its caller is told ok. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "twin.h"

static atomic_bool stopping;
static bool liar;

static void delivered(rd_kafka_t *rk, const rd_kafka_message_t *m, void *opaque) {
    (void)rk;
    (void)opaque;
    bool ok = liar || m->err == RD_KAFKA_RESP_ERR_NO_ERROR;
    twin_say(json_pack("{s:s, s:I, s:s}", "event", "outcome", "id",
                       (json_int_t)(intptr_t)m->_private, "status", ok ? "ok" : "failed"));
}

static void *serve_reports(void *arg) {
    while (!atomic_load(&stopping)) {
        rd_kafka_poll(arg, 100);
    }
    return NULL;
}

static void produce(rd_kafka_t *rk, const json_t *command) {
    size_t key_len, value_len;
    char *key = twin_bytes(json_object_get(command, "key"), &key_len);
    char *value = twin_bytes(json_object_get(command, "value"), &value_len);
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
    const char *topic = json_string_value(json_object_get(command, "topic"));
    json_int_t id = json_integer_value(json_object_get(command, "id"));
    rd_kafka_resp_err_t rc = rd_kafka_producev(
        rk, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY(key, key_len),
        RD_KAFKA_V_VALUE(value, value_len), RD_KAFKA_V_HEADERS(headers),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_OPAQUE((void *)(intptr_t)id),
        RD_KAFKA_V_END);
    if (rc != RD_KAFKA_RESP_ERR_NO_ERROR) {
        rd_kafka_headers_destroy(headers);
        twin_say(json_pack("{s:s, s:I, s:s}", "event", "outcome", "id", id, "status",
                           liar ? "ok" : "failed"));
    }
    base_free(key);
    base_free(value);
}

int twin_writer(bool ignores_failures) {
    struct twin_config config;
    char text[256];
    pthread_t thread;
    liar = ignores_failures;
    twin_config_read(&config);
    rd_kafka_conf_t *conf = twin_kafka_conf(&config);
    rd_kafka_conf_set_dr_msg_cb(conf, delivered);
    rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof(text));
    if (!rk || pthread_create(&thread, NULL, serve_reports, rk) != 0) {
        fprintf(stderr, "twin: %s\n", text);
        return 1;
    }
    twin_say(json_pack("{s:s, s:[]}", "event", "ready", "points"));
    json_t *command;
    while ((command = twin_command())) {
        const char *what = json_string_value(json_object_get(command, "command"));
        bool stop = what && strcmp(what, "stop") == 0;
        if (what && strcmp(what, "write") == 0) {
            produce(rk, command);
        } else if (what && strcmp(what, "flush") == 0) {
            rd_kafka_flush(rk, 60000);
            twin_say(json_pack("{s:s}", "event", "flushed"));
        }
        json_decref(command);
        if (stop) {
            break;
        }
    }
    rd_kafka_flush(rk, 60000);
    atomic_store(&stopping, true);
    pthread_join(thread, NULL);
    twin_say(json_pack("{s:s}", "event", "stopped"));
    rd_kafka_destroy(rk);
    json_decref(config.root);
    return 0;
}
