/*
 * What a principal may do to what: Kafka's operations, resource types, patterns and permissions, by
 * Kafka's numbers (AclOperation, ResourceType, PatternType, AclPermissionType; KIP-11, KIP-290),
 * and a rule made of them.
 */
#pragma once
#include <stdbool.h>

#include "base/slice.h"

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
    MOCK_ACL_IDEMPOTENT_WRITE = 12,
    MOCK_ACL_CREATE_TOKENS = 13,
    MOCK_ACL_DESCRIBE_TOKENS = 14,
    MOCK_ACL_TWO_PHASE_COMMIT = 15
};

enum mock_acl_resource {
    MOCK_ACL_ANY_RESOURCE = 1, /* in filters */
    MOCK_ACL_TOPIC = 2,
    MOCK_ACL_GROUP = 3,
    MOCK_ACL_CLUSTER = 4,
    MOCK_ACL_TRANSACTIONAL_ID = 5,
    MOCK_ACL_DELEGATION_TOKEN = 6,
    MOCK_ACL_USER = 7
};
#define MOCK_ACL_CLUSTER_NAME "kafka-cluster"

enum mock_acl_pattern {
    MOCK_ACL_ANY_PATTERN = 1, /* in filters */
    MOCK_ACL_MATCH = 2,       /* in filters: every pattern that covers the name */
    MOCK_ACL_LITERAL = 3,     /* the name; "*" is every name */
    MOCK_ACL_PREFIXED = 4     /* every name that begins so */
};

enum mock_acl_permission {
    MOCK_ACL_ANY_PERMISSION = 1, /* in filters */
    MOCK_ACL_DENY = 2,
    MOCK_ACL_ALLOW = 3
};

/* One rule. In a filter (DescribeAcls, DeleteAcls) a null slice stands for anything. */
struct mock_acl_binding {
    enum mock_acl_resource resource;
    enum mock_acl_pattern pattern;
    struct base_slice name;      /* of the resource */
    struct base_slice principal; /* "User:alice"; "User:*" is everybody */
    struct base_slice host;      /* "127.0.0.1"; "*" is every host */
    enum mock_acl_operation operation;
    enum mock_acl_permission permission;
};

/* As Kafka's tools spell it ("Read", "DescribeConfigs"; "Topic", "TransactionalId"); "Unknown". */
const char *mock_acl_operation_to_str(enum mock_acl_operation operation);
const char *mock_acl_resource_to_str(enum mock_acl_resource resource);
/* From a word in any case, with or without dashes: "describe-configs", "DESCRIBE_CONFIGS". False
 * for one that there is not, and for those that only filters have. */
bool mock_acl_operation_find(const char *word, enum mock_acl_operation *ret_operation);
bool mock_acl_resource_find(const char *word, enum mock_acl_resource *ret_resource);
/* super.users: "User:a;User:b", blanks around a name and empty ones do not count. */
bool mock_super_users_are_legal(const char *super_users);
