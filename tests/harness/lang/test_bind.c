/* Tests of binding: instances, what variables stand for, unrolled repeats, checks that apply. */
#include "base/limits.h"
#include "base/memory.h"
#include "scenario_text.h"
#include "suites.h"
#include "t_run.h"

#define HEAD "scenario \"s\"\n"

/* The bound instance printed, "" when it cannot be bound; base_free it. */
static char *bound_text(const char *source, size_t instance) {
    struct trial_diagnostics d;
    struct trial_scenario *bound = NULL;
    struct base_error err = BASE_ERROR_INIT;
    trial_diagnostics_init(&d);
    struct trial_scenario *s = t_parse(source, &d);
    int rc = s ? trial_bind(s, instance, &bound, &err) : -1;
    trial_scenario_free(s); /* a bound tree shares nothing with it */
    char *text = rc == 0 ? t_print(bound) : base_strdup(err.text);
    trial_scenario_free(bound);
    trial_diagnostics_clean_up(&d);
    return text;
}

static void check_bound(const char *source, size_t instance, const char *expected) {
    char *text = bound_text(source, instance);
    T_EQUAL_STR(text, expected);
    base_free(text);
}

static void instances_are_the_product_of_the_matrices(void) {
    static const char *const names[] = {"a=1 b=x", "a=1 b=y", "a=1 b=z",
                                        "a=2 b=x", "a=2 b=y", "a=2 b=z"};
    struct trial_diagnostics d;
    trial_diagnostics_init(&d);
    struct trial_scenario *s = t_parse(HEAD "matrix a = 1 | 2\nmatrix b = x | y | z\n", &d);
    T_EQUAL_INT(trial_instance_count(s), 6);
    for (size_t i = 0; i < 6; i++) {
        struct base_builder text;
        base_builder_init(&text, 100);
        trial_instance_describe(s, i, &text);
        base_put_u8(&text, 0);
        T_EQUAL_STR((const char *)text.data, names[i]);
        base_builder_clean_up(&text);
    }
    struct trial_binding two[2];
    size_t count = 9;
    T_EQUAL_INT(trial_instance_bindings(s, 5, two, 1, &count), BASE_LIMIT);
    T_EQUAL_INT(trial_instance_bindings(s, 6, two, 2, &count), BASE_USAGE);
    T_EQUAL_INT(trial_instance_bindings(s, 5, two, 2, &count), 0);
    T_EQUAL_INT(count, 2);
    T_EQUAL_STR(two[1].name, "b");
    trial_scenario_free(s);
    s = t_parse(HEAD, &d);
    T_EQUAL_INT(trial_instance_count(s), 1);
    trial_scenario_free(s);
    trial_diagnostics_clean_up(&d);
}

static void a_parameter_stands_for_any_atom(void) {
    static const char source[] = HEAD "matrix a = 7 | 25h | word | \"a \\\"b\\\"\" | x\"00\"\n"
                                      "cluster { x = $a }\n";
    static const char *const values[] = {"7", "25h", "word", "\"a \\\"b\\\"\"", "x\"00\""};
    for (size_t i = 0; i < 5; i++) {
        char expected[256];
        (void)snprintf(
            expected, sizeof(expected),
            HEAD "matrix a = 7 | 25h | word | \"a \\\"b\\\"\" | x\"00\"\ncluster { x = %s }\n",
            values[i]);
        check_bound(source, i, expected);
    }
}

static void strings_are_interpolated(void) {
    check_bound(HEAD "matrix a-b = 5\nrun {\n note \"$a-b ${a-b}-c \\$a-b \\\\$a-b $ $1\"\n}\n", 0,
                HEAD "matrix a-b = 5\nrun { note \"5 5-c \\$a-b \\\\5 $ $1\" }\n");
    check_bound(HEAD "matrix p = x\njournal j prefix \"$p.y\" { types content }\n", 0,
                HEAD "matrix p = x\njournal j prefix \"x.y\" { types content }\n");
}

