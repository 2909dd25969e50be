/* OffsetDelete (api 47), version 0: forgets what a group has committed in partitions. */
#pragma once
#include "mock/wire/message.h"

struct mock_offset_delete_topic {
    struct base_slice name;
    int32_t *partitions;
    size_t partition_count;
};

struct mock_offset_delete_request {
    struct base_slice group_id;
    struct mock_offset_delete_topic *topics;
    size_t topic_count;
};

struct mock_offset_delete_partition_response {
    int32_t index;
    int16_t error_code;
};

struct mock_offset_delete_topic_response {
    struct base_slice name;
    struct mock_offset_delete_partition_response *partitions;
    size_t partition_count;
};

struct mock_offset_delete_response {
    int16_t error_code; /* of the group as a whole: no topics then */
    int32_t throttle_time_ms;
    struct mock_offset_delete_topic_response *topics;
    size_t topic_count;
};

int mock_offset_delete_request_decode(struct base_reader *r, int16_t version,
                                      struct base_arena *arena,
                                      struct mock_offset_delete_request *ret_request) BASE_MUST_USE;
void mock_offset_delete_request_encode(struct base_builder *b, int16_t version,
                                       const struct mock_offset_delete_request *request);
int mock_offset_delete_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_offset_delete_response *ret_response) BASE_MUST_USE;
void mock_offset_delete_response_encode(struct base_builder *b, int16_t version,
                                        const struct mock_offset_delete_response *response);
