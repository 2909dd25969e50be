/* The replicas of one partition: see replicas.h. */
#include "mock/replica/replicas.h"

#include <assert.h>

#include "base/memory.h"

int mock_replicas_init(struct mock_replicas *replicas, const int32_t *brokers, int32_t count,
                       struct base_error *err) {
    assert(count >= 1);
    struct mock_replica *all = base_alloc_array((size_t)count, sizeof(*all));
    if (!all) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for the replicas of a partition");
    }
    for (int32_t i = 0; i < count; i++) {
        all[i] = (struct mock_replica){
            .broker = brokers[i],
            .alive = true,
            .in_sync = true,
            .end = MOCK_REPLICA_FOLLOWS,
        };
    }
    *replicas = (struct mock_replicas){all, count, brokers[0]};
    return 0;
}

void mock_replicas_clean_up(struct mock_replicas *replicas) {
    base_free(replicas->all);
    *replicas = (struct mock_replicas){.leader = MOCK_NO_LEADER};
}

struct mock_replica *mock_replicas_find(const struct mock_replicas *replicas, int32_t broker) {
    for (int32_t i = 0; i < replicas->count; i++) {
        if (replicas->all[i].broker == broker) {
            return &replicas->all[i];
        }
    }
    return NULL;
}

int32_t mock_replicas_in_sync(const struct mock_replicas *replicas) {
    int32_t count = 0;
    for (int32_t i = 0; i < replicas->count; i++) {
        count += replicas->all[i].in_sync;
    }
    return count;
}

/* Also what a dead or held follower has is within the leader's log. */
int64_t mock_replica_end(const struct mock_replicas *replicas, const struct mock_replica *replica,
                         int64_t log_end) {
    return replica->broker == replicas->leader || replica->end > log_end ? log_end : replica->end;
}

bool mock_replicas_are_whole(const struct mock_replicas *replicas, int32_t min_in_sync) {
    int32_t count = 0;
    for (int32_t i = 0; i < replicas->count; i++) {
        const struct mock_replica *r = &replicas->all[i];
        if (r->in_sync && r->broker != replicas->leader && r->end != MOCK_REPLICA_FOLLOWS) {
            return false;
        }
        count += r->in_sync;
    }
    return replicas->leader != MOCK_NO_LEADER && count >= min_in_sync;
}

int64_t mock_replicas_watermark(const struct mock_replicas *replicas, int64_t watermark,
                                int64_t log_end, int32_t min_in_sync) {
    if (replicas->leader == MOCK_NO_LEADER || mock_replicas_in_sync(replicas) < min_in_sync) {
        return watermark;
    }
    int64_t least = log_end;
    for (int32_t i = 0; i < replicas->count; i++) {
        const struct mock_replica *r = &replicas->all[i];
        int64_t end = mock_replica_end(replicas, r, log_end);
        least = r->in_sync && end < least ? end : least;
    }
    return least > watermark ? least : watermark;
}

/* -- what happens to them -- */

static void stop(struct mock_replica *replica, int64_t log_end) {
    replica->end = replica->end < log_end ? replica->end : log_end;
}

/* Whoever can follow a leader has caught up, and is in sync. */
static void catch_up(struct mock_replicas *replicas) {
    for (int32_t i = 0; i < replicas->count && replicas->leader != MOCK_NO_LEADER; i++) {
        struct mock_replica *r = &replicas->all[i];
        if (r->alive && !r->held) {
            r->end = MOCK_REPLICA_FOLLOWS;
            r->in_sync = true;
        }
    }
}

void mock_replicas_hold(struct mock_replicas *replicas, int32_t follower, bool held,
                        int64_t log_end) {
    for (int32_t i = 0; i < replicas->count; i++) {
        struct mock_replica *r = &replicas->all[i];
        if (follower != MOCK_ALL_FOLLOWERS && r->broker != follower) {
            continue;
        }
        r->held = held;
        if (held && r->broker != replicas->leader) {
            stop(r, log_end);
        }
    }
    catch_up(replicas);
}

int32_t mock_replicas_drop_lagging(struct mock_replicas *replicas, int64_t log_end) {
    int32_t dropped = 0;
    for (int32_t i = 0; i < replicas->count && replicas->leader != MOCK_NO_LEADER; i++) {
        struct mock_replica *r = &replicas->all[i];
        if (r->in_sync && mock_replica_end(replicas, r, log_end) < log_end) {
            r->in_sync = false;
            dropped++;
        }
    }
    return dropped;
}

