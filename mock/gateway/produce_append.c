/*
 * Produce: a batch that was accepted is looked for in its transaction and checked for its sequence,
 * and kept whole in our log.
 */
#include "mock/gateway/produce.h"
#include "mock/gateway/txn.h"

/* A client of this version knows TRANSACTION_ABORTABLE; of this one, speaks Transactions V2. */
#define FIRST_ABORTABLE_VERSION 11
#define FIRST_ADDING_VERSION 12

static struct mock_sequence sequence_of(const struct mock_batch_header *batch) {
    return (struct mock_sequence){
        .producer_id = batch->producer_id,
        .epoch = batch->producer_epoch,
        .first = batch->base_sequence,
        .last = mock_sequence_last(batch->base_sequence, batch->record_count),
        .transactional = mock_batch_is_transactional(batch),
    };
}

/* What Kafka makes of its coordinator's word (ReplicaManager.handleProduceAppend). */
static int16_t translate(struct mock_request *r, struct mock_produced *p, int16_t error) {
    int16_t version = r->header.api_version;
    if (error == MOCK_ERROR_TRANSACTION_ABORTABLE && version < FIRST_ABORTABLE_VERSION) {
        error = MOCK_ERROR_INVALID_TXN_STATE;
    }
    if (error == MOCK_ERROR_INVALID_TXN_STATE) {
        p->message = base_slice_str("Partition was not added to the transaction");
    }
    if (error == MOCK_ERROR_CONCURRENT_TRANSACTIONS && version < FIRST_ADDING_VERSION) {
        /* Older clients would not try again for the true reason. */
        p->message = base_slice_str("Unable to verify the partition has been added to the "
                                    "transaction. Underlying error: CONCURRENT_TRANSACTIONS");
        error = MOCK_ERROR_NOT_ENOUGH_REPLICAS;
    }
    return error;
}

/* KIP-890: a batch that begins a transaction here is looked for at its coordinator, when it is its
 * turn. Transactions V2 add the partition by it. */
static int16_t check_transaction(struct mock_request *r, struct mock_produced *p,
                                 struct mock_partition *partition, struct mock_sequence *sequence) {
    bool adds = r->header.api_version >= FIRST_ADDING_VERSION;
    if (!sequence->transactional ||
        mock_producers_is_open(partition->producers, sequence->producer_id, sequence->epoch)) {
        return MOCK_ERROR_NONE;
    }
    struct mock_last_record last;
    if (mock_producers_last(partition->producers, sequence->producer_id, &last) &&
        sequence->epoch < last.epoch) {
        return MOCK_ERROR_INVALID_PRODUCER_EPOCH; /* UnifiedLog.maybeStartTransactionVerification */
    }
    if (sequence->first >= 0 &&
        mock_producers_verify(partition->producers, sequence, adds, NULL) < 0) {
        return MOCK_ERROR_UNKNOWN_SERVER_ERROR;
    }
    int16_t error =
        mock_txn_take_part(r, r->u.produce.transactional_id,
                           (struct mock_txn_producer){sequence->producer_id, sequence->epoch},
                           (struct mock_txn_partition){p->topic_name, p->index}, adds);
    sequence->verified = error == MOCK_ERROR_NONE;
    return translate(r, p, error);
}

/* False: answered without an append (a duplicate, or refused). */
static bool check_sequence(struct mock_request *r, struct mock_produced *p,
                           struct mock_partition *partition) {
    if (p->batch.producer_id < 0) {
        return true;
    }
    struct mock_sequence sequence = sequence_of(&p->batch);
    p->error = check_transaction(r, p, partition, &sequence);
    if (p->error) {
        p->log_start = -1; /* not looked at yet */
        return false;
    }
    struct mock_sequence_result result = mock_producers_check(
        partition->producers, &sequence, r->connection->broker->settings.first_sequence,
        mock_log_end(partition->log) == 0);
    if (result.answer == MOCK_SEQUENCE_DUPLICATE) {
        p->base_offset = result.base_offset;
        p->required = result.last_offset + 1;
        p->timestamp = result.timestamp;
    } else if (result.answer == MOCK_SEQUENCE_REFUSE) {
        p->error = result.error;
    }
    return result.answer == MOCK_SEQUENCE_APPEND;
}

