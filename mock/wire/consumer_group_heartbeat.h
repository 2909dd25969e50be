/* ConsumerGroupHeartbeat (api 68), versions 0 and 1: membership in the consumer protocol (KIP-848).
 */
#pragma once
#include "mock/wire/message.h"

struct mock_topic_id_partitions {
    struct mock_uuid topic_id;
    int32_t *partitions;
    size_t partition_count;
};

struct mock_consumer_group_heartbeat_request {
    struct base_slice group_id;
    struct base_slice member_id;
    int32_t member_epoch; /* 0: joins; -1: leaves; -2: a static member leaves for a while */
    struct base_slice instance_id; /* here and below, null: as before */
    struct base_slice rack_id;
    int32_t rebalance_timeout_ms; /* -1: as before */
    struct base_slice *topic_names;
    size_t topic_name_count;
    bool has_topic_names;
    struct base_slice topic_regex; /* v1+ */
    struct base_slice server_assignor;
    struct mock_topic_id_partitions *owned;
    size_t owned_count;
    bool has_owned;
};

struct mock_consumer_group_heartbeat_response {
    int32_t throttle_time_ms;
    int16_t error_code;
    struct base_slice error_message; /* null possible */
    struct base_slice member_id;     /* null possible */
    int32_t member_epoch;
    int32_t heartbeat_interval_ms;
    bool has_assignment; /* else it stays as it was */
    struct mock_topic_id_partitions *assignment;
    size_t assignment_count;
};

int mock_consumer_group_heartbeat_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_consumer_group_heartbeat_request *ret_request) BASE_MUST_USE;
void mock_consumer_group_heartbeat_request_encode(
    struct base_builder *b, int16_t version,
    const struct mock_consumer_group_heartbeat_request *request);
int mock_consumer_group_heartbeat_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_consumer_group_heartbeat_response *ret_response) BASE_MUST_USE;
void mock_consumer_group_heartbeat_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_consumer_group_heartbeat_response *response);
