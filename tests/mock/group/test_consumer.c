/* Tests of groups of the consumer protocol (KIP-848): time, death, topics that change, what is told
 * and shown. What a client is answered is compared with Apache Kafka in tests/fidelity. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "mock/group/group.h"
#include "mock/wire/consumer_protocol.h"
#include "mock/wire/error_names.h"
#include "suites.h"
#include "t_run.h"

#define SESSION_MS 45000

/* -- the cluster's topics -- */

static struct mock_group_topic topics[4];
static size_t topic_count;

static void add_topic(const char *name, int32_t partitions) {
    struct mock_group_topic *topic = &topics[topic_count++];
    *topic = (struct mock_group_topic){.name = name, .partitions = partitions};
    topic->id.bytes[15] = (uint8_t)topic_count;
    topic->id.bytes[0] = 1;
}

static bool topic_by_id(void *arg, const struct mock_uuid *id, struct mock_group_topic *ret) {
    for (size_t i = 0; i < topic_count; i++) {
        if (memcmp(id, &topics[i].id, sizeof(*id)) == 0) {
            *ret = topics[i];
            return true;
        }
    }
    return false;
}

static void each_topic(void *arg, mock_group_topic_fn visit, void *visit_arg) {
    for (size_t i = 0; i < topic_count; i++) {
        visit(visit_arg, &topics[i]);
    }
}

/* -- the coordinator, and one consumer -- */

static struct mock_groups *groups;
static int64_t now_ms;
static int64_t live_before;
static char told[4000];

static void on_join(void *arg, void *request, const struct mock_join_group_response *r) {
    *(int16_t *)request = r->error_code;
}

static void on_sync(void *arg, void *request, const struct mock_sync_group_response *r) {
    *(int16_t *)request = r->error_code;
}

static void on_change(void *arg, const struct mock_group_change *change) {
    size_t len = strlen(told);
    (void)snprintf(told + len, sizeof(told) - len, "%s%s%s %d,", change->what,
                   change->member_id ? " " : "", change->member_id ? change->member_id : "",
                   (int)change->generation);
}

static void open_with(const struct mock_groups_options *options) {
    const struct mock_groups_host host = {
        .join_answered = on_join,
        .sync_answered = on_sync,
        .changed = on_change,
        .topic_by_id = topic_by_id,
        .each_topic = each_topic,
    };
    topic_count = 0;
    told[0] = '\0';
    now_ms = 1000000;
    live_before = base_memory_live_count();
    add_topic("t", 4);
    T_EQUAL_INT(mock_groups_new(options, &host, &groups, NULL), 0);
}

static void set_up(void) {
    const struct mock_groups_options options = MOCK_GROUPS_OPTIONS_INIT;
    open_with(&options);
}

static void tear_down(void) {
    mock_groups_free(groups);
    groups = NULL;
    T_EQUAL_INT(base_memory_live_count(), live_before);
}

struct consumer {
    const char *id;
    const char *instance;
    const char *topic;
    const char *regex;
    int32_t rebalance_ms;
    uint32_t incarnation;
    int32_t epoch;
    int16_t error;
    bool told;    /* the last answer had an assignment */
    size_t count; /* of the partitions in the last assignment */
    int32_t partitions[16];
    struct mock_uuid topic_id;
};

static struct consumer consumer(const char *id) {
    return (struct consumer){.id = id, .topic = "t", .rebalance_ms = 60000, .incarnation = 1};
}

/* Acknowledges what it was told last, when owns is set. */
static void send(struct consumer *c, int32_t epoch, bool owns) {
    struct base_slice name = base_slice_str(c->topic);
    struct mock_topic_id_partitions owned = {c->topic_id, c->partitions, c->count};
    const struct mock_group_caller caller = {c->id, c->incarnation, c->id, "/127.0.0.1", NULL};
    const struct mock_consumer_group_heartbeat_request request = {
        .group_id = base_slice_str("g"),
        .member_id = base_slice_str(c->id),
        .member_epoch = epoch,
        .instance_id = base_slice_str(c->instance),
        .rebalance_timeout_ms = epoch == 0 ? c->rebalance_ms : -1,
        .topic_names = &name,
        .topic_name_count = epoch == 0 && c->topic,
        .has_topic_names = epoch == 0,
        .topic_regex = epoch == 0 ? base_slice_str(c->regex) : BASE_SLICE_NULL,
        .owned = &owned,
        .owned_count = owns && c->count,
        .has_owned = epoch == 0 || owns,
    };
    struct mock_consumer_group_heartbeat_response response;
    struct base_arena arena;
    base_arena_init(&arena, BASE_MIB);
    mock_groups_consumer_heartbeat(groups, &caller, 1, &request, &arena, &response, now_ms);
    c->error = response.error_code;
    c->told = response.has_assignment;
    if (!c->error) {
        c->epoch = response.member_epoch;
    }
    if (c->told) {
        c->count = response.assignment_count ? response.assignment[0].partition_count : 0;
    }
    if (c->told && c->count) {
        c->topic_id = response.assignment[0].topic_id;
        memcpy(c->partitions, response.assignment[0].partitions, c->count * sizeof(int32_t));
    }
    base_arena_clean_up(&arena);
}

