/*
 * The journal writer: records and objects in, one outcome for every one of them out.
 *
 * Every write is an intent of its own, however many share a key. Its outcome says what is known:
 * ok = acknowledged, failed = certainly not in the log, unknown = it may be there. An object with
 * persons, under anonymize, is one intent and two records (the original to the privileged topic,
 * the anonymized to the public one); it is ok when both are, failed when neither can be there.
 *
 * Idempotent unless the settings say otherwise; transactional with a transactional.id: then every
 * write belongs to a transaction, and its outcome is told at the end of it. One thread at a time.
 * Outcomes are told from within journal_writer_poll, journal_writer_flush and the ends of a
 * transaction only.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/error.h"
#include "base/slice.h"
#include "client/settings.h"
#include "codec/codec.h"

enum journal_status { JOURNAL_OK, JOURNAL_FAILED, JOURNAL_UNKNOWN };
/* "ok", "failed", "unknown". */
const char *journal_status_to_str(enum journal_status status);

struct journal_outcome {
    uint64_t id; /* the caller's */
    enum journal_status status;
    const char *topic;  /* of the public record where there are two */
    int32_t partition;  /* -1: unknown */
    int64_t offset;     /* -1: unknown */
    const char *error;  /* a name such as "_MSG_TIMED_OUT"; NULL when ok */
};
typedef void journal_outcome_fn(void *arg, const struct journal_outcome *outcome);

struct journal_writer_options {
    const char *brokers;
    const char *client_id;
    struct journal_settings settings;
    journal_outcome_fn *outcome; /* required */
    void *outcome_arg;
    journal_log_fn *log;
    void *log_arg;
};

struct journal_header {
    const char *name;
    struct base_slice value; /* may be null */
};

/* A record for a plain topic. A null value is a tombstone. */
struct journal_record {
    const char *topic;
    int32_t partition; /* -1: the partitioner's choice */
    struct base_slice key;
    struct base_slice value;
    const struct journal_header *headers;
    size_t header_count;
};

/* Where objects go. */
struct journal_route {
    const char *prefix;
    bool anonymize;
};

struct journal_writer;

/* With a transactional.id it waits at most journal.ready.timeout.ms for the coordinator, which ends
 * what an earlier writer of that id left open, and fences that writer. */
int journal_writer_new(const struct journal_writer_options *options,
                       struct journal_writer **ret_writer, struct base_error *err) BASE_MUST_USE;
/* Drops what is still open without telling its outcome: flush before. */
void journal_writer_free(struct journal_writer *writer);

/* Makes the topics known to the client, so that the first write need not wait; waits at most
 * journal.ready.timeout.ms. Topics that stay unknown are logged, and no error: they may come. */
int journal_writer_prepare(struct journal_writer *writer, const char *const *topics, size_t count,
                           struct base_error *err) BASE_MUST_USE;

/* Each hands one intent over. What is wrong with the one intent is its outcome; the only errors are
 * BASE_NO_MEMORY. Everything is copied. When the local queue is full they wait for delivery
 * reports. */
int journal_writer_write(struct journal_writer *writer, uint64_t id,
                         const struct journal_record *record, struct base_error *err)
    BASE_MUST_USE;
int journal_writer_write_object(struct journal_writer *writer, uint64_t id,
                                const struct journal_route *route, enum journal_type type,
                                struct base_slice encoded, const struct journal_header *headers,
                                size_t header_count, struct base_error *err) BASE_MUST_USE;
/* A tombstone for the encoded key; under anonymize, for a type with persons, on both topics. */
int journal_writer_delete_object(struct journal_writer *writer, uint64_t id,
                                 const struct journal_route *route, enum journal_type type,
                                 struct base_slice key, const struct journal_header *headers,
                                 size_t header_count, struct base_error *err) BASE_MUST_USE;

/* Tells the outcomes that are known, waiting at most timeout_ms for the first. Returns how many. */
size_t journal_writer_poll(struct journal_writer *writer, int timeout_ms);
/* Sends what lingers and tells outcomes until none is open, or for journal.flush.timeout.ms; what
 * is open then is told as unknown, and the result is BASE_IO. Also BASE_IO if any intent since the
 * last flush was not ok; BASE_STATE within a transaction, whose outcomes come with its end. */
int journal_writer_flush(struct journal_writer *writer, struct base_error *err) BASE_MUST_USE;

/* -- transactions (settings with a transactional.id) -- */

/* BASE_STATE when one is open; BASE_IO when the writer was fenced, or has failed for good. */
int journal_writer_begin(struct journal_writer *writer, struct base_error *err) BASE_MUST_USE;
/* Sends what lingers, commits, and tells every outcome of the transaction: ok when the commit was
 * acknowledged; failed ("aborted") when it can never be committed; unknown when the commit was sent
 * and its fate is not known after journal.flush.timeout.ms, or the writer was fenced meanwhile. An
 * error that forbids the commit (a record that could not be delivered) aborts the transaction. 0
 * when committed; BASE_IO when not, and the sentence says which. */
int journal_writer_commit(struct journal_writer *writer, struct base_error *err) BASE_MUST_USE;
/* Every outcome of the transaction is failed: nothing of it can ever be committed, even when the
 * coordinator does not answer (BASE_IO). */
int journal_writer_abort(struct journal_writer *writer, struct base_error *err) BASE_MUST_USE;
bool journal_writer_in_transaction(const struct journal_writer *writer);

/* -- for callers with an event loop of their own -- */

/* Writes one byte to fd when there is something to poll for. */
void journal_writer_wake(struct journal_writer *writer, int fd);
/* Intents taken so far; and whether the first count of them all have been told. */
uint64_t journal_writer_count(const struct journal_writer *writer);
bool journal_writer_is_told(const struct journal_writer *writer, uint64_t count);
/* One slice of a flush: sends what lingers, polls for at most timeout_ms. */
void journal_writer_push(struct journal_writer *writer, int timeout_ms);
/* Gives up on the first count intents: those still open are told as unknown. */
void journal_writer_give_up(struct journal_writer *writer, uint64_t count);
