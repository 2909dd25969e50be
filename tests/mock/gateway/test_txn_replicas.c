/* Tests of transactions whose leader dies with a tail that nobody else has: what the next leader
 * knows of the producer, the last stable offset, the aborted list; and the end of the transaction.
 */
#include "ask_txn.h"
#include "mock/wire/produce.h"
#include "suites.h"

#define TIMEOUT_MS 60000

static struct peer c;      /* at the coordinator, which does not die */
static struct peer leader; /* at who leads now */
static const char *topic;
static struct txn txn;

static void find_coordinator_of(const char *id) {
    for (int32_t n = 1; n <= 3; n++) {
        peer_open(&c, rig.listener, n);
        txn = txn_init(&c, id, TIMEOUT_MS);
        if (txn.error == 0) {
            /* Another one leads. */
            T_EQUAL_INT(mock_leader_move(rig.broker, topic, 0, n % 3 + 1, NULL), 0);
            peer_open(&leader, rig.listener, n % 3 + 1);
            return;
        }
        peer_close(&c);
    }
    T_EQUAL_INT(txn.error, 0);
}

static void begin(void) {
    static int made;
    static char id[32];
    ask_begin();
    (void)snprintf(id, sizeof(id), "truncated-%d", ++made);
    topic = rig_topic(1, false);
    find_coordinator_of(id);
    rig_forget_events();
}

static void end(void) {
    T_EQUAL_INT(mock_replication_hold(rig.broker, NULL, -1, MOCK_ALL_FOLLOWERS, false, NULL), 0);
    peer_close(&c);
    peer_close(&leader);
    ask_end();
}

static void hold(bool held) {
    T_EQUAL_INT(mock_replication_hold(rig.broker, topic, 0, MOCK_ALL_FOLLOWERS, held, NULL), 0);
}

/* One record of the transaction that only the leader answers for. */
static struct produced produce_alone(int32_t sequence) {
    struct mock_produce_partition part = {0, BATCH(.producer_id = txn.producer_id,
                                                   .epoch = txn.epoch, .sequence = sequence,
                                                   .attributes = MOCK_BATCH_TRANSACTIONAL)};
    struct mock_produce_topic one = {
        .name = base_slice_str(topic), .partitions = &part, .partition_count = 1};
    struct mock_produce_request request = {.transactional_id = base_slice_str(txn.id),
                                           .acks = 1,
                                           .timeout_ms = 30000,
                                           .topics = &one,
                                           .topic_count = 1};
    mock_produce_request_encode(peer_request(&leader, MOCK_API_PRODUCE, ASK_PRODUCE_VERSION),
                                ASK_PRODUCE_VERSION, &request);
    peer_send(&leader);
    return take_produced(&leader);
}

/* The leader dies with what nobody else has; so many records are left. */
static void kill_leader(int64_t left) {
    T_EQUAL_INT(mock_node_down(rig.broker, mock_partition_leader(rig.broker, topic, 0), NULL), 0);
    peer_close(&leader);
    peer_open(&leader, rig.listener, mock_partition_leader(rig.broker, topic, 0));
    T_EQUAL_INT(rig_count(MOCK_EVENT_TRUNCATE, -1), 1);
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), left);
    hold(false);
}

static void finish(bool commit) {
    T_EQUAL_INT(txn_end(&c, &txn, commit), 0);
    RIG_UNTIL(rig_count(MOCK_EVENT_MARKER, -1) == 1);
}

