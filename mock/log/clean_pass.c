/* What a pass did, collected: see clean_report.h. */
#include "mock/log/clean_pass.h"

#include "base/memory.h"

const char *mock_clean_kind_to_str(enum mock_clean_kind kind) {
    static const char *const names[] = {"compact", "retain", "delete-records"};
    return (size_t)kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "?";
}

int mock_clean_pass_new(enum mock_clean_kind kind, const struct mock_log *log, int64_t now_ms,
                        struct mock_clean_pass **ret_pass, struct base_error *err) {
    struct mock_clean_pass *pass = base_alloc_zero(sizeof(*pass));
    if (!pass) {
        return base_fail(err, BASE_NO_MEMORY, "out of memory for the report of a pass");
    }
    pass->report.kind = kind;
    pass->report.now_ms = now_ms;
    pass->report.delete_retention_ms = mock_log_configuration(log)->delete_retention_ms;
    pass->report.start_before = mock_log_start(log);
    *ret_pass = pass;
    return 0;
}

void mock_clean_pass_free(struct mock_clean_pass *pass) {
    if (!pass) {
        return;
    }
    for (size_t i = 0; i < pass->report.change_count; i++) {
        mock_stored_batch_unref(pass->changes[i].before);
        mock_stored_batch_unref(pass->changes[i].after);
    }
    base_free(pass->removed);
    base_free(pass->emptied);
    base_free(pass->deleted);
    base_free(pass->horizons);
    base_free(pass->changes);
    base_free(pass);
}

const struct mock_clean_report *mock_clean_pass_report(const struct mock_clean_pass *pass) {
    return &pass->report;
}

static int add_offset(int64_t **offsets, size_t *count, size_t *cap, int64_t offset) {
    void *items = *offsets;
    if (base_grow(&items, cap, *count + 1, sizeof(**offsets))) {
        return BASE_NO_MEMORY;
    }
    *offsets = items;
    (*offsets)[(*count)++] = offset;
    return 0;
}

int mock_clean_pass_removed(struct mock_clean_pass *pass, int64_t offset) {
    return add_offset(&pass->removed, &pass->report.removed_count, &pass->removed_cap, offset);
}

int mock_clean_pass_emptied(struct mock_clean_pass *pass, int64_t base_offset) {
    return add_offset(&pass->emptied, &pass->report.emptied_count, &pass->emptied_cap, base_offset);
}

int mock_clean_pass_horizon(struct mock_clean_pass *pass, int64_t base_offset, int64_t horizon_ms) {
    void *items = pass->horizons;
    if (base_grow(&items, &pass->horizon_cap, pass->report.horizon_count + 1,
                  sizeof(*pass->horizons))) {
        return BASE_NO_MEMORY;
    }
    pass->horizons = items;
    pass->horizons[pass->report.horizon_count++] =
        (struct mock_clean_horizon){base_offset, horizon_ms};
    return 0;
}

int mock_clean_pass_change(struct mock_clean_pass *pass, struct mock_stored_batch *before,
                           struct mock_stored_batch *after) {
    void *items = pass->changes;
    if ((!after && add_offset(&pass->deleted, &pass->report.deleted_count, &pass->deleted_cap,
                              before->base_offset)) ||
        base_grow(&items, &pass->change_cap, pass->report.change_count + 1,
                  sizeof(*pass->changes))) {
        mock_stored_batch_unref(after);
        return BASE_NO_MEMORY;
    }
    pass->changes = items;
    pass->changes[pass->report.change_count++] =
        (struct mock_clean_change){mock_stored_batch_ref(before), after};
    return 0;
}

void mock_clean_pass_finish(struct mock_clean_pass *pass, const struct mock_log *log) {
    pass->report.removed = pass->removed;
    pass->report.emptied = pass->emptied;
    pass->report.deleted = pass->deleted;
    pass->report.horizons = pass->horizons;
    pass->report.changes = pass->changes;
    pass->report.start = mock_log_start(log);
    pass->report.log_end = mock_log_end(log);
}
