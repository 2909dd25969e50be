/* SQLite: see store.h. */
#include "replay/store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

/* Readers never block in write-ahead logging; this is for another writer, and for checkpoints. */
#define BUSY_TIMEOUT_MS 10000

static const char schema[] =
    "create table if not exists journal_row("
    " topic text not null, type text not null, key blob, value blob,"
    " \"partition\" integer not null, \"offset\" integer not null,"
    " primary key (topic, key));"
    /* A record without a key is a row of its own. */
    "create unique index if not exists journal_row_without_key"
    " on journal_row(topic, \"partition\", \"offset\") where key is null;"
    "create view if not exists journal_object as"
    " select topic, type, key, value from journal_row where value is not null;"
    "create table if not exists journal_offset("
    " \"group\" text not null, topic text not null, \"partition\" integer not null,"
    " \"offset\" integer not null, primary key (\"group\", topic, \"partition\"));"
    "create table if not exists content_hash("
    " type text not null, algo text not null, hash blob not null, key blob not null,"
    " primary key (type, algo, hash, key)) without rowid;"
    "create index if not exists content_hash_key on content_hash(type, key);";

enum statement {
    GET_ROW, PUT_ROW, PUT_ROW_WITHOUT_KEY, PUT_OFFSET, GET_OFFSET, FIND_HASH, PUT_HASH, DROP_HASHES,
    BEGIN, COMMIT, SAVEPOINT, RELEASE, UNDO, STATEMENT_COUNT
};

static const char *const texts[STATEMENT_COUNT] = {
    [GET_ROW] = "select \"partition\", \"offset\" from journal_row where topic = ?1 and key = ?2",
    [PUT_ROW] = "insert into journal_row values(?1, ?2, ?3, ?4, ?5, ?6)"
                " on conflict(topic, key) do update set type = excluded.type,"
                " value = excluded.value, \"partition\" = excluded.\"partition\","
                " \"offset\" = excluded.\"offset\"",
    [PUT_ROW_WITHOUT_KEY] = "insert into journal_row values(?1, ?2, null, ?4, ?5, ?6)"
                            " on conflict(topic, \"partition\", \"offset\") where key is null"
                            " do nothing",
    [PUT_OFFSET] = "insert into journal_offset values(?1, ?2, ?3, ?4)"
                   " on conflict do update set \"offset\" = max(\"offset\", excluded.\"offset\")",
    [GET_OFFSET] = "select \"offset\" from journal_offset"
                   " where \"group\" = ?1 and topic = ?2 and \"partition\" = ?3",
    [FIND_HASH] = "select 1 from content_hash"
                  " where type = ?1 and algo = ?2 and hash = ?3 and key <> ?4 limit 1",
    [PUT_HASH] = "insert into content_hash values(?1, ?2, ?3, ?4) on conflict do nothing",
    [DROP_HASHES] = "delete from content_hash where type = ?1 and key = ?2",
    [BEGIN] = "begin immediate",
    [COMMIT] = "commit",
    [SAVEPOINT] = "savepoint record",
    [RELEASE] = "release record",
    [UNDO] = "rollback to record",
};

struct journal_store {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENT_COUNT];
};

static int fail(struct journal_store *store, const char *what, struct base_error *err) {
    /* The name of the error, never its message: that may quote values. */
    int extended = sqlite3_extended_errcode(store->db);
    return base_fail(err, BASE_IO, "store: %s: %s (%d)", what, sqlite3_errstr(extended & 0xff),
                     extended);
}

static int execute(struct journal_store *store, const char *sql, const char *what,
                   struct base_error *err) {
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0
                                                                       : fail(store, what, err);
}

static int open_database(struct journal_store *store, const char *path, const char *synchronous,
                         struct base_error *err) {
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path, &store->db, flags, NULL) != SQLITE_OK) {
        return base_fail(err, BASE_IO, "store %s: %s", path, sqlite3_errmsg(store->db));
    }
    (void)sqlite3_extended_result_codes(store->db, 1);
    (void)sqlite3_busy_timeout(store->db, BUSY_TIMEOUT_MS);
    char pragmas[128];
    (void)snprintf(pragmas, sizeof(pragmas), "pragma journal_mode = wal; pragma synchronous = %s",
                   synchronous);
    int code = execute(store, pragmas, "setting up", err);
    code = code ? code : execute(store, schema, "creating the tables", err);
    for (int i = 0; i < STATEMENT_COUNT && !code; i++) {
        if (sqlite3_prepare_v3(store->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &store->statements[i], NULL) != SQLITE_OK) {
            code = fail(store, "a table of another shape", err);
        }
    }
    return code;
}

int journal_store_open(const char *path, const char *synchronous, struct journal_store **ret_store,
                       struct base_error *err) {
    struct journal_store *store = base_alloc_zero(sizeof(*store));
    if (!store) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a store");
    }
    int code = open_database(store, path, synchronous, err);
    if (code) {
        journal_store_close(store);
        return code;
    }
    *ret_store = store;
    return 0;
}

