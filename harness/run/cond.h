/* Conditions: what `await` and `hold until` ask for, answered from the present state. */
#pragma once
#include "harness/run/live.h"

/* True when every term holds. why (may be NULL) gets a phrase for the first that does not. */
bool trial_cond_holds(struct trial_stage *stage, const struct trial_cond *cond,
                      struct base_builder *why);
/* Does what an await has to do that conditions do not: tells writers to flush. */
void trial_cond_pursue(struct trial_stage *stage, const struct trial_cond *cond);
/* True when a term can never hold any more because its actor is gone for good; why says so. */
bool trial_cond_is_hopeless(struct trial_stage *stage, const struct trial_cond *cond,
                            struct base_builder *why);

/* A client is drained, a writer flushed. why as above. */
bool trial_live_rests(struct trial_live *live, struct base_builder *why);
/* All records ever appended, as offsets: to see that nothing was. */
int64_t trial_stage_appended(const struct trial_stage *stage);
