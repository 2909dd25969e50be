/*
 * The gateway's own structures: broker, listener, connection, request, upstream. Private to
 * mock/gateway and mock/fault; everybody else uses mock/mock.h.
 *
 * The path of a request (pipeline.c), and the only one:
 *
 *   frame → header → RECV → decode → BEFORE ─► [fault] → apply → AFTER ─► [fault] → SEND → bytes
 *
 *            begin                  upstream, park            apply, answer
 *   QUEUED ────────► HELD_BEFORE ──────────────► WAITING ──► ANSWERED ──► HELD_AFTER ──► READY
 *      └────────────────┴───────────── (answered at once) ──────────────────┴───────────►
 *
 * A connection's requests are applied and answered in order: only its head is applied. Produce
 * requests behind a Produce are forwarded ahead (WAITING), which is what makes it fast.
 */
#pragma once
#include <uv.h>

#include "base/arena.h"
#include "base/builder.h"
#include "base/hash.h"
#include "base/limits.h"
#include "mock/cluster.h"
#include "mock/gateway/borrowed.h"
#include "mock/log/log.h"
#include "mock/mock.h"
#include "mock/security/acls.h"
#include "mock/security/users.h"
#include "mock/txn/txn.h"
#include "mock/wire/add_offsets_to_txn.h"
#include "mock/wire/add_partitions_to_txn.h"
#include "mock/wire/alter_configs.h"
#include "mock/wire/alter_partition_reassignments.h"
#include "mock/wire/alter_user_scram_credentials.h"
#include "mock/wire/api.h"
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
#include "mock/wire/error_names.h"
#include "mock/wire/fetch.h"
#include "mock/wire/find_coordinator.h"
#include "mock/wire/frame.h"
#include "mock/wire/header.h"
#include "mock/wire/incremental_alter_configs.h"
#include "mock/wire/init_producer_id.h"
#include "mock/wire/list_config_resources.h"
#include "mock/wire/list_groups.h"
#include "mock/wire/list_offsets.h"
#include "mock/wire/list_partition_reassignments.h"
#include "mock/wire/list_transactions.h"
#include "mock/wire/message.h"
#include "mock/wire/metadata.h"
#include "mock/wire/offset_delete.h"
#include "mock/wire/offset_for_leader_epoch.h"
#include "mock/wire/produce.h"
#include "mock/wire/sasl_authenticate.h"
#include "mock/wire/sasl_handshake.h"
#include "mock/wire/txn_offset_commit.h"
#include "mock/wire/validate.h"
#include "mock/wire/write_txn_markers.h"

/* As Metadata and DescribeCluster tell it. */
#define MOCK_CLUSTER_ID "ktrial"

/* -- topics (topics.c) -- */

/* Where an actor's last Fetch of a partition stood. */
struct mock_reader {
    struct mock_reader *next;
    char *actor;
    uint32_t incarnation;
    int64_t offset;
    bool reads_committed;               /* isolation level of its last Fetch */
    const struct mock_request *waiting; /* the parked Fetch; NULL: none */
};

struct mock_partition {
    struct mock_log *log;
    struct mock_producers *producers;
    struct mock_reader *readers;
    /* When the mock cluster last accepted a Produce to it, and by which broker (produce_ask.c).
     */
    uint64_t accepted_generation;
    int32_t accepted_node;
    struct mock_replicas replicas;
    int32_t leader;       /* replicas.leader */
    int32_t told_leader;  /* that the mock cluster knows of; 0: none */
    int32_t leader_epoch; /* another one whenever the leader is (none counts as one) */
    int64_t epoch_start;  /* the log's end when the leader began */
};

/* What may not be freed yet: a topic that was deleted, or an array of partitions that has become
 * too small. Whoever began before may still point to it: requests under way (visitors), and
 * whatever is on the stack until the loop's turn ends. */
struct mock_grave {
    struct mock_grave *next;
    uint64_t before; /* requests with a smaller id were under way */
    uint32_t visitors;
    struct mock_topic *topic;          /* that it is of; or NULL */
    struct mock_partition *partitions; /* or NULL: what they hold lives on elsewhere */
};

struct mock_topic {
    char *name;          /* as clients know it */
    struct mock_uuid id; /* never zero; another one when a topic is made again */
    char *mock_name;     /* the incarnation's topic in the mock cluster */
    uint32_t made;       /* the how-manieth topic of this broker it is, from 0 */
    bool deleted;        /* found no more; kept while requests under way may still name it */
    int32_t partition_count;
    struct mock_partition *partitions;
    struct mock_topic_options options;
    struct mock_grave grave;
    UT_hash_handle hh; /* by name; iteration is in order of creation */
    UT_hash_handle hh_id;
};

