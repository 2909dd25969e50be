/* DeleteRecords: see delete_records.h. */
#include "mock/wire/delete_records.h"

#include "mock/wire/primitive.h"

static void get_delete_records_partition(struct mock_decoder *d,
                                         struct mock_delete_records_partition *p) {
    p->index = base_read_i32(d->r);
    p->offset = base_read_i64(d->r);
    mock_get_tags(d);
}

static void put_delete_records_partition(struct mock_encoder *e,
                                         const struct mock_delete_records_partition *p) {
    base_put_i32(e->b, p->index);
    base_put_i64(e->b, p->offset);
    mock_put_tags(e);
}

static void get_delete_records_topic(struct mock_decoder *d, struct mock_delete_records_topic *p) {
    p->name = mock_get_string(d);
    p->partitions = mock_get_array(d, sizeof(*p->partitions), 12, &p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        get_delete_records_partition(d, &p->partitions[i]);
    }
    mock_get_tags(d);
}

static void put_delete_records_topic(struct mock_encoder *e,
                                     const struct mock_delete_records_topic *p) {
    mock_put_string(e, p->name);
    mock_put_count(e, p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        put_delete_records_partition(e, &p->partitions[i]);
    }
    mock_put_tags(e);
}

static void get_delete_records_request(struct mock_decoder *d,
                                       struct mock_delete_records_request *p) {
    p->topics = mock_get_array(d, sizeof(*p->topics), 3, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_delete_records_topic(d, &p->topics[i]);
    }
    p->timeout_ms = base_read_i32(d->r);
    mock_get_tags(d);
}

static void put_delete_records_request(struct mock_encoder *e,
                                       const struct mock_delete_records_request *p) {
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_delete_records_topic(e, &p->topics[i]);
    }
    base_put_i32(e->b, p->timeout_ms);
    mock_put_tags(e);
}

int mock_delete_records_request_decode(struct base_reader *r, int16_t version,
                                       struct base_arena *arena,
                                       struct mock_delete_records_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_DELETE_RECORDS, version);
    struct mock_delete_records_request request = {0};
    get_delete_records_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_delete_records_request_encode(struct base_builder *b, int16_t version,
                                        const struct mock_delete_records_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DELETE_RECORDS, version);
    put_delete_records_request(&e, request);
}

static void get_delete_records_partition_result(struct mock_decoder *d,
                                                struct mock_delete_records_partition_result *p) {
    p->index = base_read_i32(d->r);
    p->low_watermark = base_read_i64(d->r);
    p->error_code = base_read_i16(d->r);
    mock_get_tags(d);
}

static void
put_delete_records_partition_result(struct mock_encoder *e,
                                    const struct mock_delete_records_partition_result *p) {
    base_put_i32(e->b, p->index);
    base_put_i64(e->b, p->low_watermark);
    base_put_i16(e->b, p->error_code);
    mock_put_tags(e);
}

static void get_delete_records_topic_result(struct mock_decoder *d,
                                            struct mock_delete_records_topic_result *p) {
    p->name = mock_get_string(d);
    p->partitions = mock_get_array(d, sizeof(*p->partitions), 14, &p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        get_delete_records_partition_result(d, &p->partitions[i]);
    }
    mock_get_tags(d);
}

static void put_delete_records_topic_result(struct mock_encoder *e,
                                            const struct mock_delete_records_topic_result *p) {
    mock_put_string(e, p->name);
    mock_put_count(e, p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        put_delete_records_partition_result(e, &p->partitions[i]);
    }
    mock_put_tags(e);
}

static void get_delete_records_response(struct mock_decoder *d,
                                        struct mock_delete_records_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->topics = mock_get_array(d, sizeof(*p->topics), 3, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_delete_records_topic_result(d, &p->topics[i]);
    }
    mock_get_tags(d);
}

static void put_delete_records_response(struct mock_encoder *e,
                                        const struct mock_delete_records_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_delete_records_topic_result(e, &p->topics[i]);
    }
    mock_put_tags(e);
}

int mock_delete_records_response_decode(struct base_reader *r, int16_t version,
                                        struct base_arena *arena,
                                        struct mock_delete_records_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_DELETE_RECORDS, version);
    struct mock_delete_records_response response = {0};
    get_delete_records_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_delete_records_response_encode(struct base_builder *b, int16_t version,
                                         const struct mock_delete_records_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DELETE_RECORDS, version);
    put_delete_records_response(&e, response);
}
