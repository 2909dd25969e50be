/* Logins without sockets: unsecured tokens in detail, every truncation, failing memory. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "mock/security/jws.h"
#include "mock/security/sasl.h"
#include "suites.h"
#include "t_run.h"

#define NOW_MS 1700000000000
#define SOON "1700000060"
#define S(text) base_slice_str(text)

static void put_part(struct base_builder *b, const char *json) {
    base_put_base64(b, S(json));
    while (b->len > 0 && b->data[b->len - 1] == '=') {
        b->len--;
    }
    base_put_str(b, ".");
}

static const char *token(const char *header, const char *claims) {
    static char text[1024];
    struct base_builder b;
    base_builder_init(&b, sizeof(text) - 1);
    put_part(&b, header);
    put_part(&b, claims);
    (void)snprintf(text, sizeof(text), "%.*s", (int)b.len, (const char *)b.data);
    base_builder_clean_up(&b);
    return text;
}

static enum mock_jws_verdict check(const char *text, const char *scope, struct mock_jws *ret_jws) {
    return mock_jws_check(S(text), scope, NOW_MS, ret_jws);
}

static void tokens_are_judged_as_kafka_judges_them(void) {
    static const struct {
        const char *claims;
        const char *scope;
        enum mock_jws_verdict verdict;
    } rows[] = {
        {"{\"sub\":\"a\",\"exp\":" SOON "}", "", MOCK_JWS_GOOD},
        {"{\"sub\":\"a\",\"exp\":1700000060.5,\"iat\":1699999999}", "", MOCK_JWS_GOOD},
        {"{\"sub\":true,\"exp\":" SOON "}", "", MOCK_JWS_GOOD},
        {"{\"sub\":\"\",\"exp\":" SOON "}", "", MOCK_JWS_INVALID},
        {"{\"sub\":\" \",\"exp\":" SOON "}", "", MOCK_JWS_INVALID},
        {"{\"sub\":7,\"exp\":" SOON "}", "", MOCK_JWS_INVALID},
        {"{\"exp\":" SOON "}", "", MOCK_JWS_INVALID},
        {"{\"sub\":\"a\"}", "", MOCK_JWS_INVALID},
        {"{\"sub\":\"a\",\"exp\":\"" SOON "\"}", "", MOCK_JWS_INVALID},
        {"{\"sub\":\"a\",\"exp\":1700000000}", "", MOCK_JWS_INVALID},
        {"{\"sub\":\"a\",\"exp\":1e300}", "", MOCK_JWS_INVALID},
        {"{\"sub\":\"a\",\"exp\":" SOON ",\"iat\":1700000001}", "", MOCK_JWS_INVALID},
        {"{\"sub\":\"a\",\"exp\":" SOON ",\"iat\":\"x\"}", "", MOCK_JWS_INVALID},
        {"{\"sub\":\"a\",\"exp\":" SOON ",\"scope\":[\"r\",\"w\"]}", "r w", MOCK_JWS_GOOD},
        {"{\"sub\":\"a\",\"exp\":" SOON ",\"scope\":\"r\"}", "r", MOCK_JWS_GOOD},
        {"{\"sub\":\"a\",\"exp\":" SOON ",\"scope\":[\"r\"]}", "r w", MOCK_JWS_SCOPE},
        {"{\"sub\":\"a\",\"exp\":" SOON "}", "r", MOCK_JWS_SCOPE},
        {"[1]", "", MOCK_JWS_INVALID},
        {"{", "", MOCK_JWS_INVALID},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct mock_jws jws = {0};
        enum mock_jws_verdict verdict =
            check(token("{\"alg\":\"none\"}", rows[i].claims), rows[i].scope, &jws);
        t_check(verdict == rows[i].verdict, __LINE__, __FILE__, "%s: %d", rows[i].claims,
                (int)verdict);
        base_free(jws.subject);
    }
}

static void only_unsecured_tokens_are_tokens(void) {
    struct mock_jws jws = {0};
    const char *claims = "{\"sub\":\"a\",\"exp\":" SOON "}";
    char longer[1100];
    T_EQUAL_INT(check(token("{\"alg\":\"HS256\"}", claims), "", &jws), MOCK_JWS_INVALID);
    T_EQUAL_INT(check(token("{}", claims), "", &jws), MOCK_JWS_NO_ALG);
    (void)snprintf(longer, sizeof(longer), "%sc2ln", token("{\"alg\":\"none\"}", claims));
    T_EQUAL_INT(check(longer, "", &jws), MOCK_JWS_INVALID);
    static const char *const none[] = {"", ".", "..", "...", "a.b", "a.b.", "!.!."};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        T_EQUAL_INT(check(none[i], "", &jws), MOCK_JWS_INVALID);
    }
}

static void a_scope_that_lacks_is_told_with_its_words(void) {
    struct mock_users users = {0};
    struct mock_sasl sasl;
    struct base_builder answer;
    char message[1200];
    base_builder_init(&answer, 4096);
    mock_sasl_init(&sasl, MOCK_SASL_OAUTHBEARER, &users);
    sasl.required_scope = "read write";
    (void)snprintf(message, sizeof(message), "n,,\001auth=bearer %s\001\001",
                   token("{\"alg\":\"none\"}", "{\"sub\":\"a\",\"exp\":" SOON "}"));
    T_EQUAL_INT(mock_sasl_take(&sasl, S(message), NOW_MS, &answer), MOCK_SASL_GOES_ON);
    static const char want[] = "{\"status\":\"insufficient_scope\", \"scope\":\"[read, write]\"}";
    T_EQUAL_BYTES(answer.data, answer.len, want, sizeof(want) - 1);
    T_EQUAL_INT(mock_sasl_take(&sasl, S("\001"), NOW_MS, &answer), MOCK_SASL_FAILED);
    T_EQUAL_STR(sasl.error.text, want);
    mock_sasl_clean_up(&sasl);
    base_builder_clean_up(&answer);
}

/* Every first message cut short, from a copy of exactly its size, is refused and leaks nothing. */
static void every_truncation_is_refused(void) {
    static const enum mock_sasl_mechanism mechanisms[] = {MOCK_SASL_SCRAM_SHA_256,
                                                          MOCK_SASL_OAUTHBEARER};
    char bearer[1200];
    struct mock_users users = {0};
    int64_t before = base_memory_live_count();
    (void)snprintf(bearer, sizeof(bearer), "n,,\001auth=Bearer %s\001\001",
                   token("{\"alg\":\"none\"}", "{\"sub\":\"a\",\"exp\":" SOON "}"));
    const char *const messages[] = {"n,a=x,m=y,n=alice,r=nonce,e=z", bearer};
    for (size_t m = 0; m < 2; m++) {
        for (size_t len = 0; len < strlen(messages[m]); len++) {
            struct mock_sasl sasl;
            struct base_builder answer;
            base_builder_init(&answer, 4096);
            mock_sasl_init(&sasl, mechanisms[m], &users);
            uint8_t *copy = base_memdup(messages[m], len);
            enum mock_sasl_step step =
                mock_sasl_take(&sasl, base_slice_of(copy, len), NOW_MS, &answer);
            T_TRUE(step == MOCK_SASL_FAILED || step == MOCK_SASL_BROKEN);
            base_free(copy);
            mock_sasl_clean_up(&sasl);
            base_builder_clean_up(&answer);
        }
    }
    T_EQUAL_INT(base_memory_live_count(), before);
}

