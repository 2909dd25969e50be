/*
 * DescribeTopicPartitions (KIP-966): topics in the order of their names, in pieces of a limited
 * number of partitions (Kafka: DescribeTopicPartitionsRequestHandler).
 */
#include <stdlib.h>
#include <string.h>

#include "mock/gateway/handlers.h"

/* Kafka's max.request.partition.size.limit. */
#define MAX_PARTITIONS_AN_ANSWER 2000

int mock_topic_partitions_decode(struct mock_request *r, struct base_reader *body) {
    return mock_describe_topic_partitions_request_decode(body, r->header.api_version, &r->arena,
                                                         &r->u.topic_partitions);
}

/* By bytes, as Kafka compares names; null never occurs. */
static int compare(const void *a, const void *b) {
    const struct base_slice *x = a;
    const struct base_slice *y = b;
    size_t len = x->len < y->len ? x->len : y->len;
    int order = len ? memcmp(x->data, y->data, len) : 0;
    return order ? order : (x->len > y->len) - (x->len < y->len);
}

/* The names that are asked for from the cursor on, each once, in order. */
static struct base_slice *list_names(struct mock_request *r, size_t *ret_count) {
    const struct mock_describe_topic_partitions_request *q = &r->u.topic_partitions;
    const struct mock_broker *broker = r->connection->broker;
    bool all = q->topic_count == 0;
    size_t most = all ? HASH_COUNT(broker->topics) : q->topic_count;
    struct base_slice *names = base_arena_alloc_array(&r->arena, most, sizeof(*names));
    size_t count = 0;
    *ret_count = 0;
    if (!names) {
        return NULL;
    }
    const struct mock_topic *t = all ? broker->topics : NULL;
    for (size_t i = 0; i < most; i++) {
        struct base_slice name = all ? base_slice_str(t->name) : q->topics[i];
        t = all ? t->hh.next : NULL;
        if (!q->has_cursor || compare(&name, &q->cursor.topic_name) >= 0) {
            names[count++] = name;
        }
    }
    qsort(names, count, sizeof(*names), compare);
    for (size_t i = 0; i < count; i++) {
        if (*ret_count == 0 || compare(&names[i], &names[*ret_count - 1]) != 0) {
            names[(*ret_count)++] = names[i];
        }
    }
    return names;
}

/* The cursor's topic is among those that are asked for, if any are named. */
static bool is_valid(const struct mock_request *r) {
    const struct mock_describe_topic_partitions_request *q = &r->u.topic_partitions;
    bool named = !q->has_cursor || q->topic_count == 0;
    for (size_t i = 0; i < q->topic_count && !named; i++) {
        named = base_slice_equal(q->topics[i], q->cursor.topic_name);
    }
    return named && (!q->has_cursor || q->cursor.partition >= 0);
}

static void fill_partition(struct mock_request *r, const struct mock_partition *partition,
                           int32_t index, struct mock_described_partition *out) {
    const struct mock_replicas *replicas = &partition->replicas;
    size_t count = (size_t)replicas->count;
    *out = (struct mock_described_partition){
        .index = index,
        .leader_id = partition->leader,
        .leader_epoch = partition->leader_epoch,
        .replicas = base_arena_alloc_array(&r->arena, count, sizeof(int32_t)),
        .isr = base_arena_alloc_array(&r->arena, count, sizeof(int32_t)),
        .offline = base_arena_alloc_array(&r->arena, count, sizeof(int32_t)),
        .has_eligible = true, /* empty: a replica is eligible while it is in sync */
        .has_last_eligible = true,
    };
    for (size_t i = 0; out->replicas && out->isr && out->offline && i < count; i++) {
        const struct mock_replica *replica = &replicas->all[i];
        out->replicas[out->replica_count++] = replica->broker;
        if (replica->in_sync) {
            out->isr[out->isr_count++] = replica->broker;
        }
        if (!replica->alive) {
            out->offline[out->offline_count++] = replica->broker;
        }
    }
}

/* Partitions from first on, at most limit of them; more: there are others behind. */
static void fill_topic(struct mock_request *r, const struct mock_topic *topic, int32_t first,
                       int32_t limit, struct mock_described_topic *out, bool *ret_more) {
    int32_t left = first < topic->partition_count ? topic->partition_count - first : 0;
    int32_t count = left < limit ? left : limit;
    *ret_more = count < left;
    out->name = base_slice_str(topic->name);
    out->id = topic->id;
    out->partitions = base_arena_alloc_array(&r->arena, (size_t)count, sizeof(*out->partitions));
    for (int32_t i = 0; out->partitions && i < count; i++) {
        fill_partition(r, &topic->partitions[first + i], first + i, &out->partitions[i]);
        out->partition_count++;
    }
}

