/* Jobs in processes of their own: see schedule.h. */
#include "harness/run/schedule.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/builder.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/reader.h"

#define RESULT_MAGIC 0x6b747231u
#define MAX_RESULT_BYTES (256u * BASE_MIB)

/* -- the job's process -- */

static void put_part(struct base_builder *out, struct base_slice part) {
    base_put_u32(out, (uint32_t)part.len);
    base_put_slice(out, part);
}

static void write_all(int to, struct base_slice bytes) {
    while (bytes.len > 0) {
        ssize_t wrote = write(to, bytes.data, bytes.len);
        if (wrote < 0 && errno != EINTR) {
            return;
        }
        size_t n = wrote > 0 ? (size_t)wrote : 0;
        bytes = base_slice_of(bytes.data + n, bytes.len - n);
    }
}

static void run_job(const struct trial_schedule *schedule, size_t job, int to, pid_t parent) {
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(TRIAL_EXIT_BROKEN);
    }
    struct trial_job_result result = {.exit = TRIAL_EXIT_BROKEN};
    uint64_t began = base_clock_monotonic_ns();
    schedule->run(schedule->arg, job, &result);
    result.elapsed_ns = base_clock_monotonic_ns() - began;
    struct base_builder out;
    base_builder_init(&out, MAX_RESULT_BYTES);
    base_put_u32(&out, RESULT_MAGIC);
    base_put_i32(&out, (int32_t)result.exit);
    base_put_i64(&out, (int64_t)result.elapsed_ns);
    put_part(&out, result.text);
    put_part(&out, result.json);
    put_part(&out, result.signature);
    put_part(&out, result.reason);
    base_put_u32(&out, RESULT_MAGIC);
    if (base_builder_ok(&out)) {
        write_all(to, base_builder_slice(&out));
    }
    (void)fflush(NULL);
    /* Not exit: librdkafka's mock cluster would be waited for, which may take a second. */
    _exit(0);
}

/* -- the scheduler -- */

struct slot {
    pid_t pid; /* 0: free */
    int from;
    size_t job;
    struct base_builder result;
};

static struct base_slice read_part(struct base_reader *reader) {
    return base_read_bytes(reader, base_read_u32(reader));
}

static bool read_result(struct base_slice bytes, struct trial_job_result *ret_result) {
    struct base_reader reader = base_reader_of(bytes);
    bool begins = base_read_u32(&reader) == RESULT_MAGIC;
    ret_result->exit = (enum trial_exit)base_read_i32(&reader);
    ret_result->elapsed_ns = (uint64_t)base_read_i64(&reader);
    ret_result->text = read_part(&reader);
    ret_result->json = read_part(&reader);
    ret_result->signature = read_part(&reader);
    ret_result->reason = read_part(&reader);
    if (begins && base_read_u32(&reader) == RESULT_MAGIC && base_reader_is_done(&reader)) {
        return true;
    }
    *ret_result = (struct trial_job_result){.exit = TRIAL_EXIT_BROKEN};
    return false;
}

static void end_slot(const struct trial_schedule *schedule, struct slot *slot) {
    int status = 0;
    (void)close(slot->from);
    while (waitpid(slot->pid, &status, 0) < 0 && errno == EINTR) {}
    trial_guard_clean(schedule->guard, slot->pid);
    struct trial_job_result result = {.exit = TRIAL_EXIT_BROKEN};
    char reason[128];
    /* A whole result and a bad end: an error that only a memory checker saw. */
    if (!read_result(base_builder_slice(&slot->result), &result) || status != 0) {
        result.exit = TRIAL_EXIT_BROKEN;
        if (WIFSIGNALED(status)) {
            (void)snprintf(reason, sizeof(reason),
                           "the process of this instance was killed by SIG%s",
                           sigabbrev_np(WTERMSIG(status)));
        } else {
            (void)snprintf(reason, sizeof(reason),
                           "the process of this instance exited with status %d",
                           WEXITSTATUS(status));
        }
        result.reason = base_slice_str(reason);
        result.signature = result.reason;
    }
    slot->pid = 0;
    schedule->ended(schedule->arg, slot->job, &result);
    base_builder_reset(&slot->result);
}

static int begin_slot(const struct trial_schedule *schedule, struct slot *slot, size_t job,
                      struct base_error *err) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return base_fail(err, BASE_IO, "no pipe for an instance: %s", strerror(errno));
    }
    (void)fflush(NULL);
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        (void)close(ends[0]);
        run_job(schedule, job, ends[1], parent);
    }
    (void)close(ends[1]);
    if (pid < 0) {
        (void)close(ends[0]);
        return base_fail(err, BASE_IO, "cannot fork: %s", strerror(errno));
    }
    slot->pid = pid;
    slot->from = ends[0];
    slot->job = job;
    schedule->began(schedule->arg, job);
    return 0;
}

/* Waits until one of them has something to say, and reads it. */
static int read_slots(const struct trial_schedule *schedule, struct slot *slots,
                      struct base_error *err) {
    struct pollfd polled[BASE_MAX_JOBS];
    for (size_t i = 0; i < schedule->at_once; i++) {
        polled[i] = (struct pollfd){.fd = slots[i].pid ? slots[i].from : -1, .events = POLLIN};
    }
    if (poll(polled, (nfds_t)schedule->at_once, -1) < 0 && errno != EINTR) {
        return base_fail(err, BASE_IO, "waiting for instances: %s", strerror(errno));
    }
    for (size_t i = 0; i < schedule->at_once; i++) {
        char block[65536];
        if (!slots[i].pid || !(polled[i].revents & (POLLIN | POLLHUP | POLLERR))) {
            continue;
        }
        ssize_t got = read(slots[i].from, block, sizeof(block));
        if (got > 0) {
            base_put_bytes(&slots[i].result, block, (size_t)got);
        } else if (got == 0 || errno != EINTR) {
            end_slot(schedule, &slots[i]);
        }
    }
    return 0;
}

int trial_schedule_run(const struct trial_schedule *schedule, struct base_error *err) {
    struct slot *slots = base_alloc_zero(schedule->at_once * sizeof(*slots));
    if (!slots) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for instances");
    }
    for (size_t i = 0; i < schedule->at_once; i++) {
        base_builder_init(&slots[i].result, MAX_RESULT_BYTES);
    }
    size_t next = 0;
    size_t running = 0;
    int result = 0;
    do {
        running = 0;
        for (size_t i = 0; result == 0 && i < schedule->at_once; i++) {
            if (!slots[i].pid && next < schedule->job_count) {
                result = begin_slot(schedule, &slots[i], next, err);
                next += result == 0;
            }
            running += slots[i].pid != 0;
        }
        if (result == 0 && running > 0) {
            result = read_slots(schedule, slots, err);
        }
    } while (result == 0 && running > 0);
    for (size_t i = 0; i < schedule->at_once; i++) {
        if (slots[i].pid) {
            (void)kill(slots[i].pid, SIGKILL);
            (void)close(slots[i].from);
            (void)waitpid(slots[i].pid, NULL, 0);
        }
        base_builder_clean_up(&slots[i].result);
    }
    base_free(slots);
    return result;
}
