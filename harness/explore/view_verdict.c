/* Judging one served view: see view_verdict.h. */
#include "harness/explore/view_verdict.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "harness/check/judge.h"
#include "harness/lang/files.h"

/* Diverging keys that are told one by one. */
#define MAX_KEYS 5
#define MAX_EVIDENCE 4
/* How much of what a client said on standard error is quoted. */
#define QUOTED_BYTES 400
#define KEY_BYTES (64u * BASE_KIB)
/* How long a line of evidence may be: an object's bytes say little to people. */
#define EVIDENCE_BYTES 240

static const struct trial_finding *find_convergence(const struct trial_report *report,
                                                    const struct trial_actor *client) {
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct trial_finding *finding = &report->findings[i];
        if (strcmp(finding->guarantee, "convergence") == 0 &&
            strcmp(finding->of, client->name.text) == 0) {
            return finding;
        }
    }
    return NULL;
}

static int put_part(const char *part, size_t len, void *arg) {
    base_put_bytes(arg, part, len);
    return 0;
}

static void add_json(json_t *list, struct base_builder *ret_json) {
    (void)json_dump_callback(list, put_part, ret_json, JSON_COMPACT);
    json_decref(list);
}

/* -- another store -- */

static bool is_of_store(const struct trial_anomaly *anomaly) {
    return strcmp(anomaly->name, "missing") == 0 || strcmp(anomaly->name, "missed-delete") == 0 ||
           strcmp(anomaly->name, "effect-without-source") == 0;
}

static const char *say_anomaly(const char *name) {
    return strcmp(name, "missing") == 0         ? "the store lacks its last value"
           : strcmp(name, "missed-delete") == 0 ? "the store holds what the log deleted"
                                                : "the store holds what no record says";
}

static void put_line(const char *line, struct base_builder *text) {
    size_t len = strlen(line);
    size_t cut = len > EVIDENCE_BYTES ? EVIDENCE_BYTES : len;
    while (cut < len && cut > 0 && ((unsigned char)line[cut] & 0xc0) == 0x80) {
        cut--; /* not within a character */
    }
    base_put_format(text, "      %.*s%s\n", (int)cut, line, cut < len ? "…" : "");
}

static void tell_keys(const struct trial_report *report, const struct trial_finding *finding,
                      struct base_builder *text, json_t *list) {
    size_t told = 0;
    for (size_t i = 0; i < report->anomaly_count; i++) {
        const struct trial_anomaly *anomaly = &report->anomalies[i];
        if (!is_of_store(anomaly)) {
            continue;
        }
        struct base_builder key;
        base_builder_init(&key, KEY_BYTES);
        base_put_quoted(&key, anomaly->key);
        if (told++ < MAX_KEYS) {
            base_put_format(text, "    key %.*s of %s: %s (%s)\n", (int)key.len,
                            (const char *)key.data, anomaly->topic ? anomaly->topic : "no topic",
                            say_anomaly(anomaly->name), anomaly->name);
        }
        (void)json_array_append_new(
            list, json_pack("{s:o, s:s?, s:i, s:s}", "key",
                            json_stringn((const char *)key.data, key.len), "topic", anomaly->topic,
                            "partition", (int)anomaly->partition, "because", anomaly->name));
        base_builder_clean_up(&key);
    }
    if (told > MAX_KEYS) {
        base_put_format(text, "    and %zu more keys\n", told - MAX_KEYS);
    }
    for (size_t i = 0; i < finding->evidence_count && i < MAX_EVIDENCE; i++) {
        put_line(finding->evidence[i], text);
    }
}

/* -- no rest -- */

static struct base_slice end_of(struct base_slice all) {
    while (all.len > 0 && all.data[all.len - 1] == '\n') {
        all.len--;
    }
    size_t from = all.len > QUOTED_BYTES ? all.len - QUOTED_BYTES : 0;
    return base_slice_of(all.data ? all.data + from : (const uint8_t *)"", all.len - from);
}

