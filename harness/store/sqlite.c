/*
 * A SQLite store, read while its client may be writing it.
 *
 * In WAL mode a reader sees the last committed state and blocks nobody. A read-only connection
 * needs the -shm file to exist or the folder to be writable; where neither holds, and where a hot
 * rollback journal would have to be played back by a writer, the database is copied together with
 * its journal files and the copy is opened read-write.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/builder.h"
#include "base/limits.h"
#include "base/memory.h"
#include "harness/store/store_private.h"

#define BUSY_TIMEOUT_MS 5000
#define COPY_BLOCK_BYTES 65536

static int fail_sqlite(const struct trial_store_reader *reader, const char *what,
                       struct base_error *err) {
    return base_fail(err, BASE_IO, "%s of '%s': %s", what, reader->path,
                     reader->db ? sqlite3_errmsg(reader->db) : "no memory");
}

void trial_sqlite_refresh(struct trial_store_reader *reader) {
    if (reader->by_key) {
        (void)sqlite3_reset(reader->by_key);
    }
    if (reader->in_transaction) {
        (void)sqlite3_exec(reader->db, "end", NULL, NULL, NULL);
        reader->in_transaction = false;
    }
    if (reader->reads_copy) {
        trial_sqlite_close(reader);
    }
}

void trial_sqlite_close(struct trial_store_reader *reader) {
    (void)sqlite3_finalize(reader->by_key);
    (void)sqlite3_close(reader->db);
    reader->by_key = NULL;
    reader->db = NULL;
    reader->in_transaction = false;
    reader->reads_copy = false;
}

/* -- the copy -- */

static int copy_bytes(int from, int to) {
    char *block = base_alloc(COPY_BLOCK_BYTES);
    ssize_t got = block ? 0 : -1;
    while (block && (got = read(from, block, COPY_BLOCK_BYTES)) > 0) {
        ssize_t put = 0;
        while (put < got) {
            ssize_t wrote = write(to, block + put, (size_t)(got - put));
            if (wrote < 0) {
                base_free(block);
                return -1;
            }
            put += wrote;
        }
    }
    base_free(block);
    return got < 0 ? -1 : 0;
}

/* Copies path + ending to copy + ending; a file that is not there is removed from the copy's
 * side. */
static int copy_file(const char *path, const char *copy, const char *ending,
                     struct base_error *err) {
    char from_name[4096];
    char to_name[4096];
    if (snprintf(from_name, sizeof(from_name), "%s%s", path, ending) >= (int)sizeof(from_name) ||
        snprintf(to_name, sizeof(to_name), "%s%s", copy, ending) >= (int)sizeof(to_name)) {
        return base_fail(err, BASE_LIMIT, "the path '%s' is too long to be copied", path);
    }
    (void)unlink(to_name);
    int from = open(from_name, O_RDONLY | O_CLOEXEC);
    if (from < 0) {
        return errno == ENOENT ? 0
                               : base_fail(err, BASE_IO, "cannot read '%s': %s", from_name,
                                           strerror(errno));
    }
    int to = open(to_name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int result = to < 0 || copy_bytes(from, to) != 0
                     ? base_fail(err, BASE_IO, "cannot copy '%s': %s", from_name, strerror(errno))
                     : 0;
    (void)close(from);
    if (to >= 0) {
        (void)close(to);
    }
    return result;
}

static int open_copy(struct trial_store_reader *reader, struct base_error *err) {
    if (!reader->copy_path) {
        return fail_sqlite(reader, "reading", err);
    }
    trial_sqlite_close(reader);
    static const char *const endings[] = {"", "-wal", "-journal"};
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        int result = copy_file(reader->path, reader->copy_path, endings[i], err);
        if (result != 0) {
            return result;
        }
    }
    /* A rollback journal names no file, so the copy is recovered like the original. */
    if (sqlite3_open_v2(reader->copy_path, &reader->db, SQLITE_OPEN_READWRITE, NULL) !=
        SQLITE_OK) {
        return fail_sqlite(reader, "reading a copy", err);
    }
    reader->reads_copy = true;
    return 0;
}

/* -- opening -- */

static char *uri_of(const char *path) {
    struct base_builder uri;
    base_builder_init(&uri, 64 * BASE_KIB);
    base_put_str(&uri, "file:");
    for (const char *at = path; *at; at++) {
        if (*at == '?' || *at == '#' || *at == '%') {
            base_put_format(&uri, "%%%02X", (unsigned)(unsigned char)*at);
        } else {
            base_put_u8(&uri, (uint8_t)*at);
        }
    }
    base_put_bytes(&uri, "?mode=ro", sizeof("?mode=ro"));
    size_t len = 0;
    char *text = (char *)base_builder_take(&uri, &len);
    base_builder_clean_up(&uri);
    return text;
}

/* Reads the schema: the first moment at which a read-only connection can fail. */
static bool can_be_read(sqlite3 *db) {
    return sqlite3_exec(db, "select count(*) from sqlite_schema", NULL, NULL, NULL) == SQLITE_OK;
}

