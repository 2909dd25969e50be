/* Tests of groups that change from the classic to the consumer protocol and back: time, death,
 * memory, what is told. What a client is answered is compared with Apache Kafka in
 * tests/fidelity/cases/migration.txt. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/reader.h"
#include "mock/group/group.h"
#include "mock/wire/error_names.h"
#include "suites.h"
#include "t_run.h"

#define CONSUMER_SESSION_MS 45000
#define SESSION_MS 10000
#define REBALANCE_MS 60000
#define PARTITIONS 4
#define ID_BYTES 100

/* -- the cluster: one topic "t" -- */

static const struct mock_group_topic topic = {.name = "t", .id = {{1, 2, 3}}, .partitions = 4};

static bool topic_by_id(void *arg, const struct mock_uuid *id, struct mock_group_topic *ret) {
    *ret = topic;
    return memcmp(id, &topic.id, sizeof(*id)) == 0;
}

static void each_topic(void *arg, mock_group_topic_fn visit, void *visit_arg) {
    visit(visit_arg, &topic);
}

/* -- the coordinator, and one client that can speak both protocols -- */

static struct mock_groups *groups;
static int64_t now_ms;
static int64_t live_before;
static char told[8000];

struct client {
    const char *actor;
    const char *instance;
    char id[ID_BYTES];
    int32_t epoch; /* or generation */
    int joins;     /* answers */
    int16_t error; /* of the last answer */
    bool leads;
    bool owns[PARTITIONS];
};

static struct client client(const char *actor) {
    return (struct client){.actor = actor, .epoch = -1};
}

static void on_join(void *arg, void *request, const struct mock_join_group_response *r) {
    struct client *c = request;
    c->joins++;
    c->error = r->error_code;
    c->leads = r->member_count > 0;
    if (r->member_id.len && r->member_id.len < ID_BYTES) {
        memcpy(c->id, r->member_id.data, r->member_id.len);
        c->id[r->member_id.len] = '\0';
    }
    c->epoch = r->error_code ? c->epoch : r->generation_id;
}

static void take(struct client *c, const int32_t *partitions, size_t count) {
    memset(c->owns, 0, sizeof(c->owns));
    for (size_t i = 0; i < count; i++) {
        c->owns[partitions[i]] = true;
    }
}

/* Read by hand: a test that lets allocations fail needs none itself. */
static void on_sync(void *arg, void *request, const struct mock_sync_group_response *r) {
    struct client *c = request;
    struct base_reader bytes = base_reader_of(r->assignment);
    int32_t partitions[PARTITIONS];
    size_t count = 0;
    c->error = r->error_code;
    if (r->error_code) {
        return;
    }
    (void)base_read_i16(&bytes); /* version */
    if (base_read_i32(&bytes) == 1) {
        base_read_skip(&bytes, (size_t)base_read_i16(&bytes));
        count = (size_t)base_read_i32(&bytes);
    }
    T_TRUE(count <= PARTITIONS);
    for (size_t i = 0; i < count && i < PARTITIONS; i++) {
        partitions[i] = base_read_i32(&bytes);
    }
    take(c, partitions, base_reader_ok(&bytes) ? count : 0);
}

static void on_change(void *arg, const struct mock_group_change *change) {
    size_t len = strlen(told);
    (void)snprintf(told + len, sizeof(told) - len, "%s%s%s %d,", change->what,
                   change->actor ? " " : "", change->actor ? change->actor : "",
                   (int)change->generation);
}

static void open_with(enum mock_migration policy) {
    struct mock_groups_options options = MOCK_GROUPS_OPTIONS_INIT;
    const struct mock_groups_host host = {
        .join_answered = on_join,
        .sync_answered = on_sync,
        .changed = on_change,
        .topic_by_id = topic_by_id,
        .each_topic = each_topic,
    };
    options.migration = policy;
    told[0] = '\0';
    now_ms = 1000000;
    live_before = base_memory_live_count();
    T_EQUAL_INT(mock_groups_new(&options, &host, &groups, NULL), 0);
}

