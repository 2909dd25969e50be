/* Tests that the mock cluster decides: its errors, its leaders and its stopped brokers reach
 * clients. */
#include <string.h>

#include "ask.h"
#include "suites.h"

static struct peer p;

static void begin(void) {
    ask_begin();
    peer_open(&p, rig.listener, 1);
}

static void end(void) {
    peer_close(&p);
    ask_end();
}

static void push(int16_t api, int16_t error) {
    T_EQUAL_INT(mock_cluster_errors(rig.broker, api, &error, 1, NULL), 0);
}

static void an_error_pushed_for_produce_reaches_the_client_and_nothing_is_kept(void) {
    const char *topic = rig_topic(1, false);
    push(MOCK_API_PRODUCE, MOCK_ERROR_NOT_ENOUGH_REPLICAS);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.count = 1)).error, MOCK_ERROR_NOT_ENOUGH_REPLICAS);
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 0);
    T_EQUAL_INT(rig_count(MOCK_EVENT_APPEND, -1), 0);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.count = 1)).base_offset, 0);
}

static void several_pushed_errors_come_one_by_one(void) {
    const char *topic = rig_topic(1, false);
    static const int16_t errors[] = {MOCK_ERROR_NOT_ENOUGH_REPLICAS, MOCK_ERROR_REQUEST_TIMED_OUT};
    T_EQUAL_INT(mock_cluster_errors(rig.broker, MOCK_API_PRODUCE, errors, 2, NULL), 0);
    for (int i = 0; i < 3; i++) {
        ask_produce(&p, -1, topic, 0, BATCH(.count = 1));
    }
    T_EQUAL_INT(take_produced(&p).error, errors[0]);
    T_EQUAL_INT(take_produced(&p).error, errors[1]);
    T_EQUAL_INT(take_produced(&p).error, 0);
}

static void an_error_pushed_for_find_coordinator_reaches_the_client(void) {
    push(MOCK_API_FIND_COORDINATOR, MOCK_ERROR_COORDINATOR_NOT_AVAILABLE);
    T_EQUAL_INT(find_coordinator(&p, "pushed").error, MOCK_ERROR_COORDINATOR_NOT_AVAILABLE);
    T_EQUAL_INT(find_coordinator(&p, "pushed").error, 0);
}

static void an_error_pushed_for_init_producer_id_reaches_the_client(void) {
    push(MOCK_API_INIT_PRODUCER_ID, MOCK_ERROR_COORDINATOR_LOAD_IN_PROGRESS);
    T_EQUAL_INT(init_producer(&p, NULL).error, MOCK_ERROR_COORDINATOR_LOAD_IN_PROGRESS);
    T_EQUAL_INT(init_producer(&p, NULL).error, 0);
}

static void an_error_pushed_for_what_the_mock_does_not_decide_is_refused(void) {
    const int16_t error = MOCK_ERROR_REQUEST_TIMED_OUT;
    T_EQUAL_INT(mock_cluster_errors(rig.broker, MOCK_API_FETCH, &error, 1, NULL), BASE_UNSUPPORTED);
    T_EQUAL_INT(mock_cluster_errors(rig.broker, MOCK_API_METADATA, &error, 1, NULL),
                BASE_UNSUPPORTED);
}

static void metadata_names_our_own_addresses_only(void) {
    const char *topic = rig_topic(2, false);
    struct mock_listener *other = rig_listen("other", 1);
    struct peer o;
    struct peer again;
    peer_open(&o, other, 3);
    struct described a = describe(&p, topic);
    struct described b = describe(&o, topic);
    T_EQUAL_INT(a.broker_count, 3);
    T_EQUAL_INT(a.partition_count, 2);
    for (int i = 1; i <= 3; i++) {
        T_TRUE(a.ports[i] > 0 && b.ports[i] > 0 && a.ports[i] != b.ports[i]);
        char port[16];
        (void)snprintf(port, sizeof(port), ":%d", a.ports[i]);
        T_TRUE(strstr(mock_listener_bootstrap(rig.listener), port) != NULL);
    }
    peer_open(&again, other, 2);
    T_EQUAL_INT(find_coordinator(&again, "g").port, b.ports[find_coordinator(&again, "g").node]);
    peer_close(&again);
    peer_close(&o);
    mock_listener_close(other);
}

static void every_version_of_metadata_is_served(void) {
    const char *topic = rig_topic(4, false);
    for (int16_t version = 0; version <= 9; version++) {
        struct described d = describe_version(&p, version, topic);
        T_EQUAL_INT(d.error, 0);
        T_EQUAL_INT(d.partition_count, 4);
        T_EQUAL_INT(d.leader, 1);
        T_TRUE(describe_version(&p, version, NULL).topic_count > 0);
    }
}

