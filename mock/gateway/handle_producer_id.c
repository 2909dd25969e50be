/*
 * InitProducerId. Without a transactional id the mock cluster gives the producer id; of a
 * transactional id the coordinator (mock/txn) decides, once the mock cluster has had its say
 * (errors that were pushed into it).
 */
#include "base/memory.h"
#include "mock/gateway/handlers.h"
#include "mock/gateway/txn.h"

#define UPSTREAM_VERSION 1
/* Clients of earlier versions know fencing as INVALID_PRODUCER_EPOCH. */
#define FIRST_FENCED_VERSION 4

int mock_init_producer_id_decode(struct mock_request *r, struct base_reader *body) {
    return mock_init_producer_id_request_decode(body, r->header.api_version, &r->arena,
                                                &r->u.init_producer_id);
}

static void encode(struct mock_request *r, int16_t error, struct mock_txn_producer producer) {
    struct mock_init_producer_id_response response = {r->throttle_ms, error, producer.id,
                                                      producer.epoch};
    mock_init_producer_id_response_encode(mock_request_answer(r), r->header.api_version, &response);
}

void mock_init_producer_id_refuse(struct mock_request *r, int16_t error) {
    encode(r, error, (struct mock_txn_producer){-1, -1});
}

static void answer(struct mock_request *r, int16_t error, struct mock_txn_producer producer) {
    if (error == MOCK_ERROR_PRODUCER_FENCED && r->header.api_version < FIRST_FENCED_VERSION) {
        error = MOCK_ERROR_INVALID_PRODUCER_EPOCH;
    }
    encode(r, error, producer);
    mock_request_answered(r, error);
}

static void init_transactional(struct mock_request *r) {
    const struct mock_init_producer_id_request *q = &r->u.init_producer_id;
    struct mock_broker *broker = r->connection->broker;
    struct mock_txn_producer producer = {q->producer_id, q->producer_epoch};
    mock_txn_act(broker, r);
    int16_t error = mock_txns_init(broker->txns, q->transactional_id, q->transaction_timeout_ms,
                                   producer, mock_txn_now(broker), &producer);
    mock_txn_act(broker, NULL);
    answer(r, error, producer);
    mock_broker_schedule(broker);
}

static void id_answered(void *arg, struct base_reader *body, bool failed) {
    struct mock_request *r = arg;
    struct mock_init_producer_id_response said;
    r->upstream_calls--;
    if (mock_request_abandoned(r)) {
        return;
    }
    if (failed ||
        mock_init_producer_id_response_decode(body, UPSTREAM_VERSION, &r->arena, &said) < 0) {
        mock_request_fail(r, "broker down");
    } else if (said.error_code == 0 && r->u.init_producer_id.transactional_id.data) {
        init_transactional(r);
    } else {
        answer(r, said.error_code,
               (struct mock_txn_producer){said.producer_id, said.producer_epoch});
    }
}

static void ask_upstream(struct mock_request *r) {
    struct base_builder body;
    base_builder_init(&body, BASE_KIB);
    base_put_i16(&body, -1); /* transactional id: null */
    base_put_i32(&body, r->u.init_producer_id.transaction_timeout_ms);
    struct mock_node *node = mock_node_get(r->connection->broker, r->connection->node);
    int rc = mock_upstream_send(node, MOCK_API_INIT_PRODUCER_ID, UPSTREAM_VERSION, &body,
                                id_answered, r);
    base_builder_clean_up(&body);
    if (rc < 0) {
        mock_request_fail(r, rc == BASE_IO ? "broker down" : "no memory");
        return;
    }
    r->upstream_calls++;
}

/* KIP-679: who may write to some topic may be idempotent. */
static int16_t check_right(struct mock_request *r) {
    struct base_slice id = r->u.init_producer_id.transactional_id;
    if (id.data) {
        return mock_request_may(r, MOCK_ACL_WRITE, MOCK_ACL_TRANSACTIONAL_ID, id)
                   ? MOCK_ERROR_NONE
                   : MOCK_ERROR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
    }
    return mock_request_would(r, MOCK_ACL_IDEMPOTENT_WRITE, MOCK_ACL_CLUSTER,
                              base_slice_str(MOCK_ACL_CLUSTER_NAME)) ||
                   mock_request_may_some(r, MOCK_ACL_WRITE, MOCK_ACL_TOPIC)
               ? MOCK_ERROR_NONE
               : MOCK_ERROR_CLUSTER_AUTHORIZATION_FAILED;
}

/* What Kafka looks at before it looks for the coordinator. */
static int16_t check_form(const struct mock_request *r) {
    const struct mock_init_producer_id_request *q = &r->u.init_producer_id;
    if ((q->producer_id < 0) != (q->producer_epoch < 0)) {
        return MOCK_ERROR_INVALID_REQUEST;
    }
    return q->transactional_id.data && q->transactional_id.len == 0 ? MOCK_ERROR_INVALID_REQUEST
                                                                    : MOCK_ERROR_NONE;
}

static void init_here(struct mock_request *r, int32_t node) {
    if (node == r->connection->node) {
        ask_upstream(r);
        return;
    }
    int16_t error = node < 0 ? MOCK_ERROR_COORDINATOR_NOT_AVAILABLE : MOCK_ERROR_NOT_COORDINATOR;
    answer(r, error, (struct mock_txn_producer){-1, -1});
}

void mock_init_producer_id_apply(struct mock_request *r) {
    struct base_slice id = r->u.init_producer_id.transactional_id;
    int16_t error = check_right(r);
    if (error) {
        mock_init_producer_id_refuse(r, error);
        mock_request_answered(r, error);
        return;
    }
    error = check_form(r);
    if (error) {
        answer(r, error, (struct mock_txn_producer){-1, -1});
    } else if (id.data) {
        mock_txn_coordinator_find(r, id, init_here);
    } else {
        ask_upstream(r);
    }
}
