/*
 * One client connection: bytes in, bytes out, and its end. What the bytes mean is pipeline.c.
 *
 * A connection lives until its handle is closed, its writes are done and the mock cluster has
 * answered what was forwarded.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "mock/gateway/gateway.h"

#define READ_BYTES (256u * BASE_KIB)

static void event_of(const struct mock_connection *c, enum mock_event_kind kind, const char *text,
                     struct mock_event *ret_event) {
    *ret_event = (struct mock_event){
        .kind = kind,
        .actor = c->actor,
        .incarnation = c->incarnation,
        .connection = c->id,
        .broker = c->node,
        .api = -1,
        .text = text,
    };
}

static void emit(struct mock_connection *c, enum mock_event_kind kind, const char *text) {
    struct mock_event event;
    event_of(c, kind, text, &event);
    mock_broker_emit(c->broker, &event);
}

void mock_connection_deny(struct mock_connection *c, const char *why) {
    emit(c, MOCK_EVENT_DENY, why);
}

/* -- reading -- */

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf) {
    struct mock_connection *c = handle->data;
    size_t room = 0;
    (void)suggested;
    if (c->tls) {
        *buf = mock_connection_tls_buffer(c);
        return;
    }
    uint8_t *at = mock_frame_splitter_room(&c->splitter, READ_BYTES, &room);
    *buf = uv_buf_init((char *)at, (unsigned)(room > UINT32_MAX ? UINT32_MAX : room));
}

static bool may_read(const struct mock_connection *c) {
    return !c->closing && !c->frozen && !c->eof && !c->firing &&
           c->request_count < BASE_MAX_READ_AHEAD_REQUESTS &&
           c->read_ahead_bytes < BASE_MAX_READ_AHEAD_BYTES;
}

/* The peer will send no more. What it sent whole is still carried out; a request that only waits
 * (for records, for other members) has nobody to wait for. */
static void end_of_input(struct mock_connection *c) {
    c->eof = true;
    c->reading = false;
    uv_read_stop((uv_stream_t *)&c->tcp);
    bool waits = c->head && c->head->stage == MOCK_STAGE_WAITING && c->head->upstream_calls == 0;
    if (!c->head || waits) {
        mock_connection_close(c, false, "closed by peer");
    }
}

/* The next frame becomes a request; false: there is none, or it has to wait, or the connection
 * ended. */
static bool take_frame(struct mock_connection *c) {
    struct base_slice frame;
    if (c->closing || c->frozen) {
        return false;
    }
    c->kept_back = c->head && mock_login_is_pending(c);
    if (c->kept_back) {
        return false;
    }
    int rc = mock_frame_splitter_next(&c->splitter, &frame);
    if (rc < 0) {
        mock_connection_close(c, false, rc == BASE_LIMIT ? "frame too large" : "malformed frame");
    } else if (rc == 1) {
        mock_pipeline_receive(c, frame);
    }
    return rc == 1;
}

bool mock_connection_next_frames(struct mock_connection *c) {
    bool any = false;
    while ((any || c->kept_back) && take_frame(c)) {
        any = true;
    }
    return any;
}

static void on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *buf) {
    struct mock_connection *c = stream->data;
    if (got == 0) {
        return;
    }
    if (got < 0) {
        if (got == UV_EOF) {
            end_of_input(c);
        } else {
            mock_connection_close(c, false, got == UV_ECONNRESET ? "reset by peer" : "read failed");
        }
        return;
    }
    mock_quota_active(c);
    if (!c->tls) {
        mock_frame_splitter_commit(&c->splitter, (size_t)got);
    } else if (!mock_connection_decrypt(c, (const uint8_t *)buf->base, (size_t)got)) {
        return;
    }
    while (take_frame(c)) {}
    if (!c->closing) {
        mock_pipeline_pump(c);
    }
    if (c->tls_ended && !c->closing) {
        end_of_input(c);
    }
}

void mock_connection_read_more(struct mock_connection *c) {
    bool may = may_read(c);
    if (may && !c->reading) {
        c->reading = uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read) == 0;
    } else if (!may && c->reading && !c->closing) {
        uv_read_stop((uv_stream_t *)&c->tcp);
        c->reading = false;
    }
}

/* -- opening -- */

static void name_peer(struct mock_connection *c) {
    struct sockaddr_in address;
    int size = sizeof(address);
    char text[INET_ADDRSTRLEN] = "";
    if (uv_tcp_getpeername(&c->tcp, (struct sockaddr *)&address, &size) == 0) {
        uv_ip4_name(&address, text, sizeof(text));
    }
    (void)snprintf(c->host, sizeof(c->host), "/%s", text);
}

