/* Metadata: see metadata.h. */
#include "mock/wire/metadata.h"

#include "base/error.h"
#include "mock/wire/primitive.h"

/* The name may be null from v10 on, in the topics of a response from v12 on. */
static struct base_slice get_name(struct mock_decoder *d, int16_t nullable_from) {
    return d->version >= nullable_from ? mock_get_nullable_string(d) : mock_get_string(d);
}

static void put_name(struct mock_encoder *e, int16_t nullable_from, struct base_slice name) {
    if (e->version >= nullable_from) {
        mock_put_nullable_string(e, name);
    } else {
        mock_put_string(e, name);
    }
}

static void get_request_topic(struct mock_decoder *d, struct mock_metadata_request_topic *p) {
    if (d->version >= 10) {
        p->id = mock_get_uuid(d);
    }
    p->name = get_name(d, 10);
    mock_get_tags(d);
}

static void put_request_topic(struct mock_encoder *e,
                              const struct mock_metadata_request_topic *p) {
    if (e->version >= 10) {
        mock_put_uuid(e, p->id);
    }
    put_name(e, 10, p->name);
    mock_put_tags(e);
}

static void get_request(struct mock_decoder *d, struct mock_metadata_request *p) {
    p->topics = mock_get_nullable_array(d, sizeof(*p->topics), 2, &p->topic_count, &p->all_topics);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_request_topic(d, &p->topics[i]);
    }
    if (d->version == 0 && p->all_topics) {
        base_reader_fail(d->r, BASE_MALFORMED);
    }
    if (d->version == 0) {
        p->all_topics = p->topic_count == 0;
    }
    p->allow_auto_topic_creation = d->version >= 4 ? base_read_bool(d->r) : true;
    p->include_cluster_operations =
        (d->version >= 8 && d->version <= 10) ? base_read_bool(d->r) : false;
    p->include_topic_operations = d->version >= 8 ? base_read_bool(d->r) : false;
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_metadata_request *p) {
    if (p->all_topics && e->version >= 1) {
        mock_put_null_array(e);
    } else {
        size_t count = p->all_topics ? 0 : p->topic_count;
        mock_put_count(e, count);
        for (size_t i = 0; i < count; i++) {
            put_request_topic(e, &p->topics[i]);
        }
    }
    if (e->version >= 4) {
        base_put_bool(e->b, p->allow_auto_topic_creation);
    }
    if (e->version >= 8 && e->version <= 10) {
        base_put_bool(e->b, p->include_cluster_operations);
    }
    if (e->version >= 8) {
        base_put_bool(e->b, p->include_topic_operations);
    }
    mock_put_tags(e);
}

int mock_metadata_request_decode(struct base_reader *r, int16_t version, struct base_arena *arena,
                                 struct mock_metadata_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_METADATA, version);
    struct mock_metadata_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_metadata_request_encode(struct base_builder *b, int16_t version,
                                  const struct mock_metadata_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_METADATA, version);
    put_request(&e, request);
}

static void get_broker(struct mock_decoder *d, struct mock_metadata_broker *p) {
    p->node_id = base_read_i32(d->r);
    p->host = mock_get_string(d);
    p->port = base_read_i32(d->r);
    p->rack = d->version >= 1 ? mock_get_nullable_string(d) : BASE_SLICE_NULL;
    mock_get_tags(d);
}

static void put_broker(struct mock_encoder *e, const struct mock_metadata_broker *p) {
    base_put_i32(e->b, p->node_id);
    mock_put_string(e, p->host);
    base_put_i32(e->b, p->port);
    if (e->version >= 1) {
        mock_put_nullable_string(e, p->rack);
    }
    mock_put_tags(e);
}

static void get_partition(struct mock_decoder *d, struct mock_metadata_partition *p) {
    p->error_code = base_read_i16(d->r);
    p->index = base_read_i32(d->r);
    p->leader_id = base_read_i32(d->r);
    p->leader_epoch = d->version >= 7 ? base_read_i32(d->r) : -1;
    p->replicas = mock_get_i32_array(d, &p->replica_count);
    p->isr = mock_get_i32_array(d, &p->isr_count);
    if (d->version >= 5) {
        p->offline = mock_get_i32_array(d, &p->offline_count);
    }
    mock_get_tags(d);
}