static void repeats_are_unrolled_with_the_innermost_count(void) {
    check_bound(HEAD "run { repeat 2 { note \"$i\" } }\n", 0,
                HEAD "run {\n  note \"1\"\n  note \"2\"\n}\n");
    check_bound(HEAD "run {\n repeat 2 {\n repeat 2 { note \"$i\" }\n note \"<$i>\"\n}\n}\n", 0,
                HEAD
                "run {\n  note \"1\"\n  note \"2\"\n  note \"<1>\"\n  note \"1\"\n  note \"2\"\n"
                "  note \"<2>\"\n}\n");
    check_bound(HEAD "run {\n repeat 3 { repeat $i { note \"x\" } }\n}\n", 0,
                HEAD "run {\n  note \"x\"\n  note \"x\"\n  note \"x\"\n  note \"x\"\n  note \"x\"\n"
                     "  note \"x\"\n}\n");
    check_bound(HEAD "run { repeat 2 { parallel { write w t $i \"v$i\" partition $i } } }\n", 0,
                HEAD "run {\n  parallel { write w t 1 \"v1\" partition 1 }\n"
                     "  parallel { write w t 2 \"v2\" partition 2 }\n}\n");
    check_bound(HEAD "run { repeat 0 { heal } }\n", 0, HEAD "run { }\n");
}

static void only_the_checks_that_apply_are_left(void) {
    static const char source[] = HEAD "matrix a = 1 | 2\nmatrix b = 1 | 2\n"
                                      "check { fired always = 1 }\n"
                                      "check when a = 1 { fired one = 1 }\n"
                                      "check when a = 2 and b = 2 { fired both = 1 }\n";
    static const size_t counts[] = {2, 2, 1, 2};
    for (size_t i = 0; i < 4; i++) {
        struct trial_diagnostics d;
        struct trial_scenario *bound = NULL;
        trial_diagnostics_init(&d);
        struct trial_scenario *s = t_parse(source, &d);
        T_EQUAL_INT(trial_bind(s, i, &bound, NULL), 0);
        T_EQUAL_INT(bound->item_count, 2 + counts[i]);
        T_TRUE(bound->is_bound);
        trial_scenario_free(s);
        trial_scenario_free(bound);
        trial_diagnostics_clean_up(&d);
    }
}

static void a_parameter_may_be_a_tombstone_or_a_verdict(void) {
    struct trial_diagnostics d;
    struct trial_scenario *bound = NULL;
    trial_diagnostics_init(&d);
    struct trial_scenario *s = t_parse(
        HEAD "matrix v = tombstone\nrun { write w t k $v }\ncheck { guarantee g of w is $v }\n",
        &d);
    T_EQUAL_INT(trial_bind(s, 0, &bound, NULL), 0);
    T_EQUAL_INT(bound->items[1].u.run.steps[0].value.kind, TRIAL_VALUE_NULL);
    T_EQUAL_STR(trial_atom_str(&bound->items[2].u.check.expects[0].verdict), "tombstone");
    trial_scenario_free(s);
    trial_scenario_free(bound);
    trial_diagnostics_clean_up(&d);
}

static void what_cannot_be_bound_says_where(void) {
    check_bound(HEAD "run { note \"$x\" }\n", 0, "test.scn:2:7: no matrix declares $x");
    check_bound(HEAD "matrix a = b\nrun { repeat $a { heal } }\n", 0,
                "test.scn:3:14: expected how often, as a number");
    check_bound(HEAD "run { repeat 1000001 { heal } }\n", 0,
                "test.scn:2:7: more steps than a scenario may have (BASE_MAX_STEPS, 1000000)");
    check_bound(HEAD "run { repeat 10000000 { repeat 0 { heal } } }\n", 0,
                "test.scn:2:7: more steps than a scenario may have (BASE_MAX_STEPS, 1000000)");
    check_bound(HEAD "matrix a = b\n", 1, "test.scn has no instance 1, or more than 64 matrices");
}

