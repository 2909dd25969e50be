/* ListGroups (api 16), versions 0 to 5: the groups of one broker. */
#pragma once
#include "mock/wire/message.h"

struct mock_list_groups_request {
    struct base_slice *states; /* v4+: only groups in these states; none: all */
    size_t state_count;
    struct base_slice *types; /* v5: only groups of these types; none: all */
    size_t type_count;
};

struct mock_listed_group {
    struct base_slice group_id;
    struct base_slice protocol_type;
    struct base_slice state; /* v4+, else empty */
    struct base_slice type;  /* v5+, else empty: "classic", "consumer" */
};

struct mock_list_groups_response {
    int32_t throttle_time_ms; /* v1+ */
    int16_t error_code;
    struct mock_listed_group *groups;
    size_t group_count;
};

int mock_list_groups_request_decode(struct base_reader *r, int16_t version,
                                    struct base_arena *arena,
                                    struct mock_list_groups_request *ret_request) BASE_MUST_USE;
void mock_list_groups_request_encode(struct base_builder *b, int16_t version,
                                     const struct mock_list_groups_request *request);
int mock_list_groups_response_decode(struct base_reader *r, int16_t version,
                                     struct base_arena *arena,
                                     struct mock_list_groups_response *ret_response) BASE_MUST_USE;
void mock_list_groups_response_encode(struct base_builder *b, int16_t version,
                                      const struct mock_list_groups_response *response);
