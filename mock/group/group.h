/*
 * The classic group coordinator: membership, generations, assignments and committed offsets, as
 * Kafka's GroupMetadataManager (classic groups) keeps them. No sockets, no clock, no timer:
 * requests and the present time come in, answers go out through a callback, at once or later.
 *
 * A group completes its join as soon as every known member has (re)joined, after
 * initial_rebalance_delay_ms for a group that was empty, and at the latest when the largest
 * rebalance timeout of its members has passed (the others are then removed).
 *
 *            join                all joined            leader's sync
 *   Empty ────────► PreparingRebalance ──► CompletingRebalance ──► Stable
 *     ▲                   ▲   ▲                 │ join, leave         │
 *     └── last leaves ────┘   └─────────────────┴─────────────────────┘
 *
 * One thread only. A callback is never called from within the function that parks a request, except
 * when that call itself completes the round: then the answers of all members, its own included, are
 * given before it returns. The host's functions must not call back into the coordinator, except
 * mock_groups_request_gone.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"
#include "mock/wire/consumer_group_describe.h"
#include "mock/wire/consumer_group_heartbeat.h"
#include "mock/wire/heartbeat.h"
#include "mock/wire/join_group.h"
#include "mock/wire/leave_group.h"
#include "mock/wire/offset_commit.h"
#include "mock/wire/offset_fetch.h"
#include "mock/wire/sync_group.h"

struct mock_groups; /* all groups of a cluster */

/* Who asks: copied where it is kept. */
struct mock_group_caller {
    const char *actor; /* an actor of the trial, or the client id */
    uint32_t incarnation;
    const char *client_id; /* never NULL */
    const char *host;      /* "/127.0.0.1" */
    void *request;         /* handed back with the answer */
};

struct mock_group_change {
    const char *group;
    const char *actor;
    uint32_t incarnation;
    const char *member_id;
    int32_t generation;
    const char *what; /* "joined", "synced", "left", "expired", "rebalancing", "stable", "empty" */
};

/* A topic as it is now; borrowed. */
struct mock_group_topic {
    const char *name;
    struct mock_uuid id;
    int32_t partitions;
};
typedef void (*mock_group_topic_fn)(void *arg, const struct mock_group_topic *topic);

struct mock_groups_host {
    void *arg;
    /* The answers to parked JoinGroup and SyncGroup requests; the response is borrowed. request is
     * the caller's; it is not used again by the coordinator. */
    void (*join_answered)(void *arg, void *request,
                          const struct mock_join_group_response *response);
    void (*sync_answered)(void *arg, void *request,
                          const struct mock_sync_group_response *response);
    /* For the history; may be NULL. */
    void (*changed)(void *arg, const struct mock_group_change *change);
    /* The log's clock (the retention of offsets goes by it); NULL: it stands at 0. */
    int64_t (*log_time_ms)(void *arg);
    /* The topics of the cluster, for groups of the consumer protocol; visited in any order. */
    bool (*topic_by_id)(void *arg, const struct mock_uuid *id, struct mock_group_topic *ret_topic);
    void (*each_topic)(void *arg, mock_group_topic_fn visit, void *visit_arg);
};

/* May a group with members change from the classic protocol to the consumer protocol (upgrade), and
 * back? Kafka: ConsumerGroupMigrationPolicy. */
enum mock_migration {
    MOCK_MIGRATION_DISABLED,
    MOCK_MIGRATION_UPGRADE,
    MOCK_MIGRATION_DOWNGRADE,
    MOCK_MIGRATION_BIDIRECTIONAL, /* Kafka's default */
};

struct mock_groups_options {
    int64_t initial_rebalance_delay_ms; /* group.initial.rebalance.delay.ms; 0 here */
    int32_t min_session_timeout_ms;     /* group.min.session.timeout.ms: 6000 */
    int32_t max_session_timeout_ms;     /* group.max.session.timeout.ms: 1800000 */
    size_t max_members;                 /* group.max.size */
    /* of groups of the consumer protocol */
    int32_t consumer_session_timeout_ms;     /* group.consumer.session.timeout.ms: 45000 */
    int32_t consumer_heartbeat_interval_ms;  /* group.consumer.heartbeat.interval.ms: 5000 */
    int32_t consumer_assignment_interval_ms; /* group.consumer.assignment.interval.ms; 0 here */
    size_t max_consumers;                    /* group.consumer.max.size */
    const char *consumer_assignors; /* group.consumer.assignors, the default first; borrowed */
    enum mock_migration migration;  /* group.consumer.migration.policy */
};
#define MOCK_GROUPS_OPTIONS_INIT                                                                   \
    { 0, 6000, 1800000, 1000, 45000, 5000, 0, 1000, "uniform,range", MOCK_MIGRATION_BIDIRECTIONAL }

int mock_groups_new(const struct mock_groups_options *options, const struct mock_groups_host *host,
                    struct mock_groups **ret_groups, struct base_error *err);
