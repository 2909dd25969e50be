/* Tests of the SQLite store: what a record does to it, and what a crash leaves. */
#include "replay/store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "samples.h"
#include "suites.h"
#include "t_run.h"

/* A database in a file of its own, so that it can be looked at from outside. */
struct fixture {
    char directory[64];
    char path[96];
    struct journal_store *store;
};

static void set_up(struct fixture *f) {
    (void)snprintf(f->directory, sizeof(f->directory), "/tmp/journal-store-XXXXXX");
    T_TRUE(mkdtemp(f->directory) != NULL);
    (void)snprintf(f->path, sizeof(f->path), "%s/db", f->directory);
    f->store = NULL;
    struct base_error err = BASE_ERROR_INIT;
    (void)!journal_store_open(f->path, "normal", &f->store, &err);
    T_EQUAL_STR(err.text, "");
}

static void tear_down(struct fixture *f) {
    journal_store_close(f->store);
    static const char *const endings[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        char path[128];
        (void)snprintf(path, sizeof(path), "%s%s", f->path, endings[i]);
        (void)unlink(path);
    }
    (void)rmdir(f->directory);
}

/* The first column of the first row, over a connection of its own; "" for no row. */
static const char *query(const struct fixture *f, const char *sql, char *ret_text, size_t size) {
    sqlite3 *db = NULL;
    sqlite3_stmt *s = NULL;
    ret_text[0] = 0;
    T_EQUAL_INT(sqlite3_open_v2(f->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    T_EQUAL_INT(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
    if (sqlite3_step(s) == SQLITE_ROW && sqlite3_column_text(s, 0)) {
        (void)snprintf(ret_text, size, "%s", (const char *)sqlite3_column_text(s, 0));
    }
    (void)sqlite3_finalize(s);
    (void)sqlite3_close(db);
    return ret_text;
}

static void execute(const struct fixture *f, const char *sql) {
    sqlite3 *db = NULL;
    T_EQUAL_INT(sqlite3_open(f->path, &db), SQLITE_OK);
    T_EQUAL_INT(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    (void)sqlite3_close(db);
}

static struct journal_message plain(const char *key, const char *value, int64_t offset) {
    return (struct journal_message){.topic = "rev", .partition = 0, .offset = offset,
                                    .key = base_slice_str(key), .value = base_slice_str(value),
                                    .type = -1};
}

/* One record in a transaction of its own. */
static enum journal_effect apply(struct fixture *f, struct journal_message message) {
    enum journal_effect effect = JOURNAL_EFFECT_REFUSED;
    const char *error = NULL;
    struct base_error err = BASE_ERROR_INIT;
    int code = journal_store_begin(f->store, &err);
    code = code ? code
                : journal_store_apply(f->store, &message, message.value, NULL, &effect, &error,
                                      &err);
    code = code ? code : journal_store_commit(f->store, &err);
    T_EQUAL_INT(code, 0);
    return effect;
}

static void a_value_replaces_an_older_one_and_a_redelivery_nothing(void) {
    struct fixture f;
    char text[64];
    set_up(&f);
    T_EQUAL_INT(apply(&f, plain("k", "v1", 5)), JOURNAL_EFFECT_APPLIED);
    T_EQUAL_INT(apply(&f, plain("k", "v2", 7)), JOURNAL_EFFECT_APPLIED);
    T_EQUAL_INT(apply(&f, plain("k", "v1", 5)), JOURNAL_EFFECT_STALE);
    T_EQUAL_INT(apply(&f, plain("k", "v2", 7)), JOURNAL_EFFECT_STALE);
    T_EQUAL_STR(query(&f, "select value from journal_object where key = cast('k' as blob)", text,
                      sizeof(text)), "v2");
    T_EQUAL_STR(query(&f, "select count(*) from journal_row", text, sizeof(text)), "1");
    tear_down(&f);
}

static void a_delete_keeps_its_row_so_that_no_older_value_comes_back(void) {
    struct fixture f;
    char text[64];
    set_up(&f);
    T_EQUAL_INT(apply(&f, plain("k", "v1", 5)), JOURNAL_EFFECT_APPLIED);
    T_EQUAL_INT(apply(&f, plain("k", NULL, 6)), JOURNAL_EFFECT_APPLIED);
    T_EQUAL_STR(query(&f, "select count(*) from journal_object", text, sizeof(text)), "0");
    T_EQUAL_INT(apply(&f, plain("k", "v1", 5)), JOURNAL_EFFECT_STALE);
    T_EQUAL_STR(query(&f, "select count(*) from journal_object", text, sizeof(text)), "0");
    T_EQUAL_INT(apply(&f, plain("k", "v3", 9)), JOURNAL_EFFECT_APPLIED);
    T_EQUAL_STR(query(&f, "select value from journal_object", text, sizeof(text)), "v3");
    /* A delete of what was never there counts all the same. */
    T_EQUAL_INT(apply(&f, plain("other", NULL, 10)), JOURNAL_EFFECT_APPLIED);
    T_EQUAL_INT(apply(&f, plain("other", "v", 8)), JOURNAL_EFFECT_STALE);
    tear_down(&f);
}

static void an_empty_value_is_no_delete(void) {
    struct fixture f;
    char text[64];
    set_up(&f);
    T_EQUAL_INT(apply(&f, plain("", "", 1)), JOURNAL_EFFECT_APPLIED);
    T_EQUAL_STR(query(&f, "select length(value) || length(key) from journal_object", text,
                      sizeof(text)), "00");
    tear_down(&f);
}

static void records_without_a_key_are_rows_of_their_own_once(void) {
    struct fixture f;
    char text[64];
    set_up(&f);
    T_EQUAL_INT(apply(&f, plain(NULL, "v1", 1)), JOURNAL_EFFECT_APPLIED);
    T_EQUAL_INT(apply(&f, plain(NULL, "v2", 2)), JOURNAL_EFFECT_APPLIED);
    T_EQUAL_INT(apply(&f, plain(NULL, "v1", 1)), JOURNAL_EFFECT_APPLIED);
    T_EQUAL_INT(apply(&f, plain(NULL, NULL, 3)), JOURNAL_EFFECT_STALE);
    T_EQUAL_STR(query(&f, "select group_concat(value) from journal_object", text, sizeof(text)),
                "v1,v2");
    tear_down(&f);
}

static void rows_and_offsets_are_one_transaction(void) {
    struct fixture f;
    char text[64];
    set_up(&f);
    struct journal_message message = plain("k", "v", 41);
    enum journal_effect effect;
    const char *error;
    int64_t offset = 0;
    T_EQUAL_INT(journal_store_begin(f.store, NULL), 0);
    T_EQUAL_INT(journal_store_apply(f.store, &message, message.value, NULL, &effect, &error, NULL),
                0);
    T_EQUAL_INT(journal_store_put_offset(f.store, "g", "rev", 0, 42, NULL), 0);
    /* Nobody else sees half of it, and a crash here leaves nothing. */
    T_EQUAL_STR(query(&f, "select count(*) from journal_row", text, sizeof(text)), "0");
    journal_store_rollback(f.store);
    T_EQUAL_INT(journal_store_get_offset(f.store, "g", "rev", 0, &offset, NULL), 0);
    T_EQUAL_INT(offset, -1);
    T_EQUAL_STR(query(&f, "select count(*) from journal_row", text, sizeof(text)), "0");
    T_EQUAL_INT(journal_store_begin(f.store, NULL), 0);
    T_EQUAL_INT(journal_store_apply(f.store, &message, message.value, NULL, &effect, &error, NULL),
                0);
    T_EQUAL_INT(journal_store_put_offset(f.store, "g", "rev", 0, 42, NULL), 0);
    T_EQUAL_INT(journal_store_commit(f.store, NULL), 0);
    T_EQUAL_INT(journal_store_get_offset(f.store, "g", "rev", 0, &offset, NULL), 0);
    T_EQUAL_INT(offset, 42);
    T_EQUAL_INT(journal_store_get_offset(f.store, "other", "rev", 0, &offset, NULL), 0);
    T_EQUAL_INT(offset, -1);
    T_EQUAL_STR(query(&f, "select \"offset\" from journal_offset", text, sizeof(text)), "42");
    tear_down(&f);
}

static void a_refused_record_leaves_the_others_of_its_transaction(void) {
    struct fixture f;
    char text[64];
    set_up(&f);
    execute(&f, "create trigger poison before insert on journal_row"
                " when new.value = cast('poison' as blob)"
                " begin select raise(abort, 'no'); end");
    enum journal_effect effect;
    const char *error = NULL;
    struct journal_message good = plain("a", "v", 1);
    struct journal_message bad = plain("b", "poison", 2);
    struct journal_message later = plain("c", "v", 3);
    T_EQUAL_INT(journal_store_begin(f.store, NULL), 0);
    T_EQUAL_INT(journal_store_apply(f.store, &good, good.value, NULL, &effect, &error, NULL), 0);
    T_EQUAL_INT(effect, JOURNAL_EFFECT_APPLIED);
    T_EQUAL_INT(journal_store_apply(f.store, &bad, bad.value, NULL, &effect, &error, NULL), 0);
    T_EQUAL_INT(effect, JOURNAL_EFFECT_REFUSED);
    T_EQUAL_STR(error, "constraint");
    T_EQUAL_INT(journal_store_apply(f.store, &later, later.value, NULL, &effect, &error, NULL), 0);
    T_EQUAL_INT(journal_store_commit(f.store, NULL), 0);
    T_EQUAL_STR(query(&f, "select group_concat(key) from journal_object", text, sizeof(text)),
                "a,c");
    tear_down(&f);
}

static enum journal_effect apply_content(struct fixture *f, const struct sample *s,
                                         int64_t offset) {
    struct journal_object *object = sample_decode(s);
    struct journal_hashes hashes;
    struct base_builder key;
    base_builder_init(&key, 4096);
    T_TRUE(journal_object_hashes(object, &hashes));
    T_EQUAL_INT(journal_object_key(object, &key, NULL), 0);
    struct journal_message message = {.topic = "p.content", .offset = offset,
                                      .key = base_builder_slice(&key),
                                      .value = base_builder_slice(&s->encoded),
                                      .type = JOURNAL_CONTENT};
    enum journal_effect effect = JOURNAL_EFFECT_REFUSED;
    const char *error = NULL;
    T_EQUAL_INT(journal_store_begin(f->store, NULL), 0);
    T_EQUAL_INT(journal_store_apply(f->store, &message, message.value, &hashes, &effect, &error,
                                    NULL), 0);
    T_EQUAL_INT(journal_store_commit(f->store, NULL), 0);
    base_builder_clean_up(&key);
    journal_object_free(object);
    return effect;
}

static void a_content_that_shares_a_hash_with_another_is_a_collision(void) {
    struct fixture f;
    char text[64];
    set_up(&f);
    struct sample first = sample_content(1, 2, 3, 4);
    struct sample collides = sample_content(1, 12, 13, 14);
    struct sample other = sample_content(21, 22, 23, 24);
    T_EQUAL_INT(apply_content(&f, &first, 0), JOURNAL_EFFECT_APPLIED);
    T_EQUAL_INT(apply_content(&f, &collides, 1), JOURNAL_EFFECT_COLLISION);
    T_EQUAL_INT(apply_content(&f, &other, 2), JOURNAL_EFFECT_APPLIED);
    T_EQUAL_INT(apply_content(&f, &first, 3), JOURNAL_EFFECT_APPLIED); /* itself, again */
    T_EQUAL_STR(query(&f, "select count(*) from journal_object", text, sizeof(text)), "2");
    T_EQUAL_STR(query(&f, "select count(*) from content_hash", text, sizeof(text)), "8");
    base_builder_clean_up(&first.encoded);
    base_builder_clean_up(&collides.encoded);
    base_builder_clean_up(&other.encoded);
    tear_down(&f);
}

static void a_database_of_another_shape_is_refused(void) {
    struct fixture f;
    set_up(&f);
    journal_store_close(f.store);
    f.store = NULL;
    execute(&f, "drop view journal_object; drop table journal_row;"
                "create table journal_row(x)");
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(journal_store_open(f.path, "normal", &f.store, &err), BASE_IO);
    T_TRUE(err.text[0] != 0);
    T_EQUAL_INT(journal_store_open("/nowhere/at/all", "normal", &f.store, &err), BASE_IO);
    tear_down(&f);
}

CU_SuiteInfo *suite_journal_store(void) {
    static CU_TestInfo tests[] = {
        {"a_value_replaces_an_older_one_and_a_redelivery_nothing",
         a_value_replaces_an_older_one_and_a_redelivery_nothing},
        {"a_delete_keeps_its_row_so_that_no_older_value_comes_back",
         a_delete_keeps_its_row_so_that_no_older_value_comes_back},
        {"an_empty_value_is_no_delete", an_empty_value_is_no_delete},
        {"records_without_a_key_are_rows_of_their_own_once",
         records_without_a_key_are_rows_of_their_own_once},
        {"rows_and_offsets_are_one_transaction", rows_and_offsets_are_one_transaction},
        {"a_refused_record_leaves_the_others_of_its_transaction",
         a_refused_record_leaves_the_others_of_its_transaction},
        {"a_content_that_shares_a_hash_with_another_is_a_collision",
         a_content_that_shares_a_hash_with_another_is_a_collision},
        {"a_database_of_another_shape_is_refused", a_database_of_another_shape_is_refused},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"journal store", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
