/* Fields of the messages that alter a cluster: each has the value that the golden body gives it.
 * Values differ from field to field, so that two that are swapped do not pass. */
#include "mock/wire/alter_configs.h"
#include "mock/wire/alter_partition_reassignments.h"
#include "mock/wire/create_partitions.h"
#include "mock/wire/delete_records.h"
#include "mock/wire/delete_topics.h"
#include "mock/wire/describe_cluster.h"
#include "mock/wire/describe_log_dirs.h"
#include "mock/wire/elect_leaders.h"
#include "mock/wire/incremental_alter_configs.h"
#include "mock/wire/list_config_resources.h"
#include "mock/wire/list_partition_reassignments.h"
#include "t_run.h"
#include "t_wire.h"

CU_SuiteInfo *suite_wire_fields_cluster(void);

static void delete_topics_request_v6_has_its_fields(void) {
    struct t_body body;
    struct mock_delete_topics_request m;
    if (!t_body_open(&body, "DeleteTopics", "request", 6, "filled")) {
        return;
    }
    int code = mock_delete_topics_request_decode(&body.reader, 6, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.topics[1].name, "Name3", 5);
        T_EQUAL_INT(m.topics[1].id.bytes[15], 19);
        T_EQUAL_INT(m.topic_count, 2);
        T_EQUAL_INT(m.timeout_ms, -5);
    }
    t_body_close(&body);
}

static void delete_topics_response_v6_has_its_fields(void) {
    struct t_body body;
    struct mock_delete_topics_response m;
    if (!t_body_open(&body, "DeleteTopics", "response", 6, "filled")) {
        return;
    }
    int code = mock_delete_topics_response_decode(&body.reader, 6, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_TEXT(m.topics[1].name, "Name6", 5);
        T_EQUAL_INT(m.topics[1].id.bytes[15], 22);
        T_EQUAL_INT(m.topics[1].error_code, 2056);
        T_TEXT(m.topics[1].error_message, "ErrorMessage9", 13);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void describe_cluster_request_v2_has_its_fields(void) {
    struct t_body body;
    struct mock_describe_cluster_request m;
    if (!t_body_open(&body, "DescribeCluster", "request", 2, "filled")) {
        return;
    }
    int code = mock_describe_cluster_request_decode(&body.reader, 2, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.include_authorized_operations, 1);
        T_EQUAL_INT(m.endpoint_type, 2);
        T_EQUAL_INT(m.include_fenced_brokers, 1);
    }
    t_body_close(&body);
}

static void describe_cluster_response_v2_has_its_fields(void) {
    struct t_body body;
    struct mock_describe_cluster_response m;
    if (!t_body_open(&body, "DescribeCluster", "response", 2, "filled")) {
        return;
    }
    int code = mock_describe_cluster_response_decode(&body.reader, 2, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.error_code, 514);
        T_TEXT(m.error_message, "ErrorMessage3", 13);
        T_EQUAL_INT(m.endpoint_type, 4);
        T_TEXT(m.cluster_id, "ClusterId5", 10);
        T_EQUAL_INT(m.controller_id, 101454360);
        T_EQUAL_INT(m.brokers[1].node_id, 202908720);
        T_TEXT(m.brokers[1].host, "Host13", 6);
        T_EQUAL_INT(m.brokers[1].port, 236726840);
        T_TEXT(m.brokers[1].rack, "Rack15", 6);
        T_EQUAL_INT(m.brokers[1].is_fenced, 0);
        T_EQUAL_INT(m.broker_count, 2);
        T_EQUAL_INT(m.authorized_operations, 287454020);
    }
    t_body_close(&body);
}

