/* Questions of group members: see ask.h. */
#include <stdio.h>
#include <string.h>

#include "ask.h"
#include "mock/wire/consumer_protocol.h"
#include "mock/wire/heartbeat.h"
#include "mock/wire/join_group.h"
#include "mock/wire/leave_group.h"
#include "mock/wire/offset_commit.h"
#include "mock/wire/offset_fetch.h"
#include "mock/wire/sync_group.h"

#define JOIN_VERSION 5
#define SYNC_VERSION 3
#define COMMIT_VERSION 7
#define OFFSET_FETCH_VERSION 6

static void copy(char *to, size_t size, struct base_slice s) {
    (void)snprintf(to, size, "%.*s", (int)s.len, s.data ? (const char *)s.data : "");
}

void ask_join(struct peer *p, const char *group, const char *member_id, const char *topic) {
    struct base_builder metadata;
    base_builder_init(&metadata, 4096);
    struct base_slice name = base_slice_str(topic);
    struct mock_subscription subscription = {.topics = &name, .topic_count = 1};
    mock_subscription_encode(&metadata, &subscription);
    struct mock_join_group_protocol protocol = {base_slice_str("range"),
                                                base_builder_slice(&metadata)};
    struct mock_join_group_request request = {
        .group_id = base_slice_str(group),
        .session_timeout_ms = ASK_SESSION_MS,
        .rebalance_timeout_ms = ASK_SESSION_MS,
        .member_id = base_slice_str(member_id),
        .protocol_type = base_slice_str("consumer"),
        .protocols = &protocol,
        .protocol_count = 1,
    };
    mock_join_group_request_encode(peer_request(p, MOCK_API_JOIN_GROUP, JOIN_VERSION), JOIN_VERSION,
                                   &request);
    peer_send(p);
    base_builder_clean_up(&metadata);
}

struct joined take_joined(struct peer *p) {
    struct joined j = {.closed = true};
    struct base_reader body;
    struct mock_join_group_response said = {0};
    if (!peer_await(p, &body)) {
        return j;
    }
    T_EQUAL_INT(mock_join_group_response_decode(&body, JOIN_VERSION, &p->arena, &said), 0);
    j.closed = false;
    j.error = said.error_code;
    j.generation = said.generation_id;
    copy(j.member_id, sizeof(j.member_id), said.member_id);
    j.leads = said.member_id.len > 0 && base_slice_equal(said.leader, said.member_id);
    j.member_count = said.member_count;
    for (size_t i = 0; i < said.member_count && i < 8; i++) {
        copy(j.members[i], sizeof(j.members[i]), said.members[i].member_id);
    }
    return j;
}

void ask_join_new(struct peer *p, const char *group, const char *topic, char ret_id[128]) {
    ask_join(p, group, "", topic);
    struct joined j = take_joined(p);
    T_EQUAL_INT(j.error, MOCK_ERROR_MEMBER_ID_REQUIRED);
    memcpy(ret_id, j.member_id, sizeof(j.member_id));
    ask_join(p, group, ret_id, topic);
}

/* The consumer protocol's bytes for partitions 0 to count - 1. */
static void put_assignment(struct base_builder *b, const char *topic, int32_t count) {
    static int32_t numbers[64];
    for (int32_t i = 0; i < 64; i++) {
        numbers[i] = i;
    }
    struct mock_topic_partitions parts = {base_slice_str(topic), numbers, (size_t)count};
    struct mock_assignment assignment = {.topics = &parts, .topic_count = 1};
    mock_assignment_encode(b, &assignment);
}

void ask_sync(struct peer *p, const char *group, const struct joined *me, const char *topic,
              const int32_t *counts) {
    struct base_builder bytes[8];
    struct mock_sync_group_assignment assignments[8];
    size_t n = counts ? me->member_count : 0;
    for (size_t i = 0; i < n; i++) {
        base_builder_init(&bytes[i], 4096);
        put_assignment(&bytes[i], topic, counts[i]);
        assignments[i] = (struct mock_sync_group_assignment){base_slice_str(me->members[i]),
                                                             base_builder_slice(&bytes[i])};
    }
    struct mock_sync_group_request request = {
        .group_id = base_slice_str(group),
        .generation_id = me->generation,
        .member_id = base_slice_str(me->member_id),
        .assignments = assignments,
        .assignment_count = n,
    };
    mock_sync_group_request_encode(peer_request(p, MOCK_API_SYNC_GROUP, SYNC_VERSION), SYNC_VERSION,
                                   &request);
    peer_send(p);
    for (size_t i = 0; i < n; i++) {
        base_builder_clean_up(&bytes[i]);
    }
}

