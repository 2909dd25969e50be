/* Runs the tests of reports. */
#include "suites.h"
#include "t_run.h"

int main(int argc, char **argv) {
    static const t_suite_fn functions[] = {suite_report};
    return t_run(functions, sizeof(functions) / sizeof(functions[0]), argc, argv);
}
