/* Tests of finding scenarios, of the line diff, and of the exit status of the commands. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/memory.h"
#include "harness/lang/commands.h"
#include "harness/lang/diff.h"
#include "harness/lang/files.h"
#include "scenario_text.h"
#include "suites.h"
#include "t_run.h"

static char folder[64];

static void path_of(const char *name, char *path, size_t size) {
    (void)snprintf(path, size, "%s/%s", folder, name);
}

static void put_file(const char *name, const char *text) {
    char path[256];
    path_of(name, path, sizeof(path));
    FILE *f = fopen(path, "w");
    if (T_TRUE(f != NULL)) {
        fputs(text, f);
        fclose(f);
    }
}

static void set_up(void) {
    char path[256];
    (void)snprintf(folder, sizeof(folder), "/tmp/test-lang.XXXXXX");
    T_TRUE(mkdtemp(folder) != NULL);
    path_of("sub", path, sizeof(path));
    T_EQUAL_INT(mkdir(path, 0700), 0);
    put_file("b.scn", "scenario \"b\"\n");
    put_file("a.scn", "scenario   \"a\"\n");
    put_file("sub/c.scn", "scenario \"c\"\n");
    put_file("note.txt", "no scenario");
}

static void tear_down(void) {
    static const char *const names[] = {"b.scn", "a.scn", "sub/c.scn", "note.txt", "bad.scn"};
    char path[256];
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        path_of(names[i], path, sizeof(path));
        (void)unlink(path);
    }
    path_of("sub", path, sizeof(path));
    (void)rmdir(path);
    (void)rmdir(folder);
}

static int collect(void *arg, const char *path, struct base_error *err) {
    base_put_format(arg, "%s ", path + strlen(folder) + 1);
    return 0;
}

static void scenarios_of_a_folder_come_sorted(void) {
    struct base_builder names;
    struct base_error err = BASE_ERROR_INIT;
    base_builder_init(&names, 4096);
    T_EQUAL_INT(trial_find_scenarios(folder, collect, &names, &err), 0);
    base_put_u8(&names, 0);
    T_EQUAL_STR((const char *)names.data, "a.scn b.scn sub/c.scn ");
    base_builder_clean_up(&names);
}

static void a_missing_path_is_an_error(void) {
    struct base_error err = BASE_ERROR_INIT;
    char path[256];
    path_of("none", path, sizeof(path));
    T_EQUAL_INT(trial_find_scenarios(path, collect, NULL, &err), BASE_NOT_FOUND);
    T_TRUE(strstr(err.text, "No such file") != NULL);
    T_EQUAL_INT(mkdir(path, 0700), 0);
    T_EQUAL_INT(trial_find_scenarios(path, collect, NULL, &err), BASE_NOT_FOUND);
    T_TRUE(strstr(err.text, "no scenario") != NULL);
    (void)rmdir(path);
}

static int stop_at_once(void *arg, const char *path, struct base_error *err) {
    ++*(int *)arg;
    return base_fail(err, BASE_STATE, "stopped");
}

static void a_visitor_can_stop(void) {
    int calls = 0;
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(trial_find_scenarios(folder, stop_at_once, &calls, &err), BASE_STATE);
    T_EQUAL_INT(calls, 1);
}

/* Runs a command with its output thrown away. */
static int quietly(int (*command)(int, char **), int argc, const char *const *args) {
    char *argv[8] = {0};
    for (int i = 0; i < argc; i++) {
        argv[i] = (char *)(uintptr_t)args[i];
    }
    fflush(stdout);
    fflush(stderr);
    int out = dup(STDOUT_FILENO);
    int err = dup(STDERR_FILENO);
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    int status = command(argc, argv);
    fflush(stdout);
    fflush(stderr);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    close(null);
    close(out);
    close(err);
    return status;
}

static void check_ends_0_or_64(void) {
    char bad[256];
    path_of("bad.scn", bad, sizeof(bad));
    T_EQUAL_INT(quietly(trial_command_check, 2, (const char *[]){"check", folder}), 0);
    put_file("bad.scn", "scenario \"b\"\nrun { stat x }\n");
    T_EQUAL_INT(quietly(trial_command_check, 2, (const char *[]){"check", folder}), 64);
    T_EQUAL_INT(quietly(trial_command_check, 2, (const char *[]){"check", bad}), 64);
    T_EQUAL_INT(quietly(trial_command_check, 1, (const char *[]){"check"}), 64);
    T_EQUAL_INT(quietly(trial_command_check, 2, (const char *[]){"check", "/nowhere"}), 64);
    T_EQUAL_INT(quietly(trial_command_check, 2, (const char *[]){"check", "--bogus"}), 64);
    T_EQUAL_INT(quietly(trial_command_check, 2, (const char *[]){"check", "--help"}), 0);
    (void)unlink(bad);
}

