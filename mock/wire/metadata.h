/* Metadata (api 3), versions 0 to 13: the brokers, the topics and who leads each partition. */
#pragma once
#include "mock/wire/message.h"

/* Authorized operations that were not asked for. */
#define MOCK_OPERATIONS_UNKNOWN INT32_MIN

struct mock_metadata_request_topic {
    struct mock_uuid id;    /* v10+, else zero */
    struct base_slice name; /* null possible from v10: the id names the topic */
};

struct mock_metadata_request {
    bool all_topics; /* v0: the array is empty; v1+: the array is null */
    struct mock_metadata_request_topic *topics;
    size_t topic_count;
    bool allow_auto_topic_creation;      /* v4+, else true */
    bool include_cluster_operations;     /* v8 to v10 */
    bool include_topic_operations;       /* v8+ */
};

struct mock_metadata_broker {
    int32_t node_id;
    struct base_slice host;
    int32_t port;
    struct base_slice rack; /* v1+; null possible */
};

struct mock_metadata_partition {
    int16_t error_code;
    int32_t index;
    int32_t leader_id;    /* -1: no leader */
    int32_t leader_epoch; /* v7+, else -1 */
    int32_t *replicas;
    size_t replica_count;
    int32_t *isr;
    size_t isr_count;
    int32_t *offline; /* v5+ */
    size_t offline_count;
};

struct mock_metadata_topic {
    int16_t error_code;
    struct base_slice name; /* null possible from v12 */
    struct mock_uuid id;    /* v10+, else zero */
    bool is_internal;       /* v1+ */
    struct mock_metadata_partition *partitions;
    size_t partition_count;
    int32_t authorized_operations; /* v8+, else MOCK_OPERATIONS_UNKNOWN */
};

struct mock_metadata_response {
    int32_t throttle_time_ms; /* v3+ */
    struct mock_metadata_broker *brokers;
    size_t broker_count;
    struct base_slice cluster_id; /* v2+; null possible */
    int32_t controller_id;        /* v1+, else -1 */
    struct mock_metadata_topic *topics;
    size_t topic_count;
    int32_t authorized_operations; /* v8 to v10, else MOCK_OPERATIONS_UNKNOWN */
    int16_t error_code;            /* v13, else 0 */
};

int mock_metadata_request_decode(struct base_reader *r, int16_t version, struct base_arena *arena,
                                 struct mock_metadata_request *ret_request) BASE_MUST_USE;
void mock_metadata_request_encode(struct base_builder *b, int16_t version,
                                  const struct mock_metadata_request *request);
int mock_metadata_response_decode(struct base_reader *r, int16_t version, struct base_arena *arena,
                                  struct mock_metadata_response *ret_response) BASE_MUST_USE;
void mock_metadata_response_encode(struct base_builder *b, int16_t version,
                                   const struct mock_metadata_response *response);