static void a_bound_example_parses_as_itself(void) {
    for (size_t i = 0; i < 6; i++) {
        char *source = t_read(t_examples[i]);
        char *text = source ? bound_text(source, 0) : NULL;
        char *again = text ? bound_text(text, 0) : NULL;
        T_EQUAL_STR(again, text);
        base_free(source);
        base_free(text);
        base_free(again);
    }
}

static void finders_find_what_is_declared(void) {
    struct trial_diagnostics d;
    trial_diagnostics_init(&d);
    struct trial_scenario *s = t_parse(
        HEAD "tags smoke\nbudget 5s\nseed 9\ntopic t\njournal j.k prefix \"p\" { types content }\n"
             "store d memory\nwriter w to t { acks = all }\nsecret x in \"A.b\"\n"
             "fault f at produce : reset\n",
        &d);
    struct trial_target target = {0};
    T_TRUE(trial_find_topic(s, "t") && !trial_find_topic(s, "w"));
    T_TRUE(trial_find_journal(s, "j.k") && trial_find_store(s, "d") && trial_find_actor(s, "w"));
    T_TRUE(trial_find_secret(s, "x") && trial_find_fault(s, "f") && !trial_find_fault(s, "g"));
    T_TRUE(trial_find_target(s, "j.k.content", &target));
    T_EQUAL_STR(target.type, "content");
    T_TRUE(!trial_find_target(s, "j.k.revision", &target));
    T_TRUE(trial_find_setting(&trial_find_actor(s, "w")->settings, "acks") != NULL);
    T_TRUE(trial_find_setting(&trial_find_actor(s, "w")->settings, "ack") == NULL);
    T_EQUAL_INT(trial_scenario_budget_ms(s), 5000);
    T_EQUAL_INT(trial_scenario_seed(s), 9);
    T_TRUE(trial_scenario_has_tag(s, "smoke") && !trial_scenario_has_tag(s, "smok"));
    trial_scenario_free(s);
    trial_diagnostics_clean_up(&d);
}

static void binding_survives_every_failed_allocation(void) {
    char *source = t_read(t_examples[4]);
    struct trial_diagnostics d;
    trial_diagnostics_init(&d);
    struct trial_scenario *s = source ? t_parse(source, &d) : NULL;
    int rc = BASE_NO_MEMORY;
    for (uint64_t after = 0; s && rc == BASE_NO_MEMORY && after < 100000; after++) {
        struct trial_scenario *bound = NULL;
        base_memory_fail_after(after, 1);
        rc = trial_bind(s, 0, &bound, NULL);
        base_memory_fail_never();
        trial_scenario_free(bound);
    }
    T_EQUAL_INT(rc, 0);
    trial_scenario_free(s);
    base_free(source);
    trial_diagnostics_clean_up(&d);
}

CU_SuiteInfo *suite_lang_bind(void) {
    static CU_TestInfo tests[] = {
        {"instances_are_the_product_of_the_matrices", instances_are_the_product_of_the_matrices},
        {"a_parameter_stands_for_any_atom", a_parameter_stands_for_any_atom},
        {"strings_are_interpolated", strings_are_interpolated},
        {"repeats_are_unrolled_with_the_innermost_count",
         repeats_are_unrolled_with_the_innermost_count},
        {"only_the_checks_that_apply_are_left", only_the_checks_that_apply_are_left},
        {"a_parameter_may_be_a_tombstone_or_a_verdict",
         a_parameter_may_be_a_tombstone_or_a_verdict},
        {"what_cannot_be_bound_says_where", what_cannot_be_bound_says_where},
        {"a_bound_example_parses_as_itself", a_bound_example_parses_as_itself},
        {"finders_find_what_is_declared", finders_find_what_is_declared},
        {"binding_survives_every_failed_allocation", binding_survives_every_failed_allocation},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"lang/bind", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
