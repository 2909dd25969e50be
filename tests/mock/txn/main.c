/* Runs the tests of mock/txn. */
#include "suites.h"
#include "t_run.h"

int main(int argc, char **argv) {
    const t_suite_fn suites[] = {
        suite_mock_txn_init,
        suite_mock_txn_end,
        suite_mock_txn_partition,
        suite_mock_txn_time,
    };
    return t_run(suites, sizeof(suites) / sizeof(suites[0]), argc, argv);
}
