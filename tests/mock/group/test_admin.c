/* Tests of administration: deletion of groups and offsets, and offsets that nobody needs. */
#include <string.h>

#include "base/builder.h"
#include "cast.h"
#include "suites.h"
#include "t_run.h"

#define DAY_MS 86400000

static int64_t committed(const char *group, const char *topic, int32_t partition) {
    return mock_groups_committed(cast_groups, group, topic, partition).offset;
}

static void commit(const char *group, const char *topic) {
    T_EQUAL_INT(mock_groups_commit(cast_groups, group, topic, 0, 5, -1, base_slice_str("m"), NULL),
                0);
}

static void expire_after(int64_t ms) {
    cast_log_ms += ms;
    mock_groups_expire_offsets(cast_groups, cast_log_ms, DAY_MS);
}

/* What a consumer that subscribes to one topic puts into JoinGroup: version 1, which a broker reads
 * as version 0. */
static char subscription[40];
static size_t subscription_len;

static void make_subscription(void) {
    struct base_builder b;
    base_builder_init(&b, sizeof(subscription));
    base_put_i16(&b, 1);
    base_put_i32(&b, 1);
    base_put_i16(&b, 1);
    base_put_str(&b, "t");
    base_put_i32(&b, -1);
    base_put_i32(&b, 0);
    subscription_len = b.len;
    if (T_TRUE(b.len <= sizeof(subscription))) {
        memcpy(subscription, b.data, b.len);
    }
    base_builder_clean_up(&b);
}

/* A member of "g" whose metadata is binary, so that the cast's text does not do. */
static void join_subscribed(struct player *p) {
    struct mock_join_group_protocol protocol = {base_slice_str("range"),
                                                base_slice_of(subscription, subscription_len)};
    const struct mock_group_caller caller = {p->actor, 1, p->actor, "/127.0.0.1", p};
    const struct mock_join_group_request join = {
        .group_id = base_slice_str("g"),
        .session_timeout_ms = 10000,
        .rebalance_timeout_ms = 60000,
        .member_id = base_slice_str(""),
        .protocol_type = base_slice_str("consumer"),
        .protocols = &protocol,
        .protocol_count = 1,
    };
    mock_groups_join(cast_groups, &caller, 3, &join, cast_now_ms);
    T_EQUAL_INT(p->join_error, 0);
    struct player *all[] = {p};
    cast_assign(p, all, 1);
    T_EQUAL_STR(cast_state(), "Stable");
}

static void an_empty_group_is_deleted_with_its_offsets(void) {
    commit("g", "t");
    T_EQUAL_INT(mock_groups_delete(cast_groups, base_slice_str("g")), 0);
    T_TRUE(!mock_groups_exists(cast_groups, "g"));
    T_EQUAL_INT(committed("g", "t", 0), -1);
    T_EQUAL_INT(mock_groups_delete(cast_groups, base_slice_str("g")),
                MOCK_ERROR_GROUP_ID_NOT_FOUND);
}

static void a_group_with_members_is_not_deleted(void) {
    struct player a = cast_player("a");
    struct player *all[] = {&a};
    cast_stable(all, 1);
    T_EQUAL_INT(mock_groups_delete(cast_groups, base_slice_str("g")), MOCK_ERROR_NON_EMPTY_GROUP);
    mock_groups_rebalance(cast_groups, "g", cast_now_ms);
    T_EQUAL_INT(mock_groups_delete(cast_groups, base_slice_str("g")), MOCK_ERROR_NON_EMPTY_GROUP);
}

static void offsets_of_topics_that_members_read_are_kept(void) {
    struct player a = cast_player("a");
    make_subscription();
    join_subscribed(&a);
    commit("g", "t");
    commit("g", "u");
    T_EQUAL_INT(mock_groups_check_offset_delete(cast_groups, base_slice_str("g")), 0);
    T_EQUAL_INT(mock_groups_delete_offset(cast_groups, base_slice_str("g"), "t", 0),
                MOCK_ERROR_GROUP_SUBSCRIBED_TO_TOPIC);
    T_EQUAL_INT(mock_groups_delete_offset(cast_groups, base_slice_str("g"), "u", 0), 0);
    T_EQUAL_INT(committed("g", "t", 0), 5);
    T_EQUAL_INT(committed("g", "u", 0), -1);
    /* In a stable group, what nobody reads expires with its age. */
    commit("g", "u");
    expire_after(DAY_MS);
    T_EQUAL_INT(committed("g", "t", 0), 5);
    T_EQUAL_INT(committed("g", "u", 0), -1);
}

static void what_cannot_be_read_is_kept(void) {
    struct player a = cast_player("a");
    struct player *all[] = {&a};
    cast_stable(all, 1);
    commit("g", "t");
    T_EQUAL_INT(mock_groups_delete_offset(cast_groups, base_slice_str("g"), "t", 0),
                MOCK_ERROR_GROUP_SUBSCRIBED_TO_TOPIC);
    expire_after(100LL * DAY_MS);
    T_EQUAL_INT(committed("g", "t", 0), 5);
}

