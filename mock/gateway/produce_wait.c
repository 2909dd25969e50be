/* Produce with acks=all: waits until all in-sync replicas have it (Kafka: DelayedProduce). */
#include "mock/gateway/produce.h"

void mock_produce_stop_waiting(struct mock_request *r) {
    struct mock_request **at = &r->connection->broker->unreplicated;
    while (*at && *at != r) {
        at = &(*at)->next_parked;
    }
    if (*at) {
        *at = r->next_parked;
        r->next_parked = NULL;
    }
}

/* Partition.checkEnoughReplicasReachOffset. True: it need not wait any more. */
static bool is_replicated(const struct mock_request *r, struct mock_produced *p) {
    const struct mock_broker *broker = r->connection->broker;
    struct mock_topic *topic = NULL;
    const struct mock_partition *partition =
        mock_partition_find(broker, p->topic_name, p->index, &topic);
    if (!partition) {
        p->error = MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION;
    } else if (partition->leader != r->connection->node) {
        p->error = MOCK_ERROR_NOT_LEADER_OR_FOLLOWER;
    } else if (mock_partition_high_watermark(partition) < p->required) {
        return false;
    } else if (!mock_partition_has_min_in_sync(broker, topic, p->index)) {
        p->error = MOCK_ERROR_NOT_ENOUGH_REPLICAS_AFTER_APPEND;
    }
    return true;
}

bool mock_produce_is_replicated(struct mock_request *r) {
    bool all = true;
    for (size_t i = 0; i < r->produce_work->count; i++) {
        struct mock_produced *p = &r->produce_work->parts[i];
        if (p->waits) {
            p->waits = !is_replicated(r, p);
            all = all && !p->waits;
        }
    }
    return all;
}

void mock_produce_wait(struct mock_request *r) {
    struct mock_broker *broker = r->connection->broker;
    int32_t timeout_ms = r->u.produce.timeout_ms;
    r->deadline_ms = mock_broker_now_ms(broker) + (uint64_t)(timeout_ms > 0 ? timeout_ms : 0);
    struct mock_request **at = &broker->unreplicated;
    while (*at) {
        at = &(*at)->next_parked;
    }
    *at = r;
    mock_request_waits(r);
    mock_broker_schedule(broker);
    mock_broker_touch(broker);
}

void mock_produce_wake(struct mock_broker *broker) {
    struct mock_request *r = broker->unreplicated;
    while (r) {
        bool due = mock_produce_is_replicated(r) && !r->connection->frozen;
        if (due) {
            mock_produce_stop_waiting(r);
            mock_produce_answer(r); /* may change the list */
        }
        r = due ? broker->unreplicated : r->next_parked;
    }
}

void mock_produce_expire(struct mock_broker *broker) {
    uint64_t now_ms = mock_broker_now_ms(broker);
    struct mock_request *r = broker->unreplicated;
    while (r) {
        bool due = r->deadline_ms <= now_ms && !r->connection->frozen;
        for (size_t i = 0; due && i < r->produce_work->count; i++) {
            struct mock_produced *p = &r->produce_work->parts[i];
            p->error = p->waits ? MOCK_ERROR_REQUEST_TIMED_OUT : p->error;
        }
        if (due) {
            mock_produce_stop_waiting(r);
            mock_produce_answer(r); /* may change the list */
        }
        r = due ? broker->unreplicated : r->next_parked;
    }
}

uint64_t mock_produce_next_deadline(const struct mock_broker *broker) {
    uint64_t next = UINT64_MAX;
    for (const struct mock_request *r = broker->unreplicated; r; r = r->next_parked) {
        next = r->deadline_ms < next && !r->connection->frozen ? r->deadline_ms : next;
    }
    return next;
}
