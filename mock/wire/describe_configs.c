/* DescribeConfigs: see describe_configs.h. */
#include "mock/wire/describe_configs.h"

#include "mock/wire/primitive.h"

static void get_resource(struct mock_decoder *d, struct mock_describe_configs_resource *p) {
    p->type = base_read_i8(d->r);
    p->name = mock_get_string(d);
    p->keys = mock_get_nullable_array(d, sizeof(*p->keys), 1, &p->key_count, &p->all_keys);
    for (size_t i = 0; i < p->key_count; i++) {
        p->keys[i] = mock_get_string(d);
    }
    mock_get_tags(d);
}

static void put_resource(struct mock_encoder *e, const struct mock_describe_configs_resource *p) {
    base_put_i8(e->b, p->type);
    mock_put_string(e, p->name);
    if (p->all_keys) {
        mock_put_null_array(e);
    } else {
        mock_put_string_array(e, p->keys, p->key_count);
    }
    mock_put_tags(e);
}

static void get_request(struct mock_decoder *d, struct mock_describe_configs_request *p) {
    p->resources = mock_get_array(d, sizeof(*p->resources), 4, &p->resource_count);
    for (size_t i = 0; i < p->resource_count; i++) {
        get_resource(d, &p->resources[i]);
    }
    p->include_synonyms = base_read_bool(d->r);
    p->include_documentation = d->version >= 3 ? base_read_bool(d->r) : false;
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_describe_configs_request *p) {
    mock_put_count(e, p->resource_count);
    for (size_t i = 0; i < p->resource_count; i++) {
        put_resource(e, &p->resources[i]);
    }
    base_put_bool(e->b, p->include_synonyms);
    if (e->version >= 3) {
        base_put_bool(e->b, p->include_documentation);
    }
    mock_put_tags(e);
}

int mock_describe_configs_request_decode(struct base_reader *r, int16_t version,
                                         struct base_arena *arena,
                                         struct mock_describe_configs_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_DESCRIBE_CONFIGS, version);
    struct mock_describe_configs_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_describe_configs_request_encode(struct base_builder *b, int16_t version,
                                          const struct mock_describe_configs_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DESCRIBE_CONFIGS, version);
    put_request(&e, request);
}

static void get_config_synonym(struct mock_decoder *d, struct mock_config_synonym *p) {
    p->name = mock_get_string(d);
    p->value = mock_get_nullable_string(d);
    p->source = base_read_i8(d->r);
    mock_get_tags(d);
}

static void put_config_synonym(struct mock_encoder *e, const struct mock_config_synonym *p) {
    mock_put_string(e, p->name);
    mock_put_nullable_string(e, p->value);
    base_put_i8(e->b, p->source);
    mock_put_tags(e);
}

static void get_described_config(struct mock_decoder *d, struct mock_described_config *p) {
    p->name = mock_get_string(d);
    p->value = mock_get_nullable_string(d);
    p->read_only = base_read_bool(d->r);
    p->source = base_read_i8(d->r);
    p->is_sensitive = base_read_bool(d->r);
    p->synonyms = mock_get_array(d, sizeof(*p->synonyms), 4, &p->synonym_count);
    for (size_t i = 0; i < p->synonym_count; i++) {
        get_config_synonym(d, &p->synonyms[i]);
    }
    p->type = d->version >= 3 ? base_read_i8(d->r) : 0;
    p->documentation = d->version >= 3 ? mock_get_nullable_string(d) : BASE_SLICE_NULL;
    mock_get_tags(d);
}

static void put_described_config(struct mock_encoder *e, const struct mock_described_config *p) {
    mock_put_string(e, p->name);
    mock_put_nullable_string(e, p->value);
    base_put_bool(e->b, p->read_only);
    base_put_i8(e->b, p->source);
    base_put_bool(e->b, p->is_sensitive);
    mock_put_count(e, p->synonym_count);
    for (size_t i = 0; i < p->synonym_count; i++) {
        put_config_synonym(e, &p->synonyms[i]);
    }
    if (e->version >= 3) {
        base_put_i8(e->b, p->type);
        mock_put_nullable_string(e, p->documentation);
    }
    mock_put_tags(e);
}

static void get_described_resource(struct mock_decoder *d, struct mock_described_resource *p) {
    p->error_code = base_read_i16(d->r);
    p->error_message = mock_get_nullable_string(d);
    p->type = base_read_i8(d->r);
    p->name = mock_get_string(d);
    p->configs = mock_get_array(d, sizeof(*p->configs), 9, &p->config_count);
    for (size_t i = 0; i < p->config_count; i++) {
        get_described_config(d, &p->configs[i]);
    }
    mock_get_tags(d);
}

static void put_described_resource(struct mock_encoder *e,
                                   const struct mock_described_resource *p) {
    base_put_i16(e->b, p->error_code);
    mock_put_nullable_string(e, p->error_message);
    base_put_i8(e->b, p->type);
    mock_put_string(e, p->name);
    mock_put_count(e, p->config_count);
    for (size_t i = 0; i < p->config_count; i++) {
        put_described_config(e, &p->configs[i]);
    }
    mock_put_tags(e);
}

static void get_response(struct mock_decoder *d, struct mock_describe_configs_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->resources = mock_get_array(d, sizeof(*p->resources), 7, &p->resource_count);
    for (size_t i = 0; i < p->resource_count; i++) {
        get_described_resource(d, &p->resources[i]);
    }
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e, const struct mock_describe_configs_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    mock_put_count(e, p->resource_count);
    for (size_t i = 0; i < p->resource_count; i++) {
        put_described_resource(e, &p->resources[i]);
    }
    mock_put_tags(e);
}

int mock_describe_configs_response_decode(struct base_reader *r, int16_t version,
                                          struct base_arena *arena,
                                          struct mock_describe_configs_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_DESCRIBE_CONFIGS, version);
    struct mock_describe_configs_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_describe_configs_response_encode(struct base_builder *b, int16_t version,
                                           const struct mock_describe_configs_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DESCRIBE_CONFIGS, version);
    put_response(&e, response);
}