static void a_transaction_goes_on_from_what_is_left_of_it(void) {
    T_EQUAL_INT(txn_begin(&c, &txn, topic, 0), 0);
    T_EQUAL_INT(produce_alone(0).base_offset, 0);
    hold(true);
    T_EQUAL_INT(produce_alone(1).base_offset, 1);
    T_EQUAL_INT(produce_alone(2).base_offset, 2);
    kill_leader(1);
    struct isolated got = txn_fetch(&leader, topic, 0, true);
    T_EQUAL_INT(got.stable_offset, 0);
    T_EQUAL_INT(got.high_watermark, 1);
    T_EQUAL_INT(got.aborted_count, 0);
    T_EQUAL_INT(produce_alone(2).error, MOCK_ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    T_EQUAL_INT(produce_alone(0).base_offset, 0); /* a duplicate */
    T_EQUAL_INT(produce_alone(1).base_offset, 1);
    T_EQUAL_INT(produce_alone(2).base_offset, 2);
    finish(true);
    got = txn_fetch(&leader, topic, 0, true);
    T_EQUAL_INT(got.stable_offset, 4);
    T_EQUAL_INT(got.records, 3);
    T_EQUAL_INT(got.markers, 1);
    T_EQUAL_INT(got.aborted_count, 0);
}

static void what_is_left_of_a_transaction_can_be_aborted(void) {
    T_EQUAL_INT(txn_begin(&c, &txn, topic, 0), 0);
    T_EQUAL_INT(produce_alone(0).base_offset, 0);
    hold(true);
    T_EQUAL_INT(produce_alone(1).base_offset, 1);
    kill_leader(1);
    finish(false);
    struct isolated got = txn_fetch(&leader, topic, 0, true);
    T_EQUAL_INT(got.stable_offset, 2);
    T_EQUAL_INT(got.aborted_count, 1);
    T_EQUAL_INT(got.aborted_first, 0);
    T_EQUAL_INT(txn_begin(&c, &txn, topic, 0), 0);
    T_EQUAL_INT(produce_alone(1).base_offset, 2);
}

static void a_transaction_that_is_lost_whole_holds_nobody_up(void) {
    T_EQUAL_INT(produce(&leader, topic, 0, BATCH(.count = 1)).base_offset, 0);
    T_EQUAL_INT(txn_begin(&c, &txn, topic, 0), 0);
    hold(true);
    T_EQUAL_INT(produce_alone(0).base_offset, 1);
    T_EQUAL_INT(txn_fetch(&leader, topic, 0, true).stable_offset, 1);
    kill_leader(1);
    T_EQUAL_INT(produce(&leader, topic, 0, BATCH(.count = 1)).base_offset, 1);
    struct isolated got = txn_fetch(&leader, topic, 0, true);
    T_EQUAL_INT(got.stable_offset, 2);
    T_EQUAL_INT(got.records, 2);
    /* The coordinator still has the partition: the marker comes, and stands for nothing. */
    finish(false);
    got = txn_fetch(&leader, topic, 0, true);
    T_EQUAL_INT(got.stable_offset, 3);
    T_EQUAL_INT(got.records, 2);
    T_EQUAL_INT(got.markers, 1);
    T_EQUAL_INT(got.aborted_count, 0);
}

static void a_transaction_that_is_lost_whole_can_be_written_again(void) {
    T_EQUAL_INT(txn_begin(&c, &txn, topic, 0), 0);
    hold(true);
    T_EQUAL_INT(produce_alone(0).base_offset, 0);
    kill_leader(0);
    T_EQUAL_INT(produce(&leader, topic, 0, BATCH(.count = 1)).base_offset, 0);
    T_EQUAL_INT(produce_alone(0).base_offset, 1);
    struct isolated got = txn_fetch(&leader, topic, 0, true);
    T_EQUAL_INT(got.stable_offset, 1);
    finish(true);
    got = txn_fetch(&leader, topic, 0, true);
    T_EQUAL_INT(got.stable_offset, 3);
    T_EQUAL_INT(got.records, 2);
}

static void an_aborted_transaction_before_the_tail_stays_aborted(void) {
    T_EQUAL_INT(txn_begin(&c, &txn, topic, 0), 0);
    T_EQUAL_INT(produce_alone(0).base_offset, 0);
    finish(false);
    RIG_UNTIL(mock_partition_watermark(rig.broker, topic, 0) == 2);
    T_EQUAL_INT(txn_begin(&c, &txn, topic, 0), 0);
    hold(true);
    T_EQUAL_INT(produce_alone(1).base_offset, 2);
    T_EQUAL_INT(produce_alone(2).base_offset, 3);
    kill_leader(2);
    struct isolated got = txn_fetch(&leader, topic, 0, true);
    T_EQUAL_INT(got.stable_offset, 2);
    T_EQUAL_INT(got.aborted_count, 1);
    T_EQUAL_INT(got.aborted_first, 0);
    T_EQUAL_INT(produce_alone(1).base_offset, 2);
    T_EQUAL_INT(txn_fetch(&leader, topic, 0, true).stable_offset, 2);
    rig_forget_events();
    finish(true);
    got = txn_fetch(&leader, topic, 0, true);
    T_EQUAL_INT(got.stable_offset, 4);
    T_EQUAL_INT(got.aborted_count, 1);
    T_EQUAL_INT(got.records, 2);
    T_EQUAL_INT(got.markers, 2);
}

#define TEST(name)                                                                                 \
    { #name, name }

CU_SuiteInfo *suite_mock_gateway_txn_replicas(void) {
    static CU_TestInfo tests[] = {
        TEST(a_transaction_goes_on_from_what_is_left_of_it),
        TEST(what_is_left_of_a_transaction_can_be_aborted),
        TEST(a_transaction_that_is_lost_whole_holds_nobody_up),
        TEST(a_transaction_that_is_lost_whole_can_be_written_again),
        TEST(an_aborted_transaction_before_the_tail_stays_aborted),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/gateway txn replicas", rig_set_up, rig_tear_down, begin, end, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