static void a_topic_is_created_by_its_first_use(void) {
    /* Who asked first has to ask again. */
    T_EQUAL_INT(describe(&p, "first-use").error, MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION);
    struct described d = describe(&p, "first-use");
    T_EQUAL_INT(d.error, 0);
    T_EQUAL_INT(d.partition_count, 1);
    T_EQUAL_INT(mock_topic_partitions(rig.broker, "first-use"), 1);
    T_EQUAL_INT(describe(&p, "no good name").error, MOCK_ERROR_INVALID_TOPIC_EXCEPTION);
    T_EQUAL_INT(mock_topic_partitions(rig.broker, "no good name"), -1);
}

static void a_moved_leader_reaches_metadata_produce_and_fetch(void) {
    const char *topic = rig_topic(1, false);
    struct peer second;
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.count = 1)).error, 0);
    T_EQUAL_INT(mock_leader_move(rig.broker, topic, 0, 2, NULL), 0);
    T_EQUAL_INT(describe(&p, topic).leader, 2);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.count = 1)).error, MOCK_ERROR_NOT_LEADER_OR_FOLLOWER);
    T_EQUAL_INT(fetch(&p, topic, 0, 0).records_count, 1); /* a follower serves too (KIP-392) */
    peer_open(&second, rig.listener, 2);
    T_EQUAL_INT(produce(&second, topic, 0, BATCH(.count = 1)).base_offset, 1);
    T_EQUAL_INT(fetch(&second, topic, 0, 0).records_count, 2);
    T_EQUAL_INT(rig_count(MOCK_EVENT_LEADER, -1), 1);
    peer_close(&second);
}

static void a_parked_fetch_is_completed_when_its_leader_moves(void) {
    const char *topic = rig_topic(1, false);
    bool waits = false;
    T_EQUAL_INT(mock_leader_move(rig.broker, topic, 0, 2, NULL), 0);
    T_EQUAL_INT(mock_leader_move(rig.broker, topic, 0, 1, NULL), 0);
    ask_fetch(&p, topic, 0, 0,
              &(const struct fetch_options){.max_wait_ms = FOREVER_MS,
                                            .min_bytes = 1,
                                            .epoch = describe(&p, topic).leader_epoch});
    RIG_UNTIL(mock_actor_position(rig.broker, "peer", topic, 0, &waits) == 0 && waits);
    T_EQUAL_INT(mock_leader_move(rig.broker, topic, 0, 3, NULL), 0);
    T_EQUAL_INT(take_fetched(&p).error, MOCK_ERROR_FENCED_LEADER_EPOCH);
}

static void a_stopped_broker_breaks_its_connections_and_takes_none_until_it_is_up(void) {
    const char *topic = rig_topic(1, false);
    struct peer second;
    struct peer refused;
    peer_open(&second, rig.listener, 2);
    T_EQUAL_INT(describe(&second, topic).broker_count, 3);
    T_EQUAL_INT(mock_node_down(rig.broker, 2, NULL), 0);
    T_TRUE(peer_await_close(&second));
    peer_close(&second);
    struct described d = describe(&p, topic);
    T_EQUAL_INT(d.broker_count, 2);
    T_EQUAL_INT(d.ports[2], 0);
    peer_open(&refused, rig.listener, 2);
    T_TRUE(peer_await_close(&refused));
    peer_close(&refused);
    T_EQUAL_INT(mock_node_up(rig.broker, 2, NULL), 0);
    T_EQUAL_INT(describe(&p, topic).broker_count, 3);
    peer_open(&second, rig.listener, 2);
    T_EQUAL_INT(describe(&second, topic).broker_count, 3);
    T_EQUAL_STR(rig_event(MOCK_EVENT_BROKER, -1, 0)->text, "down");
    T_EQUAL_STR(rig_event(MOCK_EVENT_BROKER, -1, 1)->text, "up");
    peer_close(&second);
}

static void a_partition_whose_leader_dies_has_another_from_then_on(void) {
    const char *topic = rig_topic(1, false);
    T_EQUAL_INT(mock_leader_move(rig.broker, topic, 0, 2, NULL), 0);
    T_EQUAL_INT(mock_node_down(rig.broker, 2, NULL), 0);
    struct described d = describe(&p, topic);
    T_TRUE(d.leader == 1 || d.leader == 3);
    T_EQUAL_INT(d.partition_error, 0);
    T_EQUAL_INT(mock_node_up(rig.broker, 2, NULL), 0);
    T_EQUAL_INT(describe(&p, topic).leader, d.leader);
}

