/*
 * Produce: validated here, accepted or refused by the mock cluster, then checked for its sequence
 * and kept whole in our log.
 *
 * The mock needs to see no records: it gets a header that stands for one record. Its base offset
 * does not count; whether it accepts does (leaders, errors pushed into it, brokers that are down).
 * Once it has accepted, it is not asked again until it was given a command: it would say the same,
 * and a round trip less is a client's round trip halved.
 */
#include <string.h>

#include "base/memory.h"
#include "mock/gateway/handlers.h"
#include "mock/gateway/leader_hints.h"
#include "mock/gateway/txn.h"
#include "mock/wire/build.h"

/* Spoken with the mock; every version of librdkafka's mock since 2.0.2 has it. */
#define UPSTREAM_VERSION 7
#define ACKS_ALL (-1)
/* A client of this version knows TRANSACTION_ABORTABLE; of this one, speaks Transactions V2. */
#define FIRST_ABORTABLE_VERSION 11
#define FIRST_ADDING_VERSION 12

#define FIRST_HINT_VERSION 10
#define FIRST_ID_VERSION 13

static bool is_by_id(const struct mock_request *r) {
    return r->header.api_version >= FIRST_ID_VERSION;
}

/* One produced partition. */
struct part {
    struct base_slice topic_name;
    struct mock_topic *topic; /* NULL: unknown */
    int32_t index;
    struct base_slice records;
    struct mock_batch_header batch;
    int16_t error;
    struct mock_produce_refusal refusal; /* of single records */
    int64_t base_offset;
    int64_t log_start;
    int64_t timestamp; /* log append time: -1 with CreateTime */
    int64_t required;  /* acks=all: the high watermark that is waited for */
    bool waits;        /* for it */
    struct mock_stored_batch
        *appended; /* referenced: a pass may take it from the log; NULL: none */
};

struct mock_produce_work {
    struct part *parts;
    size_t count;
    uint64_t asked_generation; /* of the mock cluster */
};

/* From this version on topics are called by their ids; names are put in where there are any. */
int mock_produce_decode(struct mock_request *r, struct base_reader *body) {
    struct mock_produce_request *q = &r->u.produce;
    int rc = mock_produce_request_decode(body, r->header.api_version, &r->arena, q);
    for (size_t t = 0; rc == 0 && is_by_id(r) && t < q->topic_count; t++) {
        const struct mock_topic *topic =
            mock_topic_find_id(r->connection->broker, &q->topics[t].id);
        if (topic) {
            q->topics[t].name = base_arena_slice(&r->arena, base_slice_str(topic->name));
        }
    }
    return rc < 0 ? rc : r->arena.failed;
}

/* -- validate -- */

/* Kafka's first questions (Partition.appendRecordsToLeader). */
static int16_t check_leader(const struct mock_request *r, const struct mock_topic *topic,
                            int32_t partition) {
    if (topic->partitions[partition].leader != r->connection->node) {
        return MOCK_ERROR_NOT_LEADER_OR_FOLLOWER;
    }
    if (r->u.produce.acks == ACKS_ALL &&
        !mock_partition_has_min_in_sync(r->connection->broker, topic, partition)) {
        return MOCK_ERROR_NOT_ENOUGH_REPLICAS;
    }
    return MOCK_ERROR_NONE;
}

static bool may_be_transactional(struct mock_request *r) {
    struct base_slice id = r->u.produce.transactional_id;
    return !base_slice_is_null(id) &&
           mock_request_may(r, MOCK_ACL_WRITE, MOCK_ACL_TRANSACTIONAL_ID, id);
}

static size_t max_bytes(const struct mock_broker *broker, const struct mock_topic *topic) {
    return topic->options.max_message_bytes ? (size_t)topic->options.max_message_bytes
                                            : (size_t)broker->settings.message_max_bytes;
}

static void refuse(struct mock_request *r, struct part *p, int16_t error,
                   const struct mock_batch_rules *rules, const struct mock_batch_refusal *why) {
    p->error = error;
    if (why->error_code == error && why->record_index >= 0) {
        p->refusal.error = error;
        mock_produce_name_records(r, p->records, rules, base_slice_str(p->topic->name), p->index,
                                  &p->refusal);
        p->error = p->refusal.error;
    }
    if (error == MOCK_ERROR_NOT_ENOUGH_REPLICAS || why->by_the_log) {
        p->log_start = mock_log_start(p->topic->partitions[p->index].log);
    }
}

