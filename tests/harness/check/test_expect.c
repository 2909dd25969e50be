/* Expectations: each kind when it holds, when it does not, and negated. */
#include <stdlib.h>

#include "base/memory.h"
#include "harness/check/guarantee.h"
#include "harness/lang/words.h"
#include "suites.h"
#include "world.h"

#define WORLD                                                                                     \
    "topic rev partitions 1\nstore db sqlite\nwriter w1 to rev { enable.idempotence = false }\n" \
    "client c1 from rev group g into db\n"                                                         \
    "fault lost-ack at produce from w1 key \"k1\" : drop-response then reset\n" \
    "run {\n start w1\n}\n"
#define GOOD                                                                                      \
    "check {\n"                                                                                    \
    " fired lost-ack = 1\n"                                                                        \
    " guarantee at-least-once of w1 is pass\n"                                                     \
    " guarantee no-duplicate of w1 is fail because duplicate\n"                                    \
    " anomaly duplicate on rev/0 key \"k1\" count = 1\n"                                           \
    " anomaly duplicate\n"                                                                         \
    " no anomaly phantom\n"                                                                        \
    " log rev/0 is {\n  0: \"k1\" = \"v1\"\n  1: \"k1\" = \"v1\"\n  2: \"k2\" = tombstone\n }\n" \
    " log rev/0 has {\n  2: \"k2\" = tombstone\n }\n"                                              \
    " outcome w1 \"k1\" is ok\n"                                                                   \
    " store db has \"k1\" = \"v1\"\n"                                                              \
    " store db lacks \"k2\"\n"                                                                     \
    " store db matches rev\n"                                                                      \
    " store db count = 1\n"                                                                        \
    " committed g rev/0 = 3\n"                                                                     \
    " exit w1 is 0\n"                                                                              \
    " exit c1 is signal KILL\n"                                                                    \
    "}\n"

static void fill(struct world *w) {
    world_start(w, "w1");
    world_start(w, "c1");
    world_intent(w, "w1", 1, "rev", "k1", "v1");
    world_append(w, "w1", 1, "rev", 0, 1, "k1", "v1");
    world_fault(w, "lost-ack", 0);
    world_fault(w, "lost-ack", 1);
    world_append(w, "w1", 1, "rev", 1, 1, "k1", "v1");
    world_outcome(w, "w1", 1, "ok");
    world_write(w, "w1", 2, "rev", 2, "k2", NULL);
    world_view(w, "db", 5, "rev", 0, "k1", "v1");
    world_view(w, "db", 5, "rev", 1, "k1", "v1");
    world_view(w, "db", 5, "rev", 2, "k2", NULL);
    world_committed(w, "c1", "g", "rev", 3, 5);
    world_rest(w, "c1", true);
    world_exit(w, "w1", 0);
    struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_ACTOR_EXIT);
    e.actor = "c1";
    e.text = "KILL";
    world_event(w, e);
    world_row(w, "db", "rev", "k1", "v1");
    world_read(w, "db");
}

static unsigned of_subject(enum trial_subject_kind kind) {
    return kind == TRIAL_SUBJECT_WRITER    ? TRIAL_OF_WRITER
           : kind == TRIAL_SUBJECT_CLIENT  ? TRIAL_OF_CLIENT
           : kind == TRIAL_SUBJECT_JOURNAL ? TRIAL_OF_JOURNAL
                                           : TRIAL_OF_TOPIC;
}

static bool t_lists(const char *const *list, const char *word) {
    for (; *list; list++) {
        if (strcmp(*list, word) == 0) {
            return true;
        }
    }
    return false;
}

static struct trial_check *check_of(struct trial_scenario *s) {
    for (size_t i = 0; i < s->item_count; i++) {
        if (s->items[i].kind == TRIAL_ITEM_CHECK) {
            return &s->items[i].u.check;
        }
    }
    return NULL;
}

