/* `ktrial judge`: the checkers again on a saved history. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "harness/check/judge.h"
#include "harness/lang/files.h"
#include "harness/lang/lang.h"
#include "harness/report/report.h"
#include "harness/run/commands.h"
#include "harness/run/job.h"

#define MAX_TEXT_BYTES (64u * BASE_MIB)

static int read_scenario(const char *path, struct trial_scenario **ret_scenario,
                         struct base_error *err) {
    struct base_builder text;
    base_builder_init(&text, BASE_MAX_SCENARIO_BYTES);
    int result = trial_read_file(path, &text, err);
    if (result == 0) {
        struct trial_diagnostics d;
        trial_diagnostics_init(&d);
        result = trial_parse(path, base_builder_slice(&text), ret_scenario, &d);
        result = result == 0 ? trial_check(*ret_scenario, NULL, &d) : result;
        if (result != 0) {
            result = base_fail(err, result, "'%s' has errors; see 'ktrial check'", path);
        }
        trial_diagnostics_clean_up(&d);
    }
    base_builder_clean_up(&text);
    return result;
}

static int judge(const struct trial_scenario *scenario, size_t instance,
                 const struct trial_history *history, struct base_error *err) {
    struct trial_scenario *bound = NULL;
    struct trial_report *report = NULL;
    if (instance >= trial_instance_count(scenario)) {
        (void)base_fail(err, BASE_USAGE, "the scenario has no instance %zu any more", instance);
        return TRIAL_EXIT_USAGE;
    }
    int result = trial_bind(scenario, instance, &bound, err);
    result = result == 0 ? trial_judge(bound, history, &report, err) : result;
    int exit = TRIAL_EXIT_USAGE;
    if (result == 0) {
        struct base_builder title;
        struct base_builder text;
        base_builder_init(&title, BASE_MAX_SCENARIO_BYTES);
        base_builder_init(&text, MAX_TEXT_BYTES);
        trial_instance_describe(scenario, instance, &title);
        base_put_u8(&title, 0);
        trial_report_text(report, bound, (const char *)title.data, TRIAL_NORMAL, &text);
        (void)fwrite(text.data, 1, text.len, stdout);
        base_builder_clean_up(&title);
        base_builder_clean_up(&text);
        exit = trial_exit_of_verdict(report->verdict);
    }
    trial_report_free(report);
    if (bound) {
        trial_scenario_free(bound);
    }
    return exit;
}

int trial_command_judge(int argc, char **argv) {
    if (argc < 2 || argc > 3 || argv[1][0] == '-') {
        bool is_help = argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0);
        fprintf(is_help ? stdout : stderr,
                "usage: ktrial judge HISTORY [SCENARIO]\n"
                "Judges a history that 'ktrial run --keep' saved (history.jsonl) again.\n"
                "SCENARIO: instead of the file that the history names.\n"
                "Exit status: 0 as expected, 1 a failure, 2 unknown only, 64 a mistake in the\n"
                "call or the scenario.\n");
        return is_help ? 0 : TRIAL_EXIT_USAGE;
    }
    FILE *file = fopen(argv[1], "re");
    if (!file) {
        fprintf(stderr, "ktrial judge: cannot read '%s'\n", argv[1]);
        return TRIAL_EXIT_USAGE;
    }
    struct base_error err = BASE_ERROR_INIT;
    struct trial_history *history = NULL;
    struct trial_scenario *scenario = NULL;
    char *path = NULL;
    size_t instance = 0;
    int exit = TRIAL_EXIT_USAGE;
    if (trial_history_load(file, &history, &path, &instance, &err) == 0 &&
        read_scenario(argc > 2 ? argv[2] : path, &scenario, &err) == 0) {
        exit = judge(scenario, instance, history, &err);
    }
    if (err.code != 0) {
        fprintf(stderr, "ktrial judge: %s\n", err.text);
    }
    (void)fclose(file);
    base_free(path);
    trial_history_free(history);
    if (scenario) {
        trial_scenario_free(scenario);
    }
    return exit;
}
