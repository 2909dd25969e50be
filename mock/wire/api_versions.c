/* ApiVersions: see api_versions.h. */
#include "mock/wire/api_versions.h"

#include "mock/wire/error_names.h"
#include "mock/wire/primitive.h"

static void get_request(struct mock_decoder *d, struct mock_api_versions_request *p) {
    p->client_software_name = d->version >= 3 ? mock_get_string(d) : base_slice_str("");
    p->client_software_version = d->version >= 3 ? mock_get_string(d) : base_slice_str("");
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_api_versions_request *p) {
    if (e->version >= 3) {
        mock_put_string(e, p->client_software_name);
        mock_put_string(e, p->client_software_version);
    }
    mock_put_tags(e);
}

int mock_api_versions_request_decode(struct base_reader *r, int16_t version,
                                     struct base_arena *arena,
                                     struct mock_api_versions_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_API_VERSIONS, version);
    struct mock_api_versions_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_api_versions_request_encode(struct base_builder *b, int16_t version,
                                      const struct mock_api_versions_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_API_VERSIONS, version);
    put_request(&e, request);
}

static void get_api_range(struct mock_decoder *d, struct mock_api_range *p) {
    p->api_key = base_read_i16(d->r);
    p->min_version = base_read_i16(d->r);
    p->max_version = base_read_i16(d->r);
    mock_get_tags(d);
}

static void put_api_range(struct mock_encoder *e, const struct mock_api_range *p) {
    base_put_i16(e->b, p->api_key);
    base_put_i16(e->b, p->min_version);
    base_put_i16(e->b, p->max_version);
    mock_put_tags(e);
}

static void get_response(struct mock_decoder *d, struct mock_api_versions_response *p) {
    p->error_code = base_read_i16(d->r);
    p->ranges = mock_get_array(d, sizeof(*p->ranges), 6, &p->range_count);
    for (size_t i = 0; i < p->range_count; i++) {
        get_api_range(d, &p->ranges[i]);
    }
    p->throttle_time_ms = d->version >= 1 ? base_read_i32(d->r) : 0;
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e, const struct mock_api_versions_response *p) {
    base_put_i16(e->b, p->error_code);
    mock_put_count(e, p->range_count);
    for (size_t i = 0; i < p->range_count; i++) {
        put_api_range(e, &p->ranges[i]);
    }
    if (e->version >= 1) {
        base_put_i32(e->b, p->throttle_time_ms);
    }
    mock_put_tags(e);
}

int mock_api_versions_response_decode(struct base_reader *r, int16_t version,
                                      struct base_arena *arena,
                                      struct mock_api_versions_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_API_VERSIONS, version);
    struct mock_api_versions_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_api_versions_response_encode(struct base_builder *b, int16_t version,
                                       const struct mock_api_versions_response *response) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_API_VERSIONS, version);
    put_response(&e, response);
}

void mock_api_versions_unsupported_encode(struct base_builder *b, int16_t min_version,
                                          int16_t max_version) {
    struct mock_api_range range = {MOCK_API_API_VERSIONS, min_version, max_version};
    struct mock_api_versions_response response = {MOCK_ERROR_UNSUPPORTED_VERSION, &range, 1, 0};
    mock_api_versions_response_encode(b, 0, &response);
}
