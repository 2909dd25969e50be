/*
 * AddPartitionsToTxn (api 24), versions 0 to 5: partitions join a transaction. Versions 0 to 3 are
 * of clients, and a list of exactly one transaction; from 4 on brokers ask for several, and may ask
 * only whether the partitions are part of it (KIP-890).
 */
#pragma once
#include "mock/wire/message.h"

struct mock_txn_partitions {
    struct base_slice name;
    int32_t *partitions;
    size_t partition_count;
};

struct mock_txn_addition {
    struct base_slice transactional_id;
    int64_t producer_id;
    int16_t producer_epoch;
    bool verify_only; /* v4+: tells, adds nothing */
    struct mock_txn_partitions *topics;
    size_t topic_count;
};

struct mock_add_partitions_to_txn_request {
    struct mock_txn_addition *transactions; /* exactly one before v4 */
    size_t transaction_count;
};

struct mock_txn_partition_error {
    int32_t index;
    int16_t error_code;
};

struct mock_txn_topic_errors {
    struct base_slice name;
    struct mock_txn_partition_error *partitions;
    size_t partition_count;
};

struct mock_txn_addition_result {
    struct base_slice transactional_id; /* v4+, else empty */
    struct mock_txn_topic_errors *topics;
    size_t topic_count;
};

struct mock_add_partitions_to_txn_response {
    int32_t throttle_time_ms;
    int16_t error_code;                       /* v4+ */
    struct mock_txn_addition_result *results; /* exactly one before v4 */
    size_t result_count;
};

int mock_add_partitions_to_txn_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_add_partitions_to_txn_request *ret_request) BASE_MUST_USE;
void mock_add_partitions_to_txn_request_encode(
    struct base_builder *b, int16_t version,
    const struct mock_add_partitions_to_txn_request *request);

int mock_add_partitions_to_txn_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_add_partitions_to_txn_response *ret_response) BASE_MUST_USE;
void mock_add_partitions_to_txn_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_add_partitions_to_txn_response *response);