static struct mock_connection *new_connection(struct mock_socket *socket) {
    struct mock_listener *l = socket->listener;
    struct mock_connection *c = base_alloc_zero(sizeof(*c));
    if (!c) {
        return NULL;
    }
    c->broker = l->broker;
    c->node = socket->node;
    c->incarnation = l->incarnation;
    c->id = ++l->broker->next_connection;
    c->actor = base_strdup(l->actor);
    if (l->actor && !c->actor) {
        base_free(c);
        return NULL;
    }
    mock_frame_splitter_init(&c->splitter, (size_t)l->broker->settings.socket_request_max_bytes);
    base_builder_init(&c->answers, BASE_MAX_UNSENT_BYTES);
    uv_tcp_init(l->broker->loop, &c->tcp);
    c->tcp.data = c;
    l->broker->open_handles++;
    c->listener = l;
    c->next = l->connections;
    if (c->next) {
        c->next->prev = c;
    }
    l->connections = c;
    return c;
}

void mock_connection_accept(struct mock_socket *socket) {
    struct mock_listener *l = socket->listener;
    struct mock_connection *c = new_connection(socket);
    if (!c) {
        mock_quota_wait(socket);
        return;
    }
    struct mock_node *node = mock_node_get(l->broker, socket->node);
    if (uv_accept((uv_stream_t *)&socket->tcp, (uv_stream_t *)&c->tcp) != 0) {
        mock_connection_close(c, false, "accept failed");
        return;
    }
    if (l->closing || !mock_node_available(node)) {
        mock_connection_close(c, true, l->closing ? "killed" : "broker down");
        return;
    }
    if ((mock_security_has_sasl(l->security) && mock_login_open(c) < 0) ||
        (l->tls && mock_connection_open_tls(c) < 0)) {
        mock_connection_close(c, false, "no memory");
        return;
    }
    uv_tcp_nodelay(&c->tcp, 1);
    name_peer(c);
    if (mock_quota_lacks_descriptors(c)) {
        mock_connection_deny(c, "no file descriptors are left");
        mock_connection_close(c, false, "no file descriptors are left");
        return;
    }
    if (!mock_quota_enter(c)) {
        mock_connection_close(c, false, "max.connections.per.ip");
        return;
    }
    emit(c, MOCK_EVENT_CONNECT, NULL);
    if (!mock_faults_take_connection(c)) {
        mock_connection_read_more(c);
    }
}

/* -- closing -- */

static void leave_listener(struct mock_connection *c) {
    if (!c->listener) {
        return;
    }
    if (c->prev) {
        c->prev->next = c->next;
    } else {
        c->listener->connections = c->next;
    }
    if (c->next) {
        c->next->prev = c->prev;
    }
    c->listener = NULL;
}

void mock_connection_release(struct mock_connection *c) {
    if (!c->handle_closed || c->head || c->writes > 0 || c->pumping) {
        return;
    }
    struct mock_broker *broker = c->broker;
    if (c->firing) {
        mock_firing_request_gone(c->firing);
    }
    mock_frame_splitter_clean_up(&c->splitter);
    base_builder_clean_up(&c->answers);
    base_free(c->actor);
    base_free(c->client_id);
    base_free(c->principal);
    mock_login_close(c);
    mock_connection_close_tls(c);
    base_free(c);
    mock_broker_handle_closed(broker);
}

static void on_closed(uv_handle_t *handle) {
    struct mock_connection *c = handle->data;
    c->handle_closed = true;
    mock_connection_release(c);
}

static void free_write(struct mock_write *w) {
    mock_borrowed_free(w->borrowed);
    base_free(w->data);
    base_free(w);
}

static void drop_slices(struct mock_connection *c) {
    while (c->slices) {
        struct mock_write *w = c->slices;
        c->slices = w->next;
        free_write(w);
    }
}

static void leave_unflushed(struct mock_connection *c) {
    struct mock_connection **at = &c->broker->unflushed;
    while (*at && *at != c) {
        at = &(*at)->next_unflushed;
    }
    if (*at) {
        *at = c->next_unflushed;
    }
    c->is_unflushed = false;
}

/* What was answered has left, as far as the history knows. */
static void write_rest(struct mock_connection *c, bool shut) {
    if (c->is_unflushed) {
        leave_unflushed(c);
    }
    size_t len = c->answers.len;
    uint8_t *sealed = NULL;
    if (c->tls && c->writes == 0 && !c->dead) {
        sealed = mock_connection_seal_rest(c, base_builder_slice(&c->answers), shut, &len);
        len = sealed ? len : 0;
    }
    if (len > 0 && c->writes == 0 && !c->dead) {
        uv_buf_t buf = uv_buf_init((char *)(sealed ? sealed : c->answers.data), (unsigned)len);
        (void)uv_try_write((uv_stream_t *)&c->tcp, &buf, 1);
    }
    base_free(sealed);
    base_builder_reset(&c->answers);
}

