/* DescribeProducers (api 61), version 0: what partitions remember of producers. */
#pragma once
#include "mock/wire/message.h"

struct mock_describe_producers_topic {
    struct base_slice name;
    int32_t *partitions;
    size_t partition_count;
};

struct mock_describe_producers_request {
    struct mock_describe_producers_topic *topics;
    size_t topic_count;
};

struct mock_described_producer {
    int64_t producer_id;
    int32_t producer_epoch;
    int32_t last_sequence; /* -1: none */
    int64_t last_timestamp_ms;
    int32_t coordinator_epoch; /* -1: no marker yet */
    int64_t txn_start_offset;  /* -1: none open */
};

struct mock_describe_producers_partition_response {
    int32_t index;
    int16_t error_code;
    struct base_slice error_message; /* null possible */
    struct mock_described_producer *producers;
    size_t producer_count;
};

struct mock_describe_producers_topic_response {
    struct base_slice name;
    struct mock_describe_producers_partition_response *partitions;
    size_t partition_count;
};

struct mock_describe_producers_response {
    int32_t throttle_time_ms;
    struct mock_describe_producers_topic_response *topics;
    size_t topic_count;
};

int mock_describe_producers_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_describe_producers_request *ret_request) BASE_MUST_USE;
void mock_describe_producers_request_encode(struct base_builder *b, int16_t version,
                                            const struct mock_describe_producers_request *request);

int mock_describe_producers_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_describe_producers_response *ret_response) BASE_MUST_USE;
void mock_describe_producers_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_describe_producers_response *response);
