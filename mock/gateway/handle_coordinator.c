/*
 * FindCoordinator and InitProducerId: the mock cluster decides which broker coordinates, and which
 * producer id is given.
 */
#include <string.h>

#include "base/memory.h"
#include "mock/gateway/handlers.h"

#define FIND_UPSTREAM_VERSION 1
#define INIT_UPSTREAM_VERSION 1

/* -- who coordinates a group -- */

static struct mock_coordinated *find(const struct mock_broker *broker, struct base_slice group) {
    struct mock_coordinated *c = NULL;
    HASH_FIND(hh, broker->coordinated, group.data, (unsigned)group.len, c);
    return c;
}

static void remember(struct mock_broker *broker, struct base_slice group, int32_t node) {
    struct mock_coordinated *c = find(broker, group);
    if (!c) {
        c = base_alloc_zero(sizeof(*c));
        char *name = base_strndup((const char *)group.data, group.len);
        if (!c || !name) {
            base_free(c);
            base_free(name);
            return;
        }
        c->group = name;
        HASH_ADD_KEYPTR(hh, broker->coordinated, c->group, (unsigned)group.len, c);
    }
    c->node = node;
}

int mock_coordinator_move(struct mock_broker *broker, const char *group, int32_t to,
                          struct base_error *err) {
    if (!mock_node_get(broker, to)) {
        return base_fail(err, BASE_NOT_FOUND, "no broker %d; there are %d", (int)to,
                         (int)broker->settings.brokers);
    }
    int rc = mock_cluster_set_coordinator(broker->cluster, group, to, err);
    if (rc == 0) {
        remember(broker, base_slice_str(group), to);
        mock_broker_touch(broker);
    }
    return rc;
}

/* node, or the next one that is up, which then coordinates the group: its state is as replicated as
 * that of any partition. node itself where none is. */
static int32_t coordinator_that_lives(struct mock_broker *broker, const char *group, int32_t node) {
    int32_t count = broker->settings.brokers;
    for (int32_t i = 0; i < count && mock_node_get(broker, node); i++) {
        int32_t next = (node - 1 + i) % count + 1;
        if (!mock_node_get(broker, next)->stopped) {
            bool known =
                i == 0 || mock_cluster_set_coordinator(broker->cluster, group, next, NULL) == 0;
            return known ? next : node;
        }
    }
    return node;
}

void mock_coordinators_leave(struct mock_broker *broker, int32_t node) {
    for (struct mock_coordinated *c = broker->coordinated; c; c = c->hh.next) {
        if (c->node == node) {
            c->node = coordinator_that_lives(broker, c->group, node);
        }
    }
}

/* Remembers who the mock named, or who stands in for it. */
static int32_t settle_coordinator(struct mock_broker *broker, struct base_slice group,
                                  int32_t node) {
    remember(broker, group, node);
    struct mock_coordinated *c = find(broker, group);
    if (c) {
        c->node = coordinator_that_lives(broker, c->group, node);
    }
    return c ? c->node : node;
}

/* Asks the mock for the coordinator of the key. */
static int ask(struct mock_request *r, struct base_slice key, int8_t key_type,
               mock_upstream_fn done) {
    struct base_builder body;
    base_builder_init(&body, BASE_MIB);
    base_put_i16(&body, (int16_t)key.len);
    base_put_slice(&body, key);
    base_put_i8(&body, key_type);
    struct mock_node *node = mock_node_get(r->connection->broker, r->connection->node);
    int rc = mock_upstream_send(node, MOCK_API_FIND_COORDINATOR, FIND_UPSTREAM_VERSION,
                                base_builder_slice(&body), done, r);
    base_builder_clean_up(&body);
    if (rc == 0) {
        r->upstream_calls++;
    }
    return rc;
}

/* The mock's answer: an error, or a node. */
static int16_t read_answer(struct mock_request *r, struct base_reader *answer, int32_t *ret_node) {
    struct mock_find_coordinator_response said;
    if (mock_find_coordinator_response_decode(answer, FIND_UPSTREAM_VERSION, &r->arena, &said) <
            0 ||
        said.coordinator_count != 1) {
        return MOCK_ERROR_COORDINATOR_NOT_AVAILABLE;
    }
    *ret_node = said.coordinators[0].node_id;
    return said.coordinators[0].error_code;
}

static void coordinator_answered(void *arg, struct base_reader *answer, bool failed) {
    struct mock_request *r = arg;
    r->upstream_calls--;
    if (mock_request_abandoned(r)) {
        return;
    }
    int32_t node = -1;
    if (failed || read_answer(r, answer, &node) != MOCK_ERROR_NONE) {
        node = -1;
    } else {
        node = settle_coordinator(r->connection->broker, r->coordinated, node);
    }
    r->with_coordinator(r, node);
}

