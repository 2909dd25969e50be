/*
 * ConsumerGroupHeartbeat: see group.h and consumer_private.h. Kafka: GroupCoordinatorService.
 * throwIfConsumerGroupHeartbeatRequestIsInvalid, GroupMetadataManager.consumerGroupHeartbeat. What
 * may be refused is checked before anything is changed.
 */
#include <stdarg.h>
#include <stdio.h>

#include "mock/group/consumer_private.h"

#define LEAVES (-1)
#define LEAVES_FOR_A_WHILE (-2)
/* From this version on clients make their member ids themselves (KIP-1082). */
#define OWN_MEMBER_ID_VERSION 1

/* One heartbeat on its way. */
struct beat {
    struct mock_groups *groups;
    const struct mock_group_caller *caller;
    const struct mock_consumer_group_heartbeat_request *request;
    struct base_arena *arena;
    struct mock_consumer_group_heartbeat_response *response;
    int64_t now_ms;
    struct mock_group *group;
    struct mock_consumer_member *member;  /* NULL: to be made */
    struct mock_consumer_group *upgraded; /* what a classic group becomes, if all goes well */
    bool replaces;                        /* the member is one of another id, that is away */
    const char *assignor;                 /* the group's, before */
    struct mock_consumer_change change;
};

#define TEXT(s) (int)(s).len, (s).data ? (const char *)(s).data : ""

static bool refuse(struct beat *b, int16_t error, const char *format, ...) BASE_PRINTF(3, 4);
static bool refuse(struct beat *b, int16_t error, const char *format, ...) {
    char why[1024];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(why, sizeof(why), format, args);
    va_end(args);
    b->response->error_code = error;
    b->response->error_message = base_slice_str(base_arena_strdup(b->arena, why));
    return false;
}

static bool out_of_memory(struct beat *b) {
    b->response->has_assignment = false;
    return refuse(b, MOCK_ERROR_UNKNOWN_SERVER_ERROR, "out of memory");
}

/* -- is the request valid? -- */

static bool is_empty(struct base_slice s) {
    return s.data && s.len == 0;
}

static bool check_strings(struct beat *b, int16_t version) {
    const struct mock_consumer_group_heartbeat_request *q = b->request;
    bool needs_id =
        version >= OWN_MEMBER_ID_VERSION || q->member_epoch > 0 || q->member_epoch == LEAVES;
    const char *what = needs_id && q->member_id.len == 0 ? "MemberId"
                       : q->group_id.len == 0            ? "GroupId"
                       : is_empty(q->instance_id)        ? "InstanceId"
                       : is_empty(q->rack_id)            ? "RackId"
                                                         : NULL;
    return !what || refuse(b, MOCK_ERROR_INVALID_REQUEST, "%s can't be empty.", what);
}

static bool check_joining(struct beat *b) {
    const struct mock_consumer_group_heartbeat_request *q = b->request;
    const char *why = NULL;
    if (q->rebalance_timeout_ms == -1) {
        why = "RebalanceTimeoutMs must be provided in first request.";
    } else if (!q->has_owned || q->owned_count > 0) {
        why = "TopicPartitions must be empty when (re-)joining.";
    } else if (!q->has_topic_names && !q->topic_regex.data) {
        why = "Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when "
              "(re-)joining.";
    }
    return !why || refuse(b, MOCK_ERROR_INVALID_REQUEST, "%s", why);
}

/* Is the word in the list "uniform,range"? */
static bool is_listed(const char *list, struct base_slice word) {
    for (const char *at = list; *at;) {
        size_t len = strcspn(at, ",");
        if (len == word.len && memcmp(at, word.data, len) == 0) {
            return true;
        }
        at += len + (at[len] == ',');
    }
    return false;
}

