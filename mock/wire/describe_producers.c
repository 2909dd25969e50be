/* DescribeProducers: see describe_producers.h. */
#include "mock/wire/describe_producers.h"

#include "mock/wire/primitive.h"

static void get_topic(struct mock_decoder *d, struct mock_describe_producers_topic *p) {
    p->name = mock_get_string(d);
    p->partitions = mock_get_i32_array(d, &p->partition_count);
    mock_get_tags(d);
}

static void put_topic(struct mock_encoder *e, const struct mock_describe_producers_topic *p) {
    mock_put_string(e, p->name);
    mock_put_i32_array(e, p->partitions, p->partition_count);
    mock_put_tags(e);
}

static void get_request(struct mock_decoder *d, struct mock_describe_producers_request *p) {
    p->topics = mock_get_array(d, sizeof(*p->topics), 3, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_topic(d, &p->topics[i]);
    }
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_describe_producers_request *p) {
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_topic(e, &p->topics[i]);
    }
    mock_put_tags(e);
}

int mock_describe_producers_request_decode(struct base_reader *r, int16_t version,
                                           struct base_arena *arena,
                                           struct mock_describe_producers_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_DESCRIBE_PRODUCERS, version);
    struct mock_describe_producers_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_describe_producers_request_encode(struct base_builder *b, int16_t version,
                                            const struct mock_describe_producers_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DESCRIBE_PRODUCERS, version);
    put_request(&e, request);
}

static void get_producer(struct mock_decoder *d, struct mock_described_producer *p) {
    p->producer_id = base_read_i64(d->r);
    p->producer_epoch = base_read_i32(d->r);
    p->last_sequence = base_read_i32(d->r);
    p->last_timestamp_ms = base_read_i64(d->r);
    p->coordinator_epoch = base_read_i32(d->r);
    p->txn_start_offset = base_read_i64(d->r);
    mock_get_tags(d);
}

static void put_producer(struct mock_encoder *e, const struct mock_described_producer *p) {
    base_put_i64(e->b, p->producer_id);
    base_put_i32(e->b, p->producer_epoch);
    base_put_i32(e->b, p->last_sequence);
    base_put_i64(e->b, p->last_timestamp_ms);
    base_put_i32(e->b, p->coordinator_epoch);
    base_put_i64(e->b, p->txn_start_offset);
    mock_put_tags(e);
}

static void get_partition_response(struct mock_decoder *d,
                                   struct mock_describe_producers_partition_response *p) {
    p->index = base_read_i32(d->r);
    p->error_code = base_read_i16(d->r);
    p->error_message = mock_get_nullable_string(d);
    p->producers = mock_get_array(d, sizeof(*p->producers), 37, &p->producer_count);
    for (size_t i = 0; i < p->producer_count; i++) {
        get_producer(d, &p->producers[i]);
    }
    mock_get_tags(d);
}

static void put_partition_response(struct mock_encoder *e,
                                   const struct mock_describe_producers_partition_response *p) {
    base_put_i32(e->b, p->index);
    base_put_i16(e->b, p->error_code);
    mock_put_nullable_string(e, p->error_message);
    mock_put_count(e, p->producer_count);
    for (size_t i = 0; i < p->producer_count; i++) {
        put_producer(e, &p->producers[i]);
    }
    mock_put_tags(e);
}

static void get_topic_response(struct mock_decoder *d,
                               struct mock_describe_producers_topic_response *p) {
    p->name = mock_get_string(d);
    p->partitions = mock_get_array(d, sizeof(*p->partitions), 9, &p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        get_partition_response(d, &p->partitions[i]);
    }
    mock_get_tags(d);
}

static void put_topic_response(struct mock_encoder *e,
                               const struct mock_describe_producers_topic_response *p) {
    mock_put_string(e, p->name);
    mock_put_count(e, p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        put_partition_response(e, &p->partitions[i]);
    }
    mock_put_tags(e);
}

static void get_response(struct mock_decoder *d, struct mock_describe_producers_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->topics = mock_get_array(d, sizeof(*p->topics), 3, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_topic_response(d, &p->topics[i]);
    }
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e, const struct mock_describe_producers_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_topic_response(e, &p->topics[i]);
    }
    mock_put_tags(e);
}

int mock_describe_producers_response_decode(struct base_reader *r, int16_t version,
                                            struct base_arena *arena,
                                            struct mock_describe_producers_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_DESCRIBE_PRODUCERS, version);
    struct mock_describe_producers_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_describe_producers_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_describe_producers_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DESCRIBE_PRODUCERS, version);
    put_response(&e, response);
}
