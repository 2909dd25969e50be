/* Tests of what acks promises: what a dead leader takes with it, what all replicas have, how far
 * consumers see, and what clients can know of it afterwards. */
#include "ask.h"
#include "mock/wire/offset_for_leader_epoch.h"
#include "mock/wire/produce.h"
#include "suites.h"

static struct peer p; /* at broker 1, which leads */
static struct peer n; /* at whoever leads next */
static const char *topic;

static void begin(void) {
    ask_begin();
    topic = rig_topic(1, false);
    peer_open(&p, rig.listener, 1);
    n.fd = -1;
}

static void end(void) {
    T_EQUAL_INT(mock_replication_hold(rig.broker, NULL, -1, MOCK_ALL_FOLLOWERS, false, NULL), 0);
    peer_close(&p);
    if (n.fd >= 0) {
        peer_close(&n);
    }
    ask_end();
}

static void hold(bool held) {
    T_EQUAL_INT(mock_replication_hold(rig.broker, topic, 0, MOCK_ALL_FOLLOWERS, held, NULL), 0);
}

static void with_setting(const char *name, const char *value) {
    static char own[RIG_NAME_BYTES];
    static int made;
    struct mock_topic_options options = MOCK_TOPIC_OPTIONS_INIT;
    T_EQUAL_INT(mock_log_config_set(&options.log, name, value, NULL), 0);
    (void)snprintf(own, sizeof(own), "replicas-%d", ++made);
    T_EQUAL_INT(mock_topic_create(rig.broker, own, &options, NULL), 0);
    T_EQUAL_INT(mock_leader_move(rig.broker, own, 0, 1, NULL), 0);
    rig_forget_events();
    topic = own;
}

static struct produced produce_with(int16_t acks) {
    ask_produce(&p, acks, topic, 0, BATCH(.count = 1));
    return take_produced(&p);
}

/* An acks=all that waits at most so long. */
static void ask_patiently(int32_t timeout_ms) {
    struct mock_produce_partition part = {0, BATCH(.count = 1)};
    struct mock_produce_topic t = {
        .name = base_slice_str(topic), .partitions = &part, .partition_count = 1};
    struct mock_produce_request request = {BASE_SLICE_NULL, -1, timeout_ms, &t, 1};
    mock_produce_request_encode(peer_request(&p, MOCK_API_PRODUCE, ASK_PRODUCE_VERSION),
                                ASK_PRODUCE_VERSION, &request);
    peer_send(&p);
}

/* Broker 1 dies; n is at the next leader. */
static int32_t kill_leader(void) {
    T_EQUAL_INT(mock_node_down(rig.broker, 1, NULL), 0);
    int32_t leader = mock_partition_leader(rig.broker, topic, 0);
    if (leader > 0) {
        peer_open(&n, rig.listener, leader);
    }
    return leader;
}

static int64_t log_end(void) {
    return mock_partition_end(rig.broker, topic, 0);
}

/* -- what is lost -- */

static void acks_1_loses_what_nobody_else_has_when_the_leader_dies(void) {
    T_EQUAL_INT(produce_with(1).base_offset, 0);
    hold(true);
    T_EQUAL_INT(produce_with(1).base_offset, 1);
    T_EQUAL_INT(produce_with(1).base_offset, 2);
    T_TRUE(kill_leader() > 1);
    const struct rig_event *cut = rig_event(MOCK_EVENT_TRUNCATE, -1, 0);
    T_TRUE(cut && cut->offset == 1 && cut->partition == 0);
    T_EQUAL_INT(rig_count(MOCK_EVENT_TRUNCATE, -1), 1);
    T_EQUAL_INT(log_end(), 1);
    T_EQUAL_INT(fetch(&n, topic, 0, 0).records_count, 1);
    hold(false);
    struct produced next = produce(&n, topic, 0, BATCH(.count = 1));
    T_EQUAL_INT(next.error, 0);
    T_EQUAL_INT(next.base_offset, 1);
}

static void acks_1_loses_nothing_while_replication_flows(void) {
    T_EQUAL_INT(produce_with(1).base_offset, 0);
    T_EQUAL_INT(produce_with(0 + 1).base_offset, 1);
    T_TRUE(kill_leader() > 1);
    T_EQUAL_INT(rig_count(MOCK_EVENT_TRUNCATE, -1), 0);
    T_EQUAL_INT(rig_count(MOCK_EVENT_REPLICATE, -1), 0);
    T_EQUAL_INT(log_end(), 2);
}

