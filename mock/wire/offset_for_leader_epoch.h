/* OffsetForLeaderEpoch (api 23), versions 2 to 4: where an epoch of leadership ended. */
#pragma once
#include "mock/wire/message.h"

struct mock_epoch_partition {
    int32_t index;
    int32_t current_leader_epoch; /* -1: not known */
    int32_t leader_epoch;
};

struct mock_epoch_topic {
    struct base_slice name;
    struct mock_epoch_partition *partitions;
    size_t partition_count;
};

struct mock_offset_for_leader_epoch_request {
    int32_t replica_id; /* v3+, else -2: a debugging consumer */
    struct mock_epoch_topic *topics;
    size_t topic_count;
};

struct mock_epoch_end {
    int16_t error_code;
    int32_t index;
    int32_t leader_epoch; /* -1: not known */
    int64_t end_offset;   /* -1: not known */
};

struct mock_epoch_topic_response {
    struct base_slice name;
    struct mock_epoch_end *partitions;
    size_t partition_count;
};

struct mock_offset_for_leader_epoch_response {
    int32_t throttle_time_ms;
    struct mock_epoch_topic_response *topics;
    size_t topic_count;
};

int mock_offset_for_leader_epoch_request_decode(struct base_reader *r, int16_t version,
    struct base_arena *arena,
    struct mock_offset_for_leader_epoch_request *ret_request) BASE_MUST_USE;
void mock_offset_for_leader_epoch_request_encode(struct base_builder *b, int16_t version,
    const struct mock_offset_for_leader_epoch_request *request);
int mock_offset_for_leader_epoch_response_decode(struct base_reader *r, int16_t version,
    struct base_arena *arena,
    struct mock_offset_for_leader_epoch_response *ret_response) BASE_MUST_USE;
void mock_offset_for_leader_epoch_response_encode(struct base_builder *b, int16_t version,
    const struct mock_offset_for_leader_epoch_response *response);
