/* Tests of topics that are deleted or enlarged while others work with them. */
#include <string.h>

#include "ask.h"
#include "base/memory.h"
#include "mock/wire/delete_topics.h"
#include "suites.h"

static struct peer p; /* works with the topic */
static struct peer o; /* deletes it */
static const char *topic;

static void begin(void) {
    ask_begin();
    peer_open(&p, rig.listener, 1);
    peer_open(&o, rig.listener, 1);
    topic = rig_topic(1, false);
    RIG_UNTIL(is_alive(&p) && is_alive(&o));
    rig_forget_events();
}

static void end(void) {
    peer_close(&p);
    peer_close(&o);
    ask_end();
}

static void ask_delete(struct peer *peer, const char *name) {
    struct mock_delete_topic one = {.name = base_slice_str(name)};
    struct mock_delete_topics_request request = {&one, 1, 1000};
    mock_delete_topics_request_encode(peer_request(peer, MOCK_API_DELETE_TOPICS, 5), 5, &request);
    peer_send(peer);
}

static int16_t take_deleted(struct peer *peer) {
    struct base_reader body;
    struct mock_delete_topics_response said = {0};
    if (!peer_await(peer, &body) ||
        !T_EQUAL_INT(mock_delete_topics_response_decode(&body, 5, &peer->arena, &said), 0) ||
        !T_EQUAL_INT(said.topic_count, 1)) {
        return CLOSED_INSTEAD;
    }
    return said.topics[0].error_code;
}

static int16_t delete_topic(struct peer *peer, const char *name) {
    ask_delete(peer, name);
    return take_deleted(peer);
}

static bool is_parked_at(const char *name, int32_t partition) {
    bool waits = false;
    (void)mock_actor_position(rig.broker, "peer", name, partition, &waits);
    return waits;
}

#define GONE MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION

static void a_deleted_topic_is_told_and_gone(void) {
    char name[RIG_NAME_BYTES];
    (void)snprintf(name, sizeof(name), "%s", topic);
    T_EQUAL_INT(delete_topic(&o, name), 0);
    T_EQUAL_INT(mock_topic_partitions(rig.broker, name), -1);
    const struct rig_event *e = rig_event(MOCK_EVENT_TOPIC, -1, 0);
    T_TRUE(e && strcmp(e->topic, name) == 0 && strcmp(e->text, "deleted") == 0);
    T_EQUAL_INT(delete_topic(&o, name), GONE);
}

static void a_waiting_fetch_is_answered_at_once(void) {
    const struct fetch_options forever = {.max_wait_ms = FOREVER_MS, .min_bytes = 1};
    ask_fetch(&p, topic, 0, 0, &forever);
    RIG_UNTIL(is_parked_at(topic, 0));
    T_EQUAL_INT(delete_topic(&o, topic), 0);
    T_EQUAL_INT(take_fetched(&p).error, GONE);
}

static void a_fetch_that_waits_for_another_topic_goes_on_waiting(void) {
    char first[RIG_NAME_BYTES];
    (void)snprintf(first, sizeof(first), "%s", topic);
    const char *second = rig_topic(1, false);
    const struct fetch_options forever = {.max_wait_ms = FOREVER_MS, .min_bytes = 1};
    ask_fetch(&p, second, 0, 0, &forever);
    RIG_UNTIL(is_parked_at(second, 0));
    T_EQUAL_INT(delete_topic(&o, first), 0);
    T_TRUE(is_parked_at(second, 0));
    T_EQUAL_INT(produce(&o, second, 0, BATCH(.count = 1)).error, 0);
    T_EQUAL_INT(take_fetched(&p).records_count, 1);
}

/* Both requests leave together: the mock cluster has the first when the second is applied. */
static void a_produce_on_its_way_is_refused(void) {
    int refused = 0;
    for (int i = 0; i < 20; i++) {
        const char *name = rig_topic(1, false);
        ask_produce(&p, -1, name, 0, BATCH(.count = 3));
        RIG_UNTIL(rig_count(MOCK_EVENT_BEFORE, MOCK_API_PRODUCE) == 1);
        T_EQUAL_INT(mock_topic_delete(rig.broker, name, NULL), 0);
        struct produced answer = take_produced(&p);
        T_EQUAL_INT(answer.error, GONE);
        refused += answer.error == GONE;
        T_EQUAL_INT(rig_count(MOCK_EVENT_APPEND, -1), 0);
        rig_forget_events();
    }
    T_EQUAL_INT(refused, 20);
}