/* -- upstream: one connection to each broker of the mock cluster (upstream.c) -- */

/* answer is the body after the response header; it is failed when the broker is gone. */
typedef void (*mock_upstream_fn)(void *arg, struct base_reader *answer, bool failed);

struct mock_upstream_call {
    struct mock_upstream_call *next;
    int32_t correlation_id;
    int16_t api;
    int16_t version;
    mock_upstream_fn done;
    void *arg;
};

enum mock_node_state { MOCK_NODE_DOWN, MOCK_NODE_CONNECTING, MOCK_NODE_UP };

struct mock_node {
    struct mock_broker *broker;
    int32_t id;
    enum mock_node_state state;
    bool stopped;  /* by mock_node_down */
    uv_tcp_t *tcp; /* heap: outlives a reconnect until its close callback */
    struct mock_frame_splitter splitter;
    struct mock_upstream_call *calls; /* in the order sent */
    struct mock_upstream_call **calls_end;
    struct base_builder unsent;          /* until the turn ends, and until connected */
    struct mock_session_cache *sessions; /* of fetches; NULL: none was asked for yet */
    int32_t next_correlation_id;
};

/* -- requests -- */

enum mock_stage {
    MOCK_STAGE_QUEUED,
    MOCK_STAGE_HELD_BEFORE, /* a fault has it */
    MOCK_STAGE_WAITING,     /* for the mock cluster, for records, or for other members */
    MOCK_STAGE_ANSWERED,    /* the mock cluster has answered; to be applied when at the head */
    MOCK_STAGE_HELD_AFTER,  /* a fault has its answer */
    MOCK_STAGE_READY        /* to be sent, or dropped, when at the head */
};

/* What becomes of the answer (the disposition of a fault). */
enum mock_fate {
    MOCK_FATE_SEND,
    MOCK_FATE_DROP_REQUEST,
    MOCK_FATE_DROP_RESPONSE,
    MOCK_FATE_APPLY_ERROR,
    MOCK_FATE_DUPLICATE,
    MOCK_FATE_CUT,
    MOCK_FATE_SLICE
};

struct mock_produce_work; /* produce.h */
struct mock_fetch_work;   /* fetch.h */

struct mock_request {
    struct mock_request *next; /* in its connection */
    struct mock_connection *connection;
    uint64_t id;
    struct mock_request_header header;
    const struct mock_api_info *api; /* NULL: not served */
    const struct mock_handler *handler;
    uint8_t *memory; /* that the frame lies in */
    const uint8_t *frame;
    size_t frame_len;
    struct base_arena arena;
    bool decoded;
    union {
        struct mock_produce_request produce;
        struct mock_fetch_request fetch;
        struct mock_list_offsets_request list_offsets;
        struct mock_metadata_request metadata;
        struct mock_describe_topic_partitions_request topic_partitions;
        struct mock_offset_commit_request offset_commit;
        struct mock_offset_fetch_request offset_fetch;
        struct mock_find_coordinator_request find_coordinator;
        struct mock_join_group_request join_group;
        struct mock_sync_group_request sync_group;
        struct mock_heartbeat_request heartbeat;
        struct mock_leave_group_request leave_group;
        struct mock_describe_groups_request describe_groups;
        struct mock_list_groups_request list_groups;
        struct mock_delete_groups_request delete_groups;
        struct mock_offset_delete_request offset_delete;
        struct mock_consumer_group_heartbeat_request consumer_heartbeat;
        struct mock_consumer_group_describe_request consumer_describe;
        struct mock_init_producer_id_request init_producer_id;
        struct mock_add_partitions_to_txn_request add_partitions;
        struct mock_add_offsets_to_txn_request add_offsets;
        struct mock_end_txn_request end_txn;
        struct mock_write_txn_markers_request write_markers;
        struct mock_txn_offset_commit_request txn_commit;
        struct mock_describe_producers_request describe_producers;
        struct mock_describe_transactions_request describe_txns;
        struct mock_list_transactions_request list_txns;
        struct mock_describe_acls_request describe_acls;
        struct mock_create_acls_request create_acls;
        struct mock_delete_acls_request delete_acls;
        struct mock_describe_user_scram_credentials_request describe_scram_users;
        struct mock_alter_user_scram_credentials_request alter_scram_users;
        struct mock_sasl_handshake_request sasl_handshake;
        struct mock_sasl_authenticate_request sasl_authenticate;
        struct mock_create_topics_request create_topics;
        struct mock_delete_topics_request delete_topics;
        struct mock_delete_records_request delete_records;
        struct mock_describe_configs_request describe_configs;
        struct mock_alter_configs_request alter_configs;
        struct mock_describe_log_dirs_request describe_log_dirs;
        struct mock_create_partitions_request create_partitions;
        struct mock_elect_leaders_request elect_leaders;
        struct mock_incremental_alter_configs_request incremental_alter_configs;
        struct mock_alter_partition_reassignments_request alter_partition_reassignments;
        struct mock_list_partition_reassignments_request list_partition_reassignments;
        struct mock_describe_cluster_request describe_cluster;
        struct mock_list_config_resources_request list_config_resources;
        struct mock_offset_for_leader_epoch_request offset_for_leader_epoch;
    } u;
    enum mock_stage stage;
    bool offered; /* to the faults on its own kind, before it is applied */
    bool applied;
    bool silent;          /* acks = 0: no answer at all */
    bool owns_partitions; /* JoinGroup, LeaveGroup: the member had an assignment */
    bool assigns;         /* SyncGroup's answer assigns partitions */
    bool carries;         /* Fetch's answer carries records */
    int16_t error;        /* the first error code of the answer */
    int32_t throttle_ms;
    enum mock_fate fate;
    int64_t fate_number;
    int16_t fate_error;
    struct mock_firing *firing;             /* that has it in hand */
    struct base_builder answer;             /* the whole frame, but for what it borrows */
    struct mock_borrowed *borrowed;         /* NULL: nothing */
    struct mock_produce_work *produce_work; /* of the arena */
    struct mock_fetch_work *fetch_work;     /* of the arena */
    void (*with_coordinator)(struct mock_request *r, int32_t node);
    int8_t coordinated_type;       /* an enum mock_coordinator_type */
    struct base_slice coordinated; /* the group, or transactional id, that is being asked for */
    int16_t **commit_errors;       /* OffsetCommit: of topics and partitions; of the arena */
    struct mock_group_search *group_search; /* for several groups; of the arena */
    struct mock_coordinator *found; /* FindCoordinator: the keys asked so far, of the arena */
    size_t found_count;
    /* of the arena, so many of them as found_count says */
    struct mock_txn_addition_result *txn_results;      /* AddPartitionsToTxn */
    struct mock_described_transaction *described_txns; /* DescribeTransactions */
    bool bare;               /* a token of SASL without header (handshake version 0) */
    bool last;               /* the connection ends once it is answered */
    uint32_t upstream_calls; /* under way; the request lives until they are back */
    bool orphan;             /* its connection is gone */
    bool discard;            /* as an orphan: not applied when the mock cluster has answered */
    /* a parked Fetch */
    bool parked;
    struct mock_request *next_parked;
    uint64_t deadline_ms;
};

