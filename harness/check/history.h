/*
 * The history of one trial: everything that happened, in order, and the only input of the judges
 * besides the bound scenario. Made by the runner, from the broker's events and from what it sees of
 * the actors and their stores. It can be saved, loaded, and judged again; a test may remove events.
 *
 * Flat rows: which fields mean something is said at each kind. Strings are interned in the history,
 * slices and batches owned by it. One thread only.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/builder.h"
#include "base/error.h"
#include "base/slice.h"
#include "mock/event.h"

enum trial_fact {
    /* -- from the broker: the fields of struct mock_event, under the same names -- */
    TRIAL_FACT_CONNECT,
    TRIAL_FACT_DISCONNECT,
    TRIAL_FACT_RECV,
    TRIAL_FACT_BEFORE,
    TRIAL_FACT_AFTER,
    TRIAL_FACT_SEND,
    TRIAL_FACT_APPEND, /* topic, partition, offset = base offset, batch, actor, incarnation,
                          request */
    TRIAL_FACT_ACK,    /* topic, partition, offset, error, dropped; of the request */
    TRIAL_FACT_SERVE,  /* actor, incarnation, topic, partition, offset asked for, batch */
    TRIAL_FACT_COMMIT,
    TRIAL_FACT_COMMITTED, /* group, topic, partition, offset, error, actor, incarnation */
    TRIAL_FACT_GROUP,
    TRIAL_FACT_TOPIC,
    TRIAL_FACT_LEADER,
    TRIAL_FACT_BROKER,
    TRIAL_FACT_CLOCK,
    TRIAL_FACT_FAULT,     /* text = its name, offset = 0 matched, 1 done */
    TRIAL_FACT_CLEAN,     /* a pass over a partition: topic, partition, clean; text = "compact",
                             "retain" or "delete-records" */
    TRIAL_FACT_ROLL,      /* topic, partition, offset = base of the new active segment */
    TRIAL_FACT_TXN,       /* group = transactional id, text = its state, offset = producer id,
                             generation = its epoch */
    TRIAL_FACT_MARKER,    /* topic, partition, offset, batch; text = "commit" or "abort" */
    TRIAL_FACT_TRUNCATE,  /* topic, partition, offset = the log's end from now on */
    TRIAL_FACT_REPLICATE, /* topic, partition, offset = high watermark */
    TRIAL_FACT_DENY,      /* text = what was not allowed */
    /* -- from the runner -- */
    TRIAL_FACT_ACTOR_START, /* actor, incarnation */
    TRIAL_FACT_ACTOR_READY,
    TRIAL_FACT_ACTOR_EXIT, /* offset = exit status, or -1 and text = signal name ("KILL") */
    TRIAL_FACT_ACTOR_PAUSE,
    TRIAL_FACT_ACTOR_RESUME,
    /* A write or delete that the actor was told to do. intent = its id (unique in the trial, from
     * 1); text = the target as the scenario says (topic or journal); topic = real topic of the
     * public copy; topic2 = real topic of the privileged copy (NULL if none); type = object type
     * (NULL for a plain record); key; value (null = tombstone; for an object its original
     * encoding); partition (-1: not fixed); secrets: comma-separated names given in the write step
     * (NULL if none) in text2 */
    TRIAL_FACT_INTENT,
    /* What the writer said of it: intent, text = "ok" | "failed" | "unknown", text2 = error name or
     * NULL, topic, partition, offset. Said by the runner itself for a killed actor's open intents
     * ("unknown", text2 = "killed"). */
    TRIAL_FACT_OUTCOME,
    /* actor: it claims that every earlier intent has its outcome; intent = the last one that the
     * flush was asked for (0: every earlier one) */
    TRIAL_FACT_FLUSHED,
    TRIAL_FACT_PROCESSED, /* a claim: topic, partition, offset */
    TRIAL_FACT_SKIPPED,   /* a claim: the same, text = reason */
    TRIAL_FACT_POINT,     /* actor waits: text = name, topic, partition, offset */
    TRIAL_FACT_POINT_GO,  /* released; text2 = error word if it was told to fail */
    /* The store as it was while a commit's request waited: one fact for each newly covered record's
     * key. text = store, group, actor, incarnation, topic, partition, offset = the covered
     * record's, key, flag = the row is there, value = the row's value; request = the commit's. */
    TRIAL_FACT_STORE_VIEW,
    /* The same could not be read: text = store, text2 = why. */
    TRIAL_FACT_STORE_BLIND,
    /* At the end: one fact a row of the store's query: text = store, topic (NULL if the query has
     * no such column), key, value. */
    TRIAL_FACT_STORE_ROW,
    /* At the end: bytes of any cell of any table, for secrets: text = store, text2 =
     * "table.column", value. */
    TRIAL_FACT_STORE_CELL,
    TRIAL_FACT_STORE_READ, /* the store was read whole: text = store; if not: text2 = why */
    TRIAL_FACT_OUTPUT,     /* actor, text = "stdout" | "stderr", value = bytes */
    TRIAL_FACT_STEP,       /* text = the step as printed; offset = its line */
    TRIAL_FACT_NOTE,       /* text */
    /* At the end of run, before actors are stopped: actor, flag = it was drained (clients) or
     * flushed (writers); text = what was missing if not */
    TRIAL_FACT_QUIESCENT,
    TRIAL_FACT_BUDGET, /* the watchdog ended the run: text = what it was waiting for */
    TRIAL_FACT_KIND_COUNT
};
const char *trial_fact_to_str(enum trial_fact fact);

