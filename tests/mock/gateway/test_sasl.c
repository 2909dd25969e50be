/* Logins over sockets: each mechanism, its failures, the order of things, and logging in again. */
#include <string.h>

#include "base/clock.h"
#include "login.h"
#include "mock/wire/api_versions.h"
#include "mock/wire/metadata.h"
#include "suites.h"

#define NOW_MS (base_clock_wall_ms())

static struct peer peer;

static int set_up(void) {
    if (rig_open("listener", "SASL_PLAINTEXT", NULL) < 0) {
        return -1;
    }
    struct mock_principal_options alice = {.name = "alice", .password = "alice-secret"};
    struct mock_principal_options bob = {.name = "bob", .password = "bob-secret"};
    return mock_principal_add(rig.broker, &alice, NULL) ||
                   mock_principal_add(rig.broker, &bob, NULL)
               ? -1
               : 0;
}

static void begin(void) {
    ask_begin();
    peer_open(&peer, rig.listener, 1);
}

static void end(void) {
    peer_close(&peer);
    ask_end();
}

static bool is_served(void) {
    return !describe(&peer, NULL).closed;
}

static void expect_denied(const char *text) {
    const struct rig_event *e = rig_event(MOCK_EVENT_DENY, -1, 0);
    if (T_TRUE(e != NULL)) {
        T_TRUE(strncmp(e->text, text, sizeof(e->text) - 1) == 0);
    }
}

static void ask_versions(int16_t version) {
    struct mock_api_versions_request request = {.client_software_name = base_slice_str("peer"),
                                                .client_software_version = base_slice_str("1")};
    mock_api_versions_request_encode(peer_request(&peer, MOCK_API_API_VERSIONS, version), version,
                                     &request);
    peer_send(&peer);
}

/* -- PLAIN -- */

static void plain_logs_in_and_is_served(void) {
    struct login_answer a = login_plain(&peer, "alice", "alice-secret");
    T_EQUAL_INT(a.closed, false);
    T_EQUAL_INT(a.error, 0);
    T_EQUAL_INT(a.token_len, 0);
    T_EQUAL_INT(a.lifetime_ms, 0);
    T_TRUE(is_served());
    T_EQUAL_INT(rig_count(MOCK_EVENT_DENY, -1), 0);
}

static void a_wrong_password_is_answered_and_ends_the_connection(void) {
    struct login_answer a = login_plain(&peer, "alice", "bob-secret");
    T_EQUAL_INT(a.error, MOCK_ERROR_SASL_AUTHENTICATION_FAILED);
    T_EQUAL_STR(a.message, "Authentication failed: Invalid username or password");
    T_TRUE(peer_await_close(&peer));
    expect_denied("Authentication failed: Invalid username or password");
}

static void an_unknown_user_is_told_the_same(void) {
    struct login_answer a = login_plain(&peer, "nobody", "bob-secret");
    T_EQUAL_INT(a.error, MOCK_ERROR_SASL_AUTHENTICATION_FAILED);
    T_EQUAL_STR(a.message, "Authentication failed: Invalid username or password");
    T_TRUE(peer_await_close(&peer));
}

