/* The program's event loop: lines from standard input, wake-ups from librdkafka, signals. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

struct tool_loop {
    bool has_input; /* standard input is read, and has not ended */
    uint8_t *data;  /* what was read and not yet taken as lines */
    size_t len, cap;
    size_t taken;   /* bytes at the start that were handed out */
    size_t scanned; /* bytes without a line feed, looked at before */
    int wake_read, wake_write;
    int signal_fd;
    bool stop; /* a signal, or the end of input, asked for it */
};

/* Blocks SIGINT and SIGTERM (they become stop): call it before any thread is started. */
int tool_loop_open(struct tool_loop *loop, bool read_input, struct base_error *err);
void tool_loop_close(struct tool_loop *loop);
/* Waits for any of them, at most timeout_ms; reads what input there is, at most once. */
int tool_loop_wait(struct tool_loop *loop, int timeout_ms, struct base_error *err);
/* The next complete line, without its end; valid until the next wait. False if there is none. At
 * the end of input an unfinished last line counts. */
bool tool_loop_line(struct tool_loop *loop, struct base_slice *ret_line);
