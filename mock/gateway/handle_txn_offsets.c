/* TxnOffsetCommit: offsets of a group that hold when the transaction is committed. Kept by the
 * group coordinator (mock/group), after the transaction's coordinator (mock/txn) was asked. */
#include "base/memory.h"
#include "mock/gateway/txn.h"

/* Kafka's offset.metadata.max.bytes. */
#define MAX_METADATA_BYTES 4096u
/* Transactions V2: the group is added to the transaction by the commit itself. */
#define FIRST_ADDING_VERSION 5
/* Before it, clients know a partition that is not in the transaction as INVALID_TXN_STATE. */
#define FIRST_ABORTABLE_VERSION 4
/* Topics are named by id. */
#define FIRST_ID_VERSION 6

int mock_txn_commit_decode(struct mock_request *r, struct base_reader *body) {
    return mock_txn_offset_commit_request_decode(body, r->header.api_version, &r->arena,
                                                 &r->u.txn_commit);
}

static const char *text(struct mock_request *r, struct base_slice s) {
    const char *copy = base_arena_strndup(&r->arena, (const char *)s.data, s.len);
    return copy ? copy : "";
}

/* NULL: no such topic. */
static const struct mock_topic *topic_of(const struct mock_request *r,
                                         const struct mock_txn_offset_commit_topic *asked) {
    const struct mock_broker *broker = r->connection->broker;
    return r->header.api_version >= FIRST_ID_VERSION ? mock_topic_find_id(broker, &asked->id)
                                                     : mock_topic_find(broker, asked->name);
}

/* COMMIT before it is kept, COMMITTED when it is refused; if not, when the transaction ends. */
static void emit(struct mock_request *r, enum mock_event_kind kind, const char *topic,
                 const struct mock_txn_offset_commit_partition *p, int16_t error) {
    const struct mock_txn_offset_commit_request *q = &r->u.txn_commit;
    struct mock_event event;
    mock_request_event(r, kind, &event);
    event.group = text(r, q->group_id);
    event.member = text(r, q->member_id);
    event.generation = q->generation_id;
    event.topic = topic;
    event.partition = p->index;
    event.offset = p->offset;
    event.error = error;
    mock_broker_emit(r->connection->broker, &event);
}

static struct mock_txn_commit commit_of(const struct mock_request *r) {
    const struct mock_txn_offset_commit_request *q = &r->u.txn_commit;
    return (struct mock_txn_commit){
        .group_id = q->group_id,
        .producer_id = q->producer_id,
        .generation_id = q->generation_id,
        .member_id = q->member_id,
        .group_instance_id = q->group_instance_id,
    };
}

/* One partition that exists and may be committed. */
static int16_t keep(struct mock_request *r, const char *topic,
                    const struct mock_txn_offset_commit_partition *p) {
    if (p->metadata.len > MAX_METADATA_BYTES) {
        return MOCK_ERROR_OFFSET_METADATA_TOO_LARGE;
    }
    struct mock_txn_commit commit = commit_of(r);
    commit.offset = p->offset;
    commit.leader_epoch = p->leader_epoch;
    commit.metadata = p->metadata;
    emit(r, MOCK_EVENT_COMMIT, topic, p, MOCK_ERROR_NONE);
    int rc = mock_groups_txn_commit(r->connection->broker->groups, &commit, topic, p->index, NULL);
    return rc < 0 ? MOCK_ERROR_UNKNOWN_SERVER_ERROR : MOCK_ERROR_NONE;
}

/* What Kafka says of a topic, or of its partition, before any is kept. */
static int16_t check_part(struct mock_request *r, const struct mock_topic *topic, bool may,
                          int32_t partition) {
    if (!topic) {
        return r->header.api_version >= FIRST_ID_VERSION ? MOCK_ERROR_UNKNOWN_TOPIC_ID
                                                         : MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION;
    }
    if (!may) {
        return MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED;
    }
    return partition < 0 || partition >= topic->partition_count
               ? MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION
               : MOCK_ERROR_NONE;
}

