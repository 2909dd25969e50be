/* Controllers: lines in, answers out; see control.h. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/memory.h"
#include "harness/run/control_private.h"

#define READ_BLOCK_BYTES 16384u
#define MAX_ANSWER_BYTES (64u * BASE_MIB)
#define BACKLOG 16

enum controller_kind { CONTROLLER_POLLED, CONTROLLER_FILE, CONTROLLER_SOCKET };

struct trial_controller {
    struct trial_controller *next;
    struct trial_control *control;
    enum controller_kind kind;
    union {
        uv_handle_t handle;
        uv_poll_t poll;  /* a pipe or a terminal */
        uv_idle_t idle;  /* a file: always ready */
        uv_pipe_t pipe;  /* a connection to the socket */
    } u;
    int from;
    int from_flags;   /* to be restored: libuv makes it non-blocking */
    int to;
    bool prompt;
    bool is_reading;
    bool at_end;      /* no more input; what is there is still answered */
    bool is_closed;
    bool is_pending;  /* a line is being carried out */
    struct trial_order order;
    struct base_builder in;
    char block[READ_BLOCK_BYTES];
};

static void start_reading(struct trial_controller *c);
static void stop_reading(struct trial_controller *c);

/* -- answers -- */

struct answer_write {
    uv_write_t request;
    struct base_builder bytes;
};

static void answered(uv_write_t *request, int status) {
    struct answer_write *answer = request->data;
    base_builder_clean_up(&answer->bytes);
    base_free(answer);
}

static void send_socket(struct trial_controller *c, struct base_builder *bytes) {
    struct answer_write *answer = base_alloc_zero(sizeof(*answer));
    if (!answer) {
        return;
    }
    answer->bytes = *bytes;
    base_builder_init(bytes, MAX_ANSWER_BYTES);
    answer->request.data = answer;
    uv_buf_t buf = uv_buf_init((char *)answer->bytes.data, (unsigned)answer->bytes.len);
    if (uv_write(&answer->request, (uv_stream_t *)&c->u.pipe, &buf, 1, answered) != 0) {
        answered(&answer->request, -1);
    }
}

static void send_plain(const struct trial_controller *c, struct base_slice bytes) {
    while (bytes.len > 0) {
        ssize_t wrote = write(c->to, bytes.data, bytes.len);
        if (wrote < 0 && errno == EAGAIN) {
            /* A terminal that is both input and output was made non-blocking with its input. */
            struct pollfd room = {.fd = c->to, .events = POLLOUT};
            (void)poll(&room, 1, -1);
        } else if (wrote < 0 && errno != EINTR) {
            return;
        }
        size_t n = wrote > 0 ? (size_t)wrote : 0;
        bytes = base_slice_of(bytes.data + n, bytes.len - n);
    }
}

static void show_prompt(const struct trial_controller *c) {
    if (c->prompt && !c->at_end) {
        send_plain(c, base_slice_str("ktrial> "));
    }
}

static void give_answer(struct trial_controller *c, struct base_builder *answer) {
    base_put_u8(answer, '\n');
    if (c->kind == CONTROLLER_SOCKET) {
        send_socket(c, answer);
    } else {
        send_plain(c, base_builder_slice(answer));
    }
    show_prompt(c);
}

/* -- lines -- */

/* Takes the next whole line off the input; the last one may lack its newline. */
static bool take_line(struct trial_controller *c, struct base_builder *ret_line) {
    struct base_slice in = base_builder_slice(&c->in);
    const uint8_t *end = in.len ? memchr(in.data, '\n', in.len) : NULL;
    if (!end && (!c->at_end || in.len == 0)) {
        return false;
    }
    size_t len = end ? (size_t)(end - in.data) : in.len;
    base_builder_reset(ret_line);
    base_put_bytes(ret_line, in.data, len);
    size_t used = end ? len + 1 : len;
    memmove(c->in.data, c->in.data + used, in.len - used);
    c->in.len -= used;
    return true;
}

static bool is_blank(struct base_slice line) {
    for (size_t i = 0; i < line.len; i++) {
        if (line.data[i] == '#') {
            return true;
        }
        if (line.data[i] != ' ' && line.data[i] != '\t' && line.data[i] != '\r') {
            return false;
        }
    }
    return true;
}

/* A line whose braces are open goes on: a log to be compared is several lines long. */
static bool is_open(struct base_slice text) {
    long depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        char ch = (char)text.data[i];
        if (quoted && ch == '\\') {
            i++;
        } else if (ch == '"') {
            quoted = !quoted;
        } else if (!quoted && ch == '#') {
            while (i + 1 < text.len && text.data[i + 1] != '\n') {
                i++;
            }
        } else if (!quoted) {
            depth += ch == '{' ? 1 : ch == '}' ? -1 : 0;
        }
    }
    return depth > 0 || (text.len > 0 && text.data[text.len - 1] == '\\');
}

