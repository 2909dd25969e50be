/* CreateTopics: see create_topics.h. */
#include "mock/wire/create_topics.h"

#include "mock/wire/primitive.h"

static void get_create_assignment(struct mock_decoder *d, struct mock_create_assignment *p) {
    p->index = base_read_i32(d->r);
    p->brokers = mock_get_i32_array(d, &p->broker_count);
    mock_get_tags(d);
}

static void put_create_assignment(struct mock_encoder *e, const struct mock_create_assignment *p) {
    base_put_i32(e->b, p->index);
    mock_put_i32_array(e, p->brokers, p->broker_count);
    mock_put_tags(e);
}

static void get_create_config(struct mock_decoder *d, struct mock_create_config *p) {
    p->name = mock_get_string(d);
    p->value = mock_get_nullable_string(d);
    mock_get_tags(d);
}

static void put_create_config(struct mock_encoder *e, const struct mock_create_config *p) {
    mock_put_string(e, p->name);
    mock_put_nullable_string(e, p->value);
    mock_put_tags(e);
}

static void get_create_topic(struct mock_decoder *d, struct mock_create_topic *p) {
    p->name = mock_get_string(d);
    p->partition_count = base_read_i32(d->r);
    p->replication_factor = base_read_i16(d->r);
    p->assignments = mock_get_array(d, sizeof(*p->assignments), 6, &p->assignment_count);
    for (size_t i = 0; i < p->assignment_count; i++) {
        get_create_assignment(d, &p->assignments[i]);
    }
    p->configs = mock_get_array(d, sizeof(*p->configs), 3, &p->config_count);
    for (size_t i = 0; i < p->config_count; i++) {
        get_create_config(d, &p->configs[i]);
    }
    mock_get_tags(d);
}

static void put_create_topic(struct mock_encoder *e, const struct mock_create_topic *p) {
    mock_put_string(e, p->name);
    base_put_i32(e->b, p->partition_count);
    base_put_i16(e->b, p->replication_factor);
    mock_put_count(e, p->assignment_count);
    for (size_t i = 0; i < p->assignment_count; i++) {
        put_create_assignment(e, &p->assignments[i]);
    }
    mock_put_count(e, p->config_count);
    for (size_t i = 0; i < p->config_count; i++) {
        put_create_config(e, &p->configs[i]);
    }
    mock_put_tags(e);
}

static void get_request(struct mock_decoder *d, struct mock_create_topics_request *p) {
    p->topics = mock_get_array(d, sizeof(*p->topics), 10, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_create_topic(d, &p->topics[i]);
    }
    p->timeout_ms = base_read_i32(d->r);
    p->validate_only = base_read_bool(d->r);
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_create_topics_request *p) {
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_create_topic(e, &p->topics[i]);
    }
    base_put_i32(e->b, p->timeout_ms);
    base_put_bool(e->b, p->validate_only);
    mock_put_tags(e);
}

int mock_create_topics_request_decode(struct base_reader *r, int16_t version,
                                      struct base_arena *arena,
                                      struct mock_create_topics_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_CREATE_TOPICS, version);
    struct mock_create_topics_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_create_topics_request_encode(struct base_builder *b, int16_t version,
                                       const struct mock_create_topics_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_CREATE_TOPICS, version);
    put_request(&e, request);
}

static void get_created_config(struct mock_decoder *d, struct mock_created_config *p) {
    p->name = mock_get_string(d);
    p->value = mock_get_nullable_string(d);
    p->read_only = base_read_bool(d->r);
    p->source = base_read_i8(d->r);
    p->is_sensitive = base_read_bool(d->r);
    mock_get_tags(d);
}

static void put_created_config(struct mock_encoder *e, const struct mock_created_config *p) {
    mock_put_string(e, p->name);
    mock_put_nullable_string(e, p->value);
    base_put_bool(e->b, p->read_only);
    base_put_i8(e->b, p->source);
    base_put_bool(e->b, p->is_sensitive);
    mock_put_tags(e);
}

static void get_created_topic(struct mock_decoder *d, struct mock_created_topic *p) {
    p->name = mock_get_string(d);
    if (d->version >= 7) {
        p->id = mock_get_uuid(d);
    }
    p->error_code = base_read_i16(d->r);
    p->error_message = mock_get_nullable_string(d);
    p->partition_count = d->version >= 5 ? base_read_i32(d->r) : -1;
    p->replication_factor = d->version >= 5 ? base_read_i16(d->r) : -1;
    if (d->version >= 5) {
        bool is_null = false;
        p->configs = mock_get_nullable_array(d, sizeof(*p->configs), 6, &p->config_count, &is_null);
        p->has_configs = !is_null;
        for (size_t i = 0; i < p->config_count; i++) {
            get_created_config(d, &p->configs[i]);
        }
    }
    mock_get_tags(d);
}

static void put_created_topic(struct mock_encoder *e, const struct mock_created_topic *p) {
    mock_put_string(e, p->name);
    if (e->version >= 7) {
        mock_put_uuid(e, p->id);
    }
    base_put_i16(e->b, p->error_code);
    mock_put_nullable_string(e, p->error_message);
    if (e->version >= 5) {
        base_put_i32(e->b, p->partition_count);
        base_put_i16(e->b, p->replication_factor);
        if (!p->has_configs) {
            mock_put_null_array(e);
        } else {
            mock_put_count(e, p->config_count);
            for (size_t i = 0; i < p->config_count; i++) {
                put_created_config(e, &p->configs[i]);
            }
        }
    }
    mock_put_tags(e);
}

static void get_response(struct mock_decoder *d, struct mock_create_topics_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->topics = mock_get_array(d, sizeof(*p->topics), 6, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_created_topic(d, &p->topics[i]);
    }
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e, const struct mock_create_topics_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_created_topic(e, &p->topics[i]);
    }
    mock_put_tags(e);
}

int mock_create_topics_response_decode(struct base_reader *r, int16_t version,
                                       struct base_arena *arena,
                                       struct mock_create_topics_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_CREATE_TOPICS, version);
    struct mock_create_topics_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_create_topics_response_encode(struct base_builder *b, int16_t version,
                                        const struct mock_create_topics_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_CREATE_TOPICS, version);
    put_response(&e, response);
}