static void produces_behind_one_on_its_way_are_refused(void) {
    for (int i = 0; i < 4; i++) {
        ask_produce(&p, -1, topic, 0, BATCH(.count = 1));
    }
    RIG_UNTIL(rig_count(MOCK_EVENT_BEFORE, MOCK_API_PRODUCE) > 0);
    T_EQUAL_INT(mock_topic_delete(rig.broker, topic, NULL), 0);
    for (int i = 0; i < 4; i++) {
        T_EQUAL_INT(take_produced(&p).error, GONE);
    }
}

static void a_produce_whose_topic_is_made_again_does_not_reach_the_new_one(void) {
    char name[RIG_NAME_BYTES];
    (void)snprintf(name, sizeof(name), "%s", topic);
    struct mock_topic_options options = MOCK_TOPIC_OPTIONS_INIT;
    ask_produce(&p, -1, name, 0, BATCH(.count = 3));
    RIG_UNTIL(rig_count(MOCK_EVENT_BEFORE, MOCK_API_PRODUCE) == 1);
    T_EQUAL_INT(mock_topic_delete(rig.broker, name, NULL), 0);
    T_EQUAL_INT(mock_topic_create(rig.broker, name, &options, NULL), 0);
    T_EQUAL_INT(take_produced(&p).error, GONE);
    T_EQUAL_INT(mock_partition_end(rig.broker, name, 0), 0);
}

static void a_produce_that_a_fault_holds_is_refused(void) {
    bool held = false;
    RIG_ARM(rig_on(MOCK_ON_PRODUCE), 1, {.kind = MOCK_DO_HOLD, .until = &held});
    ask_produce(&p, -1, topic, 0, BATCH(.count = 1));
    RIG_UNTIL(mock_actor_is_held(rig.broker, NULL));
    T_EQUAL_INT(delete_topic(&o, topic), 0);
    rig_set(&held);
    T_EQUAL_INT(take_produced(&p).error, GONE);
}

/* The records were served before; the answer still has them, and tells whose they are. */
static void a_fetch_answer_that_a_fault_holds_is_sent(void) {
    bool held = false;
    T_EQUAL_INT(produce(&o, topic, 0, BATCH(.count = 2)).error, 0);
    RIG_ARM(rig_on(MOCK_ON_DELIVER), 1, {.kind = MOCK_DO_HOLD, .until = &held});
    const struct fetch_options at_once = {.max_wait_ms = FOREVER_MS, .min_bytes = 1};
    ask_fetch(&p, topic, 0, 0, &at_once);
    RIG_UNTIL(mock_actor_is_held(rig.broker, NULL));
    T_EQUAL_INT(delete_topic(&o, topic), 0);
    for (int i = 0; i < 3; i++) {
        T_TRUE(is_alive(&o)); /* turns of the loop, in which graves are emptied */
    }
    rig_set(&held);
    T_EQUAL_INT(take_fetched(&p).records_count, 2);
    T_EQUAL_STR(rig_event(MOCK_EVENT_SERVE, -1, 0)->topic, topic);
}

static void a_produce_answer_that_a_fault_holds_is_sent(void) {
    bool held = false;
    RIG_ARM(rig_on(MOCK_ON_APPEND), 1, {.kind = MOCK_DO_HOLD, .until = &held});
    ask_produce(&p, -1, topic, 0, BATCH(.count = 1));
    RIG_UNTIL(mock_actor_is_held(rig.broker, NULL));
    T_EQUAL_INT(delete_topic(&o, topic), 0);
    rig_set(&held);
    T_EQUAL_INT(take_produced(&p).error, 0); /* it was appended */
}

