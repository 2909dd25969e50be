/* The command line of `ktrial run` and `ktrial judge`. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "program.h"
#include "suites.h"
#include "t_run.h"

#define MATRIX                                                                                     \
    "scenario \"matrix\"\ntags one two\nmatrix a = 1 | 2 | 3\nmatrix b = x | y\ntopic rev\n"       \
    "run {\n  note \"$a$b\"\n}\n"

static void expect(const char *const *more, int status, const char *words) {
    int actual = t_trial(MATRIX, more);
    t_check(actual == status && strstr(t_output, words), __LINE__, __FILE__,
            "status %d, expected %d and '%s'; output: %.300s", actual, status, words, t_output);
}

static void every_instance_is_run(void) {
    expect(NULL, 0, "6 passed, 0 failed, 0 skipped");
}

static void instances_are_chosen_by_their_values(void) {
    expect((const char *const[]){"--instance", "a=2", NULL}, 0, "2 passed");
    expect((const char *const[]){"--instance", "a=2", "--instance", "b=y", NULL}, 0, "1 passed");
    expect((const char *const[]){"--instance", "a=9", NULL}, 64, "no instance");
    expect((const char *const[]){"--instance", "nonsense", NULL}, 64, "NAME=VALUE");
}

static void tags_choose_scenarios(void) {
    expect((const char *const[]){"--tag", "one", "--tag", "two", NULL}, 0, "6 passed");
    expect((const char *const[]){"--tag", "one", "--tag", "other", NULL}, 64, "no instance");
}

static void shards_divide_the_instances(void) {
    expect((const char *const[]){"--shard", "1/4", NULL}, 0, "2 passed");
    expect((const char *const[]){"--shard", "3/4", NULL}, 0, "1 passed");
    expect((const char *const[]){"--shard", "5/4", NULL}, 64, "--shard");
    expect((const char *const[]){"--shard", "x", NULL}, 64, "--shard");
}

static void rounds_and_processes_are_counted(void) {
    expect((const char *const[]){"-n", "3", "-j", "4", NULL}, 0, "18 passed");
    expect((const char *const[]){"-n", "0", NULL}, 64, "-n");
    expect((const char *const[]){"-j", "many", NULL}, 64, "-j");
}

static void an_unknown_option_is_refused_and_pointed_to_help(void) {
    expect((const char *const[]){"--junit", "x", NULL}, 64, "ktrial run: unrecognized option");
    expect((const char *const[]){"-x", NULL}, 64, "try 'ktrial run --help'");
}

static void a_path_that_is_not_there_is_a_mistake(void) {
    expect((const char *const[]){"/nowhere/x.scn", NULL}, 64, "/nowhere/x.scn");
}

static void errors_in_a_scenario_are_told_with_their_place(void) {
    t_expect_trial("scenario \"x\"\nrun {\n  strat w1\n}\n", 64, "trial.scn:3:3:");
}

static void a_scenario_that_needs_what_is_missing_is_skipped(void) {
    t_expect_trial("scenario \"x\"\nneed verifiable\ntopic rev\nrun {\n  heal\n}\n", 77,
                   "0 passed, 0 failed, 1 skipped");
}

static void the_reports_are_written_as_json(void) {
    char path[96];
    char text[8192] = "";
    (void)snprintf(path, sizeof(path), "%s/report.json", t_folder);
    expect((const char *const[]){"--json", path, NULL}, 0, "6 passed");
    FILE *file = fopen(path, "re");
    if (T_TRUE(file != NULL)) {
        (void)!fread(text, 1, sizeof(text) - 1, file);
        (void)fclose(file);
        T_TRUE(strstr(text, "\"instance\":\"a=3 b=y\"") != NULL);
        T_TRUE(strstr(text, "\"passed\":6,\"failed\":0") != NULL);
    }
}

static void a_kept_history_is_judged_again_alike(void) {
    char keep[96];
    char history[192];
    (void)snprintf(keep, sizeof(keep), "%s/keep", t_folder);
    (void)snprintf(history, sizeof(history), "%s/trial.scn/history.jsonl", keep);
    int status = t_trial("scenario \"x\"\ntopic rev\nwriter w1 to rev\nrun {\n  start w1\n"
                         "  write w1 rev \"k\" \"v\"\n  await flushed w1\n}\n"
                         "check {\n  guarantee at-least-once of w1 is pass\n}\n",
                         (const char *const[]){"--keep", keep, NULL});
    T_EQUAL_INT(status, 0);
    T_EQUAL_INT(access(history, R_OK), 0);
    struct t_program program;
    if (t_program_start(&program, (const char *const[]){"judge", history, NULL}, true)) {
        T_EQUAL_INT(t_program_end(&program), 0);
        T_TRUE(strstr(t_output, "at-least-once of w1: pass") != NULL);
    }
}

static void an_expectation_that_does_not_hold_fails(void) {
    t_expect_trial("scenario \"x\"\ntopic rev\nrun {\n  note \"x\"\n}\n"
                   "check {\n  log rev/0 has {\n    0: \"k\" = \"v\"\n  }\n}\n",
                   1, "0 passed, 1 failed, 0 skipped");
}

CU_SuiteInfo *suite_run_command(void) {
    static CU_TestInfo tests[] = {
        {"every_instance_is_run", every_instance_is_run},
        {"instances_are_chosen_by_their_values", instances_are_chosen_by_their_values},
        {"tags_choose_scenarios", tags_choose_scenarios},
        {"shards_divide_the_instances", shards_divide_the_instances},
        {"rounds_and_processes_are_counted", rounds_and_processes_are_counted},
        {"an_unknown_option_is_refused_and_pointed_to_help",
         an_unknown_option_is_refused_and_pointed_to_help},
        {"a_path_that_is_not_there_is_a_mistake", a_path_that_is_not_there_is_a_mistake},
        {"errors_in_a_scenario_are_told_with_their_place",
         errors_in_a_scenario_are_told_with_their_place},
        {"a_scenario_that_needs_what_is_missing_is_skipped",
         a_scenario_that_needs_what_is_missing_is_skipped},
        {"the_reports_are_written_as_json", the_reports_are_written_as_json},
        {"a_kept_history_is_judged_again_alike", a_kept_history_is_judged_again_alike},
        {"an_expectation_that_does_not_hold_fails", an_expectation_that_does_not_hold_fails},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"run command", NULL, NULL, t_folder_make, t_folder_remove, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
