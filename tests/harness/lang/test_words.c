/* Tests of the words: the reference in scenarios/README.md is what the table prints; suggestions.
 */
#include "base/limits.h"
#include "base/memory.h"
#include "harness/lang/words.h"
#include "scenario_text.h"
#include "suites.h"
#include "t_run.h"

#define BEGIN "<!-- words: printed by `ktrial verbs`, compared by a test -->\n"
#define END "<!-- end of words -->\n"

static void the_reference_holds_exactly_the_table(void) {
    struct base_builder words;
    base_builder_init(&words, BASE_MIB);
    trial_words_print(&words);
    base_put_u8(&words, 0);
    char *page = t_read("scenarios/README.md");
    char *begin = page ? strstr(page, BEGIN) : NULL;
    char *end = begin ? strstr(begin, END) : NULL;
    T_TRUE(begin && end);
    if (end) {
        *end = '\0';
        t_check(
            strcmp(begin + strlen(BEGIN), (const char *)words.data) == 0, __LINE__, __FILE__,
            "scenarios/README.md differs from `ktrial verbs`: put its output between the marks");
    }
    base_free(page);
    base_builder_clean_up(&words);
}

static void every_kind_has_its_word(void) {
    for (int kind = 0; kind < TRIAL_EVENT_KIND_COUNT; kind++) {
        T_TRUE(strcmp(trial_event_kind_to_str((enum trial_event_kind)kind), "?") != 0);
    }
    for (int kind = 0; kind < TRIAL_ACTION_KIND_COUNT; kind++) {
        T_TRUE(strcmp(trial_action_kind_to_str((enum trial_action_kind)kind), "?") != 0);
    }
    for (int kind = 0; kind < TRIAL_STEP_KIND_COUNT; kind++) {
        T_TRUE(strcmp(trial_step_kind_to_str((enum trial_step_kind)kind), "?") != 0);
    }
    T_EQUAL_STR(trial_verdict_to_str(TRIAL_NOT_EXERCISED), "not exercised");
    T_EQUAL_STR(trial_cmp_to_str(TRIAL_CMP_GE), ">=");
}

static void every_reason_of_a_failure_is_an_anomaly(void) {
    size_t count;
    const struct trial_word *words = trial_words(TRIAL_WORD_GUARANTEE, &count);
    for (size_t i = 0; i < count; i++) {
        const char *at = words[i].fails;
        while (*at) {
            char reason[64];
            size_t len = strcspn(at, " ");
            (void)snprintf(reason, sizeof(reason), "%.*s", (int)len, at);
            t_check(trial_word_find(TRIAL_WORD_ANOMALY, reason) || strcmp(reason, "cleaner-*") == 0,
                    __LINE__, __FILE__, "%s fails because %s, which is no anomaly", words[i].word,
                    reason);
            at += len + (at[len] ? 1 : 0);
        }
    }
}

static void a_near_word_is_suggested_and_a_far_one_is_not(void) {
    static const struct {
        const char *wanted;
        const char *candidate;
        bool near;
    } cases[] = {
        {"prduce", "produce", true},
        {"porduce", "produce", true},
        {"fetsh", "fetch", true},
        {"fetch", "produce", false},
        {"w2", "w1", true},
        {"x", "y", false},
        {"abc", "xyz", false},
        {"", "a", false},
        {"drop-respons", "drop-response", true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct trial_suggestion s = trial_suggestion_of(cases[i].wanted);
        trial_suggest(&s, cases[i].candidate);
        t_check((s.best != NULL) == cases[i].near, __LINE__, __FILE__, "%s, %s", cases[i].wanted,
                cases[i].candidate);
    }
    struct trial_suggestion s = trial_suggestion_of("commt");
    trial_suggest(&s, "commat");
    trial_suggest(&s, "comm");
    T_EQUAL_STR(s.best, "commat");
}

static void lists_are_searched_by_whole_words(void) {
    T_TRUE(trial_list_has("lost duplicate", ' ', "duplicate"));
    T_TRUE(!trial_list_has("lost duplicate", ' ', "dup"));
    T_TRUE(!trial_list_has("lost duplicate", ' ', "duplicates"));
    T_TRUE(trial_list_has("cleaner-*", ' ', "cleaner-order"));
    T_TRUE(!trial_list_has("cleaner-*", ' ', "clean"));
    T_TRUE(!trial_list_has("", ' ', "x"));
}

static void the_rdkafka_table_has_both_sides_and_aliases(void) {
    static const struct {
        const char *name;
        char side;
    } cases[] = {{"acks", 'P'},
                 {"request.required.acks", 'P'},
                 {"linger.ms", 'P'},
                 {"queue.buffering.max.ms", 'P'},
                 {"max.in.flight", 'B'},
                 {"enable.auto.commit", 'C'},
                 {"session.timeout.ms", 'C'},
                 {"client.id", 'B'},
                 {"retry.backoff.ms", 'B'},
                 {"group.protocol", 'C'}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct trial_setting_info *info = trial_rdkafka_find(cases[i].name);
        T_TRUE(info && info->side == cases[i].side);
    }
    T_TRUE(trial_rdkafka_find("no.such.setting") == NULL);
}

CU_SuiteInfo *suite_lang_words(void) {
    static CU_TestInfo tests[] = {
        {"the_reference_holds_exactly_the_table", the_reference_holds_exactly_the_table},
        {"every_kind_has_its_word", every_kind_has_its_word},
        {"every_reason_of_a_failure_is_an_anomaly", every_reason_of_a_failure_is_an_anomaly},
        {"a_near_word_is_suggested_and_a_far_one_is_not",
         a_near_word_is_suggested_and_a_far_one_is_not},
        {"lists_are_searched_by_whole_words", lists_are_searched_by_whole_words},
        {"the_rdkafka_table_has_both_sides_and_aliases",
         the_rdkafka_table_has_both_sides_and_aliases},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"lang/words", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