/* One order: a line, or the lines up to the brace that closes it. */
static bool take_order(struct trial_controller *c, struct base_builder *ret_text) {
    struct base_builder whole;
    struct base_builder line;
    base_builder_init(&whole, BASE_MAX_SCENARIO_BYTES);
    base_builder_init(&line, BASE_MAX_SCENARIO_BYTES);
    /* Nothing is taken for good until the order is whole. */
    size_t before = c->in.len;
    uint8_t *saved = base_memdup(c->in.data ? (const void *)c->in.data : "", before);
    bool found = false;
    while (saved && !found && take_line(c, &line)) {
        if (whole.len == 0 && is_blank(base_builder_slice(&line))) {
            continue;
        }
        base_put_slice(&whole, base_builder_slice(&line));
        if (!is_open(base_builder_slice(&whole)) || (c->at_end && c->in.len == 0)) {
            found = true;
        } else {
            base_put_u8(&whole, '\n');
        }
    }
    if (!found && whole.len > 0 && saved) {
        memcpy(c->in.data, saved, before);
        c->in.len = before;
    }
    base_free(saved);
    base_builder_clean_up(&line);
    base_builder_clean_up(ret_text);
    *ret_text = whole;
    return found;
}

static void close_controller(struct trial_controller *c) {
    if (!c->is_closed) {
        c->is_closed = true;
        trial_order_clean_up(&c->order);
        uv_close(&c->u.handle, NULL);
        if (c->kind == CONTROLLER_POLLED && c->from_flags >= 0) {
            (void)fcntl(c->from, F_SETFL, c->from_flags);
        }
    }
}

/* Answers what can be answered. */
static void go_on(struct trial_controller *c) {
    struct base_builder answer;
    base_builder_init(&answer, MAX_ANSWER_BYTES);
    struct base_builder text;
    base_builder_init(&text, BASE_MAX_SCENARIO_BYTES);
    while (!c->is_closed) {
        if (c->is_pending) {
            if (!trial_order_is_done(&c->order, c->control, &answer)) {
                break;
            }
        } else if (!take_order(c, &text)) {
            break;
        } else if (trial_order_begin(c->control, base_builder_slice(&text), &c->order, &answer)) {
            c->is_pending = true;
            stop_reading(c);
            break;
        }
        c->is_pending = false;
        trial_order_clean_up(&c->order);
        give_answer(c, &answer);
        base_builder_reset(&answer);
    }
    base_builder_clean_up(&answer);
    base_builder_clean_up(&text);
    if (c->is_closed || c->is_pending) {
        return;
    }
    if (!c->at_end) {
        start_reading(c);
    } else if (c->kind == CONTROLLER_SOCKET) {
        close_controller(c);
    } else {
        c->control->options.ended(c->control->options.arg);
    }
}

static void took(struct trial_controller *c, const char *bytes, ssize_t got) {
    if (got <= 0) {
        c->at_end = true;
        stop_reading(c);
    } else {
        base_put_bytes(&c->in, bytes, (size_t)got);
        if (!base_builder_ok(&c->in)) {
            base_builder_clean_up(&c->in);
            base_builder_init(&c->in, BASE_MAX_SCENARIO_BYTES);
            struct base_builder answer;
            base_builder_init(&answer, MAX_ANSWER_BYTES);
            trial_order_refuse(&answer, "the line is too long");
            give_answer(c, &answer);
            base_builder_clean_up(&answer);
        }
    }
    go_on(c);
}

/* -- reading -- */

static void read_now(struct trial_controller *c) {
    ssize_t got = read(c->from, c->block, sizeof(c->block));
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) {
        return;
    }
    took(c, c->block, got);
}

static void polled(uv_poll_t *poll, int status, int events) {
    read_now(poll->data);
}

static void idled(uv_idle_t *idle) {
    read_now(idle->data);
}

static void give_block(uv_handle_t *handle, size_t suggested, uv_buf_t *buf) {
    struct trial_controller *c = handle->data;
    *buf = uv_buf_init(c->block, sizeof(c->block));
}

static void took_stream(uv_stream_t *stream, ssize_t got, const uv_buf_t *buf) {
    if (got != 0) {
        took(stream->data, buf->base, got);
    }
}

static void start_reading(struct trial_controller *c) {
    if (c->is_reading || c->at_end || c->is_closed) {
        return;
    }
    c->is_reading = true;
    switch (c->kind) {
    case CONTROLLER_POLLED:
        (void)uv_poll_start(&c->u.poll, UV_READABLE | UV_DISCONNECT, polled);
        break;
    case CONTROLLER_FILE:
        (void)uv_idle_start(&c->u.idle, idled);
        break;
    case CONTROLLER_SOCKET:
        (void)uv_read_start((uv_stream_t *)&c->u.pipe, give_block, took_stream);
        break;
    }
}

