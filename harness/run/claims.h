/*
 * What a client without a group was served, and what it says it has done with it. It commits
 * nothing, so its own word is all that tells when the effects of what it fetched are there.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/error.h"
#include "mock/event.h"

/* One partition, of one incarnation. */
struct trial_claim {
    char *topic;
    int32_t partition;
    int64_t first_asked;  /* lowest offset that a Fetch with an answer asked for; -1: none */
    int64_t last_served;  /* highest offset of the batches it was answered with; -1 */
    int64_t last_claimed; /* highest offset said to be processed or skipped; -1 */
};
struct trial_claims {
    struct trial_claim *items;
    size_t count;
    size_t cap;
};

/* A batch left to the client. */
int trial_claims_serve(struct trial_claims *claims, const struct mock_event *serve,
                       struct base_error *err) BASE_MUST_USE;
/* The client said processed or skipped. topic may be NULL: of no use. */
int trial_claims_hear(struct trial_claims *claims, const char *topic, int32_t partition,
                      int64_t offset, struct base_error *err) BASE_MUST_USE;
/* The highest offset that it said to be processed or skipped; -1: none. */
int64_t trial_claims_heard(const struct trial_claims *claims, const char *topic, int32_t partition);
/* The offset up to which it has still to say so, -1: nothing is owed. last: the partition's last
 * visible record. */
int64_t trial_claims_owed(const struct trial_claims *claims, const char *topic, int32_t partition,
                          int64_t last);
void trial_claims_clean_up(struct trial_claims *claims);
