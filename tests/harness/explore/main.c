/* Runs the tests of the explorer. */
#include "suites.h"
#include "t_run.h"

int main(int argc, char **argv) {
    static const t_suite_fn functions[] = {suite_explore_capture, suite_explore_views,
                                           suite_explore_view_log};
    return t_run(functions, sizeof(functions) / sizeof(functions[0]), argc, argv);
}
