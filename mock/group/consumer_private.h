/*
 * Groups of the consumer protocol (KIP-848), as the files of this folder share them:
 * consumer_member.c (members, what they own), consumer_regex.c (subscriptions by pattern),
 * consumer_target.c (who should own what), consumer_reconcile.c (who owns what meanwhile),
 * consumer_heartbeat.c (the request), consumer_leave.c (leaving, time, death),
 * consumer_view.c. Nobody else includes this.
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

/* -- consumer_member.c -- */

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
/* Takes it out, and frees it. */
void mock_consumer_group_remove(struct mock_consumer_group *group,
                                struct mock_consumer_member *member);
struct mock_consumer_member *mock_consumer_find(const struct mock_consumer_group *group,
                                                struct base_slice id);
struct mock_consumer_member *mock_consumer_find_static(const struct mock_consumer_group *group,
                                                       struct base_slice instance_id);
bool mock_consumer_is_reconciled(const struct mock_consumer_group *group,
                                 const struct mock_consumer_member *member);
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

/* Brings the member a step nearer to the target; request: what it says that it owns. */
int mock_consumer_reconcile(const struct mock_groups *groups, struct mock_consumer_group *group,
                            struct mock_consumer_member *member, bool subscription_changed,
                            const struct mock_consumer_group_heartbeat_request *request,
                            int64_t now_ms) BASE_MUST_USE;

/* -- consumer_leave.c -- */

void mock_consumer_changed(const struct mock_groups *groups, const struct mock_group *group,
                           const struct mock_consumer_member *member, const char *what);
/* Tells of "stable", "rebalancing" or "empty" when it has become so. */
void mock_consumer_tell_state(const struct mock_groups *groups, struct mock_group *group);
/* The member goes: the epoch rises. what: "left", "expired". */
void mock_consumer_fence(struct mock_groups *groups, struct mock_group *group,
                         struct mock_consumer_member *member, const char *what);
void mock_consumer_leave(struct mock_groups *groups, struct mock_group *group,
                         const struct mock_consumer_group_heartbeat_request *request,
                         struct base_arena *arena,
                         struct mock_consumer_group_heartbeat_response *ret_response);
/* LeaveGroup, of a member that is none of the classic protocol. */
int16_t mock_consumer_leave_classic(struct mock_groups *groups, struct mock_group *group,
                                    const struct mock_leave_group_member *leaving);
int64_t mock_consumer_next_due_ms(const struct mock_consumer_group *group);
void mock_consumer_tick(struct mock_groups *groups, struct mock_group *group, int64_t now_ms);
void mock_consumer_actor_died(struct mock_groups *groups, struct mock_group *group,
                              const char *actor, uint32_t incarnation);
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
