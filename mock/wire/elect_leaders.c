/* ElectLeaders: see elect_leaders.h. */
#include "mock/wire/elect_leaders.h"

#include "mock/wire/primitive.h"

static void get_elect_leaders_topic(struct mock_decoder *d, struct mock_elect_leaders_topic *p) {
    p->name = mock_get_string(d);
    p->partitions = mock_get_i32_array(d, &p->partition_count);
    mock_get_tags(d);
}

static void put_elect_leaders_topic(struct mock_encoder *e,
                                    const struct mock_elect_leaders_topic *p) {
    mock_put_string(e, p->name);
    mock_put_i32_array(e, p->partitions, p->partition_count);
    mock_put_tags(e);
}

static void get_elect_leaders_request(struct mock_decoder *d,
                                      struct mock_elect_leaders_request *p) {
    p->election_type = d->version >= 1 ? base_read_i8(d->r) : 0;
    p->topics = mock_get_nullable_array(d, sizeof(*p->topics), 3, &p->topic_count, &p->all_topics);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_elect_leaders_topic(d, &p->topics[i]);
    }
    p->timeout_ms = base_read_i32(d->r);
    mock_get_tags(d);
}

static void put_elect_leaders_request(struct mock_encoder *e,
                                      const struct mock_elect_leaders_request *p) {
    if (e->version >= 1) {
        base_put_i8(e->b, p->election_type);
    }
    if (p->all_topics) {
        mock_put_null_array(e);
    } else {
        mock_put_count(e, p->topic_count);
        for (size_t i = 0; i < p->topic_count; i++) {
            put_elect_leaders_topic(e, &p->topics[i]);
        }
    }
    base_put_i32(e->b, p->timeout_ms);
    mock_put_tags(e);
}

int mock_elect_leaders_request_decode(struct base_reader *r, int16_t version,
                                      struct base_arena *arena,
                                      struct mock_elect_leaders_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_ELECT_LEADERS, version);
    struct mock_elect_leaders_request request = {0};
    get_elect_leaders_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_elect_leaders_request_encode(struct base_builder *b, int16_t version,
                                       const struct mock_elect_leaders_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_ELECT_LEADERS, version);
    put_elect_leaders_request(&e, request);
}

static void get_elect_leaders_partition_result(struct mock_decoder *d,
                                               struct mock_elect_leaders_partition_result *p) {
    p->index = base_read_i32(d->r);
    p->error_code = base_read_i16(d->r);
    p->error_message = mock_get_nullable_string(d);
    mock_get_tags(d);
}

static void
put_elect_leaders_partition_result(struct mock_encoder *e,
                                   const struct mock_elect_leaders_partition_result *p) {
    base_put_i32(e->b, p->index);
    base_put_i16(e->b, p->error_code);
    mock_put_nullable_string(e, p->error_message);
    mock_put_tags(e);
}

static void get_elect_leaders_topic_result(struct mock_decoder *d,
                                           struct mock_elect_leaders_topic_result *p) {
    p->name = mock_get_string(d);
    p->partitions = mock_get_array(d, sizeof(*p->partitions), 8, &p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        get_elect_leaders_partition_result(d, &p->partitions[i]);
    }
    mock_get_tags(d);
}

static void put_elect_leaders_topic_result(struct mock_encoder *e,
                                           const struct mock_elect_leaders_topic_result *p) {
    mock_put_string(e, p->name);
    mock_put_count(e, p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        put_elect_leaders_partition_result(e, &p->partitions[i]);
    }
    mock_put_tags(e);
}

static void get_elect_leaders_response(struct mock_decoder *d,
                                       struct mock_elect_leaders_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->error_code = d->version >= 1 ? base_read_i16(d->r) : 0;
    p->topics = mock_get_array(d, sizeof(*p->topics), 3, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_elect_leaders_topic_result(d, &p->topics[i]);
    }
    mock_get_tags(d);
}

static void put_elect_leaders_response(struct mock_encoder *e,
                                       const struct mock_elect_leaders_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    if (e->version >= 1) {
        base_put_i16(e->b, p->error_code);
    }
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_elect_leaders_topic_result(e, &p->topics[i]);
    }
    mock_put_tags(e);
}

int mock_elect_leaders_response_decode(struct base_reader *r, int16_t version,
                                       struct base_arena *arena,
                                       struct mock_elect_leaders_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_ELECT_LEADERS, version);
    struct mock_elect_leaders_response response = {0};
    get_elect_leaders_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_elect_leaders_response_encode(struct base_builder *b, int16_t version,
                                        const struct mock_elect_leaders_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_ELECT_LEADERS, version);
    put_elect_leaders_response(&e, response);
}
