/* The committed offsets of groups, and who may commit: see group.h. Kafka: ClassicGroup.
 * validateOffsetCommit and OffsetMetadataManager. */
#include "mock/group/consumer_private.h"

/* From this version on a group that does not exist is said not to be found. */
#define GROUP_ID_NOT_FOUND_VERSION 9

int16_t mock_groups_check_commit(struct mock_groups *groups, int16_t version,
                                 const struct mock_offset_commit_request *request, int64_t now_ms) {
    struct mock_group *group = mock_group_find(groups, request->group_id);
    int32_t generation = request->generation_id;
    if (!group) {
        return generation < 0                          ? MOCK_ERROR_NONE
               : version >= GROUP_ID_NOT_FOUND_VERSION ? MOCK_ERROR_GROUP_ID_NOT_FOUND
                                                       : MOCK_ERROR_ILLEGAL_GENERATION;
    }
    if (group->consumer) {
        return mock_consumer_check_commit(group->consumer, version, request);
    }
    if (generation < 0 && group->state == MOCK_GROUP_EMPTY) {
        return MOCK_ERROR_NONE; /* an administrator, or a consumer that assigns itself */
    }
    if (generation < 0 && request->member_id.len == 0 && !request->group_instance_id.data) {
        return MOCK_ERROR_UNKNOWN_MEMBER_ID;
    }
    int16_t error = mock_member_validate(group, request->member_id, request->group_instance_id);
    if (error) {
        return error;
    }
    if (generation != group->generation) {
        return MOCK_ERROR_ILLEGAL_GENERATION;
    }
    if (group->state == MOCK_GROUP_COMPLETING_REBALANCE) {
        return MOCK_ERROR_REBALANCE_IN_PROGRESS;
    }
    mock_session_restart(mock_member_find(group, request->member_id),
                         now_ms); /* a commit is a heartbeat */
    return MOCK_ERROR_NONE;
}

int16_t mock_groups_check_fetch(const struct mock_groups *groups, struct base_slice group_id,
                                struct base_slice member_id, int32_t member_epoch) {
    const struct mock_group *group = mock_group_find(groups, group_id);
    return group && group->consumer
               ? mock_consumer_check_fetch(group->consumer, member_id, member_epoch)
               : MOCK_ERROR_NONE;
}

static int compare(const struct mock_commit *commit, const char *topic, int32_t partition) {
    int order = strcmp(commit->topic, topic);
    return order ? order : (commit->partition > partition) - (commit->partition < partition);
}

