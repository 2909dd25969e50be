/* What the cleaner did, as JSON for a controller. */
#pragma once
#include <jansson.h>

#include "harness/check/history.h"

/* An array with one object for each pass and each roll among the events from `from` on; NULL when
 * memory is out. */
json_t *trial_passes_json(const struct trial_history *history, size_t from);
