/*
 * What time and death do to groups: sessions that end, rounds that take too long, actors that are
 * killed, connections that go. See group.h.
 */
#include "mock/group/consumer_private.h"

/* -- time -- */

enum due_kind { DUE_NOTHING, DUE_MEMBER, DUE_PENDING, DUE_JOIN, DUE_SYNC };

struct due {
    enum due_kind kind;
    int64_t at_ms;
    size_t index; /* of the member */
};

static struct due earlier(struct due best, enum due_kind kind, int64_t at_ms, size_t index) {
    return at_ms < best.at_ms ? (struct due){kind, at_ms, index} : best;
}

/* What comes first; sessions before rounds when both are due at once. */
static struct due next_due(const struct mock_group *group) {
    struct due best = {DUE_NOTHING, MOCK_NEVER, 0};
    for (size_t i = 0; i < group->member_count; i++) {
        best = earlier(best, DUE_MEMBER, group->members[i]->due_ms, i);
    }
    for (size_t i = 0; i < group->pending_count; i++) {
        best = earlier(best, DUE_PENDING, group->pending[i].due_ms, i);
    }
    best = earlier(best, DUE_JOIN, group->join_due_ms, 0);
    return earlier(best, DUE_SYNC, group->sync_due_ms, 0);
}

int64_t mock_groups_next_due_ms(const struct mock_groups *groups) {
    int64_t first = MOCK_NEVER;
    for (const struct mock_group *group = groups->by_id; group; group = group->hh.next) {
        int64_t at_ms =
            group->consumer ? mock_consumer_next_due_ms(group->consumer) : next_due(group).at_ms;
        first = at_ms < first ? at_ms : first;
    }
    return first;
}

static void expire_member(struct mock_groups *groups, struct mock_group *group,
                          struct mock_member *member, int64_t now_ms) {
    if (!member->is_new && (member->join.waiting || member->sync.waiting)) {
        member->due_ms = MOCK_NEVER; /* it waits for others; the answer starts its session again */
        return;
    }
    const struct mock_join_group_response response =
        mock_join_refused(BASE_SLICE_NULL, MOCK_ERROR_UNKNOWN_MEMBER_ID);
    mock_answer_join(groups, member, &response);
    mock_group_changed(groups, group, member, "expired");
    mock_group_remove(group, member);
    mock_rebalance_after_loss(groups, group, now_ms);
}

/* The members that were told of the generation and did not sync in time go. */
static void expire_sync(struct mock_groups *groups, struct mock_group *group, int64_t now_ms) {
    group->sync_due_ms = MOCK_NEVER;
    for (size_t i = group->member_count; i-- > 0;) {
        struct mock_member *member = group->members[i];
        if (member->pending_sync) {
            mock_group_changed(groups, group, member, "expired");
            mock_group_remove(group, member);
        }
    }
    mock_rebalance_prepare(groups, group, now_ms);
}

static void expire(struct mock_groups *groups, struct mock_group *group, struct due due,
                   int64_t now_ms) {
    switch (due.kind) {
    case DUE_MEMBER:
        expire_member(groups, group, group->members[due.index], now_ms);
        break;
    case DUE_PENDING:
        mock_pending_remove(group, &group->pending[due.index]);
        if (group->state == MOCK_GROUP_PREPARING_REBALANCE) {
            mock_rebalance_after_loss(groups, group, now_ms);
        }
        break;
    case DUE_JOIN:
        if (group->in_initial_delay) {
            mock_rebalance_initial_delay_over(groups, group, now_ms);
        } else {
            mock_rebalance_complete(groups, group, now_ms);
        }
        break;
    case DUE_SYNC:
        expire_sync(groups, group, now_ms);
        break;
    case DUE_NOTHING:
        break;
    }
}

void mock_groups_tick(struct mock_groups *groups, int64_t now_ms) {
    for (struct mock_group *group = groups->by_id; group; group = group->hh.next) {
        if (group->consumer) {
            mock_consumer_tick(groups, group, now_ms);
        }
        struct due due = next_due(group);
        while (due.kind != DUE_NOTHING && due.at_ms <= now_ms) {
            expire(groups, group, due, now_ms);
            due = next_due(group);
        }
    }
}

/* -- deaths -- */

static bool is_of(const char *actor, uint32_t incarnation, const char *dead_actor,
                  uint32_t dead_incarnation) {
    return incarnation == dead_incarnation && strcmp(actor, dead_actor) == 0;
}

/* True if the group lost anybody. */
static bool bury(struct mock_groups *groups, struct mock_group *group, const char *actor,
                 uint32_t incarnation) {
    bool lost = false;
    for (size_t i = group->member_count; i-- > 0;) {
        struct mock_member *member = group->members[i];
        if (is_of(member->actor, member->incarnation, actor, incarnation)) {
            mock_group_changed(groups, group, member, "expired");
            mock_group_remove(group, member);
            lost = true;
        }
    }
    for (size_t i = group->pending_count; i-- > 0;) {
        const struct mock_pending_member *pending = &group->pending[i];
        if (is_of(pending->actor, pending->incarnation, actor, incarnation)) {
            mock_pending_remove(group, &group->pending[i]);
            lost = lost || group->state == MOCK_GROUP_PREPARING_REBALANCE;
        }
    }
    return lost;
}

void mock_groups_actor_died(struct mock_groups *groups, const char *actor, uint32_t incarnation,
                            int64_t now_ms) {
    for (struct mock_group *group = groups->by_id; group; group = group->hh.next) {
        if (group->consumer) {
            mock_consumer_actor_died(groups, group, actor, incarnation, now_ms);
        } else if (bury(groups, group, actor, incarnation)) {
            mock_rebalance_after_loss(groups, group, now_ms);
        }
    }
}

static void forget(struct mock_parked *parked, const void *request) {
    if (parked->waiting && parked->request == request) {
        parked->gone = true;
    }
}

void mock_groups_request_gone(struct mock_groups *groups, const void *request) {
    for (struct mock_group *group = groups->by_id; group; group = group->hh.next) {
        for (size_t i = 0; i < group->member_count; i++) {
            forget(&group->members[i]->join, request);
            forget(&group->members[i]->sync, request);
        }
    }
}

/* -- control -- */

bool mock_groups_rebalance(struct mock_groups *groups, const char *group_id, int64_t now_ms) {
    struct mock_group *group = mock_group_find_str(groups, group_id);
    if (group && group->consumer && group->consumer->member_count) {
        mock_consumer_rebalance(groups, group);
        return true;
    }
    if (!group || group->member_count == 0) {
        return false;
    }
    if (group->state != MOCK_GROUP_PREPARING_REBALANCE) {
        mock_rebalance_prepare(groups, group, now_ms);
    }
    return true;
}

bool mock_groups_is_rebalancing(const struct mock_groups *groups, const char *group_id) {
    const struct mock_group *group = mock_group_find_str(groups, group_id);
    if (!group || group->state != MOCK_GROUP_PREPARING_REBALANCE) {
        return false;
    }
    bool any_waits = false;
    for (size_t i = 0; i < group->member_count; i++) {
        any_waits = any_waits || group->members[i]->join.waiting;
    }
    return any_waits && !mock_group_all_joined(group);
}