void journal_store_close(struct journal_store *store) {
    if (!store) {
        return;
    }
    journal_store_rollback(store);
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        (void)sqlite3_finalize(store->statements[i]);
    }
    (void)sqlite3_close(store->db);
    base_free(store);
}

/* Runs a statement that returns no rows (or whose row does not matter), and makes it ready again.
 * SQLITE_ROW, SQLITE_DONE, or the error. */
static int run(struct journal_store *store, enum statement which) {
    int result = sqlite3_step(store->statements[which]);
    (void)sqlite3_reset(store->statements[which]);
    return result;
}

static bool is_done(int result) {
    return result == SQLITE_DONE || result == SQLITE_ROW;
}

int journal_store_begin(struct journal_store *store, struct base_error *err) {
    return is_done(run(store, BEGIN)) ? 0 : fail(store, "begin", err);
}

int journal_store_commit(struct journal_store *store, struct base_error *err) {
    return is_done(run(store, COMMIT)) ? 0 : fail(store, "commit", err);
}

void journal_store_rollback(struct journal_store *store) {
    if (store->db && !sqlite3_get_autocommit(store->db)) {
        (void)sqlite3_exec(store->db, "rollback", NULL, NULL, NULL);
    }
}

/* Borrowed for one run: nothing is bound longer than the call that gave it. */
static void bind_bytes(sqlite3_stmt *s, int index, struct base_slice bytes) {
    if (base_slice_is_null(bytes)) {
        (void)sqlite3_bind_null(s, index);
    } else {
        (void)sqlite3_bind_blob64(s, index, bytes.len ? (const void *)bytes.data : "", bytes.len,
                                  SQLITE_STATIC);
    }
}

static void bind_text(sqlite3_stmt *s, int index, const char *text) {
    (void)sqlite3_bind_text(s, index, text, -1, SQLITE_STATIC);
}

static const char *type_name(const struct journal_message *message) {
    return message->type < 0 ? "" : journal_type_to_str(message->type);
}

/* True if the row of this key comes from a record that is newer than, or is, the message. */
static int is_stale(struct journal_store *store, const struct journal_message *message,
                    bool *ret_stale) {
    sqlite3_stmt *s = store->statements[GET_ROW];
    bind_text(s, 1, message->topic);
    bind_bytes(s, 2, message->key);
    int result = sqlite3_step(s);
    if (result == SQLITE_ROW) {
        *ret_stale = sqlite3_column_int64(s, 0) == message->partition &&
                     sqlite3_column_int64(s, 1) >= message->offset;
    }
    (void)sqlite3_reset(s);
    return result;
}

struct algo {
    const char *name;
    struct base_slice hash;
};

#define ALGO_COUNT 4
static void list_algos(const struct journal_hashes *hashes, struct algo algos[ALGO_COUNT]) {
    algos[0] = (struct algo){"sha1", hashes->sha1};
    algos[1] = (struct algo){"sha1_git", hashes->sha1_git};
    algos[2] = (struct algo){"sha256", hashes->sha256};
    algos[3] = (struct algo){"blake2s256", hashes->blake2s256};
}

static int collides(struct journal_store *store, const struct journal_message *message,
                    const struct algo algos[ALGO_COUNT], bool *ret_collides) {
    sqlite3_stmt *s = store->statements[FIND_HASH];
    for (int i = 0; i < ALGO_COUNT; i++) {
        if (base_slice_is_null(algos[i].hash)) {
            continue;
        }
        bind_text(s, 1, type_name(message));
        bind_text(s, 2, algos[i].name);
        bind_bytes(s, 3, algos[i].hash);
        bind_bytes(s, 4, message->key);
        int result = run(store, FIND_HASH);
        if (result == SQLITE_ROW) {
            *ret_collides = true;
            return SQLITE_DONE;
        }
        if (result != SQLITE_DONE) {
            return result;
        }
    }
    return SQLITE_DONE;
}

static int put_hashes(struct journal_store *store, const struct journal_message *message,
                      const struct algo algos[ALGO_COUNT]) {
    sqlite3_stmt *s = store->statements[PUT_HASH];
    int result = SQLITE_DONE;
    for (int i = 0; i < ALGO_COUNT && is_done(result); i++) {
        if (!base_slice_is_null(algos[i].hash)) {
            bind_text(s, 1, type_name(message));
            bind_text(s, 2, algos[i].name);
            bind_bytes(s, 3, algos[i].hash);
            bind_bytes(s, 4, message->key);
            result = run(store, PUT_HASH);
        }
    }
    return result;
}

static int drop_hashes(struct journal_store *store, const struct journal_message *message) {
    sqlite3_stmt *s = store->statements[DROP_HASHES];
    bind_text(s, 1, type_name(message));
    bind_bytes(s, 2, message->key);
    return run(store, DROP_HASHES);
}

