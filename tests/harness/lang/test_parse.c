/* Tests of the lexer and the parser: what is accepted, and what is said of the rest, with its
 * place. */
#include "base/memory.h"
#include "harness/lang/lang.h"
#include "scenario_text.h"
#include "suites.h"
#include "t_run.h"

#define HEAD "scenario \"s\"\n"

struct refusal {
    const char *source;
    unsigned line;
    unsigned column;
    const char *text;
};

static void refuse_all(const struct refusal *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        T_PROBLEM(cases[i].source, cases[i].line, cases[i].column, cases[i].text);
    }
}
#define REFUSE_ALL(cases) refuse_all(cases, sizeof(cases) / sizeof((cases)[0]))

static void the_smallest_scenario_is_its_claim(void) {
    T_GOOD("scenario \"s\"");
    T_GOOD("# a comment\n\n  scenario   \"s\"   # after\n\n");
    T_PROBLEM("", 1, 1, "expected 'scenario', found the end of the file");
    T_PROBLEM("scenario", 1, 9, "expected the claim");
    T_PROBLEM("scenari \"s\"\n", 1, 1, "did you mean 'scenario'?");
}

static void bad_tokens_are_named(void) {
    static const struct refusal cases[] = {
        {HEAD "topic \"abc", 2, 7, "this string is not closed"},
        {HEAD "topic a ; b", 2, 9, "unexpected character ';'"},
        {HEAD "topic \xc3\xa9", 2, 7, "unexpected character '\xc3\xa9'"},
        {HEAD "seed 99999999999999999999", 2, 6, "is too large"},
        {HEAD "seed 12q", 2, 6, "'12q' is neither a number nor a duration"},
        {HEAD "budget 99999999999999999d", 2, 8, "is too large"},
        {HEAD "topic \"a\\q\"", 2, 9, "expected \\\", \\\\, \\n"},
        {HEAD "topic \"a\\x0g\"", 2, 9, "expected \\\", \\\\, \\n"},
        {HEAD "topic \"a\tb\x01\"", 2, 11, "a control character in a string: write it as \\x01"},
        {HEAD "matrix a = x\"0\"", 2, 12, "expected pairs of hexadecimal digits"},
        {HEAD "matrix a = $", 2, 12, "expected a name after '$'"},
        {HEAD "topic \\ a", 2, 7, "a backslash joins lines only as the last"},
        {HEAD "topic a # \x01", 2, 11, "a control character in a comment"},
    };
    REFUSE_ALL(cases);
}

static void what_was_expected_is_said(void) {
    static const struct refusal cases[] = {
        {HEAD "topik rev", 2, 1,
         "expected an item ('topic', 'writer', 'run', 'check', …), found "
         "'topik'; did you mean 'topic'?"},
        {HEAD "fault f at prduce : reset", 2, 12,
         "expected an event ('produce', 'fetch', 'commit', …), found 'prduce'; did you mean "
         "'produce'?"},
        {HEAD "fault f at produce : drop-respons", 2, 22, "did you mean 'drop-response'?"},
        {HEAD "fault f at produce from w1 reset", 2, 28, "expected ':' and an action"},
        {HEAD "fault f at produce : error 5", 2, 28, "expected the name of a Kafka error"},
        {HEAD "fault f at produce : apply err X", 2, 28, "expected 'error', found 'err'"},
        {HEAD "fault f at produce : hold until flushd w", 2, 33, "did you mean 'flushed'?"},
        {HEAD "fault f at produce : delay 5", 2, 28, "expected a duration"},
        {HEAD "run {\n  stat w1\n}", 3, 3, "did you mean 'start'?"},
        {HEAD "run {\n  write w1 rev \"k\"\n}", 3, 19,
         "expected a value, or 'tombstone', found the "
         "end of the line"},
        {HEAD "run {\n  write w1 rev k v partitio 3\n}", 3, 20, "did you mean 'partition'?"},
        {HEAD "run {\n  load w rev 3 record\n}", 3, 16, "did you mean 'records'?"},
        {HEAD "run {\n  await end rev/0 == 3\n}", 3, 20, "expected a number, found '='"},
        {HEAD "run {\n  heal\n", 4, 1, "expected '}' for the '{' of line 2"},
        {HEAD "run {\n  heal\ncheck {\n}", 4, 1, "expected '}' for the '{' of line 2"},
        {HEAD "run {\n  repeat 2 {\n    heal\n\n}\n", 7, 1, "expected '}' for the '{' of line 2"},
        {HEAD "}", 2, 1, "expected an item"},
        {HEAD "check { guarante x of y is pass }", 2, 9, "did you mean 'guarantee'?"},
        {HEAD "check { no log rev/0 is { } }", 2, 12, "expected 'anomaly' or 'secret' after 'no'"},
        {HEAD "check { secret a in publc swh }", 2, 21, "did you mean 'public'?"},
        {HEAD "check { store db hass k = v }", 2, 18, "did you mean 'has'?"},
        {HEAD "client c from rev grop g", 2, 19,
         "expected ',', 'group' or 'groupless', found "
         "'grop'; did you mean 'group'?"},
        {HEAD "store s sqlit", 2, 9, "did you mean 'sqlite'?"},
        {HEAD "journal j prefix \"p\" { typs content }", 2, 24, "did you mean 'types'?"},
        {HEAD "topic a partition 3", 2, 9, "did you mean 'partitions'?"},
        {HEAD "topic \"\"", 2, 7, "a name cannot be empty"},
        {HEAD "topic \"$a\"", 2, 7, "a name cannot be put together from parameters"},
        {HEAD "topic \"a\\x00\"", 2, 7, "a zero byte is not possible here"},
        {HEAD "explore fault over c", 2, 9, "did you mean 'faults'?"},
        {HEAD "budget 5", 2, 8, "expected a duration"},
    };
    REFUSE_ALL(cases);
}

