/* Stores that a command dumps as JSON lines. */
#include <signal.h>
#include <string.h>

#include "base/builder.h"
#include "harness/store/store.h"
#include "suites.h"
#include "t_run.h"

struct told {
    pid_t began;
    pid_t gone;
};

static void told_group(void *arg, pid_t group, bool started) {
    struct told *told = arg;
    *(started ? &told->began : &told->gone) = group;
}

static int put_row(void *arg, const struct trial_store_row *row, struct base_error *err) {
    struct base_builder *text = arg;
    base_put_slice(text, row->key);
    base_put_str(text, base_slice_is_null(row->value) ? "-" : "=");
    base_put_slice(text, row->value);
    base_put_str(text, ";");
    return 0;
}

/* Runs the command; its rows as text, or the error's code. */
static int dump(const char *command, int64_t timeout_ms, struct base_builder *text,
                struct told *told, struct base_error *err) {
    struct trial_store_options options = TRIAL_STORE_OPTIONS_INIT;
    options.source = TRIAL_SOURCE_COMMAND;
    options.command = command;
    options.timeout_ms = timeout_ms;
    options.group = told_group;
    options.group_arg = told;
    struct trial_store_reader *reader = NULL;
    int result = trial_store_reader_new(&options, &reader, err);
    result = result == 0 ? trial_store_rows(reader, put_row, text, err) : result;
    trial_store_reader_free(reader);
    return result;
}

static void expect_rows(const char *command, const char *rows) {
    struct base_builder text;
    base_builder_init(&text, 4096);
    struct told told = {0};
    struct base_error err = BASE_ERROR_INIT;
    int result = dump(command, 10000, &text, &told, &err);
    t_check(result == 0, __LINE__, __FILE__, "%s: %s", command, err.text);
    base_put_u8(&text, 0);
    T_EQUAL_STR((const char *)text.data, rows);
    T_TRUE(told.began > 0 && told.began == told.gone);
    base_builder_clean_up(&text);
}

static void expect_error(const char *command, int64_t timeout_ms, int code, const char *words) {
    struct base_builder text;
    base_builder_init(&text, 4096);
    struct told told = {0};
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(dump(command, timeout_ms, &text, &told, &err), code);
    t_check(strstr(err.text, words) != NULL, __LINE__, __FILE__, "no '%s' in '%s'", words,
            err.text);
    T_TRUE(kill(told.began, 0) != 0);
    base_builder_clean_up(&text);
}

static void lines_become_rows(void) {
    expect_rows("printf '{\"key\":\"a\",\"value\":\"b\"}\\n\\n{\"value\":null,\"key\":\"c\"}\\n'",
                "a=b;c-;");
}

static void bytes_may_be_base64(void) {
    expect_rows("echo '{\"key\":{\"base64\":\"YQ==\"},\"value\":{\"base64\":\"/2I=\"}}'",
                "a=\xff" "b;");
}

static void other_json_is_its_text(void) {
    expect_rows("echo '{\"key\":7,\"value\":{\"b\": 1, \"a\": [2]}}'", "7={\"a\":[2],\"b\":1};");
}

static void the_last_line_may_lack_its_end(void) {
    expect_rows("printf '{\"key\":\"a\",\"value\":\"b\"}'", "a=b;");
}

static void no_line_is_no_row(void) {
    expect_rows("true", "");
}

static void a_line_that_is_no_row_is_named(void) {
    expect_error("printf '{\"key\":\"a\",\"value\":\"b\"}\\nnonsense\\n'", 10000, BASE_MALFORMED,
                 "line 2");
    expect_error("echo '{\"value\":\"b\"}'", 10000, BASE_MALFORMED, "line 1");
    expect_error("echo '{\"key\":{\"base64\":\"?\"},\"value\":1}'", 10000, BASE_MALFORMED, "line "
    "1");
}

static void a_command_that_fails_is_an_error(void) {
    expect_error("exit 3", 10000, BASE_IO, "status 3");
    expect_error("/nowhere/no-such-command 2>/dev/null", 10000, BASE_IO, "status 127");
}

static void a_command_that_hangs_is_killed_with_its_children(void) {
    expect_error("cat /dev/zero | head -c 0; tail -f /dev/null & tail -f /dev/null", 100, BASE_IO,
                 "gave nothing");
}

CU_SuiteInfo *suite_store_dump(void) {
    static CU_TestInfo tests[] = {
        {"lines_become_rows", lines_become_rows},
        {"bytes_may_be_base64", bytes_may_be_base64},
        {"other_json_is_its_text", other_json_is_its_text},
        {"the_last_line_may_lack_its_end", the_last_line_may_lack_its_end},
        {"no_line_is_no_row", no_line_is_no_row},
        {"a_line_that_is_no_row_is_named", a_line_that_is_no_row_is_named},
        {"a_command_that_fails_is_an_error", a_command_that_fails_is_an_error},
        {"a_command_that_hangs_is_killed_with_its_children",
         a_command_that_hangs_is_killed_with_its_children},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {{"store dump", NULL, NULL, NULL, NULL, tests},
                                    CU_SUITE_INFO_NULL};
    return suites;
}
