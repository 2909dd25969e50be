/* ListPartitionReassignments: see list_partition_reassignments.h. */
#include "mock/wire/list_partition_reassignments.h"

#include "mock/wire/primitive.h"

static void get_reassignments_topic(struct mock_decoder *d, struct mock_reassignments_topic *p) {
    p->name = mock_get_string(d);
    p->partitions = mock_get_i32_array(d, &p->partition_count);
    mock_get_tags(d);
}

static void put_reassignments_topic(struct mock_encoder *e,
                                    const struct mock_reassignments_topic *p) {
    mock_put_string(e, p->name);
    mock_put_i32_array(e, p->partitions, p->partition_count);
    mock_put_tags(e);
}

static void
get_list_partition_reassignments_request(struct mock_decoder *d,
                                         struct mock_list_partition_reassignments_request *p) {
    p->timeout_ms = base_read_i32(d->r);
    p->topics = mock_get_nullable_array(d, sizeof(*p->topics), 3, &p->topic_count, &p->all_topics);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_reassignments_topic(d, &p->topics[i]);
    }
    mock_get_tags(d);
}

static void put_list_partition_reassignments_request(
    struct mock_encoder *e, const struct mock_list_partition_reassignments_request *p) {
    base_put_i32(e->b, p->timeout_ms);
    if (p->all_topics) {
        mock_put_null_array(e);
    } else {
        mock_put_count(e, p->topic_count);
        for (size_t i = 0; i < p->topic_count; i++) {
            put_reassignments_topic(e, &p->topics[i]);
        }
    }
    mock_put_tags(e);
}

int mock_list_partition_reassignments_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_list_partition_reassignments_request *ret_request) {
    struct mock_decoder d =
        mock_decoder_of(r, arena, MOCK_API_LIST_PARTITION_REASSIGNMENTS, version);
    struct mock_list_partition_reassignments_request request = {0};
    get_list_partition_reassignments_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_list_partition_reassignments_request_encode(
    struct base_builder *b, int16_t version,
    const struct mock_list_partition_reassignments_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_LIST_PARTITION_REASSIGNMENTS, version);
    put_list_partition_reassignments_request(&e, request);
}

static void get_ongoing_partition(struct mock_decoder *d, struct mock_ongoing_partition *p) {
    p->index = base_read_i32(d->r);
    p->replicas = mock_get_i32_array(d, &p->replica_count);
    p->adding = mock_get_i32_array(d, &p->adding_count);
    p->removing = mock_get_i32_array(d, &p->removing_count);
    mock_get_tags(d);
}

static void put_ongoing_partition(struct mock_encoder *e, const struct mock_ongoing_partition *p) {
    base_put_i32(e->b, p->index);
    mock_put_i32_array(e, p->replicas, p->replica_count);
    mock_put_i32_array(e, p->adding, p->adding_count);
    mock_put_i32_array(e, p->removing, p->removing_count);
    mock_put_tags(e);
}

static void get_ongoing_topic(struct mock_decoder *d, struct mock_ongoing_topic *p) {
    p->name = mock_get_string(d);
    p->partitions = mock_get_array(d, sizeof(*p->partitions), 8, &p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        get_ongoing_partition(d, &p->partitions[i]);
    }
    mock_get_tags(d);
}

static void put_ongoing_topic(struct mock_encoder *e, const struct mock_ongoing_topic *p) {
    mock_put_string(e, p->name);
    mock_put_count(e, p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        put_ongoing_partition(e, &p->partitions[i]);
    }
    mock_put_tags(e);
}

static void
get_list_partition_reassignments_response(struct mock_decoder *d,
                                          struct mock_list_partition_reassignments_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->error_code = base_read_i16(d->r);
    p->error_message = mock_get_nullable_string(d);
    p->topics = mock_get_array(d, sizeof(*p->topics), 3, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_ongoing_topic(d, &p->topics[i]);
    }
    mock_get_tags(d);
}

static void put_list_partition_reassignments_response(
    struct mock_encoder *e, const struct mock_list_partition_reassignments_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    base_put_i16(e->b, p->error_code);
    mock_put_nullable_string(e, p->error_message);
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_ongoing_topic(e, &p->topics[i]);
    }
    mock_put_tags(e);
}

int mock_list_partition_reassignments_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_list_partition_reassignments_response *ret_response) {
    struct mock_decoder d =
        mock_decoder_of(r, arena, MOCK_API_LIST_PARTITION_REASSIGNMENTS, version);
    struct mock_list_partition_reassignments_response response = {0};
    get_list_partition_reassignments_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_list_partition_reassignments_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_list_partition_reassignments_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_LIST_PARTITION_REASSIGNMENTS, version);
    put_list_partition_reassignments_response(&e, response);
}
