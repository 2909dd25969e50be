/* OffsetForLeaderEpoch: see offset_for_leader_epoch.h. */
#include "mock/wire/offset_for_leader_epoch.h"

#include "mock/wire/primitive.h"

static void get_epoch_partition(struct mock_decoder *d, struct mock_epoch_partition *p) {
    p->index = base_read_i32(d->r);
    p->current_leader_epoch = base_read_i32(d->r);
    p->leader_epoch = base_read_i32(d->r);
    mock_get_tags(d);
}

static void put_epoch_partition(struct mock_encoder *e, const struct mock_epoch_partition *p) {
    base_put_i32(e->b, p->index);
    base_put_i32(e->b, p->current_leader_epoch);
    base_put_i32(e->b, p->leader_epoch);
    mock_put_tags(e);
}

static void get_epoch_topic(struct mock_decoder *d, struct mock_epoch_topic *p) {
    p->name = mock_get_string(d);
    p->partitions = mock_get_array(d, sizeof(*p->partitions), 12, &p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        get_epoch_partition(d, &p->partitions[i]);
    }
    mock_get_tags(d);
}

static void put_epoch_topic(struct mock_encoder *e, const struct mock_epoch_topic *p) {
    mock_put_string(e, p->name);
    mock_put_count(e, p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        put_epoch_partition(e, &p->partitions[i]);
    }
    mock_put_tags(e);
}

static void get_request(struct mock_decoder *d, struct mock_offset_for_leader_epoch_request *p) {
    p->replica_id = d->version >= 3 ? base_read_i32(d->r) : -2;
    p->topics = mock_get_array(d, sizeof(*p->topics), 3, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_epoch_topic(d, &p->topics[i]);
    }
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e,
                        const struct mock_offset_for_leader_epoch_request *p) {
    if (e->version >= 3) {
        base_put_i32(e->b, p->replica_id);
    }
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_epoch_topic(e, &p->topics[i]);
    }
    mock_put_tags(e);
}

int mock_offset_for_leader_epoch_request_decode(struct base_reader *r, int16_t version,
    struct base_arena *arena, struct mock_offset_for_leader_epoch_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_OFFSET_FOR_LEADER_EPOCH, version);
    struct mock_offset_for_leader_epoch_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_offset_for_leader_epoch_request_encode(struct base_builder *b, int16_t version,
    const struct mock_offset_for_leader_epoch_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_OFFSET_FOR_LEADER_EPOCH, version);
    put_request(&e, request);
}

static void get_epoch_end(struct mock_decoder *d, struct mock_epoch_end *p) {
    p->error_code = base_read_i16(d->r);
    p->index = base_read_i32(d->r);
    p->leader_epoch = base_read_i32(d->r);
    p->end_offset = base_read_i64(d->r);
    mock_get_tags(d);
}

static void put_epoch_end(struct mock_encoder *e, const struct mock_epoch_end *p) {
    base_put_i16(e->b, p->error_code);
    base_put_i32(e->b, p->index);
    base_put_i32(e->b, p->leader_epoch);
    base_put_i64(e->b, p->end_offset);
    mock_put_tags(e);
}

static void get_epoch_topic_response(struct mock_decoder *d, struct mock_epoch_topic_response *p) {
    p->name = mock_get_string(d);
    p->partitions = mock_get_array(d, sizeof(*p->partitions), 18, &p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        get_epoch_end(d, &p->partitions[i]);
    }
    mock_get_tags(d);
}

static void put_epoch_topic_response(struct mock_encoder *e,
                                     const struct mock_epoch_topic_response *p) {
    mock_put_string(e, p->name);
    mock_put_count(e, p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        put_epoch_end(e, &p->partitions[i]);
    }
    mock_put_tags(e);
}

static void get_response(struct mock_decoder *d, struct mock_offset_for_leader_epoch_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->topics = mock_get_array(d, sizeof(*p->topics), 3, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_epoch_topic_response(d, &p->topics[i]);
    }
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e,
                         const struct mock_offset_for_leader_epoch_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_epoch_topic_response(e, &p->topics[i]);
    }
    mock_put_tags(e);
}

int mock_offset_for_leader_epoch_response_decode(struct base_reader *r, int16_t version,
    struct base_arena *arena, struct mock_offset_for_leader_epoch_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_OFFSET_FOR_LEADER_EPOCH, version);
    struct mock_offset_for_leader_epoch_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_offset_for_leader_epoch_response_encode(struct base_builder *b, int16_t version,
    const struct mock_offset_for_leader_epoch_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_OFFSET_FOR_LEADER_EPOCH, version);
    put_response(&e, response);
}
