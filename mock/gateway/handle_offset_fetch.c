/* OffsetFetch: what groups have committed. Kafka: KafkaApis.fetchOffsetsForGroup,
 * OffsetMetadataManager.fetchOffsets. */
#include <string.h>

#include "mock/gateway/handlers.h"

/* From this version on topics are told by their ids. */
#define TOPIC_ID_VERSION 10
/* From this version on the error of a group is told once, without its topics. */
#define GROUP_ERROR_VERSION 2

int mock_offset_fetch_decode(struct mock_request *r, struct base_reader *body) {
    return mock_offset_fetch_request_decode(body, r->header.api_version, &r->arena,
                                            &r->u.offset_fetch);
}

static const char *text(struct mock_request *r, struct base_slice s) {
    const char *copy = base_arena_strndup(&r->arena, (const char *)s.data, s.len);
    return copy ? copy : "";
}

static struct mock_offset_fetch_partition_response not_fetched(int32_t partition, int16_t error) {
    return (struct mock_offset_fetch_partition_response){.index = partition,
                                                         .offset = -1,
                                                         .leader_epoch = -1,
                                                         .metadata = base_slice_str(""),
                                                         .error_code = error};
}

static struct mock_offset_fetch_partition_response fetched(int32_t partition,
                                                           const struct mock_committed *committed) {
    return (struct mock_offset_fetch_partition_response){
        .index = partition,
        .offset = committed->offset,
        .leader_epoch = committed->leader_epoch,
        .metadata = base_slice_str(committed->metadata ? committed->metadata : ""),
    };
}

/* -- everything that a group has committed -- */

/* A transaction may still commit another offset: whoever wants a stable one asks again. */
static bool is_unstable(const struct mock_request *r, const char *group, const char *topic,
                        int32_t partition) {
    return r->u.offset_fetch.require_stable &&
           mock_groups_is_unstable(r->connection->broker->groups, group, topic, partition);
}

struct all_topics {
    struct mock_request *request;
    struct mock_offset_fetch_group_response *group;
    const char *group_id;
    size_t left; /* partitions that are still to come, this one included */
};

/* A topic that is told by its id must have one. */
static bool begin_topic(struct all_topics *all, const char *topic) {
    struct mock_request *r = all->request;
    const struct mock_topic *known = mock_topic_find_str(r->connection->broker, topic);
    if (!mock_request_would(r, MOCK_ACL_DESCRIBE, MOCK_ACL_TOPIC, base_slice_str(topic)) ||
        (r->header.api_version >= TOPIC_ID_VERSION && !known)) {
        return false;
    }
    struct mock_offset_fetch_topic_response *t = &all->group->topics[all->group->topic_count];
    t->name = base_slice_str(text(r, base_slice_str(topic)));
    t->id = known ? known->id : t->id;
    t->partitions = base_arena_alloc_array(&r->arena, all->left, sizeof(*t->partitions));
    all->group->topic_count += t->partitions != NULL;
    return t->partitions != NULL;
}

/* Committed offsets come sorted by topic and partition. */
static void add_committed(void *arg, const char *topic, int32_t partition,
                          const struct mock_committed *committed) {
    struct all_topics *all = arg;
    struct mock_offset_fetch_group_response *g = all->group;
    bool same = g->topic_count && base_slice_equal_str(g->topics[g->topic_count - 1].name, topic);
    if (same || begin_topic(all, topic)) {
        struct mock_offset_fetch_topic_response *t = &g->topics[g->topic_count - 1];
        t->partitions[t->partition_count++] =
            is_unstable(all->request, all->group_id, topic, partition)
                ? not_fetched(partition, MOCK_ERROR_UNSTABLE_OFFSET_COMMIT)
                : fetched(partition, committed);
    }
    all->left--;
}

static void count_committed(void *arg, const char *topic, int32_t partition,
                            const struct mock_committed *committed) {
    size_t *count = arg;
    (*count)++;
}

static void fill_all(struct mock_request *r, const char *group,
                     struct mock_offset_fetch_group_response *out) {
    const struct mock_groups *groups = r->connection->broker->groups;
    size_t count = 0;
    mock_groups_each_committed(groups, group, count_committed, &count);
    struct all_topics all = {r, out, group, count};
    out->topics = base_arena_alloc_array(&r->arena, count, sizeof(*out->topics));
    if (out->topics) {
        mock_groups_each_committed(groups, group, add_committed, &all);
    }
}

/* -- what is asked for -- */

