/*
 * The trial's last part: every guarantee that applies is judged, then every expectation, then the
 * instance. See judge.h.
 */
#include "harness/check/judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "harness/check/guarantee.h"
#include "harness/lang/lang.h"

#define MAX_REPORT_BYTES ((size_t)1024 * BASE_MIB)
#define MAX_COUNTER_BYTES (4u * BASE_KIB)

/* -- findings -- */

static int add_finding(struct trial_court *court, const struct trial_finding *finding) {
    struct trial_report *report = court->report;
    int rc = base_grow((void **)&report->findings, &court->finding_cap, report->finding_count + 1,
                       sizeof(*report->findings));
    if (rc == 0) {
        report->findings[report->finding_count++] = *finding;
    }
    return rc;
}

static int judge_one(struct trial_court *court, const struct trial_guarantee *g,
                     struct trial_case *c, const char *of, struct base_error *err) {
    c->court = court;
    c->ix = court->ix;
    c->kind = g->of;
    c->exercised = false;
    c->finding = (struct trial_finding){.guarantee = g->name, .of = of, .verdict = TRIAL_PASS};
    if (g->applies && !g->applies(c)) {
        return 0;
    }
    base_builder_init(&c->counters, MAX_COUNTER_BYTES);
    int rc = g->judge(c, err);
    base_put_u8(&c->counters, 0);
    if (rc == 0 && !c->exercised && c->finding.verdict != TRIAL_FAIL) {
        c->finding.verdict = TRIAL_NOT_EXERCISED;
        c->finding.because = NULL;
    }
    if (rc == 0 && !base_builder_ok(&c->counters)) {
        rc = base_fail(err, c->counters.failed, "counters of %s", g->name);
    }
    if (rc == 0) {
        c->finding.counters =
            base_arena_strdup(&court->report->arena, (const char *)c->counters.data);
    }
    if (rc == 0) {
        rc = court->report->arena.failed ? court->report->arena.failed
                                         : add_finding(court, &c->finding);
        if (rc) {
            base_fail(err, rc, "finding of %s: %s", g->name, base_code_to_str(rc));
        }
    }
    base_builder_clean_up(&c->counters);
    return rc;
}

static int judge_actor(struct trial_court *court, uint32_t number, struct base_error *err) {
    const struct trial_index_actor *actor = &court->ix->actors[number];
    enum trial_subject_kind kind =
        actor->role == TRIAL_WRITER ? TRIAL_SUBJECT_WRITER : TRIAL_SUBJECT_CLIENT;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < trial_guarantee_count; i++) {
        if (trial_guarantees[i].of == kind &&
            (kind == TRIAL_SUBJECT_WRITER || actor->group != TRIAL_NONE)) {
            struct trial_case c = {.actor = number};
            rc = judge_one(court, &trial_guarantees[i], &c, actor->name, err);
        }
    }
    return rc;
}

static int judge_journal(struct trial_court *court, const struct trial_journal *journal,
                         struct base_error *err) {
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < trial_guarantee_count; i++) {
        if (trial_guarantees[i].of == TRIAL_SUBJECT_JOURNAL) {
            struct trial_case c = {.actor = TRIAL_NONE, .journal = journal};
            rc = judge_one(court, &trial_guarantees[i], &c, journal->name.text, err);
        }
    }
    return rc;
}

/* Plain topics: those of a journal are judged with it. */
static int judge_topic(struct trial_court *court, uint32_t number, struct base_error *err) {
    const struct trial_index_topic *topic = &court->ix->topics[number];
    const char *of = topic->real ? topic->real->topic->name.text : topic->name;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < trial_guarantee_count; i++) {
        if (trial_guarantees[i].of == TRIAL_SUBJECT_TOPIC) {
            struct trial_case c = {.actor = TRIAL_NONE, .topic = number};
            rc = judge_one(court, &trial_guarantees[i], &c, of, err);
        }
    }
    return rc;
}

static int judge_guarantees(struct trial_court *court, struct base_error *err) {
    int rc = trial_anomalies_note(court, err);
    for (uint32_t i = 0; rc == 0 && i < court->ix->actor_names.count; i++) {
        rc = judge_actor(court, i, err);
    }
    for (size_t i = 0; rc == 0 && i < court->ix->scenario->item_count; i++) {
        const struct trial_item *item = &court->ix->scenario->items[i];
        if (item->kind == TRIAL_ITEM_JOURNAL) {
            rc = judge_journal(court, &item->u.journal, err);
        }
    }
    for (uint32_t i = 0; rc == 0 && i < court->ix->topic_names.count; i++) {
        const struct trial_real_topic *real = court->ix->topics[i].real;
        rc = real && !real->topic ? 0 : judge_topic(court, i, err);
    }
    return rc;
}

