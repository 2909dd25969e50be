/* Fetch (api 1), versions 4 to 18: what to read, and the stored bytes that were read. */
#pragma once
#include "mock/wire/leader_hint.h"
#include "mock/wire/message.h"

struct mock_fetch_partition {
    int32_t index;
    int32_t current_leader_epoch; /* v9+, else -1 */
    int64_t fetch_offset;
    int32_t last_fetched_epoch; /* v12+, else -1 */
    int64_t log_start_offset;   /* v5+, else -1; -1 from consumers */
    int32_t max_bytes;
    bool has_high_watermark;               /* tagged, v18; of followers */
    int64_t high_watermark;                /* if it has one */
    struct mock_uuid replica_directory_id; /* tagged, v17+, else zero; of followers */
};

struct mock_fetch_topic {
    struct base_slice name; /* v13+: null, as the id names the topic */
    struct mock_fetch_partition *partitions;
    size_t partition_count;
    struct mock_uuid id; /* v13+, else zero */
};

struct mock_fetch_forgotten_topic {
    struct base_slice name; /* v13+: null */
    int32_t *partitions;
    size_t partition_count;
    struct mock_uuid id; /* v13+, else zero */
};

struct mock_fetch_request {
    int32_t replica_id; /* -1: a consumer; tagged from v15 on, with the next */
    int32_t max_wait_ms;
    int32_t min_bytes;
    int32_t max_bytes;
    int8_t isolation_level; /* 0 read_uncommitted, 1 read_committed */
    int32_t session_id;     /* v7+, else 0 */
    int32_t session_epoch;  /* v7+, else -1: no session */
    struct mock_fetch_topic *topics;
    size_t topic_count;
    struct mock_fetch_forgotten_topic *forgotten; /* v7+ */
    size_t forgotten_count;
    struct base_slice rack_id;    /* v11+, else empty */
    int64_t replica_epoch;        /* v15+, of followers; else -1 */
    struct base_slice cluster_id; /* tagged, v12+; null: not told */
};

struct mock_fetch_aborted {
    int64_t producer_id;
    int64_t first_offset;
};

/* The largest epoch that the reader's log can share with this one, and where it ends here. */
struct mock_fetch_diverging_epoch {
    int32_t epoch;
    int64_t end_offset;
};

struct mock_fetch_snapshot_id {
    int64_t end_offset;
    int32_t epoch;
};

struct mock_fetch_partition_response {
    int32_t index;
    int16_t error_code;
    int64_t high_watermark;
    int64_t last_stable_offset;
    int64_t log_start_offset; /* v5+, else -1 */
    bool has_aborted;         /* false: the list is null, as for read_uncommitted */
    struct mock_fetch_aborted *aborted;
    size_t aborted_count;
    int32_t preferred_read_replica; /* v11+, else -1 */
    struct base_slice *chunks;      /* the records, one after the other; decode gives 0 or 1 */
    size_t chunk_count;
    bool has_diverging_epoch; /* these three: tagged, v12+ */
    bool has_current_leader;
    bool has_snapshot_id;
    struct mock_fetch_diverging_epoch diverging_epoch;
    struct mock_leader_hint current_leader;
    struct mock_fetch_snapshot_id snapshot_id;
};

struct mock_fetch_topic_response {
    struct base_slice name; /* v13+: null */
    struct mock_fetch_partition_response *partitions;
    size_t partition_count;
    struct mock_uuid id; /* v13+, else zero */
};

struct mock_fetch_response {
    int32_t throttle_time_ms;
    int16_t error_code; /* v7+ */
    int32_t session_id; /* v7+ */
    struct mock_fetch_topic_response *topics;
    size_t topic_count;
    struct mock_node_endpoint *endpoints; /* tagged, v16+: of the current leaders above */
    size_t endpoint_count;
};

int mock_fetch_request_decode(struct base_reader *r, int16_t version, struct base_arena *arena,
                              struct mock_fetch_request *ret_request) BASE_MUST_USE;
void mock_fetch_request_encode(struct base_builder *b, int16_t version,
                               const struct mock_fetch_request *request);
int mock_fetch_response_decode(struct base_reader *r, int16_t version, struct base_arena *arena,
                               struct mock_fetch_response *ret_response) BASE_MUST_USE;
void mock_fetch_response_encode(struct base_builder *b, int16_t version,
                                const struct mock_fetch_response *response);

/* Where a chunk belongs that is not put into the builder. */
struct mock_fetch_gap {
    size_t at; /* behind so many of the builder's bytes */
    struct base_slice bytes;
};
/* As mock_fetch_response_encode, but chunks of at least apart_bytes are left out and told instead,
 * so that nobody has to copy them. ret_gaps has room for every chunk of the response. */
void mock_fetch_response_encode_apart(struct base_builder *b, int16_t version,
                                      const struct mock_fetch_response *response,
                                      size_t apart_bytes, struct mock_fetch_gap *ret_gaps,
                                      size_t *ret_gap_count);