static void fmt_changes_what_is_not_canonical_and_diff_only_shows(void) {
    char path[256];
    path_of("a.scn", path, sizeof(path));
    struct base_builder text;
    base_builder_init(&text, 4096);
    T_EQUAL_INT(quietly(trial_command_fmt, 3, (const char *[]){"fmt", "--diff", path}), 64);
    T_EQUAL_INT(trial_read_file(path, &text, NULL), 0);
    T_TRUE(base_slice_equal_str(base_builder_slice(&text), "scenario   \"a\"\n"));
    T_EQUAL_INT(chmod(path, 0640), 0);
    T_EQUAL_INT(quietly(trial_command_fmt, 2, (const char *[]){"fmt", folder}), 0);
    base_builder_reset(&text);
    T_EQUAL_INT(trial_read_file(path, &text, NULL), 0);
    T_TRUE(base_slice_equal_str(base_builder_slice(&text), "scenario \"a\"\n"));
    struct stat st;
    T_EQUAL_INT(stat(path, &st), 0);
    T_EQUAL_INT(st.st_mode & 0777, 0640);
    T_EQUAL_INT(quietly(trial_command_fmt, 3, (const char *[]){"fmt", "--diff", path}), 0);
    T_EQUAL_INT(quietly(trial_command_fmt, 1, (const char *[]){"fmt"}), 64);
    base_builder_clean_up(&text);
}

static void fmt_leaves_a_scenario_with_errors_alone(void) {
    char bad[256];
    struct base_builder text;
    path_of("bad.scn", bad, sizeof(bad));
    base_builder_init(&text, 4096);
    put_file("bad.scn", "scenario   \"b\"\nrun { stat x }\n");
    T_EQUAL_INT(quietly(trial_command_fmt, 2, (const char *[]){"fmt", bad}), 64);
    T_EQUAL_INT(trial_read_file(bad, &text, NULL), 0);
    T_TRUE(base_slice_equal_str(base_builder_slice(&text), "scenario   \"b\"\nrun { stat x }\n"));
    base_builder_clean_up(&text);
    (void)unlink(bad);
}

static void verbs_takes_no_argument(void) {
    T_EQUAL_INT(quietly(trial_command_verbs, 1, (const char *[]){"verbs"}), 0);
    T_EQUAL_INT(quietly(trial_command_verbs, 2, (const char *[]){"verbs", "x"}), 64);
    T_EQUAL_INT(quietly(trial_command_verbs, 2, (const char *[]){"verbs", "--help"}), 0);
}

static void a_diff_shows_what_differs_with_two_lines_around(void) {
    struct base_builder diff;
    base_builder_init(&diff, 4096);
    trial_diff_lines("a", "b", base_slice_str("1\n2\n3\n4\n5\n6\n7\n"),
                     base_slice_str("1\n2\n3\nx\n5\ny\n6\n7\n"), &diff);
    base_put_u8(&diff, 0);
    T_EQUAL_STR((const char *)diff.data,
                "--- a\n+++ b\n@@ -2,6 +2,7 @@\n 2\n 3\n-4\n+x\n 5\n+y\n 6\n 7\n");
    base_builder_reset(&diff);
    trial_diff_lines("a", "b", base_slice_str("same\n"), base_slice_str("same\n"), &diff);
    T_EQUAL_INT(diff.len, 0);
    trial_diff_lines("a", "b", base_slice_str(""), base_slice_str("new\n"), &diff);
    base_put_u8(&diff, 0);
    T_EQUAL_STR((const char *)diff.data, "--- a\n+++ b\n@@ -1,0 +1,1 @@\n+new\n");
    base_builder_clean_up(&diff);
}

CU_SuiteInfo *suite_lang_files(void) {
    static CU_TestInfo tests[] = {
        {"scenarios_of_a_folder_come_sorted", scenarios_of_a_folder_come_sorted},
        {"a_missing_path_is_an_error", a_missing_path_is_an_error},
        {"a_visitor_can_stop", a_visitor_can_stop},
        {"check_ends_0_or_64", check_ends_0_or_64},
        {"fmt_changes_what_is_not_canonical_and_diff_only_shows",
         fmt_changes_what_is_not_canonical_and_diff_only_shows},
        {"fmt_leaves_a_scenario_with_errors_alone", fmt_leaves_a_scenario_with_errors_alone},
        {"verbs_takes_no_argument", verbs_takes_no_argument},
        {"a_diff_shows_what_differs_with_two_lines_around",
         a_diff_shows_what_differs_with_two_lines_around},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"lang/files", NULL, NULL, set_up, tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
