/*
 * The scenario language as a library: text to tree, tree to text, and what is wrong with it.
 * Reference: scenarios/README.md; words: verbs.def.
 */
#pragma once
#include <stdio.h>

#include "base/builder.h"
#include "base/error.h"
#include "harness/lang/tree.h"

/* -- diagnostics -- */

enum trial_severity { TRIAL_NOTE, TRIAL_WARNING, TRIAL_FAULTY };
struct trial_diagnostic {
    enum trial_severity severity;
    struct trial_pos pos;
    const char *text; /* "expected an event ('produce', …), found 'prduce'; did you mean …?" */
};
/* Several problems are reported at once, in file order. Owns its memory. */
struct trial_diagnostics {
    struct trial_diagnostic *items;
    size_t count;
    size_t cap;
    size_t error_count; /* those that are TRIAL_FAULTY */
    struct base_arena arena;
};
void trial_diagnostics_init(struct trial_diagnostics *d);
void trial_diagnostics_clean_up(struct trial_diagnostics *d);
/* "file:line:column: text", the line, a caret; as in the language's page. */
void trial_diagnostics_format(const struct trial_diagnostics *d, const char *path,
                              const char *source, size_t source_len, struct base_builder *ret_text);

/* -- parse -- */

/* Parses one scenario (source need not be zero-terminated; it is copied). path is for messages.
 * Returns 0, or BASE_MALFORMED with the reasons in d, BASE_LIMIT, BASE_NO_MEMORY. */
int trial_parse(const char *path, struct base_slice source, struct trial_scenario **ret_scenario,
                struct trial_diagnostics *d);
/* For `ktrial serve`'s control channel: one item, step or expectation on its own. (d is of one
 * source, since a place is told of once: a fresh one for each line.) Exactly one of
 * item_count, step (a run item) or expect (a check item) is in the returned tree's items. */
int trial_parse_line(struct base_slice line, struct trial_scenario **ret_fragment,
                     struct trial_diagnostics *d);

/* -- check -- */

/* Checks every matrix instance: names, types, verbs, error names, settings and their side,
 * reachable triggers, actions possible at their event, lost answers followed by a reset. Returns 0
 * or BASE_MALFORMED. `context` (may be NULL) is a tree whose declarations a fragment may use. */
int trial_check(const struct trial_scenario *scenario, const struct trial_scenario *context,
                struct trial_diagnostics *d);
/* What this build cannot run yet, as one sentence for a person (transactions, admin, security,
 * compaction, verifiable, PostgreSQL, trace), or NULL when it can run all of it.
 * `need` of something missing gives that sentence too. Lives as long as the scenario. */
const char *trial_unsupported(const struct trial_scenario *scenario, struct trial_pos *ret_pos);

/* -- instances -- */

struct trial_binding {
    const char *name;
    struct trial_atom value; /* atoms of the scenario's matrices */
};
/* Number of instances: the product of the matrices, at least 1. */
size_t trial_instance_count(const struct trial_scenario *scenario);
/* The bindings of an instance, in the order of the matrices, whose atoms they borrow. BASE_USAGE:
 * no such instance; BASE_LIMIT: more than cap. */
int trial_instance_bindings(const struct trial_scenario *scenario, size_t instance,
                            struct trial_binding *ret_bindings, size_t cap, size_t *ret_count);
/* "idempotence=false lag=1h"; "" without matrices. */
void trial_instance_describe(const struct trial_scenario *scenario, size_t instance,
                             struct base_builder *ret_text);
/* The bound tree of an instance (tree.h), owned by the caller. */
int trial_bind(const struct trial_scenario *scenario, size_t instance,
               struct trial_scenario **ret_bound, struct base_error *err);

/* -- print -- */

/* Canonical text, comments kept: parse(print(tree)) is the same tree. */
void trial_print(const struct trial_scenario *scenario, struct base_builder *ret_text);
/* True when two trees say the same (places and comments aside). */
bool trial_scenario_equal(const struct trial_scenario *a, const struct trial_scenario *b);
/* One step, expectation or condition as text, for reports and errors. */
void trial_print_step(const struct trial_step *step, struct base_builder *ret_text);
void trial_print_expect(const struct trial_expect *expect, struct base_builder *ret_text);
void trial_print_cond(const struct trial_cond *cond, struct base_builder *ret_text);

/* -- words: the reference, from verbs.def -- */

/* Markdown of every item, event, action, condition, step, check, guarantee, anomaly and setting. */
void trial_words_print(struct base_builder *ret_text);
const char *trial_event_kind_to_str(enum trial_event_kind kind);
const char *trial_action_kind_to_str(enum trial_action_kind kind);
const char *trial_step_kind_to_str(enum trial_step_kind kind);
const char *trial_verdict_to_str(enum trial_verdict verdict);
const char *trial_cmp_to_str(enum trial_cmp cmp);
