/* The leader's place in tagged fields: see leader_hint.h. */
#include "mock/wire/leader_hint.h"

void mock_get_leader_hint(struct mock_decoder *d, struct mock_leader_hint *ret_hint) {
    ret_hint->leader_id = base_read_i32(d->r);
    ret_hint->leader_epoch = base_read_i32(d->r);
    mock_get_tags(d);
}

void mock_put_leader_hint(struct mock_encoder *e, uint32_t tag,
                          const struct mock_leader_hint *hint) {
    size_t begun = mock_put_tag_begin(e, tag);
    base_put_i32(e->b, hint->leader_id);
    base_put_i32(e->b, hint->leader_epoch);
    mock_put_tags(e);
    mock_put_tag_end(e, begun);
}

struct mock_node_endpoint *mock_get_node_endpoints(struct mock_decoder *d, size_t *ret_count) {
    struct mock_node_endpoint *endpoints = mock_get_array(d, sizeof(*endpoints), 11, ret_count);
    for (size_t i = 0; i < *ret_count; i++) {
        endpoints[i].node_id = base_read_i32(d->r);
        endpoints[i].host = mock_get_string(d);
        endpoints[i].port = base_read_i32(d->r);
        endpoints[i].rack = mock_get_nullable_string(d);
        mock_get_tags(d);
    }
    return endpoints;
}

void mock_put_node_endpoints(struct mock_encoder *e, uint32_t tag,
                             const struct mock_node_endpoint *endpoints, size_t count) {
    size_t begun = mock_put_tag_begin(e, tag);
    mock_put_count(e, count);
    for (size_t i = 0; i < count; i++) {
        base_put_i32(e->b, endpoints[i].node_id);
        mock_put_string(e, endpoints[i].host);
        base_put_i32(e->b, endpoints[i].port);
        mock_put_nullable_string(e, endpoints[i].rack);
        mock_put_tags(e);
    }
    mock_put_tag_end(e, begun);
}
