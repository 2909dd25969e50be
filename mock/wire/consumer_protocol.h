/*
 * What consumers put into JoinGroup's metadata and SyncGroup's assignment: the consumer protocol,
 * versions 0 to 3. The broker need not understand it; the history and the judges do. A later
 * version is read as version 3, as Kafka's clients do; what follows its fields is ignored.
 */
#pragma once
#include "mock/wire/message.h"

struct mock_topic_partitions {
    struct base_slice topic;
    int32_t *partitions;
    size_t partition_count;
};

struct mock_subscription {
    int16_t version;
    struct base_slice *topics;
    size_t topic_count;
    struct base_slice user_data;         /* null possible */
    struct mock_topic_partitions *owned; /* v1+ */
    size_t owned_count;
    int32_t generation_id;     /* v2+, else -1 */
    struct base_slice rack_id; /* v3; null possible */
};

struct mock_assignment {
    int16_t version;
    struct mock_topic_partitions *topics;
    size_t topic_count;
    struct base_slice user_data; /* null possible */
};

/* Return 0 or a negative enum base_code, output then untouched. Memory: as message.h. */
int mock_subscription_decode(struct base_slice bytes, struct base_arena *arena,
                             struct mock_subscription *ret_subscription) BASE_MUST_USE;
void mock_subscription_encode(struct base_builder *b, const struct mock_subscription *subscription);
/* Empty bytes (a member without an assignment) give version 0 and no topics. */
int mock_assignment_decode(struct base_slice bytes, struct base_arena *arena,
                           struct mock_assignment *ret_assignment) BASE_MUST_USE;
void mock_assignment_encode(struct base_builder *b, const struct mock_assignment *assignment);
