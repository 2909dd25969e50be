/* The APIs that the gateway serves, one row each. */
#include "mock/gateway/handlers.h"

#include "mock/gateway/txn.h"

/* In ascending order of keys, as Kafka lists them. */
static const struct mock_handler handlers[] = {
    {MOCK_API_PRODUCE, 13, MOCK_ON_PRODUCE, mock_produce_decode, mock_produce_apply,
     mock_produce_finish, mock_produce_refuse, mock_produce_clean_up},
    {MOCK_API_FETCH, 18, MOCK_ON_FETCH, mock_fetch_decode, mock_fetch_apply, NULL,
     mock_fetch_refuse, mock_fetch_clean_up},
    {MOCK_API_LIST_OFFSETS, 11, MOCK_ON_LIST_OFFSETS, mock_list_offsets_decode,
     mock_list_offsets_apply, NULL, mock_list_offsets_refuse, NULL},
    {MOCK_API_METADATA, 13, MOCK_ON_METADATA, mock_metadata_decode, mock_metadata_apply, NULL,
     mock_metadata_refuse, NULL},
    {MOCK_API_OFFSET_COMMIT, 10, MOCK_ON_COMMIT, mock_offset_commit_decode,
     mock_offset_commit_apply, NULL, mock_offset_commit_refuse, NULL},
    {MOCK_API_OFFSET_FETCH, 10, MOCK_ON_FETCH_OFFSETS, mock_offset_fetch_decode,
     mock_offset_fetch_apply, NULL, mock_offset_fetch_refuse, NULL},
    {MOCK_API_FIND_COORDINATOR, 6, MOCK_ON_FIND_COORDINATOR, mock_find_coordinator_decode,
     mock_find_coordinator_apply, NULL, mock_find_coordinator_refuse, NULL},
    {MOCK_API_JOIN_GROUP, 9, MOCK_ON_JOIN, mock_join_group_decode, mock_join_group_apply, NULL,
     mock_join_group_refuse, mock_group_clean_up},
    {MOCK_API_HEARTBEAT, 4, MOCK_ON_HEARTBEAT, mock_heartbeat_decode, mock_heartbeat_apply, NULL,
     mock_heartbeat_refuse, NULL},
    {MOCK_API_LEAVE_GROUP, 5, MOCK_ON_LEAVE, mock_leave_group_decode, mock_leave_group_apply, NULL,
     mock_leave_group_refuse, NULL},
    {MOCK_API_SYNC_GROUP, 5, MOCK_ON_SYNC, mock_sync_group_decode, mock_sync_group_apply, NULL,
     mock_sync_group_refuse, mock_group_clean_up},
    {MOCK_API_DESCRIBE_GROUPS, 6, MOCK_ON_ADMIN, mock_describe_groups_decode,
     mock_describe_groups_apply, NULL, mock_describe_groups_refuse, NULL},
    {MOCK_API_LIST_GROUPS, 5, MOCK_ON_ADMIN, mock_list_groups_decode, mock_list_groups_apply, NULL,
     mock_list_groups_refuse, NULL},
    {MOCK_API_SASL_HANDSHAKE, 1, MOCK_ON_AUTHENTICATE, mock_sasl_handshake_decode,
     mock_sasl_handshake_apply, NULL, mock_sasl_handshake_refuse, NULL},
    {MOCK_API_API_VERSIONS, 5, MOCK_ON_API_VERSIONS, mock_api_versions_decode,
     mock_api_versions_apply, NULL, mock_api_versions_refuse, NULL},
    {MOCK_API_CREATE_TOPICS, 7, MOCK_ON_ADMIN, mock_create_topics_decode, mock_create_topics_apply,
     NULL, mock_create_topics_refuse, NULL},
    {MOCK_API_DELETE_TOPICS, 6, MOCK_ON_ADMIN, mock_delete_topics_decode, mock_delete_topics_apply,
     NULL, mock_delete_topics_refuse, NULL},
    {MOCK_API_DELETE_RECORDS, 2, MOCK_ON_ADMIN, mock_delete_records_decode,
     mock_delete_records_apply, NULL, mock_delete_records_refuse, NULL},
    {MOCK_API_INIT_PRODUCER_ID, 5, MOCK_ON_INIT_PID, mock_init_producer_id_decode,
     mock_init_producer_id_apply, NULL, mock_init_producer_id_refuse, NULL},
    {MOCK_API_OFFSET_FOR_LEADER_EPOCH, 4, MOCK_ON_ADMIN, mock_offset_for_leader_epoch_decode,
     mock_offset_for_leader_epoch_apply, NULL, mock_offset_for_leader_epoch_refuse, NULL},
    {MOCK_API_ADD_PARTITIONS_TO_TXN, 5, MOCK_ON_ADD_PARTITIONS, mock_add_partitions_decode,
     mock_add_partitions_apply, NULL, mock_add_partitions_refuse, NULL},
    {MOCK_API_ADD_OFFSETS_TO_TXN, 4, MOCK_ON_ADD_OFFSETS, mock_add_offsets_decode,
     mock_add_offsets_apply, NULL, mock_add_offsets_refuse, NULL},
    {MOCK_API_END_TXN, 5, MOCK_ON_END_TXN, mock_end_txn_decode, mock_end_txn_apply, NULL,
     mock_end_txn_refuse, NULL},
    {MOCK_API_WRITE_TXN_MARKERS, 2, MOCK_ON_ADMIN, mock_write_markers_decode,
     mock_write_markers_apply, NULL, mock_write_markers_refuse, NULL},
    {MOCK_API_TXN_OFFSET_COMMIT, 6, MOCK_ON_COMMIT, mock_txn_commit_decode, mock_txn_commit_apply,
     NULL, mock_txn_commit_refuse, NULL},
    {MOCK_API_DESCRIBE_ACLS, 3, MOCK_ON_ADMIN, mock_describe_acls_decode, mock_describe_acls_apply,
     NULL, mock_describe_acls_refuse, NULL},
    {MOCK_API_CREATE_ACLS, 3, MOCK_ON_ADMIN, mock_create_acls_decode, mock_create_acls_apply, NULL,
     mock_create_acls_refuse, NULL},
    {MOCK_API_DELETE_ACLS, 3, MOCK_ON_ADMIN, mock_delete_acls_decode, mock_delete_acls_apply, NULL,
     mock_delete_acls_refuse, NULL},
    {MOCK_API_DESCRIBE_CONFIGS, 4, MOCK_ON_ADMIN, mock_describe_configs_decode,
     mock_describe_configs_apply, NULL, mock_describe_configs_refuse, NULL},
    {MOCK_API_ALTER_CONFIGS, 2, MOCK_ON_ADMIN, mock_alter_configs_decode, mock_alter_configs_apply,
     NULL, mock_alter_configs_refuse, NULL},
    {MOCK_API_DESCRIBE_LOG_DIRS, 5, MOCK_ON_ADMIN, mock_describe_log_dirs_decode,
     mock_describe_log_dirs_apply, NULL, mock_describe_log_dirs_refuse, NULL},
    {MOCK_API_SASL_AUTHENTICATE, 2, MOCK_ON_AUTHENTICATE, mock_sasl_authenticate_decode,
     mock_sasl_authenticate_apply, NULL, mock_sasl_authenticate_refuse, NULL},
    {MOCK_API_CREATE_PARTITIONS, 3, MOCK_ON_ADMIN, mock_create_partitions_decode,
     mock_create_partitions_apply, NULL, mock_create_partitions_refuse, NULL},
    {MOCK_API_DELETE_GROUPS, 3, MOCK_ON_ADMIN, mock_delete_groups_decode, mock_delete_groups_apply,
     NULL, mock_delete_groups_refuse, NULL},
    {MOCK_API_ELECT_LEADERS, 2, MOCK_ON_ADMIN, mock_elect_leaders_decode, mock_elect_leaders_apply,
     NULL, mock_elect_leaders_refuse, NULL},
    {MOCK_API_INCREMENTAL_ALTER_CONFIGS, 1, MOCK_ON_ADMIN, mock_incremental_alter_configs_decode,
     mock_incremental_alter_configs_apply, NULL, mock_incremental_alter_configs_refuse, NULL},
    {MOCK_API_ALTER_PARTITION_REASSIGNMENTS, 1, MOCK_ON_ADMIN,
     mock_alter_partition_reassignments_decode, mock_alter_partition_reassignments_apply, NULL,
     mock_alter_partition_reassignments_refuse, NULL},
    {MOCK_API_LIST_PARTITION_REASSIGNMENTS, 0, MOCK_ON_ADMIN,
     mock_list_partition_reassignments_decode, mock_list_partition_reassignments_apply, NULL,
     mock_list_partition_reassignments_refuse, NULL},
    {MOCK_API_OFFSET_DELETE, 0, MOCK_ON_ADMIN, mock_offset_delete_decode, mock_offset_delete_apply,
     NULL, mock_offset_delete_refuse, NULL},
    {MOCK_API_DESCRIBE_USER_SCRAM_CREDENTIALS, 0, MOCK_ON_ADMIN, mock_describe_scram_users_decode,
     mock_describe_scram_users_apply, NULL, mock_describe_scram_users_refuse, NULL},
    {MOCK_API_ALTER_USER_SCRAM_CREDENTIALS, 0, MOCK_ON_ADMIN, mock_alter_scram_users_decode,
     mock_alter_scram_users_apply, NULL, mock_alter_scram_users_refuse, NULL},
    {MOCK_API_DESCRIBE_CLUSTER, 2, MOCK_ON_ADMIN, mock_describe_cluster_decode,
     mock_describe_cluster_apply, NULL, mock_describe_cluster_refuse, NULL},
    {MOCK_API_DESCRIBE_PRODUCERS, 0, MOCK_ON_ADMIN, mock_describe_producers_decode,
     mock_describe_producers_apply, NULL, mock_describe_producers_refuse, NULL},
    {MOCK_API_DESCRIBE_TRANSACTIONS, 0, MOCK_ON_ADMIN, mock_describe_txns_decode,
     mock_describe_txns_apply, NULL, mock_describe_txns_refuse, NULL},
    {MOCK_API_LIST_TRANSACTIONS, 2, MOCK_ON_ADMIN, mock_list_txns_decode, mock_list_txns_apply,
     NULL, mock_list_txns_refuse, NULL},
    {MOCK_API_CONSUMER_GROUP_HEARTBEAT, 1, MOCK_ON_HEARTBEAT, mock_consumer_heartbeat_decode,
     mock_consumer_heartbeat_apply, NULL, mock_consumer_heartbeat_refuse, NULL},
    {MOCK_API_CONSUMER_GROUP_DESCRIBE, 1, MOCK_ON_ADMIN, mock_consumer_describe_decode,
     mock_consumer_describe_apply, NULL, mock_consumer_describe_refuse, NULL},
    {MOCK_API_LIST_CONFIG_RESOURCES, 1, MOCK_ON_ADMIN, mock_list_config_resources_decode,
     mock_list_config_resources_apply, NULL, mock_list_config_resources_refuse, NULL},
    {MOCK_API_DESCRIBE_TOPIC_PARTITIONS, 0, MOCK_ON_ADMIN, mock_topic_partitions_decode,
     mock_topic_partitions_apply, NULL, mock_topic_partitions_refuse, NULL},
};

const struct mock_handler *mock_handler_all(size_t *ret_count) {
    *ret_count = sizeof(handlers) / sizeof(handlers[0]);
    return handlers;
}

const struct mock_handler *mock_handler_find(int16_t api) {
    size_t count;
    const struct mock_handler *all = mock_handler_all(&count);
    for (size_t i = 0; i < count; i++) {
        if (all[i].api == api) {
            return &all[i];
        }
    }
    return NULL;
}