struct synced take_synced(struct peer *p) {
    struct base_reader body;
    struct mock_sync_group_response said = {0};
    struct mock_assignment assignment = {0};
    struct synced s = {.closed = true};
    if (!peer_await(p, &body)) {
        return s;
    }
    T_EQUAL_INT(mock_sync_group_response_decode(&body, SYNC_VERSION, &p->arena, &said), 0);
    s.closed = false;
    s.error = said.error_code;
    if (!s.error && mock_assignment_decode(said.assignment, &p->arena, &assignment) == 0) {
        for (size_t i = 0; i < assignment.topic_count; i++) {
            s.partitions += (int32_t)assignment.topics[i].partition_count;
        }
    }
    return s;
}

int16_t heartbeat(struct peer *p, const char *group, const struct joined *me) {
    struct mock_heartbeat_request request = {base_slice_str(group), me->generation,
                                             base_slice_str(me->member_id), BASE_SLICE_NULL};
    struct mock_heartbeat_response said = {0};
    struct base_reader body;
    mock_heartbeat_request_encode(peer_request(p, MOCK_API_HEARTBEAT, 3), 3, &request);
    peer_send(p);
    if (!peer_await(p, &body)) {
        return CLOSED_INSTEAD;
    }
    T_EQUAL_INT(mock_heartbeat_response_decode(&body, 3, &p->arena, &said), 0);
    return said.error_code;
}

int16_t leave(struct peer *p, const char *group, const char *member_id) {
    struct mock_leave_group_member member = {base_slice_str(member_id), BASE_SLICE_NULL,
                                             BASE_SLICE_NULL};
    struct mock_leave_group_request request = {base_slice_str(group), &member, 1};
    struct mock_leave_group_response said = {0};
    struct base_reader body;
    mock_leave_group_request_encode(peer_request(p, MOCK_API_LEAVE_GROUP, 1), 1, &request);
    peer_send(p);
    if (!peer_await(p, &body)) {
        return CLOSED_INSTEAD;
    }
    T_EQUAL_INT(mock_leave_group_response_decode(&body, 1, &p->arena, &said), 0);
    return said.error_code;
}

void ask_commit(struct peer *p, const char *group, const struct joined *me, const char *topic,
                int32_t partition, int64_t offset) {
    struct mock_offset_commit_partition part = {partition, offset, -1, base_slice_str("note")};
    struct mock_offset_commit_topic t = {
        .name = base_slice_str(topic), .partitions = &part, .partition_count = 1};
    struct mock_offset_commit_request request = {
        .group_id = base_slice_str(group),
        .generation_id = me ? me->generation : -1,
        .member_id = base_slice_str(me ? me->member_id : ""),
        .retention_time_ms = -1,
        .topics = &t,
        .topic_count = 1,
    };
    mock_offset_commit_request_encode(peer_request(p, MOCK_API_OFFSET_COMMIT, COMMIT_VERSION),
                                      COMMIT_VERSION, &request);
    peer_send(p);
}

static int16_t take_committed(struct peer *p) {
    struct mock_offset_commit_response said = {0};
    struct base_reader body;
    if (!peer_await(p, &body)) {
        return CLOSED_INSTEAD;
    }
    T_EQUAL_INT(mock_offset_commit_response_decode(&body, COMMIT_VERSION, &p->arena, &said), 0);
    bool one = said.topic_count == 1 && said.topics[0].partition_count == 1;
    return T_TRUE(one) ? said.topics[0].partitions[0].error_code : -1;
}

int16_t commit(struct peer *p, const char *group, const struct joined *me, const char *topic,
               int32_t partition, int64_t offset) {
    ask_commit(p, group, me, topic, partition, offset);
    return take_committed(p);
}

int64_t committed(struct peer *p, const char *group, const char *topic, int32_t partition,
                  int16_t *ret_error) {
    struct mock_offset_fetch_topic t = {
        .name = base_slice_str(topic), .partitions = &partition, .partition_count = 1};
    struct mock_offset_fetch_group g = {
        .group_id = base_slice_str(group), .member_epoch = -1, .topics = &t, .topic_count = 1};
    struct mock_offset_fetch_request request = {&g, 1, false};
    struct mock_offset_fetch_response said = {0};
    struct base_reader body;
    mock_offset_fetch_request_encode(peer_request(p, MOCK_API_OFFSET_FETCH, OFFSET_FETCH_VERSION),
                                     OFFSET_FETCH_VERSION, &request);
    peer_send(p);
    *ret_error = CLOSED_INSTEAD;
    if (!peer_await(p, &body)) {
        return -1;
    }
    T_EQUAL_INT(mock_offset_fetch_response_decode(&body, OFFSET_FETCH_VERSION, &p->arena, &said),
                0);
    *ret_error = said.groups[0].error_code;
    bool one = said.group_count == 1 && said.groups[0].topic_count == 1;
    if (!one) {
        return -1;
    }
    return said.groups[0].topics[0].partitions[0].offset;
}