void mock_groups_free(struct mock_groups *groups); /* parked requests are dropped unanswered */

/* -- requests; now_ms is a monotonic clock -- */

/* JoinGroup and SyncGroup are answered through the host. v4+ without a member id:
 * MEMBER_ID_REQUIRED (KIP-394); static membership by group.instance.id (KIP-345). */
void mock_groups_join(struct mock_groups *groups, const struct mock_group_caller *caller,
                      int16_t version, const struct mock_join_group_request *request,
                      int64_t now_ms);
void mock_groups_sync(struct mock_groups *groups, const struct mock_group_caller *caller,
                      int16_t version, const struct mock_sync_group_request *request,
                      int64_t now_ms);
/* ConsumerGroupHeartbeat (KIP-848), answered at once; the response lives in the arena. The first of
 * a group makes it one of the consumer protocol, also if it was a classic one: without members at
 * once; with members, who stay in it, if the policy is to upgrade and they are consumers without an
 * assignor of their own (else GROUP_ID_NOT_FOUND). Who waits in JoinGroup or SyncGroup is then told
 * to join again. Unless the policy is disabled JoinGroup, SyncGroup and Heartbeat may be sent to a
 * group of the consumer protocol; they are answered at once. When only such members are left it
 * becomes a classic group again, in a new round, if the policy is to downgrade. */
void mock_groups_consumer_heartbeat(struct mock_groups *groups,
                                    const struct mock_group_caller *caller, int16_t version,
                                    const struct mock_consumer_group_heartbeat_request *request,
                                    struct base_arena *arena,
                                    struct mock_consumer_group_heartbeat_response *ret_response,
                                    int64_t now_ms);
/* Does the heartbeat end the ownership of partitions: by leaving or joining anew, or because it
 * says that what had to be given back has been? */
bool mock_groups_consumer_revokes(const struct mock_groups *groups,
                                  const struct mock_consumer_group_heartbeat_request *request);
/* False: there is no such group of the consumer protocol. Views into the group, and the arena. */
bool mock_groups_describe_consumers(const struct mock_groups *groups, struct base_slice group,
                                    struct base_arena *arena,
                                    struct mock_described_consumer_group *ret_group);
/* Answered at once: the Kafka error. */
int16_t mock_groups_heartbeat(struct mock_groups *groups,
                              const struct mock_heartbeat_request *request, int64_t now_ms);
/* ret_errors: one per member of the request (v3+), or one (v0-2; request.members has the one). */
int16_t mock_groups_leave(struct mock_groups *groups,
                          const struct mock_leave_group_request *request, int16_t *ret_errors,
                          size_t error_count, int64_t now_ms);

/* May this commit be accepted? The error for the whole group part of the request: generation and
 * member fencing, or none for a simple commit (generation -1) to a group without members. */
int16_t mock_groups_check_commit(struct mock_groups *groups, int16_t version,
                                 const struct mock_offset_commit_request *request, int64_t now_ms);
/* May the member fetch offsets with that epoch (OffsetFetch 9+)? Only groups of the consumer
 * protocol ask: UNKNOWN_MEMBER_ID, STALE_MEMBER_EPOCH. member_id null: an administrator. */
int16_t mock_groups_check_fetch(const struct mock_groups *groups, struct base_slice group,
                                struct base_slice member_id, int32_t member_epoch);
/* Stores one offset (metadata NULL = ""). */
int mock_groups_commit(struct mock_groups *groups, const char *group, const char *topic,
                       int32_t partition, int64_t offset, int32_t leader_epoch,
                       struct base_slice metadata, struct base_error *err);

/* The commit that was just stored expires so long after it, whatever the broker's retention says
 * (OffsetCommit 2 to 4). */
void mock_groups_retain_commit(struct mock_groups *groups, const char *group, const char *topic,
                               int32_t partition, int64_t retention_ms);

struct mock_committed {
    int64_t offset; /* -1: none */
    int32_t leader_epoch;
    const char *metadata; /* borrowed */
};
struct mock_committed mock_groups_committed(const struct mock_groups *groups, const char *group,
                                            const char *topic, int32_t partition);
/* Every committed offset of the group, sorted by topic and partition. */
typedef void (*mock_committed_fn)(void *arg, const char *topic, int32_t partition,
                                  const struct mock_committed *committed);
void mock_groups_each_committed(const struct mock_groups *groups, const char *group,
                                mock_committed_fn visit, void *arg);
/* False for a group that never was. */
bool mock_groups_exists(const struct mock_groups *groups, const char *group);
/* The topic is deleted, and with it what was committed for it (onTopicsDeleted). */
void mock_groups_topic_deleted(struct mock_groups *groups, const char *topic);
/* Removes the offsets that nobody needs since retention_ms of log time (offsets.retention.minutes;
 * ClassicGroup.offsetExpirationCondition), and empty groups that have none left. */
