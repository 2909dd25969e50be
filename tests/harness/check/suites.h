/* The suites of this test program. */
#pragma once
#include <CUnit/CUnit.h>

CU_SuiteInfo *suite_check_history(void);
CU_SuiteInfo *suite_check_automaton(void);
CU_SuiteInfo *suite_check_writer(void);
CU_SuiteInfo *suite_check_client(void);
CU_SuiteInfo *suite_check_secrets(void);
CU_SuiteInfo *suite_check_expect(void);
CU_SuiteInfo *suite_check_linear(void);
CU_SuiteInfo *suite_check_compaction(void);
CU_SuiteInfo *suite_check_compacted(void);
CU_SuiteInfo *suite_check_transaction(void);
CU_SuiteInfo *suite_check_incarnation(void);
CU_SuiteInfo *suite_check_copies(void);
