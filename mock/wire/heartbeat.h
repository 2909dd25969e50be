/* Heartbeat (api 12), versions 0 to 4: a member lives, and learns of a rebalance. */
#pragma once
#include "mock/wire/message.h"

struct mock_heartbeat_request {
    struct base_slice group_id;
    int32_t generation_id;
    struct base_slice member_id;
    struct base_slice group_instance_id; /* v3+; null possible */
};

struct mock_heartbeat_response {
    int32_t throttle_time_ms; /* v1+ */
    int16_t error_code;
};

int mock_heartbeat_request_decode(struct base_reader *r, int16_t version, struct base_arena *arena,
                                  struct mock_heartbeat_request *ret_request) BASE_MUST_USE;
void mock_heartbeat_request_encode(struct base_builder *b, int16_t version,
                                   const struct mock_heartbeat_request *request);
int mock_heartbeat_response_decode(struct base_reader *r, int16_t version, struct base_arena *arena,
                                   struct mock_heartbeat_response *ret_response) BASE_MUST_USE;
void mock_heartbeat_response_encode(struct base_builder *b, int16_t version,
                                    const struct mock_heartbeat_response *response);