void mock_groups_expire_offsets(struct mock_groups *groups, int64_t log_now_ms,
                                int64_t retention_ms);

/* -- administration (admin.c) -- */

/* Removes an empty group and its offsets: GROUP_ID_NOT_FOUND, NON_EMPTY_GROUP or none. */
int16_t mock_groups_delete(struct mock_groups *groups, struct base_slice group);
/* May offsets of the group be deleted at all? The error of the whole OffsetDelete. */
int16_t mock_groups_check_offset_delete(const struct mock_groups *groups, struct base_slice group);
/* GROUP_SUBSCRIBED_TO_TOPIC, or none: the offset is gone, if there was one. */
int16_t mock_groups_delete_offset(struct mock_groups *groups, struct base_slice group,
                                  const char *topic, int32_t partition);

/* -- offsets of transactions (txn_offset.c) -- */

/* One TxnOffsetCommit; the offset fields of one partition of it. */
struct mock_txn_commit {
    struct base_slice group_id;
    int64_t producer_id;
    int32_t generation_id;       /* -1: the client does not say */
    struct base_slice member_id; /* empty: the client does not say */
    struct base_slice group_instance_id;
    int64_t offset;
    int32_t leader_epoch;
    struct base_slice metadata;
};
/* May it be accepted? As mock_groups_check_commit, but who does not say who it is may commit. */
int16_t mock_groups_check_txn_commit(struct mock_groups *groups,
                                     const struct mock_txn_commit *commit);
/* Keeps the offset until its producer's transaction ends. */
int mock_groups_txn_commit(struct mock_groups *groups, const struct mock_txn_commit *commit,
                           const char *topic, int32_t partition, struct base_error *err);
/* An offset of an open transaction is kept for it: UNSTABLE_OFFSET_COMMIT for whoever asks for
 * stable ones. */
bool mock_groups_is_unstable(const struct mock_groups *groups, const char *group, const char *topic,
                             int32_t partition);

struct mock_pending_view {
    const char *group;
    const char *member_id;
    int32_t generation;
    const char *topic;
    int32_t partition;
    int64_t offset;
};
typedef bool (*mock_group_is_meant_fn)(void *arg, const char *group);
typedef void (*mock_pending_fn)(void *arg, const struct mock_pending_view *view);
/* The producer's transaction has ended in the groups that are meant: its offsets are committed, but
 * where a later one was (visit is told of all), or forgotten. False: memory was out for some, which
 * are still there; call again. */
bool mock_groups_txn_end(struct mock_groups *groups, int64_t producer_id, bool commit,
                         mock_group_is_meant_fn is_meant, mock_pending_fn visit, void *arg);

/* -- time and control -- */

/* The next moment at which something is due (session, rebalance or delay), INT64_MAX for none. */
int64_t mock_groups_next_due_ms(const struct mock_groups *groups);
void mock_groups_tick(struct mock_groups *groups, int64_t now_ms);
/* Ends the sessions of an actor's incarnation at once (it is dead); its parked requests are
 * dropped. */
void mock_groups_actor_died(struct mock_groups *groups, const char *actor, uint32_t incarnation,
                            int64_t now_ms);
/* The connection behind a parked request is gone: forget the request (the member stays). */
void mock_groups_request_gone(struct mock_groups *groups, const void *request);
/* Makes a stable group rebalance (members are told at their next heartbeat). False: no members. */
bool mock_groups_rebalance(struct mock_groups *groups, const char *group, int64_t now_ms);
/* True while a member of the group waits in JoinGroup and another has not rejoined: a heartbeat
 * matters. */
bool mock_groups_is_rebalancing(const struct mock_groups *groups, const char *group);

/* -- views, for conditions and for DescribeGroups -- */

struct mock_member_view {
    const char *member_id;
    const char *actor;
    uint32_t incarnation;
    const char *client_id;
    const char *host;
    const char *instance_id;      /* NULL if none */
    struct base_slice metadata;   /* that it sent with the protocol that was chosen */
    struct base_slice assignment; /* consumer protocol bytes of the present generation */
};
struct mock_group_view {
    const char *id;
    const char *type;  /* "classic" or "consumer" (KIP-848) */
    const char *state; /* "Empty", "PreparingRebalance", "CompletingRebalance", "Stable"; of the
                          type consumer: "Empty", "Assigning", "Reconciling", "Stable" */
    int32_t generation;
    const char *protocol_type;
    const char *protocol;
    size_t member_count;
};
bool mock_groups_view(const struct mock_groups *groups, const char *group,
                      struct mock_group_view *ret_view);
/* Visits all groups, in the order in which they came to be. */
void mock_groups_each(const struct mock_groups *groups,
                      void (*visit)(void *arg, const struct mock_group_view *view), void *arg);
/* index < member_count of the view. */
void mock_groups_member(const struct mock_groups *groups, const char *group, size_t index,
                        struct mock_member_view *ret_member);