void mock_replicas_down(struct mock_replicas *replicas, int32_t broker, int64_t log_end) {
    struct mock_replica *r = mock_replicas_find(replicas, broker);
    if (!r || !r->alive) {
        return;
    }
    r->alive = false;
    if (mock_replicas_in_sync(replicas) > 1) {
        r->in_sync = false;
    }
    if (replicas->leader != broker) {
        stop(r, log_end);
        return;
    }
    replicas->leader = MOCK_NO_LEADER;
    r->end = log_end;
    for (int32_t i = 0; i < replicas->count; i++) {
        stop(&replicas->all[i], log_end); /* nobody to follow */
    }
}

void mock_replicas_up(struct mock_replicas *replicas, int32_t broker, int64_t log_end) {
    struct mock_replica *r = mock_replicas_find(replicas, broker);
    if (r && !r->alive) {
        r->alive = true;
        stop(r, log_end);
        catch_up(replicas);
    }
}

int32_t mock_replicas_candidate(const struct mock_replicas *replicas, bool unclean) {
    int32_t alive = MOCK_NO_LEADER;
    for (int32_t i = 0; i < replicas->count; i++) {
        const struct mock_replica *r = &replicas->all[i];
        if (r->alive && r->in_sync) {
            return r->broker;
        }
        alive = r->alive && alive == MOCK_NO_LEADER ? r->broker : alive;
    }
    return unclean ? alive : MOCK_NO_LEADER;
}

int64_t mock_replicas_lead(struct mock_replicas *replicas, int32_t broker, int64_t log_end) {
    struct mock_replica *leader = mock_replicas_find(replicas, broker);
    assert(leader && leader->alive);
    int64_t end = mock_replica_end(replicas, leader, log_end);
    bool clean = leader->in_sync;
    for (int32_t i = 0; i < replicas->count; i++) {
        struct mock_replica *r = &replicas->all[i];
        if (r->broker == replicas->leader) {
            r->end = log_end; /* the old one has it all, until it follows */
        }
        r->in_sync = r->in_sync && clean;
        stop(r, end);
    }
    leader->in_sync = true;
    leader->end = MOCK_REPLICA_FOLLOWS;
    replicas->leader = broker;
    catch_up(replicas);
    return end;
}

int mock_replicas_reassign(struct mock_replicas *replicas, int32_t broker, struct base_error *err) {
    struct mock_replica *last = NULL;
    bool held = false;
    for (int32_t i = 0; i < replicas->count; i++) {
        struct mock_replica *r = &replicas->all[i];
        held = held || r->held;
        last = r->broker != replicas->leader || !last ? r : last;
    }
    if (held || replicas->leader == MOCK_NO_LEADER) {
        return base_fail(err, BASE_STATE, "broker %d has no replica, and cannot get one %s",
                         (int)broker, held ? "while replication is held" : "without a leader");
    }
    if (replicas->count == 1) {
        replicas->leader = broker; /* it has all, and the old one is none any more */
    }
    *last = (struct mock_replica){
        .broker = broker, .alive = true, .in_sync = true, .end = MOCK_REPLICA_FOLLOWS};
    return 0;
}

static bool is_held(const struct mock_replicas *replicas) {
    for (int32_t i = 0; i < replicas->count; i++) {
        if (replicas->all[i].held) {
            return true;
        }
    }
    return false;
}

int mock_replicas_assign(struct mock_replicas *replicas, const int32_t *brokers, int32_t count,
                         struct base_error *err) {
    assert(count >= 1);
    bool can_copy = replicas->leader != MOCK_NO_LEADER && !is_held(replicas);
    struct mock_replica *all = base_alloc_array((size_t)count, sizeof(*all));
    if (!all) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for the replicas of a partition");
    }
    for (int32_t i = 0; i < count; i++) {
        const struct mock_replica *had = mock_replicas_find(replicas, brokers[i]);
        if (!had && !can_copy) {
            base_free(all);
            return base_fail(err, BASE_STATE, "broker %d cannot get a replica %s", (int)brokers[i],
                             replicas->leader == MOCK_NO_LEADER ? "without a leader"
                                                                : "while replication is held");
        }
        all[i] = had ? *had
                     : (struct mock_replica){.broker = brokers[i],
                                             .alive = true,
                                             .in_sync = true,
                                             .end = MOCK_REPLICA_FOLLOWS};
    }
    base_free(replicas->all);
    replicas->all = all;
    replicas->count = count;
    return 0;
}
