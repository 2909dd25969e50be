/* Tests of racks (KIP-392): who reads from which replica, with the rack-aware selector. */
#include "ask.h"
#include "suites.h"

#define VERSION 11
#define SELECTOR "org.apache.kafka.common.replica.RackAwareReplicaSelector"

static const char *topic;
static struct peer leader; /* broker 1, in rack a */

static int set_up(void) {
    return rig_open("broker.rack", "a,b,c", "replica.selector.class", SELECTOR, NULL);
}

static void begin(void) {
    ask_begin();
    topic = rig_topic(1, false);
    peer_open(&leader, rig.listener, 1);
    T_EQUAL_INT(produce(&leader, topic, 0, BATCH(.count = 2)).error, 0);
}

static void end(void) {
    peer_close(&leader);
    ask_end();
}

struct told {
    int32_t preferred;
    bool records;
    int16_t error;
};

static struct told fetch_from(struct peer *p, const char *rack) {
    struct mock_fetch_partition part = {.current_leader_epoch = -1,
                                        .last_fetched_epoch = -1,
                                        .log_start_offset = -1,
                                        .max_bytes = 1000000};
    struct mock_fetch_topic t = {
        .name = base_slice_str(topic), .partitions = &part, .partition_count = 1};
    struct mock_fetch_request request = {.replica_id = -1,
                                         .max_bytes = 1000000,
                                         .session_epoch = -1,
                                         .topics = &t,
                                         .topic_count = 1,
                                         .rack_id = base_slice_str(rack)};
    struct mock_fetch_response said = {0};
    struct base_reader body;
    mock_fetch_request_encode(peer_request(p, MOCK_API_FETCH, VERSION), VERSION, &request);
    peer_send(p);
    if (!T_TRUE(peer_await(p, &body) &&
                mock_fetch_response_decode(&body, VERSION, &p->arena, &said) == 0 &&
                said.topic_count == 1 && said.topics[0].partition_count == 1)) {
        return (struct told){-2, false, 0};
    }
    const struct mock_fetch_partition_response *at = &said.topics[0].partitions[0];
    return (struct told){at->preferred_read_replica, at->chunk_count > 0 && at->chunks[0].len > 0,
                         at->error_code};
}

static void a_consumer_is_sent_to_the_follower_in_its_rack_and_served_there(void) {
    struct told told = fetch_from(&leader, "b");
    T_EQUAL_INT(told.error, 0);
    T_EQUAL_INT(told.preferred, 2);
    T_TRUE(!told.records);
    struct peer follower;
    peer_open(&follower, rig.listener, 2);
    told = fetch_from(&follower, "b");
    T_EQUAL_INT(told.error, 0);
    T_EQUAL_INT(told.preferred, -1);
    T_TRUE(told.records);
    peer_close(&follower);
}

static void a_consumer_in_the_leaders_rack_or_none_is_served_by_the_leader(void) {
    static const char *const racks[] = {"a", ""};
    for (size_t i = 0; i < 2; i++) {
        struct told told = fetch_from(&leader, racks[i]);
        T_EQUAL_INT(told.preferred, -1);
        T_TRUE(told.records);
    }
}

static void a_rack_without_a_replica_in_sync_has_no_preference(void) {
    T_EQUAL_INT(fetch_from(&leader, "z").preferred, -1);
    T_EQUAL_INT(mock_node_down(rig.broker, 2, NULL), 0);
    struct told told = fetch_from(&leader, "b");
    T_EQUAL_INT(told.preferred, -1);
    T_TRUE(told.records);
}

static void metadata_names_the_racks(void) {
    struct mock_metadata_request request = {.allow_auto_topic_creation = true};
    struct mock_metadata_response said = {0};
    struct base_reader body;
    mock_metadata_request_encode(peer_request(&leader, MOCK_API_METADATA, 1), 1, &request);
    peer_send(&leader);
    if (T_TRUE(peer_await(&leader, &body) &&
               mock_metadata_response_decode(&body, 1, &leader.arena, &said) == 0)) {
        for (size_t i = 0; i < said.broker_count; i++) {
            char rack[2] = {(char)('a' + said.brokers[i].node_id - 1), 0};
            T_TRUE(base_slice_equal_str(said.brokers[i].rack, rack));
        }
        T_EQUAL_INT(said.broker_count, 3);
    }
}

#define TEST(name)                                                                                 \
    { #name, name }

CU_SuiteInfo *suite_mock_gateway_racks(void) {
    static CU_TestInfo tests[] = {
        TEST(a_consumer_is_sent_to_the_follower_in_its_rack_and_served_there),
        TEST(a_consumer_in_the_leaders_rack_or_none_is_served_by_the_leader),
        TEST(a_rack_without_a_replica_in_sync_has_no_preference),
        TEST(metadata_names_the_racks),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/gateway racks", set_up, rig_tear_down, begin, end, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
