/* The scenarios of one `ktrial run`: found, parsed, checked, and taken apart into jobs. */
#pragma once
#include "harness/lang/lang.h"
#include "harness/run/run_options.h"

/* One scenario file. */
struct trial_suite_file {
    char *path;
    struct trial_scenario *scenario; /* NULL: not to be parsed */
    char *skip_reason;               /* NULL: it can be run */
};

/* One instance, run once. */
struct trial_suite_job {
    const struct trial_suite_file *file;
    size_t instance;
    size_t round;     /* from 0 */
    char *title;      /* "idempotence=false"; "" */
};

struct trial_suite {
    struct trial_suite_file *files;
    size_t file_count;
    size_t file_cap;
    struct trial_suite_job *jobs;
    size_t job_count;
    size_t job_cap;
    size_t broken; /* files with errors; they were printed on standard error */
};

/* Finds, parses and checks; 0, or an error in a path. */
int trial_suite_open(struct trial_suite *suite, const struct trial_run_words *words,
                     struct base_error *err) BASE_MUST_USE;
void trial_suite_close(struct trial_suite *suite);
