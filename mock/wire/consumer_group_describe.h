/* ConsumerGroupDescribe (api 69), versions 0 and 1: groups of the consumer protocol and their
 * members. */
#pragma once
#include "mock/wire/message.h"

struct mock_consumer_group_describe_request {
    struct base_slice *groups;
    size_t group_count;
    bool include_authorized_operations;
};

struct mock_described_partitions {
    struct mock_uuid topic_id;
    struct base_slice topic_name;
    int32_t *partitions;
    size_t partition_count;
};

struct mock_described_assignment {
    struct mock_described_partitions *topics;
    size_t topic_count;
};

struct mock_described_consumer {
    struct base_slice member_id;
    struct base_slice instance_id; /* null possible */
    struct base_slice rack_id;     /* null possible */
    int32_t member_epoch;
    struct base_slice client_id;
    struct base_slice client_host;
    struct base_slice *topic_names;
    size_t topic_name_count;
    struct base_slice topic_regex; /* null possible */
    struct mock_described_assignment assignment;
    struct mock_described_assignment target;
    int8_t member_type; /* v1+, else -1; 0: classic, 1: consumer */
};

struct mock_described_consumer_group {
    int16_t error_code;
    struct base_slice error_message; /* null possible */
    struct base_slice group_id;
    struct base_slice state; /* "Stable", "Empty", "Assigning", "Reconciling", "" */
    int32_t group_epoch;
    int32_t assignment_epoch;
    struct base_slice assignor;
    struct mock_described_consumer *members;
    size_t member_count;
    int32_t authorized_operations; /* INT32_MIN: not asked for */
};

struct mock_consumer_group_describe_response {
    int32_t throttle_time_ms;
    struct mock_described_consumer_group *groups;
    size_t group_count;
};

int mock_consumer_group_describe_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_consumer_group_describe_request *ret_request) BASE_MUST_USE;
void mock_consumer_group_describe_request_encode(
    struct base_builder *b, int16_t version,
    const struct mock_consumer_group_describe_request *request);
int mock_consumer_group_describe_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_consumer_group_describe_response *ret_response) BASE_MUST_USE;
void mock_consumer_group_describe_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_consumer_group_describe_response *response);
