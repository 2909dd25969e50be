/* DescribeTransactions: see describe_transactions.h. */
#include "mock/wire/describe_transactions.h"

#include "mock/wire/primitive.h"

static void get_request(struct mock_decoder *d, struct mock_describe_transactions_request *p) {
    p->transactional_ids = mock_get_string_array(d, &p->transactional_id_count);
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e,
                        const struct mock_describe_transactions_request *p) {
    mock_put_string_array(e, p->transactional_ids, p->transactional_id_count);
    mock_put_tags(e);
}

int mock_describe_transactions_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_describe_transactions_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_DESCRIBE_TRANSACTIONS, version);
    struct mock_describe_transactions_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_describe_transactions_request_encode(
    struct base_builder *b, int16_t version,
    const struct mock_describe_transactions_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DESCRIBE_TRANSACTIONS, version);
    put_request(&e, request);
}

static void get_topic(struct mock_decoder *d, struct mock_described_txn_topic *p) {
    p->name = mock_get_string(d);
    p->partitions = mock_get_i32_array(d, &p->partition_count);
    mock_get_tags(d);
}

static void put_topic(struct mock_encoder *e, const struct mock_described_txn_topic *p) {
    mock_put_string(e, p->name);
    mock_put_i32_array(e, p->partitions, p->partition_count);
    mock_put_tags(e);
}

static void get_transaction(struct mock_decoder *d, struct mock_described_transaction *p) {
    p->error_code = base_read_i16(d->r);
    p->transactional_id = mock_get_string(d);
    p->state = mock_get_string(d);
    p->timeout_ms = base_read_i32(d->r);
    p->start_time_ms = base_read_i64(d->r);
    p->producer_id = base_read_i64(d->r);
    p->producer_epoch = base_read_i16(d->r);
    p->topics = mock_get_array(d, sizeof(*p->topics), 3, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_topic(d, &p->topics[i]);
    }
    mock_get_tags(d);
}

static void put_transaction(struct mock_encoder *e, const struct mock_described_transaction *p) {
    base_put_i16(e->b, p->error_code);
    mock_put_string(e, p->transactional_id);
    mock_put_string(e, p->state);
    base_put_i32(e->b, p->timeout_ms);
    base_put_i64(e->b, p->start_time_ms);
    base_put_i64(e->b, p->producer_id);
    base_put_i16(e->b, p->producer_epoch);
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_topic(e, &p->topics[i]);
    }
    mock_put_tags(e);
}

static void get_response(struct mock_decoder *d, struct mock_describe_transactions_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->transactions = mock_get_array(d, sizeof(*p->transactions), 28, &p->transaction_count);
    for (size_t i = 0; i < p->transaction_count; i++) {
        get_transaction(d, &p->transactions[i]);
    }
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e,
                         const struct mock_describe_transactions_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    mock_put_count(e, p->transaction_count);
    for (size_t i = 0; i < p->transaction_count; i++) {
        put_transaction(e, &p->transactions[i]);
    }
    mock_put_tags(e);
}

int mock_describe_transactions_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_describe_transactions_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_DESCRIBE_TRANSACTIONS, version);
    struct mock_describe_transactions_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_describe_transactions_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_describe_transactions_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DESCRIBE_TRANSACTIONS, version);
    put_response(&e, response);
}