static void what_is_so_holds_and_its_negation_does_not(void) {
    struct world w;
    if (world_open(&w, WORLD GOOD)) {
        fill(&w);
        world_judge(&w);
        T_EQUAL_STR(w.report->reason ? w.report->reason : "", "");
        T_EQUAL_INT(w.report->verdict, TRIAL_PASS);
        struct trial_check *check = check_of(w.bound);
        T_EQUAL_INT(check->expect_count, 16);
        for (size_t i = 0; i < check->expect_count; i++) {
            check->expects[i].negated = !check->expects[i].negated;
            world_judge(&w);
            if (!T_EQUAL_INT(w.report->verdict, TRIAL_FAIL)) {
                T_EQUAL_STR(w.report->expectations[i].text, "fails");
            }
            check->expects[i].negated = !check->expects[i].negated;
        }
    }
    world_close(&w);
}

static void what_is_not_so_fails_with_its_reason(void) {
    static const struct {
        const char *check;
        enum trial_verdict verdict;
        const char *reason;
    } cases[] = {
        {"fired lost-ack = 2", TRIAL_FAIL, "expected = 2, was 1"},
        {"guarantee no-duplicate of w1 is fail because lost", TRIAL_FAIL,
         "expected fail because lost, was fail because duplicate"},
        {"guarantee no-duplicate of w1 is pass", TRIAL_FAIL,
         "expected pass, was fail because duplicate"},
        {"guarantee honest-failure of w1 is pass", TRIAL_ERROR, "vacuous"},
        {"guarantee pairing of w1 is pass", TRIAL_ERROR, "does not apply"},
        {"anomaly duplicate count = 2", TRIAL_FAIL, "expected = 2, was 1"},
        {"anomaly duplicate key \"k2\"", TRIAL_FAIL, "there is none"},
        {"anomaly duplicate on rev/1", TRIAL_FAIL, "there is none"},
        {"no anomaly duplicate", TRIAL_FAIL, "expected not"},
        {"log rev/0 is {\n 0: \"k1\" = \"v1\"\n 1: \"k1\" = \"v1\"\n }", TRIAL_FAIL,
         "offset 2 holds \"k2\" = null too"},
        {"log rev/0 has {\n 0: \"k1\" = \"v2\"\n }", TRIAL_FAIL, "offset 0 holds \"k1\" = \"v1\""},
        {"log rev/0 has {\n 3: \"k1\" = \"v2\"\n }", TRIAL_FAIL, "no record at offset 3"},
        {"outcome w1 \"k1\" is failed", TRIAL_FAIL, "intent 1 is ok"},
        {"outcome w1 \"k3\" is ok", TRIAL_ERROR, "never told"},
        {"store db has \"k1\" = \"v2\"", TRIAL_FAIL, "it has \"k1\" = \"v1\""},
        {"store db has \"k9\" = \"v2\"", TRIAL_FAIL, "no such key"},
        {"store db lacks \"k1\"", TRIAL_FAIL, "it has"},
        {"store db count = 2", TRIAL_FAIL, "expected = 2, was 1"},
        {"committed g rev/0 > 3", TRIAL_FAIL, "expected > 3, was 3"},
        {"committed c1 rev/0 = 3", TRIAL_PASS, NULL},
        {"exit w1 is 1", TRIAL_FAIL, "status 0"},
        {"exit w1 is signal KILL", TRIAL_FAIL, "not ended by signal"},
        {"exit c1 is 0", TRIAL_FAIL, "signal KILL"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct world w;
        struct base_builder text;
        base_builder_init(&text, 1 << 16);
        base_put_format(&text, "%scheck {\n %s\n}\n", WORLD, cases[i].check);
        base_put_u8(&text, 0);
        if (world_open(&w, (const char *)text.data)) {
            fill(&w);
            world_judge(&w);
            const struct trial_expectation *e = &w.report->expectations[0];
            if (!T_EQUAL_INT(e->verdict, cases[i].verdict) ||
                (cases[i].reason && !T_TRUE(e->reason && strstr(e->reason, cases[i].reason)))) {
                T_EQUAL_STR(e->reason ? e->reason : "", cases[i].check);
            }
        }
        base_builder_clean_up(&text);
        world_close(&w);
    }
}

/* One run cannot tell: neither pass nor fail of it is right or wrong here. */
static void a_check_of_view_safe_is_left_to_the_explorer(void) {
    static const char *const checks[] = {
        "guarantee view-safe of c1 is pass",
        "guarantee view-safe of c1 is fail because view-divergence",
    };
    for (size_t i = 0; i < 2; i++) {
        struct world w;
        struct base_builder text;
        base_builder_init(&text, 1 << 16);
        base_put_format(&text, "%sexplore views over c1\ncheck {\n fired lost-ack = 1\n guarantee "
                               "no-duplicate of w1 is fail because duplicate\n %s\n}\n",
                        WORLD, checks[i]);
        base_put_u8(&text, 0);
        if (world_open(&w, (const char *)text.data)) {
            fill(&w);
            world_judge(&w);
            T_EQUAL_INT(w.report->verdict, TRIAL_PASS);
            T_EQUAL_STR(world_finding(&w, "view-safe", "c1"), "not exercised");
            T_EQUAL_INT(w.report->expectations[2].verdict, TRIAL_NOT_EXERCISED);
            T_EQUAL_STR(w.report->expectations[2].reason, "left to ktrial explore");
        }
        base_builder_clean_up(&text);
        world_close(&w);
    }
}

/* The words of the language and the judges know the same guarantees, and the same reasons. */
static void judges_and_words_agree(void) {
    size_t count;
    const struct trial_word *words = trial_words(TRIAL_WORD_UNKNOWN_REASON, &count);
    for (size_t i = 0; i < count; i++) {
        t_check(t_lists(trial_unknown_reasons, words[i].word), __LINE__, __FILE__,
                "no judge says %s", words[i].word);
    }
    const struct trial_word *rows = trial_words(TRIAL_WORD_GUARANTEE, &count);
    for (size_t i = 0; trial_unknown_reasons[i]; i++) {
        const char *why = trial_unknown_reasons[i];
        bool known = trial_word_find(TRIAL_WORD_UNKNOWN_REASON, why) != NULL;
        for (size_t k = 0; k < count && !known; k++) {
            known = trial_list_has(rows[k].unknowns, ' ', why);
        }
        t_check(known, __LINE__, __FILE__, "%s is no word", why);
    }
    for (size_t i = 0; i < trial_guarantee_count; i++) {
        const struct trial_guarantee *g = &trial_guarantees[i];
        const struct trial_word *row = NULL;
        for (size_t k = 0; k < count; k++) {
            row = strcmp(rows[k].word, g->name) == 0 && (rows[k].of & of_subject(g->of)) ? &rows[k]
                                                                                         : row;
        }
        if (!t_check(row != NULL, __LINE__, __FILE__, "%s is no word", g->name)) {
            continue;
        }
        size_t reasons = 0;
        for (; g->reasons[reasons]; reasons++) {
            t_check(trial_list_has(row->fails, ' ', g->reasons[reasons]), __LINE__, __FILE__,
                    "%s of %s is no word", g->reasons[reasons], g->name);
        }
        size_t listed = 1;
        for (const char *at = row->fails; *at; at++) {
            listed += *at == ' ';
        }
        t_check(listed == reasons || strchr(row->fails, '*'), __LINE__, __FILE__,
                "%s has %zu reasons, the words have %zu", g->name, reasons, listed);
    }
}

static void an_unexpected_failure_fails_the_instance(void) {
    struct world w;
    if (world_open(&w, WORLD "check {\n fired lost-ack = 1\n}\n")) {
        fill(&w);
        world_judge(&w);
        T_EQUAL_INT(w.report->verdict, TRIAL_FAIL);
        T_EQUAL_STR(w.report->reason, "no-duplicate of w1 is fail because duplicate");
    }
    world_close(&w);
}

static void a_fault_that_never_fired_is_an_error(void) {
    for (size_t removed = 1; removed <= 2; removed++) {
        struct world w;
        if (world_open(&w, WORLD)) {
            fill(&w);
            trial_history_remove(w.history, world_find(&w, TRIAL_FACT_FAULT, 1));
            if (removed == 2) {
                trial_history_remove(w.history, world_find(&w, TRIAL_FACT_FAULT, 0));
            }
            world_judge(&w);
            T_EQUAL_INT(w.report->verdict, TRIAL_ERROR);
            T_TRUE(strstr(w.report->reason, removed == 2 ? "never fired" : "never done") != NULL);
        }
        world_close(&w);
    }
}

static void an_actor_that_never_came_ready_is_an_error(void) {
    for (int killed = 0; killed < 2; killed++) {
        struct world w;
        if (world_open(&w, "topic rev\nwriter w1 to rev\n")) {
            struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_ACTOR_START);
            e.actor = "w1";
            world_event(&w, e);
            e.fact = TRIAL_FACT_ACTOR_EXIT;
            e.offset = killed ? -1 : 1;
            e.text = killed ? "KILL" : NULL;
            world_event(&w, e);
            world_judge(&w);
            T_EQUAL_INT(w.report->verdict, killed ? TRIAL_PASS : TRIAL_ERROR);
        }
        world_close(&w);
    }
}

