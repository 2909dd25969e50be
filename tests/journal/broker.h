/* A broker for the tests of the writer and the client: librdkafka's own, inside a client. */
#pragma once

struct rd_kafka_s;

struct broker {
    struct rd_kafka_s *rk;
    char address[64];
};

/* The test fails if it does not come up. */
void broker_start(struct broker *broker);
void broker_stop(struct broker *broker);
/* The offset that a group committed for a partition; -1 for none. */
long long broker_committed(const struct broker *broker, const char *group, const char *topic,
                           int partition);