static void failing_memory_logs_nobody_in(void) {
    struct mock_users users = {0};
    T_EQUAL_INT(mock_users_add(&users, S("alice"), S("x"), 0, 0, NULL), 0);
    T_TRUE(mock_users_credential(&users, S("alice"), MOCK_SCRAM_SHA_256) != NULL);
    int64_t before = base_memory_live_count();
    char bearer[1200];
    (void)snprintf(bearer, sizeof(bearer), "n,,\001auth=Bearer %s\001\001",
                   token("{\"alg\":\"none\"}", "{\"sub\":\"a\",\"exp\":" SOON "}"));
    const struct {
        enum mock_sasl_mechanism mechanism;
        struct base_slice message;
        enum mock_sasl_step good;
    } rows[] = {{MOCK_SASL_PLAIN, base_slice_of("\0alice\0x", 8), MOCK_SASL_DONE},
                {MOCK_SASL_SCRAM_SHA_256, S("n,,n=alice,r=nonce"), MOCK_SASL_GOES_ON},
                {MOCK_SASL_OAUTHBEARER, S(bearer), MOCK_SASL_DONE}};
    for (size_t i = 0; i < 3; i++) {
        enum mock_sasl_step step = MOCK_SASL_BROKEN;
        for (uint64_t after = 0; after < 60; after++) {
            struct mock_sasl sasl;
            struct base_builder answer;
            base_builder_init(&answer, 4096);
            mock_sasl_init(&sasl, rows[i].mechanism, &users);
            base_memory_fail_after(after, 1);
            step = mock_sasl_take(&sasl, rows[i].message, NOW_MS, &answer);
            base_memory_fail_never();
            T_TRUE(step != MOCK_SASL_DONE || sasl.principal);
            mock_sasl_clean_up(&sasl);
            base_builder_clean_up(&answer);
        }
        T_EQUAL_INT(step, rows[i].good);
    }
    T_EQUAL_INT(base_memory_live_count(), before);
    mock_users_clean_up(&users);
}

static CU_TestInfo tests[] = {
    {"tokens_are_judged_as_kafka_judges_them", tokens_are_judged_as_kafka_judges_them},
    {"only_unsecured_tokens_are_tokens", only_unsecured_tokens_are_tokens},
    {"a_scope_that_lacks_is_told_with_its_words", a_scope_that_lacks_is_told_with_its_words},
    {"every_truncation_is_refused", every_truncation_is_refused},
    {"failing_memory_logs_nobody_in", failing_memory_logs_nobody_in},
    CU_TEST_INFO_NULL,
};

CU_SuiteInfo *suite_mock_security_sasl(void) {
    static CU_SuiteInfo suites[] = {
        {"mock/security sasl", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
