/* Fields of the admin messages: each has the value that the golden body gives it. Values differ
 * from field to field, so that two that are swapped do not pass. */
#include "mock/wire/api_versions.h"
#include "mock/wire/create_topics.h"
#include "mock/wire/delete_topics.h"
#include "mock/wire/describe_cluster.h"
#include "mock/wire/describe_configs.h"
#include "t_run.h"
#include "t_wire.h"

CU_SuiteInfo *suite_wire_fields_admin(void);

static void api_versions_request_v4_has_its_fields(void) {
    struct t_body body;
    struct mock_api_versions_request m;
    if (!t_body_open(&body, "ApiVersions", "request", 4, "filled")) {
        return;
    }
    int code = mock_api_versions_request_decode(&body.reader, 4, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.client_software_name, "ClientSoftwa1", 13);
        T_TEXT(m.client_software_version, "ClientSoftwa2", 13);
    }
    t_body_close(&body);
}

static void api_versions_response_v4_has_its_fields(void) {
    struct t_body body;
    struct mock_api_versions_response m;
    if (!t_body_open(&body, "ApiVersions", "response", 4, "filled")) {
        return;
    }
    int code = mock_api_versions_response_decode(&body.reader, 4, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.error_code, 257);
        T_EQUAL_INT(m.ranges[1].api_key, -5);
        T_EQUAL_INT(m.ranges[1].min_version, 1542);
        T_EQUAL_INT(m.ranges[1].max_version, 1799);
        T_EQUAL_INT(m.range_count, 2);
        T_EQUAL_INT(m.throttle_time_ms, 135272480);
    }
    t_body_close(&body);
}

static void api_versions_response_v4_has_its_tagged_fields(void) {
    struct t_body body;
    struct mock_api_versions_response m;
    if (!t_body_open(&body, "ApiVersions", "response", 4, "known")) {
        return;
    }
    int code = mock_api_versions_response_decode(&body.reader, 4, &body.arena, &m);
    if (T_EQUAL_INT(code, 0) && T_EQUAL_INT(m.supported_count, 2) &&
        T_EQUAL_INT(m.finalized_count, 2)) {
        T_TEXT(m.supported[1].name, "Name12", 6);
        T_EQUAL_INT(m.supported[1].min_version, 13 * 257);
        T_EQUAL_INT(m.supported[1].max_version, 14 * 257);
        T_EQUAL_INT(m.finalized_epoch, -15);
        T_TEXT(m.finalized[0].name, "Name16", 6);
        T_EQUAL_INT(m.finalized[0].max_level, 17 * 257);
        T_EQUAL_INT(m.finalized[0].min_level, 18 * 257);
        T_TRUE(m.zk_migration_ready);
    }
    t_body_close(&body);
}

static void api_versions_request_v5_says_whom_it_means(void) {
    struct t_body body;
    struct mock_api_versions_request m;
    if (!t_body_open(&body, "ApiVersions", "request", 5, "filled")) {
        return;
    }
    if (T_EQUAL_INT(mock_api_versions_request_decode(&body.reader, 5, &body.arena, &m), 0)) {
        T_TEXT(m.cluster_id, "ClusterId3", 10);
        T_EQUAL_INT(m.node_id, 0x04080c10);
    }
    t_body_close(&body);
}

static void create_topics_request_v7_has_its_fields(void) {
    struct t_body body;
    struct mock_create_topics_request m;
    if (!t_body_open(&body, "CreateTopics", "request", 7, "filled")) {
        return;
    }
    int code = mock_create_topics_request_decode(&body.reader, 7, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.topics[1].name, "Name14", 6);
        T_EQUAL_INT(m.topics[1].partition_count, -15);
        T_EQUAL_INT(m.topics[1].replication_factor, 4112);
        T_EQUAL_INT(m.topics[1].assignments[1].index, -20);
        T_EQUAL_INT(m.topics[1].assignments[1].brokers[1], 371999320);
        T_EQUAL_INT(m.topics[1].assignments[1].broker_count, 2);
        T_EQUAL_INT(m.topics[1].assignment_count, 2);
        T_TEXT(m.topics[1].configs[1].name, "Name25", 6);
        T_TEXT(m.topics[1].configs[1].value, "Value26", 7);
        T_EQUAL_INT(m.topics[1].config_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
        T_EQUAL_INT(m.timeout_ms, 456544620);
        T_EQUAL_INT(m.validate_only, 0);
    }
    t_body_close(&body);
}

