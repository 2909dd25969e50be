/* The reports of an exploration: see explore_report.h. */
#include "harness/explore/explore_report.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "harness/report/report.h"

#define CLEAR_LINE "\r\033[K"
#define LINE_BYTES (64u * BASE_KIB)
/* Diverging views that are told to people, of each class. */
#define MAX_TOLD 3

static double seconds_of(uint64_t ns) {
    return (double)ns / 1e9;
}

static double rate_of(size_t count, uint64_t ns) {
    return ns > 0 ? (double)count / seconds_of(ns) : 0;
}

/* -- progress -- */

void trial_explore_progress_open(struct trial_explore_progress *progress, FILE *out) {
    const char *term = getenv("TERM");
    *progress = (struct trial_explore_progress){
        .out = out,
        .is_terminal = isatty(fileno(out)) && !(term && strcmp(term, "dumb") == 0),
        .began_ns = base_clock_monotonic_ns(),
    };
}

void trial_explore_progressed(void *arg, const struct trial_exploration *x) {
    struct trial_explore_progress *progress = arg;
    if (!progress->is_terminal) {
        return;
    }
    uint64_t elapsed_ns = base_clock_monotonic_ns() - progress->began_ns;
    fprintf(progress->out, CLEAR_LINE "%zu of %zu views, %.0f a second", x->done, x->views.count,
            rate_of(x->done, elapsed_ns));
    if (x->diverging > 0) {
        fprintf(progress->out, ", %zu diverge", x->diverging);
    }
    (void)fflush(progress->out);
}

void trial_explore_progress_clear(struct trial_explore_progress *progress) {
    if (progress->is_terminal) {
        fputs(CLEAR_LINE, progress->out);
        (void)fflush(progress->out);
    }
}

/* -- for people -- */

static void put_log(const struct trial_exploration *x, FILE *out) {
    const char *between = "  the log: ";
    for (size_t p = 0; p < x->capture.part_count; p++) {
        const struct trial_captured_part *part = &x->capture.parts[p];
        fprintf(out, "%s%s/%d %u records in %u batches%s", between, part->topic,
                (int)part->partition, part->record_count, part->batch_count,
                part->varies ? "" : " (not compacted: as written)");
        between = ", ";
    }
    fputc('\n', out);
    if (x->capture.varying_count > 1) {
        fputs("  one partition is compacted at a time, then all at the same relative cut\n", out);
    }
}

static void put_counts(const struct trial_exploration *x, FILE *out) {
    const struct trial_views *views = &x->views;
    fprintf(out, "  %zu views, %zu distinct", views->enumerated, views->distinct);
    if (views->at_batches) {
        fprintf(out, ", cut at %sbatch boundaries only (more than %u records)",
                views->thinned ? "some of the " : "", TRIAL_MAX_CUT_RECORDS);
    }
    if (views->count < views->distinct) {
        fprintf(out, ", a sample of %zu of them", views->count);
    }
    fprintf(out, "; served %zu in %.1f s: %.0f views a second, %zu at once\n", x->done,
            seconds_of(x->elapsed_ns), rate_of(x->done, x->elapsed_ns), x->words->run.at_once);
}

static void put_view(const struct trial_exploration *x, const struct trial_told_view *told,
                     FILE *out) {
    struct base_builder line;
    base_builder_init(&line, LINE_BYTES);
    base_put_str(&line, "  view ");
    trial_view_name(&x->capture, &told->view, &line);
    base_put_str(&line, "  ");
    trial_view_describe(&x->capture, &told->view, &line);
    fprintf(out, "%.*s\n%s    again: ktrial explore %s", (int)line.len, (const char *)line.data,
            told->text ? told->text : "", x->job->file->path);
    base_builder_reset(&line);
    trial_view_name(&x->capture, &told->view, &line);
    for (size_t i = 0; i < x->words->run.instance_count; i++) {
        fprintf(out, " --instance %s", x->words->run.instances[i]);
    }
    fprintf(out, " --view %.*s\n", (int)line.len, (const char *)line.data);
    base_builder_clean_up(&line);
}

static void put_views(const struct trial_exploration *x, bool hazards, FILE *out) {
    size_t told = 0;
    for (size_t i = 0; i < x->told_count && told < MAX_TOLD; i++) {
        if (trial_view_is_hazard(&x->told[i].view) == hazards) {
            put_view(x, &x->told[i], out);
            told++;
        }
    }
}

static void put_headline(const struct trial_exploration *x, FILE *out) {
    bool differs = x->check && !x->is_as_expected;
    fprintf(out, "%s  %s%s%s  view-safe of %s",
            trial_report_headline(trial_exit_to_verdict(trial_exploration_exit(x))),
            x->job->file->path, x->job->title[0] ? "  " : "", x->job->title, x->client->name.text);
    if (x->check) {
        fprintf(out, " is %s", trial_verdict_to_str(trial_exit_to_verdict(x->exit)));
    }
    fprintf(out, "%s%s\n", x->exit == TRIAL_EXIT_FAIL ? " because view-divergence" : "",
            x->check && !differs ? " (as expected)" : "");
    if (differs) {
        fprintf(out, "  %s:%u: the check says%s %s%s%s\n", x->job->file->path, x->check->pos.line,
                x->check->negated ? " not" : "", trial_atom_str(&x->check->verdict),
                x->check->because.text ? " because " : "",
                x->check->because.text ? x->check->because.text : "");
    }
}

