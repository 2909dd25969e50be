/*
 * From what a member has to what it should have, a step at a time: see consumer_private.h. Kafka:
 * CurrentAssignmentBuilder. A partition is given only when nobody has it any more; who must give
 * one back stays in its epoch until it says that it has.
 */
#include "mock/group/consumer_private.h"

/* One step of one member. */
struct step {
    const struct mock_groups *groups;
    struct mock_consumer_group *group;
    struct mock_consumer_member *member;
    const struct mock_consumer_group_heartbeat_request *request;
    /* what it comes to */
    struct mock_owned_set assigned;
    struct mock_owned_set revoking;
    size_t pending; /* of assigned: given just now */
    bool waits;     /* for partitions that others have */
    int failed;
};

static void add(struct step *s, struct mock_owned_set *set, struct mock_owned item) {
    s->failed = s->failed ? s->failed : mock_owned_add(set, item);
}

/* Does the member say that it has one of them still? It says nothing when nothing has changed. */
static bool owns_any(const struct step *s, const struct mock_owned_set *set) {
    const struct mock_consumer_group_heartbeat_request *q = s->request;
    for (size_t i = 0; q->has_owned && i < q->owned_count; i++) {
        for (size_t k = 0; k < q->owned[i].partition_count; k++) {
            if (mock_owned_find(set, &q->owned[i].topic_id, q->owned[i].partitions[k])) {
                return true;
            }
        }
    }
    return !q->has_owned;
}

static bool reads(const struct step *s, const struct mock_uuid *topic_id) {
    struct mock_group_topic topic;
    return s->groups->host.topic_by_id(s->groups->host.arg, topic_id, &topic) &&
           mock_consumer_subscribes(s->group, s->member, topic.name);
}

/* Does anybody else have it, or this one in a way that it must not keep? */
static bool is_taken(const struct step *s, const struct mock_owned *item) {
    for (size_t i = 0; i < s->group->member_count; i++) {
        const struct mock_consumer_member *m = s->group->members[i];
        if (mock_owned_find(&m->assigned, &item->topic, item->partition) ||
            (m != s->member && mock_owned_find(&m->revoking, &item->topic, item->partition))) {
            return true;
        }
    }
    return false;
}

/* -- the two ways to go -- */

/* Towards the target: what is kept, what must go, what comes. */
static void compute_next(struct step *s) {
    const struct mock_consumer_member *m = s->member;
    for (size_t i = 0; i < m->assigned.count; i++) {
        const struct mock_owned *item = &m->assigned.items[i];
        bool stays =
            mock_owned_find(&m->target, &item->topic, item->partition) && reads(s, &item->topic);
        add(s, stays ? &s->assigned : &s->revoking, *item);
    }
    if (s->revoking.count && owns_any(s, &s->revoking)) {
        return;
    }
    for (size_t i = 0; i < m->target.count; i++) {
        struct mock_owned item = m->target.items[i];
        if (mock_owned_find(&m->assigned, &item.topic, item.partition) || !reads(s, &item.topic)) {
            continue;
        }
        if (is_taken(s, &item)) {
            s->waits = true;
        } else {
            item.epoch = s->group->target_epoch;
            add(s, &s->assigned, item);
            s->pending++;
        }
    }
}

/* The subscription has changed: what is not subscribed to any more must go at once. False: nothing
 * of the kind. */
static bool drop_unsubscribed(struct step *s) {
    const struct mock_consumer_member *m = s->member;
    bool dropped = false;
    for (size_t i = 0; i < m->revoking.count; i++) {
        add(s, &s->revoking, m->revoking.items[i]);
    }
    for (size_t i = 0; i < m->assigned.count; i++) {
        const struct mock_owned *item = &m->assigned.items[i];
        bool stays = reads(s, &item->topic);
        add(s, stays ? &s->assigned : &s->revoking, *item);
        dropped = dropped || !stays;
    }
    return dropped;
}

/* -- what becomes of it -- */

static void set_epoch(struct mock_consumer_member *m, int32_t epoch) {
    m->previous_epoch = m->epoch;
    m->epoch = epoch;
}

static void time_revocation(struct mock_consumer_member *m, int64_t now_ms) {
    if (m->is_classic) {
        return; /* it is told by its heartbeats, and has until join_due_ms */
    }
    m->rebalance_due_ms = MOCK_NEVER;
    if (m->state == MOCK_CONSUMER_UNREVOKED) {
        m->rebalance_due_ms = now_ms + m->rebalance_timeout_ms;
        m->rebalance_epoch = m->epoch;
    }
}

