/* DescribeAcls (api 29), versions 1 to 3: the rules that a filter matches. */
#pragma once
#include "mock/wire/acl_rule.h"
#include "mock/wire/message.h"

struct mock_describe_acls_request {
    struct mock_acl_rule filter;
};

struct mock_acl_description {
    struct base_slice principal;
    struct base_slice host;
    int8_t operation;
    int8_t permission;
};

struct mock_acl_resource_description {
    int8_t resource_type;
    struct base_slice resource_name;
    int8_t pattern_type;
    struct mock_acl_description *acls;
    size_t acl_count;
};

struct mock_describe_acls_response {
    int32_t throttle_time_ms;
    int16_t error_code;
    struct base_slice error_message; /* null possible */
    struct mock_acl_resource_description *resources;
    size_t resource_count;
};

int mock_describe_acls_request_decode(struct base_reader *r, int16_t version,
                                      struct base_arena *arena,
                                      struct mock_describe_acls_request *ret_request) BASE_MUST_USE;
void mock_describe_acls_request_encode(struct base_builder *b, int16_t version,
                                       const struct mock_describe_acls_request *request);
int mock_describe_acls_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_describe_acls_response *ret_response) BASE_MUST_USE;
void mock_describe_acls_response_encode(struct base_builder *b, int16_t version,
                                        const struct mock_describe_acls_response *response);
