/*
 * What journal replay has made of a git repository, read back out of SQLite: a line for each row,
 * its recomputed id, git's word for its type and whether the id is the one inside. With a file of
 * names and addresses also whether one of them is in a field, and whether the journal's policy
 * leaves that field as it is. Knows the objects from the fixtures only.
 *
 * usage: interop-mirror STORE.sqlite [NAMES]
 */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/builder.h"
#include "base/limits.h"
#include "fixtures/fixture.h"

#define MAX_NAMES 20000

struct names {
    struct base_builder bytes;
    struct base_slice items[MAX_NAMES];
    size_t count;
    unsigned long leaks;
    unsigned long exposures;
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

static int read_names(const char *path, struct names *names) {
    char line[4096];
    FILE *file = fopen(path, "r");
    if (!file) {
        return 1;
    }
    while (fgets(line, sizeof(line), file)) {
        base_put_str(&names->bytes, line);
    }
    (void)fclose(file);
    const uint8_t *at = names->bytes.data;
    const uint8_t *end = at + names->bytes.len;
    while (at < end && names->count < MAX_NAMES) {
        const uint8_t *stop = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((stop ? stop : end) - at);
        if (len > 0) {
            names->items[names->count++] = base_slice_of(at, len);
        }
        at += len + 1;
    }
    return base_builder_ok(&names->bytes) && at >= end ? 0 : 1;
}

static int look_for_names(void *arg, const struct fixture_field *field) {
    struct names *names = arg;
    for (size_t i = 0; field->value.data && i < names->count; i++) {
        if (!memmem(field->value.data, field->value.len, names->items[i].data,
                    names->items[i].len)) {
            continue;
        }
        if (fixture_field_is_policy_exempt(field->message, field->field)) {
            names->exposures++;
        } else {
            names->leaks++;
            printf("leak %s.%s\n", field->message, field->field);
        }
    }
    return 0;
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
static int tell_row(sqlite3_stmt *row, struct names *names) {
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
    return rc || names->count == 0 ? rc : fixture_fields(&object, look_for_names, names, NULL);
}

static int tell_store(const char *path, struct names *names) {
    sqlite3 *db = NULL;
    sqlite3_stmt *row = NULL;
    int rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
                     sqlite3_prepare_v2(db, "select topic, value from journal_object", -1, &row,
                                        NULL) == SQLITE_OK
                 ? 0 : 1;
    if (rc) {
        fprintf(stderr, "interop-mirror: %s: %s\n", path, db ? sqlite3_errmsg(db) : "no memory");
    }
    while (rc == 0 && sqlite3_step(row) == SQLITE_ROW) {
        rc = tell_row(row, names);
    }
    (void)sqlite3_finalize(row);
    (void)sqlite3_close(db);
    return rc;
}

int main(int argc, char **argv) {
    static struct names names;
    base_builder_init(&names.bytes, 16 * BASE_MIB);
    if (argc < 2 || (argc > 2 && read_names(argv[2], &names) != 0)) {
        fprintf(stderr, "usage: interop-mirror STORE.sqlite [NAMES]\n");
        return 64;
    }
    int rc = tell_store(argv[1], &names);
    if (names.count > 0) {
        printf("names %zu, leaks %lu, exposures %lu\n", names.count, names.leaks,
               names.exposures);
    }
    base_builder_clean_up(&names.bytes);
    return rc;
}