static void delete_records_request_v2_has_its_fields(void) {
    struct t_body body;
    struct mock_delete_records_request m;
    if (!t_body_open(&body, "DeleteRecords", "request", 2, "filled")) {
        return;
    }
    int code = mock_delete_records_request_decode(&body.reader, 2, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.topics[1].name, "Name6", 5);
        T_EQUAL_INT(m.topics[1].partitions[1].index, 152181540);
        T_EQUAL_INT(m.topics[1].partitions[1].offset, -10);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
        T_EQUAL_INT(m.timeout_ms, 185999660);
    }
    t_body_close(&body);
}

static void delete_records_response_v2_has_its_fields(void) {
    struct t_body body;
    struct mock_delete_records_response m;
    if (!t_body_open(&body, "DeleteRecords", "response", 2, "filled")) {
        return;
    }
    int code = mock_delete_records_response_decode(&body.reader, 2, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_TEXT(m.topics[1].name, "Name9", 5);
        T_EQUAL_INT(m.topics[1].partitions[1].index, 219817780);
        T_EQUAL_INT(m.topics[1].partitions[1].low_watermark, 1016734037065359984LL);
        T_EQUAL_INT(m.topics[1].partitions[1].error_code, -15);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void alter_configs_request_v2_has_its_fields(void) {
    struct t_body body;
    struct mock_alter_configs_request m;
    if (!t_body_open(&body, "AlterConfigs", "request", 2, "filled")) {
        return;
    }
    int code = mock_alter_configs_request_decode(&body.reader, 2, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.resources[1].type, 7);
        T_TEXT(m.resources[1].name, "ResourceName8", 13);
        T_TEXT(m.resources[1].configs[1].name, "Name11", 6);
        T_TEXT(m.resources[1].configs[1].value, "Value12", 7);
        T_EQUAL_INT(m.resources[1].config_count, 2);
        T_EQUAL_INT(m.resource_count, 2);
        T_EQUAL_INT(m.validate_only, 1);
    }
    t_body_close(&body);
}

static void alter_configs_response_v2_has_its_fields(void) {
    struct t_body body;
    struct mock_alter_configs_response m;
    if (!t_body_open(&body, "AlterConfigs", "response", 2, "filled")) {
        return;
    }
    int code = mock_alter_configs_response_decode(&body.reader, 2, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.resources[1].error_code, 1542);
        T_TEXT(m.resources[1].error_message, "ErrorMessage7", 13);
        T_EQUAL_INT(m.resources[1].type, 8);
        T_TEXT(m.resources[1].name, "ResourceName9", 13);
        T_EQUAL_INT(m.resource_count, 2);
    }
    t_body_close(&body);
}

static void describe_log_dirs_request_v5_has_its_fields(void) {
    struct t_body body;
    struct mock_describe_log_dirs_request m;
    if (!t_body_open(&body, "DescribeLogDirs", "request", 5, "filled")) {
        return;
    }
    int code = mock_describe_log_dirs_request_decode(&body.reader, 5, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.topics[1].name, "Topic4", 6);
        T_EQUAL_INT(m.topics[1].partitions[1], 101454360);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void describe_log_dirs_response_v5_has_its_fields(void) {
    struct t_body body;
    struct mock_describe_log_dirs_response m;
    if (!t_body_open(&body, "DescribeLogDirs", "response", 5, "filled")) {
        return;
    }
    int code = mock_describe_log_dirs_response_decode(&body.reader, 5, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.error_code, 514);
        T_EQUAL_INT(m.dirs[1].error_code, 6682);
        T_TEXT(m.dirs[1].path, "LogDir27", 8);
        T_TEXT(m.dirs[1].topics[1].name, "Name37", 6);
        T_EQUAL_INT(m.dirs[1].topics[1].partitions[1].index, 710180520);
        T_EQUAL_INT(m.dirs[1].topics[1].partitions[1].size_bytes, 3122825970986462808LL);
        T_EQUAL_INT(m.dirs[1].topics[1].partitions[1].offset_lag, 3195449830776845664LL);
        T_EQUAL_INT(m.dirs[1].topics[1].partitions[1].is_future, 1);
        T_EQUAL_INT(m.dirs[1].topics[1].partition_count, 2);
        T_EQUAL_INT(m.dirs[1].topic_count, 2);
        T_EQUAL_INT(m.dirs[1].total_bytes, 3340697550357611376LL);
        T_EQUAL_INT(m.dirs[1].usable_bytes, 3413321410147994232LL);
        T_EQUAL_INT(m.dirs[1].is_cordoned, 0);
        T_EQUAL_INT(m.dir_count, 2);
    }
    t_body_close(&body);
}

