/* InitProducerId (api 22), versions 0 to 5: a producer id and its epoch. */
#pragma once
#include "mock/wire/message.h"

struct mock_init_producer_id_request {
    struct base_slice transactional_id; /* null possible */
    int32_t transaction_timeout_ms;
    int64_t producer_id;    /* v3+, else -1 */
    int16_t producer_epoch; /* v3+, else -1 */
};

struct mock_init_producer_id_response {
    int32_t throttle_time_ms;
    int16_t error_code;
    int64_t producer_id;
    int16_t producer_epoch;
};

int mock_init_producer_id_request_decode(struct base_reader *r, int16_t version,
    struct base_arena *arena, struct mock_init_producer_id_request *ret_request) BASE_MUST_USE;
void mock_init_producer_id_request_encode(struct base_builder *b, int16_t version,
                                          const struct mock_init_producer_id_request *request);
int mock_init_producer_id_response_decode(struct base_reader *r, int16_t version,
    struct base_arena *arena, struct mock_init_producer_id_response *ret_response) BASE_MUST_USE;
void mock_init_producer_id_response_encode(struct base_builder *b, int16_t version,
                                           const struct mock_init_producer_id_response *response);
