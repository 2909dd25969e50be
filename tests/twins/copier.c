/* Copying in a transaction, with the offsets outside of it: what goes wrong is in client.c. */
#include <stdio.h>
#include <stdlib.h>

#include "twin.h"

static void need(rd_kafka_error_t *error) {
    if (error) {
        fprintf(stderr, "twin: %s\n", rd_kafka_error_string(error));
        exit(1);
    }
}

rd_kafka_t *twin_copier_open(const struct twin_config *config) {
    struct twin_config plain = {.root = NULL};
    rd_kafka_conf_t *conf = twin_kafka_conf(&plain);
    const json_t *settings = json_object_get(config->root, "settings");
    twin_kafka_set(conf, "transactional.id",
                   json_string_value(json_object_get(settings, "journal.transactional.id")));
    char text[256];
    rd_kafka_t *producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof(text));
    if (!producer) {
        fprintf(stderr, "twin: %s\n", text);
        exit(1);
    }
    need(rd_kafka_init_transactions(producer, 60000));
    return producer;
}

void twin_copier_begin(rd_kafka_t *producer, const struct twin_config *config,
                       const rd_kafka_message_t *m) {
    const char *topic = json_string_value(json_object_get(config->root, "copy.topic"));
    need(rd_kafka_begin_transaction(producer));
    rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY(m->key, m->key_len),
                      RD_KAFKA_V_VALUE(m->payload, m->len),
                      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
}

void twin_copier_commit(rd_kafka_t *producer) {
    need(rd_kafka_commit_transaction(producer, 60000));
}
