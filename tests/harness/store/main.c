/* Runs the tests of harness/store. */
#include "suites.h"
#include "t_run.h"

int main(int argc, char **argv) {
    static const t_suite_fn suites[] = {suite_store_sqlite, suite_store_dump};
    return t_run(suites, sizeof(suites) / sizeof(suites[0]), argc, argv);
}
