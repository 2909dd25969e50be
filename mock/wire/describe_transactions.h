/* DescribeTransactions (api 65), version 0: the state of transactional ids. */
#pragma once
#include "mock/wire/message.h"

struct mock_describe_transactions_request {
    struct base_slice *transactional_ids;
    size_t transactional_id_count;
};

struct mock_described_txn_topic {
    struct base_slice name;
    int32_t *partitions;
    size_t partition_count;
};

struct mock_described_transaction {
    int16_t error_code;
    struct base_slice transactional_id;
    struct base_slice state;
    int32_t timeout_ms;
    int64_t start_time_ms; /* -1: never began */
    int64_t producer_id;
    int16_t producer_epoch;
    struct mock_described_txn_topic *topics;
    size_t topic_count;
};

struct mock_describe_transactions_response {
    int32_t throttle_time_ms;
    struct mock_described_transaction *transactions;
    size_t transaction_count;
};

int mock_describe_transactions_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_describe_transactions_request *ret_request) BASE_MUST_USE;
void mock_describe_transactions_request_encode(
    struct base_builder *b, int16_t version,
    const struct mock_describe_transactions_request *request);

int mock_describe_transactions_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_describe_transactions_response *ret_response) BASE_MUST_USE;
void mock_describe_transactions_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_describe_transactions_response *response);