static void a_produce_that_waits_for_replicas_is_refused(void) {
    T_EQUAL_INT(mock_replication_hold(rig.broker, topic, -1, MOCK_ALL_FOLLOWERS, true, NULL), 0);
    ask_produce(&p, -1, topic, 0, BATCH(.count = 1));
    RIG_UNTIL(rig_count(MOCK_EVENT_APPEND, -1) == 1);
    T_EQUAL_INT(delete_topic(&o, topic), 0);
    T_EQUAL_INT(take_produced(&p).error, GONE);
}

static void the_asker_of_a_deletion_may_have_more_behind_it(void) {
    ask_delete(&p, topic);
    ask_produce(&p, -1, topic, 0, BATCH(.count = 1));
    T_EQUAL_INT(take_deleted(&p), 0);
    T_EQUAL_INT(take_produced(&p).error, GONE);
}

/* A fetch is answered by an append, and its connection goes on with the deletion of that topic. */
static void a_topic_may_be_deleted_from_within_an_append_to_it(void) {
    const struct fetch_options forever = {.max_wait_ms = FOREVER_MS, .min_bytes = 1};
    ask_fetch(&p, topic, 0, 0, &forever);
    RIG_UNTIL(is_parked_at(topic, 0));
    ask_delete(&p, topic);
    RIG_UNTIL(rig_count(MOCK_EVENT_RECV, MOCK_API_DELETE_TOPICS) == 1);
    struct produced answer = produce(&o, topic, 0, BATCH(.count = 1));
    T_TRUE(answer.error == 0 || answer.error == GONE);
    T_EQUAL_INT(take_fetched(&p).records_count, 1);
    T_EQUAL_INT(take_deleted(&p), 0);
    T_EQUAL_INT(mock_topic_partitions(rig.broker, topic), -1);
}

static void committed_offsets_go_with_the_topic(void) {
    char name[RIG_NAME_BYTES];
    (void)snprintf(name, sizeof(name), "%s", topic);
    const char *other = rig_topic(1, false);
    T_EQUAL_INT(mock_coordinator_move(rig.broker, "left", 1, NULL), 0);
    T_EQUAL_INT(commit(&p, "left", NULL, name, 0, 4), 0);
    T_EQUAL_INT(commit(&p, "left", NULL, other, 0, 5), 0);
    T_EQUAL_INT(delete_topic(&o, name), 0);
    T_EQUAL_INT(mock_group_committed(rig.broker, "left", name, 0), -1);
    T_EQUAL_INT(mock_group_committed(rig.broker, "left", other, 0), 5);
}

static void memory_of_a_deleted_topic_is_given_back(void) {
    const char *name = rig_topic(8, false);
    for (int i = 0; i < 8; i++) {
        T_EQUAL_INT(produce(&p, name, i, BATCH(.count = 50)).error, 0);
    }
    int64_t before = base_memory_live_count();
    T_EQUAL_INT(delete_topic(&o, name), 0);
    rig_settle();
    T_TRUE(base_memory_live_count() < before - 8);
}

/* -- more partitions -- */

static void new_partitions_take_records_beside_the_old_ones(void) {
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.count = 2)).error, 0);
    T_EQUAL_INT(mock_topic_add_partitions(rig.broker, topic, 3, NULL), 0);
    T_EQUAL_INT(mock_topic_partitions(rig.broker, topic), 3);
    for (int i = 1; i < 3; i++) {
        T_EQUAL_INT(mock_leader_move(rig.broker, topic, i, 1, NULL), 0);
        T_EQUAL_INT(produce(&p, topic, i, BATCH(.count = 1)).base_offset, 0);
    }
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.count = 1)).base_offset, 2);
    const struct rig_event *e = rig_event(MOCK_EVENT_TOPIC, -1, 0);
    T_TRUE(e && strcmp(e->text, "partitions") == 0 && e->partition == 3);
}

static void a_waiting_fetch_survives_new_partitions(void) {
    const struct fetch_options forever = {.max_wait_ms = FOREVER_MS, .min_bytes = 1};
    ask_fetch(&p, topic, 0, 0, &forever);
    RIG_UNTIL(is_parked_at(topic, 0));
    T_EQUAL_INT(mock_topic_add_partitions(rig.broker, topic, 2, NULL), 0);
    T_TRUE(is_parked_at(topic, 0));
    T_EQUAL_INT(produce(&o, topic, 0, BATCH(.count = 1)).error, 0);
    T_EQUAL_INT(take_fetched(&p).records_count, 1);
}