static void validate(struct mock_request *r, struct part *p) {
    struct mock_broker *broker = r->connection->broker;
    struct mock_topic *topic = NULL;
    if (p->error) {
        return; /* of the whole topic */
    }
    if (!mock_partition_find(broker, p->topic_name, p->index, &topic)) {
        p->error = MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION;
        return;
    }
    p->topic = topic;
    struct mock_batch_rules rules = MOCK_BATCH_RULES_INIT;
    rules.max_bytes = max_bytes(broker, topic);
    rules.keys_required = topic->options.compact;
    rules.produce_version = r->header.api_version;
    mock_produce_time_rules(&topic->options.log, mock_clock_ms(broker), &rules);
    struct mock_batch_refusal refusal = {0};
    int16_t error = check_leader(r, topic, p->index);
    error = error ? error : mock_batch_validate(p->records, &rules, &p->batch, &refusal);
    if (!error && p->records.len > (size_t)topic->options.log.segment_bytes) {
        error = MOCK_ERROR_RECORD_LIST_TOO_LARGE;
    }
    if (error) {
        refuse(r, p, error, &rules, &refusal);
    } else if (mock_batch_is_transactional(&p->batch) && !may_be_transactional(r)) {
        p->error = MOCK_ERROR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
    } else if (mock_partition_tell_leader(broker, topic, p->index) < 0) {
        p->error = MOCK_ERROR_NOT_LEADER_OR_FOLLOWER;
    }
}

static int16_t check_topic(struct mock_request *r, const struct mock_produce_topic *topic) {
    if (base_slice_is_null(topic->name)) {
        return MOCK_ERROR_UNKNOWN_TOPIC_ID;
    }
    if (!mock_request_may(r, MOCK_ACL_WRITE, MOCK_ACL_TOPIC, topic->name)) {
        return MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED;
    }
    return mock_topic_name_is_internal(topic->name) ? MOCK_ERROR_INVALID_TOPIC_EXCEPTION
                                                    : MOCK_ERROR_NONE;
}

static int list_parts(struct mock_request *r) {
    const struct mock_produce_request *request = &r->u.produce;
    size_t count = 0;
    for (size_t t = 0; t < request->topic_count; t++) {
        count += request->topics[t].partition_count;
    }
    struct mock_produce_work *work = base_arena_alloc(&r->arena, sizeof(*work));
    struct part *parts = base_arena_alloc_array(&r->arena, count, sizeof(*parts));
    if (!work || !parts) {
        return BASE_NO_MEMORY;
    }
    work->parts = parts;
    for (size_t t = 0; t < request->topic_count; t++) {
        int16_t error = check_topic(r, &request->topics[t]);
        for (size_t i = 0; i < request->topics[t].partition_count; i++) {
            parts[work->count++] = (struct part){
                .topic_name = request->topics[t].name,
                .error = error,
                .index = request->topics[t].partitions[i].index,
                .records = request->topics[t].partitions[i].records,
                .base_offset = -1,
                .log_start = -1,
                .timestamp = -1,
            };
        }
    }
    r->produce_work = work;
    return 0;
}

/* -- to the mock cluster and back -- */

/* A batch header that the mock takes for one record, whatever it stands for. */
static void stand_in(uint8_t header[MOCK_BATCH_HEADER_BYTES]) {
    struct base_builder b;
    base_builder_init(&b, 512);
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    mock_batch_build(&b, &options, &(struct mock_build_record){.value = base_slice_str("")}, 1);
    memcpy(header, b.data, MOCK_BATCH_HEADER_BYTES);
    /* The batch ends with its header. */
    static const uint8_t length[4] = {0, 0, 0, MOCK_BATCH_HEADER_BYTES - MOCK_BATCH_LENGTH_FROM};
    memcpy(header + MOCK_BATCH_LENGTH_AT, length, sizeof(length));
    base_builder_clean_up(&b);
}

static void put_upstream(struct base_builder *b, const struct mock_produce_work *work) {
    static uint8_t header[MOCK_BATCH_HEADER_BYTES];
    if (!header[MOCK_BATCH_MAGIC_AT]) {
        stand_in(header);
    }
    size_t valid = 0;
    for (size_t i = 0; i < work->count; i++) {
        valid += work->parts[i].error == 0;
    }
    base_put_i16(b, -1); /* transactional id: null */
    base_put_i16(b, -1); /* acks: all */
    base_put_i32(b, 30000);
    base_put_i32(b, (int32_t)valid);
    for (size_t i = 0; i < work->count; i++) {
        const struct part *p = &work->parts[i];
        if (p->error) {
            continue;
        }
        base_put_i16(b, (int16_t)strlen(p->topic->mock_name));
        base_put_str(b, p->topic->mock_name);
        base_put_i32(b, 1);
        base_put_i32(b, p->index);
        base_put_i32(b, MOCK_BATCH_HEADER_BYTES);
        base_put_bytes(b, header, sizeof(header));
    }
}

