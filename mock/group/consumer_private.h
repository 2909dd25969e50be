/*
 * Groups of the consumer protocol (KIP-848), as the files of this folder share them:
 * consumer_member.c (members, what they own), consumer_regex.c (subscriptions by pattern),
 * consumer_target.c (who should own what), consumer_reconcile.c (who owns what meanwhile),
 * consumer_heartbeat.c (the request), consumer_classic.c (members that speak the classic protocol),
 * consumer_leave.c (leaving, time, death), consumer_view.c, and migrate.c, which makes such a group
 * of a classic one and back. Nobody else includes this.
 *
 * The group epoch counts changes of membership, subscriptions and topics; the target epoch is that
 * for which a target assignment was computed; each member's epoch follows, once it has given back
 * what it must:
 *
 *           target is newer, must give back          given back
 *   STABLE ────────────────────────────► UNREVOKED ────────────┐
 *     ▲ ▲                                                       │
 *     │ └── target reached ──────────────────────── (next step) ┤
 *     └──── all are free ◄── UNRELEASED ◄── others own some ────┘
 */
#pragma once
#include "mock/group/assignors.h"
#include "mock/group/group_private.h"
#include "mock/wire/consumer_protocol.h"

/* A partition of somebody's, and the member epoch at which he got it. */
struct mock_owned {
    struct mock_uuid topic;
    int32_t partition;
    int32_t epoch;
};

struct mock_owned_set {
    struct mock_owned *items; /* by topic, then partition */
    size_t count;
    size_t cap;
};

/* Names, sorted, each once. */
struct mock_name_set {
    char **items;
    size_t count;
};

enum mock_consumer_state {
    MOCK_CONSUMER_STABLE,     /* has what the target of its epoch gives it */
    MOCK_CONSUMER_UNREVOKED,  /* has to give partitions back first */
    MOCK_CONSUMER_UNRELEASED, /* waits for partitions that others have */
};

struct mock_consumer_member {
    char *id;
    char *instance_id; /* NULL: dynamic */
    char *rack_id;     /* NULL: none */
    char *client_id;
    char *host;
    char *actor;
    uint32_t incarnation;
    int32_t rebalance_timeout_ms;
    struct mock_name_set names; /* of topics */
    char *regex;                /* "": none */
    char *assignor;             /* NULL: the group's */
    enum mock_consumer_state state;
    int32_t epoch; /* -2: a static member that is away */
    int32_t previous_epoch;
    struct mock_owned_set assigned;
    struct mock_owned_set revoking; /* told to give back, not given back yet */
    struct mock_owned_set target;   /* its epochs mean nothing */
    int64_t session_due_ms;
    int64_t rebalance_due_ms; /* MOCK_NEVER: nothing to give back */
    int32_t rebalance_epoch;  /* that it has to leave by then */
    uint8_t *shown;           /* assigned, as an assignment of the classic protocol */
    size_t shown_len;
    bool leaves; /* only while members are fenced */

    /* of one that speaks the classic protocol: JoinGroup, SyncGroup, Heartbeat */
    bool is_classic;
    int32_t session_timeout_ms;
    struct mock_member_protocols protocols;
    int64_t join_due_ms; /* it was told to join again; MOCK_NEVER: it was not */
    int64_t sync_due_ms; /* it has joined; MOCK_NEVER: and has synced */
};

/* A pattern that members subscribe to, and what it matched when it was last looked at. */
struct mock_regex {
    char *pattern;
    struct mock_name_set topics;
    bool resolved;
};

struct mock_consumer_group {
    int32_t epoch;
    int32_t target_epoch;
    int64_t target_made_ms; /* 0: never */
    uint64_t topics_hash;   /* of the subscribed topics that exist, and their partitions */
    struct mock_consumer_member **members; /* by age */
    size_t member_count;
    size_t member_cap;
    struct mock_regex *regexes;
    size_t regex_count;
    size_t regex_cap;
    bool was_stable; /* it was told that it is */
};

/* What a request has changed. */
struct mock_consumer_change {
    bool topics_changed; /* those that the group subscribed to before: they came, grew, went */
    bool names_changed;
    bool regex_changed;
    bool regex_counts; /* at once: nothing has to be looked up for the new pattern */
    bool assignor_changed;
};

/* -- consumer_member.c -- */

/* Takes the value over, but null; BASE_NO_MEMORY. */
int mock_consumer_set_text(char **at, struct base_slice value) BASE_MUST_USE;
/* ret_changed: they were others. */
int mock_consumer_set_names(struct mock_consumer_member *member, const struct base_slice *names,
                            size_t count, bool *ret_changed) BASE_MUST_USE;
