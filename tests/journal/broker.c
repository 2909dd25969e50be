/* librdkafka starts a cluster inside a client that has test.mock.num.brokers. */
#include "broker.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>

#include "t_run.h"

#define TIMEOUT_MS 20000

static rd_kafka_t *new_client(rd_kafka_type_t type, const char *const (*settings)[2],
                              size_t count) {
    char reason[256] = "";
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    for (size_t i = 0; i < count; i++) {
        T_EQUAL_INT(rd_kafka_conf_set(conf, settings[i][0], settings[i][1], reason,
                                      sizeof(reason)), RD_KAFKA_CONF_OK);
    }
    rd_kafka_t *rk = rd_kafka_new(type, conf, reason, sizeof(reason));
    T_EQUAL_STR(reason, "");
    return rk;
}

void broker_start(struct broker *broker) {
    static const char *const settings[][2] = {{"test.mock.num.brokers", "1"}, {"log_level", "0"}};
    *broker = (struct broker){.rk = new_client(RD_KAFKA_PRODUCER, settings, 2)};
    const struct rd_kafka_metadata *metadata = NULL;
    if (T_EQUAL_INT(rd_kafka_metadata(broker->rk, 0, NULL, &metadata, TIMEOUT_MS), 0) &&
        T_EQUAL_INT(metadata->broker_cnt, 1)) {
        (void)snprintf(broker->address, sizeof(broker->address), "%s:%d",
                       metadata->brokers[0].host, metadata->brokers[0].port);
        rd_kafka_metadata_destroy(metadata);
    }
}

void broker_stop(struct broker *broker) {
    rd_kafka_destroy(broker->rk);
}

long long broker_committed(const struct broker *broker, const char *group, const char *topic,
                           int partition) {
    const char *const settings[][2] = {{"bootstrap.servers", broker->address},
                                       {"group.id", group}};
    rd_kafka_t *rk = new_client(RD_KAFKA_CONSUMER, settings, 2);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, partition);
    T_EQUAL_INT(rd_kafka_committed(rk, list, TIMEOUT_MS), 0);
    long long offset = list->elems[0].offset;
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_destroy(rk);
    return offset < 0 ? -1 : offset;
}
