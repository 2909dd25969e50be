/* ktrial: puts Kafka journal clients on trial. This file only finds the command. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/explore/commands.h"
#include "harness/lang/commands.h"
#include "harness/lang/files.h"
#include "harness/run/commands.h"
#include "harness/run/exit.h"

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
};

static const struct command commands[] = {
    {"run", trial_command_run, "PATH…        run scenarios"},
    {"check", trial_command_check, "PATH…      parse and check only"},
    {"fmt", trial_command_fmt, "PATH…        canonical text"},
    {"verbs", trial_command_verbs, "           the reference of the language"},
    {"serve", trial_command_serve, "[FILE]     only the broker, for any client"},
    {"judge", trial_command_judge, "HISTORY    judge a saved history again"},
    {"explore", trial_command_explore, "FILE…     explore compacted views of the log"},
};
#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static void print_usage(FILE *to) {
    fprintf(to, "usage: ktrial COMMAND …\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        fprintf(to, "  ktrial %s %s\n", commands[i].name, commands[i].help);
    }
    fprintf(to, "Each command has --help.\n");
}

/* A reader that went away, as `head` does, wanted no more. */
static bool reader_is_gone(void) {
    struct pollfd out = {.fd = STDOUT_FILENO};
    return poll(&out, 1, 0) == 1 && (out.revents & POLLERR);
}

/* What was told is not told where it did not arrive: no verdict is good then. */
static int finish(int status) {
    struct base_error err = BASE_ERROR_INIT;
    if (trial_close_file(stdout, "standard output", &err) == 0 || reader_is_gone()) {
        return status;
    }
    fprintf(stderr, "ktrial: %s\n", err.text);
    return status == TRIAL_EXIT_PASS ? TRIAL_EXIT_BROKEN : status;
}

int main(int argc, char **argv) {
    /* Programs under test die while they are written to; that is what this is for. */
    (void)signal(SIGPIPE, SIG_IGN);
    if (argc < 2) {
        print_usage(stderr);
        return TRIAL_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_usage(stdout);
        return 0;
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            char name[32];
            (void)snprintf(name, sizeof(name), "ktrial %s", commands[i].name);
            argv[1] = name; /* which getopt's messages begin with */
            return finish(commands[i].run(argc - 1, argv + 1));
        }
    }
    fprintf(stderr, "ktrial: there is no command '%s'\n", argv[1]);
    print_usage(stderr);
    return TRIAL_EXIT_USAGE;
}
