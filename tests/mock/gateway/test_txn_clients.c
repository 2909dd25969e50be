/* Transactions of a real client, librdkafka, from end to end: what is committed is read once, what
 * is not is never read by those who ask for committed data only. */
#include <librdkafka/rdkafka.h>
#include <stdarg.h>
#include <string.h>

#include "ask_txn.h"
#include "suites.h"

/* Longer than the watchdog: who waits for one of these does not end. */
#define PATIENCE_MS 200000
#define TEXT_BYTES 512

static const char *topic;
static char bootstrap[TEXT_BYTES];
static char id[32], group[32];
static int made;

static void begin(void) {
    ask_begin();
    topic = rig_topic(1, false);
    made++;
    (void)snprintf(id, sizeof(id), "real-%d", made);
    (void)snprintf(group, sizeof(group), "real-group-%d", made);
    (void)snprintf(bootstrap, sizeof(bootstrap), "%s", mock_listener_bootstrap(rig.listener));
}

/* name, value, …, NULL. */
static rd_kafka_t *client(rd_kafka_type_t type, ...) {
    char text[TEXT_BYTES];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap, NULL, 0);
    rd_kafka_conf_set(conf, "log_level", "0", NULL, 0);
    rd_kafka_conf_set(conf, "retry.backoff.ms", "10", NULL, 0);
    va_list args;
    va_start(args, type);
    for (const char *n = va_arg(args, const char *); n; n = va_arg(args, const char *)) {
        const char *value = va_arg(args, const char *);
        if (rd_kafka_conf_set(conf, n, value, text, sizeof(text)) != RD_KAFKA_CONF_OK) {
            fprintf(stderr, "%s\n", text);
        }
    }
    va_end(args);
    rd_kafka_t *rk = rd_kafka_new(type, conf, text, sizeof(text));
    if (!rk) {
        fprintf(stderr, "no client: %s\n", text);
        rd_kafka_conf_destroy(conf);
    }
    return rk;
}

/* 0, or the code of the error, which is freed. */
static int code_of(rd_kafka_error_t *error) {
    int code = rd_kafka_error_code(error);
    if (error) {
        rd_kafka_error_destroy(error);
    }
    return code;
}

/* A producer of transactions that is ready to begin one; NULL. */
static rd_kafka_t *producer(const char *timeout_ms) {
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, "transactional.id", id, "transaction.timeout.ms",
                            timeout_ms, "linger.ms", "0", NULL);
    if (rk && code_of(rd_kafka_init_transactions(rk, PATIENCE_MS))) {
        rd_kafka_destroy(rk);
        return NULL;
    }
    return rk;
}

static int put(rd_kafka_t *rk, const char *value) {
    return rd_kafka_producev(rk, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(0),
                             RD_KAFKA_V_VALUE((void *)(uintptr_t)value, strlen(value)),
                             RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
}

/* A transaction with these values, one letter each. */
static int transact(rd_kafka_t *rk, const char *values, bool commit) {
    int code = code_of(rd_kafka_begin_transaction(rk));
    for (const char *v = values; *v && !code; v++) {
        code = put(rk, (const char[]){*v, 0});
    }
    if (code) {
        return code;
    }
    rd_kafka_flush(rk, PATIENCE_MS); /* what is aborted while it is queued never leaves */
    return code_of(commit ? rd_kafka_commit_transaction(rk, PATIENCE_MS)
                          : rd_kafka_abort_transaction(rk, PATIENCE_MS));
}

static rd_kafka_t *consumer(const char *isolation) {
    rd_kafka_t *rk = client(RD_KAFKA_CONSUMER, "group.id", group, "isolation.level", isolation,
                            "enable.auto.commit", "false", "enable.partition.eof", "true", NULL);
    if (!rk) {
        return NULL;
    }
    rd_kafka_poll_set_consumer(rk);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, 0)->offset = 0;
    rd_kafka_assign(rk, list);
    rd_kafka_topic_partition_list_destroy(list);
    return rk;
}

