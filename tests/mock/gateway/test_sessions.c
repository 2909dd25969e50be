/* Tests of fetch sessions (KIP-227) over sockets: what faults, a dead broker and transactions do to
 * one. What Kafka answers is in tests/fidelity/cases/sessions.txt. */
#include <string.h>

#include "ask_txn.h"
#include "suites.h"

#define VERSION 12
#define PARTITIONS 2
#define LEFT_OUT (-1)

static struct peer p; /* has the session */
static struct peer w; /* writes, and looks on */
static const char *topic;

static void begin(void) {
    ask_begin();
    topic = rig_topic(PARTITIONS, false);
    peer_open(&p, rig.listener, 1);
    peer_open(&w, rig.listener, 1);
}

static void end(void) {
    peer_close(&p);
    peer_close(&w);
    ask_end();
}

/* A request of the session: where each partition is read from, or LEFT_OUT. */
struct asked {
    int32_t session, epoch;
    int64_t from[PARTITIONS];
    bool committed, patient;
};

static void ask(const struct asked *a) {
    struct mock_fetch_partition parts[PARTITIONS];
    struct mock_fetch_topic t = {.name = base_slice_str(topic), .partitions = parts};
    for (int32_t i = 0; i < PARTITIONS; i++) {
        if (a->from[i] != LEFT_OUT) {
            parts[t.partition_count++] = (struct mock_fetch_partition){.index = i,
                                                                       .current_leader_epoch = -1,
                                                                       .fetch_offset = a->from[i],
                                                                       .last_fetched_epoch = -1,
                                                                       .log_start_offset = -1,
                                                                       .max_bytes = 100000};
        }
    }
    struct mock_fetch_request request = {.replica_id = -1,
                                         .max_wait_ms = a->patient ? FOREVER_MS : 0,
                                         .min_bytes = a->patient,
                                         .max_bytes = 100000,
                                         .isolation_level = a->committed,
                                         .session_id = a->session,
                                         .session_epoch = a->epoch,
                                         .topics = &t,
                                         .topic_count = t.partition_count ? 1 : 0,
                                         .rack_id = base_slice_str(""),
                                         .replica_epoch = -1};
    mock_fetch_request_encode(peer_request(&p, MOCK_API_FETCH, VERSION), VERSION, &request);
    peer_send(&p);
}

/* What the answer tells of each partition. */
struct told {
    int16_t error;
    int32_t session;
    bool has[PARTITIONS];
    int16_t errors[PARTITIONS];
    int64_t stable[PARTITIONS];
    size_t bytes[PARTITIONS], aborted[PARTITIONS];
};

static struct told take(void) {
    struct mock_fetch_response said = {0};
    struct base_reader body;
    struct told told = {.error = CLOSED_INSTEAD};
    if (!peer_await(&p, &body) ||
        !T_EQUAL_INT(mock_fetch_response_decode(&body, VERSION, &p.arena, &said), 0)) {
        return told;
    }
    told.error = said.error_code;
    told.session = said.session_id;
    for (size_t t = 0; t < said.topic_count; t++) {
        for (size_t i = 0; i < said.topics[t].partition_count; i++) {
            const struct mock_fetch_partition_response *part = &said.topics[t].partitions[i];
            told.has[part->index] = true;
            told.errors[part->index] = part->error_code;
            told.stable[part->index] = part->last_stable_offset;
            told.aborted[part->index] = part->aborted_count;
            told.bytes[part->index] = part->chunk_count ? part->chunks[0].len : 0;
        }
    }
    return told;
}

#define FETCH(...) (ask(&(const struct asked){__VA_ARGS__}), take())
/* Nothing new is asked for. */
#define NEXT(session_id, number) FETCH(.session = (session_id), .epoch = (number), .from = {-1, -1})

/* A session over both partitions, from their ends on. */
static int32_t open_session(void) {
    struct told told = FETCH(.session = 0, .epoch = 0, .from = {0, 0});
    T_EQUAL_INT(told.error, 0);
    T_TRUE(told.session != 0);
    T_TRUE(told.has[0] && told.has[1]);
    return told.session;
}

/* A fault on what a session reads, though the request does not name it. */
static struct mock_trigger on_fetch_of(int32_t partition) {
    static const char *names[1];
    struct mock_trigger t = rig_on(MOCK_ON_FETCH);
    names[0] = topic;
    t.topics = names;
    t.topic_count = 1;
    t.partition = partition;
    return t;
}

static void write_to(int32_t partition, int64_t expected_offset) {
    T_EQUAL_INT(produce(&w, topic, partition, BATCH(.count = 1)).base_offset, expected_offset);
}

/* -- faults -- */

