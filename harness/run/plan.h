/* From the faults of a scenario to the broker's. */
#pragma once
#include "base/arena.h"
#include "harness/lang/tree.h"
#include "mock/fault/fault.h"

/* Everything in ret_spec lives in arena or in the scenario; hold's `until` is the tree's
 * trial_cond. */
int trial_plan_fault(const struct trial_scenario *bound, const struct trial_fault *fault,
                     struct base_arena *arena, struct mock_fault_spec *ret_spec,
                     struct base_error *err);
/* The group that a name stands for: an actor's, or the name itself. */
const char *trial_plan_group(const struct trial_scenario *bound, const char *name);
