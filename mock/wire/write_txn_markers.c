/* WriteTxnMarkers: see write_txn_markers.h. */
#include "mock/wire/write_txn_markers.h"

#include "mock/wire/primitive.h"

static void get_topic(struct mock_decoder *d, struct mock_write_txn_markers_topic *p) {
    p->name = mock_get_string(d);
    p->partitions = mock_get_i32_array(d, &p->partition_count);
    mock_get_tags(d);
}

static void put_topic(struct mock_encoder *e, const struct mock_write_txn_markers_topic *p) {
    mock_put_string(e, p->name);
    mock_put_i32_array(e, p->partitions, p->partition_count);
    mock_put_tags(e);
}

static void get_marker(struct mock_decoder *d, struct mock_write_txn_marker *p) {
    p->producer_id = base_read_i64(d->r);
    p->producer_epoch = base_read_i16(d->r);
    p->committed = base_read_bool(d->r);
    p->topics = mock_get_array(d, sizeof(*p->topics), 3, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_topic(d, &p->topics[i]);
    }
    p->coordinator_epoch = base_read_i32(d->r);
    p->transaction_version = d->version >= 2 ? base_read_i8(d->r) : 0;
    mock_get_tags(d);
}

static void put_marker(struct mock_encoder *e, const struct mock_write_txn_marker *p) {
    base_put_i64(e->b, p->producer_id);
    base_put_i16(e->b, p->producer_epoch);
    base_put_bool(e->b, p->committed);
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_topic(e, &p->topics[i]);
    }
    base_put_i32(e->b, p->coordinator_epoch);
    if (e->version >= 2) {
        base_put_i8(e->b, p->transaction_version);
    }
    mock_put_tags(e);
}

static void get_request(struct mock_decoder *d, struct mock_write_txn_markers_request *p) {
    p->markers = mock_get_array(d, sizeof(*p->markers), 17, &p->marker_count);
    for (size_t i = 0; i < p->marker_count; i++) {
        get_marker(d, &p->markers[i]);
    }
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_write_txn_markers_request *p) {
    mock_put_count(e, p->marker_count);
    for (size_t i = 0; i < p->marker_count; i++) {
        put_marker(e, &p->markers[i]);
    }
    mock_put_tags(e);
}

int mock_write_txn_markers_request_decode(struct base_reader *r, int16_t version,
                                          struct base_arena *arena,
                                          struct mock_write_txn_markers_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_WRITE_TXN_MARKERS, version);
    struct mock_write_txn_markers_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_write_txn_markers_request_encode(struct base_builder *b, int16_t version,
                                           const struct mock_write_txn_markers_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_WRITE_TXN_MARKERS, version);
    put_request(&e, request);
}

static void get_partition_result(struct mock_decoder *d,
                                 struct mock_write_txn_markers_partition_result *p) {
    p->index = base_read_i32(d->r);
    p->error_code = base_read_i16(d->r);
    mock_get_tags(d);
}

static void put_partition_result(struct mock_encoder *e,
                                 const struct mock_write_txn_markers_partition_result *p) {
    base_put_i32(e->b, p->index);
    base_put_i16(e->b, p->error_code);
    mock_put_tags(e);
}

static void get_topic_result(struct mock_decoder *d,
                             struct mock_write_txn_markers_topic_result *p) {
    p->name = mock_get_string(d);
    p->partitions = mock_get_array(d, sizeof(*p->partitions), 7, &p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        get_partition_result(d, &p->partitions[i]);
    }
    mock_get_tags(d);
}

static void put_topic_result(struct mock_encoder *e,
                             const struct mock_write_txn_markers_topic_result *p) {
    mock_put_string(e, p->name);
    mock_put_count(e, p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        put_partition_result(e, &p->partitions[i]);
    }
    mock_put_tags(e);
}

static void get_marker_result(struct mock_decoder *d, struct mock_write_txn_marker_result *p) {
    p->producer_id = base_read_i64(d->r);
    p->topics = mock_get_array(d, sizeof(*p->topics), 3, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_topic_result(d, &p->topics[i]);
    }
    mock_get_tags(d);
}

static void put_marker_result(struct mock_encoder *e,
                              const struct mock_write_txn_marker_result *p) {
    base_put_i64(e->b, p->producer_id);
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_topic_result(e, &p->topics[i]);
    }
    mock_put_tags(e);
}

static void get_response(struct mock_decoder *d, struct mock_write_txn_markers_response *p) {
    p->markers = mock_get_array(d, sizeof(*p->markers), 10, &p->marker_count);
    for (size_t i = 0; i < p->marker_count; i++) {
        get_marker_result(d, &p->markers[i]);
    }
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e, const struct mock_write_txn_markers_response *p) {
    mock_put_count(e, p->marker_count);
    for (size_t i = 0; i < p->marker_count; i++) {
        put_marker_result(e, &p->markers[i]);
    }
    mock_put_tags(e);
}

int mock_write_txn_markers_response_decode(struct base_reader *r, int16_t version,
                                           struct base_arena *arena,
                                           struct mock_write_txn_markers_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_WRITE_TXN_MARKERS, version);
    struct mock_write_txn_markers_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_write_txn_markers_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_write_txn_markers_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_WRITE_TXN_MARKERS, version);
    put_response(&e, response);
}
