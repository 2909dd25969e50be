/*
 * The headers before each body: of requests (version 1, or 2 with flexible APIs) and of responses
 * (version 0, or 1 with flexible APIs; ApiVersions' is always 0, so that any client can read it).
 * The frame's length (frame.h) is not part of them.
 */
#pragma once
#include "mock/wire/message.h"

struct mock_request_header {
    int16_t api_key;
    int16_t api_version;
    int32_t correlation_id;
    struct base_slice client_id; /* null possible */
};

/* Reads the header and leaves the reader at the body. The API and the version need not be served:
 * the caller looks with mock_api_find. An unknown API is read with header version 1. Returns 0 or
 * a negative enum base_code. */
int mock_request_header_decode(struct base_reader *r, struct mock_request_header *ret_header)
    BASE_MUST_USE;
void mock_request_header_encode(struct base_builder *b, const struct mock_request_header *header);

/* The header of the response to a request of this API and version. */
int mock_response_header_decode(struct base_reader *r, int16_t api_key, int16_t api_version,
                                int32_t *ret_correlation_id) BASE_MUST_USE;
void mock_response_header_encode(struct base_builder *b, int16_t api_key, int16_t api_version,
                                 int32_t correlation_id);
