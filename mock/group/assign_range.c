/* The range assignor: see assignors.h. Kafka: RangeAssignor. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "mock/group/assignors.h"

/* One member to be sorted: its place in the spec goes with it. */
struct seat {
    const struct mock_assign_member *member;
    size_t index;
};

/* Static members first, by instance id, so that they get the same ranges when they come back. */
static int compare(const void *left, const void *right) {
    const struct mock_assign_member *a = ((const struct seat *)left)->member;
    const struct mock_assign_member *b = ((const struct seat *)right)->member;
    if (a->instance_id && b->instance_id) {
        return strcmp(a->instance_id, b->instance_id);
    }
    if (a->instance_id || b->instance_id) {
        return a->instance_id ? -1 : 1;
    }
    return strcmp(a->id, b->id);
}

static void share(struct mock_assign_topic *topic, const struct seat *seats, size_t seat_count,
                  const bool *subscribes) {
    int32_t quota = topic->partition_count / (int32_t)topic->subscriber_count;
    int32_t extra = topic->partition_count % (int32_t)topic->subscriber_count;
    int32_t next = 0;
    for (size_t i = 0; i < seat_count; i++) {
        if (subscribes[seats[i].index]) {
            int32_t end = next + quota + (extra > 0);
            extra -= extra > 0;
            for (; next < end; next++) {
                topic->owners[next] = (int32_t)seats[i].index;
            }
        }
    }
}

int mock_assign_range(struct mock_assign_spec *spec, struct base_arena *arena) {
    struct seat *seats = base_arena_alloc_array(arena, spec->member_count, sizeof(*seats));
    bool *subscribes = base_arena_alloc_array(arena, spec->member_count, sizeof(*subscribes));
    if (!seats || !subscribes) {
        return arena->failed;
    }
    for (size_t i = 0; i < spec->member_count; i++) {
        seats[i] = (struct seat){&spec->members[i], i};
    }
    qsort(seats, spec->member_count, sizeof(*seats), compare);
    for (size_t t = 0; t < spec->topic_count; t++) {
        struct mock_assign_topic *topic = &spec->topics[t];
        memset(subscribes, 0, spec->member_count * sizeof(*subscribes));
        for (size_t i = 0; i < topic->subscriber_count; i++) {
            subscribes[topic->subscribers[i]] = true;
        }
        share(topic, seats, spec->member_count, subscribes);
    }
    return 0;
}