static void a_broker_may_go_down_and_up_many_times(void) {
    for (int i = 0; i < 20; i++) {
        struct peer second;
        T_EQUAL_INT(mock_node_down(rig.broker, 2, NULL), 0);
        T_EQUAL_INT(mock_node_up(rig.broker, 2, NULL), 0);
        peer_open(&second, rig.listener, 2);
        T_EQUAL_INT(init_producer(&second, NULL).error, 0);
        peer_close(&second);
    }
}

static void a_moved_coordinator_reaches_the_client(void) {
    for (int32_t node = 1; node <= 3; node++) {
        T_EQUAL_INT(mock_coordinator_move(rig.broker, "moving", node, NULL), 0);
        T_EQUAL_INT(find_coordinator(&p, "moving").node, node);
    }
    T_EQUAL_INT(mock_node_down(rig.broker, 3, NULL), 0);
    T_EQUAL_INT(find_coordinator(&p, "moving").node, 1);
    T_EQUAL_INT(mock_node_up(rig.broker, 3, NULL), 0);
    T_EQUAL_INT(find_coordinator(&p, "moving").node, 1);
}

static void commands_name_what_is_missing(void) {
    struct base_error err = BASE_ERROR_INIT;
    const char *topic = rig_topic(1, false);
    T_EQUAL_INT(mock_leader_move(rig.broker, "nowhere", 0, 1, &err), BASE_NOT_FOUND);
    T_TRUE(strstr(err.text, "nowhere") != NULL);
    T_EQUAL_INT(mock_leader_move(rig.broker, topic, 1, 1, &err), BASE_NOT_FOUND);
    T_EQUAL_INT(mock_leader_move(rig.broker, topic, 0, 4, &err), BASE_NOT_FOUND);
    T_EQUAL_INT(mock_node_down(rig.broker, 0, &err), BASE_NOT_FOUND);
    T_EQUAL_INT(mock_node_up(rig.broker, 4, &err), BASE_NOT_FOUND);
    T_EQUAL_INT(mock_coordinator_move(rig.broker, "g", 9, &err), BASE_NOT_FOUND);
    T_TRUE(mock_group_rebalance(rig.broker, "never-was", &err) < 0);
    T_TRUE(strstr(err.text, "never-was") != NULL);
}

static void a_topic_is_created_once_with_a_legal_name(void) {
    struct base_error err = BASE_ERROR_INIT;
    struct mock_topic_options options = MOCK_TOPIC_OPTIONS_INIT;
    const char *topic = rig_topic(1, false);
    T_EQUAL_INT(mock_topic_create(rig.broker, topic, &options, &err), BASE_STATE);
    T_EQUAL_INT(mock_topic_create(rig.broker, "a/b", &options, &err), BASE_USAGE);
    T_EQUAL_INT(mock_topic_create(rig.broker, "..", &options, &err), BASE_USAGE);
    options.partitions = 0;
    T_EQUAL_INT(mock_topic_create(rig.broker, "none", &options, &err), BASE_USAGE);
}

#define TEST(name)                                                                                 \
    { #name, name }

CU_SuiteInfo *suite_mock_gateway_cluster(void) {
    static CU_TestInfo tests[] = {
        TEST(an_error_pushed_for_produce_reaches_the_client_and_nothing_is_kept),
        TEST(several_pushed_errors_come_one_by_one),
        TEST(an_error_pushed_for_find_coordinator_reaches_the_client),
        TEST(an_error_pushed_for_init_producer_id_reaches_the_client),
        TEST(an_error_pushed_for_what_the_mock_does_not_decide_is_refused),
        TEST(metadata_names_our_own_addresses_only),
        TEST(every_version_of_metadata_is_served),
        TEST(a_topic_is_created_by_its_first_use),
        TEST(a_moved_leader_reaches_metadata_produce_and_fetch),
        TEST(a_parked_fetch_is_completed_when_its_leader_moves),
        TEST(a_stopped_broker_breaks_its_connections_and_takes_none_until_it_is_up),
        TEST(a_partition_whose_leader_dies_has_another_from_then_on),
        TEST(a_broker_may_go_down_and_up_many_times),
        TEST(a_moved_coordinator_reaches_the_client),
        TEST(commands_name_what_is_missing),
        TEST(a_topic_is_created_once_with_a_legal_name),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/gateway cluster", rig_set_up, rig_tear_down, begin, end, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