static void create_partitions_request_v3_has_its_fields(void) {
    struct t_body body;
    struct mock_create_partitions_request m;
    if (!t_body_open(&body, "CreatePartitions", "request", 3, "filled")) {
        return;
    }
    int code = mock_create_partitions_request_decode(&body.reader, 3, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.topics[1].name, "Name7", 5);
        T_EQUAL_INT(m.topics[1].count, 135272480);
        T_EQUAL_INT(m.topics[1].assignments[1].brokers[1], 202908720);
        T_EQUAL_INT(m.topics[1].assignments[1].broker_count, 2);
        T_EQUAL_INT(m.topics[1].assignment_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
        T_EQUAL_INT(m.timeout_ms, 219817780);
        T_EQUAL_INT(m.validate_only, 0);
    }
    t_body_close(&body);
}

static void create_partitions_response_v3_has_its_fields(void) {
    struct t_body body;
    struct mock_create_partitions_response m;
    if (!t_body_open(&body, "CreatePartitions", "response", 3, "filled")) {
        return;
    }
    int code = mock_create_partitions_response_decode(&body.reader, 3, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_TEXT(m.topics[1].name, "Name5", 5);
        T_EQUAL_INT(m.topics[1].error_code, 1542);
        T_TEXT(m.topics[1].error_message, "ErrorMessage7", 13);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void elect_leaders_request_v2_has_its_fields(void) {
    struct t_body body;
    struct mock_elect_leaders_request m;
    if (!t_body_open(&body, "ElectLeaders", "request", 2, "filled")) {
        return;
    }
    int code = mock_elect_leaders_request_decode(&body.reader, 2, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.election_type, 1);
        T_TEXT(m.topics[1].name, "Topic5", 6);
        T_EQUAL_INT(m.topics[1].partitions[1], 118363420);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
        T_EQUAL_INT(m.timeout_ms, 135272480);
    }
    t_body_close(&body);
}

static void elect_leaders_response_v2_has_its_fields(void) {
    struct t_body body;
    struct mock_elect_leaders_response m;
    if (!t_body_open(&body, "ElectLeaders", "response", 2, "filled")) {
        return;
    }
    int code = mock_elect_leaders_response_decode(&body.reader, 2, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.error_code, 514);
        T_TEXT(m.topics[1].name, "Topic10", 7);
        T_EQUAL_INT(m.topics[1].partitions[1].index, 236726840);
        T_EQUAL_INT(m.topics[1].partitions[1].error_code, -15);
        T_TEXT(m.topics[1].partitions[1].error_message, "ErrorMessage16", 14);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void incremental_alter_configs_request_v1_has_its_fields(void) {
    struct t_body body;
    struct mock_incremental_alter_configs_request m;
    if (!t_body_open(&body, "IncrementalAlterConfigs", "request", 1, "filled")) {
        return;
    }
    int code = mock_incremental_alter_configs_request_decode(&body.reader, 1, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.resources[1].type, 9);
        T_TEXT(m.resources[1].name, "ResourceName10", 14);
        T_TEXT(m.resources[1].configs[1].name, "Name14", 6);
        T_EQUAL_INT(m.resources[1].configs[1].operation, -15);
        T_TEXT(m.resources[1].configs[1].value, "Value16", 7);
        T_EQUAL_INT(m.resources[1].config_count, 2);
        T_EQUAL_INT(m.resource_count, 2);
        T_EQUAL_INT(m.validate_only, 1);
    }
    t_body_close(&body);
}

static void incremental_alter_configs_response_v1_has_its_fields(void) {
    struct t_body body;
    struct mock_incremental_alter_configs_response m;
    if (!t_body_open(&body, "IncrementalAlterConfigs", "response", 1, "filled")) {
        return;
    }
    int code = mock_incremental_alter_configs_response_decode(&body.reader, 1, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.resources[1].error_code, 1542);
        T_TEXT(m.resources[1].error_message, "ErrorMessage7", 13);
        T_EQUAL_INT(m.resources[1].type, 8);
        T_TEXT(m.resources[1].name, "ResourceName9", 13);
        T_EQUAL_INT(m.resource_count, 2);
    }
    t_body_close(&body);
}

