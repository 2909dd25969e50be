/* The command line of `ktrial serve`: see serve_options.h. */
#include "harness/run/serve_options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "harness/lang/files.h"
#include "harness/run/command_line.h"
#include "harness/run/exit.h"

#define MAX_SETTINGS 64
#define MAX_MATRICES 64
#define NO_SCENARIO "scenario \"ktrial serve\"\n"

enum long_option { OPTION_ADVERTISE = 256, OPTION_CONTROL, OPTION_KEEP, OPTION_JSON };

static const struct option long_options[] = {
    {"listen", required_argument, NULL, 'l'},
    {"set", required_argument, NULL, 's'},
    {"advertise", required_argument, NULL, OPTION_ADVERTISE},
    {"control", required_argument, NULL, OPTION_CONTROL},
    {"keep", required_argument, NULL, OPTION_KEEP},
    {"json", required_argument, NULL, OPTION_JSON},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

struct settings {
    const char *words[MAX_SETTINGS];
    size_t count;
};

static void print_setting(void *arg, const char *name, const char *value, const char *help) {
    printf("  %-34s %-12s %s\n", name, value, help);
}

static void print_help(void) {
    printf("usage: ktrial serve [FILE] [options]\n"
           "A Kafka broker that misbehaves as told. FILE: declarations, faults and checks; its\n"
           "actors are not started.\n"
           "  --listen HOST:PORT   address of the first broker; the others follow (127.0.0.1:0)\n"
           "  --advertise HOST     what clients are told instead of HOST\n"
           "  --set NAME=VALUE     a matrix of FILE, or a setting of the broker (below)\n"
           "  --control unix:PATH  a control channel on a socket, besides standard input\n"
           "  --keep DIR           keep the history there\n"
           "  --json FILE          the report as JSON\n"
           "  -v, --verbose        print the history on standard error as it happens\n"
           "The first line of output says how to connect; orders come on standard input, whose\n"
           "end (or SIGINT, SIGTERM) is the end.\n"
           "Exit status: 0 as expected, 1 a failure, 2 unknown only, 64 a mistake in the call or\n"
           "FILE, 99 the broker could not be had.\n"
           "Settings:\n");
    mock_settings_each(print_setting, NULL);
}

static int wrong(const char *option, const char *value, const char *what) {
    return trial_option_wrong("serve", option, value, what);
}

static int read_listen(const char *text, struct trial_serve_words *words) {
    const char *colon = strrchr(text, ':');
    size_t len = colon ? (size_t)(colon - text) : strlen(text);
    char *end = NULL;
    unsigned long port = colon ? strtoul(colon + 1, &end, 10) : 0;
    if (len == 0 || len >= sizeof(words->host) || port > UINT16_MAX ||
        (colon && (*end || end == colon + 1))) {
        return wrong("--listen", text, "expected HOST:PORT");
    }
    memcpy(words->host, text, len);
    words->host[len] = '\0';
    words->port = (uint16_t)port;
    return 0;
}

static int take_option(int option, struct trial_serve_words *words, struct settings *settings) {
    switch (option) {
    case 'l':
        return read_listen(optarg, words);
    case 's':
        if (!strchr(optarg, '=') || settings->count == MAX_SETTINGS) {
            return wrong("--set", optarg, "expected NAME=VALUE, at most 64 times");
        }
        settings->words[settings->count++] = optarg;
        return 0;
    case OPTION_ADVERTISE:
        words->advertise = optarg;
        return 0;
    case OPTION_CONTROL:
        if (strncmp(optarg, "unix:", 5) != 0 || !optarg[5]) {
            return wrong("--control", optarg, "expected unix:PATH");
        }
        words->control = optarg + 5;
        return 0;
    case OPTION_KEEP:
        words->keep = optarg;
        return 0;
    case OPTION_JSON:
        words->json_path = optarg;
        return 0;
    case 'v':
        words->verbose = true;
        return 0;
    case 'h':
        words->help = true;
        return 0;
    default:
        return trial_option_unknown("serve");
    }
}

/* -- the scenario -- */

static int parse_file(const char *path, struct trial_scenario **ret_scenario) {
    struct base_builder text;
    base_builder_init(&text, BASE_MAX_SCENARIO_BYTES);
    struct base_error err = BASE_ERROR_INIT;
    if (!path) {
        base_put_str(&text, NO_SCENARIO);
    } else if (trial_read_file(path, &text, &err) != 0) {
        fprintf(stderr, "ktrial serve: %s\n", err.text);
        base_builder_clean_up(&text);
        return TRIAL_EXIT_USAGE;
    }
    struct trial_diagnostics d;
    trial_diagnostics_init(&d);
    struct base_slice source = base_builder_slice(&text);
    int status = 0;
    struct trial_pos pos = {0};
    if (trial_parse(path ? path : "-", source, ret_scenario, &d) != 0 ||
        trial_check(*ret_scenario, NULL, &d) != 0) {
        struct base_builder message;
        base_builder_init(&message, BASE_MAX_SCENARIO_BYTES);
        trial_diagnostics_format(&d, path ? path : "-", (const char *)source.data, source.len,
                                 &message);
        (void)fwrite(message.data, 1, message.len, stderr);
        base_builder_clean_up(&message);
        status = TRIAL_EXIT_USAGE;
    } else if (trial_unsupported(*ret_scenario, &pos)) {
        fprintf(stderr, "ktrial serve: %s:%u:%u: %s\n", path, pos.line, pos.column,
                trial_unsupported(*ret_scenario, &pos));
        status = TRIAL_EXIT_USAGE;
    }
    trial_diagnostics_clean_up(&d);
    base_builder_clean_up(&text);
    return status;
}

/* -1: no matrix of that name; 0: another value; 1: this value. */
static int compare_binding(const struct trial_binding *bindings, size_t count, const char *word) {
    size_t len = (size_t)(strchr(word, '=') - word);
    for (size_t i = 0; i < count; i++) {
        if (strlen(bindings[i].name) == len && strncmp(bindings[i].name, word, len) == 0) {
            return strcmp(trial_atom_str(&bindings[i].value), word + len + 1) == 0;
        }
    }
    return -1;
}

static int apply_setting(const char *word, struct trial_serve_words *words) {
    char name[256];
    size_t len = (size_t)(strchr(word, '=') - word);
    if (len >= sizeof(name)) {
        return wrong("--set", word, "no such setting");
    }
    memcpy(name, word, len);
    name[len] = '\0';
    struct base_error err = BASE_ERROR_INIT;
    if (mock_settings_set(&words->settings, name, word + len + 1, &err) != 0) {
        return wrong("--set", word, err.text);
    }
    return 0;
}

/* The first instance that agrees with every --set of a matrix. */
static int choose_instance(const struct trial_scenario *scenario, const struct settings *settings,
                           struct trial_serve_words *words, size_t *ret_instance) {
    size_t count = trial_instance_count(scenario);
    for (size_t instance = 0; instance < count; instance++) {
        struct trial_binding bindings[MAX_MATRICES];
        size_t bound = 0;
        if (trial_instance_bindings(scenario, instance, bindings, MAX_MATRICES, &bound) != 0) {
            break;
        }
        bool agrees = true;
        for (size_t i = 0; i < settings->count; i++) {
            agrees = agrees && compare_binding(bindings, bound, settings->words[i]) != 0;
        }
        for (size_t i = 0; agrees && i < settings->count; i++) {
            if (compare_binding(bindings, bound, settings->words[i]) < 0 &&
                apply_setting(settings->words[i], words) != 0) {
                return TRIAL_EXIT_USAGE;
            }
        }
        if (agrees) {
            *ret_instance = instance;
            return 0;
        }
    }
    fprintf(stderr, "ktrial serve: no instance of the scenario has all the values of --set\n");
    return TRIAL_EXIT_USAGE;
}

static int bind_file(const char *path, const struct settings *settings,
                     struct trial_serve_words *words, struct trial_scenario **ret_bound) {
    struct trial_scenario *scenario = NULL;
    size_t instance = 0;
    struct base_error err = BASE_ERROR_INIT;
    int status = parse_file(path, &scenario);
    status = status == 0 ? choose_instance(scenario, settings, words, &instance) : status;
    if (status == 0 && trial_bind(scenario, instance, ret_bound, &err) != 0) {
        fprintf(stderr, "ktrial serve: %s\n", err.text);
        status = TRIAL_EXIT_USAGE;
    }
    if (scenario) {
        trial_scenario_free(scenario);
    }
    return status;
}

int trial_serve_options_read(int argc, char **argv, struct trial_serve_words *ret_words,
                             struct trial_scenario **ret_bound) {
    struct settings settings = {.count = 0};
    *ret_words = (struct trial_serve_words){.host = "127.0.0.1", .instance = ""};
    mock_settings_init(&ret_words->settings);
    optind = 0;
    int option;
    while ((option = getopt_long(argc, argv, "l:s:vh", long_options, NULL)) != -1) {
        int status = take_option(option, ret_words, &settings);
        if (status != 0) {
            return status;
        }
    }
    if (ret_words->help) {
        print_help();
        return 0;
    }
    if (argc - optind > 1) {
        fprintf(stderr, "ktrial serve: %s: at most one FILE\n", argv[optind + 1]);
        return TRIAL_EXIT_USAGE;
    }
    return bind_file(argc > optind ? argv[optind] : NULL, &settings, ret_words, ret_bound);
}