static void set_up(void) {
    open_with(MOCK_MIGRATION_BIDIRECTIONAL);
}

static void tear_down(void) {
    mock_groups_free(groups);
    groups = NULL;
    T_EQUAL_INT(base_memory_live_count(), live_before);
}

static struct mock_group_caller caller_of(struct client *c) {
    return (struct mock_group_caller){c->actor, 1, c->actor, "/127.0.0.1", c};
}

static size_t owned_by(const struct client *c, int32_t *ret_partitions) {
    size_t count = 0;
    for (int32_t p = 0; p < PARTITIONS; p++) {
        if (c->owns[p]) {
            ret_partitions[count++] = p;
        }
    }
    return count;
}

/* -- the classic protocol -- */

static size_t put(uint8_t *to, int32_t value, size_t width) {
    for (size_t i = 0; i < width; i++) {
        to[i] = (uint8_t)(value >> (8 * (width - 1 - i)));
    }
    return width;
}

static size_t put_topic(uint8_t *to) {
    size_t len = put(to, 1, 2);
    to[len] = 't';
    return len + 1;
}

/* A subscription of version 1 to "t", with what the client owns. */
static size_t write_subscription(const struct client *c, uint8_t *to) {
    int32_t partitions[PARTITIONS];
    size_t count = owned_by(c, partitions);
    size_t len = put(to, 1, 2);
    len += put(to + len, 1, 4);
    len += put_topic(to + len);
    len += put(to + len, -1, 4);
    len += put(to + len, 1, 4);
    len += put_topic(to + len);
    len += put(to + len, (int32_t)count, 4);
    for (size_t i = 0; i < count; i++) {
        len += put(to + len, partitions[i], 4);
    }
    return len;
}

static void join(struct client *c) {
    uint8_t bytes[100];
    char id[ID_BYTES]; /* the answer writes over it */
    struct mock_join_group_protocol protocol = {base_slice_str("range"),
                                                base_slice_of(bytes, write_subscription(c, bytes))};
    memcpy(id, c->id, sizeof(id));
    const struct mock_join_group_request request = {
        .group_id = base_slice_str("g"),
        .session_timeout_ms = SESSION_MS,
        .rebalance_timeout_ms = REBALANCE_MS,
        .member_id = base_slice_str(id),
        .group_instance_id = base_slice_str(c->instance),
        .protocol_type = base_slice_str("consumer"),
        .protocols = &protocol,
        .protocol_count = 1,
    };
    const struct mock_group_caller caller = caller_of(c);
    mock_groups_join(groups, &caller, 3, &request, now_ms);
}

/* The leader of a classic group gives itself everything. */
static void sync(struct client *c) {
    uint8_t bytes[100];
    size_t len = put(bytes, 1, 2);
    len += put(bytes + len, 1, 4);
    len += put_topic(bytes + len);
    len += put(bytes + len, PARTITIONS, 4);
    for (int32_t p = 0; p < PARTITIONS; p++) {
        len += put(bytes + len, p, 4);
    }
    len += put(bytes + len, -1, 4);
    struct mock_sync_group_assignment all = {base_slice_str(c->id), base_slice_of(bytes, len)};
    const struct mock_sync_group_request request = {
        .group_id = base_slice_str("g"),
        .generation_id = c->epoch,
        .member_id = base_slice_str(c->id),
        .group_instance_id = base_slice_str(c->instance),
        .assignments = &all,
        .assignment_count = c->leads,
    };
    const struct mock_group_caller caller = caller_of(c);
    mock_groups_sync(groups, &caller, 3, &request, now_ms);
}

static int16_t heartbeat(const struct client *c) {
    const struct mock_heartbeat_request request = {
        base_slice_str("g"), c->epoch, base_slice_str(c->id), base_slice_str(c->instance)};
    return mock_groups_heartbeat(groups, &request, now_ms);
}

static void enter(struct client *c) {
    join(c);
    sync(c);
}

/* As a client goes on: until it is called no more. */
static void follow(struct client *c) {
    for (int i = 0; i < 5 && heartbeat(c) == MOCK_ERROR_REBALANCE_IN_PROGRESS; i++) {
        enter(c);
    }
}

