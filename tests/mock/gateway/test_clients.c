/* Tests with a real client, librdkafka: what its own mock cluster does not give. */
#include <librdkafka/rdkafka.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "suites.h"

/* Longer than the watchdog: who waits for one of these does not end. */
#define MINUTES_MS "200000"
#define SESSION_MS "600000"

static const char *topic;
static char bootstrap[512];

static void begin(void) {
    ask_begin();
    topic = rig_topic(1, false);
    (void)snprintf(bootstrap, sizeof(bootstrap), "%s", mock_listener_bootstrap(rig.listener));
}

/* What the clients' callbacks have seen. */
struct reports {
    int delivered;
    int failed;
};

static void on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
    struct reports *reports = opaque;
    if (message->err) {
        reports->failed++;
    } else {
        reports->delivered++;
    }
}

/* name, value, …, NULL. */
static rd_kafka_t *client(rd_kafka_type_t type, const char *servers, struct reports *reports, ...) {
    char text[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", servers, NULL, 0);
    rd_kafka_conf_set(conf, "log_level", "0", NULL, 0);
    rd_kafka_conf_set(conf, "retry.backoff.ms", "10", NULL, 0);
    rd_kafka_conf_set(conf, "reconnect.backoff.ms", "10", NULL, 0);
    rd_kafka_conf_set(conf, "socket.nagle.disable", "true", NULL, 0);
    va_list args;
    va_start(args, reports);
    for (const char *n = va_arg(args, const char *); n; n = va_arg(args, const char *)) {
        const char *value = va_arg(args, const char *);
        if (rd_kafka_conf_set(conf, n, value, text, sizeof(text)) != RD_KAFKA_CONF_OK) {
            fprintf(stderr, "%s\n", text);
        }
    }
    va_end(args);
    if (type == RD_KAFKA_PRODUCER) {
        rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
        rd_kafka_conf_set_opaque(conf, reports);
    }
    rd_kafka_t *rk = rd_kafka_new(type, conf, text, sizeof(text));
    if (!rk) {
        fprintf(stderr, "no client: %s\n", text);
        rd_kafka_conf_destroy(conf);
        return NULL;
    }
    if (type == RD_KAFKA_CONSUMER) {
        rd_kafka_poll_set_consumer(rk);
    }
    return rk;
}

#define PATIENT_CONSUMER                                                                          \
    "group.id", "clients", "auto.offset.reset", "earliest", "enable.auto.commit", "false",        \
        "session.timeout.ms", SESSION_MS, "max.poll.interval.ms", SESSION_MS,                     \
        "heartbeat.interval.ms", "100", "fetch.wait.max.ms", MINUTES_MS, "socket.timeout.ms",     \
        "300000"

static int send_text(rd_kafka_t *rk, const char *key, const void *value, size_t len) {
    rd_kafka_resp_err_t code;
    do {
        code = rd_kafka_producev(rk, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY(key, strlen(key)),
                                 RD_KAFKA_V_VALUE((void *)(uintptr_t)value, len),
                                 RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
        rd_kafka_poll(rk, code ? 10 : 0);
    } while (code == RD_KAFKA_RESP_ERR__QUEUE_FULL);
    return code ? -1 : 0;
}

static void subscribe(rd_kafka_t *rk) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, RD_KAFKA_PARTITION_UA);
    rd_kafka_subscribe(rk, list);
    rd_kafka_topic_partition_list_destroy(list);
}

static void assign_from_start(rd_kafka_t *rk) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, 0)->offset = 0;
    rd_kafka_assign(rk, list);
    rd_kafka_topic_partition_list_destroy(list);
}

/* Waits for a record. */
static rd_kafka_message_t *take(rd_kafka_t *rk) {
    for (;;) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(rk, 1000);
        if (message && !message->err) {
            return message;
        }
        if (message) {
            rd_kafka_message_destroy(message);
        }
    }
}

static void end_consumer(rd_kafka_t *rk) {
    rd_kafka_consumer_close(rk);
    rd_kafka_destroy(rk);
}

