/* Produce (api 0), versions 3 to 13: record batches for partitions, and where they went. */
#pragma once
#include "mock/wire/leader_hint.h"
#include "mock/wire/message.h"

struct mock_produce_partition {
    int32_t index;
    struct base_slice records; /* what follows is one v2 batch, or null */
};

struct mock_produce_topic {
    struct base_slice name; /* v13: null, as the id names the topic */
    struct mock_produce_partition *partitions;
    size_t partition_count;
    struct mock_uuid id;    /* v13, else zero */
};

struct mock_produce_request {
    struct base_slice transactional_id; /* null: none */
    int16_t acks;                       /* 0: no response is sent at all */
    int32_t timeout_ms;
    struct mock_produce_topic *topics;
    size_t topic_count;
};

struct mock_produce_record_error {
    int32_t batch_index;           /* the record's index in its batch */
    struct base_slice message;     /* null possible */
};

struct mock_produce_partition_response {
    int32_t index;
    int16_t error_code;
    int64_t base_offset;
    int64_t log_append_time_ms;    /* -1 with CreateTime */
    int64_t log_start_offset;      /* v5+, else -1 */
    struct mock_produce_record_error *record_errors; /* v8+ */
    size_t record_error_count;
    struct base_slice error_message; /* v8+; null possible */
    bool has_current_leader;         /* tagged, v10+ */
    struct mock_leader_hint current_leader;
};

struct mock_produce_topic_response {
    struct base_slice name; /* v13: null */
    struct mock_produce_partition_response *partitions;
    size_t partition_count;
    struct mock_uuid id;    /* v13, else zero */
};

struct mock_produce_response {
    struct mock_produce_topic_response *topics;
    size_t topic_count;
    int32_t throttle_time_ms;
    struct mock_node_endpoint *endpoints; /* tagged, v10+: of the current leaders above */
    size_t endpoint_count;
};

int mock_produce_request_decode(struct base_reader *r, int16_t version, struct base_arena *arena,
                                struct mock_produce_request *ret_request) BASE_MUST_USE;
void mock_produce_request_encode(struct base_builder *b, int16_t version,
                                 const struct mock_produce_request *request);
int mock_produce_response_decode(struct base_reader *r, int16_t version, struct base_arena *arena,
                                 struct mock_produce_response *ret_response) BASE_MUST_USE;
void mock_produce_response_encode(struct base_builder *b, int16_t version,
                                  const struct mock_produce_response *response);