static void a_store_that_was_not_read_leaves_its_checks_unknown(void) {
    struct world w;
    if (world_open(&w, WORLD GOOD)) {
        fill(&w);
        trial_history_remove(w.history, world_find(&w, TRIAL_FACT_STORE_READ, 0));
        world_judge(&w);
        T_EQUAL_INT(w.report->expectations[9].verdict, TRIAL_UNKNOWN);
        T_EQUAL_INT(w.report->verdict, TRIAL_UNKNOWN);
    }
    world_close(&w);
}

static void one_line_is_judged_on_its_own(void) {
    struct world w;
    if (world_open(&w, WORLD GOOD)) {
        fill(&w);
        struct trial_check *check = check_of(w.bound);
        struct trial_report *report = NULL;
        T_EQUAL_INT(trial_judge_expect(w.bound, &check->expects[6], w.history, &report, &w.err), 0);
        T_EQUAL_INT(report->verdict, TRIAL_PASS);
        T_EQUAL_INT(report->expectation_count, 1);
        trial_report_free(report);
        trial_history_remove(w.history, world_find(&w, TRIAL_FACT_APPEND, 0));
        T_EQUAL_INT(trial_judge_expect(w.bound, &check->expects[6], w.history, &report, &w.err), 0);
        T_EQUAL_INT(report->verdict, TRIAL_FAIL);
        trial_report_free(report);
    }
    world_close(&w);
}

