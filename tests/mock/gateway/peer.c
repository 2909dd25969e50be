/* A raw client: see peer.h. */
#include "peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/memory.h"
#include "mock/wire/header.h"

#define CLIENT_ID "peer"

/* "host:port,host:port": the port of the n-th, from 1. */
static uint16_t port_of(const char *bootstrap, int32_t node) {
    const char *at = bootstrap;
    for (int32_t i = 1; i < node && at; i++) {
        at = strchr(at, ',');
        at = at ? at + 1 : NULL;
    }
    at = at ? strchr(at, ':') : NULL;
    return at ? (uint16_t)strtoul(at + 1, NULL, 10) : 0;
}

void peer_open(struct peer *p, struct mock_listener *listener, int32_t node) {
    memset(p, 0, sizeof(*p));
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port =
                                      htons(port_of(mock_listener_bootstrap(listener), node))};
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    p->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    T_EQUAL_INT(connect(p->fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    mock_frame_splitter_init(&p->splitter, BASE_MAX_FRAME_BYTES);
    base_arena_init(&p->arena, BASE_MAX_DECODE_BYTES);
    base_builder_init(&p->out, BASE_MAX_FRAME_BYTES + 1000);
}

void peer_close(struct peer *p) {
    close(p->fd);
    p->fd = -1;
    mock_frame_splitter_clean_up(&p->splitter);
    base_arena_clean_up(&p->arena);
    base_builder_clean_up(&p->out);
}

void peer_abort(struct peer *p) {
    struct linger hard = {.l_onoff = 1, .l_linger = 0};
    setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
    peer_close(p);
}

/* -- sending -- */

struct base_builder *peer_request(struct peer *p, int16_t api, int16_t version) {
    base_builder_reset(&p->out);
    p->slot = base_put_slot_u32(&p->out);
    struct mock_request_header header = {api, version, p->next_correlation_id,
                                         base_slice_str(CLIENT_ID)};
    mock_request_header_encode(&p->out, &header);
    if (T_TRUE(p->sent_count < PEER_MAX_SENT)) {
        p->sent[p->sent_count].api = api;
        p->sent[p->sent_count].version = version;
        p->sent[p->sent_count++].correlation_id = p->next_correlation_id++;
    }
    return &p->out;
}

void peer_send_bytes(struct peer *p, const void *bytes, size_t len) {
    const uint8_t *at = bytes;
    while (len > 0) {
        ssize_t n = send(p->fd, at, len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n > 0) {
            at += n;
            len -= (size_t)n;
        } else if (n < 0 && errno == EAGAIN) {
            uv_run(&rig.loop, UV_RUN_NOWAIT);
        } else if (n < 0 && errno != EINTR) {
            return; /* closed: seen by the next wait */
        }
    }
}

void peer_send(struct peer *p) {
    T_TRUE(base_builder_ok(&p->out));
    base_patch_length(&p->out, p->slot);
    peer_send_bytes(p, p->out.data, p->out.len);
}

void peer_expect_nothing(struct peer *p) {
    p->taken_count++;
}

/* -- receiving -- */

static void on_readable(uv_poll_t *poll, int status, int events) {
    uv_poll_stop(poll);
}

static void on_poll_closed(uv_handle_t *handle) {
    *(bool *)handle->data = true;
}

/* Turns the loop until the socket has something. */
static void await_readable(struct peer *p) {
    uv_poll_t poll;
    uv_poll_init(&rig.loop, &poll, p->fd);
    uv_poll_start(&poll, UV_READABLE | UV_DISCONNECT, on_readable);
    while (uv_is_active((uv_handle_t *)&poll)) {
        rig_turn();
    }
    bool closed = false;
    poll.data = &closed;
    uv_close((uv_handle_t *)&poll, on_poll_closed);
    while (!closed) {
        uv_run(&rig.loop, UV_RUN_NOWAIT);
    }
}

/* Reads what there is. False: nothing now. */
static bool receive(struct peer *p) {
    uint8_t bytes[65536];
    ssize_t n = recv(p->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
    if (n > 0) {
        T_EQUAL_INT(mock_frame_splitter_feed(&p->splitter, base_slice_of(bytes, (size_t)n)), 0);
        return true;
    }
    if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
        p->closed = true;
        p->reset = n < 0 && errno == ECONNRESET;
        return true;
    }
    return false;
}

bool peer_await_frame(struct peer *p, struct base_slice *ret_frame) {
    for (;;) {
        int rc = mock_frame_splitter_next(&p->splitter, ret_frame);
        if (rc != 0 || p->closed) {
            return rc == 1;
        }
        if (!receive(p)) {
            await_readable(p);
        }
    }
}

bool peer_await(struct peer *p, struct base_reader *ret_body) {
    struct base_slice frame;
    base_arena_clean_up(&p->arena);
    base_arena_init(&p->arena, BASE_MAX_DECODE_BYTES);
    if (!T_TRUE(p->taken_count < p->sent_count) || !peer_await_frame(p, &frame)) {
        return false;
    }
    size_t n = p->taken_count++;
    *ret_body = base_reader_of(frame);
    T_EQUAL_INT(mock_response_header_decode(ret_body, p->sent[n].api, p->sent[n].version,
                                            &p->correlation_id),
                0);
    T_EQUAL_INT(p->correlation_id, p->sent[n].correlation_id);
    return true;
}

bool peer_await_close(struct peer *p) {
    struct base_slice frame;
    bool more = peer_await_frame(p, &frame);
    return !more && p->closed;
}

bool peer_has_bytes(struct peer *p) {
    (void)receive(p);
    return mock_frame_splitter_pending_bytes(&p->splitter) > 0;
}
