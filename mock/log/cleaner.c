/*
 * One pass of the cleaner (Kafka: LogCleaner.doClean): index the keys of the dirty part, rewrite
 * every segment below its end, put the result in place. Until that last step, which cannot fail,
 * the log is as it was.
 */
#include "mock/log/cleaner.h"

#include "base/memory.h"
#include "mock/log/log_private.h"
#include "mock/log/retain.h"

struct cleaning {
    struct mock_log *log;
    const struct mock_clean_options *options;
    struct mock_clean_range range;
    struct mock_key_map map;
    struct mock_filter filter;
    struct mock_txn_state index_txns; /* of the walk that indexes */
    struct mock_txn_state txns;       /* of the walk that rewrites */
    struct mock_clean_pass *pass;
    struct mock_log_entry *entries;   /* what the log will hold */
    size_t count;
    struct mock_segment *segments;
    size_t segment_count;
    size_t rewritten; /* old segments that were */
};

/* -- the key map -- */

/* 1 when the map is full. */
static int index_batch(struct cleaning *c, const struct mock_stored_batch *batch) {
    bool discard = false;
    int rc = mock_txn_state_walk(&c->index_txns, batch, c->range.first_dirty, &discard);
    if (rc || discard || mock_stored_batch_is_control(batch)) {
        return rc;
    }
    struct mock_record_iterator it;
    rc = mock_record_iterator_init(&it, mock_stored_batch_slice(batch));
    if (rc) {
        return rc;
    }
    bool is_stable = mock_batch_codec(&it.batch) == MOCK_CODEC_NONE;
    bool full = false;
    struct mock_record record;
    while ((rc = mock_record_iterator_next(&it, &record)) > 0) {
        if (base_slice_is_null(record.key) || record.offset < c->range.first_dirty) {
            continue;
        }
        full = mock_key_map_is_full(&c->map);
        rc = full ? 1 : mock_key_map_put(&c->map, record.key, record.offset, is_stable);
        if (rc) {
            break;
        }
    }
    mock_record_iterator_clean_up(&it);
    return rc;
}

static int index_segment(struct cleaning *c, size_t index) {
    struct mock_segment_view view = mock_log_segment(c->log, index);
    size_t dirty = mock_log_find(c->log, c->range.first_dirty);
    size_t first = view.first_batch > dirty ? view.first_batch : dirty;
    for (size_t i = first; i < view.first_batch + view.batch_count; i++) {
        const struct mock_stored_batch *batch = c->log->entries[i].batch;
        int rc = index_batch(c, batch);
        if (rc) {
            return rc;
        }
        c->map.latest = batch->last_offset;
    }
    /* Nothing is left between here and the next segment, whatever the last batch's offset is. */
    c->map.latest = view.end_offset - 1;
    return 0;
}

static int index_keys(struct cleaning *c) {
    for (size_t i = mock_log_segment_of(c->log, c->range.first_dirty);
         i < c->log->segment_count && c->log->segments[i].base_offset < c->range.first_uncleanable;
         i++) {
        int rc = index_segment(c, i);
        if (rc > 0) {
            c->pass->report.partial = true;
            return 0;
        }
        if (rc) {
            return rc;
        }
    }
    return 0;
}

/* -- rewriting -- */

/* May segment index join the group that began with first (sizes as they were before)? Cleaner.
 * groupSegmentsBySize; there is no index to outgrow, and segment.records bounds a group as well. */
static bool joins_group(const struct cleaning *c, size_t first, size_t index, uint64_t bytes,
                        uint64_t records) {
    const struct mock_segment *segments = c->log->segments;
    const struct mock_log_config *config = &c->log->config;
    int64_t next = index + 1 < c->log->segment_count ? segments[index + 1].base_offset
                                                     : c->range.first_uncleanable;
    return bytes + segments[index].bytes <= (uint64_t)config->segment_bytes &&
           (config->segment_records == 0 ||
            records + segments[index].records <= (uint64_t)config->segment_records) &&
           next - 1 - segments[first].base_offset <= INT32_MAX;
}

/* Rewrites the batches of one old segment into the new one that is being filled. */
static int rewrite_segment(struct cleaning *c, struct mock_retain *retain, size_t index) {
    struct mock_segment_view view = mock_log_segment(c->log, index);
    struct mock_segment *into = &c->segments[c->segment_count - 1];
    into->modified_ms = c->log->segments[index].modified_ms;
    for (size_t i = view.first_batch; i < view.first_batch + view.batch_count; i++) {
        struct mock_stored_batch *left = NULL;
        int rc = mock_retain_batch(retain, c->log->entries[i].batch, view.base_offset, &left);
        if (rc) {
            return rc;
        }
        if (left) {
            c->entries[c->count++].batch = left;
            into->bytes += left->len;
            into->records += left->record_count;
        }
    }
    return 0;
}

