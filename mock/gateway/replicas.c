/*
 * The replicas of every partition, as brokers die, come back, are held or are told to lead: who
 * leads, what is lost, how far consumers see. What the replicas of one partition are is
 * mock/replica; what their log is, mock/log. The mock cluster decides nothing of it, and is told
 * who leads when that matters to it: telling it takes a while, and a broker may lead thousands.
 */
#include <string.h>

#include "base/memory.h"
#include "mock/gateway/txn.h"

/* Where nothing is said, and there are as many brokers: with Kafka's default of one no leader could
 * ever be another. */
#define USUAL_REPLICAS 3

static int32_t min_in_sync(const struct mock_broker *broker, const struct mock_topic *topic,
                           const struct mock_partition *p) {
    const struct mock_log_config *config = &topic->options.log;
    int64_t least = mock_log_config_has(config, "min.insync.replicas")
                        ? config->min_insync_replicas
                        : broker->settings.min_insync_replicas;
    return least < p->replicas.count ? (int32_t)least : p->replicas.count;
}

static bool is_unclean(const struct mock_broker *broker, const struct mock_topic *topic) {
    const struct mock_log_config *config = &topic->options.log;
    return mock_log_config_has(config, "unclean.leader.election.enable")
               ? config->unclean_leader_election
               : broker->settings.unclean_leader_election_enable;
}

bool mock_partition_has_min_in_sync(const struct mock_broker *broker,
                                    const struct mock_topic *topic, int32_t partition) {
    const struct mock_partition *p = &topic->partitions[partition];
    return mock_replicas_in_sync(&p->replicas) >= min_in_sync(broker, topic, p);
}

/* -- telling -- */

static struct mock_event event_of(enum mock_event_kind kind, const struct mock_topic *topic,
                                  int32_t partition) {
    return (struct mock_event){
        .kind = kind, .api = -1, .topic = topic->name, .partition = partition};
}

static void tell_leader(struct mock_broker *broker, const struct mock_topic *topic,
                        int32_t partition) {
    struct mock_event event = event_of(MOCK_EVENT_LEADER, topic, partition);
    event.broker = topic->partitions[partition].leader;
    event.generation = topic->partitions[partition].leader_epoch;
    mock_broker_emit(broker, &event);
}

/* The high watermark as the replicas now are; wakes those that wait for it. before: what it was. */
static void settle(struct mock_broker *broker, struct mock_topic *topic, int32_t partition,
                   int64_t before) {
    struct mock_partition *p = &topic->partitions[partition];
    int32_t least = min_in_sync(broker, topic, p);
    int64_t end = mock_log_end(p->log);
    before = before < end ? before : end;
    int64_t now = mock_replicas_watermark(&p->replicas, before, end, least);
    bool whole = mock_replicas_are_whole(&p->replicas, least);
    mock_log_hold_watermark(p->log, whole ? INT64_MAX : now);
    if (now != before) {
        struct mock_event event = event_of(MOCK_EVENT_REPLICATE, topic, partition);
        event.offset = now;
        mock_broker_emit(broker, &event);
    }
    mock_produce_wake(broker);
    mock_fetch_wake(broker, p);
}

/* -- leading -- */

/* What the new leader lacks is gone: from the log, and from what is known of its producers. */
static void cut_tail(struct mock_broker *broker, struct mock_topic *topic, int32_t partition,
                     int64_t end) {
    struct mock_partition *p = &topic->partitions[partition];
    if (end >= mock_log_end(p->log)) {
        return;
    }
    uint64_t records = mock_log_truncate(p->log, end);
    /* Out of memory: a producer that is not known is taken with any sequence, by default. */
    (void)mock_producers_rebuild(p->producers, p->log, NULL);
    mock_partition_hold_stable(p);
    struct mock_event event = event_of(MOCK_EVENT_TRUNCATE, topic, partition);
    event.offset = end;
    event.size_bytes = records;
    mock_broker_emit(broker, &event);
}

