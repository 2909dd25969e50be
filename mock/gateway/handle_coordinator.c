/* FindCoordinator: the mock cluster decides which broker coordinates. */
#include <string.h>

#include "base/memory.h"
#include "mock/gateway/admin.h"
#include "mock/gateway/handlers.h"
#include "mock/gateway/txn.h"

#define FIND_UPSTREAM_VERSION 1
/* Until this version the message of an error is told, and that of none is "NONE". */
#define FIRST_LIST_VERSION 4

/* -- who coordinates a group, or a transactional id -- */

static struct mock_coordinated *find(const struct mock_broker *broker, int8_t type,
                                     struct base_slice key) {
    struct mock_coordinated *c = NULL;
    HASH_FIND(hh, broker->coordinated[type], key.data, (unsigned)key.len, c);
    return c;
}

static void remember(struct mock_broker *broker, int8_t type, struct base_slice key, int32_t node) {
    struct mock_coordinated *c = find(broker, type, key);
    if (!c) {
        c = base_alloc_zero(sizeof(*c));
        char *name = base_strndup((const char *)key.data, key.len);
        if (!c || !name) {
            base_free(c);
            base_free(name);
            return;
        }
        c->key = name;
        HASH_ADD_KEYPTR(hh, broker->coordinated[type], c->key, (unsigned)key.len, c);
        if (!base_hash_has(c->hh)) {
            base_free(c);
            base_free(name);
            return;
        }
    }
    c->node = node;
}

const struct mock_coordinated *mock_coordinated_find(const struct mock_broker *broker, int8_t type,
                                                     struct base_slice key) {
    return find(broker, type, key);
}

int mock_coordinator_move(struct mock_broker *broker, const char *group, int32_t to,
                          struct base_error *err) {
    if (!mock_node_get(broker, to)) {
        return base_fail(err, BASE_NOT_FOUND, "no broker %d; there are %d", (int)to,
                         (int)broker->settings.brokers);
    }
    int rc = mock_cluster_set_coordinator(broker->cluster, MOCK_COORDINATOR_GROUP, group, to, err);
    if (rc == 0) {
        remember(broker, MOCK_COORDINATOR_GROUP, base_slice_str(group), to);
        mock_broker_touch(broker);
    }
    return rc;
}

/* node, or the next one that is up, which then coordinates the key: its state is as replicated as
 * that of any partition. node itself where none is. */
static int32_t coordinator_that_lives(struct mock_broker *broker, int8_t type, const char *key,
                                      int32_t node) {
    int32_t count = broker->settings.brokers;
    for (int32_t i = 0; i < count && mock_node_get(broker, node); i++) {
        int32_t next = (node - 1 + i) % count + 1;
        if (!mock_node_get(broker, next)->stopped) {
            bool known =
                i == 0 || mock_cluster_set_coordinator(broker->cluster, type, key, next, NULL) == 0;
            return known ? next : node;
        }
    }
    return node;
}

void mock_coordinators_leave(struct mock_broker *broker, int32_t node) {
    for (int8_t type = 0; type < MOCK_COORDINATED_TYPES; type++) {
        for (struct mock_coordinated *c = broker->coordinated[type]; c; c = c->hh.next) {
            if (c->node == node) {
                c->node = coordinator_that_lives(broker, type, c->key, node);
            }
        }
    }
}

/* Remembers who the mock named, or who stands in for it. */
static int32_t settle_coordinator(struct mock_broker *broker, int8_t type, struct base_slice key,
                                  int32_t node) {
    remember(broker, type, key, node);
    struct mock_coordinated *c = find(broker, type, key);
    if (c) {
        c->node = coordinator_that_lives(broker, type, c->key, node);
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
    int rc =
        mock_upstream_send(node, MOCK_API_FIND_COORDINATOR, FIND_UPSTREAM_VERSION, &body, done, r);
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
        node = settle_coordinator(r->connection->broker, r->coordinated_type, r->coordinated, node);
    }
    r->with_coordinator(r, node);
}

