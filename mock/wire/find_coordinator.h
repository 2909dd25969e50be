/*
 * FindCoordinator (api 10), versions 0 to 6: the broker that coordinates a group or transactional
 * id. Version 4 asks for several keys; earlier versions decode into a list of exactly one.
 */
#pragma once
#include "mock/wire/message.h"

enum mock_coordinator_type { MOCK_COORDINATOR_GROUP = 0, MOCK_COORDINATOR_TRANSACTION = 1 };

struct mock_find_coordinator_request {
    int8_t key_type; /* v1+, else MOCK_COORDINATOR_GROUP */
    struct base_slice *keys; /* exactly one before v4 */
    size_t key_count;
};

struct mock_coordinator {
    struct base_slice key; /* empty on decode before v4 */
    int32_t node_id;       /* -1 with an error */
    struct base_slice host;
    int32_t port;
    int16_t error_code;
    struct base_slice error_message; /* v1+; null possible */
};

struct mock_find_coordinator_response {
    int32_t throttle_time_ms; /* v1+ */
    struct mock_coordinator *coordinators; /* exactly one before v4 */
    size_t coordinator_count;
};

int mock_find_coordinator_request_decode(struct base_reader *r, int16_t version,
    struct base_arena *arena, struct mock_find_coordinator_request *ret_request) BASE_MUST_USE;
void mock_find_coordinator_request_encode(struct base_builder *b, int16_t version,
                                          const struct mock_find_coordinator_request *request);
int mock_find_coordinator_response_decode(struct base_reader *r, int16_t version,
    struct base_arena *arena, struct mock_find_coordinator_response *ret_response) BASE_MUST_USE;
void mock_find_coordinator_response_encode(struct base_builder *b, int16_t version,
                                           const struct mock_find_coordinator_response *response);