/* -- the consumer protocol -- */

static void beat_with(struct client *c, int32_t epoch) {
    int32_t partitions[PARTITIONS];
    struct base_slice name = base_slice_str("t");
    struct mock_topic_id_partitions owned = {topic.id, partitions, owned_by(c, partitions)};
    const struct mock_group_caller caller = caller_of(c);
    const struct mock_consumer_group_heartbeat_request request = {
        .group_id = base_slice_str("g"),
        .member_id = base_slice_str(c->actor),
        .member_epoch = epoch,
        .instance_id = base_slice_str(c->instance),
        .rebalance_timeout_ms = epoch == 0 ? REBALANCE_MS : -1,
        .topic_names = &name,
        .topic_name_count = epoch == 0,
        .has_topic_names = epoch == 0,
        .owned = &owned,
        .owned_count = epoch != 0,
        .has_owned = true,
    };
    struct mock_consumer_group_heartbeat_response r;
    struct base_arena arena;
    base_arena_init(&arena, BASE_MIB);
    mock_groups_consumer_heartbeat(groups, &caller, 1, &request, &arena, &r, now_ms);
    c->error = r.error_code;
    c->epoch = r.error_code ? c->epoch : r.member_epoch;
    if (r.has_assignment) {
        take(c, r.assignment_count ? r.assignment[0].partitions : NULL,
             r.assignment_count ? r.assignment[0].partition_count : 0);
    }
    base_arena_clean_up(&arena);
}

static void beat_first(struct client *c) {
    memset(c->owns, 0, sizeof(c->owns));
    beat_with(c, 0);
}

static void beat(struct client *c) {
    beat_with(c, c->epoch);
}

/* -- what is seen -- */

static struct mock_group_view view(void) {
    struct mock_group_view v = {.type = "none", .state = "none"};
    (void)mock_groups_view(groups, "g", &v);
    return v;
}

static size_t count_of(const struct client *c) {
    int32_t partitions[PARTITIONS];
    return owned_by(c, partitions);
}

static void wait_ms(int64_t ms) {
    now_ms += ms;
    mock_groups_tick(groups, now_ms);
}

/* A classic member and one of the consumer protocol, each with its half. */
static void mix(struct client *old, struct client *new) {
    enter(old);
    beat_first(new);
    for (int i = 0; i < 3; i++) {
        follow(old);
        beat(new);
    }
    T_EQUAL_STR(view().type, "consumer");
    T_EQUAL_STR(view().state, "Stable");
    T_EQUAL_INT(count_of(old), 2);
    T_EQUAL_INT(count_of(new), 2);
}

/* -- tests -- */

static void a_member_that_speaks_the_classic_protocol_has_its_own_session(void) {
    struct client old = client("old");
    struct client new = client("new");
    mix(&old, &new);
    T_EQUAL_INT(mock_groups_next_due_ms(groups), now_ms + SESSION_MS);
    wait_ms(SESSION_MS - 1);
    T_EQUAL_INT(heartbeat(&old), 0);
    wait_ms(SESSION_MS);
    T_EQUAL_INT(heartbeat(&old), MOCK_ERROR_UNKNOWN_MEMBER_ID);
    T_EQUAL_INT(view().member_count, 1);
    T_EQUAL_STR(view().type, "consumer");
    beat(&new);
    T_EQUAL_INT(count_of(&new), 4);
}

static void who_is_called_and_does_not_join_is_taken_out(void) {
    struct client old = client("old");
    struct client new = client("new");
    struct client next = client("next");
    mix(&old, &new);
    beat_first(&next);
    T_EQUAL_INT(heartbeat(&old), MOCK_ERROR_REBALANCE_IN_PROGRESS);
    for (int waited = 0; waited < REBALANCE_MS - 5000; waited += 5000) {
        wait_ms(5000);
        T_EQUAL_INT(heartbeat(&old), MOCK_ERROR_REBALANCE_IN_PROGRESS);
        beat(&new);
        beat(&next);
    }
    wait_ms(4999);
    T_EQUAL_INT(view().member_count, 3);
    wait_ms(1); /* heartbeats do not put it off */
    T_EQUAL_INT(view().member_count, 2);
    T_TRUE(strstr(told, "expired old") != NULL);
}

