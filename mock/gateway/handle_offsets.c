/* OffsetCommit: the offsets of groups, kept by the coordinator (mock/group). */
#include <string.h>

#include "base/memory.h"
#include "mock/gateway/handlers.h"

/* Kafka's offset.metadata.max.bytes. */
#define MAX_METADATA_BYTES 4096u
/* From this version on topics are told by their ids. */
#define TOPIC_ID_VERSION 10

int mock_offset_commit_decode(struct mock_request *r, struct base_reader *body) {
    return mock_offset_commit_request_decode(body, r->header.api_version, &r->arena,
                                             &r->u.offset_commit);
}

static const char *text(struct mock_request *r, struct base_slice s) {
    const char *copy = base_arena_strndup(&r->arena, (const char *)s.data, s.len);
    return copy ? copy : "";
}

/* One event for each partition of the commit: COMMIT before it is applied, COMMITTED after. */
static void emit(struct mock_request *r, enum mock_event_kind kind, struct base_slice topic,
                 const struct mock_offset_commit_partition *p, int16_t error) {
    const struct mock_offset_commit_request *q = &r->u.offset_commit;
    struct mock_event event;
    mock_request_event(r, kind, &event);
    event.group = text(r, q->group_id);
    event.member = text(r, q->member_id);
    event.generation = q->generation_id;
    event.topic = text(r, topic);
    event.partition = p->index;
    event.offset = p->offset;
    event.error = error;
    mock_broker_emit(r->connection->broker, &event);
}

/* -- what of the request may be committed -- */

/* A topic by its name, or by its id from version 10 on; the request then has both. */
static int16_t identify(struct mock_request *r, struct mock_offset_commit_topic *topic) {
    const struct mock_broker *broker = r->connection->broker;
    if (r->header.api_version >= TOPIC_ID_VERSION) {
        const struct mock_topic *known = mock_topic_find_id(broker, &topic->id);
        topic->name = known ? base_slice_str(known->name) : base_slice_str("");
        if (!known) {
            return MOCK_ERROR_UNKNOWN_TOPIC_ID;
        }
    }
    if (!mock_request_may(r, MOCK_ACL_READ, MOCK_ACL_TOPIC, topic->name)) {
        return MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED;
    }
    const struct mock_topic *known = mock_topic_find(broker, topic->name);
    if (known) {
        topic->id = known->id;
    }
    return known ? MOCK_ERROR_NONE : MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION;
}

/* Room for the errors of all partitions, in r->commit_errors; how many have none yet, or -1. */
static int64_t check_topics(struct mock_request *r) {
    struct mock_offset_commit_request *q = &r->u.offset_commit;
    int64_t good = 0;
    r->commit_errors = base_arena_alloc_array(&r->arena, q->topic_count, sizeof(int16_t *));
    for (size_t t = 0; r->commit_errors && t < q->topic_count; t++) {
        struct mock_offset_commit_topic *topic = &q->topics[t];
        r->commit_errors[t] =
            base_arena_alloc_array(&r->arena, topic->partition_count, sizeof(int16_t));
        int16_t error = identify(r, topic);
        for (size_t i = 0; r->commit_errors[t] && i < topic->partition_count; i++) {
            bool exists = error || mock_partition_find(r->connection->broker, topic->name,
                                                       topic->partitions[i].index, NULL);
            r->commit_errors[t][i] = exists ? error : MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION;
            good += r->commit_errors[t][i] == MOCK_ERROR_NONE;
        }
    }
    return r->arena.failed ? -1 : good;
}

/* The partitions that have no error: what the group is asked about. */
static struct mock_offset_commit_request accepted(struct mock_request *r) {
    struct mock_offset_commit_request q = r->u.offset_commit;
    const struct mock_offset_commit_topic *topics = q.topics;
    q.topics = base_arena_alloc_array(&r->arena, q.topic_count, sizeof(*q.topics));
    for (size_t t = 0; q.topics && t < q.topic_count; t++) {
        struct mock_offset_commit_topic *topic = &q.topics[t];
        *topic = topics[t];
        topic->partition_count = 0;
        topic->partitions = base_arena_alloc_array(&r->arena, topics[t].partition_count,
                                                   sizeof(*topic->partitions));
        for (size_t i = 0; topic->partitions && i < topics[t].partition_count; i++) {
            if (!r->commit_errors[t][i]) {
                topic->partitions[topic->partition_count++] = topics[t].partitions[i];
            }
        }
    }
    q.topic_count = q.topics ? q.topic_count : 0;
    return q;
}

/* -- committing -- */

