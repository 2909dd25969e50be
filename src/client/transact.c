/*
 * Exactly once: the batch, what the worker makes of it and the offsets that it covers are one
 * transaction of a writer's. Either all of it is committed, or the batch is delivered again.
 * Kafka: KIP-98, and KIP-447 (the group's generation fences a member that was replaced).
 */
#include "base/memory.h"
#include "client/group.h"
#include "writer/handle.h"

/* The batch's first offsets: where an aborted transaction goes back to. */
static rd_kafka_topic_partition_list_t *batch_begins(const struct journal_client *client) {
    rd_kafka_topic_partition_list_t *begins = rd_kafka_topic_partition_list_new(8);
    for (size_t i = 0; i < client->held_count; i++) {
        const struct journal_message *message = &client->messages[i];
        if (!rd_kafka_topic_partition_list_find(begins, message->topic, message->partition)) {
            rd_kafka_topic_partition_list_add(begins, message->topic, message->partition)->offset =
                message->offset;
        }
    }
    return begins;
}

/* A partition that is not ours any more is skipped by librdkafka: it is read elsewhere. */
static int go_back(struct journal_client *client, struct base_error *err) {
    rd_kafka_topic_partition_list_t *begins = batch_begins(client);
    rd_kafka_error_t *error =
        rd_kafka_seek_partitions(client->rk, begins, client->ready_timeout_ms);
    int code = 0;
    if (error) {
        code = base_fail(err, BASE_IO, "seeking back to the batch: %s", rd_kafka_error_name(error));
        rd_kafka_error_destroy(error);
    }
    rd_kafka_topic_partition_list_destroy(begins);
    return code;
}

static int aborted(struct journal_client *client, const struct base_error *why,
                   struct base_error *err) {
    journal_log(&client->logger, 4, "client: %s: %zu records will be delivered again", why->text,
                client->held_count);
    client->processed_count -= client->pending_count;
    journal_client_drop_pending(client, NULL);
    return go_back(client, err);
}

/* Whether the coordinator heard of it or not: nothing of it can be committed. */
static void give_up(struct journal_client *client) {
    struct base_error why = BASE_ERROR_INIT;
    if (journal_writer_abort(client->writer, &why)) {
        journal_log(&client->logger, 4, "client: %s", why.text);
    }
}

static int commit(struct journal_client *client, size_t done, struct base_error *err) {
    enum journal_ending ending = JOURNAL_ENDING_UNKNOWN;
    struct base_error why = BASE_ERROR_INIT;
    int code = journal_client_note_processed(client, done, err);
    if (code) {
        give_up(client);
        return code;
    }
    code =
        journal_writer_commit_offsets(client->writer, client->rk, client->pending, &ending, &why);
    if (code && ending == JOURNAL_ENDING_ABORTED && !journal_writer_is_lost(client->writer)) {
        return aborted(client, &why, err);
    }
    if (code) {
        /* Fenced, or nobody knows: the offsets that the group has say it, to whoever is next. */
        return base_fail(err, code, "%s", why.text);
    }
    client->committed_count += client->pending_count;
    journal_client_drop_pending(client, NULL);
    if (client->settled) {
        client->settled(client->arg, client->messages, done);
    }
    return 0;
}

int journal_client_transact(struct journal_client *client, struct base_error *err) {
    size_t done = 0;
    int code = journal_writer_begin(client->writer, err);
    if (code) {
        return code;
    }
    code = client->worker(client->arg, client->messages, client->held_count, &done, err);
    if (code || done == 0) {
        /* What a worker leaves undone halfway is not kept: the transaction is the batch. */
        give_up(client);
        return code;
    }
    return commit(client, done, err);
}
