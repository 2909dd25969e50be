/* ApiVersions: see api_versions.h. */
#include "mock/wire/api_versions.h"

#include "mock/wire/error_names.h"
#include "mock/wire/primitive.h"

static void get_request(struct mock_decoder *d, struct mock_api_versions_request *p) {
    p->client_software_name = d->version >= 3 ? mock_get_string(d) : base_slice_str("");
    p->client_software_version = d->version >= 3 ? mock_get_string(d) : base_slice_str("");
    p->cluster_id = d->version >= 5 ? mock_get_nullable_string(d) : BASE_SLICE_NULL;
    p->node_id = d->version >= 5 ? base_read_i32(d->r) : -1;
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_api_versions_request *p) {
    if (e->version >= 3) {
        mock_put_string(e, p->client_software_name);
        mock_put_string(e, p->client_software_version);
    }
    if (e->version >= 5) {
        mock_put_nullable_string(e, p->cluster_id);
        base_put_i32(e->b, p->node_id);
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

enum { TAG_SUPPORTED = 0, TAG_FINALIZED_EPOCH = 1, TAG_FINALIZED = 2, TAG_ZK_MIGRATION = 3 };

static bool get_response_tag(struct mock_decoder *d, uint32_t tag, void *message) {
    struct mock_api_versions_response *p = message;
    switch (tag) {
    case TAG_SUPPORTED:
        p->supported = mock_get_array(d, sizeof(*p->supported), 6, &p->supported_count);
        for (size_t i = 0; i < p->supported_count; i++) {
            p->supported[i].name = mock_get_string(d);
            p->supported[i].min_version = base_read_i16(d->r);
            p->supported[i].max_version = base_read_i16(d->r);
            mock_get_tags(d);
        }
        return true;
    case TAG_FINALIZED_EPOCH:
        p->finalized_epoch = base_read_i64(d->r);
        return true;
    case TAG_FINALIZED:
        p->finalized = mock_get_array(d, sizeof(*p->finalized), 6, &p->finalized_count);
        for (size_t i = 0; i < p->finalized_count; i++) {
            p->finalized[i].name = mock_get_string(d);
            p->finalized[i].max_level = base_read_i16(d->r);
            p->finalized[i].min_level = base_read_i16(d->r);
            mock_get_tags(d);
        }
        return true;
    case TAG_ZK_MIGRATION:
        p->zk_migration_ready = base_read_bool(d->r);
        return true;
    default:
        return false;
    }
}

static void put_supported(struct mock_encoder *e, const struct mock_api_versions_response *p) {
    size_t begun = mock_put_tag_begin(e, TAG_SUPPORTED);
    mock_put_count(e, p->supported_count);
    for (size_t i = 0; i < p->supported_count; i++) {
        mock_put_string(e, p->supported[i].name);
        base_put_i16(e->b, p->supported[i].min_version);
        base_put_i16(e->b, p->supported[i].max_version);
        mock_put_tags(e);
    }
    mock_put_tag_end(e, begun);
}

static void put_finalized(struct mock_encoder *e, const struct mock_api_versions_response *p) {
    size_t begun = mock_put_tag_begin(e, TAG_FINALIZED);
    mock_put_count(e, p->finalized_count);
    for (size_t i = 0; i < p->finalized_count; i++) {
        mock_put_string(e, p->finalized[i].name);
        base_put_i16(e->b, p->finalized[i].max_level);
        base_put_i16(e->b, p->finalized[i].min_level);
        mock_put_tags(e);
    }
    mock_put_tag_end(e, begun);
}

static void put_response_tags(struct mock_encoder *e, const struct mock_api_versions_response *p) {
    if (!e->flexible) {
        return;
    }
    mock_put_tag_count(e, (uint32_t)((p->supported_count > 0) + (p->finalized_epoch != -1) +
                                     (p->finalized_count > 0) + p->zk_migration_ready));
    if (p->supported_count > 0) {
        put_supported(e, p);
    }
    if (p->finalized_epoch != -1) {
        size_t begun = mock_put_tag_begin(e, TAG_FINALIZED_EPOCH);
        base_put_i64(e->b, p->finalized_epoch);
        mock_put_tag_end(e, begun);
    }
    if (p->finalized_count > 0) {
        put_finalized(e, p);
    }
    if (p->zk_migration_ready) {
        size_t begun = mock_put_tag_begin(e, TAG_ZK_MIGRATION);
        base_put_bool(e->b, true);
        mock_put_tag_end(e, begun);
    }
}

static void get_response(struct mock_decoder *d, struct mock_api_versions_response *p) {
    p->error_code = base_read_i16(d->r);
    p->ranges = mock_get_array(d, sizeof(*p->ranges), 6, &p->range_count);
    for (size_t i = 0; i < p->range_count; i++) {
        get_api_range(d, &p->ranges[i]);
    }
    p->throttle_time_ms = d->version >= 1 ? base_read_i32(d->r) : 0;
    p->finalized_epoch = -1;
    mock_get_known_tags(d, get_response_tag, p);
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
    put_response_tags(e, p);
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
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_API_VERSIONS, version);
    put_response(&e, response);
}

void mock_api_versions_unsupported_encode(struct base_builder *b, int16_t min_version,
                                          int16_t max_version) {
    struct mock_api_range range = {MOCK_API_API_VERSIONS, min_version, max_version};
    struct mock_api_versions_response response = MOCK_API_VERSIONS_RESPONSE_INIT;
    response.error_code = MOCK_ERROR_UNSUPPORTED_VERSION;
    response.ranges = &range;
    response.range_count = 1;
    mock_api_versions_response_encode(b, 0, &response);
}
