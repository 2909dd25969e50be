/* The cast of a group's scene: see cast.h. */
#include "cast.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "t_run.h"

struct mock_groups *cast_groups;
int64_t cast_now_ms;
int64_t cast_log_ms;
char cast_changes[2000];
static int64_t live_before;

struct player cast_player(const char *actor) {
    return (struct player){
        .actor = actor,
        .incarnation = 1,
        .protocols = {"range"},
        .metadata = "topics",
        .type = "consumer",
        .session_ms = 10000,
        .rebalance_ms = 60000,
        .version = 5,
    };
}

static void copy_text(char *to, struct base_slice from) {
    size_t len = from.len < CAST_TEXT ? from.len : CAST_TEXT - 1;
    if (len) {
        memcpy(to, from.data, len);
    }
    to[len] = '\0';
}

static void on_join(void *arg, void *request, const struct mock_join_group_response *r) {
    struct player *p = request;
    p->join_answers++;
    p->join_error = r->error_code;
    p->generation = r->generation_id;
    p->skip_assignment = r->skip_assignment;
    p->protocol_is_null = base_slice_is_null(r->protocol_name);
    copy_text(p->member_id, r->member_id);
    copy_text(p->leader, r->leader);
    copy_text(p->protocol, r->protocol_name);
    p->listed = r->member_count;
    for (size_t i = 0; i < r->member_count && i < CAST_LISTED; i++) {
        copy_text(p->listed_ids[i], r->members[i].member_id);
        copy_text(p->listed_metadata[i], r->members[i].metadata);
    }
}

static void on_sync(void *arg, void *request, const struct mock_sync_group_response *r) {
    struct player *p = request;
    p->sync_answers++;
    p->sync_error = r->error_code;
    copy_text(p->assignment, r->assignment);
}

static void on_change(void *arg, const struct mock_group_change *change) {
    size_t len = strlen(cast_changes);
    (void)snprintf(cast_changes + len, sizeof(cast_changes) - len, "%s%s%s,", change->what,
                   change->actor ? " " : "", change->actor ? change->actor : "");
}

static int64_t on_log_time(void *arg) {
    return cast_log_ms;
}

void cast_set_up_with(const struct mock_groups_options *options) {
    const struct mock_groups_host host = {.join_answered = on_join,
                                          .sync_answered = on_sync,
                                          .changed = on_change,
                                          .log_time_ms = on_log_time};
    live_before = base_memory_live_count();
    cast_now_ms = 1000000;
    cast_log_ms = 5000000;
    cast_changes[0] = '\0';
    cast_groups = NULL;
    T_EQUAL_INT(mock_groups_new(options, &host, &cast_groups, NULL), 0);
}

void cast_set_up(void) {
    const struct mock_groups_options options = MOCK_GROUPS_OPTIONS_INIT;
    cast_set_up_with(&options);
}

void cast_tear_down(void) {
    mock_groups_free(cast_groups);
    cast_groups = NULL;
    T_EQUAL_INT(base_memory_live_count(), live_before);
}

static struct mock_group_caller caller_of(struct player *p) {
    return (struct mock_group_caller){p->actor, p->incarnation, p->actor, "/127.0.0.1", p};
}

void cast_join(struct player *p) {
    struct mock_join_group_protocol protocols[3];
    size_t count = 0;
    while (count < 3 && p->protocols[count]) {
        protocols[count].name = base_slice_str(p->protocols[count]);
        protocols[count].metadata = base_slice_str(p->metadata);
        count++;
    }
    char member_id[CAST_TEXT];
    memcpy(member_id, p->member_id, sizeof(member_id)); /* the answer writes over it */
    const struct mock_join_group_request request = {
        .group_id = base_slice_str("g"),
        .session_timeout_ms = p->session_ms,
        .rebalance_timeout_ms = p->rebalance_ms,
        .member_id = base_slice_str(member_id),
        .group_instance_id = base_slice_str(p->instance),
        .protocol_type = base_slice_str(p->type),
        .protocols = protocols,
        .protocol_count = count,
    };
    struct mock_group_caller caller = caller_of(p);
    mock_groups_join(cast_groups, &caller, p->version, &request, cast_now_ms);
}

void cast_enter(struct player *p) {
    int before = p->join_answers;
    cast_join(p);
    if (p->join_answers > before && p->join_error == MOCK_ERROR_MEMBER_ID_REQUIRED) {
        cast_join(p);
    }
}

static void sync_with(struct player *p, struct mock_sync_group_assignment *assignments,
                      size_t count) {
    const struct mock_sync_group_request request = {
        .group_id = base_slice_str("g"),
        .generation_id = p->generation,
        .member_id = base_slice_str(p->member_id),
        .group_instance_id = base_slice_str(p->instance),
        .assignments = assignments,
        .assignment_count = count,
    };
    struct mock_group_caller caller = caller_of(p);
    mock_groups_sync(cast_groups, &caller, 3, &request, cast_now_ms);
}

void cast_sync(struct player *p) {
    sync_with(p, NULL, 0);
}

void cast_assign(struct player *leader, struct player **players, size_t count) {
    struct mock_sync_group_assignment assignments[CAST_LISTED];
    for (size_t i = 0; i < count; i++) {
        assignments[i].member_id = base_slice_str(players[i]->member_id);
        assignments[i].assignment = base_slice_str(players[i]->actor);
    }
    sync_with(leader, assignments, count);
}

void cast_stable(struct player **players, size_t count) {
    for (size_t i = 0; i < count; i++) {
        cast_enter(players[i]);
        for (size_t k = 0; k < i; k++) {
            cast_join(players[k]); /* told by heartbeat in the wild */
        }
    }
    for (size_t i = 1; i < count; i++) {
        cast_sync(players[i]);
    }
    cast_assign(players[0], players, count);
    T_EQUAL_STR(cast_state(), "Stable");
    for (size_t i = 0; i < count; i++) {
        T_EQUAL_STR(players[i]->assignment, players[i]->actor);
    }
    cast_changes[0] = '\0';
}

int16_t cast_heartbeat(const struct player *p) {
    const struct mock_heartbeat_request request = {base_slice_str("g"), p->generation,
                                                   base_slice_str(p->member_id),
                                                   base_slice_str(p->instance)};
    return mock_groups_heartbeat(cast_groups, &request, cast_now_ms);
}

int16_t cast_leave(const struct player *p) {
    struct mock_leave_group_member member = {base_slice_str(p->member_id),
                                             base_slice_str(p->instance), BASE_SLICE_NULL};
    const struct mock_leave_group_request request = {base_slice_str("g"), &member, 1};
    int16_t error = 0;
    T_EQUAL_INT(mock_groups_leave(cast_groups, &request, &error, 1, cast_now_ms), 0);
    return error;
}

int16_t cast_check_commit(const struct player *p) {
    const struct mock_offset_commit_request request = {
        .group_id = base_slice_str("g"),
        .generation_id = p->generation,
        .member_id = base_slice_str(p->member_id),
        .group_instance_id = base_slice_str(p->instance),
        .retention_time_ms = -1,
    };
    return mock_groups_check_commit(cast_groups, 8, &request, cast_now_ms);
}

void cast_wait(int64_t ms) {
    cast_now_ms += ms;
    mock_groups_tick(cast_groups, cast_now_ms);
}

static struct mock_group_view view(void) {
    struct mock_group_view v = {.state = "none", .generation = -1};
    (void)mock_groups_view(cast_groups, "g", &v);
    return v;
}

const char *cast_state(void) {
    return view().state;
}

int32_t cast_generation(void) {
    return view().generation;
}

size_t cast_member_count(void) {
    return view().member_count;
}
