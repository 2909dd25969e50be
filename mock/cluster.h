/*
 * librdkafka's mock cluster: the only place that knows rdkafka_mock.h. Topic names here are the
 * mock's own (gateway/topics.c maps them). Calls are synchronous and short; the cluster's own
 * thread serves its sockets.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct mock_cluster;

/* brokers are numbered from 1. */
int mock_cluster_new(int32_t brokers, struct mock_cluster **ret_cluster, struct base_error *err);
/* May take a second (librdkafka 2.0.2: its thread sleeps in poll); keep it off a critical path. */
void mock_cluster_free(struct mock_cluster *cluster);
/* Leaves it, running, to the exiting process. Destroying may take a second, and is a race within
 * librdkafka 2.0.2 (the caller reads the command queue that the mock's thread frees). */
void mock_cluster_leave(struct mock_cluster *cluster);

/* Port on 127.0.0.1 of a broker's listener. */
uint16_t mock_cluster_port(const struct mock_cluster *cluster, int32_t broker);

/* Counts the commands below: what the cluster answered to a request, it answers again until it is
 * given another one (errors apart, which are used up). From 1. */
uint64_t mock_cluster_generation(const struct mock_cluster *cluster);

int mock_cluster_create_topic(struct mock_cluster *cluster, const char *topic, int32_t partitions,
                              struct base_error *err);
int mock_cluster_set_leader(struct mock_cluster *cluster, const char *topic, int32_t partition,
                            int32_t broker, struct base_error *err);
/* type: as in FindCoordinator, 0 for a group, 1 for a transactional id. */
int mock_cluster_set_coordinator(struct mock_cluster *cluster, int8_t type, const char *key,
                                 int32_t broker, struct base_error *err);
int mock_cluster_set_down(struct mock_cluster *cluster, int32_t broker, struct base_error *err);
int mock_cluster_set_up(struct mock_cluster *cluster, int32_t broker, struct base_error *err);
/* The next requests of this kind are answered with these errors, one each. */
void mock_cluster_push_errors(struct mock_cluster *cluster, int16_t api, const int16_t *errors,
                              size_t count);
