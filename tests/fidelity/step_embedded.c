/* What consumers embed in JoinGroup and SyncGroup, for the verbs of groups: a subscription
 * (reads=TOPICS owns=0,1 form=VERSION rack=R userdata=U), assignments (gives=a:0+1,b:2 of the
 * case's topic), and what an assignment gives. */
#include <stdlib.h>
#include <string.h>

#include "fidelity.h"
#include "mock/wire/consumer_protocol.h"

static struct base_slice keep(struct fid_run *run, struct base_builder *b) {
    struct base_slice bytes = base_arena_slice(&run->arena, base_builder_slice(b));
    base_builder_clean_up(b);
    return bytes;
}

struct base_slice fid_subscription(struct fid_run *run, const struct fid_step *step) {
    struct mock_topic_partitions owned = {.topic = fid_slice(run, step, "of", "$t")};
    struct mock_subscription s = {
        .version = (int16_t)fid_num(run, step, "form", 1),
        .user_data = fid_slice(run, step, "userdata", "null"),
        .generation_id = (int32_t)fid_num(run, step, "round", -1),
        .rack_id = fid_slice(run, step, "rack", "null"),
    };
    struct base_builder b;
    base_builder_init(&b, 1 << 20);
    s.topics = fid_list(run, step, "reads", NULL, &s.topic_count);
    if (fid_has(step, "owns")) {
        owned.partitions = fid_numbers(run, step, "owns", NULL, &owned.partition_count);
        s.owned = &owned;
        s.owned_count = 1;
    }
    mock_subscription_encode(&b, &s);
    return keep(run, &b);
}

struct base_slice fid_assignment(struct fid_run *run, const struct fid_step *step,
                                 struct base_slice partitions) {
    struct mock_topic_partitions topic = {.topic = fid_slice(run, step, "of", "$t")};
    struct mock_assignment a = {.version = (int16_t)fid_num(run, step, "form", 1),
                                .topics = &topic,
                                .topic_count = partitions.len ? 1 : 0,
                                .user_data = fid_slice(run, step, "userdata", "null")};
    struct base_builder b;
    base_builder_init(&b, 1 << 20);
    topic.partitions =
        base_arena_alloc_array(&run->arena, partitions.len, sizeof(*topic.partitions));
    const char *at = base_arena_strndup(&run->arena, (const char *)partitions.data, partitions.len);
    while (at && *at && topic.partitions) {
        char *end = NULL;
        topic.partitions[topic.partition_count++] = (int32_t)strtol(at, &end, 10);
        at = *end == '+' ? end + 1 : end + strlen(end);
    }
    mock_assignment_encode(&b, &a);
    return keep(run, &b);
}

static int compare(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a;
    int32_t y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

void fid_say_given(struct fid_run *run, struct base_slice bytes) {
    struct mock_assignment a = {0};
    if (bytes.len == 0 || mock_assignment_decode(bytes, &run->arena, &a) != 0) {
        base_put_str(&run->said, bytes.len ? "given=text " : "given=nothing ");
        return;
    }
    base_put_format(&run->said, "form=%d topics=%zu given=", a.version, a.topic_count);
    for (size_t t = 0; t < a.topic_count; t++) {
        qsort(a.topics[t].partitions, a.topics[t].partition_count, sizeof(int32_t), compare);
        for (size_t i = 0; i < a.topics[t].partition_count; i++) {
            base_put_format(&run->said, "%s%d", t + i ? "," : "", a.topics[t].partitions[i]);
        }
    }
    base_put_str(&run->said, a.topic_count ? " " : "none ");
}
