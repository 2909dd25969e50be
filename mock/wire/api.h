/* The table of APIs that the wire library speaks: numbers, names, versions. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Kafka's numbers. */
enum mock_api {
    MOCK_API_PRODUCE = 0,
    MOCK_API_FETCH = 1,
    MOCK_API_LIST_OFFSETS = 2,
    MOCK_API_METADATA = 3,
    MOCK_API_OFFSET_COMMIT = 8,
    MOCK_API_OFFSET_FETCH = 9,
    MOCK_API_FIND_COORDINATOR = 10,
    MOCK_API_JOIN_GROUP = 11,
    MOCK_API_HEARTBEAT = 12,
    MOCK_API_LEAVE_GROUP = 13,
    MOCK_API_SYNC_GROUP = 14,
    MOCK_API_DESCRIBE_GROUPS = 15,
    MOCK_API_LIST_GROUPS = 16,
    MOCK_API_SASL_HANDSHAKE = 17,
    MOCK_API_API_VERSIONS = 18,
    MOCK_API_CREATE_TOPICS = 19,
    MOCK_API_DELETE_TOPICS = 20,
    MOCK_API_DELETE_RECORDS = 21,
    MOCK_API_INIT_PRODUCER_ID = 22,
    MOCK_API_OFFSET_FOR_LEADER_EPOCH = 23,
    MOCK_API_ADD_PARTITIONS_TO_TXN = 24,
    MOCK_API_ADD_OFFSETS_TO_TXN = 25,
    MOCK_API_END_TXN = 26,
    MOCK_API_WRITE_TXN_MARKERS = 27,
    MOCK_API_TXN_OFFSET_COMMIT = 28,
    MOCK_API_DESCRIBE_ACLS = 29,
    MOCK_API_CREATE_ACLS = 30,
    MOCK_API_DELETE_ACLS = 31,
    MOCK_API_DESCRIBE_CONFIGS = 32,
    MOCK_API_ALTER_CONFIGS = 33,
    MOCK_API_DESCRIBE_LOG_DIRS = 35,
    MOCK_API_SASL_AUTHENTICATE = 36,
    MOCK_API_CREATE_PARTITIONS = 37,
    MOCK_API_DELETE_GROUPS = 42,
    MOCK_API_ELECT_LEADERS = 43,
    MOCK_API_INCREMENTAL_ALTER_CONFIGS = 44,
    MOCK_API_ALTER_PARTITION_REASSIGNMENTS = 45,
    MOCK_API_LIST_PARTITION_REASSIGNMENTS = 46,
    MOCK_API_OFFSET_DELETE = 47,
    MOCK_API_DESCRIBE_USER_SCRAM_CREDENTIALS = 50,
    MOCK_API_ALTER_USER_SCRAM_CREDENTIALS = 51,
    MOCK_API_DESCRIBE_CLUSTER = 60,
    MOCK_API_DESCRIBE_PRODUCERS = 61,
    MOCK_API_DESCRIBE_TRANSACTIONS = 65,
    MOCK_API_LIST_TRANSACTIONS = 66,
    MOCK_API_CONSUMER_GROUP_HEARTBEAT = 68,
    MOCK_API_CONSUMER_GROUP_DESCRIBE = 69,
    MOCK_API_LIST_CONFIG_RESOURCES = 74,
    MOCK_API_DESCRIBE_TOPIC_PARTITIONS = 75
};

struct mock_api_info {
    int16_t key;      /* an enum mock_api */
    const char *name; /* as Kafka spells it: "Produce" */
    int16_t min_version;
    int16_t max_version;
    int16_t first_flexible; /* from here on: compact lengths and tagged fields */
};

/* NULL for an API that is not served. */
const struct mock_api_info *mock_api_find(int16_t key);
/* By Kafka's name, exactly; NULL if there is none. */
const struct mock_api_info *mock_api_find_name(const char *name);
/* The whole table, in ascending order of keys. */
const struct mock_api_info *mock_api_all(size_t *ret_count);
/* Kafka's name, or "unknown". Never NULL. */
const char *mock_api_to_str(int16_t key);

bool mock_api_has_version(const struct mock_api_info *api, int16_t version);
bool mock_api_is_flexible(const struct mock_api_info *api, int16_t version);
