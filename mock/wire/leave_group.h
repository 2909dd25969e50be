/*
 * LeaveGroup (api 13), versions 0 to 5: members leave. Before version 3 exactly one member is
 * named, and the response has no list.
 */
#pragma once
#include "mock/wire/message.h"

struct mock_leave_group_member {
    struct base_slice member_id;
    struct base_slice group_instance_id; /* v3+; null possible */
    struct base_slice reason;            /* v5; null possible */
};

struct mock_leave_group_request {
    struct base_slice group_id;
    struct mock_leave_group_member *members; /* exactly one before v3 */
    size_t member_count;
};

struct mock_leave_group_member_response {
    struct base_slice member_id;
    struct base_slice group_instance_id; /* null possible */
    int16_t error_code;
};

struct mock_leave_group_response {
    int32_t throttle_time_ms; /* v1+ */
    int16_t error_code;
    struct mock_leave_group_member_response *members; /* v3+ */
    size_t member_count;
};

int mock_leave_group_request_decode(struct base_reader *r, int16_t version,
                                    struct base_arena *arena,
                                    struct mock_leave_group_request *ret_request) BASE_MUST_USE;
void mock_leave_group_request_encode(struct base_builder *b, int16_t version,
                                     const struct mock_leave_group_request *request);
int mock_leave_group_response_decode(struct base_reader *r, int16_t version,
                                     struct base_arena *arena,
                                     struct mock_leave_group_response *ret_response) BASE_MUST_USE;
void mock_leave_group_response_encode(struct base_builder *b, int16_t version,
                                      const struct mock_leave_group_response *response);
