/* One event as a line for people: the form in which evidence is quoted. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "harness/check/history.h"
#include "mock/wire/api.h"
#include "mock/wire/error_names.h"
#include "mock/wire/record.h"

#define MAX_QUOTED_BYTES 48
#define MAX_QUOTED_RECORDS 3

static void put_quoted(struct base_builder *line, struct base_slice bytes) {
    bool cut = bytes.len > MAX_QUOTED_BYTES;
    if (cut) {
        bytes.len = MAX_QUOTED_BYTES;
    }
    base_put_quoted(line, bytes);
    if (cut) {
        base_put_str(line, "…");
    }
}

static void put_word(struct base_builder *line, const char *before, const char *word) {
    if (word && word[0]) {
        base_put_format(line, "%s%s", before, word);
    }
}

static void put_place(struct base_builder *line, const struct trial_event *event) {
    if (event->topic) {
        base_put_format(line, " %s", event->topic);
        if (event->partition >= 0) {
            base_put_format(line, "/%" PRId32, event->partition);
        }
    }
}

static void put_records(struct base_builder *line, const struct trial_event *event) {
    struct mock_record_iterator it;
    if (!event->batch || mock_record_iterator_init(&it, mock_stored_batch_slice(event->batch))) {
        return;
    }
    struct mock_record record;
    size_t count = 0;
    for (; mock_record_iterator_next(&it, &record) == 1; count++) {
        if (count < MAX_QUOTED_RECORDS) {
            base_put_format(line, "%s%" PRId64 ": ", count ? ", " : " { ",
                            event->batch->base_offset + record.offset_delta);
            put_quoted(line, record.key);
            base_put_str(line, " = ");
            put_quoted(line, record.value);
        }
    }
    if (count > MAX_QUOTED_RECORDS) {
        base_put_format(line, ", and %zu more", count - MAX_QUOTED_RECORDS);
    }
    base_put_str(line, count ? " }" : "");
    mock_record_iterator_clean_up(&it);
}

#define MAX_QUOTED_RUNS 8

static void put_removed(struct base_builder *line, const struct trial_clean *clean) {
    uint64_t count = 0;
    for (size_t i = 0; i < clean->removed_count; i++) {
        count += (uint64_t)(clean->removed[i].last - clean->removed[i].first + 1);
    }
    base_put_format(line, " removed %" PRIu64, count);
    for (size_t i = 0; i < clean->removed_count && i < MAX_QUOTED_RUNS; i++) {
        const struct trial_offsets *run = &clean->removed[i];
        base_put_format(line, "%s%" PRId64, i ? ", " : " (", run->first);
        if (run->last > run->first) {
            base_put_format(line, "-%" PRId64, run->last);
        }
    }
    base_put_str(line, clean->removed_count > MAX_QUOTED_RUNS ? ", …)"
                       : clean->removed_count              ? ")"
                                                           : "");
}

static void put_clean(struct base_builder *line, const struct trial_event *event) {
    const struct trial_clean *clean = event->clean;
    put_word(line, " ", event->text);
    if (!clean) {
        return;
    }
    if (clean->nothing_dirty) {
        base_put_str(line, ", nothing was dirty");
        return;
    }
    put_removed(line, clean);
    if (clean->start != clean->start_before) {
        base_put_format(line, ", starts at %" PRId64, clean->start);
    }
    if (event->text && strcmp(event->text, "compact") != 0) {
        return;
    }
    base_put_format(line, ", dirty from %" PRId64 " to %" PRId64 "%s", clean->first_dirty,
                    clean->end, clean->partial ? " (partial)" : "");
    if (clean->emptied_count) {
        base_put_format(line, ", %zu batches kept empty", clean->emptied_count);
    }
    for (size_t i = 0; i < clean->horizon_count && i < MAX_QUOTED_RUNS; i++) {
        base_put_format(line, "%s %" PRId64, i ? "," : ", horizon put on",
                        clean->horizons[i].base_offset);
    }
}

static void put_details(struct base_builder *line, const struct trial_event *event) {
    switch (event->fact) {
    case TRIAL_FACT_APPEND:
        base_put_format(line, " at %" PRId64, event->offset);
        put_records(line, event);
        break;
    case TRIAL_FACT_SERVE:
        base_put_format(line, " asked for %" PRId64, event->offset);
        put_records(line, event);
        break;
    case TRIAL_FACT_CLEAN:
        put_clean(line, event);
        break;
    case TRIAL_FACT_INTENT:
        base_put_format(line, " %" PRIu64 " to %s: ", event->intent, event->text);
        put_quoted(line, event->key);
        base_put_str(line, " = ");
        put_quoted(line, event->value);
        break;
    case TRIAL_FACT_OUTCOME:
        base_put_format(line, " of intent %" PRIu64 " is %s", event->intent, event->text);
        put_word(line, " ", event->text2);
        break;
    case TRIAL_FACT_STORE_VIEW:
    case TRIAL_FACT_STORE_ROW:
        put_word(line, " of ", event->text);
        base_put_str(line, " ");
        put_quoted(line, event->key);
        if (event->fact == TRIAL_FACT_STORE_VIEW && !event->flag) {
            base_put_str(line, " has no row");
        } else {
            base_put_str(line, " = ");
            put_quoted(line, event->value);
        }
        if (event->fact == TRIAL_FACT_STORE_VIEW) {
            base_put_format(line, " (for the record at %" PRId64 ")", event->offset);
        }
        break;
    case TRIAL_FACT_OUTPUT:
    case TRIAL_FACT_STORE_CELL:
        put_word(line, " ", event->text);
        put_word(line, " ", event->text2);
        base_put_format(line, ", %zu bytes", event->value.len);
        break;
    case TRIAL_FACT_RECV:
    case TRIAL_FACT_BEFORE:
    case TRIAL_FACT_AFTER:
    case TRIAL_FACT_SEND:
        base_put_format(line, " %s v%d at broker %" PRId32, mock_api_to_str(event->api),
                        (int)event->version, event->broker);
        break;
    case TRIAL_FACT_CONNECT:
    case TRIAL_FACT_DISCONNECT:
        base_put_format(line, " broker %" PRId32, event->broker);
        put_word(line, ", ", event->text);
        break;
    case TRIAL_FACT_BROKER:
        base_put_format(line, " %" PRId32, event->broker);
        put_word(line, " ", event->text);
        break;
    case TRIAL_FACT_FAULT:
        put_word(line, " ", event->text);
        base_put_str(line, event->offset == 1 ? " is done" : " matched");
        break;
    case TRIAL_FACT_QUIESCENT:
        base_put_str(line, event->flag ? " yes" : " no");
        put_word(line, ": ", event->text);
        break;
    default:
        put_word(line, " ", event->text);
        put_word(line, ": ", event->text2);
        if (event->offset >= 0) {
            base_put_format(line, " %" PRId64, event->offset);
        }
    }
}

void trial_event_describe(const struct trial_event *event, struct base_builder *ret_line) {
    base_put_str(ret_line, trial_fact_to_str(event->fact));
    if (event->actor) {
        base_put_format(ret_line, " %s", event->actor);
        if (event->incarnation > 1) {
            base_put_format(ret_line, "#%" PRIu32, event->incarnation);
        }
    }
    put_word(ret_line, " group ", event->group);
    if (event->fact != TRIAL_FACT_INTENT) {
        put_place(ret_line, event);
    }
    put_details(ret_line, event);
    if (event->error) {
        base_put_format(ret_line, " error %d %s", (int)event->error,
                        mock_error_to_str(event->error));
    }
    if (event->dropped) {
        base_put_str(ret_line, " (dropped)");
    }
}
