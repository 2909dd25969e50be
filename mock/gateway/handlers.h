/* What each handle_*.c gives to the table in handlers.c: see struct mock_handler. */
#pragma once
#include "mock/gateway/gateway.h"

int mock_produce_decode(struct mock_request *r, struct base_reader *body);
void mock_produce_apply(struct mock_request *r);
void mock_produce_finish(struct mock_request *r);
void mock_produce_refuse(struct mock_request *r, int16_t error);
void mock_produce_clean_up(struct mock_request *r);

int mock_fetch_decode(struct mock_request *r, struct base_reader *body);
void mock_fetch_apply(struct mock_request *r);
void mock_fetch_refuse(struct mock_request *r, int16_t error);
void mock_fetch_clean_up(struct mock_request *r);

int mock_list_offsets_decode(struct mock_request *r, struct base_reader *body);
void mock_list_offsets_apply(struct mock_request *r);
void mock_list_offsets_refuse(struct mock_request *r, int16_t error);

int mock_offset_for_leader_epoch_decode(struct mock_request *r, struct base_reader *body);
void mock_offset_for_leader_epoch_apply(struct mock_request *r);
void mock_offset_for_leader_epoch_refuse(struct mock_request *r, int16_t error);

int mock_metadata_decode(struct mock_request *r, struct base_reader *body);
void mock_metadata_apply(struct mock_request *r);
void mock_metadata_refuse(struct mock_request *r, int16_t error);

int mock_topic_partitions_decode(struct mock_request *r, struct base_reader *body);
void mock_topic_partitions_apply(struct mock_request *r);
void mock_topic_partitions_refuse(struct mock_request *r, int16_t error);

int mock_api_versions_decode(struct mock_request *r, struct base_reader *body);
void mock_api_versions_apply(struct mock_request *r);
void mock_api_versions_refuse(struct mock_request *r, int16_t error);

int mock_offset_commit_decode(struct mock_request *r, struct base_reader *body);
void mock_offset_commit_apply(struct mock_request *r);
void mock_offset_commit_refuse(struct mock_request *r, int16_t error);
int mock_offset_fetch_decode(struct mock_request *r, struct base_reader *body);
void mock_offset_fetch_apply(struct mock_request *r);
void mock_offset_fetch_refuse(struct mock_request *r, int16_t error);

int mock_find_coordinator_decode(struct mock_request *r, struct base_reader *body);
void mock_find_coordinator_apply(struct mock_request *r);
void mock_find_coordinator_refuse(struct mock_request *r, int16_t error);
int mock_init_producer_id_decode(struct mock_request *r, struct base_reader *body);
void mock_init_producer_id_apply(struct mock_request *r);
void mock_init_producer_id_refuse(struct mock_request *r, int16_t error);

int mock_join_group_decode(struct mock_request *r, struct base_reader *body);
void mock_join_group_apply(struct mock_request *r);
void mock_join_group_refuse(struct mock_request *r, int16_t error);
int mock_sync_group_decode(struct mock_request *r, struct base_reader *body);
void mock_sync_group_apply(struct mock_request *r);
void mock_sync_group_refuse(struct mock_request *r, int16_t error);
int mock_heartbeat_decode(struct mock_request *r, struct base_reader *body);
void mock_heartbeat_apply(struct mock_request *r);
void mock_heartbeat_refuse(struct mock_request *r, int16_t error);
int mock_leave_group_decode(struct mock_request *r, struct base_reader *body);
void mock_leave_group_apply(struct mock_request *r);
void mock_leave_group_refuse(struct mock_request *r, int16_t error);
void mock_group_clean_up(struct mock_request *r);