/* -- a million -- */

static int million(void) {
    return getenv("T_VALGRIND") ? 5000 : 1000000;
}

static int produce_a_million(void *arg) {
    struct reports reports = {0, 0};
    char value[200];
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, bootstrap, &reports, "linger.ms", "5", NULL);
    if (!rk) {
        return -1;
    }
    memset(value, '.', sizeof(value));
    for (int32_t i = 0; i < million(); i++) {
        memcpy(value, &i, sizeof(i));
        if (send_text(rk, "k", value, sizeof(value)) != 0) {
            return -1;
        }
    }
    rd_kafka_flush(rk, 120000);
    rd_kafka_destroy(rk);
    return reports.failed ? -1 : reports.delivered;
}

/* How many came, each once and in order; -1: not so. */
static int consume_a_million(void *arg) {
    rd_kafka_t *rk = client(RD_KAFKA_CONSUMER, bootstrap, NULL, "group.id", "million", NULL);
    if (!rk) {
        return -1;
    }
    assign_from_start(rk);
    int seen = 0;
    bool right = true;
    while (seen < million() && right) {
        rd_kafka_message_t *message = take(rk);
        int32_t i = -1;
        memcpy(&i, message->payload, sizeof(i));
        right = message->len == 200 && i == seen && message->offset == seen;
        seen++;
        rd_kafka_message_destroy(message);
    }
    end_consumer(rk);
    return right ? seen : -1;
}

static void a_million_acknowledged_records_are_all_read_back(void) {
    rig.counts_only = true;
    T_EQUAL_INT(rig_beside(produce_a_million, NULL), million());
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), million());
    T_EQUAL_INT(rig_beside(consume_a_million, NULL), million());
    rig.counts_only = false;
}

/* -- a lost acknowledgement -- */

static int produce_three(void *idempotent) {
    struct reports reports = {0, 0};
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, bootstrap, &reports, "enable.idempotence",
                            idempotent ? "true" : "false", "linger.ms", "0", NULL);
    for (int i = 0; rk && i < 3; i++) {
        char key[8];
        (void)snprintf(key, sizeof(key), "r%d", i);
        send_text(rk, key, "value", 5);
    }
    if (rk) {
        rd_kafka_flush(rk, 120000);
        rd_kafka_destroy(rk);
    }
    return reports.failed ? -1 : reports.delivered;
}

static int64_t records_after_a_lost_ack(void *idempotent) {
    struct mock_trigger t = rig_on(MOCK_ON_PRODUCE);
    t.key = base_slice_str("r0");
    t.attempt = 1;
    struct mock_fault *fault =
        RIG_ARM(t, 1, {.kind = MOCK_DO_DROP_RESPONSE}, {.kind = MOCK_DO_RESET});
    T_EQUAL_INT(rig_beside(produce_three, idempotent), 3);
    T_EQUAL_INT(mock_fault_fired(fault), 1);
    return mock_partition_end(rig.broker, topic, 0);
}

static void a_lost_first_ack_of_an_idempotent_producer_leaves_each_record_once(void) {
    static int yes;
    T_EQUAL_INT(records_after_a_lost_ack(&yes), 3);
}

static void a_lost_first_ack_of_another_producer_leaves_a_record_twice(void) {
    T_TRUE(records_after_a_lost_ack(NULL) > 3);
}

/* -- waits that are none -- */

static int consume_one_in_a_new_group(void *arg) {
    rd_kafka_t *rk = client(RD_KAFKA_CONSUMER, bootstrap, NULL, PATIENT_CONSUMER, NULL);
    if (!rk) {
        return -1;
    }
    subscribe(rk);
    rd_kafka_message_destroy(take(rk));
    end_consumer(rk);
    return 0;
}

