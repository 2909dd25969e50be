/* Child processes: see process.h. */
#include "harness/run/process.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/builder.h"
#include "base/memory.h"

#define PROCESS_MAGIC 0x70726f63u
#define READ_BLOCK_BYTES (64u * 1024u)
/* Commands that wait for a process that does not read: more than any record with its base64. */
#define MAX_UNWRITTEN_BYTES (512u * 1024u * 1024u)

struct trial_process {
    unsigned magic;
    struct trial_process *next;
    struct trial_reaper *reaper;
    struct trial_process_options options;
    pid_t pid;
    bool exited;
    bool freed;
    bool ends_input;
    bool input_shut;
    int open_handles;
    uv_pipe_t in;
    uv_pipe_t out;
    uv_pipe_t err;
    uv_write_t write_request;
    struct base_builder writing; /* given to libuv */
    struct base_builder waiting; /* not yet */
    bool is_writing;
    char block[READ_BLOCK_BYTES];
};

/* -- fork and exec -- */

/* The descriptors of a child that is about to be: its ends first. */
struct child_pipes {
    int in[2];
    int out[2];
    int err[2];
    int failure[2];
};

static int open_pipes(struct child_pipes *pipes, struct base_error *err) {
    int *all[] = {pipes->in, pipes->out, pipes->err, pipes->failure};
    for (size_t i = 0; i < 4; i++) {
        if (pipe2(all[i], O_CLOEXEC) != 0) {
            int why = errno;
            for (size_t j = 0; j < i; j++) {
                (void)close(all[j][0]);
                (void)close(all[j][1]);
            }
            return base_fail(err, BASE_IO, "no pipe for a process: %s", strerror(why));
        }
    }
    return 0;
}

static void reset_signals(void) {
    struct sigaction usual = {.sa_handler = SIG_DFL};
    for (int i = 1; i < NSIG; i++) {
        (void)sigaction(i, &usual, NULL);
    }
    sigset_t none;
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* In the child: only calls that are safe after fork in a process with threads. */
static void run_child(const struct trial_process_options *options, const struct child_pipes *pipes,
                      pid_t parent) {
    (void)setpgid(0, 0);
    trial_guard_tell(options->guard, parent, getpid(), true);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(127);
    }
    reset_signals();
    (void)dup2(pipes->in[0], STDIN_FILENO);
    (void)dup2(pipes->out[1], STDOUT_FILENO);
    (void)dup2(pipes->err[1], STDERR_FILENO);
    /* Also what ktrial itself was given by its parent. */
    (void)close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC);
    if (!options->directory || chdir(options->directory) == 0) {
        (void)execve(options->argv[0], options->argv, options->envp);
    }
    int why = errno;
    (void)!write(pipes->failure[1], &why, sizeof(why));
    _exit(127);
}

/* 0 once the program runs; its pid in *ret_pid. */
static int start_child(const struct trial_process_options *options, struct child_pipes *pipes,
                       pid_t *ret_pid, struct base_error *err) {
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        run_child(options, pipes, parent);
    }
    int fork_errno = errno;
    (void)close(pipes->in[0]);
    (void)close(pipes->out[1]);
    (void)close(pipes->err[1]);
    (void)close(pipes->failure[1]);
    int why = fork_errno;
    ssize_t got = 0;
    if (pid > 0) {
        (void)setpgid(pid, pid);
        while ((got = read(pipes->failure[0], &why, sizeof(why))) < 0 && errno == EINTR) {
        }
    }
    (void)close(pipes->failure[0]);
    if (pid > 0 && got <= 0) {
        *ret_pid = pid;
        return 0;
    }
    if (pid > 0) {
        (void)waitpid(pid, NULL, 0);
        trial_guard_tell(options->guard, parent, pid, false);
    }
    (void)close(pipes->in[1]);
    (void)close(pipes->out[0]);
    (void)close(pipes->err[0]);
    return base_fail(err, BASE_IO, "cannot run '%s': %s", options->argv[0], strerror(why));
}

/* -- output -- */

static struct trial_process *process_of(void *data) {
    struct trial_process *process = data;
    assert(process->magic == PROCESS_MAGIC);
    return process;
}

static void give_block(uv_handle_t *handle, size_t suggested, uv_buf_t *buf) {
    struct trial_process *process = process_of(handle->data);
    *buf = uv_buf_init(process->block, sizeof(process->block));
}

