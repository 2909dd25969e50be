/*
 * How a group is held, and what the files of this folder offer one another: group.c (registry,
 * membership), vote.c (protocols), rebalance.c (the rounds), join.c, sync.c, leave.c (requests),
 * expiry.c (time, deaths), offset.c (commits), view.c. Nobody else includes this.
 */
#pragma once
#include "mock/group/group.h"

#include "base/hash.h"
#include "base/memory.h"
#include "mock/wire/error_names.h"

#define MOCK_NEVER INT64_MAX

/* A member that is new waits no longer than this for its first answer (Kafka's
 * classicGroupNewMemberJoinTimeoutMs): it cannot heartbeat before. */
#define MOCK_NEW_MEMBER_JOIN_MS (5 * 60 * 1000)

enum mock_group_state {
    MOCK_GROUP_EMPTY,
    MOCK_GROUP_PREPARING_REBALANCE,
    MOCK_GROUP_COMPLETING_REBALANCE,
    MOCK_GROUP_STABLE
};

struct mock_member_protocol {
    char *name;
    uint8_t *metadata;
    size_t metadata_len;
    size_t votes; /* only while a protocol is selected */
};

struct mock_member_protocols {
    struct mock_member_protocol *items; /* the member's preference first */
    size_t count;
};

/* A request that waits for its answer. */
struct mock_parked {
    bool waiting;
    bool gone; /* its connection went: the answer is made and given to nobody */
    void *request;
};

struct mock_member {
    char *id;
    char *instance_id; /* NULL: dynamic */
    char *client_id;
    char *host;
    char *actor;
    uint32_t incarnation;
    int32_t session_timeout_ms;
    int32_t rebalance_timeout_ms;
    struct mock_member_protocols protocols;
    uint8_t *assignment; /* NULL: empty */
    size_t assignment_len;
    struct mock_parked join;
    struct mock_parked sync;
    int64_t due_ms;    /* when the session ends; MOCK_NEVER while it waits for others */
    bool is_new;       /* has not had an answer to a join yet */
    bool pending_sync; /* was told of the generation, has not synced in it */
};

/* KIP-394: a member id that was handed out and has not joined yet. */
struct mock_pending_member {
    char *id;
    char *actor;
    uint32_t incarnation;
    int64_t due_ms;
};

struct mock_commit {
    char *topic;
    int32_t partition;
    int64_t offset;
    int32_t leader_epoch;
    int64_t commit_ms; /* log time */
    int64_t expire_ms; /* log time; MOCK_NEVER: by the retention of the broker */
    char *metadata;
    uint64_t sequence; /* of all commits of the cluster: which came later */
};

/* An offset that holds when its transaction is committed. */
struct mock_pending_commit {
    struct mock_pending_commit *next;
    int64_t producer_id;
    uint64_t sequence;
    char *member_id;
    int32_t generation;
    char *topic;
    int32_t partition;
    int64_t offset;
    int32_t leader_epoch;
    char *metadata;
};

struct mock_group {
    char *id;
    enum mock_group_state state;
    enum mock_group_state previous_state;
    int32_t generation;
    char *protocol_type; /* NULL: never had a member */
    char *protocol;      /* "" outside a generation with members; room for any member's names */
    size_t protocol_cap;
    struct mock_member *leader;   /* one of members, or NULL */
    struct mock_member **members; /* by age */
    size_t member_count;
    size_t member_cap;
    struct mock_join_group_member *listed; /* room to list all members */
    size_t listed_cap;
    struct mock_pending_member *pending;
    size_t pending_count;
    size_t pending_cap;
    int64_t join_due_ms;                  /* when the round ends, or its initial delay */
    bool in_initial_delay;                /* join_due_ms is that of the initial delay */
    bool member_added;                    /* since the initial delay was last extended */
    int64_t delay_ms;                     /* the present initial delay */
    int64_t delay_left_ms;                /* what may still be added to it */
    int64_t sync_due_ms;                  /* when those that have not synced are removed */
    struct mock_consumer_group *consumer; /* NULL: a classic group */
    int64_t empty_since_ms;               /* log time at which its last member left */
    struct mock_commit *commits;          /* by topic, then partition */
    size_t commit_count;
    size_t commit_cap;
    struct mock_pending_commit *pending_commits; /* in the order made */
    UT_hash_handle hh;
};

struct mock_groups {
    struct mock_groups_options options;
    struct mock_groups_host host;
    struct mock_group *by_id;
    uint64_t ids_given; /* member ids, so that none is given twice */
    uint64_t commits_made;
};

/* -- group.c -- */

struct mock_group *mock_group_find(const struct mock_groups *groups, struct base_slice id);
struct mock_group *mock_group_find_str(const struct mock_groups *groups, const char *id);
/* NULL when memory is out. */
struct mock_group *mock_group_get(struct mock_groups *groups, struct base_slice id);

struct mock_member *mock_member_new(const struct mock_group_caller *caller, char *id,
                                    const struct mock_join_group_request *request);
void mock_member_free(struct mock_member *member);
struct mock_member *mock_member_find(const struct mock_group *group, struct base_slice id);
struct mock_member *mock_member_find_static(const struct mock_group *group,
                                            struct base_slice instance_id);
/* An empty classic group becomes one of the consumer protocol, or such a one a classic one again.
 */
