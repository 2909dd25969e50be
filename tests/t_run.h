/* The main function of every CUnit program: runs suites, prints what fails and a closing line. */
#pragma once
#include <CUnit/CUnit.h>
#include <stddef.h>

typedef CU_SuiteInfo *(*t_suite_fn)(void);

/* Registers and runs the suites of all functions. Arguments of the program: none, or a part of a
 * test's name to run only the tests that contain it; --list prints the names.
 * Prints "N passed, N failed, 0 skipped" as its last line. Returns the exit status: 0 or 1. */
int t_run(const t_suite_fn *functions, size_t count, int argc, char **argv);

/* As CU_ASSERT_TRUE and friends, but with the actual values in the message, and usable as a
 * condition: if (!T_EQUAL_INT(a, b)) goto out; */
#define T_TRUE(condition) t_check(!!(condition), __LINE__, __FILE__, "%s", #condition)
#define T_EQUAL_INT(actual, expected)                                                             \
    t_equal_int((long long)(actual), (long long)(expected), __LINE__, __FILE__, #actual)
#define T_EQUAL_STR(actual, expected) t_equal_str((actual), (expected), __LINE__, __FILE__, #actual)
#define T_EQUAL_BYTES(actual, actual_len, expected, expected_len)                                 \
    t_equal_bytes((actual), (actual_len), (expected), (expected_len), __LINE__, __FILE__, #actual)

int t_check(int ok, int line, const char *file, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
int t_equal_int(long long actual, long long expected, int line, const char *file,
                const char *what);
int t_equal_str(const char *actual, const char *expected, int line, const char *file,
                const char *what);
int t_equal_bytes(const void *actual, size_t actual_len, const void *expected, size_t expected_len,
                  int line, const char *file, const char *what);
