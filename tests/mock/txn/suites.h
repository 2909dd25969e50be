/* The suites of mock/txn, one function a test file. */
#pragma once
#include <CUnit/CUnit.h>

CU_SuiteInfo *suite_mock_txn_init(void);
CU_SuiteInfo *suite_mock_txn_end(void);
CU_SuiteInfo *suite_mock_txn_partition(void);
CU_SuiteInfo *suite_mock_txn_time(void);
