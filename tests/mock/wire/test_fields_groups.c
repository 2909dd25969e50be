/* Fields of the groups messages: each has the value that the golden body gives it. Values differ
 * from field to field, so that two that are swapped do not pass. */
#include "mock/wire/describe_groups.h"
#include "mock/wire/find_coordinator.h"
#include "mock/wire/heartbeat.h"
#include "mock/wire/join_group.h"
#include "mock/wire/leave_group.h"
#include "mock/wire/list_groups.h"
#include "mock/wire/offset_commit.h"
#include "mock/wire/offset_fetch.h"
#include "mock/wire/sync_group.h"
#include "t_run.h"
#include "t_wire.h"

CU_SuiteInfo *suite_wire_fields_groups(void);

static void offset_commit_request_v4_has_its_fields(void) {
    struct t_body body;
    struct mock_offset_commit_request m;
    if (!t_body_open(&body, "OffsetCommit", "request", 4, "filled")) {
        return;
    }
    int code = mock_offset_commit_request_decode(&body.reader, 4, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.group_id, "GroupId1", 8);
        T_EQUAL_INT(m.generation_id, 33818120);
        T_TEXT(m.member_id, "MemberId3", 9);
        T_EQUAL_INT(m.retention_time_ms, 290495439161531424LL);
        T_TEXT(m.topics[1].name, "Name12", 6);
        T_EQUAL_INT(m.topics[1].partitions[1].index, 270544960);
        T_EQUAL_INT(m.topics[1].partitions[1].offset, 1234605616436508552LL);
        T_TEXT(m.topics[1].partitions[1].metadata, "CommittedMet18", 14);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void offset_commit_request_v8_has_its_fields(void) {
    struct t_body body;
    struct mock_offset_commit_request m;
    if (!t_body_open(&body, "OffsetCommit", "request", 8, "filled")) {
        return;
    }
    int code = mock_offset_commit_request_decode(&body.reader, 8, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.group_id, "GroupId1", 8);
        T_EQUAL_INT(m.generation_id, 33818120);
        T_TEXT(m.member_id, "MemberId3", 9);
        T_TEXT(m.group_instance_id, "GroupInstanc4", 13);
        T_TEXT(m.topics[1].name, "Name14", 6);
        T_EQUAL_INT(m.topics[1].partitions[1].index, 321272140);
        T_EQUAL_INT(m.topics[1].partitions[1].offset, -20);
        T_EQUAL_INT(m.topics[1].partitions[1].leader_epoch, 355090260);
        T_TEXT(m.topics[1].partitions[1].metadata, "CommittedMet22", 14);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void offset_commit_response_v8_has_its_fields(void) {
    struct t_body body;
    struct mock_offset_commit_response m;
    if (!t_body_open(&body, "OffsetCommit", "response", 8, "filled")) {
        return;
    }
    int code = mock_offset_commit_response_decode(&body.reader, 8, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_TEXT(m.topics[1].name, "Name7", 5);
        T_EQUAL_INT(m.topics[1].partitions[1].index, -10);
        T_EQUAL_INT(m.topics[1].partitions[1].error_code, 2827);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void offset_fetch_request_v7_has_its_fields(void) {
    struct t_body body;
    struct mock_offset_fetch_request m;
    if (!t_body_open(&body, "OffsetFetch", "request", 7, "filled")) {
        return;
    }
    int code = mock_offset_fetch_request_decode(&body.reader, 7, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.groups[0].group_id, "GroupId1", 8);
        T_TEXT(m.groups[0].topics[1].name, "Name5", 5);
        T_EQUAL_INT(m.groups[0].topics[1].partitions[1], 118363420);
        T_EQUAL_INT(m.groups[0].topics[1].partition_count, 2);
        T_EQUAL_INT(m.groups[0].topic_count, 2);
        T_EQUAL_INT(m.require_stable, 0);
    }
    t_body_close(&body);
}

static void offset_fetch_request_v8_has_its_fields(void) {
    struct t_body body;
    struct mock_offset_fetch_request m;
    if (!t_body_open(&body, "OffsetFetch", "request", 8, "filled")) {
        return;
    }
    int code = mock_offset_fetch_request_decode(&body.reader, 8, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.groups[1].group_id, "GroupId8", 8);
        T_TEXT(m.groups[1].topics[1].name, "Name12", 6);
        T_EQUAL_INT(m.groups[1].topics[1].partitions[1], 236726840);
        T_EQUAL_INT(m.groups[1].topics[1].partition_count, 2);
        T_EQUAL_INT(m.groups[1].topic_count, 2);
        T_EQUAL_INT(m.group_count, 2);
        T_EQUAL_INT(m.require_stable, 1);
    }
    t_body_close(&body);
}

static void offset_fetch_response_v7_has_its_fields(void) {
    struct t_body body;
    struct mock_offset_fetch_response m;
    if (!t_body_open(&body, "OffsetFetch", "response", 7, "filled")) {
        return;
    }
    int code = mock_offset_fetch_response_decode(&body.reader, 7, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_TEXT(m.groups[0].topics[1].name, "Name13", 6);
        T_EQUAL_INT(m.groups[0].topics[1].partitions[1].index, 321272140);
        T_EQUAL_INT(m.groups[0].topics[1].partitions[1].offset, -20);
        T_EQUAL_INT(m.groups[0].topics[1].partitions[1].leader_epoch, 355090260);
        T_TEXT(m.groups[0].topics[1].partitions[1].metadata, "Metadata22", 10);
        T_EQUAL_INT(m.groups[0].topics[1].partitions[1].error_code, 5911);
        T_EQUAL_INT(m.groups[0].topics[1].partition_count, 2);
        T_EQUAL_INT(m.groups[0].topic_count, 2);
        T_EQUAL_INT(m.groups[0].error_code, 6168);
    }
    t_body_close(&body);
}

static void offset_fetch_response_v8_has_its_fields(void) {
    struct t_body body;
    struct mock_offset_fetch_response m;
    if (!t_body_open(&body, "OffsetFetch", "response", 8, "filled")) {
        return;
    }
    int code = mock_offset_fetch_response_decode(&body.reader, 8, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_TEXT(m.groups[1].group_id, "GroupId26", 9);
        T_TEXT(m.groups[1].topics[1].name, "Name38", 6);
        T_EQUAL_INT(m.groups[1].topics[1].partitions[1].index, 743998640);
        T_EQUAL_INT(m.groups[1].topics[1].partitions[1].offset, -45);
        T_EQUAL_INT(m.groups[1].topics[1].partitions[1].leader_epoch, 777816760);
        T_TEXT(m.groups[1].topics[1].partitions[1].metadata, "Metadata47", 10);
        T_EQUAL_INT(m.groups[1].topics[1].partitions[1].error_code, 12336);
        T_EQUAL_INT(m.groups[1].topics[1].partition_count, 2);
        T_EQUAL_INT(m.groups[1].topic_count, 2);
        T_EQUAL_INT(m.groups[1].error_code, 12593);
        T_EQUAL_INT(m.group_count, 2);
    }
    t_body_close(&body);
}

static void find_coordinator_request_v3_has_its_fields(void) {
    struct t_body body;
    struct mock_find_coordinator_request m;
    if (!t_body_open(&body, "FindCoordinator", "request", 3, "filled")) {
        return;
    }
    int code = mock_find_coordinator_request_decode(&body.reader, 3, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.keys[0], "Key1", 4);
        T_EQUAL_INT(m.key_type, 2);
    }
    t_body_close(&body);
}

static void find_coordinator_request_v4_has_its_fields(void) {
    struct t_body body;
    struct mock_find_coordinator_request m;
    if (!t_body_open(&body, "FindCoordinator", "request", 4, "filled")) {
        return;
    }
    int code = mock_find_coordinator_request_decode(&body.reader, 4, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.key_type, 1);
        T_TEXT(m.keys[1], "CoordinatorK3", 13);
        T_EQUAL_INT(m.key_count, 2);
    }
    t_body_close(&body);
}

