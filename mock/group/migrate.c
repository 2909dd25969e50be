/*
 * Groups that change from the classic protocol to the consumer protocol while they have members,
 * and back: see group.h, consumer_private.h. Kafka: GroupMetadataManager.convertToConsumerGroup and
 * convertToClassicGroup, ConsumerGroup.fromClassicGroup, ClassicGroup.fromConsumerGroup. Either
 * makes the other form beside the present one, so that nothing has changed when it cannot be done.
 */
#include "base/limits.h"
#include "base/reader.h"
#include "mock/group/consumer_private.h"
#include "mock/wire/consumer_protocol.h"

/* Of the protocol that consumers embed; later ones are read as this one. */
#define NEWEST_VERSION 3

/* -- what is embedded -- */

struct resolving {
    const struct mock_topic_partitions *from;
    size_t count;
    struct mock_topic_id_partitions *to;
    size_t found;
};

static void resolve_topic(void *arg, const struct mock_group_topic *topic) {
    struct resolving *r = arg;
    for (size_t i = 0; i < r->count; i++) {
        if (base_slice_equal_str(r->from[i].topic, topic->name)) {
            r->to[r->found++] = (struct mock_topic_id_partitions){topic->id, r->from[i].partitions,
                                                                  r->from[i].partition_count};
            return; /* named again, the first counts */
        }
    }
}

struct mock_topic_id_partitions *mock_topics_resolve(const struct mock_groups *groups,
                                                     const struct mock_topic_partitions *topics,
                                                     size_t count, struct base_arena *arena,
                                                     size_t *ret_count) {
    struct resolving r = {topics, count, base_arena_alloc_array(arena, count, sizeof(*r.to)), 0};
    if (r.to && count) {
        groups->host.each_topic(groups->host.arg, resolve_topic, &r);
    }
    *ret_count = r.found;
    return r.to;
}

int16_t mock_embedded_version(struct base_slice metadata) {
    struct base_reader r = base_reader_of(metadata);
    int16_t version = base_read_i16(&r);
    return version > NEWEST_VERSION ? NEWEST_VERSION : version;
}

/* -- to the consumer protocol -- */

/* One upgrade on its way. */
struct upgrade {
    const struct mock_groups *groups;
    const struct mock_group *group;
    struct base_arena *arena;
    int64_t now_ms;
    struct mock_consumer_group *upgraded;
    int16_t error;
    const char *why;
};

static bool refuse(struct upgrade *u, const char *why) {
    struct base_builder text;
    base_builder_init(&text, 4096);
    base_put_format(&text, "Cannot upgrade classic group %s to consumer group because %s.",
                    u->group->id, why);
    base_put_i8(&text, 0);
    u->error = MOCK_ERROR_GROUP_ID_NOT_FOUND;
    u->why = text.failed ? NULL
                         : (const char *)base_arena_slice(u->arena, base_builder_slice(&text)).data;
    base_builder_clean_up(&text);
    return false;
}

static bool fail(struct upgrade *u, const char *why) {
    u->error = MOCK_ERROR_UNKNOWN_SERVER_ERROR;
    u->why = why;
    return false;
}

static bool refuse_form(struct upgrade *u, int code) {
    return code == BASE_NO_MEMORY || code == BASE_LIMIT
               ? fail(u, NULL)
               : refuse(u, "the embedded consumer protocol is malformed");
}

static bool is_allowed(struct upgrade *u) {
    enum mock_migration policy = u->groups->options.migration;
    if (policy != MOCK_MIGRATION_UPGRADE && policy != MOCK_MIGRATION_BIDIRECTIONAL) {
        return refuse(u, "online upgrade is disabled");
    }
    if (!u->group->protocol_type || strcmp(u->group->protocol_type, "consumer") != 0) {
        return refuse(u, "the group does not use the consumer embedded protocol");
    }
    return u->group->member_count <= u->groups->options.max_consumers ||
           refuse(u, "the group size exceeds the consumer group maximum size");
}

static bool is_owned(const struct mock_consumer_group *group, const struct mock_uuid *topic,
                     int32_t partition) {
    for (size_t i = 0; i < group->member_count; i++) {
        if (mock_owned_find(&group->members[i]->assigned, topic, partition)) {
            return true;
        }
    }
    return false;
}

/* What the leader gave it is what it has, and what it should have. */
static bool take_assignment(struct upgrade *u, const struct mock_member *from,
                            struct mock_consumer_member *to, struct base_arena *arena) {
    struct mock_assignment assignment;
    size_t count = 0;
    if (from->assignment_len == 0) {
        return true;
    }
    int rc = mock_assignment_decode(base_slice_of(from->assignment, from->assignment_len), arena,
                                    &assignment);
    if (rc < 0) {
        return refuse_form(u, rc);
    }
    if (assignment.user_data.len > 0) {
        return refuse(u, "an unsupported custom assignor is in use. Please refer to the "
                         "documentation or switch to a default assignor before re-attempting the "
                         "upgrade");
    }
    const struct mock_topic_id_partitions *topics =
        mock_topics_resolve(u->groups, assignment.topics, assignment.topic_count, arena, &count);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < topics[i].partition_count; k++) {
            struct mock_owned item = {topics[i].topic_id, topics[i].partitions[k],
                                      u->group->generation};
            if (is_owned(u->upgraded, &item.topic, item.partition)) {
                return fail(u, "The partition is still owned.");
            }
            if (!mock_owned_find(&to->assigned, &item.topic, item.partition) &&
                mock_owned_add(&to->assigned, item)) {
                return fail(u, NULL);
            }
        }
    }
    return (topics && mock_owned_copy(&to->assigned, &to->target) == 0) || fail(u, NULL);
}

