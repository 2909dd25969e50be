/* Runs the tests of mock/log. */
#include "suites.h"
#include "t_run.h"

int main(int argc, char **argv) {
    const t_suite_fn suites[] = {
        suite_mock_log_stored_batch,   suite_mock_log_log,     suite_mock_log_producer,
        suite_mock_log_config,         suite_mock_log_segment, suite_mock_log_cleanable,
        suite_mock_log_filter,         suite_mock_log_cleaner, suite_mock_log_cleaner_txn,
        suite_mock_log_cleaner_random, suite_mock_log_load,    suite_mock_log_producer_txn,
        suite_mock_log_epochs,         suite_mock_log_memory,
    };
    return t_run(suites, sizeof(suites) / sizeof(suites[0]), argc, argv);
}
