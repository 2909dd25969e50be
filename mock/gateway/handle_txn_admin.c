/* What brokers and administrators ask of transactions: WriteTxnMarkers, DescribeProducers,
 * DescribeTransactions, ListTransactions. */
#include <string.h>

#include "base/memory.h"
#include "mock/gateway/txn.h"

/* WriteTxnMarkers: a marker of Transactions V2 (KIP-1228). */
#define V2 2

static bool may_cluster(struct mock_request *r, enum mock_acl_operation operation) {
    return mock_request_may(r, operation, MOCK_ACL_CLUSTER, base_slice_str(MOCK_ACL_CLUSTER_NAME));
}

/* -- WriteTxnMarkers -- */

int mock_write_markers_decode(struct mock_request *r, struct base_reader *body) {
    return mock_write_txn_markers_request_decode(body, r->header.api_version, &r->arena,
                                                 &r->u.write_markers);
}

static int16_t write_one(struct mock_request *r, const struct mock_write_txn_marker *asked,
                         struct base_slice name, int32_t partition) {
    struct mock_broker *broker = r->connection->broker;
    struct mock_topic *topic = NULL;
    const struct mock_partition *p = mock_partition_find(broker, name, partition, &topic);
    if (!p) {
        return MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION;
    }
    if (p->leader != r->connection->node) {
        return MOCK_ERROR_NOT_LEADER_OR_FOLLOWER;
    }
    if (asked->producer_id < 0 || asked->producer_epoch < 0) {
        return MOCK_ERROR_UNKNOWN_SERVER_ERROR; /* Kafka cannot build such a batch */
    }
    struct mock_marker marker = {asked->producer_id, asked->producer_epoch,
                                 asked->coordinator_epoch, mock_clock_ms(broker)};
    int16_t error =
        mock_producers_check_marker(p->producers, &marker, asked->transaction_version >= V2);
    if (error) {
        return error;
    }
    struct mock_txn_marker write = {
        .partition = {name, partition},
        .producer_id = asked->producer_id,
        .epoch = asked->producer_epoch,
        .coordinator_epoch = asked->coordinator_epoch,
        .commit = asked->committed,
    };
    return mock_partition_mark(broker, topic, &write);
}

static void fill_marker(struct mock_request *r, const struct mock_write_txn_marker *asked,
                        int16_t override, struct mock_write_txn_marker_result *out) {
    *out = (struct mock_write_txn_marker_result){.producer_id = asked->producer_id};
    out->topics = base_arena_alloc_array(&r->arena, asked->topic_count, sizeof(*out->topics));
    out->topic_count = out->topics ? asked->topic_count : 0;
    for (size_t t = 0; t < out->topic_count; t++) {
        const struct mock_write_txn_markers_topic *topic = &asked->topics[t];
        struct mock_write_txn_markers_topic_result *to = &out->topics[t];
        to->name = topic->name;
        to->partitions =
            base_arena_alloc_array(&r->arena, topic->partition_count, sizeof(*to->partitions));
        to->partition_count = to->partitions ? topic->partition_count : 0;
        for (size_t i = 0; i < to->partition_count; i++) {
            int32_t index = topic->partitions[i];
            int16_t error = override ? override : write_one(r, asked, topic->name, index);
            to->partitions[i] = (struct mock_write_txn_markers_partition_result){index, error};
            r->error = r->error ? r->error : error;
        }
    }
}

