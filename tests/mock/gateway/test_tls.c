/* Listeners with TLS, with librdkafka as the client: certificates, principals, faults. */
#include <librdkafka/rdkafka.h>
#include <stdarg.h>
#include <string.h>

#include "base/memory.h"
#include "login.h"
CU_SuiteInfo *suite_mock_gateway_tls(void);

#define MAX_WORDS 24

static const char *topic;
static char bootstrap[256];

/* What a client is to do, and what came of it. */
struct job {
    const char *words[MAX_WORDS]; /* name, value, …, NULL */
    int records;
    size_t value_bytes; /* 0: one */
    int delivered;
    int received;       /* with the value that was written */
    int refused;        /* by the broker, for good */
    char error[256];    /* the last error that the client told */
    volatile bool stop; /* it gives up */
};

static struct job job;

static int set_up(void) {
    return rig_open("listener", "SSL", NULL);
}

static int set_up_required(void) {
    return rig_open("listener", "SSL", "ssl.client.auth", "required", "super.users",
                    "User:CN=root,O=ktrial", NULL);
}

static int set_up_sasl(void) {
    struct mock_principal_options alice = {.name = "alice", .password = "alice-secret"};
    return rig_open("listener", "SASL_SSL", NULL) ||
                   mock_principal_add(rig.broker, &alice, NULL) < 0
               ? -1
               : 0;
}

static void begin(void) {
    ask_begin();
    topic = rig_topic(1, false);
    (void)snprintf(bootstrap, sizeof(bootstrap), "%s", mock_listener_bootstrap(rig.listener));
    memset(&job, 0, sizeof(job));
    job.records = 1;
}

static void on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
    struct job *j = opaque;
    j->delivered += !message->err;
    j->refused += message->err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
}

static void on_error(rd_kafka_t *rk, int err, const char *reason, void *opaque) {
    struct job *j = opaque;
    (void)snprintf(j->error, sizeof(j->error), "%s", reason);
    j->stop = j->stop || err == RD_KAFKA_RESP_ERR__SSL ||
              err == RD_KAFKA_RESP_ERR__AUTHENTICATION || strstr(reason, "certificate");
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
    char text[256];
    if (rd_kafka_conf_set(conf, name, value, text, sizeof(text)) != RD_KAFKA_CONF_OK) {
        t_check(0, __LINE__, __FILE__, "%s", text);
    }
}

static rd_kafka_t *connect_as(struct job *j, rd_kafka_type_t type) {
    char text[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", bootstrap);
    set(conf, "log_level", "0");
    set(conf, "retry.backoff.ms", "10");
    set(conf, "reconnect.backoff.ms", "10");
    for (size_t i = 0; i + 1 < MAX_WORDS && j->words[i]; i += 2) {
        set(conf, j->words[i], j->words[i + 1]);
    }
    if (type == RD_KAFKA_PRODUCER) {
        rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    } else {
        set(conf, "group.id", "g");
    }
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_conf_set_opaque(conf, j);
    rd_kafka_t *rk = rd_kafka_new(type, conf, text, sizeof(text));
    if (!rk) {
        rd_kafka_conf_destroy(conf);
        (void)snprintf(j->error, sizeof(j->error), "%s", text);
    }
    return rk;
}

/* The value of each record. */
static char value[64 * 1024] = "v";

/* Writes records until they are delivered or refused, or the client cannot connect. */
static int write_records(void *arg) {
    struct job *j = arg;
    rd_kafka_t *rk = connect_as(j, RD_KAFKA_PRODUCER);
    if (!rk) {
        return -1;
    }
    for (int i = 0; i < j->records; i++) {
        (void)rd_kafka_producev(rk, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY("k", 1),
                                RD_KAFKA_V_VALUE(value, j->value_bytes ? j->value_bytes : 1),
                                RD_KAFKA_V_END);
    }
    while (!j->stop && j->delivered + j->refused < j->records) {
        rd_kafka_poll(rk, 20);
    }
    rd_kafka_destroy(rk);
    return 0;
}

/* Reads as many as there are. */
static int read_records(void *arg) {
    struct job *j = arg;
    rd_kafka_t *rk = connect_as(j, RD_KAFKA_CONSUMER);
    if (!rk) {
        return -1;
    }
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, 0)->offset = 0;
    rd_kafka_assign(rk, list);
    rd_kafka_topic_partition_list_destroy(list);
    int seen = 0;
    while (!j->stop && seen < j->records) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(rk, 20);
        if (message && !message->err) {
            seen++;
            j->received += message->len == j->value_bytes &&
                           memcmp(message->payload, value, message->len) == 0;
        }
        if (message) {
            rd_kafka_message_destroy(message);
        }
    }
    rd_kafka_consumer_close(rk);
    rd_kafka_destroy(rk);
    return 0;
}

