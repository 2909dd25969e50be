/*
 * The uniform assignor where subscriptions differ: see assignors.h. Kafka:
 * UniformHeterogeneousAssignmentBuilder and its MemberAssignmentBalancer.
 *
 * Members are kept sorted by how many partitions they have. Partitions go to a range of the least
 * loaded, which grows to the right as its level rises, and are taken from a range of the most
 * loaded, which grows to the left as its level falls, until the levels differ by one or less.
 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "mock/group/assignors.h"

#define MAX_ROUNDS 16
#define NOBODY SIZE_MAX

struct balancer {
    struct mock_assign_spec *spec;
    size_t *order;  /* of members: the place of each */
    int64_t *sizes; /* by member */
    size_t *sorted;
    size_t count;
    size_t least_end; /* exclusive */
    int64_t least_level;
    size_t next_least;
    size_t most_start;
    size_t most_end; /* exclusive */
    int64_t most_level;
    int64_t next_most; /* -1: none */
    /* of the topic that is being balanced */
    int32_t *partitions; /* by owner, then index */
    int32_t *starts;     /* by member */
    int32_t *ends;       /* by member, exclusive */
};

static bool is_before(const struct balancer *b, size_t x, size_t y) {
    return b->sizes[x] != b->sizes[y] ? b->sizes[x] < b->sizes[y] : b->order[x] < b->order[y];
}

/* Heap sort: no recursion, no memory, and the order is total. */
static void sift(const struct balancer *b, size_t *items, size_t root, size_t count) {
    while (2 * root + 1 < count) {
        size_t child = 2 * root + 1;
        child += child + 1 < count && is_before(b, items[child], items[child + 1]);
        if (!is_before(b, items[root], items[child])) {
            return;
        }
        size_t kept = items[root];
        items[root] = items[child];
        items[child] = kept;
        root = child;
    }
}

static void sort_members(struct balancer *b) {
    for (size_t i = b->count / 2; i-- > 0;) {
        sift(b, b->sorted, i, b->count);
    }
    for (size_t n = b->count; n-- > 1;) {
        size_t kept = b->sorted[0];
        b->sorted[0] = b->sorted[n];
        b->sorted[n] = kept;
        sift(b, b->sorted, 0, n);
    }
}

/* Begins with the subscribers of a topic; returns how far they are apart. */
static int64_t begin(struct balancer *b, const struct mock_assign_topic *topic) {
    b->count = topic->subscriber_count;
    memcpy(b->sorted, topic->subscribers, b->count * sizeof(*b->sorted));
    sort_members(b);
    int64_t least = b->sizes[b->sorted[0]];
    int64_t most = b->sizes[b->sorted[b->count - 1]];
    b->least_end = 0;
    b->least_level = least - 1;
    b->next_least = 0;
    b->most_start = b->most_end = b->count;
    b->most_level = most + 1;
    b->next_most = (int64_t)b->count - 1;
    return most - least;
}

static size_t next_least(struct balancer *b) {
    if (b->next_least >= b->least_end) {
        b->least_level++;
        while (b->least_end < b->count && b->sizes[b->sorted[b->least_end]] == b->least_level) {
            b->least_end++;
        }
        b->next_least = 0;
    }
    return b->sorted[b->next_least++];
}

static size_t next_most(struct balancer *b) {
    if (b->next_most < (int64_t)b->most_start) {
        if (b->most_end <= b->most_start && b->most_start > 0) {
            /* All of the range were excluded: go on with those below it. */
            b->most_level = b->sizes[b->sorted[b->most_start - 1]];
        } else {
            b->most_level--;
        }
        while (b->most_start > 0 && b->sizes[b->sorted[b->most_start - 1]] == b->most_level) {
            b->most_start--;
        }
        b->next_most = (int64_t)b->most_end - 1;
    }
    return b->next_most < 0 ? NOBODY : b->sorted[b->next_most--];
}

/* The one that next_most gave last has nothing to give. */
static void exclude_most(struct balancer *b) {
    size_t at = (size_t)(b->next_most + 1);
    size_t member = b->sorted[at];
    b->sorted[at] = b->sorted[b->most_end - 1];
    b->sorted[b->most_end - 1] = member;
    b->most_end--;
}

static bool is_balanced(const struct balancer *b) {
    return b->most_level - b->least_level <= 1;
}

static void assign(struct balancer *b, struct mock_assign_topic *topic, int32_t partition,
                   size_t member) {
    if (topic->owners[partition] != MOCK_NO_OWNER) {
        b->sizes[topic->owners[partition]]--;
    }
    topic->owners[partition] = (int32_t)member;
    b->sizes[member]++;
}

/* -- what is kept -- */

static void keep_subscribed(struct balancer *b, struct mock_assign_topic *topic, bool *subscribes) {
    memset(subscribes, 0, b->spec->member_count * sizeof(*subscribes));
    for (size_t i = 0; i < topic->subscriber_count; i++) {
        subscribes[topic->subscribers[i]] = true;
    }
    for (int32_t p = 0; p < topic->partition_count; p++) {
        int32_t owner = topic->owners[p];
        if (owner != MOCK_NO_OWNER && !subscribes[owner]) {
            topic->owners[p] = MOCK_NO_OWNER;
        } else if (owner != MOCK_NO_OWNER) {
            b->sizes[owner]++;
        }
    }
}