/* Offsets from first to last, both included. */
struct trial_offsets {
    int64_t first;
    int64_t last;
};

/* A batch that a pass made another: after has its base and last offset. NULL: it is gone. */
struct trial_clean_change {
    int64_t base_offset;
    int64_t last_offset;
    struct mock_stored_batch *after;
};

struct trial_clean_horizon {
    int64_t base_offset;
    int64_t horizon_ms;
};

/* What a pass did, as the broker told it (mock/log/clean_report.h says what each field means).
 * The log after the pass is the log before it with the changes. */
struct trial_clean {
    int64_t now_ms;
    int64_t delete_retention_ms;
    int64_t start_before;
    int64_t start;
    int64_t log_end;
    int64_t first_dirty;
    int64_t first_uncleanable;
    int64_t end;
    bool rolled;
    bool nothing_dirty;
    bool partial;
    struct trial_offsets *removed; /* records, ascending; neighbours are one entry */
    size_t removed_count;
    int64_t *emptied; /* base offsets of batches that were kept without a record */
    size_t emptied_count;
    struct trial_clean_horizon *horizons;
    size_t horizon_count;
    struct trial_clean_change *changes;
    size_t change_count;
};

struct trial_event {
    enum trial_fact fact;
    uint32_t incarnation;
    uint64_t at_ns; /* monotonic, since the history began: for people, never for a verdict */
    const char *actor;
    uint64_t connection;
    uint64_t request;
    uint64_t intent;
    int32_t broker;
    int32_t correlation_id;
    int16_t api;
    int16_t version;
    int16_t error;
    bool dropped;
    bool idle;
    bool flag;
    const char *topic;
    const char *topic2;
    const char *type;
    int32_t partition;
    int32_t generation;
    int64_t offset;
    const char *group;
    const char *member;
    const char *text;
    const char *text2;
    struct base_slice key;
    struct base_slice value;
    struct mock_stored_batch *batch;
    const struct trial_clean *clean; /* CLEAN */
};
#define TRIAL_EVENT_INIT(fact_)                                                                    \
    { .fact = (fact_), .partition = -1, .offset = -1, .api = -1 }

struct trial_history;

int trial_history_new(struct trial_history **ret_history, struct base_error *err);
void trial_history_free(struct trial_history *history);
/* Copies strings and slices, references the batch. BASE_LIMIT at BASE_MAX_HISTORY_EVENTS. */
int trial_history_add(struct trial_history *history, const struct trial_event *event,
                      struct base_error *err);
/* The same for an event of the broker. */
int trial_history_add_mock(struct trial_history *history, const struct mock_event *event,
                           struct base_error *err);
size_t trial_history_count(const struct trial_history *history);
const struct trial_event *trial_history_at(const struct trial_history *history, size_t index);
/* For tests: takes one event out. */
void trial_history_remove(struct trial_history *history, size_t index);

/* JSON lines, one event a line, bytes as base64; the first line names the format and its version,
 * the scenario's path and instance. Loading gives an equal history. */
int trial_history_save(const struct trial_history *history, const char *scenario_path,
                       size_t instance, FILE *file, struct base_error *err);
int trial_history_load(FILE *file, struct trial_history **ret_history, char **ret_scenario_path,
                       size_t *ret_instance, struct base_error *err);
/* One line for people, without time and connection numbers: what evidence is quoted as. */
void trial_event_describe(const struct trial_event *event, struct base_builder *ret_line);