static int rewrite(struct cleaning *c, int64_t end) {
    const struct mock_log *log = c->log;
    struct mock_retain retain = {
        .map = &c->map,
        .producers = c->options->producers,
        .now_ms = c->options->now_ms,
        .delete_retention_ms = log->config.delete_retention_ms,
        .upper = c->range.first_uncleanable,
        .txns = &c->txns,
        .filter = &c->filter,
        .pass = c->pass,
    };
    size_t first = 0;
    uint64_t bytes = 0;
    uint64_t records = 0;
    size_t i = 0;
    for (; i < log->segment_count && log->segments[i].base_offset < end; i++) {
        if (i == 0 || !joins_group(c, first, i, bytes, records)) {
            first = i;
            bytes = 0;
            records = 0;
            c->segments[c->segment_count++] = (struct mock_segment){
                .base_offset = log->segments[i].base_offset,
                .opened_ms = log->segments[i].opened_ms,
            };
        }
        bytes += log->segments[i].bytes;
        records += log->segments[i].records;
        int rc = rewrite_segment(c, &retain, i);
        if (rc) {
            return rc;
        }
    }
    c->rewritten = i;
    return 0;
}

/* -- putting it in place -- */

/* Index entries of aborted transactions whose marker was rewritten stay while it has data. */
static void commit_aborted(struct cleaning *c, int64_t rewritten_end) {
    struct mock_log *log = c->log;
    size_t left = 0;
    for (size_t i = 0; i < log->aborted_count; i++) {
        const struct mock_aborted_txn *txn = &log->aborted[i];
        bool stays = txn->last_offset >= rewritten_end;
        for (size_t j = 0; j < c->txns.aborted_count && !stays; j++) {
            stays = c->txns.kept[j] && c->txns.aborted[j].last_offset == txn->last_offset;
        }
        if (stays) {
            log->aborted[left++] = *txn;
        }
    }
    log->aborted_count = left;
}

static void commit(struct cleaning *c, int64_t end) {
    struct mock_log *log = c->log;
    struct mock_segment_view next = mock_log_segment(log, c->rewritten);
    for (size_t i = next.first_batch; i < log->count; i++) {
        c->entries[c->count++].batch = log->entries[i].batch;
    }
    for (size_t i = c->rewritten; i < log->segment_count; i++) {
        c->segments[c->segment_count++] = log->segments[i];
    }
    commit_aborted(c, next.base_offset);
    /* The pass holds a reference to both sides of every change; the log gives one up, and takes
     * one. */
    for (size_t i = 0; i < c->pass->report.change_count; i++) {
        mock_stored_batch_unref(c->pass->changes[i].before);
        if (c->pass->changes[i].after) {
            (void)mock_stored_batch_ref(c->pass->changes[i].after);
        }
    }
    base_free(log->entries);
    base_free(log->segments);
    log->cap = log->count;
    log->entries = c->entries;
    log->count = c->count;
    log->segment_cap = log->segment_count;
    log->segments = c->segments;
    log->segment_count = c->segment_count;
    c->entries = NULL;
    c->segments = NULL;
    mock_log_index_times(log);
    log->budget->used_bytes -= log->bytes;
    log->bytes = 0;
    for (size_t i = 0; i < log->segment_count; i++) {
        log->bytes += log->segments[i].bytes;
    }
    log->budget->used_bytes += log->bytes;
    log->checkpoint = end;
}

/* -- the pass -- */

static int prepare(struct cleaning *c) {
    mock_key_map_init(&c->map, c->options->map_keys);
    mock_filter_init(&c->filter);
    int rc = mock_txn_state_init(&c->index_txns, c->log);
    rc = rc ? rc : mock_txn_state_init(&c->txns, c->log);
    c->entries = base_alloc_array(c->log->count, sizeof(*c->entries));
    c->segments = base_alloc_array(c->log->segment_count, sizeof(*c->segments));
    return rc || !c->entries || !c->segments ? BASE_NO_MEMORY : 0;
}

static void clean_up(struct cleaning *c) {
    mock_key_map_clean_up(&c->map);
    mock_filter_clean_up(&c->filter);
    mock_txn_state_clean_up(&c->index_txns);
    mock_txn_state_clean_up(&c->txns);
    base_free(c->entries);
    base_free(c->segments);
}

static int clean(struct cleaning *c, struct base_error *err) {
    int rc = prepare(c);
    rc = rc ? rc : index_keys(c);
    int64_t end = c->map.latest + 1;
    rc = rc ? rc : rewrite(c, end);
    if (rc) {
        return base_fail(err, rc, "a pass of the cleaner stopped: %s", base_code_to_str(rc));
    }
    commit(c, end);
    c->pass->report.end = end;
    return 0;
}

int mock_log_clean(struct mock_log *log, const struct mock_clean_options *options,
                   struct mock_clean_pass **ret_pass, struct base_error *err) {
    struct cleaning c = {.log = log, .options = options};
    int rc = mock_clean_pass_new(MOCK_CLEAN_COMPACT, log, options->now_ms, &c.pass, err);
    if (rc) {
        return rc;
    }
    struct mock_clean_report *report = &c.pass->report;
    if (options->roll && log->config.compact_active) {
        rc = mock_log_roll(log, options->now_ms, &report->rolled, err);
    }
    c.range = mock_log_cleanable(log, options->now_ms);
    report->first_dirty = c.range.first_dirty;
    report->first_uncleanable = c.range.first_uncleanable;
    report->end = c.range.first_dirty;
    report->nothing_dirty = c.range.cleanable_bytes == 0;
    if (rc == 0 && !report->nothing_dirty) {
        rc = clean(&c, err);
        clean_up(&c);
    }
    if (rc) {
        mock_clean_pass_free(c.pass);
        return rc;
    }
    mock_clean_pass_finish(c.pass, log);
    *ret_pass = c.pass;
    return 0;
}