static bool take_subscription(struct upgrade *u, const struct mock_member *from,
                              struct mock_consumer_member *to, struct base_arena *arena) {
    struct mock_subscription subscription;
    bool changed = false;
    int rc = mock_subscription_decode(mock_member_metadata(u->group, from), arena, &subscription);
    if (rc < 0) {
        return refuse_form(u, rc);
    }
    rc = mock_consumer_set_names(to, subscription.topics, subscription.topic_count, &changed);
    if (rc == 0 && subscription.rack_id.len) {
        rc = mock_consumer_set_text(&to->rack_id, subscription.rack_id);
    }
    return rc == 0 || fail(u, NULL);
}

static bool fill_member(struct upgrade *u, const struct mock_member *from,
                        struct mock_consumer_member *to) {
    struct base_arena arena;
    base_arena_init(&arena, BASE_MAX_DECODE_BYTES);
    to->is_classic = true;
    to->session_timeout_ms = from->session_timeout_ms;
    to->rebalance_timeout_ms = from->rebalance_timeout_ms;
    to->session_due_ms = u->now_ms + from->session_timeout_ms;
    to->epoch = u->group->generation;
    to->previous_epoch = u->group->generation;
    bool ok = (mock_consumer_set_text(&to->instance_id, base_slice_str(from->instance_id)) == 0 &&
               mock_protocols_clone(&from->protocols, &to->protocols) == 0) ||
              fail(u, NULL);
    ok = ok && take_assignment(u, from, to, &arena) && take_subscription(u, from, to, &arena);
    base_arena_clean_up(&arena);
    return ok;
}

static bool add_member(struct upgrade *u, const struct mock_member *from) {
    const struct mock_group_caller caller = {.actor = from->actor,
                                             .incarnation = from->incarnation,
                                             .client_id = from->client_id,
                                             .host = from->host};
    struct mock_consumer_member *to = mock_consumer_member_new(&caller, base_slice_str(from->id));
    if (!to) {
        return fail(u, NULL);
    }
    if (!fill_member(u, from, to)) {
        mock_consumer_member_free(to);
        return false;
    }
    if (mock_consumer_group_add(u->upgraded, to)) {
        mock_consumer_member_free(to);
        return fail(u, NULL);
    }
    return true;
}

/* There is to be another round: they come again, to the new group. */
static void send_away(struct mock_groups *groups, struct mock_group *group) {
    const struct mock_sync_group_response sync =
        mock_sync_refused(MOCK_ERROR_REBALANCE_IN_PROGRESS);
    for (size_t i = 0; i < group->member_count; i++) {
        struct mock_member *member = group->members[i];
        const struct mock_join_group_response join =
            mock_join_refused(base_slice_str(member->id), MOCK_ERROR_REBALANCE_IN_PROGRESS);
        mock_answer_join(groups, member, &join);
        mock_answer_sync(groups, member, &sync);
    }
}

int16_t mock_upgrade_begin(struct mock_groups *groups, struct mock_group *group,
                           struct base_arena *arena, int64_t now_ms,
                           struct mock_consumer_group **ret_upgraded, const char **ret_why) {
    struct upgrade u = {.groups = groups, .group = group, .arena = arena, .now_ms = now_ms};
    bool ok = is_allowed(&u);
    if (ok) {
        send_away(groups, group);
        u.upgraded = mock_consumer_group_new();
        ok = u.upgraded || fail(&u, NULL);
    }
    for (size_t i = 0; ok && i < group->member_count; i++) {
        /* Its protocol is known from the first generation on, and to those who were in it. */
        ok = mock_member_has_protocol(group->members[i], base_slice_str(group->protocol))
                 ? add_member(&u, group->members[i])
                 : fail(&u, "The member has no such protocol.");
    }
    if (!ok) {
        mock_consumer_group_free(u.upgraded);
        *ret_why = u.why;
        return u.error;
    }
    u.upgraded->epoch = group->generation;
    u.upgraded->target_epoch = group->generation;
    u.upgraded->topics_hash = mock_consumer_topics_hash(groups, u.upgraded);
    *ret_upgraded = u.upgraded;
    return MOCK_ERROR_NONE;
}