/* One API: how it is read, carried out and refused (handlers.c lists them). */
struct mock_handler {
    int16_t api;
    int16_t max_version; /* what we serve; at most what wire can read */
    enum mock_trigger_kind trigger;
    int (*decode)(struct mock_request *r, struct base_reader *body);
    /* Starts; ends in mock_request_answered (at once or later), or mock_request_forwarded. */
    void (*apply)(struct mock_request *r);
    /* For requests that were forwarded: applies at the head, then mock_request_answered. */
    void (*finish)(struct mock_request *r);
    /* Encodes an answer that says error everywhere. */
    void (*refuse)(struct mock_request *r, int16_t error);
    /* Frees what the arena does not hold, and leaves the lists that it waits in. */
    void (*clean_up)(struct mock_request *r);
};

/* -- connections -- */

struct mock_write {
    struct mock_write *next; /* slices still to be written */
    uv_write_t req;
    struct mock_connection *connection;
    uint8_t *data;
    size_t len;
    struct mock_borrowed *borrowed; /* between its data; NULL: nothing */
};

struct mock_connection {
    struct mock_connection *prev, *next; /* in its listener */
    struct mock_broker *broker;
    struct mock_listener *listener; /* NULL once closed */
    uv_tcp_t tcp;
    uint64_t id;
    int32_t node;
    char *actor;
    uint32_t incarnation;
    char *client_id;
    char *principal;          /* "User:alice"; NULL: User:ANONYMOUS */
    struct mock_login *login; /* NULL: no SASL on this listener */
    const char *close_reason; /* of close_after_writes; NULL: a fault's */
    struct mock_tls *tls;     /* NULL: plain */
    bool tls_open;            /* its handshake is done */
    bool tls_ended;           /* the peer said that it sends no more */
    bool kept_back; /* frames that have come wait for the one before them (before the login) */
    char host[64];
    struct mock_frame_splitter splitter;
    struct mock_request *head, *tail;
    size_t request_count;
    size_t read_ahead_bytes;
    size_t unsent_bytes;
    struct base_builder answers; /* small ones, until the turn ends */
    struct mock_connection *next_unflushed;
    bool is_unflushed;
    uint32_t writes;           /* under way */
    struct mock_write *slices; /* waiting for the one before */
    bool reading;
    bool eof;    /* the peer will send no more */
    bool frozen; /* nothing more of it is applied */
    bool closing;
    bool handle_closed;
    bool close_after_writes;
    bool paused; /* so much is unsent that nothing is begun */
    bool pumping;
    bool dead;                              /* a write failed: answers go nowhere */
    bool counted;                           /* for the limits (quota.c) */
    uint64_t active_ms;                     /* when something last came or went */
    struct mock_connection *idler, *busier; /* by active_ms */
    struct mock_firing *firing;             /* of a connect fault: nothing is read meanwhile */
};

