/* Options that are wrong, options that are numbers: see command_line.h. */
#include "harness/run/command_line.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/run/exit.h"

int trial_option_wrong(const char *command, const char *option, const char *value,
                       const char *what) {
    fprintf(stderr, "ktrial %s: %s %s: %s\n", command, option, value, what);
    return TRIAL_EXIT_USAGE;
}

int trial_option_count(const char *command, const char *option, const char *value, size_t maximum,
                       size_t *ret_count) {
    char *end = NULL;
    errno = 0;
    unsigned long number = strtoul(value, &end, 10);
    if (errno || end == value || *end || value[0] == '-' || number < 1 || number > maximum) {
        char what[64];
        (void)snprintf(what, sizeof(what), "expected a number from 1 to %zu", maximum);
        return trial_option_wrong(command, option, value, what);
    }
    *ret_count = number;
    return 0;
}

int trial_option_unknown(const char *command) {
    fprintf(stderr, "ktrial %s: try 'ktrial %s --help'\n", command, command);
    return TRIAL_EXIT_USAGE;
}
