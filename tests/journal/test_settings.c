/* Tests of the settings: the table, and what is refused. */
#include "client/settings.h"

#include <string.h>

#include "suites.h"
#include "t_run.h"

static int check(const char *name, const char *value, enum journal_side side,
                 struct base_error *err) {
    struct journal_pair pair = {name, value};
    return journal_settings_check((struct journal_settings){&pair, 1}, side, err);
}

static void every_default_is_an_accepted_value(void) {
    size_t count = 0;
    const struct journal_setting *table = journal_setting_table(&count);
    T_TRUE(count > 5);
    for (size_t i = 0; i < count; i++) {
        enum journal_side side = table[i].sides & JOURNAL_SIDE_WRITER ? JOURNAL_SIDE_WRITER
                                                                      : JOURNAL_SIDE_CLIENT;
        struct base_error err = BASE_ERROR_INIT;
        (void)!check(table[i].name, table[i].fallback, side, &err);
        T_EQUAL_STR(err.text, "");
        T_TRUE(journal_setting_find(table[i].name) == &table[i]);
    }
}

static void the_users_value_wins_and_the_last_of_two(void) {
    struct journal_pair pairs[] = {{"journal.batch.size", "3"}, {"journal.batch.size", "4"}};
    struct journal_settings none = {NULL, 0};
    struct journal_settings two = {pairs, 2};
    T_EQUAL_INT(journal_settings_integer(none, "journal.batch.size"), 200);
    T_EQUAL_INT(journal_settings_integer(two, "journal.batch.size"), 4);
    T_TRUE(journal_settings_flag(none, "journal.validate"));
}

static void wrong_values_are_refused_and_the_accepted_ones_named(void) {
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(check("journal.on.eof", "halt", JOURNAL_SIDE_CLIENT, &err), BASE_USAGE);
    T_TRUE(strstr(err.text, "continue | stop | restart") != NULL);
    T_EQUAL_INT(check("journal.on.eof", "", JOURNAL_SIDE_CLIENT, &err), BASE_USAGE);
    T_EQUAL_INT(check("journal.on.eof", "sto", JOURNAL_SIDE_CLIENT, &err), BASE_USAGE);
    T_EQUAL_INT(check("journal.batch.size", "0", JOURNAL_SIDE_CLIENT, &err), BASE_USAGE);
    T_EQUAL_INT(check("journal.batch.size", "3x", JOURNAL_SIDE_CLIENT, &err), BASE_USAGE);
    T_EQUAL_INT(check("journal.batch.size", "", JOURNAL_SIDE_CLIENT, &err), BASE_USAGE);
    T_EQUAL_INT(check("journal.batch.size", "99999999999999999999", JOURNAL_SIDE_CLIENT, &err),
                BASE_USAGE);
    T_EQUAL_INT(check("journal.validate", "yes", JOURNAL_SIDE_CLIENT, &err), BASE_USAGE);
    T_EQUAL_INT(check("journal.nothing", "1", JOURNAL_SIDE_CLIENT, &err), BASE_USAGE);
}

static void a_setting_of_the_other_side_is_refused(void) {
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(check("journal.batch.size", "3", JOURNAL_SIDE_WRITER, &err), BASE_USAGE);
    T_EQUAL_INT(check("journal.flush.timeout.ms", "3", JOURNAL_SIDE_CLIENT, &err), BASE_USAGE);
}

static void what_the_promises_rest_on_cannot_be_set(void) {
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(check("enable.auto.commit", "true", JOURNAL_SIDE_CLIENT, &err), BASE_USAGE);
    T_EQUAL_INT(check("enable.auto.offset.store", "true", JOURNAL_SIDE_CLIENT, &err), BASE_USAGE);
    T_EQUAL_INT(check("transactional.id", "t", JOURNAL_SIDE_WRITER, &err), 0);
    T_EQUAL_INT(check("transactional.id", "t", JOURNAL_SIDE_CLIENT, &err), BASE_USAGE);
}

CU_SuiteInfo *suite_journal_settings(void) {
    static CU_TestInfo tests[] = {
        {"every_default_is_an_accepted_value", every_default_is_an_accepted_value},
        {"the_users_value_wins_and_the_last_of_two", the_users_value_wins_and_the_last_of_two},
        {"wrong_values_are_refused_and_the_accepted_ones_named",
         wrong_values_are_refused_and_the_accepted_ones_named},
        {"a_setting_of_the_other_side_is_refused", a_setting_of_the_other_side_is_refused},
        {"what_the_promises_rest_on_cannot_be_set", what_the_promises_rest_on_cannot_be_set},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"journal settings", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
