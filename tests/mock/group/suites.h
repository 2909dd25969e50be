/* The suites of mock/group, one function a test file. */
#pragma once
#include <CUnit/CUnit.h>

CU_SuiteInfo *suite_mock_group_round(void);
CU_SuiteInfo *suite_mock_group_member(void);
CU_SuiteInfo *suite_mock_group_static(void);
CU_SuiteInfo *suite_mock_group_time(void);
CU_SuiteInfo *suite_mock_group_offset(void);
CU_SuiteInfo *suite_mock_group_memory(void);
CU_SuiteInfo *suite_mock_group_txn_offset(void);
CU_SuiteInfo *suite_mock_group_admin(void);
CU_SuiteInfo *suite_mock_group_assign(void);
CU_SuiteInfo *suite_mock_group_consumer(void);
CU_SuiteInfo *suite_mock_group_migration(void);
