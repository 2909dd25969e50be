/* AlterConfigs: see alter_configs.h. */
#include "mock/wire/alter_configs.h"

#include "mock/wire/primitive.h"

static void get_alter_config(struct mock_decoder *d, struct mock_alter_config *p) {
    p->name = mock_get_string(d);
    p->value = mock_get_nullable_string(d);
    mock_get_tags(d);
}

static void put_alter_config(struct mock_encoder *e, const struct mock_alter_config *p) {
    mock_put_string(e, p->name);
    mock_put_nullable_string(e, p->value);
    mock_put_tags(e);
}

static void get_alter_configs_resource(struct mock_decoder *d,
                                       struct mock_alter_configs_resource *p) {
    p->type = base_read_i8(d->r);
    p->name = mock_get_string(d);
    p->configs = mock_get_array(d, sizeof(*p->configs), 3, &p->config_count);
    for (size_t i = 0; i < p->config_count; i++) {
        get_alter_config(d, &p->configs[i]);
    }
    mock_get_tags(d);
}

static void put_alter_configs_resource(struct mock_encoder *e,
                                       const struct mock_alter_configs_resource *p) {
    base_put_i8(e->b, p->type);
    mock_put_string(e, p->name);
    mock_put_count(e, p->config_count);
    for (size_t i = 0; i < p->config_count; i++) {
        put_alter_config(e, &p->configs[i]);
    }
    mock_put_tags(e);
}

static void get_alter_configs_request(struct mock_decoder *d,
                                      struct mock_alter_configs_request *p) {
    p->resources = mock_get_array(d, sizeof(*p->resources), 4, &p->resource_count);
    for (size_t i = 0; i < p->resource_count; i++) {
        get_alter_configs_resource(d, &p->resources[i]);
    }
    p->validate_only = base_read_bool(d->r);
    mock_get_tags(d);
}

static void put_alter_configs_request(struct mock_encoder *e,
                                      const struct mock_alter_configs_request *p) {
    mock_put_count(e, p->resource_count);
    for (size_t i = 0; i < p->resource_count; i++) {
        put_alter_configs_resource(e, &p->resources[i]);
    }
    base_put_bool(e->b, p->validate_only);
    mock_put_tags(e);
}

int mock_alter_configs_request_decode(struct base_reader *r, int16_t version,
                                      struct base_arena *arena,
                                      struct mock_alter_configs_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_ALTER_CONFIGS, version);
    struct mock_alter_configs_request request = {0};
    get_alter_configs_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_alter_configs_request_encode(struct base_builder *b, int16_t version,
                                       const struct mock_alter_configs_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_ALTER_CONFIGS, version);
    put_alter_configs_request(&e, request);
}

static void get_alter_configs_result(struct mock_decoder *d, struct mock_alter_configs_result *p) {
    p->error_code = base_read_i16(d->r);
    p->error_message = mock_get_nullable_string(d);
    p->type = base_read_i8(d->r);
    p->name = mock_get_string(d);
    mock_get_tags(d);
}

static void put_alter_configs_result(struct mock_encoder *e,
                                     const struct mock_alter_configs_result *p) {
    base_put_i16(e->b, p->error_code);
    mock_put_nullable_string(e, p->error_message);
    base_put_i8(e->b, p->type);
    mock_put_string(e, p->name);
    mock_put_tags(e);
}

static void get_alter_configs_response(struct mock_decoder *d,
                                       struct mock_alter_configs_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->resources = mock_get_array(d, sizeof(*p->resources), 6, &p->resource_count);
    for (size_t i = 0; i < p->resource_count; i++) {
        get_alter_configs_result(d, &p->resources[i]);
    }
    mock_get_tags(d);
}

static void put_alter_configs_response(struct mock_encoder *e,
                                       const struct mock_alter_configs_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    mock_put_count(e, p->resource_count);
    for (size_t i = 0; i < p->resource_count; i++) {
        put_alter_configs_result(e, &p->resources[i]);
    }
    mock_put_tags(e);
}

int mock_alter_configs_response_decode(struct base_reader *r, int16_t version,
                                       struct base_arena *arena,
                                       struct mock_alter_configs_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_ALTER_CONFIGS, version);
    struct mock_alter_configs_response response = {0};
    get_alter_configs_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_alter_configs_response_encode(struct base_builder *b, int16_t version,
                                        const struct mock_alter_configs_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_ALTER_CONFIGS, version);
    put_alter_configs_response(&e, response);
}
