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
    MOCK_API_API_VERSIONS = 18,
    MOCK_API_CREATE_TOPICS = 19,
    MOCK_API_DELETE_TOPICS = 20,
    MOCK_API_INIT_PRODUCER_ID = 22,
    MOCK_API_OFFSET_FOR_LEADER_EPOCH = 23,
    MOCK_API_DESCRIBE_CONFIGS = 32,
    MOCK_API_DESCRIBE_CLUSTER = 60
};

struct mock_api_info {
    int16_t key; /* an enum mock_api */
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