static void join(struct consumer *c) {
    c->count = 0;
    send(c, 0, false);
}

static void beat(struct consumer *c) {
    send(c, c->epoch, true);
}

/* Until nobody is told anything new. */
static void settle(struct consumer **all, size_t count) {
    for (int round = 0; round < 6; round++) {
        for (size_t i = 0; i < count; i++) {
            beat(all[i]);
        }
    }
}

static struct mock_group_view view(void) {
    struct mock_group_view v = {.state = "none"};
    (void)mock_groups_view(groups, "g", &v);
    return v;
}

static void wait_ms(int64_t ms) {
    now_ms += ms;
    mock_groups_tick(groups, now_ms);
}

/* -- time -- */

static void a_silent_member_is_taken_out_when_its_session_ends(void) {
    struct consumer a = consumer("a");
    struct consumer b = consumer("b");
    struct consumer *all[] = {&a, &b};
    join(&a);
    join(&b);
    settle(all, 2);
    T_EQUAL_STR(view().state, "Stable");
    T_EQUAL_INT(mock_groups_next_due_ms(groups), now_ms + SESSION_MS);
    wait_ms(SESSION_MS - 1);
    beat(&a);
    wait_ms(1);
    T_EQUAL_INT(view().member_count, 1);
    T_TRUE(strstr(told, "expired b 3,") != NULL);
    beat(&b);
    T_EQUAL_INT(b.error, MOCK_ERROR_UNKNOWN_MEMBER_ID);
    beat(&a);
    T_EQUAL_INT(a.count, 4);
    T_EQUAL_STR(view().state, "Stable");
}

static void who_does_not_give_back_in_time_is_taken_out(void) {
    struct consumer a = consumer("a");
    struct consumer b = consumer("b");
    a.rebalance_ms = 1000;
    join(&a);
    join(&b);
    send(&a, a.epoch, false); /* is told, and says nothing */
    T_EQUAL_INT(a.count, 2);
    T_EQUAL_STR(view().state, "Reconciling");
    T_EQUAL_INT(mock_groups_next_due_ms(groups), now_ms + 1000);
    wait_ms(500);
    send(&a, a.epoch, false);
    wait_ms(500);
    T_EQUAL_INT(view().member_count, 1);
    beat(&b);
    T_EQUAL_INT(b.count, 4);
}

static void who_gives_back_in_time_stays(void) {
    struct consumer a = consumer("a");
    struct consumer b = consumer("b");
    a.rebalance_ms = 1000;
    join(&a);
    join(&b);
    send(&a, a.epoch, false);
    beat(&a);
    T_EQUAL_INT(mock_groups_next_due_ms(groups), now_ms + SESSION_MS);
    wait_ms(2000);
    T_EQUAL_INT(view().member_count, 2);
}

static void a_target_waits_for_the_assignment_interval(void) {
    struct mock_groups_options options = MOCK_GROUPS_OPTIONS_INIT;
    struct consumer a = consumer("a");
    struct consumer b = consumer("b");
    options.consumer_assignment_interval_ms = 1000;
    tear_down();
    open_with(&options);
    join(&a);
    join(&b);
    T_EQUAL_INT(b.epoch, 2);
    T_EQUAL_STR(view().state, "Assigning");
    wait_ms(1000);
    beat(&b);
    T_EQUAL_INT(b.epoch, 3);
    T_EQUAL_STR(view().state, "Reconciling");
}

/* -- deaths, force -- */

static void the_dead_are_taken_out_at_once(void) {
    struct consumer a = consumer("a");
    struct consumer b = consumer("b");
    struct consumer *all[] = {&a, &b};
    b.incarnation = 2;
    join(&a);
    join(&b);
    settle(all, 2);
    mock_groups_actor_died(groups, "b", 1, now_ms);
    T_EQUAL_INT(view().member_count, 2);
    mock_groups_actor_died(groups, "b", 2, now_ms);
    T_EQUAL_INT(view().member_count, 1);
    beat(&a);
    T_EQUAL_INT(a.count, 4);
}

