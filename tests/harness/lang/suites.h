/* The suites of the tests of harness/lang, one function a file. */
#pragma once
#include <CUnit/CUnit.h>

CU_SuiteInfo *suite_lang_bind(void);
CU_SuiteInfo *suite_lang_check(void);
CU_SuiteInfo *suite_lang_files(void);
CU_SuiteInfo *suite_lang_parse(void);
CU_SuiteInfo *suite_lang_print(void);
CU_SuiteInfo *suite_lang_words(void);
