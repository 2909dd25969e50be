/* `ktrial run`: jobs from paths, each in its process, results told and counted. */
#include <jansson.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "harness/lang/files.h"
#include "harness/run/commands.h"
#include "harness/run/job.h"
#include "harness/run/journal_program.h"
#include "harness/run/show.h"

struct command_run {
    struct trial_suite suite;
    struct trial_show show;
    struct trial_job_options job_options;
    char **signatures; /* of each job's instance, at the job of its first round */
    size_t differing;
    int exit;
    FILE *json;
    bool json_has_one;
};

/* The job of the same instance's first round that was told: rounds are neighbours. */
static size_t first_round_of(const struct command_run *run, size_t job) {
    return job - run->suite.jobs[job].round;
}

/* -- JSON -- */

static json_t *bare_json(const struct trial_suite_job *job, const struct trial_job_result *result) {
    const char *verdict = result->exit == TRIAL_EXIT_SKIP ? "skip" : "error";
    return json_pack("{s:s, s:s, s:s, s:o}", "scenario", job->file->path, "instance", job->title,
                     "verdict", verdict, "reason",
                     json_stringn_nocheck((const char *)result->reason.data, result->reason.len));
}

static void put_json(struct command_run *run, const struct trial_suite_job *job,
                     const struct trial_job_result *result) {
    if (!run->json) {
        return;
    }
    fputs(run->json_has_one ? ",\n" : "\n", run->json);
    run->json_has_one = true;
    if (result->json.len > 0) {
        (void)fwrite(result->json.data, 1, result->json.len, run->json);
        return;
    }
    json_t *json = bare_json(job, result);
    (void)json_dumpf(json, run->json, JSON_COMPACT);
    json_decref(json);
}

static int open_json(struct command_run *run, const char *path) {
    if (!path) {
        return 0;
    }
    run->json = strcmp(path, "-") == 0 ? stdout : fopen(path, "we");
    if (!run->json) {
        fprintf(stderr, "ktrial run: cannot write '%s'\n", path);
        return TRIAL_EXIT_USAGE;
    }
    fputs("{\"instances\":[", run->json);
    return 0;
}

static void close_json(struct command_run *run, const struct trial_run_words *words) {
    if (!run->json) {
        return;
    }
    const struct trial_show *show = &run->show;
    fprintf(run->json,
            "\n],\"passed\":%zu,\"failed\":%zu,\"skipped\":%zu,\"unknown\":%zu,\"errors\":%zu,"
            "\"differing\":%zu,\"exit\":%d}\n",
            show->passed, show->failed, show->skipped, show->unknown,
            show->errors + run->suite.broken, run->differing, run->exit);
    struct base_error err = BASE_ERROR_INIT;
    if (trial_close_file(run->json, words->json_path, &err) != 0) {
        fprintf(stderr, "ktrial run: %s\n", err.text);
        run->exit = TRIAL_EXIT_BROKEN;
    }
}

/* -- results -- */

static void began(void *arg, size_t job) {
    struct command_run *run = arg;
    trial_show_began(&run->show);
}

static bool differs(struct command_run *run, size_t job, const struct trial_job_result *result) {
    size_t first = first_round_of(run, job);
    if (!run->signatures[first]) {
        run->signatures[first] =
            base_strndup((const char *)result->signature.data, result->signature.len);
        return false;
    }
    const char *known = run->signatures[first];
    return strlen(known) != result->signature.len ||
           memcmp(known, result->signature.data, result->signature.len) != 0;
}

static void ended(void *arg, size_t job_index, const struct trial_job_result *result) {
    struct command_run *run = arg;
    const struct trial_suite_job *job = &run->suite.jobs[job_index];
    run->exit = trial_exit_worse(run->exit, result->exit);
    bool is_first = !run->signatures[first_round_of(run, job_index)];
    bool is_other = differs(run, job_index, result);
    trial_show_ended(&run->show, result, job->file->path, job->title, !is_first && !is_other);
    put_json(run, job, result);
    if (is_other) {
        run->differing++;
        run->exit = trial_exit_worse(run->exit, TRIAL_EXIT_FAIL);
        trial_show_line(&run->show, "DIFFERS  %s  %s  round %zu gave other verdicts than before",
                        job->file->path, job->title, job->round + 1);
    }
}

static void run_job(void *arg, size_t job, struct trial_job_result *ret_result) {
    struct command_run *run = arg;
    trial_job_run(&run->job_options, job, ret_result);
}

/* -- the command -- */

static int run_jobs(struct command_run *run, const struct trial_run_words *words,
                    struct trial_guard *guard) {
    char journal[PATH_MAX];
    run->job_options = (struct trial_job_options){
        .suite = &run->suite,
        .words = words,
        .guard = guard,
        .journal_program = trial_journal_program(journal, sizeof(journal)),
    };
    struct trial_schedule schedule = {
        .job_count = run->suite.job_count,
        .at_once = words->at_once,
        .guard = guard,
        .arg = run,
        .run = run_job,
        .began = began,
        .ended = ended,
    };
    struct base_error err = BASE_ERROR_INIT;
    run->signatures = base_alloc_zero((run->suite.job_count + 1) * sizeof(*run->signatures));
    int status = run->signatures ? open_json(run, words->json_path) : TRIAL_EXIT_BROKEN;
    if (status != 0) {
        return status;
    }
    trial_show_open(&run->show, words->json_path && strcmp(words->json_path, "-") == 0 ? stderr
                                                                                       : stdout,
                    run->suite.job_count);
    run->exit = run->suite.job_count > 0 ? TRIAL_EXIT_SKIP : TRIAL_EXIT_USAGE;
    if (trial_schedule_run(&schedule, &err) != 0) {
        fprintf(stderr, "ktrial run: %s\n", err.text);
        run->exit = TRIAL_EXIT_BROKEN;
    }
    if (run->suite.broken > 0) {
        run->show.errors += run->suite.broken;
        run->exit = trial_exit_worse(run->exit, TRIAL_EXIT_USAGE);
    }
    if (run->differing > 0) {
        trial_show_line(&run->show, "%zu differing verdicts", run->differing);
    }
    trial_show_close(&run->show);
    run->show.errors -= run->suite.broken;
    close_json(run, words);
    return run->exit;
}

static void close_run(struct command_run *run) {
    for (size_t i = 0; run->signatures && i < run->suite.job_count; i++) {
        base_free(run->signatures[i]);
    }
    base_free(run->signatures);
    trial_suite_close(&run->suite);
}

int trial_command_run(int argc, char **argv) {
    struct trial_run_words words;
    int status = trial_run_options_read(argc, argv, &words);
    if (status != 0) {
        return status;
    }
    if (words.help) {
        trial_run_options_print_help();
        return 0;
    }
    struct command_run run = {0};
    struct base_error err = BASE_ERROR_INIT;
    struct trial_guard *guard = NULL;
    if (trial_suite_open(&run.suite, &words, &err) != 0) {
        fprintf(stderr, "ktrial run: %s\n", err.text);
        status = TRIAL_EXIT_USAGE;
    } else if (run.suite.job_count == 0 && run.suite.broken == 0) {
        fprintf(stderr, "ktrial run: no instance is left by --tag, --instance and --shard\n");
        status = TRIAL_EXIT_USAGE;
    } else if (trial_guard_start(&guard, &err) != 0) {
        fprintf(stderr, "ktrial run: %s\n", err.text);
        status = TRIAL_EXIT_BROKEN;
    } else {
        status = run_jobs(&run, &words, guard);
    }
    trial_guard_finish(guard);
    close_run(&run);
    return status;
}
