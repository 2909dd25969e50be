/* The registry of groups, and who belongs to one: see group.h and group_private.h. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "mock/group/consumer_private.h"

/* -- the registry -- */

int mock_groups_new(const struct mock_groups_options *options, const struct mock_groups_host *host,
                    struct mock_groups **ret_groups, struct base_error *err) {
    assert(host->join_answered && host->sync_answered);
    struct mock_groups *groups = base_alloc_zero(sizeof(*groups));
    if (!groups) {
        return base_fail(err, BASE_NO_MEMORY, "out of memory for the group coordinator");
    }
    groups->options = *options;
    groups->host = *host;
    *ret_groups = groups;
    return 0;
}

static void group_free(struct mock_group *group) {
    for (size_t i = 0; i < group->member_count; i++) {
        mock_member_free(group->members[i]);
    }
    while (group->pending_count) {
        mock_pending_remove(group, &group->pending[group->pending_count - 1]);
    }
    for (size_t i = 0; i < group->commit_count; i++) {
        base_free(group->commits[i].topic);
        base_free(group->commits[i].metadata);
    }
    mock_pending_commits_free(group);
    mock_consumer_group_free(group->consumer);
    base_free(group->commits);
    base_free(group->pending);
    base_free(group->listed);
    base_free(group->members);
    base_free(group->protocol);
    base_free(group->protocol_type);
    base_free(group->id);
    base_free(group);
}

void mock_groups_free(struct mock_groups *groups) {
    if (!groups) {
        return;
    }
    struct mock_group *group = NULL;
    struct mock_group *next = NULL;
    HASH_ITER(hh, groups->by_id, group, next) {
        mock_group_drop(groups, group);
    }
    base_free(groups);
}

struct mock_group *mock_group_find(const struct mock_groups *groups, struct base_slice id) {
    struct mock_group *group = NULL;
    const char *key = id.data ? (const char *)id.data : "";
    HASH_FIND(hh, groups->by_id, key, id.len, group);
    return group;
}

struct mock_group *mock_group_find_str(const struct mock_groups *groups, const char *id) {
    return mock_group_find(groups, base_slice_str(id));
}

struct mock_group *mock_group_get(struct mock_groups *groups, struct base_slice id) {
    struct mock_group *group = mock_group_find(groups, id);
    if (group) {
        return group;
    }
    group = base_alloc_zero(sizeof(*group));
    if (!group) {
        return NULL;
    }
    group->id = base_strndup((const char *)id.data, id.len);
    group->protocol = base_strdup("");
    group->protocol_cap = 1;
    group->join_due_ms = MOCK_NEVER;
    group->sync_due_ms = MOCK_NEVER;
    if (!group->id || !group->protocol) {
        group_free(group);
        return NULL;
    }
    HASH_ADD_KEYPTR(hh, groups->by_id, group->id, id.len, group);
    if (!base_hash_has(group->hh)) {
        group_free(group);
        return NULL;
    }
    return group;
}

int mock_group_become_consumer(struct mock_group *group) {
    assert(group->state == MOCK_GROUP_EMPTY && !group->consumer);
    char *type = base_strdup("consumer");
    group->consumer = mock_consumer_group_new();
    if (!type || !group->consumer) {
        mock_consumer_group_free(group->consumer);
        group->consumer = NULL;
        base_free(type);
        return BASE_NO_MEMORY;
    }
    base_free(group->protocol_type);
    group->protocol_type = type;
    while (group->pending_count) {
        mock_pending_remove(group, &group->pending[group->pending_count - 1]);
    }
    return 0;
}

void mock_group_become_classic(struct mock_group *group) {
    assert(group->consumer && group->consumer->member_count == 0);
    mock_consumer_group_free(group->consumer);
    group->consumer = NULL;
    group->generation = 0;
}

void mock_group_drop(struct mock_groups *groups, struct mock_group *group) {
    HASH_DEL(groups->by_id, group);
    group_free(group);
}

int64_t mock_groups_log_time_ms(const struct mock_groups *groups) {
    return groups->host.log_time_ms ? groups->host.log_time_ms(groups->host.arg) : 0;
}

bool mock_groups_exists(const struct mock_groups *groups, const char *group) {
    return mock_group_find_str(groups, group) != NULL;
}

void mock_group_changed(const struct mock_groups *groups, const struct mock_group *group,
                        const struct mock_member *member, const char *what) {
    if (!groups->host.changed) {
        return;
    }
    const struct mock_group_change change = {
        .group = group->id,
        .actor = member ? member->actor : NULL,
        .incarnation = member ? member->incarnation : 0,
        .member_id = member ? member->id : NULL,
        .generation = group->generation,
        .what = what,
    };
    groups->host.changed(groups->host.arg, &change);
}

/* -- members -- */

char *mock_member_id_new(struct mock_groups *groups, const char *prefix, size_t prefix_len) {
    size_t len = prefix_len + (prefix_len > 0) + 36;
    char *id = base_alloc(len + 1);
    if (!id) {
        return NULL;
    }
    /* Looks like Kafka's UUID, and is a count: a trial must not depend on chance. */
    uint64_t n = ++groups->ids_given;
    memcpy(id, prefix, prefix_len);
    (void)snprintf(id + prefix_len, len + 1 - prefix_len,
                   "%s%08" PRIx64 "-0000-4000-8000-%012" PRIx64, prefix_len ? "-" : "",
                   n & 0xffffffffu, (n >> 32) & 0xffffffffffffu);
    return id;
}

