/* SyncGroup (api 14), versions 0 to 5: the leader hands out the assignment, each takes its own. */
#pragma once
#include "mock/wire/message.h"

struct mock_sync_group_assignment {
    struct base_slice member_id;
    struct base_slice assignment; /* of consumers: see consumer_protocol.h */
};

struct mock_sync_group_request {
    struct base_slice group_id;
    int32_t generation_id;
    struct base_slice member_id;
    struct base_slice group_instance_id; /* v3+; null possible */
    struct base_slice protocol_type;     /* v5; null possible */
    struct base_slice protocol_name;     /* v5; null possible */
    struct mock_sync_group_assignment *assignments;
    size_t assignment_count;
};

struct mock_sync_group_response {
    int32_t throttle_time_ms; /* v1+ */
    int16_t error_code;
    struct base_slice protocol_type; /* v5; null possible */
    struct base_slice protocol_name; /* v5; null possible */
    struct base_slice assignment;
};

int mock_sync_group_request_decode(struct base_reader *r, int16_t version, struct base_arena *arena,
                                   struct mock_sync_group_request *ret_request) BASE_MUST_USE;
void mock_sync_group_request_encode(struct base_builder *b, int16_t version,
                                    const struct mock_sync_group_request *request);
int mock_sync_group_response_decode(struct base_reader *r, int16_t version,
                                    struct base_arena *arena,
                                    struct mock_sync_group_response *ret_response) BASE_MUST_USE;
void mock_sync_group_response_encode(struct base_builder *b, int16_t version,
                                     const struct mock_sync_group_response *response);
