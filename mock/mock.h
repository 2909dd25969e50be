/*
 * The broker: librdkafka's mock cluster behind a Kafka-aware gateway.
 *
 * Everything here runs on one libuv loop and belongs to its thread; the mock cluster's own threads
 * stay behind its sockets. Callbacks come from the loop, never from within a call of the owner,
 * unless a function says otherwise. Strings that are passed in are copied, except in a
 * mock_fault_spec.
 *
 * The owner's process ignores SIGPIPE, as everywhere with libuv's sockets: a client may be gone.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/limits.h"
#include "base/slice.h"
#include "mock/event.h"
#include "mock/fault/fault.h"
#include "mock/group/group.h"
#include "mock/log/config.h"
#include "mock/log/producer.h"
#include "mock/replica/replicas.h"
#include "mock/security/acl.h"
#include "mock/security/security.h"

struct uv_loop_s;
struct mock_broker;
struct mock_listener;

#define MOCK_RACKS_BYTES 256
#define MOCK_ASSIGNORS_BYTES 32

/* Broker settings, by Kafka's names; mock_settings_set knows them all. */
struct mock_settings {
    int32_t brokers;                          /* 3 (our own: brokers) */
    int32_t num_partitions;                   /* num.partitions: 1 */
    bool auto_create_topics_enable;           /* auto.create.topics.enable: true */
    int64_t group_initial_rebalance_delay_ms; /* group.initial.rebalance.delay.ms: 0 */
    int64_t message_max_bytes;                /* message.max.bytes: 1048588 as in Kafka */
    int64_t socket_request_max_bytes;         /* socket.request.max.bytes: 104857600 */
    int64_t max_connections;                  /* max.connections: 2147483647; more are not accepted
                                                 until one closes */
    int64_t max_connections_per_ip;       /* max.connections.per.ip: 2147483647; more are closed */
    int64_t connections_max_idle_ms;      /* connections.max.idle.ms: 600000, in real time */
    int64_t group_max_size;               /* group.max.size: 1000 (Kafka: 2147483647) */
    int64_t group_min_session_timeout_ms; /* group.min.session.timeout.ms: 6000 */
    int64_t group_max_session_timeout_ms; /* group.max.session.timeout.ms: 1800000 */
    int32_t consumer_session_timeout_ms;  /* group.consumer.session.timeout.ms: 45000 */
    int32_t consumer_heartbeat_interval_ms;        /* group.consumer.heartbeat.interval.ms: 5000 */
    int32_t consumer_assignment_interval_ms;       /* group.consumer.assignment.interval.ms: 0
                                                      (Kafka: 1000) */
    int64_t consumer_max_size;                     /* group.consumer.max.size: 1000 */
    char consumer_assignors[MOCK_ASSIGNORS_BYTES]; /* group.consumer.assignors: uniform,range */
    enum mock_migration migration; /* group.consumer.migration.policy: bidirectional */
    uint64_t log_max_bytes;                  /* log.max.bytes (ours): bytes kept before appends are
                                                refused; BASE_MAX_LOG_BYTES */
    enum mock_first_sequence first_sequence; /* first.sequence (ours): any */
    bool session_expiry_real;                /* session.expiry (ours): at-crash | real */
    bool compact_adversarial;                /* compact.policy (ours): exact (passes on command) |
                                                adversarial (a pass after every append to a
                                                compacted topic, as far as Kafka allows) */
    int64_t log_cleaner_dedupe_buffer_size; /* log.cleaner.dedupe.buffer.size: 134217728; 24 bytes a
                                               key, 90 % of it used: what one pass can index */
    int64_t offsets_retention_minutes;      /* offsets.retention.minutes: 10080, in log time */
    int64_t log_retention_ms; /* log.retention.ms: 604800000; of topics that do not say
                                 retention.ms */
    int64_t producer_id_expiration_ms;      /* producer.id.expiration.ms: 86400000, in log time */
    int32_t transaction_max_timeout_ms;
    int64_t transactional_id_expiration_ms; /* by the log's clock */
    int32_t transaction_version;            /* of the feature; 2: Transactions V2 */
    enum mock_security_protocol listener;   /* listener (ours): PLAINTEXT; of the listeners that do
                                               not say */
    uint32_t sasl_mechanisms;               /* sasl.enabled.mechanisms: a set of MOCK_SASL_*; all */
    enum mock_client_auth ssl_client_auth;  /* ssl.client.auth: none */
    char super_users[BASE_MAX_SUPER_USERS_BYTES]; /* super.users: "User:a;User:b"; "" */
    bool allow_everyone_if_no_acl_found;          /* allow.everyone.if.no.acl.found: false */
    bool has_authorizer;                 /* authorizer.class.name is StandardAuthorizer: false */
    int64_t connections_max_reauth_ms;   /* connections.max.reauth.ms: 0, a login holds for ever */
    int32_t default_replication_factor;  /* default.replication.factor: 0 (ours): 3, or as many as
                                            there are brokers */
    int32_t min_insync_replicas;         /* min.insync.replicas: 1 */
    bool unclean_leader_election_enable; /* unclean.leader.election.enable: false */
    bool replica_selector_is_rack_aware; /* replica.selector.class: leader | the class name of
                                            Kafka's RackAwareReplicaSelector */
    int32_t fetch_session_slots;         /* max.incremental.fetch.session.cache.slots: 1000 */
    char broker_rack[MOCK_RACKS_BYTES];  /* broker.rack: "a,b,c", one a broker; "": none */
};
void mock_settings_init(struct mock_settings *settings);
/* BASE_NOT_FOUND for an unknown name, BASE_USAGE for a wrong value; the sentence says what is
 * right. */
