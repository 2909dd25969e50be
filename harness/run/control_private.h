/* What control.c and order.c share. */
#pragma once
#include "harness/run/control.h"

struct trial_controller;

/* A tree that an item or an expectation of the context lives in. */
struct trial_kept {
    struct trial_scenario *fragment;
    struct trial_scenario *bound;
};

struct trial_control {
    struct trial_control_options options;
    struct trial_controller *first;
    uv_pipe_t server;
    char *server_path;
    bool has_server;
    bool is_closing;
    struct trial_kept *kept;
    size_t kept_count;
    size_t kept_cap;
    size_t failed;
};