static void acks_all_that_was_answered_is_never_lost(void) {
    hold(true);
    ask_produce(&p, -1, topic, 0, BATCH(.count = 3));
    RIG_UNTIL(log_end() == 3);
    hold(false);
    T_EQUAL_INT(take_produced(&p).error, 0);
    hold(true);
    T_EQUAL_INT(produce_with(1).base_offset, 3);
    T_TRUE(kill_leader() > 1);
    T_EQUAL_INT(log_end(), 3);
    T_EQUAL_INT(fetch(&n, topic, 0, 0).records_count, 3);
}

static void a_leader_that_is_moved_loses_what_its_follower_lacks(void) {
    T_EQUAL_INT(produce_with(1).base_offset, 0);
    hold(true);
    T_EQUAL_INT(produce_with(1).base_offset, 1);
    T_EQUAL_INT(mock_leader_move(rig.broker, topic, 0, 2, NULL), 0);
    T_EQUAL_INT(log_end(), 1);
    hold(false);
    T_EQUAL_INT(mock_leader_move(rig.broker, topic, 0, 1, NULL), 0);
    T_EQUAL_INT(log_end(), 1);
    T_EQUAL_INT(rig_count(MOCK_EVENT_TRUNCATE, -1), 1);
}

static void the_dead_leader_is_a_follower_when_it_is_back(void) {
    hold(true);
    T_EQUAL_INT(produce_with(1).base_offset, 0);
    int32_t leader = kill_leader();
    T_EQUAL_INT(mock_partition_in_sync(rig.broker, topic, 0), 2);
    hold(false);
    T_EQUAL_INT(produce(&n, topic, 0, BATCH(.count = 2)).base_offset, 0);
    T_EQUAL_INT(mock_node_up(rig.broker, 1, NULL), 0);
    T_EQUAL_INT(mock_partition_leader(rig.broker, topic, 0), leader);
    T_EQUAL_INT(mock_partition_in_sync(rig.broker, topic, 0), 3);
    T_EQUAL_INT(mock_leader_move(rig.broker, topic, 0, 1, NULL), 0);
    T_EQUAL_INT(log_end(), 2);
}

/* -- acks=all waits -- */

static void acks_all_waits_until_all_in_sync_replicas_have_it(void) {
    struct peer other;
    peer_open(&other, rig.listener, 1);
    hold(true);
    ask_produce(&p, -1, topic, 0, BATCH(.count = 1));
    RIG_UNTIL(log_end() == 1);
    T_TRUE(is_alive(&other));
    T_TRUE(!peer_has_bytes(&p));
    T_EQUAL_INT(mock_partition_watermark(rig.broker, topic, 0), 0);
    T_EQUAL_INT(mock_replication_hold(rig.broker, topic, 0, 2, false, NULL), 0);
    T_TRUE(is_alive(&other));
    T_TRUE(!peer_has_bytes(&p)); /* broker 3 lacks it still */
    T_EQUAL_INT(mock_replication_hold(rig.broker, topic, 0, 3, false, NULL), 0);
    struct produced said = take_produced(&p);
    T_EQUAL_INT(said.error, 0);
    T_EQUAL_INT(said.base_offset, 0);
    T_EQUAL_INT(rig_event(MOCK_EVENT_REPLICATE, -1, 0)->offset, 1);
    T_EQUAL_INT(rig_count(MOCK_EVENT_REPLICATE, -1), 1);
    peer_close(&other);
}

static void acks_all_times_out_and_the_batch_stays(void) {
    hold(true);
    ask_patiently(1);
    struct produced said = take_produced(&p);
    T_EQUAL_INT(said.error, MOCK_ERROR_REQUEST_TIMED_OUT);
    T_EQUAL_INT(said.base_offset, 0);
    T_EQUAL_INT(log_end(), 1);
    hold(false);
    T_EQUAL_INT(fetch(&p, topic, 0, 0).records_count, 1);
}

static void acks_all_that_waits_is_told_when_another_leads(void) {
    hold(true);
    ask_produce(&p, -1, topic, 0, BATCH(.count = 1));
    RIG_UNTIL(log_end() == 1);
    T_EQUAL_INT(mock_leader_move(rig.broker, topic, 0, 3, NULL), 0);
    T_EQUAL_INT(take_produced(&p).error, MOCK_ERROR_NOT_LEADER_OR_FOLLOWER);
    T_EQUAL_INT(log_end(), 0);
}