static void several_errors_are_reported_at_once(void) {
    struct trial_diagnostics d;
    trial_diagnostics_init(&d);
    struct trial_scenario *s =
        t_parse(HEAD "topik a\n"
                     "run {\n  stat w1\n  heal\n  note 5\n  repeat x { heal }\n}\n"
                     "writer w to t { a 5\n  b = \n}\n"
                     "check { fird x = 1 }\n",
                &d);
    T_TRUE(s == NULL);
    static const unsigned lines[] = {2, 4, 6, 7, 9, 10, 12};
    T_EQUAL_INT(d.count, 7);
    for (size_t i = 0; i < d.count && i < 7; i++) {
        T_EQUAL_INT(d.items[i].pos.line, lines[i]);
    }
    trial_scenario_free(s);
    trial_diagnostics_clean_up(&d);
}

static void a_forgotten_brace_costs_one_error(void) {
    struct trial_diagnostics d;
    trial_diagnostics_init(&d);
    struct trial_scenario *s =
        t_parse(HEAD "run {\n  heal\ncheck {\n  fired f = 1\n}\ntopic a\n", &d);
    T_EQUAL_INT(d.count, 1);
    trial_scenario_free(s);
    trial_diagnostics_clean_up(&d);
}

static void a_message_shows_the_line_and_a_caret(void) {
    static const char source[] =
        HEAD "fault lost-ack at prduce from w1 : drop-response then reset\n";
    struct trial_diagnostics d;
    struct base_builder text;
    trial_diagnostics_init(&d);
    base_builder_init(&text, 4096);
    struct trial_scenario *s = t_parse(source, &d);
    trial_diagnostics_format(&d, "lost-ack.scn", source, strlen(source), &text);
    base_put_u8(&text, 0);
    T_EQUAL_STR((const char *)text.data,
                "lost-ack.scn:2:19: expected an event ('produce', 'fetch', 'commit', …), found "
                "'prduce'; did you mean 'produce'?\n"
                "    2 | fault lost-ack at prduce from w1 : drop-response then reset\n"
                "      |                   ^~~~~~\n");
    trial_scenario_free(s);
    base_builder_clean_up(&text);
    trial_diagnostics_clean_up(&d);
}

static void no_word_is_reserved(void) {
    T_GOOD(HEAD
           "topic run\ntopic \"topic\"\nwriter writer to run, topic\n"
           "run {\n  start writer\n  write writer run write tombstone\n  await flushed writer\n}\n"
           "check { outcome writer write is ok }\n");
    T_GOOD(HEAD "topic t\nwriter once to t\nfault then at produce from once : crash once\n");
}

static void lines_are_joined_and_ends_implied(void) {
    T_GOOD(HEAD "topic \\\n  a \\  \n  partitions 3\nrun { heal }\n");
    T_GOOD(HEAD "run { repeat 2 { repeat 3 { heal } } }");
    T_GOOD(HEAD "topic a\r\ntopic b\r\n");
}

static void nesting_has_a_limit(void) {
    struct base_builder text;
    base_builder_init(&text, 100000);
    base_put_str(&text, HEAD "run {\n");
    for (int i = 0; i < 40; i++) {
        base_put_str(&text, "parallel {\n");
    }
    for (int i = 0; i < 41; i++) {
        base_put_str(&text, "}\n");
    }
    base_put_u8(&text, 0);
    T_PROBLEM((const char *)text.data, 34, 10, "blocks within blocks: at most 32");
    base_builder_clean_up(&text);
}