static void a_forced_rebalance_moves_the_epochs_and_nothing_else(void) {
    struct consumer a = consumer("a");
    T_TRUE(!mock_groups_rebalance(groups, "g", now_ms));
    join(&a);
    T_TRUE(mock_groups_rebalance(groups, "g", now_ms));
    T_EQUAL_STR(view().state, "Assigning");
    beat(&a);
    T_EQUAL_INT(a.epoch, 3);
    T_TRUE(!a.told);
    T_EQUAL_STR(view().state, "Stable");
}

/* -- topics that change -- */

static void more_partitions_are_shared_out(void) {
    struct consumer a = consumer("a");
    join(&a);
    topics[0].partitions = 6;
    beat(&a);
    T_EQUAL_INT(a.epoch, 3);
    T_EQUAL_INT(a.count, 6);
    beat(&a);
    T_EQUAL_INT(a.epoch, 3);
}

static void a_topic_that_comes_is_assigned(void) {
    struct consumer a = consumer("a");
    a.topic = "u";
    join(&a);
    T_EQUAL_INT(a.count, 0);
    add_topic("u", 2);
    beat(&a);
    T_EQUAL_INT(a.count, 2);
}

static void a_topic_that_goes_is_taken_back(void) {
    struct consumer a = consumer("a");
    join(&a);
    topic_count = 0;
    beat(&a);
    T_TRUE(a.told);
    T_EQUAL_INT(a.count, 0);
    beat(&a);
    T_EQUAL_STR(view().state, "Stable");
}

static void a_pattern_finds_topics_that_come(void) {
    struct consumer a = consumer("a");
    a.topic = NULL;
    a.regex = "t|u.*";
    join(&a);
    beat(&a);
    T_EQUAL_INT(a.count, 4);
    topics[0].partitions = 1;
    add_topic("u2", 3);
    beat(&a);
    beat(&a);
    T_EQUAL_INT(a.epoch, 4);
}

/* -- limits, other kinds -- */

static void a_full_group_takes_nobody_more(void) {
    struct mock_groups_options options = MOCK_GROUPS_OPTIONS_INIT;
    struct consumer a = consumer("a");
    struct consumer b = consumer("b");
    options.max_consumers = 1;
    tear_down();
    open_with(&options);
    join(&a);
    join(&b);
    T_EQUAL_INT(b.error, MOCK_ERROR_GROUP_MAX_SIZE_REACHED);
    join(&a);
    T_EQUAL_INT(a.error, 0);
}

static int16_t join_classic(const char *id) {
    int16_t error = -1;
    struct mock_join_group_protocol protocol = {base_slice_str("range"), base_slice_str("m")};
    const struct mock_group_caller caller = {"j", 1, "j", "/127.0.0.1", &error};
    const struct mock_join_group_request request = {
        .group_id = base_slice_str("g"),
        .session_timeout_ms = 10000,
        .rebalance_timeout_ms = 10000,
        .member_id = base_slice_str(id),
        .protocol_type = base_slice_str("consumer"),
        .protocols = &protocol,
        .protocol_count = 1,
    };
    mock_groups_join(groups, &caller, 3, &request, now_ms);
    return error;
}

static void an_empty_group_changes_its_kind(void) {
    struct consumer a = consumer("a");
    T_EQUAL_INT(mock_groups_commit(groups, "g", "t", 0, 5, -1, BASE_SLICE_NULL, NULL), 0);
    join(&a);
    T_EQUAL_STR(view().type, "consumer");
    T_EQUAL_INT(join_classic(""), MOCK_ERROR_INCONSISTENT_GROUP_PROTOCOL);
    send(&a, -1, false);
    T_EQUAL_STR(view().state, "Empty");
    T_EQUAL_INT(join_classic(""), 0);
    T_EQUAL_STR(view().type, "classic");
    T_EQUAL_INT(view().generation, 1);
    join(&a);
    T_EQUAL_INT(a.error, MOCK_ERROR_GROUP_ID_NOT_FOUND);
    T_EQUAL_INT(mock_groups_committed(groups, "g", "t", 0).offset, 5);
}

/* -- what is told and shown -- */

static void what_happens_is_told(void) {
    struct consumer a = consumer("a");
    struct consumer b = consumer("b");
    struct consumer *all[] = {&a, &b};
    join(&a);
    join(&b);
    settle(all, 2);
    send(&b, -1, false);
    beat(&a);
    send(&a, -1, false);
    T_EQUAL_STR(told, "joined a 2,stable 2,joined b 3,rebalancing 3,synced a 3,synced b 3,stable 3,"
                      "left b 3,rebalancing 4,synced a 4,stable 4,left a 4,empty 5,");
}

