/* CreateTopics (api 19), versions 2 to 7: new topics with their settings. */
#pragma once
#include "mock/wire/message.h"

struct mock_create_assignment {
    int32_t index;
    int32_t *brokers;
    size_t broker_count;
};

struct mock_create_config {
    struct base_slice name;
    struct base_slice value; /* null possible */
};

struct mock_create_topic {
    struct base_slice name;
    int32_t partition_count;    /* -1: the broker's default (v4+), or given by assignments */
    int16_t replication_factor; /* the same */
    struct mock_create_assignment *assignments;
    size_t assignment_count;
    struct mock_create_config *configs;
    size_t config_count;
};

struct mock_create_topics_request {
    struct mock_create_topic *topics;
    size_t topic_count;
    int32_t timeout_ms;
    bool validate_only;
};

struct mock_created_config {
    struct base_slice name;
    struct base_slice value; /* null possible */
    bool read_only;
    int8_t source;
    bool is_sensitive;
};

struct mock_created_topic {
    struct base_slice name;
    struct mock_uuid id; /* v7, else zero */
    int16_t error_code;
    struct base_slice error_message; /* null possible */
    int32_t partition_count;         /* v5+, else -1 */
    int16_t replication_factor;      /* v5+, else -1 */
    bool has_configs;                /* v5+; false: the list is null */
    struct mock_created_config *configs;
    size_t config_count;
};

struct mock_create_topics_response {
    int32_t throttle_time_ms;
    struct mock_created_topic *topics;
    size_t topic_count;
};

int mock_create_topics_request_decode(struct base_reader *r, int16_t version,
                                      struct base_arena *arena,
                                      struct mock_create_topics_request *ret_request) BASE_MUST_USE;
void mock_create_topics_request_encode(struct base_builder *b, int16_t version,
                                       const struct mock_create_topics_request *request);
int mock_create_topics_response_decode(struct base_reader *r, int16_t version,
    struct base_arena *arena, struct mock_create_topics_response *ret_response) BASE_MUST_USE;
void mock_create_topics_response_encode(struct base_builder *b, int16_t version,
                                        const struct mock_create_topics_response *response);