static bool check_request(struct beat *b, int16_t version) {
    const struct mock_consumer_group_heartbeat_request *q = b->request;
    const char *assignors = b->groups->options.consumer_assignors;
    if (!check_strings(b, version)) {
        return false;
    }
    if (q->member_epoch == 0 && !check_joining(b)) {
        return false;
    }
    if (q->member_epoch == LEAVES_FOR_A_WHILE && !q->instance_id.data) {
        return refuse(b, MOCK_ERROR_INVALID_REQUEST, "InstanceId can't be null.");
    }
    if (q->member_epoch < LEAVES_FOR_A_WHILE) {
        return refuse(b, MOCK_ERROR_INVALID_REQUEST, "MemberEpoch is invalid.");
    }
    if (q->server_assignor.data && !is_listed(assignors, q->server_assignor)) {
        return refuse(b, MOCK_ERROR_UNSUPPORTED_ASSIGNOR,
                      "ServerAssignor %.*s is not supported. Supported assignors: %.*s%s%s.",
                      TEXT(q->server_assignor), (int)strcspn(assignors, ","), assignors,
                      strchr(assignors, ',') ? ", " : "",
                      strchr(assignors, ',') ? strchr(assignors, ',') + 1 : "");
    }
    return true;
}

/* -- the group -- */

static bool find_group(struct beat *b) {
    const struct mock_consumer_group_heartbeat_request *q = b->request;
    const char *why = NULL;
    b->group = mock_group_find(b->groups, q->group_id);
    if (!b->group) {
        return q->member_epoch == 0 || refuse(b, MOCK_ERROR_GROUP_ID_NOT_FOUND,
                                              "Consumer group %.*s not found.", TEXT(q->group_id));
    }
    if (b->group->consumer || (q->member_epoch == 0 && b->group->state == MOCK_GROUP_EMPTY)) {
        return true;
    }
    if (q->member_epoch != 0) {
        return refuse(b, MOCK_ERROR_GROUP_ID_NOT_FOUND, "Group %.*s is not a consumer group.",
                      TEXT(q->group_id));
    }
    int16_t error =
        mock_upgrade_begin(b->groups, b->group, b->arena, b->now_ms, &b->upgraded, &why);
    return !error || refuse(b, error, "%s", why ? why : "out of memory");
}

/* As it is, or as it will be; NULL: there is none yet. */
static struct mock_consumer_group *members_of(const struct beat *b) {
    return b->upgraded ? b->upgraded : b->group ? b->group->consumer : NULL;
}

static bool has_room(struct beat *b) {
    const struct mock_consumer_group *group = members_of(b);
    size_t max = b->groups->options.max_consumers;
    bool is_full =
        group && group->member_count >= max &&
        !mock_consumer_find_static(group, b->request->instance_id) &&
        (!b->request->member_id.len || !mock_consumer_find(group, b->request->member_id));
    return !is_full ||
           refuse(b, MOCK_ERROR_GROUP_MAX_SIZE_REACHED,
                  "The consumer group has reached its maximum capacity of %zu members.", max);
}

/* -- the member -- */

static bool owns_subset(const struct mock_consumer_group_heartbeat_request *q,
                        const struct mock_owned_set *set) {
    bool all = q->has_owned;
    for (size_t i = 0; all && i < q->owned_count; i++) {
        for (size_t k = 0; all && k < q->owned[i].partition_count; k++) {
            all = mock_owned_find(set, &q->owned[i].topic_id, q->owned[i].partitions[k]);
        }
    }
    return all;
}

/* A member may come with its previous epoch: the answer that told it the new one may be lost. */
static bool check_epoch(struct beat *b, const struct mock_consumer_member *m) {
    int32_t epoch = b->request->member_epoch;
    bool repeats = epoch == m->previous_epoch && owns_subset(b->request, &m->assigned);
    if (epoch == 0 || epoch == m->epoch || (epoch < m->epoch && repeats)) {
        return true;
    }
    return refuse(b, MOCK_ERROR_FENCED_MEMBER_EPOCH,
                  "The consumer group member has a %s member epoch (%d) than the one known by the "
                  "group coordinator (%d). The member must abandon all its partitions and rejoin.",
                  epoch > m->epoch ? "greater" : "smaller", (int)epoch, (int)m->epoch);
}

