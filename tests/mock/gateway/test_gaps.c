/* Tests of what librdkafka's mock cluster cannot do, and behind the gateway nobody may notice,
 * where no client alone can see it: a partition without a leader (the mock would crash), errors
 * that were used up (they would hide others for ever). */
#include "ask.h"
#include "suites.h"

static struct peer p;
static const char *topic;

static void begin(void) {
    ask_begin();
    peer_open(&p, rig.listener, 1);
    topic = rig_topic(1, false);
}

static void end(void) {
    (void)mock_node_up(rig.broker, 2, NULL);
    peer_close(&p);
    ask_end();
}

/* Its only replica is broker 2, which dies. */
static const char *leaderless(void) {
    struct mock_topic_options options = MOCK_TOPIC_OPTIONS_INIT;
    options.replication_factor = 1;
    T_EQUAL_INT(mock_topic_create(rig.broker, "leaderless", &options, NULL), 0);
    T_EQUAL_INT(mock_leader_move(rig.broker, "leaderless", 0, 2, NULL), 0);
    T_EQUAL_INT(mock_node_down(rig.broker, 2, NULL), 0);
    T_EQUAL_INT(mock_partition_leader(rig.broker, "leaderless", 0), -1);
    return "leaderless";
}

static struct mock_uuid id_of(const char *name) {
    struct base_reader body;
    struct mock_metadata_response said = {0};
    struct mock_metadata_request_topic one = {.name = base_slice_str(name)};
    struct mock_metadata_request request = {.topics = &one, .topic_count = 1};
    mock_metadata_request_encode(peer_request(&p, MOCK_API_METADATA, 12), 12, &request);
    peer_send(&p);
    bool good = T_TRUE(peer_await(&p, &body)) &&
                T_EQUAL_INT(mock_metadata_response_decode(&body, 12, &p.arena, &said), 0) &&
                T_EQUAL_INT(said.topic_count, 1);
    return good ? said.topics[0].id : (struct mock_uuid){{0}};
}

/* The version says which of name and id is sent. */
static int16_t fetch_in_version(int16_t version, const char *name, struct mock_uuid id) {
    struct base_reader body;
    struct mock_fetch_response said = {0};
    struct mock_fetch_partition part = {.current_leader_epoch = -1,
                                        .last_fetched_epoch = -1,
                                        .log_start_offset = -1,
                                        .max_bytes = BASE_MIB};
    struct mock_fetch_topic one = {
        .name = base_slice_str(name), .id = id, .partitions = &part, .partition_count = 1};
    struct mock_fetch_request request = {.replica_id = -1,
                                         .max_bytes = BASE_MIB,
                                         .session_epoch = -1,
                                         .topics = &one,
                                         .topic_count = 1,
                                         .replica_epoch = -1};
    mock_fetch_request_encode(peer_request(&p, MOCK_API_FETCH, version), version, &request);
    peer_send(&p);
    return T_TRUE(peer_await(&p, &body)) &&
                   T_EQUAL_INT(mock_fetch_response_decode(&body, version, &p.arena, &said), 0) &&
                   T_EQUAL_INT(said.topic_count, 1)
               ? said.topics[0].partitions[0].error_code
               : CLOSED_INSTEAD;
}

static void a_partition_without_a_leader_refuses_in_every_version(void) {
    const char *name = leaderless();
    struct mock_uuid id = id_of(name);
    for (int16_t version = 3; version <= 12; version++) {
        T_EQUAL_INT(produce_version(&p, version, name, BATCH(.count = 1)).error,
                    MOCK_ERROR_NOT_LEADER_OR_FOLLOWER);
    }
    for (int16_t version = 4; version <= 18; version++) {
        T_EQUAL_INT(fetch_in_version(version, name, id), MOCK_ERROR_NOT_LEADER_OR_FOLLOWER);
    }
    T_EQUAL_INT(list_offset(&p, name, 0, -1).error, MOCK_ERROR_NOT_LEADER_OR_FOLLOWER);
    T_EQUAL_INT(describe(&p, name).partition_error, MOCK_ERROR_LEADER_NOT_AVAILABLE);
    T_TRUE(is_alive(&p));
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.count = 1)).error, 0);
}

static void errors_that_were_used_up_hide_no_later_ones(void) {
    static const int16_t errors[] = {MOCK_ERROR_NOT_ENOUGH_REPLICAS, MOCK_ERROR_REQUEST_TIMED_OUT};
    struct peer second;
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.count = 1)).error, 0);
    for (size_t i = 0; i < 4; i++) {
        T_EQUAL_INT(mock_cluster_errors(rig.broker, MOCK_API_PRODUCE, &errors[i % 2], 1, NULL), 0);
        T_EQUAL_INT(produce(&p, topic, 0, BATCH(.count = 1)).error, errors[i % 2]);
        T_EQUAL_INT(produce(&p, topic, 0, BATCH(.count = 1)).error, 0);
    }
    T_EQUAL_INT(mock_leader_move(rig.broker, topic, 0, 3, NULL), 0);
    peer_open(&second, rig.listener, 3); /* another broker of the mock's */
    T_EQUAL_INT(mock_cluster_errors(rig.broker, MOCK_API_PRODUCE, &errors[0], 1, NULL), 0);
    T_EQUAL_INT(produce(&second, topic, 0, BATCH(.count = 1)).error, errors[0]);
    T_EQUAL_INT(produce(&second, topic, 0, BATCH(.count = 1)).base_offset, 5);
    peer_close(&second);
}

CU_SuiteInfo *suite_mock_gateway_gaps(void) {
    static CU_TestInfo tests[] = {
        {"a_partition_without_a_leader_refuses_in_every_version",
         a_partition_without_a_leader_refuses_in_every_version},
        {"errors_that_were_used_up_hide_no_later_ones",
         errors_that_were_used_up_hide_no_later_ones},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/gateway gaps", rig_set_up, rig_tear_down, begin, end, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