static int16_t identify(struct mock_request *r, struct mock_offset_fetch_topic *topic) {
    if (r->header.api_version >= TOPIC_ID_VERSION) {
        const struct mock_topic *known = mock_topic_find_id(r->connection->broker, &topic->id);
        if (!known) {
            return MOCK_ERROR_UNKNOWN_TOPIC_ID;
        }
        topic->name = base_slice_str(known->name);
    }
    return mock_request_may(r, MOCK_ACL_DESCRIBE, MOCK_ACL_TOPIC, topic->name)
               ? MOCK_ERROR_NONE
               : MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED;
}

/* override: the error of every partition. */
static void fill_topic(struct mock_request *r, const char *group, int16_t override,
                       struct mock_offset_fetch_topic *asked,
                       struct mock_offset_fetch_topic_response *out) {
    int16_t error = override ? override : identify(r, asked);
    const char *name = text(r, asked->name);
    out->name = asked->name;
    out->id = asked->id;
    out->partitions =
        base_arena_alloc_array(&r->arena, asked->partition_count, sizeof(*out->partitions));
    out->partition_count = out->partitions ? asked->partition_count : 0;
    for (size_t i = 0; i < out->partition_count; i++) {
        int32_t partition = asked->partitions[i];
        struct mock_committed c =
            mock_groups_committed(r->connection->broker->groups, group, name, partition);
        int16_t own = error || !is_unstable(r, group, name, partition)
                          ? error
                          : MOCK_ERROR_UNSTABLE_OFFSET_COMMIT;
        out->partitions[i] = own ? not_fetched(partition, own) : fetched(partition, &c);
    }
}

static void fill_group(struct mock_request *r, struct mock_offset_fetch_group *asked, int16_t error,
                       struct mock_offset_fetch_group_response *out) {
    const char *group = text(r, asked->group_id);
    *out =
        (struct mock_offset_fetch_group_response){.group_id = asked->group_id, .error_code = error};
    if (error && r->header.api_version >= GROUP_ERROR_VERSION) {
        return;
    }
    if (asked->all_topics) {
        fill_all(r, group, out);
        return;
    }
    out->topics = base_arena_alloc_array(&r->arena, asked->topic_count, sizeof(*out->topics));
    out->topic_count = out->topics ? asked->topic_count : 0;
    for (size_t t = 0; t < out->topic_count; t++) {
        fill_topic(r, group, error, &asked->topics[t], &out->topics[t]);
    }
}

/* -- the answer -- */

/* errors: one for each group, or NULL for override everywhere. */
static void encode(struct mock_request *r, const int16_t *errors, int16_t override) {
    const struct mock_offset_fetch_request *q = &r->u.offset_fetch;
    struct mock_offset_fetch_response response = {r->throttle_ms, NULL, q->group_count};
    response.groups = base_arena_alloc_array(&r->arena, q->group_count, sizeof(*response.groups));
    for (size_t i = 0; response.groups && i < q->group_count; i++) {
        int16_t error = errors ? errors[i] : override;
        fill_group(r, &q->groups[i], error, &response.groups[i]);
        r->error = r->error ? r->error : error;
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_offset_fetch_response_encode(b, r->header.api_version, &response);
}

void mock_offset_fetch_refuse(struct mock_request *r, int16_t error) {
    encode(r, NULL, error);
}

/* The search was for those that may be described, in the order of the request. */
static void fetch_found(struct mock_request *r) {
    const struct mock_offset_fetch_request *q = &r->u.offset_fetch;
    int16_t *errors = base_arena_alloc_array(&r->arena, q->group_count, sizeof(*errors));
    size_t at = 0;
    for (size_t i = 0; errors && i < q->group_count; i++) {
        const struct mock_offset_fetch_group *g = &q->groups[i];
        errors[i] = MOCK_ERROR_GROUP_AUTHORIZATION_FAILED;
        if (at < r->group_search->count && r->group_search->groups[at].data == g->group_id.data) {
            errors[i] = mock_coordinator_error(r, r->group_search->nodes[at++]);
            errors[i] = errors[i]
                            ? errors[i]
                            : mock_groups_check_fetch(r->connection->broker->groups, g->group_id,
                                                      g->member_id, g->member_epoch);
        }
    }
    encode(r, errors, MOCK_ERROR_NONE);
    mock_request_answered(r, r->error);
}

void mock_offset_fetch_apply(struct mock_request *r) {
    const struct mock_offset_fetch_request *q = &r->u.offset_fetch;
    size_t count = 0;
    struct base_slice *groups = base_arena_alloc_array(&r->arena, q->group_count, sizeof(*groups));
    for (size_t i = 0; groups && i < q->group_count; i++) {
        if (mock_request_may(r, MOCK_ACL_DESCRIBE, MOCK_ACL_GROUP, q->groups[i].group_id)) {
            groups[count++] = q->groups[i].group_id;
        }
    }
    mock_coordinators_find(r, groups, count, fetch_found);
}
