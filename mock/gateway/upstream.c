/*
 * The connections to the mock cluster: one a broker, kept open, requests pipelined, answers in
 * order. A connection that breaks means that the broker is down: the clients' connections to it
 * break too.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "base/memory.h"
#include "mock/gateway/gateway.h"
#include "mock/session/session.h"

#define READ_BYTES (64u * BASE_KIB)
/* The mock decodes what is sent here with its own, older versions; the header is always version 1.
 */
#define CLIENT_ID "ktrial"

struct node_write {
    uv_write_t req;
    uint8_t *data;
};

struct mock_node *mock_node_get(struct mock_broker *broker, int32_t id) {
    return id >= 1 && id <= broker->settings.brokers ? &broker->nodes[id - 1] : NULL;
}

static void on_tcp_closed(uv_handle_t *handle) {
    struct mock_broker *broker = handle->data;
    base_free(handle);
    mock_broker_handle_closed(broker);
}

/* Every call under way ends as failed. */
static void fail_calls(struct mock_node *node) {
    struct mock_upstream_call *call = node->calls;
    node->calls = NULL;
    node->calls_end = &node->calls;
    while (call) {
        struct mock_upstream_call *next = call->next;
        call->done(call->arg, NULL, true);
        base_free(call);
        call = next;
    }
}

static void close_clients(struct mock_node *node) {
    for (struct mock_listener *l = node->broker->listeners; l; l = l->next) {
        struct mock_connection *c = l->connections;
        while (c) {
            struct mock_connection *next = c->next;
            if (c->node == node->id) {
                mock_connection_close(c, false, "broker down");
            }
            c = next;
        }
    }
}

static void lose(struct mock_node *node) {
    if (node->state == MOCK_NODE_DOWN) {
        return;
    }
    node->state = MOCK_NODE_DOWN;
    if (node->tcp) {
        node->tcp->data = node->broker;
        uv_close((uv_handle_t *)node->tcp, on_tcp_closed);
        node->tcp = NULL;
    }
    mock_frame_splitter_clean_up(&node->splitter);
    base_builder_reset(&node->unsent);
    fail_calls(node);
    if (!node->broker->closing) {
        mock_broker_emit(node->broker, &(struct mock_event){.kind = MOCK_EVENT_BROKER,
                                                            .api = -1,
                                                            .broker = node->id,
                                                            .text = "down"});
        close_clients(node);
    }
}

static void on_written(uv_write_t *req, int status) {
    struct node_write *w = req->data; /* a broken connection shows in the read callback */
    base_free(w->data);
    base_free(w);
}

/* Without memory it stays unsent until the next turn. */
static void write_out(struct mock_node *node) {
    struct node_write *w = base_alloc_zero(sizeof(*w));
    size_t len = 0;
    if (!w) {
        mock_broker_touch(node->broker);
        return;
    }
    w->data = base_builder_take(&node->unsent, &len);
    w->req.data = w;
    uv_buf_t buf = uv_buf_init((char *)w->data, (unsigned)len);
    if (uv_write(&w->req, (uv_stream_t *)node->tcp, &buf, 1, on_written) != 0) {
        base_free(w->data);
        base_free(w);
        lose(node);
    }
}

/* One answer: to the first call, whose correlation id it must carry. */
static int take_answer(struct mock_node *node, struct base_slice frame) {
    struct mock_upstream_call *call = node->calls;
    struct base_reader r = base_reader_of(frame);
    int32_t correlation_id = base_read_i32(&r);
    if (!call || r.failed || correlation_id != call->correlation_id) {
        return BASE_MALFORMED;
    }
    node->calls = call->next;
    if (!node->calls) {
        node->calls_end = &node->calls;
    }
    call->done(call->arg, &r, false);
    base_free(call);
    return 0;
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf) {
    struct mock_node *node = handle->data;
    size_t room = 0;
    uint8_t *at = mock_frame_splitter_room(&node->splitter, READ_BYTES, &room);
    *buf = uv_buf_init((char *)at, (unsigned)room);
}

/* The mock writes its answers one by one and leaves Nagle's algorithm on: while an acknowledgement
 * is delayed here, the second answer waits there, 40 ms. Has to be said anew after each read. */
static void acknowledge_at_once(const uv_tcp_t *tcp) {
    uv_os_fd_t fd;
    int on = 1;
    if (uv_fileno((const uv_handle_t *)tcp, &fd) == 0) {
        (void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
    }
}

static void on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *buf) {
    struct mock_node *node = stream->data;
    if (got < 0) {
        lose(node);
        return;
    }
    acknowledge_at_once(node->tcp);
    mock_frame_splitter_commit(&node->splitter, (size_t)got);
    struct base_slice frame;
    int rc;
    while ((rc = mock_frame_splitter_next(&node->splitter, &frame)) == 1) {
        rc = take_answer(node, frame);
        if (rc < 0 || (uv_stream_t *)node->tcp != stream) {
            break;
        }
    }
    if (rc < 0 && (uv_stream_t *)node->tcp == stream) {
        lose(node);
    }
}

static void on_connected(uv_connect_t *req, int status) {
    struct mock_node *node = req->data;
    bool current = node->tcp && (uv_stream_t *)node->tcp == req->handle;
    base_free(req);
    if (!current) {
        return;
    }
    if (status != 0) {
        lose(node);
        return;
    }
    node->state = MOCK_NODE_UP;
    uv_tcp_nodelay(node->tcp, 1);
    acknowledge_at_once(node->tcp);
    uv_read_start((uv_stream_t *)node->tcp, on_alloc, on_read);
    mock_broker_touch(node->broker); /* what is unsent goes out when the turn ends */
}