int mock_partition_tell_leader(struct mock_broker *broker, const struct mock_topic *topic,
                               int32_t partition) {
    struct mock_partition *p = &topic->partitions[partition];
    if (p->told_leader == p->leader) {
        return 0;
    }
    int rc = mock_cluster_set_leader(broker->cluster, topic->mock_name, partition, p->leader, NULL);
    p->told_leader = rc < 0 ? 0 : p->leader;
    return rc;
}

static void lead(struct mock_broker *broker, struct mock_topic *topic, int32_t partition,
                 int32_t leader) {
    struct mock_partition *p = &topic->partitions[partition];
    int64_t end = mock_replicas_lead(&p->replicas, leader, mock_log_end(p->log));
    p->leader = leader;
    p->leader_epoch++;
    tell_leader(broker, topic, partition);
    cut_tail(broker, topic, partition, end);
    p->epoch_start = mock_log_end(p->log);
    /* Out of memory: the first append of the epoch says it again. */
    (void)!mock_log_begin_epoch(p->log, p->leader_epoch);
}

/* Without a leader: the first that may. */
static void elect(struct mock_broker *broker, struct mock_topic *topic, int32_t partition) {
    struct mock_partition *p = &topic->partitions[partition];
    int32_t leader = mock_replicas_candidate(&p->replicas, is_unclean(broker, topic));
    if (leader != MOCK_NO_LEADER) {
        lead(broker, topic, partition, leader);
    } else if (p->leader != MOCK_NO_LEADER) {
        p->leader = MOCK_NO_LEADER;
        p->leader_epoch++;
        tell_leader(broker, topic, partition);
    }
}

int mock_leader_move(struct mock_broker *broker, const char *name, int32_t partition, int32_t to,
                     struct base_error *err) {
    struct mock_topic *topic = mock_topic_find_str(broker, name);
    if (!topic || partition < 0 || partition >= topic->partition_count) {
        return base_fail(err, BASE_NOT_FOUND, "no partition %s/%d", name, (int)partition);
    }
    const struct mock_node *node = mock_node_get(broker, to);
    if (!node) {
        return base_fail(err, BASE_NOT_FOUND, "no broker %d; there are %d", (int)to,
                         (int)broker->settings.brokers);
    }
    struct mock_partition *p = &topic->partitions[partition];
    if (node->stopped) {
        return base_fail(err, BASE_STATE, "broker %d is down: it cannot lead %s/%d", (int)to, name,
                         (int)partition);
    }
    if (p->leader == to) {
        return 0;
    }
    int64_t before = mock_partition_high_watermark(p);
    int rc =
        mock_replicas_find(&p->replicas, to) ? 0 : mock_replicas_reassign(&p->replicas, to, err);
    if (rc == 0 && !mock_replicas_find(&p->replicas, to)->in_sync && !is_unclean(broker, topic)) {
        rc = base_fail(err, BASE_STATE, "broker %d is not in sync: it cannot lead %s/%d", (int)to,
                       name, (int)partition);
    }
    if (rc == 0) {
        lead(broker, topic, partition, to);
        settle(broker, topic, partition, before);
    }
    return rc;
}

/* -- placing -- */

static int place(struct mock_broker *broker, struct mock_topic *topic, int32_t partition,
                 const int32_t *brokers, int32_t count, struct base_error *err) {
    struct mock_partition *p = &topic->partitions[partition];
    int rc = mock_replicas_init(&p->replicas, brokers, count, err);
    if (rc < 0) {
        return rc;
    }
    p->leader = brokers[0];
    if (mock_log_begin_epoch(p->log, p->leader_epoch) < 0) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for the epochs of a partition");
    }
    if (broker->replication_held) {
        mock_replicas_hold(&p->replicas, MOCK_ALL_FOLLOWERS, true, 0);
    }
    for (int32_t i = 0; i < count; i++) {
        if (mock_node_get(broker, brokers[i])->stopped) {
            mock_replicas_down(&p->replicas, brokers[i], 0);
        }
    }
    if (p->replicas.leader == MOCK_NO_LEADER) {
        /* It is told of when the topic is: no event yet. */
        int32_t leader = mock_replicas_candidate(&p->replicas, false);
        if (leader != MOCK_NO_LEADER) {
            (void)mock_replicas_lead(&p->replicas, leader, 0);
        }
        p->leader = leader;
    }
    int32_t least = min_in_sync(broker, topic, p);
    mock_log_hold_watermark(p->log, mock_replicas_are_whole(&p->replicas, least) ? INT64_MAX : 0);
    return 0;
}

