/* DescribeTopicPartitions (api 75), version 0: topics in pieces of a limited number of partitions
 * (KIP-966). */
#pragma once
#include "mock/wire/message.h"

/* Where a piece begins. */
struct mock_topic_cursor {
    struct base_slice topic_name;
    int32_t partition;
};

struct mock_describe_topic_partitions_request {
    struct base_slice *topics; /* names; none: all topics */
    size_t topic_count;
    int32_t partition_limit; /* of the whole answer */
    bool has_cursor;
    struct mock_topic_cursor cursor;
};

struct mock_described_partition {
    int16_t error_code;
    int32_t index;
    int32_t leader_id; /* -1: no leader */
    int32_t leader_epoch;
    int32_t *replicas;
    size_t replica_count;
    int32_t *isr;
    size_t isr_count;
    bool has_eligible; /* false: the list is null */
    int32_t *eligible;
    size_t eligible_count;
    bool has_last_eligible;
    int32_t *last_eligible;
    size_t last_eligible_count;
    int32_t *offline;
    size_t offline_count;
};

struct mock_described_topic {
    int16_t error_code;
    struct base_slice name; /* null possible */
    struct mock_uuid id;
    bool is_internal;
    struct mock_described_partition *partitions;
    size_t partition_count;
    int32_t authorized_operations;
};

struct mock_describe_topic_partitions_response {
    int32_t throttle_time_ms;
    struct mock_described_topic *topics;
    size_t topic_count;
    bool has_next_cursor;
    struct mock_topic_cursor next_cursor;
};

int mock_describe_topic_partitions_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_describe_topic_partitions_request *ret_request) BASE_MUST_USE;
void mock_describe_topic_partitions_request_encode(
    struct base_builder *b, int16_t version,
    const struct mock_describe_topic_partitions_request *request);
int mock_describe_topic_partitions_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_describe_topic_partitions_response *ret_response) BASE_MUST_USE;
void mock_describe_topic_partitions_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_describe_topic_partitions_response *response);