int mock_consumer_heartbeat_decode(struct mock_request *r, struct base_reader *body);
void mock_consumer_heartbeat_apply(struct mock_request *r);
void mock_consumer_heartbeat_refuse(struct mock_request *r, int16_t error);
int mock_consumer_describe_decode(struct mock_request *r, struct base_reader *body);
void mock_consumer_describe_apply(struct mock_request *r);
void mock_consumer_describe_refuse(struct mock_request *r, int16_t error);
int mock_describe_groups_decode(struct mock_request *r, struct base_reader *body);
void mock_describe_groups_apply(struct mock_request *r);
void mock_describe_groups_refuse(struct mock_request *r, int16_t error);
int mock_list_groups_decode(struct mock_request *r, struct base_reader *body);
void mock_list_groups_apply(struct mock_request *r);
void mock_list_groups_refuse(struct mock_request *r, int16_t error);
int mock_delete_groups_decode(struct mock_request *r, struct base_reader *body);
void mock_delete_groups_apply(struct mock_request *r);
void mock_delete_groups_refuse(struct mock_request *r, int16_t error);
int mock_offset_delete_decode(struct mock_request *r, struct base_reader *body);
void mock_offset_delete_apply(struct mock_request *r);
void mock_offset_delete_refuse(struct mock_request *r, int16_t error);
int mock_describe_acls_decode(struct mock_request *r, struct base_reader *body);
void mock_describe_acls_apply(struct mock_request *r);
void mock_describe_acls_refuse(struct mock_request *r, int16_t error);
int mock_create_acls_decode(struct mock_request *r, struct base_reader *body);
void mock_create_acls_apply(struct mock_request *r);
void mock_create_acls_refuse(struct mock_request *r, int16_t error);
int mock_delete_acls_decode(struct mock_request *r, struct base_reader *body);
void mock_delete_acls_apply(struct mock_request *r);
void mock_delete_acls_refuse(struct mock_request *r, int16_t error);
int mock_describe_scram_users_decode(struct mock_request *r, struct base_reader *body);
void mock_describe_scram_users_apply(struct mock_request *r);
void mock_describe_scram_users_refuse(struct mock_request *r, int16_t error);
int mock_alter_scram_users_decode(struct mock_request *r, struct base_reader *body);
void mock_alter_scram_users_apply(struct mock_request *r);
void mock_alter_scram_users_refuse(struct mock_request *r, int16_t error);
int mock_sasl_handshake_decode(struct mock_request *r, struct base_reader *body);
void mock_sasl_handshake_apply(struct mock_request *r);
void mock_sasl_handshake_refuse(struct mock_request *r, int16_t error);
int mock_sasl_authenticate_decode(struct mock_request *r, struct base_reader *body);
void mock_sasl_authenticate_apply(struct mock_request *r);
void mock_sasl_authenticate_refuse(struct mock_request *r, int16_t error);
/* -- administration -- */
int mock_create_topics_decode(struct mock_request *r, struct base_reader *body);
void mock_create_topics_apply(struct mock_request *r);
void mock_create_topics_refuse(struct mock_request *r, int16_t error);
int mock_delete_topics_decode(struct mock_request *r, struct base_reader *body);
void mock_delete_topics_apply(struct mock_request *r);
void mock_delete_topics_refuse(struct mock_request *r, int16_t error);
int mock_delete_records_decode(struct mock_request *r, struct base_reader *body);
void mock_delete_records_apply(struct mock_request *r);
void mock_delete_records_refuse(struct mock_request *r, int16_t error);
int mock_describe_configs_decode(struct mock_request *r, struct base_reader *body);
void mock_describe_configs_apply(struct mock_request *r);
void mock_describe_configs_refuse(struct mock_request *r, int16_t error);
int mock_alter_configs_decode(struct mock_request *r, struct base_reader *body);
void mock_alter_configs_apply(struct mock_request *r);
void mock_alter_configs_refuse(struct mock_request *r, int16_t error);
int mock_describe_log_dirs_decode(struct mock_request *r, struct base_reader *body);
void mock_describe_log_dirs_apply(struct mock_request *r);
void mock_describe_log_dirs_refuse(struct mock_request *r, int16_t error);
int mock_create_partitions_decode(struct mock_request *r, struct base_reader *body);
void mock_create_partitions_apply(struct mock_request *r);
void mock_create_partitions_refuse(struct mock_request *r, int16_t error);
int mock_elect_leaders_decode(struct mock_request *r, struct base_reader *body);
void mock_elect_leaders_apply(struct mock_request *r);
void mock_elect_leaders_refuse(struct mock_request *r, int16_t error);
int mock_incremental_alter_configs_decode(struct mock_request *r, struct base_reader *body);
void mock_incremental_alter_configs_apply(struct mock_request *r);
void mock_incremental_alter_configs_refuse(struct mock_request *r, int16_t error);
int mock_alter_partition_reassignments_decode(struct mock_request *r, struct base_reader *body);
void mock_alter_partition_reassignments_apply(struct mock_request *r);
void mock_alter_partition_reassignments_refuse(struct mock_request *r, int16_t error);
int mock_list_partition_reassignments_decode(struct mock_request *r, struct base_reader *body);
void mock_list_partition_reassignments_apply(struct mock_request *r);
void mock_list_partition_reassignments_refuse(struct mock_request *r, int16_t error);
int mock_describe_cluster_decode(struct mock_request *r, struct base_reader *body);
void mock_describe_cluster_apply(struct mock_request *r);
void mock_describe_cluster_refuse(struct mock_request *r, int16_t error);
int mock_list_config_resources_decode(struct mock_request *r, struct base_reader *body);
void mock_list_config_resources_apply(struct mock_request *r);
void mock_list_config_resources_refuse(struct mock_request *r, int16_t error);