/* The values up to the end, or up to one that is until; the consumer is ended. */
static void read_all(const char *isolation, const char *until, char *ret_values, size_t size) {
    rd_kafka_t *rk = consumer(isolation);
    size_t len = 0;
    bool done = !rk;
    while (!done) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(rk, 1000);
        if (!message) {
            continue;
        }
        if (!message->err && len + 1 < size) {
            ret_values[len++] = ((const char *)message->payload)[0];
            done = until && ret_values[len - 1] == until[0];
        } else if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
            done = until == NULL;
        }
        rd_kafka_message_destroy(message);
    }
    ret_values[len] = '\0';
    if (rk) {
        rd_kafka_consumer_close(rk);
        rd_kafka_destroy(rk);
    }
}

#define ALL_VALUES 64
static char committed_values[ALL_VALUES], all_values[ALL_VALUES];

static void read_both(void) {
    read_all("read_committed", NULL, committed_values, sizeof(committed_values));
    read_all("read_uncommitted", NULL, all_values, sizeof(all_values));
}

/* -- commit and abort -- */

static int commit_abort_commit(void *arg) {
    rd_kafka_t *rk = producer("60000");
    int code = rk ? transact(rk, "abc", true) : -1;
    code = code ? code : transact(rk, "xy", false);
    code = code ? code : transact(rk, "d", true);
    code = code ? code : transact(rk, "z", false);
    if (rk) {
        rd_kafka_destroy(rk);
    }
    read_both();
    return code;
}

static void what_was_aborted_is_read_by_those_who_read_everything(void) {
    T_EQUAL_INT(rig_beside(commit_abort_commit, NULL), 0);
    T_EQUAL_STR(committed_values, "abcd");
    T_EQUAL_STR(all_values, "abcxydz");
    T_EQUAL_INT(rig_count(MOCK_EVENT_MARKER, -1), 4);
}

/* -- a second instance -- */

static int fence(void *arg) {
    bool *was_fatal = arg;
    rd_kafka_t *old = producer("60000");
    int code = old ? code_of(rd_kafka_begin_transaction(old)) : -1;
    code = code ? code : put(old, "o");
    rd_kafka_flush(old, PATIENCE_MS);
    rd_kafka_t *young = code ? NULL : producer("60000");
    rd_kafka_error_t *error = rd_kafka_commit_transaction(old, PATIENCE_MS);
    *was_fatal = error && rd_kafka_error_is_fatal(error);
    (void)code_of(error);
    code = young ? transact(young, "y", true) : -1;
    if (young) {
        rd_kafka_destroy(young);
    }
    rd_kafka_destroy(old);
    read_both();
    return code;
}

static void a_second_instance_fences_the_first(void) {
    bool was_fatal = false;
    T_EQUAL_INT(rig_beside(fence, &was_fatal), 0);
    T_TRUE(was_fatal);
    T_EQUAL_STR(committed_values, "y");
    T_EQUAL_STR(all_values, "oy");
}

/* -- offsets within the transaction -- */

/* The offset becomes part of a transaction that is committed, or not; the group has no members. */
static int transact_offset(rd_kafka_t *rk, int64_t offset, bool commit) {
    rd_kafka_consumer_group_metadata_t *metadata = rd_kafka_consumer_group_metadata_new(group);
    rd_kafka_topic_partition_list_t *offsets = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(offsets, topic, 0)->offset = offset;
    int code = code_of(rd_kafka_begin_transaction(rk));
    code = code ? code
                : code_of(rd_kafka_send_offsets_to_transaction(rk, offsets, metadata, PATIENCE_MS));
    code = code ? code
                : code_of(commit ? rd_kafka_commit_transaction(rk, PATIENCE_MS)
                                 : rd_kafka_abort_transaction(rk, PATIENCE_MS));
    rd_kafka_topic_partition_list_destroy(offsets);
    rd_kafka_consumer_group_metadata_destroy(metadata);
    return code;
}

static int commit_then_abort_offsets(void *arg) {
    rd_kafka_t *rk = producer("60000");
    int code = rk ? transact_offset(rk, 5, true) : -1;
    code = code ? code : transact_offset(rk, 9, false);
    if (rk) {
        rd_kafka_destroy(rk);
    }
    return code;
}

