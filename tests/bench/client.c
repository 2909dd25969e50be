/* The client of the benchmark: librdkafka, the same for both servers. */
#include <librdkafka/rdkafka.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bench.h"

#define RECORD_BYTES 200
/* What a single wait may take; a measurement that reaches it has failed. */
#define PATIENCE_MS 60000

static double seconds_since(uint64_t start_ns) {
    return (double)(base_clock_monotonic_ns() - start_ns) / 1e9;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

double bench_median(double *values, size_t count) {
    qsort(values, count, sizeof(*values), compare);
    return count ? values[count / 2] : -1;
}

/* The reports of one producer. */
struct delivery {
    int delivered;
    int failed;
};

static void delivered(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
    struct delivery *delivery = opaque;
    if (message->err) {
        delivery->failed++;
    } else {
        delivery->delivered++;
    }
}

/* Assigns from the start, as the number 0: left alone librdkafka sits out 100 ms before it asks for
 * the start offset of a partition without a commit (500 ms for one assigned as "beginning"), which
 * has nothing to do with the server. */
static void rebalanced(rd_kafka_t *rk, rd_kafka_resp_err_t code,
                       rd_kafka_topic_partition_list_t *partitions, void *opaque) {
    if (code != RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        rd_kafka_assign(rk, NULL);
        return;
    }
    for (int i = 0; i < partitions->cnt; i++) {
        partitions->elems[i].offset = 0;
    }
    rd_kafka_assign(rk, partitions);
}

/* A client with these settings: name, value, …, NULL. */
static rd_kafka_t *client(const struct bench_server *server, rd_kafka_type_t type,
                          struct delivery *delivery, ...) {
    char reason[512] = "";
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", server->bootstrap, NULL, 0);
    rd_kafka_conf_set(conf, "socket.nagle.disable", "true", NULL, 0);
    rd_kafka_conf_set(conf, "log_level", "3", NULL, 0);
    va_list settings;
    va_start(settings, delivery);
    const char *name;
    while ((name = va_arg(settings, const char *)) != NULL) {
        const char *value = va_arg(settings, const char *);
        if (rd_kafka_conf_set(conf, name, value, reason, sizeof(reason)) != RD_KAFKA_CONF_OK) {
            fprintf(stderr, "%s\n", reason);
        }
    }
    va_end(settings);
    if (delivery) {
        rd_kafka_conf_set_opaque(conf, delivery);
        rd_kafka_conf_set_dr_msg_cb(conf, delivered);
    }
    if (type == RD_KAFKA_CONSUMER) {
        rd_kafka_conf_set_rebalance_cb(conf, rebalanced);
    }
    rd_kafka_t *rk = rd_kafka_new(type, conf, reason, sizeof(reason));
    if (!rk) {
        fprintf(stderr, "no client: %s\n", reason);
        rd_kafka_conf_destroy(conf);
        return NULL;
    }
    if (type == RD_KAFKA_CONSUMER) {
        rd_kafka_poll_set_consumer(rk);
    }
    return rk;
}

static void stop_consumer(rd_kafka_t *rk) {
    rd_kafka_consumer_close(rk);
    rd_kafka_destroy(rk);
}

int bench_topic_await(const struct bench_server *server, const char *topic, int partitions) {
    rd_kafka_t *rk = client(server, RD_KAFKA_PRODUCER, NULL, NULL);
    if (!rk) {
        return -1;
    }
    rd_kafka_topic_t *handle = rd_kafka_topic_new(rk, topic, NULL);
    const struct rd_kafka_metadata *metadata = NULL;
    int found = 0;
    if (rd_kafka_metadata(rk, 0, handle, &metadata, PATIENCE_MS) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        found = metadata->topic_cnt == 1 ? metadata->topics[0].partition_cnt : 0;
        rd_kafka_metadata_destroy(metadata);
    }
    rd_kafka_topic_destroy(handle);
    rd_kafka_destroy(rk);
    if (found != partitions) {
        fprintf(stderr, "%s: topic %s has %d partitions, expected %d\n", server->name, topic, found,
                partitions);
        return -1;
    }
    return 0;
}

static int enqueue(rd_kafka_t *rk, const char *topic, int32_t partition, void *record) {
    for (;;) {
        rd_kafka_resp_err_t code = rd_kafka_producev(
            rk, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(partition),
            RD_KAFKA_V_VALUE(record, RECORD_BYTES), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
            RD_KAFKA_V_END);
        if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
            return code ? -1 : 0;
        }
        rd_kafka_poll(rk, 10);
    }
}

