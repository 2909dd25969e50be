/*
 * AlterConfigs (api 33), versions 0 to 2: all settings of a resource; what is not named goes back
 * to its default.
 */
#pragma once
#include "mock/wire/message.h"

struct mock_alter_config {
    struct base_slice name;
    struct base_slice value; /* null possible */
};

struct mock_alter_configs_resource {
    int8_t type; /* enum mock_resource_type, or another of Kafka's */
    struct base_slice name;
    struct mock_alter_config *configs;
    size_t config_count;
};

struct mock_alter_configs_request {
    struct mock_alter_configs_resource *resources;
    size_t resource_count;
    bool validate_only;
};

struct mock_alter_configs_result {
    int16_t error_code;
    struct base_slice error_message; /* null possible */
    int8_t type;
    struct base_slice name;
};

struct mock_alter_configs_response {
    int32_t throttle_time_ms;
    struct mock_alter_configs_result *resources;
    size_t resource_count;
};

int mock_alter_configs_request_decode(struct base_reader *r, int16_t version,
                                      struct base_arena *arena,
                                      struct mock_alter_configs_request *ret_request) BASE_MUST_USE;
void mock_alter_configs_request_encode(struct base_builder *b, int16_t version,
                                       const struct mock_alter_configs_request *request);
int mock_alter_configs_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_alter_configs_response *ret_response) BASE_MUST_USE;
void mock_alter_configs_response_encode(struct base_builder *b, int16_t version,
                                        const struct mock_alter_configs_response *response);