static void alter_partition_reassignments_request_v1_has_its_fields(void) {
    struct t_body body;
    struct mock_alter_partition_reassignments_request m;
    if (!t_body_open(&body, "AlterPartitionReassignments", "request", 1, "filled")) {
        return;
    }
    int code = mock_alter_partition_reassignments_request_decode(&body.reader, 1, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.timeout_ms, 16909060);
        T_EQUAL_INT(m.allow_replication_factor_change, 0);
        T_TEXT(m.topics[1].name, "Name10", 6);
        T_EQUAL_INT(m.topics[1].partitions[1].index, 236726840);
        T_EQUAL_INT(m.topics[1].partitions[1].replicas[1], 270544960);
        T_EQUAL_INT(m.topics[1].partitions[1].replica_count, 2);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void alter_partition_reassignments_response_v1_has_its_fields(void) {
    struct t_body body;
    struct mock_alter_partition_reassignments_response m;
    if (!t_body_open(&body, "AlterPartitionReassignments", "response", 1, "filled")) {
        return;
    }
    int code = mock_alter_partition_reassignments_response_decode(&body.reader, 1, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.allow_replication_factor_change, 0);
        T_EQUAL_INT(m.error_code, 771);
        T_TEXT(m.error_message, "ErrorMessage4", 13);
        T_TEXT(m.topics[1].name, "Name12", 6);
        T_EQUAL_INT(m.topics[1].partitions[1].index, 270544960);
        T_EQUAL_INT(m.topics[1].partitions[1].error_code, 4369);
        T_TEXT(m.topics[1].partitions[1].error_message, "ErrorMessage18", 14);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void list_partition_reassignments_request_v0_has_its_fields(void) {
    struct t_body body;
    struct mock_list_partition_reassignments_request m;
    if (!t_body_open(&body, "ListPartitionReassignments", "request", 0, "filled")) {
        return;
    }
    int code = mock_list_partition_reassignments_request_decode(&body.reader, 0, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.timeout_ms, 16909060);
        T_TEXT(m.topics[1].name, "Name5", 5);
        T_EQUAL_INT(m.topics[1].partitions[1], 118363420);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void list_partition_reassignments_response_v0_has_its_fields(void) {
    struct t_body body;
    struct mock_list_partition_reassignments_response m;
    if (!t_body_open(&body, "ListPartitionReassignments", "response", 0, "filled")) {
        return;
    }
    int code = mock_list_partition_reassignments_response_decode(&body.reader, 0, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.error_code, 514);
        T_TEXT(m.error_message, "ErrorMessage3", 13);
        T_TEXT(m.topics[1].name, "Name19", 6);
        T_EQUAL_INT(m.topics[1].partitions[1].index, 456544620);
        T_EQUAL_INT(m.topics[1].partitions[1].replicas[1], 490362740);
        T_EQUAL_INT(m.topics[1].partitions[1].replica_count, 2);
        T_EQUAL_INT(m.topics[1].partitions[1].adding[1], 524180860);
        T_EQUAL_INT(m.topics[1].partitions[1].adding_count, 2);
        T_EQUAL_INT(m.topics[1].partitions[1].removing[1], 557998980);
        T_EQUAL_INT(m.topics[1].partitions[1].removing_count, 2);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void list_config_resources_request_v1_has_its_fields(void) {
    struct t_body body;
    struct mock_list_config_resources_request m;
    if (!t_body_open(&body, "ListConfigResources", "request", 1, "filled")) {
        return;
    }
    int code = mock_list_config_resources_request_decode(&body.reader, 1, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.types[1], 2);
        T_EQUAL_INT(m.type_count, 2);
    }
    t_body_close(&body);
}

static void list_config_resources_response_v1_has_its_fields(void) {
    struct t_body body;
    struct mock_list_config_resources_response m;
    if (!t_body_open(&body, "ListConfigResources", "response", 1, "filled")) {
        return;
    }
    int code = mock_list_config_resources_response_decode(&body.reader, 1, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.error_code, 514);
        T_TEXT(m.resources[1].name, "ResourceName5", 13);
        T_EQUAL_INT(m.resources[1].type, 6);
        T_EQUAL_INT(m.resource_count, 2);
    }
    t_body_close(&body);
}

static CU_TestInfo tests[] = {
    {"delete_topics_request_v6_has_its_fields", delete_topics_request_v6_has_its_fields},
    {"delete_topics_response_v6_has_its_fields", delete_topics_response_v6_has_its_fields},
    {"describe_cluster_request_v2_has_its_fields", describe_cluster_request_v2_has_its_fields},
    {"describe_cluster_response_v2_has_its_fields", describe_cluster_response_v2_has_its_fields},
    {"delete_records_request_v2_has_its_fields", delete_records_request_v2_has_its_fields},
    {"delete_records_response_v2_has_its_fields", delete_records_response_v2_has_its_fields},
    {"alter_configs_request_v2_has_its_fields", alter_configs_request_v2_has_its_fields},
    {"alter_configs_response_v2_has_its_fields", alter_configs_response_v2_has_its_fields},
    {"describe_log_dirs_request_v5_has_its_fields", describe_log_dirs_request_v5_has_its_fields},
    {"describe_log_dirs_response_v5_has_its_fields", describe_log_dirs_response_v5_has_its_fields},
    {"create_partitions_request_v3_has_its_fields", create_partitions_request_v3_has_its_fields},
    {"create_partitions_response_v3_has_its_fields", create_partitions_response_v3_has_its_fields},
    {"elect_leaders_request_v2_has_its_fields", elect_leaders_request_v2_has_its_fields},
    {"elect_leaders_response_v2_has_its_fields", elect_leaders_response_v2_has_its_fields},
    {"incremental_alter_configs_request_v1_has_its_fields",
     incremental_alter_configs_request_v1_has_its_fields},
    {"incremental_alter_configs_response_v1_has_its_fields",
     incremental_alter_configs_response_v1_has_its_fields},
    {"alter_partition_reassignments_request_v1_has_its_fields",
     alter_partition_reassignments_request_v1_has_its_fields},
    {"alter_partition_reassignments_response_v1_has_its_fields",
     alter_partition_reassignments_response_v1_has_its_fields},
    {"list_partition_reassignments_request_v0_has_its_fields",
     list_partition_reassignments_request_v0_has_its_fields},
    {"list_partition_reassignments_response_v0_has_its_fields",
     list_partition_reassignments_response_v0_has_its_fields},
    {"list_config_resources_request_v1_has_its_fields",
     list_config_resources_request_v1_has_its_fields},
    {"list_config_resources_response_v1_has_its_fields",
     list_config_resources_response_v1_has_its_fields},
    CU_TEST_INFO_NULL,
};

CU_SuiteInfo *suite_wire_fields_cluster(void) {
    static CU_SuiteInfo suites[] = {
        {"wire fields cluster", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