static int16_t commit_one(struct mock_request *r, struct base_slice topic,
                          const struct mock_offset_commit_partition *p) {
    const struct mock_offset_commit_request *q = &r->u.offset_commit;
    struct mock_groups *groups = r->connection->broker->groups;
    const char *group = text(r, q->group_id);
    const char *name = text(r, topic);
    if (p->metadata.len > MAX_METADATA_BYTES) {
        return MOCK_ERROR_OFFSET_METADATA_TOO_LARGE;
    }
    if (mock_groups_commit(groups, group, name, p->index, p->offset, p->leader_epoch, p->metadata,
                           NULL) < 0) {
        return MOCK_ERROR_UNKNOWN_SERVER_ERROR;
    }
    if (q->retention_time_ms != -1) {
        mock_groups_retain_commit(groups, group, name, p->index, q->retention_time_ms);
    }
    return MOCK_ERROR_NONE;
}

/* error: everywhere, and nothing is stored. */
static void encode_commit(struct mock_request *r, int16_t error) {
    const struct mock_offset_commit_request *q = &r->u.offset_commit;
    struct mock_offset_commit_response response = {r->throttle_ms, NULL, q->topic_count};
    response.topics = base_arena_alloc_array(&r->arena, q->topic_count, sizeof(*response.topics));
    for (size_t t = 0; response.topics && t < q->topic_count; t++) {
        struct mock_offset_commit_topic_response *topic = &response.topics[t];
        topic->name = q->topics[t].name;
        topic->id = q->topics[t].id;
        topic->partition_count = q->topics[t].partition_count;
        topic->partitions =
            base_arena_alloc_array(&r->arena, topic->partition_count, sizeof(*topic->partitions));
        for (size_t i = 0; topic->partitions && i < topic->partition_count; i++) {
            topic->partitions[i] = (struct mock_offset_commit_partition_response){
                q->topics[t].partitions[i].index, error ? error : r->commit_errors[t][i]};
        }
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_offset_commit_response_encode(b, r->header.api_version, &response);
}

void mock_offset_commit_refuse(struct mock_request *r, int16_t error) {
    encode_commit(r, error);
}

/* Says what is about to be done, does it, and says what came of it. group_error: of the group, for
 * every partition that has none of its own. */
static void commit(struct mock_request *r, int16_t group_error) {
    const struct mock_offset_commit_request *q = &r->u.offset_commit;
    for (size_t t = 0; !group_error && t < q->topic_count; t++) {
        for (size_t i = 0; i < q->topics[t].partition_count; i++) {
            if (!r->commit_errors[t][i]) {
                emit(r, MOCK_EVENT_COMMIT, q->topics[t].name, &q->topics[t].partitions[i],
                     MOCK_ERROR_NONE);
            }
        }
    }
    for (size_t t = 0; t < q->topic_count; t++) {
        for (size_t i = 0; i < q->topics[t].partition_count; i++) {
            const struct mock_offset_commit_partition *p = &q->topics[t].partitions[i];
            int16_t *error = &r->commit_errors[t][i];
            *error = *error        ? *error
                     : group_error ? group_error
                                   : commit_one(r, q->topics[t].name, p);
            emit(r, MOCK_EVENT_COMMITTED, q->topics[t].name, p, *error);
            r->error = r->error ? r->error : *error;
        }
    }
    encode_commit(r, MOCK_ERROR_NONE);
    mock_request_answered(r, r->error);
}

static void commit_here(struct mock_request *r, int32_t node) {
    struct mock_broker *broker = r->connection->broker;
    int16_t error = mock_coordinator_error(r, node);
    if (!error) {
        const struct mock_offset_commit_request q = accepted(r);
        error = mock_groups_check_commit(broker->groups, r->header.api_version, &q,
                                         (int64_t)mock_broker_now_ms(broker));
    }
    commit(r, error);
    mock_broker_schedule(broker);
}

void mock_offset_commit_apply(struct mock_request *r) {
    struct base_slice group = r->u.offset_commit.group_id;
    if (!mock_request_may(r, MOCK_ACL_READ, MOCK_ACL_GROUP, group)) {
        mock_offset_commit_refuse(r, MOCK_ERROR_GROUP_AUTHORIZATION_FAILED);
        mock_request_answered(r, MOCK_ERROR_GROUP_AUTHORIZATION_FAILED);
        return;
    }
    int64_t good = check_topics(r);
    if (good < 0) {
        mock_request_fail(r, "no memory");
    } else if (good == 0) {
        commit(r, MOCK_ERROR_NONE); /* the group is not even asked */
    } else {
        mock_coordinator_find(r, group, commit_here);
    }
}

/* -- inspection -- */

int64_t mock_group_committed(const struct mock_broker *broker, const char *group, const char *topic,
                             int32_t partition) {
    return mock_groups_committed(broker->groups, group, topic, partition).offset;
}
