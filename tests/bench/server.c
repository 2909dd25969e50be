/* The two servers of the benchmark, each a forked process that dies with its parent. */
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <uv.h>

#include "bench.h"
#include "mock/mock.h"

/* Brokers of both, and the partitions of a topic that is created by its first use. */
#define BROKERS 1
#define BARE_PARTITIONS 16

static void say_bootstrap(int to, const char *bootstrap) {
    size_t len = strlen(bootstrap) + 1;
    if (write(to, bootstrap, len) != (ssize_t)len) {
        _exit(1);
    }
    close(to);
}

static void ignore_event(void *arg, const struct mock_event *event) {
}

static int create_topics(struct mock_broker *broker, struct base_error *err) {
    static const struct {
        const char *name;
        int32_t partitions;
    } topics[] = {{"produce-1", 1}, {"produce-16", 16}, {"consume-1", 1}, {"consume-16", 16},
                  {"trip", 1},      {"arrival", 1},     {"first", 1}};
    for (size_t i = 0; i < sizeof(topics) / sizeof(topics[0]); i++) {
        struct mock_topic_options options = MOCK_TOPIC_OPTIONS_INIT;
        options.partitions = topics[i].partitions;
        int result = mock_topic_create(broker, topics[i].name, &options, err);
        if (result != 0) {
            return result;
        }
    }
    return 0;
}

static int serve_broker(int to) {
    struct base_error err = BASE_ERROR_INIT;
    uv_loop_t loop;
    uv_loop_init(&loop);
    struct mock_settings settings;
    mock_settings_init(&settings);
    settings.brokers = BROKERS;
    struct mock_host host = {.event = ignore_event};
    struct mock_broker *broker = NULL;
    struct mock_listener *listener = NULL;
    struct mock_listener_options options = MOCK_LISTENER_OPTIONS_INIT;
    if (mock_broker_new(&loop, &settings, &host, &broker, &err) != 0 ||
        create_topics(broker, &err) != 0 ||
        mock_listener_open(broker, &options, &listener, &err) != 0) {
        fprintf(stderr, "the broker does not start: %s\n", err.text);
        return 1;
    }
    say_bootstrap(to, mock_listener_bootstrap(listener));
    uv_run(&loop, UV_RUN_DEFAULT);
    return 0;
}

static int serve_bare(int to) {
    char reason[512];
    rd_kafka_t *handle =
        rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), reason, sizeof(reason));
    rd_kafka_mock_cluster_t *cluster = handle ? rd_kafka_mock_cluster_new(handle, BROKERS) : NULL;
    if (!cluster) {
        fprintf(stderr, "the bare mock cluster does not start: %s\n",
                handle ? "no cluster" : reason);
        return 1;
    }
    static const char *const one[] = {"produce-1", "consume-1", "trip", "arrival", "first"};
    static const char *const many[] = {"produce-16", "consume-16"};
    for (size_t i = 0; i < sizeof(one) / sizeof(one[0]); i++) {
        rd_kafka_mock_topic_create(cluster, one[i], 1, 1);
    }
    for (size_t i = 0; i < sizeof(many) / sizeof(many[0]); i++) {
        rd_kafka_mock_topic_create(cluster, many[i], BARE_PARTITIONS, 1);
    }
    say_bootstrap(to, rd_kafka_mock_cluster_bootstraps(cluster));
    for (;;) {
        pause(); /* until the parent dies */
    }
}

static int start(struct bench_server *server, int (*serve)(int to)) {
    int ends[2];
    if (pipe(ends) != 0) {
        perror("pipe");
        return -1;
    }
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(ends[0]);
        _exit(getppid() == parent ? serve(ends[1]) : 1);
    }
    close(ends[1]);
    size_t got = 0;
    ssize_t n;
    while ((n = read(ends[0], server->bootstrap + got, sizeof(server->bootstrap) - got)) > 0) {
        got += (size_t)n;
    }
    close(ends[0]);
    if (child < 0 || got == 0 || server->bootstrap[got - 1] != '\0') {
        fprintf(stderr, "%s did not start\n", server->name);
        return -1;
    }
    return 0;
}

int bench_server_start_broker(struct bench_server *server) {
    server->name = "broker";
    return start(server, serve_broker);
}

int bench_server_start_bare(struct bench_server *server) {
    server->name = "bare mock";
    return start(server, serve_bare);
}