void mock_connection_close(struct mock_connection *c, bool reset, const char *why) {
    if (c->closing) {
        return;
    }
    c->closing = true;
    write_rest(c, !reset);
    emit(c, MOCK_EVENT_DISCONNECT, why);
    leave_listener(c);
    mock_quota_leave(c);
    drop_slices(c);
    /* A broker finishes the request that it is at; those read ahead of their turn count as unread.
     */
    struct mock_request *first = c->head;
    struct mock_request *r = first;
    while (r) {
        struct mock_request *next = r->next;
        mock_request_drop(r, r == first);
        r = next;
    }
    if (!reset || uv_tcp_close_reset(&c->tcp, on_closed) != 0) {
        uv_close((uv_handle_t *)&c->tcp, on_closed);
    }
    mock_pipeline_pump(c); /* what the mock cluster has accepted already */
}

/* -- writing -- */

static void start_write(struct mock_connection *c, struct mock_write *w);

static size_t bytes_of(const struct mock_write *w) {
    return w->len + (w->borrowed ? w->borrowed->bytes : 0);
}

static void on_written(uv_write_t *req, int status) {
    struct mock_write *w = req->data;
    struct mock_connection *c = w->connection;
    c->unsent_bytes -= bytes_of(w);
    c->writes--;
    free_write(w);
    mock_quota_active(c);
    if (status != 0) {
        c->dead = true;
        mock_connection_close(c, false, "write failed");
    } else if (c->slices && !c->closing) {
        struct mock_write *slice = c->slices;
        c->slices = slice->next;
        start_write(c, slice);
    } else if (c->close_after_writes && c->writes == 0) {
        mock_connection_close(c, false, c->close_reason ? c->close_reason : "closed by fault");
    } else if (c->head) {
        mock_pipeline_pump(c); /* perhaps it waited for the peer to take what it was sent */
    }
    mock_connection_release(c);
}

static int hand_over(struct mock_connection *c, struct mock_write *w) {
    if (!w->borrowed) {
        uv_buf_t all = uv_buf_init((char *)w->data, (unsigned)w->len);
        return uv_write(&w->req, (uv_stream_t *)&c->tcp, &all, 1, on_written);
    }
    unsigned count = 0;
    uv_buf_t *pieces = mock_borrowed_pieces(w->borrowed, w->data, w->len, &count);
    int rc =
        pieces ? uv_write(&w->req, (uv_stream_t *)&c->tcp, pieces, count, on_written) : UV_ENOMEM;
    base_free(pieces); /* libuv has a copy */
    return rc;
}

static void send_write(struct mock_connection *c, struct mock_write *w) {
    w->req.data = w;
    c->unsent_bytes += bytes_of(w);
    c->writes++;
    int rc = hand_over(c, w);
    if (rc != 0) {
        c->unsent_bytes -= bytes_of(w);
        c->writes--;
        free_write(w);
        mock_connection_close(c, false, "write failed");
    } else if (c->unsent_bytes > BASE_MAX_UNSENT_BYTES) {
        mock_connection_close(c, false, "peer does not read");
    }
}

static void start_write(struct mock_connection *c, struct mock_write *w) {
    if (c->tls && mock_connection_encrypt(c, &w->data, &w->len) < 0) {
        free_write(w);
        mock_connection_close(c, false, "TLS failed");
        return;
    }
    send_write(c, w);
}

static struct mock_write *new_write(struct mock_connection *c, uint8_t *data, size_t len) {
    struct mock_write *w = base_alloc_zero(sizeof(*w));
    if (w) {
        w->connection = c;
        w->data = data;
        w->len = len;
    }
    return w;
}

/* Answers up to this size are gathered until the turn ends: one write for all of them. */
#define GATHER_BYTES (16u * BASE_KIB)

/* Most answers fit into the socket's buffer: no callback, no further turn. What does not fit stays.
 */
static void flush_at_once(struct mock_connection *c) {
    uv_buf_t buf = uv_buf_init((char *)c->answers.data, (unsigned)c->answers.len);
    int written = uv_try_write((uv_stream_t *)&c->tcp, &buf, 1);
    if (written > 0) {
        mock_quota_active(c);
        c->answers.len -= (size_t)written;
        memmove(c->answers.data, c->answers.data + written, c->answers.len);
    }
}

