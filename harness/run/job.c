/* One job: see job.h. */
#include "harness/run/job.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/memory.h"
#include "harness/lang/files.h"
#include "harness/report/report.h"
#include "harness/run/runner.h"

#define MAX_TEXT_BYTES (64u * BASE_MIB)

/* What a job makes, and keeps until its process ends: the result points into it. */
struct job {
    const struct trial_job_options *options;
    const struct trial_suite_job *suite_job;
    char directory[PATH_MAX];
    struct base_builder text;
    struct base_builder json;
    struct base_builder signature;
    struct base_builder reason;
};

/* -- the folder -- */

void trial_job_file_name(const char *text, char *room, size_t room_bytes) {
    size_t n = 0;
    for (; *text && n + 1 < room_bytes; text++) {
        bool fits = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') ||
                    (*text >= '0' && *text <= '9') || strchr("._=-", *text);
        room[n++] = (char)(fits ? *text : '_');
    }
    room[n] = '\0';
}

/* KEEP/<scenario>[.<instance>][.<round>], made afresh. */
static int make_kept_folder(struct job *job, struct base_error *err) {
    const struct trial_suite_job *suite_job = job->suite_job;
    const char *slash = strrchr(suite_job->file->path, '/');
    char name[NAME_MAX - 32];
    char title[NAME_MAX];
    char round[32] = "";
    (void)snprintf(title, sizeof(title), "%s%s%s", slash ? slash + 1 : suite_job->file->path,
                   suite_job->title[0] ? "." : "", suite_job->title);
    trial_job_file_name(title, name, sizeof(name));
    if (job->options->words->times > 1) {
        (void)snprintf(round, sizeof(round), ".%zu", suite_job->round + 1);
    }
    const char *keep = job->options->words->keep;
    char whole[PATH_MAX];
    (void)mkdir(keep, 0777);
    /* Actors have another working directory. */
    if (!realpath(keep, whole) || snprintf(job->directory, sizeof(job->directory), "%s/%s%s", whole,
                                           name, round) >= (int)sizeof(job->directory)) {
        return base_fail(err, BASE_USAGE, "cannot keep anything in '%s'", keep);
    }
    int result = trial_remove_tree(job->directory, err);
    if (result == 0 && mkdir(job->directory, 0777) != 0) {
        result =
            base_fail(err, BASE_USAGE, "cannot make '%s': %s", job->directory, strerror(errno));
    }
    return result;
}

static int make_folder(struct job *job, struct base_error *err) {
    if (job->options->words->keep) {
        return make_kept_folder(job, err);
    }
    (void)snprintf(job->directory, sizeof(job->directory), "%s/%d",
                   trial_guard_directory(job->options->guard), (int)getpid());
    return mkdir(job->directory, 0700) == 0
               ? 0
               : base_fail(err, BASE_IO, "cannot make '%s': %s", job->directory, strerror(errno));
}

/* -- what is kept -- */

static int keep_output(const struct job *job, const struct trial_event *event,
                       struct base_error *err) {
    char path[PATH_MAX];
    if (snprintf(path, sizeof(path), "%s/%s.%u.%s", job->directory, event->actor,
                 event->incarnation, event->text) >= (int)sizeof(path)) {
        return base_fail(err, BASE_USAGE, "'%s' is too long", job->directory);
    }
    return trial_write_file(path, event->value, err);
}

static int keep_history(const struct job *job, const struct trial_history *history,
                        struct base_error *err) {
    char path[PATH_MAX];
    char whole[PATH_MAX];
    (void)snprintf(path, sizeof(path), "%.*s/history.jsonl", (int)sizeof(path) - 16,
                   job->directory);
    FILE *file = fopen(path, "we");
    if (!file) {
        return base_fail(err, BASE_IO, "cannot write '%s': %s", path, strerror(errno));
    }
    const char *scenario = job->suite_job->file->path;
    int result = trial_history_save(history, realpath(scenario, whole) ? whole : scenario,
                                    job->suite_job->instance, file, err);
    int closed = trial_close_file(file, path, err);
    result = result ? result : closed;
    for (size_t i = 0; result == 0 && i < trial_history_count(history); i++) {
        const struct trial_event *event = trial_history_at(history, i);
        if (event->fact == TRIAL_FACT_OUTPUT) {
            result = keep_output(job, event, err);
        }
    }
    return result;
}

static int keep_text(const struct job *job, const char *name, const struct base_builder *text,
                     struct base_error *err) {
    char path[PATH_MAX];
    (void)snprintf(path, sizeof(path), "%.*s/%s", (int)sizeof(path) - 64, job->directory, name);
    return trial_write_file(path, base_builder_slice(text), err);
}

/* -- the words -- */

