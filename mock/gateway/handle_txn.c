/* AddPartitionsToTxn, AddOffsetsToTxn and EndTxn: a transaction's beginning, parts and end, at its
 * coordinator (mock/txn). */
#include <string.h>

#include "base/memory.h"
#include "mock/gateway/txn.h"

/* Clients of earlier versions know fencing as INVALID_PRODUCER_EPOCH. */
#define FIRST_FENCED_VERSION 2
/* AddPartitionsToTxn: from here on asked by brokers, about several transactions. */
#define FIRST_BATCHED_VERSION 4
/* EndTxn: the client speaks Transactions V2. */
#define FIRST_V2_VERSION 5

static int16_t as_known(const struct mock_request *r, int16_t error) {
    return error == MOCK_ERROR_PRODUCER_FENCED && r->header.api_version < FIRST_FENCED_VERSION
               ? MOCK_ERROR_INVALID_PRODUCER_EPOCH
               : error;
}

/* NONE when this broker is the coordinator. */
static int16_t check_node(const struct mock_request *r, int32_t node) {
    if (node == r->connection->node) {
        return MOCK_ERROR_NONE;
    }
    return node < 0 ? MOCK_ERROR_COORDINATOR_NOT_AVAILABLE : MOCK_ERROR_NOT_COORDINATOR;
}

/* -- AddPartitionsToTxn -- */

int mock_add_partitions_decode(struct mock_request *r, struct base_reader *body) {
    return mock_add_partitions_to_txn_request_decode(body, r->header.api_version, &r->arena,
                                                     &r->u.add_partitions);
}

/* One transaction's answer that says error of every partition; the arena may have failed. */
static void fill_result(struct mock_request *r, const struct mock_txn_addition *t, int16_t error,
                        struct mock_txn_addition_result *out) {
    *out = (struct mock_txn_addition_result){.transactional_id = t->transactional_id};
    out->topics = base_arena_alloc_array(&r->arena, t->topic_count, sizeof(*out->topics));
    out->topic_count = out->topics ? t->topic_count : 0;
    for (size_t i = 0; i < out->topic_count; i++) {
        struct mock_txn_topic_errors *topic = &out->topics[i];
        topic->name = t->topics[i].name;
        topic->partitions = base_arena_alloc_array(&r->arena, t->topics[i].partition_count,
                                                   sizeof(*topic->partitions));
        topic->partition_count = topic->partitions ? t->topics[i].partition_count : 0;
        for (size_t j = 0; j < topic->partition_count; j++) {
            topic->partitions[j] =
                (struct mock_txn_partition_error){t->topics[i].partitions[j], error};
        }
    }
}

static void encode_results(struct mock_request *r, int16_t error,
                           struct mock_txn_addition_result *results) {
    struct mock_add_partitions_to_txn_response response = {
        .throttle_time_ms = r->throttle_ms,
        .error_code = error,
        .results = results,
        .result_count = results ? r->u.add_partitions.transaction_count : 0,
    };
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_add_partitions_to_txn_response_encode(b, r->header.api_version, &response);
}

void mock_add_partitions_refuse(struct mock_request *r, int16_t error) {
    const struct mock_add_partitions_to_txn_request *q = &r->u.add_partitions;
    if (r->header.api_version >= FIRST_BATCHED_VERSION) {
        encode_results(r, error, NULL); /* told once, of the whole request */
        return;
    }
    struct mock_txn_addition_result *results =
        base_arena_alloc_array(&r->arena, q->transaction_count, sizeof(*results));
    for (size_t i = 0; results && i < q->transaction_count; i++) {
        fill_result(r, &q->transactions[i], error, &results[i]);
    }
    encode_results(r, MOCK_ERROR_NONE, results);
}

/* Kafka: a partition that fails fails all, and says so of itself only. True: none did. */
static bool check_partitions(struct mock_request *r, const struct mock_txn_addition *t,
                             struct mock_txn_addition_result *out) {
    bool good = true;
    bool client = r->header.api_version < FIRST_BATCHED_VERSION;
    for (size_t i = 0; i < out->topic_count; i++) {
        struct base_slice name = t->topics[i].name;
        bool may = !client || mock_request_may(r, MOCK_ACL_WRITE, MOCK_ACL_TOPIC, name);
        for (size_t j = 0; j < out->topics[i].partition_count; j++) {
            struct mock_txn_partition_error *p = &out->topics[i].partitions[j];
            bool known = mock_partition_find(r->connection->broker, name, p->index, NULL) != NULL;
            p->error_code = !may     ? MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED
                            : !known ? MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION
                                     : MOCK_ERROR_OPERATION_NOT_ATTEMPTED;
            good = good && may && known;
        }
    }
    return good;
}

