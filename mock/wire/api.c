/* The table of APIs that the wire library speaks: see api.h. */
#include "mock/wire/api.h"

#include <string.h>

/* first_flexible beyond max_version means "never". */
static const struct mock_api_info apis[] = {
    {MOCK_API_PRODUCE, "Produce", 3, 13, 9},
    {MOCK_API_FETCH, "Fetch", 4, 18, 12},
    {MOCK_API_LIST_OFFSETS, "ListOffsets", 1, 11, 6},
    {MOCK_API_METADATA, "Metadata", 0, 13, 9},
    {MOCK_API_OFFSET_COMMIT, "OffsetCommit", 2, 10, 8},
    {MOCK_API_OFFSET_FETCH, "OffsetFetch", 1, 10, 6},
    {MOCK_API_FIND_COORDINATOR, "FindCoordinator", 0, 6, 3},
    {MOCK_API_JOIN_GROUP, "JoinGroup", 0, 9, 6},
    {MOCK_API_HEARTBEAT, "Heartbeat", 0, 4, 4},
    {MOCK_API_LEAVE_GROUP, "LeaveGroup", 0, 5, 4},
    {MOCK_API_SYNC_GROUP, "SyncGroup", 0, 5, 4},
    {MOCK_API_DESCRIBE_GROUPS, "DescribeGroups", 0, 6, 5},
    {MOCK_API_LIST_GROUPS, "ListGroups", 0, 5, 3},
    {MOCK_API_SASL_HANDSHAKE, "SaslHandshake", 0, 1, 2},
    {MOCK_API_API_VERSIONS, "ApiVersions", 0, 5, 3},
    {MOCK_API_CREATE_TOPICS, "CreateTopics", 2, 7, 5},
    {MOCK_API_DELETE_TOPICS, "DeleteTopics", 1, 6, 4},
    {MOCK_API_DELETE_RECORDS, "DeleteRecords", 0, 2, 2},
    {MOCK_API_INIT_PRODUCER_ID, "InitProducerId", 0, 5, 2},
    {MOCK_API_OFFSET_FOR_LEADER_EPOCH, "OffsetForLeaderEpoch", 2, 4, 4},
    {MOCK_API_ADD_PARTITIONS_TO_TXN, "AddPartitionsToTxn", 0, 5, 3},
    {MOCK_API_ADD_OFFSETS_TO_TXN, "AddOffsetsToTxn", 0, 4, 3},
    {MOCK_API_END_TXN, "EndTxn", 0, 5, 3},
    {MOCK_API_WRITE_TXN_MARKERS, "WriteTxnMarkers", 1, 2, 1},
    {MOCK_API_TXN_OFFSET_COMMIT, "TxnOffsetCommit", 0, 6, 3},
    {MOCK_API_DESCRIBE_ACLS, "DescribeAcls", 1, 3, 2},
    {MOCK_API_CREATE_ACLS, "CreateAcls", 1, 3, 2},
    {MOCK_API_DELETE_ACLS, "DeleteAcls", 1, 3, 2},
    {MOCK_API_DESCRIBE_CONFIGS, "DescribeConfigs", 1, 4, 4},
    {MOCK_API_ALTER_CONFIGS, "AlterConfigs", 0, 2, 2},
    {MOCK_API_DESCRIBE_LOG_DIRS, "DescribeLogDirs", 1, 5, 2},
    {MOCK_API_SASL_AUTHENTICATE, "SaslAuthenticate", 0, 2, 2},
    {MOCK_API_CREATE_PARTITIONS, "CreatePartitions", 0, 3, 2},
    {MOCK_API_DELETE_GROUPS, "DeleteGroups", 0, 3, 2},
    {MOCK_API_ELECT_LEADERS, "ElectLeaders", 0, 2, 2},
    {MOCK_API_INCREMENTAL_ALTER_CONFIGS, "IncrementalAlterConfigs", 0, 1, 1},
    {MOCK_API_ALTER_PARTITION_REASSIGNMENTS, "AlterPartitionReassignments", 0, 1, 0},
    {MOCK_API_LIST_PARTITION_REASSIGNMENTS, "ListPartitionReassignments", 0, 0, 0},
    {MOCK_API_OFFSET_DELETE, "OffsetDelete", 0, 0, 1},
    {MOCK_API_DESCRIBE_USER_SCRAM_CREDENTIALS, "DescribeUserScramCredentials", 0, 0, 0},
    {MOCK_API_ALTER_USER_SCRAM_CREDENTIALS, "AlterUserScramCredentials", 0, 0, 0},
    {MOCK_API_DESCRIBE_CLUSTER, "DescribeCluster", 0, 2, 0},
    {MOCK_API_DESCRIBE_PRODUCERS, "DescribeProducers", 0, 0, 0},
    {MOCK_API_DESCRIBE_TRANSACTIONS, "DescribeTransactions", 0, 0, 0},
    {MOCK_API_LIST_TRANSACTIONS, "ListTransactions", 0, 2, 0},
    {MOCK_API_CONSUMER_GROUP_HEARTBEAT, "ConsumerGroupHeartbeat", 0, 1, 0},
    {MOCK_API_CONSUMER_GROUP_DESCRIBE, "ConsumerGroupDescribe", 0, 1, 0},
    {MOCK_API_LIST_CONFIG_RESOURCES, "ListConfigResources", 0, 1, 0},
    {MOCK_API_DESCRIBE_TOPIC_PARTITIONS, "DescribeTopicPartitions", 0, 0, 0},
};

#define API_COUNT (sizeof(apis) / sizeof(apis[0]))

const struct mock_api_info *mock_api_find(int16_t key) {
    for (size_t i = 0; i < API_COUNT && apis[i].key <= key; i++) {
        if (apis[i].key == key) {
            return &apis[i];
        }
    }
    return NULL;
}

const struct mock_api_info *mock_api_find_name(const char *name) {
    for (size_t i = 0; i < API_COUNT; i++) {
        if (strcmp(apis[i].name, name) == 0) {
            return &apis[i];
        }
    }
    return NULL;
}

const struct mock_api_info *mock_api_all(size_t *ret_count) {
    *ret_count = API_COUNT;
    return apis;
}

const char *mock_api_to_str(int16_t key) {
    const struct mock_api_info *api = mock_api_find(key);
    return api ? api->name : "unknown";
}

bool mock_api_has_version(const struct mock_api_info *api, int16_t version) {
    return version >= api->min_version && version <= api->max_version;
}

bool mock_api_is_flexible(const struct mock_api_info *api, int16_t version) {
    return version >= api->first_flexible;
}
