/* DescribeLogDirs (api 35), versions 1 to 5: the folders of a broker, and what lies in them. */
#pragma once
#include "mock/wire/message.h"

struct mock_log_dirs_topic {
    struct base_slice name;
    int32_t *partitions;
    size_t partition_count;
};

struct mock_describe_log_dirs_request {
    struct mock_log_dirs_topic *topics;
    size_t topic_count;
    bool all_topics; /* the list is null */
};

struct mock_log_dir_partition {
    int32_t index;
    int64_t size_bytes;
    int64_t offset_lag; /* of the log end behind the high watermark */
    bool is_future;
};

struct mock_log_dir_topic {
    struct base_slice name;
    struct mock_log_dir_partition *partitions;
    size_t partition_count;
};

struct mock_log_dir {
    int16_t error_code;
    struct base_slice path;
    struct mock_log_dir_topic *topics;
    size_t topic_count;
    int64_t total_bytes;  /* v4+, else -1 */
    int64_t usable_bytes; /* v4+, else -1 */
    bool is_cordoned;     /* v5 */
};

struct mock_describe_log_dirs_response {
    int32_t throttle_time_ms;
    int16_t error_code; /* v3+ */
    struct mock_log_dir *dirs;
    size_t dir_count;
};

int mock_describe_log_dirs_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_describe_log_dirs_request *ret_request) BASE_MUST_USE;
void mock_describe_log_dirs_request_encode(struct base_builder *b, int16_t version,
                                           const struct mock_describe_log_dirs_request *request);
int mock_describe_log_dirs_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_describe_log_dirs_response *ret_response) BASE_MUST_USE;
void mock_describe_log_dirs_response_encode(struct base_builder *b, int16_t version,
                                            const struct mock_describe_log_dirs_response *response);
