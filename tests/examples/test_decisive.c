/*
 * The judges use evidence: taking any one decisive event out of the history of an example changes
 * its verdict. The table says which events are decisive, and why those that are not are not.
 */
#include <stdio.h>
#include <string.h>

#include "harness/report/report.h"
#include "suites.h"
#include "trials.h"

enum effect {
    CHANGES_VERDICT, /* the instance passes no longer */
    IS_NOTED,        /* the instance still passes, with another count or more evidence */
    MEANS_NOTHING    /* the instance still passes */
};

typedef bool (*which_fn)(const struct trial_history *history, const struct trial_event *event);

struct row {
    const char *name;
    size_t instance;
    enum trial_fact fact;
    which_fn which; /* NULL: every event of the kind that no earlier row has */
    enum effect effect;
    size_t at_least; /* so many events must have been tried */
    const char *reason;
};

/* -- which -- */

static bool is_done(const struct trial_history *history, const struct trial_event *event) {
    return event->offset == 1;
}

static bool is_first_intent(const struct trial_history *history, const struct trial_event *event) {
    return event->intent == 1;
}

static bool is_client(const struct trial_history *history, const struct trial_event *event) {
    return event->actor && strcmp(event->actor, "c1") == 0;
}

static bool is_dead_letter(const struct trial_history *history, const struct trial_event *event) {
    return strcmp(event->topic, "dlq") == 0;
}

/* A view of the record that the client reported as skipped. */
static bool is_of_skipped(const struct trial_history *history, const struct trial_event *event) {
    for (size_t i = 0; i < trial_history_count(history); i++) {
        const struct trial_event *other = trial_history_at(history, i);
        if (other->fact == TRIAL_FACT_SKIPPED && other->offset == event->offset &&
            other->partition == event->partition && strcmp(other->topic, event->topic) == 0) {
            return true;
        }
    }
    return false;
}

/* -- the table -- */

#define ALL_WRITERS(name, instance)                                                               \
    {name, instance, TRIAL_FACT_FAULT, is_done, CHANGES_VERDICT, 1,                              \
     "a fault that did not fire is an error of the scenario"},                                    \
    {name, instance, TRIAL_FACT_ACTOR_READY, NULL, CHANGES_VERDICT, 1,                            \
     "an actor that never came up is an error"}

