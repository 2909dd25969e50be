/*
 * Aho-Corasick: many byte strings searched in one pass. Compact: patterns are sorted, states are
 * laid out breadth first, the children of a state lie together. Built once, then only read.
 */
#pragma once
#include "base/error.h"
#include "base/slice.h"

#define TRIAL_AUTOMATON_NONE UINT32_MAX

struct trial_automaton_state {
    uint32_t first_child;
    uint32_t fail;
    uint32_t pattern; /* the first of sorted[] that ends here; TRIAL_AUTOMATON_NONE */
    uint32_t output;  /* the next state on the fail chain where a pattern ends */
    uint16_t child_count;
    uint8_t byte;
};
struct trial_automaton {
    struct trial_automaton_state *states;
    size_t state_count;
    size_t state_cap;
    const struct base_slice *patterns; /* borrowed */
    uint32_t *sorted;                  /* numbers of patterns in byte order */
    size_t pattern_count;
    uint32_t root[256];
};

/* patterns are borrowed until clean_up; none may be empty. BASE_LIMIT beyond max_states. */
int trial_automaton_init(struct trial_automaton *automaton, const struct base_slice *patterns,
                         size_t count, size_t max_states, struct base_error *err);
void trial_automaton_clean_up(struct trial_automaton *automaton);
/* Calls found for every occurrence: the number of the pattern and the place behind its last byte.
 * A non-zero return ends the search and is returned. */
typedef int (*trial_automaton_fn)(void *arg, uint32_t pattern, size_t end);
int trial_automaton_search(const struct trial_automaton *automaton, struct base_slice bytes,
                           trial_automaton_fn found, void *arg);
