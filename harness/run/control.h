/*
 * The control channel of `ktrial serve`: lines of the scenario language in, one JSON line out for
 * each. Standard input is one controller, each connection to the control socket another; each has
 * its own order: a line is taken when the one before it has been answered.
 */
#pragma once
#include "harness/run/stage.h"

struct trial_control; /* the table that all controllers share */

struct trial_control_options {
    struct trial_stage *stage;
    /* The tree that the stage plays, whose items grow: their array has room for this many. */
    struct trial_scenario *context;
    size_t item_cap;
    void *arg;
    /* The end of standard input. */
    void (*ended)(void *arg);
};
int trial_control_new(const struct trial_control_options *options,
                      struct trial_control **ret_control, struct base_error *err) BASE_MUST_USE;
/* Reads lines from a descriptor (a pipe, a terminal, a file) and answers on another; prompt: for
 * people. */
int trial_control_read(struct trial_control *control, int from, int to, bool prompt,
                       struct base_error *err) BASE_MUST_USE;
/* Listens on a Unix socket; its file is removed at the end. */
int trial_control_listen(struct trial_control *control, const char *path, struct base_error *err)
    BASE_MUST_USE;
/* After a turn: awaits may be answered. */
void trial_control_advance(struct trial_control *control);
/* Expectations that did not hold. */
size_t trial_control_failed(const struct trial_control *control);
/* Unanswered lines are answered with an error; the handles close when the loop runs. NULL-safe. The
 * memory goes with trial_control_free. */
void trial_control_close(struct trial_control *control);
void trial_control_free(struct trial_control *control);

/* order.c: what one line does. */
struct trial_branch;
struct trial_order {
    struct trial_scenario *fragment; /* as parsed */
    struct trial_scenario *bound;
    struct trial_branch *branch;     /* a step that is not done yet */
    enum trial_step_kind kind;       /* of that step */
    size_t from;                     /* events before it */
};
/* Carries out a line. 0: answered in ret_answer (a JSON object without newline); 1: a step that
 * goes on, asked for with trial_order_is_done. */
int trial_order_begin(struct trial_control *control, struct base_slice line,
                      struct trial_order *ret_order, struct base_builder *ret_answer);
bool trial_order_is_done(struct trial_order *order, struct trial_control *control,
                         struct base_builder *ret_answer);
void trial_order_clean_up(struct trial_order *order);
/* {"ok":false,"error":…} */
void trial_order_refuse(struct base_builder *ret_answer, const char *error);
