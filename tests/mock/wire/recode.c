/* The table over all messages: decode and encode again. Used by tests and by the fuzz target. */
#include "mock/wire/add_offsets_to_txn.h"
#include "mock/wire/add_partitions_to_txn.h"
#include "mock/wire/alter_configs.h"
#include "mock/wire/alter_partition_reassignments.h"
#include "mock/wire/alter_user_scram_credentials.h"
#include "mock/wire/api_versions.h"
#include "mock/wire/consumer_group_describe.h"
#include "mock/wire/consumer_group_heartbeat.h"
#include "mock/wire/create_acls.h"
#include "mock/wire/create_partitions.h"
#include "mock/wire/create_topics.h"
#include "mock/wire/delete_acls.h"
#include "mock/wire/delete_groups.h"
#include "mock/wire/delete_records.h"
#include "mock/wire/delete_topics.h"
#include "mock/wire/describe_acls.h"
#include "mock/wire/describe_cluster.h"
#include "mock/wire/describe_configs.h"
#include "mock/wire/describe_groups.h"
#include "mock/wire/describe_log_dirs.h"
#include "mock/wire/describe_producers.h"
#include "mock/wire/describe_topic_partitions.h"
#include "mock/wire/describe_transactions.h"
#include "mock/wire/describe_user_scram_credentials.h"
#include "mock/wire/elect_leaders.h"
#include "mock/wire/end_txn.h"
#include "mock/wire/fetch.h"
#include "mock/wire/find_coordinator.h"
#include "mock/wire/heartbeat.h"
#include "mock/wire/incremental_alter_configs.h"
#include "mock/wire/init_producer_id.h"
#include "mock/wire/join_group.h"
#include "mock/wire/leave_group.h"
#include "mock/wire/list_config_resources.h"
#include "mock/wire/list_groups.h"
#include "mock/wire/list_offsets.h"
#include "mock/wire/list_partition_reassignments.h"
#include "mock/wire/list_transactions.h"
#include "mock/wire/metadata.h"
#include "mock/wire/offset_commit.h"
#include "mock/wire/offset_delete.h"
#include "mock/wire/offset_fetch.h"
#include "mock/wire/offset_for_leader_epoch.h"
#include "mock/wire/produce.h"
#include "mock/wire/sasl_authenticate.h"
#include "mock/wire/sasl_handshake.h"
#include "mock/wire/sync_group.h"
#include "mock/wire/txn_offset_commit.h"
#include "mock/wire/write_txn_markers.h"
#include "t_wire.h"

#define RECODE(name)                                                                               \
    static int name(struct base_reader *r, int16_t version, struct base_arena *arena,              \
                    struct base_builder *b) {                                                      \
        struct mock_##name message;                                                                \
        int code = mock_##name##_decode(r, version, arena, &message);                              \
        if (code) {                                                                                \
            return code;                                                                           \
        }                                                                                          \
        mock_##name##_encode(b, version, &message);                                                \
        return b->failed;                                                                          \
    }
#define RECODE_BOTH(name) RECODE(name##_request) RECODE(name##_response)

RECODE_BOTH(produce)
RECODE_BOTH(fetch)
RECODE_BOTH(list_offsets)
RECODE_BOTH(metadata)
RECODE_BOTH(offset_commit)
RECODE_BOTH(offset_fetch)
RECODE_BOTH(find_coordinator)
RECODE_BOTH(join_group)
RECODE_BOTH(heartbeat)
RECODE_BOTH(leave_group)
RECODE_BOTH(sync_group)
RECODE_BOTH(describe_groups)
RECODE_BOTH(list_groups)
RECODE_BOTH(api_versions)
RECODE_BOTH(create_topics)
RECODE_BOTH(delete_topics)
RECODE_BOTH(init_producer_id)
RECODE_BOTH(offset_for_leader_epoch)
RECODE_BOTH(add_partitions_to_txn)
RECODE_BOTH(add_offsets_to_txn)
RECODE_BOTH(end_txn)
RECODE_BOTH(write_txn_markers)
RECODE_BOTH(txn_offset_commit)
RECODE_BOTH(describe_configs)
RECODE_BOTH(describe_cluster)
RECODE_BOTH(describe_topic_partitions)
RECODE_BOTH(describe_producers)
RECODE_BOTH(describe_transactions)
RECODE_BOTH(list_transactions)
RECODE_BOTH(delete_records)
RECODE_BOTH(alter_configs)
RECODE_BOTH(describe_log_dirs)
RECODE_BOTH(create_partitions)
RECODE_BOTH(elect_leaders)
RECODE_BOTH(incremental_alter_configs)
RECODE_BOTH(alter_partition_reassignments)
RECODE_BOTH(list_partition_reassignments)
RECODE_BOTH(list_config_resources)
RECODE_BOTH(delete_groups)
RECODE_BOTH(offset_delete)
RECODE_BOTH(consumer_group_heartbeat)
RECODE_BOTH(consumer_group_describe)
RECODE_BOTH(sasl_handshake)
RECODE_BOTH(sasl_authenticate)
RECODE_BOTH(describe_acls)
RECODE_BOTH(create_acls)
RECODE_BOTH(delete_acls)
RECODE_BOTH(describe_user_scram_credentials)
RECODE_BOTH(alter_user_scram_credentials)

