/*
 * Inside the writer: what was asked for and not yet told, and how the fate of its records makes an
 * outcome. No librdkafka here.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "writer/writer.h"

#define JOURNAL_INTENT_MAGIC 0x6a696e74u
/* Privileged and public. */
#define JOURNAL_MAX_PARTS 2

enum journal_fate {
    JOURNAL_FATE_OPEN,
    JOURNAL_FATE_PERSISTED,
    JOURNAL_FATE_NOT_PERSISTED,
    JOURNAL_FATE_POSSIBLY_PERSISTED
};

struct journal_intent;

/* One record of an intent; its address is the opaque that librdkafka hands back. */
struct journal_part {
    struct journal_intent *intent;
    enum journal_fate fate;
    const char *topic; /* lives as long as the writer */
    int32_t partition;
    int64_t offset;
    const char *error; /* static */
};

struct journal_intent {
    unsigned magic;
    uint64_t id;
    uint64_t number; /* the how-manieth of its writer, from 1 */
    struct journal_part parts[JOURNAL_MAX_PARTS];
    unsigned part_count;
    unsigned open_count; /* parts that librdkafka still holds */
    bool told;
    struct journal_intent *previous, *next; /* in the list of those not told */
    struct journal_intent *next_done;
};

/* How a transaction ended, as far as the writer knows. */
enum journal_ending { JOURNAL_ENDING_COMMITTED, JOURNAL_ENDING_ABORTED, JOURNAL_ENDING_UNKNOWN };

struct journal_intents {
    struct journal_intent *first, *last; /* not told, in order */
    struct journal_intent *done_first, *done_last;
    uint64_t count, told_count;
    uint64_t bad_count; /* told as failed or unknown since it was last reset */
    bool is_held;       /* a transaction is open: nothing is told before its end */
    bool is_aborting;   /* what is settled now fails because of the abort */
};

/* A new intent with so many parts, all open; NULL without memory. */
struct journal_intent *journal_intent_new(struct journal_intents *intents, uint64_t id,
                                          unsigned part_count);
/* Settles one part. When it was the last open one, the intent is done (to be told by
 * journal_intents_tell), or, if it was told before, freed. */
void journal_part_settle(struct journal_intents *intents, struct journal_part *part,
                         enum journal_fate fate, const char *error);
/* Tells every done intent, unless they are held; returns how many. */
size_t journal_intents_tell(struct journal_intents *intents, journal_outcome_fn *outcome,
                            void *arg);
/* Tells the open ones among the first count as unknown; they are freed when their parts settle. */
size_t journal_intents_give_up(struct journal_intents *intents, uint64_t count, const char *error,
                               journal_outcome_fn *outcome, void *arg);
/* True if all of the first count were told. */
bool journal_intents_are_told(const struct journal_intents *intents, uint64_t count);
/* The transaction has ended: nothing is held any more, and everything is told. Committed: by the
 * fate of each. Aborted: failed, whatever was persisted, with error ("aborted" if NULL) unless it
 * failed for a reason of its own before. Unknown: unknown with error, but for what was certainly
 * never sent. */
size_t journal_intents_end(struct journal_intents *intents, enum journal_ending ending,
                           const char *error, journal_outcome_fn *outcome, void *arg);
/* Frees what is done and not told; for the end of a writer, after its queues are empty. */
void journal_intents_clean_up(struct journal_intents *intents);