void mock_coordinator_find(struct mock_request *r, struct base_slice group,
                           void (*then)(struct mock_request *r, int32_t node)) {
    const struct mock_coordinated *known = group.data ? find(r->connection->broker, group) : NULL;
    r->with_coordinator = then;
    r->coordinated = group;
    if (group.data && group.len == 0) {
        then(r, r->connection->node); /* a consumer without group commits anywhere */
    } else if (known) {
        then(r, known->node);
    } else if (ask(r, group, 0, coordinator_answered) < 0) {
        then(r, -1);
    }
}

/* -- who coordinates several groups -- */

static void search_on(struct mock_request *r);

static void search_answered(void *arg, struct base_reader *answer, bool failed) {
    struct mock_request *r = arg;
    r->upstream_calls--;
    if (mock_request_abandoned(r)) {
        return;
    }
    struct mock_group_search *search = r->group_search;
    int32_t node = -1;
    if (failed || read_answer(r, answer, &node) != MOCK_ERROR_NONE) {
        node = -1;
    } else {
        node = settle_coordinator(r->connection->broker, search->groups[search->known], node);
    }
    search->nodes[search->known++] = node;
    search_on(r);
}

static void search_on(struct mock_request *r) {
    struct mock_group_search *search = r->group_search;
    while (search->known < search->count) {
        struct base_slice group = search->groups[search->known];
        const struct mock_coordinated *known = find(r->connection->broker, group);
        int32_t node = -1;
        if (group.len == 0) {
            node = r->connection->node; /* anywhere */
        } else if (known) {
            node = known->node;
        } else if (ask(r, group, MOCK_COORDINATOR_GROUP, search_answered) == 0) {
            return;
        }
        search->nodes[search->known++] = node;
    }
    search->then(r);
}

void mock_coordinators_find(struct mock_request *r, const struct base_slice *groups, size_t count,
                            void (*then)(struct mock_request *r)) {
    struct mock_group_search *search = base_arena_alloc(&r->arena, sizeof(*search));
    int32_t *nodes = base_arena_alloc_array(&r->arena, count, sizeof(*nodes));
    if (!search || !nodes) {
        mock_request_fail(r, "no memory");
        return;
    }
    *search = (struct mock_group_search){groups, count, 0, nodes, then};
    r->group_search = search;
    search_on(r);
}

bool mock_coordinates(const struct mock_request *r, struct base_slice group) {
    const struct mock_coordinated *known = find(r->connection->broker, group);
    return !known || known->node == r->connection->node;
}

int16_t mock_coordinator_error(const struct mock_request *r, int32_t node) {
    if (node == r->connection->node) {
        return MOCK_ERROR_NONE;
    }
    return node < 0 ? MOCK_ERROR_COORDINATOR_NOT_AVAILABLE : MOCK_ERROR_NOT_COORDINATOR;
}

/* -- FindCoordinator -- */

int mock_find_coordinator_decode(struct mock_request *r, struct base_reader *body) {
    return mock_find_coordinator_request_decode(body, r->header.api_version, &r->arena,
                                                &r->u.find_coordinator);
}

static struct mock_coordinator no_coordinator(struct base_slice key, int16_t error) {
    return (struct mock_coordinator){
        .key = key, .node_id = -1, .host = base_slice_str(""), .port = -1, .error_code = error};
}

static struct mock_coordinator coordinator_at(struct mock_request *r, struct base_slice key,
                                              int32_t id) {
    const struct mock_node *node = mock_node_get(r->connection->broker, id);
    if (!node || node->stopped) {
        return no_coordinator(key, MOCK_ERROR_COORDINATOR_NOT_AVAILABLE);
    }
    const struct mock_listener *l = r->connection->listener;
    return (struct mock_coordinator){.key = key,
                                     .node_id = id,
                                     .host = base_slice_str(l->advertise),
                                     .port = l->sockets[id - 1].port};
}

static void send_found(struct mock_request *r, struct mock_coordinator *found, size_t count) {
    struct mock_find_coordinator_response response = {r->throttle_ms, found, count};
    int16_t error = MOCK_ERROR_NONE;
    for (size_t i = 0; i < count; i++) {
        error = error ? error : found[i].error_code;
    }
    mock_find_coordinator_response_encode(mock_request_answer(r), r->header.api_version, &response);
    mock_request_answered(r, error);
}

static void find_next(struct mock_request *r);

static void find_answered(void *arg, struct base_reader *answer, bool failed) {
    struct mock_request *r = arg;
    r->upstream_calls--;
    if (mock_request_abandoned(r)) {
        return;
    }
    struct base_slice key = r->u.find_coordinator.keys[r->found_count];
    int32_t node = -1;
    int16_t error = failed ? MOCK_ERROR_COORDINATOR_NOT_AVAILABLE : read_answer(r, answer, &node);
    if (!error) {
        node = settle_coordinator(r->connection->broker, key, node);
    }
    r->found[r->found_count++] = error ? no_coordinator(key, error) : coordinator_at(r, key, node);
    find_next(r);
}

