/* What a pass did, as the history keeps it: see clean.h. */
#include "harness/check/clean.h"

#include <string.h>

static void *copy_array(struct base_arena *arena, const void *items, size_t count, size_t size) {
    void *copy = base_arena_alloc_array(arena, count, size);
    if (copy && count) {
        memcpy(copy, items, count * size);
    }
    return copy;
}

/* Neighbouring offsets become one entry. */
static void pack_removed(const struct mock_clean_report *report, struct trial_clean *clean) {
    for (size_t i = 0; i < report->removed_count; i++) {
        int64_t offset = report->removed[i];
        struct trial_offsets *open =
            clean->removed_count ? &clean->removed[clean->removed_count - 1] : NULL;
        if (open && open->last + 1 == offset) {
            open->last = offset;
        } else {
            clean->removed[clean->removed_count++] = (struct trial_offsets){offset, offset};
        }
    }
}

struct trial_clean *trial_clean_of_report(const struct mock_clean_report *report,
                                          struct base_arena *arena) {
    struct trial_clean *clean = base_arena_alloc(arena, sizeof(*clean));
    if (!clean) {
        return NULL;
    }
    *clean = (struct trial_clean){
        .now_ms = report->now_ms,
        .delete_retention_ms = report->delete_retention_ms,
        .start_before = report->start_before,
        .start = report->start,
        .log_end = report->log_end,
        .first_dirty = report->first_dirty,
        .first_uncleanable = report->first_uncleanable,
        .end = report->end,
        .rolled = report->rolled,
        .nothing_dirty = report->nothing_dirty,
        .partial = report->partial,
        .emptied_count = report->emptied_count,
        .horizon_count = report->horizon_count,
        .change_count = report->change_count,
    };
    clean->removed =
        base_arena_alloc_array(arena, report->removed_count, sizeof(*clean->removed));
    clean->emptied =
        copy_array(arena, report->emptied, report->emptied_count, sizeof(*clean->emptied));
    clean->horizons =
        base_arena_alloc_array(arena, report->horizon_count, sizeof(*clean->horizons));
    clean->changes = base_arena_alloc_array(arena, report->change_count, sizeof(*clean->changes));
    if (arena->failed) {
        return NULL;
    }
    pack_removed(report, clean);
    for (size_t i = 0; i < report->horizon_count; i++) {
        clean->horizons[i] = (struct trial_clean_horizon){report->horizons[i].base_offset,
                                                          report->horizons[i].horizon_ms};
    }
    for (size_t i = 0; i < report->change_count; i++) {
        const struct mock_clean_change *change = &report->changes[i];
        clean->changes[i] = (struct trial_clean_change){change->before->base_offset,
                                                        change->before->last_offset, change->after};
    }
    return clean;
}

struct trial_clean *trial_clean_copy(const struct trial_clean *clean, struct base_arena *arena) {
    struct trial_clean *copy = copy_array(arena, clean, 1, sizeof(*clean));
    if (!copy) {
        return NULL;
    }
    copy->removed =
        copy_array(arena, clean->removed, clean->removed_count, sizeof(*clean->removed));
    copy->emptied =
        copy_array(arena, clean->emptied, clean->emptied_count, sizeof(*clean->emptied));
    copy->horizons =
        copy_array(arena, clean->horizons, clean->horizon_count, sizeof(*clean->horizons));
    copy->changes =
        copy_array(arena, clean->changes, clean->change_count, sizeof(*clean->changes));
    return arena->failed ? NULL : copy;
}

void trial_clean_ref_batches(const struct trial_clean *clean) {
    for (size_t i = 0; clean && i < clean->change_count; i++) {
        if (clean->changes[i].after) {
            (void)mock_stored_batch_ref(clean->changes[i].after);
        }
    }
}

void trial_clean_unref_batches(const struct trial_clean *clean) {
    for (size_t i = 0; clean && i < clean->change_count; i++) {
        mock_stored_batch_unref(clean->changes[i].after);
    }
}
