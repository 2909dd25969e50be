/* DeleteTopics: see delete_topics.h. */
#include "mock/wire/delete_topics.h"

#include "mock/wire/primitive.h"

static void get_delete_topic(struct mock_decoder *d, struct mock_delete_topic *p) {
    p->name = d->version >= 6 ? mock_get_nullable_string(d) : mock_get_string(d);
    if (d->version >= 6) {
        p->id = mock_get_uuid(d);
        mock_get_tags(d);
    }
}

static void put_delete_topic(struct mock_encoder *e, const struct mock_delete_topic *p) {
    if (e->version >= 6) {
        mock_put_nullable_string(e, p->name);
        mock_put_uuid(e, p->id);
        mock_put_tags(e);
    } else {
        mock_put_string(e, p->name);
    }
}

static void get_delete_topics_request(struct mock_decoder *d,
                                      struct mock_delete_topics_request *p) {
    p->topics = mock_get_array(d, sizeof(*p->topics), 1, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_delete_topic(d, &p->topics[i]);
    }
    p->timeout_ms = base_read_i32(d->r);
    mock_get_tags(d);
}

static void put_delete_topics_request(struct mock_encoder *e,
                                      const struct mock_delete_topics_request *p) {
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_delete_topic(e, &p->topics[i]);
    }
    base_put_i32(e->b, p->timeout_ms);
    mock_put_tags(e);
}

int mock_delete_topics_request_decode(struct base_reader *r, int16_t version,
                                      struct base_arena *arena,
                                      struct mock_delete_topics_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_DELETE_TOPICS, version);
    struct mock_delete_topics_request request = {0};
    get_delete_topics_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_delete_topics_request_encode(struct base_builder *b, int16_t version,
                                       const struct mock_delete_topics_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DELETE_TOPICS, version);
    put_delete_topics_request(&e, request);
}

static void get_deleted_topic(struct mock_decoder *d, struct mock_deleted_topic *p) {
    p->name = d->version >= 6 ? mock_get_nullable_string(d) : mock_get_string(d);
    if (d->version >= 6) {
        p->id = mock_get_uuid(d);
    }
    p->error_code = base_read_i16(d->r);
    p->error_message = d->version >= 5 ? mock_get_nullable_string(d) : BASE_SLICE_NULL;
    mock_get_tags(d);
}

static void put_deleted_topic(struct mock_encoder *e, const struct mock_deleted_topic *p) {
    if (e->version >= 6) {
        mock_put_nullable_string(e, p->name);
        mock_put_uuid(e, p->id);
    } else {
        mock_put_string(e, p->name);
    }
    base_put_i16(e->b, p->error_code);
    if (e->version >= 5) {
        mock_put_nullable_string(e, p->error_message);
    }
    mock_put_tags(e);
}

static void get_delete_topics_response(struct mock_decoder *d,
                                       struct mock_delete_topics_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->topics = mock_get_array(d, sizeof(*p->topics), 4, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_deleted_topic(d, &p->topics[i]);
    }
    mock_get_tags(d);
}

static void put_delete_topics_response(struct mock_encoder *e,
                                       const struct mock_delete_topics_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_deleted_topic(e, &p->topics[i]);
    }
    mock_put_tags(e);
}

int mock_delete_topics_response_decode(struct base_reader *r, int16_t version,
                                       struct base_arena *arena,
                                       struct mock_delete_topics_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_DELETE_TOPICS, version);
    struct mock_delete_topics_response response = {0};
    get_delete_topics_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_delete_topics_response_encode(struct base_builder *b, int16_t version,
                                        const struct mock_delete_topics_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DELETE_TOPICS, version);
    put_delete_topics_response(&e, response);
}
