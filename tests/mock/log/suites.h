/* The suites of mock/log, one function a test file. */
#pragma once
#include <CUnit/CUnit.h>

CU_SuiteInfo *suite_mock_log_stored_batch(void);
CU_SuiteInfo *suite_mock_log_log(void);
CU_SuiteInfo *suite_mock_log_producer(void);
