/* One job of a suite, within its own process: run the instance, and put its report into words. */
#pragma once
#include "harness/run/schedule.h"
#include "harness/run/suite.h"

struct trial_job_options {
    const struct trial_suite *suite;
    const struct trial_run_words *words;
    const struct trial_guard *guard;
    const char *journal_program;
};

/* For trial_schedule.run: arg is a struct trial_job_options. The result's slices are never
 * freed: the process ends. */
void trial_job_run(void *arg, size_t job, struct trial_job_result *ret_result);

/* "name=value" made fit for a file name. */
void trial_job_file_name(const char *text, char *room, size_t room_bytes);
