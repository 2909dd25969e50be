/*
 * What a pass over a partition did, as a row of the history keeps it: made from the broker's
 * report, and copied. Private to this folder (and its tests).
 */
#pragma once
#include "base/arena.h"
#include "harness/check/history.h"

/* Copies, borrowing the batches. NULL when the arena has failed. */
struct trial_clean *trial_clean_of_report(const struct mock_clean_report *report,
                                          struct base_arena *arena);
struct trial_clean *trial_clean_copy(const struct trial_clean *clean, struct base_arena *arena);
/* NULL-safe. */
void trial_clean_ref_batches(const struct trial_clean *clean);
void trial_clean_unref_batches(const struct trial_clean *clean);