/* The answers are in the order asked, one topic a partition. */
static void read_upstream(struct mock_produce_work *work, struct base_reader *answer) {
    struct base_arena arena;
    struct mock_produce_response response = {0};
    base_arena_init(&arena, BASE_MIB);
    bool good = mock_produce_response_decode(answer, UPSTREAM_VERSION, &arena, &response) == 0;
    size_t t = 0;
    for (size_t i = 0; i < work->count; i++) {
        struct part *p = &work->parts[i];
        if (p->error) {
            continue;
        }
        if (good && t < response.topic_count && response.topics[t].partition_count == 1) {
            p->error = response.topics[t].partitions[0].error_code;
        } else {
            p->error = MOCK_ERROR_UNKNOWN_SERVER_ERROR;
        }
        t++;
    }
    base_arena_clean_up(&arena);
}

/* -- what it has said before -- */

static void remember_accepted(const struct mock_request *r) {
    const struct mock_produce_work *work = r->produce_work;
    for (size_t i = 0; i < work->count; i++) {
        const struct part *p = &work->parts[i];
        if (p->error == 0) {
            struct mock_partition *partition = &p->topic->partitions[p->index];
            partition->accepted_generation = work->asked_generation;
            partition->accepted_node = r->connection->node;
        }
    }
}

static bool would_accept(const struct mock_request *r) {
    const struct mock_produce_work *work = r->produce_work;
    uint64_t now = mock_cluster_generation(r->connection->broker->cluster);
    for (size_t i = 0; i < work->count; i++) {
        const struct part *p = &work->parts[i];
        if (p->error == 0) {
            const struct mock_partition *partition = &p->topic->partitions[p->index];
            if (partition->accepted_generation != now ||
                partition->accepted_node != r->connection->node) {
                return false;
            }
        }
    }
    return true; /* also where nothing is left to be asked */
}

static void upstream_answered(void *arg, struct base_reader *answer, bool failed) {
    struct mock_request *r = arg;
    r->upstream_calls--;
    if (failed) {
        /* The broker is down: nothing was appended, and nobody hears of it. */
        if (!mock_request_abandoned(r)) {
            mock_request_fail(r, "broker down");
        }
        return;
    }
    read_upstream(r->produce_work, answer);
    remember_accepted(r);
    mock_request_finish(r);
}

void mock_produce_apply(struct mock_request *r) {
    struct mock_broker *broker = r->connection->broker;
    int16_t acks = r->u.produce.acks;
    r->silent = acks == 0;
    if (acks < -1 || acks > 1) {
        mock_produce_refuse(r, MOCK_ERROR_INVALID_REQUIRED_ACKS);
        mock_request_answered(r, MOCK_ERROR_INVALID_REQUIRED_ACKS);
        return;
    }
    if (list_parts(r) < 0) {
        mock_request_fail(r, "no memory");
        return;
    }
    for (size_t i = 0; i < r->produce_work->count; i++) {
        validate(r, &r->produce_work->parts[i]);
    }
    if (would_accept(r)) {
        mock_request_finish(r);
        return;
    }
    r->produce_work->asked_generation = mock_cluster_generation(broker->cluster);
    struct base_builder body;
    base_builder_init(&body, BASE_MAX_FRAME_BYTES);
    put_upstream(&body, r->produce_work);
    struct mock_node *node = mock_node_get(broker, r->connection->node);
    int rc = mock_upstream_send(node, MOCK_API_PRODUCE, UPSTREAM_VERSION, base_builder_slice(&body),
                                upstream_answered, r);
    base_builder_clean_up(&body);
    if (rc < 0) {
        mock_request_fail(r, "broker down");
        return;
    }
    r->upstream_calls++;
}

/* -- append -- */

static struct mock_sequence sequence_of(const struct mock_batch_header *batch) {
    return (struct mock_sequence){
        .producer_id = batch->producer_id,
        .epoch = batch->producer_epoch,
        .first = batch->base_sequence,
        .last = mock_sequence_last(batch->base_sequence, batch->record_count),
        .transactional = mock_batch_is_transactional(batch),
    };
}

