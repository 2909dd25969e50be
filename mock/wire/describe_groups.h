/* DescribeGroups (api 15), versions 0 to 6: the state and the members of groups. */
#pragma once
#include "mock/wire/message.h"

struct mock_describe_groups_request {
    struct base_slice *groups;
    size_t group_count;
    bool include_authorized_operations; /* v3+ */
};

struct mock_described_member {
    struct base_slice member_id;
    struct base_slice group_instance_id; /* v4+; null possible */
    struct base_slice client_id;
    struct base_slice client_host;
    struct base_slice metadata;
    struct base_slice assignment;
};

struct mock_described_group {
    int16_t error_code;
    struct base_slice error_message; /* v6+; null possible */
    struct base_slice group_id;
    struct base_slice state; /* "Stable", "Empty", "Dead", … */
    struct base_slice protocol_type;
    struct base_slice protocol_data;
    struct mock_described_member *members;
    size_t member_count;
    int32_t authorized_operations; /* v3+, else INT32_MIN: not asked for */
};

struct mock_describe_groups_response {
    int32_t throttle_time_ms; /* v1+ */
    struct mock_described_group *groups;
    size_t group_count;
};

int mock_describe_groups_request_decode(struct base_reader *r, int16_t version,
    struct base_arena *arena, struct mock_describe_groups_request *ret_request) BASE_MUST_USE;
void mock_describe_groups_request_encode(struct base_builder *b, int16_t version,
                                         const struct mock_describe_groups_request *request);
int mock_describe_groups_response_decode(struct base_reader *r, int16_t version,
    struct base_arena *arena, struct mock_describe_groups_response *ret_response) BASE_MUST_USE;
void mock_describe_groups_response_encode(struct base_builder *b, int16_t version,
                                          const struct mock_describe_groups_response *response);
