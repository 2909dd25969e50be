/*
 * The uniform assignor where all members subscribe to the same topics, and what the assignors
 * share: see assignors.h. Kafka: UniformAssignor, UniformHomogeneousAssignmentBuilder.
 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "mock/group/assignors.h"

/* -- names, orders -- */

static const struct {
    const char *name;
    mock_assign_fn *assign;
} assignors[] = {{"uniform", mock_assign_uniform}, {"range", mock_assign_range}};

mock_assign_fn *mock_assignor_find(struct base_slice name) {
    for (size_t i = 0; i < sizeof(assignors) / sizeof(assignors[0]); i++) {
        if (base_slice_equal_str(name, assignors[i].name)) {
            return assignors[i].assign;
        }
    }
    return NULL;
}

const char *mock_assignor_to_str(struct base_slice name) {
    for (size_t i = 0; i < sizeof(assignors) / sizeof(assignors[0]); i++) {
        if (base_slice_equal_str(name, assignors[i].name)) {
            return assignors[i].name;
        }
    }
    return NULL;
}

static int64_t half(const uint8_t *bytes) {
    uint64_t v = 0;
    for (int i = 0; i < 8; i++) {
        v = v << 8 | bytes[i];
    }
    return (int64_t)v;
}

int mock_uuid_compare(const struct mock_uuid *a, const struct mock_uuid *b) {
    for (int i = 0; i < 16; i += 8) {
        int64_t x = half(a->bytes + i);
        int64_t y = half(b->bytes + i);
        if (x != y) {
            return x < y ? -1 : 1;
        }
    }
    return 0;
}

/* Of java.util.HashMap that has grown to so many entries; one that is made as a copy has twice as
 * many where it would be just full. */
static uint32_t bucket_count_of(size_t count, bool is_copy) {
    uint32_t buckets = 16;
    while (count + is_copy > buckets / 4 * 3) {
        buckets *= 2;
    }
    return buckets;
}

/* Puts indexes in the order of their buckets, and of arrival within one. By insertion, which needs
 * no memory: a group is small. */
static void order_by_bucket(const uint32_t *hashes, size_t count, uint32_t bucket_count,
                            size_t *ret_order) {
    uint32_t mask = bucket_count - 1;
    for (size_t i = 0; i < count; i++) {
        uint32_t mine = (hashes[i] ^ hashes[i] >> 16) & mask;
        size_t at = i;
        while (at > 0) {
            uint32_t hash = hashes[ret_order[at - 1]];
            if (((hash ^ hash >> 16) & mask) <= mine) {
                break;
            }
            ret_order[at] = ret_order[at - 1];
            at--;
        }
        ret_order[at] = i;
    }
}

/* java.lang.String.hashCode of ASCII. */
static uint32_t hash_id(const char *id) {
    uint32_t hash = 0;
    for (const char *at = id; *at; at++) {
        hash = 31 * hash + (uint8_t)*at;
    }
    return hash;
}

/* Uuid.hashCode. */
static uint32_t hash_uuid(const struct mock_uuid *id) {
    uint64_t both = (uint64_t)half(id->bytes) ^ (uint64_t)half(id->bytes + 8);
    return (uint32_t)(both >> 32) ^ (uint32_t)both;
}

size_t *mock_assign_order(const struct mock_assign_spec *spec, struct base_arena *arena) {
    uint32_t *hashes = base_arena_alloc_array(arena, spec->member_count, sizeof(*hashes));
    size_t *order = base_arena_alloc_array(arena, spec->member_count, sizeof(*order));
    if (!hashes || !order) {
        return NULL;
    }
    for (size_t i = 0; i < spec->member_count; i++) {
        hashes[i] = hash_id(spec->members[i].id);
    }
    order_by_bucket(hashes, spec->member_count, bucket_count_of(spec->member_count, false), order);
    return order;
}

/* The group's set of topics is a copy; each member's map of topics has grown. */
static size_t *order_topics(const struct mock_assign_spec *spec, bool is_copy,
                            struct base_arena *arena) {
    uint32_t *hashes = base_arena_alloc_array(arena, spec->topic_count, sizeof(*hashes));
    size_t *order = base_arena_alloc_array(arena, spec->topic_count, sizeof(*order));
    if (!hashes || !order) {
        return NULL;
    }
    for (size_t i = 0; i < spec->topic_count; i++) {
        hashes[i] = hash_uuid(&spec->topics[i].id);
    }
    order_by_bucket(hashes, spec->topic_count, bucket_count_of(spec->topic_count, is_copy), order);
    return order;
}

/* -- the assignor -- */

struct partition {
    size_t topic;
    int32_t index;
};

struct hand {
    size_t *order;          /* of the members */
    size_t *topics;         /* the order of the topics */
    int64_t *room;          /* partitions that each may still get */
    struct partition *free; /* in the order in which they are given away */
    size_t free_count;
    int64_t min_quota;
    int64_t extra_members; /* that get one more */
};

static void collect_free(struct mock_assign_spec *spec, struct hand *hand) {
    for (size_t i = 0; i < spec->topic_count; i++) {
        size_t t = hand->topics[i];
        for (int32_t p = 0; p < spec->topics[t].partition_count; p++) {
            if (spec->topics[t].owners[p] == MOCK_NO_OWNER) {
                hand->free[hand->free_count++] = (struct partition){t, p};
            }
        }
    }
}

