/*
 * The copier: a client's worker that writes every record on to another topic, as it is (key, value;
 * a tombstone stays one), with a header that says where it comes from.
 *
 * With journal.transactional.id the copies of a batch and the offsets of its records are one
 * transaction: a reader of committed records sees each exactly once, whatever crashes. A second
 * process with that id fences the first. Without it the copies are acknowledged before the offsets
 * are committed, and a crash between the two makes them twice.
 */
#pragma once
#include "base/attrs.h"
#include "base/error.h"
#include "client/client.h"

/* "TOPIC/PARTITION/OFFSET" of the record that was copied. */
#define JOURNAL_COPY_HEADER "journal-source"

/* The copies of these records are durable (in a transaction: committed). */
typedef void journal_copied_fn(void *arg, const struct journal_message *messages, size_t count);

struct journal_copier_options {
    /* worker, settled, writer and arg are not looked at. Its strings must live as long as the
     * copier. */
    struct journal_client_options client;
    const char *topic;         /* where to */
    journal_copied_fn *copied; /* may be NULL */
    void *arg;
};

struct journal_copier;

/* The writer is made first: it ends what an earlier process of its transactional id left open, so
 * that the client finds the offsets that hold. BASE_USAGE: a transactional id without a group. */
int journal_copier_new(const struct journal_copier_options *options,
                       struct journal_copier **ret_copier, struct base_error *err) BASE_MUST_USE;
/* The client that it drives: step, wake and close that. */
struct journal_client *journal_copier_client(struct journal_copier *copier);
/* Records copied so far. */
uint64_t journal_copier_count(const struct journal_copier *copier);
void journal_copier_free(struct journal_copier *copier);