/* KIP-890: a batch that begins a transaction here is looked for at its coordinator, when it is its
 * turn. Transactions V2 add the partition by it. */
static int16_t check_transaction(struct mock_request *r, const struct part *p,
                                 struct mock_partition *partition, struct mock_sequence *sequence) {
    int16_t version = r->header.api_version;
    bool adds = version >= FIRST_ADDING_VERSION;
    if (!sequence->transactional || sequence->first < 0 ||
        mock_producers_is_open(partition->producers, sequence->producer_id, sequence->epoch)) {
        return MOCK_ERROR_NONE;
    }
    if (mock_producers_verify(partition->producers, sequence, adds, NULL) < 0) {
        return MOCK_ERROR_UNKNOWN_SERVER_ERROR;
    }
    int16_t error =
        mock_txn_take_part(r, r->u.produce.transactional_id,
                           (struct mock_txn_producer){sequence->producer_id, sequence->epoch},
                           (struct mock_txn_partition){p->topic_name, p->index}, adds);
    sequence->verified = error == MOCK_ERROR_NONE;
    if (error == MOCK_ERROR_TRANSACTION_ABORTABLE && version < FIRST_ABORTABLE_VERSION) {
        return MOCK_ERROR_INVALID_TXN_STATE;
    }
    /* Older clients would not try again for the true reason. */
    return error == MOCK_ERROR_CONCURRENT_TRANSACTIONS && !adds ? MOCK_ERROR_NOT_ENOUGH_REPLICAS
                                                                : error;
}

