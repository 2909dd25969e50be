/* Inside the client: what a client consists of. */
#pragma once
#include "client/client.h"
#include "client/kafka.h"

/* A topic of a journal, found at the start. */
struct journal_topic {
    char *name;
    int type;
    bool privileged;
};

enum journal_on_eof { JOURNAL_EOF_CONTINUE, JOURNAL_EOF_STOP, JOURNAL_EOF_RESTART };

struct journal_client {
    struct journal_logger logger; /* first: librdkafka's opaque */
    rd_kafka_t *rk;
    rd_kafka_queue_t *queue;
    bool has_group;
    bool is_privileged;
    bool is_closed;

    journal_worker_fn *worker;
    journal_start_fn *start;
    journal_before_commit_fn *before_commit;
    struct journal_writer *writer; /* of exactly-once; NULL */
    journal_settled_fn *settled;
    void *arg;

    struct journal_topic *topics;
    size_t topic_count, topic_cap;

    /* A handle of every topic that is read, kept for the life of the client: see
     * journal_client_hold_topic. */
    rd_kafka_topic_t **handles;
    size_t handle_count, handle_cap;

    /* The assigned partitions; offset 1 = read to its end. */
    rd_kafka_topic_partition_list_t *assigned;
    /* Processed and not yet committed: offset = the next one to read. */
    rd_kafka_topic_partition_list_t *pending;
    uint64_t pending_count; /* records that pending covers */
    int commit_attempts;
    uint64_t first_attempt_ns, next_attempt_ns; /* while commit_attempts > 0 */
    int commit_timeout_ms;

    /* The batch in hand; a message of a partition that was taken away is NULL. */
    rd_kafka_message_t **held;
    struct journal_message *messages;
    size_t held_count, batch_size;

    enum journal_on_eof on_eof;
    uint64_t stop_after, processed_count, committed_count;
    /* Where a partition without an offset begins: RD_KAFKA_OFFSET_BEGINNING, _END, or _INVALID:
     * librdkafka decides. */
    int64_t first_offset;
    int ready_timeout_ms;
    struct base_error failure; /* a fatal error that a callback saw */
};

/* discover.c: finds the topics and subscribes, or assigns. */
int journal_client_subscribe(struct journal_client *client,
                             const struct journal_client_options *options,
                             struct base_error *err) BASE_MUST_USE;
/* assign.c */
/* Keeps a handle of the topic. With one, librdkafka learns the leaders of its partitions before
 * they are assigned; without, it finds them unknown and sits out 500 ms before it asks for the
 * first offset. */
int journal_client_hold_topic(struct journal_client *client, const char *topic,
                              struct base_error *err) BASE_MUST_USE;
void journal_client_on_rebalance(rd_kafka_t *rk, rd_kafka_resp_err_t error,
                                 rd_kafka_topic_partition_list_t *partitions, void *opaque);
/* Notes that these are ours now, and where each begins. */
void journal_client_note_assigned(struct journal_client *client,
                                  rd_kafka_topic_partition_list_t *partitions);
/* Where the log begins or ends now, for those that begin there. */
void journal_client_find_ends(struct journal_client *client,
                              rd_kafka_topic_partition_list_t *partitions);
void journal_client_set_eof(struct journal_client *client, const char *topic, int32_t partition,
                            bool at_eof);
/* True if there are assigned partitions and all were read to their end. */
bool journal_client_is_at_eof(const struct journal_client *client);
int journal_client_rewind(struct journal_client *client, struct base_error *err) BASE_MUST_USE;
/* transact.c: has the batch in hand processed within a transaction. */
int journal_client_transact(struct journal_client *client, struct base_error *err) BASE_MUST_USE;
/* commit.c */
/* Between two attempts at a commit. */
#define JOURNAL_COMMIT_RETRY_MS 50
int journal_client_note_processed(struct journal_client *client, size_t done,
                                  struct base_error *err) BASE_MUST_USE;
/* Commits what is pending, now or, after a failure, when it is time for the next attempt. An error
 * that may pass leaves it pending and is 0; one that says that the partitions are no longer ours
 * drops it; any other is returned. */
int journal_client_commit(struct journal_client *client, bool now, struct base_error *err)
    BASE_MUST_USE;
void journal_client_drop_pending(struct journal_client *client,
                                 const rd_kafka_topic_partition_list_t *partitions);
