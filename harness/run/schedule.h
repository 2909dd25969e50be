/*
 * Runs jobs, each in a process of its own, several at once: what one job does to its process — an
 * abort in a library, a crash — is that job's result and nobody else's.
 */
#pragma once
#include "base/error.h"
#include "base/slice.h"
#include "harness/run/exit.h"
#include "harness/run/guard.h"

/* What a job leaves behind. */
struct trial_job_result {
    enum trial_exit exit;
    uint64_t elapsed_ns;
    struct base_slice text;      /* for people: verdicts and evidence */
    struct base_slice json;      /* one object; empty if there is none */
    struct base_slice signature; /* equal for equal verdicts */
    struct base_slice reason;    /* one sentence, unless it passed */
};

struct trial_schedule {
    size_t job_count;
    size_t at_once;
    struct trial_guard *guard;
    void *arg;
    /* In a process of its own: fills ret_result, whose slices must live until the process ends. */
    void (*run)(void *arg, size_t job, struct trial_job_result *ret_result);
    /* In the caller's process, in the order in which jobs end. Slices are valid during the call. */
    void (*began)(void *arg, size_t job);
    void (*ended)(void *arg, size_t job, const struct trial_job_result *result);
};

int trial_schedule_run(const struct trial_schedule *schedule, struct base_error *err) BASE_MUST_USE;
