/* DeleteRecords (api 21), versions 0 to 2: the log starts of partitions move up. */
#pragma once
#include "mock/wire/message.h"

struct mock_delete_records_partition {
    int32_t index;
    int64_t offset; /* the first that stays; -1: the high watermark */
};

struct mock_delete_records_topic {
    struct base_slice name;
    struct mock_delete_records_partition *partitions;
    size_t partition_count;
};

struct mock_delete_records_request {
    struct mock_delete_records_topic *topics;
    size_t topic_count;
    int32_t timeout_ms;
};

struct mock_delete_records_partition_result {
    int32_t index;
    int64_t low_watermark; /* the log start now; -1 with an error */
    int16_t error_code;
};

struct mock_delete_records_topic_result {
    struct base_slice name;
    struct mock_delete_records_partition_result *partitions;
    size_t partition_count;
};

struct mock_delete_records_response {
    int32_t throttle_time_ms;
    struct mock_delete_records_topic_result *topics;
    size_t topic_count;
};

int mock_delete_records_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_delete_records_request *ret_request) BASE_MUST_USE;
void mock_delete_records_request_encode(struct base_builder *b, int16_t version,
                                        const struct mock_delete_records_request *request);
int mock_delete_records_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_delete_records_response *ret_response) BASE_MUST_USE;
void mock_delete_records_response_encode(struct base_builder *b, int16_t version,
                                         const struct mock_delete_records_response *response);