static void a_client_that_leaves_takes_its_waiting_request_with_it(void) {
    struct peer other;
    hold(true);
    peer_open(&other, rig.listener, 1);
    ask_produce(&other, -1, topic, 0, BATCH(.count = 1));
    RIG_UNTIL(log_end() == 1);
    peer_abort(&other);
    peer_close(&other);
    RIG_UNTIL(rig_count(MOCK_EVENT_DISCONNECT, -1) == 1);
    hold(false);
    T_EQUAL_INT(fetch(&p, topic, 0, 0).records_count, 1);
}

static void a_duplicate_waits_for_its_original(void) {
    struct peer other;
    struct base_slice batch = BATCH(.producer_id = 700, .sequence = 0);
    peer_open(&other, rig.listener, 1);
    hold(true);
    ask_produce(&p, 1, topic, 0, batch);
    T_EQUAL_INT(take_produced(&p).base_offset, 0);
    ask_produce(&p, -1, topic, 0, batch);
    RIG_UNTIL(rig_count(MOCK_EVENT_BEFORE, MOCK_API_PRODUCE) == 2 && is_alive(&other));
    T_TRUE(!peer_has_bytes(&p));
    hold(false);
    T_EQUAL_INT(take_produced(&p).base_offset, 0);
    T_EQUAL_INT(log_end(), 1);
    peer_close(&other);
}

static void produces_behind_one_that_waits_are_applied_after_it(void) {
    hold(true);
    ask_produce(&p, -1, topic, 0, BATCH(.count = 1));
    ask_produce(&p, 1, topic, 0, BATCH(.count = 1));
    RIG_UNTIL(log_end() == 1 && rig_count(MOCK_EVENT_BEFORE, MOCK_API_PRODUCE) == 2);
    T_EQUAL_INT(log_end(), 1); /* a connection's requests are answered in order */
    hold(false);
    T_EQUAL_INT(take_produced(&p).base_offset, 0);
    T_EQUAL_INT(take_produced(&p).base_offset, 1);
}

static void a_lagging_follower_holds_nobody_up_once_it_has_left_the_isr(void) {
    hold(true);
    ask_produce(&p, -1, topic, 0, BATCH(.count = 1));
    RIG_UNTIL(log_end() == 1);
    T_EQUAL_INT(mock_isr_shrink(rig.broker, topic, 0, NULL), 0);
    T_EQUAL_INT(take_produced(&p).error, 0);
    T_EQUAL_INT(mock_partition_in_sync(rig.broker, topic, 0), 1);
    T_EQUAL_INT(produce_with(-1).base_offset, 1);
    T_EQUAL_INT(mock_partition_watermark(rig.broker, topic, 0), 2);
    hold(false);
    T_EQUAL_INT(mock_partition_in_sync(rig.broker, topic, 0), 3);
}

/* -- min.insync.replicas -- */

static void fewer_replicas_than_the_minimum_refuse_acks_all_only(void) {
    with_setting("min.insync.replicas", "2");
    T_EQUAL_INT(mock_node_down(rig.broker, 2, NULL), 0);
    T_EQUAL_INT(produce_with(-1).error, 0);
    T_EQUAL_INT(mock_node_down(rig.broker, 3, NULL), 0);
    T_EQUAL_INT(produce_with(-1).error, MOCK_ERROR_NOT_ENOUGH_REPLICAS);
    T_EQUAL_INT(log_end(), 1);
    T_EQUAL_INT(produce_with(1).error, 0);
    /* KIP-966: below the minimum nothing more is shown. */
    T_EQUAL_INT(mock_partition_watermark(rig.broker, topic, 0), 1);
    T_EQUAL_INT(fetch(&p, topic, 0, 0).records_count, 1);
    T_EQUAL_INT(mock_node_up(rig.broker, 3, NULL), 0);
    T_EQUAL_INT(fetch(&p, topic, 0, 0).records_count, 2);
    T_EQUAL_INT(produce_with(-1).base_offset, 2);
}

static void the_minimum_is_at_most_the_number_of_replicas(void) {
    with_setting("min.insync.replicas", "9");
    T_EQUAL_INT(produce_with(-1).error, 0);
    T_EQUAL_INT(mock_node_down(rig.broker, 3, NULL), 0);
    T_EQUAL_INT(produce_with(-1).error, MOCK_ERROR_NOT_ENOUGH_REPLICAS);
}