struct trial_finding *trial_court_find(const struct trial_court *court, const char *guarantee,
                                       const char *of) {
    for (size_t i = 0; i < court->report->finding_count; i++) {
        struct trial_finding *finding = &court->report->findings[i];
        if (strcmp(finding->guarantee, guarantee) == 0 && strcmp(finding->of, of) == 0) {
            return finding;
        }
    }
    return NULL;
}

/* -- the instance -- */

static int rank(enum trial_verdict verdict) {
    switch (verdict) {
    case TRIAL_ERROR:
        return 3;
    case TRIAL_FAIL:
        return 2;
    case TRIAL_UNKNOWN:
        return 1;
    default:
        return 0;
    }
}

static void merge(struct trial_report *report, enum trial_verdict verdict, const char *format, ...)
    BASE_PRINTF(3, 4);
static void merge(struct trial_report *report, enum trial_verdict verdict, const char *format,
                  ...) {
    if (rank(verdict) <= rank(report->verdict)) {
        return;
    }
    char text[1024];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    report->verdict = verdict;
    report->reason = base_arena_strdup(&report->arena, text);
}

/* A fault that never fired says that the scenario did not test what it claims to. */
static void merge_faults(struct trial_court *court) {
    struct trial_index *ix = court->ix;
    size_t count = trial_history_count(ix->history);
    for (size_t i = 0; i < ix->scenario->item_count; i++) {
        const struct trial_item *item = &ix->scenario->items[i];
        if (item->kind != TRIAL_ITEM_FAULT || item->u.fault.optional) {
            continue;
        }
        bool matched = false;
        bool done = false;
        for (size_t k = 0; k < count && !done; k++) {
            const struct trial_event *event = trial_history_at(ix->history, k);
            if (event->fact == TRIAL_FACT_FAULT && event->text &&
                strcmp(event->text, item->u.fault.name.text) == 0) {
                matched = true;
                done = event->offset == 1;
            }
        }
        if (!done) {
            merge(court->report, TRIAL_ERROR, "fault '%s' %s", item->u.fault.name.text,
                  matched ? "matched, but its actions were never done" : "never fired");
        }
    }
}

/* An actor that never came up; killed by the scenario before it could is another thing. */
static void merge_actors(struct trial_court *court) {
    struct trial_index *ix = court->ix;
    size_t count = trial_history_count(ix->history);
    for (size_t a = 0; a < ix->actor_names.count; a++) {
        bool waits = false;
        for (size_t i = 0; ix->actors[a].started && i < count; i++) {
            const struct trial_event *event = trial_history_at(ix->history, i);
            if (!event->actor || strcmp(event->actor, ix->actors[a].name) != 0) {
                continue;
            }
            if (event->fact == TRIAL_FACT_ACTOR_START) {
                waits = true;
            } else if (event->fact == TRIAL_FACT_ACTOR_READY) {
                waits = false;
            } else if (event->fact == TRIAL_FACT_ACTOR_EXIT) {
                bool killed = event->offset < 0 && event->text &&
                              strcmp(event->text, "KILL") == 0;
                if (waits && killed) {
                    waits = false;
                }
            }
        }
        if (waits) {
            merge(court->report, TRIAL_ERROR, "actor %s never came ready", ix->actors[a].name);
        }
    }
}

static bool budget_is_expected(const struct trial_court *court) {
    for (size_t i = 0; i < court->report->finding_count; i++) {
        const struct trial_finding *f = &court->report->findings[i];
        if (f->expected && f->because && strcmp(f->because, "budget") == 0) {
            return true;
        }
    }
    return false;
}

static void merge_findings(struct trial_court *court) {
    struct trial_report *report = court->report;
    for (size_t i = 0; i < report->expectation_count; i++) {
        const struct trial_expectation *e = &report->expectations[i];
        if (e->verdict != TRIAL_PASS) {
            merge(report, e->verdict, "%s: %s", e->text, e->reason ? e->reason : "");
        }
    }
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct trial_finding *f = &report->findings[i];
        if (!f->expected && (f->verdict == TRIAL_FAIL || f->verdict == TRIAL_UNKNOWN)) {
            merge(report, f->verdict, "%s of %s is %s because %s", f->guarantee, f->of,
                  f->verdict == TRIAL_FAIL ? "fail" : "unknown", f->because);
        }
    }
    if (court->ix->budget_event != TRIAL_NONE && !budget_is_expected(court)) {
        const char *what = trial_index_event(court->ix, court->ix->budget_event)->text;
        merge(report, TRIAL_UNKNOWN, "the budget was spent, waiting for %s",
              what ? what : "an end");
    }
}