/* 0 with reader->db NULL: there is no database yet. */
static int open_store(struct trial_store_reader *reader, struct base_error *err) {
    if (reader->db) {
        return 0;
    }
    struct stat st;
    if (stat(reader->path, &st) != 0 || st.st_size == 0) {
        return 0;
    }
    char *uri = uri_of(reader->path);
    if (!uri) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a store");
    }
    int opened = sqlite3_open_v2(uri, &reader->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
    base_free(uri);
    if (reader->db) {
        (void)sqlite3_busy_timeout(reader->db, BUSY_TIMEOUT_MS);
    }
    if (opened == SQLITE_OK && can_be_read(reader->db)) {
        return 0;
    }
    return open_copy(reader, err);
}

/* -- the query -- */

static int prepare(struct trial_store_reader *reader, const char *sql, sqlite3_stmt **ret_statement,
                   bool *ret_no_table, struct base_error *err) {
    *ret_no_table = false;
    if (sqlite3_prepare_v2(reader->db, sql, -1, ret_statement, NULL) == SQLITE_OK) {
        return 0;
    }
    /* The client has not made its tables yet. */
    if (strstr(sqlite3_errmsg(reader->db), "no such table")) {
        *ret_no_table = true;
        return 0;
    }
    return fail_sqlite(reader, "the query", err);
}

static int find_column(sqlite3_stmt *statement, const char *name) {
    for (int i = 0; i < sqlite3_column_count(statement); i++) {
        if (strcmp(sqlite3_column_name(statement, i), name) == 0) {
            return i;
        }
    }
    return -1;
}

struct columns {
    int topic;
    int key;
    int value;
};

static int find_columns(const struct trial_store_reader *reader, sqlite3_stmt *statement,
                        struct columns *ret_columns, struct base_error *err) {
    ret_columns->topic = find_column(statement, "topic");
    ret_columns->key = find_column(statement, "key");
    ret_columns->value = find_column(statement, "value");
    if (ret_columns->key < 0 || ret_columns->value < 0) {
        return base_fail(err, BASE_USAGE, "the query '%s' has no column named %s", reader->query,
                         ret_columns->key < 0 ? "key" : "value");
    }
    return 0;
}

static struct base_slice column_bytes(sqlite3_stmt *statement, int column) {
    if (sqlite3_column_type(statement, column) == SQLITE_NULL) {
        return BASE_SLICE_NULL;
    }
    const void *data = sqlite3_column_blob(statement, column);
    int len = sqlite3_column_bytes(statement, column);
    return base_slice_of(data ? data : "", (size_t)len);
}

static void read_row(sqlite3_stmt *statement, const struct columns *columns,
                     struct trial_store_row *ret_row) {
    ret_row->topic =
        columns->topic >= 0 ? (const char *)sqlite3_column_text(statement, columns->topic) : NULL;
    ret_row->key = column_bytes(statement, columns->key);
    ret_row->value = column_bytes(statement, columns->value);
}

/* The statement of lookups: the query as a subquery. Both a blob and a text of the same bytes
 * are the key, as a client may store it either way. */
static int prepare_by_key(struct trial_store_reader *reader, bool with_topic, bool *ret_no_table,
                          struct base_error *err) {
    (void)sqlite3_finalize(reader->by_key);
    reader->by_key = NULL;
    char *sql = sqlite3_mprintf("select * from (%s) limit 0", reader->query);
    sqlite3_stmt *probe = NULL;
    int result = sql ? prepare(reader, sql, &probe, ret_no_table, err)
                     : base_fail(err, BASE_NO_MEMORY, "no memory for a query");
    sqlite3_free(sql);
    if (result != 0 || *ret_no_table) {
        return result;
    }
    struct columns columns;
    result = find_columns(reader, probe, &columns, err);
    (void)sqlite3_finalize(probe);
    if (result != 0) {
        return result;
    }
    reader->has_topic = columns.topic >= 0;
    reader->asks_topic = with_topic;
    with_topic = with_topic && reader->has_topic;
    /* No "or" here: SQLite would read every row for each key. */
    sql = sqlite3_mprintf("select * from (%s) where key in (?1, cast(?1 as text))%s", reader->query,
                          with_topic ? " and topic = ?2" : "");
    result = sql ? prepare(reader, sql, &reader->by_key, ret_no_table, err)
                 : base_fail(err, BASE_NO_MEMORY, "no memory for a query");
    sqlite3_free(sql);
    return result;
}

static int begin(struct trial_store_reader *reader, struct base_error *err) {
    if (reader->in_transaction) {
        return 0;
    }
    if (sqlite3_exec(reader->db, "begin", NULL, NULL, NULL) != SQLITE_OK) {
        return fail_sqlite(reader, "reading", err);
    }
    reader->in_transaction = true;
    return 0;
}

