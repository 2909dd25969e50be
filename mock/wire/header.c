/* The headers before each body: see header.h. */
#include "mock/wire/header.h"

#include "mock/wire/primitive.h"

static bool request_is_flexible(int16_t api_key, int16_t version) {
    const struct mock_api_info *api = mock_api_find(api_key);
    return api && mock_api_is_flexible(api, version);
}

static bool response_is_flexible(int16_t api_key, int16_t version) {
    return api_key != MOCK_API_API_VERSIONS && request_is_flexible(api_key, version);
}

int mock_request_header_decode(struct base_reader *r, struct mock_request_header *ret_header) {
    struct mock_request_header header = {0, 0, 0, BASE_SLICE_NULL};
    header.api_key = base_read_i16(r);
    header.api_version = base_read_i16(r);
    header.correlation_id = base_read_i32(r);
    /* The client id keeps its 16-bit length even in flexible headers; only the tags are new. */
    struct mock_decoder d = {r, NULL, header.api_version, false};
    header.client_id = mock_get_nullable_string(&d);
    d.flexible = request_is_flexible(header.api_key, header.api_version);
    mock_get_tags(&d);
    if (!base_reader_ok(r)) {
        return r->failed;
    }
    *ret_header = header;
    return 0;
}

void mock_request_header_encode(struct base_builder *b, const struct mock_request_header *header) {
    base_put_i16(b, header->api_key);
    base_put_i16(b, header->api_version);
    base_put_i32(b, header->correlation_id);
    struct mock_encoder e = {b, header->api_version, false};
    mock_put_nullable_string(&e, header->client_id);
    e.flexible = request_is_flexible(header->api_key, header->api_version);
    mock_put_tags(&e);
}

int mock_response_header_decode(struct base_reader *r, int16_t api_key, int16_t api_version,
                                int32_t *ret_correlation_id) {
    int32_t correlation_id = base_read_i32(r);
    struct mock_decoder d = {r, NULL, api_version, response_is_flexible(api_key, api_version)};
    mock_get_tags(&d);
    if (!base_reader_ok(r)) {
        return r->failed;
    }
    *ret_correlation_id = correlation_id;
    return 0;
}

void mock_response_header_encode(struct base_builder *b, int16_t api_key, int16_t api_version,
                                 int32_t correlation_id) {
    base_put_i32(b, correlation_id);
    struct mock_encoder e = {b, api_version, response_is_flexible(api_key, api_version)};
    mock_put_tags(&e);
}
