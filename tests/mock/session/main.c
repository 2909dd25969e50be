/* Runs the tests of mock/session. */
#include "suites.h"
#include "t_run.h"

int main(int argc, char **argv) {
    const t_suite_fn suites[] = {suite_mock_session, suite_mock_session_cache};
    return t_run(suites, sizeof(suites) / sizeof(suites[0]), argc, argv);
}
