/* Runs the tests of mock/security. */
#include "suites.h"
#include "t_run.h"

int main(int argc, char **argv) {
    const t_suite_fn suites[] = {
        suite_mock_security_acl,
        suite_mock_security_scram,
        suite_mock_security_sasl,
        suite_mock_security_users,
    };
    return t_run(suites, sizeof(suites) / sizeof(suites[0]), argc, argv);
}