static int connect_node(struct mock_node *node) {
    struct mock_broker *broker = node->broker;
    uv_connect_t *req = base_alloc_zero(sizeof(*req));
    node->tcp = base_alloc_zero(sizeof(*node->tcp));
    if (!req || !node->tcp) {
        base_free(req);
        base_free(node->tcp);
        node->tcp = NULL;
        return BASE_NO_MEMORY;
    }
    struct sockaddr_in address;
    uv_ip4_addr("127.0.0.1", mock_cluster_port(broker->cluster, node->id), &address);
    uv_tcp_init(broker->loop, node->tcp);
    broker->open_handles++;
    node->tcp->data = node;
    req->data = node;
    mock_frame_splitter_init(&node->splitter, BASE_MAX_FRAME_BYTES);
    node->state = MOCK_NODE_CONNECTING;
    if (uv_tcp_connect(req, node->tcp, (const struct sockaddr *)&address, on_connected) != 0) {
        base_free(req);
        lose(node);
        return BASE_IO;
    }
    return 0;
}

int mock_nodes_open(struct mock_broker *broker, struct base_error *err) {
    broker->nodes = base_alloc_array((size_t)broker->settings.brokers, sizeof(*broker->nodes));
    if (!broker->nodes) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for the brokers");
    }
    for (int32_t i = 0; i < broker->settings.brokers; i++) {
        struct mock_node *node = &broker->nodes[i];
        node->broker = broker;
        node->id = i + 1;
        node->calls_end = &node->calls;
        base_builder_init(&node->unsent, BASE_MAX_UNSENT_BYTES);
        (void)connect_node(node);
    }
    return 0;
}

void mock_nodes_close(struct mock_broker *broker) {
    for (int32_t i = 0; broker->nodes && i < broker->settings.brokers; i++) {
        struct mock_node *node = &broker->nodes[i];
        node->stopped = true;
        if (node->sessions) {
            mock_session_cache_clear(node->sessions);
        }
        lose(node);
        base_builder_clean_up(&node->unsent);
        mock_session_cache_free(node->sessions);
        node->sessions = NULL;
    }
}

bool mock_node_available(struct mock_node *node) {
    if (node->state == MOCK_NODE_DOWN && !node->stopped && !node->broker->closing) {
        (void)connect_node(node);
    }
    return node->state != MOCK_NODE_DOWN;
}

int mock_node_down(struct mock_broker *broker, int32_t id, struct base_error *err) {
    struct mock_node *node = mock_node_get(broker, id);
    if (!node) {
        return base_fail(err, BASE_NOT_FOUND, "no broker %d; there are %d", (int)id,
                         (int)broker->settings.brokers);
    }
    if (node->stopped) {
        return 0;
    }
    int rc = mock_cluster_set_down(broker->cluster, id, err);
    if (rc == 0) {
        node->stopped = true;
        if (node->sessions) {
            mock_session_cache_clear(node->sessions);
        }
        lose(node);
        mock_replicas_broker_down(broker, id);
        mock_coordinators_leave(broker, id);
    }
    return rc;
}

int mock_node_up(struct mock_broker *broker, int32_t id, struct base_error *err) {
    struct mock_node *node = mock_node_get(broker, id);
    if (!node) {
        return base_fail(err, BASE_NOT_FOUND, "no broker %d; there are %d", (int)id,
                         (int)broker->settings.brokers);
    }
    int rc = mock_cluster_set_up(broker->cluster, id, err);
    if (rc < 0 || !node->stopped) {
        return rc;
    }
    node->stopped = false;
    (void)mock_node_available(node);
    mock_broker_emit(broker, &(struct mock_event){
                                 .kind = MOCK_EVENT_BROKER, .api = -1, .broker = id, .text = "up"});
    mock_replicas_broker_up(broker, id);
    return 0;
}

/* -- sending -- */

/* All of it, or nothing: others' requests are before it. */
static int put_request(struct base_builder *b, int16_t api, int16_t version, int32_t correlation_id,
                       struct base_slice body) {
    size_t before = b->len;
    size_t slot = base_put_slot_u32(b);
    base_put_i16(b, api);
    base_put_i16(b, version);
    base_put_i32(b, correlation_id);
    base_put_i16(b, (int16_t)strlen(CLIENT_ID));
    base_put_str(b, CLIENT_ID);
    base_put_slice(b, body);
    int rc = b->failed;
    if (rc == 0) {
        base_patch_u32(b, slot, (uint32_t)(b->len - slot - 4));
    } else {
        b->len = before;
        b->failed = 0;
    }
    return rc;
}

int mock_upstream_send(struct mock_node *node, int16_t api, int16_t version,
                       const struct base_builder *body, mock_upstream_fn done, void *arg) {
    if (body->failed) {
        return body->failed; /* half of it would end the mock cluster's process, which is ours */
    }
    if (!mock_node_available(node)) {
        return BASE_IO;
    }
    struct mock_upstream_call *call = base_alloc_zero(sizeof(*call));
    if (!call) {
        return BASE_NO_MEMORY;
    }
    call->correlation_id = node->next_correlation_id++;
    call->api = api;
    call->version = version;
    call->done = done;
    call->arg = arg;
    int rc =
        put_request(&node->unsent, api, version, call->correlation_id, base_builder_slice(body));
    if (rc != 0) {
        base_free(call);
        return rc;
    }
    *node->calls_end = call;
    node->calls_end = &call->next;
    return 0;
}

static void flush(struct mock_node *node) {
    if (node->state == MOCK_NODE_UP && node->unsent.len > 0) {
        write_out(node);
    }
}

void mock_nodes_flush(struct mock_broker *broker) {
    for (int32_t i = 0; i < broker->settings.brokers; i++) {
        flush(&broker->nodes[i]);
    }
}