void mock_owned_set_clean_up(struct mock_owned_set *set);
/* NULL if it is not there. */
const struct mock_owned *mock_owned_find(const struct mock_owned_set *set,
                                         const struct mock_uuid *topic, int32_t partition);
int mock_owned_add(struct mock_owned_set *set, struct mock_owned item) BASE_MUST_USE;
int mock_owned_copy(const struct mock_owned_set *from, struct mock_owned_set *ret_to) BASE_MUST_USE;

int mock_name_set_of(const struct base_slice *names, size_t count,
                     struct mock_name_set *ret_set) BASE_MUST_USE;
void mock_name_set_clean_up(struct mock_name_set *set);
bool mock_name_set_equal(const struct mock_name_set *a, const struct mock_name_set *b);
bool mock_name_set_has(const struct mock_name_set *set, const char *name);

struct mock_consumer_group *mock_consumer_group_new(void);
void mock_consumer_group_free(struct mock_consumer_group *group);
/* A member that has nothing yet; not in the group. */
struct mock_consumer_member *mock_consumer_member_new(const struct mock_group_caller *caller,
                                                      struct base_slice id);
void mock_consumer_member_free(struct mock_consumer_member *member);
int mock_consumer_group_add(struct mock_consumer_group *group,
                            struct mock_consumer_member *member) BASE_MUST_USE;
/* A static member of another id takes its place: what was timed was of the old one. */
void mock_consumer_begin_anew(struct mock_consumer_member *member);
/* Takes it out, and frees it. */
void mock_consumer_group_remove(struct mock_consumer_group *group,
                                struct mock_consumer_member *member);
struct mock_consumer_member *mock_consumer_find(const struct mock_consumer_group *group,
                                                struct base_slice id);
struct mock_consumer_member *mock_consumer_find_static(const struct mock_consumer_group *group,
                                                       struct base_slice instance_id);
bool mock_consumer_is_reconciled(const struct mock_consumer_group *group,
                                 const struct mock_consumer_member *member);
/* The set as an assignment of the classic protocol; topics that are no more are left out. Memory
 * that is out fails the builder. */
void mock_consumer_encode_assignment(const struct mock_groups *groups,
                                     const struct mock_owned_set *set, int16_t version,
                                     struct base_builder *b);
/* Renews what views show of the member's assignment; nothing when memory is out. */
void mock_consumer_show(const struct mock_groups *groups, struct mock_consumer_member *member);

/* -- consumer_regex.c -- */

/* RE2's syntax, as far as it can be said in POSIX: classes, groups, repeats, alternatives, anchors,
 * (?i). BASE_USAGE for anything else, with the reason. */
int mock_regex_check(const char *pattern, struct base_error *err) BASE_MUST_USE;
/* How many members subscribe to the pattern. */
size_t mock_regex_subscribers(const struct mock_consumer_group *group, const char *pattern);
const struct mock_regex *mock_regex_find(const struct mock_consumer_group *group,
                                         const char *pattern);
/* Looks at all topics again for every pattern that a member has; forgets the others. True: some
 * pattern matches other topics than before. */
bool mock_regex_refresh(const struct mock_groups *groups, struct mock_consumer_group *group);
/* The same behind an answer, as Kafka's executor does: the next request sees what has changed. */
void mock_regex_refresh_after(const struct mock_groups *groups, struct mock_consumer_group *group,
                              bool regex_changed);

/* -- consumer_target.c -- */

/* Does the member subscribe to the topic, by name or by a pattern that is resolved? */
bool mock_consumer_subscribes(const struct mock_consumer_group *group,
                              const struct mock_consumer_member *member, const char *topic);
/* Of the subscribed topics that exist now. */
uint64_t mock_consumer_topics_hash(const struct mock_groups *groups,
                                   const struct mock_consumer_group *group);
/* The assignor that most members ask for (the elder's in a tie), or the first that is configured;
 * a literal. */
const char *mock_consumer_assignor(const struct mock_groups *groups,
                                   const struct mock_consumer_group *group);
/* Computes the target of the group's epoch; on failure the old one stays. */
int mock_consumer_compute_target(const struct mock_groups *groups,
                                 struct mock_consumer_group *group, int64_t now_ms) BASE_MUST_USE;

/* -- consumer_reconcile.c -- */

/* Is the change one that makes a new group epoch? */
bool mock_consumer_change_counts(const struct mock_consumer_change *change);
/* A new group epoch if the change counts, and a new target if it is due. */
int mock_consumer_advance(const struct mock_groups *groups, struct mock_consumer_group *group,
                          const struct mock_consumer_change *change, int64_t now_ms) BASE_MUST_USE;
/* Brings the member a step nearer to the target if it is not there; request: what it says that it
 * owns. ret_changed: it has other partitions than before. */