/* -- elections -- */

/* Two records, of which only the leader has the second, and it alone is in sync. */
static void leave_the_leader_alone(void) {
    T_EQUAL_INT(produce_with(-1).base_offset, 0);
    hold(true);
    T_EQUAL_INT(produce_with(1).base_offset, 1);
    T_EQUAL_INT(mock_isr_shrink(rig.broker, topic, 0, NULL), 0);
}

static void who_is_not_in_sync_does_not_lead(void) {
    leave_the_leader_alone();
    T_EQUAL_INT(mock_leader_move(rig.broker, topic, 0, 2, NULL), BASE_STATE);
    T_EQUAL_INT(kill_leader(), MOCK_NO_LEADER);
    peer_open(&n, rig.listener, 2);
    struct described d = describe(&n, topic);
    T_EQUAL_INT(d.leader, -1);
    T_EQUAL_INT(d.partition_error, MOCK_ERROR_LEADER_NOT_AVAILABLE);
    T_EQUAL_INT(produce(&n, topic, 0, BATCH(.count = 1)).error, MOCK_ERROR_NOT_LEADER_OR_FOLLOWER);
    T_EQUAL_INT(log_end(), 2);
    int32_t epoch = d.leader_epoch;
    T_EQUAL_INT(mock_node_up(rig.broker, 1, NULL), 0);
    d = describe(&n, topic);
    T_EQUAL_INT(d.leader, 1);
    T_EQUAL_INT(d.leader_epoch, epoch + 1);
    T_EQUAL_INT(log_end(), 2);
}

static void an_unclean_leader_loses_even_what_acks_all_promised(void) {
    with_setting("unclean.leader.election.enable", "true");
    leave_the_leader_alone();
    T_EQUAL_INT(produce_with(-1).base_offset, 2);
    T_TRUE(kill_leader() > 1);
    T_EQUAL_INT(log_end(), 1);
    T_EQUAL_INT(mock_partition_in_sync(rig.broker, topic, 0), 1);
    T_EQUAL_INT(fetch(&n, topic, 0, 0).records_count, 1);
    T_EQUAL_INT(mock_node_up(rig.broker, 1, NULL), 0);
    T_EQUAL_INT(log_end(), 1);
}

static void who_is_down_cannot_be_told_to_lead(void) {
    T_EQUAL_INT(mock_node_down(rig.broker, 3, NULL), 0);
    T_EQUAL_INT(mock_leader_move(rig.broker, topic, 0, 3, NULL), BASE_STATE);
    T_EQUAL_INT(mock_partition_leader(rig.broker, topic, 0), 1);
}

static void replicas_are_told_in_metadata(void) {
    T_EQUAL_INT(mock_node_down(rig.broker, 3, NULL), 0);
    const int16_t version = 9;
    struct mock_metadata_request_topic asked = {.name = base_slice_str(topic)};
    struct mock_metadata_request request = {.topics = &asked, .topic_count = 1};
    struct mock_metadata_response said = {0};
    struct base_reader body;
    mock_metadata_request_encode(peer_request(&p, MOCK_API_METADATA, version), version, &request);
    peer_send(&p);
    T_TRUE(peer_await(&p, &body));
    T_EQUAL_INT(mock_metadata_response_decode(&body, version, &p.arena, &said), 0);
    const struct mock_metadata_partition *part = &said.topics[0].partitions[0];
    T_EQUAL_INT(part->leader_id, 1);
    T_EQUAL_INT(part->replica_count, 3);
    T_EQUAL_INT(part->isr_count, 2);
    T_TRUE(part->isr[0] != 3 && part->isr[1] != 3);
    T_TRUE(part->offline_count == 1 && part->offline[0] == 3);
}

/* -- consumers -- */

static void consumers_are_not_served_what_a_new_leader_may_lack(void) {
    T_EQUAL_INT(produce_with(1).base_offset, 0);
    hold(true);
    T_EQUAL_INT(produce_with(1).base_offset, 1);
    struct fetched f = fetch(&p, topic, 0, 0);
    T_EQUAL_INT(f.records_count, 1);
    T_EQUAL_INT(f.high_watermark, 1);
    f = fetch(&p, topic, 0, 1);
    T_EQUAL_INT(f.error, 0);
    T_EQUAL_INT(f.records_count, 0);
    T_EQUAL_INT(list_offset(&p, topic, 0, -1).offset, 1);
    hold(false);
    T_EQUAL_INT(fetch(&p, topic, 0, 1).records_count, 1);
    T_EQUAL_INT(list_offset(&p, topic, 0, -1).offset, 2);
}