static int16_t add_all(struct mock_request *r, const struct mock_txn_addition *t) {
    struct mock_broker *broker = r->connection->broker;
    size_t count = 0;
    for (size_t i = 0; i < t->topic_count; i++) {
        count += t->topics[i].partition_count;
    }
    struct mock_txn_partition *partitions =
        base_arena_alloc_array(&r->arena, count, sizeof(*partitions));
    count = 0;
    for (size_t i = 0; partitions && i < t->topic_count; i++) {
        for (size_t j = 0; j < t->topics[i].partition_count; j++) {
            partitions[count++] =
                (struct mock_txn_partition){t->topics[i].name, t->topics[i].partitions[j]};
        }
    }
    mock_txn_act(broker, r);
    int16_t error =
        mock_txns_add(broker->txns, t->transactional_id,
                      (struct mock_txn_producer){t->producer_id, t->producer_epoch}, partitions,
                      count, r->header.api_version >= FIRST_BATCHED_VERSION, mock_txn_now(broker));
    mock_txn_act(broker, NULL);
    mock_broker_schedule(broker);
    return error;
}

static void verify_all(struct mock_request *r, const struct mock_txn_addition *t,
                       struct mock_txn_addition_result *out) {
    const struct mock_txns *txns = r->connection->broker->txns;
    for (size_t i = 0; i < out->topic_count; i++) {
        for (size_t j = 0; j < out->topics[i].partition_count; j++) {
            struct mock_txn_partition_error *p = &out->topics[i].partitions[j];
            p->error_code =
                mock_txns_verify(txns, t->transactional_id,
                                 (struct mock_txn_producer){t->producer_id, t->producer_epoch},
                                 (struct mock_txn_partition){t->topics[i].name, p->index});
        }
    }
}

/* One transaction; out is filled in. */
static void add_one(struct mock_request *r, const struct mock_txn_addition *t, int16_t node_error,
                    struct mock_txn_addition_result *out) {
    fill_result(r, t, MOCK_ERROR_NONE, out);
    if (r->header.api_version < FIRST_BATCHED_VERSION &&
        !mock_request_may(r, MOCK_ACL_WRITE, MOCK_ACL_TRANSACTIONAL_ID, t->transactional_id)) {
        fill_result(r, t, MOCK_ERROR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, out);
    } else if (!check_partitions(r, t, out)) {
        return;
    } else if (node_error) {
        fill_result(r, t, node_error, out);
    } else if (t->verify_only) {
        verify_all(r, t, out);
    } else {
        fill_result(r, t, as_known(r, add_all(r, t)), out);
    }
}

static int16_t first_error(const struct mock_txn_addition_result *results, size_t count) {
    int16_t error = MOCK_ERROR_NONE;
    for (size_t i = 0; results && i < count; i++) {
        for (size_t t = 0; t < results[i].topic_count; t++) {
            for (size_t p = 0; p < results[i].topics[t].partition_count; p++) {
                error = error ? error : results[i].topics[t].partitions[p].error_code;
            }
        }
    }
    return error;
}

/* The results of the transactions before found_count are in r->txn_results. */
static void add_next(struct mock_request *r);

static void add_here(struct mock_request *r, int32_t node) {
    size_t n = r->found_count;
    add_one(r, &r->u.add_partitions.transactions[n], check_node(r, node), &r->txn_results[n]);
    r->found_count++;
    add_next(r);
}

static void add_next(struct mock_request *r) {
    const struct mock_add_partitions_to_txn_request *q = &r->u.add_partitions;
    if (r->found_count < q->transaction_count) {
        mock_txn_coordinator_find(r, q->transactions[r->found_count].transactional_id, add_here);
        return;
    }
    encode_results(r, MOCK_ERROR_NONE, r->txn_results);
    mock_request_answered(r, first_error(r->txn_results, q->transaction_count));
}

void mock_add_partitions_apply(struct mock_request *r) {
    size_t count = r->u.add_partitions.transaction_count;
    r->found_count = 0;
    r->txn_results = base_arena_alloc_array(&r->arena, count, sizeof(*r->txn_results));
    bool brokers = r->header.api_version >= FIRST_BATCHED_VERSION;
    if (!r->txn_results) {
        mock_request_fail(r, "no memory");
    } else if (brokers && !mock_request_may(r, MOCK_ACL_CLUSTER_ACTION, MOCK_ACL_CLUSTER,
                                            base_slice_str(MOCK_ACL_CLUSTER_NAME))) {
        mock_add_partitions_refuse(r, MOCK_ERROR_CLUSTER_AUTHORIZATION_FAILED);
        mock_request_answered(r, MOCK_ERROR_CLUSTER_AUTHORIZATION_FAILED);
    } else {
        add_next(r);
    }
}