int mock_partition_place(struct mock_broker *broker, struct mock_topic *topic, int32_t partition,
                         const int32_t *brokers, int32_t count, struct base_error *err) {
    int32_t dealt[BASE_MAX_BROKERS];
    int32_t all = broker->settings.brokers;
    if (count == 0) {
        int32_t usual = all < USUAL_REPLICAS ? all : USUAL_REPLICAS;
        int32_t own = topic->options.replication_factor;
        int32_t factor = broker->settings.default_replication_factor;
        count = own ? own : factor ? factor : usual;
        if (count > all) {
            return base_fail(err, BASE_USAGE, "there are %d brokers for %d replicas", (int)all,
                             (int)count);
        }
        uint32_t first = topic->made + (uint32_t)partition;
        for (int32_t i = 0; i < count; i++) {
            dealt[i] = (int32_t)((first + (uint32_t)i) % (uint32_t)all) + 1;
        }
        brokers = dealt;
    }
    return place(broker, topic, partition, brokers, count, err);
}

/* -- another assignment -- */

static bool is_among(const int32_t *brokers, int32_t count, int32_t id) {
    for (int32_t i = 0; i < count; i++) {
        if (brokers[i] == id) {
            return true;
        }
    }
    return false;
}

/* Who leads of them: the leader, or the first that is alive, and in sync or new. */
static int32_t choose_leader(struct mock_broker *broker, const struct mock_partition *p,
                             const int32_t *brokers, int32_t count) {
    if (is_among(brokers, count, p->leader)) {
        return p->leader;
    }
    for (int32_t i = 0; i < count; i++) {
        const struct mock_replica *had = mock_replicas_find(&p->replicas, brokers[i]);
        if (!mock_node_get(broker, brokers[i])->stopped && (!had || had->in_sync)) {
            return brokers[i];
        }
    }
    return MOCK_NO_LEADER;
}

int mock_partition_reassign(struct mock_broker *broker, struct mock_topic *topic, int32_t partition,
                            const int32_t *brokers, int32_t count, struct base_error *err) {
    struct mock_partition *p = &topic->partitions[partition];
    int32_t both[BASE_MAX_BROKERS + 1];
    int32_t leader = choose_leader(broker, p, brokers, count);
    if (p->leader == MOCK_NO_LEADER) {
        return base_fail(err, BASE_STATE, "nobody leads %s/%d: there is nobody to copy it from",
                         topic->name, (int)partition);
    }
    for (int32_t i = 0; i < count; i++) {
        both[i] = brokers[i];
        if (!mock_replicas_find(&p->replicas, brokers[i]) &&
            mock_node_get(broker, brokers[i])->stopped) {
            return base_fail(err, BASE_STATE, "broker %d is down: it cannot get a replica of %s/%d",
                             (int)brokers[i], topic->name, (int)partition);
        }
    }
    if (leader == MOCK_NO_LEADER) {
        return base_fail(err, BASE_STATE, "none of the new replicas of %s/%d may lead", topic->name,
                         (int)partition);
    }
    int64_t before = mock_partition_high_watermark(p);
    both[count] = p->leader; /* until another one leads */
    int rc = mock_replicas_assign(&p->replicas, both, count + (leader != p->leader), err);
    if (rc == 0 && leader != p->leader) {
        lead(broker, topic, partition, leader);
        rc = mock_replicas_assign(&p->replicas, brokers, count, err);
    }
    if (rc == 0) {
        settle(broker, topic, partition, before);
    }
    return rc;
}

bool mock_partition_elect_unclean(struct mock_broker *broker, struct mock_topic *topic,
                                  int32_t partition) {
    struct mock_partition *p = &topic->partitions[partition];
    int64_t before = mock_partition_high_watermark(p);
    int32_t leader = mock_replicas_candidate(&p->replicas, true);
    if (leader == MOCK_NO_LEADER) {
        return false;
    }
    lead(broker, topic, partition, leader);
    settle(broker, topic, partition, before);
    return true;
}

