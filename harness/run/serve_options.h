/* The command line of `ktrial serve`, and the scenario that it names. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "harness/lang/lang.h"
#include "mock/mock.h"

struct trial_serve_words {
    char host[256];
    uint16_t port;
    const char *advertise;
    const char *control;     /* path of the Unix socket */
    const char *keep;
    const char *json_path;
    const char *instance;    /* "name=value …" of FILE; "" */
    bool verbose;
    bool help;
    struct mock_settings settings;
};

/* 0, or the exit status after it has said what is wrong. ret_bound: the bound instance of FILE
 * that --set selects, or of an empty scenario; the caller's. */
int trial_serve_options_read(int argc, char **argv, struct trial_serve_words *ret_words,
                             struct trial_scenario **ret_bound);
