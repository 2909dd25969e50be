/*
 * The load step: many objects or records, written one after the other as fast as the writer takes
 * them. They are made in a thread of their own, which hands them over through a socket: when the
 * writer is slow the socket fills up and the thread waits, so that memory stays bounded.
 */
#pragma once
#include "harness/run/write.h"

struct trial_load;

int trial_load_start(struct trial_live *live, const struct trial_step *step,
                     struct trial_load **ret_load, struct base_error *err) BASE_MUST_USE;
/* Goes on if it waited for the writer. True when everything has been told to the writer. */
bool trial_load_is_done(struct trial_load *load);
/* Ends it, finished or not; waits for the thread. NULL-safe. */
void trial_load_free(struct trial_load *load);
