/* The store of a wrong client: one table, as journal replay's view has it, filled with a fault. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "twin.h"

static void run(sqlite3 *db, const char *sql) {
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fprintf(stderr, "twin: %s: %s\n", sql, sqlite3_errmsg(db));
        twin_end(1);
    }
}

sqlite3 *twin_store_open(const char *path, enum twin_fault fault) {
    sqlite3 *db = NULL;
    if (!path) {
        return NULL;
    }
    if (sqlite3_open(path, &db) != SQLITE_OK) {
        fprintf(stderr, "twin: cannot open %s\n", path);
        twin_end(1);
    }
    sqlite3_busy_timeout(db, 10000);
    run(db, "pragma journal_mode = wal");
    /* Without a primary key a record that is delivered again is a row again. */
    run(db, fault == TWIN_APPENDS_ROWS
                ? "create table if not exists journal_object(topic text, key blob, value blob)"
                : "create table if not exists journal_object(topic text, key blob, value blob,"
                  " primary key (topic, key))");
    run(db, "create table if not exists buried(topic text, key blob, value blob,"
            " primary key (topic, key))");
    return db;
}

void twin_store_close(sqlite3 *db) {
    (void)sqlite3_close(db);
}

static void step(sqlite3 *db, const char *sql, const rd_kafka_message_t *m) {
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK) {
        fprintf(stderr, "twin: %s: %s\n", sql, sqlite3_errmsg(db));
        twin_end(1);
    }
    sqlite3_bind_text(s, 1, rd_kafka_topic_name(m->rkt), -1, SQLITE_TRANSIENT);
    sqlite3_bind_blob(s, 2, m->key ? m->key : "", (int)m->key_len, SQLITE_TRANSIENT);
    if (m->payload && sqlite3_bind_parameter_count(s) > 2) {
        sqlite3_bind_blob(s, 3, m->payload, (int)m->len, SQLITE_TRANSIENT);
    }
    (void)sqlite3_step(s);
    sqlite3_finalize(s);
}

void twin_store_apply(sqlite3 *db, enum twin_fault fault, const rd_kafka_message_t *m) {
    if (m->payload) {
        step(db, fault == TWIN_APPENDS_ROWS
                     ? "insert into journal_object values (?1, ?2, ?3)"
                 : fault == TWIN_KEEPS_FIRST
                     ? "insert or ignore into journal_object values (?1, ?2, ?3)"
                     : "insert or replace into journal_object values (?1, ?2, ?3)",
             m);
        if (fault == TWIN_RESURRECTS) {
            run(db, "insert or ignore into journal_object select * from buried");
        } else if (fault == TWIN_INVENTS_ROW) {
            step(db, "insert or replace into journal_object values (?1, 'invented' || ?2, 'x')",
                 m);
        }
        return;
    }
    if (fault == TWIN_RESURRECTS) {
        step(db, "insert or replace into buried select * from journal_object"
                 " where topic = ?1 and key = ?2", m);
    }
    if (fault != TWIN_IGNORES_DELETES) {
        step(db, "delete from journal_object where topic = ?1 and key = ?2", m);
    }
    if (fault == TWIN_DIES_OF_UNSEEN && sqlite3_changes(db) == 0) {
        fprintf(stderr, "twin: a delete of a row that is not there\n");
        twin_end(3);
    }
}
