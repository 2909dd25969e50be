/* Runs the tests of mock/log. */
#include "suites.h"
#include "t_run.h"

int main(int argc, char **argv) {
    const t_suite_fn suites[] = {
        suite_mock_log_stored_batch,
        suite_mock_log_log,
        suite_mock_log_producer,
    };
    return t_run(suites, sizeof(suites) / sizeof(suites[0]), argc, argv);
}