/* What became of the client, in the order in which it happened. */
static void tell_unrest(const struct trial_history *history, struct base_builder *text,
                        json_t *list) {
    struct base_builder line;
    base_builder_init(&line, KEY_BYTES);
    for (size_t i = 0; i < trial_history_count(history); i++) {
        const struct trial_event *event = trial_history_at(history, i);
        base_builder_reset(&line);
        if (event->fact == TRIAL_FACT_ACTOR_EXIT && event->text) {
            base_put_format(&line, "%s was ended by SIG%s", event->actor, event->text);
        } else if (event->fact == TRIAL_FACT_ACTOR_EXIT) {
            base_put_format(&line, "%s exited with status %lld", event->actor,
                            (long long)event->offset);
        } else if (event->fact == TRIAL_FACT_OUTPUT && strcmp(event->text, "stderr") == 0) {
            struct base_slice words = end_of(event->value);
            base_put_format(&line, "%s said: %.*s", event->actor, (int)words.len,
                            (const char *)words.data);
        } else if (event->fact == TRIAL_FACT_QUIESCENT && !event->flag) {
            base_put_format(&line, "%s did not come to rest: %s", event->actor,
                            event->text ? event->text : "");
        } else if (event->fact == TRIAL_FACT_BUDGET) {
            base_put_format(&line, "the budget was spent: %s", event->text ? event->text : "");
        }
        if (line.len > 0 && base_builder_ok(&line)) {
            base_put_format(text, "    %.*s\n", (int)line.len, (const char *)line.data);
            json_t *words = json_stringn((const char *)line.data, line.len);
            (void)json_array_append_new(list, json_pack("{s:o?}", "because", words));
        }
    }
    base_builder_clean_up(&line);
}

int trial_view_judge(const struct trial_scenario *bound, const struct trial_actor *client,
                     const struct trial_history *history, enum trial_view_verdict *ret_verdict,
                     struct base_builder *ret_text, struct base_builder *ret_json,
                     struct base_error *err) {
    struct trial_report *report = NULL;
    int rc = trial_judge(bound, history, &report, err);
    if (rc != 0) {
        return rc;
    }
    const struct trial_finding *finding = find_convergence(report, client);
    json_t *list = json_array();
    if (!finding) {
        rc = base_fail(err, BASE_USAGE, "%s has no store that can be read", client->name.text);
    } else if (finding->verdict == TRIAL_FAIL) {
        *ret_verdict = TRIAL_VIEW_DIVERGES;
        tell_keys(report, finding, ret_text, list);
    } else if (finding->verdict == TRIAL_UNKNOWN &&
               strcmp(finding->because, "store-unreadable") == 0) {
        *ret_verdict = TRIAL_VIEW_UNKNOWN;
        base_put_format(ret_text, "    the store cannot be read\n");
    } else if (finding->verdict == TRIAL_UNKNOWN) {
        *ret_verdict = TRIAL_VIEW_DIVERGES;
        tell_unrest(history, ret_text, list);
    } else {
        *ret_verdict = TRIAL_VIEW_SAME;
    }
    add_json(list, ret_json);
    trial_report_free(report);
    return rc;
}

/* -- what is kept -- */

static int keep_output(const char *directory, const struct trial_event *event,
                       struct base_error *err) {
    char path[PATH_MAX];
    if (snprintf(path, sizeof(path), "%s/%s.%u.%s", directory, event->actor, event->incarnation,
                 event->text) >= (int)sizeof(path)) {
        return base_fail(err, BASE_USAGE, "'%s' is too long", directory);
    }
    return trial_write_file(path, event->value, err);
}

int trial_view_keep(const char *directory, const char *scenario_path, size_t instance,
                    const struct trial_history *history, struct base_error *err) {
    char path[PATH_MAX];
    if (snprintf(path, sizeof(path), "%s/history.jsonl", directory) >= (int)sizeof(path)) {
        return base_fail(err, BASE_USAGE, "'%s' is too long", directory);
    }
    FILE *file = fopen(path, "we");
    if (!file) {
        return base_fail(err, BASE_IO, "cannot write '%s': %s", path, strerror(errno));
    }
    int rc = trial_history_save(history, scenario_path, instance, file, err);
    int closed = trial_close_file(file, path, err);
    rc = rc ? rc : closed;
    for (size_t i = 0; rc == 0 && i < trial_history_count(history); i++) {
        const struct trial_event *event = trial_history_at(history, i);
        if (event->fact == TRIAL_FACT_OUTPUT) {
            rc = keep_output(directory, event, err);
        }
    }
    return rc;
}
