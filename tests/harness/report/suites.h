/* The suite of this test program. */
#pragma once
#include <CUnit/CUnit.h>

CU_SuiteInfo *suite_report(void);
