/* The search for many strings at once: see automaton.h. */
#include "harness/check/automaton.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* The patterns below one state while the trie is laid out: sorted[low..high), equal up to depth. */
struct range {
    uint32_t low;
    uint32_t high;
    uint32_t depth;
};

static int compare_slices(struct base_slice a, struct base_slice b) {
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = memcmp(a.data, b.data, shorter);
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_patterns(const void *a, const void *b, void *arg) {
    const struct base_slice *patterns = arg;
    uint32_t one = *(const uint32_t *)a;
    uint32_t two = *(const uint32_t *)b;
    int order = compare_slices(patterns[one], patterns[two]);
    return order ? order : (one > two) - (one < two);
}

static uint32_t child_of(const struct trial_automaton *a, uint32_t state, uint8_t byte) {
    const struct trial_automaton_state *s = &a->states[state];
    size_t low = 0;
    size_t high = s->child_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint8_t held = a->states[s->first_child + middle].byte;
        if (held == byte) {
            return s->first_child + (uint32_t)middle;
        }
        if (held < byte) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return 0;
}

/* The state after one more byte; state 0 is the root and never a child. */
static uint32_t step(const struct trial_automaton *a, uint32_t state, uint8_t byte) {
    while (state) {
        uint32_t child = child_of(a, state, byte);
        if (child) {
            return child;
        }
        state = a->states[state].fail;
    }
    return a->root[byte];
}

static int add_child(struct trial_automaton *a, struct range **ranges, size_t *range_cap,
                     uint32_t parent, uint8_t byte, struct range range, size_t max_states) {
    if (a->state_count >= max_states) {
        return BASE_LIMIT;
    }
    int rc = base_grow((void **)&a->states, &a->state_cap, a->state_count + 1,
                       sizeof(*a->states));
    rc = rc ? rc : base_grow((void **)ranges, range_cap, a->state_count + 1, sizeof(**ranges));
    if (rc) {
        return rc;
    }
    uint32_t number = (uint32_t)a->state_count++;
    a->states[number] = (struct trial_automaton_state){
        .pattern = TRIAL_AUTOMATON_NONE, .byte = byte};
    (*ranges)[number] = range;
    if (a->states[parent].child_count++ == 0) {
        a->states[parent].first_child = number;
    }
    return 0;
}

/* Lays out the children of a state; they are behind all states laid out so far. */
static int expand(struct trial_automaton *a, struct range **ranges, size_t *range_cap,
                  uint32_t state, size_t max_states) {
    struct range range = (*ranges)[state];
    uint32_t at = range.low;
    while (at < range.high && a->patterns[a->sorted[at]].len == range.depth) {
        if (a->states[state].pattern == TRIAL_AUTOMATON_NONE) {
            a->states[state].pattern = at;
        }
        at++;
    }
    while (at < range.high) {
        uint8_t byte = a->patterns[a->sorted[at]].data[range.depth];
        uint32_t end = at + 1;
        while (end < range.high && a->patterns[a->sorted[end]].data[range.depth] == byte) {
            end++;
        }
        int rc = add_child(a, ranges, range_cap, state, byte,
                           (struct range){at, end, range.depth + 1}, max_states);
        if (rc) {
            return rc;
        }
        at = end;
    }
    return 0;
}

/* Breadth first, so that the fail states of shorter strings are known. */
static void link_states(struct trial_automaton *a) {
    for (uint32_t i = 0; i < a->states[0].child_count; i++) {
        uint32_t child = a->states[0].first_child + i;
        a->root[a->states[child].byte] = child;
    }
    for (uint32_t s = 0; s < a->state_count; s++) {
        struct trial_automaton_state *state = &a->states[s];
        for (uint32_t i = 0; i < state->child_count; i++) {
            struct trial_automaton_state *child = &a->states[state->first_child + i];
            child->fail = s ? step(a, state->fail, child->byte) : 0;
            const struct trial_automaton_state *fail = &a->states[child->fail];
            child->output = fail->pattern != TRIAL_AUTOMATON_NONE ? child->fail : fail->output;
        }
    }
}

int trial_automaton_init(struct trial_automaton *automaton, const struct base_slice *patterns,
                         size_t count, size_t max_states, struct base_error *err) {
    struct trial_automaton a = {.patterns = patterns, .pattern_count = count};
    struct range *ranges = NULL;
    size_t range_cap = 0;
    a.sorted = base_alloc_array(count + 1, sizeof(*a.sorted));
    int rc = a.sorted ? base_grow((void **)&a.states, &a.state_cap, 1, sizeof(*a.states))
                      : BASE_NO_MEMORY;
    rc = rc ? rc : base_grow((void **)&ranges, &range_cap, 1, sizeof(*ranges));
    if (rc == 0) {
        for (uint32_t i = 0; i < count; i++) {
            a.sorted[i] = i;
        }
        qsort_r(a.sorted, count, sizeof(*a.sorted), compare_patterns, (void *)patterns);
        a.states[0] = (struct trial_automaton_state){.pattern = TRIAL_AUTOMATON_NONE};
        ranges[0] = (struct range){0, (uint32_t)count, 0};
        a.state_count = 1;
    }
    for (uint32_t s = 0; rc == 0 && s < a.state_count; s++) {
        rc = expand(&a, &ranges, &range_cap, s, max_states);
    }
    base_free(ranges);
    if (rc) {
        trial_automaton_clean_up(&a);
        return base_fail(err, rc, "the search for %zu byte strings: %s", count,
                         base_code_to_str(rc));
    }
    link_states(&a);
    *automaton = a;
    return 0;
}

void trial_automaton_clean_up(struct trial_automaton *automaton) {
    base_free(automaton->states);
    base_free(automaton->sorted);
    memset(automaton, 0, sizeof(*automaton));
}

int trial_automaton_search(const struct trial_automaton *automaton, struct base_slice bytes,
                           trial_automaton_fn found, void *arg) {
    uint32_t state = 0;
    for (size_t i = 0; i < bytes.len && automaton->state_count > 1; i++) {
        state = step(automaton, state, bytes.data[i]);
        const struct trial_automaton_state *at = &automaton->states[state];
        uint32_t hit = at->pattern != TRIAL_AUTOMATON_NONE ? state : at->output;
        for (; hit; hit = automaton->states[hit].output) {
            /* Equal patterns lie side by side. */
            uint32_t first = automaton->states[hit].pattern;
            struct base_slice text = automaton->patterns[automaton->sorted[first]];
            for (uint32_t k = first; k < automaton->pattern_count &&
                                     base_slice_equal(automaton->patterns[automaton->sorted[k]],
                                                      text);
                 k++) {
                int rc = found(arg, automaton->sorted[k], i + 1);
                if (rc) {
                    return rc;
                }
            }
        }
    }
    return 0;
}
