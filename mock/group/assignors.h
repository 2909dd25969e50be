/*
 * The server-side assignors of the consumer protocol (KIP-848): uniform and range, as Apache
 * Kafka's UniformAssignor (its homogeneous and heterogeneous builders) and RangeAssignor share
 * partitions out, their stickiness included. No I/O, no state: owners in, owners out.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "mock/wire/message.h"

#define MOCK_NO_OWNER (-1)

struct mock_assign_topic {
    struct mock_uuid id;
    int32_t partition_count;
    int32_t *owners;     /* of each partition, an index of members or MOCK_NO_OWNER: the previous
                            assignment before, the new one after */
    size_t *subscribers; /* indexes of members, ascending; at least one */
    size_t subscriber_count;
};

struct mock_assign_member {
    const char *id;
    const char *instance_id; /* NULL: dynamic */
};

struct mock_assign_spec {
    const struct mock_assign_member *members;
    size_t member_count;
    struct mock_assign_topic *topics; /* to which anybody subscribes; ascending by id */
    size_t topic_count;
    bool is_homogeneous; /* every member subscribes to every topic */
};

/* They fail with BASE_NO_MEMORY or BASE_LIMIT of the arena, the owners then being of no use. An
 * owner that does not subscribe to its topic loses it. */
typedef int mock_assign_fn(struct mock_assign_spec *spec, struct base_arena *arena);
int mock_assign_range(struct mock_assign_spec *spec, struct base_arena *arena) BASE_MUST_USE;
int mock_assign_uniform(struct mock_assign_spec *spec, struct base_arena *arena) BASE_MUST_USE;
/* By Kafka's name; NULL if there is none. */
mock_assign_fn *mock_assignor_find(struct base_slice name);
/* The same name as a literal; NULL if there is no such assignor. */
const char *mock_assignor_to_str(struct base_slice name);

/* The members' indexes in the order in which Kafka's hash map of member ids visits them: the order
 * that uniform deals in. Of the arena; NULL when it has failed. */
size_t *mock_assign_order(const struct mock_assign_spec *spec, struct base_arena *arena);
/* Uuid.compareTo. */
int mock_uuid_compare(const struct mock_uuid *a, const struct mock_uuid *b);
/* The part of uniform for members whose subscriptions differ (assign_mixed.c). */
int mock_assign_mixed(struct mock_assign_spec *spec, struct base_arena *arena) BASE_MUST_USE;
