/*
 * The judges: from a bound scenario and a history to verdicts, each with its evidence. Pure: the
 * same input gives the same report; nothing is asked of the broker, an actor or a clock.
 */
#pragma once
#include "base/arena.h"
#include "base/builder.h"
#include "base/error.h"
#include "harness/check/history.h"
#include "harness/lang/tree.h"

/* One guarantee of one actor, topic or journal. */
struct trial_finding {
    const char *guarantee; /* "at-least-once" */
    const char *of;        /* "w1" */
    enum trial_verdict verdict;
    const char *because;   /* "duplicate"; NULL for pass; the reason of unknown */
    const char *counters;  /* "intents 2, acks 2, appends 3" */
    const char **evidence; /* lines for people, the decisive events first; at most 12 */
    size_t evidence_count;
    bool expected;         /* a check names it and it came out as the check says */
    bool asked;            /* a check names it */
};

/* An anomaly is data: recorded always, a failure only where a guarantee forbids it. */
struct trial_anomaly {
    const char *name; /* "duplicate", "redelivery", … */
    const char *topic; /* real name; NULL if none */
    int32_t partition;
    struct base_slice key;
    const char *actor; /* NULL if none */
    uint64_t count;    /* surplus events */
    const char *evidence;
};

/* One line of a check. */
struct trial_expectation {
    struct trial_pos pos;
    const char *text;      /* as printed */
    enum trial_verdict verdict; /* PASS: holds; FAIL; ERROR (vacuous; a name that never was);
                                 * NOT_EXERCISED: passed over, ktrial explore answers it */
    const char *reason;    /* "expected fail because duplicate, was pass"; NULL when it holds */
};

struct trial_report {
    struct base_arena arena;
    enum trial_verdict verdict; /* of the instance: error > fail > unknown > pass */
    const char *reason;         /* one sentence why, unless pass */
    struct trial_finding *findings;
    size_t finding_count;
    struct trial_anomaly *anomalies;
    size_t anomaly_count;
    struct trial_expectation *expectations;
    size_t expectation_count;
    /* counts shown with the report */
    uint64_t policy_exposure_count;
    uint64_t unsearchable_count;
    /* records, events and comparisons that judging looked at: it grows linearly with the history */
    uint64_t step_count;
};

/* Judges. The report is owned by the caller. */
int trial_judge(const struct trial_scenario *bound, const struct trial_history *history,
                struct trial_report **ret_report, struct base_error *err);
/* Judges one expectation of a fragment (ktrial serve) against the history so far. */
int trial_judge_expect(const struct trial_scenario *context, const struct trial_expect *expect,
                       const struct trial_history *history, struct trial_report **ret_report,
                       struct base_error *err);
void trial_report_free(struct trial_report *report);
