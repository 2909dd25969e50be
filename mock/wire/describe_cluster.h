/* DescribeCluster (api 60), versions 0 to 2: the cluster id, the controller, the brokers. */
#pragma once
#include "mock/wire/message.h"

struct mock_describe_cluster_request {
    bool include_authorized_operations;
    int8_t endpoint_type;        /* v1+, else 1: brokers; 2: controllers */
    bool include_fenced_brokers; /* v2 */
};

struct mock_described_broker {
    int32_t node_id;
    struct base_slice host;
    int32_t port;
    struct base_slice rack; /* null possible */
    bool is_fenced;         /* v2 */
};

struct mock_describe_cluster_response {
    int32_t throttle_time_ms;
    int16_t error_code;
    struct base_slice error_message; /* null possible */
    int8_t endpoint_type;            /* v1+, else 1 */
    struct base_slice cluster_id;
    int32_t controller_id;
    struct mock_described_broker *brokers;
    size_t broker_count;
    int32_t authorized_operations; /* INT32_MIN: not asked for */
};

int mock_describe_cluster_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_describe_cluster_request *ret_request) BASE_MUST_USE;
void mock_describe_cluster_request_encode(struct base_builder *b, int16_t version,
                                          const struct mock_describe_cluster_request *request);
int mock_describe_cluster_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_describe_cluster_response *ret_response) BASE_MUST_USE;
void mock_describe_cluster_response_encode(struct base_builder *b, int16_t version,
                                           const struct mock_describe_cluster_response *response);
