/*
 * ApiVersions (api 18), versions 0 to 5: what the broker speaks. A request of a later version is
 * answered in version 0's form with UNSUPPORTED_VERSION; its body cannot be decoded.
 */
#pragma once
#include "mock/wire/message.h"

struct mock_api_versions_request {
    struct base_slice client_software_name;    /* v3+, else empty */
    struct base_slice client_software_version; /* v3+, else empty */
    struct base_slice cluster_id;              /* v5+, else null; null: not known */
    int32_t node_id;                           /* v5+, else -1; -1: not known */
};

struct mock_api_range {
    int16_t api_key;
    int16_t min_version;
    int16_t max_version;
};

struct mock_supported_feature {
    struct base_slice name;
    int16_t min_version;
    int16_t max_version;
};

/* What the whole cluster has agreed on. */
struct mock_finalized_feature {
    struct base_slice name;
    int16_t max_level;
    int16_t min_level;
};

struct mock_api_versions_response {
    int16_t error_code;
    struct mock_api_range *ranges;
    size_t range_count;
    int32_t throttle_time_ms; /* v1+ */
    /* Tagged, v3+. Before v4 a feature whose least version is 0 is left out by the broker, as old
     * clients refuse it (KAFKA-17011); that is not done here. */
    struct mock_supported_feature *supported;
    size_t supported_count;
    int64_t finalized_epoch; /* -1: not known, and then nothing is finalized */
    struct mock_finalized_feature *finalized;
    size_t finalized_count;
    bool zk_migration_ready;
};

#define MOCK_API_VERSIONS_RESPONSE_INIT                                                            \
    { .finalized_epoch = -1 }

/* The body that answers a request of an unknown version: version 0's form, error 35 and the one
 * range of ApiVersions itself, so that the client can ask again. */
void mock_api_versions_unsupported_encode(struct base_builder *b, int16_t min_version,
                                          int16_t max_version);

int mock_api_versions_request_decode(struct base_reader *r, int16_t version,
                                     struct base_arena *arena,
                                     struct mock_api_versions_request *ret_request) BASE_MUST_USE;
void mock_api_versions_request_encode(struct base_builder *b, int16_t version,
                                      const struct mock_api_versions_request *request);
int mock_api_versions_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_api_versions_response *ret_response) BASE_MUST_USE;
void mock_api_versions_response_encode(struct base_builder *b, int16_t version,
                                       const struct mock_api_versions_response *response);