void trial_explore_report_text(const struct trial_exploration *x, FILE *out) {
    put_headline(x, out);
    if (x->reason) {
        fprintf(out, "  %s\n", x->reason);
        return;
    }
    if (x->run_note) {
        fprintf(out, "  the run that wrote the log did not pass: %s\n", x->run_note);
    }
    put_log(x, out);
    put_counts(x, out);
    size_t legal = x->views.count - x->views.hazards;
    fprintf(out, "  %zu of %zu legal views diverge\n", x->diverging, legal);
    put_views(x, false, out);
    if (x->views.hazards > 0) {
        fprintf(out,
                "  delete.retention hazard (legal only if the scan takes longer than "
                "delete.retention.ms): %zu of %zu views diverge; no failure\n",
                x->hazards_diverging, x->views.hazards);
        put_views(x, true, out);
    }
    if (x->unknown > 0) {
        fprintf(out, "  %zu views have no verdict\n", x->unknown);
    }
    if (x->broken > 0) {
        fprintf(out, "  %zu views could not be held: %s\n", x->broken,
                x->broken_reason ? x->broken_reason : "");
    }
}

/* -- for programs -- */

static json_t *view_json(const struct trial_exploration *x, const struct trial_told_view *told) {
    struct base_builder name;
    struct base_builder line;
    base_builder_init(&name, LINE_BYTES);
    base_builder_init(&line, LINE_BYTES);
    trial_view_name(&x->capture, &told->view, &name);
    trial_view_describe(&x->capture, &told->view, &line);
    json_t *differences = json_loads(told->json && told->json[0] ? told->json : "[]", 0, NULL);
    json_t *json = json_pack(
        "{s:o, s:s, s:s, s:o, s:o}", "view", json_stringn((const char *)name.data, name.len),
        "class", trial_view_is_hazard(&told->view) ? "delete-retention-hazard" : "legal", "verdict",
        told->verdict == TRIAL_VIEW_DIVERGES ? "diverges" : "unknown", "served",
        json_stringn((const char *)line.data, line.len), "differences",
        differences ? differences : json_array());
    base_builder_clean_up(&name);
    base_builder_clean_up(&line);
    return json;
}

static json_t *log_json(const struct trial_exploration *x) {
    json_t *parts = json_array();
    for (size_t p = 0; x->is_captured && p < x->capture.part_count; p++) {
        const struct trial_captured_part *part = &x->capture.parts[p];
        (void)json_array_append_new(
            parts, json_pack("{s:s, s:i, s:i, s:i, s:b}", "topic", part->topic, "partition",
                             (int)part->partition, "records", (int)part->record_count, "batches",
                             (int)part->batch_count, "compacted", part->varies));
    }
    return parts;
}

void trial_explore_report_json(const struct trial_exploration *x, FILE *out) {
    json_t *told = json_array();
    for (size_t i = 0; i < x->told_count; i++) {
        (void)json_array_append_new(told, view_json(x, &x->told[i]));
    }
    const struct trial_views *views = &x->views;
    json_t *counts =
        json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s}", "enumerated",
                  (json_int_t)views->enumerated, "distinct", (json_int_t)views->distinct, "served",
                  (json_int_t)x->done, "hazards", (json_int_t)views->hazards, "diverging",
                  (json_int_t)x->diverging, "hazards_diverging", (json_int_t)x->hazards_diverging,
                  "unknown", (json_int_t)x->unknown, "broken", (json_int_t)x->broken, "cuts",
                  views->at_batches ? "batches" : "records");
    const char *reason = x->reason ? x->reason : x->broken_reason;
    json_t *json = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s?, s:s?, s:o, s:o, s:f, s:f, s:i, s:o}", "scenario",
        x->job->file->path, "instance", x->job->title, "client", x->client->name.text, "guarantee",
        "view-safe", "verdict", trial_verdict_to_str(trial_exit_to_verdict(x->exit)), "because",
        x->exit == TRIAL_EXIT_FAIL ? "view-divergence" : NULL, "reason", reason, "log", log_json(x),
        "views", counts, "seconds", seconds_of(x->elapsed_ns), "views_a_second",
        rate_of(x->done, x->elapsed_ns), "at_once", (int)x->words->run.at_once, "told", told);
    if (x->check) {
        (void)json_object_set_new(json, "as_expected", json_boolean(x->is_as_expected));
    }
    (void)json_dumpf(json, out, JSON_COMPACT);
    json_decref(json);
}
