/* ListTransactions: see list_transactions.h. */
#include "mock/wire/list_transactions.h"

#include "mock/wire/primitive.h"

static int64_t *get_i64_array(struct mock_decoder *d, size_t *ret_count) {
    int64_t *items = mock_get_array(d, sizeof(*items), sizeof(*items), ret_count);
    for (size_t i = 0; i < *ret_count; i++) {
        items[i] = base_read_i64(d->r);
    }
    return items;
}

static void get_request(struct mock_decoder *d, struct mock_list_transactions_request *p) {
    p->states = mock_get_string_array(d, &p->state_count);
    p->producer_ids = get_i64_array(d, &p->producer_id_count);
    p->duration_ms = d->version >= 1 ? base_read_i64(d->r) : -1;
    p->transactional_id_pattern = d->version >= 2 ? mock_get_nullable_string(d) : BASE_SLICE_NULL;
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_list_transactions_request *p) {
    mock_put_string_array(e, p->states, p->state_count);
    mock_put_count(e, p->producer_id_count);
    for (size_t i = 0; i < p->producer_id_count; i++) {
        base_put_i64(e->b, p->producer_ids[i]);
    }
    if (e->version >= 1) {
        base_put_i64(e->b, p->duration_ms);
    }
    if (e->version >= 2) {
        mock_put_nullable_string(e, p->transactional_id_pattern);
    }
    mock_put_tags(e);
}

int mock_list_transactions_request_decode(struct base_reader *r, int16_t version,
                                          struct base_arena *arena,
                                          struct mock_list_transactions_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_LIST_TRANSACTIONS, version);
    struct mock_list_transactions_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_list_transactions_request_encode(struct base_builder *b, int16_t version,
                                           const struct mock_list_transactions_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_LIST_TRANSACTIONS, version);
    put_request(&e, request);
}

static void get_transaction(struct mock_decoder *d, struct mock_listed_transaction *p) {
    p->transactional_id = mock_get_string(d);
    p->producer_id = base_read_i64(d->r);
    p->state = mock_get_string(d);
    mock_get_tags(d);
}

static void put_transaction(struct mock_encoder *e, const struct mock_listed_transaction *p) {
    mock_put_string(e, p->transactional_id);
    base_put_i64(e->b, p->producer_id);
    mock_put_string(e, p->state);
    mock_put_tags(e);
}

static void get_response(struct mock_decoder *d, struct mock_list_transactions_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->error_code = base_read_i16(d->r);
    p->unknown_states = mock_get_string_array(d, &p->unknown_state_count);
    p->transactions = mock_get_array(d, sizeof(*p->transactions), 11, &p->transaction_count);
    for (size_t i = 0; i < p->transaction_count; i++) {
        get_transaction(d, &p->transactions[i]);
    }
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e, const struct mock_list_transactions_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    base_put_i16(e->b, p->error_code);
    mock_put_string_array(e, p->unknown_states, p->unknown_state_count);
    mock_put_count(e, p->transaction_count);
    for (size_t i = 0; i < p->transaction_count; i++) {
        put_transaction(e, &p->transactions[i]);
    }
    mock_put_tags(e);
}

int mock_list_transactions_response_decode(struct base_reader *r, int16_t version,
                                           struct base_arena *arena,
                                           struct mock_list_transactions_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_LIST_TRANSACTIONS, version);
    struct mock_list_transactions_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_list_transactions_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_list_transactions_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_LIST_TRANSACTIONS, version);
    put_response(&e, response);
}