/* Whichever allocation fails: an error, or the same report; and nothing is left behind. */
static void failing_memory_never_changes_a_verdict(void) {
    struct world w;
    uint64_t stride = getenv("T_VALGRIND") ? 37 : 1;
    if (world_open(&w, WORLD GOOD)) {
        fill(&w);
        int64_t before = base_memory_live_count();
        int rc = -1;
        for (uint64_t n = 0; rc != 0 && n < 5000; n += stride) {
            struct trial_report *report = NULL;
            base_memory_fail_after(n, 0);
            rc = trial_judge(w.bound, w.history, &report, &w.err);
            base_memory_fail_never();
            if (!T_TRUE(rc == 0 || rc == BASE_NO_MEMORY) ||
                (rc == 0 && !T_EQUAL_INT(report->verdict, TRIAL_PASS))) {
                T_EQUAL_STR(rc ? w.err.text : report->reason, "");
                rc = 0;
            }
            if (report) {
                trial_report_free(report);
            }
            if (!T_EQUAL_INT(base_memory_live_count(), before)) {
                break;
            }
        }
        T_EQUAL_INT(rc, 0);
    }
    world_close(&w);
}

CU_SuiteInfo *suite_check_expect(void) {
    static CU_TestInfo tests[] = {
        {"what_is_so_holds_and_its_negation_does_not", what_is_so_holds_and_its_negation_does_not},
        {"what_is_not_so_fails_with_its_reason", what_is_not_so_fails_with_its_reason},
        {"a_check_of_view_safe_is_left_to_the_explorer",
         a_check_of_view_safe_is_left_to_the_explorer},
        {"judges_and_words_agree", judges_and_words_agree},
        {"an_unexpected_failure_fails_the_instance", an_unexpected_failure_fails_the_instance},
        {"a_fault_that_never_fired_is_an_error", a_fault_that_never_fired_is_an_error},
        {"an_actor_that_never_came_ready_is_an_error", an_actor_that_never_came_ready_is_an_error},
        {"a_store_that_was_not_read_leaves_its_checks_unknown",
         a_store_that_was_not_read_leaves_its_checks_unknown},
        {"one_line_is_judged_on_its_own", one_line_is_judged_on_its_own},
        {"failing_memory_never_changes_a_verdict", failing_memory_never_changes_a_verdict},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"check/expect", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
