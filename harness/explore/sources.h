/* Which topics a client reads, by what the scenario says of it. */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "harness/lang/tree.h"

/* Is the topic of this real name one that the client reads, and is it compacted? 0, or
 * BASE_NO_MEMORY, BASE_NOT_FOUND. */
int trial_source_find(const struct trial_scenario *bound, const struct trial_actor *client,
                      const char *topic, bool *ret_is_read, bool *ret_is_compacted,
                      struct base_error *err) BASE_MUST_USE;
