/* Which partitions are ours: assignments, revocations, ends of partitions. */
#include <string.h>

#include "base/memory.h"
#include "client/group.h"

int journal_client_hold_topic(struct journal_client *client, const char *topic,
                              struct base_error *err) {
    for (size_t i = 0; i < client->handle_count; i++) {
        if (strcmp(rd_kafka_topic_name(client->handles[i]), topic) == 0) {
            return 0;
        }
    }
    if (base_grow((void **)&client->handles, &client->handle_cap, client->handle_count + 1,
                  sizeof(*client->handles))) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a topic");
    }
    rd_kafka_topic_t *handle = rd_kafka_topic_new(client->rk, topic, NULL);
    if (!handle) {
        return base_fail(err, BASE_USAGE, "topic %s: %s", topic,
                         rd_kafka_err2name(rd_kafka_last_error()));
    }
    client->handles[client->handle_count++] = handle;
    return 0;
}

void journal_client_note_assigned(struct journal_client *client,
                                  rd_kafka_topic_partition_list_t *partitions) {
    for (int i = 0; i < partitions->cnt; i++) {
        rd_kafka_topic_partition_t *entry = &partitions->elems[i];
        /* New only for the topics of a pattern; and only for speed. */
        if (journal_client_hold_topic(client, entry->topic, NULL)) {
            journal_log(&client->logger, 5, "client: no handle of topic %s", entry->topic);
        }
        rd_kafka_topic_partition_t *ours = rd_kafka_topic_partition_list_find(
            client->assigned, entry->topic, entry->partition);
        if (!ours) {
            ours = rd_kafka_topic_partition_list_add(client->assigned, entry->topic,
                                                     entry->partition);
        }
        ours->offset = 0;
        int64_t start =
            client->start ? client->start(client->arg, entry->topic, entry->partition) : -1;
        if (start >= 0) {
            entry->offset = start;
        }
    }
}

/*
 * Gives every partition that has no offset yet the committed one, or where a new group begins.
 * librdkafka would do the same by itself, but sits out a fixed 100 ms when nothing was committed.
 * What cannot be found out here is left to it.
 */
static void find_offsets(struct journal_client *client,
                         rd_kafka_topic_partition_list_t *partitions) {
    rd_kafka_topic_partition_list_t *asked = rd_kafka_topic_partition_list_new(partitions->cnt);
    for (int i = 0; i < partitions->cnt; i++) {
        if (partitions->elems[i].offset == RD_KAFKA_OFFSET_INVALID) {
            (void)rd_kafka_topic_partition_list_add(asked, partitions->elems[i].topic,
                                                    partitions->elems[i].partition);
        }
    }
    bool is_known = asked->cnt > 0 && client->first_offset != RD_KAFKA_OFFSET_INVALID &&
                    !rd_kafka_committed(client->rk, asked, client->ready_timeout_ms);
    for (int i = 0; is_known && i < asked->cnt; i++) {
        const rd_kafka_topic_partition_t *answer = &asked->elems[i];
        rd_kafka_topic_partition_t *entry =
            rd_kafka_topic_partition_list_find(partitions, answer->topic, answer->partition);
        if (!answer->err) {
            entry->offset = answer->offset >= 0 ? answer->offset : client->first_offset;
        }
    }
    rd_kafka_topic_partition_list_destroy(asked);
}

/*
 * Gives every partition that begins at an end of its log the offset that this is now. librdkafka
 * would ask for it too, but sits out 500 ms first when the thread of the leader has not yet taken
 * the partition over: a matter of luck right after an assignment. What cannot be found out is left
 * to it.
 */
void journal_client_find_ends(struct journal_client *client,
                              rd_kafka_topic_partition_list_t *partitions) {
    rd_kafka_topic_partition_list_t *asked = rd_kafka_topic_partition_list_new(partitions->cnt);
    for (int i = 0; i < partitions->cnt; i++) {
        const rd_kafka_topic_partition_t *entry = &partitions->elems[i];
        if (entry->offset == RD_KAFKA_OFFSET_BEGINNING || entry->offset == RD_KAFKA_OFFSET_END) {
            /* The protocol's times for the ends, -2 and -1, are these numbers. */
            rd_kafka_topic_partition_list_add(asked, entry->topic, entry->partition)->offset =
                entry->offset;
        }
    }
    bool is_known =
        asked->cnt > 0 && !rd_kafka_offsets_for_times(client->rk, asked, client->ready_timeout_ms);
    for (int i = 0; is_known && i < asked->cnt; i++) {
        const rd_kafka_topic_partition_t *answer = &asked->elems[i];
        if (!answer->err && answer->offset >= 0) {
            rd_kafka_topic_partition_list_find(partitions, answer->topic, answer->partition)
                ->offset = answer->offset;
        }
    }
    rd_kafka_topic_partition_list_destroy(asked);
}