static void sign(struct job *job, const struct trial_report *report) {
    base_put_format(&job->signature, "%s\n", trial_verdict_to_str(report->verdict));
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct trial_finding *finding = &report->findings[i];
        base_put_format(&job->signature, "%s of %s: %s %s\n", finding->guarantee, finding->of,
                        trial_verdict_to_str(finding->verdict),
                        finding->because ? finding->because : "");
    }
    for (size_t i = 0; i < report->expectation_count; i++) {
        base_put_format(&job->signature, "line %u: %s\n", report->expectations[i].pos.line,
                        trial_verdict_to_str(report->expectations[i].verdict));
    }
}

static void report_trial(struct job *job, const struct trial_scenario *bound,
                         const struct trial_report *report, struct trial_job_result *result) {
    struct base_error err = BASE_ERROR_INIT;
    int verbosity = job->options->words->verbose ? TRIAL_VERBOSE : TRIAL_NORMAL;
    trial_report_text(report, bound, job->suite_job->title, verbosity, &job->text);
    if (trial_report_json(report, bound, job->suite_job->title, &job->json, &err) != 0) {
        base_builder_reset(&job->json);
    }
    sign(job, report);
    base_put_str(&job->reason, report->reason ? report->reason : "");
    result->exit = trial_exit_of_verdict(report->verdict);
}

static void report_error(struct job *job, int code, const struct base_error *err,
                         struct trial_job_result *result) {
    result->exit = trial_exit_of_error(code);
    base_put_str(&job->reason, err->text);
    base_put_format(&job->signature, "%d\n", (int)result->exit);
}

/* What was to be kept is not: whatever was found, nobody can look it up. */
static void unreport(struct job *job, int code, const struct base_error *err,
                     struct trial_job_result *result) {
    base_builder_reset(&job->text);
    base_builder_reset(&job->json);
    base_builder_reset(&job->signature);
    base_builder_reset(&job->reason);
    report_error(job, code, err, result);
}

/* -- the trial -- */

static void print_event(void *arg, const struct trial_event *event) {
    struct base_builder line;
    base_builder_init(&line, MAX_TEXT_BYTES);
    trial_event_describe(event, &line);
    base_put_u8(&line, '\n');
    (void)fwrite(line.data, 1, line.len, stdout);
    (void)fflush(stdout);
    base_builder_clean_up(&line);
}

static int hold_trial(struct job *job, struct trial_job_result *result, struct base_error *err) {
    struct trial_scenario *bound = NULL;
    struct trial_history *history = NULL;
    struct trial_report *report = NULL;
    int code = make_folder(job, err);
    if (code == 0) {
        code = trial_bind(job->suite_job->file->scenario, job->suite_job->instance, &bound, err);
    }
    if (code == 0) {
        struct trial_run_options options = {
            .directory = job->directory,
            .journal_program = job->options->journal_program,
            .valgrind = job->options->words->valgrind,
            .guard = job->options->guard,
            .observe = job->options->words->verbose ? print_event : NULL,
        };
        code = trial_run_instance(bound, &options, &history, &report, err);
    }
    if (history && job->options->words->keep) {
        struct base_error keep_err = BASE_ERROR_INIT;
        int kept = keep_history(job, history, &keep_err);
        if (code == 0 && kept != 0) {
            code = kept;
            *err = keep_err;
        }
    }
    if (code == 0) {
        report_trial(job, bound, report, result);
    }
    trial_report_free(report);
    trial_history_free(history);
    if (bound) {
        trial_scenario_free(bound);
    }
    return code;
}

void trial_job_run(void *arg, size_t job_index, struct trial_job_result *ret_result) {
    /* Static: what the result points to must outlive this call, and the process runs one job. */
    static struct job job;
    job.options = arg;
    job.suite_job = &job.options->suite->jobs[job_index];
    base_builder_init(&job.text, MAX_TEXT_BYTES);
    base_builder_init(&job.json, MAX_TEXT_BYTES);
    base_builder_init(&job.signature, MAX_TEXT_BYTES);
    base_builder_init(&job.reason, MAX_TEXT_BYTES);
    struct base_error err = BASE_ERROR_INIT;
    if (job.suite_job->file->skip_reason) {
        report_error(
            &job, BASE_UNSUPPORTED,
            (base_fail(&err, BASE_UNSUPPORTED, "%s", job.suite_job->file->skip_reason), &err),
            ret_result);
    } else {
        int code = hold_trial(&job, ret_result, &err);
        if (code != 0) {
            report_error(&job, code, &err, ret_result);
        }
    }
    if (job.options->words->keep && job.directory[0]) {
        int code = keep_text(&job, "report.txt", &job.text, &err);
        code = code ? code : keep_text(&job, "report.json", &job.json, &err);
        if (code != 0) {
            unreport(&job, code, &err, ret_result);
        }
    } else if (job.directory[0]) {
        (void)trial_remove_tree(job.directory, NULL);
    }
    ret_result->text = base_builder_slice(&job.text);
    ret_result->json = base_builder_slice(&job.json);
    ret_result->signature = base_builder_slice(&job.signature);
    ret_result->reason = base_builder_slice(&job.reason);
}
