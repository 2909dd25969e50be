/* Produce: see produce.h. */
#include "mock/wire/produce.h"

#include "mock/wire/primitive.h"

static void get_partition(struct mock_decoder *d, struct mock_produce_partition *p) {
    p->index = base_read_i32(d->r);
    p->records = mock_get_nullable_bytes(d);
    mock_get_tags(d);
}

static void put_partition(struct mock_encoder *e, const struct mock_produce_partition *p) {
    base_put_i32(e->b, p->index);
    mock_put_nullable_bytes(e, p->records);
    mock_put_tags(e);
}

#define FIRST_ID_VERSION 13
#define FIRST_HINT_VERSION 10
enum { TAG_CURRENT_LEADER = 0 }; /* of a partition */
enum { TAG_ENDPOINTS = 0 };      /* of the response */

static void get_topic_name(struct mock_decoder *d, struct base_slice *name, struct mock_uuid *id) {
    if (d->version >= FIRST_ID_VERSION) {
        *id = mock_get_uuid(d);
    } else {
        *name = mock_get_string(d);
    }
}

static void put_topic_name(struct mock_encoder *e, struct base_slice name, struct mock_uuid id) {
    if (e->version >= FIRST_ID_VERSION) {
        mock_put_uuid(e, id);
    } else {
        mock_put_string(e, name);
    }
}

static void get_topic(struct mock_decoder *d, struct mock_produce_topic *p) {
    get_topic_name(d, &p->name, &p->id);
    p->partitions = mock_get_array(d, sizeof(*p->partitions), 6, &p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        get_partition(d, &p->partitions[i]);
    }
    mock_get_tags(d);
}

static void put_topic(struct mock_encoder *e, const struct mock_produce_topic *p) {
    put_topic_name(e, p->name, p->id);
    mock_put_count(e, p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        put_partition(e, &p->partitions[i]);
    }
    mock_put_tags(e);
}

static void get_request(struct mock_decoder *d, struct mock_produce_request *p) {
    p->transactional_id = mock_get_nullable_string(d);
    p->acks = base_read_i16(d->r);
    p->timeout_ms = base_read_i32(d->r);
    p->topics = mock_get_array(d, sizeof(*p->topics), 3, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_topic(d, &p->topics[i]);
    }
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_produce_request *p) {
    mock_put_nullable_string(e, p->transactional_id);
    base_put_i16(e->b, p->acks);
    base_put_i32(e->b, p->timeout_ms);
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_topic(e, &p->topics[i]);
    }
    mock_put_tags(e);
}

int mock_produce_request_decode(struct base_reader *r, int16_t version, struct base_arena *arena,
                                struct mock_produce_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_PRODUCE, version);
    struct mock_produce_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_produce_request_encode(struct base_builder *b, int16_t version,
                                 const struct mock_produce_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_PRODUCE, version);
    put_request(&e, request);
}

static void get_record_error(struct mock_decoder *d, struct mock_produce_record_error *p) {
    p->batch_index = base_read_i32(d->r);
    p->message = mock_get_nullable_string(d);
    mock_get_tags(d);
}

static void put_record_error(struct mock_encoder *e, const struct mock_produce_record_error *p) {
    base_put_i32(e->b, p->batch_index);
    mock_put_nullable_string(e, p->message);
    mock_put_tags(e);
}

static bool get_partition_tag(struct mock_decoder *d, uint32_t tag, void *message) {
    struct mock_produce_partition_response *p = message;
    if (tag != TAG_CURRENT_LEADER || d->version < FIRST_HINT_VERSION) {
        return false;
    }
    p->has_current_leader = true;
    mock_get_leader_hint(d, &p->current_leader);
    return true;
}

static bool get_response_tag(struct mock_decoder *d, uint32_t tag, void *message) {
    struct mock_produce_response *p = message;
    if (tag != TAG_ENDPOINTS || d->version < FIRST_HINT_VERSION) {
        return false;
    }
    p->endpoints = mock_get_node_endpoints(d, &p->endpoint_count);
    return true;
}

static void get_partition_response(struct mock_decoder *d,
                                   struct mock_produce_partition_response *p) {
    p->index = base_read_i32(d->r);
    p->error_code = base_read_i16(d->r);
    p->base_offset = base_read_i64(d->r);
    p->log_append_time_ms = base_read_i64(d->r);
    p->log_start_offset = d->version >= 5 ? base_read_i64(d->r) : -1;
    if (d->version >= 8) {
        p->record_errors = mock_get_array(d, sizeof(*p->record_errors), 6, &p->record_error_count);
        for (size_t i = 0; i < p->record_error_count; i++) {
            get_record_error(d, &p->record_errors[i]);
        }
    }
    p->error_message = d->version >= 8 ? mock_get_nullable_string(d) : BASE_SLICE_NULL;
    mock_get_known_tags(d, get_partition_tag, p);
}

static void put_partition_response(struct mock_encoder *e,
                                   const struct mock_produce_partition_response *p) {
    base_put_i32(e->b, p->index);
    base_put_i16(e->b, p->error_code);
    base_put_i64(e->b, p->base_offset);
    base_put_i64(e->b, p->log_append_time_ms);
    if (e->version >= 5) {
        base_put_i64(e->b, p->log_start_offset);
    }
    if (e->version >= 8) {
        mock_put_count(e, p->record_error_count);
        for (size_t i = 0; i < p->record_error_count; i++) {
            put_record_error(e, &p->record_errors[i]);
        }
    }
    if (e->version >= 8) {
        mock_put_nullable_string(e, p->error_message);
    }
    if (e->version >= FIRST_HINT_VERSION && p->has_current_leader) {
        mock_put_tag_count(e, 1);
        mock_put_leader_hint(e, TAG_CURRENT_LEADER, &p->current_leader);
    } else {
        mock_put_tags(e);
    }
}

static void get_topic_response(struct mock_decoder *d, struct mock_produce_topic_response *p) {
    get_topic_name(d, &p->name, &p->id);
    p->partitions = mock_get_array(d, sizeof(*p->partitions), 22, &p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        get_partition_response(d, &p->partitions[i]);
    }
    mock_get_tags(d);
}

static void put_topic_response(struct mock_encoder *e,
                               const struct mock_produce_topic_response *p) {
    put_topic_name(e, p->name, p->id);
    mock_put_count(e, p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        put_partition_response(e, &p->partitions[i]);
    }
    mock_put_tags(e);
}

static void get_response(struct mock_decoder *d, struct mock_produce_response *p) {
    p->topics = mock_get_array(d, sizeof(*p->topics), 3, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_topic_response(d, &p->topics[i]);
    }
    p->throttle_time_ms = base_read_i32(d->r);
    mock_get_known_tags(d, get_response_tag, p);
}

static void put_response(struct mock_encoder *e, const struct mock_produce_response *p) {
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_topic_response(e, &p->topics[i]);
    }
    base_put_i32(e->b, p->throttle_time_ms);
    if (e->version >= FIRST_HINT_VERSION && p->endpoint_count > 0) {
        mock_put_tag_count(e, 1);
        mock_put_node_endpoints(e, TAG_ENDPOINTS, p->endpoints, p->endpoint_count);
    } else {
        mock_put_tags(e);
    }
}

int mock_produce_response_decode(struct base_reader *r, int16_t version, struct base_arena *arena,
                                 struct mock_produce_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_PRODUCE, version);
    struct mock_produce_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_produce_response_encode(struct base_builder *b, int16_t version,
                                  const struct mock_produce_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_PRODUCE, version);
    put_response(&e, response);
}
