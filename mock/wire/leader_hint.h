/*
 * Where the leader is now (KIP-951): what Produce and Fetch tell in tagged fields along with
 * NOT_LEADER_OR_FOLLOWER and FENCED_LEADER_EPOCH, so that a client need not ask for metadata.
 */
#pragma once
#include "mock/wire/primitive.h"

struct mock_leader_hint {
    int32_t leader_id; /* -1: not known */
    int32_t leader_epoch;
};

struct mock_node_endpoint {
    int32_t node_id;
    struct base_slice host;
    int32_t port;
    struct base_slice rack; /* null possible */
};

void mock_get_leader_hint(struct mock_decoder *d, struct mock_leader_hint *ret_hint);
void mock_put_leader_hint(struct mock_encoder *e, uint32_t tag,
                          const struct mock_leader_hint *hint);
struct mock_node_endpoint *mock_get_node_endpoints(struct mock_decoder *d, size_t *ret_count);
void mock_put_node_endpoints(struct mock_encoder *e, uint32_t tag,
                             const struct mock_node_endpoint *endpoints, size_t count);
