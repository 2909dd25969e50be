/* Runs the tests of the judges. */
#include "suites.h"
#include "t_run.h"


int main(int argc, char **argv) {
    static const t_suite_fn functions[] = {
        suite_check_history,     suite_check_automaton,   suite_check_writer,
        suite_check_client,      suite_check_secrets,     suite_check_expect,
        suite_check_linear,      suite_check_compaction,  suite_check_compacted,
        suite_check_transaction, suite_check_incarnation,
        suite_check_copies,
    };
    return t_run(functions, sizeof(functions) / sizeof(functions[0]), argc, argv);
}