static void find_coordinator_response_v3_has_its_fields(void) {
    struct t_body body;
    struct mock_find_coordinator_response m;
    if (!t_body_open(&body, "FindCoordinator", "response", 3, "filled")) {
        return;
    }
    int code = mock_find_coordinator_response_decode(&body.reader, 3, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.coordinators[0].error_code, 514);
        T_TEXT(m.coordinators[0].error_message, "ErrorMessage3", 13);
        T_EQUAL_INT(m.coordinators[0].node_id, 67636240);
        T_TEXT(m.coordinators[0].host, "Host5", 5);
        T_EQUAL_INT(m.coordinators[0].port, 101454360);
    }
    t_body_close(&body);
}

static void find_coordinator_response_v4_has_its_fields(void) {
    struct t_body body;
    struct mock_find_coordinator_response m;
    if (!t_body_open(&body, "FindCoordinator", "response", 4, "filled")) {
        return;
    }
    int code = mock_find_coordinator_response_decode(&body.reader, 4, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_TEXT(m.coordinators[1].key, "Key8", 4);
        T_EQUAL_INT(m.coordinators[1].node_id, 152181540);
        T_TEXT(m.coordinators[1].host, "Host10", 6);
        T_EQUAL_INT(m.coordinators[1].port, 185999660);
        T_EQUAL_INT(m.coordinators[1].error_code, 3084);
        T_TEXT(m.coordinators[1].error_message, "ErrorMessage13", 14);
        T_EQUAL_INT(m.coordinator_count, 2);
    }
    t_body_close(&body);
}