struct mock_socket {
    uv_tcp_t tcp;
    struct mock_listener *listener;
    int32_t node;
    uint16_t port;
    bool open;
    bool waits; /* a connection is not accepted: there are max.connections, or memory is out */
};

struct mock_listener {
    struct mock_listener *prev, *next;
    struct mock_broker *broker;
    char *host;
    char *advertise;
    char *actor;
    uint32_t incarnation;
    enum mock_security_protocol security;
    struct mock_tls_context *tls; /* NULL: plain */
    bool closing;
    int32_t socket_count;
    int32_t open_handles;
    struct mock_socket *sockets; /* one a broker */
    struct mock_connection *connections;
    char *bootstrap;
};

/* -- coordinators -- */

/* Groups and transactional ids: an enum mock_coordinator_type each. */
#define MOCK_COORDINATED_TYPES 2

struct mock_coordinated {
    char *key;
    int32_t node;
    UT_hash_handle hh;
};

/* -- the broker -- */

struct mock_broker {
    uv_loop_t *loop;
    struct mock_settings settings;
    struct mock_host host;
    struct mock_cluster *cluster;
    struct mock_node *nodes; /* settings.brokers of them; id = index + 1 */
    struct mock_listener *listeners;
    struct mock_topic *topics;
    struct mock_topic *topics_by_id;
    uint32_t topics_made;
    struct mock_grave *graves;
    struct mock_log_budget log_budget;
    struct mock_groups *groups;
    struct mock_coordinated *coordinated[MOCK_COORDINATED_TYPES];
    struct mock_txns *txns;
    const struct mock_request *acting; /* whose the changes of transactions now are; NULL: time's */
    struct mock_fault **faults;        /* in the order armed */
    size_t fault_count, fault_cap;
    struct mock_acls acls;
    struct mock_users users;
    struct mock_authority *authority;  /* NULL: no certificate was needed yet */
    uint8_t *tls_in;                   /* what is read of a TLS connection at once */
    bool authorizes;                   /* there is an authorizer */
    struct mock_firing *firings;       /* under way */
    struct mock_request *parked;       /* fetches */
    struct mock_request *unreplicated; /* produces with acks=all, by next_parked */
    bool replication_held;             /* of every topic, also those to come */
    struct mock_parked_actor *parked_actors;
    uint64_t next_connection, next_request;
    uint32_t requests_alive;
    int64_t clock_offset_ms;
    uv_timer_t timer;     /* parked fetches, groups */
    uv_prepare_t prepare; /* before the loop waits: conditions, then everything unsent */
    uv_idle_t idle;       /* makes one more turn when looking has changed something */
    int64_t connection_count;
    int64_t connections_peak;  /* since memory was given back */
    uint64_t connections_left; /* since then, too */
    struct mock_connection *idlest, *busiest;
    uint64_t accept_again_ms;          /* after memory was out; 0: nobody waits for that */
    struct mock_connection *unflushed; /* with answers that are not written yet */
    bool changed;
    uint32_t open_handles;
    bool closing, keep_process;
    bool compacting; /* a pass after an append is under way */
    void (*closed)(void *arg);
    void *closed_arg;
};

/* -- broker.c -- */
void mock_broker_touch(struct mock_broker *broker);
uint64_t mock_broker_now_ms(const struct mock_broker *broker);
void mock_broker_schedule(struct mock_broker *broker);
void mock_broker_emit(struct mock_broker *broker, const struct mock_event *event);
void mock_broker_handle_closed(struct mock_broker *broker);

/* -- topics.c -- */
struct mock_topic *mock_topic_find(const struct mock_broker *broker, struct base_slice name);
struct mock_topic *mock_topic_find_str(const struct mock_broker *broker, const char *name);
struct mock_partition *mock_partition_find(const struct mock_broker *broker,
                                           struct base_slice topic, int32_t partition,
                                           struct mock_topic **ret_topic);
