/* Transactions over sockets: what is told, faults between decision and answer, time, crashes,
 * compaction. What Kafka answers is in tests/fidelity/cases/transactions.txt. */
#include <string.h>

#include "ask_txn.h"
#include "suites.h"

#define TIMEOUT_MS 60000
#define WEEK_MS INT64_C(604800000)

static struct peer p, o;
static const char *topic;
static char id[32], group[32];
static int made;

static int open_one_broker(void) {
    return rig_open("brokers", "1", NULL);
}

static void name(void) {
    (void)snprintf(id, sizeof(id), "txn-%d", ++made);
    (void)snprintf(group, sizeof(group), "txn-group-%d", made);
}

static void begin(void) {
    ask_begin();
    name();
    topic = rig_topic(1, false);
    peer_open(&p, rig.listener, 1);
    peer_open(&o, rig.listener, 1);
    rig_forget_events();
}

static void end(void) {
    peer_close(&p);
    peer_close(&o);
    ask_end();
}

/* A transaction with one record, of sequence 0. */
static struct txn open_txn(struct peer *peer, int32_t timeout_ms) {
    struct txn txn = txn_init(peer, id, timeout_ms);
    T_EQUAL_INT(txn.error, 0);
    T_EQUAL_INT(txn_begin(peer, &txn, topic, 0), 0);
    T_EQUAL_INT(txn_produce(peer, &txn, topic, 0, 0).error, 0);
    return txn;
}

static bool told(size_t n, const char *what) {
    const struct rig_event *event = rig_event(MOCK_EVENT_TXN, -1, n);
    return event && T_EQUAL_STR(event->text, what) && T_EQUAL_STR(event->group, id);
}

/* -- what is told -- */

static void a_marker_is_told_and_is_no_append(void) {
    struct txn txn = open_txn(&p, TIMEOUT_MS);
    T_EQUAL_INT(rig_count(MOCK_EVENT_APPEND, -1), 1);
    T_EQUAL_INT(txn_end(&p, &txn, true), 0);
    T_EQUAL_INT(rig_count(MOCK_EVENT_APPEND, -1), 1);
    const struct rig_event *marker = rig_event(MOCK_EVENT_MARKER, MOCK_API_END_TXN, 0);
    if (T_TRUE(marker != NULL)) {
        T_EQUAL_STR(marker->topic, topic);
        T_EQUAL_STR(marker->text, "commit");
        T_EQUAL_INT(marker->offset, 1);
        T_TRUE(marker->request != 0);
    }
}

/* As another instance would, and as time would. */
static void a_producer_is_fenced_on_command(void) {
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(mock_txn_fence(rig.broker, "nobody's", &err), BASE_NOT_FOUND);
    struct txn txn = open_txn(&p, TIMEOUT_MS);
    T_EQUAL_INT(mock_txn_fence(rig.broker, id, &err), 0);
    T_TRUE(told(1, "prepare-abort") && told(2, "complete-abort") && told(3, "fenced"));
    T_TRUE(txn_end(&p, &txn, true) != 0);
    T_EQUAL_INT(mock_txn_expire(rig.broker, id, &err), BASE_STATE);
    struct txn next = open_txn(&o, TIMEOUT_MS);
    rig_forget_events();
    T_EQUAL_INT(mock_txn_expire(rig.broker, id, &err), 0);
    T_TRUE(told(0, "timed-out") && told(1, "prepare-abort") && told(2, "complete-abort"));
    T_TRUE(txn_end(&o, &next, true) != 0);
}

static void the_states_of_a_transaction_are_told(void) {
    struct txn txn = open_txn(&p, TIMEOUT_MS);
    T_EQUAL_INT(txn_end(&p, &txn, false), 0);
    T_TRUE(told(0, "ongoing") && told(1, "prepare-abort") && told(2, "complete-abort"));
    T_EQUAL_INT(rig_event(MOCK_EVENT_TXN, -1, 0)->offset, txn.producer_id);
    struct txn next = txn_init(&o, id, TIMEOUT_MS);
    T_EQUAL_INT(next.epoch, txn.epoch + 1);
    T_TRUE(told(3, "fenced"));
    T_EQUAL_INT(rig_count(MOCK_EVENT_TXN, -1), 4);
}