int mock_settings_set(struct mock_settings *settings, const char *name, const char *value,
                      struct base_error *err);
/* Calls visit with every name, its default as text, and one line of help. */
void mock_settings_each(void (*visit)(void *arg, const char *name, const char *value,
                                      const char *help),
                        void *arg);
/* The same with the values of settings. */
void mock_settings_each_of(const struct mock_settings *settings,
                           void (*visit)(void *arg, const char *name, const char *value,
                                         const char *help),
                           void *arg);

/* What the owner provides; arg is passed to each. Only event is required. */
struct mock_host {
    void *arg;
    /* Every event, synchronously, in order. The owner may inspect the broker, but must not command
     * it from here. A request waits while its event is handled: a store may be read in between. */
    void (*event)(void *arg, const struct mock_event *event);
    /* Does a condition (mock_action.until) hold? Asked again after every event, from the loop. */
    bool (*holds)(void *arg, const void *cond);
    /* Carries out crash, restart, pause or resume, or a step of its own (which may command the
     * broker); then calls mock_firing_continue (later). 0, or an error that ends the firing and is
     * reported as an event. */
    int (*act)(void *arg, const struct mock_action *action, struct mock_firing *firing,
               struct base_error *err);
    /* The actor that waits at a point may go on; fail: with this error word. */
    void (*point_go)(void *arg, void *subject);
    void (*point_fail)(void *arg, void *subject, const char *error);
    /* Something changed that a condition may ask for. Called once a loop turn at most. */
    void (*changed)(void *arg);
};

int mock_broker_new(struct uv_loop_s *loop, const struct mock_settings *settings,
                    const struct mock_host *host, struct mock_broker **ret_broker,
                    struct base_error *err);
/* Closes everything; the loop must be run until closed is called (then the broker is gone). The
 * mock cluster itself is destroyed in a thread of its own where keep_process is set; else it is
 * left to the exiting process, because destroying it may take a second (librdkafka 2.0.2). */
void mock_broker_close(struct mock_broker *broker, bool keep_process, void (*closed)(void *arg),
                       void *arg);

/* -- listeners: one address for each broker -- */

struct mock_listener_options {
    const char *host;      /* "127.0.0.1" */
    const char *advertise; /* NULL: host */
    uint16_t port;         /* of the first broker, the others follow; 0: any */
    const char *actor;     /* every connection is this actor's; NULL: named by its client id */
    uint32_t incarnation;  /* of the actor */
    enum mock_security_protocol security; /* MOCK_SECURITY_DEFAULT: the setting `listener` */
};
#define MOCK_LISTENER_OPTIONS_INIT                                                                 \
    { "127.0.0.1", NULL, 0, NULL, 0, MOCK_SECURITY_DEFAULT }
int mock_listener_open(struct mock_broker *broker, const struct mock_listener_options *options,
                       struct mock_listener **ret_listener, struct base_error *err);
/* "host:port,host:port"; borrowed. */
const char *mock_listener_bootstrap(const struct mock_listener *listener);
/* Stops applying what its connections sent: unread and read-ahead requests are as if never sent.
 * What is already being applied by the mock cluster is finished and recorded. Called before an
 * actor is killed. */
