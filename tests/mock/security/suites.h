/* The suites of mock/security, one function a test file. */
#pragma once
#include <CUnit/CUnit.h>

CU_SuiteInfo *suite_mock_security_acl(void);
CU_SuiteInfo *suite_mock_security_scram(void);
CU_SuiteInfo *suite_mock_security_sasl(void);
CU_SuiteInfo *suite_mock_security_users(void);