static void offsets_of_a_transaction_hold_when_it_is_committed(void) {
    T_EQUAL_INT(rig_beside(commit_then_abort_offsets, NULL), 0);
    T_EQUAL_INT(mock_group_committed(rig.broker, group, topic, 0), 5);
    T_EQUAL_INT(rig_count(MOCK_EVENT_COMMIT, MOCK_API_TXN_OFFSET_COMMIT), 2);
    T_EQUAL_INT(rig_count(MOCK_EVENT_COMMITTED, -1), 1);
}

/* -- a producer that dies within a transaction -- */

static int commit_w(void *arg) {
    rd_kafka_t *rk = producer("60000");
    int code = rk ? transact(rk, "w", true) : -1;
    if (rk) {
        rd_kafka_destroy(rk);
    }
    return code;
}

static int read_up_to_l(void *arg) {
    rd_kafka_t *other = client(RD_KAFKA_PRODUCER, "linger.ms", "0", NULL);
    int code = other ? put(other, "l") : -1;
    if (other) {
        rd_kafka_flush(other, PATIENCE_MS);
        rd_kafka_destroy(other);
    }
    if (code == 0) {
        read_all("read_committed", "l", committed_values, sizeof(committed_values));
    }
    return code;
}

/* Of id, wherever it is. */
static struct txn init_at_coordinator(int32_t timeout_ms) {
    struct txn txn = {.error = MOCK_ERROR_NOT_COORDINATOR};
    for (int32_t broker = 1; txn.error == MOCK_ERROR_NOT_COORDINATOR && broker <= 3; broker++) {
        struct peer p;
        peer_open(&p, rig.listener, broker);
        txn = txn_init(&p, id, timeout_ms);
        peer_close(&p);
    }
    return txn;
}

static void what_a_dead_producer_left_is_aborted_in_time(void) {
    T_EQUAL_INT(rig_beside(commit_w, NULL), 0);
    /* The transaction begins with the request that brings its record: a client that asks for more
     * than one thing may be too late for its own timeout on a busy machine. */
    struct txn txn = init_at_coordinator(1000);
    struct peer dead;
    T_EQUAL_INT(txn.error, 0);
    peer_open(&dead, rig.listener, 1);
    T_EQUAL_INT(txn_begin_by_produce(&dead, &txn, topic, 0, 0).error, 0);
    peer_close(&dead);
    /* Behind the open transaction: it comes once that has timed out. */
    T_EQUAL_INT(rig_beside(read_up_to_l, NULL), 0);
    T_EQUAL_STR(committed_values, "wl");
    const struct rig_event *marker = rig_event(MOCK_EVENT_MARKER, -1, 1);
    T_TRUE(marker && T_EQUAL_STR(marker->text, "abort"));
    T_EQUAL_INT(rig_count(MOCK_EVENT_MARKER, -1), 2);
}

/* -- the answer to a commit is lost -- */

static int commit_one(void *arg) {
    rd_kafka_t *rk = producer("60000");
    int code = rk ? transact(rk, "a", true) : -1;
    if (rk) {
        rd_kafka_destroy(rk);
    }
    read_both();
    return code;
}

static void a_commit_whose_answer_is_lost_is_asked_again(void) {
    RIG_ARM(rig_on(MOCK_ON_END_TXN), 1, {.kind = MOCK_DO_DROP_RESPONSE}, {.kind = MOCK_DO_RESET});
    T_EQUAL_INT(rig_beside(commit_one, NULL), 0);
    T_EQUAL_STR(committed_values, "a");
    T_EQUAL_INT(rig_count(MOCK_EVENT_MARKER, -1), 1);
}

CU_SuiteInfo *suite_mock_gateway_txn_clients(void) {
    static CU_TestInfo tests[] = {
        {"what_was_aborted_is_read_by_those_who_read_everything",
         what_was_aborted_is_read_by_those_who_read_everything},
        {"a_second_instance_fences_the_first", a_second_instance_fences_the_first},
        {"offsets_of_a_transaction_hold_when_it_is_committed",
         offsets_of_a_transaction_hold_when_it_is_committed},
        {"what_a_dead_producer_left_is_aborted_in_time",
         what_a_dead_producer_left_is_aborted_in_time},
        {"a_commit_whose_answer_is_lost_is_asked_again",
         a_commit_whose_answer_is_lost_is_asked_again},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/gateway txn clients", rig_set_up, rig_tear_down, begin, ask_end, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
