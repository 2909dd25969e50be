/* Commits: synchronous, and exactly of what was processed. */
#include "base/clock.h"
#include "client/group.h"

/* Whether the same commit may succeed when it is tried again. */
static bool may_pass(rd_kafka_resp_err_t error) {
    switch (error) {
    case RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_COORDINATOR:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS:
    case RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION:
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
    case RD_KAFKA_RESP_ERR__WAIT_COORD:
    case RD_KAFKA_RESP_ERR__IN_PROGRESS:
        return true;
    default:
        return false;
    }
}

/* Whether it says that the partitions have gone to somebody else: what was processed since the last
 * commit will be delivered there again, and must not be committed from here. */
static bool is_lost(rd_kafka_resp_err_t error) {
    return error == RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION ||
           error == RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID ||
           error == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID ||
           error == RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST ||
           error == RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED;
}

int journal_client_note_processed(struct journal_client *client, size_t done,
                                  struct base_error *err) {
    for (size_t i = 0; i < done; i++) {
        const struct journal_message *message = &client->messages[i];
        client->processed_count++;
        if (!client->has_group) {
            client->committed_count++;
            continue;
        }
        rd_kafka_topic_partition_t *entry = rd_kafka_topic_partition_list_find(
            client->pending, message->topic, message->partition);
        if (!entry) {
            entry = rd_kafka_topic_partition_list_add(client->pending, message->topic,
                                                      message->partition);
        }
        entry->offset = message->offset + 1;
        client->pending_count++;
    }
    return 0;
}

void journal_client_drop_pending(struct journal_client *client,
                                 const rd_kafka_topic_partition_list_t *partitions) {
    if (!partitions) {
        rd_kafka_topic_partition_list_destroy(client->pending);
        client->pending = rd_kafka_topic_partition_list_new(8);
    } else {
        for (int i = 0; i < partitions->cnt; i++) {
            (void)rd_kafka_topic_partition_list_del(client->pending, partitions->elems[i].topic,
                                                    partitions->elems[i].partition);
        }
    }
    if (client->pending->cnt == 0) {
        client->pending_count = 0;
        client->commit_attempts = 0;
    }
}

static int announce(struct journal_client *client, struct base_error *err) {
    for (int i = 0; client->before_commit && i < client->pending->cnt; i++) {
        const rd_kafka_topic_partition_t *entry = &client->pending->elems[i];
        int code =
            client->before_commit(client->arg, entry->topic, entry->partition, entry->offset, err);
        if (code) {
            return code;
        }
    }
    return 0;
}

/* The answer to a commit: one error for all, or one for each partition. */
static rd_kafka_resp_err_t worst_of(rd_kafka_resp_err_t whole,
                                    const rd_kafka_topic_partition_list_t *offsets) {
    rd_kafka_resp_err_t worst = whole;
    for (int i = 0; i < offsets->cnt; i++) {
        rd_kafka_resp_err_t error = offsets->elems[i].err;
        if (error && (!worst || may_pass(worst))) {
            worst = error;
        }
    }
    return worst;
}

/* An error that may pass: until when is it waited for? */
static int put_off(struct journal_client *client, rd_kafka_resp_err_t error,
                   struct base_error *err) {
    uint64_t now = base_clock_monotonic_ns();
    if (client->commit_attempts++ == 0) {
        client->first_attempt_ns = now;
    }
    client->next_attempt_ns = now + JOURNAL_COMMIT_RETRY_MS * 1000000ull;
    uint64_t spent_ms = (now - client->first_attempt_ns) / 1000000u;
    if (may_pass(error) && spent_ms < (uint64_t)client->commit_timeout_ms) {
        journal_log(&client->logger, 5, "client: commit: %s: attempt %d",
                    rd_kafka_err2name(error), client->commit_attempts);
        return 0;
    }
    return base_fail(err, BASE_IO, "the commit failed, attempt %d: %s", client->commit_attempts,
                     rd_kafka_err2name(error));
}

int journal_client_commit(struct journal_client *client, bool now, struct base_error *err) {
    bool is_retry = client->commit_attempts > 0;
    if (client->pending->cnt == 0 ||
        (is_retry && !now && base_clock_monotonic_ns() < client->next_attempt_ns)) {
        return 0;
    }
    if (!is_retry) {
        int code = announce(client, err);
        if (code) {
            return code;
        }
    }
    rd_kafka_topic_partition_list_t *offsets =
        rd_kafka_topic_partition_list_copy(client->pending);
    rd_kafka_resp_err_t error = rd_kafka_commit(client->rk, offsets, 0);
    error = worst_of(error, offsets);
    rd_kafka_topic_partition_list_destroy(offsets);
    if (!error) {
        client->committed_count += client->pending_count;
        journal_client_drop_pending(client, NULL);
        return 0;
    }
    if (is_lost(error)) {
        journal_log(&client->logger, 4, "client: commit: %s: %llu records will be delivered again",
                    rd_kafka_err2name(error), (unsigned long long)client->pending_count);
        journal_client_drop_pending(client, NULL);
        return 0;
    }
    return put_off(client, error, err);
}
