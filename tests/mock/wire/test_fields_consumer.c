/* Fields of the messages that administer groups and of the consumer protocol: each has the value
 * that the golden body gives it. */
#include "mock/wire/consumer_group_describe.h"
#include "mock/wire/consumer_group_heartbeat.h"
#include "mock/wire/delete_groups.h"
#include "mock/wire/describe_groups.h"
#include "mock/wire/list_groups.h"
#include "mock/wire/offset_delete.h"
#include "mock/wire/offset_fetch.h"
#include "t_run.h"
#include "t_wire.h"

CU_SuiteInfo *suite_wire_fields_consumer(void);

static void consumer_group_heartbeat_request_v1_has_its_fields(void) {
    struct t_body body;
    struct mock_consumer_group_heartbeat_request m;
    if (!t_body_open(&body, "ConsumerGroupHeartbeat", "request", 1, "filled")) {
        return;
    }
    if (T_EQUAL_INT(mock_consumer_group_heartbeat_request_decode(&body.reader, 1, &body.arena, &m),
                    0)) {
        T_TEXT(m.group_id, "GroupId1", 8);
        T_TEXT(m.member_id, "MemberId2", 9);
        T_EQUAL_INT(m.member_epoch, 50727180);
        T_TEXT(m.instance_id, "InstanceId4", 11);
        T_TEXT(m.rack_id, "RackId5", 7);
        T_EQUAL_INT(m.rebalance_timeout_ms, 101454360);
        T_EQUAL_INT(m.topic_name_count, 2);
        T_TEXT(m.topic_names[1], "SubscribedTo8", 13);
        T_TEXT(m.topic_regex, "SubscribedTo9", 13);
        T_TEXT(m.server_assignor, "ServerAssign10", 14);
        T_EQUAL_INT(m.owned_count, 2);
        T_EQUAL_INT(m.owned[1].topic_id.bytes[0], 14);
        T_EQUAL_INT(m.owned[1].partitions[1], 270544960);
    }
    t_body_close(&body);
}

static void consumer_group_heartbeat_response_v1_has_its_fields(void) {
    struct t_body body;
    struct mock_consumer_group_heartbeat_response m;
    if (!t_body_open(&body, "ConsumerGroupHeartbeat", "response", 1, "filled")) {
        return;
    }
    if (T_EQUAL_INT(mock_consumer_group_heartbeat_response_decode(&body.reader, 1, &body.arena, &m),
                    0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.error_code, 514);
        T_TEXT(m.error_message, "ErrorMessage3", 13);
        T_TEXT(m.member_id, "MemberId4", 9);
        T_EQUAL_INT(m.member_epoch, -5);
        T_EQUAL_INT(m.heartbeat_interval_ms, 101454360);
        T_TRUE(m.has_assignment);
        T_EQUAL_INT(m.assignment_count, 2);
        T_EQUAL_INT(m.assignment[1].topic_id.bytes[0], 10);
        T_EQUAL_INT(m.assignment[1].partitions[0], 185999660);
    }
    t_body_close(&body);
}

static void consumer_group_describe_response_v1_has_its_fields(void) {
    struct t_body body;
    struct mock_consumer_group_describe_response m;
    if (!t_body_open(&body, "ConsumerGroupDescribe", "response", 1, "filled")) {
        return;
    }
    if (T_EQUAL_INT(mock_consumer_group_describe_response_decode(&body.reader, 1, &body.arena, &m),
                    0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.groups[0].error_code, 514);
        T_TEXT(m.groups[0].error_message, "ErrorMessage3", 13);
        T_TEXT(m.groups[0].group_id, "GroupId4", 8);
        T_TEXT(m.groups[0].state, "GroupState5", 11);
        T_EQUAL_INT(m.groups[0].group_epoch, 101454360);
        T_EQUAL_INT(m.groups[0].assignment_epoch, 118363420);
        T_TEXT(m.groups[0].assignor, "AssignorName8", 13);
        T_TEXT(m.groups[0].members[0].member_id, "MemberId9", 9);
        T_TEXT(m.groups[0].members[0].instance_id, "InstanceId10", 12);
        T_TEXT(m.groups[0].members[0].rack_id, "RackId11", 8);
        T_EQUAL_INT(m.groups[0].members[0].member_epoch, 202908720);
        T_TEXT(m.groups[0].members[0].client_id, "ClientId13", 10);
        T_TEXT(m.groups[0].members[0].client_host, "ClientHost14", 12);
        T_TEXT(m.groups[0].members[0].topic_names[1], "SubscribedTo16", 14);
        T_TEXT(m.groups[0].members[0].topic_regex, "SubscribedTo17", 14);
        T_EQUAL_INT(m.groups[0].members[0].assignment.topics[0].topic_id.bytes[0], 18);
        T_TEXT(m.groups[0].members[0].assignment.topics[0].topic_name, "TopicName19", 11);
        T_EQUAL_INT(m.groups[0].members[0].assignment.topics[0].partitions[1], 355090260);
        T_EQUAL_INT(m.groups[0].members[0].target.topic_count, 2);
    }
    t_body_close(&body);
}

