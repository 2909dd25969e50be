/* A report for people: see report.h. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "harness/lang/lang.h"
#include "harness/report/report.h"

const char *trial_report_headline(enum trial_verdict verdict) {
    switch (verdict) {
    case TRIAL_PASS:
        return "PASS   ";
    case TRIAL_FAIL:
        return "FAIL   ";
    case TRIAL_UNKNOWN:
        return "UNKNOWN";
    case TRIAL_SKIP:
        return "SKIP   ";
    default:
        return "ERROR  ";
    }
}

static bool is_surprise(const struct trial_finding *f) {
    return !f->expected && (f->verdict == TRIAL_FAIL || f->verdict == TRIAL_UNKNOWN);
}

static void put_finding(const struct trial_finding *f, int verbosity, struct base_builder *text) {
    bool is_vacuous = f->verdict == TRIAL_NOT_EXERCISED;
    bool shown = is_surprise(f) || f->asked || verbosity >= TRIAL_VERBOSE ||
                 (verbosity >= TRIAL_NORMAL && !is_vacuous);
    if (!shown || (verbosity < TRIAL_NORMAL && !is_surprise(f))) {
        return;
    }
    base_put_format(text, "  %s of %s: %s", f->guarantee, f->of,
                    is_vacuous ? "not exercised" : trial_verdict_to_str(f->verdict));
    if (f->because) {
        base_put_format(text, " because %s", f->because);
    }
    if (f->expected && f->verdict != TRIAL_PASS) {
        base_put_str(text, " (as expected)");
    } else if (is_surprise(f)) {
        base_put_str(text, f->asked ? " (not what the check says)" : " (unexpected)");
    }
    if (f->counters && f->counters[0]) {
        base_put_format(text, "  %s", f->counters);
    }
    base_put_str(text, "\n");
    bool quotes =
        f->verdict == TRIAL_FAIL || f->verdict == TRIAL_UNKNOWN || verbosity >= TRIAL_VERBOSE;
    for (size_t i = 0; quotes && i < f->evidence_count; i++) {
        base_put_format(text, "      %s\n", f->evidence[i]);
    }
}

/* The first line of a check's text; a block's lines would only hide the reason. */
static void put_check(const struct trial_expectation *e, const char *path,
                      struct base_builder *text) {
    size_t len = strcspn(e->text, "\n");
    base_put_format(text, "  %s:%" PRIu32 ": ", path, e->pos.line);
    base_put_bytes(text, e->text, len);
    base_put_format(text, "%s: %s", e->text[len] ? " …" : "", trial_verdict_to_str(e->verdict));
    base_put_format(text, "%s%s\n", e->reason ? ": " : "", e->reason ? e->reason : "");
}

static void put_anomaly(const struct trial_anomaly *a, struct base_builder *text) {
    base_put_format(text, "  anomaly %s", a->name);
    if (a->topic) {
        base_put_format(text, " on %s/%" PRId32, a->topic, a->partition);
    }
    if (a->key.data) {
        base_put_str(text, " key ");
        base_put_quoted(text, a->key);
    }
    base_put_format(text, " count %" PRIu64 "\n", a->count);
}

void trial_report_text(const struct trial_report *report, const struct trial_scenario *bound,
                       const char *instance, int verbosity, struct base_builder *ret_text) {
    const char *path = bound->path ? bound->path : "-";
    base_put_format(ret_text, "%s  %s", trial_report_headline(report->verdict), path);
    if (instance && instance[0]) {
        base_put_format(ret_text, "  %s", instance);
    }
    if (report->reason) {
        base_put_format(ret_text, "  %s", report->reason);
    }
    base_put_str(ret_text, "\n");
    for (size_t i = 0; i < report->finding_count; i++) {
        put_finding(&report->findings[i], verbosity, ret_text);
    }
    for (size_t i = 0; i < report->expectation_count; i++) {
        const struct trial_expectation *e = &report->expectations[i];
        if (e->verdict != TRIAL_PASS || verbosity >= TRIAL_VERBOSE) {
            put_check(e, path, ret_text);
        }
    }
    for (size_t i = 0; verbosity >= TRIAL_VERBOSE && i < report->anomaly_count; i++) {
        put_anomaly(&report->anomalies[i], ret_text);
    }
    bool told = report->policy_exposure_count || report->unsearchable_count;
    if (told && verbosity >= TRIAL_NORMAL) {
        base_put_format(ret_text, "  policy-exposure %" PRIu64 ", unsearchable %" PRIu64 "\n",
                        report->policy_exposure_count, report->unsearchable_count);
    }
}
