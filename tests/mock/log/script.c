/* Runs scripts of claims: see script.h. */
#include "script.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "invariants.h"
#include "mock/wire/build.h"
#include "t_run.h"

#define MAX_WORDS 64

static int to_int(const char *text) {
    return (int)strtol(text, NULL, 10);
}
#define START_MS INT64_C(1700000000000)

void script_open(struct script *s) {
    *s = (struct script){.now_ms = START_MS, .map_keys = MOCK_CLEAN_MAP_KEYS};
    s->budget.max_bytes = BASE_MAX_LOG_BYTES;
    s->config = (struct mock_log_config)MOCK_LOG_CONFIG_INIT;
    s->config.cleanup_compact = true;
    s->config.cleanup_delete = false;
    for (size_t i = 0; i < 16; i++) {
        s->txn_first[i] = -1;
    }
    T_EQUAL_INT(mock_log_new(&s->budget, &s->log, NULL), 0);
    T_EQUAL_INT(mock_producers_new(&s->producers, NULL), 0);
    mock_log_configure(s->log, &s->config);
}

void script_close(struct script *s) {
    mock_clean_pass_free(s->pass);
    mock_log_free(s->log);
    mock_producers_free(s->producers);
    T_EQUAL_INT(s->budget.used_bytes, 0);
}

/* -- appending -- */

static void append(struct script *s, struct base_builder *b, int64_t producer_id) {
    if (!T_TRUE(base_builder_ok(b))) {
        return;
    }
    struct mock_stored_batch *batch = mock_stored_batch_new(base_builder_slice(b));
    T_EQUAL_INT(mock_log_append(s->log, batch, 5, s->now_ms, NULL), 0);
    if (producer_id >= 0 && mock_stored_batch_is_control(batch)) {
        struct mock_marker marker = {producer_id, batch->producer_epoch, 0, batch->max_timestamp};
        T_EQUAL_INT(mock_producers_marker(s->producers, &marker, NULL, NULL), 0);
    } else if (producer_id >= 0) {
        struct mock_sequence sequence = {
            producer_id,
            batch->producer_epoch,
            batch->base_sequence,
            mock_sequence_last(batch->base_sequence, (int32_t)batch->record_count),
            false,
            false};
        T_EQUAL_INT(mock_producers_record(s->producers, &sequence, batch->base_offset,
                                          batch->last_offset, batch->max_timestamp, NULL),
                    0);
    }
    mock_producers_heard(s->producers, producer_id, s->now_ms);
    mock_stored_batch_unref(batch);
}

static void append_data(struct script *s, char kind, int64_t producer_id, char **words,
                        size_t count) {
    struct mock_build_record records[MAX_WORDS];
    char values[MAX_WORDS][24];
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(words[i]);
        bool is_tombstone = words[i][len - 1] == '-';
        (void)snprintf(values[i], sizeof(values[i]), "v%" PRId64,
                       mock_log_end(s->log) + (int64_t)i);
        records[i] = (struct mock_build_record){
            .timestamp_ms = s->now_ms + (int64_t)i,
            .key = strcmp(words[i], "?") == 0 ? BASE_SLICE_NULL
                                              : base_slice_of(words[i], len - is_tombstone),
            .value = is_tombstone ? BASE_SLICE_NULL : base_slice_str(values[i]),
        };
    }
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    options.codec = s->codec;
    options.attributes = s->attributes;
    if (kind != 'n') {
        options.producer_id = producer_id;
        options.producer_epoch = 0;
        options.base_sequence = s->sequences[producer_id];
        s->sequences[producer_id] += (int32_t)count;
    }
    if (kind == 'p') {
        options.attributes |= MOCK_BATCH_TRANSACTIONAL;
        if (s->txn_first[producer_id] < 0) {
            s->txn_first[producer_id] = mock_log_end(s->log);
        }
    }
    struct base_builder b;
    base_builder_init(&b, BASE_MAX_FRAME_BYTES);
    mock_batch_build(&b, &options, records, count);
    append(s, &b, kind == 'n' ? -1 : producer_id);
    base_builder_clean_up(&b);
}

