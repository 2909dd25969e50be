/*
 * at-least-once of a writer: every intent answered ok was appended before the answer left, to each
 * of its topics, and is still in the log or superseded; in a transaction, it was committed. No
 * intent is left without an outcome.
 */
#include <string.h>

#include "harness/check/guarantee.h"

struct tally {
    uint64_t intents;
    uint64_t acks;
    uint64_t appended;
};

/* With acks = 0 no answer is waited for: the append may come after the ok. */
static bool needs_no_answer(const struct trial_index_actor *actor) {
    return actor->declared &&
           (trial_index_setting_is(&actor->declared->settings, "acks", "0") ||
            trial_index_setting_is(&actor->declared->settings, "request.required.acks", "0"));
}

/* In the log, superseded, or taken as its topic says: a tombstone by the cleaner when its time
 * was over (the guarantee compaction sees to that), anything by retention. */
static bool is_covered(const struct trial_index *ix, const struct trial_index_record *record) {
    switch (record->gone) {
    case TRIAL_GONE_NOT:
    case TRIAL_GONE_RETAINED:
    case TRIAL_GONE_DELETED:
        return true;
    case TRIAL_GONE_COMPACTED:
        return !record->value.data || trial_record_is_superseded(ix, record);
    case TRIAL_GONE_CUT:
        break;
    }
    return trial_record_is_superseded(ix, record);
}

static bool is_kept(const struct trial_index *ix, const struct trial_index_intent *intent,
                    bool privileged) {
    for (uint32_t at = intent->first_record; at != TRIAL_NONE; at = ix->records[at].next_copy) {
        const struct trial_index_record *record = &ix->records[at];
        if (record->privileged == privileged && trial_index_is_committed(record) &&
            is_covered(ix, record)) {
            return true;
        }
    }
    return false;
}

static void say_state(struct trial_case *c, const struct trial_index_record *record) {
    if (record->state == TRIAL_TXN_ABORTED) {
        trial_case_event(c, record->ended_event);
    } else if (record->state == TRIAL_TXN_OPEN) {
        trial_case_say(c, "its transaction was never ended");
    } else if (record->gone != TRIAL_GONE_NOT) {
        trial_case_event(c, record->gone_event);
    }
}

static int judge_copy(struct trial_case *c, const struct trial_index_intent *intent,
                      bool privileged, bool any_time) {
    struct trial_index *ix = c->ix;
    uint32_t first = intent->first_copy[privileged ? 1 : 0];
    const struct trial_event *told = trial_index_event(ix, intent->event);
    if (first == TRIAL_NONE ||
        (!any_time && ix->records[first].event > intent->outcome_event)) {
        trial_case_fail(c, "acked-not-appended", intent->event);
        trial_case_event(c, intent->outcome_event);
        trial_case_event(c, first == TRIAL_NONE ? TRIAL_NONE : ix->records[first].event);
        if (first == TRIAL_NONE) {
            trial_case_say(c, "intent %llu: no append to %s", (unsigned long long)intent->id,
                           privileged ? told->topic2 : told->topic);
        }
        uint32_t part = trial_index_find_part(
            ix, privileged ? intent->privileged_topic : intent->topic,
            trial_index_event(ix, intent->outcome_event)->partition);
        return trial_anomaly_add_at(c->court, "acked-not-appended", part, told->key, c->actor, 1,
                                    intent->outcome_event);
    }
    if (!is_kept(ix, intent, privileged)) {
        trial_case_fail(c, "lost", ix->records[first].event);
        trial_case_event(c, intent->outcome_event);
        say_state(c, &ix->records[first]);
        return trial_anomaly_add(c->court, "lost", first, c->actor, 1, intent->outcome_event);
    }
    return 0;
}

static int judge_ok(struct trial_case *c, bool any_time, struct tally *tally) {
    struct trial_index *ix = c->ix;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < ix->intent_numbers.count; i++) {
        const struct trial_index_intent *intent = &ix->intents[i];
        ix->step_count++;
        if (intent->actor != c->actor) {
            continue;
        }
        tally->intents++;
        tally->appended += intent->first_record != TRIAL_NONE;
        if (intent->outcome != TRIAL_OUTCOME_OK) {
            continue;
        }
        tally->acks++;
        if (intent->topic != TRIAL_NONE) {
            rc = judge_copy(c, intent, false, any_time);
        }
        if (rc == 0 && intent->privileged_topic != TRIAL_NONE) {
            rc = judge_copy(c, intent, true, any_time);
        }
    }
    return rc;
}

/* Was this intent given up without a word: at a flush that was claimed, or at an exit of its own?
 * */
static int judge_open(struct trial_case *c, const struct trial_index_intent *intent,
                      uint32_t claim) {
    trial_case_fail(c, "unreported-intent", intent->event);
    trial_case_event(c, claim);
    return trial_anomaly_add_at(c->court, "unreported-intent", TRIAL_NONE,
                                trial_index_event(c->ix, intent->event)->key, c->actor, 1, claim);
}

/* Intents are in program order; each claim is held against those between the last claim and it, and
 * those that were still open then. One pass, because an open one is looked at once. */
static int judge_reports(struct trial_case *c, uint64_t *ret_open) {
    struct trial_index *ix = c->ix;
    size_t next = 0;
    size_t count = trial_history_count(ix->history);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        const struct trial_event *event = trial_history_at(ix->history, i);
        bool is_claim = event->fact == TRIAL_FACT_FLUSHED ||
                        (event->fact == TRIAL_FACT_ACTOR_EXIT && event->offset >= 0);
        bool is_end = is_claim || event->fact == TRIAL_FACT_ACTOR_EXIT;
        if (!is_end || !event->actor || strcmp(event->actor, ix->actors[c->actor].name) != 0) {
            continue;
        }
        /* Writes that were told while the flush was under way are not its business. */
        uint64_t up_to = event->fact == TRIAL_FACT_FLUSHED && event->intent ? event->intent
                                                                            : UINT64_MAX;
        for (; next < ix->intent_numbers.count && ix->intents[next].event < i &&
               ix->intents[next].id <= up_to;
             next++) {
            const struct trial_index_intent *intent = &ix->intents[next];
            ix->step_count++;
            bool open = intent->outcome == TRIAL_OUTCOME_NONE || intent->outcome_event > i;
            if (is_claim && open && intent->actor == c->actor && rc == 0) {
                rc = judge_open(c, intent, (uint32_t)i);
            }
        }
    }
    for (; rc == 0 && next < ix->intent_numbers.count; next++) {
        const struct trial_index_intent *intent = &ix->intents[next];
        *ret_open += intent->actor == c->actor && intent->outcome == TRIAL_OUTCOME_NONE;
    }
    return rc;
}

int trial_judge_at_least_once(struct trial_case *c, struct base_error *err) {
    struct tally tally = {0};
    uint64_t open = 0;
    int rc = judge_ok(c, needs_no_answer(&c->ix->actors[c->actor]), &tally);
    rc = rc ? rc : judge_reports(c, &open);
    if (open) {
        trial_case_unknown(c, c->ix->budget_event != TRIAL_NONE ? "budget" : "not-flushed",
                           c->ix->budget_event);
        trial_case_count(c, "open", open);
    }
    c->exercised = tally.acks > 0 || c->finding.verdict != TRIAL_PASS;
    trial_case_count(c, "intents", tally.intents);
    trial_case_count(c, "acks", tally.acks);
    trial_case_count(c, "appended", tally.appended);
    return rc ? base_fail(err, rc, "at-least-once: %s", base_code_to_str(rc)) : 0;
}
