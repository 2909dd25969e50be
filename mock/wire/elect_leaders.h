/*
 * ElectLeaders (api 43), versions 0 to 2: partitions get their preferred leader back, or an
 * unclean one.
 */
#pragma once
#include "mock/wire/message.h"

struct mock_elect_leaders_topic {
    struct base_slice name;
    int32_t *partitions;
    size_t partition_count;
};

struct mock_elect_leaders_request {
    int8_t election_type; /* v1+; 0: the preferred leader, 1: an unclean one */
    struct mock_elect_leaders_topic *topics;
    size_t topic_count;
    bool all_topics; /* the list is null */
    int32_t timeout_ms;
};

struct mock_elect_leaders_partition_result {
    int32_t index;
    int16_t error_code;
    struct base_slice error_message; /* null possible */
};

struct mock_elect_leaders_topic_result {
    struct base_slice name;
    struct mock_elect_leaders_partition_result *partitions;
    size_t partition_count;
};

struct mock_elect_leaders_response {
    int32_t throttle_time_ms;
    int16_t error_code; /* v1+ */
    struct mock_elect_leaders_topic_result *topics;
    size_t topic_count;
};

int mock_elect_leaders_request_decode(struct base_reader *r, int16_t version,
                                      struct base_arena *arena,
                                      struct mock_elect_leaders_request *ret_request) BASE_MUST_USE;
void mock_elect_leaders_request_encode(struct base_builder *b, int16_t version,
                                       const struct mock_elect_leaders_request *request);
int mock_elect_leaders_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_elect_leaders_response *ret_response) BASE_MUST_USE;
void mock_elect_leaders_response_encode(struct base_builder *b, int16_t version,
                                        const struct mock_elect_leaders_response *response);
