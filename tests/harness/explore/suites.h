/* The suites of this test program. */
#pragma once
#include <CUnit/CUnit.h>

CU_SuiteInfo *suite_explore_capture(void);
CU_SuiteInfo *suite_explore_views(void);
CU_SuiteInfo *suite_explore_view_log(void);