void mock_listener_freeze(struct mock_listener *listener);
/* Closes its sockets and connections (with a reset) and frees it. */
void mock_listener_close(struct mock_listener *listener);

/* -- security --
 *
 * Who a connection is: on SASL_PLAINTEXT and SASL_SSL whoever logged in ("User:alice"), on SSL the
 * subject of the client's certificate ("User:CN=alice,O=ktrial"; RFC 2253), else "User:ANONYMOUS".
 * What it may do is asked of the authorizer (Kafka's StandardAuthorizer), which is there as soon as
 * authorizer.class.name or super.users is set or mock_acl_add was called; without one everybody may
 * do everything. With one, nobody may do anything but super users and whom an ACL allows it
 * (allow.everyone.if.no.acl.found turns that round for what no ACL speaks of). Refusals and failed
 * logins are told as MOCK_EVENT_DENY. */

/* A user of PLAIN and SCRAM. OAUTHBEARER knows no users: its unsecured tokens (alg none) say who
 * somebody is, as with Kafka's default validator. */
struct mock_principal_options {
    const char *name;     /* "alice": the principal is User:alice */
    const char *password; /* not empty */
    uint32_t
        mechanisms; /* a set of MOCK_SASL_*: those that know the user; 0: PLAIN and both SCRAM */
    int32_t iterations; /* of SCRAM; 0: 4096, the least that is allowed */
};
/* Adds the user, or gives it another password. From now on: connections stay logged in. */
int mock_principal_add(struct mock_broker *broker, const struct mock_principal_options *options,
                       struct base_error *err);
/* Adds a rule; nothing happens if it is there already. BASE_USAGE where Kafka answers
 * INVALID_REQUEST: an operation that the resource type does not have, a cluster that is not called
 * kafka-cluster, a principal without "User:". */
int mock_acl_add(struct mock_broker *broker, const struct mock_acl_binding *binding,
                 struct base_error *err);
/* The authority that signed the broker's certificate (names localhost, 127.0.0.1, ::1 and what
 * listeners advertise), made when first asked for or needed: PEM for a client's ssl.ca.location;
 * borrowed, lives as long as the broker. NULL and err when there is no memory. */
const char *mock_ca_certificate(struct mock_broker *broker, struct base_error *err);
/* Makes a client's certificate with the subject "CN=<name>,O=ktrial" and its private key
 * (ssl.certificate.location, ssl.key.location), signed by that authority: both PEM, base_free. */
int mock_client_certificate(struct mock_broker *broker, const char *name,
                            char **ret_certificate_pem, char **ret_key_pem, struct base_error *err);

/* -- topics -- */

struct mock_topic_options {
    int32_t partitions;
    bool compact; /* shorthand: log's cleanup.policy=compact, unless log has compact already */
    int64_t max_message_bytes;  /* shorthand: log's max.message.bytes, where not 0 */
    struct mock_log_config log; /* every other setting of a topic: mock_log_config_set */
    int32_t replication_factor; /* 0: the broker's default.replication.factor */
};
#define MOCK_TOPIC_OPTIONS_INIT                                                                    \
    { 1, false, 0, MOCK_LOG_CONFIG_INIT, 0 }
int mock_topic_create(struct mock_broker *broker, const char *name,
                      const struct mock_topic_options *options, struct base_error *err);
/* As an administrator does (each also has its request of the protocol). BASE_NOT_FOUND: no such
 * topic. Each is told as MOCK_EVENT_TOPIC. */

/* The topic goes, with its log and what groups have committed of it. Whoever waits for it, or has a
 * request under way, is answered UNKNOWN_TOPIC_OR_PARTITION. One of the same name may be made
 * again: it has another id, and an empty log. */
int mock_topic_delete(struct mock_broker *broker, const char *name, struct base_error *err);
/* To count partitions in all; BASE_USAGE unless that is more than there are. */
int mock_topic_add_partitions(struct mock_broker *broker, const char *name, int32_t count,
                              struct base_error *err);
/* Another value of a setting (mock_log_config_set), from now on; NULL: its default. */
int mock_topic_configure(struct mock_broker *broker, const char *name, const char *setting,
                         const char *value, struct base_error *err);
/* -1: no such topic. */
int32_t mock_topic_partitions(const struct mock_broker *broker, const char *name);
/* Visits names in order of creation. */
void mock_topics_each(const struct mock_broker *broker,
                      void (*visit)(void *arg, const char *name, int32_t partitions), void *arg);

