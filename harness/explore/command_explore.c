/* `ktrial explore`: the explore lines of scenarios, one exploration after the other. */
#include <limits.h>
#include <string.h>

#include "harness/explore/commands.h"
#include "harness/explore/explore_report.h"
#include "harness/lang/files.h"
#include "harness/run/journal_program.h"

struct command {
    struct trial_explore_words words;
    struct trial_suite suite;
    struct trial_guard *guard;
    const char *journal_program;
    FILE *out;
    FILE *json;
    bool json_has_one;
    size_t explorations;
    int exit;
};

static int wrong(const char *path, const char *what) {
    fprintf(stderr, "ktrial explore: %s: %s\n", path, what);
    return TRIAL_EXIT_USAGE;
}

/* -- one client -- */

static int explore_client(struct command *command, const struct trial_suite_job *job,
                          const struct trial_scenario *bound, const struct trial_explore *line,
                          const char *name) {
    const struct trial_actor *client = trial_find_actor(bound, name);
    if (!client || client->role != TRIAL_CLIENT || !client->store.text) {
        char what[256];
        (void)snprintf(what, sizeof(what), "views are of a client with a store, which %s is not",
                       name);
        return wrong(job->file->path, what);
    }
    struct trial_explore_progress progress;
    trial_explore_progress_open(&progress, command->out);
    struct trial_exploration exploration = {
        .words = &command->words,
        .job = job,
        .bound = bound,
        .client = client,
        .guard = command->guard,
        .journal_program = command->journal_program,
        .runs = command->words.runs ? command->words.runs : (size_t)line->runs.number,
        .progressed = trial_explore_progressed,
        .progressed_arg = &progress,
    };
    command->explorations++;
    trial_exploration_run(&exploration);
    trial_explore_progress_clear(&progress);
    trial_explore_report_text(&exploration, command->out);
    (void)fflush(command->out);
    if (command->json) {
        fputs(command->json_has_one ? ",\n" : "\n", command->json);
        command->json_has_one = true;
        trial_explore_report_json(&exploration, command->json);
    }
    int status = trial_exploration_exit(&exploration);
    trial_exploration_clean_up(&exploration);
    return status;
}

/* -- one instance -- */

static int explore_line(struct command *command, const struct trial_suite_job *job,
                        const struct trial_scenario *bound, const struct trial_explore *line) {
    if (strcmp(line->kind.text, "views") != 0) {
        char what[256];
        (void)snprintf(what, sizeof(what), "exploring %s is not supported yet; only views are",
                       line->kind.text);
        return wrong(job->file->path, what);
    }
    int status = TRIAL_EXIT_SKIP;
    for (size_t i = 0; i < line->over_count; i++) {
        const char *name = line->over[i].text;
        if (!command->words.client || strcmp(command->words.client, name) == 0) {
            status = trial_exit_worse(status, explore_client(command, job, bound, line, name));
        }
    }
    return status;
}

static int explore_instance(struct command *command, const struct trial_suite_job *job) {
    if (job->file->skip_reason) {
        fprintf(command->out, "SKIP     %s%s%s  %s\n", job->file->path, job->title[0] ? "  " : "",
                job->title, job->file->skip_reason);
        return TRIAL_EXIT_SKIP;
    }
    struct trial_scenario *bound = NULL;
    struct base_error err = BASE_ERROR_INIT;
    if (trial_bind(job->file->scenario, job->instance, &bound, &err) != 0) {
        return wrong(job->file->path, err.text);
    }
    int status = TRIAL_EXIT_SKIP;
    bool has_line = false;
    for (size_t i = 0; i < bound->item_count; i++) {
        if (bound->items[i].kind == TRIAL_ITEM_EXPLORE) {
            has_line = true;
            status = trial_exit_worse(
                status, explore_line(command, job, bound, &bound->items[i].u.explore));
        }
    }
    if (!has_line) {
        status = wrong(job->file->path, "it says nothing of exploring; add 'explore views over "
                                        "CLIENT'");
    } else if (status == TRIAL_EXIT_SKIP && command->words.client && command->explorations == 0) {
        status = wrong(job->file->path, "no explore line names the client of --over");
    }
    trial_scenario_free(bound);
    return status;
}

/* -- the command -- */

static int open_json(struct command *command) {
    const char *path = command->words.run.json_path;
    bool is_output = path && strcmp(path, "-") == 0;
    command->out = is_output ? stderr : stdout;
    if (!path) {
        return 0;
    }
    command->json = is_output ? stdout : fopen(path, "we");
    if (!command->json) {
        fprintf(stderr, "ktrial explore: cannot write '%s'\n", path);
        return TRIAL_EXIT_USAGE;
    }
    fputs("{\"explorations\":[", command->json);
    return 0;
}

static void close_json(struct command *command) {
    if (!command->json) {
        return;
    }
    fprintf(command->json, "\n],\"exit\":%d}\n", command->exit);
    struct base_error err = BASE_ERROR_INIT;
    if (trial_close_file(command->json, command->words.run.json_path, &err) != 0) {
        fprintf(stderr, "ktrial explore: %s\n", err.text);
        command->exit = TRIAL_EXIT_BROKEN;
    }
}

static int explore_all(struct command *command) {
    char journal[PATH_MAX];
    int status = open_json(command);
    if (status != 0) {
        return status;
    }
    command->journal_program = trial_journal_program(journal, sizeof(journal));
    command->exit = command->suite.broken > 0 ? TRIAL_EXIT_USAGE : TRIAL_EXIT_SKIP;
    for (size_t i = 0; i < command->suite.job_count; i++) {
        command->exit =
            trial_exit_worse(command->exit, explore_instance(command, &command->suite.jobs[i]));
    }
    close_json(command);
    return command->exit;
}

int trial_command_explore(int argc, char **argv) {
    struct command command = {0};
    int status = trial_explore_options_read(argc, argv, &command.words);
    if (status != 0) {
        return status;
    }
    if (command.words.run.help) {
        trial_explore_options_print_help();
        return 0;
    }
    struct base_error err = BASE_ERROR_INIT;
    if (trial_suite_open(&command.suite, &command.words.run, &err) != 0) {
        fprintf(stderr, "ktrial explore: %s\n", err.text);
        status = TRIAL_EXIT_USAGE;
    } else if (command.suite.job_count == 0 && command.suite.broken == 0) {
        fprintf(stderr, "ktrial explore: no instance is left by --instance\n");
        status = TRIAL_EXIT_USAGE;
    } else if (trial_guard_start(&command.guard, &err) != 0) {
        fprintf(stderr, "ktrial explore: %s\n", err.text);
        status = TRIAL_EXIT_BROKEN;
    } else {
        status = explore_all(&command);
    }
    trial_guard_finish(command.guard);
    trial_suite_close(&command.suite);
    return status;
}