static void create_topics_response_v7_has_its_fields(void) {
    struct t_body body;
    struct mock_create_topics_response m;
    if (!t_body_open(&body, "CreateTopics", "response", 7, "filled")) {
        return;
    }
    int code = mock_create_topics_response_decode(&body.reader, 7, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_TEXT(m.topics[1].name, "Name18", 6);
        T_EQUAL_INT(m.topics[1].id.bytes[15], 34);
        T_EQUAL_INT(m.topics[1].error_code, -20);
        T_TEXT(m.topics[1].error_message, "ErrorMessage21", 14);
        T_EQUAL_INT(m.topics[1].partition_count, 371999320);
        T_EQUAL_INT(m.topics[1].replication_factor, 5911);
        T_TEXT(m.topics[1].configs[1].name, "Name29", 6);
        T_TEXT(m.topics[1].configs[1].value, "Value30", 7);
        T_EQUAL_INT(m.topics[1].configs[1].read_only, 1);
        T_EQUAL_INT(m.topics[1].configs[1].source, 32);
        T_EQUAL_INT(m.topics[1].configs[1].is_sensitive, 1);
        T_EQUAL_INT(m.topics[1].config_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void delete_topics_request_v5_has_its_fields(void) {
    struct t_body body;
    struct mock_delete_topics_request m;
    if (!t_body_open(&body, "DeleteTopics", "request", 5, "filled")) {
        return;
    }
    int code = mock_delete_topics_request_decode(&body.reader, 5, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.topics[1].name, "TopicNames2", 11);
        T_EQUAL_INT(m.topic_count, 2);
        T_EQUAL_INT(m.timeout_ms, 50727180);
    }
    t_body_close(&body);
}

static void delete_topics_response_v5_has_its_fields(void) {
    struct t_body body;
    struct mock_delete_topics_response m;
    if (!t_body_open(&body, "DeleteTopics", "response", 5, "filled")) {
        return;
    }
    int code = mock_delete_topics_response_decode(&body.reader, 5, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_TEXT(m.topics[1].name, "Name5", 5);
        T_EQUAL_INT(m.topics[1].error_code, 1542);
        T_TEXT(m.topics[1].error_message, "ErrorMessage7", 13);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void describe_configs_request_v4_has_its_fields(void) {
    struct t_body body;
    struct mock_describe_configs_request m;
    if (!t_body_open(&body, "DescribeConfigs", "request", 4, "filled")) {
        return;
    }
    int code = mock_describe_configs_request_decode(&body.reader, 4, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.resources[1].type, -5);
        T_TEXT(m.resources[1].name, "ResourceName6", 13);
        T_TEXT(m.resources[1].keys[1], "Configuratio8", 13);
        T_EQUAL_INT(m.resources[1].key_count, 2);
        T_EQUAL_INT(m.resource_count, 2);
        T_EQUAL_INT(m.include_synonyms, 1);
        T_EQUAL_INT(m.include_documentation, 0);
    }
    t_body_close(&body);
}

static void describe_configs_response_v4_has_its_fields(void) {
    struct t_body body;
    struct mock_describe_configs_response m;
    if (!t_body_open(&body, "DescribeConfigs", "response", 4, "filled")) {
        return;
    }
    int code = mock_describe_configs_response_decode(&body.reader, 4, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.resources[1].error_code, 8224);
        T_TEXT(m.resources[1].error_message, "ErrorMessage33", 14);
        T_EQUAL_INT(m.resources[1].type, 34);
        T_TEXT(m.resources[1].name, "ResourceName35", 14);
        T_TEXT(m.resources[1].configs[1].name, "Name49", 6);
        T_TEXT(m.resources[1].configs[1].value, "Value50", 7);
        T_EQUAL_INT(m.resources[1].configs[1].read_only, 1);
        T_EQUAL_INT(m.resources[1].configs[1].source, 52);
        T_EQUAL_INT(m.resources[1].configs[1].is_sensitive, 1);
        T_TEXT(m.resources[1].configs[1].synonyms[1].name, "Name57", 6);
        T_TEXT(m.resources[1].configs[1].synonyms[1].value, "Value58", 7);
        T_EQUAL_INT(m.resources[1].configs[1].synonyms[1].source, 59);
        T_EQUAL_INT(m.resources[1].configs[1].synonym_count, 2);
        T_EQUAL_INT(m.resources[1].configs[1].type, -60);
        T_TEXT(m.resources[1].configs[1].documentation, "Documentatio61", 14);
        T_EQUAL_INT(m.resources[1].config_count, 2);
        T_EQUAL_INT(m.resource_count, 2);
    }
    t_body_close(&body);
}

static void describe_cluster_request_v1_has_its_fields(void) {
    struct t_body body;
    struct mock_describe_cluster_request m;
    if (!t_body_open(&body, "DescribeCluster", "request", 1, "filled")) {
        return;
    }
    int code = mock_describe_cluster_request_decode(&body.reader, 1, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.include_authorized_operations, 1);
        T_EQUAL_INT(m.endpoint_type, 2);
    }
    t_body_close(&body);
}

static void describe_cluster_response_v1_has_its_fields(void) {
    struct t_body body;
    struct mock_describe_cluster_response m;
    if (!t_body_open(&body, "DescribeCluster", "response", 1, "filled")) {
        return;
    }
    int code = mock_describe_cluster_response_decode(&body.reader, 1, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.error_code, 514);
        T_TEXT(m.error_message, "ErrorMessage3", 13);
        T_EQUAL_INT(m.endpoint_type, 4);
        T_TEXT(m.cluster_id, "ClusterId5", 10);
        T_EQUAL_INT(m.controller_id, 101454360);
        T_EQUAL_INT(m.brokers[1].node_id, 185999660);
        T_TEXT(m.brokers[1].host, "Host12", 6);
        T_EQUAL_INT(m.brokers[1].port, 219817780);
        T_TEXT(m.brokers[1].rack, "Rack14", 6);
        T_EQUAL_INT(m.broker_count, 2);
        T_EQUAL_INT(m.authorized_operations, -15);
    }
    t_body_close(&body);
}

