/* The suites of test-examples. */
#pragma once
#include "t_run.h"

CU_SuiteInfo *suite_examples_stable(void);
CU_SuiteInfo *suite_examples_decisive(void);
CU_SuiteInfo *suite_examples_negated(void);