static void join_group_request_v9_has_its_fields(void) {
    struct t_body body;
    struct mock_join_group_request m;
    if (!t_body_open(&body, "JoinGroup", "request", 9, "filled")) {
        return;
    }
    int code = mock_join_group_request_decode(&body.reader, 9, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.group_id, "GroupId1", 8);
        T_EQUAL_INT(m.session_timeout_ms, 33818120);
        T_EQUAL_INT(m.rebalance_timeout_ms, 50727180);
        T_TEXT(m.member_id, "MemberId4", 9);
        T_TEXT(m.group_instance_id, "GroupInstanc5", 13);
        T_TEXT(m.protocol_type, "ProtocolType6", 13);
        T_TEXT(m.protocols[1].name, "Name9", 5);
        T_TEXT(m.protocols[1].metadata, "Metadata10", 12);
        T_EQUAL_INT(m.protocol_count, 2);
        T_TEXT(m.reason, "Reason11", 8);
    }
    t_body_close(&body);
}

static void join_group_response_v9_has_its_fields(void) {
    struct t_body body;
    struct mock_join_group_response m;
    if (!t_body_open(&body, "JoinGroup", "response", 9, "filled")) {
        return;
    }
    int code = mock_join_group_response_decode(&body.reader, 9, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.error_code, 514);
        T_EQUAL_INT(m.generation_id, 50727180);
        T_TEXT(m.protocol_type, "ProtocolType4", 13);
        T_TEXT(m.protocol_name, "ProtocolName5", 13);
        T_TEXT(m.leader, "Leader6", 7);
        T_EQUAL_INT(m.skip_assignment, 1);
        T_TEXT(m.member_id, "MemberId8", 9);
        T_TEXT(m.members[1].member_id, "MemberId12", 10);
        T_TEXT(m.members[1].group_instance_id, "GroupInstanc13", 14);
        T_TEXT(m.members[1].metadata, "Metadata14", 12);
        T_EQUAL_INT(m.member_count, 2);
    }
    t_body_close(&body);
}

static void heartbeat_request_v4_has_its_fields(void) {
    struct t_body body;
    struct mock_heartbeat_request m;
    if (!t_body_open(&body, "Heartbeat", "request", 4, "filled")) {
        return;
    }
    int code = mock_heartbeat_request_decode(&body.reader, 4, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.group_id, "GroupId1", 8);
        T_EQUAL_INT(m.generation_id, 33818120);
        T_TEXT(m.member_id, "MemberId3", 9);
        T_TEXT(m.group_instance_id, "GroupInstanc4", 13);
    }
    t_body_close(&body);
}

static void heartbeat_response_v4_has_its_fields(void) {
    struct t_body body;
    struct mock_heartbeat_response m;
    if (!t_body_open(&body, "Heartbeat", "response", 4, "filled")) {
        return;
    }
    int code = mock_heartbeat_response_decode(&body.reader, 4, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.error_code, 514);
    }
    t_body_close(&body);
}

static void leave_group_request_v2_has_its_fields(void) {
    struct t_body body;
    struct mock_leave_group_request m;
    if (!t_body_open(&body, "LeaveGroup", "request", 2, "filled")) {
        return;
    }
    int code = mock_leave_group_request_decode(&body.reader, 2, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.group_id, "GroupId1", 8);
        T_TEXT(m.members[0].member_id, "MemberId2", 9);
    }
    t_body_close(&body);
}

