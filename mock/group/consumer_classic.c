/*
 * Members of a group of the consumer protocol that speak the classic one: JoinGroup brings such a
 * member a step nearer to its target, SyncGroup gives it what it then has, and Heartbeat tells it
 * when the next step is due. See group.h, consumer_private.h. Kafka:
 * classicGroupJoinToConsumerGroup, classicGroupSyncToConsumerGroup,
 * classicGroupHeartbeatToConsumerGroup. A generation is a member epoch; there is no leader, and
 * nobody waits for others.
 */
#include "base/limits.h"
#include "mock/group/consumer_private.h"

/* From this version on a new dynamic member is given its id first (KIP-394). */
#define MEMBER_ID_REQUIRED_VERSION 4

/* One JoinGroup on its way. */
struct joining {
    struct mock_groups *groups;
    struct mock_group *group;
    const struct mock_group_caller *caller;
    const struct mock_join_group_request *request;
    int16_t version;
    int64_t now_ms;
    struct base_arena arena;
    struct base_slice id;                /* as it is asked for, or a new one */
    char *made;                          /* the new one */
    struct mock_consumer_member *member; /* NULL: to be made */
    bool replaces;                       /* the member is one of another id */
    struct mock_subscription subscription;
    struct mock_consumer_change change;
};

static bool refuse_as(struct joining *j, struct base_slice member_id, int16_t error) {
    const struct mock_join_group_response response = mock_join_refused(member_id, error);
    j->groups->host.join_answered(j->groups->host.arg, j->caller->request, &response);
    return false;
}

static bool refuse(struct joining *j, int16_t error) {
    return refuse_as(j, BASE_SLICE_NULL, error);
}

/* -- may it join? -- */

static bool is_allowed(struct joining *j) {
    return j->groups->options.migration != MOCK_MIGRATION_DISABLED ||
           refuse(j, MOCK_ERROR_INCONSISTENT_GROUP_PROTOCOL);
}

static bool take_id(struct joining *j) {
    j->id = j->request->member_id;
    if (j->id.len == 0) {
        j->made = mock_member_id_new(j->groups, "", 0);
        j->id = base_slice_str(j->made);
    }
    return j->id.data || refuse(j, MOCK_ERROR_UNKNOWN_SERVER_ERROR);
}

static bool has_room(struct joining *j) {
    const struct mock_consumer_group *group = j->group->consumer;
    return group->member_count < j->groups->options.max_consumers ||
           mock_consumer_find_static(group, j->request->group_instance_id) ||
           mock_consumer_find(group, j->id) || refuse(j, MOCK_ERROR_GROUP_MAX_SIZE_REACHED);
}

static bool has_name(const struct mock_consumer_member *member, struct base_slice name) {
    for (size_t i = 0; i < member->protocols.count; i++) {
        if (base_slice_equal_str(name, member->protocols.items[i].name)) {
            return true;
        }
    }
    return false;
}

/* Do all that speak the classic protocol have it? */
static bool is_common(const struct mock_consumer_group *group, struct base_slice name) {
    for (size_t i = 0; i < group->member_count; i++) {
        if (group->members[i]->is_classic && !has_name(group->members[i], name)) {
            return false;
        }
    }
    return true;
}

static bool is_supported(struct joining *j) {
    bool found = false;
    for (size_t i = 0; !found && i < j->request->protocol_count; i++) {
        found = is_common(j->group->consumer, j->request->protocols[i].name);
    }
    return (found && base_slice_equal_str(j->request->protocol_type, "consumer")) ||
           refuse(j, MOCK_ERROR_INCONSISTENT_GROUP_PROTOCOL);
}

static bool has_id(struct joining *j) {
    bool needs_one =
        j->made && !j->request->group_instance_id.data && j->version >= MEMBER_ID_REQUIRED_VERSION;
    return !needs_one || refuse_as(j, j->id, MOCK_ERROR_MEMBER_ID_REQUIRED);
}

static bool find_member(struct joining *j) {
    struct base_slice instance = j->request->group_instance_id;
    if (!instance.data) {
        j->member = mock_consumer_find(j->group->consumer, j->id);
        return true;
    }
    j->member = mock_consumer_find_static(j->group->consumer, instance);
    j->replaces = j->made && j->member;
    if (j->made) {
        return true;
    }
    if (!j->member) {
        return refuse(j, MOCK_ERROR_UNKNOWN_MEMBER_ID);
    }
    return base_slice_equal_str(j->id, j->member->id) || refuse(j, MOCK_ERROR_FENCED_INSTANCE_ID);
}

