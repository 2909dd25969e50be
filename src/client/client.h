/*
 * The journal client: reads topics as a member of a group (or all partitions, without one), hands
 * batches to a worker, and commits exactly what the worker finished, synchronously, before it takes
 * anything else.
 *
 * A batch is what is there, up to journal.batch.size; the client never waits to fill one. Deletes
 * (null values) are handed over like any record, and a batch of nothing else commits too. When
 * partitions are taken away, their part of the batch is dropped unprocessed. One thread at a time;
 * every callback comes from within journal_client_step and journal_client_close.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/error.h"
#include "base/slice.h"
#include "client/settings.h"
#include "codec/codec.h"

enum journal_source_kind { JOURNAL_SOURCE_JOURNAL, JOURNAL_SOURCE_TOPIC, JOURNAL_SOURCE_PATTERN };

/* Something to read. Borrowed while the client is made. */
struct journal_source {
    enum journal_source_kind kind;
    const char *prefix;  /* of a journal */
    uint32_t types;      /* of a journal: bits (1 << enum journal_type); 0 = all that exist */
    const char *topic;   /* of a plain topic */
    const char *pattern; /* a regular expression; begins with '^' */
};

/* One record. Everything is borrowed, for the time of the worker's call. */
struct journal_message {
    const char *topic;
    int32_t partition;
    int64_t offset;
    struct base_slice key;   /* may be null */
    struct base_slice value; /* null: a delete */
    int type;                /* enum journal_type, or -1: not of a journal */
    bool privileged;         /* from a privileged topic */
};

/* Processes the first *ret_done of the messages, in order: their effects are durable when it
 * returns, and their offsets are committed, also when it fails. Failing stops the client. */
typedef int journal_worker_fn(void *arg, const struct journal_message *messages, size_t count,
                              size_t *ret_done, struct base_error *err);
/* A partition was assigned: where to begin. -1 = where the group (or journal.start) says. */
typedef int64_t journal_start_fn(void *arg, const char *topic, int32_t partition);
/* With a writer: the transaction of these messages was committed. */
typedef void journal_settled_fn(void *arg, const struct journal_message *messages, size_t count);
/* About to commit offset (the next one to read). Failing stops the client, uncommitted. */
typedef int journal_before_commit_fn(void *arg, const char *topic, int32_t partition,
                                     int64_t offset, struct base_error *err);

struct journal_writer;

struct journal_client_options {
    const char *brokers;
    const char *client_id;
    const char *group; /* NULL: every partition, no commits */
    bool privileged;   /* prefer privileged topics where they exist; else never ask for one */
    const struct journal_source *sources;
    size_t source_count;
    struct journal_settings settings;
    journal_worker_fn *worker;               /* required */
    journal_start_fn *start;                 /* may be NULL */
    journal_before_commit_fn *before_commit; /* may be NULL; not called with a writer */
    /* Exactly once (KIP-98, KIP-447): a writer with a transactional.id, made before the client and
     * freed after it; wants a group. Each batch is one transaction of it, in which are what the
     * worker writes through it and the batch's offsets; the worker must not begin or end one. When
     * it is aborted (a record that was not delivered, a generation that is over) the batch is
     * delivered again; a client that was fenced, or whose commit nobody answered, fails: the next
     * one goes on where the group's offsets say. NULL: offsets are committed as they are. */
    struct journal_writer *writer;
    journal_settled_fn *settled; /* may be NULL */
    void *arg;
    journal_log_fn *log;
    void *log_arg;
};

struct journal_client;

/* Connects, finds the topics of the sources, subscribes (or assigns). An unknown type, or a prefix
 * without topics, is BASE_NOT_FOUND and named. */
int journal_client_new(const struct journal_client_options *options,
                       struct journal_client **ret_client, struct base_error *err) BASE_MUST_USE;

enum journal_step {
    JOURNAL_STEP_IDLE,  /* there was nothing: wait, for the wake-up or so long as the client says */
    JOURNAL_STEP_BATCH, /* a batch was processed: there may be more */
    JOURNAL_STEP_END    /* the end that journal.on.eof or journal.stop.after.objects asked for */
};
/* Takes what is there, has it processed, commits. Fails with the worker's error, or with one that
 * ends the client (fatal, or not to be committed). */
int journal_client_step(struct journal_client *client, enum journal_step *ret_step,
                        struct base_error *err) BASE_MUST_USE;
/* How long an idle caller may wait for the wake-up before the next step. */
int journal_client_patience_ms(const struct journal_client *client);
/* Writes one byte to fd when there is something to step for, and one at once. */
void journal_client_wake(struct journal_client *client, int fd);
/* Records whose offsets were committed so far (processed, for a client without a group). */
uint64_t journal_client_committed(const struct journal_client *client);
/* Commits what was processed and could not be committed yet, and leaves the group. */
int journal_client_close(struct journal_client *client, struct base_error *err) BASE_MUST_USE;
/* Also of a client that was not closed. */
void journal_client_free(struct journal_client *client);
