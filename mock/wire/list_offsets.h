/* ListOffsets (api 2), versions 1 to 11: the offset at a time, the first, the last. */
#pragma once
#include "mock/wire/message.h"

/* Values of timestamp_ms that are not a time. */
#define MOCK_LIST_OFFSETS_LATEST (-1)
#define MOCK_LIST_OFFSETS_EARLIEST (-2)
#define MOCK_LIST_OFFSETS_MAX_TIMESTAMP (-3)  /* v7+ */
#define MOCK_LIST_OFFSETS_EARLIEST_LOCAL (-4) /* v8+ */
#define MOCK_LIST_OFFSETS_LATEST_TIERED (-5)  /* v9+ */
#define MOCK_LIST_OFFSETS_EARLIEST_PENDING_UPLOAD (-6) /* v11 */

struct mock_list_offsets_partition {
    int32_t index;
    int32_t current_leader_epoch; /* v4+, else -1 */
    int64_t timestamp_ms;
};

struct mock_list_offsets_topic {
    struct base_slice name;
    struct mock_list_offsets_partition *partitions;
    size_t partition_count;
};

struct mock_list_offsets_request {
    int32_t replica_id;
    int8_t isolation_level; /* v2+, else 0 */
    struct mock_list_offsets_topic *topics;
    size_t topic_count;
    int32_t timeout_ms; /* v10+, else 0; for records that are kept elsewhere */
};

struct mock_list_offsets_partition_response {
    int32_t index;
    int16_t error_code;
    int64_t timestamp_ms; /* -1: none */
    int64_t offset;       /* -1: none */
    int32_t leader_epoch; /* v4+, else -1 */
};

struct mock_list_offsets_topic_response {
    struct base_slice name;
    struct mock_list_offsets_partition_response *partitions;
    size_t partition_count;
};

struct mock_list_offsets_response {
    int32_t throttle_time_ms; /* v2+ */
    struct mock_list_offsets_topic_response *topics;
    size_t topic_count;
};

int mock_list_offsets_request_decode(struct base_reader *r, int16_t version,
                                     struct base_arena *arena,
                                     struct mock_list_offsets_request *ret_request) BASE_MUST_USE;
void mock_list_offsets_request_encode(struct base_builder *b, int16_t version,
                                      const struct mock_list_offsets_request *request);
int mock_list_offsets_response_decode(struct base_reader *r, int16_t version,
    struct base_arena *arena, struct mock_list_offsets_response *ret_response) BASE_MUST_USE;
void mock_list_offsets_response_encode(struct base_builder *b, int16_t version,
                                       const struct mock_list_offsets_response *response);
