/*
 * What journal replay has made of a git repository, read back out of SQLite: a line for each row,
 * its recomputed id, git's word for its type and whether the id is the one inside. On request also
 * every text in the rows, to be searched for names: in one file what the journal's policy leaves as
 * it is, in another one all the rest. Knows the objects from the fixtures only.
 *
 * usage: interop-mirror STORE.sqlite [TEXTS EXEMPT]
 */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "fixtures/fixture.h"

struct texts {
    FILE *texts; /* NULL: nobody wants them */
    FILE *exempt;
};

static const char *word_of(enum fixture_type type) {
    switch (type) {
    case FIXTURE_CONTENT:
        return "blob";
    case FIXTURE_DIRECTORY:
        return "tree";
    case FIXTURE_REVISION:
        return "commit";
    case FIXTURE_RELEASE:
        return "tag";
    default:
        return NULL;
    }
}

static int write_text(void *arg, const struct fixture_field *field) {
    const struct texts *texts = arg;
    FILE *file =
        fixture_field_is_policy_exempt(field->message, field->field) ? texts->exempt : texts->texts;
    bool ok = fwrite(field->value.data, 1, field->value.len, file) == field->value.len;
    return ok && fputc('\n', file) != EOF ? 0 : 1;
}

static int tell_id(const struct fixture_object *object) {
    uint8_t id[20];
    bool matches = false;
    struct base_error err = BASE_ERROR_INIT;
    const char *word = word_of(object->type);
    int rc = fixture_check(object, &err);
    if (rc == 0 && word) {
        rc = fixture_id(object, id, &matches, &err);
    }
    if (rc) {
        fprintf(stderr, "interop-mirror: %s: %s\n", fixture_type_to_str(object->type), err.text);
        return 1;
    }
    if (word) {
        for (size_t i = 0; i < sizeof(id); i++) {
            printf("%02x", id[i]);
        }
        printf(" %s %s\n", word, matches ? "verified" : "differs");
    }
    return 0;
}

/* One row: topic, key, value. */
static int tell_row(sqlite3_stmt *row, struct texts *texts) {
    const char *topic = (const char *)sqlite3_column_text(row, 0);
    const char *dot = topic ? strrchr(topic, '.') : NULL;
    int type = dot ? fixture_type_find(dot + 1) : -1;
    if (type < 0) {
        fprintf(stderr, "interop-mirror: a row of topic %s\n", topic ? topic : "null");
        return 1;
    }
    struct fixture_object object = {
        (enum fixture_type)type,
        base_slice_of(sqlite3_column_blob(row, 1), (size_t)sqlite3_column_bytes(row, 1))};
    int rc = tell_id(&object);
    return rc || !texts->texts ? rc : fixture_fields(&object, write_text, texts, NULL);
}

static int tell_store(const char *path, struct texts *texts) {
    sqlite3 *db = NULL;
    sqlite3_stmt *row = NULL;
    int rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
                     sqlite3_prepare_v2(db, "select topic, value from journal_object", -1, &row,
                                        NULL) == SQLITE_OK
                 ? 0
                 : 1;
    if (rc) {
        fprintf(stderr, "interop-mirror: %s: %s\n", path, db ? sqlite3_errmsg(db) : "no memory");
    }
    while (rc == 0 && sqlite3_step(row) == SQLITE_ROW) {
        rc = tell_row(row, texts);
    }
    (void)sqlite3_finalize(row);
    (void)sqlite3_close(db);
    return rc;
}

int main(int argc, char **argv) {
    struct texts texts = {NULL, NULL};
    bool is_help = argc == 2 && strcmp(argv[1], "--help") == 0;
    if (argc == 4) {
        texts.texts = fopen(argv[2], "w");
        texts.exempt = fopen(argv[3], "w");
    }
    if (is_help || (argc != 2 && !(texts.texts && texts.exempt))) {
        fprintf(
            is_help ? stdout : stderr,
            "usage: interop-mirror STORE.sqlite [TEXTS EXEMPT]\n"
            "Prints the id and type of each object in the store, and whether the id is that of "
            "its\n"
            "content. TEXTS gets its texts, EXEMPT those that the policy leaves as they are.\n");
        return is_help ? 0 : 64;
    }
    int rc = tell_store(argv[1], &texts);
    if (argc == 4 && (fclose(texts.texts) != 0 || fclose(texts.exempt) != 0)) {
        rc = 1;
    }
    return rc;
}