static void fill_topic(struct mock_request *r, const struct mock_txn_offset_commit_topic *asked,
                       int16_t override, bool apply,
                       struct mock_txn_offset_commit_topic_response *out) {
    const struct mock_topic *topic = apply ? topic_of(r, asked) : NULL;
    struct base_slice name = topic ? base_slice_str(topic->name) : asked->name;
    bool may = !apply || !name.data || mock_request_may(r, MOCK_ACL_READ, MOCK_ACL_TOPIC, name);
    out->name = asked->name;
    out->id = asked->id;
    out->partitions =
        base_arena_alloc_array(&r->arena, asked->partition_count, sizeof(*out->partitions));
    out->partition_count = out->partitions ? asked->partition_count : 0;
    for (size_t i = 0; i < out->partition_count; i++) {
        const struct mock_txn_offset_commit_partition *p = &asked->partitions[i];
        int16_t error = apply ? check_part(r, topic, may, p->index) : override;
        error = error ? error : override;
        if (apply && !error) {
            error = keep(r, topic->name, p);
        }
        if (apply && error) {
            emit(r, MOCK_EVENT_COMMITTED, text(r, name), p, error);
        }
        out->partitions[i] = (struct mock_txn_offset_commit_partition_response){p->index, error};
        r->error = r->error ? r->error : error;
    }
}

/* override: of everything that nothing else is said of; nothing is then kept. */
static void answer(struct mock_request *r, int16_t override, bool apply) {
    const struct mock_txn_offset_commit_request *q = &r->u.txn_commit;
    struct mock_txn_offset_commit_response response = {r->throttle_ms, NULL, q->topic_count};
    response.topics = base_arena_alloc_array(&r->arena, q->topic_count, sizeof(*response.topics));
    r->error = MOCK_ERROR_NONE;
    for (size_t i = 0; response.topics && i < q->topic_count; i++) {
        fill_topic(r, &q->topics[i], override, apply, &response.topics[i]);
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_txn_offset_commit_response_encode(b, r->header.api_version, &response);
}

void mock_txn_commit_refuse(struct mock_request *r, int16_t error) {
    answer(r, error, false);
}

/* As the group coordinator hands on what the transaction's coordinator said. */
static int16_t as_known(const struct mock_request *r, int16_t error) {
    switch (error) {
    case MOCK_ERROR_TRANSACTION_ABORTABLE:
        return r->header.api_version >= FIRST_ABORTABLE_VERSION ? error
                                                                : MOCK_ERROR_INVALID_TXN_STATE;
    case MOCK_ERROR_CONCURRENT_TRANSACTIONS:
        return r->header.api_version >= FIRST_ADDING_VERSION ? error
                                                             : MOCK_ERROR_COORDINATOR_NOT_AVAILABLE;
    default:
        return error;
    }
}

static int16_t check(struct mock_request *r) {
    const struct mock_txn_offset_commit_request *q = &r->u.txn_commit;
    struct mock_txn_commit commit = commit_of(r);
    int16_t error = mock_txn_take_part(
        r, q->transactional_id, (struct mock_txn_producer){q->producer_id, q->producer_epoch},
        mock_txn_offsets_partition(q->group_id), r->header.api_version >= FIRST_ADDING_VERSION);
    if (error) {
        return as_known(r, error);
    }
    return mock_groups_check_txn_commit(r->connection->broker->groups, &commit);
}

static void commit_here(struct mock_request *r, int32_t node) {
    int16_t error = MOCK_ERROR_NONE;
    if (node != r->connection->node) {
        error = node < 0 ? MOCK_ERROR_COORDINATOR_NOT_AVAILABLE : MOCK_ERROR_NOT_COORDINATOR;
    } else {
        error = check(r);
    }
    answer(r, error, true);
    mock_request_answered(r, r->error);
}

void mock_txn_commit_apply(struct mock_request *r) {
    const struct mock_txn_offset_commit_request *q = &r->u.txn_commit;
    int16_t error = MOCK_ERROR_NONE;
    if (!mock_request_may(r, MOCK_ACL_WRITE, MOCK_ACL_TRANSACTIONAL_ID, q->transactional_id)) {
        error = MOCK_ERROR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
    } else if (!mock_request_may(r, MOCK_ACL_READ, MOCK_ACL_GROUP, q->group_id)) {
        error = MOCK_ERROR_GROUP_AUTHORIZATION_FAILED;
    }
    if (error) {
        mock_txn_commit_refuse(r, error);
        mock_request_answered(r, r->error);
        return;
    }
    mock_coordinator_find(r, q->group_id, commit_here);
}