static void words(const char *first, ...) {
    va_list args;
    size_t n = 0;
    va_start(args, first);
    for (const char *w = first; w && n < MAX_WORDS - 1; w = va_arg(args, const char *)) {
        job.words[n++] = w;
    }
    va_end(args);
}

static const char *authority(void) {
    struct base_error err = BASE_ERROR_INIT;
    const char *pem = mock_ca_certificate(rig.broker, &err);
    T_TRUE(pem != NULL);
    return pem;
}

/* -- SSL -- */

static void a_client_that_trusts_the_authority_writes(void) {
    words("security.protocol", "ssl", "ssl.ca.pem", authority(), NULL);
    job.records = 500;
    T_EQUAL_INT(rig_beside(write_records, &job), 0);
    T_EQUAL_INT(job.delivered, 500);
}

static void a_client_that_does_not_trust_it_goes_away(void) {
    words("security.protocol", "ssl", NULL);
    T_EQUAL_INT(rig_beside(write_records, &job), 0);
    T_EQUAL_INT(job.delivered, 0);
    const struct rig_event *e = rig_event(MOCK_EVENT_DENY, -1, 0);
    if (T_TRUE(e != NULL)) {
        T_TRUE(strncmp(e->text, "TLS handshake failed", 20) == 0);
    }
    T_EQUAL_INT(rig_count(MOCK_EVENT_RECV, -1), 0);
}

static void plain_bytes_are_refused(void) {
    struct peer p;
    peer_open(&p, rig.listener, 1);
    (void)peer_request(&p, MOCK_API_METADATA, 1);
    peer_send(&p);
    peer_expect_nothing(&p);
    struct base_slice frame;
    while (peer_await_frame(&p, &frame)) {} /* the alert, read as a frame */
    T_TRUE(p.closed);
    T_EQUAL_INT(rig_count(MOCK_EVENT_DENY, -1), 1);
    T_EQUAL_STR(rig_event(MOCK_EVENT_DISCONNECT, -1, 0)->text, "TLS handshake failed");
    peer_close(&p);
}

static void faults_work_on_what_is_encrypted(void) {
    words("security.protocol", "ssl", "ssl.ca.pem", authority(), "linger.ms", "0",
          "batch.num.messages", "1", "max.in.flight", "1", NULL);
    job.records = 5;
    struct mock_trigger at = rig_on(MOCK_ON_APPEND);
    struct mock_fault *cut = RIG_ARM(at, 1, {.kind = MOCK_DO_CUT_RESPONSE, .number = 9});
    struct mock_fault *slice = RIG_ARM(at, 1, {.kind = MOCK_DO_SLICE_RESPONSE, .number = 7});
    struct mock_fault *drop =
        RIG_ARM(at, 1, {.kind = MOCK_DO_DROP_RESPONSE}, {.kind = MOCK_DO_RESET});
    T_EQUAL_INT(rig_beside(write_records, &job), 0);
    T_EQUAL_INT(job.delivered, 5);
    T_EQUAL_INT(mock_fault_fired(cut), 1);
    T_EQUAL_INT(mock_fault_fired(slice), 1);
    T_EQUAL_INT(mock_fault_fired(drop), 1);
    /* Two answers were lost, so two records were written again. */
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 7);
}

/* Over a plain connection they would be written from the log. */
static void large_batches_are_read_as_they_were_written(void) {
    for (size_t i = 0; i < sizeof(value); i++) {
        value[i] = (char)(i * 31 >> 3);
    }
    words("security.protocol", "ssl", "ssl.ca.pem", authority(), NULL);
    job.records = 40;
    job.value_bytes = sizeof(value);
    T_EQUAL_INT(rig_beside(write_records, &job), 0);
    T_EQUAL_INT(rig_beside(read_records, &job), 0);
    T_EQUAL_INT(job.received, 40);
}

/* -- client certificates -- */

static char *certificate, *key;

static void make_certificate(const char *name) {
    T_EQUAL_INT(mock_client_certificate(rig.broker, name, &certificate, &key, NULL), 0);
    words("security.protocol", "ssl", "ssl.ca.pem", authority(), "ssl.certificate.pem", certificate,
          "ssl.key.pem", key, NULL);
}