static bool find_dynamic(struct beat *b) {
    const struct mock_consumer_group_heartbeat_request *q = b->request;
    const struct mock_consumer_group *group = members_of(b);
    b->member = group ? mock_consumer_find(group, q->member_id) : NULL;
    if (b->member) {
        return check_epoch(b, b->member);
    }
    return q->member_epoch == 0 ||
           refuse(b, MOCK_ERROR_UNKNOWN_MEMBER_ID, "Member %.*s is not a member of group %.*s.",
                  TEXT(q->member_id), TEXT(q->group_id));
}

static bool find_static(struct beat *b) {
    const struct mock_consumer_group_heartbeat_request *q = b->request;
    const struct mock_consumer_group *group = members_of(b);
    struct mock_consumer_member *holder =
        group ? mock_consumer_find_static(group, q->instance_id) : NULL;
    if (q->member_epoch == 0) {
        b->member = holder ? holder : group ? mock_consumer_find(group, q->member_id) : NULL;
        b->replaces = holder != NULL;
        return !holder || holder->is_classic || holder->epoch == LEAVES_FOR_A_WHILE ||
               refuse(b, MOCK_ERROR_UNRELEASED_INSTANCE_ID,
                      "Static member %.*s with instance id %.*s cannot join the group because the "
                      "instance id is owned by %s member.",
                      TEXT(q->member_id), TEXT(q->instance_id), holder->id);
    }
    b->member = holder;
    if (!holder) {
        return refuse(b, MOCK_ERROR_UNKNOWN_MEMBER_ID, "Instance id %.*s is unknown.",
                      TEXT(q->instance_id));
    }
    if (!base_slice_equal_str(q->member_id, holder->id)) {
        return refuse(b, MOCK_ERROR_FENCED_INSTANCE_ID,
                      "Static member %.*s with instance id %.*s was fenced by member %s.",
                      TEXT(q->member_id), TEXT(q->instance_id), holder->id);
    }
    return check_epoch(b, holder);
}

/* A pattern that no member has yet must be one. */
static bool check_regex(struct beat *b) {
    struct base_slice wanted = b->request->topic_regex;
    if (!wanted.len || (b->member && base_slice_equal_str(wanted, b->member->regex))) {
        return true;
    }
    struct base_error err = BASE_ERROR_INIT;
    const char *pattern = base_arena_strndup(b->arena, (const char *)wanted.data, wanted.len);
    if (!pattern) {
        return out_of_memory(b);
    }
    int rc = mock_regex_check(pattern, &err);
    if (rc == BASE_NO_MEMORY) {
        return out_of_memory(b);
    }
    return rc == 0 || refuse(b, MOCK_ERROR_INVALID_REGULAR_EXPRESSION,
                             "SubscribedTopicRegex `%s` is not a valid regular expression: %s.",
                             pattern, err.text);
}

/* -- what it changes -- */

static int enter_group(struct beat *b) {
    struct mock_group *group =
        b->group ? b->group : mock_group_get(b->groups, b->request->group_id);
    if (!group) {
        return BASE_NO_MEMORY;
    }
    b->group = group;
    if (b->upgraded) {
        mock_upgrade_finish(b->groups, group, b->upgraded);
        b->upgraded = NULL;
    } else if (!group->consumer && mock_group_become_consumer(group)) {
        return BASE_NO_MEMORY;
    }
    b->assignor = mock_consumer_assignor(b->groups, group->consumer);
    b->change.topics_changed =
        mock_consumer_topics_hash(b->groups, group->consumer) != group->consumer->topics_hash;
    return 0;
}

static int enter_member(struct beat *b) {
    struct base_slice id = b->request->member_id;
    char *made = NULL;
    if (!id.len) {
        made = mock_member_id_new(b->groups, "consumer", strlen("consumer"));
        id = base_slice_str(made);
    }
    if (b->replaces) {
        char *copy = base_strndup((const char *)id.data, id.len);
        if (copy) {
            base_free(b->member->id);
            b->member->id = copy;
            mock_consumer_begin_anew(b->member);
        }
        base_free(made);
        return copy ? 0 : BASE_NO_MEMORY;
    }
    if (!b->member && id.data) {
        b->member = mock_consumer_member_new(b->caller, id);
        if (b->member && mock_consumer_group_add(b->group->consumer, b->member)) {
            mock_consumer_member_free(b->member);
            b->member = NULL;
        }
    }
    base_free(made);
    return b->member ? 0 : BASE_NO_MEMORY;
}