static void a_waiting_fetch_is_served_when_the_high_watermark_moves(void) {
    struct peer other;
    bool waits = false;
    hold(true);
    T_EQUAL_INT(produce_with(1).base_offset, 0);
    peer_open(&other, rig.listener, 1);
    ask_fetch(&other, topic, 0, 0,
              &(const struct fetch_options){.max_wait_ms = FOREVER_MS, .min_bytes = 1});
    RIG_UNTIL(mock_actor_position(rig.broker, "peer", topic, 0, &waits) == 0 && waits);
    T_TRUE(is_alive(&p));
    T_TRUE(!peer_has_bytes(&other));
    hold(false);
    T_EQUAL_INT(take_fetched(&other).records_count, 1);
    peer_close(&other);
}

static void records_beyond_the_high_watermark_are_not_deleted(void) {
    hold(true);
    T_EQUAL_INT(produce_with(1).base_offset, 0);
    T_EQUAL_INT(mock_delete_records(rig.broker, topic, 0, 1, NULL), BASE_USAGE);
    T_EQUAL_INT(mock_delete_records(rig.broker, topic, 0, -1, NULL), 0);
    T_EQUAL_INT(mock_partition_start(rig.broker, topic, 0), 0);
}

static void followers_serve_what_they_have(void) {
    struct peer follower;
    peer_open(&follower, rig.listener, 2);
    T_EQUAL_INT(produce_with(1).base_offset, 0);
    struct fetched f = fetch(&follower, topic, 0, 0);
    T_EQUAL_INT(f.error, 0);
    T_EQUAL_INT(f.records_count, 1);
    T_EQUAL_INT(mock_replication_hold(rig.broker, topic, 0, 2, true, NULL), 0);
    T_EQUAL_INT(produce_with(1).base_offset, 1);
    T_EQUAL_INT(mock_isr_shrink(rig.broker, topic, 0, NULL), 0);
    T_EQUAL_INT(fetch(&p, topic, 0, 0).records_count, 2);
    f = fetch(&follower, topic, 0, 0);
    T_EQUAL_INT(f.records_count, 1);
    T_EQUAL_INT(f.high_watermark, 1);
    peer_close(&follower);
}

static void a_new_leader_tells_no_end_until_its_followers_are_there(void) {
    T_EQUAL_INT(produce_with(1).base_offset, 0);
    T_EQUAL_INT(mock_replication_hold(rig.broker, topic, 0, 3, true, NULL), 0);
    T_EQUAL_INT(produce_with(1).base_offset, 1);
    T_EQUAL_INT(mock_leader_move(rig.broker, topic, 0, 2, NULL), 0);
    peer_open(&n, rig.listener, 2);
    T_EQUAL_INT(list_offset(&n, topic, 0, -1).error, MOCK_ERROR_OFFSET_NOT_AVAILABLE);
    T_EQUAL_INT(list_offset(&n, topic, 0, -2).offset, 0);
    hold(false);
    T_EQUAL_INT(list_offset(&n, topic, 0, -1).offset, 2);
}

/* -- idempotent producers (rows 26 and 27 of the table) -- */

static void a_copy_of_what_the_new_leader_has_is_a_duplicate(void) {
    struct base_slice first = BATCH(.producer_id = 800, .sequence = 0);
    T_EQUAL_INT(produce(&p, topic, 0, first).base_offset, 0);
    T_TRUE(kill_leader() > 1);
    T_EQUAL_INT(produce(&n, topic, 0, first).base_offset, 0);
    T_EQUAL_INT(log_end(), 1);
}

