/* ListTransactions (api 66), versions 0 to 2: the transactional ids that a coordinator has. */
#pragma once
#include "mock/wire/message.h"

struct mock_list_transactions_request {
    struct base_slice *states; /* none: all */
    size_t state_count;
    int64_t *producer_ids; /* none: all */
    size_t producer_id_count;
    int64_t duration_ms;                        /* v1+, else -1: all */
    struct base_slice transactional_id_pattern; /* v2+: RE2; null possible */
};

struct mock_listed_transaction {
    struct base_slice transactional_id;
    int64_t producer_id;
    struct base_slice state;
};

struct mock_list_transactions_response {
    int32_t throttle_time_ms;
    int16_t error_code;
    struct base_slice *unknown_states;
    size_t unknown_state_count;
    struct mock_listed_transaction *transactions;
    size_t transaction_count;
};

int mock_list_transactions_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_list_transactions_request *ret_request) BASE_MUST_USE;
void mock_list_transactions_request_encode(struct base_builder *b, int16_t version,
                                           const struct mock_list_transactions_request *request);

int mock_list_transactions_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_list_transactions_response *ret_response) BASE_MUST_USE;
void mock_list_transactions_response_encode(struct base_builder *b, int16_t version,
                                            const struct mock_list_transactions_response *response);