static void end_transaction(struct script *s, int64_t producer_id, bool commit) {
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    options.producer_id = producer_id;
    options.producer_epoch = 0;
    struct base_builder b;
    base_builder_init(&b, BASE_MAX_FRAME_BYTES);
    mock_batch_build_marker(&b, &options, commit, 0, s->now_ms);
    append(s, &b, producer_id);
    base_builder_clean_up(&b);
    if (!commit && s->txn_first[producer_id] >= 0) {
        struct mock_aborted_txn txn = {producer_id, s->txn_first[producer_id],
                                       mock_log_end(s->log) - 1};
        T_EQUAL_INT(mock_log_add_aborted(s->log, &txn, NULL), 0);
    }
    s->txn_first[producer_id] = -1;
}

/* -- passes -- */

static void clean(struct script *s, const char *from, bool idle) {
    struct mock_clean_options options = MOCK_CLEAN_OPTIONS_INIT;
    options.now_ms = s->now_ms;
    options.producers = s->producers;
    options.map_keys = s->map_keys;
    struct snapshot before;
    snapshot_take(&before, s->log);
    if (from) {
        s->log->checkpoint = strtoll(from, NULL, 10);
    }
    mock_clean_pass_free(s->pass);
    s->pass = NULL;
    struct base_error err = BASE_ERROR_INIT;
    if (T_EQUAL_INT(mock_log_clean(s->log, &options, &s->pass, &err), 0)) {
        const struct mock_clean_report *report = mock_clean_pass_report(s->pass);
        T_EQUAL_INT(report->nothing_dirty, idle);
        check_pass(&before, s->log, report);
    }
    snapshot_free(&before);
}

/* -- what is there -- */

typedef void (*record_fn)(struct base_builder *out, const struct mock_stored_batch *batch,
                          const struct mock_record *record);

static void put_number(struct base_builder *out, int64_t number) {
    base_put_format(out, "%s%" PRId64, out->len ? " " : "", number);
}

static void put_key(struct base_builder *out, const struct mock_stored_batch *batch,
                    const struct mock_record *record) {
    if (!mock_stored_batch_is_control(batch)) {
        base_put_str(out, out->len ? " " : "");
        base_put_slice(out, base_slice_is_null(record->key) ? base_slice_str("?") : record->key);
        base_put_str(out, base_slice_is_null(record->value) ? "-" : "");
    }
}

static void put_offset(struct base_builder *out, const struct mock_stored_batch *batch,
                       const struct mock_record *record) {
    put_number(out, record->offset);
}

static void put_records(struct base_builder *out, const struct mock_log *log, record_fn put) {
    for (size_t i = 0; i < log->count; i++) {
        struct mock_record_iterator it;
        struct mock_record record;
        int rc = mock_record_iterator_init(&it, mock_stored_batch_slice(log->entries[i].batch));
        if (!T_EQUAL_INT(rc, 0)) {
            return;
        }
        while ((rc = mock_record_iterator_next(&it, &record)) > 0) {
            put(out, log->entries[i].batch, &record);
        }
        T_EQUAL_INT(rc, 0);
        mock_record_iterator_clean_up(&it);
    }
}

static void put_offsets(struct base_builder *out, const int64_t *offsets, size_t count) {
    for (size_t i = 0; i < count; i++) {
        put_number(out, offsets[i]);
    }
}

static void put_batches(struct base_builder *out, const struct mock_log *log, bool last) {
    for (size_t i = 0; i < log->count; i++) {
        put_number(out,
                   last ? log->entries[i].batch->last_offset : log->entries[i].batch->base_offset);
    }
}

/* As a restart would find them: read from the log anew. */
static void put_sequences(struct base_builder *out, const struct mock_log *log) {
    for (int64_t id = 0; id < 16; id++) {
        int32_t last = -1;
        for (size_t i = 0; i < log->count; i++) {
            const struct mock_stored_batch *b = log->entries[i].batch;
            if (b->producer_id == id && !mock_stored_batch_is_control(b)) {
                last = b->base_sequence + (int32_t)(b->last_offset - b->base_offset);
            }
        }
        if (last >= 0) {
            base_put_format(out, "%s%" PRId64 ":%d", out->len ? " " : "", id, (int)last);
        }
    }
}

