/* librdkafka's mock cluster: see cluster.h. */
#include "mock/cluster.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"

struct mock_cluster {
    rd_kafka_t *handle; /* the mock needs a client to live in; it connects nowhere */
    rd_kafka_mock_cluster_t *mock;
    int32_t broker_count;
    uint16_t ports[BASE_MAX_BROKERS];
};

static void drop_log(const rd_kafka_t *rk, int level, const char *facility, const char *text) {
    (void)rk;
    (void)level;
    (void)facility;
    (void)text;
}

/* "127.0.0.1:4711,127.0.0.1:4712": in the order of the broker ids. */
static int read_ports(struct mock_cluster *cluster, struct base_error *err) {
    const char *at = rd_kafka_mock_cluster_bootstraps(cluster->mock);
    for (int32_t i = 0; i < cluster->broker_count; i++) {
        const char *colon = at ? strchr(at, ':') : NULL;
        if (!colon) {
            return base_fail(err, BASE_STATE, "the mock cluster names only %d brokers", (int)i);
        }
        char *end;
        cluster->ports[i] = (uint16_t)strtoul(colon + 1, &end, 10);
        at = end;
    }
    return 0;
}

static int open_mock(struct mock_cluster *cluster, struct base_error *err) {
    char text[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, drop_log);
    cluster->handle = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof(text));
    if (!cluster->handle) {
        rd_kafka_conf_destroy(conf);
        return base_fail(err, BASE_STATE, "librdkafka: %s", text);
    }
    cluster->mock = rd_kafka_mock_cluster_new(cluster->handle, cluster->broker_count);
    if (!cluster->mock) {
        return base_fail(err, BASE_STATE, "librdkafka could not make a mock cluster");
    }
    return read_ports(cluster, err);
}

int mock_cluster_new(int32_t brokers, struct mock_cluster **ret_cluster, struct base_error *err) {
    if (brokers < 1 || brokers > (int32_t)BASE_MAX_BROKERS) {
        return base_fail(err, BASE_USAGE, "brokers must be 1 to %u, not %d", BASE_MAX_BROKERS,
                         (int)brokers);
    }
    struct mock_cluster *cluster = base_alloc_zero(sizeof(*cluster));
    if (!cluster) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for the mock cluster");
    }
    cluster->broker_count = brokers;
    int rc = open_mock(cluster, err);
    if (rc < 0) {
        mock_cluster_free(cluster);
        return rc;
    }
    *ret_cluster = cluster;
    return 0;
}

void mock_cluster_free(struct mock_cluster *cluster) {
    if (!cluster) {
        return;
    }
    if (cluster->mock) {
        rd_kafka_mock_cluster_destroy(cluster->mock);
    }
    if (cluster->handle) {
        rd_kafka_destroy(cluster->handle);
    }
    base_free(cluster);
}

uint16_t mock_cluster_port(const struct mock_cluster *cluster, int32_t broker) {
    return cluster->ports[broker - 1];
}

static int checked(rd_kafka_resp_err_t code, const char *what, struct base_error *err) {
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        return 0;
    }
    return base_fail(err, BASE_STATE, "%s: the mock cluster says: %s", what, rd_kafka_err2str(code));
}

int mock_cluster_create_topic(struct mock_cluster *cluster, const char *topic, int32_t partitions,
                              struct base_error *err) {
    int replicas = cluster->broker_count < 3 ? cluster->broker_count : 3;
    return checked(rd_kafka_mock_topic_create(cluster->mock, topic, partitions, replicas),
                   "create topic", err);
}

int mock_cluster_set_leader(struct mock_cluster *cluster, const char *topic, int32_t partition,
                            int32_t broker, struct base_error *err) {
    return checked(rd_kafka_mock_partition_set_leader(cluster->mock, topic, partition, broker),
                   "move the leader", err);
}

int mock_cluster_set_coordinator(struct mock_cluster *cluster, const char *group, int32_t broker,
                                 struct base_error *err) {
    return checked(rd_kafka_mock_coordinator_set(cluster->mock, "group", group, broker),
                   "move the coordinator", err);
}

int mock_cluster_set_down(struct mock_cluster *cluster, int32_t broker, struct base_error *err) {
    return checked(rd_kafka_mock_broker_set_down(cluster->mock, broker), "stop the broker", err);
}

int mock_cluster_set_up(struct mock_cluster *cluster, int32_t broker, struct base_error *err) {
    return checked(rd_kafka_mock_broker_set_up(cluster->mock, broker), "start the broker", err);
}

void mock_cluster_push_errors(struct mock_cluster *cluster, int16_t api, const int16_t *errors,
                              size_t count) {
    for (size_t i = 0; i < count; i++) {
        rd_kafka_mock_push_request_errors(cluster->mock, api, 1, (rd_kafka_resp_err_t)errors[i]);
    }
}
