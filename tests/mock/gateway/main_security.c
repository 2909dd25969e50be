/* Runs the tests of the broker's TLS and rights: a program of its own, to run beside the others. */
#include <CUnit/CUnit.h>
#include <signal.h>

#include "t_run.h"

CU_SuiteInfo *suite_mock_gateway_tls(void);

int main(int argc, char **argv) {
    const t_suite_fn suites[] = {
        suite_mock_gateway_tls,
    };
    signal(SIGPIPE, SIG_IGN);
    return t_run(suites, sizeof(suites) / sizeof(suites[0]), argc, argv);
}
