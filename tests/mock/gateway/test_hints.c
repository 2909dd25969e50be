/* Tests of leader hints (KIP-951): who is asked and does not lead tells who does, in Produce from
 * version 10 and Fetch from version 16 on, and at which of the asker's own addresses. */
#include <string.h>

#include "ask.h"
#include "mock/wire/produce.h"
#include "suites.h"

#define FIRST_ID_VERSION 13

static struct peer at[4]; /* by node */
static char topic[RIG_NAME_BYTES];
static struct mock_uuid id;

static void ask_id(void) {
    const int16_t version = 12;
    struct mock_metadata_request_topic asked = {.name = base_slice_str(topic)};
    struct mock_metadata_request request = {.topics = &asked, .topic_count = 1};
    struct mock_metadata_response said = {0};
    struct base_reader body;
    mock_metadata_request_encode(peer_request(&at[1], MOCK_API_METADATA, version), version,
                                 &request);
    peer_send(&at[1]);
    if (T_TRUE(peer_await(&at[1], &body)) &&
        T_EQUAL_INT(mock_metadata_response_decode(&body, version, &at[1].arena, &said), 0)) {
        id = said.topics[0].id;
    }
}

/* One replica, at broker 1: the others are not even followers. */
static void begin(void) {
    static int made;
    struct mock_topic_options options = MOCK_TOPIC_OPTIONS_INIT;
    ask_begin();
    options.replication_factor = 1;
    options.partitions = 2;
    (void)snprintf(topic, sizeof(topic), "hints-%d", ++made);
    T_EQUAL_INT(mock_topic_create(rig.broker, topic, &options, NULL), 0);
    for (int32_t partition = 0; partition < 2; partition++) {
        T_EQUAL_INT(mock_leader_move(rig.broker, topic, partition, 1, NULL), 0);
    }
    for (int32_t n = 1; n <= 3; n++) {
        peer_open(&at[n], rig.listener, n);
    }
    ask_id();
}

static void end(void) {
    for (int32_t n = 1; n <= 3; n++) {
        peer_close(&at[n]);
    }
    ask_end();
}

/* What an answer tells of partitions 0 and 1. */
struct hinted {
    int16_t error;
    bool has_leader;
    int32_t leader, epoch;
    int32_t endpoint_count;
    int32_t node, port; /* of the first endpoint */
    char host[64];
};

static void take_endpoints(struct hinted *h, const struct mock_node_endpoint *endpoints,
                           size_t count) {
    h->endpoint_count = (int32_t)count;
    if (count) {
        h->node = endpoints[0].node_id;
        h->port = endpoints[0].port;
        (void)snprintf(h->host, sizeof(h->host), "%.*s", (int)endpoints[0].host.len,
                       (const char *)endpoints[0].host.data);
    }
}

static struct hinted produce_to(struct peer *p, int16_t version) {
    struct mock_produce_partition parts[] = {{0, BATCH(.count = 1)}, {1, BATCH(.count = 1)}};
    bool by_id = version >= FIRST_ID_VERSION;
    struct mock_produce_topic t = {.name = by_id ? BASE_SLICE_NULL : base_slice_str(topic),
                                   .partitions = parts,
                                   .partition_count = 2};
    struct mock_produce_request request = {
        .acks = 1, .timeout_ms = 1000, .topics = &t, .topic_count = 1};
    struct mock_produce_response said = {0};
    struct base_reader body;
    struct hinted h = {.error = CLOSED_INSTEAD};
    t.id = by_id ? id : t.id;
    mock_produce_request_encode(peer_request(p, MOCK_API_PRODUCE, version), version, &request);
    peer_send(p);
    if (peer_await(p, &body) &&
        T_EQUAL_INT(mock_produce_response_decode(&body, version, &p->arena, &said), 0)) {
        const struct mock_produce_partition_response *part = &said.topics[0].partitions[0];
        h = (struct hinted){part->error_code,
                            part->has_current_leader,
                            part->current_leader.leader_id,
                            part->current_leader.leader_epoch,
                            0,
                            0,
                            0,
                            ""};
        take_endpoints(&h, said.endpoints, said.endpoint_count);
    }
    return h;
}

