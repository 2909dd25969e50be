/* AddPartitionsToTxn: see add_partitions_to_txn.h. */
#include "mock/wire/add_partitions_to_txn.h"

#include "base/error.h"
#include "mock/wire/primitive.h"

static void get_topic(struct mock_decoder *d, struct mock_txn_partitions *p) {
    p->name = mock_get_string(d);
    p->partitions = mock_get_i32_array(d, &p->partition_count);
    mock_get_tags(d);
}

static void put_topic(struct mock_encoder *e, const struct mock_txn_partitions *p) {
    mock_put_string(e, p->name);
    mock_put_i32_array(e, p->partitions, p->partition_count);
    mock_put_tags(e);
}

static void get_addition(struct mock_decoder *d, struct mock_txn_addition *p) {
    p->transactional_id = mock_get_string(d);
    p->producer_id = base_read_i64(d->r);
    p->producer_epoch = base_read_i16(d->r);
    p->verify_only = d->version >= 4 ? base_read_bool(d->r) : false;
    p->topics = mock_get_array(d, sizeof(*p->topics), 3, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_topic(d, &p->topics[i]);
    }
    mock_get_tags(d);
}

static void put_addition(struct mock_encoder *e, const struct mock_txn_addition *p) {
    mock_put_string(e, p->transactional_id);
    base_put_i64(e->b, p->producer_id);
    base_put_i16(e->b, p->producer_epoch);
    if (e->version >= 4) {
        base_put_bool(e->b, p->verify_only);
    }
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_topic(e, &p->topics[i]);
    }
    mock_put_tags(e);
}

static void get_request(struct mock_decoder *d, struct mock_add_partitions_to_txn_request *p) {
    if (d->version >= 4) {
        p->transactions = mock_get_array(d, sizeof(*p->transactions), 14, &p->transaction_count);
        for (size_t i = 0; i < p->transaction_count; i++) {
            get_addition(d, &p->transactions[i]);
        }
        mock_get_tags(d);
        return;
    }
    p->transactions = base_arena_alloc(d->arena, sizeof(*p->transactions));
    if (!p->transactions) {
        base_reader_fail(d->r, d->arena->failed);
        return;
    }
    p->transaction_count = 1;
    get_addition(d, &p->transactions[0]); /* its tagged fields are the request's */
}

static void put_request(struct mock_encoder *e,
                        const struct mock_add_partitions_to_txn_request *p) {
    if (e->version >= 4) {
        mock_put_count(e, p->transaction_count);
        for (size_t i = 0; i < p->transaction_count; i++) {
            put_addition(e, &p->transactions[i]);
        }
        mock_put_tags(e);
    } else if (p->transaction_count == 1) {
        put_addition(e, &p->transactions[0]);
    } else {
        /* The form has room for exactly one transaction. */
        e->b->failed = e->b->failed ? e->b->failed : BASE_USAGE;
    }
}

int mock_add_partitions_to_txn_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_add_partitions_to_txn_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_ADD_PARTITIONS_TO_TXN, version);
    struct mock_add_partitions_to_txn_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_add_partitions_to_txn_request_encode(
    struct base_builder *b, int16_t version,
    const struct mock_add_partitions_to_txn_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_ADD_PARTITIONS_TO_TXN, version);
    put_request(&e, request);
}

static void get_partition_error(struct mock_decoder *d, struct mock_txn_partition_error *p) {
    p->index = base_read_i32(d->r);
    p->error_code = base_read_i16(d->r);
    mock_get_tags(d);
}

static void put_partition_error(struct mock_encoder *e, const struct mock_txn_partition_error *p) {
    base_put_i32(e->b, p->index);
    base_put_i16(e->b, p->error_code);
    mock_put_tags(e);
}

static void get_topic_errors(struct mock_decoder *d, struct mock_txn_topic_errors *p) {
    p->name = mock_get_string(d);
    p->partitions = mock_get_array(d, sizeof(*p->partitions), 6, &p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        get_partition_error(d, &p->partitions[i]);
    }
    mock_get_tags(d);
}

static void put_topic_errors(struct mock_encoder *e, const struct mock_txn_topic_errors *p) {
    mock_put_string(e, p->name);
    mock_put_count(e, p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        put_partition_error(e, &p->partitions[i]);
    }
    mock_put_tags(e);
}

static struct mock_txn_topic_errors *get_topics_errors(struct mock_decoder *d, size_t *ret_count) {
    struct mock_txn_topic_errors *topics = mock_get_array(d, sizeof(*topics), 3, ret_count);
    for (size_t i = 0; i < *ret_count; i++) {
        get_topic_errors(d, &topics[i]);
    }
    return topics;
}

static void put_topics_errors(struct mock_encoder *e, const struct mock_txn_topic_errors *topics,
                              size_t count) {
    mock_put_count(e, count);
    for (size_t i = 0; i < count; i++) {
        put_topic_errors(e, &topics[i]);
    }
}

static void get_results(struct mock_decoder *d, struct mock_add_partitions_to_txn_response *p) {
    p->results = mock_get_array(d, sizeof(*p->results), 3, &p->result_count);
    for (size_t i = 0; i < p->result_count; i++) {
        struct mock_txn_addition_result *result = &p->results[i];
        result->transactional_id = mock_get_string(d);
        result->topics = get_topics_errors(d, &result->topic_count);
        mock_get_tags(d);
    }
}

static void get_response(struct mock_decoder *d, struct mock_add_partitions_to_txn_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->error_code = d->version >= 4 ? base_read_i16(d->r) : 0;
    if (d->version >= 4) {
        get_results(d, p);
    } else {
        p->results = base_arena_alloc(d->arena, sizeof(*p->results));
        if (!p->results) {
            base_reader_fail(d->r, d->arena->failed);
            return;
        }
        p->result_count = 1;
        p->results[0].transactional_id = base_slice_str("");
        p->results[0].topics = get_topics_errors(d, &p->results[0].topic_count);
    }
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e,
                         const struct mock_add_partitions_to_txn_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    if (e->version >= 4) {
        base_put_i16(e->b, p->error_code);
        mock_put_count(e, p->result_count);
        for (size_t i = 0; i < p->result_count; i++) {
            mock_put_string(e, p->results[i].transactional_id);
            put_topics_errors(e, p->results[i].topics, p->results[i].topic_count);
            mock_put_tags(e);
        }
    } else if (p->result_count == 1) {
        put_topics_errors(e, p->results[0].topics, p->results[0].topic_count);
    } else {
        e->b->failed = e->b->failed ? e->b->failed : BASE_USAGE;
    }
    mock_put_tags(e);
}

int mock_add_partitions_to_txn_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_add_partitions_to_txn_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_ADD_PARTITIONS_TO_TXN, version);
    struct mock_add_partitions_to_txn_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_add_partitions_to_txn_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_add_partitions_to_txn_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_ADD_PARTITIONS_TO_TXN, version);
    put_response(&e, response);
}
