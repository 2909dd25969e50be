/* TxnOffsetCommit (api 28), versions 0 to 6: offsets of a group that hold when the transaction is
 * committed. Version 5 adds the group to the transaction by itself; 6 names topics by id. */
#pragma once
#include "mock/wire/message.h"

struct mock_txn_offset_commit_partition {
    int32_t index;
    int64_t offset;
    int32_t leader_epoch;       /* v2+, else -1 */
    struct base_slice metadata; /* null possible */
};

struct mock_txn_offset_commit_topic {
    struct base_slice name; /* v0 to v5 */
    struct mock_uuid id;    /* v6+ */
    struct mock_txn_offset_commit_partition *partitions;
    size_t partition_count;
};

struct mock_txn_offset_commit_request {
    struct base_slice transactional_id;
    struct base_slice group_id;
    int64_t producer_id;
    int16_t producer_epoch;
    int32_t generation_id;               /* v3+, else -1 */
    struct base_slice member_id;         /* v3+, else empty */
    struct base_slice group_instance_id; /* v3+; null possible */
    struct mock_txn_offset_commit_topic *topics;
    size_t topic_count;
};

struct mock_txn_offset_commit_partition_response {
    int32_t index;
    int16_t error_code;
};

struct mock_txn_offset_commit_topic_response {
    struct base_slice name; /* v0 to v5 */
    struct mock_uuid id;    /* v6+ */
    struct mock_txn_offset_commit_partition_response *partitions;
    size_t partition_count;
};

struct mock_txn_offset_commit_response {
    int32_t throttle_time_ms;
    struct mock_txn_offset_commit_topic_response *topics;
    size_t topic_count;
};

int mock_txn_offset_commit_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_txn_offset_commit_request *ret_request) BASE_MUST_USE;
void mock_txn_offset_commit_request_encode(struct base_builder *b, int16_t version,
                                           const struct mock_txn_offset_commit_request *request);

int mock_txn_offset_commit_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_txn_offset_commit_response *ret_response) BASE_MUST_USE;
void mock_txn_offset_commit_response_encode(struct base_builder *b, int16_t version,
                                            const struct mock_txn_offset_commit_response *response);