static bool read_subscription(struct joining *j) {
    int rc =
        mock_subscription_decode(j->request->protocols[0].metadata, &j->arena, &j->subscription);
    bool is_ours = rc == BASE_NO_MEMORY || rc == BASE_LIMIT; /* not the subscription's fault */
    return rc == 0 || refuse(j, is_ours ? MOCK_ERROR_UNKNOWN_SERVER_ERROR
                                        : MOCK_ERROR_INCONSISTENT_GROUP_PROTOCOL);
}

/* -- what it changes -- */

/* The last member that speaks the consumer protocol, a static one, comes back with the classic one.
 */
static bool ends_the_group(const struct joining *j) {
    if (!j->request->group_instance_id.data || !j->member || j->member->is_classic) {
        return false;
    }
    j->member->is_classic = true;
    bool is_due = mock_downgrade_is_due(j->groups, j->group->consumer);
    j->member->is_classic = false;
    return is_due;
}

static int enter(struct joining *j) {
    struct mock_consumer_group *group = j->group->consumer;
    j->change.topics_changed = mock_consumer_topics_hash(j->groups, group) != group->topics_hash;
    j->change.regex_counts = true;
    if (j->replaces) {
        base_free(j->member->id);
        j->member->id = j->made;
        j->made = NULL;
        mock_consumer_begin_anew(j->member);
        return 0;
    }
    if (!j->member) {
        j->member = mock_consumer_member_new(j->caller, j->id);
        if (!j->member || mock_consumer_group_add(group, j->member)) {
            mock_consumer_member_free(j->member);
            j->member = NULL;
            return BASE_NO_MEMORY;
        }
    }
    return 0;
}

static int update(struct joining *j) {
    const struct mock_join_group_request *q = j->request;
    const struct mock_group_caller *c = j->caller;
    struct mock_consumer_member *m = j->member;
    struct mock_member_protocols protocols = {NULL, 0};
    struct base_slice rack =
        j->subscription.rack_id.len ? j->subscription.rack_id : BASE_SLICE_NULL;
    int rc = mock_consumer_set_text(&m->instance_id, q->group_instance_id);
    rc = rc ? rc : mock_consumer_set_text(&m->rack_id, rack);
    rc = rc ? rc : mock_consumer_set_text(&m->client_id, base_slice_str(c->client_id));
    rc = rc ? rc : mock_consumer_set_text(&m->host, base_slice_str(c->host ? c->host : ""));
    rc = rc ? rc
            : mock_consumer_set_text(&m->actor, base_slice_str(c->actor ? c->actor : c->client_id));
    rc = rc ? rc : mock_protocols_copy(q, &protocols);
    rc = rc ? rc
            : mock_consumer_set_names(m, j->subscription.topics, j->subscription.topic_count,
                                      &j->change.names_changed);
    if (rc) {
        mock_protocols_clean_up(&protocols);
        return rc;
    }
    j->change.regex_changed = m->regex[0] != '\0';
    m->regex[0] = '\0'; /* a pattern cannot be said in the classic protocol */
    mock_protocols_clean_up(&m->protocols);
    m->protocols = protocols;
    m->incarnation = c->incarnation;
    m->is_classic = true;
    m->session_timeout_ms = q->session_timeout_ms;
    if (q->rebalance_timeout_ms != -1) {
        m->rebalance_timeout_ms = q->rebalance_timeout_ms;
    }
    return 0;
}

/* What the member says in its subscription that it owns, as a heartbeat says it. */
static int reconcile(struct joining *j) {
    struct mock_consumer_group_heartbeat_request owned = {.has_owned = true};
    bool changed = false;
    owned.owned = mock_topics_resolve(j->groups, j->subscription.owned, j->subscription.owned_count,
                                      &j->arena, &owned.owned_count);
    return owned.owned ? mock_consumer_reconcile(j->groups, j->group->consumer, j->member,
                                                 &j->change, &owned, j->now_ms, &changed)
                       : BASE_NO_MEMORY;
}