/* Asks the mock for the next key; answers after the last. */
static void find_next(struct mock_request *r) {
    const struct mock_find_coordinator_request *q = &r->u.find_coordinator;
    while (r->found_count < q->key_count &&
           !mock_request_may(r, MOCK_ACL_DESCRIBE, MOCK_ACL_GROUP, q->keys[r->found_count])) {
        r->found[r->found_count] =
            no_coordinator(q->keys[r->found_count], MOCK_ERROR_GROUP_AUTHORIZATION_FAILED);
        r->found_count++;
    }
    if (r->found_count == q->key_count) {
        send_found(r, r->found, r->found_count);
    } else if (ask(r, q->keys[r->found_count], q->key_type, find_answered) < 0) {
        mock_request_fail(r, "broker down");
    }
}

void mock_find_coordinator_apply(struct mock_request *r) {
    const struct mock_find_coordinator_request *q = &r->u.find_coordinator;
    if (q->key_type != 0) {
        /* Transactions are not served yet: no broker coordinates them. */
        mock_find_coordinator_refuse(r, MOCK_ERROR_INVALID_REQUEST);
        mock_request_answered(r, MOCK_ERROR_INVALID_REQUEST);
        return;
    }
    r->found_count = 0;
    r->found = base_arena_alloc_array(&r->arena, q->key_count, sizeof(*r->found));
    if (!r->found) {
        mock_request_fail(r, "no memory");
        return;
    }
    find_next(r);
}

void mock_find_coordinator_refuse(struct mock_request *r, int16_t error) {
    const struct mock_find_coordinator_request *q = &r->u.find_coordinator;
    struct mock_find_coordinator_response response = {r->throttle_ms, NULL, q->key_count};
    response.coordinators =
        base_arena_alloc_array(&r->arena, q->key_count, sizeof(*response.coordinators));
    for (size_t i = 0; response.coordinators && i < q->key_count; i++) {
        response.coordinators[i] = no_coordinator(q->keys[i], error);
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_find_coordinator_response_encode(b, r->header.api_version, &response);
}

/* -- InitProducerId -- */

int mock_init_producer_id_decode(struct mock_request *r, struct base_reader *body) {
    return mock_init_producer_id_request_decode(body, r->header.api_version, &r->arena,
                                                &r->u.init_producer_id);
}

static void encode_id(struct mock_request *r, int16_t error, int64_t id, int16_t epoch) {
    struct mock_init_producer_id_response response = {r->throttle_ms, error, id, epoch};
    mock_init_producer_id_response_encode(mock_request_answer(r), r->header.api_version, &response);
}

void mock_init_producer_id_refuse(struct mock_request *r, int16_t error) {
    encode_id(r, error, -1, -1);
}

static void id_answered(void *arg, struct base_reader *answer, bool failed) {
    struct mock_request *r = arg;
    struct mock_init_producer_id_response said;
    r->upstream_calls--;
    if (mock_request_abandoned(r)) {
        return;
    }
    if (failed || mock_init_producer_id_response_decode(answer, INIT_UPSTREAM_VERSION, &r->arena,
                                                        &said) < 0) {
        mock_request_fail(r, "broker down");
        return;
    }
    encode_id(r, said.error_code, said.producer_id, said.producer_epoch);
    mock_request_answered(r, said.error_code);
}

void mock_init_producer_id_apply(struct mock_request *r) {
    struct base_slice id = r->u.init_producer_id.transactional_id;
    if (id.data) {
        /* Transactions are not served yet; clients take the second as fatal and say so. */
        int16_t error = id.len == 0 ? MOCK_ERROR_INVALID_REQUEST
                                    : MOCK_ERROR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
        mock_init_producer_id_refuse(r, error);
        mock_request_answered(r, error);
        return;
    }
    /* KIP-679: who may write to some topic may be idempotent. */
    if (!mock_request_would(r, MOCK_ACL_IDEMPOTENT_WRITE, MOCK_ACL_CLUSTER,
                            base_slice_str(MOCK_ACL_CLUSTER_NAME)) &&
        !mock_request_may_some(r, MOCK_ACL_WRITE, MOCK_ACL_TOPIC)) {
        mock_init_producer_id_refuse(r, MOCK_ERROR_CLUSTER_AUTHORIZATION_FAILED);
        mock_request_answered(r, MOCK_ERROR_CLUSTER_AUTHORIZATION_FAILED);
        return;
    }
    struct base_builder body;
    base_builder_init(&body, BASE_KIB);
    base_put_i16(&body, -1);
    base_put_i32(&body, r->u.init_producer_id.transaction_timeout_ms);
    struct mock_node *node = mock_node_get(r->connection->broker, r->connection->node);
    int rc = mock_upstream_send(node, MOCK_API_INIT_PRODUCER_ID, INIT_UPSTREAM_VERSION,
                                base_builder_slice(&body), id_answered, r);
    base_builder_clean_up(&body);
    if (rc < 0) {
        mock_request_fail(r, "broker down");
        return;
    }
    r->upstream_calls++;
}