int mock_group_become_consumer(struct mock_group *group);
void mock_group_become_classic(struct mock_group *group);
/* The group goes, with everything of it. */
void mock_group_drop(struct mock_groups *groups, struct mock_group *group);
int64_t mock_groups_log_time_ms(const struct mock_groups *groups);
/* MOCK_ERROR_NONE, UNKNOWN_MEMBER_ID or FENCED_INSTANCE_ID (ClassicGroup.validateMember). */
int16_t mock_member_validate(const struct mock_group *group, struct base_slice id,
                             struct base_slice instance_id);
/* Room for one more member and for the names of its protocols; BASE_NO_MEMORY. After it nothing
 * that completes a round can fail. */
int mock_group_reserve(struct mock_group *group, const struct mock_member_protocols *protocols);
/* Its two halves: room for so many members, and for the names. */
int mock_group_reserve_members(struct mock_group *group, size_t count);
int mock_group_reserve_names(struct mock_group *group,
                             const struct mock_member_protocols *protocols);
/* Takes the member; group_reserve came before. */
void mock_group_add(struct mock_group *group, struct mock_member *member);
/* Frees the member; its parked requests are dropped, so answer them first. */
void mock_group_remove(struct mock_group *group, struct mock_member *member);
/* A new member id, "prefix-uuid" or a uuid alone; or NULL. */
char *mock_member_id_new(struct mock_groups *groups, const char *prefix, size_t prefix_len);

struct mock_pending_member *mock_pending_find(const struct mock_group *group, struct base_slice id);
int mock_pending_add(struct mock_group *group, char *id, const struct mock_group_caller *caller,
                     int64_t due_ms);
void mock_pending_remove(struct mock_group *group, struct mock_pending_member *pending);

void mock_group_changed(const struct mock_groups *groups, const struct mock_group *group,
                        const struct mock_member *member, const char *what);

/* -- offset.c -- */

struct mock_commit *mock_commit_find(const struct mock_group *group, const char *topic,
                                     int32_t partition);

/* -- txn_offset.c -- */

void mock_pending_commits_free(struct mock_group *group);

/* -- vote.c -- */

int mock_protocols_copy(const struct mock_join_group_request *request,
                        struct mock_member_protocols *ret_protocols);
int mock_protocols_clone(const struct mock_member_protocols *protocols,
                         struct mock_member_protocols *ret_protocols);
void mock_protocols_clean_up(struct mock_member_protocols *protocols);
bool mock_member_has_protocol(const struct mock_member *member, struct base_slice name);
/* The same names and metadata in the same order. */
bool mock_protocols_match(const struct mock_member_protocols *protocols,
                          const struct mock_join_group_request *request);
/* Is there a protocol that all members and the request have? */
bool mock_group_supports(const struct mock_group *group,
                         const struct mock_join_group_request *request);
/* The name with most votes among those that all members have; borrowed. There is one, as
 * mock_group_supports lets nobody in otherwise. */
const char *mock_group_select_protocol(struct mock_group *group);

/* -- rebalance.c -- */

void mock_answer_join(const struct mock_groups *groups, struct mock_member *member,
                      const struct mock_join_group_response *response);
void mock_answer_sync(const struct mock_groups *groups, struct mock_member *member,
                      const struct mock_sync_group_response *response);
struct mock_join_group_response mock_join_refused(struct base_slice member_id, int16_t error);
/* The present generation, as a member is told it; with_members: as its leader is told it. */
struct mock_join_group_response
mock_join_present(struct mock_group *group, const struct mock_member *member, bool with_members);
/* The metadata that a member sent with the protocol that was chosen; empty if none was. */
struct base_slice mock_member_metadata(const struct mock_group *group,
                                       const struct mock_member *member);
struct mock_sync_group_response mock_sync_refused(int16_t error);
struct mock_sync_group_response mock_sync_present(const struct mock_group *group,
                                                  const struct mock_member *member);

bool mock_group_all_joined(const struct mock_group *group);
void mock_session_restart(struct mock_member *member, int64_t now_ms);
void mock_rebalance_prepare(struct mock_groups *groups, struct mock_group *group, int64_t now_ms);
/* Starts a round, or completes the present one if all have joined. */
void mock_rebalance_or_complete(struct mock_groups *groups, struct mock_group *group,
                                int64_t now_ms);
/* Completes the present round if all have joined, and it is not in its initial delay. */
void mock_rebalance_maybe_complete(struct mock_groups *groups, struct mock_group *group,
                                   int64_t now_ms);
/* Completes the present round with those that have joined. */
void mock_rebalance_complete(struct mock_groups *groups, struct mock_group *group, int64_t now_ms);
/* After members (or pending ones) were removed by time or death. */
void mock_rebalance_after_loss(struct mock_groups *groups, struct mock_group *group,
                               int64_t now_ms);
void mock_rebalance_initial_delay_over(struct mock_groups *groups, struct mock_group *group,
                                       int64_t now_ms);
/* Answers every parked SyncGroup: with the assignment, or with an error and none. */
void mock_propagate_assignment(struct mock_groups *groups, struct mock_group *group, int16_t error,
                               int64_t now_ms);

/* -- admin.c -- */

/* Does a member of the group read the topic? True also where it cannot be known. */
bool mock_group_is_subscribed(const struct mock_group *group, const char *topic);