#define ROW(api, name)                                                                             \
    { MOCK_API_##api, name##_request, name##_response }

const struct t_message t_messages[] = {
    ROW(PRODUCE, produce),
    ROW(FETCH, fetch),
    ROW(LIST_OFFSETS, list_offsets),
    ROW(METADATA, metadata),
    ROW(OFFSET_COMMIT, offset_commit),
    ROW(OFFSET_FETCH, offset_fetch),
    ROW(FIND_COORDINATOR, find_coordinator),
    ROW(JOIN_GROUP, join_group),
    ROW(HEARTBEAT, heartbeat),
    ROW(LEAVE_GROUP, leave_group),
    ROW(SYNC_GROUP, sync_group),
    ROW(DESCRIBE_GROUPS, describe_groups),
    ROW(LIST_GROUPS, list_groups),
    ROW(API_VERSIONS, api_versions),
    ROW(CREATE_TOPICS, create_topics),
    ROW(DELETE_TOPICS, delete_topics),
    ROW(INIT_PRODUCER_ID, init_producer_id),
    ROW(OFFSET_FOR_LEADER_EPOCH, offset_for_leader_epoch),
    ROW(ADD_PARTITIONS_TO_TXN, add_partitions_to_txn),
    ROW(ADD_OFFSETS_TO_TXN, add_offsets_to_txn),
    ROW(END_TXN, end_txn),
    ROW(WRITE_TXN_MARKERS, write_txn_markers),
    ROW(TXN_OFFSET_COMMIT, txn_offset_commit),
    ROW(DESCRIBE_CONFIGS, describe_configs),
    ROW(OFFSET_DELETE, offset_delete),
    ROW(DESCRIBE_CLUSTER, describe_cluster),
    ROW(DESCRIBE_TOPIC_PARTITIONS, describe_topic_partitions),
    ROW(DESCRIBE_PRODUCERS, describe_producers),
    ROW(DESCRIBE_TRANSACTIONS, describe_transactions),
    ROW(LIST_TRANSACTIONS, list_transactions),
    ROW(DELETE_RECORDS, delete_records),
    ROW(ALTER_CONFIGS, alter_configs),
    ROW(DESCRIBE_LOG_DIRS, describe_log_dirs),
    ROW(CREATE_PARTITIONS, create_partitions),
    ROW(DELETE_GROUPS, delete_groups),
    ROW(ELECT_LEADERS, elect_leaders),
    ROW(INCREMENTAL_ALTER_CONFIGS, incremental_alter_configs),
    ROW(ALTER_PARTITION_REASSIGNMENTS, alter_partition_reassignments),
    ROW(LIST_PARTITION_REASSIGNMENTS, list_partition_reassignments),
    ROW(CONSUMER_GROUP_HEARTBEAT, consumer_group_heartbeat),
    ROW(CONSUMER_GROUP_DESCRIBE, consumer_group_describe),
    ROW(LIST_CONFIG_RESOURCES, list_config_resources),
    ROW(SASL_HANDSHAKE, sasl_handshake),
    ROW(SASL_AUTHENTICATE, sasl_authenticate),
    ROW(DESCRIBE_ACLS, describe_acls),
    ROW(CREATE_ACLS, create_acls),
    ROW(DELETE_ACLS, delete_acls),
    ROW(DESCRIBE_USER_SCRAM_CREDENTIALS, describe_user_scram_credentials),
    ROW(ALTER_USER_SCRAM_CREDENTIALS, alter_user_scram_credentials),
};
const size_t t_message_count = sizeof(t_messages) / sizeof(t_messages[0]);
