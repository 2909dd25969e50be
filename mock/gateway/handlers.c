/* The APIs that the gateway serves, one row each; and ApiVersions, which says so. */
#include "mock/gateway/handlers.h"

#include "base/memory.h"
#include "mock/wire/api_versions.h"

#define FIRST_SOFTWARE_VERSION 3

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

static int decode_api_versions(struct mock_request *r, struct base_reader *body) {
    struct mock_api_versions_request request;
    int rc = mock_api_versions_request_decode(body, r->header.api_version, &r->arena, &request);
    bool bad = rc == 0 && r->header.api_version >= FIRST_SOFTWARE_VERSION &&
               (!is_software_name(request.client_software_name) ||
                !is_software_name(request.client_software_version));
    r->error = bad ? MOCK_ERROR_INVALID_REQUEST : MOCK_ERROR_NONE;
    return rc;
}

static void encode_api_versions(struct mock_request *r, int16_t error) {
    size_t count;
    const struct mock_handler *all = mock_handler_all(&count);
    struct mock_api_range *ranges = base_arena_alloc_array(&r->arena, count, sizeof(*ranges));
    if (!ranges) {
        mock_request_fail(r, "no memory");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const struct mock_api_info *info = mock_api_find(all[i].api);
        int16_t max =
            info->max_version < all[i].max_version ? info->max_version : all[i].max_version;
        ranges[i] = (struct mock_api_range){all[i].api, info->min_version, max};
    }
    struct mock_api_versions_response response = {error, ranges, error ? 0 : count, r->throttle_ms};
    mock_api_versions_response_encode(mock_request_answer(r), r->header.api_version, &response);
}

static void apply_api_versions(struct mock_request *r) {
    encode_api_versions(r, r->error);
    mock_request_answered(r, r->error);
}

/* In ascending order of keys, as Kafka lists them. */
static const struct mock_handler handlers[] = {
    {MOCK_API_PRODUCE, 12, MOCK_ON_PRODUCE, mock_produce_decode, mock_produce_apply,
     mock_produce_finish, mock_produce_refuse, mock_produce_clean_up},
    {MOCK_API_FETCH, 12, MOCK_ON_FETCH, mock_fetch_decode, mock_fetch_apply, NULL,
     mock_fetch_refuse, mock_fetch_clean_up},
    {MOCK_API_LIST_OFFSETS, 8, MOCK_ON_LIST_OFFSETS, mock_list_offsets_decode,
     mock_list_offsets_apply, NULL, mock_list_offsets_refuse, NULL},
    {MOCK_API_METADATA, 9, MOCK_ON_METADATA, mock_metadata_decode, mock_metadata_apply, NULL,
     mock_metadata_refuse, NULL},
    {MOCK_API_OFFSET_COMMIT, 8, MOCK_ON_COMMIT, mock_offset_commit_decode, mock_offset_commit_apply,
     NULL, mock_offset_commit_refuse, NULL},
    {MOCK_API_OFFSET_FETCH, 8, MOCK_ON_FETCH_OFFSETS, mock_offset_fetch_decode,
     mock_offset_fetch_apply, NULL, mock_offset_fetch_refuse, NULL},
    {MOCK_API_FIND_COORDINATOR, 4, MOCK_ON_FIND_COORDINATOR, mock_find_coordinator_decode,
     mock_find_coordinator_apply, NULL, mock_find_coordinator_refuse, NULL},
    {MOCK_API_JOIN_GROUP, 9, MOCK_ON_JOIN, mock_join_group_decode, mock_join_group_apply, NULL,
     mock_join_group_refuse, mock_group_clean_up},
    {MOCK_API_HEARTBEAT, 4, MOCK_ON_HEARTBEAT, mock_heartbeat_decode, mock_heartbeat_apply, NULL,
     mock_heartbeat_refuse, NULL},
    {MOCK_API_LEAVE_GROUP, 5, MOCK_ON_LEAVE, mock_leave_group_decode, mock_leave_group_apply, NULL,
     mock_leave_group_refuse, NULL},
    {MOCK_API_SYNC_GROUP, 5, MOCK_ON_SYNC, mock_sync_group_decode, mock_sync_group_apply, NULL,
     mock_sync_group_refuse, mock_group_clean_up},
    {MOCK_API_API_VERSIONS, 4, MOCK_ON_API_VERSIONS, decode_api_versions, apply_api_versions, NULL,
     encode_api_versions, NULL},
    {MOCK_API_INIT_PRODUCER_ID, 4, MOCK_ON_INIT_PID, mock_init_producer_id_decode,
     mock_init_producer_id_apply, NULL, mock_init_producer_id_refuse, NULL},
};

const struct mock_handler *mock_handler_all(size_t *ret_count) {
    *ret_count = sizeof(handlers) / sizeof(handlers[0]);
    return handlers;
}

const struct mock_handler *mock_handler_find(int16_t api) {
    size_t count;
    const struct mock_handler *all = mock_handler_all(&count);
    for (size_t i = 0; i < count; i++) {
        if (all[i].api == api) {
            return &all[i];
        }
    }
    return NULL;
}