static void find_coordinator(struct mock_request *r, int8_t type, struct base_slice key,
                             void (*then)(struct mock_request *r, int32_t node)) {
    const struct mock_coordinated *known = key.data ? find(r->connection->broker, type, key) : NULL;
    r->with_coordinator = then;
    r->coordinated_type = type;
    r->coordinated = key;
    if (key.data && key.len == 0) {
        then(r, r->connection->node); /* a consumer without group commits anywhere */
    } else if (known) {
        then(r, known->node);
    } else if (ask(r, key, type, coordinator_answered) < 0) {
        then(r, -1);
    }
}

void mock_coordinator_find(struct mock_request *r, struct base_slice group,
                           void (*then)(struct mock_request *r, int32_t node)) {
    find_coordinator(r, MOCK_COORDINATOR_GROUP, group, then);
}

void mock_txn_coordinator_find(struct mock_request *r, struct base_slice id,
                               void (*then)(struct mock_request *r, int32_t node)) {
    find_coordinator(r, MOCK_COORDINATOR_TRANSACTION, id, then);
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
        node = settle_coordinator(r->connection->broker, MOCK_COORDINATOR_GROUP,
                                  search->groups[search->known], node);
    }
    search->nodes[search->known++] = node;
    search_on(r);
}

static void search_on(struct mock_request *r) {
    struct mock_group_search *search = r->group_search;
    while (search->known < search->count) {
        struct base_slice group = search->groups[search->known];
        const struct mock_coordinated *known =
            find(r->connection->broker, MOCK_COORDINATOR_GROUP, group);
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
    const struct mock_coordinated *known =
        find(r->connection->broker, MOCK_COORDINATOR_GROUP, group);
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
        found[i].error_message = r->header.api_version >= FIRST_LIST_VERSION ? base_slice_str("")
                                 : found[i].error_code
                                     ? mock_admin_general(found[i].error_code).message
                                     : base_slice_str("NONE");
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
        node = settle_coordinator(r->connection->broker, r->u.find_coordinator.key_type, key, node);
    }
    r->found[r->found_count++] = error ? no_coordinator(key, error) : coordinator_at(r, key, node);
    find_next(r);
}

/* Asks the mock for the next key; answers after the last. */
static void find_next(struct mock_request *r) {
    const struct mock_find_coordinator_request *q = &r->u.find_coordinator;
    bool txn = q->key_type == MOCK_COORDINATOR_TRANSACTION;
    enum mock_acl_resource resource = txn ? MOCK_ACL_TRANSACTIONAL_ID : MOCK_ACL_GROUP;
    for (; r->found_count < q->key_count; r->found_count++) {
        struct base_slice key = q->keys[r->found_count];
        if (!mock_request_may(r, MOCK_ACL_DESCRIBE, resource, key)) {
            r->found[r->found_count] =
                no_coordinator(key, txn ? MOCK_ERROR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED
                                        : MOCK_ERROR_GROUP_AUTHORIZATION_FAILED);
        } else if (key.len == 0) {
            /* Kafka has one for it; the mock cluster has not. */
            r->found[r->found_count] = coordinator_at(r, key, r->connection->node);
        } else {
            break;
        }
    }
    if (r->found_count == q->key_count) {
        send_found(r, r->found, r->found_count);
    } else if (ask(r, q->keys[r->found_count], q->key_type, find_answered) < 0) {
        mock_request_fail(r, "broker down");
    }
}

void mock_find_coordinator_apply(struct mock_request *r) {
    const struct mock_find_coordinator_request *q = &r->u.find_coordinator;
    if (q->key_type != MOCK_COORDINATOR_GROUP && q->key_type != MOCK_COORDINATOR_TRANSACTION) {
        /* Share groups are not served. */
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
        response.coordinators[i].error_message = mock_admin_general(error).message;
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_find_coordinator_response_encode(b, r->header.api_version, &response);
}
