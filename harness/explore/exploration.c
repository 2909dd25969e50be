/* One exploration: see exploration.h. */
#include "harness/explore/exploration.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/memory.h"
#include "harness/explore/view_verdict.h"
#include "harness/run/job.h"
#include "harness/run/runner.h"

#define MAX_TEXT_BYTES (16u * BASE_MIB)
#define CAPTURE_FILE "capture.jsonl"

static void give_up(struct trial_exploration *x, enum trial_exit exit, const char *reason) {
    x->exit = exit;
    base_free(x->reason);
    x->reason = base_strdup(reason);
}

/* -- folders -- */

/* KEEP/<scenario>[.<instance>].<client>.<name>, or one of the guard's. */
static int make_folder(const struct trial_exploration *x, const char *name, char *path,
                       size_t path_bytes, struct base_error *err) {
    const char *keep = x->words->run.keep;
    if (!keep) {
        (void)snprintf(path, path_bytes, "%s/%d", trial_guard_directory(x->guard), (int)getpid());
        return mkdir(path, 0700) == 0
                   ? 0
                   : base_fail(err, BASE_IO, "cannot make '%s': %s", path, strerror(errno));
    }
    const char *slash = strrchr(x->job->file->path, '/');
    char title[1024];
    char file[256];
    char whole[PATH_MAX];
    (void)snprintf(title, sizeof(title), "%s%s%s.%s.%s", slash ? slash + 1 : x->job->file->path,
                   x->job->title[0] ? "." : "", x->job->title, x->client->name.text, name);
    trial_job_file_name(title, file, sizeof(file));
    (void)mkdir(keep, 0777);
    if (!realpath(keep, whole) ||
        snprintf(path, path_bytes, "%s/%s", whole, file) >= (int)path_bytes) {
        return base_fail(err, BASE_USAGE, "cannot keep anything in '%s'", keep);
    }
    int rc = trial_remove_tree(path, err);
    if (rc == 0 && mkdir(path, 0777) != 0) {
        rc = base_fail(err, BASE_USAGE, "cannot make '%s': %s", path, strerror(errno));
    }
    return rc;
}

/* -- the run of the scenario, in a process of its own -- */

static void capture_path(const struct trial_exploration *x, char *path, size_t path_bytes) {
    (void)snprintf(path, path_bytes, "%s/%s", trial_guard_directory(x->guard), CAPTURE_FILE);
}

static int save_capture(const struct trial_exploration *x, const struct trial_history *history,
                        struct base_error *err) {
    char path[PATH_MAX];
    capture_path(x, path, sizeof(path));
    FILE *file = fopen(path, "we");
    if (!file) {
        return base_fail(err, BASE_IO, "cannot write '%s': %s", path, strerror(errno));
    }
    int rc = trial_history_save(history, x->job->file->path, x->job->instance, file, err);
    if (fclose(file) != 0 && rc == 0) {
        rc = base_fail(err, BASE_IO, "cannot write '%s': %s", path, strerror(errno));
    }
    return rc;
}

static int hold_run(const struct trial_exploration *x, struct trial_job_result *result,
                    struct base_builder *note, struct base_error *err) {
    char directory[PATH_MAX];
    struct trial_history *history = NULL;
    struct trial_report *report = NULL;
    int rc = make_folder(x, "run", directory, sizeof(directory), err);
    if (rc == 0) {
        struct trial_run_options options = {
            .directory = directory,
            .journal_program = x->journal_program,
            .guard = x->guard,
        };
        rc = trial_run_instance(x->bound, &options, &history, &report, err);
    }
    if (rc == 0) {
        rc = save_capture(x, history, err);
        result->exit = trial_exit_of_verdict(report->verdict);
        base_put_str(note, report->reason ? report->reason : "");
    }
    if (history && x->words->run.keep) {
        struct base_error keep_err = BASE_ERROR_INIT;
        int kept =
            trial_view_keep(directory, x->job->file->path, x->job->instance, history, &keep_err);
        if (rc == 0 && kept != 0) {
            rc = kept;
            *err = keep_err;
        }
    }
    trial_report_free(report);
    trial_history_free(history);
    return rc;
}

