/* Runs the tests of harness/run. */
#include <signal.h>

#include "suites.h"
#include "t_run.h"

int main(int argc, char **argv) {
    static const t_suite_fn suites[] = {
        suite_run_guard, suite_run_process, suite_run_plan,    suite_run_actor,
        suite_run_steps, suite_run_admin,   suite_run_command, suite_run_serve,
        suite_run_shortage,
    };
    (void)signal(SIGPIPE, SIG_IGN);
    return t_run(suites, sizeof(suites) / sizeof(suites[0]), argc, argv);
}