struct mock_member *mock_member_new(const struct mock_group_caller *caller, char *id,
                                    const struct mock_join_group_request *request) {
    struct mock_member *member = base_alloc_zero(sizeof(*member));
    if (!member) {
        base_free(id);
        return NULL;
    }
    struct base_slice instance = request->group_instance_id;
    member->id = id;
    member->client_id = base_strdup(caller->client_id);
    member->host = base_strdup(caller->host ? caller->host : "");
    member->actor = base_strdup(caller->actor ? caller->actor : caller->client_id);
    member->incarnation = caller->incarnation;
    member->session_timeout_ms = request->session_timeout_ms;
    member->rebalance_timeout_ms = request->rebalance_timeout_ms;
    member->due_ms = MOCK_NEVER;
    int failed = mock_protocols_copy(request, &member->protocols);
    if (instance.data) {
        member->instance_id = base_strndup((const char *)instance.data, instance.len);
        failed |= !member->instance_id;
    }
    if (failed || !member->client_id || !member->host || !member->actor) {
        mock_member_free(member);
        return NULL;
    }
    return member;
}

void mock_member_free(struct mock_member *member) {
    if (!member) {
        return;
    }
    mock_protocols_clean_up(&member->protocols);
    base_free(member->assignment);
    base_free(member->actor);
    base_free(member->host);
    base_free(member->client_id);
    base_free(member->instance_id);
    base_free(member->id);
    base_free(member);
}

struct mock_member *mock_member_find(const struct mock_group *group, struct base_slice id) {
    for (size_t i = 0; i < group->member_count; i++) {
        if (base_slice_equal_str(id, group->members[i]->id)) {
            return group->members[i];
        }
    }
    return NULL;
}

struct mock_member *mock_member_find_static(const struct mock_group *group,
                                            struct base_slice instance_id) {
    for (size_t i = 0; i < group->member_count; i++) {
        if (group->members[i]->instance_id &&
            base_slice_equal_str(instance_id, group->members[i]->instance_id)) {
            return group->members[i];
        }
    }
    return NULL;
}

int16_t mock_member_validate(const struct mock_group *group, struct base_slice id,
                             struct base_slice instance_id) {
    if (instance_id.data) {
        const struct mock_member *holder = mock_member_find_static(group, instance_id);
        if (!holder) {
            return MOCK_ERROR_UNKNOWN_MEMBER_ID;
        }
        if (!base_slice_equal_str(id, holder->id)) {
            return MOCK_ERROR_FENCED_INSTANCE_ID;
        }
    }
    return mock_member_find(group, id) ? MOCK_ERROR_NONE : MOCK_ERROR_UNKNOWN_MEMBER_ID;
}

int mock_group_reserve_members(struct mock_group *group, size_t count) {
    void *members = group->members;
    void *listed = group->listed;
    int rc = base_grow(&members, &group->member_cap, count, sizeof(*group->members));
    group->members = members;
    if (rc == 0) {
        rc = base_grow(&listed, &group->listed_cap, count, sizeof(*group->listed));
        group->listed = listed;
    }
    return rc;
}

int mock_group_reserve_names(struct mock_group *group,
                             const struct mock_member_protocols *protocols) {
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < protocols->count; i++) {
        void *room = group->protocol;
        rc = base_grow(&room, &group->protocol_cap, strlen(protocols->items[i].name) + 1, 1);
        group->protocol = room;
    }
    return rc;
}

int mock_group_reserve(struct mock_group *group, const struct mock_member_protocols *protocols) {
    int rc = mock_group_reserve_members(group, group->member_count + 1);
    return rc ? rc : mock_group_reserve_names(group, protocols);
}

void mock_group_add(struct mock_group *group, struct mock_member *member) {
    assert(group->member_count < group->member_cap);
    group->members[group->member_count++] = member;
    if (!group->leader) {
        group->leader = member;
    }
}

void mock_group_remove(struct mock_group *group, struct mock_member *member) {
    size_t i = 0;
    while (i < group->member_count && group->members[i] != member) {
        i++;
    }
    assert(i < group->member_count);
    group->member_count--;
    memmove(&group->members[i], &group->members[i + 1],
            (group->member_count - i) * sizeof(*group->members));
    if (group->leader == member) {
        group->leader = group->member_count ? group->members[0] : NULL;
    }
    mock_member_free(member);
}

/* -- members to be -- */

struct mock_pending_member *mock_pending_find(const struct mock_group *group,
                                              struct base_slice id) {
    for (size_t i = 0; i < group->pending_count; i++) {
        if (base_slice_equal_str(id, group->pending[i].id)) {
            return &group->pending[i];
        }
    }
    return NULL;
}

int mock_pending_add(struct mock_group *group, char *id, const struct mock_group_caller *caller,
                     int64_t due_ms) {
    void *items = group->pending;
    char *actor = base_strdup(caller->actor ? caller->actor : caller->client_id);
    if (!actor ||
        base_grow(&items, &group->pending_cap, group->pending_count + 1, sizeof(*group->pending))) {
        base_free(actor);
        return BASE_NO_MEMORY;
    }
    group->pending = items;
    group->pending[group->pending_count++] = (struct mock_pending_member){
        .id = id,
        .actor = actor,
        .incarnation = caller->incarnation,
        .due_ms = due_ms,
    };
    return 0;
}

void mock_pending_remove(struct mock_group *group, struct mock_pending_member *pending) {
    base_free(pending->id);
    base_free(pending->actor);
    *pending = group->pending[--group->pending_count];
}
