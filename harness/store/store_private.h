/* What the files of this folder share: the reader itself. */
#pragma once
#include <sqlite3.h>

#include "base/builder.h"
#include "harness/store/store.h"

struct trial_store_reader {
    enum trial_store_source source;
    char *path;
    char *query;
    char *copy_path;
    char *command;
    char *directory;
    int64_t timeout_ms;
    void (*group)(void *arg, pid_t group, bool started);
    void *group_arg;
    /* sqlite */
    sqlite3 *db;
    sqlite3_stmt *by_key;
    bool reads_copy;
    bool asks_topic; /* by_key does */
    bool has_topic;
    bool in_transaction;
    /* exec: the dump, read once */
    struct base_builder dump;
    bool dumped;
};

/* sqlite.c */
int trial_sqlite_lookup(struct trial_store_reader *reader, const char *topic, struct base_slice key,
                        bool *ret_found, struct trial_store_row *ret_row, struct base_error *err);
int trial_sqlite_rows(struct trial_store_reader *reader, trial_store_row_fn visit, void *arg,
                      struct base_error *err);
int trial_sqlite_cells(struct trial_store_reader *reader, trial_store_cell_fn visit, void *arg,
                       struct base_error *err);
void trial_sqlite_refresh(struct trial_store_reader *reader);
void trial_sqlite_close(struct trial_store_reader *reader);

/* dump.c */
int trial_dump_rows(struct trial_store_reader *reader, trial_store_row_fn visit, void *arg,
                    struct base_error *err);