static const struct row rows[] = {
    ALL_WRITERS("lost-ack", 0),
    {"lost-ack", 0, TRIAL_FACT_APPEND, NULL, CHANGES_VERDICT, 3,
     "without either copy of k1 there is no duplicate; without k2 an acknowledged record is lost"},
    {"lost-ack", 0, TRIAL_FACT_OUTCOME, NULL, CHANGES_VERDICT, 2, "an intent without an outcome"},

    ALL_WRITERS("lost-ack", 1),
    {"lost-ack", 1, TRIAL_FACT_APPEND, NULL, CHANGES_VERDICT, 2, "acknowledged, in no log"},
    {"lost-ack", 1, TRIAL_FACT_OUTCOME, NULL, CHANGES_VERDICT, 2, "an intent without an outcome"},

    ALL_WRITERS("inversion", 0),
    {"inversion", 0, TRIAL_FACT_APPEND, NULL, CHANGES_VERDICT, 6,
     "acknowledged, in no log; without the late v1 nothing is inverted either"},
    {"inversion", 0, TRIAL_FACT_OUTCOME, NULL, CHANGES_VERDICT, 6, "an intent without an outcome"},

    ALL_WRITERS("inversion", 1),
    {"inversion", 1, TRIAL_FACT_APPEND, NULL, CHANGES_VERDICT, 6, "acknowledged, in no log"},
    {"inversion", 1, TRIAL_FACT_OUTCOME, NULL, CHANGES_VERDICT, 6, "an intent without an outcome"},

    ALL_WRITERS("ghost-ack", 0),
    {"ghost-ack", 0, TRIAL_FACT_OUTCOME, is_first_intent, CHANGES_VERDICT, 1,
     "that k1 was reported as delivered is the failure which is expected"},
    {"ghost-ack", 0, TRIAL_FACT_OUTCOME, NULL, IS_NOTED, 4,
     "at-least-once fails for k1 as expected; the intent without an outcome is evidence besides"},
    {"ghost-ack", 0, TRIAL_FACT_APPEND, NULL, IS_NOTED, 4,
     "k1 was never appended; another record that is in no log is one more of the same anomaly"},

    ALL_WRITERS("ghost-ack", 1),
    {"ghost-ack", 1, TRIAL_FACT_APPEND, NULL, CHANGES_VERDICT, 5, "acknowledged, in no log"},
    {"ghost-ack", 1, TRIAL_FACT_OUTCOME, NULL, CHANGES_VERDICT, 5, "an intent without an outcome"},

    {"crash-between", 0, TRIAL_FACT_FAULT, is_done, CHANGES_VERDICT, 1, "as above"},
    {"crash-between", 0, TRIAL_FACT_APPEND, NULL, CHANGES_VERDICT, 4,
     "acknowledged, in no log; and rows of the store have no source"},
    {"crash-between", 0, TRIAL_FACT_OUTCOME, NULL, CHANGES_VERDICT, 40,
     "an intent without an outcome"},
    {"crash-between", 0, TRIAL_FACT_STORE_VIEW, NULL, CHANGES_VERDICT, 40,
     "without a look at the store a commit may have been ahead: unknown, where pass is expected"},
    {"crash-between", 0, TRIAL_FACT_STORE_ROW, NULL, CHANGES_VERDICT, 40,
     "a record without its effect"},
    {"crash-between", 0, TRIAL_FACT_STORE_READ, NULL, CHANGES_VERDICT, 1,
     "a store that was not read whole proves nothing by what it lacks"},
    {"crash-between", 0, TRIAL_FACT_QUIESCENT, is_client, CHANGES_VERDICT, 1,
     "a client that was not at rest may yet have done what is missing"},
    {"crash-between", 0, TRIAL_FACT_PROCESSED, NULL, MEANS_NOTHING, 40,
     "a claim, where the store can be read"},

    {"real-authors", 0, TRIAL_FACT_FAULT, is_done, CHANGES_VERDICT, 3,
     "the fault is expected to have fired three times"},
    {"real-authors", 0, TRIAL_FACT_APPEND, is_dead_letter, CHANGES_VERDICT, 1,
     "a skip whose dead letter is nowhere is a record that was lost"},
    {"real-authors", 0, TRIAL_FACT_APPEND, NULL, CHANGES_VERDICT, 6,
     "acknowledged, in no log; of a revision or release also half a pair"},
    {"real-authors", 0, TRIAL_FACT_OUTCOME, NULL, CHANGES_VERDICT, 47,
     "an intent without an outcome"},
    {"real-authors", 0, TRIAL_FACT_STORE_VIEW, is_of_skipped, MEANS_NOTHING, 1,
     "a record that was skipped needs no effect"},
    {"real-authors", 0, TRIAL_FACT_STORE_VIEW, NULL, CHANGES_VERDICT, 46,
     "whether a commit was ahead is then unknown"},
    {"real-authors", 0, TRIAL_FACT_STORE_ROW, NULL, CHANGES_VERDICT, 46,
     "a record without its effect"},
    {"real-authors", 0, TRIAL_FACT_STORE_READ, NULL, CHANGES_VERDICT, 1, "as above"},
    {"real-authors", 0, TRIAL_FACT_SKIPPED, NULL, CHANGES_VERDICT, 1,
     "a record that has neither effect nor a reported skip"},
    {"real-authors", 0, TRIAL_FACT_QUIESCENT, is_client, CHANGES_VERDICT, 1, "as above"},
};
#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

/* -- trying -- */

static bool is_of_row(const struct row *row, const struct trial_history *history,
                      const struct trial_event *event) {
    return row->fact == event->fact && (!row->which || row->which(history, event));
}

/* The first row of the trial that has the event decides. */
static const struct row *row_of(const struct t_trial *trial, const struct trial_event *event) {
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (strcmp(rows[i].name, trial->name) == 0 && rows[i].instance == trial->instance &&
            is_of_row(&rows[i], trial->history, event)) {
            return &rows[i];
        }
    }
    return NULL;
}

