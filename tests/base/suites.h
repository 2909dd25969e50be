/* The suites of the tests of src/base, one function a file. */
#pragma once
#include <CUnit/CUnit.h>

CU_SuiteInfo *suite_base_arena(void);
CU_SuiteInfo *suite_base_builder(void);
CU_SuiteInfo *suite_base_clock(void);
CU_SuiteInfo *suite_base_crc32c(void);
CU_SuiteInfo *suite_base_error(void);
CU_SuiteInfo *suite_base_memory(void);
CU_SuiteInfo *suite_base_reader(void);
CU_SuiteInfo *suite_base_slice(void);
CU_SuiteInfo *suite_base_text(void);