static int finish(struct step *s, enum mock_consumer_state state, int32_t epoch, int64_t now_ms) {
    struct mock_consumer_member *m = s->member;
    if (!s->failed) {
        m->state = state;
        set_epoch(m, epoch);
        mock_owned_set_clean_up(&m->assigned);
        mock_owned_set_clean_up(&m->revoking);
        m->assigned = s->assigned;
        m->revoking = s->revoking;
        s->assigned = s->revoking = (struct mock_owned_set){NULL, 0, 0};
        time_revocation(m, now_ms);
        mock_consumer_show(s->groups, m);
    }
    mock_owned_set_clean_up(&s->assigned);
    mock_owned_set_clean_up(&s->revoking);
    return s->failed;
}

static int go_to_target(struct step *s, int64_t now_ms) {
    compute_next(s);
    if (s->revoking.count && owns_any(s, &s->revoking)) {
        return finish(s, MOCK_CONSUMER_UNREVOKED, s->member->epoch, now_ms);
    }
    mock_owned_set_clean_up(&s->revoking);
    return finish(s, s->waits ? MOCK_CONSUMER_UNRELEASED : MOCK_CONSUMER_STABLE,
                  s->group->target_epoch, now_ms);
}

static int follow_subscription(struct step *s, int64_t now_ms) {
    enum mock_consumer_state state = s->member->state;
    if (!drop_unsubscribed(s)) {
        mock_owned_set_clean_up(&s->assigned);
        mock_owned_set_clean_up(&s->revoking);
        return s->failed;
    }
    if (owns_any(s, &s->revoking)) {
        state = MOCK_CONSUMER_UNREVOKED;
    } else {
        mock_owned_set_clean_up(&s->revoking);
    }
    return finish(s, state, s->member->epoch, now_ms);
}

static int take_step(const struct mock_groups *groups, struct mock_consumer_group *group,
                     struct mock_consumer_member *member, bool subscription_changed,
                     const struct mock_consumer_group_heartbeat_request *request, int64_t now_ms) {
    struct step s = {.groups = groups, .group = group, .member = member, .request = request};
    switch (member->state) {
    case MOCK_CONSUMER_STABLE:
        if (member->epoch != group->target_epoch) {
            return go_to_target(&s, now_ms);
        }
        return subscription_changed ? follow_subscription(&s, now_ms) : 0;
    case MOCK_CONSUMER_UNREVOKED:
        if (!owns_any(&s, &member->revoking)) {
            return go_to_target(&s, now_ms);
        }
        return subscription_changed ? follow_subscription(&s, now_ms) : 0;
    case MOCK_CONSUMER_UNRELEASED:
        return go_to_target(&s, now_ms);
    }
    return 0;
}

static bool same_assignment(const struct mock_owned_set *a, const struct mock_owned_set *b) {
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) {
        same = a->items[i].partition == b->items[i].partition &&
               a->items[i].epoch == b->items[i].epoch &&
               mock_uuid_compare(&a->items[i].topic, &b->items[i].topic) == 0;
    }
    return same;
}

int mock_consumer_reconcile(const struct mock_groups *groups, struct mock_consumer_group *group,
                            struct mock_consumer_member *member,
                            const struct mock_consumer_change *change,
                            const struct mock_consumer_group_heartbeat_request *request,
                            int64_t now_ms, bool *ret_changed) {
    struct mock_owned_set before;
    bool subscription_changed = change->names_changed || change->regex_changed;
    *ret_changed = false;
    if (!subscription_changed && mock_consumer_is_reconciled(group, member)) {
        return 0;
    }
    if (mock_owned_copy(&member->assigned, &before)) {
        return BASE_NO_MEMORY;
    }
    int rc = take_step(groups, group, member, subscription_changed, request, now_ms);
    *ret_changed = rc == 0 && !same_assignment(&before, &member->assigned);
    mock_owned_set_clean_up(&before);
    return rc;
}

/* -- the group's epochs -- */

bool mock_consumer_change_counts(const struct mock_consumer_change *change) {
    return change->names_changed || change->topics_changed || change->assignor_changed ||
           (change->regex_changed && change->regex_counts);
}

int mock_consumer_advance(const struct mock_groups *groups, struct mock_consumer_group *group,
                          const struct mock_consumer_change *change, int64_t now_ms) {
    if (mock_consumer_change_counts(change)) {
        group->epoch++;
        group->topics_hash = mock_consumer_topics_hash(groups, group);
    }
    int64_t interval_ms = groups->options.consumer_assignment_interval_ms;
    bool must_wait = group->target_made_ms && now_ms < group->target_made_ms + interval_ms;
    return group->target_epoch >= group->epoch || must_wait
               ? 0
               : mock_consumer_compute_target(groups, group, now_ms);
}