static void a_copy_of_what_was_lost_is_accepted_anew(void) {
    struct base_slice first = BATCH(.producer_id = 801, .sequence = 0);
    struct base_slice second = BATCH(.producer_id = 801, .sequence = 1);
    struct base_slice third = BATCH(.producer_id = 801, .sequence = 2);
    T_EQUAL_INT(produce(&p, topic, 0, first).base_offset, 0);
    hold(true);
    ask_produce(&p, 1, topic, 0, second);
    ask_produce(&p, 1, topic, 0, third);
    T_EQUAL_INT(take_produced(&p).base_offset, 1);
    T_EQUAL_INT(take_produced(&p).base_offset, 2);
    T_TRUE(kill_leader() > 1);
    hold(false);
    T_EQUAL_INT(produce(&n, topic, 0, third).error, MOCK_ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    T_EQUAL_INT(produce(&n, topic, 0, second).base_offset, 1);
    T_EQUAL_INT(produce(&n, topic, 0, third).base_offset, 2);
    T_EQUAL_INT(log_end(), 3);
}

/* -- epochs -- */

static struct mock_epoch_end ask_epoch(struct peer *at, int32_t current, int32_t epoch) {
    const int16_t version = 4;
    struct mock_epoch_partition part = {0, current, epoch};
    struct mock_epoch_topic t = {base_slice_str(topic), &part, 1};
    struct mock_offset_for_leader_epoch_request request = {-1, &t, 1};
    struct mock_offset_for_leader_epoch_response said = {0};
    struct base_reader body;
    mock_offset_for_leader_epoch_request_encode(
        peer_request(at, MOCK_API_OFFSET_FOR_LEADER_EPOCH, version), version, &request);
    peer_send(at);
    if (!peer_await(at, &body) ||
        !T_EQUAL_INT(
            mock_offset_for_leader_epoch_response_decode(&body, version, &at->arena, &said), 0) ||
        !T_TRUE(said.topic_count == 1 && said.topics[0].partition_count == 1)) {
        return (struct mock_epoch_end){.error_code = -99};
    }
    return said.topics[0].partitions[0];
}

static void a_client_can_know_where_its_epoch_ended(void) {
    int32_t old = describe(&p, topic).leader_epoch;
    T_EQUAL_INT(produce_with(1).base_offset, 0);
    hold(true);
    T_EQUAL_INT(produce_with(1).base_offset, 1);
    T_EQUAL_INT(ask_epoch(&p, old, old).end_offset, 2);
    T_TRUE(kill_leader() > 1);
    hold(false);
    T_EQUAL_INT(produce(&n, topic, 0, BATCH(.count = 5)).base_offset, 1);
    struct mock_epoch_end told = ask_epoch(&n, old + 1, old);
    T_EQUAL_INT(told.error_code, 0);
    T_EQUAL_INT(told.leader_epoch, old);
    T_EQUAL_INT(told.end_offset, 1);
    told = ask_epoch(&n, -1, old + 1);
    T_EQUAL_INT(told.leader_epoch, old + 1);
    T_EQUAL_INT(told.end_offset, 6);
    told = ask_epoch(&n, -1, old + 2);
    T_EQUAL_INT(told.leader_epoch, -1);
    T_EQUAL_INT(told.end_offset, -1);
}

static void an_epoch_that_is_not_the_leaders_is_refused(void) {
    int32_t epoch = describe(&p, topic).leader_epoch;
    T_EQUAL_INT(ask_epoch(&p, epoch + 1, 0).error_code, MOCK_ERROR_UNKNOWN_LEADER_EPOCH);
    T_EQUAL_INT(mock_leader_move(rig.broker, topic, 0, 2, NULL), 0);
    T_EQUAL_INT(mock_leader_move(rig.broker, topic, 0, 1, NULL), 0);
    T_EQUAL_INT(ask_epoch(&p, epoch, 0).error_code, MOCK_ERROR_FENCED_LEADER_EPOCH);
    T_EQUAL_INT(ask_epoch(&p, epoch + 2, 0).error_code, 0);
    peer_open(&n, rig.listener, 3);
    T_EQUAL_INT(ask_epoch(&n, epoch + 2, 0).error_code, MOCK_ERROR_NOT_LEADER_OR_FOLLOWER);
    T_EQUAL_INT(ask_epoch(&n, epoch, 0).error_code, MOCK_ERROR_FENCED_LEADER_EPOCH);
}

static void batches_carry_the_epoch_they_were_written_in(void) {
    int32_t epoch = describe(&p, topic).leader_epoch;
    T_EQUAL_INT(produce_with(1).base_offset, 0);
    T_TRUE(kill_leader() > 1);
    T_EQUAL_INT(produce(&n, topic, 0, BATCH(.count = 1)).base_offset, 1);
    for (int64_t offset = 0; offset < 2; offset++) {
        struct mock_stored_batch *batch = mock_partition_batch(rig.broker, topic, 0, offset);
        struct mock_batch_header header;
        T_EQUAL_INT(mock_batch_header_decode(mock_stored_batch_slice(batch), &header), 0);
        T_EQUAL_INT(header.partition_leader_epoch, epoch + (int32_t)offset);
    }
}

/* -- holding -- */

static void holding_everything_holds_topics_to_come_too(void) {
    T_EQUAL_INT(mock_replication_hold(rig.broker, NULL, -1, MOCK_ALL_FOLLOWERS, true, NULL), 0);
    with_setting("segment.records", "4");
    T_EQUAL_INT(produce_with(1).base_offset, 0);
    T_EQUAL_INT(mock_partition_watermark(rig.broker, topic, 0), 0);
    T_EQUAL_INT(mock_replication_hold(rig.broker, NULL, -1, MOCK_ALL_FOLLOWERS, false, NULL), 0);
    T_EQUAL_INT(mock_partition_watermark(rig.broker, topic, 0), 1);
}

static void commands_name_what_is_missing(void) {
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(mock_replication_hold(rig.broker, "nowhere", 0, -1, true, &err), BASE_NOT_FOUND);
    T_EQUAL_INT(mock_replication_hold(rig.broker, topic, 1, -1, true, &err), BASE_NOT_FOUND);
    T_EQUAL_INT(mock_replication_hold(rig.broker, topic, 0, 4, true, &err), BASE_NOT_FOUND);
    T_EQUAL_INT(mock_isr_shrink(rig.broker, "nowhere", -1, &err), BASE_NOT_FOUND);
    T_EQUAL_INT(mock_partition_watermark(rig.broker, "nowhere", 0), -1);
    T_EQUAL_INT(mock_partition_in_sync(rig.broker, "nowhere", 0), -1);
    T_EQUAL_INT(mock_partition_leader(rig.broker, "nowhere", 0), -2);
}

#define TEST(name)                                                                                 \
    { #name, name }

CU_SuiteInfo *suite_mock_gateway_replicas(void) {
    static CU_TestInfo tests[] = {
        TEST(acks_1_loses_what_nobody_else_has_when_the_leader_dies),
        TEST(acks_1_loses_nothing_while_replication_flows),
        TEST(acks_all_that_was_answered_is_never_lost),
        TEST(a_leader_that_is_moved_loses_what_its_follower_lacks),
        TEST(the_dead_leader_is_a_follower_when_it_is_back),
        TEST(acks_all_waits_until_all_in_sync_replicas_have_it),
        TEST(acks_all_times_out_and_the_batch_stays),
        TEST(acks_all_that_waits_is_told_when_another_leads),
        TEST(a_client_that_leaves_takes_its_waiting_request_with_it),
        TEST(a_duplicate_waits_for_its_original),
        TEST(produces_behind_one_that_waits_are_applied_after_it),
        TEST(a_lagging_follower_holds_nobody_up_once_it_has_left_the_isr),
        TEST(fewer_replicas_than_the_minimum_refuse_acks_all_only),
        TEST(the_minimum_is_at_most_the_number_of_replicas),
        TEST(who_is_not_in_sync_does_not_lead),
        TEST(an_unclean_leader_loses_even_what_acks_all_promised),
        TEST(who_is_down_cannot_be_told_to_lead),
        TEST(replicas_are_told_in_metadata),
        TEST(consumers_are_not_served_what_a_new_leader_may_lack),
        TEST(a_waiting_fetch_is_served_when_the_high_watermark_moves),
        TEST(records_beyond_the_high_watermark_are_not_deleted),
        TEST(followers_serve_what_they_have),
        TEST(a_new_leader_tells_no_end_until_its_followers_are_there),
        TEST(a_copy_of_what_the_new_leader_has_is_a_duplicate),
        TEST(a_copy_of_what_was_lost_is_accepted_anew),
        TEST(a_client_can_know_where_its_epoch_ended),
        TEST(an_epoch_that_is_not_the_leaders_is_refused),
        TEST(batches_carry_the_epoch_they_were_written_in),
        TEST(holding_everything_holds_topics_to_come_too),
        TEST(commands_name_what_is_missing),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/gateway replicas", rig_set_up, rig_tear_down, begin, end, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