/* -- faults around the end -- */

static void a_held_end_leaves_the_transaction_open(void) {
    bool go = false;
    struct txn txn = open_txn(&p, TIMEOUT_MS);
    RIG_ARM(rig_on(MOCK_ON_END_TXN), 1, {.kind = MOCK_DO_HOLD, .until = &go});
    ask_txn_end(&p, &txn, true, 3);
    struct isolated got = txn_fetch(&o, topic, 0, true);
    T_EQUAL_INT(got.stable_offset, 0);
    T_EQUAL_INT(got.records, 0);
    T_EQUAL_INT(txn_fetch(&o, topic, 0, false).records, 1);
    rig_set(&go);
    T_EQUAL_INT(take_txn_ended(&p, &txn, 3), 0);
    got = txn_fetch(&o, topic, 0, true);
    T_EQUAL_INT(got.stable_offset, 2);
    T_EQUAL_INT(got.records, 1);
    T_EQUAL_INT(got.markers, 1);
}

static void an_end_whose_answer_is_lost_has_happened(void) {
    struct txn txn = open_txn(&p, TIMEOUT_MS);
    RIG_ARM(rig_on(MOCK_ON_END_TXN), 1, {.kind = MOCK_DO_DROP_RESPONSE});
    ask_txn_end(&p, &txn, true, 3);
    peer_expect_nothing(&p);
    T_EQUAL_INT(txn_end(&p, &txn, true), 0); /* the same request, asked again */
    T_EQUAL_INT(rig_count(MOCK_EVENT_MARKER, -1), 1);
}

static void an_end_that_is_lost_has_not_happened(void) {
    struct txn txn = open_txn(&p, TIMEOUT_MS);
    RIG_ARM(rig_on(MOCK_ON_END_TXN), 1, {.kind = MOCK_DO_DROP_REQUEST});
    ask_txn_end(&p, &txn, true, 3);
    peer_expect_nothing(&p);
    T_EQUAL_INT(txn_begin(&p, &txn, topic, 0), 0);
    T_EQUAL_INT(rig_count(MOCK_EVENT_MARKER, -1), 0);
}

static void an_error_at_adding_partitions_adds_none(void) {
    struct txn txn = txn_init(&p, id, TIMEOUT_MS);
    RIG_ARM(rig_on(MOCK_ON_ADD_PARTITIONS), 1,
            {.kind = MOCK_DO_ERROR, .error = MOCK_ERROR_CONCURRENT_TRANSACTIONS});
    T_EQUAL_INT(txn_begin(&p, &txn, topic, 0), MOCK_ERROR_CONCURRENT_TRANSACTIONS);
    T_EQUAL_INT(txn_produce(&p, &txn, topic, 0, 0).error, MOCK_ERROR_INVALID_TXN_STATE);
    T_EQUAL_INT(txn_begin(&p, &txn, topic, 0), 0);
}

/* -- the pipeline: what is forwarded ahead is judged when it is its turn -- */

static void a_batch_behind_the_end_is_not_of_the_transaction(void) {
    struct txn txn = open_txn(&p, TIMEOUT_MS);
    ask_txn_end(&p, &txn, true, 3);
    struct txn late = txn;
    T_EQUAL_INT(take_txn_ended(&p, &txn, 3), 0);
    T_EQUAL_INT(txn_produce(&p, &late, topic, 0, 1).error, MOCK_ERROR_INVALID_TXN_STATE);
    T_EQUAL_INT(rig_count(MOCK_EVENT_APPEND, -1), 1);
}

/* -- time -- */

