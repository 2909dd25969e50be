/* SQLite stores: read while they are written, and read from a copy where they must be. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "harness/store/store.h"
#include "suites.h"
#include "t_run.h"

static char folder[64];
static char path[96];
static char copy_path[96];
static sqlite3 *writer;
static struct trial_store_reader *reader;

static int must(sqlite3 *db, const char *sql) {
    char *why = NULL;
    int ok = sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK;
    if (!ok) {
        t_check(0, __LINE__, __FILE__, "%s: %s", sql, why);
    }
    sqlite3_free(why);
    return ok;
}

static void set_up(void) {
    (void)snprintf(folder, sizeof(folder), "/tmp/test-store-XXXXXX");
    T_TRUE(mkdtemp(folder) != NULL);
    (void)snprintf(path, sizeof(path), "%s/a%%b?c.sqlite", folder);
    (void)snprintf(copy_path, sizeof(copy_path), "%s/copy", folder);
    struct trial_store_options options = TRIAL_STORE_OPTIONS_INIT;
    options.source = TRIAL_SOURCE_SQLITE;
    options.path = path;
    options.copy_path = copy_path;
    T_EQUAL_INT(trial_store_reader_new(&options, &reader, NULL), 0);
    writer = NULL;
}

static void tear_down(void) {
    trial_store_reader_free(reader);
    (void)sqlite3_close(writer);
    char command[128];
    (void)snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    T_EQUAL_INT(system(command), 0);
}

static void open_writer(const char *journal_mode) {
    char pragma[64];
    T_EQUAL_INT(sqlite3_open(path, &writer), SQLITE_OK);
    (void)snprintf(pragma, sizeof(pragma), "pragma journal_mode = %s", journal_mode);
    must(writer, pragma);
    must(writer, "create table journal_object (topic text, key blob, value blob)");
}

static bool finds(const char *topic, const char *key, const char *value) {
    bool found = false;
    struct trial_store_row row = {0};
    struct base_error err = BASE_ERROR_INIT;
    int result =
        trial_store_lookup(reader, topic, base_slice_str(key), &found, &row, &err);
    T_EQUAL_INT(result, 0);
    return result == 0 && found && base_slice_equal_str(row.value, value);
}

static void a_database_that_is_not_there_has_no_rows(void) {
    T_TRUE(!finds(NULL, "k", "v"));
}

static void a_table_that_is_not_there_has_no_rows(void) {
    T_EQUAL_INT(sqlite3_open(path, &writer), SQLITE_OK);
    must(writer, "create table another (x)");
    T_TRUE(!finds(NULL, "k", "v"));
}

static void a_row_is_seen_as_soon_as_it_is_committed(void) {
    open_writer("wal");
    must(writer, "insert into journal_object values ('t', x'6b', x'76')");
    T_TRUE(finds("t", "k", "v"));
    must(writer, "begin");
    must(writer, "insert into journal_object values ('t', x'6c', x'77')");
    trial_store_refresh(reader);
    T_TRUE(!finds("t", "l", "w"));
    must(writer, "commit");
    trial_store_refresh(reader);
    T_TRUE(finds("t", "l", "w"));
}

static void lookups_between_two_refreshes_see_one_state(void) {
    open_writer("wal");
    must(writer, "insert into journal_object values ('t', x'6b', x'76')");
    T_TRUE(finds("t", "k", "v"));
    must(writer, "update journal_object set value = x'77'");
    T_TRUE(finds("t", "k", "v"));
    trial_store_refresh(reader);
    T_TRUE(finds("t", "k", "w"));
}

static void reading_never_blocks_the_writer(void) {
    open_writer("wal");
    must(writer, "insert into journal_object values ('t', x'6b', x'76')");
    T_TRUE(finds("t", "k", "v"));
    /* The reader's transaction is open. */
    T_TRUE(must(writer, "insert into journal_object values ('t', x'6c', x'77')"));
}

static void a_row_of_another_topic_is_not_the_row(void) {
    open_writer("wal");
    must(writer, "insert into journal_object values ('other', x'6b', x'76')");
    T_TRUE(!finds("t", "k", "v"));
    T_TRUE(finds("other", "k", "v"));
    T_TRUE(finds(NULL, "k", "v"));
}

static void a_key_that_is_stored_as_text_is_found(void) {
    open_writer("delete");
    must(writer, "insert into journal_object values ('t', 'k', 'v')");
    T_TRUE(finds("t", "k", "v"));
}

static int count_row(void *arg, const struct trial_store_row *row, struct base_error *err) {
    int *count = arg;
    (*count)++;
    return 0;
}

static void all_rows_are_read_at_the_end(void) {
    open_writer("wal");
    must(writer, "insert into journal_object values ('t', x'6b', x'76'), ('t', x'6c', null)");
    int count = 0;
    T_EQUAL_INT(trial_store_rows(reader, count_row, &count, NULL), 0);
    T_EQUAL_INT(count, 2);
}

static void a_missing_database_is_an_error_at_the_end(void) {
    int count = 0;
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(trial_store_rows(reader, count_row, &count, &err), BASE_NOT_FOUND);
    T_TRUE(strstr(err.text, "no database") != NULL);
}