/* NULL: no topic has this id (UNKNOWN_TOPIC_ID). */
/* The id of the topic that is made next. */
struct mock_uuid mock_topic_next_id(const struct mock_broker *broker);
struct mock_topic *mock_topic_find_id(const struct mock_broker *broker, const struct mock_uuid *id);
/* What all in-sync replicas have: consumers see no further. */
int64_t mock_partition_high_watermark(const struct mock_partition *partition);
/* The last stable offset: at most the high watermark, at most the first open transaction. */
int64_t mock_partition_stable_offset(const struct mock_partition *partition);
/* Kafka's rule for names (Topic.validate). */
bool mock_topic_name_is_legal(struct base_slice name);
/* Where Kafka keeps offsets and transactions: nobody produces to them, and no client makes them. */
bool mock_topic_name_is_internal(struct base_slice name);
int mock_topic_create_slice(struct mock_broker *broker, struct base_slice name,
                            struct base_error *err);
/* The brokers of one partition's replicas, the first leads. */
struct mock_placement {
    const int32_t *brokers;
    int32_t count; /* 0: dealt out in turn */
};
/* As mock_topic_create; placements: one a partition, or NULL. ret_topic may be NULL. */
int mock_topic_make(struct mock_broker *broker, struct base_slice name,
                    const struct mock_topic_options *options,
                    const struct mock_placement *placements, struct mock_topic **ret_topic,
                    struct base_error *err);
/* NULL, or a topic whose name is the same but for '.' and '_' (Topic.hasCollision). */
const struct mock_topic *mock_topic_collision(const struct mock_broker *broker,
                                              struct base_slice name);
/* A log's settings: the topic's, and the broker's log.retention.ms where it says none. */
void mock_topic_configure_log(const struct mock_broker *broker, struct mock_log *log,
                              const struct mock_log_config *config);
/* Would it be made? The checks of mock_topic_make. */
int mock_topic_check(const struct mock_broker *broker, struct base_slice name,
                     const struct mock_topic_options *options, struct base_error *err);
int mock_partitions_open(struct mock_broker *broker, struct mock_topic *topic,
                         struct mock_partition *partitions, int32_t from, int32_t to,
                         struct base_error *err);
void mock_partition_clean_up(struct mock_partition *partition);
void mock_topic_free(struct mock_topic *topic);
void mock_topics_free(struct mock_broker *broker);
struct mock_reader *mock_reader_get(struct mock_partition *partition, const char *actor,
                                    uint32_t incarnation);
void mock_readers_forget(struct mock_broker *broker, const char *actor, uint32_t incarnation);

/* -- replicas.c -- */
/* Gives the partition its replicas: those brokers (the first leads), or count 0: as many as the
 * topic's options say, dealt out in turn, so that a scenario is the same on every run. */
int mock_partition_place(struct mock_broker *broker, struct mock_topic *topic, int32_t partition,
                         const int32_t *brokers, int32_t count, struct base_error *err);
/* Those brokers have it from now on; the first that may leads, if the leader is not among them.
 * BASE_STATE where that cannot be done at once: a new one is down, replication is held, or nobody
 * of them is in sync. */
int mock_partition_reassign(struct mock_broker *broker, struct mock_topic *topic, int32_t partition,
                            const int32_t *brokers, int32_t count, struct base_error *err);
/* Where nobody leads: any replica that is alive. False: there is none. */
bool mock_partition_elect_unclean(struct mock_broker *broker, struct mock_topic *topic,
                                  int32_t partition);
/* Before the mock cluster is asked about the partition: it has to know who leads. */
int mock_partition_tell_leader(struct mock_broker *broker, const struct mock_topic *topic,
                               int32_t partition);
/* A broker died, or is back. */
void mock_replicas_broker_down(struct mock_broker *broker, int32_t node);
void mock_replicas_broker_up(struct mock_broker *broker, int32_t node);
/* min.insync.replicas or unclean.leader.election.enable of the topic were changed. */
void mock_topic_replication_changed(struct mock_broker *broker, struct mock_topic *topic);
/* Are there min.insync.replicas of them (at most all)? What acks=all asks, before and after. */
bool mock_partition_has_min_in_sync(const struct mock_broker *broker,
                                    const struct mock_topic *topic, int32_t partition);
/* The checks of a request that says which epoch it believes in (-1: none), in Kafka's order:
 * FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH, NOT_LEADER_OR_FOLLOWER. leader_only: followers do not
 * do (Partition.getLocalLog). */
int16_t mock_partition_check_epoch(const struct mock_partition *partition, int32_t node,
                                   int32_t current_leader_epoch, bool leader_only);
/* What the node's replica shows to consumers: the high watermark, or less of a follower that lacks
 * something; -1: it has no replica. */
int64_t mock_partition_visible_end(const struct mock_partition *partition, int32_t node);
/* KIP-392: the follower that a consumer in this rack should read from; -1: the leader. */
int32_t mock_partition_preferred_replica(const struct mock_broker *broker,
                                         const struct mock_partition *partition, int32_t node,
                                         struct base_slice rack, int64_t fetch_offset);