static void put_lists(struct base_builder *out, const struct script *s, const char *what) {
    const struct mock_clean_report *r = s->pass ? mock_clean_pass_report(s->pass) : NULL;
    if (strcmp(what, "removed") == 0 && r) {
        put_offsets(out, r->removed, r->removed_count);
    } else if (strcmp(what, "emptied") == 0 && r) {
        put_offsets(out, r->emptied, r->emptied_count);
    } else if (strcmp(what, "deleted") == 0 && r) {
        put_offsets(out, r->deleted, r->deleted_count);
    } else if (strcmp(what, "stamped") == 0 && r) {
        for (size_t i = 0; i < r->horizon_count; i++) {
            put_number(out, r->horizons[i].base_offset);
        }
    } else if (strcmp(what, "segments") == 0) {
        for (size_t i = 0; i < s->log->segment_count; i++) {
            put_number(out, s->log->segments[i].base_offset);
        }
    } else if (strcmp(what, "aborted") == 0) {
        for (size_t i = 0; i < s->log->aborted_count; i++) {
            base_put_format(out, "%s%" PRId64 "-%" PRId64, out->len ? " " : "",
                            s->log->aborted[i].first_offset, s->log->aborted[i].last_offset);
        }
    } else {
        T_EQUAL_STR(what, "a list that scripts know");
    }
}

static bool put_numbers(struct base_builder *out, const struct script *s, const char *what) {
    const struct mock_clean_report *r = s->pass ? mock_clean_pass_report(s->pass) : NULL;
    const struct {
        const char *name;
        int64_t value;
    } numbers[] = {
        {"dirty", s->log->checkpoint},
        {"end", s->log->end},
        {"start", s->log->start},
        {"last", mock_log_last_record(s->log)},
        {"read", r ? (int64_t)r->records_read : -1},
        {"kept", r ? (int64_t)r->records_kept : -1},
        {"invalid", r ? (int64_t)r->records_invalid : -1},
        {"partial", r ? r->partial : -1},
    };
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (strcmp(numbers[i].name, what) == 0) {
            put_number(out, numbers[i].value);
            return true;
        }
    }
    return false;
}

static void describe(struct base_builder *out, const struct script *s, const char *what) {
    if (strcmp(what, "keys") == 0) {
        put_records(out, s->log, put_key);
    } else if (strcmp(what, "offsets") == 0) {
        put_records(out, s->log, put_offset);
    } else if (strcmp(what, "bases") == 0 || strcmp(what, "lasts") == 0) {
        put_batches(out, s->log, what[0] == 'l');
    } else if (strcmp(what, "seqs") == 0) {
        put_sequences(out, s->log);
    } else if (!put_numbers(out, s, what)) {
        put_lists(out, s, what);
    }
    base_put_u8(out, 0);
}

/* -- commands -- */

static void recognise(struct script *s, char **w) {
    int32_t first = to_int(w[2]);
    struct mock_sequence sequence = {to_int(w[1]), 0,    first, first + to_int(w[3]) - 1,
                                     false,        false};
    struct mock_sequence_result result =
        mock_producers_check(s->producers, &sequence, MOCK_FIRST_SEQUENCE_ANY, false);
    T_EQUAL_INT(result.answer, MOCK_SEQUENCE_DUPLICATE);
    T_EQUAL_INT(result.base_offset, to_int(w[4]));
    T_EQUAL_INT(result.last_offset, to_int(w[5]));
}

