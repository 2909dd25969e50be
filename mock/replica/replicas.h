/*
 * The replicas of one partition: who has what, who is in sync, who may lead. There is one log (the
 * leader's, mock/log); a follower is how much of it it has. It follows at once, unless its broker
 * is dead or its replication is held.
 *
 *              hold, broker dies                       lag is over (drop)
 *   follows ───────────────────────► stands at an end ────────────────────► out of sync
 *      ▲                                    │ flow, broker is back                │
 *      └────────────────────────────────────┴─────────────────────────────────────┘
 *
 * Pure: no I/O, no clock. Kafka: Partition (ISR, high watermark), PartitionChangeBuilder (who
 * leads). One thread only.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define MOCK_NO_LEADER (-1)
/* Every follower. */
#define MOCK_ALL_FOLLOWERS (-1)
/* The end of a replica that follows: it has all that the leader has. */
#define MOCK_REPLICA_FOLLOWS INT64_MAX

struct mock_replica {
    int32_t broker;
    bool alive;
    bool in_sync; /* of the ISR. The last one stays in it when it dies */
    bool held;    /* replicates nothing; of no effect while it leads */
    int64_t end;  /* the first offset that it lacks; MOCK_REPLICA_FOLLOWS. Not used of the leader */
};

struct mock_replicas {
    struct mock_replica *all; /* in the order of the assignment: the first is preferred */
    int32_t count;
    int32_t leader; /* a broker, or MOCK_NO_LEADER */
};

/* All alive and in sync; the first leads. brokers: distinct, at least one. */
int mock_replicas_init(struct mock_replicas *replicas, const int32_t *brokers, int32_t count,
                       struct base_error *err);
void mock_replicas_clean_up(struct mock_replicas *replicas);

/* NULL: the broker has none. */
struct mock_replica *mock_replicas_find(const struct mock_replicas *replicas, int32_t broker);
int32_t mock_replicas_in_sync(const struct mock_replicas *replicas);
/* Does every in-sync replica have all, and are there enough of them? */
bool mock_replicas_are_whole(const struct mock_replicas *replicas, int32_t min_in_sync);
/* What a broker's replica has of a log that ends at log_end. */
int64_t mock_replica_end(const struct mock_replicas *replicas, const struct mock_replica *replica,
                         int64_t log_end);
/* The high watermark that follows from watermark, the one so far: what all in-sync replicas have,
 * but no step back, and none while there are fewer than min_in_sync (KIP-966) or no leader. */
int64_t mock_replicas_watermark(const struct mock_replicas *replicas, int64_t watermark,
                                int64_t log_end, int32_t min_in_sync);

/* -- what happens to them; log_end: of the leader's log now -- */

/* Holds, or lets flow: then it catches up at once and is in sync. follower: a broker, or
 * MOCK_ALL_FOLLOWERS. */
void mock_replicas_hold(struct mock_replicas *replicas, int32_t follower, bool held,
                        int64_t log_end);
/* replica.lag.time.max.ms is over: followers that lack something leave the ISR. Returns how many.
 */
int32_t mock_replicas_drop_lagging(struct mock_replicas *replicas, int64_t log_end);
/* The broker dies; if it led, there is no leader from now on. */
void mock_replicas_down(struct mock_replicas *replicas, int32_t broker, int64_t log_end);
/* The broker is back, as a follower. */
void mock_replicas_up(struct mock_replicas *replicas, int32_t broker, int64_t log_end);

/* Who would lead now: the first that is alive and in sync; unclean: failing that, the first that is
 * alive. MOCK_NO_LEADER. */
int32_t mock_replicas_candidate(const struct mock_replicas *replicas, bool unclean);
/* broker leads (it has a replica, and is alive). Returns where its log ends: what lies beyond in
 * the log is lost. One that was not in sync is alone in the ISR until others have followed. */
int64_t mock_replicas_lead(struct mock_replicas *replicas, int32_t broker, int64_t log_end);
/* broker gets a replica, in sync, in place of the last one that does not lead (a reassignment that
 * has run). It fails, with BASE_STATE, where nobody can be copied from or replication is held. */
int mock_replicas_reassign(struct mock_replicas *replicas, int32_t broker, struct base_error *err);
/* Those brokers have it from now on, in this order (a reassignment that has run): who had it before
 * keeps what it has, the others have all. The leader must be among them. BASE_STATE where somebody
 * new has nobody to copy from, or replication is held. */
int mock_replicas_assign(struct mock_replicas *replicas, const int32_t *brokers, int32_t count,
                         struct base_error *err);