static void who_joins_and_does_not_sync_is_taken_out(void) {
    struct client old = client("old");
    struct client new = client("new");
    mix(&old, &new);
    join(&old);
    for (int waited = 0; waited < REBALANCE_MS; waited += 5000) {
        T_EQUAL_INT(heartbeat(&old), 0);
        beat(&new);
        wait_ms(5000);
    }
    T_EQUAL_INT(view().member_count, 1);
    T_TRUE(strstr(told, "expired old") != NULL);
}

static void who_joins_and_syncs_in_time_stays(void) {
    struct client old = client("old");
    struct client new = client("new");
    struct client next = client("next");
    mix(&old, &new);
    beat_first(&next);
    follow(&old);
    for (int waited = 0; waited < 2 * REBALANCE_MS; waited += 5000) {
        wait_ms(5000);
        follow(&old);
        beat(&new);
        beat(&next);
    }
    T_EQUAL_INT(view().member_count, 3);
    T_EQUAL_INT(count_of(&old) + count_of(&new) + count_of(&next), 4);
}

static void when_the_last_of_the_consumer_protocol_expires_the_group_is_classic(void) {
    struct client old = client("old");
    struct client new = client("new");
    mix(&old, &new);
    for (int waited = 0; waited < CONSUMER_SESSION_MS; waited += 5000) {
        T_EQUAL_INT(heartbeat(&old), 0);
        wait_ms(5000);
    }
    T_EQUAL_STR(view().type, "classic");
    T_EQUAL_STR(view().state, "PreparingRebalance");
    T_EQUAL_INT(heartbeat(&old), MOCK_ERROR_REBALANCE_IN_PROGRESS);
    enter(&old);
    T_TRUE(old.leads);
    T_EQUAL_INT(old.epoch, 3);
    T_EQUAL_INT(count_of(&old), 4);
    wait_ms(SESSION_MS);
    T_EQUAL_STR(view().state, "Empty");
}

static void the_dead_of_either_protocol_are_taken_out(void) {
    struct client old = client("old");
    struct client new = client("new");
    mix(&old, &new);
    mock_groups_actor_died(groups, "old", 1, now_ms);
    T_EQUAL_STR(view().type, "consumer");
    T_EQUAL_INT(view().member_count, 1);
    old = client("old");
    enter(&old);
    mock_groups_actor_died(groups, "new", 1, now_ms);
    T_EQUAL_STR(view().type, "classic");
    T_EQUAL_INT(view().member_count, 1);
    mock_groups_actor_died(groups, "old", 1, now_ms);
    T_EQUAL_STR(view().state, "Empty");
    T_EQUAL_INT(mock_groups_next_due_ms(groups), INT64_MAX);
}

static void who_dies_with_members_of_both_protocols_leaves_an_empty_group(void) {
    struct client old = client("both");
    struct client new = client("both");
    enter(&old);
    beat_first(&new);
    mock_groups_actor_died(groups, "both", 1, now_ms);
    T_EQUAL_STR(view().type, "consumer");
    T_EQUAL_STR(view().state, "Empty");
}

static void a_death_while_others_wait_for_the_change_is_survived(void) {
    struct client a = client("a");
    struct client b = client("b");
    struct client new = client("new");
    enter(&a);
    join(&b); /* waits for a */
    T_EQUAL_INT(b.joins, 0);
    beat_first(&new);
    T_EQUAL_INT(b.joins, 1);
    T_EQUAL_INT(b.error, MOCK_ERROR_REBALANCE_IN_PROGRESS);
    mock_groups_actor_died(groups, "a", 1, now_ms);
    mock_groups_actor_died(groups, "new", 1, now_ms);
    T_EQUAL_STR(view().type, "classic");
    T_EQUAL_INT(view().member_count, 1);
    enter(&b);
    T_TRUE(b.leads);
    T_EQUAL_INT(count_of(&b), 4);
}

