/* The suites of this folder. */
#pragma once
#include <CUnit/CUnit.h>

CU_SuiteInfo *suite_run_guard(void);
CU_SuiteInfo *suite_run_process(void);
CU_SuiteInfo *suite_run_plan(void);
CU_SuiteInfo *suite_run_actor(void);
CU_SuiteInfo *suite_run_steps(void);
CU_SuiteInfo *suite_run_admin(void);
CU_SuiteInfo *suite_run_command(void);
CU_SuiteInfo *suite_run_serve(void);
CU_SuiteInfo *suite_run_shortage(void);
