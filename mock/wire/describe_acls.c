/* DescribeAcls: see describe_acls.h. */
#include "mock/wire/describe_acls.h"

static void get_request(struct mock_decoder *d, struct mock_describe_acls_request *p) {
    mock_get_acl_filter(d, &p->filter);
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_describe_acls_request *p) {
    mock_put_acl_filter(e, &p->filter);
    mock_put_tags(e);
}

int mock_describe_acls_request_decode(struct base_reader *r, int16_t version,
                                      struct base_arena *arena,
                                      struct mock_describe_acls_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_DESCRIBE_ACLS, version);
    struct mock_describe_acls_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_describe_acls_request_encode(struct base_builder *b, int16_t version,
                                       const struct mock_describe_acls_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DESCRIBE_ACLS, version);
    put_request(&e, request);
}

static void get_acl_description(struct mock_decoder *d, struct mock_acl_description *p) {
    p->principal = mock_get_string(d);
    p->host = mock_get_string(d);
    p->operation = base_read_i8(d->r);
    p->permission = base_read_i8(d->r);
    mock_get_tags(d);
}

static void put_acl_description(struct mock_encoder *e, const struct mock_acl_description *p) {
    mock_put_string(e, p->principal);
    mock_put_string(e, p->host);
    base_put_i8(e->b, p->operation);
    base_put_i8(e->b, p->permission);
    mock_put_tags(e);
}

static void get_acl_resource_description(struct mock_decoder *d,
                                         struct mock_acl_resource_description *p) {
    p->resource_type = base_read_i8(d->r);
    p->resource_name = mock_get_string(d);
    p->pattern_type = base_read_i8(d->r);
    p->acls = mock_get_array(d, sizeof(*p->acls), 4, &p->acl_count);
    for (size_t i = 0; i < p->acl_count; i++) {
        get_acl_description(d, &p->acls[i]);
    }
    mock_get_tags(d);
}

static void put_acl_resource_description(struct mock_encoder *e,
                                         const struct mock_acl_resource_description *p) {
    base_put_i8(e->b, p->resource_type);
    mock_put_string(e, p->resource_name);
    base_put_i8(e->b, p->pattern_type);
    mock_put_count(e, p->acl_count);
    for (size_t i = 0; i < p->acl_count; i++) {
        put_acl_description(e, &p->acls[i]);
    }
    mock_put_tags(e);
}

static void get_response(struct mock_decoder *d, struct mock_describe_acls_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->error_code = base_read_i16(d->r);
    p->error_message = mock_get_nullable_string(d);
    p->resources = mock_get_array(d, sizeof(*p->resources), 4, &p->resource_count);
    for (size_t i = 0; i < p->resource_count; i++) {
        get_acl_resource_description(d, &p->resources[i]);
    }
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e, const struct mock_describe_acls_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    base_put_i16(e->b, p->error_code);
    mock_put_nullable_string(e, p->error_message);
    mock_put_count(e, p->resource_count);
    for (size_t i = 0; i < p->resource_count; i++) {
        put_acl_resource_description(e, &p->resources[i]);
    }
    mock_put_tags(e);
}

int mock_describe_acls_response_decode(struct base_reader *r, int16_t version,
                                       struct base_arena *arena,
                                       struct mock_describe_acls_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_DESCRIBE_ACLS, version);
    struct mock_describe_acls_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_describe_acls_response_encode(struct base_builder *b, int16_t version,
                                        const struct mock_describe_acls_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DESCRIBE_ACLS, version);
    put_response(&e, response);
}
