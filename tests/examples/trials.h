/*
 * The instances of the shipped examples, each held once in this process with real actors; their
 * histories are kept to be judged again, with something taken away.
 */
#pragma once
#include "harness/check/history.h"
#include "harness/check/judge.h"
#include "harness/lang/lang.h"

struct t_trial {
    const char *name;     /* the file's, without its ending: "ghost-ack" */
    char title[64];       /* "first-sequence=any", "" without matrices */
    size_t instance;
    struct trial_scenario *parsed;
    struct trial_scenario *bound;
    struct trial_history *history;
    struct trial_report *report;
};

#define T_TRIAL_COUNT 8
/* All of them; an instance that could not be held has no report, and has failed the test. */
struct t_trial *t_trials(void);
/* Frees them. The next call of t_trials holds them anew. */
void t_trials_release(void);

/* The history without the event at that place (SIZE_MAX: with all of them), owned by the caller. */
struct trial_history *t_history_without(const struct trial_history *history, size_t place);
/* Judges; the report is the caller's, NULL (and a failed test) if that was not possible. */
struct trial_report *t_judge(const struct t_trial *trial, const struct trial_history *history);
/* The verdict only. */
enum trial_verdict t_verdict(const struct t_trial *trial, const struct trial_history *history);
