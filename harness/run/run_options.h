/* The command line of `ktrial run`. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#define TRIAL_MAX_RUN_WORDS 64

struct trial_run_words {
    const char **paths; /* borrowed from argv, as all texts here */
    size_t path_count;
    size_t at_once;     /* -j */
    size_t times;       /* -n */
    const char *tags[TRIAL_MAX_RUN_WORDS];
    size_t tag_count;
    const char *instances[TRIAL_MAX_RUN_WORDS]; /* k=v */
    size_t instance_count;
    size_t shard;       /* from 1 */
    size_t shards;
    const char *json_path;
    const char *keep;
    bool valgrind;
    bool verbose;
    bool help;
};

/* 0, or 64 after it has said on standard error what is wrong. */
int trial_run_options_read(int argc, char **argv, struct trial_run_words *ret_words);
void trial_run_options_print_help(void);