static void a_transaction_that_times_out_is_aborted(void) {
    struct txn txn = txn_init(&p, id, 20);
    T_EQUAL_INT(txn.error, 0);
    T_EQUAL_INT(txn_begin_by_produce(&p, &txn, topic, 0, 0).error, 0);
    RIG_UNTIL(rig_count(MOCK_EVENT_MARKER, -1) == 1);
    T_TRUE(told(1, "timed-out") && told(2, "prepare-abort") && told(3, "complete-abort"));
    T_EQUAL_INT(rig_event(MOCK_EVENT_MARKER, -1, 0)->api, -1); /* of no request */
    T_EQUAL_STR(rig_event(MOCK_EVENT_MARKER, -1, 0)->text, "abort");
    T_EQUAL_INT(txn_end(&p, &txn, true), MOCK_ERROR_PRODUCER_FENCED);
    T_EQUAL_INT(txn_produce(&p, &txn, topic, 0, 1).error, MOCK_ERROR_INVALID_PRODUCER_EPOCH);
    struct isolated got = txn_fetch(&o, topic, 0, true);
    T_EQUAL_INT(got.stable_offset, 2);
    T_EQUAL_INT(got.aborted_count, 1);
    T_EQUAL_INT(got.aborted_first, 0);
}

static void an_unused_id_is_forgotten_after_a_week(void) {
    struct txn txn = open_txn(&p, TIMEOUT_MS);
    T_EQUAL_INT(txn_end(&p, &txn, true), 0);
    mock_clock_advance(rig.broker, WEEK_MS + 1);
    T_EQUAL_INT(txn_begin(&p, &txn, topic, 0), MOCK_ERROR_INVALID_PRODUCER_ID_MAPPING);
    struct txn fresh = txn_init(&p, id, TIMEOUT_MS);
    T_TRUE(fresh.producer_id != txn.producer_id);
}

/* -- crashes -- */

static void the_next_instance_aborts_what_a_killed_one_left(void) {
    struct txn txn = open_txn(&p, TIMEOUT_MS);
    peer_abort(&p);
    peer_open(&p, rig.listener, 1);
    struct txn next = txn_init(&p, id, TIMEOUT_MS);
    T_EQUAL_INT(next.producer_id, txn.producer_id);
    T_TRUE(next.epoch > txn.epoch);
    struct isolated got = txn_fetch(&o, topic, 0, true);
    T_EQUAL_INT(got.aborted_count, 1);
    T_EQUAL_INT(got.stable_offset, 2);
    T_EQUAL_INT(txn_begin(&p, &next, topic, 0), 0);
    T_EQUAL_INT(txn_produce(&p, &next, topic, 0, 0).base_offset, 2);
    T_EQUAL_INT(txn_end(&p, &next, true), 0);
}

/* -- offsets -- */

static void an_offset_is_told_as_committed_when_its_transaction_is(void) {
    struct txn txn = txn_init(&p, id, TIMEOUT_MS);
    T_EQUAL_INT(txn_add_offsets(&p, &txn, group), 0);
    T_EQUAL_INT(txn_commit_offset(&p, &txn, group, topic, 0, 7), 0);
    T_EQUAL_INT(rig_count(MOCK_EVENT_COMMIT, MOCK_API_TXN_OFFSET_COMMIT), 1);
    T_EQUAL_INT(rig_count(MOCK_EVENT_COMMITTED, -1), 0);
    T_EQUAL_INT(mock_group_committed(rig.broker, group, topic, 0), -1);
    T_EQUAL_INT(txn_end(&p, &txn, true), 0);
    const struct rig_event *event = rig_event(MOCK_EVENT_COMMITTED, MOCK_API_END_TXN, 0);
    if (T_TRUE(event != NULL)) {
        T_EQUAL_STR(event->group, group);
        T_EQUAL_STR(event->topic, topic);
        T_EQUAL_INT(event->offset, 7);
        T_EQUAL_INT(event->error, 0);
    }
    T_EQUAL_INT(mock_group_committed(rig.broker, group, topic, 0), 7);
}

