/* Tests of the printer: parse(print(tree)) is the same tree, and printing twice changes nothing. */
#include "base/memory.h"
#include "scenario_text.h"
#include "suites.h"
#include "t_run.h"

/* Prints what the source parses to, parses that, and compares. Nothing when it does not parse. */
static void round_trip(const char *source) {
    struct trial_diagnostics d;
    char *first = NULL;
    char *second = NULL;
    struct trial_scenario *again = NULL;
    trial_diagnostics_init(&d);
    struct trial_scenario *s = t_parse(source, &d);
    if (s) {
        first = t_print(s);
        again = t_parse(first, &d);
        t_check(again != NULL, __LINE__, __FILE__, "printed, it does not parse: %s\n%s",
                d.count ? d.items[0].text : "?", first);
    }
    if (again) {
        T_TRUE(trial_scenario_equal(s, again));
        second = t_print(again);
        T_EQUAL_STR(second, first);
    }
    base_free(first);
    base_free(second);
    trial_scenario_free(s);
    trial_scenario_free(again);
    trial_diagnostics_clean_up(&d);
}

static void the_examples_are_canonical(void) {
    for (size_t i = 0; i < 6; i++) {
        struct trial_diagnostics d;
        char *text = t_read(t_examples[i]);
        trial_diagnostics_init(&d);
        struct trial_scenario *s = text ? t_parse(text, &d) : NULL;
        char *printed = s ? t_print(s) : NULL;
        T_EQUAL_STR(printed, text);
        base_free(printed);
        base_free(text);
        trial_scenario_free(s);
        trial_diagnostics_clean_up(&d);
    }
}

static void every_word_survives_printing(void) {
    char *text = t_read("tests/harness/lang/everything.scn");
    if (text) {
        struct trial_diagnostics d;
        trial_diagnostics_init(&d);
        struct trial_scenario *s = t_parse(text, &d);
        t_check(s != NULL, __LINE__, __FILE__, "%u: %s", d.count ? d.items[0].pos.line : 0,
                d.count ? d.items[0].text : "?");
        trial_scenario_free(s);
        trial_diagnostics_clean_up(&d);
        round_trip(text);
    }
    base_free(text);
}

static void every_comment_survives_printing(void) {
    char *text = t_read("tests/harness/lang/everything.scn");
    struct trial_diagnostics d;
    trial_diagnostics_init(&d);
    struct trial_scenario *s = text ? t_parse(text, &d) : NULL;
    char *printed = s ? t_print(s) : NULL;
    static const char *const comments[] = {
        "# the claim", "# two",         "# before a setting", "# three", "# before the brace",
        "# the first", "# both copies", "# a setting",        "# go",    "# write with everything",
        "# a header",  "# its comment", "# the end",          "# first", "# zero",
        "# last"};
    for (size_t i = 0; printed && i < sizeof(comments) / sizeof(comments[0]); i++) {
        t_check(strstr(printed, comments[i]) != NULL, __LINE__, __FILE__, "%s is gone",
                comments[i]);
    }
    T_TRUE(printed != NULL);
    base_free(printed);
    base_free(text);
    trial_scenario_free(s);
    trial_diagnostics_clean_up(&d);
}

/* Every truncation of every example: no crash, and if it parses, the round trip holds. */
static void every_truncation_is_survived(void) {
    static const char *const extra = "tests/harness/lang/everything.scn";
    for (size_t i = 0; i < 7; i++) {
        char *text = t_read(i < 6 ? t_examples[i] : extra);
        size_t len = text ? strlen(text) : 0;
        for (size_t cut = 0; cut < len; cut++) {
            struct trial_diagnostics d;
            struct trial_scenario *s = NULL;
            trial_diagnostics_init(&d);
            int rc = trial_parse("cut.scn", base_slice_of(text, cut), &s, &d);
            T_TRUE(rc == 0 || (rc == BASE_MALFORMED && d.error_count > 0));
            if (s) {
                (void)trial_check(s, NULL, &d);
            }
            trial_scenario_free(s);
            trial_diagnostics_clean_up(&d);
        }
        for (size_t cut = len; cut > 0; cut--) {
            if (text[cut - 1] == '\n') {
                text[cut - 1] = '\0';
                round_trip(text);
            }
        }
        base_free(text);
    }
}

static void odd_strings_survive(void) {
    round_trip("scenario \"\\x00 \\xff \\$x $ \\${y} ${n} \\\\$n \\\\\\$n \\x24n\"");
    round_trip("scenario \"s\"\nmatrix a = \"\" | \"$\" | x\"\" | -5 | 5ms | \"5\" | \"\\x00\"\n");
    round_trip("scenario \"s\"\ntopic \"run\"\ntopic \"a b\"\nclient c from \"pattern\", pattern "
               "\"^a\\\\.b$\" group \"\\$x\"\n");
}

