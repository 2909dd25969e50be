/*
 * ListConfigResources (api 74), versions 0 to 1: what has settings. Version 0 asks for client
 * metrics only.
 */
#pragma once
#include "mock/wire/describe_configs.h"
#include "mock/wire/message.h"

struct mock_list_config_resources_request {
    int8_t *types; /* v1; enum mock_resource_type; none: all kinds */
    size_t type_count;
};

struct mock_config_resource {
    struct base_slice name;
    int8_t type; /* v1, else client metrics */
};

struct mock_list_config_resources_response {
    int32_t throttle_time_ms;
    int16_t error_code;
    struct mock_config_resource *resources;
    size_t resource_count;
};

int mock_list_config_resources_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_list_config_resources_request *ret_request) BASE_MUST_USE;
void mock_list_config_resources_request_encode(
    struct base_builder *b, int16_t version,
    const struct mock_list_config_resources_request *request);
int mock_list_config_resources_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_list_config_resources_response *ret_response) BASE_MUST_USE;
void mock_list_config_resources_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_list_config_resources_response *response);