static void an_assignment_is_shown_in_the_form_of_the_classic_protocol(void) {
    struct consumer a = consumer("a");
    struct mock_member_view member;
    struct mock_assignment assignment;
    struct base_arena arena;
    join(&a);
    base_arena_init(&arena, BASE_MIB);
    T_EQUAL_INT(view().member_count, 1);
    T_EQUAL_STR(view().protocol, "uniform");
    mock_groups_member(groups, "g", 0, &member);
    T_EQUAL_STR(member.actor, "a");
    if (T_EQUAL_INT(mock_assignment_decode(member.assignment, &arena, &assignment), 0) &&
        T_EQUAL_INT(assignment.topic_count, 1)) {
        T_TRUE(base_slice_equal_str(assignment.topics[0].topic, "t"));
        T_EQUAL_INT(assignment.topics[0].partition_count, 4);
    }
    base_arena_clean_up(&arena);
}

static void what_revokes_is_known_before(void) {
    struct consumer a = consumer("a");
    struct consumer b = consumer("b");
    struct mock_consumer_group_heartbeat_request q = {
        .group_id = base_slice_str("g"), .member_id = base_slice_str("a"), .member_epoch = -1};
    T_TRUE(!mock_groups_consumer_revokes(groups, &q));
    join(&a);
    T_TRUE(mock_groups_consumer_revokes(groups, &q));
    join(&b);
    send(&a, a.epoch, false);
    q.member_epoch = a.epoch;
    T_TRUE(!mock_groups_consumer_revokes(groups, &q));
    q.has_owned = true;
    T_TRUE(mock_groups_consumer_revokes(groups, &q));
    int32_t still[] = {3};
    struct mock_topic_id_partitions owned = {a.topic_id, still, 1};
    q.owned = &owned;
    q.owned_count = 1;
    T_TRUE(!mock_groups_consumer_revokes(groups, &q));
}

static void offsets_of_topics_that_are_read_do_not_expire(void) {
    struct consumer a = consumer("a");
    join(&a);
    T_EQUAL_INT(mock_groups_commit(groups, "g", "t", 0, 5, -1, BASE_SLICE_NULL, NULL), 0);
    T_EQUAL_INT(mock_groups_commit(groups, "g", "u", 0, 5, -1, BASE_SLICE_NULL, NULL), 0);
    mock_groups_expire_offsets(groups, 1000, 1000);
    T_EQUAL_INT(mock_groups_committed(groups, "g", "t", 0).offset, 5);
    T_EQUAL_INT(mock_groups_committed(groups, "g", "u", 0).offset, -1);
    send(&a, -1, false);
    mock_groups_expire_offsets(groups, 1000, 1000);
    T_TRUE(!mock_groups_exists(groups, "g"));
}

/* -- patterns -- */

static bool matches(const char *pattern, const char *name) {
    struct consumer a = consumer("a");
    topics[0].name = name;
    topics[0].partitions = 1;
    a.topic = NULL;
    a.regex = pattern;
    join(&a);
    beat(&a);
    bool found = !a.error && a.count == 1;
    send(&a, -1, false);
    return found;
}

static void patterns_match_whole_names_as_re2_does(void) {
    T_TRUE(matches("a.c", "abc"));
    T_TRUE(!matches("a.c", "xabc"));
    T_TRUE(!matches("a\\.c", "abc"));
    T_TRUE(matches("a\\.c", "a.c"));
    T_TRUE(matches("\\d+", "2024"));
    T_TRUE(!matches("\\D+", "2024"));
    T_TRUE(matches("[\\w.\\-]+", "a-b.c_d"));
    T_TRUE(matches("[a\\]]+", "a"));
    T_TRUE(matches("[-a]+", "a-a"));
    T_TRUE(matches("[^^]+", "a"));
    T_TRUE(!matches("[\\^]", "a"));
    T_TRUE(matches("(?:a|b)+?c", "abac"));
    T_TRUE(matches("(?i)JOURNAL.*", "journal.x"));
    T_TRUE(matches("(?P<x>a)b", "ab"));
    T_TRUE(matches("a{2,3}", "aaa"));
    T_TRUE(!matches("a{2,3}", "a"));
    T_TRUE(matches("swh\\.journal\\.(revision|release)", "swh.journal.release"));
    T_TRUE(matches("^a$", "a"));
    T_TRUE(matches("\\Aa\\z", "a"));
    T_TRUE(matches("[[:alpha:]]+", "abc"));
    T_TRUE(matches("a|", "a"));
}

