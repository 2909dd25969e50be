/* The test program of harness/lang. */
#include "suites.h"
#include "t_run.h"

int main(int argc, char **argv) {
    static const t_suite_fn functions[] = {
        suite_lang_bind,  suite_lang_check, suite_lang_files,
        suite_lang_parse, suite_lang_print, suite_lang_words,
    };
    return t_run(functions, sizeof(functions) / sizeof(functions[0]), argc, argv);
}