static void took_output(uv_stream_t *stream, ssize_t got, const uv_buf_t *buf) {
    struct trial_process *process = process_of(stream->data);
    if (got < 0) {
        (void)uv_read_stop(stream);
    } else if (got > 0 && !process->freed) {
        enum trial_stream which =
            stream == (uv_stream_t *)&process->out ? TRIAL_STDOUT : TRIAL_STDERR;
        process->options.output(process->options.arg, which,
                                base_slice_of(buf->base, (size_t)got));
    }
}

/* What is left in a pipe of a process that is dead. A descendant may hold the other end open,
 * so the end of the pipe is not waited for. */
static void drain_output(struct trial_process *process, uv_pipe_t *pipe, enum trial_stream which) {
    uv_os_fd_t fd;
    if (uv_is_closing((uv_handle_t *)pipe) || uv_fileno((uv_handle_t *)pipe, &fd) != 0) {
        return;
    }
    (void)uv_read_stop((uv_stream_t *)pipe);
    ssize_t got;
    while ((got = read(fd, process->block, sizeof(process->block))) > 0 ||
           (got < 0 && errno == EINTR)) {
        if (got > 0) {
            process->options.output(process->options.arg, which,
                                    base_slice_of(process->block, (size_t)got));
        }
    }
}

/* -- input -- */

static void write_more(struct trial_process *process);

static void wrote(uv_write_t *request, int status) {
    struct trial_process *process = process_of(request->data);
    process->is_writing = false;
    if (status != 0) {
        /* It does not read any more; its exit, or its silence, will tell. */
        base_builder_reset(&process->waiting);
    }
    write_more(process);
    if (!process->freed && process->options.written) {
        process->options.written(process->options.arg);
    }
}

static void close_input(struct trial_process *process);

static void write_more(struct trial_process *process) {
    if (process->is_writing || process->input_shut) {
        return;
    }
    if (process->waiting.len == 0) {
        if (process->ends_input) {
            close_input(process);
        }
        return;
    }
    struct base_builder swap = process->writing;
    process->writing = process->waiting;
    process->waiting = swap;
    base_builder_reset(&process->waiting);
    uv_buf_t buf = uv_buf_init((char *)process->writing.data, (unsigned)process->writing.len);
    process->write_request.data = process;
    process->is_writing = uv_write(&process->write_request, (uv_stream_t *)&process->in, &buf, 1,
                                   wrote) == 0;
}

int trial_process_write(struct trial_process *process, struct base_slice bytes,
                        struct base_error *err) {
    if (process->exited || process->input_shut || process->ends_input) {
        return 0;
    }
    base_put_slice(&process->waiting, bytes);
    if (!base_builder_ok(&process->waiting)) {
        return base_fail(err, process->waiting.failed,
                         "more than %u bytes wait for a process that does not read",
                         MAX_UNWRITTEN_BYTES);
    }
    write_more(process);
    return 0;
}

size_t trial_process_unwritten(const struct trial_process *process) {
    return process->waiting.len + (process->is_writing ? process->writing.len : 0);
}

void trial_process_end_input(struct trial_process *process) {
    process->ends_input = true;
    write_more(process);
}

/* -- life and death -- */

static void handle_closed(uv_handle_t *handle) {
    struct trial_process *process = process_of(handle->data);
    if (--process->open_handles == 0) {
        base_builder_clean_up(&process->writing);
        base_builder_clean_up(&process->waiting);
        process->magic = 0;
        base_free(process);
    }
}

static void close_input(struct trial_process *process) {
    if (!process->input_shut) {
        process->input_shut = true;
        uv_close((uv_handle_t *)&process->in, handle_closed);
    }
}

static int open_stream(struct trial_process *process, uv_pipe_t *pipe, int fd) {
    (void)uv_pipe_init(process->reaper->signal.loop, pipe, 0);
    pipe->data = process;
    process->open_handles++;
    int result = uv_pipe_open(pipe, fd);
    if (result != 0) {
        (void)close(fd);
    }
    return result;
}