/* The rack of a broker; null: none. */
struct base_slice mock_node_rack(const struct mock_broker *broker, int32_t node);
/* Diverging epoch of a fetch (v12+) that last fetched in that epoch: true, and where to go back to.
 * *ret_error: OFFSET_OUT_OF_RANGE for an epoch that cannot be told. */
bool mock_partition_diverges(const struct mock_partition *partition, int32_t last_fetched_epoch,
                             int64_t fetch_offset, int32_t *ret_epoch, int64_t *ret_end,
                             int16_t *ret_error);

/* -- topic_change.c -- */
/* Its log, readers, and committed offsets go; fetches that wait for it are answered; requests under
 * way find it deleted. */
void mock_topic_remove(struct mock_broker *broker, struct mock_topic *topic);
/* To so many partitions; placements: one a new partition, or NULL. */
int mock_topic_grow(struct mock_broker *broker, struct mock_topic *topic, int32_t count,
                    const struct mock_placement *placements, struct base_error *err);
/* Checked settings (mock_log_config_check), from now on. */
void mock_topic_reconfigure(struct mock_broker *broker, struct mock_topic *topic,
                            const struct mock_log_config *config);
/* A request is freed; then, from the loop: what nobody can name any more. all: everything. */
void mock_graves_leave(struct mock_broker *broker, uint64_t request);
void mock_graves_sweep(struct mock_broker *broker, bool all);

/* -- produce_store.c -- */
/* The times that a topic takes, into rules. */
void mock_produce_time_rules(const struct mock_log_config *config, int64_t now_ms,
                             struct mock_batch_rules *rules);
/* A validated batch as the topic keeps it: its codec, whose time. NULL: memory is out. */
struct mock_stored_batch *mock_produce_store(const struct mock_log_config *config,
                                             struct base_slice records,
                                             const struct mock_batch_header *header,
                                             int64_t now_ms);

/* -- authorize.c -- */
#define MOCK_ANONYMOUS "User:ANONYMOUS"
/* May the connection's principal do this? True where no authorizer is configured. name: of the
 * topic, group or transactional id; "kafka-cluster" for the cluster. Told as MOCK_EVENT_DENY when
 * not. Ask before anything is looked up, as Kafka does: who may not describe a topic must not learn
 * whether it exists. */
bool mock_request_may(struct mock_request *r, enum mock_acl_operation operation,
                      enum mock_acl_resource resource, struct base_slice name);
/* The same without telling: where nothing is refused, but left out of what is listed. */
bool mock_request_would(const struct mock_request *r, enum mock_acl_operation operation,
                        enum mock_acl_resource resource, struct base_slice name);
/* May it be done to some resource of that type (KIP-679)? */
bool mock_request_may_some(struct mock_request *r, enum mock_acl_operation operation,
                           enum mock_acl_resource resource);
/* KIP-430's bits: what may be done to it. */
int32_t mock_request_operations(const struct mock_request *r, enum mock_acl_resource resource,
                                struct base_slice name);

/* -- handle_sasl.c: the login of a connection -- */
struct mock_login;
int mock_login_open(struct mock_connection *c);
void mock_login_close(struct mock_connection *c);
/* It has not logged in yet, or is logging in again: one frame at a time, for what the next one is
 * depends on this one. */
bool mock_login_is_pending(const struct mock_connection *c);
/* Is the next frame a token without header? */
bool mock_login_takes_bare(const struct mock_connection *c);
/* False: the request may not come now, and its connection is closed. */
bool mock_login_admits(struct mock_request *r);
/* True: a request that was decoded came instead of a token, and is refused. */
bool mock_login_refuses(struct mock_request *r);
void mock_login_versions_told(struct mock_connection *c);

/* -- tls_connection.c -- */
struct mock_tls;
struct mock_tls_context;
int mock_listener_open_tls(struct mock_listener *l, struct base_error *err);
void mock_listener_close_tls(struct mock_listener *l);
void mock_broker_tls_clean_up(struct mock_broker *broker);
int mock_connection_open_tls(struct mock_connection *c);
void mock_connection_close_tls(struct mock_connection *c);
uv_buf_t mock_connection_tls_buffer(struct mock_connection *c);
/* Bytes of the peer; what they say goes to the splitter. False: the connection is closed. */
bool mock_connection_decrypt(struct mock_connection *c, const uint8_t *bytes, size_t len);
/* Replaces data by what is to be sent for it. */
int mock_connection_encrypt(struct mock_connection *c, uint8_t **data, size_t *len);
/* The last bytes that are sent (base_free), with the end of TLS where shut is set; NULL: none. */
uint8_t *mock_connection_seal_rest(struct mock_connection *c, struct base_slice rest, bool shut,
                                   size_t *ret_len);