static void stop_reading(struct trial_controller *c) {
    if (!c->is_reading || c->is_closed) {
        return;
    }
    c->is_reading = false;
    switch (c->kind) {
    case CONTROLLER_POLLED:
        (void)uv_poll_stop(&c->u.poll);
        break;
    case CONTROLLER_FILE:
        (void)uv_idle_stop(&c->u.idle);
        break;
    case CONTROLLER_SOCKET:
        (void)uv_read_stop((uv_stream_t *)&c->u.pipe);
        break;
    }
}

static struct trial_controller *new_controller(struct trial_control *control,
                                               enum controller_kind kind) {
    struct trial_controller *c = base_alloc_zero(sizeof(*c));
    if (c) {
        c->control = control;
        c->kind = kind;
        c->from = c->to = -1;
        base_builder_init(&c->in, BASE_MAX_SCENARIO_BYTES);
    }
    return c;
}

static void link_controller(struct trial_controller *c) {
    c->u.handle.data = c;
    c->next = c->control->first;
    c->control->first = c;
}

int trial_control_read(struct trial_control *control, int from, int to, bool prompt,
                       struct base_error *err) {
    struct trial_controller *c = new_controller(control, CONTROLLER_POLLED);
    if (!c) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for the control channel");
    }
    uv_loop_t *loop = &control->options.stage->loop;
    c->from_flags = fcntl(from, F_GETFL);
    /* A file, or /dev/null, cannot be waited for: it is always ready. */
    if (uv_poll_init(loop, &c->u.poll, from) != 0) {
        c->kind = CONTROLLER_FILE;
        (void)uv_idle_init(loop, &c->u.idle);
    }
    c->from = from;
    c->to = to;
    c->prompt = prompt;
    link_controller(c);
    show_prompt(c);
    start_reading(c);
    return 0;
}

/* -- the socket -- */

static void connected(uv_stream_t *server, int status) {
    struct trial_control *control = server->data;
    struct trial_controller *c =
        status == 0 ? new_controller(control, CONTROLLER_SOCKET) : NULL;
    if (!c) {
        return;
    }
    (void)uv_pipe_init(server->loop, &c->u.pipe, 0);
    link_controller(c);
    if (uv_accept(server, (uv_stream_t *)&c->u.pipe) != 0) {
        close_controller(c);
        return;
    }
    start_reading(c);
}

int trial_control_listen(struct trial_control *control, const char *path, struct base_error *err) {
    (void)uv_pipe_init(&control->options.stage->loop, &control->server, 0);
    control->server.data = control;
    control->has_server = true;
    int result = uv_pipe_bind(&control->server, path);
    if (result == 0) {
        control->server_path = base_strdup(path);
        result = uv_listen((uv_stream_t *)&control->server, BACKLOG, connected);
    }
    return result == 0 ? 0
                       : base_fail(err, BASE_IO, "cannot listen on '%s': %s", path,
                                   uv_strerror(result));
}

/* -- all of them -- */

int trial_control_new(const struct trial_control_options *options,
                      struct trial_control **ret_control, struct base_error *err) {
    struct trial_control *control = base_alloc_zero(sizeof(*control));
    if (!control) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for the control channel");
    }
    control->options = *options;
    *ret_control = control;
    return 0;
}

void trial_control_advance(struct trial_control *control) {
    for (struct trial_controller *c = control->first; c; c = c->next) {
        if (c->is_pending && !c->is_closed) {
            go_on(c);
        }
    }
}

size_t trial_control_failed(const struct trial_control *control) {
    return control->failed;
}

void trial_control_close(struct trial_control *control) {
    if (!control || control->is_closing) {
        return;
    }
    control->is_closing = true;
    for (struct trial_controller *c = control->first; c; c = c->next) {
        if (c->is_pending && !c->is_closed) {
            struct base_builder answer;
            base_builder_init(&answer, MAX_ANSWER_BYTES);
            c->prompt = false;
            trial_order_refuse(&answer, "ktrial ends");
            give_answer(c, &answer);
            base_builder_clean_up(&answer);
        }
        close_controller(c);
    }
    if (control->has_server) {
        uv_close((uv_handle_t *)&control->server, NULL);
    }
}

void trial_control_free(struct trial_control *control) {
    if (!control) {
        return;
    }
    while (control->first) {
        struct trial_controller *c = control->first;
        control->first = c->next;
        base_builder_clean_up(&c->in);
        base_free(c);
    }
    for (size_t i = 0; i < control->kept_count; i++) {
        trial_scenario_free(control->kept[i].bound);
        trial_scenario_free(control->kept[i].fragment);
    }
    base_free(control->kept);
    base_free(control->server_path);
    base_free(control);
}