/* What is in hand of these partitions was not processed, and will be delivered to their next
 * owner: it is dropped. */
static void drop_held(struct journal_client *client,
                      const rd_kafka_topic_partition_list_t *partitions) {
    size_t kept = 0;
    for (size_t i = 0; i < client->held_count; i++) {
        rd_kafka_message_t *message = client->held[i];
        bool gone = false;
        for (int p = 0; p < partitions->cnt && !gone; p++) {
            gone = partitions->elems[p].partition == message->partition &&
                   strcmp(partitions->elems[p].topic, rd_kafka_topic_name(message->rkt)) == 0;
        }
        if (gone) {
            rd_kafka_message_destroy(message);
        } else {
            client->held[kept++] = message;
        }
    }
    client->held_count = kept;
}

static void revoke(struct journal_client *client, rd_kafka_topic_partition_list_t *partitions) {
    drop_held(client, partitions);
    if (!rd_kafka_assignment_lost(client->rk)) {
        struct base_error err = BASE_ERROR_INIT;
        if (journal_client_commit(client, true, &err) && !client->failure.code) {
            client->failure = err;
        }
    }
    journal_client_drop_pending(client, partitions);
    for (int i = 0; i < partitions->cnt; i++) {
        (void)rd_kafka_topic_partition_list_del(client->assigned, partitions->elems[i].topic,
                                                partitions->elems[i].partition);
    }
}

static void check(struct journal_client *client, const char *what, rd_kafka_error_t *error) {
    if (error) {
        journal_log(&client->logger, 3, "client: %s: %s", what, rd_kafka_error_name(error));
        rd_kafka_error_destroy(error);
    }
}

void journal_client_on_rebalance(rd_kafka_t *rk, rd_kafka_resp_err_t error,
                                 rd_kafka_topic_partition_list_t *partitions, void *opaque) {
    struct journal_client *client = opaque;
    /* NULL once the client has left its group: a call that was under way then takes nothing over,
     * and giving back is noted here only (librdkafka refuses it). */
    const char *protocol = rd_kafka_rebalance_protocol(rk);
    bool cooperative = protocol && strcmp(protocol, "COOPERATIVE") == 0;
    if (error == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS && !protocol) {
        return;
    }
    if (error == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        journal_client_note_assigned(client, partitions);
        find_offsets(client, partitions);
        journal_client_find_ends(client, partitions);
        if (cooperative) {
            check(client, "assign", rd_kafka_incremental_assign(rk, partitions));
        } else {
            (void)rd_kafka_assign(rk, partitions);
        }
        return;
    }
    if (error != RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
        journal_log(&client->logger, 4, "client: rebalance: %s", rd_kafka_err2name(error));
    }
    revoke(client, partitions);
    if (cooperative) {
        check(client, "unassign", rd_kafka_incremental_unassign(rk, partitions));
    } else {
        (void)rd_kafka_assign(rk, NULL);
    }
}

void journal_client_set_eof(struct journal_client *client, const char *topic, int32_t partition,
                            bool at_eof) {
    rd_kafka_topic_partition_t *ours =
        rd_kafka_topic_partition_list_find(client->assigned, topic, partition);
    if (ours) {
        ours->offset = at_eof;
    }
}

bool journal_client_is_at_eof(const struct journal_client *client) {
    for (int i = 0; i < client->assigned->cnt; i++) {
        if (!client->assigned->elems[i].offset) {
            return false;
        }
    }
    return client->assigned->cnt > 0;
}

int journal_client_rewind(struct journal_client *client, struct base_error *err) {
    rd_kafka_topic_partition_list_t *from =
        rd_kafka_topic_partition_list_copy(client->assigned);
    for (int i = 0; i < from->cnt; i++) {
        from->elems[i].offset = RD_KAFKA_OFFSET_BEGINNING;
        client->assigned->elems[i].offset = 0;
    }
    rd_kafka_error_t *error = rd_kafka_seek_partitions(client->rk, from, client->ready_timeout_ms);
    rd_kafka_topic_partition_list_destroy(from);
    if (error) {
        int code = base_fail(err, BASE_IO, "seeking to the beginning: %s",
                             rd_kafka_error_name(error));
        rd_kafka_error_destroy(error);
        return code;
    }
    return 0;
}
