/*
 * OffsetFetch (api 9), versions 1 to 10: the committed offsets of groups. Version 8 asks for
 * several groups; earlier versions decode into (and encode from) a list of exactly one.
 */
#pragma once
#include "mock/wire/message.h"

struct mock_offset_fetch_topic {
    struct base_slice name; /* to v9, else empty */
    struct mock_uuid id; /* v10+, instead of the name; else zero */
    int32_t *partitions;
    size_t partition_count;
};

struct mock_offset_fetch_group {
    struct base_slice group_id;
    struct base_slice member_id; /* v9+; null possible */
    int32_t member_epoch;        /* v9+, else -1 */
    bool all_topics; /* v2+: the array is null; all that the group has committed */
    struct mock_offset_fetch_topic *topics;
    size_t topic_count;
};

struct mock_offset_fetch_request {
    struct mock_offset_fetch_group *groups; /* exactly one before v8 */
    size_t group_count;
    bool require_stable; /* v7+ */
};

struct mock_offset_fetch_partition_response {
    int32_t index;
    int64_t offset;             /* -1: nothing committed */
    int32_t leader_epoch;       /* v5+, else -1 */
    struct base_slice metadata; /* null possible */
    int16_t error_code;
};

struct mock_offset_fetch_topic_response {
    struct base_slice name; /* to v9, else empty */
    struct mock_uuid id; /* v10+, instead of the name; else zero */
    struct mock_offset_fetch_partition_response *partitions;
    size_t partition_count;
};

struct mock_offset_fetch_group_response {
    struct base_slice group_id; /* empty on decode before v8 */
    struct mock_offset_fetch_topic_response *topics;
    size_t topic_count;
    int16_t error_code; /* v2+ */
};

struct mock_offset_fetch_response {
    int32_t throttle_time_ms; /* v3+ */
    struct mock_offset_fetch_group_response *groups; /* exactly one before v8 */
    size_t group_count;
};

int mock_offset_fetch_request_decode(struct base_reader *r, int16_t version,
                                     struct base_arena *arena,
                                     struct mock_offset_fetch_request *ret_request) BASE_MUST_USE;
void mock_offset_fetch_request_encode(struct base_builder *b, int16_t version,
                                      const struct mock_offset_fetch_request *request);
int mock_offset_fetch_response_decode(struct base_reader *r, int16_t version,
    struct base_arena *arena, struct mock_offset_fetch_response *ret_response) BASE_MUST_USE;
void mock_offset_fetch_response_encode(struct base_builder *b, int16_t version,
                                       const struct mock_offset_fetch_response *response);
