/* EndTxn: see end_txn.h. */
#include "mock/wire/end_txn.h"

#include "mock/wire/primitive.h"

static void get_request(struct mock_decoder *d, struct mock_end_txn_request *p) {
    p->transactional_id = mock_get_string(d);
    p->producer_id = base_read_i64(d->r);
    p->producer_epoch = base_read_i16(d->r);
    p->committed = base_read_bool(d->r);
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_end_txn_request *p) {
    mock_put_string(e, p->transactional_id);
    base_put_i64(e->b, p->producer_id);
    base_put_i16(e->b, p->producer_epoch);
    base_put_bool(e->b, p->committed);
    mock_put_tags(e);
}

int mock_end_txn_request_decode(struct base_reader *r, int16_t version, struct base_arena *arena,
                                struct mock_end_txn_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_END_TXN, version);
    struct mock_end_txn_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_end_txn_request_encode(struct base_builder *b, int16_t version,
                                 const struct mock_end_txn_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_END_TXN, version);
    put_request(&e, request);
}

static void get_response(struct mock_decoder *d, struct mock_end_txn_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->error_code = base_read_i16(d->r);
    p->producer_id = d->version >= 5 ? base_read_i64(d->r) : -1;
    p->producer_epoch = d->version >= 5 ? base_read_i16(d->r) : -1;
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e, const struct mock_end_txn_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    base_put_i16(e->b, p->error_code);
    if (e->version >= 5) {
        base_put_i64(e->b, p->producer_id);
    }
    if (e->version >= 5) {
        base_put_i16(e->b, p->producer_epoch);
    }
    mock_put_tags(e);
}

int mock_end_txn_response_decode(struct base_reader *r, int16_t version, struct base_arena *arena,
                                 struct mock_end_txn_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_END_TXN, version);
    struct mock_end_txn_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_end_txn_response_encode(struct base_builder *b, int16_t version,
                                  const struct mock_end_txn_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_END_TXN, version);
    put_response(&e, response);
}
