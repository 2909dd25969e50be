/* The test program of src/base. */
#include "suites.h"
#include "t_run.h"


int main(int argc, char **argv) {
    static const t_suite_fn functions[] = {
        suite_base_arena,  suite_base_builder, suite_base_clock,
        suite_base_crc32c, suite_base_error,   suite_base_memory,
        suite_base_reader, suite_base_slice,   suite_base_text,
    };
    return t_run(functions, sizeof(functions) / sizeof(functions[0]), argc, argv);
}
