/* The main function of every CUnit program: see t_run.h. */
#include "t_run.h"

#include <CUnit/Automated.h>
#include <CUnit/TestRun.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_failures(const CU_pFailureRecord first) {
    for (CU_pFailureRecord f = first; f; f = f->pNext) {
        printf("FAILED %s / %s\n    %s:%u: %s\n", f->pSuite ? f->pSuite->pName : "?",
               f->pTest ? f->pTest->pName : "(set-up)", f->strFileName, f->uiLineNumber,
               f->strCondition);
    }
}

static void deactivate_others(const char *part) {
    CU_pTestRegistry registry = CU_get_registry();
    for (CU_pSuite s = registry->pSuite; s; s = s->pNext) {
        for (CU_pTest t = s->pTest; t; t = t->pNext) {
            if (!strstr(t->pName, part) && !strstr(s->pName, part)) {
                CU_set_test_active(t, CU_FALSE);
            }
        }
    }
}

static void list_tests(void) {
    CU_pTestRegistry registry = CU_get_registry();
    for (CU_pSuite s = registry->pSuite; s; s = s->pNext) {
        for (CU_pTest t = s->pTest; t; t = t->pNext) {
            printf("%s / %s\n", s->pName, t->pName);
        }
    }
}

static const char help[] =
    "usage: TEST-PROGRAM [PART | --list]\n"
    "Runs its tests, or those whose name, or whose suite's name, contains PART.\n"
    "Exit status: 0 all passed, 1 one failed, or there was none, 64 a mistake in the call.\n";

int t_run(const t_suite_fn *functions, size_t count, int argc, char **argv) {
    bool is_help = argc == 2 && strcmp(argv[1], "--help") == 0;
    bool is_list = argc == 2 && strcmp(argv[1], "--list") == 0;
    if (is_help || argc > 2 || (argc == 2 && argv[1][0] == '-' && !is_list)) {
        fputs(help, is_help ? stdout : stderr);
        return is_help ? 0 : 64;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (CU_initialize_registry() != CUE_SUCCESS) {
        fprintf(stderr, "CUnit: %s\n", CU_get_error_msg());
        return 1;
    }
    CU_set_error_action(CUEA_IGNORE);
    CU_set_fail_on_inactive(CU_FALSE);
    for (size_t i = 0; i < count; i++) {
        if (CU_register_suites(functions[i]()) != CUE_SUCCESS) {
            fprintf(stderr, "CUnit: %s\n", CU_get_error_msg());
            CU_cleanup_registry();
            return 1;
        }
    }
    if (is_list) {
        list_tests();
        CU_cleanup_registry();
        return 0;
    }
    if (argc > 1) {
        deactivate_others(argv[1]);
    }
    CU_run_all_tests();
    print_failures(CU_get_failure_list());
    unsigned failed = CU_get_number_of_tests_failed() + CU_get_number_of_suites_failed();
    unsigned ran = CU_get_number_of_tests_run();
    printf("%u passed, %u failed, 0 skipped\n", ran - CU_get_number_of_tests_failed(), failed);
    CU_cleanup_registry();
    return failed || ran == 0 ? 1 : 0;
}

int t_check(int ok, int line, const char *file, const char *format, ...) {
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    CU_assertImplementation(ok ? CU_TRUE : CU_FALSE, (unsigned)line, text, file, "", CU_FALSE);
    return ok;
}

int t_equal_int(long long actual, long long expected, int line, const char *file,
                const char *what) {
    return t_check(actual == expected, line, file, "%s is %lld, expected %lld", what, actual,
                   expected);
}

int t_equal_str(const char *actual, const char *expected, int line, const char *file,
                const char *what) {
    int same = actual && expected ? strcmp(actual, expected) == 0 : actual == expected;
    return t_check(same, line, file, "%s is \"%s\", expected \"%s\"", what,
                   actual ? actual : "(null)", expected ? expected : "(null)");
}

int t_equal_bytes(const void *actual, size_t actual_len, const void *expected, size_t expected_len,
                  int line, const char *file, const char *what) {
    if (actual_len != expected_len) {
        return t_check(0, line, file, "%s has %zu bytes, expected %zu", what, actual_len,
                       expected_len);
    }
    const unsigned char *a = actual;
    const unsigned char *e = expected;
    for (size_t i = 0; i < actual_len; i++) {
        if (a[i] != e[i]) {
            return t_check(0, line, file, "%s[%zu] is %02x, expected %02x", what, i, a[i], e[i]);
        }
    }
    return t_check(1, line, file, "%s", what);
}
