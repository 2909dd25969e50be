/* Runs the tests of the broker: mock/gateway, mock/fault, mock/cluster.c and mock/settings.c. */
#include <signal.h>

#include "suites.h"
#include "t_run.h"

int main(int argc, char **argv) {
    const t_suite_fn suites[] = {
        suite_mock_gateway_gaps,
        suite_mock_gateway_racks,
        suite_mock_gateway_frames,
        suite_mock_gateway_produce,
        suite_mock_gateway_fetch,
        suite_mock_gateway_borrowed,
        suite_mock_gateway_offsets,
        suite_mock_gateway_cluster,
        suite_mock_gateway_group,
        suite_mock_gateway_consumer_group,
        suite_mock_gateway_action,
        suite_mock_gateway_match,
        suite_mock_gateway_crash,
        suite_mock_gateway_settings,
        suite_mock_gateway_clients,
        suite_mock_gateway_clean,
        suite_mock_gateway_limits,
        suite_mock_gateway_shortage,
        suite_mock_gateway_sasl,
        suite_mock_gateway_replicas,
        suite_mock_gateway_admin,
        suite_mock_gateway_topic_deletion,
        suite_mock_gateway_txn,
        suite_mock_gateway_txn_clients,
        suite_mock_gateway_hints,
        suite_mock_gateway_sessions,
        suite_mock_gateway_txn_replicas,
    };
    signal(SIGPIPE, SIG_IGN);
    return t_run(suites, sizeof(suites) / sizeof(suites[0]), argc, argv);
}
