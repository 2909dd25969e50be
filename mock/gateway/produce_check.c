/*
 * Produce: what is refused before the mock cluster is asked and anything is appended, in the order
 * in which Kafka looks: the request, the topic, the partition, the frame of its batch, acks, the
 * leader, the batch and its records.
 */
#include "base/memory.h"
#include "mock/gateway/produce.h"

/* -- the request -- */

static bool is_transactional(struct base_slice batch) {
    return batch.data[MOCK_BATCH_MAGIC_AT] == 2 &&
           (batch.data[MOCK_BATCH_ATTRIBUTES_AT + 1] & MOCK_BATCH_TRANSACTIONAL);
}

static bool may_be_transactional(struct mock_request *r) {
    struct base_slice id = r->u.produce.transactional_id;
    return !base_slice_is_null(id) &&
           mock_request_may(r, MOCK_ACL_WRITE, MOCK_ACL_TRANSACTIONAL_ID, id);
}

/* Kafka looks for a transactional batch first (RequestUtils.hasTransactionalRecords), and so finds
 * those that it cannot read. */
int16_t mock_produce_check_request(struct mock_request *r, struct base_slice *ret_message) {
    const struct mock_produce_request *q = &r->u.produce;
    for (size_t t = 0; t < q->topic_count; t++) {
        for (size_t i = 0; i < q->topics[t].partition_count; i++) {
            struct base_slice records = q->topics[t].partitions[i].records;
            size_t len;
            int code = mock_batch_look(records, &len);
            if (code < 0) {
                *ret_message = mock_produce_unreadable(r, records, code);
                return MOCK_ERROR_CORRUPT_MESSAGE;
            }
            if (code > 0 && is_transactional(records)) {
                *ret_message = BASE_SLICE_NULL;
                return may_be_transactional(r) ? MOCK_ERROR_NONE
                                               : MOCK_ERROR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
            }
        }
    }
    return MOCK_ERROR_NONE;
}

/* -- the topic and the partition -- */

int16_t mock_produce_check_topic(struct mock_request *r, const struct mock_produce_topic *topic) {
    if (base_slice_is_null(topic->name)) {
        return MOCK_ERROR_UNKNOWN_TOPIC_ID;
    }
    return mock_request_may(r, MOCK_ACL_WRITE, MOCK_ACL_TOPIC, topic->name)
               ? MOCK_ERROR_NONE
               : MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED;
}

int16_t mock_produce_check_leader(const struct mock_request *r, const struct mock_topic *topic,
                                  int32_t partition) {
    if (topic->partitions[partition].leader != r->connection->node) {
        return MOCK_ERROR_NOT_LEADER_OR_FOLLOWER;
    }
    if (r->u.produce.acks == MOCK_ACKS_ALL &&
        !mock_partition_has_min_in_sync(r->connection->broker, topic, partition)) {
        return MOCK_ERROR_NOT_ENOUGH_REPLICAS;
    }
    return MOCK_ERROR_NONE;
}

size_t mock_produce_max_bytes(const struct mock_broker *broker, const struct mock_topic *topic) {
    return topic->options.max_message_bytes ? (size_t)topic->options.max_message_bytes
                                            : (size_t)broker->settings.message_max_bytes;
}

/* ReplicaManager.appendToLocalLog: what it expects to go wrong it answers without looking at the
 * log any more. */
void mock_produce_refuse_append(struct mock_produced *p, int16_t error) {
    p->error = error;
    switch (error) {
    case MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION:
    case MOCK_ERROR_NOT_LEADER_OR_FOLLOWER:
    case MOCK_ERROR_MESSAGE_TOO_LARGE:
    case MOCK_ERROR_RECORD_LIST_TOO_LARGE:
    case MOCK_ERROR_CORRUPT_MESSAGE:
    case MOCK_ERROR_KAFKA_STORAGE_ERROR:
        p->log_start = -1;
        break;
    default:
        p->log_start = mock_log_start(p->topic->partitions[p->index].log);
        break;
    }
}

/* -- the batch -- */

static void refuse_batch(struct mock_request *r, struct mock_produced *p, int16_t error,
                         const struct mock_batch_refusal *refusal) {
    p->error = error;
    if (refusal->error_code) {
        p->reason = base_arena_strdup(&r->arena, refusal->reason);
    }
}

/* What is asked of a batch that Kafka begins to append. */
static int16_t check_batch(struct mock_request *r, struct mock_produced *p,
                           struct mock_batch_refusal *refusal) {
    struct mock_broker *broker = r->connection->broker;
    const struct mock_log_config *config = &p->topic->options.log;
    int64_t now_ms = mock_clock_ms(broker);
    struct mock_batch_rules rules = MOCK_BATCH_RULES_INIT;
    rules.max_bytes = mock_produce_max_bytes(broker, p->topic);
    rules.keys_required = p->topic->options.compact;
    rules.produce_version = r->header.api_version;
    mock_produce_time_rules(config, now_ms, &rules);
    int16_t error = mock_produce_check_leader(r, p->topic, p->index);
    if (error) {
        return error;
    }
    error = mock_batch_validate(p->records, &rules, &p->batch, refusal);
    if (error) {
        base_memory_give_back(); /* it may have been inflated up to a bomb's limit */
    }
    if (error && refusal->bad_records) {
        mock_produce_name_records(r, p, &rules, now_ms, refusal->bad_records);
    }
    if (!error && p->records.len > (size_t)config->segment_bytes) {
        error = MOCK_ERROR_RECORD_LIST_TOO_LARGE;
    }
    return error;
}

static int16_t check_acks(const struct mock_request *r) {
    int16_t acks = r->u.produce.acks;
    return acks < MOCK_ACKS_ALL || acks > 1 ? MOCK_ERROR_INVALID_REQUIRED_ACKS : MOCK_ERROR_NONE;
}

int16_t mock_produce_check(struct mock_request *r, struct mock_produced *p) {
    struct mock_batch_refusal refusal = {0};
    if (p->error) {
        return MOCK_ERROR_NONE; /* of the whole topic */
    }
    bool internal = mock_topic_name_is_internal(p->topic_name);
    if (!internal &&
        !mock_partition_find(r->connection->broker, p->topic_name, p->index, &p->topic)) {
        p->error = MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION;
        return MOCK_ERROR_NONE;
    }
    int16_t error = mock_batch_find(&p->records, r->header.api_version, &refusal);
    if (error == MOCK_ERROR_UNKNOWN_SERVER_ERROR) {
        return error; /* Kafka stumbles, and with the whole request */
    }
    error = error ? error : check_acks(r);
    error = error || !internal ? error : MOCK_ERROR_INVALID_TOPIC_EXCEPTION;
    if (error) {
        refuse_batch(r, p, error, &refusal);
        return MOCK_ERROR_NONE;
    }
    bool readable = mock_batch_header_decode(p->records, &p->batch) == 0;
    error = check_batch(r, p, &refusal);
    if (error) {
        refuse_batch(r, p, error, &refusal);
        mock_produce_refuse_append(p, error);
        p->refused_in_log = readable && error != MOCK_ERROR_NOT_LEADER_OR_FOLLOWER;
    } else if (mock_partition_tell_leader(r->connection->broker, p->topic, p->index) < 0) {
        mock_produce_refuse_append(p, MOCK_ERROR_NOT_LEADER_OR_FOLLOWER);
    }
    return MOCK_ERROR_NONE;
}
