/*
 * The checker's own parts, for check*.c. It works on bound trees: every matrix instance is bound
 * and checked, and a problem that several instances share is reported once.
 */
#pragma once
#include "harness/lang/words.h"

struct trial_checker {
    const struct trial_scenario *s;
    const struct trial_scenario *context; /* more declarations; may be NULL */
    struct trial_diagnostics *d;
    bool has_run; /* without a run nothing is started (`ktrial serve`), and anything may be */
    bool is_fragment;
};

/* -- names: each reports what is not declared, with what is near; NULL names are ignored -- */
const struct trial_actor *trial_check_actor(struct trial_checker *c, const struct trial_name *name,
                                            unsigned of, const char *what);
const struct trial_store *trial_check_store(struct trial_checker *c, const struct trial_name *name);
const struct trial_fault *trial_check_fault_name(struct trial_checker *c,
                                                 const struct trial_name *name);
void trial_check_secret(struct trial_checker *c, const struct trial_name *name);
void trial_check_group(struct trial_checker *c, const struct trial_name *name);
/* A writer with a transactional.id, or any such id as a string. */
void trial_check_transactional(struct trial_checker *c, const struct trial_name *name);
/* A group, or a client that has one. */
void trial_check_group_or_client(struct trial_checker *c, const struct trial_name *name);
bool trial_check_target(struct trial_checker *c, const struct trial_name *name,
                        struct trial_target *ret_target);
/* With its partition, if that is given, within the declared number of partitions. */
bool trial_check_part(struct trial_checker *c, const struct trial_part *part,
                      struct trial_target *ret_target);
/* The same for a pass of the cleaner: the topic must be compacted. */
void trial_check_compacted(struct trial_checker *c, const struct trial_part *part);
/* True when the actor writes to or reads from what part names (or it cannot be known). */
bool trial_actor_reaches(struct trial_checker *c, const struct trial_actor *actor,
                         const struct trial_target *target);
/* Started by a step of run, or restarted by a fault. */
bool trial_actor_starts(const struct trial_checker *c, const char *name);

/* -- kinds -- */
/* A number of at least minimum; ignores atoms that were not given. */
bool trial_check_num(struct trial_checker *c, const struct trial_atom *atom, int64_t minimum,
                     int64_t maximum, const char *what);
bool trial_check_dur(struct trial_checker *c, const struct trial_atom *atom);
void trial_check_broker(struct trial_checker *c, const struct trial_atom *atom);
void trial_check_compare(struct trial_checker *c, const struct trial_compare *compare);
/* The name of a Kafka error. */
void trial_check_error(struct trial_checker *c, const struct trial_atom *word);

/* -- by subject -- */
void trial_check_settings(struct trial_checker *c, enum trial_setting_scope scope,
                          const struct trial_settings *settings);
/* Of `configure`: what can be changed while the broker runs; `default` is a value. */
void trial_check_changes(struct trial_checker *c, enum trial_setting_scope scope,
                         const struct trial_settings *settings);
void trial_check_cond(struct trial_checker *c, const struct trial_cond *cond);
void trial_check_fault(struct trial_checker *c, const struct trial_fault *fault);
void trial_check_event(struct trial_checker *c, const struct trial_event_pattern *event);
void trial_check_steps(struct trial_checker *c, const struct trial_step *steps, size_t count);
/* The transactions of the whole run. */
void trial_check_spans(struct trial_checker *c, const struct trial_step *steps, size_t count);
void trial_check_expect(struct trial_checker *c, const struct trial_expect *expect);
/* What can be checked before binding: matrices, `when`, names declared twice. */
void trial_check_unbound(struct trial_checker *c);