static void an_offset_of_an_aborted_transaction_is_never_committed(void) {
    struct txn txn = txn_init(&p, id, TIMEOUT_MS);
    T_EQUAL_INT(txn_add_offsets(&p, &txn, group), 0);
    T_EQUAL_INT(txn_commit_offset(&p, &txn, group, topic, 0, 7), 0);
    T_EQUAL_INT(txn_end(&p, &txn, false), 0);
    T_EQUAL_INT(rig_count(MOCK_EVENT_COMMITTED, -1), 0);
    T_EQUAL_INT(mock_group_committed(rig.broker, group, topic, 0), -1);
}

static void a_refused_offset_is_told_at_once(void) {
    struct txn txn = txn_init(&p, id, TIMEOUT_MS);
    T_EQUAL_INT(txn_commit_offset(&p, &txn, group, topic, 0, 7), MOCK_ERROR_INVALID_TXN_STATE);
    const struct rig_event *event = rig_event(MOCK_EVENT_COMMITTED, MOCK_API_TXN_OFFSET_COMMIT, 0);
    T_TRUE(event && event->error == MOCK_ERROR_INVALID_TXN_STATE);
    T_EQUAL_INT(rig_count(MOCK_EVENT_COMMIT, -1), 0);
}

static void a_commit_of_a_transaction_meets_faults_on_commits(void) {
    struct txn txn = txn_init(&p, id, TIMEOUT_MS);
    T_EQUAL_INT(txn_add_offsets(&p, &txn, group), 0);
    struct mock_trigger t = rig_on(MOCK_ON_COMMIT);
    t.offset = 6;
    RIG_ARM(t, 1, {.kind = MOCK_DO_ERROR, .error = MOCK_ERROR_NOT_COORDINATOR});
    T_EQUAL_INT(txn_commit_offset(&p, &txn, group, topic, 0, 6), 0);
    T_EQUAL_INT(txn_commit_offset(&p, &txn, group, topic, 0, 7), MOCK_ERROR_NOT_COORDINATOR);
    T_EQUAL_INT(txn_commit_offset(&p, &txn, group, topic, 0, 7), 0);
}

/* -- compaction -- */

static void a_marker_is_cleaned_away_after_its_transaction(void) {
    struct mock_topic_options options = MOCK_TOPIC_OPTIONS_INIT;
    char compacted[32];
    options.compact = true;
    T_EQUAL_INT(mock_log_config_set(&options.log, "delete.retention.ms", "1000", NULL), 0);
    (void)snprintf(compacted, sizeof(compacted), "compacted-%d", made);
    T_EQUAL_INT(mock_topic_create(rig.broker, compacted, &options, NULL), 0);
    topic = compacted;
    struct txn txn = open_txn(&p, TIMEOUT_MS);
    T_EQUAL_INT(txn_end(&p, &txn, false), 0);
    /* Another transaction, so that the first one's batch is not the last of its producer. */
    T_EQUAL_INT(txn_begin(&p, &txn, topic, 0), 0);
    T_EQUAL_INT(txn_produce(&p, &txn, topic, 0, 1).base_offset, 2);
    T_EQUAL_INT(txn_end(&p, &txn, true), 0);
    /* Its data goes, then its marker gets a delete horizon, then it goes too. */
    const int markers[] = {2, 2, 1};
    for (int pass = 0; pass < 3; pass++) {
        T_EQUAL_INT(mock_compact(rig.broker, topic, 0, NULL), 0);
        struct isolated got = txn_fetch(&o, topic, 0, true);
        T_EQUAL_INT(got.records, pass == 0 ? 1 : 2);
        T_EQUAL_INT(got.markers, markers[pass]);
        T_EQUAL_INT(got.aborted_count, pass == 0);
        T_EQUAL_INT(got.stable_offset, 4 + pass);
        mock_clock_advance(rig.broker, 2000);
        T_EQUAL_INT(produce(&p, topic, 0, BATCH(.key = "other")).base_offset, 4 + pass);
    }
}

