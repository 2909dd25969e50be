/* DescribeCluster: see describe_cluster.h. */
#include "mock/wire/describe_cluster.h"

#include "mock/wire/primitive.h"

static void get_describe_cluster_request(struct mock_decoder *d,
                                         struct mock_describe_cluster_request *p) {
    p->include_authorized_operations = base_read_bool(d->r);
    p->endpoint_type = d->version >= 1 ? base_read_i8(d->r) : 1;
    p->include_fenced_brokers = d->version >= 2 ? base_read_bool(d->r) : false;
    mock_get_tags(d);
}

static void put_describe_cluster_request(struct mock_encoder *e,
                                         const struct mock_describe_cluster_request *p) {
    base_put_bool(e->b, p->include_authorized_operations);
    if (e->version >= 1) {
        base_put_i8(e->b, p->endpoint_type);
    }
    if (e->version >= 2) {
        base_put_bool(e->b, p->include_fenced_brokers);
    }
    mock_put_tags(e);
}

int mock_describe_cluster_request_decode(struct base_reader *r, int16_t version,
                                         struct base_arena *arena,
                                         struct mock_describe_cluster_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_DESCRIBE_CLUSTER, version);
    struct mock_describe_cluster_request request = {0};
    get_describe_cluster_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_describe_cluster_request_encode(struct base_builder *b, int16_t version,
                                          const struct mock_describe_cluster_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DESCRIBE_CLUSTER, version);
    put_describe_cluster_request(&e, request);
}

static void get_described_broker(struct mock_decoder *d, struct mock_described_broker *p) {
    p->node_id = base_read_i32(d->r);
    p->host = mock_get_string(d);
    p->port = base_read_i32(d->r);
    p->rack = mock_get_nullable_string(d);
    p->is_fenced = d->version >= 2 ? base_read_bool(d->r) : false;
    mock_get_tags(d);
}

static void put_described_broker(struct mock_encoder *e, const struct mock_described_broker *p) {
    base_put_i32(e->b, p->node_id);
    mock_put_string(e, p->host);
    base_put_i32(e->b, p->port);
    mock_put_nullable_string(e, p->rack);
    if (e->version >= 2) {
        base_put_bool(e->b, p->is_fenced);
    }
    mock_put_tags(e);
}

static void get_describe_cluster_response(struct mock_decoder *d,
                                          struct mock_describe_cluster_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->error_code = base_read_i16(d->r);
    p->error_message = mock_get_nullable_string(d);
    p->endpoint_type = d->version >= 1 ? base_read_i8(d->r) : 1;
    p->cluster_id = mock_get_string(d);
    p->controller_id = base_read_i32(d->r);
    p->brokers = mock_get_array(d, sizeof(*p->brokers), 11, &p->broker_count);
    for (size_t i = 0; i < p->broker_count; i++) {
        get_described_broker(d, &p->brokers[i]);
    }
    p->authorized_operations = base_read_i32(d->r);
    mock_get_tags(d);
}

static void put_describe_cluster_response(struct mock_encoder *e,
                                          const struct mock_describe_cluster_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    base_put_i16(e->b, p->error_code);
    mock_put_nullable_string(e, p->error_message);
    if (e->version >= 1) {
        base_put_i8(e->b, p->endpoint_type);
    }
    mock_put_string(e, p->cluster_id);
    base_put_i32(e->b, p->controller_id);
    mock_put_count(e, p->broker_count);
    for (size_t i = 0; i < p->broker_count; i++) {
        put_described_broker(e, &p->brokers[i]);
    }
    base_put_i32(e->b, p->authorized_operations);
    mock_put_tags(e);
}

int mock_describe_cluster_response_decode(struct base_reader *r, int16_t version,
                                          struct base_arena *arena,
                                          struct mock_describe_cluster_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_DESCRIBE_CLUSTER, version);
    struct mock_describe_cluster_response response = {0};
    get_describe_cluster_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_describe_cluster_response_encode(struct base_builder *b, int16_t version,
                                           const struct mock_describe_cluster_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DESCRIBE_CLUSTER, version);
    put_describe_cluster_response(&e, response);
}
