/* The examples pass, and judging is a function of the history: twice, and after save and load. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "harness/report/report.h"
#include "suites.h"
#include "trials.h"

/* A report as text and JSON, all that it says. */
static char *report_words(const struct t_trial *trial, const struct trial_report *report) {
    struct base_builder words;
    struct base_error err = BASE_ERROR_INIT;
    base_builder_init(&words, 64 * BASE_MIB);
    trial_report_text(report, trial->bound, trial->title, TRIAL_VERBOSE, &words);
    int rc = trial_report_json(report, trial->bound, trial->title, &words, &err);
    t_check(rc == 0, __LINE__, __FILE__, "%s: %s", trial->name, err.text);
    base_put_u8(&words, 0);
    T_TRUE(base_builder_ok(&words) && words.len > 100);
    size_t len = 0;
    return (char *)base_builder_take(&words, &len);
}

static void every_instance_passes(void) {
    const struct t_trial *trials = t_trials();
    for (size_t i = 0; i < T_TRIAL_COUNT; i++) {
        const struct trial_report *report = trials[i].report;
        t_check(report && report->verdict == TRIAL_PASS, __LINE__, __FILE__, "%s %s is %s: %s",
                trials[i].name, trials[i].title,
                report ? trial_verdict_to_str(report->verdict) : "not held",
                report && report->reason ? report->reason : "");
    }
}

static void expect_same(const struct t_trial *trial, const struct trial_history *history,
                        const char *what) {
    struct trial_report *report = t_judge(trial, history);
    if (!report) {
        return;
    }
    char *first = report_words(trial, trial->report);
    char *second = report_words(trial, report);
    size_t at = 0;
    while (first && second && first[at] && first[at] == second[at]) {
        at++;
    }
    t_check(first && second && first[at] == second[at], __LINE__, __FILE__,
            "%s %s, %s: the reports differ at \"%.60s\" and \"%.60s\"", trial->name, trial->title,
            what, first ? first + at : "", second ? second + at : "");
    base_free(first);
    base_free(second);
    trial_report_free(report);
}

static void judging_twice_gives_the_same_report(void) {
    const struct t_trial *trials = t_trials();
    for (size_t i = 0; i < T_TRIAL_COUNT; i++) {
        if (trials[i].report) {
            expect_same(&trials[i], trials[i].history, "judged again");
        }
    }
}

static void a_saved_and_loaded_history_gives_the_same_report(void) {
    const struct t_trial *trials = t_trials();
    for (size_t i = 0; i < T_TRIAL_COUNT; i++) {
        struct trial_history *loaded = NULL;
        struct base_error err = BASE_ERROR_INIT;
        char *path = NULL;
        size_t instance = 99;
        FILE *file = tmpfile();
        if (!trials[i].report || !T_TRUE(file != NULL)) {
            continue;
        }
        int rc = trial_history_save(trials[i].history, "an/example.scn", trials[i].instance, file,
                                    &err);
        rewind(file);
        rc = rc ? rc : trial_history_load(file, &loaded, &path, &instance, &err);
        if (t_check(rc == 0, __LINE__, __FILE__, "%s: %s", trials[i].name, err.text)) {
            T_EQUAL_STR(path, "an/example.scn");
            T_EQUAL_INT(instance, trials[i].instance);
            T_EQUAL_INT(trial_history_count(loaded), trial_history_count(trials[i].history));
            expect_same(&trials[i], loaded, "saved and loaded");
        }
        base_free(path);
        trial_history_free(loaded);
        (void)fclose(file);
    }
}

/* Nothing that judging says comes from the run: an empty history proves nothing. */
static void without_a_history_no_example_passes(void) {
    const struct t_trial *trials = t_trials();
    for (size_t i = 0; i < T_TRIAL_COUNT; i++) {
        struct trial_history *empty = NULL;
        struct base_error err = BASE_ERROR_INIT;
        if (trials[i].bound && T_EQUAL_INT(trial_history_new(&empty, &err), 0)) {
            T_TRUE(t_verdict(&trials[i], empty) != TRIAL_PASS);
            trial_history_free(empty);
        }
    }
}

CU_SuiteInfo *suite_examples_stable(void) {
    static CU_TestInfo tests[] = {
        {"every_instance_passes", every_instance_passes},
        {"judging_twice_gives_the_same_report", judging_twice_gives_the_same_report},
        {"a_saved_and_loaded_history_gives_the_same_report",
         a_saved_and_loaded_history_gives_the_same_report},
        {"without_a_history_no_example_passes", without_a_history_no_example_passes},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"examples/stable", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