static void an_open_transaction_is_not_cleaned(void) {
    struct mock_topic_options options = MOCK_TOPIC_OPTIONS_INIT;
    char compacted[32];
    options.compact = true;
    (void)snprintf(compacted, sizeof(compacted), "compacted-%d", made);
    T_EQUAL_INT(mock_topic_create(rig.broker, compacted, &options, NULL), 0);
    topic = compacted;
    struct txn txn = open_txn(&p, TIMEOUT_MS);
    T_EQUAL_INT(txn_produce(&p, &txn, topic, 0, 1).error, 0); /* the same key */
    T_EQUAL_INT(mock_compact(rig.broker, topic, 0, NULL), 0);
    T_EQUAL_INT(txn_fetch(&o, topic, 0, false).records, 2);
    T_EQUAL_INT(txn_end(&p, &txn, true), 0);
    T_EQUAL_INT(mock_compact(rig.broker, topic, 0, NULL), 0);
    T_EQUAL_INT(txn_fetch(&o, topic, 0, false).records, 1);
}

/* -- several brokers -- */

static struct peer at[4]; /* by node */

static void begin_three(void) {
    ask_begin();
    name();
    topic = rig_topic(1, false);
    for (int32_t n = 1; n <= 3; n++) {
        peer_open(&at[n], rig.listener, n);
    }
}

static void end_three(void) {
    for (int32_t n = 1; n <= 3; n++) {
        peer_close(&at[n]);
    }
    ask_end();
}

/* The broker that coordinates id: the one that gives it a producer. */
static struct peer *coordinator(struct txn *ret_txn) {
    struct peer *found = NULL;
    for (int32_t n = 1; n <= 3; n++) {
        struct txn txn = txn_init(&at[n], id, TIMEOUT_MS);
        if (txn.error == 0) {
            T_TRUE(found == NULL);
            found = &at[n];
            *ret_txn = txn;
        } else {
            T_EQUAL_INT(txn.error, MOCK_ERROR_NOT_COORDINATOR);
        }
    }
    T_TRUE(found != NULL);
    return found ? found : &at[1];
}

static void one_broker_coordinates_an_id(void) {
    struct txn txn;
    struct peer *c = coordinator(&txn);
    for (int32_t n = 1; n <= 3; n++) {
        int16_t error = &at[n] == c ? MOCK_ERROR_NONE : MOCK_ERROR_NOT_COORDINATOR;
        T_EQUAL_INT(txn_begin(&at[n], &txn, topic, 0), error);
    }
    for (int32_t n = 1; n <= 3; n++) {
        if (&at[n] != c) {
            T_EQUAL_INT(txn_end(&at[n], &txn, true), MOCK_ERROR_NOT_COORDINATOR);
        }
    }
    T_EQUAL_INT(txn_end(c, &txn, true), 0);
}

static void a_marker_waits_for_the_replicas(void) {
    struct txn txn;
    struct peer *c = coordinator(&txn);
    T_EQUAL_INT(txn_begin(c, &txn, topic, 0), 0);
    T_EQUAL_INT(txn_produce(&at[1], &txn, topic, 0, 0).error, 0);
    T_EQUAL_INT(mock_replication_hold(rig.broker, topic, 0, MOCK_ALL_FOLLOWERS, true, NULL), 0);
    rig_forget_events();
    T_EQUAL_INT(txn_end(c, &txn, true), 0);
    T_EQUAL_INT(txn_begin(c, &txn, topic, 0), MOCK_ERROR_CONCURRENT_TRANSACTIONS);
    T_EQUAL_INT(txn_fetch(&at[1], topic, 0, true).stable_offset, 1);
    T_EQUAL_INT(mock_replication_hold(rig.broker, topic, 0, MOCK_ALL_FOLLOWERS, false, NULL), 0);
    RIG_UNTIL(rig_count(MOCK_EVENT_TXN, -1) == 2);
    T_TRUE(told(1, "complete-commit"));
    T_EQUAL_INT(rig_count(MOCK_EVENT_MARKER, -1), 1);
    T_EQUAL_INT(txn_fetch(&at[1], topic, 0, true).stable_offset, 2);
}