static bool run_command(struct script *s, char **w, size_t count) {
    if (strcmp(w[0], "roll") == 0) {
        bool rolled = false;
        T_EQUAL_INT(mock_log_roll(s->log, s->now_ms, &rolled, NULL), 0);
    } else if (strcmp(w[0], "commit") == 0 || strcmp(w[0], "abort") == 0) {
        end_transaction(s, to_int(w[1]), w[0][0] == 'c');
    } else if (strcmp(w[0], "clean") == 0 || strcmp(w[0], "idle") == 0) {
        clean(s, count > 1 ? w[1] : NULL, w[0][0] == 'i');
    } else if (strcmp(w[0], "at") == 0) {
        s->now_ms += strtoll(w[1], NULL, 10);
    } else if (strcmp(w[0], "set") == 0) {
        T_EQUAL_INT(mock_log_config_set(&s->config, w[1], w[2], NULL), 0);
        mock_log_configure(s->log, &s->config);
    } else if (strcmp(w[0], "map") == 0) {
        s->map_keys = strtoull(w[1], NULL, 10);
    } else if (strcmp(w[0], "stable") == 0) {
        mock_log_hold_stable(s->log, strtoll(w[1], NULL, 10));
    } else if (strcmp(w[0], "forget") == 0) {
        mock_producers_forget(s->producers, to_int(w[1]));
    } else if (strcmp(w[0], "expire") == 0) {
        (void)mock_producers_expire(s->producers, s->now_ms, strtoll(w[1], NULL, 10));
    } else if (strcmp(w[0], "reload") == 0) {
        T_EQUAL_INT(mock_producers_rebuild(s->producers, s->log, NULL), 0);
    } else if (strcmp(w[0], "again") == 0) {
        recognise(s, w);
    } else if (strcmp(w[0], "codec") == 0) {
        T_TRUE(mock_codec_find(w[1], &s->codec));
    } else if (strcmp(w[0], "append-time") == 0) {
        s->attributes |= MOCK_BATCH_LOG_APPEND_TIME;
    } else if (strcmp(w[0], "retain") == 0) {
        mock_clean_pass_free(s->pass);
        s->pass = NULL;
        T_EQUAL_INT(mock_log_retain(s->log, s->now_ms, &s->pass, NULL), 0);
    } else if (strcmp(w[0], "delete-before") == 0) {
        mock_clean_pass_free(s->pass);
        s->pass = NULL;
        T_EQUAL_INT(mock_log_delete_records(s->log, to_int(w[1]), s->now_ms, &s->pass, NULL), 0);
    } else {
        return false;
    }
    return true;
}

static void run_line(struct script *s, const char *origin, int number, char *line) {
    char expected[512];
    char *words[MAX_WORDS];
    size_t count = 0;
    const char *rest = line + strcspn(line, " ");
    (void)snprintf(expected, sizeof(expected), "%s", rest + strspn(rest, " "));
    for (char *at = line; *at && count < MAX_WORDS; at += strspn(at, " ")) {
        words[count++] = at;
        at += strcspn(at, " ");
        if (*at) {
            *at++ = '\0';
        }
    }
    if (count == 0) {
        return;
    }
    char kind = words[0][0];
    bool is_batch = strcmp(words[0], "n") == 0 ||
                    ((kind == 'i' || kind == 'p') && words[0][1] >= '0' && words[0][1] <= '9');
    if (is_batch) {
        append_data(s, kind, kind == 'n' ? -1 : to_int(words[0] + 1), words + 1, count - 1);
    } else if (!run_command(s, words, count)) {
        struct base_builder out;
        base_builder_init(&out, BASE_MIB);
        describe(&out, s, words[0]);
        t_check(strcmp((const char *)out.data, expected) == 0, number, origin, "%s are %s, not %s",
                words[0], (const char *)out.data, expected);
        base_builder_clean_up(&out);
    }
}

void script_run(struct script *s, const char *origin, const char *text) {
    int number = 1;
    while (*text) {
        char line[512];
        text += strspn(text, " ");
        size_t len = strcspn(text, "\n");
        size_t used = len;
        while (used && text[used - 1] == ' ') {
            used--;
        }
        (void)snprintf(line, sizeof(line), "%.*s", (int)used, text);
        run_line(s, origin, number++, line);
        text += len + (text[len] == '\n');
    }
}

void script_claim(const char *origin, const char *text) {
    int64_t live_before = base_memory_live_count();
    struct script s;
    script_open(&s);
    script_run(&s, origin, text);
    script_close(&s);
    T_EQUAL_INT(base_memory_live_count(), live_before);
}
