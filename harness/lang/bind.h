/* Binding for the checker: reports instead of stopping, and may shorten repeats. */
#pragma once
#include "harness/lang/lang.h"

struct trial_bind_options {
    struct trial_diagnostics
        *d;       /* where unknown variables are reported; NULL: the first one fails */
    bool shorten; /* of each repeat only the first and the last round */
};
int trial_bind_with(const struct trial_scenario *scenario, size_t instance,
                    const struct trial_bind_options *options, struct trial_scenario **ret_bound,
                    struct base_error *err);
