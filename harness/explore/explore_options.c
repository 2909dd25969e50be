/* The command line of `ktrial explore`: see explore_options.h. */
#include "harness/explore/explore_options.h"

#include <getopt.h>
#include <stdio.h>

#include "harness/run/command_line.h"

#define MAX_RUNS 100000000

enum long_option { OPTION_RUNS = TRIAL_OPTION_OWN, OPTION_VIEW, OPTION_OVER };

static const struct option long_options[] = {
    {"runs", required_argument, NULL, OPTION_RUNS},
    {"instance", required_argument, NULL, TRIAL_OPTION_INSTANCE},
    {"json", required_argument, NULL, TRIAL_OPTION_JSON},
    {"keep", required_argument, NULL, TRIAL_OPTION_KEEP},
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

static int take_option(int option, struct trial_explore_words *words) {
    switch (option) {
    case OPTION_RUNS:
        return trial_option_count("explore", "--runs", optarg, MAX_RUNS, &words->runs);
    case OPTION_VIEW:
        words->view = optarg;
        return 0;
    case OPTION_OVER:
        words->client = optarg;
        return 0;
    default:
        return trial_run_words_take("explore", option, &words->run);
    }
}

int trial_explore_options_read(int argc, char **argv, struct trial_explore_words *ret_words) {
    *ret_words = (struct trial_explore_words){.runs = 0};
    trial_run_words_init(&ret_words->run);
    optind = 0;
    int option;
    while ((option = getopt_long(argc, argv, "j:h", long_options, NULL)) != -1) {
        int status = take_option(option, ret_words);
        if (status != 0) {
            return status;
        }
    }
    return trial_run_words_take_paths("explore", argc, argv, &ret_words->run);
}
