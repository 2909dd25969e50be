/* Inside the writer: what a writer consists of. */
#pragma once
#include "client/kafka.h"
#include "writer/intent.h"
#include "writer/writer.h"

/* A topic handle, kept for the life of the writer: librdkafka forgets what it knows of a topic
 * without one, and then finds the leader again at its next scan, a second later. */
struct journal_writer_topic {
    char *name;
    rd_kafka_topic_t *rkt;
};

struct journal_writer {
    struct journal_logger logger; /* first: librdkafka's opaque */
    rd_kafka_t *rk;
    rd_kafka_queue_t *queue; /* NULL until journal_writer_wake */
    struct journal_intents intents;
    struct journal_writer_topic *topics;
    size_t topic_count, topic_cap;
    size_t last_topic;
    uint64_t report_count; /* delivery reports served */
    bool is_serving;       /* within poll, push or flush: outcomes may be told at once */
    bool is_transactional; /* it has a transactional.id */
    bool in_transaction;
    journal_outcome_fn *outcome;
    void *outcome_arg;
    int flush_timeout_ms;
    int ready_timeout_ms;
};

/* Ends what an earlier writer of the same transactional.id left open, and fences it; waits at most
 * journal.ready.timeout.ms. */
int journal_writer_join_transactions(struct journal_writer *writer, struct base_error *err);
/* Puts the offsets of a consumer's group into the open transaction, fenced by the member's
 * generation, and commits it; ret_ending says what became of it. Waits as journal_writer_commit. */
int journal_writer_commit_offsets(struct journal_writer *writer, rd_kafka_t *consumer,
                                  const rd_kafka_topic_partition_list_t *offsets,
                                  enum journal_ending *ret_ending, struct base_error *err);
/* Fenced, or failed for good: it can begin no other transaction. */
bool journal_writer_is_lost(const struct journal_writer *writer);
/* The handle of a topic, made if need be; NULL with the reason. */
struct journal_writer_topic *journal_writer_topic_get(struct journal_writer *writer,
                                                      const char *name, struct base_error *err);
