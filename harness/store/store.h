/*
 * Reads the store of a client under test: the rows that its query gives, one key's row, and the
 * bytes of every cell. A store is only ever read; the client under test is its writer.
 *
 * sqlite   a read-only connection, kept open with its prepared statements. A database that does not
 *          exist yet has no rows. One that cannot be opened read-only where it lies is read from a
 *          copy made together with its -wal or -journal.
 * exec     a command that dumps the database as JSON lines {"key":…,"value":…}, at the end only.
 * memory   nothing can be read.
 *
 * Nothing here knows what a row means. One thread only.
 */
#pragma once
#include <stdbool.h>
#include <sys/types.h>

#include "base/attrs.h"
#include "base/error.h"
#include "base/slice.h"

/* What fits `journal replay`. A column named topic is optional in a query; key and value are
 * not. */
#define TRIAL_STORE_DEFAULT_QUERY "select topic, key, value from journal_object"

enum trial_store_source { TRIAL_SOURCE_NONE, TRIAL_SOURCE_SQLITE, TRIAL_SOURCE_COMMAND };

struct trial_store_options {
    enum trial_store_source source;
    const char *path;       /* sqlite: the database file */
    const char *query;      /* sqlite: NULL is TRIAL_STORE_DEFAULT_QUERY */
    const char *copy_path;  /* sqlite: where a copy may be made */
    const char *command;    /* exec */
    const char *directory;  /* exec: the working directory; NULL: the present one */
    int64_t timeout_ms;     /* exec: without a byte for so long, the command is killed */
    /* exec: the command's process group began (started) or is gone; may be NULL. */
    void (*group)(void *arg, pid_t group, bool started);
    void *group_arg;
};
#define TRIAL_STORE_OPTIONS_INIT {.source = TRIAL_SOURCE_NONE, .timeout_ms = 30000}

struct trial_store_reader;

/* Copies the options' strings; opens nothing yet. */
int trial_store_reader_new(const struct trial_store_options *options,
                           struct trial_store_reader **ret_reader, struct base_error *err)
    BASE_MUST_USE;
void trial_store_reader_free(struct trial_store_reader *reader);

/* True if single rows can be looked up while the client runs; if not, the reason in *ret_why. */
bool trial_store_is_readable(const struct trial_store_reader *reader, const char **ret_why);

struct trial_store_row {
    const char *topic;       /* NULL: the query has no such column, or it is null */
    struct base_slice key;
    struct base_slice value; /* null possible */
};

/* The row of one key; topic (may be NULL) counts only if the query has such a column. ret_row
 * is valid until the next call. ret_found: there is such a row. */
int trial_store_lookup(struct trial_store_reader *reader, const char *topic, struct base_slice key,
                       bool *ret_found, struct trial_store_row *ret_row, struct base_error *err)
    BASE_MUST_USE;

/* Ends the read transaction of earlier lookups, so that the next one sees what is there then. */
void trial_store_refresh(struct trial_store_reader *reader);

/* A non-zero return of visit stops with that code. */
typedef int (*trial_store_row_fn)(void *arg, const struct trial_store_row *row,
                                  struct base_error *err);
typedef int (*trial_store_cell_fn)(void *arg, const char *column, struct base_slice bytes,
                                   struct base_error *err);
/* Every row of the query. */
int trial_store_rows(struct trial_store_reader *reader, trial_store_row_fn visit, void *arg,
                     struct base_error *err) BASE_MUST_USE;
/* The bytes of every cell ("table.column") of every table that holds text or a blob. A command
 * has only the cells of its dump ("dump.key", "dump.value"). */
int trial_store_cells(struct trial_store_reader *reader, trial_store_cell_fn visit, void *arg,
                      struct base_error *err) BASE_MUST_USE;