/* -- AddOffsetsToTxn -- */

int mock_add_offsets_decode(struct mock_request *r, struct base_reader *body) {
    return mock_add_offsets_to_txn_request_decode(body, r->header.api_version, &r->arena,
                                                  &r->u.add_offsets);
}

void mock_add_offsets_refuse(struct mock_request *r, int16_t error) {
    struct mock_add_offsets_to_txn_response response = {r->throttle_ms, error};
    mock_add_offsets_to_txn_response_encode(mock_request_answer(r), r->header.api_version,
                                            &response);
}

static void answer_add_offsets(struct mock_request *r, int16_t error) {
    error = as_known(r, error);
    mock_add_offsets_refuse(r, error);
    mock_request_answered(r, error);
}

static void add_offsets_here(struct mock_request *r, int32_t node) {
    const struct mock_add_offsets_to_txn_request *q = &r->u.add_offsets;
    struct mock_broker *broker = r->connection->broker;
    int16_t error = check_node(r, node);
    if (!error) {
        struct mock_txn_partition offsets = mock_txn_offsets_partition(q->group_id);
        mock_txn_act(broker, r);
        error = mock_txns_add(broker->txns, q->transactional_id,
                              (struct mock_txn_producer){q->producer_id, q->producer_epoch},
                              &offsets, 1, false, mock_txn_now(broker));
        mock_txn_act(broker, NULL);
        mock_broker_schedule(broker);
    }
    answer_add_offsets(r, error);
}

void mock_add_offsets_apply(struct mock_request *r) {
    const struct mock_add_offsets_to_txn_request *q = &r->u.add_offsets;
    if (!mock_request_may(r, MOCK_ACL_WRITE, MOCK_ACL_TRANSACTIONAL_ID, q->transactional_id)) {
        answer_add_offsets(r, MOCK_ERROR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
    } else if (!mock_request_may(r, MOCK_ACL_READ, MOCK_ACL_GROUP, q->group_id)) {
        answer_add_offsets(r, MOCK_ERROR_GROUP_AUTHORIZATION_FAILED);
    } else {
        mock_txn_coordinator_find(r, q->transactional_id, add_offsets_here);
    }
}

/* -- EndTxn -- */

int mock_end_txn_decode(struct mock_request *r, struct base_reader *body) {
    return mock_end_txn_request_decode(body, r->header.api_version, &r->arena, &r->u.end_txn);
}

static void answer_end(struct mock_request *r, int16_t error, struct mock_txn_producer next) {
    error = as_known(r, error);
    struct mock_end_txn_response response = {r->throttle_ms, error, next.id, next.epoch};
    mock_end_txn_response_encode(mock_request_answer(r), r->header.api_version, &response);
    r->error = error;
}

void mock_end_txn_refuse(struct mock_request *r, int16_t error) {
    answer_end(r, error, (struct mock_txn_producer){-1, -1});
}

static void end_here(struct mock_request *r, int32_t node) {
    const struct mock_end_txn_request *q = &r->u.end_txn;
    struct mock_broker *broker = r->connection->broker;
    struct mock_txn_producer next = {-1, -1};
    int16_t error = check_node(r, node);
    if (!error) {
        mock_txn_act(broker, r);
        error = mock_txns_end(broker->txns, q->transactional_id,
                              (struct mock_txn_producer){q->producer_id, q->producer_epoch},
                              q->committed, r->header.api_version >= FIRST_V2_VERSION,
                              mock_txn_now(broker), &next);
        mock_txn_act(broker, NULL);
        mock_broker_schedule(broker);
    }
    answer_end(r, error, next);
    mock_request_answered(r, r->error);
}

void mock_end_txn_apply(struct mock_request *r) {
    struct base_slice id = r->u.end_txn.transactional_id;
    if (!mock_request_may(r, MOCK_ACL_WRITE, MOCK_ACL_TRANSACTIONAL_ID, id)) {
        mock_end_txn_refuse(r, MOCK_ERROR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        mock_request_answered(r, r->error);
        return;
    }
    mock_txn_coordinator_find(r, id, end_here);
}