/* Index of the first commit that is not before (topic, partition). */
static size_t find_place(const struct mock_group *group, const char *topic, int32_t partition) {
    size_t low = 0;
    size_t high = group->commit_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(&group->commits[middle], topic, partition) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct mock_commit *mock_commit_find(const struct mock_group *group, const char *topic,
                                     int32_t partition) {
    size_t place = find_place(group, topic, partition);
    bool there =
        place < group->commit_count && compare(&group->commits[place], topic, partition) == 0;
    return there ? &group->commits[place] : NULL;
}

/* A commit to be filled in, with its topic; NULL when memory is out. */
static struct mock_commit *add_commit(struct mock_group *group, const char *topic,
                                      int32_t partition) {
    void *items = group->commits;
    char *copy = base_strdup(topic);
    if (!copy ||
        base_grow(&items, &group->commit_cap, group->commit_count + 1, sizeof(*group->commits))) {
        base_free(copy);
        return NULL;
    }
    group->commits = items;
    size_t place = find_place(group, topic, partition);
    memmove(&group->commits[place + 1], &group->commits[place],
            (group->commit_count - place) * sizeof(*group->commits));
    group->commit_count++;
    group->commits[place] = (struct mock_commit){.topic = copy, .partition = partition};
    return &group->commits[place];
}

int mock_groups_commit(struct mock_groups *groups, const char *group_id, const char *topic,
                       int32_t partition, int64_t offset, int32_t leader_epoch,
                       struct base_slice metadata, struct base_error *err) {
    struct mock_group *group = mock_group_get(groups, base_slice_str(group_id));
    char *text = base_strndup((const char *)metadata.data, metadata.len);
    struct mock_commit *commit = NULL;
    if (group && text) {
        commit = mock_commit_find(group, topic, partition);
        commit = commit ? commit : add_commit(group, topic, partition);
    }
    if (!commit) {
        base_free(text);
        return base_fail(err, BASE_NO_MEMORY, "out of memory for a committed offset of group %s",
                         group_id);
    }
    base_free(commit->metadata);
    commit->metadata = text;
    commit->offset = offset;
    commit->leader_epoch = leader_epoch;
    commit->commit_ms = mock_groups_log_time_ms(groups);
    commit->expire_ms = MOCK_NEVER;
    commit->sequence = ++groups->commits_made;
    return 0;
}

void mock_groups_retain_commit(struct mock_groups *groups, const char *group_id, const char *topic,
                               int32_t partition, int64_t retention_ms) {
    const struct mock_group *group = mock_group_find_str(groups, group_id);
    struct mock_commit *commit = group ? mock_commit_find(group, topic, partition) : NULL;
    if (commit) {
        commit->expire_ms = retention_ms > MOCK_NEVER - commit->commit_ms
                                ? MOCK_NEVER
                                : commit->commit_ms + retention_ms;
    }
}

static void remove_commit(struct mock_group *group, size_t place) {
    base_free(group->commits[place].topic);
    base_free(group->commits[place].metadata);
    group->commit_count--;
    memmove(&group->commits[place], &group->commits[place + 1],
            (group->commit_count - place) * sizeof(*group->commits));
}

int16_t mock_groups_delete_offset(struct mock_groups *groups, struct base_slice group_id,
                                  const char *topic, int32_t partition) {
    struct mock_group *group = mock_group_find(groups, group_id);
    if (group && mock_group_is_subscribed(group, topic)) {
        return MOCK_ERROR_GROUP_SUBSCRIBED_TO_TOPIC;
    }
    if (group && mock_commit_find(group, topic, partition)) {
        remove_commit(group, find_place(group, topic, partition));
    }
    return MOCK_ERROR_NONE;
}

void mock_groups_topic_deleted(struct mock_groups *groups, const char *topic) {
    for (struct mock_group *group = groups->by_id; group; group = group->hh.next) {
        for (size_t i = group->commit_count; i-- > 0;) {
            if (strcmp(group->commits[i].topic, topic) == 0) {
                remove_commit(group, i);
            }
        }
    }
}

/* Since when nobody needs the offset, in log time; MOCK_NEVER: somebody may still. */
static int64_t unneeded_since_ms(const struct mock_group *group, const struct mock_commit *commit) {
    if (group->consumer) {
        return mock_group_is_subscribed(group, commit->topic) ? MOCK_NEVER : commit->commit_ms;
    }
    if (!group->protocol_type) {
        return commit->commit_ms; /* a simple group */
    }
    if (group->state == MOCK_GROUP_EMPTY) {
        return group->empty_since_ms;
    }
    bool is_known =
        strcmp(group->protocol_type, "consumer") == 0 && group->state == MOCK_GROUP_STABLE;
    return is_known && !mock_group_is_subscribed(group, commit->topic) ? commit->commit_ms
                                                                       : MOCK_NEVER;
}

static bool is_expired(const struct mock_group *group, const struct mock_commit *commit,
                       int64_t log_now_ms, int64_t retention_ms) {
    int64_t since = unneeded_since_ms(group, commit);
    if (since == MOCK_NEVER) {
        return false;
    }
    return commit->expire_ms != MOCK_NEVER ? log_now_ms >= commit->expire_ms
                                           : log_now_ms - since >= retention_ms;
}

void mock_groups_expire_offsets(struct mock_groups *groups, int64_t log_now_ms,
                                int64_t retention_ms) {
    struct mock_group *group = NULL;
    struct mock_group *next = NULL;
    HASH_ITER(hh, groups->by_id, group, next) {
        for (size_t i = group->commit_count; i-- > 0;) {
            if (is_expired(group, &group->commits[i], log_now_ms, retention_ms)) {
                remove_commit(group, i);
            }
        }
        bool is_empty = group->state == MOCK_GROUP_EMPTY && group->pending_count == 0 &&
                        (!group->consumer || !group->consumer->member_count);
        if (group->commit_count == 0 && !group->pending_commits && is_empty) {
            mock_group_drop(groups, group);
        }
    }
}

static struct mock_committed committed_of(const struct mock_commit *commit) {
    return (struct mock_committed){commit->offset, commit->leader_epoch, commit->metadata};
}

struct mock_committed mock_groups_committed(const struct mock_groups *groups, const char *group_id,
                                            const char *topic, int32_t partition) {
    const struct mock_group *group = mock_group_find_str(groups, group_id);
    const struct mock_commit *commit = group ? mock_commit_find(group, topic, partition) : NULL;
    return commit ? committed_of(commit) : (struct mock_committed){-1, -1, ""};
}

void mock_groups_each_committed(const struct mock_groups *groups, const char *group_id,
                                mock_committed_fn visit, void *arg) {
    const struct mock_group *group = mock_group_find_str(groups, group_id);
    for (size_t i = 0; group && i < group->commit_count; i++) {
        const struct mock_committed committed = committed_of(&group->commits[i]);
        visit(arg, group->commits[i].topic, group->commits[i].partition, &committed);
    }
}