static void leave_group_request_v5_has_its_fields(void) {
    struct t_body body;
    struct mock_leave_group_request m;
    if (!t_body_open(&body, "LeaveGroup", "request", 5, "filled")) {
        return;
    }
    int code = mock_leave_group_request_decode(&body.reader, 5, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.group_id, "GroupId1", 8);
        T_TEXT(m.members[1].member_id, "MemberId5", 9);
        T_TEXT(m.members[1].group_instance_id, "GroupInstanc6", 13);
        T_TEXT(m.members[1].reason, "Reason7", 7);
        T_EQUAL_INT(m.member_count, 2);
    }
    t_body_close(&body);
}

static void leave_group_response_v5_has_its_fields(void) {
    struct t_body body;
    struct mock_leave_group_response m;
    if (!t_body_open(&body, "LeaveGroup", "response", 5, "filled")) {
        return;
    }
    int code = mock_leave_group_response_decode(&body.reader, 5, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.error_code, 514);
        T_TEXT(m.members[1].member_id, "MemberId6", 9);
        T_TEXT(m.members[1].group_instance_id, "GroupInstanc7", 13);
        T_EQUAL_INT(m.members[1].error_code, 2056);
        T_EQUAL_INT(m.member_count, 2);
    }
    t_body_close(&body);
}

static void sync_group_request_v5_has_its_fields(void) {
    struct t_body body;
    struct mock_sync_group_request m;
    if (!t_body_open(&body, "SyncGroup", "request", 5, "filled")) {
        return;
    }
    int code = mock_sync_group_request_decode(&body.reader, 5, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.group_id, "GroupId1", 8);
        T_EQUAL_INT(m.generation_id, 33818120);
        T_TEXT(m.member_id, "MemberId3", 9);
        T_TEXT(m.group_instance_id, "GroupInstanc4", 13);
        T_TEXT(m.protocol_type, "ProtocolType5", 13);
        T_TEXT(m.protocol_name, "ProtocolName6", 13);
        T_TEXT(m.assignments[1].member_id, "MemberId9", 9);
        T_TEXT(m.assignments[1].assignment, "Assignment10", 14);
        T_EQUAL_INT(m.assignment_count, 2);
    }
    t_body_close(&body);
}

static void sync_group_response_v5_has_its_fields(void) {
    struct t_body body;
    struct mock_sync_group_response m;
    if (!t_body_open(&body, "SyncGroup", "response", 5, "filled")) {
        return;
    }
    int code = mock_sync_group_response_decode(&body.reader, 5, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.error_code, 514);
        T_TEXT(m.protocol_type, "ProtocolType3", 13);
        T_TEXT(m.protocol_name, "ProtocolName4", 13);
        T_TEXT(m.assignment, "Assignment5", 13);
    }
    t_body_close(&body);
}

static void describe_groups_request_v5_has_its_fields(void) {
    struct t_body body;
    struct mock_describe_groups_request m;
    if (!t_body_open(&body, "DescribeGroups", "request", 5, "filled")) {
        return;
    }
    int code = mock_describe_groups_request_decode(&body.reader, 5, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.groups[1], "Groups2", 7);
        T_EQUAL_INT(m.group_count, 2);
        T_EQUAL_INT(m.include_authorized_operations, 1);
    }
    t_body_close(&body);
}

static void describe_groups_response_v5_has_its_fields(void) {
    struct t_body body;
    struct mock_describe_groups_response m;
    if (!t_body_open(&body, "DescribeGroups", "response", 5, "filled")) {
        return;
    }
    int code = mock_describe_groups_response_decode(&body.reader, 5, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.groups[1].error_code, -20);
        T_TEXT(m.groups[1].group_id, "GroupId21", 9);
        T_TEXT(m.groups[1].state, "GroupState22", 12);
        T_TEXT(m.groups[1].protocol_type, "ProtocolType23", 14);
        T_TEXT(m.groups[1].protocol_data, "ProtocolData24", 14);
        T_TEXT(m.groups[1].members[1].member_id, "MemberId31", 10);
        T_TEXT(m.groups[1].members[1].group_instance_id, "GroupInstanc32", 14);
        T_TEXT(m.groups[1].members[1].client_id, "ClientId33", 10);
        T_TEXT(m.groups[1].members[1].client_host, "ClientHost34", 12);
        T_TEXT(m.groups[1].members[1].metadata, "MemberMetada35", 16);
        T_TEXT(m.groups[1].members[1].assignment, "MemberAssign36", 154);
        T_EQUAL_INT(m.groups[1].member_count, 2);
        T_EQUAL_INT(m.groups[1].authorized_operations, 625635220);
        T_EQUAL_INT(m.group_count, 2);
    }
    t_body_close(&body);
}

