/* CreatePartitions (api 37), versions 0 to 3: topics get more partitions. */
#pragma once
#include "mock/wire/message.h"

struct mock_create_partitions_assignment {
    int32_t *brokers;
    size_t broker_count;
};

struct mock_create_partitions_topic {
    struct base_slice name;
    int32_t count;                                         /* in all, not: more */
    struct mock_create_partitions_assignment *assignments; /* one a new partition */
    size_t assignment_count;
    bool automatic; /* the list is null */
};

struct mock_create_partitions_request {
    struct mock_create_partitions_topic *topics;
    size_t topic_count;
    int32_t timeout_ms;
    bool validate_only;
};

struct mock_create_partitions_result {
    struct base_slice name;
    int16_t error_code;
    struct base_slice error_message; /* null possible */
};

struct mock_create_partitions_response {
    int32_t throttle_time_ms;
    struct mock_create_partitions_result *topics;
    size_t topic_count;
};

int mock_create_partitions_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_create_partitions_request *ret_request) BASE_MUST_USE;
void mock_create_partitions_request_encode(struct base_builder *b, int16_t version,
                                           const struct mock_create_partitions_request *request);
int mock_create_partitions_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_create_partitions_response *ret_response) BASE_MUST_USE;
void mock_create_partitions_response_encode(struct base_builder *b, int16_t version,
                                            const struct mock_create_partitions_response *response);
