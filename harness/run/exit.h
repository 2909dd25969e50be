/* The exit statuses of the commands, as in the language's page, and the verdicts they stand for. */
#pragma once
#include "harness/lang/lang.h"

enum trial_exit {
    TRIAL_EXIT_PASS = 0,
    TRIAL_EXIT_FAIL = 1,
    TRIAL_EXIT_UNKNOWN = 2,
    TRIAL_EXIT_USAGE = 64,
    TRIAL_EXIT_SKIP = 77,
    TRIAL_EXIT_BROKEN = 99
};

/* The worse of two: 99, 64, 1, 2, 0, 77. */
int trial_exit_worse(int a, int b);
/* What a report's verdict ends with. */
enum trial_exit trial_exit_of_verdict(enum trial_verdict verdict);
/* Why a trial could not be held, by the code of its error: whose mistake it is. */
enum trial_exit trial_exit_of_error(int code);
/* The verdict for people; TRIAL_ERROR for 64 and 99. */
enum trial_verdict trial_exit_to_verdict(enum trial_exit exit);
