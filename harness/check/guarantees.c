/* The table of guarantees, and to whom each applies. The long form of each is in its own file. */
#include "harness/check/copies.h"

/* Under `anonymize` only. */
static bool anonymizes(const struct trial_case *c) {
    const struct trial_scenario *s = c->ix->scenario;
    for (size_t i = 0; i < s->item_count; i++) {
        if (s->items[i].kind == TRIAL_ITEM_JOURNAL && s->items[i].u.journal.anonymize) {
            return true;
        }
    }
    return false;
}

static bool writes_anonymized(const struct trial_case *c) {
    return anonymizes(c);
}

static bool has_secrets(const struct trial_case *c) {
    const struct trial_scenario *s = c->ix->scenario;
    if (c->kind == TRIAL_SUBJECT_JOURNAL && c->journal->anonymize) {
        return true;
    }
    for (size_t i = 0; i < s->item_count; i++) {
        if (s->items[i].kind == TRIAL_ITEM_SECRET) {
            return true;
        }
    }
    return c->kind != TRIAL_SUBJECT_JOURNAL && anonymizes(c);
}

static bool has_store(const struct trial_case *c) {
    return trial_case_store(c, NULL) != NULL;
}

static bool copies(const struct trial_case *c) {
    return trial_copies_target(c->ix, c->actor) != TRIAL_NONE;
}

/* The scenario asks for its views: `ktrial explore` tells, a run alone cannot. */
static bool is_explored(const struct trial_case *c) {
    return has_store(c) && trial_find_views(c->ix->scenario, c->ix->actors[c->actor].name);
}

/* One run shows one view of the log: it never exercises the guarantee. */
static int judge_one_view(struct trial_case *c, struct base_error *err) {
    trial_case_say(c, "judged by ktrial explore");
    return 0;
}

static bool has_journal(const struct trial_case *c) {
    for (size_t i = 0; i < c->ix->topic_names.count; i++) {
        if (c->ix->topics[i].type >= 0) {
            return true;
        }
    }
    return false;
}

/* Topics that are compacted, or that a pass went over. */
static bool is_cleaned(const struct trial_case *c) {
    const struct trial_index *ix = c->ix;
    for (size_t i = 0; i < ix->topic_names.count; i++) {
        const struct trial_real_topic *real = ix->topics[i].real;
        bool is_ours = c->journal ? real && real->journal == c->journal : i == c->topic;
        if (is_ours && (ix->topics[i].was_cleaned || (real && real->compact))) {
            return true;
        }
    }
    return false;
}

#define REASONS(...) ((const char *const[]){__VA_ARGS__, NULL})

#define CLEANER_REASONS                                                                            \
    REASONS("cleaner-lost-newest", "cleaner-kept-superseded", "cleaner-kept-keyless",              \
            "cleaner-early-tombstone", "cleaner-late-tombstone", "cleaner-no-horizon",             \
            "cleaner-wrong-horizon", "cleaner-moved-horizon", "cleaner-touched-uncleanable",       \
            "cleaner-skipped-dirty", "cleaner-changed-record", "cleaner-changed-batch",            \
            "cleaner-bad-crc", "cleaner-lost-end", "cleaner-lost-producer", "cleaner-moved-end",   \
            "cleaner-moved-start", "cleaner-removed-above-start", "cleaner-misreported")

const struct trial_guarantee trial_guarantees[] = {
    {"at-least-once", TRIAL_SUBJECT_WRITER, NULL, trial_judge_at_least_once,
     REASONS("acked-not-appended", "lost", "unreported-intent")},
    {"no-duplicate", TRIAL_SUBJECT_WRITER, NULL, trial_judge_no_duplicate, REASONS("duplicate")},
    {"key-order", TRIAL_SUBJECT_WRITER, NULL, trial_judge_key_order,
     REASONS("key-order-inversion")},
    {"latest-value", TRIAL_SUBJECT_WRITER, NULL, trial_judge_latest_value, REASONS("stale-latest")},
    {"honest-failure", TRIAL_SUBJECT_WRITER, NULL, trial_judge_honest_failure, REASONS("phantom")},
    {"pairing", TRIAL_SUBJECT_WRITER, writes_anonymized, trial_judge_pairing, REASONS("half-pair")},
    {"contract", TRIAL_SUBJECT_WRITER, has_journal, trial_judge_contract,
     REASONS("contract-breach")},
    {"at-least-once", TRIAL_SUBJECT_CLIENT, NULL, trial_judge_client_at_least_once,
     REASONS("lost")},
    {"exactly-once", TRIAL_SUBJECT_CLIENT, copies, trial_judge_exactly_once,
     REASONS("lost", "duplicate", "effect-without-source")},
    {"commit-after-effect", TRIAL_SUBJECT_CLIENT, NULL, trial_judge_commit_after_effect,
     REASONS("commit-ahead")},
    {"idempotent-replay", TRIAL_SUBJECT_CLIENT, has_store, trial_judge_idempotent_replay,
     REASONS("double-effect", "regress")},
    {"convergence", TRIAL_SUBJECT_CLIENT, has_store, trial_judge_convergence,
     REASONS("missing", "effect-without-source", "missed-delete", "aborted-visible",
             "torn-transaction")},
    {"no-resurrection", TRIAL_SUBJECT_CLIENT, has_store, trial_judge_no_resurrection,
     REASONS("resurrection")},
    {TRIAL_VIEW_SAFE, TRIAL_SUBJECT_CLIENT, is_explored, judge_one_view,
     REASONS("view-divergence")},
    {"anonymization", TRIAL_SUBJECT_JOURNAL, has_secrets, trial_judge_anonymization,
     REASONS("leak")},
    {"compaction", TRIAL_SUBJECT_JOURNAL, is_cleaned, trial_judge_compaction, CLEANER_REASONS},
    {"compaction", TRIAL_SUBJECT_TOPIC, is_cleaned, trial_judge_compaction, CLEANER_REASONS},
    {"anonymization", TRIAL_SUBJECT_WRITER, has_secrets, trial_judge_anonymization,
     REASONS("leak")},
    {"anonymization", TRIAL_SUBJECT_CLIENT, has_secrets, trial_judge_anonymization,
     REASONS("leak")},
};
const size_t trial_guarantee_count = sizeof(trial_guarantees) / sizeof(trial_guarantees[0]);

const char *const trial_unknown_reasons[] = {
    "budget",         "no-store-view", "no-word",   "not-flushed",        "not-quiescent",
    "store-unreadable", "unlearnable-delete", "unscanned", NULL,
};
