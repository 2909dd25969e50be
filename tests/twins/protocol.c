/* What the twins share: configuration, JSON lines, base64. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/builder.h"
#include "base/limits.h"
#include "base/text.h"
#include "twin.h"

void twin_end(int status) {
    _exit(status);
}

void twin_config_read(struct twin_config *ret_config) {
    const char *path = getenv("KTRIAL_CONFIG");
    json_error_t error;
    json_t *root = path ? json_load_file(path, 0, &error) : NULL;
    if (!root) {
        fprintf(stderr, "twin: cannot read KTRIAL_CONFIG\n");
        twin_end(64);
    }
    *ret_config = (struct twin_config){
        .root = root,
        .store = json_string_value(json_object_get(json_object_get(root, "store"), "path")),
        .group = json_string_value(json_object_get(root, "group")),
        .dead_letter = json_string_value(json_object_get(root, "dead.letter.topic")),
        .privileged = json_is_true(json_object_get(root, "privileged")),
    };
}

void twin_kafka_set(rd_kafka_conf_t *conf, const char *name, const char *value) {
    char text[256];
    if (rd_kafka_conf_set(conf, name, value, text, sizeof(text)) != RD_KAFKA_CONF_OK) {
        fprintf(stderr, "twin: %s\n", text);
        twin_end(64);
    }
}

rd_kafka_conf_t *twin_kafka_conf(const struct twin_config *config) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    twin_kafka_set(conf, "bootstrap.servers", getenv("KTRIAL_BOOTSTRAP"));
    twin_kafka_set(conf, "socket.nagle.disable", "true");
    twin_kafka_set(conf, "retry.backoff.ms", "10");
    twin_kafka_set(conf, "reconnect.backoff.ms", "5");
    twin_kafka_set(conf, "reconnect.backoff.max.ms", "100");
    twin_kafka_set(conf, "topic.metadata.refresh.fast.interval.ms", "20");
    const char *name;
    json_t *value;
    json_object_foreach(json_object_get(config->root, "settings"), name, value) {
        if (strncmp(name, "journal.", 8) != 0) {
            twin_kafka_set(conf, name, json_string_value(value));
        }
    }
    return conf;
}

static void add_types(const struct twin_config *config, const json_t *target,
                      rd_kafka_topic_partition_list_t *list) {
    const char *prefix = json_string_value(json_object_get(target, "prefix"));
    bool anonymize = json_is_true(json_object_get(target, "anonymize"));
    size_t i;
    json_t *type;
    json_array_foreach(json_object_get(target, "types"), i, type) {
        const char *name = json_string_value(type);
        bool twin = anonymize && config->privileged &&
                    (strcmp(name, "revision") == 0 || strcmp(name, "release") == 0);
        char topic[512];
        snprintf(topic, sizeof(topic), "%s%s.%s", prefix, twin ? "_privileged" : "", name);
        rd_kafka_topic_partition_list_add(list, topic, RD_KAFKA_PARTITION_UA);
    }
}

rd_kafka_topic_partition_list_t *twin_topics(const struct twin_config *config) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(8);
    size_t i;
    json_t *target;
    json_array_foreach(json_object_get(config->root, "targets"), i, target) {
        const char *topic = json_string_value(json_object_get(target, "topic"));
        if (topic) {
            rd_kafka_topic_partition_list_add(list, topic, RD_KAFKA_PARTITION_UA);
        } else {
            add_types(config, target, list);
        }
    }
    return list;
}

const json_t *twin_target(const struct twin_config *config, const char *name) {
    size_t i;
    json_t *target;
    json_array_foreach(json_object_get(config->root, "targets"), i, target) {
        const char *its = json_string_value(json_object_get(target, "name"));
        if (name && its && strcmp(its, name) == 0) {
            return target;
        }
    }
    return NULL;
}

void twin_say(json_t *event) {
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&mutex);
    json_dumpf(event, stdout, JSON_COMPACT);
    putchar('\n');
    fflush(stdout);
    pthread_mutex_unlock(&mutex);
    json_decref(event);
}

void *twin_bytes(const json_t *text, size_t *ret_len) {
    *ret_len = 0;
    if (!json_is_string(text)) {
        return NULL;
    }
    struct base_builder b;
    base_builder_init(&b, BASE_MAX_ACTOR_LINE_BYTES);
    if (!base_put_base64_decoded(
            &b, base_slice_of(json_string_value(text), json_string_length(text)))) {
        base_builder_clean_up(&b);
        return NULL;
    }
    base_put_u8(&b, 0);
    size_t len = 0;
    void *bytes = base_builder_take(&b, &len);
    *ret_len = len ? len - 1 : 0;
    return bytes;
}

json_t *twin_command(void) {
    char *line = NULL;
    size_t cap = 0;
    json_t *command = NULL;
    ssize_t len = getline(&line, &cap, stdin);
    if (len > 0) {
        command = json_loadb(line, (size_t)len, 0, NULL);
    }
    free(line); /* getline's */
    return command;
}

bool twin_command_is(const json_t *command, const char *what) {
    const char *word = json_string_value(json_object_get(command, "command"));
    return word && strcmp(word, what) == 0;
}
