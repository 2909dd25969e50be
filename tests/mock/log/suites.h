/* The suites of mock/log, one function a test file. */
#pragma once
#include <CUnit/CUnit.h>

CU_SuiteInfo *suite_mock_log_stored_batch(void);
CU_SuiteInfo *suite_mock_log_epochs(void);
CU_SuiteInfo *suite_mock_log_log(void);
CU_SuiteInfo *suite_mock_log_memory(void);
CU_SuiteInfo *suite_mock_log_load(void);
CU_SuiteInfo *suite_mock_log_producer(void);
CU_SuiteInfo *suite_mock_log_producer_txn(void);
CU_SuiteInfo *suite_mock_log_config(void);
CU_SuiteInfo *suite_mock_log_segment(void);
CU_SuiteInfo *suite_mock_log_cleanable(void);
CU_SuiteInfo *suite_mock_log_filter(void);
CU_SuiteInfo *suite_mock_log_cleaner(void);
CU_SuiteInfo *suite_mock_log_cleaner_txn(void);
CU_SuiteInfo *suite_mock_log_cleaner_random(void);