void mock_upgrade_finish(struct mock_groups *groups, struct mock_group *group,
                         struct mock_consumer_group *upgraded) {
    while (group->member_count) {
        mock_group_remove(group, group->members[group->member_count - 1]);
    }
    while (group->pending_count) {
        mock_pending_remove(group, &group->pending[group->pending_count - 1]);
    }
    group->state = group->previous_state = MOCK_GROUP_EMPTY;
    group->protocol[0] = '\0';
    group->join_due_ms = group->sync_due_ms = MOCK_NEVER;
    group->in_initial_delay = false;
    group->consumer = upgraded;
    for (size_t i = 0; i < upgraded->member_count; i++) {
        mock_consumer_show(groups, upgraded->members[i]);
    }
    mock_consumer_changed(groups, group, NULL, "upgraded");
}

/* -- to the classic protocol -- */

bool mock_downgrade_is_due(const struct mock_groups *groups,
                           const struct mock_consumer_group *group) {
    enum mock_migration policy = groups->options.migration;
    size_t left = 0;
    bool all_classic = true;
    for (size_t i = 0; i < group->member_count; i++) {
        const struct mock_consumer_member *member = group->members[i];
        left += !member->leaves;
        all_classic = all_classic && (member->leaves || member->is_classic);
    }
    return all_classic && left > 0 && left <= groups->options.max_members &&
           (policy == MOCK_MIGRATION_DOWNGRADE || policy == MOCK_MIGRATION_BIDIRECTIONAL);
}

/* Room for the member, and the assignment that it should have. */
static bool prepare_member(const struct mock_groups *groups, struct mock_group *group, size_t count,
                           const struct mock_consumer_member *from, struct mock_member **ret) {
    struct base_builder b;
    base_builder_init(&b, BASE_MAX_DECODE_BYTES);
    *ret = base_alloc_zero(sizeof(**ret));
    bool ok = *ret && mock_group_reserve_members(group, count) == 0 &&
              mock_group_reserve_names(group, &from->protocols) == 0;
    if (ok) {
        mock_consumer_encode_assignment(groups, &from->target, 0, &b);
        (*ret)->assignment = b.failed ? NULL : base_builder_take(&b, &(*ret)->assignment_len);
        ok = (*ret)->assignment != NULL;
    }
    base_builder_clean_up(&b);
    return ok;
}

/* What it was goes over to what it is now. */
static void move_member(struct mock_consumer_member *from, struct mock_member *to, int64_t now_ms) {
    to->id = from->id;
    to->instance_id = from->instance_id;
    to->client_id = from->client_id;
    to->host = from->host;
    to->actor = from->actor;
    from->id = from->instance_id = from->client_id = from->host = from->actor = NULL;
    to->incarnation = from->incarnation;
    to->session_timeout_ms = from->session_timeout_ms;
    to->rebalance_timeout_ms = from->rebalance_timeout_ms;
    to->protocols = from->protocols;
    from->protocols = (struct mock_member_protocols){NULL, 0};
    mock_session_restart(to, now_ms);
}

/* All versions have the same form: an assignment is in that of the member's subscription. */
static void stamp_version(const struct mock_group *group, struct mock_member *member) {
    int16_t version = mock_embedded_version(mock_member_metadata(group, member));
    member->assignment[0] = (uint8_t)(version >> 8);
    member->assignment[1] = (uint8_t)version;
}

static void install(const struct mock_groups *groups, struct mock_group *group,
                    struct mock_member **prepared, int64_t now_ms) {
    struct mock_consumer_group *consumer = group->consumer;
    for (size_t i = 0; i < consumer->member_count; i++) {
        if (!consumer->members[i]->leaves) {
            move_member(consumer->members[i], prepared[i], now_ms);
            mock_group_add(group, prepared[i]);
            prepared[i] = NULL;
        }
    }
    group->generation = consumer->epoch;
    group->state = MOCK_GROUP_STABLE;
    const char *chosen = mock_group_select_protocol(group);
    memcpy(group->protocol, chosen, strlen(chosen) + 1);
    for (size_t i = 0; i < group->member_count; i++) {
        stamp_version(group, group->members[i]);
    }
    mock_consumer_group_free(consumer);
    group->consumer = NULL;
    mock_group_changed(groups, group, NULL, "downgraded");
}

bool mock_downgrade(struct mock_groups *groups, struct mock_group *group, int64_t now_ms) {
    struct mock_consumer_group *consumer = group->consumer;
    size_t count = consumer->member_count;
    struct mock_member **prepared = base_alloc_array(count, sizeof(struct mock_member *));
    bool ok = prepared != NULL;
    for (size_t i = 0; prepared && i < count; i++) {
        prepared[i] = NULL;
    }
    for (size_t i = 0; ok && i < count; i++) {
        ok = consumer->members[i]->leaves ||
             prepare_member(groups, group, count, consumer->members[i], &prepared[i]);
    }
    if (ok) {
        install(groups, group, prepared, now_ms);
    }
    for (size_t i = 0; prepared && i < count; i++) {
        mock_member_free(prepared[i]);
    }
    base_free(prepared);
    return ok;
}