static void a_produce_on_its_way_survives_new_partitions(void) {
    ask_produce(&p, -1, topic, 0, BATCH(.count = 3));
    RIG_UNTIL(rig_count(MOCK_EVENT_BEFORE, MOCK_API_PRODUCE) == 1);
    T_EQUAL_INT(mock_topic_add_partitions(rig.broker, topic, 2, NULL), 0);
    T_EQUAL_INT(take_produced(&p).error, 0);
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 3);
}

static void a_topic_may_grow_twice_and_go(void) {
    T_EQUAL_INT(mock_topic_add_partitions(rig.broker, topic, 4, NULL), 0);
    T_EQUAL_INT(mock_topic_add_partitions(rig.broker, topic, 9, NULL), 0);
    T_EQUAL_INT(mock_topic_add_partitions(rig.broker, topic, 9, NULL), BASE_USAGE);
    T_EQUAL_INT(describe(&p, topic).partition_count, 9);
    T_EQUAL_INT(delete_topic(&o, topic), 0);
}

static void commands_name_what_is_missing(void) {
    T_EQUAL_INT(mock_topic_delete(rig.broker, "nowhere", NULL), BASE_NOT_FOUND);
    T_EQUAL_INT(mock_topic_add_partitions(rig.broker, "nowhere", 2, NULL), BASE_NOT_FOUND);
    T_EQUAL_INT(mock_topic_configure(rig.broker, "nowhere", "retention.ms", "1", NULL),
                BASE_NOT_FOUND);
}

static void a_setting_may_be_changed_and_put_back(void) {
    T_EQUAL_INT(mock_topic_configure(rig.broker, topic, "max.message.bytes", "100", NULL), 0);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.value_bytes = 200)).error,
                MOCK_ERROR_MESSAGE_TOO_LARGE);
    T_EQUAL_INT(mock_topic_configure(rig.broker, topic, "max.message.bytes", NULL, NULL), 0);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.value_bytes = 200)).error, 0);
    T_EQUAL_INT(mock_topic_configure(rig.broker, topic, "retention.ms", "soon", NULL), BASE_USAGE);
    T_EQUAL_INT(mock_topic_configure(rig.broker, topic, "min.compaction.lag.ms", "1h", NULL), 0);
    T_EQUAL_INT(mock_topic_configure(rig.broker, topic, "max.compaction.lag.ms", "1m", NULL),
                BASE_USAGE);
}

#define NAMED(test)                                                                                \
    { #test, test }

CU_SuiteInfo *suite_mock_gateway_topic_deletion(void) {
    static CU_TestInfo tests[] = {
        NAMED(a_deleted_topic_is_told_and_gone),
        NAMED(a_waiting_fetch_is_answered_at_once),
        NAMED(a_fetch_that_waits_for_another_topic_goes_on_waiting),
        NAMED(a_produce_on_its_way_is_refused),
        NAMED(produces_behind_one_on_its_way_are_refused),
        NAMED(a_produce_whose_topic_is_made_again_does_not_reach_the_new_one),
        NAMED(a_produce_that_a_fault_holds_is_refused),
        NAMED(a_fetch_answer_that_a_fault_holds_is_sent),
        NAMED(a_produce_answer_that_a_fault_holds_is_sent),
        NAMED(a_produce_that_waits_for_replicas_is_refused),
        NAMED(the_asker_of_a_deletion_may_have_more_behind_it),
        NAMED(a_topic_may_be_deleted_from_within_an_append_to_it),
        NAMED(committed_offsets_go_with_the_topic),
        NAMED(memory_of_a_deleted_topic_is_given_back),
        NAMED(new_partitions_take_records_beside_the_old_ones),
        NAMED(a_waiting_fetch_survives_new_partitions),
        NAMED(a_produce_on_its_way_survives_new_partitions),
        NAMED(a_topic_may_grow_twice_and_go),
        NAMED(commands_name_what_is_missing),
        NAMED(a_setting_may_be_changed_and_put_back),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"topics that go and grow", rig_set_up, rig_tear_down, begin, end, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
