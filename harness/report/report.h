/*
 * One report as text for people and as JSON for machines. Nothing is judged here, and nothing is
 * written anywhere: both go into a builder.
 */
#pragma once
#include "base/builder.h"
#include "base/error.h"
#include "harness/check/judge.h"
#include "harness/lang/tree.h"

/* How much of a report is text. */
enum trial_verbosity {
    TRIAL_QUIET = 0,   /* the verdict line, and what is not as expected */
    TRIAL_NORMAL = 1,  /* and every finding that was judged */
    TRIAL_VERBOSE = 2  /* and what was not exercised, every check, anomaly and line of evidence */
};

/* "PASS   ", "FAIL   ", "UNKNOWN", "SKIP   ", "ERROR  ": of one width. */
const char *trial_report_headline(enum trial_verdict verdict);
/* Plain text, no colours, every line ended. instance: "idempotence=false", "" for none. */
void trial_report_text(const struct trial_report *report, const struct trial_scenario *bound,
                       const char *instance, int verbosity, struct base_builder *ret_text);
/* One JSON object, without a line end. Field names are stable (README.md). 0 or BASE_NO_MEMORY. */
int trial_report_json(const struct trial_report *report, const struct trial_scenario *bound,
                      const char *instance, struct base_builder *ret_json, struct base_error *err);