static void a_query_without_a_value_column_is_refused(void) {
    open_writer("wal");
    struct trial_store_options options = TRIAL_STORE_OPTIONS_INIT;
    options.source = TRIAL_SOURCE_SQLITE;
    options.path = path;
    options.query = "select key, topic from journal_object";
    struct trial_store_reader *other = NULL;
    T_EQUAL_INT(trial_store_reader_new(&options, &other, NULL), 0);
    int count = 0;
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(trial_store_rows(other, count_row, &count, &err), BASE_USAGE);
    T_TRUE(strstr(err.text, "no column named value") != NULL);
    trial_store_reader_free(other);
}

struct cells {
    int count;
    bool has_secret;
};

static int see_cell(void *arg, const char *column, struct base_slice bytes,
                    struct base_error *err) {
    struct cells *cells = arg;
    cells->count++;
    cells->has_secret = cells->has_secret || (strcmp(column, "hidden.words") == 0 &&
                                              base_slice_equal_str(bytes, "secret"));
    return 0;
}

static void cells_of_every_table_are_seen(void) {
    open_writer("wal");
    must(writer, "insert into journal_object values ('t', x'6b', x'76')");
    must(writer, "create table hidden (n integer, words text); insert into hidden values (1, "
                 "'secret')");
    struct cells cells = {0};
    T_EQUAL_INT(trial_store_cells(reader, see_cell, &cells, NULL), 0);
    T_TRUE(cells.has_secret);
    T_EQUAL_INT(cells.count, 4); /* the number is neither text nor blob */
}

/* A rollback journal that is hot: its writer died in the middle. Only a writer may play it
 * back, so the store is read from a copy. */
static void a_hot_journal_is_played_back_in_a_copy(void) {
    open_writer("delete");
    must(writer, "insert into journal_object values ('t', x'6b', x'76')");
    must(writer, "pragma cache_size = 1; pragma cache_spill = 1; begin");
    must(writer, "update journal_object set value = x'77'");
    must(writer, "with recursive n(i) as (select 1 union all select i + 1 from n where i < 500) "
                 "insert into journal_object select 't', randomblob(100), randomblob(900) from n");
    /* What a killed process would leave: the files as they are now. */
    char command[512];
    (void)snprintf(command, sizeof(command),
                   "cd '%s' && mkdir dead && cp a* dead/ && test -s dead/a*-journal", folder);
    T_EQUAL_INT(system(command), 0);
    must(writer, "rollback");
    char dead[128];
    (void)snprintf(dead, sizeof(dead), "%s/dead/a%%b?c.sqlite", folder);
    struct trial_store_options options = TRIAL_STORE_OPTIONS_INIT;
    options.source = TRIAL_SOURCE_SQLITE;
    options.path = dead;
    options.copy_path = copy_path;
    struct trial_store_reader *other = NULL;
    T_EQUAL_INT(trial_store_reader_new(&options, &other, NULL), 0);
    bool found = false;
    struct trial_store_row row = {0};
    struct base_error err = BASE_ERROR_INIT;
    int result = trial_store_lookup(other, "t", base_slice_str("k"), &found, &row, &err);
    t_check(result == 0, __LINE__, __FILE__, "lookup: %s", err.text);
    T_TRUE(found && base_slice_equal_str(row.value, "v"));
    int count = 0;
    T_EQUAL_INT(trial_store_rows(other, count_row, &count, NULL), 0);
    T_EQUAL_INT(count, 1);
    T_EQUAL_INT(access(copy_path, F_OK), 0);
    trial_store_reader_free(other);
}

static void a_store_in_memory_cannot_be_read(void) {
    struct trial_store_options options = TRIAL_STORE_OPTIONS_INIT;
    struct trial_store_reader *other = NULL;
    T_EQUAL_INT(trial_store_reader_new(&options, &other, NULL), 0);
    const char *why = NULL;
    T_TRUE(!trial_store_is_readable(other, &why));
    T_TRUE(why != NULL);
    int count = 0;
    T_EQUAL_INT(trial_store_rows(other, count_row, &count, NULL), BASE_UNSUPPORTED);
    trial_store_reader_free(other);
}

CU_SuiteInfo *suite_store_sqlite(void) {
    static CU_TestInfo tests[] = {
        {"a_database_that_is_not_there_has_no_rows", a_database_that_is_not_there_has_no_rows},
        {"a_table_that_is_not_there_has_no_rows", a_table_that_is_not_there_has_no_rows},
        {"a_row_is_seen_as_soon_as_it_is_committed", a_row_is_seen_as_soon_as_it_is_committed},
        {"lookups_between_two_refreshes_see_one_state",
         lookups_between_two_refreshes_see_one_state},
        {"reading_never_blocks_the_writer", reading_never_blocks_the_writer},
        {"a_row_of_another_topic_is_not_the_row", a_row_of_another_topic_is_not_the_row},
        {"a_key_that_is_stored_as_text_is_found", a_key_that_is_stored_as_text_is_found},
        {"all_rows_are_read_at_the_end", all_rows_are_read_at_the_end},
        {"a_missing_database_is_an_error_at_the_end", a_missing_database_is_an_error_at_the_end},
        {"a_query_without_a_value_column_is_refused", a_query_without_a_value_column_is_refused},
        {"cells_of_every_table_are_seen", cells_of_every_table_are_seen},
        {"a_hot_journal_is_played_back_in_a_copy", a_hot_journal_is_played_back_in_a_copy},
        {"a_store_in_memory_cannot_be_read", a_store_in_memory_cannot_be_read},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {{"store sqlite", NULL, NULL, set_up, tear_down, tests},
                                    CU_SUITE_INFO_NULL};
    return suites;
}