/* Adds one record batch to a partition and keeps its offsets, which must not be below the end:
 * holes and batches without records are possible. For explorers, which make a log and have it
 * served; no client can do this, nothing is told of it (no APPEND), and idempotent producers are
 * not learned from it. */
int mock_partition_load(struct mock_broker *broker, const char *topic, int32_t partition,
                        struct base_slice batch, struct base_error *err);

/* -- commands; BASE_NOT_FOUND names what is missing -- */

/* Another replica leads from now on. It must be in sync (or unclean.leader.election.enable), and
 * its broker up: BASE_STATE. What it lacks of the log is lost (MOCK_EVENT_TRUNCATE). A broker
 * without a replica gets one first, in place of another's. */
int mock_leader_move(struct mock_broker *broker, const char *topic, int32_t partition, int32_t to,
                     struct base_error *err);
int mock_coordinator_move(struct mock_broker *broker, const char *group, int32_t to,
                          struct base_error *err);
/* The broker dies: its replicas leave the ISR, and where it led, another in-sync replica leads;
 * what that one lacks is lost. Where none is alive, nobody leads (or with
 * unclean.leader.election.enable any that is alive). Groups that it coordinated are coordinated by
 * the next broker that is up. */
int mock_node_down(struct mock_broker *broker, int32_t node, struct base_error *err);
/* It is back, as a follower; it leads again only what nobody else could. */
int mock_node_up(struct mock_broker *broker, int32_t node, struct base_error *err);
/* Holds replication, or lets it flow (at once: followers have all, and are in sync). While it is
 * held, appends are answered to acks=0 and 1, acks=all waits, and consumers are not served what the
 * followers lack; when the leader dies, that is lost. topic NULL: every topic, also those to come;
 * partition < 0: all; follower: a broker, or MOCK_ALL_FOLLOWERS. MOCK_EVENT_REPLICATE when the high
 * watermark moves. */
int mock_replication_hold(struct mock_broker *broker, const char *topic, int32_t partition,
                          int32_t follower, bool held, struct base_error *err);
/* As if replica.lag.time.max.ms were over: followers that lack something leave the ISR, so that the
 * high watermark moves on without them. They are back when replication flows. */
int mock_isr_shrink(struct mock_broker *broker, const char *topic, int32_t partition,
                    struct base_error *err);
int mock_group_rebalance(struct mock_broker *broker, const char *group, struct base_error *err);
/* As if another instance of the transactional id had begun: what it has open is aborted, and who
 * used it before is fenced. BASE_NOT_FOUND: nobody used it yet. */
int mock_txn_fence(struct mock_broker *broker, const char *id, struct base_error *err);
/* As if its transaction had taken longer than transaction.timeout.ms: it is aborted, and its
 * producer is fenced by that. BASE_STATE: none is open. */
int mock_txn_expire(struct mock_broker *broker, const char *id, struct base_error *err);
/* Moves the log clock (timestamps, retention), never a session or a request timeout. */
void mock_clock_advance(struct mock_broker *broker, int64_t ms);
int64_t mock_clock_ms(const struct mock_broker *broker);
/* Parks the actor's waiting fetches without data, and answers them from the log when un-parked. */
void mock_actor_park(struct mock_broker *broker, const char *actor, bool parked);
/* Ends the group sessions of a dead incarnation (unless session.expiry = real). */
void mock_actor_died(struct mock_broker *broker, const char *actor, uint32_t incarnation);
/* Makes the mock cluster answer the next requests of this kind (Produce, FindCoordinator,
 * InitProducerId; librdkafka's mock answers Metadata regardless) with these errors. */
int mock_cluster_errors(struct mock_broker *broker, int16_t api, const int16_t *errors,
                        size_t count, struct base_error *err);

/* -- compaction and retention (partition < 0: every partition of the topic) -- */

/* One pass of the cleaner now, by the log clock. The active segment is rolled first if it holds
 * anything, unless compact.active = false. Told as MOCK_EVENT_CLEAN (after a MOCK_EVENT_ROLL if it
 * rolled). BASE_STATE for a topic that is not compacted. */
int mock_compact(struct mock_broker *broker, const char *topic, int32_t partition,
                 struct base_error *err);
/* Closes the active segment, if it holds anything. MOCK_EVENT_ROLL. */
int mock_roll(struct mock_broker *broker, const char *topic, int32_t partition,
              struct base_error *err);
