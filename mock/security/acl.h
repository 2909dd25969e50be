/*
 * What a principal may do to what: Kafka's operations and resource types, by Kafka's numbers
 * (AclOperation, ResourceType; KIP-11).
 */
#pragma once

enum mock_acl_operation {
    MOCK_ACL_ANY = 1,
    MOCK_ACL_ALL = 2,
    MOCK_ACL_READ = 3,
    MOCK_ACL_WRITE = 4,
    MOCK_ACL_CREATE = 5,
    MOCK_ACL_DELETE = 6,
    MOCK_ACL_ALTER = 7,
    MOCK_ACL_DESCRIBE = 8,
    MOCK_ACL_CLUSTER_ACTION = 9,
    MOCK_ACL_DESCRIBE_CONFIGS = 10,
    MOCK_ACL_ALTER_CONFIGS = 11,
    MOCK_ACL_IDEMPOTENT_WRITE = 12
};

enum mock_acl_resource {
    MOCK_ACL_TOPIC = 2,
    MOCK_ACL_GROUP = 3,
    MOCK_ACL_CLUSTER = 4,
    MOCK_ACL_TRANSACTIONAL_ID = 5
};
#define MOCK_ACL_CLUSTER_NAME "kafka-cluster"
