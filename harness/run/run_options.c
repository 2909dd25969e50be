/* The command line of `ktrial run`: see run_options.h. */
#include "harness/run/run_options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "harness/run/command_line.h"
#include "harness/run/exit.h"

#define MAX_TIMES 1000000

enum long_option { OPTION_TAG = TRIAL_OPTION_OWN, OPTION_SHARD, OPTION_VALGRIND };

static const struct option long_options[] = {
    {"tag", required_argument, NULL, OPTION_TAG},
    {"instance", required_argument, NULL, TRIAL_OPTION_INSTANCE},
    {"shard", required_argument, NULL, OPTION_SHARD},
    {"json", required_argument, NULL, TRIAL_OPTION_JSON},
    {"keep", required_argument, NULL, TRIAL_OPTION_KEEP},
    {"valgrind", no_argument, NULL, OPTION_VALGRIND},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

void trial_run_options_print_help(void) {
    printf("usage: ktrial run [options] PATH…\n"
           "Runs scenarios: files, or folders with all *.scn below them.\n"
           "  -j N              so many instances at once (the number of processors)\n"
           "  -n N              each instance so many times; differing verdicts are a failure\n"
           "  --tag T           only scenarios with this tag; several: with all of them\n"
           "  --instance K=V    only instances in which the matrix K is V\n"
           "  --shard I/N       only the I-th of N parts of the instances\n"
           "  --json FILE       the reports as JSON\n"
           "  --keep DIR        keep histories, configurations, stores and outputs there\n"
           "  --valgrind        run the built-in actors under valgrind\n"
           "  -v, --verbose     print the history as it happens\n"
           "Exit status: 0 as expected, 1 a failure, 2 unknown only, 64 a mistake in the call or\n"
           "the scenario, 77 all skipped, 99 the trial could not be held.\n");
}

/* -- what `ktrial explore` has too -- */

void trial_run_words_init(struct trial_run_words *ret_words) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    *ret_words = (struct trial_run_words){
        .at_once = processors > 0 && processors < (long)BASE_MAX_JOBS ? (size_t)processors : 1,
        .times = 1,
        .shard = 1,
        .shards = 1,
    };
}

static int add_word(const char *command, const char **words, size_t *count, const char *option,
                    const char *word) {
    if (*count == TRIAL_MAX_RUN_WORDS) {
        return trial_option_wrong(command, option, word, "too many of them");
    }
    words[(*count)++] = word;
    return 0;
}

int trial_run_words_take(const char *command, int option, struct trial_run_words *words) {
    switch (option) {
    case 'j':
        return trial_option_count(command, "-j", optarg, BASE_MAX_JOBS, &words->at_once);
    case TRIAL_OPTION_INSTANCE:
        return strchr(optarg, '=')
                   ? add_word(command, words->instances, &words->instance_count, "--instance",
                              optarg)
                   : trial_option_wrong(command, "--instance", optarg, "expected NAME=VALUE");
    case TRIAL_OPTION_JSON:
        words->json_path = optarg;
        return 0;
    case TRIAL_OPTION_KEEP:
        words->keep = optarg;
        return 0;
    case 'h':
        words->help = true;
        return 0;
    default:
        return trial_option_unknown(command);
    }
}

int trial_run_words_take_paths(const char *command, int argc, char **argv,
                               struct trial_run_words *words) {
    words->paths = (const char **)(argv + optind);
    words->path_count = (size_t)(argc - optind);
    if (words->path_count == 0 && !words->help) {
        fprintf(stderr, "ktrial %s: which scenarios? Try 'ktrial %s --help'\n", command, command);
        return TRIAL_EXIT_USAGE;
    }
    return 0;
}

/* -- `ktrial run` -- */

static int read_shard(const char *text, struct trial_run_words *words) {
    unsigned long shard = 0;
    unsigned long shards = 0;
    int end = 0;
    bool is_read = sscanf(text, "%lu/%lu%n", &shard, &shards, &end) == 2 && text[end] == '\0';
    if (!is_read || shard < 1 || shard > shards || shards > MAX_TIMES) {
        return trial_option_wrong("run", "--shard", text, "expected I/N with I from 1 to N");
    }
    words->shard = shard;
    words->shards = shards;
    return 0;
}

static int take_option(int option, struct trial_run_words *words) {
    switch (option) {
    case 'n':
        return trial_option_count("run", "-n", optarg, MAX_TIMES, &words->times);
    case OPTION_TAG:
        return add_word("run", words->tags, &words->tag_count, "--tag", optarg);
    case OPTION_SHARD:
        return read_shard(optarg, words);
    case OPTION_VALGRIND:
        words->valgrind = true;
        return 0;
    case 'v':
        words->verbose = true;
        return 0;
    default:
        return trial_run_words_take("run", option, words);
    }
}

int trial_run_options_read(int argc, char **argv, struct trial_run_words *ret_words) {
    trial_run_words_init(ret_words);
    optind = 0;
    int option;
    while ((option = getopt_long(argc, argv, "j:n:vh", long_options, NULL)) != -1) {
        int status = take_option(option, ret_words);
        if (status != 0) {
            return status;
        }
    }
    return trial_run_words_take_paths("run", argc, argv, ret_words);
}
