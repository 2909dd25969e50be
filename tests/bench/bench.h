/*
 * The benchmark: the broker and librdkafka's bare mock cluster, each in a process of its own,
 * driven by the same client in one run. What counts is the ratio of the two, not the machine.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

/* -- server.c -- */

struct bench_server {
    const char *name;
    char bootstrap[1024];
};

/* Forks the server; it dies with this process. To be called before any thread is started.
 * Returns 0, or -1 after saying why. */
int bench_server_start_broker(struct bench_server *server);
int bench_server_start_bare(struct bench_server *server);

/* -- client.c: each returns a negative number, after saying why, when it could not measure -- */

/* Records of 200 bytes a second, until all are acknowledged. */
double bench_produce_rate(const struct bench_server *server, const char *topic, int partitions,
                          int count);
/* Records a second, from the first to the last of what bench_produce_rate has put there; read
 * rounds times. */
double bench_consume_rate(const struct bench_server *server, const char *topic, int partitions,
                          int count, int rounds);
/* Milliseconds from produce to acknowledgement, the median of count. */
double bench_round_trip_ms(const struct bench_server *server, const char *topic, int count);
/* Milliseconds from produce to the record's arrival at a consumer that waits, the median. */
double bench_end_to_end_ms(const struct bench_server *server, const char *topic, int count);
/* Milliseconds from the making of a consumer of a new group to its first record, the median. */
double bench_first_record_ms(const struct bench_server *server, const char *topic, int count);

/* The median; sorts. */
double bench_median(double *values, size_t count);
/* Creates a topic by asking for it, and waits until it has the partitions. Returns 0 or -1. */
int bench_topic_await(const struct bench_server *server, const char *topic, int partitions);
