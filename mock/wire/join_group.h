/* JoinGroup (api 11), versions 0 to 9: a member enters the round of a classic group. */
#pragma once
#include "mock/wire/message.h"

struct mock_join_group_protocol {
    struct base_slice name;
    struct base_slice metadata; /* of consumers: see consumer_protocol.h */
};

struct mock_join_group_request {
    struct base_slice group_id;
    int32_t session_timeout_ms;
    int32_t rebalance_timeout_ms; /* v1+; before, the session timeout, as Kafka does */
    struct base_slice member_id;
    struct base_slice group_instance_id; /* v5+; null possible */
    struct base_slice protocol_type;
    struct mock_join_group_protocol *protocols;
    size_t protocol_count;
    struct base_slice reason; /* v8+; null possible */
};

struct mock_join_group_member {
    struct base_slice member_id;
    struct base_slice group_instance_id; /* v5+; null possible */
    struct base_slice metadata;
};

struct mock_join_group_response {
    int32_t throttle_time_ms; /* v2+ */
    int16_t error_code;
    int32_t generation_id;           /* -1 with an error */
    struct base_slice protocol_type; /* v7+; null possible */
    struct base_slice protocol_name; /* null possible from v7; before, null is sent empty */
    struct base_slice leader;
    bool skip_assignment; /* v9 */
    struct base_slice member_id;
    struct mock_join_group_member *members; /* for the leader only */
    size_t member_count;
};

int mock_join_group_request_decode(struct base_reader *r, int16_t version, struct base_arena *arena,
                                   struct mock_join_group_request *ret_request) BASE_MUST_USE;
void mock_join_group_request_encode(struct base_builder *b, int16_t version,
                                    const struct mock_join_group_request *request);
int mock_join_group_response_decode(struct base_reader *r, int16_t version,
                                    struct base_arena *arena,
                                    struct mock_join_group_response *ret_response) BASE_MUST_USE;
void mock_join_group_response_encode(struct base_builder *b, int16_t version,
                                     const struct mock_join_group_response *response);
