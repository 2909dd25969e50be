/* OffsetDelete: see offset_delete.h. */
#include "mock/wire/offset_delete.h"

#include "mock/wire/primitive.h"

static void get_request(struct mock_decoder *d, struct mock_offset_delete_request *p) {
    p->group_id = mock_get_string(d);
    p->topics = mock_get_array(d, sizeof(*p->topics), 6, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        p->topics[i].name = mock_get_string(d);
        p->topics[i].partitions = mock_get_i32_array(d, &p->topics[i].partition_count);
    }
}

static void put_request(struct mock_encoder *e, const struct mock_offset_delete_request *p) {
    mock_put_string(e, p->group_id);
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        mock_put_string(e, p->topics[i].name);
        mock_put_i32_array(e, p->topics[i].partitions, p->topics[i].partition_count);
    }
}

int mock_offset_delete_request_decode(struct base_reader *r, int16_t version,
                                      struct base_arena *arena,
                                      struct mock_offset_delete_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_OFFSET_DELETE, version);
    struct mock_offset_delete_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_offset_delete_request_encode(struct base_builder *b, int16_t version,
                                       const struct mock_offset_delete_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_OFFSET_DELETE, version);
    put_request(&e, request);
}

static void get_topic_response(struct mock_decoder *d,
                               struct mock_offset_delete_topic_response *p) {
    p->name = mock_get_string(d);
    p->partitions = mock_get_array(d, sizeof(*p->partitions), 6, &p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        p->partitions[i].index = base_read_i32(d->r);
        p->partitions[i].error_code = base_read_i16(d->r);
    }
}

static void put_topic_response(struct mock_encoder *e,
                               const struct mock_offset_delete_topic_response *p) {
    mock_put_string(e, p->name);
    mock_put_count(e, p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        base_put_i32(e->b, p->partitions[i].index);
        base_put_i16(e->b, p->partitions[i].error_code);
    }
}

static void get_response(struct mock_decoder *d, struct mock_offset_delete_response *p) {
    p->error_code = base_read_i16(d->r);
    p->throttle_time_ms = base_read_i32(d->r);
    p->topics = mock_get_array(d, sizeof(*p->topics), 6, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_topic_response(d, &p->topics[i]);
    }
}

static void put_response(struct mock_encoder *e, const struct mock_offset_delete_response *p) {
    base_put_i16(e->b, p->error_code);
    base_put_i32(e->b, p->throttle_time_ms);
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_topic_response(e, &p->topics[i]);
    }
}

int mock_offset_delete_response_decode(struct base_reader *r, int16_t version,
                                       struct base_arena *arena,
                                       struct mock_offset_delete_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_OFFSET_DELETE, version);
    struct mock_offset_delete_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_offset_delete_response_encode(struct base_builder *b, int16_t version,
                                        const struct mock_offset_delete_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_OFFSET_DELETE, version);
    put_response(&e, response);
}