int trial_sqlite_lookup(struct trial_store_reader *reader, const char *topic, struct base_slice key,
                        bool *ret_found, struct trial_store_row *ret_row, struct base_error *err) {
    *ret_found = false;
    int result = open_store(reader, err);
    if (result != 0 || !reader->db) {
        return result;
    }
    /* All lookups until the next refresh see one state of the store. */
    result = begin(reader, err);
    bool no_table = false;
    if (result == 0 && (!reader->by_key || reader->asks_topic != (topic != NULL))) {
        result = prepare_by_key(reader, topic != NULL, &no_table, err);
    }
    if (result != 0 || no_table) {
        return result;
    }
    sqlite3_stmt *statement = reader->by_key;
    (void)sqlite3_reset(statement);
    (void)sqlite3_bind_blob(statement, 1, key.data ? (const void *)key.data : "", (int)key.len,
                            SQLITE_TRANSIENT);
    if (reader->has_topic && topic) {
        (void)sqlite3_bind_text(statement, 2, topic, -1, SQLITE_TRANSIENT);
    }
    int step = sqlite3_step(statement);
    if (step == SQLITE_DONE) {
        return 0;
    }
    if (step != SQLITE_ROW) {
        return fail_sqlite(reader, "reading a row", err);
    }
    struct columns columns;
    result = find_columns(reader, statement, &columns, err);
    if (result == 0) {
        *ret_found = true;
        read_row(statement, &columns, ret_row);
    }
    return result;
}

int trial_sqlite_rows(struct trial_store_reader *reader, trial_store_row_fn visit, void *arg,
                      struct base_error *err) {
    trial_sqlite_refresh(reader);
    int result = open_store(reader, err);
    if (result != 0) {
        return result;
    }
    if (!reader->db) {
        return base_fail(err, BASE_NOT_FOUND, "the client made no database");
    }
    sqlite3_stmt *statement = NULL;
    bool no_table = false;
    result = prepare(reader, reader->query, &statement, &no_table, err);
    if (result == 0 && no_table) {
        return base_fail(err, BASE_NOT_FOUND, "the query of the store: %s",
                         sqlite3_errmsg(reader->db));
    }
    struct columns columns = {-1, -1, -1};
    if (result == 0) {
        result = find_columns(reader, statement, &columns, err);
    }
    int step = SQLITE_DONE;
    while (result == 0 && (step = sqlite3_step(statement)) == SQLITE_ROW) {
        struct trial_store_row row;
        read_row(statement, &columns, &row);
        result = visit(arg, &row, err);
    }
    if (result == 0 && step != SQLITE_DONE) {
        result = fail_sqlite(reader, "reading the rows", err);
    }
    (void)sqlite3_finalize(statement);
    return result;
}

/* -- all cells -- */

static int table_cells(struct trial_store_reader *reader, const char *table,
                       trial_store_cell_fn visit, void *arg, struct base_error *err) {
    char *sql = sqlite3_mprintf("select * from \"%w\"", table);
    sqlite3_stmt *statement = NULL;
    int prepared = sql ? sqlite3_prepare_v2(reader->db, sql, -1, &statement, NULL) : SQLITE_NOMEM;
    sqlite3_free(sql);
    if (prepared != SQLITE_OK) {
        return fail_sqlite(reader, "reading a table", err);
    }
    int result = 0;
    int step = SQLITE_DONE;
    while (result == 0 && (step = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int i = 0; result == 0 && i < sqlite3_column_count(statement); i++) {
            int type = sqlite3_column_type(statement, i);
            if (type == SQLITE_TEXT || type == SQLITE_BLOB) {
                char *name =
                    sqlite3_mprintf("%s.%s", table, sqlite3_column_name(statement, i));
                result = name ? visit(arg, name, column_bytes(statement, i), err)
                              : base_fail(err, BASE_NO_MEMORY, "no memory for a cell");
                sqlite3_free(name);
            }
        }
    }
    if (result == 0 && step != SQLITE_DONE) {
        result = fail_sqlite(reader, "reading a table", err);
    }
    (void)sqlite3_finalize(statement);
    return result;
}

int trial_sqlite_cells(struct trial_store_reader *reader, trial_store_cell_fn visit, void *arg,
                       struct base_error *err) {
    trial_sqlite_refresh(reader);
    int result = open_store(reader, err);
    if (result != 0 || !reader->db) {
        return result;
    }
    sqlite3_stmt *tables = NULL;
    if (sqlite3_prepare_v2(reader->db,
                           "select name from sqlite_schema where type = 'table' order by name", -1,
                           &tables, NULL) != SQLITE_OK) {
        return fail_sqlite(reader, "reading the schema", err);
    }
    int step = SQLITE_DONE;
    while (result == 0 && (step = sqlite3_step(tables)) == SQLITE_ROW) {
        result = table_cells(reader, (const char *)sqlite3_column_text(tables, 0), visit, arg, err);
    }
    if (result == 0 && step != SQLITE_DONE) {
        result = fail_sqlite(reader, "reading the schema", err);
    }
    (void)sqlite3_finalize(tables);
    return result;
}
