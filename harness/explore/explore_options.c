/* The command line of `ktrial explore`: see explore_options.h. */
#include "harness/explore/explore_options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "harness/run/schedule.h"

#define MAX_RUNS 100000000

enum long_option {
    OPTION_RUNS = 256,
    OPTION_INSTANCE,
    OPTION_JSON,
    OPTION_KEEP,
    OPTION_VIEW,
    OPTION_OVER
};

static const struct option long_options[] = {
    {"runs", required_argument, NULL, OPTION_RUNS},
    {"instance", required_argument, NULL, OPTION_INSTANCE},
    {"json", required_argument, NULL, OPTION_JSON},
    {"keep", required_argument, NULL, OPTION_KEEP},
    {"view", required_argument, NULL, OPTION_VIEW},
    {"over", required_argument, NULL, OPTION_OVER},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

void trial_explore_options_print_help(void) {
    printf("usage: ktrial explore [options] FILE…\n"
           "Explores what the scenario names in its explore lines. views: runs the scenario\n"
           "once, takes the log of the client's compacted topics, and has a fresh client read\n"
           "every legal compacted view of it; its store must always be the fold of the log\n"
           "(view-safe).\n"
           "  -j N              so many clients at once (the number of processors)\n"
           "  --runs N          at most N views, a sample by the scenario's seed\n"
           "  --view V          only this view, as a report names it: A:B:keep, A:B:drop,\n"
           "                    TOPIC/PARTITION:A:B:keep, all:A:B:keep\n"
           "  --over CLIENT     only this client\n"
           "  --instance K=V    only instances in which the matrix K is V\n"
           "  --json FILE       the reports as JSON\n"
           "  --keep DIR        keep histories, configurations, stores and outputs of the run and\n"
           "                    of every diverging view there\n"
           "Exit status: 0 view-safe, 1 a view diverges, 2 unknown only, 64 a mistake in the call\n"
           "or the scenario, 77 all skipped, 99 a trial could not be held. Where a check names\n"
           "view-safe: 0 when it says what was found, 1 when not.\n");
}

static bool read_number(const char *text, size_t maximum, size_t *ret_number) {
    char *end = NULL;
    errno = 0;
    unsigned long number = strtoul(text, &end, 10);
    if (errno || !end || end == text || *end || text[0] == '-' || number < 1 || number > maximum) {
        return false;
    }
    *ret_number = number;
    return true;
}

static int wrong(const char *option, const char *value, const char *what) {
    fprintf(stderr, "ktrial explore: %s %s: %s\n", option, value, what);
    return TRIAL_EXIT_USAGE;
}

static int add_instance(struct trial_run_words *words, const char *word) {
    if (!strchr(word, '=')) {
        return wrong("--instance", word, "expected NAME=VALUE");
    }
    if (words->instance_count == TRIAL_MAX_RUN_WORDS) {
        return wrong("--instance", word, "too many of them");
    }
    words->instances[words->instance_count++] = word;
    return 0;
}

static int take_option(int option, struct trial_explore_words *words) {
    switch (option) {
    case 'j':
        return read_number(optarg, BASE_MAX_JOBS, &words->run.at_once)
                   ? 0
                   : wrong("-j", optarg, "expected a number from 1 to 256");
    case OPTION_RUNS:
        return read_number(optarg, MAX_RUNS, &words->runs)
                   ? 0
                   : wrong("--runs", optarg, "expected a number from 1 to 100000000");
    case OPTION_INSTANCE:
        return add_instance(&words->run, optarg);
    case OPTION_JSON:
        words->run.json_path = optarg;
        return 0;
    case OPTION_KEEP:
        words->run.keep = optarg;
        return 0;
    case OPTION_VIEW:
        words->view = optarg;
        return 0;
    case OPTION_OVER:
        words->client = optarg;
        return 0;
    case 'h':
        words->run.help = true;
        return 0;
    default:
        fprintf(stderr, "ktrial explore: try 'ktrial explore --help'\n");
        return TRIAL_EXIT_USAGE;
    }
}

int trial_explore_options_read(int argc, char **argv, struct trial_explore_words *ret_words) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    *ret_words = (struct trial_explore_words){
        .run = {
            .at_once = processors > 0 && processors < (long)BASE_MAX_JOBS ? (size_t)processors : 1,
            .times = 1,
            .shard = 1,
            .shards = 1,
        },
    };
    optind = 0;
    int option;
    while ((option = getopt_long(argc, argv, "j:h", long_options, NULL)) != -1) {
        int status = take_option(option, ret_words);
        if (status != 0) {
            return status;
        }
    }
    ret_words->run.paths = (const char **)(argv + optind);
    ret_words->run.path_count = (size_t)(argc - optind);
    if (ret_words->run.path_count == 0 && !ret_words->run.help) {
        fprintf(stderr, "ktrial explore: which scenario? Try 'ktrial explore --help'\n");
        return TRIAL_EXIT_USAGE;
    }
    return 0;
}
