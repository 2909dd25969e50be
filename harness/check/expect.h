/* One line of a check while it is judged: what it says, what was found. Private to this folder. */
#pragma once
#include "harness/check/guarantee.h"

struct trial_expect_case {
    struct trial_court *court;
    struct trial_index *ix;
    const struct trial_scenario *context;
    const struct trial_expect *expect;
    enum trial_verdict verdict; /* PASS until something is found */
    bool is_left;               /* to ktrial explore: neither holds nor fails here */
    struct base_builder reason;
};

/* Sets the verdict and the reason, if none worse is set. Returns 0 for brevity. */
int trial_expect_set(struct trial_expect_case *c, enum trial_verdict verdict, const char *format,
                     ...) BASE_PRINTF(3, 4);
/* As trial_expect_set for a number that was compared: "expected >= 1, was 0". */
int trial_expect_compare(struct trial_expect_case *c, int64_t actual);
/* The part of an expectation: public topics before privileged ones of a journal.type.
 * TRIAL_NONE (and ERROR set) when the name is no single topic. */
uint32_t trial_expect_topic(struct trial_expect_case *c, const struct trial_part *part);

int trial_expect_log(struct trial_expect_case *c, struct base_error *err);
int trial_expect_store_row(struct trial_expect_case *c, struct base_error *err);
int trial_expect_store_matches(struct trial_expect_case *c, struct base_error *err);
int trial_expect_store_count(struct trial_expect_case *c, struct base_error *err);
int trial_expect_secret(struct trial_expect_case *c, struct base_error *err);
