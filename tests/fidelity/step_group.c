/* The verbs of groups: join, sync, heartbeat, leave, commit, committed. */
#include <stdio.h>
#include <string.h>

#include "fidelity.h"
#include "mock/wire/api.h"
#include "mock/wire/heartbeat.h"
#include "mock/wire/join_group.h"
#include "mock/wire/leave_group.h"
#include "mock/wire/offset_commit.h"
#include "mock/wire/offset_fetch.h"
#include "mock/wire/sync_group.h"

/* What the step says, or what the member knows. */
static struct base_slice member_id(struct fid_run *run, const struct fid_step *step) {
    return fid_slice(run, step, "member", fid_member(run, step, "as")->id);
}

static int32_t generation(struct fid_run *run, const struct fid_step *step) {
    return (int32_t)fid_num(run, step, "generation", fid_member(run, step, "as")->generation);
}

/* That an earlier answer told; id=other: none that there is. */
static struct mock_uuid topic_id(struct fid_run *run, const struct fid_step *step) {
    struct mock_uuid id = run->topic_id;
    id.bytes[15] ^= fid_has(step, "id") ? 0x55 : 0;
    return id;
}

/* "range:meta" */
static void split(struct base_slice item, struct base_slice *ret_left,
                  struct base_slice *ret_right) {
    const uint8_t *colon = item.data ? memchr(item.data, ':', item.len) : NULL;
    *ret_left = colon ? base_slice_of(item.data, (size_t)(colon - item.data)) : item;
    *ret_right = colon ? base_slice_of(colon + 1, item.len - ret_left->len - 1)
                       : base_slice_str("");
}

/* -- join -- */

static void ask_join(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                     int16_t version) {
    size_t count = 0;
    struct base_slice *items = fid_list(run, step, "protocols", "range:m", &count);
    struct mock_join_group_protocol *protocols =
        base_arena_alloc_array(&run->arena, count, sizeof(*protocols));
    count = fid_has(step, "no_protocols") ? 0 : count;
    for (size_t i = 0; protocols && i < count; i++) {
        split(items[i], &protocols[i].name, &protocols[i].metadata);
        if (fid_has(step, "reads")) {
            protocols[i].metadata = fid_subscription(run, step);
        }
    }
    struct mock_join_group_request request = {
        .group_id = fid_slice(run, step, "group", "$g"),
        .session_timeout_ms = (int32_t)fid_num(run, step, "session", 30000),
        .rebalance_timeout_ms = (int32_t)fid_num(run, step, "rebalance", 30000),
        .member_id = member_id(run, step),
        .group_instance_id = fid_slice(run, step, "instance", "null"),
        .protocol_type = fid_slice(run, step, "type", "consumer"),
        .protocols = protocols,
        .protocol_count = count,
        .reason = fid_slice(run, step, "reason", "null"),
    };
    mock_join_group_request_encode(b, version, &request);
}

