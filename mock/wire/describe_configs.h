/* DescribeConfigs (api 32), versions 1 to 4: the settings of topics and brokers. */
#pragma once
#include "mock/wire/message.h"

enum mock_resource_type {
    MOCK_RESOURCE_TOPIC = 2,
    MOCK_RESOURCE_BROKER = 4,
    MOCK_RESOURCE_BROKER_LOGGER = 8,
    MOCK_RESOURCE_CLIENT_METRICS = 16,
    MOCK_RESOURCE_GROUP = 32
};
enum mock_config_source {
    MOCK_CONFIG_SOURCE_UNKNOWN = 0,
    MOCK_CONFIG_SOURCE_TOPIC = 1,
    MOCK_CONFIG_SOURCE_DYNAMIC_BROKER = 2,
    MOCK_CONFIG_SOURCE_DYNAMIC_DEFAULT_BROKER = 3,
    MOCK_CONFIG_SOURCE_STATIC_BROKER = 4,
    MOCK_CONFIG_SOURCE_DEFAULT = 5
};

struct mock_describe_configs_resource {
    int8_t type; /* enum mock_resource_type, or another of Kafka's */
    struct base_slice name;
    bool all_keys; /* the list is null */
    struct base_slice *keys;
    size_t key_count;
};

struct mock_describe_configs_request {
    struct mock_describe_configs_resource *resources;
    size_t resource_count;
    bool include_synonyms;
    bool include_documentation; /* v3+ */
};

struct mock_config_synonym {
    struct base_slice name;
    struct base_slice value; /* null possible */
    int8_t source;
};

struct mock_described_config {
    struct base_slice name;
    struct base_slice value; /* null possible */
    bool read_only;
    int8_t source;
    bool is_sensitive;
    struct mock_config_synonym *synonyms;
    size_t synonym_count;
    int8_t type;                     /* v3+, else 0 */
    struct base_slice documentation; /* v3+; null possible */
};

struct mock_described_resource {
    int16_t error_code;
    struct base_slice error_message; /* null possible */
    int8_t type;
    struct base_slice name;
    struct mock_described_config *configs;
    size_t config_count;
};

struct mock_describe_configs_response {
    int32_t throttle_time_ms;
    struct mock_described_resource *resources;
    size_t resource_count;
};

int mock_describe_configs_request_decode(struct base_reader *r, int16_t version,
    struct base_arena *arena, struct mock_describe_configs_request *ret_request) BASE_MUST_USE;
void mock_describe_configs_request_encode(struct base_builder *b, int16_t version,
                                          const struct mock_describe_configs_request *request);
int mock_describe_configs_response_decode(struct base_reader *r, int16_t version,
    struct base_arena *arena, struct mock_describe_configs_response *ret_response) BASE_MUST_USE;
void mock_describe_configs_response_encode(struct base_builder *b, int16_t version,
                                           const struct mock_describe_configs_response *response);