/* How long the broker kept the n-th request of the kind; -1: it was not answered. */
static int64_t kept_ms(int16_t api, size_t n) {
    const struct rig_event *asked = rig_event(MOCK_EVENT_RECV, api, n);
    for (size_t i = 0; asked && i < rig_count(MOCK_EVENT_SEND, api); i++) {
        const struct rig_event *answered = rig_event(MOCK_EVENT_SEND, api, i);
        if (answered->request == asked->request) {
            return (int64_t)(answered->at_ns - asked->at_ns) / 1000000;
        }
    }
    return -1;
}

static void the_first_record_of_a_new_group_comes_without_a_fixed_wait(void) {
    struct peer w;
    peer_open(&w, rig.listener, 1);
    produce(&w, topic, 0, BATCH(.count = 1));
    rig_forget_events();
    T_EQUAL_INT(rig_beside(consume_one_in_a_new_group, NULL), 0);
    /* The bare mock cluster holds a first join for 3 seconds. What the client takes for itself, on
     * a busy machine, is none of the broker's. */
    T_TRUE(rig_count(MOCK_EVENT_RECV, MOCK_API_JOIN_GROUP) > 0);
    for (size_t i = 0; i < rig_count(MOCK_EVENT_RECV, MOCK_API_JOIN_GROUP); i++) {
        int64_t kept = kept_ms(MOCK_API_JOIN_GROUP, i);
        T_TRUE(kept >= 0 && kept < 2900);
    }
    peer_close(&w);
}

static bool is_waiting;

static void ask_whether_it_waits(void *arg) {
    is_waiting = false;
    (void)mock_actor_position(rig.broker, "rdkafka", topic, 0, &is_waiting);
}

static int consume_while_idle(void *arg) {
    struct reports reports = {0, 0};
    rd_kafka_t *consumer = client(RD_KAFKA_CONSUMER, bootstrap, NULL, PATIENT_CONSUMER, NULL);
    rd_kafka_t *producer = client(RD_KAFKA_PRODUCER, bootstrap, &reports, "linger.ms", "0", NULL);
    if (!consumer || !producer) {
        return -1;
    }
    assign_from_start(consumer);
    int seen = 0;
    for (int i = 0; i < 10; i++) {
        do {
            rd_kafka_message_t *none = rd_kafka_consumer_poll(consumer, 1);
            seen += none && !none->err ? 100 : 0; /* nothing was sent: wrong */
            if (none) {
                rd_kafka_message_destroy(none);
            }
            rig_on_loop(ask_whether_it_waits, NULL);
        } while (!is_waiting);
        send_text(producer, "k", "v", 1);
        rd_kafka_message_destroy(take(consumer)); /* else after 200 s: the watchdog bites before */
        seen++;
    }
    rd_kafka_flush(producer, 10000);
    rd_kafka_destroy(producer);
    end_consumer(consumer);
    return seen;
}

static void an_idle_consumer_gets_an_appended_record_at_once(void) {
    T_EQUAL_INT(rig_beside(consume_while_idle, NULL), 10);
}

/* -- a successor -- */

static struct mock_listener *victims;

static void open_victims_listener(void *arg) {
    victims = rig_listen("victim", 1);
}

static void kill_the_victim(void *arg) {
    mock_listener_freeze(victims);
    mock_listener_close(victims);
    mock_actor_died(rig.broker, "victim", 1);
}

static int assigned(rd_kafka_t *rk) {
    rd_kafka_topic_partition_list_t *list = NULL;
    rd_kafka_message_t *message = rd_kafka_consumer_poll(rk, 20);
    if (message) {
        rd_kafka_message_destroy(message);
    }
    rd_kafka_assignment(rk, &list);
    int count = list ? list->cnt : 0;
    if (list) {
        rd_kafka_topic_partition_list_destroy(list);
    }
    return count;
}