/* False: answered without an append (a duplicate, or refused). */
static bool check_sequence(struct mock_request *r, struct part *p,
                           struct mock_partition *partition) {
    if (p->batch.producer_id < 0) {
        return true;
    }
    struct mock_sequence sequence = sequence_of(&p->batch);
    p->error = check_transaction(r, p, partition, &sequence);
    if (p->error) {
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

static void append(struct mock_request *r, struct part *p) {
    struct mock_broker *broker = r->connection->broker;
    if (p->topic->deleted) {
        p->error = MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION; /* since it was asked */
        return;
    }
    struct mock_partition *partition = &p->topic->partitions[p->index];
    p->log_start = mock_log_start(partition->log);
    p->error = check_leader(r, p->topic, p->index); /* again: it was the mock cluster's turn */
    if (p->error || !check_sequence(r, p, partition)) {
        return;
    }
    const struct mock_log_config *config = &p->topic->options.log;
    struct mock_stored_batch *batch =
        mock_produce_store(config, p->records, &p->batch, mock_clock_ms(broker));
    if (batch && batch->len > max_bytes(broker, p->topic)) {
        p->error = MOCK_ERROR_MESSAGE_TOO_LARGE; /* since it was compressed otherwise */
        mock_stored_batch_unref(batch);
        return;
    }
    p->timestamp = config->log_append_time ? mock_clock_ms(broker) : p->timestamp;
    struct base_error err = BASE_ERROR_INIT;
    if (!batch || mock_log_append(partition->log, batch, partition->leader_epoch,
                                  mock_clock_ms(broker), &err) < 0) {
        p->error = MOCK_ERROR_KAFKA_STORAGE_ERROR;
        p->refusal.message =
            base_slice_str(base_arena_strdup(&r->arena, batch ? err.text : "no memory"));
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
    struct mock_event event;
    mock_request_event(r, MOCK_EVENT_APPEND, &event);
    event.topic = p->topic->name;
    event.partition = p->index;
    event.offset = batch->base_offset;
    event.batch = batch;
    mock_broker_emit(broker, &event);
    mock_fetch_wake(broker, partition);
    mock_partition_appended(broker, p->topic, p->index);
}

void mock_produce_each_appended(const struct mock_request *r, mock_served_fn visit, void *arg) {
    for (size_t i = 0; r->produce_work && i < r->produce_work->count; i++) {
        const struct part *p = &r->produce_work->parts[i];
        if (p->appended && !visit(arg, p->topic, p->index, p->appended)) {
            return;
        }
    }
}

/* -- the answer -- */

/* The errors with which Kafka does not tell where the log starts (ReplicaManager). */
static bool tells_start(int16_t error) {
    return error != MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION &&
           error != MOCK_ERROR_NOT_LEADER_OR_FOLLOWER && error != MOCK_ERROR_MESSAGE_TOO_LARGE &&
           error != MOCK_ERROR_RECORD_LIST_TOO_LARGE && error != MOCK_ERROR_CORRUPT_MESSAGE &&
           error != MOCK_ERROR_KAFKA_STORAGE_ERROR;
}

static void fill_part(const struct part *p, struct mock_produce_partition_response *out) {
    *out = (struct mock_produce_partition_response){
        .index = p->index,
        .error_code = p->error,
        .base_offset = p->base_offset,
        .log_append_time_ms = p->timestamp,
        .log_start_offset = tells_start(p->error) ? p->log_start : -1,
        .error_message = p->refusal.message,
        .record_errors = p->refusal.records,
        .record_error_count = p->refusal.record_count,
    };
}

/* KIP-951: who is not asked for tells who is. */
static void hint_leader(const struct mock_request *r, const struct part *p,
                        struct mock_hints *hints, struct mock_produce_partition_response *out) {
    const struct mock_partition *partition =
        p->error == MOCK_ERROR_NOT_LEADER_OR_FOLLOWER && r->header.api_version >= FIRST_HINT_VERSION
            ? mock_partition_find(r->connection->broker, p->topic_name, p->index, NULL)
            : NULL;
    if (partition) {
        out->has_current_leader = true;
        mock_hint_leader(r, partition, hints, &out->current_leader);
    }
}

/* Answers in the shape of the request. override: says this error everywhere instead (if not 0). */
static void encode(struct mock_request *r, int16_t override) {
    const struct mock_produce_request *request = &r->u.produce;
    struct mock_produce_response response = {.topic_count = request->topic_count,
                                             .throttle_time_ms = r->throttle_ms};
    response.topics =
        base_arena_alloc_array(&r->arena, request->topic_count, sizeof(*response.topics));
    struct mock_hints hints = {.count = 0};
    size_t at = 0;
    for (size_t t = 0; response.topics && t < request->topic_count; t++) {
        struct mock_produce_topic_response *topic = &response.topics[t];
        topic->name = request->topics[t].name;
        topic->id = request->topics[t].id;
        topic->partition_count = request->topics[t].partition_count;
        topic->partitions =
            base_arena_alloc_array(&r->arena, topic->partition_count, sizeof(*topic->partitions));
        for (size_t i = 0; topic->partitions && i < topic->partition_count; i++, at++) {
            if (override) {
                topic->partitions[i] = (struct mock_produce_partition_response){
                    .index = request->topics[t].partitions[i].index,
                    .error_code = override,
                    .base_offset = -1,
                    .log_append_time_ms = -1,
                    .log_start_offset = -1,
                };
            } else {
                fill_part(&r->produce_work->parts[at], &topic->partitions[i]);
                hint_leader(r, &r->produce_work->parts[at], &hints, &topic->partitions[i]);
            }
        }
    }
    response.endpoints = hints.endpoints;
    response.endpoint_count = hints.count;
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_produce_response_encode(b, r->header.api_version, &response);
}

void mock_produce_refuse(struct mock_request *r, int16_t error) {
    encode(r, error);
}

/* -- acks=all: until all in-sync replicas have it (DelayedProduce) -- */

static void stop_waiting(struct mock_request *r) {
    struct mock_request **at = &r->connection->broker->unreplicated;
    while (*at && *at != r) {
        at = &(*at)->next_parked;
    }
    if (*at) {
        *at = r->next_parked;
        r->next_parked = NULL;
    }
}

/* Partition.checkEnoughReplicasReachOffset. True: it need not wait any more. */
static bool is_replicated(const struct mock_request *r, struct part *p) {
    const struct mock_broker *broker = r->connection->broker;
    struct mock_topic *topic = NULL;
    const struct mock_partition *partition =
        mock_partition_find(broker, p->topic_name, p->index, &topic);
    if (!partition) {
        p->error = MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION;
    } else if (partition->leader != r->connection->node) {
        p->error = MOCK_ERROR_NOT_LEADER_OR_FOLLOWER;
    } else if (mock_partition_high_watermark(partition) < p->required) {
        return false;
    } else if (!mock_partition_has_min_in_sync(broker, topic, p->index)) {
        p->error = MOCK_ERROR_NOT_ENOUGH_REPLICAS_AFTER_APPEND;
    }
    return true;
}

/* Looks at the partitions that wait. True: none does any more. */
static bool are_replicated(struct mock_request *r) {
    bool all = true;
    for (size_t i = 0; i < r->produce_work->count; i++) {
        struct part *p = &r->produce_work->parts[i];
        if (p->waits) {
            p->waits = !is_replicated(r, p);
            all = all && !p->waits;
        }
    }
    return all;
}

static void answer(struct mock_request *r) {
    int16_t first_error = MOCK_ERROR_NONE;
    for (size_t i = 0; i < r->produce_work->count; i++) {
        first_error = first_error ? first_error : r->produce_work->parts[i].error;
    }
    encode(r, MOCK_ERROR_NONE);
    mock_request_answered(r, first_error);
}

static void wait_for_replicas(struct mock_request *r) {
    struct mock_broker *broker = r->connection->broker;
    int32_t timeout_ms = r->u.produce.timeout_ms;
    r->deadline_ms = mock_broker_now_ms(broker) + (uint64_t)(timeout_ms > 0 ? timeout_ms : 0);
    struct mock_request **at = &broker->unreplicated;
    while (*at) {
        at = &(*at)->next_parked;
    }
    *at = r;
    mock_request_waits(r);
    mock_broker_schedule(broker);
    mock_broker_touch(broker);
}

void mock_produce_wake(struct mock_broker *broker) {
    struct mock_request *r = broker->unreplicated;
    while (r) {
        bool due = are_replicated(r) && !r->connection->frozen;
        if (due) {
            stop_waiting(r);
            answer(r); /* may change the list */
        }
        r = due ? broker->unreplicated : r->next_parked;
    }
}

void mock_produce_expire(struct mock_broker *broker) {
    uint64_t now_ms = mock_broker_now_ms(broker);
    struct mock_request *r = broker->unreplicated;
    while (r) {
        bool due = r->deadline_ms <= now_ms && !r->connection->frozen;
        for (size_t i = 0; due && i < r->produce_work->count; i++) {
            struct part *p = &r->produce_work->parts[i];
            p->error = p->waits ? MOCK_ERROR_REQUEST_TIMED_OUT : p->error;
        }
        if (due) {
            stop_waiting(r);
            answer(r); /* may change the list */
        }
        r = due ? broker->unreplicated : r->next_parked;
    }
}

uint64_t mock_produce_next_deadline(const struct mock_broker *broker) {
    uint64_t next = UINT64_MAX;
    for (const struct mock_request *r = broker->unreplicated; r; r = r->next_parked) {
        next = r->deadline_ms < next && !r->connection->frozen ? r->deadline_ms : next;
    }
    return next;
}

void mock_produce_clean_up(struct mock_request *r) {
    stop_waiting(r);
    for (size_t i = 0; r->produce_work && i < r->produce_work->count; i++) {
        mock_stored_batch_unref(r->produce_work->parts[i].appended);
        r->produce_work->parts[i].appended = NULL;
    }
}

void mock_produce_finish(struct mock_request *r) {
    for (size_t i = 0; i < r->produce_work->count; i++) {
        struct part *p = &r->produce_work->parts[i];
        if (!p->error) {
            append(r, p);
        }
        p->waits = r->u.produce.acks == ACKS_ALL && !p->error;
    }
    if (are_replicated(r) || r->orphan) {
        answer(r);
    } else {
        wait_for_replicas(r);
    }
}

void mock_produce_sent(struct mock_request *r, bool dropped) {
    const struct mock_produce_request *request = &r->u.produce;
    struct mock_event event;
    mock_request_event(r, MOCK_EVENT_ACK, &event);
    event.dropped = dropped;
    size_t at = 0;
    for (size_t t = 0; r->decoded && t < request->topic_count; t++) {
        struct base_slice called = request->topics[t].name; /* null: an id that nobody has */
        char *name = base_slice_is_null(called)
                         ? base_arena_strdup(&r->arena, "")
                         : base_arena_strndup(&r->arena, (const char *)called.data, called.len);
        for (size_t i = 0; name && i < request->topics[t].partition_count; i++, at++) {
            bool refused = !r->produce_work || r->fate == MOCK_FATE_APPLY_ERROR;
            event.topic = name;
            event.partition = request->topics[t].partitions[i].index;
            event.error = refused ? r->error : r->produce_work->parts[at].error;
            event.offset = refused ? -1 : r->produce_work->parts[at].base_offset;
            mock_broker_emit(r->connection->broker, &event);
        }
    }
}
