/* What `ktrial explore` says: progress on a terminal, a report for people, one for programs. */
#pragma once
#include <stdio.h>

#include "harness/explore/exploration.h"

/* A line that is overwritten; nothing where out is no terminal. The function is one for
 * trial_exploration.progressed. */
struct trial_explore_progress {
    FILE *out;
    bool is_terminal;
    uint64_t began_ns;
};
void trial_explore_progress_open(struct trial_explore_progress *progress, FILE *out);
void trial_explore_progressed(void *arg, const struct trial_exploration *exploration);
void trial_explore_progress_clear(struct trial_explore_progress *progress);

void trial_explore_report_text(const struct trial_exploration *exploration, FILE *out);
/* One object. */
void trial_explore_report_json(const struct trial_exploration *exploration, FILE *out);
