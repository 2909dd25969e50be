/*
 * One exploration: the views of one instance over one client. The scenario's run and every view are
 * held in processes of their own (harness/run/schedule.h), so that this one never has a broker.
 */
#pragma once
#include "harness/explore/explore_options.h"
#include "harness/explore/serve_view.h"
#include "harness/run/schedule.h"
#include "harness/run/suite.h"

/* Diverging views that are kept with all they say; the others are counted. */
#define TRIAL_MAX_TOLD_VIEWS 1000u

struct trial_told_view {
    struct trial_view view;
    enum trial_view_verdict verdict;
    char *text; /* lines for people */
    char *json; /* an array */
};

struct trial_exploration {
    /* what is explored */
    const struct trial_explore_words *words;
    const struct trial_suite_job *job; /* file, instance, title */
    const struct trial_scenario *bound;
    const struct trial_actor *client;
    struct trial_guard *guard;
    const char *journal_program;
    size_t runs;                       /* at most; 0: all */
    /* the run of the scenario */
    struct trial_history *history;
    char *run_note;                    /* what the run itself came to, unless it passed; NULL */
    struct trial_capture capture;
    bool is_captured;
    struct trial_views views;
    /* results */
    size_t done;
    size_t diverging;                  /* legal views */
    size_t hazards_diverging;
    size_t unknown;
    size_t broken;                     /* could not be held */
    char *broken_reason;               /* of the first */
    struct trial_told_view *told;      /* in the order of views when finished */
    size_t told_count;
    size_t told_cap;
    uint64_t elapsed_ns;               /* of serving */
    enum trial_exit exit;              /* of the views alone */
    const struct trial_expect *check;  /* names view-safe of the client: the first that does not
                                        * hold, else the last; NULL */
    bool is_as_expected;
    char *reason;                      /* no verdict at all: why; NULL */
    /* told after every view; may be NULL */
    void (*progressed)(void *arg, const struct trial_exploration *exploration);
    void *progressed_arg;
};

/* Runs it; what went wrong is in exit and reason. */
void trial_exploration_run(struct trial_exploration *exploration);
/* With the scenario's checks of view-safe: PASS when they say what was found, FAIL when not. What
 * is no verdict (an error, a skip) stays what it is. */
enum trial_exit trial_exploration_exit(const struct trial_exploration *exploration);
void trial_exploration_clean_up(struct trial_exploration *exploration);