static void offsets_of_another_protocol_type_need_an_empty_group(void) {
    struct player a = cast_player("a");
    struct player *all[] = {&a};
    a.type = "connect";
    T_EQUAL_INT(mock_groups_check_offset_delete(cast_groups, base_slice_str("g")),
                MOCK_ERROR_GROUP_ID_NOT_FOUND);
    T_EQUAL_INT(mock_groups_check_offset_delete(cast_groups, base_slice_str("")),
                MOCK_ERROR_INVALID_GROUP_ID);
    cast_stable(all, 1);
    T_EQUAL_INT(mock_groups_check_offset_delete(cast_groups, base_slice_str("g")),
                MOCK_ERROR_NON_EMPTY_GROUP);
    T_EQUAL_INT(cast_leave(&a), 0);
    T_EQUAL_INT(mock_groups_check_offset_delete(cast_groups, base_slice_str("g")), 0);
}

static void offsets_of_a_simple_group_expire_by_their_own_age(void) {
    commit("g", "t");
    expire_after(DAY_MS / 2);
    commit("g", "u");
    expire_after(DAY_MS / 2);
    T_EQUAL_INT(committed("g", "t", 0), -1);
    T_EQUAL_INT(committed("g", "u", 0), 5);
    expire_after(DAY_MS / 2);
    T_TRUE(!mock_groups_exists(cast_groups, "g"));
}

static void offsets_of_an_emptied_group_expire_by_its_age(void) {
    struct player a = cast_player("a");
    struct player *all[] = {&a};
    cast_stable(all, 1);
    commit("g", "t");
    expire_after(3LL * DAY_MS);
    T_EQUAL_INT(cast_leave(&a), 0);
    expire_after(DAY_MS - 1);
    T_EQUAL_INT(committed("g", "t", 0), 5);
    expire_after(1);
    T_EQUAL_INT(committed("g", "t", 0), -1);
    T_TRUE(!mock_groups_exists(cast_groups, "g"));
}

static void a_retention_of_its_own_counts(void) {
    commit("g", "t");
    commit("g", "u");
    mock_groups_retain_commit(cast_groups, "g", "t", 0, 1000);
    mock_groups_retain_commit(cast_groups, "g", "u", 0, INT64_MAX);
    mock_groups_retain_commit(cast_groups, "g", "nothing", 0, 1000);
    expire_after(999);
    T_EQUAL_INT(committed("g", "t", 0), 5);
    expire_after(1);
    T_EQUAL_INT(committed("g", "t", 0), -1);
    T_EQUAL_INT(committed("g", "u", 0), 5);
}

static void what_was_committed_goes_with_its_topic(void) {
    commit("g", "t");
    commit("h", "t");
    commit("h", "u");
    mock_groups_topic_deleted(cast_groups, "t");
    T_EQUAL_INT(committed("g", "t", 0), -1);
    T_EQUAL_INT(committed("h", "t", 0), -1);
    T_EQUAL_INT(committed("h", "u", 0), 5);
    T_TRUE(mock_groups_exists(cast_groups, "g"));
}

static void count(void *arg, const struct mock_group_view *view) {
    int *groups = arg;
    T_EQUAL_STR(view->type, "classic");
    T_EQUAL_STR(view->state, "Empty");
    (*groups)++;
}

static void every_group_is_visited(void) {
    int groups = 0;
    commit("g", "t");
    commit("h", "t");
    mock_groups_each(cast_groups, count, &groups);
    T_EQUAL_INT(groups, 2);
}

CU_SuiteInfo *suite_mock_group_admin(void) {
    static CU_TestInfo tests[] = {
        {"an_empty_group_is_deleted_with_its_offsets", an_empty_group_is_deleted_with_its_offsets},
        {"a_group_with_members_is_not_deleted", a_group_with_members_is_not_deleted},
        {"offsets_of_topics_that_members_read_are_kept",
         offsets_of_topics_that_members_read_are_kept},
        {"what_cannot_be_read_is_kept", what_cannot_be_read_is_kept},
        {"offsets_of_another_protocol_type_need_an_empty_group",
         offsets_of_another_protocol_type_need_an_empty_group},
        {"offsets_of_a_simple_group_expire_by_their_own_age",
         offsets_of_a_simple_group_expire_by_their_own_age},
        {"offsets_of_an_emptied_group_expire_by_its_age",
         offsets_of_an_emptied_group_expire_by_its_age},
        {"a_retention_of_its_own_counts", a_retention_of_its_own_counts},
        {"what_was_committed_goes_with_its_topic", what_was_committed_goes_with_its_topic},
        {"every_group_is_visited", every_group_is_visited},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/group/admin", NULL, NULL, cast_set_up, cast_tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
