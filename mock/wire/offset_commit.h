/* OffsetCommit (api 8), versions 2 to 10: a group's place in partitions. */
#pragma once
#include "mock/wire/message.h"

struct mock_offset_commit_partition {
    int32_t index;
    int64_t offset;
    int32_t leader_epoch;       /* v6+, else -1 */
    struct base_slice metadata; /* null possible */
};

struct mock_offset_commit_topic {
    struct base_slice name; /* to v9, else empty */
    struct mock_uuid id; /* v10+, instead of the name; else zero */
    struct mock_offset_commit_partition *partitions;
    size_t partition_count;
};

struct mock_offset_commit_request {
    struct base_slice group_id;
    int32_t generation_id; /* -1: no member, a simple commit; v9+: or a member epoch */
    struct base_slice member_id;
    struct base_slice group_instance_id; /* v7+; null possible */
    int64_t retention_time_ms;           /* v2 to v4, else -1 */
    struct mock_offset_commit_topic *topics;
    size_t topic_count;
};

struct mock_offset_commit_partition_response {
    int32_t index;
    int16_t error_code;
};

struct mock_offset_commit_topic_response {
    struct base_slice name; /* to v9, else empty */
    struct mock_uuid id; /* v10+, instead of the name; else zero */
    struct mock_offset_commit_partition_response *partitions;
    size_t partition_count;
};

struct mock_offset_commit_response {
    int32_t throttle_time_ms; /* v3+ */
    struct mock_offset_commit_topic_response *topics;
    size_t topic_count;
};

int mock_offset_commit_request_decode(struct base_reader *r, int16_t version,
                                      struct base_arena *arena,
                                      struct mock_offset_commit_request *ret_request) BASE_MUST_USE;
void mock_offset_commit_request_encode(struct base_builder *b, int16_t version,
                                       const struct mock_offset_commit_request *request);
int mock_offset_commit_response_decode(struct base_reader *r, int16_t version,
    struct base_arena *arena, struct mock_offset_commit_response *ret_response) BASE_MUST_USE;
void mock_offset_commit_response_encode(struct base_builder *b, int16_t version,
                                        const struct mock_offset_commit_response *response);
