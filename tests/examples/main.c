/* Tests on the shipped examples: see CMakeLists.txt. */
#include "suites.h"

int main(int argc, char **argv) {
    static const t_suite_fn functions[] = {
        suite_examples_stable,
        suite_examples_decisive,
        suite_examples_negated,
    };
    return t_run(functions, sizeof(functions) / sizeof(functions[0]), argc, argv);
}
