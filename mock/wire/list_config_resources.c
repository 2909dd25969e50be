/* ListConfigResources: see list_config_resources.h. */
#include "mock/wire/list_config_resources.h"

#include "mock/wire/primitive.h"

static void get_list_config_resources_request(struct mock_decoder *d,
                                              struct mock_list_config_resources_request *p) {
    if (d->version >= 1) {
        p->types = mock_get_array(d, sizeof(*p->types), 1, &p->type_count);
    }
    for (size_t i = 0; i < p->type_count; i++) {
        p->types[i] = base_read_i8(d->r);
    }
    mock_get_tags(d);
}

static void put_list_config_resources_request(struct mock_encoder *e,
                                              const struct mock_list_config_resources_request *p) {
    if (e->version >= 1) {
        mock_put_count(e, p->type_count);
        for (size_t i = 0; i < p->type_count; i++) {
            base_put_i8(e->b, p->types[i]);
        }
    }
    mock_put_tags(e);
}

int mock_list_config_resources_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_list_config_resources_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_LIST_CONFIG_RESOURCES, version);
    struct mock_list_config_resources_request request = {0};
    get_list_config_resources_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_list_config_resources_request_encode(
    struct base_builder *b, int16_t version,
    const struct mock_list_config_resources_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_LIST_CONFIG_RESOURCES, version);
    put_list_config_resources_request(&e, request);
}

static void get_config_resource(struct mock_decoder *d, struct mock_config_resource *p) {
    p->name = mock_get_string(d);
    p->type = d->version >= 1 ? base_read_i8(d->r) : MOCK_RESOURCE_CLIENT_METRICS;
    mock_get_tags(d);
}

static void put_config_resource(struct mock_encoder *e, const struct mock_config_resource *p) {
    mock_put_string(e, p->name);
    if (e->version >= 1) {
        base_put_i8(e->b, p->type);
    }
    mock_put_tags(e);
}

static void get_list_config_resources_response(struct mock_decoder *d,
                                               struct mock_list_config_resources_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->error_code = base_read_i16(d->r);
    p->resources = mock_get_array(d, sizeof(*p->resources), 2, &p->resource_count);
    for (size_t i = 0; i < p->resource_count; i++) {
        get_config_resource(d, &p->resources[i]);
    }
    mock_get_tags(d);
}

static void
put_list_config_resources_response(struct mock_encoder *e,
                                   const struct mock_list_config_resources_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    base_put_i16(e->b, p->error_code);
    mock_put_count(e, p->resource_count);
    for (size_t i = 0; i < p->resource_count; i++) {
        put_config_resource(e, &p->resources[i]);
    }
    mock_put_tags(e);
}

int mock_list_config_resources_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_list_config_resources_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_LIST_CONFIG_RESOURCES, version);
    struct mock_list_config_resources_response response = {0};
    get_list_config_resources_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_list_config_resources_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_list_config_resources_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_LIST_CONFIG_RESOURCES, version);
    put_list_config_resources_response(&e, response);
}
