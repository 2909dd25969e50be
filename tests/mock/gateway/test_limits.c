/* Tests of limits by setting: connections, idleness, sizes; and of peers that take their time. */
#include <string.h>

#include "ask.h"
#include "suites.h"

static int set_up_few(void) {
    return rig_open("max.connections", "2", "socket.request.max.bytes", "5000", "brokers", "1",
                    NULL);
}

static int set_up_per_ip(void) {
    return rig_open("max.connections.per.ip", "1", "brokers", "1", NULL);
}

static int set_up_idle(void) {
    return rig_open("connections.max.idle.ms", "1", "brokers", "1", NULL);
}

static void a_connection_beyond_max_connections_waits_until_one_closes(void) {
    struct peer a, b, c;
    peer_open(&a, rig.listener, 1);
    peer_open(&b, rig.listener, 1);
    T_TRUE(is_alive(&a) && is_alive(&b));
    peer_open(&c, rig.listener, 1); /* in the backlog */
    peer_send_bytes(&c, "\0\0\0\x0e\0\x12\0\0\0\0\0\x01\0\x04peer", 18);
    T_TRUE(is_alive(&a) && is_alive(&b));
    T_EQUAL_INT(rig_count(MOCK_EVENT_CONNECT, -1), 2);
    T_TRUE(!peer_has_bytes(&c));
    peer_close(&a);
    struct base_slice frame;
    T_TRUE(peer_await_frame(&c, &frame)); /* its turn has come */
    T_EQUAL_INT(rig_count(MOCK_EVENT_CONNECT, -1), 3);
    T_TRUE(is_alive(&b));
    peer_close(&b);
    peer_close(&c);
}

static void a_request_beyond_socket_request_max_bytes_closes_its_connection(void) {
    const char *topic = rig_topic(1, false);
    struct peer a, b;
    peer_open(&a, rig.listener, 1);
    peer_open(&b, rig.listener, 1);
    T_EQUAL_INT(produce(&a, topic, 0, BATCH(.value_bytes = 4000)).error, 0);
    T_TRUE(produce(&a, topic, 0, BATCH(.value_bytes = 6000)).closed);
    T_EQUAL_STR(rig_event(MOCK_EVENT_DISCONNECT, -1, 0)->text, "frame too large");
    T_TRUE(is_alive(&b));
    peer_close(&a);
    peer_close(&b);
}

static void a_connection_beyond_max_connections_per_ip_is_closed(void) {
    struct peer a, b, c;
    peer_open(&a, rig.listener, 1);
    T_TRUE(is_alive(&a));
    peer_open(&b, rig.listener, 1);
    T_TRUE(peer_await_close(&b));
    T_EQUAL_STR(rig_event(MOCK_EVENT_DISCONNECT, -1, 0)->text, "max.connections.per.ip");
    T_TRUE(is_alive(&a));
    peer_close(&a);
    RIG_UNTIL(rig_count(MOCK_EVENT_DISCONNECT, -1) == 2);
    peer_open(&c, rig.listener, 1);
    T_TRUE(is_alive(&c));
    peer_close(&b);
    peer_close(&c);
}

static void an_idle_connection_is_closed(void) {
    struct peer p;
    peer_open(&p, rig.listener, 1);
    T_TRUE(peer_await_close(&p));
    T_EQUAL_STR(rig_event(MOCK_EVENT_DISCONNECT, -1, 0)->text, "connections.max.idle.ms");
    peer_close(&p);
}

/* -- a peer that does not read -- */

#define FETCHES 64
#define BATCH_BYTES (512 * 1024)
#define BATCHES 4

/* Until nothing that it could do is left: the one connection waits for its peer. */
static void turn_until_it_pauses(void) {
    uint64_t before;
    do {
        before = rig.counts[MOCK_EVENT_AFTER];
        for (int i = 0; i < 100; i++) {
            uv_run(&rig.loop, UV_RUN_NOWAIT);
        }
    } while (rig.counts[MOCK_EVENT_AFTER] != before);
}

static void requests_of_a_peer_that_reads_nothing_are_not_carried_out(void) {
    const char *topic = rig_topic(1, false);
    struct peer p, other;
    peer_open(&p, rig.listener, 1);
    peer_open(&other, rig.listener, 1);
    for (int i = 0; i < BATCHES; i++) {
        T_EQUAL_INT(produce(&p, topic, 0, BATCH(.value_bytes = BATCH_BYTES)).error, 0);
    }
    rig.counts_only = true;
    uint64_t before = rig.counts[MOCK_EVENT_AFTER];
    for (int i = 0; i < FETCHES; i++) {
        ask_fetch(&p, topic, 0, 0, &(const struct fetch_options){.max_wait_ms = 1});
    }
    turn_until_it_pauses();
    T_TRUE(rig.counts[MOCK_EVENT_AFTER] - before < FETCHES / 2);
    T_TRUE(is_alive(&other));
    for (int i = 0; i < FETCHES; i++) { /* it reads after all: nothing is lost */
        struct fetched f = take_fetched(&p);
        T_EQUAL_INT(f.error, 0);
        T_EQUAL_INT(f.batches, BATCHES);
    }
    rig.counts_only = false;
    peer_close(&p);
    peer_close(&other);
}

#define PIPELINED 10000

static void whoever_asks_much_before_reading_gets_every_answer(void) {
    static const uint8_t versions[] = {0, 0, 0, 14, 0, 18, 0, 0, 0, 0, 0, 1, 0, 4, 'p', 'e', 'e',
                                       'r'};
    struct peer p, other;
    rig.counts_only = true;
    peer_open(&p, rig.listener, 1);
    peer_open(&other, rig.listener, 1);
    for (int i = 0; i < PIPELINED; i++) {
        peer_send_bytes(&p, versions, sizeof(versions));
    }
    T_TRUE(is_alive(&other));
    struct base_slice frame;
    int answered = 0;
    while (answered < PIPELINED && peer_await_frame(&p, &frame)) {
        answered++;
    }
    T_EQUAL_INT(answered, PIPELINED);
    rig.counts_only = false;
    peer_close(&p);
    peer_close(&other);
}

#define TEST(name)                                                                                 \
    { #name, name }

CU_SuiteInfo *suite_mock_gateway_limits(void) {
    static CU_TestInfo few[] = {
        TEST(a_connection_beyond_max_connections_waits_until_one_closes),
        TEST(a_request_beyond_socket_request_max_bytes_closes_its_connection),
        CU_TEST_INFO_NULL,
    };
    static CU_TestInfo per_ip[] = {
        TEST(a_connection_beyond_max_connections_per_ip_is_closed),
        CU_TEST_INFO_NULL,
    };
    static CU_TestInfo idle[] = {
        TEST(an_idle_connection_is_closed),
        CU_TEST_INFO_NULL,
    };
    static CU_TestInfo slow[] = {
        TEST(requests_of_a_peer_that_reads_nothing_are_not_carried_out),
        TEST(whoever_asks_much_before_reading_gets_every_answer),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/gateway limits", set_up_few, rig_tear_down, ask_begin, ask_end, few},
        {"mock/gateway limits per ip", set_up_per_ip, rig_tear_down, ask_begin, ask_end, per_ip},
        {"mock/gateway idle", set_up_idle, rig_tear_down, ask_begin, ask_end, idle},
        {"mock/gateway slow peers", rig_set_up, rig_tear_down, ask_begin, ask_end, slow},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