static void run_scenario(void *arg, size_t job, struct trial_job_result *ret_result) {
    static struct base_builder note; /* outlives this call; the process runs one job */
    struct base_error err = BASE_ERROR_INIT;
    base_builder_init(&note, MAX_TEXT_BYTES);
    int rc = hold_run(arg, ret_result, &note, &err);
    if (rc != 0) {
        ret_result->exit = trial_exit_of_error(rc);
        base_put_str(&note, err.text);
    } else {
        ret_result->signature = base_slice_str("held");
    }
    ret_result->reason = base_builder_slice(&note);
}

static void began(void *arg, size_t job) {
}

static void ended_scenario(void *arg, size_t job, const struct trial_job_result *result) {
    struct trial_exploration *x = arg;
    char *note = base_strndup((const char *)result->reason.data, result->reason.len);
    if (!base_slice_equal_str(result->signature, "held")) {
        give_up(x, result->exit, note ? note : "the scenario could not be run");
        base_free(note);
    } else if (result->exit != TRIAL_EXIT_PASS) {
        x->run_note = note;
    } else {
        base_free(note);
    }
}

static int read_capture(struct trial_exploration *x, struct base_error *err) {
    char path[PATH_MAX];
    capture_path(x, path, sizeof(path));
    FILE *file = fopen(path, "re");
    if (!file) {
        return base_fail(err, BASE_IO, "cannot read '%s': %s", path, strerror(errno));
    }
    char *scenario = NULL;
    size_t instance = 0;
    int rc = trial_history_load(file, &x->history, &scenario, &instance, err);
    (void)fclose(file);
    (void)unlink(path);
    base_free(scenario);
    if (rc == 0) {
        rc = trial_capture_read(x->bound, x->client, x->history, &x->capture, err);
        x->is_captured = rc == 0;
    }
    return rc;
}

static int capture(struct trial_exploration *x, struct base_error *err) {
    struct trial_schedule schedule = {
        .job_count = 1,
        .at_once = 1,
        .guard = x->guard,
        .arg = x,
        .run = run_scenario,
        .began = began,
        .ended = ended_scenario,
    };
    int rc = trial_schedule_run(&schedule, err);
    return rc || x->reason ? rc : read_capture(x, err);
}

/* -- views, each in a process of its own -- */

struct view_words {
    struct base_builder text;
    struct base_builder json;
    struct base_builder reason;
};

static int hold_view(struct trial_exploration *x, size_t number, struct view_words *words,
                     enum trial_view_verdict *ret_verdict, struct base_error *err) {
    const struct trial_view *view = &x->views.items[number];
    char directory[PATH_MAX];
    char name[256];
    struct base_builder title;
    base_builder_init(&title, sizeof(name));
    base_put_str(&title, "view.");
    trial_view_name(&x->capture, view, &title);
    (void)snprintf(name, sizeof(name), "%.*s", (int)title.len, (const char *)title.data);
    base_builder_clean_up(&title);
    int rc = make_folder(x, name, directory, sizeof(directory), err);
    if (rc != 0) {
        return rc;
    }
    struct trial_view_options options = {
        .bound = x->bound,
        .client = x->client,
        .capture = &x->capture,
        .history = x->history,
        .directory = directory,
        .journal_program = x->journal_program,
        .guard = x->guard,
        .keeps_history = x->words->run.keep != NULL,
        .instance = x->job->instance,
    };
    rc = trial_view_serve(&options, view, ret_verdict, &words->text, &words->json, err);
    if (x->words->run.keep && !x->words->view && rc == 0 && *ret_verdict == TRIAL_VIEW_SAME) {
        (void)trial_remove_tree(directory, NULL);
    }
    return rc;
}

