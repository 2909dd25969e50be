/* Runs the tests of mock/replica. */
#include <CUnit/CUnit.h>

#include "t_run.h"

CU_SuiteInfo *suite_mock_replica_replicas(void);

int main(int argc, char **argv) {
    const t_suite_fn suites[] = {suite_mock_replica_replicas};
    return t_run(suites, sizeof(suites) / sizeof(suites[0]), argc, argv);
}