static int update_names(struct beat *b) {
    const struct mock_consumer_group_heartbeat_request *q = b->request;
    return q->has_topic_names
               ? mock_consumer_set_names(b->member, q->topic_names, q->topic_name_count,
                                         &b->change.names_changed)
               : 0;
}

static int update_regex(struct beat *b) {
    struct base_slice wanted = b->request->topic_regex;
    bool had_one = b->member->regex[0] != '\0';
    b->change.regex_changed = wanted.data && !base_slice_equal_str(wanted, b->member->regex);
    if (!b->change.regex_changed) {
        return 0;
    }
    if (mock_consumer_set_text(&b->member->regex, wanted)) {
        return BASE_NO_MEMORY;
    }
    const struct mock_regex *known = mock_regex_find(b->group->consumer, b->member->regex);
    b->change.regex_counts = wanted.len ? known && known->resolved : had_one;
    return 0;
}

static int update_member(struct beat *b) {
    const struct mock_consumer_group_heartbeat_request *q = b->request;
    struct mock_consumer_member *m = b->member;
    const struct mock_group_caller *c = b->caller;
    if (q->rebalance_timeout_ms != -1) {
        m->rebalance_timeout_ms = q->rebalance_timeout_ms;
    }
    m->incarnation = c->incarnation;
    int rc = mock_consumer_set_text(&m->instance_id, q->instance_id);
    rc = rc ? rc : mock_consumer_set_text(&m->rack_id, q->rack_id);
    rc = rc ? rc : mock_consumer_set_text(&m->assignor, q->server_assignor);
    rc = rc ? rc : mock_consumer_set_text(&m->client_id, base_slice_str(c->client_id));
    rc = rc ? rc : mock_consumer_set_text(&m->host, base_slice_str(c->host ? c->host : ""));
    rc = rc ? rc
            : mock_consumer_set_text(&m->actor, base_slice_str(c->actor ? c->actor : c->client_id));
    rc = rc ? rc : update_names(b);
    rc = rc ? rc : update_regex(b);
    if (rc == 0) {
        m->is_classic = false;
        mock_protocols_clean_up(&m->protocols);
    }
    b->change.assignor_changed =
        strcmp(b->assignor, mock_consumer_assignor(b->groups, b->group->consumer)) != 0;
    return rc;
}

/* -- the answer -- */

static int tell_assignment(struct beat *b) {
    const struct mock_owned_set *set = &b->member->assigned;
    struct mock_consumer_group_heartbeat_response *r = b->response;
    r->has_assignment = true;
    r->assignment = base_arena_alloc_array(b->arena, set->count, sizeof(*r->assignment));
    int32_t *partitions = base_arena_alloc_array(b->arena, set->count, sizeof(*partitions));
    if (!r->assignment || !partitions) {
        return BASE_NO_MEMORY;
    }
    for (size_t i = 0; i < set->count; i++) {
        bool same = i && mock_uuid_compare(&set->items[i].topic, &set->items[i - 1].topic) == 0;
        if (!same) {
            r->assignment[r->assignment_count++] =
                (struct mock_topic_id_partitions){set->items[i].topic, partitions + i, 0};
        }
        partitions[i] = set->items[i].partition;
        r->assignment[r->assignment_count - 1].partition_count++;
    }
    return 0;
}

static bool is_full_request(const struct mock_consumer_group_heartbeat_request *q) {
    return q->rebalance_timeout_ms != -1 && (q->has_topic_names || q->topic_regex.data) &&
           q->has_owned;
}

