/* The command line of `ktrial run`, and what `ktrial explore` has in common with it. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#define TRIAL_MAX_RUN_WORDS 64

struct trial_run_words {
    const char **paths; /* borrowed from argv, as all texts here */
    size_t path_count;
    size_t at_once; /* -j */
    size_t times;   /* -n */
    const char *tags[TRIAL_MAX_RUN_WORDS];
    size_t tag_count;
    const char *instances[TRIAL_MAX_RUN_WORDS]; /* k=v */
    size_t instance_count;
    size_t shard; /* from 1 */
    size_t shards;
    const char *json_path;
    const char *keep;
    bool valgrind;
    bool verbose;
    bool help;
};

/* The long options that both have, as getopt_long gives them; besides -j and -h. A command's own
 * count from TRIAL_OPTION_OWN. */
enum trial_run_option {
    TRIAL_OPTION_INSTANCE = 256,
    TRIAL_OPTION_JSON,
    TRIAL_OPTION_KEEP,
    TRIAL_OPTION_OWN
};
/* Everything once, as many at a time as there are processors. */
void trial_run_words_init(struct trial_run_words *ret_words);
/* Takes one of these options with its value in optarg. command: "run", for messages. 0, or 64
 * after it has said on standard error what is wrong, an option of neither command included. */
int trial_run_words_take(const char *command, int option, struct trial_run_words *words);
/* What is left of argv once getopt is through: the paths, at least one unless help is wanted. 0,
 * or 64 after it has said so. */
int trial_run_words_take_paths(const char *command, int argc, char **argv,
                               struct trial_run_words *words);

/* 0, or 64 after it has said on standard error what is wrong. */
int trial_run_options_read(int argc, char **argv, struct trial_run_words *ret_words);
void trial_run_options_print_help(void);