static int inherit(void *arg) {
    rig_on_loop(open_victims_listener, NULL);
    rd_kafka_t *victim = client(RD_KAFKA_CONSUMER, mock_listener_bootstrap(victims), NULL,
                                PATIENT_CONSUMER, NULL);
    rd_kafka_t *heir = client(RD_KAFKA_CONSUMER, bootstrap, NULL, PATIENT_CONSUMER, NULL);
    if (!victim || !heir) {
        return -1;
    }
    subscribe(victim);
    while (assigned(victim) != 4) {
    }
    subscribe(heir);
    while (assigned(victim) != 2 || assigned(heir) != 2) {
    }
    rig_on_loop(kill_the_victim, NULL);
    while (assigned(heir) != 4) { /* the session ends in ten minutes */
    }
    end_consumer(heir);
    rd_kafka_destroy_flags(victim, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    return 4;
}

static void a_killed_member_leaves_its_partitions_without_waiting_for_its_session(void) {
    topic = rig_topic(4, false);
    T_EQUAL_INT(rig_beside(inherit, NULL), 4);
}

/* -- compression, leaders -- */

static int produce_compressed(void *arg) {
    static const char *const codecs[] = {"none", "gzip", "snappy", "lz4", "zstd"};
    int delivered = 0;
    for (size_t i = 0; i < 5; i++) {
        struct reports reports = {0, 0};
        char value[500];
        memset(value, 'a' + (int)i, sizeof(value));
        rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, bootstrap, &reports, "compression.codec",
                                codecs[i], "linger.ms", "50", NULL);
        for (int n = 0; rk && n < 20; n++) {
            send_text(rk, "k", value, sizeof(value));
        }
        if (rk) {
            rd_kafka_flush(rk, 60000);
            rd_kafka_destroy(rk);
        }
        delivered += reports.delivered;
    }
    return delivered;
}

static int consume_compressed(void *arg) {
    rd_kafka_t *rk =
        client(RD_KAFKA_CONSUMER, bootstrap, NULL, "group.id", "z", "check.crcs", "true", NULL);
    if (!rk) {
        return -1;
    }
    assign_from_start(rk);
    int right = 0;
    for (int n = 0; n < 100; n++) {
        rd_kafka_message_t *message = take(rk);
        const char *value = message->payload;
        right += message->len == 500 && value[0] == 'a' + n / 20 && value[499] == 'a' + n / 20;
        rd_kafka_message_destroy(message);
    }
    end_consumer(rk);
    return right;
}

static void every_codec_of_the_client_is_read_back(void) {
    T_EQUAL_INT(rig_beside(produce_compressed, NULL), 100);
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 100);
    T_EQUAL_INT(rig_beside(consume_compressed, NULL), 100);
}

static int32_t next_leader;

static void move_the_leader(void *arg) {
    T_EQUAL_INT(mock_leader_move(rig.broker, topic, 0, next_leader, NULL), 0);
}

static int produce_across_moves(void *arg) {
    struct reports reports = {0, 0};
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, bootstrap, &reports, "enable.idempotence", "true",
                            "linger.ms", "0", NULL);
    for (int i = 0; rk && i < 6; i++) {
        send_text(rk, "k", "v", 1);
        rd_kafka_flush(rk, 60000);
        next_leader = i % 3 + 1;
        rig_on_loop(move_the_leader, NULL);
    }
    if (rk) {
        rd_kafka_destroy(rk);
    }
    return reports.failed ? -1 : reports.delivered;
}

static void a_client_follows_a_moved_leader(void) {
    T_EQUAL_INT(rig_beside(produce_across_moves, NULL), 6);
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 6);
}

#define TEST(name) {#name, name}

CU_SuiteInfo *suite_mock_gateway_clients(void) {
    static CU_TestInfo tests[] = {
        TEST(a_million_acknowledged_records_are_all_read_back),
        TEST(a_lost_first_ack_of_an_idempotent_producer_leaves_each_record_once),
        TEST(a_lost_first_ack_of_another_producer_leaves_a_record_twice),
        TEST(the_first_record_of_a_new_group_comes_without_a_fixed_wait),
        TEST(an_idle_consumer_gets_an_appended_record_at_once),
        TEST(a_killed_member_leaves_its_partitions_without_waiting_for_its_session),
        TEST(every_codec_of_the_client_is_read_back),
        TEST(a_client_follows_a_moved_leader),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/gateway clients", rig_set_up, rig_tear_down, begin, ask_end, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
