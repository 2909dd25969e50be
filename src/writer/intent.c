/* Intents and their outcomes: see intent.h. */
#include "writer/intent.h"

#include <assert.h>

#include "base/memory.h"

/* The error of a write whose transaction was aborted. */
#define ABORTED "aborted"

const char *journal_status_to_str(enum journal_status status) {
    return status == JOURNAL_OK ? "ok" : status == JOURNAL_FAILED ? "failed" : "unknown";
}

struct journal_intent *journal_intent_new(struct journal_intents *intents, uint64_t id,
                                          unsigned part_count) {
    struct journal_intent *intent = base_alloc_zero(sizeof(*intent));
    if (!intent) {
        return NULL;
    }
    intent->magic = JOURNAL_INTENT_MAGIC;
    intent->id = id;
    intent->number = ++intents->count;
    intent->part_count = part_count;
    intent->open_count = part_count;
    for (unsigned i = 0; i < part_count; i++) {
        intent->parts[i] = (struct journal_part){.intent = intent, .partition = -1, .offset = -1};
    }
    intent->previous = intents->last;
    if (intents->last) {
        intents->last->next = intent;
    } else {
        intents->first = intent;
    }
    intents->last = intent;
    return intent;
}

static void unlink_intent(struct journal_intents *intents, struct journal_intent *intent) {
    if (intent->previous) {
        intent->previous->next = intent->next;
    } else {
        intents->first = intent->next;
    }
    if (intent->next) {
        intent->next->previous = intent->previous;
    } else {
        intents->last = intent->previous;
    }
    intent->previous = NULL;
    intent->next = NULL;
}

static void free_intent(struct journal_intent *intent) {
    intent->magic = 0;
    base_free(intent);
}

void journal_part_settle(struct journal_intents *intents, struct journal_part *part,
                         enum journal_fate fate, const char *error) {
    struct journal_intent *intent = part->intent;
    assert(intent->magic == JOURNAL_INTENT_MAGIC && part->fate == JOURNAL_FATE_OPEN);
    part->fate = fate;
    part->error = fate == JOURNAL_FATE_PERSISTED ? NULL
                  : intents->is_aborting         ? ABORTED
                                                 : error;
    if (--intent->open_count > 0) {
        return;
    }
    if (intent->told) {
        free_intent(intent);
        return;
    }
    if (intents->done_last) {
        intents->done_last->next_done = intent;
    } else {
        intents->done_first = intent;
    }
    intents->done_last = intent;
}

/* ok: all there; failed: none can be there; anything between is unknown. */
static enum journal_status status_of(const struct journal_intent *intent) {
    unsigned persisted = 0;
    unsigned absent = 0;
    for (unsigned i = 0; i < intent->part_count; i++) {
        persisted += intent->parts[i].fate == JOURNAL_FATE_PERSISTED;
        absent += intent->parts[i].fate == JOURNAL_FATE_NOT_PERSISTED;
    }
    return persisted == intent->part_count ? JOURNAL_OK
           : absent == intent->part_count  ? JOURNAL_FAILED
                                           : JOURNAL_UNKNOWN;
}

static void tell(struct journal_intents *intents, struct journal_intent *intent,
                 enum journal_status status, const char *error, journal_outcome_fn *outcome,
                 void *arg) {
    const struct journal_part *part = &intent->parts[intent->part_count - 1];
    struct journal_outcome told = {.id = intent->id, .status = status, .topic = part->topic,
                                   .partition = part->partition, .offset = part->offset,
                                   .error = error};
    for (unsigned i = 0; i < intent->part_count && !told.error; i++) {
        told.error = intent->parts[i].error;
    }
    intents->bad_count += status != JOURNAL_OK;
    intents->told_count++;
    intent->told = true;
    unlink_intent(intents, intent);
    outcome(arg, &told);
}

size_t journal_intents_tell(struct journal_intents *intents, journal_outcome_fn *outcome,
                            void *arg) {
    size_t count = 0;
    while (intents->done_first && !intents->is_held) {
        struct journal_intent *intent = intents->done_first;
        intents->done_first = intent->next_done;
        if (!intents->done_first) {
            intents->done_last = NULL;
        }
        tell(intents, intent, status_of(intent), NULL, outcome, arg);
        free_intent(intent);
        count++;
    }
    return count;
}

size_t journal_intents_give_up(struct journal_intents *intents, uint64_t count, const char *error,
                               journal_outcome_fn *outcome, void *arg) {
    size_t told = journal_intents_tell(intents, outcome, arg);
    while (intents->first && intents->first->number <= count) {
        tell(intents, intents->first, JOURNAL_UNKNOWN, error, outcome, arg);
        told++;
    }
    return told;
}

/* ending is not COMMITTED. The error of its own wins for what was certainly never sent. */
static void tell_ended(struct journal_intents *intents, struct journal_intent *intent,
                       enum journal_ending ending, const char *error, journal_outcome_fn *outcome,
                       void *arg) {
    bool was_never_sent = intent->open_count == 0 && status_of(intent) == JOURNAL_FAILED;
    enum journal_status status = was_never_sent || ending == JOURNAL_ENDING_ABORTED
                                     ? JOURNAL_FAILED
                                     : JOURNAL_UNKNOWN;
    bool is_open = intent->open_count > 0;
    tell(intents, intent, status, was_never_sent ? NULL : error, outcome, arg);
    if (!is_open) {
        free_intent(intent);
    }
}

size_t journal_intents_end(struct journal_intents *intents, enum journal_ending ending,
                           const char *error, journal_outcome_fn *outcome, void *arg) {
    intents->is_held = false;
    if (ending == JOURNAL_ENDING_COMMITTED) {
        return journal_intents_tell(intents, outcome, arg);
    }
    size_t count = 0;
    intents->done_first = NULL;
    intents->done_last = NULL;
    while (intents->first) {
        tell_ended(intents, intents->first, ending, error ? error : ABORTED, outcome, arg);
        count++;
    }
    return count;
}

bool journal_intents_are_told(const struct journal_intents *intents, uint64_t count) {
    return !intents->first || intents->first->number > count;
}

void journal_intents_clean_up(struct journal_intents *intents) {
    while (intents->done_first) {
        struct journal_intent *intent = intents->done_first;
        intents->done_first = intent->next_done;
        unlink_intent(intents, intent);
        free_intent(intent);
    }
    intents->done_last = NULL;
}