/* -- clean.c -- */
/* After an append was told: compact.policy = adversarial. */
void mock_partition_appended(struct mock_broker *broker, struct mock_topic *topic,
                             int32_t partition);
/* The log clock was moved: retention, expiry of producers. */
void mock_clock_moved(struct mock_broker *broker, int64_t ms);

/* -- upstream.c -- */
int mock_nodes_open(struct mock_broker *broker, struct base_error *err);
void mock_nodes_close(struct mock_broker *broker);
struct mock_node *mock_node_get(struct mock_broker *broker, int32_t id);
/* Sends body (encoded for api and version) and calls done with the answer, always later. BASE_IO:
 * the broker is down; else as the body failed, or memory is out. */
int mock_upstream_send(struct mock_node *node, int16_t api, int16_t version,
                       const struct base_builder *body, mock_upstream_fn done, void *arg);
/* Writes what was sent in this turn, all at once. */
void mock_nodes_flush(struct mock_broker *broker);
/* Is the node up, or coming up? Tries to connect if it was found down and not stopped. */
bool mock_node_available(struct mock_node *node);

/* -- quota.c: how many connections there may be, and how long one may be idle -- */
/* False: max.connections are there; the socket accepts again when one closes. */
bool mock_quota_may_accept(struct mock_socket *socket);
/* Counts an accepted connection; false: its address has max.connections.per.ip already. */
bool mock_quota_enter(struct mock_connection *c);
void mock_quota_leave(struct mock_connection *c);
/* There is no memory for the connection that came: it waits a moment. */
void mock_quota_wait(struct mock_socket *socket);
/* Is its descriptor one of the last that the process may open? They are kept for the broker's own
 * use: where the last one is taken, libuv can only close who comes, and nobody is told why. */
bool mock_quota_lacks_descriptors(const struct mock_connection *c);
/* Something came or went on it. */
void mock_quota_active(struct mock_connection *c);
/* Closes what was idle for connections.max.idle.ms. */
void mock_quota_expire(struct mock_broker *broker);
uint64_t mock_quota_next_deadline(const struct mock_broker *broker);

/* -- listener.c, connection.c -- */
void mock_connection_accept(struct mock_socket *socket);
/* Closes; reset: with an RST. Requests that the mock cluster has are finished first, unanswered. */
void mock_connection_close(struct mock_connection *c, bool reset, const char *why);
void mock_connection_read_more(struct mock_connection *c);
/* Takes the frames that were kept back, if they are whole and may be taken now. */
bool mock_connection_next_frames(struct mock_connection *c);
/* Takes the data (base_free). */
void mock_connection_write(struct mock_connection *c, uint8_t *data, size_t len);
/* Takes the data and what is written between them; not over TLS. */
void mock_connection_write_borrowed(struct mock_connection *c, uint8_t *data, size_t len,
                                    struct mock_borrowed *borrowed);
/* The same past TLS: data are its own bytes. */
void mock_connection_write_sealed(struct mock_connection *c, uint8_t *data, size_t len);
/* Tells that the connection was refused before any request (MOCK_EVENT_DENY). */
void mock_connection_deny(struct mock_connection *c, const char *why);
/* Writes what was answered in this turn, each connection's at once. */
void mock_connections_flush(struct mock_broker *broker);
void mock_connection_write_slices(struct mock_connection *c, uint8_t *data, size_t len,
                                  size_t slice);
void mock_connection_release(struct mock_connection *c);

/* -- pipeline.c -- */
void mock_pipeline_receive(struct mock_connection *c, struct base_slice frame);
void mock_pipeline_pump(struct mock_connection *c);
void mock_request_event(const struct mock_request *r, enum mock_event_kind kind,
                        struct mock_event *ret_event);
/* Starts the answer's frame: length slot and header. The handler encodes, then calls answered. */
struct base_builder *mock_request_answer(struct mock_request *r);
void mock_request_answered(struct mock_request *r, int16_t first_error);
/* The frame's, what it borrows included. */
size_t mock_request_answer_bytes(const struct mock_request *r);
/* It waits for the mock cluster, records or members. */
void mock_request_waits(struct mock_request *r);
/* The mock cluster has answered all of it. */
void mock_request_finish(struct mock_request *r);
/* Goes on after a fault that had it before (apply) or after (send) it was applied. */
void mock_request_proceed(struct mock_request *r);
/* Refuses at once with error. */
void mock_request_refuse(struct mock_request *r, int16_t error);
/* Drops the connection of a request that cannot be answered. */
void mock_request_fail(struct mock_request *r, const char *why);
void mock_request_free(struct mock_request *r);
/* For the history: its answer will not leave. */
void mock_request_sent_nothing(struct mock_request *r);
/* Leaves the connection's queue and is freed, or orphaned while the mock cluster has it; finish: it
 * is then applied all the same, for it was its turn. */
