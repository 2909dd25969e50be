/* From the history of one served view to its verdict, and to files for people who keep it. */
#pragma once
#include "harness/check/history.h"
#include "harness/explore/serve_view.h"

/* history: the appends of the log as it was written, then what the client did with the view. */
int trial_view_judge(const struct trial_scenario *bound, const struct trial_actor *client,
                     const struct trial_history *history, enum trial_view_verdict *ret_verdict,
                     struct base_builder *ret_text, struct base_builder *ret_json,
                     struct base_error *err) BASE_MUST_USE;
/* history.jsonl and the client's outputs. */
int trial_view_keep(const char *directory, const char *scenario_path, size_t instance,
                    const struct trial_history *history, struct base_error *err) BASE_MUST_USE;
