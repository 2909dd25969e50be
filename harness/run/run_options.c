/* The command line of `ktrial run`: see run_options.h. */
#include "harness/run/run_options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "harness/run/schedule.h"

#define MAX_TIMES 1000000

enum long_option {
    OPTION_TAG = 256,
    OPTION_INSTANCE,
    OPTION_SHARD,
    OPTION_JSON,
    OPTION_KEEP,
    OPTION_VALGRIND,
    OPTION_LATER
};

static const struct option long_options[] = {
    {"tag", required_argument, NULL, OPTION_TAG},
    {"instance", required_argument, NULL, OPTION_INSTANCE},
    {"shard", required_argument, NULL, OPTION_SHARD},
    {"json", required_argument, NULL, OPTION_JSON},
    {"keep", required_argument, NULL, OPTION_KEEP},
    {"valgrind", no_argument, NULL, OPTION_VALGRIND},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {"junit", required_argument, NULL, OPTION_LATER},
    {"tap", no_argument, NULL, OPTION_LATER},
    {"html", required_argument, NULL, OPTION_LATER},
    {"pcap", required_argument, NULL, OPTION_LATER},
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
    fprintf(stderr, "ktrial run: %s %s: %s\n", option, value, what);
    return TRIAL_EXIT_USAGE;
}

static int read_shard(const char *text, struct trial_run_words *words) {
    char first[32];
    const char *slash = strchr(text, '/');
    size_t len = slash ? (size_t)(slash - text) : sizeof(first);
    if (len >= sizeof(first)) {
        return wrong("--shard", text, "expected I/N");
    }
    memcpy(first, text, len);
    first[len] = '\0';
    if (!read_number(first, MAX_TIMES, &words->shard) ||
        !read_number(slash + 1, MAX_TIMES, &words->shards) || words->shard > words->shards) {
        return wrong("--shard", text, "expected I/N with I from 1 to N");
    }
    return 0;
}

static int add_word(const char **words, size_t *count, const char *option, const char *word) {
    if (*count == TRIAL_MAX_RUN_WORDS) {
        return wrong(option, word, "too many of them");
    }
    words[(*count)++] = word;
    return 0;
}

static int take_option(int option, const char *name, struct trial_run_words *words) {
    switch (option) {
    case 'j':
        return read_number(optarg, BASE_MAX_JOBS, &words->at_once)
                   ? 0
                   : wrong("-j", optarg, "expected a number from 1 to 256");
    case 'n':
        return read_number(optarg, MAX_TIMES, &words->times)
                   ? 0
                   : wrong("-n", optarg, "expected a number from 1 to 1000000");
    case OPTION_TAG:
        return add_word(words->tags, &words->tag_count, "--tag", optarg);
    case OPTION_INSTANCE:
        return strchr(optarg, '=') ? add_word(words->instances, &words->instance_count,
                                              "--instance", optarg)
                                   : wrong("--instance", optarg, "expected NAME=VALUE");
    case OPTION_SHARD:
        return read_shard(optarg, words);
    case OPTION_JSON:
        words->json_path = optarg;
        return 0;
    case OPTION_KEEP:
        words->keep = optarg;
        return 0;
    case OPTION_VALGRIND:
        words->valgrind = true;
        return 0;
    case 'v':
        words->verbose = true;
        return 0;
    case 'h':
        words->help = true;
        return 0;
    case OPTION_LATER:
        fprintf(stderr, "ktrial run: --%s is not supported yet\n", name);
        return TRIAL_EXIT_USAGE;
    default:
        fprintf(stderr, "ktrial run: try 'ktrial run --help'\n");
        return TRIAL_EXIT_USAGE;
    }
}

int trial_run_options_read(int argc, char **argv, struct trial_run_words *ret_words) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    *ret_words = (struct trial_run_words){
        .at_once = processors > 0 && processors < (long)BASE_MAX_JOBS ? (size_t)processors : 1,
        .times = 1,
        .shard = 1,
        .shards = 1,
    };
    optind = 0;
    int option;
    int index = -1;
    while ((option = getopt_long(argc, argv, "j:n:vh", long_options, &index)) != -1) {
        int status = take_option(option, index >= 0 ? long_options[index].name : "", ret_words);
        if (status != 0) {
            return status;
        }
    }
    ret_words->paths = (const char **)(argv + optind);
    ret_words->path_count = (size_t)(argc - optind);
    if (ret_words->path_count == 0 && !ret_words->help) {
        fprintf(stderr, "ktrial run: which scenarios? Try 'ktrial run --help'\n");
        return TRIAL_EXIT_USAGE;
    }
    return 0;
}
