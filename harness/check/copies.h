/*
 * The copies of a client that writes on what it reads (journal.copy.topic): which record of its
 * sources became which record of its target. A copy has the key and the value of its source; of
 * several alike the first is the copy of the first. What a header says of it is not asked.
 *
 * Private to this folder.
 */
#pragma once
#include "harness/check/guarantee.h"

struct trial_copies {
    uint32_t *copy_of; /* by record: its copy, committed and still there; TRIAL_NONE */
    uint32_t *surplus; /* copies of what was copied before, or of nothing */
    size_t surplus_count;
    size_t count;
    uint32_t *like; /* by place in surplus: a source that it is like; TRIAL_NONE: of nothing */
};

/* The topic that the client copies to; TRIAL_NONE when it copies nothing. */
uint32_t trial_copies_target(const struct trial_index *ix, uint32_t actor);
int trial_copies_find(struct trial_case *c, struct trial_copies *ret_copies);
void trial_copies_clean_up(struct trial_copies *copies);