static int16_t absence(struct base_slice name) {
    return mock_topic_name_is_legal(name) ? MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION
                                          : MOCK_ERROR_INVALID_TOPIC_EXCEPTION;
}

/* True: the answer is full, and its cursor set. */
static bool add_topic(struct mock_request *r, struct base_slice name, int32_t *left,
                      struct mock_describe_topic_partitions_response *out) {
    const struct mock_describe_topic_partitions_request *q = &r->u.topic_partitions;
    if (*left == 0) {
        out->has_next_cursor = true;
        out->next_cursor = (struct mock_topic_cursor){name, 0};
        return true;
    }
    struct mock_described_topic *topic = &out->topics[out->topic_count++];
    const struct mock_topic *known = mock_topic_find(r->connection->broker, name);
    *topic = (struct mock_described_topic){.name = name};
    topic->authorized_operations = mock_request_operations(r, MOCK_ACL_TOPIC, name);
    if (!known) {
        topic->error_code = absence(name);
        r->error = r->error ? r->error : topic->error_code;
        return false;
    }
    bool from_cursor = q->has_cursor && base_slice_equal(name, q->cursor.topic_name);
    int32_t first = from_cursor ? q->cursor.partition : 0;
    bool more = false;
    fill_topic(r, known, first, *left, topic, &more);
    *left -= (int32_t)topic->partition_count;
    if (more) {
        out->has_next_cursor = true;
        out->next_cursor =
            (struct mock_topic_cursor){name, first + (int32_t)topic->partition_count};
    }
    return more;
}

/* Who may not describe a topic is told so of those that it named, last. */
static void fill(struct mock_request *r, const struct base_slice *names, size_t count,
                 struct mock_describe_topic_partitions_response *out) {
    const struct mock_describe_topic_partitions_request *q = &r->u.topic_partitions;
    int32_t left = q->partition_limit < MAX_PARTITIONS_AN_ANSWER ? q->partition_limit
                                                                 : MAX_PARTITIONS_AN_ANSWER;
    left = left < 1 ? 1 : left;
    out->topics = base_arena_alloc_array(&r->arena, count, sizeof(*out->topics));
    struct base_slice *refused = base_arena_alloc_array(&r->arena, count, sizeof(*refused));
    size_t refused_count = 0;
    bool full = false;
    for (size_t i = 0; out->topics && refused && i < count && !full; i++) {
        if (mock_request_may(r, MOCK_ACL_DESCRIBE, MOCK_ACL_TOPIC, names[i])) {
            full = add_topic(r, names[i], &left, out);
        } else if (q->topic_count > 0) {
            refused[refused_count++] = names[i];
        }
    }
    for (size_t i = 0; i < refused_count; i++) {
        out->topics[out->topic_count++] = (struct mock_described_topic){
            .error_code = MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED,
            .name = refused[i],
            .authorized_operations = MOCK_OPERATIONS_UNKNOWN,
        };
        r->error = r->error ? r->error : MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED;
    }
}

void mock_topic_partitions_refuse(struct mock_request *r, int16_t error) {
    const struct mock_describe_topic_partitions_request *q = &r->u.topic_partitions;
    struct mock_describe_topic_partitions_response response = {.throttle_time_ms = r->throttle_ms};
    response.topics = base_arena_alloc_array(&r->arena, q->topic_count, sizeof(*response.topics));
    for (size_t i = 0; response.topics && i < q->topic_count; i++) {
        response.topics[response.topic_count++] = (struct mock_described_topic){
            .error_code = error,
            .name = q->topics[i],
            .authorized_operations = MOCK_OPERATIONS_UNKNOWN,
        };
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_describe_topic_partitions_response_encode(b, r->header.api_version, &response);
}

void mock_topic_partitions_apply(struct mock_request *r) {
    if (!is_valid(r)) {
        mock_topic_partitions_refuse(r, MOCK_ERROR_INVALID_REQUEST);
        mock_request_answered(r, MOCK_ERROR_INVALID_REQUEST);
        return;
    }
    struct mock_describe_topic_partitions_response response = {.throttle_time_ms = r->throttle_ms};
    size_t count = 0;
    const struct base_slice *names = list_names(r, &count);
    fill(r, names, count, &response);
    if (r->arena.failed) {
        mock_request_fail(r, "no memory");
        return;
    }
    mock_describe_topic_partitions_response_encode(mock_request_answer(r), r->header.api_version,
                                                   &response);
    mock_request_answered(r, r->error);
}