static void delete_groups_response_v3_has_its_fields(void) {
    struct t_body body;
    struct mock_delete_groups_response m;
    if (!t_body_open(&body, "DeleteGroups", "response", 3, "filled")) {
        return;
    }
    if (T_EQUAL_INT(mock_delete_groups_response_decode(&body.reader, 3, &body.arena, &m), 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_TEXT(m.results[1].group_id, "GroupId5", 8);
        T_EQUAL_INT(m.results[1].error_code, 1542);
        T_TEXT(m.results[1].error_message, "ErrorMessage7", 13);
    }
    t_body_close(&body);
}

static void offset_delete_response_v0_has_its_fields(void) {
    struct t_body body;
    struct mock_offset_delete_response m;
    if (!t_body_open(&body, "OffsetDelete", "response", 0, "filled")) {
        return;
    }
    if (T_EQUAL_INT(mock_offset_delete_response_decode(&body.reader, 0, &body.arena, &m), 0)) {
        T_EQUAL_INT(m.error_code, 257);
        T_EQUAL_INT(m.throttle_time_ms, 33818120);
        T_TEXT(m.topics[1].name, "Name8", 5);
        T_EQUAL_INT(m.topics[1].partitions[1].index, 185999660);
        T_EQUAL_INT(m.topics[1].partitions[1].error_code, 3084);
    }
    t_body_close(&body);
}

static void describe_groups_response_v6_has_its_fields(void) {
    struct t_body body;
    struct mock_describe_groups_response m;
    if (!t_body_open(&body, "DescribeGroups", "response", 6, "filled")) {
        return;
    }
    if (T_EQUAL_INT(mock_describe_groups_response_decode(&body.reader, 6, &body.arena, &m), 0)) {
        T_EQUAL_INT(m.groups[0].error_code, 514);
        T_TEXT(m.groups[0].error_message, "ErrorMessage3", 13);
        T_TEXT(m.groups[0].group_id, "GroupId4", 8);
        T_TEXT(m.groups[0].state, "GroupState5", 11);
        T_EQUAL_INT(m.groups[0].authorized_operations, -20);
    }
    t_body_close(&body);
}

static void list_groups_response_v5_has_its_fields(void) {
    struct t_body body;
    struct mock_list_groups_response m;
    if (!t_body_open(&body, "ListGroups", "response", 5, "filled")) {
        return;
    }
    if (T_EQUAL_INT(mock_list_groups_response_decode(&body.reader, 5, &body.arena, &m), 0)) {
        T_TEXT(m.groups[1].group_id, "GroupId7", 8);
        T_TEXT(m.groups[1].protocol_type, "ProtocolType8", 13);
        T_TEXT(m.groups[1].state, "GroupState9", 11);
        T_TEXT(m.groups[1].type, "GroupType10", 11);
    }
    t_body_close(&body);
}

static void offset_fetch_request_v10_has_its_fields(void) {
    struct t_body body;
    struct mock_offset_fetch_request m;
    if (!t_body_open(&body, "OffsetFetch", "request", 10, "filled")) {
        return;
    }
    if (T_EQUAL_INT(mock_offset_fetch_request_decode(&body.reader, 10, &body.arena, &m), 0)) {
        T_TEXT(m.groups[1].group_id, "GroupId10", 9);
        T_TEXT(m.groups[1].member_id, "MemberId11", 10);
        T_EQUAL_INT(m.groups[1].member_epoch, 202908720);
        T_EQUAL_INT(m.groups[1].topics[1].id.bytes[0], 16);
        T_EQUAL_INT(m.groups[1].topics[1].partitions[1], 304363080);
    }
    t_body_close(&body);
}

static void an_assignment_and_lists_that_are_null_are_told_from_empty_ones(void) {
    struct t_body body;
    struct mock_consumer_group_heartbeat_request q;
    struct mock_consumer_group_heartbeat_response a;
    if (t_body_open(&body, "ConsumerGroupHeartbeat", "request", 0, "nulls")) {
        T_EQUAL_INT(mock_consumer_group_heartbeat_request_decode(&body.reader, 0, &body.arena, &q),
                    0);
        T_TRUE(!q.has_topic_names && !q.has_owned && base_slice_is_null(q.topic_regex));
        t_body_close(&body);
    }
    if (t_body_open(&body, "ConsumerGroupHeartbeat", "request", 0, "empty")) {
        T_EQUAL_INT(mock_consumer_group_heartbeat_request_decode(&body.reader, 0, &body.arena, &q),
                    0);
        T_TRUE(q.has_topic_names && q.has_owned);
        t_body_close(&body);
    }
    if (t_body_open(&body, "ConsumerGroupHeartbeat", "response", 0, "nulls")) {
        T_EQUAL_INT(mock_consumer_group_heartbeat_response_decode(&body.reader, 0, &body.arena, &a),
                    0);
        T_TRUE(!a.has_assignment);
        t_body_close(&body);
    }
}

CU_SuiteInfo *suite_wire_fields_consumer(void) {
    static CU_TestInfo tests[] = {
        {"consumer_group_heartbeat_request_v1_has_its_fields",
         consumer_group_heartbeat_request_v1_has_its_fields},
        {"consumer_group_heartbeat_response_v1_has_its_fields",
         consumer_group_heartbeat_response_v1_has_its_fields},
        {"consumer_group_describe_response_v1_has_its_fields",
         consumer_group_describe_response_v1_has_its_fields},
        {"delete_groups_response_v3_has_its_fields", delete_groups_response_v3_has_its_fields},
        {"offset_delete_response_v0_has_its_fields", offset_delete_response_v0_has_its_fields},
        {"describe_groups_response_v6_has_its_fields", describe_groups_response_v6_has_its_fields},
        {"list_groups_response_v5_has_its_fields", list_groups_response_v5_has_its_fields},
        {"offset_fetch_request_v10_has_its_fields", offset_fetch_request_v10_has_its_fields},
        {"an_assignment_and_lists_that_are_null_are_told_from_empty_ones",
         an_assignment_and_lists_that_are_null_are_told_from_empty_ones},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"wire fields consumer", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