static void tell(const struct mock_request *r, const struct mock_produced *p,
                 struct mock_stored_batch *batch) {
    struct mock_broker *broker = r->connection->broker;
    struct mock_event event;
    mock_request_event(r, MOCK_EVENT_APPEND, &event);
    event.topic = p->topic->name;
    event.partition = p->index;
    event.offset = batch->base_offset;
    event.batch = batch;
    mock_broker_emit(broker, &event);
    mock_fetch_wake(broker, &p->topic->partitions[p->index]);
    mock_partition_appended(broker, p->topic, p->index);
}

void mock_produce_append(struct mock_request *r, struct mock_produced *p) {
    struct mock_broker *broker = r->connection->broker;
    if (p->topic->deleted) {
        p->error = MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION; /* since it was asked */
        return;
    }
    struct mock_partition *partition = &p->topic->partitions[p->index];
    p->log_start = mock_log_start(partition->log);
    /* Again: it was the mock cluster's turn. */
    int16_t error = mock_produce_check_leader(r, p->topic, p->index);
    if (error) {
        mock_produce_refuse_append(p, error);
        return;
    }
    if (!check_sequence(r, p, partition)) {
        return;
    }
    const struct mock_log_config *config = &p->topic->options.log;
    struct mock_stored_batch *batch =
        mock_produce_store(config, p->records, &p->batch, mock_clock_ms(broker));
    if (batch && batch->len > mock_produce_max_bytes(broker, p->topic)) {
        /* Since it was compressed otherwise. */
        mock_produce_refuse_append(p, MOCK_ERROR_MESSAGE_TOO_LARGE);
        mock_stored_batch_unref(batch);
        return;
    }
    p->timestamp = config->log_append_time ? mock_clock_ms(broker) : p->timestamp;
    struct base_error err = BASE_ERROR_INIT;
    if (!batch || mock_log_append(partition->log, batch, partition->leader_epoch,
                                  mock_clock_ms(broker), &err) < 0) {
        mock_produce_refuse_append(p, MOCK_ERROR_KAFKA_STORAGE_ERROR);
        p->reason = base_arena_strdup(&r->arena, batch ? err.text : "no memory");
        p->message = base_slice_str(p->reason); /* which of our limits it was */
        mock_stored_batch_unref(batch);
        return;
    }
    p->base_offset = batch->base_offset;
    p->required = batch->last_offset + 1;
    p->appended = batch;
    if (p->batch.producer_id >= 0) {
        struct mock_sequence sequence = sequence_of(&p->batch);
        (void)mock_producers_record(partition->producers, &sequence, batch->base_offset,
                                    batch->last_offset, batch->max_timestamp, NULL);
        mock_producers_heard(partition->producers, batch->producer_id, batch->appended_ms);
        if (sequence.transactional) {
            mock_partition_hold_stable(partition);
        }
    }
    tell(r, p, batch);
}

/* Kafka asks the coordinator before it looks at the batch. */
void mock_produce_verify_refused(struct mock_request *r, struct mock_produced *p) {
    if (!p->refused_in_log || !mock_batch_is_transactional(&p->batch) || p->batch.producer_id < 0 ||
        p->topic->deleted) {
        return;
    }
    struct mock_sequence sequence = sequence_of(&p->batch);
    struct base_slice message = p->message;
    p->message = BASE_SLICE_NULL;
    int16_t error = check_transaction(r, p, &p->topic->partitions[p->index], &sequence);
    if (error) {
        p->error = error;
        p->log_start = -1;
        p->bad_record_count = 0;
    } else {
        p->message = message;
    }
}

void mock_produce_each_appended(const struct mock_request *r, mock_served_fn visit, void *arg) {
    for (size_t i = 0; r->produce_work && i < r->produce_work->count; i++) {
        const struct mock_produced *p = &r->produce_work->parts[i];
        if (p->appended && !visit(arg, p->topic, p->index, p->appended)) {
            return;
        }
    }
}