static void flush(struct mock_connection *c) {
    size_t len = 0;
    if (c->answers.len > 0 && c->writes == 0 && !c->close_after_writes && !c->tls) {
        flush_at_once(c);
    }
    uint8_t *data = c->answers.len > 0 ? base_builder_take(&c->answers, &len) : NULL;
    struct mock_write *w = data ? new_write(c, data, len) : NULL;
    if (data && !w) {
        base_free(data);
        mock_connection_close(c, false, "no memory");
    } else if (w) {
        start_write(c, w);
    }
}

/* The socket took all of it at once, so no callback will say that there is room again. */
static void resume(struct mock_connection *c) {
    if (c->paused && !c->closing && c->writes == 0 && c->answers.len == 0) {
        c->paused = false;
        mock_pipeline_pump(c);
    }
}

void mock_connections_flush(struct mock_broker *broker) {
    while (broker->unflushed) {
        struct mock_connection *c = broker->unflushed;
        broker->unflushed = c->next_unflushed;
        c->is_unflushed = false;
        if (!c->closing) {
            flush(c);
            resume(c);
        }
    }
}

static bool gather(struct mock_connection *c, const uint8_t *data, size_t len) {
    base_put_bytes(&c->answers, data, len);
    if (!base_builder_ok(&c->answers)) {
        return false;
    }
    if (!c->is_unflushed) {
        c->is_unflushed = true;
        c->next_unflushed = c->broker->unflushed;
        c->broker->unflushed = c;
    }
    return true;
}

void mock_connection_write(struct mock_connection *c, uint8_t *data, size_t len) {
    if (!c->closing && !c->slices && !c->close_after_writes && len <= GATHER_BYTES &&
        gather(c, data, len)) {
        base_free(data);
        return;
    }
    mock_connection_write_borrowed(c, data, len, NULL);
}

void mock_connection_write_borrowed(struct mock_connection *c, uint8_t *data, size_t len,
                                    struct mock_borrowed *borrowed) {
    assert(!borrowed || !c->tls);
    if (!c->closing) {
        flush(c); /* in order */
    }
    struct mock_write *w = c->closing ? NULL : new_write(c, data, len);
    if (!w) {
        base_free(data);
        mock_borrowed_free(borrowed);
        if (!c->closing) {
            mock_connection_close(c, false, "no memory");
        }
        return;
    }
    w->borrowed = borrowed;
    if (c->slices) { /* behind an answer that is still being sliced */
        struct mock_write **at = &c->slices;
        while (*at) {
            at = &(*at)->next;
        }
        *at = w;
        return;
    }
    start_write(c, w);
}

void mock_connection_write_sealed(struct mock_connection *c, uint8_t *data, size_t len) {
    struct mock_write *w = c->closing ? NULL : new_write(c, data, len);
    if (w) {
        send_write(c, w);
        return;
    }
    base_free(data);
    mock_connection_close(c, false, "no memory");
}

void mock_connection_write_slices(struct mock_connection *c, uint8_t *data, size_t len,
                                  size_t slice) {
    slice = slice ? slice : 1;
    if (!c->closing) {
        flush(c); /* in order */
    }
    for (size_t at = 0; at < len && !c->closing; at += slice) {
        size_t n = len - at < slice ? len - at : slice;
        uint8_t *part = base_memdup(data + at, n);
        struct mock_write *w = part ? new_write(c, part, n) : NULL;
        if (!w) {
            base_free(part);
            mock_connection_close(c, false, "no memory");
            break;
        }
        if (c->writes == 0 && !c->slices) {
            start_write(c, w);
        } else {
            struct mock_write **end = &c->slices;
            while (*end) {
                end = &(*end)->next;
            }
            *end = w;
        }
    }
    base_free(data);
}

int64_t mock_actor_inflight(const struct mock_broker *broker, const char *actor) {
    int64_t count = 0;
    for (const struct mock_listener *l = broker->listeners; l; l = l->next) {
        for (const struct mock_connection *c = l->connections; c; c = c->next) {
            bool mine = c->actor && strcmp(c->actor, actor) == 0;
            for (const struct mock_request *r = mine ? c->head : NULL; r; r = r->next) {
                count += r->header.api_key == MOCK_API_PRODUCE;
            }
        }
    }
    return count;
}

static bool is_idle(const struct mock_request *r) {
    return r->stage == MOCK_STAGE_WAITING && r->upstream_calls == 0;
}

bool mock_is_quiet(const struct mock_broker *broker) {
    for (int32_t i = 0; i < broker->settings.brokers; i++) {
        if (broker->nodes[i].calls) {
            return false; /* perhaps of a connection that is gone: it may yet be appended */
        }
    }
    for (const struct mock_listener *l = broker->listeners; l; l = l->next) {
        for (const struct mock_connection *c = l->connections; c; c = c->next) {
            if (c->head && !(is_idle(c->head) && !c->head->next)) {
                return false;
            }
        }
    }
    return broker->firings == NULL;
}
