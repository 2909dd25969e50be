/* OffsetCommit and OffsetFetch: committed offsets of groups, kept by the coordinator (mock/group).
 */
#include <string.h>

#include "base/memory.h"
#include "mock/gateway/handlers.h"

/* Kafka's offset.metadata.max.bytes. */
#define MAX_METADATA_BYTES 4096u

/* -- OffsetCommit -- */

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

static int16_t commit_one(struct mock_request *r, struct base_slice topic,
                          const struct mock_offset_commit_partition *p) {
    struct mock_broker *broker = r->connection->broker;
    const char *name = text(r, topic);
    if (!mock_partition_find(broker, topic, p->index, NULL)) {
        return MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION;
    }
    if (p->metadata.len > MAX_METADATA_BYTES) {
        return MOCK_ERROR_OFFSET_METADATA_TOO_LARGE;
    }
    int rc = mock_groups_commit(broker->groups, text(r, r->u.offset_commit.group_id), name,
                                p->index, p->offset, p->leader_epoch, p->metadata, NULL);
    return rc < 0 ? MOCK_ERROR_UNKNOWN_SERVER_ERROR : MOCK_ERROR_NONE;
}

/* override: this error everywhere, and nothing is stored. */
static void answer_commit(struct mock_request *r, int16_t override, bool apply) {
    const struct mock_offset_commit_request *q = &r->u.offset_commit;
    struct mock_offset_commit_response response = {r->throttle_ms, NULL, q->topic_count};
    response.topics = base_arena_alloc_array(&r->arena, q->topic_count, sizeof(*response.topics));
    for (size_t t = 0; response.topics && t < q->topic_count; t++) {
        struct mock_offset_commit_topic_response *topic = &response.topics[t];
        topic->name = q->topics[t].name;
        topic->partition_count = q->topics[t].partition_count;
        topic->partitions =
            base_arena_alloc_array(&r->arena, topic->partition_count, sizeof(*topic->partitions));
        bool may = !apply || mock_request_may(r, MOCK_ACL_READ, MOCK_ACL_TOPIC, topic->name);
        for (size_t i = 0; topic->partitions && i < topic->partition_count; i++) {
            const struct mock_offset_commit_partition *p = &q->topics[t].partitions[i];
            int16_t error = may ? override : MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED;
            if (apply) {
                error = error ? error : commit_one(r, topic->name, p);
                emit(r, MOCK_EVENT_COMMITTED, topic->name, p, error);
            }
            topic->partitions[i] = (struct mock_offset_commit_partition_response){p->index, error};
            r->error = r->error ? r->error : error;
        }
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_offset_commit_response_encode(b, r->header.api_version, &response);
}

void mock_offset_commit_refuse(struct mock_request *r, int16_t error) {
    answer_commit(r, error, false);
}

static void announce(struct mock_request *r) {
    const struct mock_offset_commit_request *q = &r->u.offset_commit;
    for (size_t t = 0; t < q->topic_count; t++) {
        bool may = mock_request_would(r, MOCK_ACL_READ, MOCK_ACL_TOPIC, q->topics[t].name);
        for (size_t i = 0; may && i < q->topics[t].partition_count; i++) {
            emit(r, MOCK_EVENT_COMMIT, q->topics[t].name, &q->topics[t].partitions[i],
                 MOCK_ERROR_NONE);
        }
    }
}

static void commit_here(struct mock_request *r, int32_t node) {
    struct mock_broker *broker = r->connection->broker;
    int16_t error = MOCK_ERROR_NONE;
    if (node != r->connection->node) {
        error = node < 0 ? MOCK_ERROR_COORDINATOR_NOT_AVAILABLE : MOCK_ERROR_NOT_COORDINATOR;
    } else {
        error = mock_groups_check_commit(broker->groups, &r->u.offset_commit,
                                         (int64_t)mock_broker_now_ms(broker));
    }
    if (!error) {
        announce(r);
    }
    answer_commit(r, error, true);
    mock_request_answered(r, r->error);
    mock_broker_schedule(broker);
}

void mock_offset_commit_apply(struct mock_request *r) {
    if (!mock_request_may(r, MOCK_ACL_READ, MOCK_ACL_GROUP, r->u.offset_commit.group_id)) {
        mock_offset_commit_refuse(r, MOCK_ERROR_GROUP_AUTHORIZATION_FAILED);
        mock_request_answered(r, MOCK_ERROR_GROUP_AUTHORIZATION_FAILED);
        return;
    }
    mock_coordinator_find(r, r->u.offset_commit.group_id, commit_here);
}

/* -- OffsetFetch -- */

int mock_offset_fetch_decode(struct mock_request *r, struct base_reader *body) {
    return mock_offset_fetch_request_decode(body, r->header.api_version, &r->arena,
                                            &r->u.offset_fetch);
}

static struct mock_offset_fetch_partition_response
fetched(struct mock_request *r, const char *group, const char *topic, int32_t partition) {
    struct mock_committed c =
        mock_groups_committed(r->connection->broker->groups, group, topic, partition);
    return (struct mock_offset_fetch_partition_response){
        .index = partition,
        .offset = c.offset,
        .leader_epoch = c.leader_epoch,
        .metadata = base_slice_str(c.metadata ? c.metadata : ""),
    };
}

struct all_topics {
    struct mock_request *request;
    struct mock_offset_fetch_group_response *group;
    size_t cap;
    size_t partition_cap;
};

/* Committed offsets come sorted by topic and partition. */
static void add_committed(void *arg, const char *topic, int32_t partition,
                          const struct mock_committed *committed) {
    struct all_topics *all = arg;
    struct mock_offset_fetch_group_response *g = all->group;
    if (!mock_request_would(all->request, MOCK_ACL_DESCRIBE, MOCK_ACL_TOPIC,
                            base_slice_str(topic))) {
        return;
    }
    struct mock_offset_fetch_topic_response *t =
        g->topic_count ? &g->topics[g->topic_count - 1] : NULL;
    if (!t || !base_slice_equal_str(t->name, topic)) {
        if (g->topic_count == all->cap) {
            return;
        }
        t = &g->topics[g->topic_count++];
        t->name = base_slice_str(text(all->request, base_slice_str(topic)));
        t->partitions = base_arena_alloc_array(&all->request->arena, all->partition_cap,
                                               sizeof(*t->partitions));
    }
    if (t->partitions && t->partition_count < all->partition_cap) {
        t->partitions[t->partition_count++] = (struct mock_offset_fetch_partition_response){
            .index = partition,
            .offset = committed->offset,
            .leader_epoch = committed->leader_epoch,
            .metadata = base_slice_str(
                text(all->request, base_slice_str(committed->metadata ? committed->metadata : ""))),
        };
    }
}

static void count_committed(void *arg, const char *topic, int32_t partition,
                            const struct mock_committed *committed) {
    size_t *count = arg;
    (void)topic;
    (void)partition;
    (void)committed;
    (*count)++;
}

static void fill_all(struct mock_request *r, const char *group,
                     struct mock_offset_fetch_group_response *out) {
    const struct mock_groups *groups = r->connection->broker->groups;
    size_t count = 0;
    mock_groups_each_committed(groups, group, count_committed, &count);
    struct all_topics all = {r, out, count, count};
    out->topics = base_arena_alloc_array(&r->arena, count, sizeof(*out->topics));
    if (out->topics) {
        mock_groups_each_committed(groups, group, add_committed, &all);
    }
}

static void fill_group(struct mock_request *r, const struct mock_offset_fetch_group *asked,
                       int16_t error, struct mock_offset_fetch_group_response *out) {
    const char *group = text(r, asked->group_id);
    *out =
        (struct mock_offset_fetch_group_response){.group_id = asked->group_id, .error_code = error};
    if (asked->all_topics) {
        if (!error) {
            fill_all(r, group, out);
        }
        return;
    }
    out->topic_count = asked->topic_count;
    out->topics = base_arena_alloc_array(&r->arena, asked->topic_count, sizeof(*out->topics));
    for (size_t t = 0; out->topics && t < asked->topic_count; t++) {
        struct mock_offset_fetch_topic_response *topic = &out->topics[t];
        const char *name = text(r, asked->topics[t].name);
        topic->name = asked->topics[t].name;
        topic->partition_count = asked->topics[t].partition_count;
        topic->partitions =
            base_arena_alloc_array(&r->arena, topic->partition_count, sizeof(*topic->partitions));
        int16_t topic_error = error;
        if (!error && !mock_request_may(r, MOCK_ACL_DESCRIBE, MOCK_ACL_TOPIC, topic->name)) {
            topic_error = MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED;
        }
        for (size_t i = 0; topic->partitions && i < topic->partition_count; i++) {
            topic->partitions[i] = fetched(r, group, name, asked->topics[t].partitions[i]);
            if (topic_error) {
                topic->partitions[i].offset = -1;
                topic->partitions[i].leader_epoch = -1;
                topic->partitions[i].metadata = base_slice_str("");
                topic->partitions[i].error_code = topic_error;
            }
        }
    }
}

/* error: of every group that may be described. */
static void answer_fetch(struct mock_request *r, int16_t error, bool apply) {
    const struct mock_offset_fetch_request *q = &r->u.offset_fetch;
    struct mock_offset_fetch_response response = {r->throttle_ms, NULL, q->group_count};
    response.groups = base_arena_alloc_array(&r->arena, q->group_count, sizeof(*response.groups));
    for (size_t i = 0; response.groups && i < q->group_count; i++) {
        bool may = !apply ||
                   mock_request_would(r, MOCK_ACL_DESCRIBE, MOCK_ACL_GROUP, q->groups[i].group_id);
        int16_t group_error = may ? error : MOCK_ERROR_GROUP_AUTHORIZATION_FAILED;
        fill_group(r, &q->groups[i], group_error, &response.groups[i]);
        r->error = r->error ? r->error : group_error;
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_offset_fetch_response_encode(b, r->header.api_version, &response);
}

void mock_offset_fetch_refuse(struct mock_request *r, int16_t error) {
    answer_fetch(r, error, false);
}

static void fetch_here(struct mock_request *r, int32_t node) {
    int16_t error = MOCK_ERROR_NONE;
    if (node != r->connection->node) {
        error = node < 0 ? MOCK_ERROR_COORDINATOR_NOT_AVAILABLE : MOCK_ERROR_NOT_COORDINATOR;
    }
    answer_fetch(r, error, true);
    mock_request_answered(r, r->error);
}

void mock_offset_fetch_apply(struct mock_request *r) {
    const struct mock_offset_fetch_request *q = &r->u.offset_fetch;
    struct base_slice first = BASE_SLICE_NULL;
    for (size_t i = 0; i < q->group_count; i++) {
        struct base_slice id = q->groups[i].group_id;
        bool may = mock_request_may(r, MOCK_ACL_DESCRIBE, MOCK_ACL_GROUP, id);
        first = may && !first.data ? id : first;
    }
    if (!first.data) {
        answer_fetch(r, MOCK_ERROR_NONE, true);
        mock_request_answered(r, r->error);
        return;
    }
    mock_coordinator_find(r, first, fetch_here);
}

/* -- inspection -- */

int64_t mock_group_committed(const struct mock_broker *broker, const char *group, const char *topic,
                             int32_t partition) {
    return mock_groups_committed(broker->groups, group, topic, partition).offset;
}