/* -- brokers that die and come back -- */

typedef void (*change_fn)(struct mock_broker *broker, struct mock_topic *topic, int32_t partition,
                          int32_t node);

static void each_partition(struct mock_broker *broker, change_fn change, int32_t node) {
    for (struct mock_topic *topic = broker->topics; topic; topic = topic->hh.next) {
        for (int32_t i = 0; i < topic->partition_count; i++) {
            change(broker, topic, i, node);
        }
    }
}

static void lose_replica(struct mock_broker *broker, struct mock_topic *topic, int32_t partition,
                         int32_t node) {
    struct mock_partition *p = &topic->partitions[partition];
    if (!mock_replicas_find(&p->replicas, node)) {
        return;
    }
    int64_t before = mock_partition_high_watermark(p);
    mock_replicas_down(&p->replicas, node, mock_log_end(p->log));
    if (p->replicas.leader == MOCK_NO_LEADER) {
        elect(broker, topic, partition);
    }
    settle(broker, topic, partition, before);
}

static void regain_replica(struct mock_broker *broker, struct mock_topic *topic, int32_t partition,
                           int32_t node) {
    struct mock_partition *p = &topic->partitions[partition];
    if (!mock_replicas_find(&p->replicas, node)) {
        return;
    }
    int64_t before = mock_partition_high_watermark(p);
    mock_replicas_up(&p->replicas, node, mock_log_end(p->log));
    if (p->replicas.leader == MOCK_NO_LEADER) {
        elect(broker, topic, partition);
    }
    settle(broker, topic, partition, before);
}

void mock_replicas_broker_down(struct mock_broker *broker, int32_t node) {
    each_partition(broker, lose_replica, node);
}

void mock_replicas_broker_up(struct mock_broker *broker, int32_t node) {
    each_partition(broker, regain_replica, node);
}

void mock_topic_replication_changed(struct mock_broker *broker, struct mock_topic *topic) {
    for (int32_t i = 0; i < topic->partition_count; i++) {
        struct mock_partition *p = &topic->partitions[i];
        int64_t before = mock_partition_high_watermark(p);
        if (p->replicas.leader == MOCK_NO_LEADER) {
            elect(broker, topic, i);
        }
        settle(broker, topic, i, before);
    }
}

/* -- holding -- */

struct hold {
    int32_t follower;
    bool held;
    bool shrink; /* not a hold at all */
};

static void hold_partition(struct mock_broker *broker, struct mock_topic *topic, int32_t partition,
                           const struct hold *hold) {
    struct mock_partition *p = &topic->partitions[partition];
    int64_t before = mock_partition_high_watermark(p);
    int64_t end = mock_log_end(p->log);
    if (hold->shrink) {
        (void)mock_replicas_drop_lagging(&p->replicas, end);
    } else {
        mock_replicas_hold(&p->replicas, hold->follower, hold->held, end);
    }
    settle(broker, topic, partition, before);
}

static int hold_topics(struct mock_broker *broker, const char *name, int32_t partition,
                       const struct hold *hold, struct base_error *err) {
    struct mock_topic *only = name ? mock_topic_find_str(broker, name) : NULL;
    if (name && (!only || partition >= only->partition_count)) {
        return base_fail(err, BASE_NOT_FOUND, "no partition %s/%d", name, (int)partition);
    }
    for (struct mock_topic *t = only ? only : broker->topics; t; t = only ? NULL : t->hh.next) {
        for (int32_t i = 0; i < t->partition_count; i++) {
            if (partition < 0 || partition == i) {
                hold_partition(broker, t, i, hold);
            }
        }
    }
    return 0;
}

int mock_replication_hold(struct mock_broker *broker, const char *topic, int32_t partition,
                          int32_t follower, bool held, struct base_error *err) {
    if (follower != MOCK_ALL_FOLLOWERS && !mock_node_get(broker, follower)) {
        return base_fail(err, BASE_NOT_FOUND, "no broker %d; there are %d", (int)follower,
                         (int)broker->settings.brokers);
    }
    if (!topic && partition < 0 && follower == MOCK_ALL_FOLLOWERS) {
        broker->replication_held = held;
    }
    struct hold hold = {.follower = follower, .held = held};
    return hold_topics(broker, topic, partition, &hold, err);
}