static void run_view(void *arg, size_t job, struct trial_job_result *ret_result) {
    static struct view_words words; /* outlives this call; the process runs one job */
    struct base_error err = BASE_ERROR_INIT;
    enum trial_view_verdict verdict = TRIAL_VIEW_UNKNOWN;
    base_builder_init(&words.text, MAX_TEXT_BYTES);
    base_builder_init(&words.json, MAX_TEXT_BYTES);
    base_builder_init(&words.reason, MAX_TEXT_BYTES);
    int rc = hold_view(arg, job, &words, &verdict, &err);
    ret_result->exit = rc                               ? TRIAL_EXIT_BROKEN
                       : verdict == TRIAL_VIEW_SAME     ? TRIAL_EXIT_PASS
                       : verdict == TRIAL_VIEW_DIVERGES ? TRIAL_EXIT_FAIL
                                                        : TRIAL_EXIT_UNKNOWN;
    base_put_str(&words.reason, rc ? err.text : "");
    ret_result->text = base_builder_slice(&words.text);
    ret_result->json = base_builder_slice(&words.json);
    ret_result->reason = base_builder_slice(&words.reason);
}

static void tell_view(struct trial_exploration *x, size_t number, enum trial_view_verdict verdict,
                      const struct trial_job_result *result) {
    if (x->told_count == TRIAL_MAX_TOLD_VIEWS ||
        base_grow((void **)&x->told, &x->told_cap, x->told_count + 1, sizeof(*x->told)) != 0) {
        return;
    }
    x->told[x->told_count++] = (struct trial_told_view){
        .view = x->views.items[number],
        .verdict = verdict,
        .text = base_strndup((const char *)result->text.data, result->text.len),
        .json = base_strndup((const char *)result->json.data, result->json.len),
    };
}

static void ended_view(void *arg, size_t job, const struct trial_job_result *result) {
    struct trial_exploration *x = arg;
    bool is_hazard = trial_view_is_hazard(&x->views.items[job]);
    x->done++;
    switch (result->exit) {
    case TRIAL_EXIT_PASS:
        break;
    case TRIAL_EXIT_FAIL:
        x->diverging += !is_hazard;
        x->hazards_diverging += is_hazard;
        tell_view(x, job, TRIAL_VIEW_DIVERGES, result);
        break;
    case TRIAL_EXIT_UNKNOWN:
        x->unknown++;
        tell_view(x, job, TRIAL_VIEW_UNKNOWN, result);
        break;
    default:
        x->broken++;
        if (!x->broken_reason) {
            x->broken_reason = base_strndup((const char *)result->reason.data, result->reason.len);
        }
        break;
    }
    if (x->progressed) {
        x->progressed(x->progressed_arg, x);
    }
}

static int choose_views(struct trial_exploration *x, struct base_error *err) {
    if (!x->words->view) {
        return trial_views_enumerate(&x->capture, x->runs, trial_scenario_seed(x->bound), &x->views,
                                     err);
    }
    struct trial_view view;
    int rc = trial_view_parse(&x->capture, x->words->view, &view, err);
    if (rc == 0 && base_grow((void **)&x->views.items, &x->views.cap, 1, sizeof(view)) != 0) {
        rc = base_fail(err, BASE_NO_MEMORY, "no memory for a view");
    }
    if (rc == 0) {
        x->views.items[0] = view;
        x->views.count = x->views.distinct = x->views.enumerated = 1;
        x->views.hazards = trial_view_is_hazard(&view);
    }
    return rc;
}

static int serve_views(struct trial_exploration *x, struct base_error *err) {
    struct trial_schedule schedule = {
        .job_count = x->views.count,
        .at_once = x->words->run.at_once,
        .guard = x->guard,
        .arg = x,
        .run = run_view,
        .began = began,
        .ended = ended_view,
    };
    uint64_t began_ns = base_clock_monotonic_ns();
    int rc = trial_schedule_run(&schedule, err);
    x->elapsed_ns = base_clock_monotonic_ns() - began_ns;
    return rc;
}