static int put_row(struct journal_store *store, const struct journal_message *message,
                   struct base_slice value) {
    enum statement which = base_slice_is_null(message->key) ? PUT_ROW_WITHOUT_KEY : PUT_ROW;
    sqlite3_stmt *s = store->statements[which];
    bind_text(s, 1, message->topic);
    bind_text(s, 2, type_name(message));
    if (which == PUT_ROW) {
        bind_bytes(s, 3, message->key);
    }
    bind_bytes(s, 4, value);
    (void)sqlite3_bind_int64(s, 5, message->partition);
    (void)sqlite3_bind_int64(s, 6, message->offset);
    return run(store, which);
}

static int apply(struct journal_store *store, const struct journal_message *message,
                 struct base_slice value, const struct journal_hashes *hashes,
                 enum journal_effect *ret_effect) {
    bool stale = false;
    int result = base_slice_is_null(message->key) ? SQLITE_DONE : is_stale(store, message, &stale);
    if (!is_done(result) || stale) {
        *ret_effect = JOURNAL_EFFECT_STALE;
        return result;
    }
    bool has_hashes = message->type == JOURNAL_CONTENT || message->type == JOURNAL_SKIPPED_CONTENT;
    if (has_hashes) {
        struct algo algos[ALGO_COUNT];
        struct journal_hashes none = {BASE_SLICE_NULL, BASE_SLICE_NULL, BASE_SLICE_NULL,
                                      BASE_SLICE_NULL};
        bool collision = false;
        list_algos(hashes ? hashes : &none, algos);
        result = collides(store, message, algos, &collision);
        if (!is_done(result) || collision) {
            *ret_effect = JOURNAL_EFFECT_COLLISION;
            return result;
        }
        result = drop_hashes(store, message);
        result = is_done(result) ? put_hashes(store, message, algos) : result;
    }
    *ret_effect = JOURNAL_EFFECT_APPLIED;
    return is_done(result) ? put_row(store, message, value) : result;
}

/* The errors that are about the record rather than about the database; NULL for the others. */
static const char *refusal(int result) {
    switch (result & 0xff) {
    case SQLITE_CONSTRAINT:
        return "constraint";
    case SQLITE_TOOBIG:
        return "too-big";
    case SQLITE_MISMATCH:
        return "mismatch";
    case SQLITE_RANGE:
        return "range";
    case SQLITE_ERROR:
        return "error"; /* a trigger's, or of a function in one */
    default:
        return NULL;
    }
}

int journal_store_apply(struct journal_store *store, const struct journal_message *message,
                        struct base_slice value, const struct journal_hashes *hashes,
                        enum journal_effect *ret_effect, const char **ret_error,
                        struct base_error *err) {
    if (base_slice_is_null(message->key) && base_slice_is_null(value)) {
        *ret_effect = JOURNAL_EFFECT_STALE; /* neither key nor value: only created the topic */
        return 0;
    }
    if (!is_done(run(store, SAVEPOINT))) {
        return fail(store, "savepoint", err);
    }
    int result = apply(store, message, value, hashes, ret_effect);
    if (is_done(result)) {
        return is_done(run(store, RELEASE)) ? 0 : fail(store, "release", err);
    }
    *ret_error = refusal(result);
    if (!*ret_error || sqlite3_get_autocommit(store->db)) {
        return fail(store, "applying a record", err);
    }
    *ret_effect = JOURNAL_EFFECT_REFUSED;
    if (!is_done(run(store, UNDO)) || !is_done(run(store, RELEASE))) {
        return fail(store, "undoing a record", err);
    }
    return 0;
}

int journal_store_put_offset(struct journal_store *store, const char *group, const char *topic,
                             int32_t partition, int64_t offset, struct base_error *err) {
    sqlite3_stmt *s = store->statements[PUT_OFFSET];
    bind_text(s, 1, group);
    bind_text(s, 2, topic);
    (void)sqlite3_bind_int64(s, 3, partition);
    (void)sqlite3_bind_int64(s, 4, offset);
    return is_done(run(store, PUT_OFFSET)) ? 0 : fail(store, "noting an offset", err);
}

int journal_store_get_offset(struct journal_store *store, const char *group, const char *topic,
                             int32_t partition, int64_t *ret_offset, struct base_error *err) {
    sqlite3_stmt *s = store->statements[GET_OFFSET];
    bind_text(s, 1, group);
    bind_text(s, 2, topic);
    (void)sqlite3_bind_int64(s, 3, partition);
    int result = sqlite3_step(s);
    if (is_done(result)) {
        *ret_offset = result == SQLITE_ROW ? sqlite3_column_int64(s, 0) : -1;
    }
    (void)sqlite3_reset(s);
    return is_done(result) ? 0 : fail(store, "reading an offset", err);
}