static void a_marker_that_died_with_its_leader_is_written_again(void) {
    struct txn txn;
    struct peer *c = coordinator(&txn);
    T_EQUAL_INT(txn_begin(c, &txn, topic, 0), 0);
    T_EQUAL_INT(txn_produce(&at[1], &txn, topic, 0, 0).error, 0);
    T_EQUAL_INT(mock_replication_hold(rig.broker, topic, 0, MOCK_ALL_FOLLOWERS, true, NULL), 0);
    rig_forget_events();
    T_EQUAL_INT(txn_end(c, &txn, false), 0);
    T_EQUAL_INT(rig_count(MOCK_EVENT_MARKER, -1), 1);
    T_EQUAL_INT(mock_leader_move(rig.broker, topic, 0, 2, NULL), 0);
    T_EQUAL_INT(rig_count(MOCK_EVENT_TRUNCATE, -1), 1);
    T_EQUAL_INT(mock_replication_hold(rig.broker, topic, 0, MOCK_ALL_FOLLOWERS, false, NULL), 0);
    RIG_UNTIL(rig_count(MOCK_EVENT_MARKER, -1) == 2);
    RIG_UNTIL(rig_count(MOCK_EVENT_TXN, -1) == 2);
    struct isolated got = txn_fetch(&at[2], topic, 0, true);
    T_EQUAL_INT(got.stable_offset, 2);
    T_EQUAL_INT(got.markers, 1);
    T_EQUAL_INT(got.aborted_count, 1);
}

CU_SuiteInfo *suite_mock_gateway_txn(void) {
    static CU_TestInfo tests[] = {
        {"a_marker_is_told_and_is_no_append", a_marker_is_told_and_is_no_append},
        {"a_producer_is_fenced_on_command", a_producer_is_fenced_on_command},
        {"the_states_of_a_transaction_are_told", the_states_of_a_transaction_are_told},
        {"a_held_end_leaves_the_transaction_open", a_held_end_leaves_the_transaction_open},
        {"an_end_whose_answer_is_lost_has_happened", an_end_whose_answer_is_lost_has_happened},
        {"an_end_that_is_lost_has_not_happened", an_end_that_is_lost_has_not_happened},
        {"an_error_at_adding_partitions_adds_none", an_error_at_adding_partitions_adds_none},
        {"a_batch_behind_the_end_is_not_of_the_transaction",
         a_batch_behind_the_end_is_not_of_the_transaction},
        {"a_transaction_that_times_out_is_aborted", a_transaction_that_times_out_is_aborted},
        {"an_unused_id_is_forgotten_after_a_week", an_unused_id_is_forgotten_after_a_week},
        {"the_next_instance_aborts_what_a_killed_one_left",
         the_next_instance_aborts_what_a_killed_one_left},
        {"an_offset_is_told_as_committed_when_its_transaction_is",
         an_offset_is_told_as_committed_when_its_transaction_is},
        {"an_offset_of_an_aborted_transaction_is_never_committed",
         an_offset_of_an_aborted_transaction_is_never_committed},
        {"a_refused_offset_is_told_at_once", a_refused_offset_is_told_at_once},
        {"a_commit_of_a_transaction_meets_faults_on_commits",
         a_commit_of_a_transaction_meets_faults_on_commits},
        {"a_marker_is_cleaned_away_after_its_transaction",
         a_marker_is_cleaned_away_after_its_transaction},
        {"an_open_transaction_is_not_cleaned", an_open_transaction_is_not_cleaned},
        CU_TEST_INFO_NULL,
    };
    static CU_TestInfo several[] = {
        {"one_broker_coordinates_an_id", one_broker_coordinates_an_id},
        {"a_marker_waits_for_the_replicas", a_marker_waits_for_the_replicas},
        {"a_marker_that_died_with_its_leader_is_written_again",
         a_marker_that_died_with_its_leader_is_written_again},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/gateway txn", open_one_broker, rig_tear_down, begin, end, tests},
        {"mock/gateway txn several", rig_set_up, rig_tear_down, begin_three, end_three, several},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
