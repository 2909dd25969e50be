/* The suites of this folder. */
#pragma once
#include <CUnit/CUnit.h>

CU_SuiteInfo *suite_store_sqlite(void);
CU_SuiteInfo *suite_store_dump(void);
