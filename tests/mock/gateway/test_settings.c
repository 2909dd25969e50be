/* Tests of broker settings: their table, and that they matter. */
#include <string.h>

#include "ask.h"
#include "suites.h"

struct visited {
    int count;
    int wrong;
};

static void visit(void *arg, const char *name, const char *value, const char *help) {
    struct visited *v = arg;
    struct mock_settings settings;
    mock_settings_init(&settings);
    v->count++;
    /* Each default may be set as it is told. */
    v->wrong += mock_settings_set(&settings, name, value, NULL) != 0 || !help[0];
}

static void every_default_is_a_legal_value(void) {
    struct visited v = {0, 0};
    mock_settings_each(visit, &v);
    T_TRUE(v.count >= 8);
    T_EQUAL_INT(v.wrong, 0);
}

static void values_are_set_by_kafkas_names(void) {
    struct mock_settings s;
    mock_settings_init(&s);
    T_EQUAL_INT(mock_settings_set(&s, "brokers", "5", NULL), 0);
    T_EQUAL_INT(s.brokers, 5);
    T_EQUAL_INT(mock_settings_set(&s, "num.partitions", "7", NULL), 0);
    T_EQUAL_INT(s.num_partitions, 7);
    T_EQUAL_INT(mock_settings_set(&s, "auto.create.topics.enable", "false", NULL), 0);
    T_TRUE(!s.auto_create_topics_enable);
    T_EQUAL_INT(mock_settings_set(&s, "message.max.bytes", "1000", NULL), 0);
    T_EQUAL_INT(s.message_max_bytes, 1000);
    T_EQUAL_INT(mock_settings_set(&s, "log.max.bytes", "4000", NULL), 0);
    T_EQUAL_INT(s.log_max_bytes, 4000);
    T_EQUAL_INT(mock_settings_set(&s, "first.sequence", "zero-always", NULL), 0);
    T_EQUAL_INT(s.first_sequence, MOCK_FIRST_SEQUENCE_ZERO_ALWAYS);
    T_EQUAL_INT(mock_settings_set(&s, "session.expiry", "real", NULL), 0);
    T_TRUE(s.session_expiry_real);
    T_EQUAL_INT(mock_settings_set(&s, "session.expiry", "at-crash", NULL), 0);
    T_TRUE(!s.session_expiry_real);
}

static void a_wrong_name_or_value_is_told_with_what_is_right(void) {
    static const struct {
        const char *name, *value;
        int code;
        const char *says;
    } wrong[] = {
        {"broker", "3", BASE_NOT_FOUND, "broker"},
        {"brokers", "0", BASE_USAGE, "from 1 to"},
        {"brokers", "33", BASE_USAGE, "to 32"},
        {"brokers", "3x", BASE_USAGE, "3x"},
        {"brokers", "", BASE_USAGE, "number"},
        {"num.partitions", "99999999999999999999", BASE_USAGE, "number"},
        {"auto.create.topics.enable", "yes", BASE_USAGE, "true"},
        {"first.sequence", "none", BASE_USAGE, "zero-always"},
        {"session.expiry", "now", BASE_USAGE, "at-crash"},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct mock_settings before, s;
        struct base_error err = BASE_ERROR_INIT;
        mock_settings_init(&before);
        s = before;
        T_EQUAL_INT(mock_settings_set(&s, wrong[i].name, wrong[i].value, &err), wrong[i].code);
        T_TRUE(strstr(err.text, wrong[i].says) != NULL);
        T_EQUAL_INT(s.brokers, before.brokers);
    }
}

/* -- a broker that is not as by default -- */

static int set_up_small(void) {
    return rig_open("message.max.bytes", "2000", "log.max.bytes", "10000", "num.partitions", "3",
                    "first.sequence", "zero-always", NULL);
}

static int set_up_closed(void) {
    return rig_open("auto.create.topics.enable", "false", "brokers", "1", NULL);
}

static void a_smaller_message_max_bytes_refuses_smaller_batches(void) {
    struct peer p;
    const char *topic = rig_topic(1, false);
    peer_open(&p, rig.listener, 1);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.value_bytes = 2000)).error,
                MOCK_ERROR_MESSAGE_TOO_LARGE);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.value_bytes = 1500)).error, 0);
    peer_close(&p);
}

static void a_new_topic_has_num_partitions(void) {
    struct peer p;
    peer_open(&p, rig.listener, 1);
    (void)describe(&p, "three"); /* makes it */
    T_EQUAL_INT(describe(&p, "three").partition_count, 3);
    peer_close(&p);
}

static void zero_always_refuses_another_first_sequence(void) {
    struct peer p;
    const char *topic = rig_topic(1, false);
    peer_open(&p, rig.listener, 1);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.producer_id = 77, .sequence = 5)).error,
                MOCK_ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.producer_id = 77)).error, 0);
    peer_close(&p);
}

static void a_full_log_refuses_with_a_storage_error_and_says_which_limit(void) {
    struct peer p;
    const char *topic = rig_topic(1, false);
    peer_open(&p, rig.listener, 1);
    int16_t error = 0;
    int64_t kept = 0;
    for (int i = 0; i < 20 && !error; i++) {
        error = produce(&p, topic, 0, BATCH(.value_bytes = 1000)).error;
        kept += !error;
    }
    T_EQUAL_INT(error, MOCK_ERROR_KAFKA_STORAGE_ERROR);
    T_TRUE(kept >= 1 && kept < 10);
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), kept);
    T_EQUAL_INT(fetch(&p, topic, 0, 0).records_count, (int)kept); /* the rest is there */
    peer_close(&p);
}

static void without_auto_create_an_unknown_topic_stays_unknown(void) {
    struct peer p;
    peer_open(&p, rig.listener, 1);
    struct described d = describe(&p, "unknown");
    T_EQUAL_INT(d.error, MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION);
    T_EQUAL_INT(d.broker_count, 1);
    T_EQUAL_INT(mock_topic_partitions(rig.broker, "unknown"), -1);
    peer_close(&p);
}

#define TEST(name)                                                                                 \
    { #name, name }

CU_SuiteInfo *suite_mock_gateway_settings(void) {
    static CU_TestInfo tests[] = {
        TEST(every_default_is_a_legal_value),
        TEST(values_are_set_by_kafkas_names),
        TEST(a_wrong_name_or_value_is_told_with_what_is_right),
        CU_TEST_INFO_NULL,
    };
    static CU_TestInfo small_tests[] = {
        TEST(a_smaller_message_max_bytes_refuses_smaller_batches),
        TEST(a_new_topic_has_num_partitions),
        TEST(zero_always_refuses_another_first_sequence),
        TEST(a_full_log_refuses_with_a_storage_error_and_says_which_limit),
        CU_TEST_INFO_NULL,
    };
    static CU_TestInfo closed_tests[] = {
        TEST(without_auto_create_an_unknown_topic_stays_unknown),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/settings", NULL, NULL, NULL, NULL, tests},
        {"mock/settings, small", set_up_small, rig_tear_down, ask_begin, ask_end, small_tests},
        {"mock/settings, no creation", set_up_closed, rig_tear_down, ask_begin, ask_end,
         closed_tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