static int answer(struct beat *b, bool assignment_changed) {
    const struct mock_consumer_group_heartbeat_request *q = b->request;
    struct mock_consumer_group_heartbeat_response *r = b->response;
    r->member_id = base_arena_slice(b->arena, base_slice_str(b->member->id));
    r->member_epoch = b->member->epoch;
    r->heartbeat_interval_ms = b->groups->options.consumer_heartbeat_interval_ms;
    bool tells = q->member_epoch == 0 || is_full_request(q) || assignment_changed;
    int rc = tells ? tell_assignment(b) : 0;
    return rc ? rc : b->arena->failed;
}

static void carry_out(struct beat *b) {
    bool changed = false;
    int rc = enter_group(b);
    bool is_new = !b->member;
    rc = rc ? rc : enter_member(b);
    if (rc == 0 && (rc = update_member(b)) != 0 && is_new) {
        mock_consumer_group_remove(b->group->consumer, b->member); /* as if it had never come */
    }
    if (rc == 0) {
        b->member->session_due_ms = b->now_ms + b->groups->options.consumer_session_timeout_ms;
        rc = mock_consumer_advance(b->groups, b->group->consumer, &b->change, b->now_ms);
    }
    rc = rc ? rc
            : mock_consumer_reconcile(b->groups, b->group->consumer, b->member, &b->change,
                                      b->request, b->now_ms, &changed);
    rc = rc ? rc : answer(b, changed);
    if (rc) {
        (void)out_of_memory(b);
    } else if (b->request->member_epoch == 0) {
        mock_consumer_changed(b->groups, b->group, b->member, "joined");
    } else if (changed) {
        mock_consumer_changed(b->groups, b->group, b->member, "synced");
    }
    if (b->group && b->group->consumer) {
        mock_regex_refresh_after(b->groups, b->group->consumer, b->change.regex_changed);
        mock_consumer_tell_state(b->groups, b->group);
    }
}

static void leave(struct beat *b) {
    const struct mock_consumer_group_heartbeat_request *q = b->request;
    b->group = mock_group_find(b->groups, q->group_id);
    if (!b->group || !b->group->consumer) {
        (void)refuse(b, MOCK_ERROR_GROUP_ID_NOT_FOUND,
                     b->group ? "Group %.*s is not a consumer group." : "Group %.*s not found.",
                     TEXT(q->group_id));
        return;
    }
    mock_consumer_leave(b->groups, b->group, q, b->arena, b->response, b->now_ms);
}

void mock_groups_consumer_heartbeat(struct mock_groups *groups,
                                    const struct mock_group_caller *caller, int16_t version,
                                    const struct mock_consumer_group_heartbeat_request *request,
                                    struct base_arena *arena,
                                    struct mock_consumer_group_heartbeat_response *ret_response,
                                    int64_t now_ms) {
    *ret_response = (struct mock_consumer_group_heartbeat_response){0};
    struct beat b = {groups, caller, request, arena, ret_response, now_ms, .group = NULL};
    if (!check_request(&b, version)) {
        return;
    }
    if (request->member_epoch < 0) {
        leave(&b);
    } else if (find_group(&b) && has_room(&b) &&
               (request->instance_id.data ? find_static(&b) : find_dynamic(&b)) &&
               check_regex(&b)) {
        carry_out(&b);
    }
    mock_consumer_group_free(b.upgraded); /* refused: the group stays a classic one */
}

bool mock_groups_consumer_revokes(const struct mock_groups *groups,
                                  const struct mock_consumer_group_heartbeat_request *request) {
    const struct mock_group *group = mock_group_find(groups, request->group_id);
    const struct mock_consumer_member *m =
        group && group->consumer ? mock_consumer_find(group->consumer, request->member_id) : NULL;
    if (!m) {
        return false;
    }
    if (request->member_epoch <= 0) {
        return m->assigned.count > 0 || m->revoking.count > 0;
    }
    if (!request->has_owned || m->revoking.count == 0) {
        return false;
    }
    for (size_t i = 0; i < request->owned_count; i++) {
        for (size_t k = 0; k < request->owned[i].partition_count; k++) {
            if (mock_owned_find(&m->revoking, &request->owned[i].topic_id,
                                request->owned[i].partitions[k])) {
                return false;
            }
        }
    }
    return true;
}
