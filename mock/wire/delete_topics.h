/* DeleteTopics (api 20), versions 1 to 6: topics go, by name or (v6) by id. */
#pragma once
#include "mock/wire/message.h"

struct mock_delete_topic {
    struct base_slice name; /* v6: null when the id names it */
    struct mock_uuid id;    /* v6; zero when the name names it */
};

struct mock_delete_topics_request {
    struct mock_delete_topic *topics;
    size_t topic_count;
    int32_t timeout_ms;
};

struct mock_deleted_topic {
    struct base_slice name; /* v6: null possible */
    struct mock_uuid id;    /* v6, else zero */
    int16_t error_code;
    struct base_slice error_message; /* null possible */
};

struct mock_delete_topics_response {
    int32_t throttle_time_ms;
    struct mock_deleted_topic *topics;
    size_t topic_count;
};

int mock_delete_topics_request_decode(struct base_reader *r, int16_t version,
                                      struct base_arena *arena,
                                      struct mock_delete_topics_request *ret_request) BASE_MUST_USE;
void mock_delete_topics_request_encode(struct base_builder *b, int16_t version,
                                       const struct mock_delete_topics_request *request);
int mock_delete_topics_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_delete_topics_response *ret_response) BASE_MUST_USE;
void mock_delete_topics_response_encode(struct base_builder *b, int16_t version,
                                        const struct mock_delete_topics_response *response);
