/*
 * The guarantees: one file each, one row each in a const table, and what a judge is given: an index
 * of the history, whom it judges, and the finding that it fills in.
 *
 * Private to this folder (and its tests).
 */
#pragma once
#include "harness/check/index.h"
#include "harness/check/judge.h"
#include "harness/check/secrets.h"

#define TRIAL_MAX_EVIDENCE 12

/* What a guarantee is of. */
enum trial_subject_kind { TRIAL_SUBJECT_WRITER = 1, TRIAL_SUBJECT_CLIENT = 2,
                          TRIAL_SUBJECT_JOURNAL = 4, TRIAL_SUBJECT_TOPIC = 8 };

/* Everything that is shared by the judges of one history. */
struct trial_court {
    struct trial_index *ix;
    struct trial_report *report;
    struct trial_secrets *secrets; /* NULL until somebody asks */
    struct trial_table anomaly_numbers; /* tag (name, part), bytes key */
    size_t anomaly_cap;
    size_t finding_cap;
    size_t expectation_cap;
};

/* One guarantee of one subject, while it is judged. */
struct trial_case {
    struct trial_court *court;
    struct trial_index *ix;
    enum trial_subject_kind kind;
    uint32_t actor;                      /* of a writer or client */
    const struct trial_journal *journal; /* of a journal; of its topics */
    uint32_t topic;                      /* of a topic that belongs to no journal */
    struct trial_finding finding;
    struct base_builder counters;
    bool exercised;
};

struct trial_guarantee {
    const char *name;
    enum trial_subject_kind of;
    /* False: the guarantee does not apply to this subject. NULL: it always does. */
    bool (*applies)(const struct trial_case *c);
    /* Sets c->exercised when the premise occurred; fails and counts. 0 or BASE_NO_MEMORY, … */
    int (*judge)(struct trial_case *c, struct base_error *err);
    const char *const *reasons; /* that it can fail for, NULL at the end */
};
extern const struct trial_guarantee trial_guarantees[];
extern const size_t trial_guarantee_count;
/* All that trial_case_unknown takes, NULL at the end. */
extern const char *const trial_unknown_reasons[];

/* -- for judges -- */

/* Marks the finding; the first reason of the worst verdict stays, further events are evidence.
 * event: TRIAL_NONE for none. */
void trial_case_fail(struct trial_case *c, const char *because, uint32_t event);
void trial_case_unknown(struct trial_case *c, const char *because, uint32_t event);
/* One more line of evidence, or one of its own words. */
void trial_case_event(struct trial_case *c, uint32_t event);
void trial_case_say(struct trial_case *c, const char *format, ...) BASE_PRINTF(2, 3);
/* "acks 5", in the order of the calls. */
void trial_case_count(struct trial_case *c, const char *what, uint64_t count);

/* Records an anomaly (once more, if it is known by name, part and key). part, record, event and
 * actor may be TRIAL_NONE; the record gives part and key. */
int trial_anomaly_add(struct trial_court *court, const char *name, uint32_t record, uint32_t actor,
                      uint64_t count, uint32_t event);
int trial_anomaly_add_at(struct trial_court *court, const char *name, uint32_t part,
                         struct base_slice key, uint32_t actor, uint64_t count, uint32_t event);

/* True if a newer record of the key, and a committed one, is in the log. Records without a key are
 * never superseded. */
bool trial_record_is_superseded(const struct trial_index *ix, const struct trial_index_record *r);
/* The group a client of the case belongs to. */
struct trial_index_group *trial_case_group(const struct trial_case *c);
/* The store of the case's client, NULL if it has none that can be read (none, memory). */
struct trial_index_store *trial_case_store(const struct trial_case *c, uint32_t *ret_store);
/* The row of a key in the store of any client of the case's group: a group may fill several. */
uint32_t trial_case_find_row(const struct trial_case *c, uint32_t topic, struct base_slice key);
/* Whether the group must have taken in the key at all: one that starts at the end need not, and
 * nobody who reads what is committed, where nothing of it is. */
bool trial_group_owes(const struct trial_index_group *group, const struct trial_index_key *key);
/* Whether the client's group had come to rest at the end; marks the case unknown if not. */
bool trial_case_is_quiescent(struct trial_case *c);
/* Whether the store was read at the end; marks the case unknown if not. */
bool trial_case_store_is_read(struct trial_case *c, const struct trial_index_store *store);
/* What a group can be held to for a key: its newest record is in the log or was served to the
 * group; or it was taken from the log before. */
enum trial_lesson { TRIAL_LEARNABLE, TRIAL_UNLEARNABLE_DELETE, TRIAL_UNLEARNABLE_VALUE };
enum trial_lesson trial_key_lesson(struct trial_index *ix, const struct trial_index_group *group,
                                   uint32_t key, uint32_t *ret_newest);
/* The store still holds a key whose tombstone could not be learnt: marks the case unknown, and
 * records the anomaly (once for a key, whoever asks). */
int trial_case_unlearnable(struct trial_case *c, uint32_t tombstone, uint32_t row_event);
/* What the store may show for a key at the end: is the value of the row (present) one that the
 * fold of the log, skipped records left out, allows? */
bool trial_store_allows(struct trial_index *ix, const struct trial_index_group *group,
                        uint32_t key, bool present, struct base_slice value);

int trial_judge_at_least_once(struct trial_case *c, struct base_error *err);
int trial_judge_no_duplicate(struct trial_case *c, struct base_error *err);
int trial_judge_key_order(struct trial_case *c, struct base_error *err);
int trial_judge_latest_value(struct trial_case *c, struct base_error *err);
int trial_judge_honest_failure(struct trial_case *c, struct base_error *err);
int trial_judge_pairing(struct trial_case *c, struct base_error *err);
int trial_judge_contract(struct trial_case *c, struct base_error *err);
int trial_judge_exactly_once(struct trial_case *c, struct base_error *err);
/* exactly_once.c: of a client that copies. */
int trial_judge_copied_at_least_once(struct trial_case *c, struct base_error *err);
int trial_judge_client_at_least_once(struct trial_case *c, struct base_error *err);
int trial_judge_commit_after_effect(struct trial_case *c, struct base_error *err);
int trial_judge_idempotent_replay(struct trial_case *c, struct base_error *err);
int trial_judge_convergence(struct trial_case *c, struct base_error *err);
int trial_judge_no_resurrection(struct trial_case *c, struct base_error *err);
int trial_judge_compaction(struct trial_case *c, struct base_error *err);
int trial_judge_anonymization(struct trial_case *c, struct base_error *err);

/* -- for judge.c -- */
/* Anomalies that no single guarantee owns: redelivery, commit-regress, partition-drift. */
int trial_anomalies_note(struct trial_court *court, struct base_error *err);
/* Judges every expectation of the bound scenario's checks (expect*.c) into the report. */
int trial_expect_judge(struct trial_court *court, const struct trial_scenario *context,
                       const struct trial_expect *expect, struct base_error *err);
/* The finding of a guarantee by name and subject; NULL. */
struct trial_finding *trial_court_find(const struct trial_court *court, const char *guarantee,
                                       const char *of);
