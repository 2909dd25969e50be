/* The parts of bind: what a variable stands for, in atoms and in texts. */
#pragma once
#include "harness/lang/bind.h"

#define TRIAL_MAX_MATRICES 64

struct trial_binder {
    const struct trial_scenario *from;
    struct base_arena *arena;
    struct trial_binding bindings[TRIAL_MAX_MATRICES];
    size_t binding_count;
    bool in_repeat;
    int64_t i; /* of the innermost repeat, from 1 */
    struct trial_diagnostics *d;
    bool shorten;
    size_t step_count;
    size_t round_count;
    int failed; /* 0, or the code of the first failure */
    struct base_error *err;
};
void trial_bind_fail(struct trial_binder *b, int code, struct trial_pos pos, const char *text);
struct trial_atom trial_bind_atom(struct trial_binder *b, struct trial_atom atom);
/* A key: where a variable stands for the word null, the null key. */
struct trial_atom trial_bind_key(struct trial_binder *b, struct trial_atom key);
struct trial_value trial_bind_value(struct trial_binder *b, struct trial_value value);
struct trial_part trial_bind_part(struct trial_binder *b, struct trial_part part);
struct trial_compare trial_bind_compare(struct trial_binder *b, struct trial_compare compare);
/* NULL stays NULL. */
const char *trial_bind_text(struct trial_binder *b, const char *text, struct trial_pos pos);
/* A copy of an array in the binder's arena. */
void *trial_bind_copy(struct trial_binder *b, const void *items, size_t count, size_t item_bytes);
