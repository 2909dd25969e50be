/* Who may commit and fetch in a group of the consumer protocol: see consumer_private.h. Kafka:
 * ConsumerGroup.validateOffsetCommit, validateOffsetFetch. */
#include "mock/group/consumer_private.h"

/* The first version of OffsetCommit that knows of member epochs. */
#define MEMBER_EPOCH_VERSION 9

/* The epoch at which the member got the partition, or INT32_MAX: it has it not. */
static int32_t assignment_epoch(const struct mock_consumer_member *member,
                                const struct mock_uuid *topic, int32_t partition) {
    const struct mock_owned *item = mock_owned_find(&member->assigned, topic, partition);
    item = item ? item : mock_owned_find(&member->revoking, topic, partition);
    return item ? item->epoch : INT32_MAX;
}

/* Who speaks the classic protocol knows generations. */
static int16_t stale_error(const struct mock_consumer_member *member) {
    return member->is_classic ? MOCK_ERROR_ILLEGAL_GENERATION : MOCK_ERROR_STALE_MEMBER_EPOCH;
}

int16_t mock_consumer_check_commit(const struct mock_consumer_group *group, int16_t version,
                                   const struct mock_offset_commit_request *request) {
    if (request->generation_id < 0 && group->member_count == 0) {
        return MOCK_ERROR_NONE;
    }
    const struct mock_consumer_member *member = mock_consumer_find(group, request->member_id);
    if (!member) {
        return MOCK_ERROR_UNKNOWN_MEMBER_ID;
    }
    int16_t stale = stale_error(member);
    if (version < MEMBER_EPOCH_VERSION && !member->is_classic) {
        return MOCK_ERROR_UNSUPPORTED_VERSION;
    }
    if (request->generation_id == member->epoch) {
        return MOCK_ERROR_NONE;
    }
    if (request->generation_id > member->epoch) {
        return stale;
    }
    /* An older epoch will do where the member has had the partition since then (KIP-1251). */
    for (size_t t = 0; t < request->topic_count; t++) {
        const struct mock_offset_commit_topic *topic = &request->topics[t];
        for (size_t i = 0; i < topic->partition_count; i++) {
            if (request->generation_id <
                assignment_epoch(member, &topic->id, topic->partitions[i].index)) {
                return stale;
            }
        }
    }
    return MOCK_ERROR_NONE;
}

int16_t mock_consumer_check_fetch(const struct mock_consumer_group *group,
                                  struct base_slice member_id, int32_t member_epoch) {
    if (!member_id.data && member_epoch < 0) {
        return MOCK_ERROR_NONE;
    }
    if (!member_id.data) {
        return MOCK_ERROR_UNKNOWN_SERVER_ERROR; /* an epoch of nobody trips Kafka's coordinator */
    }
    const struct mock_consumer_member *member = mock_consumer_find(group, member_id);
    if (!member) {
        return MOCK_ERROR_UNKNOWN_MEMBER_ID;
    }
    return member->epoch == member_epoch ? MOCK_ERROR_NONE : stale_error(member);
}

int16_t mock_consumer_check_txn_commit(const struct mock_consumer_group *group,
                                       const struct mock_txn_commit *commit) {
    bool is_nobody = commit->generation_id == -1 && commit->member_id.len == 0 &&
                     !commit->group_instance_id.data;
    if (is_nobody || (commit->generation_id < 0 && group->member_count == 0)) {
        return MOCK_ERROR_NONE;
    }
    const struct mock_consumer_member *member = mock_consumer_find(group, commit->member_id);
    if (!member) {
        return MOCK_ERROR_UNKNOWN_MEMBER_ID;
    }
    return member->epoch == commit->generation_id ? MOCK_ERROR_NONE : MOCK_ERROR_ILLEGAL_GENERATION;
}
