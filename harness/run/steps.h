/*
 * The steps of a run as a state machine: a branch goes through its steps one after the other; each
 * is begun, and then asked at every turn whether it is done. `parallel` has a branch for each of
 * its steps.
 */
#pragma once
#include "harness/run/stage.h"

struct trial_branch;

/* steps must live as long as the branch. */
int trial_branch_new(struct trial_stage *stage, const struct trial_step *steps, size_t count,
                     struct trial_branch **ret_branch, struct base_error *err) BASE_MUST_USE;
/* Ends loads under way. NULL-safe. */
void trial_branch_free(struct trial_branch *branch);
/* Goes on as far as possible. True when the last step is done (or the stage has failed). */
bool trial_branch_advance(struct trial_branch *branch);
/* The budget is spent. True: the steps that wait were awaits or loads, and are described in
 * why; the run can end and be judged. False: what waits was made to go on, or the stage has
 * failed. */
bool trial_branch_out_of_budget(struct trial_branch *branch, struct base_builder *why);
/* True when a step waits for what can never be; described in why. */
bool trial_branch_is_hopeless(struct trial_branch *branch, struct base_builder *why);
