/* Waiting for input, librdkafka and signals with one poll(2). */
#include "tool/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/memory.h"

#define READ_BYTES 65536u

int tool_loop_open(struct tool_loop *loop, bool read_input, struct base_error *err) {
    *loop = (struct tool_loop){.has_input = read_input, .wake_read = -1, .wake_write = -1,
                               .signal_fd = -1};
    int pipe_fds[2];
    if (pipe2(pipe_fds, O_CLOEXEC | O_NONBLOCK)) {
        return base_fail(err, BASE_IO, "pipe: %s", strerror(errno));
    }
    loop->wake_read = pipe_fds[0];
    loop->wake_write = pipe_fds[1];
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    if (sigprocmask(SIG_BLOCK, &signals, NULL) || signal(SIGPIPE, SIG_IGN) == SIG_ERR ||
        (loop->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK)) < 0) {
        int code = base_fail(err, BASE_IO, "signals: %s", strerror(errno));
        tool_loop_close(loop);
        return code;
    }
    return 0;
}

void tool_loop_close(struct tool_loop *loop) {
    if (loop->wake_read >= 0) {
        (void)close(loop->wake_read);
        (void)close(loop->wake_write);
    }
    if (loop->signal_fd >= 0) {
        (void)close(loop->signal_fd);
    }
    base_free(loop->data);
    *loop = (struct tool_loop){.wake_read = -1, .wake_write = -1, .signal_fd = -1};
}

static int read_input(struct tool_loop *loop, struct base_error *err) {
    if (loop->taken > 0) {
        memmove(loop->data, loop->data + loop->taken, loop->len - loop->taken);
        loop->len -= loop->taken;
        loop->scanned -= loop->taken < loop->scanned ? loop->taken : loop->scanned;
        loop->taken = 0;
    }
    if (loop->len > BASE_MAX_ACTOR_LINE_BYTES) {
        return base_fail(err, BASE_LIMIT, "a line of input is longer than %u bytes",
                         BASE_MAX_ACTOR_LINE_BYTES);
    }
    if (base_grow((void **)&loop->data, &loop->cap, loop->len + READ_BYTES, 1)) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a line of input");
    }
    ssize_t got = read(STDIN_FILENO, loop->data + loop->len, READ_BYTES);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) {
        return 0;
    }
    if (got < 0) {
        return base_fail(err, BASE_IO, "standard input: %s", strerror(errno));
    }
    if (got == 0) {
        loop->has_input = false;
        loop->stop = true;
    }
    loop->len += (size_t)got;
    return 0;
}

static void drain_wake(struct tool_loop *loop) {
    uint8_t bytes[256];
    while (read(loop->wake_read, bytes, sizeof(bytes)) == (ssize_t)sizeof(bytes)) {
    }
}

int tool_loop_wait(struct tool_loop *loop, int timeout_ms, struct base_error *err) {
    struct pollfd fds[3] = {
        {.fd = loop->wake_read, .events = POLLIN},
        {.fd = loop->signal_fd, .events = POLLIN},
        {.fd = loop->has_input ? STDIN_FILENO : -1, .events = POLLIN},
    };
    if (poll(fds, 3, timeout_ms) < 0) {
        return errno == EINTR ? 0 : base_fail(err, BASE_IO, "poll: %s", strerror(errno));
    }
    if (fds[0].revents) {
        drain_wake(loop);
    }
    if (fds[1].revents) {
        struct signalfd_siginfo info;
        (void)!read(loop->signal_fd, &info, sizeof(info));
        loop->stop = true;
    }
    return fds[2].revents ? read_input(loop, err) : 0;
}

bool tool_loop_line(struct tool_loop *loop, struct base_slice *ret_line) {
    size_t from = loop->scanned > loop->taken ? loop->scanned : loop->taken;
    if (loop->len == loop->taken) {
        return false;
    }
    const uint8_t *feed = memchr(loop->data + from, '\n', loop->len - from);
    if (!feed) {
        loop->scanned = loop->len;
        if (loop->has_input) {
            return false;
        }
        *ret_line = base_slice_of(loop->data + loop->taken, loop->len - loop->taken);
        loop->taken = loop->len;
        return true;
    }
    size_t end = (size_t)(feed - loop->data);
    *ret_line = base_slice_of(loop->data + loop->taken, end - loop->taken);
    loop->taken = end + 1;
    loop->scanned = loop->taken;
    return true;
}