/* Whether two reports name the same anomalies equally often, and quote the same. */
static bool is_same_finding(const struct trial_report *a, const struct trial_report *b) {
    uint64_t anomalies = 0;
    size_t evidence = 0;
    for (size_t i = 0; i < a->anomaly_count; i++) {
        anomalies += a->anomalies[i].count;
    }
    for (size_t i = 0; i < b->anomaly_count; i++) {
        anomalies -= b->anomalies[i].count;
    }
    for (size_t i = 0; i < a->finding_count; i++) {
        evidence += a->findings[i].evidence_count;
    }
    for (size_t i = 0; i < b->finding_count; i++) {
        evidence -= b->findings[i].evidence_count;
    }
    return anomalies == 0 && evidence == 0;
}

static void try_without(const struct t_trial *trial, size_t place, const struct row *row) {
    const struct trial_event *event = trial_history_at(trial->history, place);
    struct trial_history *history = t_history_without(trial->history, place);
    struct trial_report *report = history ? t_judge(trial, history) : NULL;
    if (report) {
        bool passes = report->verdict == TRIAL_PASS;
        bool is_right = passes == (row->effect != CHANGES_VERDICT) &&
                        (row->effect != IS_NOTED || !is_same_finding(trial->report, report));
        t_check(is_right, __LINE__, __FILE__, "%s %s without event %zu (%s): %s %s (%s)",
                trial->name, trial->title, place, trial_fact_to_str(event->fact),
                trial_verdict_to_str(report->verdict), report->reason ? report->reason : "",
                row->reason);
    }
    trial_report_free(report);
    trial_history_free(history);
}

static void any_decisive_event_decides(void) {
    const struct t_trial *trials = t_trials();
    size_t tried[ROW_COUNT] = {0};
    for (size_t t = 0; t < T_TRIAL_COUNT; t++) {
        for (size_t i = 0; trials[t].report && i < trial_history_count(trials[t].history); i++) {
            const struct row *row = row_of(&trials[t], trial_history_at(trials[t].history, i));
            if (row) {
                tried[row - rows]++;
                try_without(&trials[t], i, row);
            }
        }
    }
    for (size_t i = 0; i < ROW_COUNT; i++) {
        t_check(tried[i] >= rows[i].at_least, __LINE__, __FILE__,
                "%s, instance %zu: %zu events of kind %s, expected at least %zu (%s)",
                rows[i].name, rows[i].instance, tried[i], trial_fact_to_str(rows[i].fact),
                rows[i].at_least, rows[i].reason);
    }
}

/* -- the positive control -- */

static bool is_privileged_append(const struct trial_event *event) {
    return event->fact == TRIAL_FACT_APPEND && strstr(event->topic, "_privileged") != NULL;
}

static const struct trial_finding *find(const struct trial_report *report, const char *guarantee,
                                        const char *of) {
    for (size_t i = 0; i < report->finding_count; i++) {
        if (strcmp(report->findings[i].guarantee, guarantee) == 0 &&
            strcmp(report->findings[i].of, of) == 0) {
            return &report->findings[i];
        }
    }
    return NULL;
}

/* Secrets that were found nowhere are not kept: nothing was shown. */
static void without_its_privileged_hits_anonymization_is_vacuous(void) {
    const struct t_trial *trial = &t_trials()[T_TRIAL_COUNT - 1];
    T_EQUAL_STR(trial->name, "real-authors");
    struct trial_history *history =
        trial->report ? t_history_without(trial->history, SIZE_MAX) : NULL;
    size_t removed = 0;
    for (size_t i = history ? trial_history_count(history) : 0; i-- > 0;) {
        if (is_privileged_append(trial_history_at(history, i))) {
            trial_history_remove(history, i);
            removed++;
        }
    }
    T_TRUE(removed >= 2);
    struct trial_report *report = history ? t_judge(trial, history) : NULL;
    if (report) {
        const struct trial_finding *before = find(trial->report, "anonymization", "swh");
        const struct trial_finding *after = find(report, "anonymization", "swh");
        T_TRUE(before && before->verdict == TRIAL_PASS);
        T_TRUE(after && after->verdict == TRIAL_NOT_EXERCISED);
        T_EQUAL_INT(report->verdict, TRIAL_ERROR);
    }
    trial_report_free(report);
    trial_history_free(history);
}

CU_SuiteInfo *suite_examples_decisive(void) {
    static CU_TestInfo tests[] = {
        {"any_decisive_event_decides", any_decisive_event_decides},
        {"without_its_privileged_hits_anonymization_is_vacuous",
         without_its_privileged_hits_anonymization_is_vacuous},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"examples/decisive", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