static void answer(struct joining *j, struct base_slice id, int32_t generation) {
    struct mock_join_group_response response = mock_join_refused(id, MOCK_ERROR_NONE);
    response.generation_id = generation;
    response.protocol_type = base_slice_str("consumer");
    response.protocol_name = j->request->protocols[0].name;
    j->groups->host.join_answered(j->groups->host.arg, j->caller->request, &response);
}

/* Only those are left that speak the classic protocol. In a group whose target is up to date the
 * assignments stay; else there is a round, which the member does not know of yet. */
static int end_group(struct joining *j) {
    struct mock_consumer_group *group = j->group->consumer;
    bool is_stale =
        group->target_epoch < group->epoch + (mock_consumer_change_counts(&j->change) ? 1 : 0);
    int rc = is_stale ? 0 : reconcile(j);
    int32_t epoch = j->member->epoch;
    struct base_slice id = base_arena_slice(&j->arena, base_slice_str(j->member->id));
    if (rc || !id.data || !mock_downgrade(j->groups, j->group, j->now_ms)) {
        return BASE_NO_MEMORY;
    }
    if (is_stale) {
        mock_rebalance_prepare(j->groups, j->group, j->now_ms);
    }
    answer(j, id, epoch);
    return 0;
}

static int stay(struct joining *j) {
    struct mock_consumer_member *m = j->member;
    int rc = mock_consumer_advance(j->groups, j->group->consumer, &j->change, j->now_ms);
    rc = rc ? rc : reconcile(j);
    if (rc) {
        return rc;
    }
    m->join_due_ms = MOCK_NEVER;
    m->session_due_ms = j->now_ms + j->request->session_timeout_ms;
    m->sync_due_ms = j->now_ms + j->request->rebalance_timeout_ms;
    answer(j, base_slice_str(m->id), m->epoch);
    mock_consumer_changed(j->groups, j->group, m, "joined");
    return 0;
}

static void carry_out(struct joining *j) {
    bool ends = ends_the_group(j);
    bool is_new = !j->member;
    int rc = enter(j);
    if (rc == 0 && (rc = update(j)) != 0 && is_new) {
        mock_consumer_group_remove(j->group->consumer, j->member); /* as if it had never come */
    }
    rc = rc ? rc : ends ? end_group(j) : stay(j);
    if (rc) {
        (void)refuse(j, MOCK_ERROR_UNKNOWN_SERVER_ERROR);
    }
    if (j->group->consumer) {
        mock_regex_refresh_after(j->groups, j->group->consumer, j->change.regex_changed);
        mock_consumer_tell_state(j->groups, j->group);
    }
}

void mock_consumer_join(struct mock_groups *groups, struct mock_group *group,
                        const struct mock_group_caller *caller, int16_t version,
                        const struct mock_join_group_request *request, int64_t now_ms) {
    struct joining j = {groups, group, caller, request, version, now_ms, .made = NULL};
    base_arena_init(&j.arena, BASE_MAX_DECODE_BYTES);
    if (is_allowed(&j) && take_id(&j) && has_room(&j) && is_supported(&j) && has_id(&j) &&
        find_member(&j) && read_subscription(&j)) {
        carry_out(&j);
    }
    base_free(j.made);
    base_arena_clean_up(&j.arena);
}

/* -- SyncGroup and Heartbeat -- */

static int16_t validate(const struct mock_consumer_group *group, struct base_slice id,
                        struct base_slice instance_id, int32_t generation,
                        struct mock_consumer_member **ret_member) {
    struct mock_consumer_member *m = instance_id.data
                                         ? mock_consumer_find_static(group, instance_id)
                                         : mock_consumer_find(group, id);
    if (!m) {
        return MOCK_ERROR_UNKNOWN_MEMBER_ID;
    }
    if (instance_id.data && !base_slice_equal_str(id, m->id)) {
        return MOCK_ERROR_FENCED_INSTANCE_ID;
    }
    if (!m->is_classic) {
        return MOCK_ERROR_UNKNOWN_MEMBER_ID;
    }
    *ret_member = m;
    return generation == m->epoch ? MOCK_ERROR_NONE : MOCK_ERROR_ILLEGAL_GENERATION;
}