/* One pass of retention (retention.ms, retention.bytes, what lies below the log start). */
int mock_retain(struct mock_broker *broker, const char *topic, int32_t partition,
                struct base_error *err);
/* DeleteRecords: the log start moves to before (-1: to the end). BASE_USAGE when out of range. */
int mock_delete_records(struct mock_broker *broker, const char *topic, int32_t partition,
                        int64_t before, struct base_error *err);
/* The settings that a topic has; NULL: no such topic. Borrowed. */
const struct mock_log_config *mock_topic_config(const struct mock_broker *broker,
                                                const char *topic);

/* -- faults -- */

int mock_fault_arm(struct mock_broker *broker, const struct mock_fault_spec *spec,
                   struct mock_fault **ret_fault, struct base_error *err);
/* Disarms all faults and releases every hold (their remaining actions are not done). The fault
 * objects stay readable until the broker is closed. */
void mock_faults_heal(struct mock_broker *broker);
/* Offers a point to the armed faults. True: a fault took it and will call point_go or point_fail
 * (or the actor is killed); false: nobody is interested, the host lets the actor go. */
bool mock_fault_offer(struct mock_broker *broker, const struct mock_point *point);
/* An actor's points are void (it died): firings that wait on them are dropped. */
void mock_fault_withdraw(struct mock_broker *broker, void *subject);

/* Something that the broker does not see has changed (an outcome was told, an actor exited): held
 * conditions are asked again, from the loop. */
void mock_conditions_changed(struct mock_broker *broker);

/* -- inspection: the present state, for conditions -- */

int64_t mock_partition_start(const struct mock_broker *broker, const char *topic,
                             int32_t partition);
/* What consumers see no further than; -1: no such partition. */
int64_t mock_partition_watermark(const struct mock_broker *broker, const char *topic,
                                 int32_t partition);
/* The broker that leads, MOCK_NO_LEADER for none; -2: no such partition. */
int32_t mock_partition_leader(const struct mock_broker *broker, const char *topic,
                              int32_t partition);
/* How many replicas are in sync; -1: no such partition. */
int32_t mock_partition_in_sync(const struct mock_broker *broker, const char *topic,
                               int32_t partition);
int64_t mock_partition_end(const struct mock_broker *broker, const char *topic, int32_t partition);
/* Offset of the last record that is in the log and visible (compaction may have taken those below
 * the end), -1 for none. */
int64_t mock_partition_last(const struct mock_broker *broker, const char *topic, int32_t partition);
/* How far a reader gets now: to the high watermark; committed (isolation level read_committed): to
 * the last stable offset. -1: no such partition. */
int64_t mock_partition_readable_end(const struct mock_broker *broker, const char *topic,
                                    int32_t partition, bool committed);
/* As mock_partition_last, of what such a reader is given below that end; committed: no record of an
 * aborted transaction. */
int64_t mock_partition_last_readable(const struct mock_broker *broker, const char *topic,
                                     int32_t partition, bool committed);
/* The batch that holds offset, or the next one; NULL past the end. */
struct mock_stored_batch *mock_partition_batch(const struct mock_broker *broker, const char *topic,
                                               int32_t partition, int64_t offset);
/* Produce requests received from the actor and not yet answered, read-ahead included. */
int64_t mock_actor_inflight(const struct mock_broker *broker, const char *actor);
/* The offset that the actor's last Fetch of the partition asked for; -1: none by its present
 * incarnation. ret_waits: that Fetch is waiting right now. */
int64_t mock_actor_position(const struct mock_broker *broker, const char *actor, const char *topic,
                            int32_t partition, bool *ret_waits);
/* Has it asked for records with isolation level read_uncommitted? */
bool mock_actor_reads_uncommitted(const struct mock_broker *broker, const char *actor);
/* True while a request or an answer of the actor (NULL: of anybody) is held by a fault. */
bool mock_actor_is_held(const struct mock_broker *broker, const char *actor);
/* True when nothing is under way: no request being applied or read ahead, waiting fetches and
 * parked joins aside. */
bool mock_is_quiet(const struct mock_broker *broker);
/* Committed offset; -1: none. */
int64_t mock_group_committed(const struct mock_broker *broker, const char *group, const char *topic,
                             int32_t partition);
/* The coordinator's groups, for views (group.h). */
const struct mock_groups *mock_broker_groups(const struct mock_broker *broker);
