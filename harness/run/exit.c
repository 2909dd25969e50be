/* Exit statuses: see exit.h. */
#include "harness/run/exit.h"

#include "base/error.h"

int trial_exit_worse(int a, int b) {
    static const int order[] = {TRIAL_EXIT_BROKEN,  TRIAL_EXIT_USAGE, TRIAL_EXIT_FAIL,
                                TRIAL_EXIT_UNKNOWN, TRIAL_EXIT_PASS,  TRIAL_EXIT_SKIP};
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        if (a == order[i] || b == order[i]) {
            return order[i];
        }
    }
    return TRIAL_EXIT_BROKEN;
}

enum trial_exit trial_exit_of_verdict(enum trial_verdict verdict) {
    switch (verdict) {
    case TRIAL_PASS:
    case TRIAL_NOT_EXERCISED:
        return TRIAL_EXIT_PASS;
    case TRIAL_FAIL:
        return TRIAL_EXIT_FAIL;
    case TRIAL_UNKNOWN:
        return TRIAL_EXIT_UNKNOWN;
    case TRIAL_SKIP:
        return TRIAL_EXIT_SKIP;
    case TRIAL_ERROR:
        break;
    }
    return TRIAL_EXIT_USAGE;
}

enum trial_exit trial_exit_of_error(int code) {
    return code == BASE_UNSUPPORTED                       ? TRIAL_EXIT_SKIP
           : code == BASE_USAGE || code == BASE_NOT_FOUND ? TRIAL_EXIT_USAGE
                                                          : TRIAL_EXIT_BROKEN;
}

enum trial_verdict trial_exit_to_verdict(enum trial_exit exit) {
    switch (exit) {
    case TRIAL_EXIT_PASS:
        return TRIAL_PASS;
    case TRIAL_EXIT_FAIL:
        return TRIAL_FAIL;
    case TRIAL_EXIT_UNKNOWN:
        return TRIAL_UNKNOWN;
    case TRIAL_EXIT_SKIP:
        return TRIAL_SKIP;
    default:
        return TRIAL_ERROR;
    }
}
