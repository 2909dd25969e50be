/* A report for machines: one JSON object. Its fields are listed in README.md. */
#include <jansson.h>

#include "base/limits.h"
#include "base/text.h"
#include "harness/lang/lang.h"
#include "harness/report/report.h"

#define MAX_KEY_TEXT_BYTES (4u * BASE_MIB)

/* Text that may hold bytes which are not UTF-8 is quoted as in scenarios. */
static json_t *text_json(const char *text) {
    if (!text) {
        return json_null();
    }
    json_t *plain = json_string(text);
    if (plain) {
        return plain;
    }
    struct base_builder quoted;
    base_builder_init(&quoted, MAX_KEY_TEXT_BYTES);
    base_put_quoted(&quoted, base_slice_str(text));
    struct base_slice bytes = base_builder_slice(&quoted);
    json_t *value = base_builder_ok(&quoted)
                        ? json_stringn((const char *)bytes.data, bytes.len) : NULL;
    base_builder_clean_up(&quoted);
    return value;
}

static json_t *key_json(struct base_slice key) {
    if (!key.data) {
        return json_null();
    }
    struct base_builder quoted;
    base_builder_init(&quoted, MAX_KEY_TEXT_BYTES);
    base_put_quoted(&quoted, key);
    struct base_slice bytes = base_builder_slice(&quoted);
    json_t *value = base_builder_ok(&quoted)
                        ? json_stringn((const char *)bytes.data, bytes.len) : NULL;
    base_builder_clean_up(&quoted);
    return value;
}

static json_t *finding_json(const struct trial_finding *f) {
    json_t *evidence = json_array();
    for (size_t i = 0; evidence && i < f->evidence_count; i++) {
        if (json_array_append_new(evidence, text_json(f->evidence[i]))) {
            json_decref(evidence);
            evidence = NULL;
        }
    }
    return json_pack("{s:s, s:o, s:s, s:o, s:o, s:o, s:b, s:b}", "guarantee", f->guarantee, "of",
                     text_json(f->of), "verdict",
                     f->verdict == TRIAL_NOT_EXERCISED ? "not-exercised"
                                                       : trial_verdict_to_str(f->verdict),
                     "because", text_json(f->because), "counters", text_json(f->counters),
                     "evidence", evidence, "expected", f->expected, "asked", f->asked);
}

static json_t *anomaly_json(const struct trial_anomaly *a) {
    return json_pack("{s:s, s:o, s:i, s:o, s:o, s:I, s:o}", "name", a->name, "topic",
                     text_json(a->topic), "partition", (int)a->partition, "key", key_json(a->key),
                     "actor", text_json(a->actor), "count", (json_int_t)a->count, "evidence",
                     text_json(a->evidence));
}

static json_t *check_json(const struct trial_expectation *e) {
    return json_pack("{s:I, s:I, s:o, s:s, s:o}", "line", (json_int_t)e->pos.line, "column",
                     (json_int_t)e->pos.column, "text", text_json(e->text), "verdict",
                     trial_verdict_to_str(e->verdict), "reason", text_json(e->reason));
}

static json_t *findings_json(const struct trial_report *report) {
    json_t *list = json_array();
    for (size_t i = 0; i < report->finding_count; i++) {
        if (json_array_append_new(list, finding_json(&report->findings[i]))) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *anomalies_json(const struct trial_report *report) {
    json_t *list = json_array();
    for (size_t i = 0; i < report->anomaly_count; i++) {
        if (json_array_append_new(list, anomaly_json(&report->anomalies[i]))) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *checks_json(const struct trial_report *report) {
    json_t *list = json_array();
    for (size_t i = 0; i < report->expectation_count; i++) {
        if (json_array_append_new(list, check_json(&report->expectations[i]))) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static int put(const char *bytes, size_t len, void *arg) {
    struct base_builder *json = arg;
    base_put_bytes(json, bytes, len);
    return base_builder_ok(json) ? 0 : -1;
}

int trial_report_json(const struct trial_report *report, const struct trial_scenario *bound,
                      const char *instance, struct base_builder *ret_json,
                      struct base_error *err) {
    json_t *root = json_pack(
        "{s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:I, s:I}", "scenario",
        text_json(bound->path ? bound->path : "-"), "name", text_json(bound->name), "instance",
        text_json(instance ? instance : ""), "verdict", trial_verdict_to_str(report->verdict),
        "reason", text_json(report->reason), "findings", findings_json(report), "anomalies",
        anomalies_json(report), "checks", checks_json(report), "policy_exposure",
        (json_int_t)report->policy_exposure_count, "unsearchable",
        (json_int_t)report->unsearchable_count);
    int failed = !root || json_dump_callback(root, put, ret_json, JSON_COMPACT);
    json_decref(root);
    return failed ? base_fail(err, BASE_NO_MEMORY, "no memory for the report as JSON") : 0;
}
