/* Runs the tests of mock/group. */
#include "suites.h"
#include "t_run.h"

int main(int argc, char **argv) {
    const t_suite_fn suites[] = {
        suite_mock_group_round,      suite_mock_group_member,    suite_mock_group_static,
        suite_mock_group_time,       suite_mock_group_offset,    suite_mock_group_memory,
        suite_mock_group_admin,      suite_mock_group_assign,    suite_mock_group_consumer,
        suite_mock_group_txn_offset, suite_mock_group_migration,
    };
    return t_run(suites, sizeof(suites) / sizeof(suites[0]), argc, argv);
}
