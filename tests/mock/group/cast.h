/*
 * The cast of a group's scene: players that join, sync and leave one group "g", and remember the
 * last answers they got. One coordinator at a time, made by cast_set_up.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "mock/group/group.h"
#include "mock/wire/error_names.h"

#define CAST_TEXT 100
#define CAST_LISTED 8

struct player {
    /* who: set by the test */
    const char *actor;
    uint32_t incarnation;
    const char *instance; /* NULL: dynamic */
    const char *protocols[3];
    const char *metadata;
    const char *type;
    int32_t session_ms;
    int32_t rebalance_ms;
    int16_t version; /* of JoinGroup */

    /* the last answers */
    int join_answers;
    int16_t join_error;
    int32_t generation;
    char member_id[CAST_TEXT];
    char leader[CAST_TEXT];
    char protocol[CAST_TEXT];
    bool protocol_is_null;
    bool skip_assignment;
    size_t listed;
    char listed_ids[CAST_LISTED][CAST_TEXT];
    char listed_metadata[CAST_LISTED][CAST_TEXT];
    int sync_answers;
    int16_t sync_error;
    char assignment[CAST_TEXT];
};
/* A dynamic member with JoinGroup v5, sessions of 10 s and rounds of 60 s. */
struct player cast_player(const char *actor);

extern struct mock_groups *cast_groups;
extern int64_t cast_now_ms;
extern int64_t cast_log_ms; /* the clock of logs: the retention of offsets */
/* What happened, as "joined a,joined b,stable,": the host's changes. */
extern char cast_changes[2000];

/* Set-up and tear-down of a test; the latter demands that nothing leaks. */
void cast_set_up(void);
void cast_set_up_with(const struct mock_groups_options *options);
void cast_tear_down(void);

void cast_join(struct player *p);
/* Join, with the second step where a member id is required. */
void cast_enter(struct player *p);
/* The follower's SyncGroup. */
void cast_sync(struct player *p);
/* The leader's: assigns each player its own actor's name (and nothing to those not given). */
void cast_assign(struct player *leader, struct player **players, size_t count);
/* All enter, the first answered is the leader and assigns; all are then stable. */
void cast_stable(struct player **players, size_t count);
int16_t cast_heartbeat(const struct player *p);
int16_t cast_leave(const struct player *p);
int16_t cast_check_commit(const struct player *p);
/* Moves time on and lets the coordinator look. */
void cast_wait(int64_t ms);
const char *cast_state(void);
int32_t cast_generation(void);
size_t cast_member_count(void);