static void put_partition(struct mock_encoder *e, const struct mock_metadata_partition *p) {
    base_put_i16(e->b, p->error_code);
    base_put_i32(e->b, p->index);
    base_put_i32(e->b, p->leader_id);
    if (e->version >= 7) {
        base_put_i32(e->b, p->leader_epoch);
    }
    mock_put_i32_array(e, p->replicas, p->replica_count);
    mock_put_i32_array(e, p->isr, p->isr_count);
    if (e->version >= 5) {
        mock_put_i32_array(e, p->offline, p->offline_count);
    }
    mock_put_tags(e);
}

static void get_topic(struct mock_decoder *d, struct mock_metadata_topic *p) {
    p->error_code = base_read_i16(d->r);
    p->name = get_name(d, 12);
    if (d->version >= 10) {
        p->id = mock_get_uuid(d);
    }
    p->is_internal = d->version >= 1 ? base_read_bool(d->r) : false;
    p->partitions = mock_get_array(d, sizeof(*p->partitions), 18, &p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        get_partition(d, &p->partitions[i]);
    }
    p->authorized_operations = d->version >= 8 ? base_read_i32(d->r) : MOCK_OPERATIONS_UNKNOWN;
    mock_get_tags(d);
}

static void put_topic(struct mock_encoder *e, const struct mock_metadata_topic *p) {
    base_put_i16(e->b, p->error_code);
    put_name(e, 12, p->name);
    if (e->version >= 10) {
        mock_put_uuid(e, p->id);
    }
    if (e->version >= 1) {
        base_put_bool(e->b, p->is_internal);
    }
    mock_put_count(e, p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        put_partition(e, &p->partitions[i]);
    }
    if (e->version >= 8) {
        base_put_i32(e->b, p->authorized_operations);
    }
    mock_put_tags(e);
}

static void get_response(struct mock_decoder *d, struct mock_metadata_response *p) {
    p->throttle_time_ms = d->version >= 3 ? base_read_i32(d->r) : 0;
    p->brokers = mock_get_array(d, sizeof(*p->brokers), 10, &p->broker_count);
    for (size_t i = 0; i < p->broker_count; i++) {
        get_broker(d, &p->brokers[i]);
    }
    p->cluster_id = d->version >= 2 ? mock_get_nullable_string(d) : BASE_SLICE_NULL;
    p->controller_id = d->version >= 1 ? base_read_i32(d->r) : -1;
    p->topics = mock_get_array(d, sizeof(*p->topics), 7, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_topic(d, &p->topics[i]);
    }
    p->authorized_operations = (d->version >= 8 && d->version <= 10)
        ? base_read_i32(d->r) : MOCK_OPERATIONS_UNKNOWN;
    p->error_code = d->version >= 13 ? base_read_i16(d->r) : 0;
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e, const struct mock_metadata_response *p) {
    if (e->version >= 3) {
        base_put_i32(e->b, p->throttle_time_ms);
    }
    mock_put_count(e, p->broker_count);
    for (size_t i = 0; i < p->broker_count; i++) {
        put_broker(e, &p->brokers[i]);
    }
    if (e->version >= 2) {
        mock_put_nullable_string(e, p->cluster_id);
    }
    if (e->version >= 1) {
        base_put_i32(e->b, p->controller_id);
    }
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_topic(e, &p->topics[i]);
    }
    if (e->version >= 8 && e->version <= 10) {
        base_put_i32(e->b, p->authorized_operations);
    }
    if (e->version >= 13) {
        base_put_i16(e->b, p->error_code);
    }
    mock_put_tags(e);
}

int mock_metadata_response_decode(struct base_reader *r, int16_t version, struct base_arena *arena,
                                  struct mock_metadata_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_METADATA, version);
    struct mock_metadata_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_metadata_response_encode(struct base_builder *b, int16_t version,
                                   const struct mock_metadata_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_METADATA, version);
    put_response(&e, response);
}