int mock_isr_shrink(struct mock_broker *broker, const char *topic, int32_t partition,
                    struct base_error *err) {
    struct hold hold = {.shrink = true};
    return hold_topics(broker, topic, partition, &hold, err);
}

/* -- what a request asks -- */

int16_t mock_partition_check_epoch(const struct mock_partition *partition, int32_t node,
                                   int32_t current_leader_epoch, bool leader_only) {
    const struct mock_replica *replica = mock_replicas_find(&partition->replicas, node);
    if (!replica) {
        return MOCK_ERROR_NOT_LEADER_OR_FOLLOWER;
    }
    if (current_leader_epoch != MOCK_EPOCH_NONE &&
        current_leader_epoch != partition->leader_epoch) {
        return current_leader_epoch < partition->leader_epoch ? MOCK_ERROR_FENCED_LEADER_EPOCH
                                                              : MOCK_ERROR_UNKNOWN_LEADER_EPOCH;
    }
    return leader_only && partition->leader != node ? MOCK_ERROR_NOT_LEADER_OR_FOLLOWER
                                                    : MOCK_ERROR_NONE;
}

int64_t mock_partition_visible_end(const struct mock_partition *partition, int32_t node) {
    const struct mock_replica *replica = mock_replicas_find(&partition->replicas, node);
    if (!replica) {
        return -1;
    }
    int64_t watermark = mock_partition_high_watermark(partition);
    int64_t end = mock_replica_end(&partition->replicas, replica, mock_log_end(partition->log));
    return end < watermark ? end : watermark;
}

struct base_slice mock_node_rack(const struct mock_broker *broker, int32_t node) {
    const char *at = broker->settings.broker_rack;
    for (int32_t i = 1; i < node && *at; i++) {
        at += strcspn(at, ",");
        at += *at == ',';
    }
    size_t len = strcspn(at, ",");
    return len ? base_slice_of((const uint8_t *)at, len) : BASE_SLICE_NULL;
}

int32_t mock_partition_preferred_replica(const struct mock_broker *broker,
                                         const struct mock_partition *partition, int32_t node,
                                         struct base_slice rack, int64_t fetch_offset) {
    if (!broker->settings.replica_selector_is_rack_aware || partition->leader != node ||
        rack.len == 0 || base_slice_equal(mock_node_rack(broker, node), rack)) {
        return -1;
    }
    int64_t log_end = mock_log_end(partition->log);
    int32_t chosen = -1;
    int64_t chosen_end = -1;
    for (int32_t i = 0; i < partition->replicas.count; i++) {
        const struct mock_replica *r = &partition->replicas.all[i];
        int64_t end = mock_replica_end(&partition->replicas, r, log_end);
        if (r->broker != node && r->in_sync && r->alive && end >= fetch_offset &&
            mock_log_start(partition->log) <= fetch_offset && end > chosen_end &&
            base_slice_equal(mock_node_rack(broker, r->broker), rack)) {
            chosen = r->broker;
            chosen_end = end;
        }
    }
    return chosen;
}

bool mock_partition_diverges(const struct mock_partition *partition, int32_t last_fetched_epoch,
                             int64_t fetch_offset, int32_t *ret_epoch, int64_t *ret_end,
                             int16_t *ret_error) {
    *ret_error = MOCK_ERROR_NONE;
    if (last_fetched_epoch == MOCK_EPOCH_NONE) {
        return false;
    }
    int32_t epoch;
    int64_t end;
    mock_epochs_end_of(mock_log_epochs(partition->log), last_fetched_epoch,
                       mock_log_end(partition->log), &epoch, &end);
    if (epoch == MOCK_EPOCH_NONE || fetch_offset < mock_log_start(partition->log)) {
        *ret_error = MOCK_ERROR_OFFSET_OUT_OF_RANGE;
        return false;
    }
    *ret_epoch = epoch;
    *ret_end = end;
    return epoch < last_fetched_epoch || end < fetch_offset;
}
