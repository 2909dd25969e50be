/*
 * One view on trial: a fresh broker holds the view's log, a fresh instance of the client with an
 * empty store reads it to the end, and its store is compared with the fold of the log as it was
 * written (by the judge of convergence, so that reported skips are believed or not as anywhere).
 */
#pragma once
#include "base/builder.h"
#include "base/error.h"
#include "harness/explore/views.h"
#include "harness/run/guard.h"

enum trial_view_verdict {
    TRIAL_VIEW_SAME,
    TRIAL_VIEW_DIVERGES, /* another store, or it never came to rest */
    TRIAL_VIEW_UNKNOWN   /* the store could not be read */
};

struct trial_view_options {
    const struct trial_scenario *bound;
    const struct trial_actor *client;    /* of bound */
    const struct trial_capture *capture;
    const struct trial_history *history; /* that capture was read from */
    const char *directory;               /* exists and is empty */
    const char *journal_program;
    const struct trial_guard *guard;
    bool keeps_history;                  /* writes history.jsonl and outputs into directory */
    size_t instance;                     /* for its heading */
};

/* Not the same: ret_text gets indented lines for people, ret_json an array of objects (key, why …).
 * An error is that of a trial that could not be held. */
int trial_view_serve(const struct trial_view_options *options, const struct trial_view *view,
                     enum trial_view_verdict *ret_verdict, struct base_builder *ret_text,
                     struct base_builder *ret_json, struct base_error *err) BASE_MUST_USE;
