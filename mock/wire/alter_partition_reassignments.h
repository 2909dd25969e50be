/* AlterPartitionReassignments (api 45), versions 0 to 1: partitions move to other brokers. */
#pragma once
#include "mock/wire/message.h"

struct mock_reassign_partition {
    int32_t index;
    int32_t *replicas;
    size_t replica_count;
    bool cancel; /* the list is null */
};

struct mock_reassign_topic {
    struct base_slice name;
    struct mock_reassign_partition *partitions;
    size_t partition_count;
};

struct mock_alter_partition_reassignments_request {
    int32_t timeout_ms;
    bool allow_replication_factor_change; /* v1, else true */
    struct mock_reassign_topic *topics;
    size_t topic_count;
};

struct mock_reassign_partition_result {
    int32_t index;
    int16_t error_code;
    struct base_slice error_message; /* null possible */
};

struct mock_reassign_topic_result {
    struct base_slice name;
    struct mock_reassign_partition_result *partitions;
    size_t partition_count;
};

struct mock_alter_partition_reassignments_response {
    int32_t throttle_time_ms;
    bool allow_replication_factor_change; /* v1, else true */
    int16_t error_code;
    struct base_slice error_message; /* null possible */
    struct mock_reassign_topic_result *topics;
    size_t topic_count;
};

int mock_alter_partition_reassignments_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_alter_partition_reassignments_request *ret_request) BASE_MUST_USE;
void mock_alter_partition_reassignments_request_encode(
    struct base_builder *b, int16_t version,
    const struct mock_alter_partition_reassignments_request *request);
int mock_alter_partition_reassignments_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_alter_partition_reassignments_response *ret_response) BASE_MUST_USE;
void mock_alter_partition_reassignments_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_alter_partition_reassignments_response *response);
