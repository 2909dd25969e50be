/* EndTxn (api 26), versions 0 to 5: commits or aborts a transaction. From 5 on every end raises the
 * producer's epoch, and the answer says the new one (KIP-890, "Transactions V2"). */
#pragma once
#include "mock/wire/message.h"

struct mock_end_txn_request {
    struct base_slice transactional_id;
    int64_t producer_id;
    int16_t producer_epoch;
    bool committed;
};

struct mock_end_txn_response {
    int32_t throttle_time_ms;
    int16_t error_code;
    int64_t producer_id;    /* v5+, else -1 */
    int16_t producer_epoch; /* v5+, else -1 */
};

int mock_end_txn_request_decode(struct base_reader *r, int16_t version, struct base_arena *arena,
                                struct mock_end_txn_request *ret_request) BASE_MUST_USE;
void mock_end_txn_request_encode(struct base_builder *b, int16_t version,
                                 const struct mock_end_txn_request *request);

int mock_end_txn_response_decode(struct base_reader *r, int16_t version, struct base_arena *arena,
                                 struct mock_end_txn_response *ret_response) BASE_MUST_USE;
void mock_end_txn_response_encode(struct base_builder *b, int16_t version,
                                  const struct mock_end_txn_response *response);
