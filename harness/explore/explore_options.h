/* The command line of `ktrial explore`. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "harness/run/run_options.h"

struct trial_explore_words {
    struct trial_run_words run; /* paths, -j, --instance, --json, --keep */
    size_t runs;                /* --runs; 0: what the scenario says, or all */
    const char *view;           /* --view; NULL: all of them */
    const char *client;         /* --over; NULL: all that the scenario names */
};

/* 0, or 64 after it has said on standard error what is wrong. */
int trial_explore_options_read(int argc, char **argv, struct trial_explore_words *ret_words);
void trial_explore_options_print_help(void);
