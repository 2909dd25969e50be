/* Making diagnostics, for the parts of this folder. Showing them: trial_diagnostics_format. */
#pragma once
#include "base/attrs.h"
#include "harness/lang/lang.h"

/* Adds one, unless the same severity stands at the same place already: what follows from a problem
 * is not told again. Beyond TRIAL_MAX_DIAGNOSTICS only the count grows. */
#define TRIAL_MAX_DIAGNOSTICS 200u
void trial_report(struct trial_diagnostics *d, enum trial_severity severity, struct trial_pos pos,
                  const char *format, ...) BASE_PRINTF(4, 5);
/* Puts them in file order; of one place in the order they were found. */
void trial_diagnostics_sort(struct trial_diagnostics *d);

/* "did you mean": feed candidates, then ask. */
struct trial_suggestion {
    const char *wanted;
    const char *best; /* NULL when nothing is near enough */
    size_t best_distance;
};
struct trial_suggestion trial_suggestion_of(const char *wanted);
void trial_suggest(struct trial_suggestion *s, const char *candidate);
/* "; did you mean 'produce'?" or "", in a buffer of the suggestion's caller. */
#define TRIAL_HINT_BYTES 160
const char *trial_suggestion_hint(const struct trial_suggestion *s,
                                  char ret_hint[TRIAL_HINT_BYTES]);
