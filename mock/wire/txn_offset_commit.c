/* TxnOffsetCommit: see txn_offset_commit.h. */
#include "mock/wire/txn_offset_commit.h"

#include "mock/wire/primitive.h"

static void get_partition(struct mock_decoder *d, struct mock_txn_offset_commit_partition *p) {
    p->index = base_read_i32(d->r);
    p->offset = base_read_i64(d->r);
    p->leader_epoch = d->version >= 2 ? base_read_i32(d->r) : -1;
    p->metadata = mock_get_nullable_string(d);
    mock_get_tags(d);
}

static void put_partition(struct mock_encoder *e,
                          const struct mock_txn_offset_commit_partition *p) {
    base_put_i32(e->b, p->index);
    base_put_i64(e->b, p->offset);
    if (e->version >= 2) {
        base_put_i32(e->b, p->leader_epoch);
    }
    mock_put_nullable_string(e, p->metadata);
    mock_put_tags(e);
}

static void get_topic(struct mock_decoder *d, struct mock_txn_offset_commit_topic *p) {
    p->name = d->version <= 5 ? mock_get_string(d) : base_slice_str("");
    if (d->version >= 6) {
        p->id = mock_get_uuid(d);
    }
    p->partitions = mock_get_array(d, sizeof(*p->partitions), 14, &p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        get_partition(d, &p->partitions[i]);
    }
    mock_get_tags(d);
}

static void put_topic(struct mock_encoder *e, const struct mock_txn_offset_commit_topic *p) {
    if (e->version <= 5) {
        mock_put_string(e, p->name);
    }
    if (e->version >= 6) {
        mock_put_uuid(e, p->id);
    }
    mock_put_count(e, p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        put_partition(e, &p->partitions[i]);
    }
    mock_put_tags(e);
}

static void get_request(struct mock_decoder *d, struct mock_txn_offset_commit_request *p) {
    p->transactional_id = mock_get_string(d);
    p->group_id = mock_get_string(d);
    p->producer_id = base_read_i64(d->r);
    p->producer_epoch = base_read_i16(d->r);
    p->generation_id = d->version >= 3 ? base_read_i32(d->r) : -1;
    p->member_id = d->version >= 3 ? mock_get_string(d) : base_slice_str("");
    p->group_instance_id = d->version >= 3 ? mock_get_nullable_string(d) : BASE_SLICE_NULL;
    p->topics = mock_get_array(d, sizeof(*p->topics), 3, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_topic(d, &p->topics[i]);
    }
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_txn_offset_commit_request *p) {
    mock_put_string(e, p->transactional_id);
    mock_put_string(e, p->group_id);
    base_put_i64(e->b, p->producer_id);
    base_put_i16(e->b, p->producer_epoch);
    if (e->version >= 3) {
        base_put_i32(e->b, p->generation_id);
    }
    if (e->version >= 3) {
        mock_put_string(e, p->member_id);
    }
    if (e->version >= 3) {
        mock_put_nullable_string(e, p->group_instance_id);
    }
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_topic(e, &p->topics[i]);
    }
    mock_put_tags(e);
}

int mock_txn_offset_commit_request_decode(struct base_reader *r, int16_t version,
                                          struct base_arena *arena,
                                          struct mock_txn_offset_commit_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_TXN_OFFSET_COMMIT, version);
    struct mock_txn_offset_commit_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_txn_offset_commit_request_encode(struct base_builder *b, int16_t version,
                                           const struct mock_txn_offset_commit_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_TXN_OFFSET_COMMIT, version);
    put_request(&e, request);
}

static void get_partition_response(struct mock_decoder *d,
                                   struct mock_txn_offset_commit_partition_response *p) {
    p->index = base_read_i32(d->r);
    p->error_code = base_read_i16(d->r);
    mock_get_tags(d);
}

static void put_partition_response(struct mock_encoder *e,
                                   const struct mock_txn_offset_commit_partition_response *p) {
    base_put_i32(e->b, p->index);
    base_put_i16(e->b, p->error_code);
    mock_put_tags(e);
}

static void get_topic_response(struct mock_decoder *d,
                               struct mock_txn_offset_commit_topic_response *p) {
    p->name = d->version <= 5 ? mock_get_string(d) : base_slice_str("");
    if (d->version >= 6) {
        p->id = mock_get_uuid(d);
    }
    p->partitions = mock_get_array(d, sizeof(*p->partitions), 6, &p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        get_partition_response(d, &p->partitions[i]);
    }
    mock_get_tags(d);
}

static void put_topic_response(struct mock_encoder *e,
                               const struct mock_txn_offset_commit_topic_response *p) {
    if (e->version <= 5) {
        mock_put_string(e, p->name);
    }
    if (e->version >= 6) {
        mock_put_uuid(e, p->id);
    }
    mock_put_count(e, p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        put_partition_response(e, &p->partitions[i]);
    }
    mock_put_tags(e);
}

static void get_response(struct mock_decoder *d, struct mock_txn_offset_commit_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->topics = mock_get_array(d, sizeof(*p->topics), 3, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_topic_response(d, &p->topics[i]);
    }
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e, const struct mock_txn_offset_commit_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_topic_response(e, &p->topics[i]);
    }
    mock_put_tags(e);
}

int mock_txn_offset_commit_response_decode(struct base_reader *r, int16_t version,
                                           struct base_arena *arena,
                                           struct mock_txn_offset_commit_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_TXN_OFFSET_COMMIT, version);
    struct mock_txn_offset_commit_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_txn_offset_commit_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_txn_offset_commit_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_TXN_OFFSET_COMMIT, version);
    put_response(&e, response);
}
