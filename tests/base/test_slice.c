/* Tests of slices: null, empty and equal are three things. */
#include "base/slice.h"
#include "suites.h"
#include "t_run.h"

static void null_is_not_empty(void) {
    T_TRUE(base_slice_is_null(BASE_SLICE_NULL));
    T_TRUE(base_slice_is_null(base_slice_str(NULL)));
    T_TRUE(!base_slice_is_null(base_slice_str("")));
    T_TRUE(!base_slice_equal(BASE_SLICE_NULL, base_slice_str("")));
    T_TRUE(!base_slice_equal(base_slice_str(""), BASE_SLICE_NULL));
    T_TRUE(base_slice_equal(BASE_SLICE_NULL, BASE_SLICE_NULL));
}

static void equal_means_same_length_and_bytes(void) {
    T_TRUE(base_slice_equal(base_slice_of("a\0b", 3), base_slice_of("a\0b", 3)));
    T_TRUE(!base_slice_equal(base_slice_of("a\0b", 3), base_slice_of("a\0c", 3)));
    T_TRUE(!base_slice_equal(base_slice_of("ab", 2), base_slice_of("abc", 3)));
    T_TRUE(base_slice_equal(base_slice_of("x", 0), base_slice_of("y", 0)));
}

static void a_slice_compares_with_text(void) {
    T_TRUE(base_slice_equal_str(base_slice_of("topic", 5), "topic"));
    T_TRUE(!base_slice_equal_str(base_slice_of("topic", 4), "topic"));
    T_TRUE(!base_slice_equal_str(BASE_SLICE_NULL, ""));
}

CU_SuiteInfo *suite_base_slice(void) {
    static CU_TestInfo tests[] = {
        {"null_is_not_empty", null_is_not_empty},
        {"equal_means_same_length_and_bytes", equal_means_same_length_and_bytes},
        {"a_slice_compares_with_text", a_slice_compares_with_text},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"base/slice", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