static struct hinted fetch_from(struct peer *p, int16_t version, int32_t epoch) {
    struct mock_fetch_partition parts[] = {
        {.index = 0,
         .current_leader_epoch = epoch,
         .last_fetched_epoch = -1,
         .log_start_offset = -1,
         .max_bytes = 1000},
        {.index = 1,
         .current_leader_epoch = epoch,
         .last_fetched_epoch = -1,
         .log_start_offset = -1,
         .max_bytes = 1000},
    };
    bool by_id = version >= FIRST_ID_VERSION;
    struct mock_fetch_topic t = {.name = by_id ? BASE_SLICE_NULL : base_slice_str(topic),
                                 .partitions = parts,
                                 .partition_count = 2};
    struct mock_fetch_request request = {.replica_id = -1,
                                         .max_bytes = 1000,
                                         .session_epoch = -1,
                                         .topics = &t,
                                         .topic_count = 1,
                                         .rack_id = base_slice_str(""),
                                         .replica_epoch = -1};
    struct mock_fetch_response said = {0};
    struct base_reader body;
    struct hinted h = {.error = CLOSED_INSTEAD};
    t.id = by_id ? id : t.id;
    mock_fetch_request_encode(peer_request(p, MOCK_API_FETCH, version), version, &request);
    peer_send(p);
    if (peer_await(p, &body) &&
        T_EQUAL_INT(mock_fetch_response_decode(&body, version, &p->arena, &said), 0)) {
        const struct mock_fetch_partition_response *part = &said.topics[0].partitions[0];
        h = (struct hinted){part->error_code,
                            part->has_current_leader,
                            part->current_leader.leader_id,
                            part->current_leader.leader_epoch,
                            0,
                            0,
                            0,
                            ""};
        take_endpoints(&h, said.endpoints, said.endpoint_count);
    }
    return h;
}

/* One endpoint, though two partitions have that leader. */
static void expect_leader(const struct hinted *h, int32_t leader, int32_t port, int32_t epoch) {
    T_EQUAL_INT(h->error, MOCK_ERROR_NOT_LEADER_OR_FOLLOWER);
    T_TRUE(h->has_leader);
    T_EQUAL_INT(h->leader, leader);
    T_EQUAL_INT(h->epoch, epoch);
    T_EQUAL_INT(h->endpoint_count, 1);
    T_EQUAL_INT(h->node, leader);
    T_EQUAL_INT(h->port, port);
    T_EQUAL_STR(h->host, "127.0.0.1");
}

static void expect_none(const struct hinted *h, int16_t error) {
    T_EQUAL_INT(h->error, error);
    T_TRUE(!h->has_leader);
    T_EQUAL_INT(h->endpoint_count, 0);
}

static void produce_tells_who_leads_from_version_10_on(void) {
    struct described d = describe(&at[1], topic);
    for (int16_t version = 8; version <= 13; version++) {
        struct hinted h = produce_to(&at[2], version);
        if (version < 10) {
            expect_none(&h, MOCK_ERROR_NOT_LEADER_OR_FOLLOWER);
        } else {
            expect_leader(&h, 1, d.ports[1], d.leader_epoch);
        }
        h = produce_to(&at[1], version);
        expect_none(&h, 0);
    }
}

static void fetch_tells_who_leads_from_version_16_on(void) {
    struct described d = describe(&at[1], topic);
    for (int16_t version = 11; version <= 18; version++) {
        struct hinted h = fetch_from(&at[3], version, -1);
        if (version < 16) {
            expect_none(&h, MOCK_ERROR_NOT_LEADER_OR_FOLLOWER);
        } else {
            expect_leader(&h, 1, d.ports[1], d.leader_epoch);
        }
        h = fetch_from(&at[1], version, -1);
        expect_none(&h, 0);
    }
}

