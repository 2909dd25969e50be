/* What `ktrial run` prints while it runs: plain lines, or on a terminal a progress line and
 * colours. */
#pragma once
#include <stdbool.h>
#include <stdio.h>

#include "harness/run/schedule.h"

struct trial_show {
    FILE *out;
    bool is_terminal;
    size_t total;
    size_t done;
    size_t running;
    size_t passed;
    size_t failed;
    size_t unknown;
    size_t errors;
    size_t skipped;
};

void trial_show_open(struct trial_show *show, FILE *out, size_t total);
void trial_show_began(struct trial_show *show);
/* text: the whole report, or its first line only (brief). */
void trial_show_ended(struct trial_show *show, const struct trial_job_result *result,
                      const char *path, const char *title, bool brief);
/* A line of its own. */
void trial_show_line(struct trial_show *show, const char *format, ...) BASE_PRINTF(2, 3);
/* The last line: "N passed, N failed, N skipped" and what else there is. */
void trial_show_close(struct trial_show *show);
