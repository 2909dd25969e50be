/* The suites of the tests of libjournal, one function a file. */
#pragma once
#include <CUnit/CUnit.h>

CU_SuiteInfo *suite_journal_agreement(void);
CU_SuiteInfo *suite_journal_client(void);
CU_SuiteInfo *suite_journal_codec(void);
CU_SuiteInfo *suite_journal_copier(void);
CU_SuiteInfo *suite_journal_intent(void);
CU_SuiteInfo *suite_journal_record(void);
CU_SuiteInfo *suite_journal_settings(void);
CU_SuiteInfo *suite_journal_store(void);
CU_SuiteInfo *suite_journal_transaction(void);
CU_SuiteInfo *suite_journal_writer(void);
