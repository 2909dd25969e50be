/* ListPartitionReassignments (api 46), version 0: the moves under way. */
#pragma once
#include "mock/wire/message.h"

struct mock_reassignments_topic {
    struct base_slice name;
    int32_t *partitions;
    size_t partition_count;
};

struct mock_list_partition_reassignments_request {
    int32_t timeout_ms;
    struct mock_reassignments_topic *topics;
    size_t topic_count;
    bool all_topics; /* the list is null */
};

struct mock_ongoing_partition {
    int32_t index;
    int32_t *replicas;
    size_t replica_count;
    int32_t *adding;
    size_t adding_count;
    int32_t *removing;
    size_t removing_count;
};

struct mock_ongoing_topic {
    struct base_slice name;
    struct mock_ongoing_partition *partitions;
    size_t partition_count;
};

struct mock_list_partition_reassignments_response {
    int32_t throttle_time_ms;
    int16_t error_code;
    struct base_slice error_message; /* null possible */
    struct mock_ongoing_topic *topics;
    size_t topic_count;
};

int mock_list_partition_reassignments_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_list_partition_reassignments_request *ret_request) BASE_MUST_USE;
void mock_list_partition_reassignments_request_encode(
    struct base_builder *b, int16_t version,
    const struct mock_list_partition_reassignments_request *request);
int mock_list_partition_reassignments_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_list_partition_reassignments_response *ret_response) BASE_MUST_USE;
void mock_list_partition_reassignments_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_list_partition_reassignments_response *response);