double bench_produce_rate(const struct bench_server *server, const char *topic, int partitions,
                          int count) {
    struct delivery delivery = {0, 0};
    char record[RECORD_BYTES];
    memset(record, 'x', sizeof(record));
    rd_kafka_t *rk = client(server, RD_KAFKA_PRODUCER, &delivery, "linger.ms", "5",
                            "queue.buffering.max.messages", "200000", NULL);
    if (!rk) {
        return -1;
    }
    /* The connection and the metadata are not measured. */
    int warm = enqueue(rk, topic, 0, record);
    rd_kafka_flush(rk, PATIENCE_MS);
    uint64_t start_ns = base_clock_monotonic_ns();
    for (int i = 1; i < count && warm == 0; i++) {
        warm = enqueue(rk, topic, i % partitions, record);
        if (i % 1000 == 0) {
            rd_kafka_poll(rk, 0);
        }
    }
    rd_kafka_flush(rk, PATIENCE_MS);
    double took = seconds_since(start_ns);
    rd_kafka_destroy(rk);
    if (delivery.delivered != count) {
        fprintf(stderr, "%s: %d of %d records were acknowledged\n", server->name,
                delivery.delivered, count);
        return -1;
    }
    return (count - 1) / took;
}

static void assign_from_start(rd_kafka_t *rk, const char *topic, int partitions) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(partitions);
    for (int i = 0; i < partitions; i++) {
        rd_kafka_topic_partition_list_add(list, topic, i)->offset = 0;
    }
    rd_kafka_assign(rk, list);
    rd_kafka_topic_partition_list_destroy(list);
}

/* Reads count records through the queue, many at a time. Returns the seconds from the first batch
 * to the last, or -1; ret_measured: the records after the first batch. */
static double read_records(rd_kafka_queue_t *queue, int count, int *ret_measured) {
    enum { BATCH = 10000 };
    static rd_kafka_message_t *messages[BATCH];
    int seen = 0;
    int first = 0;
    uint64_t start_ns = base_clock_monotonic_ns();
    while (seen < count) {
        ssize_t n = rd_kafka_consume_batch_queue(queue, seen ? 1 : PATIENCE_MS, messages, BATCH);
        if (n < 0 || (n == 0 && seconds_since(start_ns) * 1000 > PATIENCE_MS)) {
            return -1;
        }
        for (ssize_t i = 0; i < n; i++) {
            seen += messages[i]->err ? 0 : 1;
            rd_kafka_message_destroy(messages[i]);
        }
        if (first == 0 && seen > 0) {
            first = seen;
            start_ns = base_clock_monotonic_ns();
        }
    }
    *ret_measured = seen - first;
    return seconds_since(start_ns);
}

double bench_consume_rate(const struct bench_server *server, const char *topic, int partitions,
                          int count, int rounds) {
    double took = 0;
    double records = 0;
    for (int round = 0; round < rounds; round++) {
        rd_kafka_t *rk = client(server, RD_KAFKA_CONSUMER, NULL, "group.id", "rate",
                                "enable.auto.commit", "false", "queued.min.messages", "1000000",
                                "fetch.wait.max.ms", "10", NULL);
        if (!rk) {
            return -1;
        }
        rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(rk);
        assign_from_start(rk, topic, partitions);
        int measured = 0;
        double seconds = read_records(queue, count, &measured);
        rd_kafka_queue_destroy(queue);
        stop_consumer(rk);
        if (seconds < 0) {
            fprintf(stderr, "%s: %s: not all of %d records came\n", server->name, topic, count);
            return -1;
        }
        took += seconds;
        records += measured;
    }
    return took > 0 ? records / took : -1;
}

/* Produces one record and waits for its acknowledgement. Milliseconds; -1: failed. */
static double one_trip_ms(rd_kafka_t *rk, struct delivery *delivery, const char *topic) {
    char record[RECORD_BYTES] = "trip";
    int before = delivery->delivered;
    uint64_t start_ns = base_clock_monotonic_ns();
    if (enqueue(rk, topic, 0, record) != 0) {
        return -1;
    }
    while (delivery->delivered == before) {
        rd_kafka_poll(rk, 100);
        if (delivery->failed || seconds_since(start_ns) * 1000 > PATIENCE_MS) {
            return -1;
        }
    }
    return seconds_since(start_ns) * 1000;
}