static void list_groups_request_v4_has_its_fields(void) {
    struct t_body body;
    struct mock_list_groups_request m;
    if (!t_body_open(&body, "ListGroups", "request", 4, "filled")) {
        return;
    }
    int code = mock_list_groups_request_decode(&body.reader, 4, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.states[1], "StatesFilter2", 13);
        T_EQUAL_INT(m.state_count, 2);
    }
    t_body_close(&body);
}

static void list_groups_response_v4_has_its_fields(void) {
    struct t_body body;
    struct mock_list_groups_response m;
    if (!t_body_open(&body, "ListGroups", "response", 4, "filled")) {
        return;
    }
    int code = mock_list_groups_response_decode(&body.reader, 4, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.error_code, 514);
        T_TEXT(m.groups[1].group_id, "GroupId6", 8);
        T_TEXT(m.groups[1].protocol_type, "ProtocolType7", 13);
        T_TEXT(m.groups[1].state, "GroupState8", 11);
        T_EQUAL_INT(m.group_count, 2);
    }
    t_body_close(&body);
}

static CU_TestInfo tests[] = {
    {"offset_commit_request_v4_has_its_fields", offset_commit_request_v4_has_its_fields},
    {"offset_commit_request_v8_has_its_fields", offset_commit_request_v8_has_its_fields},
    {"offset_commit_response_v8_has_its_fields", offset_commit_response_v8_has_its_fields},
    {"offset_fetch_request_v7_has_its_fields", offset_fetch_request_v7_has_its_fields},
    {"offset_fetch_request_v8_has_its_fields", offset_fetch_request_v8_has_its_fields},
    {"offset_fetch_response_v7_has_its_fields", offset_fetch_response_v7_has_its_fields},
    {"offset_fetch_response_v8_has_its_fields", offset_fetch_response_v8_has_its_fields},
    {"find_coordinator_request_v3_has_its_fields", find_coordinator_request_v3_has_its_fields},
    {"find_coordinator_request_v4_has_its_fields", find_coordinator_request_v4_has_its_fields},
    {"find_coordinator_response_v3_has_its_fields", find_coordinator_response_v3_has_its_fields},
    {"find_coordinator_response_v4_has_its_fields", find_coordinator_response_v4_has_its_fields},
    {"join_group_request_v9_has_its_fields", join_group_request_v9_has_its_fields},
    {"join_group_response_v9_has_its_fields", join_group_response_v9_has_its_fields},
    {"heartbeat_request_v4_has_its_fields", heartbeat_request_v4_has_its_fields},
    {"heartbeat_response_v4_has_its_fields", heartbeat_response_v4_has_its_fields},
    {"leave_group_request_v2_has_its_fields", leave_group_request_v2_has_its_fields},
    {"leave_group_request_v5_has_its_fields", leave_group_request_v5_has_its_fields},
    {"leave_group_response_v5_has_its_fields", leave_group_response_v5_has_its_fields},
    {"sync_group_request_v5_has_its_fields", sync_group_request_v5_has_its_fields},
    {"sync_group_response_v5_has_its_fields", sync_group_response_v5_has_its_fields},
    {"describe_groups_request_v5_has_its_fields", describe_groups_request_v5_has_its_fields},
    {"describe_groups_response_v5_has_its_fields", describe_groups_response_v5_has_its_fields},
    {"list_groups_request_v4_has_its_fields", list_groups_request_v4_has_its_fields},
    {"list_groups_response_v4_has_its_fields", list_groups_response_v4_has_its_fields},
    CU_TEST_INFO_NULL,
};

CU_SuiteInfo *suite_wire_fields_groups(void) {
    static CU_SuiteInfo suites[] = {
        {"wire fields groups", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
