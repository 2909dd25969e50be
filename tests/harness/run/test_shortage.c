/* When there is no room: on the disk, in standard output, for temporary files. It is said, and no
 * verdict is good. */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program.h"
#include "suites.h"
#include "t_run.h"

#define BROKEN 99
#define TRIAL                                                                                      \
    "scenario \"x\"\ntopic rev\nwriter w1 to rev\nrun {\n  start w1\n  write w1 rev \"k\" "        \
    "\"v\"\n  await flushed w1\n}\ncheck {\n  guarantee at-least-once of w1 is pass\n}\n"
/* Less than a history, more than a scenario. */
#define FILE_BYTES 1500

static void expect(int actual, int status, const char *words) {
    t_check(actual == status && strstr(t_output, words), __LINE__, __FILE__,
            "status %d, expected %d and '%s'; output: %.300s", actual, status, words, t_output);
}

static void a_history_that_the_disk_cannot_hold_is_no_pass(void) {
    char keep[96];
    struct rlimit before;
    (void)snprintf(keep, sizeof(keep), "%s/keep", t_folder);
    (void)signal(SIGXFSZ, SIG_IGN); /* the write fails, as on a full disk */
    T_EQUAL_INT(getrlimit(RLIMIT_FSIZE, &before), 0);
    T_EQUAL_INT(setrlimit(RLIMIT_FSIZE, &(struct rlimit){FILE_BYTES, before.rlim_max}), 0);
    int status = t_trial(TRIAL, (const char *const[]){"--keep", keep, NULL});
    T_EQUAL_INT(setrlimit(RLIMIT_FSIZE, &before), 0);
    expect(status, BROKEN, "history.jsonl");
}

static void a_report_that_cannot_be_written_is_no_pass(void) {
    int status = t_trial(TRIAL, (const char *const[]){"--json", "/dev/full", NULL});
    expect(status, BROKEN, "cannot write '/dev/full'");
}

static void a_server_says_that_its_history_is_not_kept(void) {
    char keep[96];
    char history[128];
    struct t_program program;
    (void)snprintf(keep, sizeof(keep), "%s/keep", t_folder);
    (void)snprintf(history, sizeof(history), "%s/history.jsonl", keep);
    T_EQUAL_INT(mkdir(keep, 0700), 0);
    T_EQUAL_INT(symlink("/dev/full", history), 0);
    const char *arguments[] = {"serve", "--keep", keep, NULL};
    if (t_program_start(&program, arguments, true)) {
        expect(t_program_end(&program), BROKEN, "ktrial serve: ");
        T_TRUE(strstr(t_output, "\"event\":\"judged\"") == NULL);
    }
}

static void without_a_place_for_temporary_files_nothing_begins(void) {
    char temporary[96];
    (void)snprintf(temporary, sizeof(temporary), "%s/tmp", t_folder);
    T_EQUAL_INT(rmdir(temporary), 0);
    (void)t_file("tmp", "no folder");
    expect(t_trial(TRIAL, NULL), BROKEN, "no temporary directory can be made in");
}

CU_SuiteInfo *suite_run_shortage(void) {
    static CU_TestInfo tests[] = {
        {"a_history_that_the_disk_cannot_hold_is_no_pass",
         a_history_that_the_disk_cannot_hold_is_no_pass},
        {"a_report_that_cannot_be_written_is_no_pass", a_report_that_cannot_be_written_is_no_pass},
        {"a_server_says_that_its_history_is_not_kept", a_server_says_that_its_history_is_not_kept},
        {"without_a_place_for_temporary_files_nothing_begins",
         without_a_place_for_temporary_files_nothing_begins},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"run shortage", NULL, NULL, t_folder_make, t_folder_remove, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
