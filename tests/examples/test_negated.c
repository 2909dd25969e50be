/* Negating any one expectation of an example makes its instance fail. */
#include <stdio.h>

#include "suites.h"
#include "trials.h"

/* Flips one expectation of the bound tree, judges the kept history, and flips it back. */
static void expect_fail(const struct t_trial *trial, struct trial_expect *expect) {
    expect->negated = !expect->negated;
    struct trial_report *report = t_judge(trial, trial->history);
    expect->negated = !expect->negated;
    t_check(report && report->verdict == TRIAL_FAIL, __LINE__, __FILE__,
            "%s %s with line %u negated is %s: %s", trial->name, trial->title, expect->pos.line,
            report ? trial_verdict_to_str(report->verdict) : "not judged",
            report && report->reason ? report->reason : "");
    trial_report_free(report);
}

static size_t negate_all(const struct t_trial *trial) {
    size_t count = 0;
    for (size_t i = 0; i < trial->bound->item_count; i++) {
        struct trial_item *item = &trial->bound->items[i];
        for (size_t k = 0; item->kind == TRIAL_ITEM_CHECK && k < item->u.check.expect_count; k++) {
            expect_fail(trial, &item->u.check.expects[k]);
            count++;
        }
    }
    return count;
}

static void any_negated_expectation_fails_the_instance(void) {
    const struct t_trial *trials = t_trials();
    size_t count = 0;
    for (size_t i = 0; i < T_TRIAL_COUNT; i++) {
        if (trials[i].report) {
            size_t own = negate_all(&trials[i]);
            t_check(own > 0, __LINE__, __FILE__, "%s %s has no expectation", trials[i].name,
                    trials[i].title);
            count += own;
        }
    }
    T_TRUE(count >= 28);
}

static int release(void) {
    t_trials_release();
    return 0;
}

CU_SuiteInfo *suite_examples_negated(void) {
    static CU_TestInfo tests[] = {
        {"any_negated_expectation_fails_the_instance", any_negated_expectation_fails_the_instance},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"examples/negated", NULL, release, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
