/*
 * Runs one bound instance of a scenario in this process: steps, then the end (faults disarmed,
 * actors stopped, stores read), then the judges.
 *
 * The process must have no child of its own that this loop should not reap on SIGCHLD, and ignores
 * SIGPIPE from then on.
 */
#pragma once
#include "harness/check/history.h"
#include "harness/check/judge.h"
#include "harness/lang/tree.h"
#include "harness/run/stage.h"

struct trial_run_options {
    const char *directory;       /* exists and is empty; all files of the trial lie there */
    const char *journal_program; /* NULL: only foreign programs can be actors */
    bool valgrind;
    bool keep_process;           /* as in stage.h */
    const struct trial_guard *guard; /* NULL: nobody cleans up if this process is killed */
    void (*observe)(void *arg, const struct trial_event *event); /* NULL: nobody watches */
    void *observe_arg;
};
#define TRIAL_RUN_OPTIONS_INIT {0}

/* 0: judged; history and report are the caller's. BASE_UNSUPPORTED: the instance must be
 * skipped. BASE_USAGE, BASE_NOT_FOUND: the scenario is wrong. Any other: the trial itself could
 * not be held (an actor that never came up). On failure *ret_history may be set all the same,
 * and is the caller's; *ret_report is NULL then. */
int trial_run_instance(const struct trial_scenario *bound, const struct trial_run_options *options,
                       struct trial_history **ret_history, struct trial_report **ret_report,
                       struct base_error *err) BASE_MUST_USE;

/* finish.c: what runner and serve do alike at the end. */

/* Records for every actor that was started whether it is at rest. */
void trial_finish_record_rest(struct trial_stage *stage);
/* Tells every running actor to stop. */
void trial_finish_stop(struct trial_stage *stage);
/* Kills those that have not. */
void trial_finish_kill(struct trial_stage *stage);
/* True when no actor runs. */
bool trial_finish_is_done(const struct trial_stage *stage);
/* Reads every store into the history. */
void trial_finish_read_stores(struct trial_stage *stage);