static void end_certificate(void) {
    base_free(certificate);
    base_free(key);
    certificate = key = NULL;
    ask_end();
}

static void the_certificate_says_who_it_is(void) {
    make_certificate("root");
    T_EQUAL_INT(rig_beside(write_records, &job), 0);
    T_EQUAL_INT(job.delivered, 1);
}

static void another_name_has_other_rights(void) {
    make_certificate("mallory");
    T_EQUAL_INT(rig_beside(write_records, &job), 0);
    T_EQUAL_INT(job.delivered, 0);
    T_EQUAL_INT(job.refused, 1);
    char want[RIG_NAME_BYTES];
    (void)snprintf(want, sizeof(want), "User:CN=mallory,O=ktrial Describe Topic:%s", topic);
    T_EQUAL_STR(rig_event(MOCK_EVENT_DENY, MOCK_API_METADATA, 0)->text, want);
}

static void without_a_certificate_there_is_no_handshake(void) {
    words("security.protocol", "ssl", "ssl.ca.pem", authority(), NULL);
    T_EQUAL_INT(rig_beside(write_records, &job), 0);
    T_EQUAL_INT(job.delivered, 0);
    T_TRUE(rig_count(MOCK_EVENT_DENY, -1) > 0);
    T_EQUAL_INT(rig_count(MOCK_EVENT_RECV, -1), 0);
}

/* -- SASL_SSL -- */

static void a_login_over_tls(void) {
    words("security.protocol", "sasl_ssl", "ssl.ca.pem", authority(), "sasl.mechanism", "PLAIN",
          "sasl.username", "alice", "sasl.password", "alice-secret", NULL);
    T_EQUAL_INT(rig_beside(write_records, &job), 0);
    T_EQUAL_INT(job.delivered, 1);
}

static void a_wrong_password_over_tls(void) {
    words("security.protocol", "sasl_ssl", "ssl.ca.pem", authority(), "sasl.mechanism", "PLAIN",
          "sasl.username", "alice", "sasl.password", "wrong", NULL);
    T_EQUAL_INT(rig_beside(write_records, &job), 0);
    T_EQUAL_INT(job.delivered, 0);
    T_TRUE(strstr(job.error, "Invalid username or password") != NULL);
}

static void oauthbearer_over_tls(void) {
    words("security.protocol", "sasl_ssl", "ssl.ca.pem", authority(), "sasl.mechanism",
          "OAUTHBEARER", "enable.sasl.oauthbearer.unsecure.jwt", "true", "sasl.oauthbearer.config",
          "principal=carol", NULL);
    T_EQUAL_INT(rig_beside(write_records, &job), 0);
    T_EQUAL_INT(job.delivered, 1);
}

static CU_TestInfo tests[] = {
    {"a_client_that_trusts_the_authority_writes", a_client_that_trusts_the_authority_writes},
    {"a_client_that_does_not_trust_it_goes_away", a_client_that_does_not_trust_it_goes_away},
    {"plain_bytes_are_refused", plain_bytes_are_refused},
    {"faults_work_on_what_is_encrypted", faults_work_on_what_is_encrypted},
    {"large_batches_are_read_as_they_were_written", large_batches_are_read_as_they_were_written},
    CU_TEST_INFO_NULL,
};

static CU_TestInfo required_tests[] = {
    {"the_certificate_says_who_it_is", the_certificate_says_who_it_is},
    {"another_name_has_other_rights", another_name_has_other_rights},
    {"without_a_certificate_there_is_no_handshake", without_a_certificate_there_is_no_handshake},
    CU_TEST_INFO_NULL,
};

static CU_TestInfo sasl_tests[] = {
    {"a_login_over_tls", a_login_over_tls},
    {"a_wrong_password_over_tls", a_wrong_password_over_tls},
    {"oauthbearer_over_tls", oauthbearer_over_tls},
    CU_TEST_INFO_NULL,
};

CU_SuiteInfo *suite_mock_gateway_tls(void) {
    static CU_SuiteInfo suites[] = {
        {"mock/gateway tls", set_up, rig_tear_down, begin, ask_end, tests},
        {"mock/gateway client certificates", set_up_required, rig_tear_down, begin, end_certificate,
         required_tests},
        {"mock/gateway tls and sasl", set_up_sasl, rig_tear_down, begin, ask_end, sasl_tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
