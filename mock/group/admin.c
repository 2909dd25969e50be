/* Administration of groups: see group.h. Kafka: GroupCoordinatorShard.deleteGroups,
 * OffsetMetadataManager.deleteOffsets, and the rules of ClassicGroup that they ask. */
#include "mock/group/consumer_private.h"

#include "base/reader.h"

static bool uses_consumer_protocol(const struct mock_group *group) {
    return group->protocol_type && strcmp(group->protocol_type, "consumer") == 0;
}

enum subscribes { SUBSCRIBES_NO, SUBSCRIBES_YES, SUBSCRIBES_UNKNOWN };

/* Only version 0 of the consumer protocol is read: it begins every later one. */
static enum subscribes read_subscription(struct base_slice metadata, const char *topic) {
    struct base_reader r = base_reader_of(metadata);
    bool found = false;
    if (base_read_i16(&r) < 0) {
        return SUBSCRIBES_UNKNOWN;
    }
    size_t count = base_read_count(&r, base_read_i32(&r), 2);
    for (size_t i = 0; i < count; i++) {
        int16_t len = base_read_i16(&r);
        if (len < 0) {
            return SUBSCRIBES_UNKNOWN;
        }
        found = base_slice_equal_str(base_read_bytes(&r, (size_t)len), topic) || found;
    }
    int32_t user_len = base_read_i32(&r);
    if (user_len > 0) {
        base_read_skip(&r, (size_t)user_len);
    }
    if (!base_reader_ok(&r)) {
        return SUBSCRIBES_UNKNOWN;
    }
    return found ? SUBSCRIBES_YES : SUBSCRIBES_NO;
}

bool mock_group_is_subscribed(const struct mock_group *group, const char *topic) {
    if (group->consumer) {
        return mock_consumer_group_is_subscribed(group->consumer, topic);
    }
    if (!uses_consumer_protocol(group) || group->member_count == 0) {
        return false;
    }
    if (!group->protocol[0]) {
        return true; /* no generation yet: not known */
    }
    bool found = false;
    for (size_t i = 0; i < group->member_count; i++) {
        enum subscribes s =
            read_subscription(mock_member_metadata(group, group->members[i]), topic);
        if (s == SUBSCRIBES_UNKNOWN) {
            return true;
        }
        found = found || s == SUBSCRIBES_YES;
    }
    return found;
}

int16_t mock_groups_delete(struct mock_groups *groups, struct base_slice group_id) {
    struct mock_group *group = mock_group_find(groups, group_id);
    if (!group) {
        return MOCK_ERROR_GROUP_ID_NOT_FOUND;
    }
    if (group->state != MOCK_GROUP_EMPTY || (group->consumer && group->consumer->member_count)) {
        return MOCK_ERROR_NON_EMPTY_GROUP;
    }
    mock_group_drop(groups, group);
    return MOCK_ERROR_NONE;
}

int16_t mock_groups_check_offset_delete(const struct mock_groups *groups,
                                        struct base_slice group_id) {
    const struct mock_group *group = mock_group_find(groups, group_id);
    if (group_id.len == 0) {
        return MOCK_ERROR_INVALID_GROUP_ID;
    }
    if (!group) {
        return MOCK_ERROR_GROUP_ID_NOT_FOUND;
    }
    return group->state != MOCK_GROUP_EMPTY && !uses_consumer_protocol(group)
               ? MOCK_ERROR_NON_EMPTY_GROUP
               : MOCK_ERROR_NONE;
}
