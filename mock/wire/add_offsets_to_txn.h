/* AddOffsetsToTxn (api 25), versions 0 to 4: the offsets of a group join a transaction. */
#pragma once
#include "mock/wire/message.h"

struct mock_add_offsets_to_txn_request {
    struct base_slice transactional_id;
    int64_t producer_id;
    int16_t producer_epoch;
    struct base_slice group_id;
};

struct mock_add_offsets_to_txn_response {
    int32_t throttle_time_ms;
    int16_t error_code;
};

int mock_add_offsets_to_txn_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_add_offsets_to_txn_request *ret_request) BASE_MUST_USE;
void mock_add_offsets_to_txn_request_encode(struct base_builder *b, int16_t version,
                                            const struct mock_add_offsets_to_txn_request *request);

int mock_add_offsets_to_txn_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_add_offsets_to_txn_response *ret_response) BASE_MUST_USE;
void mock_add_offsets_to_txn_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_add_offsets_to_txn_response *response);