static void a_hint_follows_the_leader(void) {
    int32_t epoch = describe(&at[1], topic).leader_epoch;
    for (int32_t partition = 0; partition < 2; partition++) {
        T_EQUAL_INT(mock_leader_move(rig.broker, topic, partition, 3, NULL), 0);
    }
    struct described d = describe(&at[1], topic);
    T_EQUAL_INT(d.leader_epoch, epoch + 1);
    struct hinted h = produce_to(&at[1], 12);
    expect_leader(&h, 3, d.ports[3], epoch + 1);
    h = fetch_from(&at[1], 17, -1);
    expect_leader(&h, 3, d.ports[3], epoch + 1);
    h = produce_to(&at[3], 12);
    expect_none(&h, 0);
}

static void a_fenced_epoch_is_told_the_new_one(void) {
    int32_t old = describe(&at[1], topic).leader_epoch;
    for (int32_t to = 2; to > 0; to--) {
        for (int32_t partition = 0; partition < 2; partition++) {
            T_EQUAL_INT(mock_leader_move(rig.broker, topic, partition, to, NULL), 0);
        }
    }
    struct hinted h = fetch_from(&at[1], 16, old);
    T_EQUAL_INT(h.error, MOCK_ERROR_FENCED_LEADER_EPOCH);
    T_TRUE(h.has_leader);
    T_EQUAL_INT(h.leader, 1);
    T_EQUAL_INT(h.epoch, old + 2);
    T_EQUAL_INT(h.node, 1);
    h = fetch_from(&at[1], 15, old);
    expect_none(&h, MOCK_ERROR_FENCED_LEADER_EPOCH);
}

static void without_a_leader_there_is_no_endpoint(void) {
    int32_t epoch = describe(&at[2], topic).leader_epoch;
    T_EQUAL_INT(mock_node_down(rig.broker, 1, NULL), 0);
    struct hinted h = produce_to(&at[2], 12);
    T_EQUAL_INT(h.error, MOCK_ERROR_NOT_LEADER_OR_FOLLOWER);
    T_TRUE(h.has_leader);
    T_EQUAL_INT(h.leader, -1);
    T_EQUAL_INT(h.epoch, epoch + 1);
    T_EQUAL_INT(h.endpoint_count, 0);
    h = fetch_from(&at[2], 16, -1);
    T_EQUAL_INT(h.error, MOCK_ERROR_NOT_LEADER_OR_FOLLOWER);
    T_EQUAL_INT(h.leader, -1);
    T_EQUAL_INT(h.endpoint_count, 0);
}

static void the_address_is_one_of_the_askers_own_listener(void) {
    struct mock_listener *other = rig_listen("other", 1);
    struct peer o;
    peer_open(&o, other, 2);
    struct described d = describe(&o, topic);
    T_TRUE(d.ports[1] != describe(&at[2], topic).ports[1]);
    struct hinted h = produce_to(&o, 12);
    expect_leader(&h, 1, d.ports[1], d.leader_epoch);
    h = fetch_from(&o, 18, -1);
    expect_leader(&h, 1, d.ports[1], d.leader_epoch);
    peer_close(&o);
    mock_listener_close(other);
}

#define TEST(name)                                                                                 \
    { #name, name }

CU_SuiteInfo *suite_mock_gateway_hints(void) {
    static CU_TestInfo tests[] = {
        TEST(produce_tells_who_leads_from_version_10_on),
        TEST(fetch_tells_who_leads_from_version_16_on),
        TEST(a_hint_follows_the_leader),
        TEST(a_fenced_epoch_is_told_the_new_one),
        TEST(without_a_leader_there_is_no_endpoint),
        TEST(the_address_is_one_of_the_askers_own_listener),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/gateway leader hints", rig_set_up, rig_tear_down, begin, end, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