static CU_TestInfo tests[] = {
    {"api_versions_request_v4_has_its_fields", api_versions_request_v4_has_its_fields},
    {"api_versions_response_v4_has_its_fields", api_versions_response_v4_has_its_fields},
    {"api_versions_response_v4_has_its_tagged_fields",
     api_versions_response_v4_has_its_tagged_fields},
    {"api_versions_request_v5_says_whom_it_means", api_versions_request_v5_says_whom_it_means},
    {"create_topics_request_v7_has_its_fields", create_topics_request_v7_has_its_fields},
    {"create_topics_response_v7_has_its_fields", create_topics_response_v7_has_its_fields},
    {"delete_topics_request_v5_has_its_fields", delete_topics_request_v5_has_its_fields},
    {"delete_topics_response_v5_has_its_fields", delete_topics_response_v5_has_its_fields},
    {"describe_configs_request_v4_has_its_fields", describe_configs_request_v4_has_its_fields},
    {"describe_configs_response_v4_has_its_fields", describe_configs_response_v4_has_its_fields},
    {"describe_cluster_request_v1_has_its_fields", describe_cluster_request_v1_has_its_fields},
    {"describe_cluster_response_v1_has_its_fields", describe_cluster_response_v1_has_its_fields},
    CU_TEST_INFO_NULL,
};

CU_SuiteInfo *suite_wire_fields_admin(void) {
    static CU_SuiteInfo suites[] = {
        {"wire fields admin", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
