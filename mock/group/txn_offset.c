/* Offsets that a transaction commits, until it ends: see group.h. Kafka: OffsetMetadataManager
 * (pendingTransactionalOffsets), ClassicGroup.validateOffsetCommit. */
#include "mock/group/consumer_private.h"

int16_t mock_groups_check_txn_commit(struct mock_groups *groups,
                                     const struct mock_txn_commit *commit) {
    struct mock_group *group = mock_group_find(groups, commit->group_id);
    if (!group) {
        return commit->generation_id < 0 ? MOCK_ERROR_NONE : MOCK_ERROR_ILLEGAL_GENERATION;
    }
    if (group->consumer) {
        return mock_consumer_check_txn_commit(group->consumer, commit);
    }
    if (commit->generation_id < 0 && group->state == MOCK_GROUP_EMPTY) {
        return MOCK_ERROR_NONE;
    }
    if (commit->generation_id < 0 && commit->member_id.len == 0 &&
        !commit->group_instance_id.data) {
        return MOCK_ERROR_NONE; /* clients before KIP-447 do not say who they are */
    }
    int16_t error = mock_member_validate(group, commit->member_id, commit->group_instance_id);
    if (error) {
        return error;
    }
    return commit->generation_id == group->generation ? MOCK_ERROR_NONE
                                                      : MOCK_ERROR_ILLEGAL_GENERATION;
}

static void free_pending(struct mock_pending_commit *p) {
    base_free(p->topic);
    base_free(p->metadata);
    base_free(p->member_id);
    base_free(p);
}

void mock_pending_commits_free(struct mock_group *group) {
    while (group->pending_commits) {
        struct mock_pending_commit *next = group->pending_commits->next;
        free_pending(group->pending_commits);
        group->pending_commits = next;
    }
}

static struct mock_pending_commit *make_pending(const struct mock_txn_commit *commit,
                                                const char *topic, int32_t partition) {
    struct mock_pending_commit *p = base_alloc_zero(sizeof(*p));
    if (!p) {
        return NULL;
    }
    p->topic = base_strdup(topic);
    p->metadata = base_strndup((const char *)commit->metadata.data, commit->metadata.len);
    p->member_id = base_strndup((const char *)commit->member_id.data, commit->member_id.len);
    if (!p->topic || !p->metadata || !p->member_id) {
        free_pending(p);
        return NULL;
    }
    p->producer_id = commit->producer_id;
    p->generation = commit->generation_id;
    p->partition = partition;
    p->offset = commit->offset;
    p->leader_epoch = commit->leader_epoch;
    return p;
}

static bool is_at(const struct mock_pending_commit *p, const char *topic, int32_t partition) {
    return p->partition == partition && strcmp(p->topic, topic) == 0;
}

int mock_groups_txn_commit(struct mock_groups *groups, const struct mock_txn_commit *commit,
                           const char *topic, int32_t partition, struct base_error *err) {
    struct mock_group *group = mock_group_get(groups, commit->group_id);
    struct mock_pending_commit *p = group ? make_pending(commit, topic, partition) : NULL;
    if (!p) {
        return base_fail(err, BASE_NO_MEMORY, "out of memory for an offset of a transaction");
    }
    p->sequence = ++groups->commits_made;
    /* In the place of one of the same transaction, or at the end. */
    struct mock_pending_commit **at = &group->pending_commits;
    while (*at && !((*at)->producer_id == p->producer_id && is_at(*at, topic, partition))) {
        at = &(*at)->next;
    }
    struct mock_pending_commit *before = *at;
    if (before) {
        p->next = before->next;
        free_pending(before);
    }
    *at = p;
    return 0;
}

bool mock_groups_is_unstable(const struct mock_groups *groups, const char *group_id,
                             const char *topic, int32_t partition) {
    const struct mock_group *group = mock_group_find_str(groups, group_id);
    const struct mock_pending_commit *p = group ? group->pending_commits : NULL;
    while (p && !is_at(p, topic, partition)) {
        p = p->next;
    }
    return p != NULL;
}

/* False: memory is out, and it is still pending. */
static bool apply(struct mock_groups *groups, struct mock_group *group,
                  struct mock_pending_commit *p) {
    struct mock_commit *there = mock_commit_find(group, p->topic, p->partition);
    if (there && there->sequence > p->sequence) {
        return true; /* an offset that was committed later, without a transaction, stays */
    }
    if (mock_groups_commit(groups, group->id, p->topic, p->partition, p->offset, p->leader_epoch,
                           base_slice_str(p->metadata), NULL) < 0) {
        return false;
    }
    mock_commit_find(group, p->topic, p->partition)->sequence = p->sequence;
    return true;
}

/* True: all of this producer's in the group are dealt with. */
static bool end_in_group(struct mock_groups *groups, struct mock_group *group, int64_t producer_id,
                         bool commit, mock_pending_fn visit, void *arg) {
    struct mock_pending_commit **at = &group->pending_commits;
    while (*at) {
        struct mock_pending_commit *p = *at;
        if (p->producer_id != producer_id) {
            at = &p->next;
            continue;
        }
        if (commit && !apply(groups, group, p)) {
            return false;
        }
        struct mock_pending_view view = {group->id, p->member_id, p->generation,
                                         p->topic,  p->partition, p->offset};
        *at = p->next;
        if (commit) {
            visit(arg, &view);
        }
        free_pending(p);
    }
    return true;
}

bool mock_groups_txn_end(struct mock_groups *groups, int64_t producer_id, bool commit,
                         mock_group_is_meant_fn is_meant, mock_pending_fn visit, void *arg) {
    bool all = true;
    for (struct mock_group *group = groups->by_id; group; group = group->hh.next) {
        if (group->pending_commits && is_meant(arg, group->id)) {
            all = end_in_group(groups, group, producer_id, commit, visit, arg) && all;
        }
    }
    return all;
}
