/* The test program of libjournal. */
#include "suites.h"
#include "t_run.h"

int main(int argc, char **argv) {
    static const t_suite_fn functions[] = {
        suite_journal_codec, suite_journal_settings, suite_journal_intent, suite_journal_record,
        suite_journal_store, suite_journal_writer,   suite_journal_client,
        suite_journal_agreement, suite_journal_transaction, suite_journal_copier,
    };
    return t_run(functions, sizeof(functions) / sizeof(functions[0]), argc, argv);
}
