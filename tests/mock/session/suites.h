/* The suites of mock/session, one function a test file. */
#pragma once
#include <CUnit/CUnit.h>

CU_SuiteInfo *suite_mock_session(void);
CU_SuiteInfo *suite_mock_session_cache(void);
