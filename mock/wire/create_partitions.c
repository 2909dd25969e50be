/* CreatePartitions: see create_partitions.h. */
#include "mock/wire/create_partitions.h"

#include "mock/wire/primitive.h"

static void get_create_partitions_assignment(struct mock_decoder *d,
                                             struct mock_create_partitions_assignment *p) {
    p->brokers = mock_get_i32_array(d, &p->broker_count);
    mock_get_tags(d);
}

static void put_create_partitions_assignment(struct mock_encoder *e,
                                             const struct mock_create_partitions_assignment *p) {
    mock_put_i32_array(e, p->brokers, p->broker_count);
    mock_put_tags(e);
}

static void get_create_partitions_topic(struct mock_decoder *d,
                                        struct mock_create_partitions_topic *p) {
    p->name = mock_get_string(d);
    p->count = base_read_i32(d->r);
    p->assignments =
        mock_get_nullable_array(d, sizeof(*p->assignments), 2, &p->assignment_count, &p->automatic);
    for (size_t i = 0; i < p->assignment_count; i++) {
        get_create_partitions_assignment(d, &p->assignments[i]);
    }
    mock_get_tags(d);
}

static void put_create_partitions_topic(struct mock_encoder *e,
                                        const struct mock_create_partitions_topic *p) {
    mock_put_string(e, p->name);
    base_put_i32(e->b, p->count);
    if (p->automatic) {
        mock_put_null_array(e);
    } else {
        mock_put_count(e, p->assignment_count);
        for (size_t i = 0; i < p->assignment_count; i++) {
            put_create_partitions_assignment(e, &p->assignments[i]);
        }
    }
    mock_put_tags(e);
}

static void get_create_partitions_request(struct mock_decoder *d,
                                          struct mock_create_partitions_request *p) {
    p->topics = mock_get_array(d, sizeof(*p->topics), 7, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_create_partitions_topic(d, &p->topics[i]);
    }
    p->timeout_ms = base_read_i32(d->r);
    p->validate_only = base_read_bool(d->r);
    mock_get_tags(d);
}

static void put_create_partitions_request(struct mock_encoder *e,
                                          const struct mock_create_partitions_request *p) {
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_create_partitions_topic(e, &p->topics[i]);
    }
    base_put_i32(e->b, p->timeout_ms);
    base_put_bool(e->b, p->validate_only);
    mock_put_tags(e);
}

int mock_create_partitions_request_decode(struct base_reader *r, int16_t version,
                                          struct base_arena *arena,
                                          struct mock_create_partitions_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_CREATE_PARTITIONS, version);
    struct mock_create_partitions_request request = {0};
    get_create_partitions_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_create_partitions_request_encode(struct base_builder *b, int16_t version,
                                           const struct mock_create_partitions_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_CREATE_PARTITIONS, version);
    put_create_partitions_request(&e, request);
}

static void get_create_partitions_result(struct mock_decoder *d,
                                         struct mock_create_partitions_result *p) {
    p->name = mock_get_string(d);
    p->error_code = base_read_i16(d->r);
    p->error_message = mock_get_nullable_string(d);
    mock_get_tags(d);
}

static void put_create_partitions_result(struct mock_encoder *e,
                                         const struct mock_create_partitions_result *p) {
    mock_put_string(e, p->name);
    base_put_i16(e->b, p->error_code);
    mock_put_nullable_string(e, p->error_message);
    mock_put_tags(e);
}

static void get_create_partitions_response(struct mock_decoder *d,
                                           struct mock_create_partitions_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->topics = mock_get_array(d, sizeof(*p->topics), 5, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_create_partitions_result(d, &p->topics[i]);
    }
    mock_get_tags(d);
}

static void put_create_partitions_response(struct mock_encoder *e,
                                           const struct mock_create_partitions_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_create_partitions_result(e, &p->topics[i]);
    }
    mock_put_tags(e);
}

int mock_create_partitions_response_decode(struct base_reader *r, int16_t version,
                                           struct base_arena *arena,
                                           struct mock_create_partitions_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_CREATE_PARTITIONS, version);
    struct mock_create_partitions_response response = {0};
    get_create_partitions_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_create_partitions_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_create_partitions_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_CREATE_PARTITIONS, version);
    put_create_partitions_response(&e, response);
}
