/* Tests of errors as values. */
#include <string.h>

#include "base/error.h"
#include "suites.h"
#include "t_run.h"

static void failing_sets_code_and_sentence_and_returns_the_code(void) {
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(base_fail(&err, BASE_SHORT, "%d bytes of %s", 3, "header"), BASE_SHORT);
    T_EQUAL_INT(err.code, BASE_SHORT);
    T_EQUAL_STR(err.text, "3 bytes of header");
}

static void without_an_error_object_only_the_code_is_returned(void) {
    T_EQUAL_INT(base_fail(NULL, BASE_IO, "x"), BASE_IO);
    T_EQUAL_INT(base_fail_within(NULL, BASE_LIMIT, "x"), BASE_LIMIT);
}

static void context_goes_in_front_and_keeps_the_first_code(void) {
    struct base_error err = BASE_ERROR_INIT;
    int code = base_fail(&err, BASE_NOT_FOUND, "no topic \"%s\"", "rev");
    T_EQUAL_INT(base_fail_within(&err, code, "fetch of %s", "c1"), BASE_NOT_FOUND);
    T_EQUAL_INT(base_fail_within(&err, BASE_IO, "replay"), BASE_NOT_FOUND);
    T_EQUAL_INT(err.code, BASE_NOT_FOUND);
    T_EQUAL_STR(err.text, "replay: fetch of c1: no topic \"rev\"");
}

/* A sentence that was cut ends in an ellipsis and in the terminating zero, and is full. */
static void check_cut(const struct base_error *err) {
    T_EQUAL_INT(strlen(err->text), BASE_ERROR_TEXT_BYTES - 1);
    T_EQUAL_STR(err->text + BASE_ERROR_TEXT_BYTES - 4, "\xe2\x80\xa6");
}

static void a_sentence_that_is_too_long_says_so(void) {
    char text[BASE_ERROR_TEXT_BYTES + 1];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    struct base_error err = BASE_ERROR_INIT;
    base_fail(&err, BASE_USAGE, "%s", text);
    check_cut(&err);

    text[BASE_ERROR_TEXT_BYTES - 1] = '\0'; /* the longest that fits */
    base_fail(&err, BASE_USAGE, "%s", text);
    T_EQUAL_STR(err.text, text);
}

static void context_that_makes_it_too_long_says_so(void) {
    char text[BASE_ERROR_TEXT_BYTES + 1];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    struct base_error err = BASE_ERROR_INIT;
    base_fail(&err, BASE_USAGE, "%s", text + 10);
    base_fail_within(&err, BASE_USAGE, "a scenario");
    check_cut(&err);
    T_TRUE(strncmp(err.text, "a scenario: xxx", 15) == 0);

    base_fail(&err, BASE_USAGE, "inner");
    base_fail_within(&err, BASE_USAGE, "%s", text);
    check_cut(&err);
}

static void every_code_has_a_name_of_its_own(void) {
    for (int a = BASE_STATE; a <= BASE_OK; a++) {
        const char *name = base_code_to_str(a);
        T_TRUE(name && *name);
        T_TRUE(strcmp(name, base_code_to_str(1)) != 0);
        for (int b = BASE_STATE; b < a; b++) {
            T_TRUE(strcmp(name, base_code_to_str(b)) != 0);
        }
    }
}

static void an_unknown_code_has_a_name_too(void) {
    T_EQUAL_STR(base_code_to_str(1), "unknown error");
    T_EQUAL_STR(base_code_to_str(-1000), "unknown error");
}

CU_SuiteInfo *suite_base_error(void) {
    static CU_TestInfo tests[] = {
        {"failing_sets_code_and_sentence_and_returns_the_code",
         failing_sets_code_and_sentence_and_returns_the_code},
        {"without_an_error_object_only_the_code_is_returned",
         without_an_error_object_only_the_code_is_returned},
        {"context_goes_in_front_and_keeps_the_first_code",
         context_goes_in_front_and_keeps_the_first_code},
        {"a_sentence_that_is_too_long_says_so", a_sentence_that_is_too_long_says_so},
        {"context_that_makes_it_too_long_says_so", context_that_makes_it_too_long_says_so},
        {"every_code_has_a_name_of_its_own", every_code_has_a_name_of_its_own},
        {"an_unknown_code_has_a_name_too", an_unknown_code_has_a_name_too},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"base/error", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
