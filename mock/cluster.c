/* librdkafka's mock cluster: see cluster.h. */
#include "mock/cluster.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/memory.h"

struct mock_cluster {
    rd_kafka_t *handle; /* the mock needs a client to live in; it connects nowhere */
    rd_kafka_mock_cluster_t *mock;
    int32_t broker_count;
    uint64_t generation;
    uint16_t ports[BASE_MAX_BROKERS];
    int probe; /* a connection to the mock, for settle; -1: none */
    struct mock_cluster *next_left;
};

static void drop_log(const rd_kafka_t *rk, int level, const char *facility, const char *text) {
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
    /* The mock's thread ends when a signal interrupts its poll (2.0.2), and with it every broker:
     * it inherits that none reaches it. A child that stops or ends sends one. */
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    cluster->mock = rd_kafka_mock_cluster_new(cluster->handle, cluster->broker_count);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
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
    cluster->generation = 1;
    cluster->probe = -1;
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
    if (cluster->probe >= 0) {
        close(cluster->probe);
    }
    if (cluster->mock) {
        rd_kafka_mock_cluster_destroy(cluster->mock);
    }
    if (cluster->handle) {
        rd_kafka_destroy(cluster->handle);
    }
    base_free(cluster);
}

void mock_cluster_leave(struct mock_cluster *cluster) {
    static struct mock_cluster *left; /* so that a memory checker sees that it is known */
    cluster->next_left = left;
    left = cluster;
}

uint16_t mock_cluster_port(const struct mock_cluster *cluster, int32_t broker) {
    return cluster->ports[broker - 1];
}

/* -- settle -- */

#define PROBE_TIMEOUT_S 2
/* ApiVersions version 0, correlation id 1, no client id. */
static const uint8_t probe_request[] = {0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff};

static int connect_probe(uint16_t port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct timeval limit = {.tv_sec = PROBE_TIMEOUT_S};
    if (fd >= 0 && (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) != 0 ||
                    connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

/* One question and its whole answer. */
static bool ask_probe(int fd) {
    uint8_t answer[4096];
    size_t have = 0;
    size_t want = 4;
    if (send(fd, probe_request, sizeof(probe_request), MSG_NOSIGNAL) !=
        (ssize_t)sizeof(probe_request)) {
        return false;
    }
    while (have < want) {
        ssize_t got = recv(fd, answer + have, want - have, 0);
        if (got <= 0) {
            return false;
        }
        have += (size_t)got;
        if (have == 4 && want == 4) {
            want += (size_t)answer[0] << 24 | (size_t)answer[1] << 16 | (size_t)answer[2] << 8 |
                    answer[3];
            if (want > sizeof(answer)) {
                return false;
            }
        }
    }
    return true;
}

/* The mock's thread serves its commands first and empties its wake-up pipe after: a command that
 * comes right behind another loses its wake-up and waits for the thread's poll to time out, a
 * second later (librdkafka 2.0.2 to 2.13). An answer over the network says that the thread has gone
 * round. */
static void settle(struct mock_cluster *cluster) {
    for (int32_t i = -1; i < cluster->broker_count; i++) {
        if (cluster->probe < 0 && i >= 0) {
            cluster->probe = connect_probe(cluster->ports[i]);
        }
        if (cluster->probe >= 0) {
            if (ask_probe(cluster->probe)) {
                return;
            }
            close(cluster->probe);
            cluster->probe = -1;
        }
    }
}

uint64_t mock_cluster_generation(const struct mock_cluster *cluster) {
    return cluster->generation;
}

static int checked(struct mock_cluster *cluster, rd_kafka_resp_err_t code, const char *what,
                   struct base_error *err) {
    cluster->generation++;
    settle(cluster);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        return 0;
    }
    return base_fail(err, BASE_STATE, "%s: the mock cluster says: %s", what,
                     rd_kafka_err2str(code));
}

int mock_cluster_create_topic(struct mock_cluster *cluster, const char *topic, int32_t partitions,
                              struct base_error *err) {
    int replicas = cluster->broker_count < 3 ? cluster->broker_count : 3;
    return checked(cluster, rd_kafka_mock_topic_create(cluster->mock, topic, partitions, replicas),
                   "create topic", err);
}

int mock_cluster_set_leader(struct mock_cluster *cluster, const char *topic, int32_t partition,
                            int32_t broker, struct base_error *err) {
    return checked(cluster,
                   rd_kafka_mock_partition_set_leader(cluster->mock, topic, partition, broker),
                   "move the leader", err);
}

int mock_cluster_set_coordinator(struct mock_cluster *cluster, int8_t type, const char *key,
                                 int32_t broker, struct base_error *err) {
    const char *word = type == 0 ? "group" : "transaction";
    return checked(cluster, rd_kafka_mock_coordinator_set(cluster->mock, word, key, broker),
                   "move the coordinator", err);
}

int mock_cluster_set_down(struct mock_cluster *cluster, int32_t broker, struct base_error *err) {
    return checked(cluster, rd_kafka_mock_broker_set_down(cluster->mock, broker), "stop the broker",
                   err);
}

int mock_cluster_set_up(struct mock_cluster *cluster, int32_t broker, struct base_error *err) {
    return checked(cluster, rd_kafka_mock_broker_set_up(cluster->mock, broker), "start the broker",
                   err);
}

void mock_cluster_push_errors(struct mock_cluster *cluster, int16_t api, const int16_t *errors,
                              size_t count) {
    cluster->generation++;
    for (size_t i = 0; i < count; i++) {
        rd_kafka_mock_push_request_errors(cluster->mock, api, 1, (rd_kafka_resp_err_t)errors[i]);
    }
}
