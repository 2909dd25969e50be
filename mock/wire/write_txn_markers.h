/* WriteTxnMarkers (api 27), versions 1 and 2: the coordinator has partitions end transactions. */
#pragma once
#include "mock/wire/message.h"

struct mock_write_txn_markers_topic {
    struct base_slice name;
    int32_t *partitions;
    size_t partition_count;
};

struct mock_write_txn_marker {
    int64_t producer_id;
    int16_t producer_epoch;
    bool committed;
    struct mock_write_txn_markers_topic *topics;
    size_t topic_count;
    int32_t coordinator_epoch;
    int8_t transaction_version; /* v2+, else 0 */
};

struct mock_write_txn_markers_request {
    struct mock_write_txn_marker *markers;
    size_t marker_count;
};

struct mock_write_txn_markers_partition_result {
    int32_t index;
    int16_t error_code;
};

struct mock_write_txn_markers_topic_result {
    struct base_slice name;
    struct mock_write_txn_markers_partition_result *partitions;
    size_t partition_count;
};

struct mock_write_txn_marker_result {
    int64_t producer_id;
    struct mock_write_txn_markers_topic_result *topics;
    size_t topic_count;
};

struct mock_write_txn_markers_response {
    struct mock_write_txn_marker_result *markers;
    size_t marker_count;
};

int mock_write_txn_markers_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_write_txn_markers_request *ret_request) BASE_MUST_USE;
void mock_write_txn_markers_request_encode(struct base_builder *b, int16_t version,
                                           const struct mock_write_txn_markers_request *request);

int mock_write_txn_markers_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_write_txn_markers_response *ret_response) BASE_MUST_USE;
void mock_write_txn_markers_response_encode(struct base_builder *b, int16_t version,
                                            const struct mock_write_txn_markers_response *response);
