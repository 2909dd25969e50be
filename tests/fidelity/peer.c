/* One connection to whatever answers: bytes out, frames in. */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "fidelity.h"

bool fid_peer_open(struct fid_peer *p, const struct fid_server *server, bool sasl) {
    char port[8];
    struct addrinfo *found = NULL;
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
    (void)snprintf(port, sizeof(port), "%u", sasl ? server->sasl_port : server->port);
    memset(p, 0, sizeof(*p));
    p->fd = -1;
    if (getaddrinfo(server->host, port, &hints, &found) != 0) {
        return false;
    }
    p->fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool connected = connect(p->fd, found->ai_addr, found->ai_addrlen) == 0;
    freeaddrinfo(found);
    mock_frame_splitter_init(&p->splitter, BASE_MAX_FRAME_BYTES);
    base_builder_init(&p->out, BASE_MAX_FRAME_BYTES + 1000);
    return connected;
}

void fid_peer_close(struct fid_peer *p) {
    if (p->fd >= 0) {
        close(p->fd);
    }
    mock_frame_splitter_clean_up(&p->splitter);
    base_builder_clean_up(&p->out);
    p->fd = -1;
}

/* A failure is seen by whoever waits for the answer. */
void fid_peer_send(struct fid_peer *p, struct base_slice bytes) {
    while (bytes.len > 0) {
        ssize_t n = send(p->fd, bytes.data, bytes.len, MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR) {
            return;
        }
        bytes.data += n > 0 ? n : 0;
        bytes.len -= n > 0 ? (size_t)n : 0;
    }
}

enum fid_got fid_peer_await(struct fid_peer *p, int patience_ms, struct base_slice *ret_frame) {
    uint64_t end_ns = base_clock_monotonic_ns() + (uint64_t)patience_ms * 1000000u;
    for (;;) {
        int rc = mock_frame_splitter_next(&p->splitter, ret_frame);
        if (rc != 0) {
            return rc == 1 ? FID_GOT_FRAME : FID_GOT_CLOSED;
        }
        uint64_t now_ns = base_clock_monotonic_ns();
        struct pollfd wait = {.fd = p->fd, .events = POLLIN};
        int left_ms = now_ns < end_ns ? (int)((end_ns - now_ns) / 1000000u) + 1 : 0;
        if (poll(&wait, 1, left_ms) == 0) {
            return FID_GOT_TIMEOUT;
        }
        uint8_t bytes[65536];
        ssize_t n = recv(p->fd, bytes, sizeof(bytes), 0);
        if (n <= 0 ||
            mock_frame_splitter_feed(&p->splitter, base_slice_of(bytes, (size_t)n)) != 0) {
            return FID_GOT_CLOSED;
        }
    }
}