int trial_process_spawn(struct trial_reaper *reaper, const struct trial_process_options *options,
                        struct trial_process **ret_process, struct base_error *err) {
    struct trial_process *process = base_alloc_zero(sizeof(*process));
    if (!process) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a process");
    }
    struct child_pipes pipes;
    int result = open_pipes(&pipes, err);
    if (result == 0) {
        result = start_child(options, &pipes, &process->pid, err);
    }
    if (result != 0) {
        base_free(process);
        return result;
    }
    process->magic = PROCESS_MAGIC;
    process->reaper = reaper;
    process->options = *options;
    base_builder_init(&process->writing, MAX_UNWRITTEN_BYTES);
    base_builder_init(&process->waiting, MAX_UNWRITTEN_BYTES);
    process->next = reaper->first;
    reaper->first = process;
    int opened = open_stream(process, &process->in, pipes.in[1]);
    opened = open_stream(process, &process->out, pipes.out[0]) != 0 ? -1 : opened;
    opened = open_stream(process, &process->err, pipes.err[0]) != 0 ? -1 : opened;
    if (opened != 0 ||
        uv_read_start((uv_stream_t *)&process->out, give_block, took_output) != 0 ||
        uv_read_start((uv_stream_t *)&process->err, give_block, took_output) != 0) {
        trial_process_free(process);
        return base_fail(err, BASE_IO, "cannot read from '%s'", options->argv[0]);
    }
    *ret_process = process;
    return 0;
}

pid_t trial_process_pid(const struct trial_process *process) {
    return process->pid;
}

void trial_process_signal(const struct trial_process *process, int signal) {
    if (!process->exited) {
        (void)kill(-process->pid, signal);
    }
}

/* The leader is a zombie: the rest of its group goes with it, before the group's number is free. */
static bool reap(struct trial_process *process, int *ret_status) {
    siginfo_t info = {0};
    if (waitid(P_PID, (id_t)process->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
        info.si_pid == 0) {
        return false;
    }
    (void)kill(-process->pid, SIGKILL);
    while (waitpid(process->pid, ret_status, 0) < 0 && errno == EINTR) {
    }
    process->exited = true;
    trial_guard_tell(process->options.guard, getpid(), process->pid, false);
    return true;
}

static void unlink_process(struct trial_process *process) {
    struct trial_process **link = &process->reaper->first;
    while (*link && *link != process) {
        link = &(*link)->next;
    }
    if (*link) {
        *link = process->next;
    }
}

void trial_process_free(struct trial_process *process) {
    if (!process || process->freed) {
        return;
    }
    process->freed = true;
    if (!process->exited) {
        (void)kill(-process->pid, SIGKILL);
        while (waitpid(process->pid, NULL, 0) < 0 && errno == EINTR) {
        }
        process->exited = true;
        trial_guard_tell(process->options.guard, getpid(), process->pid, false);
    }
    unlink_process(process);
    close_input(process);
    uv_close((uv_handle_t *)&process->out, handle_closed);
    uv_close((uv_handle_t *)&process->err, handle_closed);
}

static void child_died(uv_signal_t *handle, int signum) {
    struct trial_reaper *reaper = handle->data;
    struct trial_process *process = reaper->first;
    while (process) {
        struct trial_process *next = process->next;
        int status = 0;
        if (!process->exited && reap(process, &status)) {
            drain_output(process, &process->out, TRIAL_STDOUT);
            drain_output(process, &process->err, TRIAL_STDERR);
            process->options.exited(process->options.arg,
                                    WIFEXITED(status) ? WEXITSTATUS(status) : -1,
                                    WIFSIGNALED(status) ? WTERMSIG(status) : 0);
            /* A callback may have freed any of them: begin again. */
            next = reaper->first;
        }
        process = next;
    }
}

int trial_reaper_open(struct trial_reaper *reaper, uv_loop_t *loop, struct base_error *err) {
    *reaper = (struct trial_reaper){0};
    if (uv_signal_init(loop, &reaper->signal) != 0) {
        return base_fail(err, BASE_IO, "cannot watch for exiting processes");
    }
    reaper->signal.data = reaper;
    reaper->is_open = true;
    if (uv_signal_start(&reaper->signal, child_died, SIGCHLD) != 0) {
        trial_reaper_close(reaper);
        return base_fail(err, BASE_IO, "cannot watch for exiting processes");
    }
    return 0;
}

void trial_reaper_close(struct trial_reaper *reaper) {
    if (reaper->is_open) {
        reaper->is_open = false;
        uv_close((uv_handle_t *)&reaper->signal, NULL);
    }
}
