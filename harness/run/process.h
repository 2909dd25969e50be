/*
 * One child process with pipes for its standard streams, in a process group of its own. It dies
 * with its parent, inherits no other file, and is reaped on SIGCHLD. What it wrote before it died
 * is handed over before its exit is reported.
 */
#pragma once
#include <stdbool.h>
#include <sys/types.h>
#include <uv.h>

#include "base/attrs.h"
#include "base/error.h"
#include "base/slice.h"
#include "harness/run/guard.h"

struct trial_process;

/* Watches for dying children of one loop. */
struct trial_reaper {
    uv_signal_t signal;
    struct trial_process *first;
    bool is_open;
};
int trial_reaper_open(struct trial_reaper *reaper, uv_loop_t *loop, struct base_error *err)
    BASE_MUST_USE;
/* The loop must run once more. */
void trial_reaper_close(struct trial_reaper *reaper);

enum trial_stream { TRIAL_STDOUT = 1, TRIAL_STDERR = 2 };

struct trial_process_options {
    char *const *argv;     /* argv[0] is a path */
    char *const *envp;
    const char *directory; /* working directory; NULL: the present one */
    const struct trial_guard *guard;
    void *arg;
    void (*output)(void *arg, enum trial_stream stream, struct base_slice bytes);
    /* status: of exit, or -1 with the signal's number. Comes last. */
    void (*exited)(void *arg, int status, int signal);
    /* Bytes that were queued for standard input have been taken; may be NULL. */
    void (*written)(void *arg);
};

int trial_process_spawn(struct trial_reaper *reaper, const struct trial_process_options *options,
                        struct trial_process **ret_process, struct base_error *err) BASE_MUST_USE;
pid_t trial_process_pid(const struct trial_process *process);
/* Queues bytes for its standard input; they are lost if the process does not read. */
int trial_process_write(struct trial_process *process, struct base_slice bytes,
                        struct base_error *err) BASE_MUST_USE;
/* Bytes queued and not yet taken by the pipe. */
size_t trial_process_unwritten(const struct trial_process *process);
/* Ends its standard input when all is written. */
void trial_process_end_input(struct trial_process *process);
/* To its whole group. */
void trial_process_signal(const struct trial_process *process, int signal);
/* After exited (or to give up on it: then it is killed). The memory goes when the loop has
 * closed its handles. NULL-safe. */
void trial_process_free(struct trial_process *process);