/* Kafka keeps the partitions of a member and topic in a hash set, and visits them in its order. */
static void order_like_sets(struct partition *owned, const size_t *starts, size_t members) {
    for (size_t m = 0; m < members; m++) {
        for (size_t i = starts[m]; i < starts[m + 1];) {
            size_t end = i + 1;
            while (end < starts[m + 1] && owned[end].topic == owned[i].topic) {
                end++;
            }
            int32_t mask = (int32_t)bucket_count_of(end - i, false) - 1;
            for (size_t k = i + 1; k < end; k++) {
                struct partition moving = owned[k];
                size_t at = k;
                for (; at > i && (owned[at - 1].index & mask) > (moving.index & mask); at--) {
                    owned[at] = owned[at - 1];
                }
                owned[at] = moving;
            }
            i = end;
        }
    }
}

/* The partitions that each member owned, by topic and index: where those of member m begin, in
 * starts[m]. */
static struct partition *list_owned(struct mock_assign_spec *spec, struct base_arena *arena,
                                    const size_t *topics, size_t total, size_t **ret_starts) {
    struct partition *owned = base_arena_alloc_array(arena, total, sizeof(*owned));
    size_t *starts = base_arena_alloc_array(arena, spec->member_count + 2, sizeof(*starts));
    if (!owned || !starts) {
        return NULL;
    }
    for (size_t t = 0; t < spec->topic_count; t++) {
        for (int32_t p = 0; p < spec->topics[t].partition_count; p++) {
            if (spec->topics[t].owners[p] != MOCK_NO_OWNER) {
                starts[spec->topics[t].owners[p] + 2]++;
            }
        }
    }
    for (size_t m = 2; m < spec->member_count + 2; m++) {
        starts[m] += starts[m - 1];
    }
    for (size_t i = 0; i < spec->topic_count; i++) {
        size_t t = topics[i];
        for (int32_t p = 0; p < spec->topics[t].partition_count; p++) {
            int32_t owner = spec->topics[t].owners[p];
            if (owner != MOCK_NO_OWNER) {
                owned[starts[owner + 1]++] = (struct partition){t, p};
            }
        }
    }
    order_like_sets(owned, starts, spec->member_count);
    *ret_starts = starts;
    return owned;
}

/* What a member owned, as far as its quota goes; the rest is free. Returns the quota that is left.
 */
static int64_t keep(struct mock_assign_spec *spec, struct hand *hand, const struct partition *owned,
                    size_t count, int64_t quota) {
    for (size_t i = 0; i < count; i++) {
        if (quota > 0) {
            quota--;
        } else {
            spec->topics[owned[i].topic].owners[owned[i].index] = MOCK_NO_OWNER;
            hand->free[hand->free_count++] = owned[i];
        }
    }
    return quota;
}

static void revoke(struct mock_assign_spec *spec, struct hand *hand, const struct partition *owned,
                   const size_t *starts) {
    for (size_t i = 0; i < spec->member_count; i++) {
        size_t m = hand->order[i];
        bool has_extra = hand->extra_members > 0;
        int64_t quota = keep(spec, hand, owned + starts[m], starts[m + 1] - starts[m],
                             hand->min_quota + has_extra);
        if (quota > 0 && has_extra && (int64_t)(spec->member_count - i) > hand->extra_members) {
            /* Somebody else may take it, unless this is one of the last who must. */
            quota--;
            has_extra = false;
        }
        hand->room[m] = quota;
        hand->extra_members -= has_extra;
    }
}

static void deal(struct mock_assign_spec *spec, const struct hand *hand) {
    size_t next = 0;
    for (size_t i = 0; i < spec->member_count; i++) {
        size_t m = hand->order[i];
        for (int64_t k = 0; k < hand->room[m] && next < hand->free_count; k++) {
            spec->topics[hand->free[next].topic].owners[hand->free[next].index] = (int32_t)m;
            next++;
        }
    }
}

static int assign_homogeneous(struct mock_assign_spec *spec, struct base_arena *arena) {
    size_t total = 0;
    for (size_t t = 0; t < spec->topic_count; t++) {
        total += (size_t)spec->topics[t].partition_count;
    }
    size_t *starts = NULL;
    size_t *topics = order_topics(spec, false, arena);
    struct partition *owned = topics ? list_owned(spec, arena, topics, total, &starts) : NULL;
    struct hand hand = {
        .order = mock_assign_order(spec, arena),
        .topics = order_topics(spec, true, arena),
        .room = base_arena_alloc_array(arena, spec->member_count, sizeof(*hand.room)),
        .free = base_arena_alloc_array(arena, total, sizeof(*hand.free)),
        .min_quota = (int64_t)(total / spec->member_count),
        .extra_members = (int64_t)(total % spec->member_count),
    };
    if (!owned || arena->failed) {
        return arena->failed;
    }
    collect_free(spec, &hand);
    revoke(spec, &hand, owned, starts);
    deal(spec, &hand);
    return 0;
}

int mock_assign_uniform(struct mock_assign_spec *spec, struct base_arena *arena) {
    if (spec->member_count == 0 || spec->topic_count == 0) {
        return 0;
    }
    return spec->is_homogeneous ? assign_homogeneous(spec, arena) : mock_assign_mixed(spec, arena);
}
