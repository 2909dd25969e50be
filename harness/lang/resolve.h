/*
 * From the names of a scenario to real topics: what "swh", "swh.revision" or "rev" stand for.
 */
#pragma once
#include "base/error.h"
#include "harness/lang/tree.h"

struct trial_real_topic {
    const char *name;                     /* as Kafka knows it; of the arena */
    const char *type;                     /* object type; NULL for a plain topic */
    bool privileged;                      /* the privileged copy of an anonymized type */
    const struct trial_journal *journal;  /* one of these two */
    const struct trial_topic *topic;
    int32_t partitions;                   /* -1: the cluster's default */
    bool compact;                         /* by the word or by cleanup.policy */
    bool is_public;                       /* secrets must not be found there */
};
struct trial_real_topics {
    struct trial_real_topic *items;
    size_t count;
};

/* Topics of a target: a topic, a journal, journal.type (both copies), or (target NULL) all of the
 * scenario. A plain topic is public unless it says private; a journal's topics are public but for
 * the privileged copies. BASE_NOT_FOUND if the name is none of these. */
int trial_resolve_topics(const struct trial_scenario *scenario, const char *target,
                         struct base_arena *arena, struct trial_real_topics *ret_topics,
                         struct base_error *err);
/* Whether the word compact or the setting cleanup.policy says so. */
bool trial_is_compacted(bool says_compact, const struct trial_settings *settings);
/* True for revision and release. */
bool trial_type_is_anonymized(const char *type);