static void what_is_no_pattern_is_refused(void) {
    static const char *const wrong[] = {
        "(",   ")",     "[a",      "[b-a]",   "*a",   "a**",    "a{2,1}", "\\",
        "\\1", "(?=a)", "(?<=a)b", "a{1001}", "[a\\", "(?#x)a", "\\pN",   "((a{40}){40}){40}"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct consumer a = consumer("a");
        a.regex = wrong[i];
        join(&a);
        t_check(a.error == MOCK_ERROR_INVALID_REGULAR_EXPRESSION, __LINE__, __FILE__, "%s is taken",
                wrong[i]);
        T_TRUE(!mock_groups_exists(groups, "g"));
    }
}

/* -- memory -- */

/* Nobody may have what another has. */
static void check_owners(size_t count) {
    int owners[8] = {0};
    for (size_t i = 0; i < count; i++) {
        struct mock_member_view m;
        struct mock_assignment assignment;
        struct base_arena arena;
        base_arena_init(&arena, BASE_MIB);
        if (i < view().member_count) {
            mock_groups_member(groups, "g", i, &m);
            if (mock_assignment_decode(m.assignment, &arena, &assignment) == 0) {
                for (size_t k = 0;
                     assignment.topic_count && k < assignment.topics[0].partition_count; k++) {
                    owners[assignment.topics[0].partitions[k]]++;
                }
            }
        }
        base_arena_clean_up(&arena);
    }
    for (int p = 0; p < 8; p++) {
        T_TRUE(owners[p] <= 1);
    }
}

static void every_failing_allocation_is_survived(void) {
    tear_down();
    for (uint64_t after = 0; after < 260; after++) {
        struct consumer a = consumer("a");
        struct consumer b = consumer("b");
        struct consumer c = consumer("c");
        struct consumer *all[] = {&a, &b, &c};
        set_up();
        a.regex = "t.*";
        c.instance = "i";
        base_memory_fail_after(after, 0);
        join(&a);
        join(&b);
        join(&c);
        beat(&a);
        beat(&b);
        send(&c, -2, false);
        (void)mock_groups_commit(groups, "g", "t", 0, 1, 0, base_slice_str("m"), NULL);
        base_memory_fail_never();
        check_owners(3);
        struct consumer d = consumer("d");
        d.instance = "i";
        for (size_t i = 0; i < 3; i++) {
            if (all[i]->error && i < 2) {
                join(all[i]);
                T_EQUAL_INT(all[i]->error, 0);
            }
        }
        join(&d);
        if (d.error) {
            T_EQUAL_INT(d.error, MOCK_ERROR_UNRELEASED_INSTANCE_ID);
            wait_ms(SESSION_MS);
            join(&a);
            join(&b);
            join(&d);
            T_EQUAL_INT(d.error, 0);
        }
        struct consumer *left[] = {&a, &b, &d};
        settle(left, 3);
        T_EQUAL_STR(view().state, "Stable");
        T_EQUAL_INT(a.count + b.count + d.count, 4);
        check_owners(3);
        tear_down();
    }
    set_up();
}

CU_SuiteInfo *suite_mock_group_consumer(void) {
#define TEST(name)                                                                                 \
    { #name, name }
    static CU_TestInfo tests[] = {
        TEST(a_silent_member_is_taken_out_when_its_session_ends),
        TEST(who_does_not_give_back_in_time_is_taken_out),
        TEST(who_gives_back_in_time_stays),
        TEST(a_target_waits_for_the_assignment_interval),
        TEST(the_dead_are_taken_out_at_once),
        TEST(a_forced_rebalance_moves_the_epochs_and_nothing_else),
        TEST(more_partitions_are_shared_out),
        TEST(a_topic_that_comes_is_assigned),
        TEST(a_topic_that_goes_is_taken_back),
        TEST(a_pattern_finds_topics_that_come),
        TEST(a_full_group_takes_nobody_more),
        TEST(an_empty_group_changes_its_kind),
        TEST(what_happens_is_told),
        TEST(an_assignment_is_shown_in_the_form_of_the_classic_protocol),
        TEST(what_revokes_is_known_before),
        TEST(offsets_of_topics_that_are_read_do_not_expire),
        TEST(patterns_match_whole_names_as_re2_does),
        TEST(what_is_no_pattern_is_refused),
        TEST(every_failing_allocation_is_survived),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/group/consumer", NULL, NULL, set_up, tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