static void the_change_is_told_and_the_assignment_shown(void) {
    struct client old = client("old");
    struct client new = client("new");
    struct mock_member_view member;
    mix(&old, &new);
    mock_groups_member(groups, "g", 0, &member);
    T_EQUAL_STR(member.actor, "old");
    T_TRUE(member.assignment.len > 0);
    T_TRUE(strstr(told, "upgraded 1,") != NULL);
    beat_with(&new, -1);
    T_TRUE(strstr(told, "left new 2,downgraded 2,rebalancing 2,") != NULL);
}

static void a_policy_that_forbids_it_keeps_the_group(void) {
    struct client old = client("old");
    struct client new = client("new");
    tear_down();
    open_with(MOCK_MIGRATION_DISABLED);
    enter(&old);
    beat_first(&new);
    T_EQUAL_INT(new.error, MOCK_ERROR_GROUP_ID_NOT_FOUND);
    tear_down();
    open_with(MOCK_MIGRATION_UPGRADE);
    old = client("old");
    mix(&old, &new);
    beat_with(&new, -1);
    T_EQUAL_STR(view().type, "consumer");
    T_EQUAL_INT(heartbeat(&old), 0); /* nobody is there whose heartbeat makes a target */
    enter(&old);
    T_EQUAL_INT(count_of(&old), 4);
}

/* -- memory -- */

/* Refused for want of memory, it asks again: as a client does. */
static void insist(struct client *c, void (*ask)(struct client *c)) {
    ask(c);
    if (c->error == MOCK_ERROR_UNKNOWN_SERVER_ERROR) {
        ask(c);
    }
}

static void insist_on_entering(struct client *c) {
    insist(c, join);
    insist(c, sync);
}

/* Up and down again. A failed downgrade leaves a group of the consumer protocol that works. */
static void play(void) {
    struct client old = client("old");
    struct client new = client("new");
    struct client back = client("back");
    insist_on_entering(&old);
    insist(&new, beat_first);
    for (int i = 0; i < 3; i++) {
        if (heartbeat(&old) == MOCK_ERROR_REBALANCE_IN_PROGRESS) {
            insist_on_entering(&old);
        }
        insist(&new, beat);
    }
    new.instance = back.instance = "i";
    insist(&new, beat);
    insist_on_entering(&back);
    (void)heartbeat(&back);
    beat_with(&new, -1);
}

static void every_failing_allocation_is_survived(void) {
    tear_down();
    for (uint64_t after = 0; after < 300; after++) {
        set_up();
        base_memory_fail_after(after, 0);
        play();
        base_memory_fail_never();
        for (int i = 0; i < 5; i++) {
            wait_ms(10 * REBALANCE_MS);
        }
        T_EQUAL_STR(view().state, "Empty");
        struct client old = client("late");
        struct client new = client("later");
        mix(&old, &new);
        beat_with(&new, -1);
        T_EQUAL_STR(view().type, "classic");
        follow(&old);
        T_EQUAL_INT(count_of(&old), 4);
        tear_down();
    }
    set_up();
}

CU_SuiteInfo *suite_mock_group_migration(void) {
#define TEST(name)                                                                                 \
    { #name, name }
    static CU_TestInfo tests[] = {
        TEST(a_member_that_speaks_the_classic_protocol_has_its_own_session),
        TEST(who_is_called_and_does_not_join_is_taken_out),
        TEST(who_joins_and_does_not_sync_is_taken_out),
        TEST(who_joins_and_syncs_in_time_stays),
        TEST(when_the_last_of_the_consumer_protocol_expires_the_group_is_classic),
        TEST(the_dead_of_either_protocol_are_taken_out),
        TEST(who_dies_with_members_of_both_protocols_leaves_an_empty_group),
        TEST(a_death_while_others_wait_for_the_change_is_survived),
        TEST(the_change_is_told_and_the_assignment_shown),
        TEST(a_policy_that_forbids_it_keeps_the_group),
        TEST(every_failing_allocation_is_survived),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/group/migration", NULL, NULL, set_up, tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