void mock_request_drop(struct mock_request *r, bool finish);
/* For handlers whose call to the mock cluster has come back: true (and the request is gone) if
 * nobody waits for the answer any more. */
bool mock_request_abandoned(struct mock_request *r);

/* -- handle_coordinator.c -- */
/* A broker died: what it coordinated goes to the next one that is up. */
void mock_coordinators_leave(struct mock_broker *broker, int32_t node);

/* -- handlers.c and handle_*.c -- */
const struct mock_handler *mock_handler_find(int16_t api);
const struct mock_handler *mock_handler_all(size_t *ret_count);
/* The facts of an answer that leaves, or would have left. */
void mock_produce_sent(struct mock_request *r, bool dropped);
void mock_fetch_sent(struct mock_request *r, bool dropped);
/* The batches that a Fetch's answer carries: visit until it returns false. */
typedef bool (*mock_served_fn)(void *arg, const struct mock_topic *topic, int32_t partition,
                               struct mock_stored_batch *batch);
void mock_fetch_each_served(const struct mock_request *r, mock_served_fn visit, void *arg);
/* The batches that a Produce appended (no duplicates, no refused ones). */
void mock_produce_each_appended(const struct mock_request *r, mock_served_fn visit, void *arg);
/* Calls then(r, node) with the coordinator of the group once the mock cluster has named it (perhaps
 * at once), or -1 when it cannot be had. */
void mock_coordinator_find(struct mock_request *r, struct base_slice group,
                           void (*then)(struct mock_request *r, int32_t node));
/* acks=all: answers those whose records all in-sync replicas have, or cannot have any more. */
void mock_produce_wake(struct mock_broker *broker);
/* Answers those whose time is up. */
void mock_produce_expire(struct mock_broker *broker);
uint64_t mock_produce_next_deadline(const struct mock_broker *broker);
/* The same for several groups: then(r) is called once it is known of each. */
struct mock_group_search {
    const struct base_slice *groups;
    size_t count;
    size_t known;
    int32_t *nodes; /* -1: cannot be had */
    void (*then)(struct mock_request *r);
};
void mock_coordinators_find(struct mock_request *r, const struct base_slice *groups, size_t count,
                            void (*then)(struct mock_request *r));
/* Does this broker coordinate a group that there is? */
bool mock_coordinates(const struct mock_request *r, struct base_slice group);
/* NONE, NOT_COORDINATOR or COORDINATOR_NOT_AVAILABLE, from the node that a search has found. */
int16_t mock_coordinator_error(const struct mock_request *r, int32_t node);
/* Who was found to coordinate the key; NULL: nobody has asked yet. */
const struct mock_coordinated *mock_coordinated_find(const struct mock_broker *broker, int8_t type,
                                                     struct base_slice key);
/* The same of the request's transactional id, which id is. */
void mock_txn_coordinator_find(struct mock_request *r, struct base_slice id,
                               void (*then)(struct mock_request *r, int32_t node));
void mock_fetch_wake(struct mock_broker *broker, const struct mock_partition *partition);
/* A topic changed: answers every parked fetch that has something to say now. */
void mock_fetch_wake_all(struct mock_broker *broker);
void mock_fetch_expire(struct mock_broker *broker);
uint64_t mock_fetch_next_deadline(const struct mock_broker *broker);
bool mock_actor_is_parked(const struct mock_broker *broker, const char *actor);
void mock_parked_actors_free(struct mock_broker *broker);
extern const struct mock_groups_host mock_group_host_functions;

/* -- mock/fault -- */
/* Offers a request to the armed faults at one of its triggers. True: a fault has it in hand now
 * (its stage is HELD_*), and mock_request_proceed or another end will follow, perhaps already has.
 */
bool mock_faults_take(struct mock_request *r, enum mock_trigger_kind kind);
bool mock_faults_take_connection(struct mock_connection *c);
/* Offers a pass of the cleaner. */
void mock_faults_take_clean(struct mock_broker *broker, const struct mock_clean_report *report);
/* After apply: goes on with a firing whose disposition let the request be applied. */
void mock_firing_applied(struct mock_request *r);
void mock_firing_request_gone(struct mock_firing *firing);
/* Holds whose conditions may hold now. */
void mock_faults_poll(struct mock_broker *broker);
/* The next moment at which a delayed firing goes on, UINT64_MAX for none. */
uint64_t mock_faults_next_due(const struct mock_broker *broker);
void mock_faults_free(struct mock_broker *broker);