static void malformed_plain_is_told_why(void) {
    static const struct {
        const char *token;
        size_t len;
        const char *message;
    } rows[] = {
        {"alice", 5, "Invalid SASL/PLAIN response: expected 3 tokens, got 1"},
        {"\0a\0b\0c", 6, "Invalid SASL/PLAIN response: expected 3 tokens, got 4"},
        {"\0\0x", 3, "Authentication failed: username not specified"},
        {"\0alice\0", 7, "Authentication failed: password not specified"},
        {"bob\0alice\0alice-secret", 22,
         "Authentication failed: Client requested an authorization id that is different from "
         "username"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct peer p;
        peer_open(&p, rig.listener, 1);
        T_EQUAL_INT(login_handshake(&p, 1, "PLAIN"), 0);
        struct login_answer a = login_token(&p, rows[i].token, rows[i].len);
        T_EQUAL_INT(a.error, MOCK_ERROR_SASL_AUTHENTICATION_FAILED);
        T_EQUAL_STR(a.message, rows[i].message);
        T_TRUE(peer_await_close(&p));
        peer_close(&p);
    }
}

/* -- SCRAM -- */

static void scram_logs_in(void) {
    T_EQUAL_INT(login_scram(&peer, MOCK_SASL_SCRAM_SHA_256, "alice", "alice-secret", false).error,
                0);
    T_TRUE(is_served());
    struct peer other;
    peer_open(&other, rig.listener, 2);
    T_EQUAL_INT(login_scram(&other, MOCK_SASL_SCRAM_SHA_512, "bob", "bob-secret", false).error, 0);
    T_EQUAL_INT(describe(&other, NULL).closed, false);
    peer_close(&other);
}

#define SCRAM_FAILED                                                                               \
    "Authentication failed during authentication due to invalid credentials with SASL mechanism "  \
    "SCRAM-SHA-256"

static void scram_tells_nobody_why_it_fails(void) {
    struct login_answer a =
        login_scram(&peer, MOCK_SASL_SCRAM_SHA_256, "alice", "bob-secret", false);
    T_EQUAL_INT(a.error, MOCK_ERROR_SASL_AUTHENTICATION_FAILED);
    T_EQUAL_STR(a.message, SCRAM_FAILED);
    T_TRUE(peer_await_close(&peer));
    struct peer other;
    peer_open(&other, rig.listener, 1);
    a = login_scram(&other, MOCK_SASL_SCRAM_SHA_256, "nobody", "bob-secret", false);
    T_EQUAL_INT(a.error, MOCK_ERROR_SASL_AUTHENTICATION_FAILED);
    T_EQUAL_STR(a.message, SCRAM_FAILED);
    peer_close(&other);
}

static void a_nonce_sent_twice_is_refused(void) {
    struct login_answer a =
        login_scram(&peer, MOCK_SASL_SCRAM_SHA_256, "alice", "alice-secret", true);
    T_EQUAL_INT(a.error, MOCK_ERROR_SASL_AUTHENTICATION_FAILED);
    T_TRUE(peer_await_close(&peer));
}

/* -- OAUTHBEARER -- */

static const char *claims(const char *subject, int64_t from_ms, int64_t to_ms) {
    static char text[256];
    (void)snprintf(text, sizeof(text), "{\"sub\":\"%s\",\"iat\":%.3f,\"exp\":%.3f}", subject,
                   (double)from_ms / 1000, (double)to_ms / 1000);
    return text;
}

static void oauthbearer_logs_in_until_its_token_expires(void) {
    struct login_answer a = login_oauthbearer(&peer, claims("carol", NOW_MS, NOW_MS + 60000));
    T_EQUAL_INT(a.error, 0);
    T_TRUE(a.lifetime_ms > 50000 && a.lifetime_ms <= 60000);
    T_TRUE(is_served());
}

static void a_bad_token_is_told_in_json_then_refused(void) {
    struct login_answer a = login_oauthbearer(&peer, claims("carol", NOW_MS, NOW_MS - 1000));
    T_EQUAL_INT(a.error, 0);
    T_EQUAL_BYTES(a.token, a.token_len, "{\"status\":\"invalid_token\"}", 26);
    a = login_text(&peer, "\001");
    T_EQUAL_INT(a.error, MOCK_ERROR_SASL_AUTHENTICATION_FAILED);
    T_EQUAL_STR(a.message, "{\"status\":\"invalid_token\"}");
    T_TRUE(peer_await_close(&peer));
}

/* -- the order of things -- */

static void nothing_is_answered_before_the_login(void) {
    T_TRUE(describe(&peer, NULL).closed);
    expect_denied("unexpected Metadata before the login");
}

static void versions_are_told_once_before_the_login(void) {
    struct base_reader body;
    (void)peer_request(&peer, MOCK_API_API_VERSIONS, 99); /* unknown: does not count */
    peer_send(&peer);
    T_TRUE(peer_await(&peer, &body));
    ask_versions(3);
    T_TRUE(peer_await(&peer, &body));
    ask_versions(3);
    T_TRUE(peer_await_close(&peer));
}

static void an_unknown_mechanism_is_told_those_that_there_are(void) {
    T_EQUAL_INT(login_handshake(&peer, 1, "GSSAPI"), MOCK_ERROR_UNSUPPORTED_SASL_MECHANISM);
    T_TRUE(peer_await_close(&peer));
    expect_denied("Unsupported SASL mechanism GSSAPI");
}

static void another_request_instead_of_a_token_is_refused(void) {
    T_EQUAL_INT(login_handshake(&peer, 1, "PLAIN"), 0);
    T_EQUAL_INT(login_handshake(&peer, 1, "PLAIN"), MOCK_ERROR_ILLEGAL_SASL_STATE);
    T_TRUE(peer_await_close(&peer));
}

/* A client that takes no answer for a refusal (kafkajs, aiokafka) asks on. */
static void metadata_during_the_login_tells_nothing(void) {
    T_EQUAL_INT(login_handshake(&peer, 1, "PLAIN"), 0);
    base_put_i32(peer_request(&peer, MOCK_API_METADATA, 1), -1); /* all topics */
    peer_send(&peer);
    struct base_reader body;
    struct mock_metadata_response said = {0};
    if (T_TRUE(peer_await(&peer, &body))) {
        T_EQUAL_INT(mock_metadata_response_decode(&body, 1, &peer.arena, &said), 0);
        T_EQUAL_INT(said.broker_count, 0);
        T_EQUAL_INT(said.controller_id, -1);
        T_EQUAL_INT(said.topic_count, 0);
    }
    T_TRUE(peer_await_close(&peer));
}

static void tokens_after_handshake_0_are_bare(void) {
    static const char token[] = "\0\0\0\x13\0alice\0alice-secret";
    T_EQUAL_INT(login_handshake(&peer, 0, "PLAIN"), 0);
    peer_send_bytes(&peer, token, 4 + 0x13);
    struct base_slice frame;
    if (T_TRUE(peer_await_frame(&peer, &frame))) {
        T_EQUAL_INT(frame.len, 0);
    }
    T_TRUE(is_served());
}

static void a_bare_token_that_fails_is_not_answered(void) {
    static const char token[] = "\0\0\0\x0d\0alice\0wrong!";
    T_EQUAL_INT(login_handshake(&peer, 0, "PLAIN"), 0);
    peer_send_bytes(&peer, token, 4 + 0x0d);
    T_TRUE(peer_await_close(&peer));
}

/* Everything in one write: each frame is what the one before it made of the connection. */
static void a_client_may_send_ahead(void) {
    static const char handshake[] = "\0\0\0\x15\0\x11\0\0\0\0\0\x01\0\x04peer\0\x05PLAIN"
                                    "\0\0\0\x13\0alice\0alice-secret"
                                    "\0\0\0\x12\0\x03\0\0\0\0\0\x02\0\x04peer\0\0\0\0";
    struct base_slice frame;
    peer_send_bytes(&peer, handshake, 25 + 23 + 22);
    for (int i = 0; i < 3; i++) {
        T_TRUE(peer_await_frame(&peer, &frame));
    }
    T_EQUAL_INT(rig_count(MOCK_EVENT_SEND, MOCK_API_METADATA), 1);
}

static void a_large_frame_before_the_login_is_not_read(void) {
    static const char length[] = {0, 0x08, 0, 1}; /* 512 KiB and one byte */
    peer_send_bytes(&peer, length, sizeof(length));
    T_TRUE(peer_await_close(&peer));
    T_EQUAL_STR(rig_event(MOCK_EVENT_DISCONNECT, -1, 0)->text, "frame too large");
}

static void a_login_may_be_refused_by_a_fault(void) {
    struct mock_fault *fault =
        RIG_ARM(rig_on(MOCK_ON_AUTHENTICATE), 1, {.kind = MOCK_DO_ERROR, .error = 58});
    T_EQUAL_INT(login_handshake(&peer, 1, "PLAIN"), 58);
    T_EQUAL_INT(mock_fault_fired(fault), 1);
    T_EQUAL_INT(login_plain(&peer, "alice", "alice-secret").error, 0);
}

/* -- after the login -- */

static void a_login_that_holds_for_ever_is_not_begun_again(void) {
    T_EQUAL_INT(login_plain(&peer, "alice", "alice-secret").error, 0);
    T_EQUAL_INT(login_handshake(&peer, 1, "PLAIN"), MOCK_ERROR_ILLEGAL_SASL_STATE);
    struct login_answer a = login_text(&peer, "x");
    T_EQUAL_INT(a.error, MOCK_ERROR_ILLEGAL_SASL_STATE);
    T_EQUAL_STR(a.message, "SaslAuthenticate request received after successful authentication");
    T_TRUE(is_served());
}

static void an_expiring_login_may_be_begun_again(void) {
    T_EQUAL_INT(login_oauthbearer(&peer, claims("carol", NOW_MS, NOW_MS + 60000)).error, 0);
    uint64_t began_ns = base_clock_monotonic_ns();
    T_EQUAL_INT(login_oauthbearer(&peer, claims("carol", NOW_MS, NOW_MS + 90000)).error, 0);
    T_TRUE(is_served());
    /* but not twice within a second, unless this test was off its processor for one */
    int error = login_handshake(&peer, 1, "OAUTHBEARER");
    uint64_t took_ns = base_clock_monotonic_ns() - began_ns;
    T_TRUE(error == MOCK_ERROR_ILLEGAL_SASL_STATE || (error == 0 && took_ns >= 1000000000u));
    T_TRUE(error == 0 || is_served());
}

static void nobody_becomes_somebody_else(void) {
    T_EQUAL_INT(login_oauthbearer(&peer, claims("carol", NOW_MS, NOW_MS + 60000)).error, 0);
    struct login_answer a = login_oauthbearer(&peer, claims("dave", NOW_MS, NOW_MS + 60000));
    T_EQUAL_INT(a.error, MOCK_ERROR_SASL_AUTHENTICATION_FAILED);
    T_EQUAL_STR(a.message,
                "Cannot change principals during re-authentication from User.carol: User.dave");
    T_TRUE(peer_await_close(&peer));
}

static void another_mechanism_ends_it(void) {
    T_EQUAL_INT(login_oauthbearer(&peer, claims("alice", NOW_MS, NOW_MS + 60000)).error, 0);
    T_TRUE(login_plain(&peer, "alice", "alice-secret").closed);
}

static void an_expired_login_ends_the_connection(void) {
    /* Long enough to log in with on a busy machine, too. */
    T_EQUAL_INT(login_oauthbearer(&peer, claims("carol", NOW_MS, NOW_MS + 3000)).error, 0);
    while (is_served()) { /* each is a turn of the loop */
        peer.sent_count = peer.taken_count = 0;
    }
    expect_denied("the login has expired");
}

static CU_TestInfo tests[] = {
    {"plain_logs_in_and_is_served", plain_logs_in_and_is_served},
    {"a_wrong_password_is_answered_and_ends_the_connection",
     a_wrong_password_is_answered_and_ends_the_connection},
    {"an_unknown_user_is_told_the_same", an_unknown_user_is_told_the_same},
    {"malformed_plain_is_told_why", malformed_plain_is_told_why},
    {"scram_logs_in", scram_logs_in},
    {"scram_tells_nobody_why_it_fails", scram_tells_nobody_why_it_fails},
    {"a_nonce_sent_twice_is_refused", a_nonce_sent_twice_is_refused},
    {"oauthbearer_logs_in_until_its_token_expires", oauthbearer_logs_in_until_its_token_expires},
    {"a_bad_token_is_told_in_json_then_refused", a_bad_token_is_told_in_json_then_refused},
    {"nothing_is_answered_before_the_login", nothing_is_answered_before_the_login},
    {"versions_are_told_once_before_the_login", versions_are_told_once_before_the_login},
    {"an_unknown_mechanism_is_told_those_that_there_are",
     an_unknown_mechanism_is_told_those_that_there_are},
    {"another_request_instead_of_a_token_is_refused",
     another_request_instead_of_a_token_is_refused},
    {"metadata_during_the_login_tells_nothing", metadata_during_the_login_tells_nothing},
    {"tokens_after_handshake_0_are_bare", tokens_after_handshake_0_are_bare},
    {"a_bare_token_that_fails_is_not_answered", a_bare_token_that_fails_is_not_answered},
    {"a_client_may_send_ahead", a_client_may_send_ahead},
    {"a_large_frame_before_the_login_is_not_read", a_large_frame_before_the_login_is_not_read},
    {"a_login_may_be_refused_by_a_fault", a_login_may_be_refused_by_a_fault},
    {"a_login_that_holds_for_ever_is_not_begun_again",
     a_login_that_holds_for_ever_is_not_begun_again},
    {"an_expiring_login_may_be_begun_again", an_expiring_login_may_be_begun_again},
    {"nobody_becomes_somebody_else", nobody_becomes_somebody_else},
    {"another_mechanism_ends_it", another_mechanism_ends_it},
    {"an_expired_login_ends_the_connection", an_expired_login_ends_the_connection},
    CU_TEST_INFO_NULL,
};

CU_SuiteInfo *suite_mock_gateway_sasl(void) {
    static CU_SuiteInfo suites[] = {
        {"mock/gateway sasl", set_up, rig_tear_down, begin, end, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
