/* Reports: what people read, and what machines read. */
#include <jansson.h>

#include "harness/report/report.h"
#include "suites.h"
#include "world.h"

#define WORLD                                                                                     \
    "topic rev partitions 1\nwriter w1 to rev\n"                                                   \
    "check {\n guarantee no-duplicate of w1 is fail because duplicate\n"                           \
    " guarantee at-least-once of w1 is pass\n outcome w1 \"k\" is ok\n}\n"

/* A duplicate that is expected; with surprise one key too few in the log. */
static void fill(struct world *w, bool surprise) {
    world_write(w, "w1", 1, "rev", 0, "k", "v");
    world_append(w, "w1", 1, "rev", 1, 1, "k", "v");
    if (surprise) {
        world_intent(w, "w1", 2, "rev", "ghost", "v\xff");
        world_outcome(w, "w1", 2, "ok");
    }
    world_judge(w);
}

static void as_expected_is_one_line_each(void) {
    struct world w;
    struct base_builder text;
    base_builder_init(&text, 1 << 20);
    if (world_open(&w, WORLD)) {
        fill(&w, false);
        trial_report_text(w.report, w.bound, "a=b", TRIAL_NORMAL, &text);
        base_put_u8(&text, 0);
        T_EQUAL_STR((const char *)text.data,
                    "PASS     test.scn  a=b\n"
                    "  at-least-once of w1: pass  intents 1, acks 1, appended 1\n"
                    "  no-duplicate of w1: fail because duplicate (as expected)"
                    "  intents 1, appends 2\n"
                    "      append w1 rev/0 at 0 { 0: \"k\" = \"v\" }\n"
                    "      append w1 rev/0 at 1 { 1: \"k\" = \"v\" }\n"
                    "  latest-value of w1: pass  keys 1, written more than once 1\n");
        base_builder_reset(&text);
        trial_report_text(w.report, w.bound, "", TRIAL_QUIET, &text);
        base_put_u8(&text, 0);
        T_EQUAL_STR((const char *)text.data, "PASS     test.scn\n");
    }
    base_builder_clean_up(&text);
    world_close(&w);
}

static void a_surprise_is_shown_with_its_evidence(void) {
    struct world w;
    struct base_builder text;
    base_builder_init(&text, 1 << 20);
    if (world_open(&w, WORLD)) {
        fill(&w, true);
        trial_report_text(w.report, w.bound, NULL, TRIAL_QUIET, &text);
        base_put_u8(&text, 0);
        const char *out = (const char *)text.data;
        T_TRUE(strncmp(out, "FAIL     test.scn  guarantee at-least-once of w1 is pass: ", 57) == 0);
        T_TRUE(strstr(out, "fail because acked-not-appended (not what the check says)") != NULL);
        T_TRUE(strstr(out, "intent w1 2 to rev: \"ghost\" = \"v\\xff\"") != NULL ||
               strstr(out, "intent w1 2 to rev: \"ghost\" = \"v\\xFF\"") != NULL);
        T_TRUE(strstr(out, "test.scn:6: guarantee at-least-once of w1 is pass: fail: ") != NULL);
        base_builder_reset(&text);
        trial_report_text(w.report, w.bound, NULL, TRIAL_VERBOSE, &text);
        base_put_u8(&text, 0);
        out = (const char *)text.data;
        T_TRUE(strstr(out, "anomaly duplicate on rev/0 key \"k\" count 1") != NULL);
        T_TRUE(strstr(out, "honest-failure of w1: not exercised") != NULL);
    }
    base_builder_clean_up(&text);
    world_close(&w);
}

static void json_has_the_stable_fields(void) {
    struct world w;
    struct base_builder text;
    json_t *root = NULL;
    base_builder_init(&text, 1 << 20);
    if (world_open(&w, WORLD)) {
        fill(&w, true);
        T_EQUAL_INT(trial_report_json(w.report, w.bound, "a=b", &text, &w.err), 0);
        root = json_loadb((const char *)text.data, text.len, 0, NULL);
        T_TRUE(root != NULL);
        T_EQUAL_STR(json_string_value(json_object_get(root, "scenario")), "test.scn");
        T_EQUAL_STR(json_string_value(json_object_get(root, "instance")), "a=b");
        T_EQUAL_STR(json_string_value(json_object_get(root, "verdict")), "fail");
        T_EQUAL_INT(json_array_size(json_object_get(root, "checks")), 3);
        T_EQUAL_INT(json_array_size(json_object_get(root, "anomalies")), w.report->anomaly_count);
        const json_t *finding = json_array_get(json_object_get(root, "findings"), 0);
        T_EQUAL_STR(json_string_value(json_object_get(finding, "guarantee")), "at-least-once");
        T_EQUAL_STR(json_string_value(json_object_get(finding, "because")), "acked-not-appended");
        T_TRUE(json_is_false(json_object_get(finding, "expected")));
        T_TRUE(json_is_true(json_object_get(finding, "asked")));
        T_TRUE(json_array_size(json_object_get(finding, "evidence")) > 0);
    }
    json_decref(root);
    base_builder_clean_up(&text);
    world_close(&w);
}

CU_SuiteInfo *suite_report(void) {
    static CU_TestInfo tests[] = {
        {"as_expected_is_one_line_each", as_expected_is_one_line_each},
        {"a_surprise_is_shown_with_its_evidence", a_surprise_is_shown_with_its_evidence},
        {"json_has_the_stable_fields", json_has_the_stable_fields},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"report", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