static void a_lost_request_leaves_the_session_where_it_was(void) {
    int32_t session = open_session();
    struct mock_fault *fault = RIG_ARM(on_fetch_of(1), 1, {.kind = MOCK_DO_DROP_REQUEST});
    write_to(1, 0);
    ask(&(const struct asked){.session = session, .epoch = 1, .from = {-1, -1}});
    peer_expect_nothing(&p);
    struct told told = NEXT(session, 1); /* the same once more */
    T_EQUAL_INT(mock_fault_fired(fault), 1);
    T_EQUAL_INT(told.error, 0);
    T_EQUAL_INT(told.session, session);
    T_TRUE(!told.has[0] && told.has[1] && told.bytes[1] > 0);
    T_EQUAL_INT(NEXT(session, 2).error, 0);
}

static void a_lost_request_has_changed_nothing(void) {
    int32_t session = open_session();
    write_to(0, 0);
    write_to(1, 0);
    RIG_ARM(on_fetch_of(0), 1, {.kind = MOCK_DO_DROP_REQUEST});
    ask(&(const struct asked){.session = session, .epoch = 1, .from = {1, 1}});
    peer_expect_nothing(&p);
    struct told told = NEXT(session, 1);
    T_TRUE(told.bytes[0] > 0 && told.bytes[1] > 0); /* still from 0 on */
}

static void a_lost_answer_has_used_its_epoch_up(void) {
    int32_t session = open_session();
    struct mock_fault *fault = RIG_ARM(on_fetch_of(1), 1, {.kind = MOCK_DO_DROP_RESPONSE});
    write_to(1, 0);
    ask(&(const struct asked){.session = session, .epoch = 1, .from = {-1, -1}});
    peer_expect_nothing(&p);
    struct told told = NEXT(session, 1);
    T_EQUAL_INT(mock_fault_fired(fault), 1);
    T_EQUAL_INT(told.error, MOCK_ERROR_INVALID_FETCH_SESSION_EPOCH);
    /* The reader begins anew, and misses nothing. */
    told = FETCH(.session = session, .epoch = 0, .from = {0, 0});
    T_EQUAL_INT(told.error, 0);
    T_TRUE(told.session != 0 && told.session != session);
    T_TRUE(told.bytes[1] > 0);
    T_EQUAL_INT(NEXT(session, 2).error, MOCK_ERROR_FETCH_SESSION_ID_NOT_FOUND);
    T_EQUAL_INT(NEXT(told.session, 1).error, 0);
}

static void records_of_a_lost_answer_come_again(void) {
    int32_t session = open_session();
    RIG_ARM(on_fetch_of(1), 1, {.kind = MOCK_DO_DROP_RESPONSE});
    write_to(1, 0);
    ask(&(const struct asked){.session = session, .epoch = 1, .from = {-1, -1}});
    peer_expect_nothing(&p);
    struct told told = NEXT(session, 2);
    T_EQUAL_INT(told.error, 0);
    T_TRUE(told.bytes[1] > 0);
}

static void an_error_leaves_the_session_where_it_was(void) {
    int32_t session = open_session();
    struct mock_fault *fault = RIG_ARM(
        on_fetch_of(1), 1, {.kind = MOCK_DO_ERROR, .error = MOCK_ERROR_KAFKA_STORAGE_ERROR});
    struct told told = NEXT(session, 1);
    T_EQUAL_INT(told.error, MOCK_ERROR_KAFKA_STORAGE_ERROR);
    T_EQUAL_INT(mock_fault_fired(fault), 1);
    write_to(0, 0);
    told = NEXT(session, 1);
    T_EQUAL_INT(told.error, 0);
    T_TRUE(told.bytes[0] > 0 && !told.has[1]);
    /* What a Java client does after an error: it closes the session and wants another one. */
    told = FETCH(.session = session, .epoch = 0, .from = {1, 0});
    T_TRUE(told.error == 0 && told.session != 0 && told.session != session);
    T_EQUAL_INT(NEXT(session, 2).error, MOCK_ERROR_FETCH_SESSION_ID_NOT_FOUND);
}

static void a_held_request_sees_what_came_meanwhile(void) {
    bool go = false;
    int32_t session = open_session();
    struct mock_fault *fault = RIG_ARM(on_fetch_of(0), 1, {.kind = MOCK_DO_HOLD, .until = &go});
    ask(&(const struct asked){.session = session, .epoch = 1, .from = {-1, 0}});
    RIG_UNTIL(mock_fault_matched(fault) == 1);
    write_to(0, 0);
    write_to(1, 0);
    T_TRUE(!peer_has_bytes(&p));
    rig_set(&go);
    struct told told = take();
    T_EQUAL_INT(told.error, 0);
    T_TRUE(told.bytes[0] > 0 && told.bytes[1] > 0);
    told = FETCH(.session = session, .epoch = 2, .from = {1, 1});
    T_EQUAL_INT(told.error, 0);
    T_TRUE(!told.has[0] && !told.has[1]);
}

