/* Holding the examples: see trials.h. */
#include "trials.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/memory.h"
#include "harness/lang/files.h"
#include "harness/run/guard.h"
#include "harness/run/runner.h"
#include "t_run.h"

/* Where the examples lie and how many instances each has. */
static const struct {
    const char *name;
    const char *file;
    size_t instances;
} examples[] = {
    {"lost-ack", "writer/lost-ack.scn", 2},
    {"inversion", "writer/inversion.scn", 2},
    {"ghost-ack", "writer/ghost-ack.scn", 2},
    {"crash-between", "replay/crash-between.scn", 1},
    {"real-authors", "anonymization/real-authors.scn", 1},
};

static struct t_trial trials[T_TRIAL_COUNT];
static bool are_held;

/* -- one trial -- */

/* Parsed as if it lay in folder: what it loads by a relative path is looked for from there. */
static int parse(const char *folder, const char *file, struct trial_scenario **ret_parsed) {
    char path[512];
    char alias[512];
    struct base_builder text;
    struct trial_diagnostics d;
    struct base_error err = BASE_ERROR_INIT;
    (void)snprintf(path, sizeof(path), "%s/%s", T_SCENARIOS, file);
    (void)snprintf(alias, sizeof(alias), "%s/repository/%s", folder, strrchr(file, '/') + 1);
    base_builder_init(&text, BASE_MIB);
    trial_diagnostics_init(&d);
    int rc = trial_read_file(path, &text, &err);
    rc = rc ? rc : trial_parse(alias, base_builder_slice(&text), ret_parsed, &d);
    rc = rc ? rc : trial_check(*ret_parsed, NULL, &d);
    t_check(rc == 0, __LINE__, __FILE__, "%s: %s", path,
            d.count ? d.items[0].text : err.text);
    trial_diagnostics_clean_up(&d);
    base_builder_clean_up(&text);
    return rc;
}

static void hold(struct t_trial *trial, const char *folder, const char *file) {
    struct base_error err = BASE_ERROR_INIT;
    struct base_builder title;
    char directory[512];
    if (parse(folder, file, &trial->parsed)) {
        return;
    }
    base_builder_init(&title, BASE_KIB);
    trial_instance_describe(trial->parsed, trial->instance, &title);
    (void)snprintf(trial->title, sizeof(trial->title), "%.*s", (int)title.len,
                   title.len ? (const char *)title.data : "");
    base_builder_clean_up(&title);
    (void)snprintf(directory, sizeof(directory), "%s/%s.%zu", folder, trial->name,
                   trial->instance);
    int rc = mkdir(directory, 0700) == 0 ? 0 : BASE_IO;
    rc = rc ? rc : trial_bind(trial->parsed, trial->instance, &trial->bound, &err);
    struct trial_run_options options = TRIAL_RUN_OPTIONS_INIT;
    options.directory = directory;
    options.journal_program = T_JOURNAL;
    options.keep_process = true;
    rc = rc ? rc
            : trial_run_instance(trial->bound, &options, &trial->history, &trial->report, &err);
    t_check(rc == 0, __LINE__, __FILE__, "%s %s: %s", trial->name, trial->title, err.text);
}

struct t_trial *t_trials(void) {
    char folder[] = "/tmp/test-examples-XXXXXX";
    char command[1024];
    if (are_held) {
        return trials;
    }
    are_held = true;
    memset(trials, 0, sizeof(trials));
    if (!T_TRUE(mkdtemp(folder) != NULL)) {
        return trials;
    }
    (void)snprintf(command, sizeof(command),
                   "mkdir '%s/repository' && sh '%s' '%s/repository'", folder, T_MAKE_REPOSITORY,
                   folder);
    T_EQUAL_INT(system(command), 0);
    struct t_trial *trial = trials;
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        for (size_t k = 0; k < examples[i].instances; k++, trial++) {
            trial->name = examples[i].name;
            trial->instance = k;
            hold(trial, folder, examples[i].file);
        }
        T_EQUAL_INT(trial_instance_count(trial[-1].parsed), examples[i].instances);
    }
    T_EQUAL_INT(trial - trials, T_TRIAL_COUNT);
    T_EQUAL_INT(trial_remove_tree(folder, NULL), 0);
    return trials;
}

void t_trials_release(void) {
    for (size_t i = 0; i < T_TRIAL_COUNT; i++) {
        trial_report_free(trials[i].report);
        trial_history_free(trials[i].history);
        if (trials[i].bound) {
            trial_scenario_free(trials[i].bound);
        }
        if (trials[i].parsed) {
            trial_scenario_free(trials[i].parsed);
        }
    }
    memset(trials, 0, sizeof(trials));
    are_held = false;
}

/* -- judging again -- */

struct trial_history *t_history_without(const struct trial_history *history, size_t place) {
    struct trial_history *copy = NULL;
    struct base_error err = BASE_ERROR_INIT;
    int rc = trial_history_new(&copy, &err);
    for (size_t i = 0; rc == 0 && i < trial_history_count(history); i++) {
        rc = i == place ? 0 : trial_history_add(copy, trial_history_at(history, i), &err);
    }
    t_check(rc == 0, __LINE__, __FILE__, "a copy of the history: %s", err.text);
    return copy;
}

struct trial_report *t_judge(const struct t_trial *trial, const struct trial_history *history) {
    struct trial_report *report = NULL;
    struct base_error err = BASE_ERROR_INIT;
    int rc = trial_judge(trial->bound, history, &report, &err);
    t_check(rc == 0, __LINE__, __FILE__, "%s %s: %s", trial->name, trial->title, err.text);
    return report;
}

enum trial_verdict t_verdict(const struct t_trial *trial, const struct trial_history *history) {
    struct trial_report *report = t_judge(trial, history);
    enum trial_verdict verdict = report ? report->verdict : TRIAL_ERROR;
    trial_report_free(report);
    return verdict;
}