/* -- topics: most partitions a subscriber first, then fewest subscribers, then by id -- */

static int compare_topics(const void *left, const void *right) {
    const struct mock_assign_topic *a = *(struct mock_assign_topic *const *)left;
    const struct mock_assign_topic *b = *(struct mock_assign_topic *const *)right;
    double x = (double)a->partition_count / (double)a->subscriber_count;
    double y = (double)b->partition_count / (double)b->subscriber_count;
    if (x != y) {
        return x > y ? -1 : 1;
    }
    if (a->subscriber_count != b->subscriber_count) {
        return a->subscriber_count < b->subscriber_count ? -1 : 1;
    }
    return mock_uuid_compare(&a->id, &b->id);
}

static void assign_free(struct balancer *b, struct mock_assign_topic *topic) {
    (void)begin(b, topic);
    for (int32_t p = 0; p < topic->partition_count; p++) {
        if (topic->owners[p] == MOCK_NO_OWNER) {
            assign(b, topic, p, next_least(b));
        }
    }
}

/* Groups the topic's partitions by owner, those of one owner ascending. */
static void group_by_owner(struct balancer *b, const struct mock_assign_topic *topic) {
    size_t members = b->spec->member_count;
    memset(b->ends, 0, members * sizeof(*b->ends));
    for (int32_t p = 0; p < topic->partition_count; p++) {
        b->ends[topic->owners[p]]++;
    }
    int32_t at = 0;
    for (size_t m = 0; m < members; m++) {
        int32_t count = b->ends[m];
        b->starts[m] = b->ends[m] = at;
        at += count;
    }
    for (int32_t p = 0; p < topic->partition_count; p++) {
        b->partitions[b->ends[topic->owners[p]]++] = p;
    }
}

/* A most loaded member that has a partition of the topic, or NOBODY. */
static size_t find_giver(struct balancer *b) {
    size_t giver = next_most(b);
    while (giver != NOBODY && b->ends[giver] <= b->starts[giver]) {
        exclude_most(b);
        giver = next_most(b);
    }
    return giver;
}

/* How many partitions were moved. */
static int64_t balance_topic(struct balancer *b, struct mock_assign_topic *topic) {
    int64_t moved = 0;
    if (begin(b, topic) <= 1) {
        return 0;
    }
    group_by_owner(b, topic);
    while (!is_balanced(b)) {
        size_t giver = find_giver(b);
        if (giver == NOBODY) {
            break;
        }
        int32_t partition = b->partitions[--b->ends[giver]];
        size_t taker = next_least(b);
        if (is_balanced(b)) {
            break;
        }
        assign(b, topic, partition, taker);
        moved++;
    }
    return moved;
}

/* Until a whole round over the topics has moved nothing. */
static void balance(struct balancer *b, struct mock_assign_topic **topics, size_t count) {
    size_t last = NOBODY;
    for (int round = 0; round < MAX_ROUNDS; round++) {
        for (size_t i = 0; i < count; i++) {
            if (i == last) {
                return;
            }
            if (balance_topic(b, topics[i]) > 0 || last == NOBODY) {
                last = i;
            }
        }
    }
}

static int prepare(struct balancer *b, struct base_arena *arena) {
    size_t members = b->spec->member_count;
    int32_t widest = 0;
    for (size_t t = 0; t < b->spec->topic_count; t++) {
        int32_t count = b->spec->topics[t].partition_count;
        widest = count > widest ? count : widest;
    }
    const size_t *by_place = mock_assign_order(b->spec, arena);
    b->order = base_arena_alloc_array(arena, members, sizeof(*b->order));
    b->sizes = base_arena_alloc_array(arena, members, sizeof(*b->sizes));
    b->sorted = base_arena_alloc_array(arena, members, sizeof(*b->sorted));
    b->starts = base_arena_alloc_array(arena, members, sizeof(*b->starts));
    b->ends = base_arena_alloc_array(arena, members, sizeof(*b->ends));
    b->partitions = base_arena_alloc_array(arena, (size_t)widest, sizeof(*b->partitions));
    if (arena->failed) {
        return arena->failed;
    }
    for (size_t i = 0; i < members; i++) {
        b->order[by_place[i]] = i;
    }
    return 0;
}

int mock_assign_mixed(struct mock_assign_spec *spec, struct base_arena *arena) {
    struct balancer b = {.spec = spec};
    struct mock_assign_topic **topics =
        base_arena_alloc_array(arena, spec->topic_count, sizeof(*topics));
    bool *subscribes = base_arena_alloc_array(arena, spec->member_count, sizeof(*subscribes));
    if (prepare(&b, arena) < 0 || !topics || !subscribes) {
        return arena->failed;
    }
    for (size_t t = 0; t < spec->topic_count; t++) {
        keep_subscribed(&b, &spec->topics[t], subscribes);
        topics[t] = &spec->topics[t];
    }
    qsort(topics, spec->topic_count, sizeof(struct mock_assign_topic *), compare_topics);
    size_t shared = 0;
    for (size_t t = 0; t < spec->topic_count; t++) {
        assign_free(&b, topics[t]);
    }
    for (size_t t = 0; t < spec->topic_count; t++) {
        if (topics[t]->subscriber_count >= 2) {
            topics[shared++] = topics[t];
        }
    }
    balance(&b, topics, shared);
    return 0;
}