int mock_consumer_reconcile(const struct mock_groups *groups, struct mock_consumer_group *group,
                            struct mock_consumer_member *member,
                            const struct mock_consumer_change *change,
                            const struct mock_consumer_group_heartbeat_request *request,
                            int64_t now_ms, bool *ret_changed) BASE_MUST_USE;

/* -- consumer_classic.c -- */

/* The requests of the classic protocol to a group of the consumer protocol that has members. Join
 * and Sync are answered at once. */
void mock_consumer_join(struct mock_groups *groups, struct mock_group *group,
                        const struct mock_group_caller *caller, int16_t version,
                        const struct mock_join_group_request *request, int64_t now_ms);
void mock_consumer_sync(struct mock_groups *groups, struct mock_group *group,
                        const struct mock_group_caller *caller,
                        const struct mock_sync_group_request *request, int64_t now_ms);
int16_t mock_consumer_classic_heartbeat(struct mock_group *group,
                                        const struct mock_heartbeat_request *request,
                                        int64_t now_ms);

/* -- migrate.c -- */

/* In which a subscription was written; 0 where that cannot be read. */
int16_t mock_embedded_version(struct base_slice metadata);
/* The topics that exist of those that are named, with their ids; views, in the arena. */
struct mock_topic_id_partitions *mock_topics_resolve(const struct mock_groups *groups,
                                                     const struct mock_topic_partitions *topics,
                                                     size_t count, struct base_arena *arena,
                                                     size_t *ret_count);
/* The group of the consumer protocol that a classic group with members becomes, for
 * mock_upgrade_finish; the classic group stays as it is, but who waits in it is told to join again.
 * Else the error, and why, from the arena. */
int16_t mock_upgrade_begin(struct mock_groups *groups, struct mock_group *group,
                           struct base_arena *arena, int64_t now_ms,
                           struct mock_consumer_group **ret_upgraded, const char **ret_why);
void mock_upgrade_finish(struct mock_groups *groups, struct mock_group *group,
                         struct mock_consumer_group *upgraded);
/* May the group become a classic one when the members that leave are gone? Only those that speak
 * the classic protocol are left then, and at least one. */
bool mock_downgrade_is_due(const struct mock_groups *groups,
                           const struct mock_consumer_group *group);
/* Makes it one, without the members that leave: stable, in the generation of the group epoch.
 * False: memory is out, and nothing has changed. */
bool mock_downgrade(struct mock_groups *groups, struct mock_group *group, int64_t now_ms);

/* -- consumer_leave.c -- */

void mock_consumer_changed(const struct mock_groups *groups, const struct mock_group *group,
                           const struct mock_consumer_member *member, const char *what);
/* Tells of "stable", "rebalancing" or "empty" when it has become so. */
void mock_consumer_tell_state(const struct mock_groups *groups, struct mock_group *group);
/* The members that leave go: the epoch rises, or the group becomes a classic one (group->consumer
 * is gone then). what: "left", "expired". */
void mock_consumer_fence(struct mock_groups *groups, struct mock_group *group, const char *what,
                         int64_t now_ms);
void mock_consumer_leave(struct mock_groups *groups, struct mock_group *group,
                         const struct mock_consumer_group_heartbeat_request *request,
                         struct base_arena *arena,
                         struct mock_consumer_group_heartbeat_response *ret_response,
                         int64_t now_ms);
/* LeaveGroup, of members of either protocol: all go at once. */
void mock_consumer_leave_classic(struct mock_groups *groups, struct mock_group *group,
                                 const struct mock_leave_group_request *request,
                                 int16_t *ret_errors, size_t error_count, int64_t now_ms);
int64_t mock_consumer_next_due_ms(const struct mock_consumer_group *group);
void mock_consumer_tick(struct mock_groups *groups, struct mock_group *group, int64_t now_ms);
void mock_consumer_actor_died(struct mock_groups *groups, struct mock_group *group,
                              const char *actor, uint32_t incarnation, int64_t now_ms);
void mock_consumer_rebalance(struct mock_groups *groups, struct mock_group *group);

/* -- consumer_offset.c -- */

int16_t mock_consumer_check_commit(const struct mock_consumer_group *group, int16_t version,
                                   const struct mock_offset_commit_request *request);
/* Of a transaction: an older epoch is refused whatever the partition. */
int16_t mock_consumer_check_txn_commit(const struct mock_consumer_group *group,
                                       const struct mock_txn_commit *commit);
int16_t mock_consumer_check_fetch(const struct mock_consumer_group *group,
                                  struct base_slice member_id, int32_t member_epoch);

/* -- consumer_view.c -- */

/* "Empty", "Assigning", "Reconciling", "Stable". */
const char *mock_consumer_group_state(const struct mock_consumer_group *group);
bool mock_consumer_group_is_subscribed(const struct mock_consumer_group *group, const char *topic);
