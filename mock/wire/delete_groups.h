/* DeleteGroups (api 42), versions 0 to 3: empty groups and their offsets. */
#pragma once
#include "mock/wire/message.h"

struct mock_delete_groups_request {
    struct base_slice *groups;
    size_t group_count;
};

struct mock_deleted_group {
    struct base_slice group_id;
    int16_t error_code;
    struct base_slice error_message; /* v3+; null possible */
};

struct mock_delete_groups_response {
    int32_t throttle_time_ms;
    struct mock_deleted_group *results;
    size_t result_count;
};

int mock_delete_groups_request_decode(struct base_reader *r, int16_t version,
                                      struct base_arena *arena,
                                      struct mock_delete_groups_request *ret_request) BASE_MUST_USE;
void mock_delete_groups_request_encode(struct base_builder *b, int16_t version,
                                       const struct mock_delete_groups_request *request);
int mock_delete_groups_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_delete_groups_response *ret_response) BASE_MUST_USE;
void mock_delete_groups_response_encode(struct base_builder *b, int16_t version,
                                        const struct mock_delete_groups_response *response);