/* -- the two entries -- */

static int open_court(const struct trial_scenario *bound, const struct trial_history *history,
                      struct trial_court *court, struct base_error *err) {
    memset(court, 0, sizeof(*court));
    court->report = base_alloc_zero(sizeof(*court->report));
    if (!court->report) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a report");
    }
    base_arena_init(&court->report->arena, MAX_REPORT_BYTES);
    court->report->verdict = TRIAL_PASS;
    trial_table_init(&court->anomaly_numbers);
    return trial_index_build(bound, history, &court->ix, err);
}

/* Anomalies borrow keys from the history and from inflated batches: the report keeps copies. */
static int own_anomalies(struct trial_report *report) {
    for (size_t i = 0; i < report->anomaly_count; i++) {
        struct trial_anomaly *a = &report->anomalies[i];
        a->key = base_arena_slice(&report->arena, a->key);
        a->topic = a->topic ? base_arena_strdup(&report->arena, a->topic) : NULL;
        a->actor = a->actor ? base_arena_strdup(&report->arena, a->actor) : NULL;
    }
    return report->arena.failed;
}

static int own_findings(struct trial_report *report) {
    for (size_t i = 0; i < report->finding_count; i++) {
        report->findings[i].of = base_arena_strdup(&report->arena, report->findings[i].of);
    }
    return report->arena.failed;
}

static int close_court(struct trial_court *court, int rc, struct trial_report **ret_report,
                       struct base_error *err) {
    if (rc == 0) {
        rc = own_anomalies(court->report);
        rc = rc ? rc : own_findings(court->report);
        if (rc) {
            base_fail(err, rc, "report: %s", base_code_to_str(rc));
        }
    }
    if (rc == 0) {
        court->report->step_count = court->ix->step_count;
        if (court->secrets) {
            court->report->policy_exposure_count = court->secrets->policy_exposure_count;
            court->report->unsearchable_count = court->secrets->unsearchable_count;
        }
        *ret_report = court->report;
    } else {
        trial_report_free(court->report);
    }
    trial_secrets_free(court->secrets);
    trial_table_clean_up(&court->anomaly_numbers);
    trial_index_free(court->ix);
    return rc;
}

int trial_judge(const struct trial_scenario *bound, const struct trial_history *history,
                struct trial_report **ret_report, struct base_error *err) {
    struct trial_court court;
    int rc = open_court(bound, history, &court, err);
    rc = rc ? rc : judge_guarantees(&court, err);
    for (size_t i = 0; rc == 0 && i < bound->item_count; i++) {
        const struct trial_item *item = &bound->items[i];
        for (size_t k = 0; rc == 0 && item->kind == TRIAL_ITEM_CHECK &&
                           k < item->u.check.expect_count; k++) {
            rc = trial_expect_judge(&court, bound, &item->u.check.expects[k], err);
        }
    }
    if (rc == 0) {
        merge_actors(&court);
        merge_faults(&court);
        merge_findings(&court);
    }
    return close_court(&court, rc, ret_report, err);
}

int trial_judge_expect(const struct trial_scenario *context, const struct trial_expect *expect,
                       const struct trial_history *history, struct trial_report **ret_report,
                       struct base_error *err) {
    struct trial_court court;
    int rc = open_court(context, history, &court, err);
    rc = rc ? rc : judge_guarantees(&court, err);
    rc = rc ? rc : trial_expect_judge(&court, context, expect, err);
    if (rc == 0) {
        const struct trial_expectation *e = &court.report->expectations[0];
        if (e->verdict != TRIAL_PASS) {
            merge(court.report, e->verdict, "%s: %s", e->text, e->reason ? e->reason : "");
        }
    }
    return close_court(&court, rc, ret_report, err);
}

void trial_report_free(struct trial_report *report) {
    if (!report) {
        return;
    }
    base_free(report->findings);
    base_free(report->anomalies);
    base_free(report->expectations);
    base_arena_clean_up(&report->arena);
    base_free(report);
}