/* As enumerated: legal ones first, hazards last. */
static int compare_told(const void *left, const void *right) {
    const struct trial_view *a = &((const struct trial_told_view *)left)->view;
    const struct trial_view *b = &((const struct trial_told_view *)right)->view;
    if (trial_view_is_hazard(a) != trial_view_is_hazard(b)) {
        return trial_view_is_hazard(a) ? 1 : -1;
    }
    if (a->part != b->part) {
        return a->part < b->part ? -1 : 1;
    }
    if (a->a != b->a) {
        return a->a < b->a ? -1 : 1;
    }
    return a->b != b->b ? (a->b < b->b ? -1 : 1) : (int)a->drops - (int)b->drops;
}

/* -- the checks -- */

static bool is_verdict(enum trial_exit exit) {
    return exit == TRIAL_EXIT_PASS || exit == TRIAL_EXIT_FAIL || exit == TRIAL_EXIT_UNKNOWN;
}

static bool holds(const struct trial_exploration *x, const struct trial_expect *e) {
    const char *was = trial_verdict_to_str(trial_exit_to_verdict(x->exit));
    bool same = strcmp(trial_atom_str(&e->verdict), was) == 0 &&
                (!e->because.text || x->exit == TRIAL_EXIT_FAIL); /* it has one reason to fail */
    return same != e->negated;
}

/* One view proves nothing of the others: under --view no check is compared. */
static void compare_checks(struct trial_exploration *x) {
    x->is_as_expected = true;
    for (size_t i = 0; !x->words->view && i < x->bound->item_count; i++) {
        const struct trial_item *item = &x->bound->items[i];
        for (size_t k = 0; item->kind == TRIAL_ITEM_CHECK && k < item->u.check.expect_count; k++) {
            const struct trial_expect *e = &item->u.check.expects[k];
            if (e->kind == TRIAL_EXPECT_GUARANTEE && strcmp(e->id.text, TRIAL_VIEW_SAFE) == 0 &&
                strcmp(e->of.text, x->client->name.text) == 0 && x->is_as_expected) {
                x->check = e;
                x->is_as_expected = holds(x, e);
            }
        }
    }
}

void trial_exploration_run(struct trial_exploration *x) {
    struct base_error err = BASE_ERROR_INIT;
    int rc = capture(x, &err);
    if (rc == 0 && !x->reason) {
        rc = choose_views(x, &err);
    }
    if (rc == 0 && !x->reason) {
        rc = serve_views(x, &err);
    }
    if (rc != 0) {
        give_up(x, trial_exit_of_error(rc), err.text);
    }
    if (x->reason) {
        return;
    }
    if (x->told_count > 1) {
        qsort(x->told, x->told_count, sizeof(*x->told), compare_told);
    }
    x->exit = x->broken      ? TRIAL_EXIT_BROKEN
              : x->diverging ? TRIAL_EXIT_FAIL
              : x->unknown   ? TRIAL_EXIT_UNKNOWN
                             : TRIAL_EXIT_PASS;
    if (is_verdict(x->exit)) {
        compare_checks(x);
    }
}

enum trial_exit trial_exploration_exit(const struct trial_exploration *x) {
    if (!x->check || !is_verdict(x->exit)) {
        return x->exit;
    }
    return x->is_as_expected ? TRIAL_EXIT_PASS : TRIAL_EXIT_FAIL;
}

void trial_exploration_clean_up(struct trial_exploration *x) {
    for (size_t i = 0; i < x->told_count; i++) {
        base_free(x->told[i].text);
        base_free(x->told[i].json);
    }
    base_free(x->told);
    base_free(x->run_note);
    base_free(x->broken_reason);
    base_free(x->reason);
    trial_views_clean_up(&x->views);
    if (x->is_captured) {
        trial_capture_clean_up(&x->capture);
    }
    trial_history_free(x->history);
}
