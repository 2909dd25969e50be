/* Which kind of store is read how: see store.h. */
#include "base/limits.h"
#include "base/memory.h"
#include "harness/store/store_private.h"

static bool copy_text(char **ret_copy, const char *text) {
    *ret_copy = base_strdup(text);
    return !text || *ret_copy;
}

int trial_store_reader_new(const struct trial_store_options *options,
                           struct trial_store_reader **ret_reader, struct base_error *err) {
    struct trial_store_reader *reader = base_alloc_zero(sizeof(*reader));
    if (!reader) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a store");
    }
    reader->source = options->source;
    reader->timeout_ms = options->timeout_ms;
    reader->group = options->group;
    reader->group_arg = options->group_arg;
    base_builder_init(&reader->dump, BASE_MAX_ACTOR_OUTPUT_BYTES);
    if (!copy_text(&reader->path, options->path) ||
        !copy_text(&reader->query,
                   options->query ? options->query : TRIAL_STORE_DEFAULT_QUERY) ||
        !copy_text(&reader->copy_path, options->copy_path) ||
        !copy_text(&reader->command, options->command) ||
        !copy_text(&reader->directory, options->directory)) {
        trial_store_reader_free(reader);
        return base_fail(err, BASE_NO_MEMORY, "no memory for a store");
    }
    *ret_reader = reader;
    return 0;
}

void trial_store_reader_free(struct trial_store_reader *reader) {
    if (!reader) {
        return;
    }
    trial_sqlite_close(reader);
    base_builder_clean_up(&reader->dump);
    base_free(reader->path);
    base_free(reader->query);
    base_free(reader->copy_path);
    base_free(reader->command);
    base_free(reader->directory);
    base_free(reader);
}

bool trial_store_is_readable(const struct trial_store_reader *reader, const char **ret_why) {
    switch (reader->source) {
    case TRIAL_SOURCE_SQLITE:
        return true;
    case TRIAL_SOURCE_COMMAND:
        *ret_why = "a store that a command dumps is read at the end only";
        return false;
    case TRIAL_SOURCE_NONE:
        break;
    }
    *ret_why = "a store in memory cannot be read";
    return false;
}

int trial_store_lookup(struct trial_store_reader *reader, const char *topic, struct base_slice key,
                       bool *ret_found, struct trial_store_row *ret_row, struct base_error *err) {
    const char *why = NULL;
    if (!trial_store_is_readable(reader, &why)) {
        return base_fail(err, BASE_UNSUPPORTED, "%s", why);
    }
    return trial_sqlite_lookup(reader, topic, key, ret_found, ret_row, err);
}

void trial_store_refresh(struct trial_store_reader *reader) {
    trial_sqlite_refresh(reader);
}

int trial_store_rows(struct trial_store_reader *reader, trial_store_row_fn visit, void *arg,
                     struct base_error *err) {
    switch (reader->source) {
    case TRIAL_SOURCE_SQLITE:
        return trial_sqlite_rows(reader, visit, arg, err);
    case TRIAL_SOURCE_COMMAND:
        return trial_dump_rows(reader, visit, arg, err);
    case TRIAL_SOURCE_NONE:
        break;
    }
    return base_fail(err, BASE_UNSUPPORTED, "a store in memory cannot be read");
}

struct dump_cells {
    trial_store_cell_fn visit;
    void *arg;
};

static int visit_dumped(void *arg, const struct trial_store_row *row, struct base_error *err) {
    const struct dump_cells *cells = arg;
    int result = cells->visit(cells->arg, "dump.key", row->key, err);
    if (result == 0 && !base_slice_is_null(row->value)) {
        result = cells->visit(cells->arg, "dump.value", row->value, err);
    }
    return result;
}

int trial_store_cells(struct trial_store_reader *reader, trial_store_cell_fn visit, void *arg,
                      struct base_error *err) {
    if (reader->source == TRIAL_SOURCE_SQLITE) {
        return trial_sqlite_cells(reader, visit, arg, err);
    }
    struct dump_cells cells = {visit, arg};
    return trial_store_rows(reader, visit_dumped, &cells, err);
}
