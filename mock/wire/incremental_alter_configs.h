/* IncrementalAlterConfigs (api 44), versions 0 to 1: single settings of a resource. */
#pragma once
#include "mock/wire/message.h"

enum mock_config_operation {
    MOCK_CONFIG_SET = 0,
    MOCK_CONFIG_DELETE = 1,
    MOCK_CONFIG_APPEND = 2,
    MOCK_CONFIG_SUBTRACT = 3
};

struct mock_incremental_config {
    struct base_slice name;
    int8_t operation;        /* enum mock_config_operation, or another */
    struct base_slice value; /* null possible */
};

struct mock_incremental_configs_resource {
    int8_t type; /* enum mock_resource_type, or another of Kafka's */
    struct base_slice name;
    struct mock_incremental_config *configs;
    size_t config_count;
};

struct mock_incremental_alter_configs_request {
    struct mock_incremental_configs_resource *resources;
    size_t resource_count;
    bool validate_only;
};

struct mock_incremental_configs_result {
    int16_t error_code;
    struct base_slice error_message; /* null possible */
    int8_t type;
    struct base_slice name;
};

struct mock_incremental_alter_configs_response {
    int32_t throttle_time_ms;
    struct mock_incremental_configs_result *resources;
    size_t resource_count;
};

int mock_incremental_alter_configs_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_incremental_alter_configs_request *ret_request) BASE_MUST_USE;
void mock_incremental_alter_configs_request_encode(
    struct base_builder *b, int16_t version,
    const struct mock_incremental_alter_configs_request *request);
int mock_incremental_alter_configs_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_incremental_alter_configs_response *ret_response) BASE_MUST_USE;
void mock_incremental_alter_configs_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_incremental_alter_configs_response *response);