double bench_round_trip_ms(const struct bench_server *server, const char *topic, int count) {
    struct delivery delivery = {0, 0};
    rd_kafka_t *rk = client(server, RD_KAFKA_PRODUCER, &delivery, "linger.ms", "0", NULL);
    double *taken = calloc((size_t)count, sizeof(*taken));
    double result = rk && taken ? one_trip_ms(rk, &delivery, topic) : -1;
    for (int i = 0; i < count && result >= 0; i++) {
        result = taken[i] = one_trip_ms(rk, &delivery, topic);
    }
    if (result < 0) {
        fprintf(stderr, "%s: a round trip failed\n", server->name);
    } else {
        result = bench_median(taken, (size_t)count);
    }
    free(taken);
    if (rk) {
        rd_kafka_destroy(rk);
    }
    return result;
}

/* Milliseconds until the consumer has its next record; -1: none came. */
static double await_record_ms(rd_kafka_t *consumer, uint64_t start_ns) {
    while (seconds_since(start_ns) * 1000 < PATIENCE_MS) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer, 100);
        if (!message) {
            continue;
        }
        int is_record = !message->err;
        rd_kafka_message_destroy(message);
        if (is_record) {
            return seconds_since(start_ns) * 1000;
        }
    }
    return -1;
}

double bench_end_to_end_ms(const struct bench_server *server, const char *topic, int count) {
    struct delivery delivery = {0, 0};
    rd_kafka_t *producer = client(server, RD_KAFKA_PRODUCER, &delivery, "linger.ms", "0", NULL);
    rd_kafka_t *consumer = client(server, RD_KAFKA_CONSUMER, NULL, "group.id", "arrival",
                                  "enable.auto.commit", "false", NULL);
    double *taken = calloc((size_t)count, sizeof(*taken));
    double result = producer && consumer && taken ? one_trip_ms(producer, &delivery, topic) : -1;
    if (result >= 0) {
        assign_from_start(consumer, topic, 1);
        result = await_record_ms(consumer, base_clock_monotonic_ns());
    }
    char record[RECORD_BYTES] = "arrival";
    for (int i = 0; i < count && result >= 0; i++) {
        /* The consumer has taken the record before and asks again meanwhile: it polls with nothing
         * to come until its Fetch waits at the server. */
        rd_kafka_message_t *none = rd_kafka_consumer_poll(consumer, 20);
        if (none) {
            rd_kafka_message_destroy(none);
        }
        uint64_t start_ns = base_clock_monotonic_ns();
        bool sent = enqueue(producer, topic, 0, record) == 0;
        result = sent ? await_record_ms(consumer, start_ns) : -1;
        taken[i] = result;
        rd_kafka_poll(producer, 0);
    }
    if (result < 0) {
        fprintf(stderr, "%s: a record did not arrive\n", server->name);
    } else {
        result = bench_median(taken, (size_t)count);
    }
    free(taken);
    if (consumer) {
        stop_consumer(consumer);
    }
    if (producer) {
        rd_kafka_flush(producer, PATIENCE_MS);
        rd_kafka_destroy(producer);
    }
    return result;
}

double bench_first_record_ms(const struct bench_server *server, const char *topic, int count) {
    double taken[64];
    double result = bench_round_trip_ms(server, topic, 1);
    for (int i = 0; i < count && i < 64 && result >= 0; i++) {
        char group[64];
        (void)snprintf(group, sizeof(group), "first-%d", i);
        uint64_t start_ns = base_clock_monotonic_ns();
        rd_kafka_t *consumer = client(server, RD_KAFKA_CONSUMER, NULL, "group.id", group, NULL);
        if (!consumer) {
            return -1;
        }
        rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
        rd_kafka_topic_partition_list_add(list, topic, RD_KAFKA_PARTITION_UA);
        rd_kafka_subscribe(consumer, list);
        rd_kafka_topic_partition_list_destroy(list);
        result = taken[i] = await_record_ms(consumer, start_ns);
        stop_consumer(consumer);
    }
    if (result < 0) {
        fprintf(stderr, "%s: no first record of a new group\n", server->name);
        return -1;
    }
    return bench_median(taken, (size_t)(count < 64 ? count : 64));
}
