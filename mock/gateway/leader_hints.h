/* Leader hints (KIP-951): who leads now, and at which address on the asker's own listener. */
#pragma once
#include "mock/gateway/gateway.h"
#include "mock/wire/leader_hint.h"

struct mock_hints {
    struct mock_node_endpoint endpoints[BASE_MAX_BROKERS]; /* each broker once; views */
    size_t count;
};

/* Fills in who leads the partition, and adds its address unless it is down. */
void mock_hint_leader(const struct mock_request *r, const struct mock_partition *partition,
                      struct mock_hints *hints, struct mock_leader_hint *ret_hint);
