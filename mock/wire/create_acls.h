/* CreateAcls (api 30), versions 1 to 3: rules to be added. */
#pragma once
#include "mock/wire/acl_rule.h"
#include "mock/wire/message.h"

struct mock_create_acls_request {
    struct mock_acl_rule *creations;
    size_t creation_count;
};

struct mock_acl_creation_result {
    int16_t error_code;
    struct base_slice error_message; /* null possible */
};

struct mock_create_acls_response {
    int32_t throttle_time_ms;
    struct mock_acl_creation_result *results; /* in the order asked */
    size_t result_count;
};

int mock_create_acls_request_decode(struct base_reader *r, int16_t version,
                                    struct base_arena *arena,
                                    struct mock_create_acls_request *ret_request) BASE_MUST_USE;
void mock_create_acls_request_encode(struct base_builder *b, int16_t version,
                                     const struct mock_create_acls_request *request);
int mock_create_acls_response_decode(struct base_reader *r, int16_t version,
                                     struct base_arena *arena,
                                     struct mock_create_acls_response *ret_response) BASE_MUST_USE;
void mock_create_acls_response_encode(struct base_builder *b, int16_t version,
                                      const struct mock_create_acls_response *response);