static void what_a_session_does_not_read_meets_no_fault(void) {
    struct told told = FETCH(.session = 0, .epoch = 0, .from = {0, LEFT_OUT});
    struct mock_fault *fault = RIG_ARM(on_fetch_of(1), 1, {.kind = MOCK_DO_DROP_REQUEST});
    T_EQUAL_INT(NEXT(told.session, 1).error, 0);
    T_EQUAL_INT(mock_fault_matched(fault), 0);
    ask(&(const struct asked){.session = told.session, .epoch = 2, .from = {LEFT_OUT, 0}});
    peer_expect_nothing(&p);
    T_EQUAL_INT(NEXT(told.session, 2).error, 0);
    T_EQUAL_INT(mock_fault_matched(fault), 1);
}

/* -- a broker that dies -- */

static void a_broker_that_was_down_knows_no_session(void) {
    int32_t session = open_session();
    T_EQUAL_INT(mock_node_down(rig.broker, 1, NULL), 0);
    peer_close(&p);
    T_EQUAL_INT(mock_node_up(rig.broker, 1, NULL), 0);
    peer_open(&p, rig.listener, 1);
    struct told told = NEXT(session, 1);
    T_EQUAL_INT(told.error, MOCK_ERROR_FETCH_SESSION_ID_NOT_FOUND);
    T_EQUAL_INT(told.session, 0);
    T_TRUE(!told.has[0] && !told.has[1]);
    told = FETCH(.session = 0, .epoch = 0, .from = {0, 0});
    T_EQUAL_INT(told.error, 0);
    T_TRUE(told.session != 0);
    T_EQUAL_INT(NEXT(told.session, 1).error, 0);
}

static void a_session_is_known_where_it_was_made(void) {
    int32_t session = open_session();
    struct peer other = p;
    peer_open(&p, rig.listener, 2);
    T_EQUAL_INT(NEXT(session, 1).error, MOCK_ERROR_FETCH_SESSION_ID_NOT_FOUND);
    peer_close(&p);
    p = other;
    T_EQUAL_INT(NEXT(session, 1).error, 0);
}

/* -- read_committed -- */

static struct peer *coordinator_of(const char *id, struct txn *ret_txn) {
    static struct peer c;
    for (int32_t n = 1; n <= 3; n++) {
        peer_open(&c, rig.listener, n);
        *ret_txn = txn_init(&c, id, 60000);
        if (ret_txn->error == 0) {
            break;
        }
        peer_close(&c);
    }
    T_EQUAL_INT(ret_txn->error, 0);
    return &c;
}

static void end_while_it_waits(bool commit) {
    struct txn txn;
    struct peer *c = coordinator_of(commit ? "session-commit" : "session-abort", &txn);
    T_EQUAL_INT(txn_begin(c, &txn, topic, 0), 0);
    T_EQUAL_INT(txn_produce(&w, &txn, topic, 0, 0).error, 0);
    struct told told = FETCH(.session = 0, .epoch = 0, .from = {0, 0}, .committed = true);
    T_EQUAL_INT(told.stable[0], 0);
    T_EQUAL_INT(told.bytes[0], 0);
    int32_t session = told.session;
    told = FETCH(.session = session, .epoch = 1, .from = {-1, -1}, .committed = true);
    T_TRUE(!told.has[0]); /* nothing is new */
    ask(&(const struct asked){
        .session = session, .epoch = 2, .from = {-1, -1}, .committed = true, .patient = true});
    T_TRUE(is_alive(&w) && !peer_has_bytes(&p));
    T_EQUAL_INT(txn_end(c, &txn, commit), 0);
    told = take();
    T_EQUAL_INT(told.error, 0);
    T_TRUE(told.has[0] && told.bytes[0] > 0 && !told.has[1]);
    T_EQUAL_INT(told.stable[0], 2);
    T_EQUAL_INT(told.aborted[0], commit ? 0 : 1);
    told = FETCH(.session = session, .epoch = 3, .from = {2, -1}, .committed = true);
    T_TRUE(told.error == 0 && !told.has[0]);
    peer_close(c);
}

static void a_commit_wakes_a_session_that_reads_committed(void) {
    end_while_it_waits(true);
}

static void an_abort_is_told_to_a_session_that_reads_committed(void) {
    end_while_it_waits(false);
}

#define TEST(name)                                                                                 \
    { #name, name }

CU_SuiteInfo *suite_mock_gateway_sessions(void) {
    static CU_TestInfo tests[] = {
        TEST(a_lost_request_leaves_the_session_where_it_was),
        TEST(a_lost_request_has_changed_nothing),
        TEST(a_lost_answer_has_used_its_epoch_up),
        TEST(records_of_a_lost_answer_come_again),
        TEST(an_error_leaves_the_session_where_it_was),
        TEST(a_held_request_sees_what_came_meanwhile),
        TEST(what_a_session_does_not_read_meets_no_fault),
        TEST(a_broker_that_was_down_knows_no_session),
        TEST(a_session_is_known_where_it_was_made),
        TEST(a_commit_wakes_a_session_that_reads_committed),
        TEST(an_abort_is_told_to_a_session_that_reads_committed),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/gateway sessions", rig_set_up, rig_tear_down, begin, end, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