/* It has so long to join again; told twice, the first time counts. */
static int16_t call_back(struct mock_consumer_member *member, int64_t now_ms) {
    if (member->join_due_ms == MOCK_NEVER) {
        member->join_due_ms = now_ms + member->rebalance_timeout_ms;
    }
    return MOCK_ERROR_REBALANCE_IN_PROGRESS;
}

static int16_t check_sync(const struct mock_consumer_group *group,
                          const struct mock_sync_group_request *q, int64_t now_ms,
                          struct mock_consumer_member **ret_member) {
    int16_t error =
        validate(group, q->member_id, q->group_instance_id, q->generation_id, ret_member);
    if (error) {
        return error;
    }
    struct mock_consumer_member *m = *ret_member;
    if ((q->protocol_type.data && !base_slice_equal_str(q->protocol_type, "consumer")) ||
        (q->protocol_name.data &&
         !base_slice_equal_str(q->protocol_name, m->protocols.items[0].name))) {
        return MOCK_ERROR_INCONSISTENT_GROUP_PROTOCOL;
    }
    return group->target_epoch > m->epoch && m->state != MOCK_CONSUMER_UNREVOKED
               ? call_back(m, now_ms)
               : MOCK_ERROR_NONE;
}

void mock_consumer_sync(struct mock_groups *groups, struct mock_group *group,
                        const struct mock_group_caller *caller,
                        const struct mock_sync_group_request *request, int64_t now_ms) {
    struct mock_consumer_member *m = NULL;
    struct base_builder b;
    base_builder_init(&b, BASE_MAX_DECODE_BYTES);
    struct mock_sync_group_response response =
        mock_sync_refused(check_sync(group->consumer, request, now_ms, &m));
    if (response.error_code == MOCK_ERROR_NONE) {
        const struct mock_member_protocol *first = &m->protocols.items[0];
        int16_t version =
            mock_embedded_version(base_slice_of(first->metadata, first->metadata_len));
        mock_consumer_encode_assignment(groups, &m->assigned, version, &b);
        response.error_code = b.failed ? MOCK_ERROR_UNKNOWN_SERVER_ERROR : MOCK_ERROR_NONE;
    }
    if (response.error_code == MOCK_ERROR_NONE) {
        m->sync_due_ms = MOCK_NEVER;
        m->session_due_ms = now_ms + m->session_timeout_ms;
        response.protocol_type = request->protocol_type;
        response.protocol_name = request->protocol_name;
        response.assignment = base_builder_slice(&b);
        mock_consumer_changed(groups, group, m, "synced");
    }
    groups->host.sync_answered(groups->host.arg, caller->request, &response);
    base_builder_clean_up(&b);
}

static bool is_owned(const struct mock_consumer_group *group, const struct mock_owned *item) {
    for (size_t i = 0; i < group->member_count; i++) {
        const struct mock_consumer_member *m = group->members[i];
        if (mock_owned_find(&m->assigned, &item->topic, item->partition) ||
            mock_owned_find(&m->revoking, &item->topic, item->partition)) {
            return true;
        }
    }
    return false;
}

/* Does somebody still have what the member should have? */
static bool waits_for_others(const struct mock_consumer_group *group,
                             const struct mock_consumer_member *member) {
    for (size_t i = 0; i < member->target.count; i++) {
        const struct mock_owned *item = &member->target.items[i];
        if (!mock_owned_find(&member->assigned, &item->topic, item->partition) &&
            is_owned(group, item)) {
            return true;
        }
    }
    return false;
}

int16_t mock_consumer_classic_heartbeat(struct mock_group *group,
                                        const struct mock_heartbeat_request *request,
                                        int64_t now_ms) {
    struct mock_consumer_member *m = NULL;
    int16_t error = validate(group->consumer, request->member_id, request->group_instance_id,
                             request->generation_id, &m);
    if (error) {
        return error;
    }
    m->session_due_ms = now_ms + m->session_timeout_ms;
    bool is_called =
        m->epoch < group->consumer->target_epoch || m->state == MOCK_CONSUMER_UNREVOKED ||
        (m->state == MOCK_CONSUMER_UNRELEASED && !waits_for_others(group->consumer, m));
    return is_called ? call_back(m, now_ms) : MOCK_ERROR_NONE;
}