void mock_write_markers_refuse(struct mock_request *r, int16_t error) {
    const struct mock_write_txn_markers_request *q = &r->u.write_markers;
    struct mock_write_txn_markers_response response = {NULL, 0};
    response.markers =
        base_arena_alloc_array(&r->arena, q->marker_count, sizeof(*response.markers));
    response.marker_count = response.markers ? q->marker_count : 0;
    for (size_t i = 0; i < response.marker_count; i++) {
        fill_marker(r, &q->markers[i], error, &response.markers[i]);
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_write_txn_markers_response_encode(b, r->header.api_version, &response);
}

void mock_write_markers_apply(struct mock_request *r) {
    bool may = mock_request_would(r, MOCK_ACL_ALTER, MOCK_ACL_CLUSTER,
                                  base_slice_str(MOCK_ACL_CLUSTER_NAME)) ||
               may_cluster(r, MOCK_ACL_CLUSTER_ACTION);
    mock_txn_act(r->connection->broker, r);
    mock_write_markers_refuse(r, may ? MOCK_ERROR_NONE : MOCK_ERROR_CLUSTER_AUTHORIZATION_FAILED);
    mock_txn_act(r->connection->broker, NULL);
    mock_request_answered(r, r->error);
}

/* -- DescribeProducers -- */

int mock_describe_producers_decode(struct mock_request *r, struct base_reader *body) {
    return mock_describe_producers_request_decode(body, r->header.api_version, &r->arena,
                                                  &r->u.describe_producers);
}

struct listed_producers {
    struct mock_described_producer *items; /* NULL: only counted */
    size_t count;
};

static void list_producer(void *arg, const struct mock_producer_view *view) {
    struct listed_producers *all = arg;
    if (all->items) {
        all->items[all->count] = (struct mock_described_producer){
            .producer_id = view->producer_id,
            .producer_epoch = view->epoch,
            .last_sequence = view->last_sequence,
            .last_timestamp_ms = view->last_timestamp,
            .coordinator_epoch = view->coordinator_epoch,
            .txn_start_offset = view->txn_first_offset,
        };
    }
    all->count++;
}

static void describe_partition(struct mock_request *r, struct base_slice topic, int16_t error,
                               struct mock_describe_producers_partition_response *out) {
    struct mock_topic *found = NULL;
    const struct mock_partition *p =
        mock_partition_find(r->connection->broker, topic, out->index, &found);
    if (!error && !p) {
        error = MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION;
    } else if (!error && p->leader != r->connection->node) {
        error = MOCK_ERROR_NOT_LEADER_OR_FOLLOWER;
    }
    out->error_code = error;
    r->error = r->error ? r->error : error;
    if (error) {
        return;
    }
    struct listed_producers all = {0};
    mock_producers_each(p->producers, list_producer, &all);
    out->producers = base_arena_alloc_array(&r->arena, all.count, sizeof(*out->producers));
    all = (struct listed_producers){.items = out->producers};
    if (out->producers) {
        mock_producers_each(p->producers, list_producer, &all);
        out->producer_count = all.count;
    }
}

/* override: said of everything, if not 0. */
static void describe_producers(struct mock_request *r, int16_t override) {
    const struct mock_describe_producers_request *q = &r->u.describe_producers;
    struct mock_describe_producers_response response = {r->throttle_ms, NULL, 0};
    response.topics = base_arena_alloc_array(&r->arena, q->topic_count, sizeof(*response.topics));
    response.topic_count = response.topics ? q->topic_count : 0;
    for (size_t t = 0; t < response.topic_count; t++) {
        struct mock_describe_producers_topic_response *topic = &response.topics[t];
        size_t count = q->topics[t].partition_count;
        topic->name = q->topics[t].name;
        int16_t error = override;
        if (!error && !mock_topic_name_is_legal(topic->name)) {
            error = MOCK_ERROR_INVALID_TOPIC_EXCEPTION;
        } else if (!error && !mock_request_may(r, MOCK_ACL_READ, MOCK_ACL_TOPIC, topic->name)) {
            error = MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED;
        }
        topic->partitions = base_arena_alloc_array(&r->arena, count, sizeof(*topic->partitions));
        topic->partition_count = topic->partitions ? count : 0;
        for (size_t i = 0; i < topic->partition_count; i++) {
            topic->partitions[i] = (struct mock_describe_producers_partition_response){
                .index = q->topics[t].partitions[i]};
            describe_partition(r, topic->name, error, &topic->partitions[i]);
        }
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_describe_producers_response_encode(b, r->header.api_version, &response);
}

void mock_describe_producers_refuse(struct mock_request *r, int16_t error) {
    describe_producers(r, error);
}

void mock_describe_producers_apply(struct mock_request *r) {
    describe_producers(r, MOCK_ERROR_NONE);
    mock_request_answered(r, r->error);
}

/* -- DescribeTransactions -- */

int mock_describe_txns_decode(struct mock_request *r, struct base_reader *body) {
    return mock_describe_transactions_request_decode(body, r->header.api_version, &r->arena,
                                                     &r->u.describe_txns);
}

static void encode_txns(struct mock_request *r) {
    struct mock_describe_transactions_response response = {
        r->throttle_ms, r->described_txns, r->u.describe_txns.transactional_id_count};
    int16_t error = MOCK_ERROR_NONE;
    for (size_t i = 0; r->described_txns && i < response.transaction_count; i++) {
        error = error ? error : r->described_txns[i].error_code;
    }
    r->error = error;
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_describe_transactions_response_encode(b, r->header.api_version, &response);
}

/* Kafka leaves everything else at 0. */
static struct mock_described_transaction not_described(struct base_slice id, int16_t error) {
    return (struct mock_described_transaction){
        .error_code = error, .transactional_id = id, .state = base_slice_str("")};
}

/* The partitions by topic, in the order added; those that the principal may not see are left out.
 */
static void fill_topics(struct mock_request *r, const struct mock_txn_view *view,
                        struct mock_described_transaction *out) {
    const struct mock_txns *txns = r->connection->broker->txns;
    size_t count = view->partition_count;
    out->topics = base_arena_alloc_array(&r->arena, count, sizeof(*out->topics));
    for (size_t i = 0; out->topics && i < count; i++) {
        struct mock_txn_partition p = mock_txns_partition(txns, out->transactional_id, i);
        size_t t = 0;
        while (t < out->topic_count && !base_slice_equal(out->topics[t].name, p.topic)) {
            t++;
        }
        struct mock_described_txn_topic *topic = &out->topics[t];
        if (t == out->topic_count) {
            if (!mock_request_would(r, MOCK_ACL_DESCRIBE, MOCK_ACL_TOPIC, p.topic)) {
                continue;
            }
            *topic = (struct mock_described_txn_topic){
                p.topic, base_arena_alloc_array(&r->arena, count, sizeof(int32_t)), 0};
            out->topic_count++;
        }
        if (topic->partitions) {
            topic->partitions[topic->partition_count++] = p.partition;
        }
    }
}

static void describe_next(struct mock_request *r);

static void describe_here(struct mock_request *r, int32_t node) {
    struct base_slice id = r->u.describe_txns.transactional_ids[r->found_count];
    struct mock_described_transaction *out = &r->described_txns[r->found_count++];
    struct mock_txn_view view;
    if (node != r->connection->node) {
        *out = not_described(id, node < 0 ? MOCK_ERROR_COORDINATOR_NOT_AVAILABLE
                                          : MOCK_ERROR_NOT_COORDINATOR);
    } else if (!mock_txns_view(r->connection->broker->txns, id, &view)) {
        *out = not_described(id, MOCK_ERROR_TRANSACTIONAL_ID_NOT_FOUND);
    } else {
        *out = (struct mock_described_transaction){
            .transactional_id = id,
            .state = base_slice_str(mock_txn_state_to_str(view.state)),
            .timeout_ms = view.timeout_ms,
            .start_time_ms = view.start_log_ms,
            .producer_id = view.producer.id,
            .producer_epoch = view.producer.epoch,
        };
        fill_topics(r, &view, out);
    }
    describe_next(r);
}

static void describe_next(struct mock_request *r) {
    const struct mock_describe_transactions_request *q = &r->u.describe_txns;
    while (r->found_count < q->transactional_id_count) {
        struct base_slice id = q->transactional_ids[r->found_count];
        int16_t error = MOCK_ERROR_NONE;
        if (!mock_request_may(r, MOCK_ACL_DESCRIBE, MOCK_ACL_TRANSACTIONAL_ID, id)) {
            error = MOCK_ERROR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
        } else if (id.len == 0) {
            error = MOCK_ERROR_INVALID_REQUEST;
        }
        if (!error) {
            mock_txn_coordinator_find(r, id, describe_here);
            return;
        }
        r->described_txns[r->found_count++] = not_described(id, error);
    }
    encode_txns(r);
    mock_request_answered(r, r->error);
}

static int make_room(struct mock_request *r) {
    r->found_count = 0;
    r->described_txns = base_arena_alloc_array(&r->arena, r->u.describe_txns.transactional_id_count,
                                               sizeof(*r->described_txns));
    return r->described_txns ? 0 : BASE_NO_MEMORY;
}

void mock_describe_txns_refuse(struct mock_request *r, int16_t error) {
    const struct mock_describe_transactions_request *q = &r->u.describe_txns;
    for (size_t i = 0; make_room(r) == 0 && i < q->transactional_id_count; i++) {
        r->described_txns[i] = not_described(q->transactional_ids[i], error);
    }
    encode_txns(r);
}

void mock_describe_txns_apply(struct mock_request *r) {
    if (make_room(r) < 0) {
        mock_request_fail(r, "no memory");
        return;
    }
    describe_next(r);
}

/* -- ListTransactions -- */

int mock_list_txns_decode(struct mock_request *r, struct base_reader *body) {
    return mock_list_transactions_request_decode(body, r->header.api_version, &r->arena,
                                                 &r->u.list_txns);
}

struct listed_txns {
    struct mock_request *request;
    struct mock_listed_transaction *items; /* NULL: only counted */
    size_t count;
};

static bool is_asked_for(const struct mock_request *r, const struct mock_txn_view *view) {
    const struct mock_list_transactions_request *q = &r->u.list_txns;
    bool state = q->state_count == 0;
    for (size_t i = 0; i < q->state_count && !state; i++) {
        state = base_slice_equal_str(q->states[i], mock_txn_state_to_str(view->state));
    }
    bool producer = q->producer_id_count == 0;
    for (size_t i = 0; i < q->producer_id_count && !producer; i++) {
        producer = q->producer_ids[i] == view->producer.id;
    }
    int64_t age_ms = mock_clock_ms(r->connection->broker) - view->start_log_ms;
    bool old = q->duration_ms < 0 || age_ms > q->duration_ms;
    return state && producer && old;
}

static void list_txn(void *arg, const struct mock_txn_view *view) {
    struct listed_txns *all = arg;
    struct base_slice id = base_slice_str(view->id);
    const struct mock_coordinated *c =
        mock_coordinated_find(all->request->connection->broker, MOCK_COORDINATOR_TRANSACTION, id);
    if (!c || c->node != all->request->connection->node || !is_asked_for(all->request, view) ||
        !mock_request_would(all->request, MOCK_ACL_DESCRIBE, MOCK_ACL_TRANSACTIONAL_ID, id)) {
        return;
    }
    if (all->items) {
        all->items[all->count] = (struct mock_listed_transaction){
            id, view->producer.id, base_slice_str(mock_txn_state_to_str(view->state))};
    }
    all->count++;
}

static void fill_unknown_states(struct mock_request *r,
                                struct mock_list_transactions_response *out) {
    const struct mock_list_transactions_request *q = &r->u.list_txns;
    out->unknown_states =
        base_arena_alloc_array(&r->arena, q->state_count, sizeof(*out->unknown_states));
    for (size_t i = 0; out->unknown_states && i < q->state_count; i++) {
        enum mock_txn_state state;
        if (!mock_txn_state_find(q->states[i], &state)) {
            out->unknown_states[out->unknown_state_count++] = q->states[i];
        }
    }
}

static void list_txns(struct mock_request *r, int16_t error) {
    struct mock_list_transactions_response response = {.throttle_time_ms = r->throttle_ms,
                                                       .error_code = error};
    const struct mock_txns *txns = r->connection->broker->txns;
    if (!error) {
        fill_unknown_states(r, &response);
        struct listed_txns all = {r, NULL, 0};
        mock_txns_each(txns, list_txn, &all);
        response.transactions =
            base_arena_alloc_array(&r->arena, all.count, sizeof(*response.transactions));
        all = (struct listed_txns){r, response.transactions, 0};
        if (response.transactions) {
            mock_txns_each(txns, list_txn, &all);
            response.transaction_count = all.count;
        }
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_list_transactions_response_encode(b, r->header.api_version, &response);
}

void mock_list_txns_refuse(struct mock_request *r, int16_t error) {
    list_txns(r, error);
}

void mock_list_txns_apply(struct mock_request *r) {
    /* A pattern would need Google's RE2, as Kafka has it: no answer is better than a wrong one. */
    int16_t error = r->u.list_txns.transactional_id_pattern.len > 0
                        ? MOCK_ERROR_INVALID_REGULAR_EXPRESSION
                        : MOCK_ERROR_NONE;
    list_txns(r, error);
    mock_request_answered(r, error);
}
