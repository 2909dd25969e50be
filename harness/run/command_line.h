/* How the commands say what is wrong with an option, and read a number that one asks for. */
#pragma once
#include <stddef.h>

/* Says "ktrial COMMAND: OPTION VALUE: WHAT" on standard error; 64, the exit status. */
int trial_option_wrong(const char *command, const char *option, const char *value,
                       const char *what);
/* A number from 1 to maximum. 0, or 64 after it has said what was expected. */
int trial_option_count(const char *command, const char *option, const char *value, size_t maximum,
                       size_t *ret_count);
/* What getopt has refused, and said so, is followed by where help is; 64. */
int trial_option_unknown(const char *command);
