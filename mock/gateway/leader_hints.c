/* Who leads now: see leader_hints.h. */
#include "mock/gateway/leader_hints.h"

void mock_hint_leader(const struct mock_request *r, const struct mock_partition *partition,
                      struct mock_hints *hints, struct mock_leader_hint *ret_hint) {
    struct mock_broker *broker = r->connection->broker;
    const struct mock_listener *l = r->connection->listener;
    const struct mock_node *node = mock_node_get(broker, partition->leader);
    *ret_hint = (struct mock_leader_hint){partition->leader, partition->leader_epoch};
    bool known = false;
    for (size_t i = 0; i < hints->count; i++) {
        known = known || hints->endpoints[i].node_id == partition->leader;
    }
    if (node && !node->stopped && l && !known && hints->count < BASE_MAX_BROKERS) {
        hints->endpoints[hints->count++] = (struct mock_node_endpoint){
            .node_id = node->id,
            .host = base_slice_str(l->advertise),
            .port = l->sockets[node->id - 1].port,
            .rack = mock_node_rack(broker, node->id),
        };
    }
}