static void comments_in_odd_places_survive(void) {
    round_trip(
        "# a\n\n\n# b\nscenario \"s\"# c\nrun { # d\n\n # e\n heal# f\n\n} # g\n\n\n# h\n\n");
    round_trip(
        "scenario \"s\"\njournal j prefix \"p\" { # a\n types x # b\n # c\n types y # d\n}\n");
    round_trip("scenario \"s\"\ncheck { trace { any { # a\n fetch # b\n } # c\n } # d\n } # e\n");
    round_trip("scenario \"s\"\nrun {\n write w t k v headers { # a\n } secret s # b\n}\n");
    round_trip("scenario \"s\"\nwriter w to t { # only\n}\ncluster { }\nrun { }\n");
}

static void a_long_fault_is_broken_after_its_colon(void) {
    struct trial_diagnostics d;
    trial_diagnostics_init(&d);
    struct trial_scenario *s = t_parse(
        "scenario \"s\"\nfault refuse at produce from w1 key \"k\" value \"v1\" attempt 1 : hold "
        "until inflight w1 >= 5 then error NOT_ENOUGH_REPLICAS\n",
        &d);
    char *printed = s ? t_print(s) : NULL;
    T_EQUAL_STR(printed, "scenario \"s\"\nfault refuse at produce from w1 key \"k\" value \"v1\" "
                         "attempt 1 : \\\n  hold until inflight w1 >= 5 then error "
                         "NOT_ENOUGH_REPLICAS\n");
    base_free(printed);
    trial_scenario_free(s);
    trial_diagnostics_clean_up(&d);
}

static void different_trees_are_not_equal(void) {
    static const char *const texts[] = {
        "scenario \"s\"",
        "scenario \"t\"",
        "scenario \"s\"\nseed 1",
        "scenario \"s\"\nseed 2",
        "scenario \"s\"\ntopic a",
        "scenario \"s\"\ntopic a compact",
        "scenario \"s\"\ntopic a public",
        "scenario \"s\"\ntopic a { b = 1 }",
        "scenario \"s\"\ntopic a { env b = 1 }",
        "scenario \"s\"\nrun { heal }",
        "scenario \"s\"\nrun { write w t k v }",
        "scenario \"s\"\nrun { write w t k \"v\" }",
        "scenario \"s\"\nrun { write w t k null }",
        "scenario \"s\"\nrun { write w t k v partition 1 }",
        "scenario \"s\"\nrun { write w t k v headers { a = b } }",
        "scenario \"s\"\nrun { repeat 2 { heal } }",
        "scenario \"s\"\nfault f at produce : reset",
        "scenario \"s\"\nfault f at produce nth 1 : reset",
        "scenario \"s\"\nfault f at produce : reset once",
        "scenario \"s\"\nfault f at produce : reset optional",
        "scenario \"s\"\nfault f at produce : hold until quiet",
        "scenario \"s\"\ncheck { fired f = 1 }",
        "scenario \"s\"\ncheck { fired f > 1 }",
        "scenario \"s\"\ncheck { log t/0 is { } }",
        "scenario \"s\"\ncheck { log t/0 has { } }",
        "scenario \"s\"\ncheck { log t/0 has { 0: a = b } }",
        "scenario \"s\"\ncheck { secret s in topic t }",
        "scenario \"s\"\ncheck { no secret s in topic t }",
        "scenario \"s\"\ncheck { trace { then fetch } }",
        "scenario \"s\"\ncheck { trace { next fetch } }",
    };
    enum { COUNT = sizeof(texts) / sizeof(texts[0]) };
    struct trial_scenario *trees[COUNT] = {0};
    struct trial_diagnostics d;
    trial_diagnostics_init(&d);
    for (size_t i = 0; i < COUNT; i++) {
        trees[i] = t_parse(texts[i], &d);
        t_check(trees[i] != NULL, __LINE__, __FILE__, "%s", texts[i]);
    }
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t k = 0; k < COUNT && trees[i] && trees[k]; k++) {
            t_check(trial_scenario_equal(trees[i], trees[k]) == (i == k), __LINE__, __FILE__,
                    "%s == %s", texts[i], texts[k]);
        }
    }
    for (size_t i = 0; i < COUNT; i++) {
        trial_scenario_free(trees[i]);
    }
    trial_diagnostics_clean_up(&d);
}

CU_SuiteInfo *suite_lang_print(void) {
    static CU_TestInfo tests[] = {
        {"the_examples_are_canonical", the_examples_are_canonical},
        {"every_word_survives_printing", every_word_survives_printing},
        {"every_comment_survives_printing", every_comment_survives_printing},
        {"every_truncation_is_survived", every_truncation_is_survived},
        {"odd_strings_survive", odd_strings_survive},
        {"comments_in_odd_places_survive", comments_in_odd_places_survive},
        {"a_long_fault_is_broken_after_its_colon", a_long_fault_is_broken_after_its_colon},
        {"different_trees_are_not_equal", different_trees_are_not_equal},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"lang/print", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