static void size_has_a_limit(void) {
    struct trial_diagnostics d;
    struct trial_scenario *s = NULL;
    size_t len = 4u * 1024 * 1024 + 1;
    char *text = base_alloc(len);
    memset(text, ' ', len);
    trial_diagnostics_init(&d);
    T_EQUAL_INT(trial_parse("x", base_slice_of(text, len), &s, &d), BASE_LIMIT);
    T_TRUE(d.count == 1 && strstr(d.items[0].text, "BASE_MAX_SCENARIO_BYTES"));
    T_TRUE(s == NULL);
    base_free(text);
    trial_diagnostics_clean_up(&d);
}

static void a_line_alone_is_an_item_a_step_or_an_expectation(void) {
    static const struct {
        const char *line;
        enum trial_item_kind kind;
    } cases[] = {
        {"topic a", TRIAL_ITEM_TOPIC},
        {"fault f at produce : reset", TRIAL_ITEM_FAULT},
        {"store db memory", TRIAL_ITEM_STORE},
        {"secret s in \"A.b\"", TRIAL_ITEM_SECRET},
        {"compact rev/0", TRIAL_ITEM_RUN},
        {"await end rev/0 >= 10", TRIAL_ITEM_RUN},
        {"store db has k = v", TRIAL_ITEM_CHECK},
        {"no secret mail in everywhere", TRIAL_ITEM_CHECK},
        {"secret mail in topic a", TRIAL_ITEM_CHECK},
        {"log rev/0 has { 0: a = b }", TRIAL_ITEM_CHECK},
        {"guarantee key-order of w1 is pass", TRIAL_ITEM_CHECK},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct trial_diagnostics d;
        struct trial_scenario *s = NULL;
        trial_diagnostics_init(&d);
        int rc = trial_parse_line(base_slice_str(cases[i].line), &s, &d);
        T_EQUAL_INT(rc, 0);
        if (rc == 0) {
            T_EQUAL_INT(s->item_count, 1);
            T_EQUAL_INT(s->items[0].kind, cases[i].kind);
        }
        trial_scenario_free(s);
        trial_diagnostics_clean_up(&d);
    }
}

static void two_lines_are_not_one(void) {
    static const char *const lines[] = {"", "topic a\ntopic b", "bogus", "heal }", "# nothing"};
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct trial_diagnostics d;
        struct trial_scenario *s = NULL;
        trial_diagnostics_init(&d);
        T_EQUAL_INT(trial_parse_line(base_slice_str(lines[i]), &s, &d), BASE_MALFORMED);
        T_TRUE(d.error_count > 0);
        T_TRUE(s == NULL);
        trial_diagnostics_clean_up(&d);
    }
}

static void parsing_survives_every_failed_allocation(void) {
    char *text = t_read("tests/harness/lang/everything.scn");
    if (!text) {
        return;
    }
    int rc = BASE_NO_MEMORY;
    for (uint64_t after = 0; rc == BASE_NO_MEMORY && after < 100000; after++) {
        struct trial_diagnostics d;
        struct trial_scenario *s = NULL;
        trial_diagnostics_init(&d);
        base_memory_fail_after(after, 1);
        rc = trial_parse("x", base_slice_str(text), &s, &d);
        base_memory_fail_never();
        trial_scenario_free(s);
        trial_diagnostics_clean_up(&d);
    }
    T_EQUAL_INT(rc, 0);
    base_free(text);
}

CU_SuiteInfo *suite_lang_parse(void) {
    static CU_TestInfo tests[] = {
        {"the_smallest_scenario_is_its_claim", the_smallest_scenario_is_its_claim},
        {"bad_tokens_are_named", bad_tokens_are_named},
        {"what_was_expected_is_said", what_was_expected_is_said},
        {"several_errors_are_reported_at_once", several_errors_are_reported_at_once},
        {"a_forgotten_brace_costs_one_error", a_forgotten_brace_costs_one_error},
        {"a_message_shows_the_line_and_a_caret", a_message_shows_the_line_and_a_caret},
        {"no_word_is_reserved", no_word_is_reserved},
        {"lines_are_joined_and_ends_implied", lines_are_joined_and_ends_implied},
        {"nesting_has_a_limit", nesting_has_a_limit},
        {"size_has_a_limit", size_has_a_limit},
        {"a_line_alone_is_an_item_a_step_or_an_expectation",
         a_line_alone_is_an_item_a_step_or_an_expectation},
        {"two_lines_are_not_one", two_lines_are_not_one},
        {"parsing_survives_every_failed_allocation", parsing_survives_every_failed_allocation},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"lang/parse", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
