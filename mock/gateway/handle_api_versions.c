/* ApiVersions: the APIs and versions that are served, and the features (features.h). */
#include "mock/gateway/features.h"
#include "mock/gateway/handlers.h"
#include "mock/wire/api_versions.h"

#define FIRST_SOFTWARE_VERSION 3
/* Before it, clients refuse a feature whose least version is 0 (KAFKA-17011). */
#define FIRST_ZERO_FEATURE_VERSION 4
#define FIRST_IDENTITY_VERSION 5

/* Never changes while the broker lives. */
#define FINALIZED_EPOCH 1

/* Kafka serves Produce from 3 on, and tells of 0 because librdkafka takes a broker without it for
 * one of before 0.10 (KAFKA-18659). */
#define PRODUCE_TOLD_FROM 0

static bool is_word_byte(uint8_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* KIP-511: letters and digits, within them also '-' and '.'. */
static bool is_software_name(struct base_slice s) {
    for (size_t i = 0; i < s.len; i++) {
        bool inner = i > 0 && i + 1 < s.len && (s.data[i] == '-' || s.data[i] == '.');
        if (!inner && !is_word_byte(s.data[i])) {
            return false;
        }
    }
    return s.len > 0;
}

/* KIP-1242: a client that has come to another cluster, or to another broker, than it meant starts
 * again from its bootstrap addresses. It names both or neither. */
static int16_t check_identity(const struct mock_request *r,
                              const struct mock_api_versions_request *request) {
    bool named = !base_slice_is_null(request->cluster_id);
    if (named != (request->node_id >= 0)) {
        return MOCK_ERROR_INVALID_REQUEST;
    }
    bool meant = !named || (base_slice_equal_str(request->cluster_id, MOCK_CLUSTER_ID) &&
                            request->node_id == r->connection->node);
    return meant ? MOCK_ERROR_NONE : MOCK_ERROR_REBOOTSTRAP_REQUIRED;
}

int mock_api_versions_decode(struct mock_request *r, struct base_reader *body) {
    struct mock_api_versions_request request;
    int16_t version = r->header.api_version;
    int rc = mock_api_versions_request_decode(body, version, &r->arena, &request);
    if (rc < 0) {
        return rc;
    }
    if (version >= FIRST_SOFTWARE_VERSION && (!is_software_name(request.client_software_name) ||
                                              !is_software_name(request.client_software_version))) {
        r->error = MOCK_ERROR_INVALID_REQUEST;
    } else if (version >= FIRST_IDENTITY_VERSION) {
        r->error = check_identity(r, &request);
    }
    return 0;
}

static void fill_ranges(struct mock_request *r, struct mock_api_versions_response *out) {
    size_t count;
    const struct mock_handler *all = mock_handler_all(&count);
    out->ranges = base_arena_alloc_array(&r->arena, count, sizeof(*out->ranges));
    for (size_t i = 0; out->ranges && i < count; i++) {
        const struct mock_api_info *info = mock_api_find(all[i].api);
        bool produce = all[i].api == MOCK_API_PRODUCE;
        out->ranges[i] = (struct mock_api_range){
            .api_key = all[i].api,
            .min_version = produce ? PRODUCE_TOLD_FROM : info->min_version,
            .max_version =
                info->max_version < all[i].max_version ? info->max_version : all[i].max_version,
        };
        out->range_count = count;
    }
}

static void fill_features(struct mock_request *r, struct mock_api_versions_response *out) {
    size_t count;
    const struct mock_feature *features = mock_features(&count);
    out->supported = base_arena_alloc_array(&r->arena, count, sizeof(*out->supported));
    out->finalized = base_arena_alloc_array(&r->arena, count, sizeof(*out->finalized));
    out->finalized_epoch = FINALIZED_EPOCH;
    for (size_t i = 0; out->supported && out->finalized && i < count; i++) {
        const struct mock_feature *f = &features[i];
        struct base_slice name = base_slice_str(f->name);
        if (f->min_version > 0 || r->header.api_version >= FIRST_ZERO_FEATURE_VERSION) {
            out->supported[out->supported_count++] =
                (struct mock_supported_feature){name, f->min_version, f->max_version};
        }
        int16_t level = mock_feature_level(&r->connection->broker->settings, f);
        if (level > 0) {
            out->finalized[out->finalized_count++] =
                (struct mock_finalized_feature){name, level, level};
        }
    }
}

static void encode(struct mock_request *r, int16_t error) {
    struct mock_api_versions_response response = MOCK_API_VERSIONS_RESPONSE_INIT;
    response.error_code = error;
    response.throttle_time_ms = r->throttle_ms;
    if (!error) {
        fill_ranges(r, &response);
        fill_features(r, &response);
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_api_versions_response_encode(b, r->header.api_version, &response);
}

void mock_api_versions_refuse(struct mock_request *r, int16_t error) {
    encode(r, error);
}

void mock_api_versions_apply(struct mock_request *r) {
    encode(r, r->error);
    if (!r->error) {
        mock_login_versions_told(r->connection);
    }
    mock_request_answered(r, r->error);
}