static void say_join(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                     int16_t version) {
    struct mock_join_group_response said = {0};
    if (mock_join_group_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    struct fid_member *m = fid_member(run, step, "as");
    bool same = base_slice_equal_str(said.member_id, m->id);
    fid_say_error(run, "", said.error_code);
    base_put_format(&run->said, "generation=%d leader=%s members=%zu skip=%s member=%s ",
                    said.generation_id,
                    said.leader.len == 0                               ? "none"
                    : base_slice_equal(said.leader, said.member_id) ? "self"
                                                                       : "other",
                    said.member_count, said.skip_assignment ? "yes" : "no",
                    said.member_id.len == 0 ? "none" : same ? "same" : "new");
    fid_say_text(run, "protocol", said.protocol_name);
    fid_say_text(run, "type", said.protocol_type);
    /* A client id and a random part: what Kafka makes of it. */
    bool named = said.member_id.len > 9 && memcmp(said.member_id.data, "fidelity-", 9) == 0;
    base_put_format(&run->said, "named_by=%s ", named ? "client" : "other");
    if (said.error_code == 0 || said.error_code == 79) {
        (void)snprintf(m->id, sizeof(m->id), "%.*s", (int)said.member_id.len,
                       (const char *)said.member_id.data);
        m->generation = said.generation_id;
    }
}

/* -- sync -- */

static void ask_sync(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                     int16_t version) {
    size_t count = 0;
    bool embeds = fid_has(step, "gives");
    struct base_slice *items = fid_list(run, step, embeds ? "gives" : "assign", NULL, &count);
    struct mock_sync_group_assignment *assignments =
        base_arena_alloc_array(&run->arena, count, sizeof(*assignments));
    for (size_t i = 0; assignments && i < count; i++) {
        struct base_slice who;
        split(items[i], &who, &assignments[i].assignment);
        assignments[i].member_id = who;
        if (embeds) {
            assignments[i].assignment = fid_assignment(run, step, assignments[i].assignment);
        }
        for (size_t k = 0; k < FID_MEMBERS; k++) {
            if (base_slice_equal_str(who, run->members[k].name)) {
                assignments[i].member_id = base_slice_str(run->members[k].id);
            }
        }
    }
    struct mock_sync_group_request request = {
        .group_id = fid_slice(run, step, "group", "$g"),
        .generation_id = generation(run, step),
        .member_id = member_id(run, step),
        .group_instance_id = fid_slice(run, step, "instance", "null"),
        .protocol_type = fid_slice(run, step, "type", "consumer"),
        .protocol_name = fid_slice(run, step, "protocol", "range"),
        .assignments = assignments,
        .assignment_count = count,
    };
    mock_sync_group_request_encode(b, version, &request);
}

static void say_sync(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                     int16_t version) {
    (void)step;
    struct mock_sync_group_response said = {0};
    if (mock_sync_group_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    fid_say_error(run, "", said.error_code);
    fid_say_text(run, "assignment", said.assignment);
    fid_say_given(run, said.assignment);
    fid_say_text(run, "protocol", said.protocol_name);
    fid_say_text(run, "type", said.protocol_type);
}

/* -- heartbeat, leave -- */

static void ask_heartbeat(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                          int16_t version) {
    struct mock_heartbeat_request request = {fid_slice(run, step, "group", "$g"),
                                             generation(run, step), member_id(run, step),
                                             fid_slice(run, step, "instance", "null")};
    mock_heartbeat_request_encode(b, version, &request);
}

static void say_heartbeat(struct fid_run *run, const struct fid_step *step,
                          struct base_reader *body, int16_t version) {
    (void)step;
    struct mock_heartbeat_response said = {0};
    if (mock_heartbeat_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    fid_say_error(run, "", said.error_code);
}

static void ask_leave(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                      int16_t version) {
    struct mock_leave_group_member member = {member_id(run, step),
                                             fid_slice(run, step, "instance", "null"),
                                             fid_slice(run, step, "reason", "null")};
    struct mock_leave_group_request request = {fid_slice(run, step, "group", "$g"), &member,
                                               fid_has(step, "nobody") ? 0 : 1};
    mock_leave_group_request_encode(b, version, &request);
}

static void say_leave(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                      int16_t version) {
    (void)step;
    struct mock_leave_group_response said = {0};
    if (mock_leave_group_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    fid_say_error(run, "", said.error_code);
    base_put_format(&run->said, "members=%zu ", said.member_count);
    for (size_t i = 0; i < said.member_count; i++) {
        fid_say_error(run, "member:", said.members[i].error_code);
    }
}

/* -- commit, committed -- */

static void ask_commit(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                       int16_t version) {
    struct base_slice metadata = fid_slice(run, step, "metadata", "m");
    size_t size = (size_t)fid_num(run, step, "size", 0);
    if (size) {
        char *text = base_arena_alloc(&run->arena, size);
        if (text) {
            memset(text, 'm', size);
            metadata = base_slice_of(text, size);
        }
    }
    struct mock_offset_commit_partition part = {
        (int32_t)fid_num(run, step, "partition", 0), fid_num(run, step, "offset", 0),
        (int32_t)fid_num(run, step, "leader_epoch", -1), metadata};
    struct mock_offset_commit_topic topic = {.name = fid_slice(run, step, "topic", "$t"),
                                             .id = topic_id(run, step),
                                             .partitions = &part,
                                             .partition_count = 1};
    struct mock_offset_commit_request request = {
        .group_id = fid_slice(run, step, "group", "$g"),
        .generation_id = generation(run, step),
        .member_id = member_id(run, step),
        .group_instance_id = fid_slice(run, step, "instance", "null"),
        .retention_time_ms = fid_num(run, step, "retention", -1),
        .topics = &topic,
        .topic_count = fid_has(step, "nothing") ? 0 : 1,
    };
    mock_offset_commit_request_encode(b, version, &request);
}

static void say_commit(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                       int16_t version) {
    (void)step;
    struct mock_offset_commit_response said = {0};
    if (mock_offset_commit_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    base_put_format(&run->said, "topics=%zu ", said.topic_count);
    for (size_t i = 0; i < said.topic_count; i++) {
        for (size_t k = 0; k < said.topics[i].partition_count; k++) {
            fid_say_error(run, "", said.topics[i].partitions[k].error_code);
        }
    }
}

static void ask_committed(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                          int16_t version) {
    size_t count = 0;
    size_t group_count = 0;
    int32_t *indexes = fid_numbers(run, step, "partition", "0", &count);
    struct mock_offset_fetch_topic topic = {.name = fid_slice(run, step, "topic", "$t"),
                                            .id = topic_id(run, step),
                                            .partitions = indexes,
                                            .partition_count = count};
    struct base_slice *ids = fid_list(run, step, "group", "$g", &group_count);
    struct mock_offset_fetch_group *groups =
        base_arena_alloc_array(&run->arena, group_count, sizeof(*groups));
    for (size_t i = 0; groups && i < group_count; i++) {
        bool all = fid_has(step, "all");
        groups[i] = (struct mock_offset_fetch_group){
            .group_id = ids[i],
            .member_id = fid_slice(run, step, "member", "null"),
            .member_epoch = (int32_t)fid_num(run, step, "epoch", -1),
            .all_topics = all,
            .topics = &topic,
            .topic_count = all ? 0 : 1,
        };
    }
    struct mock_offset_fetch_request request = {groups, group_count, fid_has(step, "stable")};
    mock_offset_fetch_request_encode(b, version, &request);
}

static void say_committed(struct fid_run *run, const struct fid_step *step,
                          struct base_reader *body, int16_t version) {
    (void)step;
    struct mock_offset_fetch_response said = {0};
    if (mock_offset_fetch_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    base_put_format(&run->said, "groups=%zu ", said.group_count);
    for (size_t g = 0; g < said.group_count; g++) {
        fid_say_error(run, "all:", said.groups[g].error_code);
        base_put_format(&run->said, "topics=%zu ", said.groups[g].topic_count);
        for (size_t t = 0; t < said.groups[g].topic_count; t++) {
            for (size_t i = 0; i < said.groups[g].topics[t].partition_count; i++) {
                const struct mock_offset_fetch_partition_response *part =
                    &said.groups[g].topics[t].partitions[i];
                fid_say_error(run, "", part->error_code);
                base_put_format(&run->said, "%d=%lld epoch=%d ", part->index,
                                (long long)part->offset, part->leader_epoch);
                fid_say_text(run, "metadata", part->metadata);
            }
        }
    }
}

const struct fid_verb fid_verbs_group[] = {
    {"join", MOCK_API_JOIN_GROUP, 5, 5, ask_join, say_join},
    {"sync", MOCK_API_SYNC_GROUP, 3, 3, ask_sync, say_sync},
    {"heartbeat", MOCK_API_HEARTBEAT, 3, 3, ask_heartbeat, say_heartbeat},
    {"leave", MOCK_API_LEAVE_GROUP, 1, 1, ask_leave, say_leave},
    {"commit", MOCK_API_OFFSET_COMMIT, 7, 7, ask_commit, say_commit},
    {"committed", MOCK_API_OFFSET_FETCH, 5, 5, ask_committed, say_committed},
    {NULL, 0, 0, 0, NULL, NULL},
};
