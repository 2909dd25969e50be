/*
 * compaction of a topic: Kafka's cleaner obligations hold after every pass. A self-check of the
 * broker from the history alone: the log before a pass is what was appended and what the passes
 * before it made of it; the log after it is that with the changes that were told.
 */
#include "harness/check/compaction.h"

#include <inttypes.h>
#include <string.h>

#include "base/memory.h"

#define DEFAULT_EXPIRATION_MS INT64_C(86400000)

int trial_pass_fail(struct trial_pass *pass, const char *because, int64_t offset) {
    struct trial_index *ix = pass->c->ix;
    uint32_t record = trial_index_record_at(ix, pass->part, offset);
    trial_case_fail(pass->c, because, pass->event);
    trial_case_say(pass->c, "%s: offset %" PRId64, because, offset);
    trial_case_event(pass->c, record == TRIAL_NONE ? TRIAL_NONE : ix->records[record].event);
    return trial_anomaly_add_at(pass->c->court, because, pass->part,
                                record == TRIAL_NONE ? BASE_SLICE_NULL : ix->records[record].key,
                                TRIAL_NONE, 1, pass->event);
}

/* -- one pass of the cleaner -- */

/* What the pass read keys from: per key the newest offset. Data of aborted transactions is not. */
static void index_keys(struct trial_pass *pass) {
    struct trial_index *ix = pass->c->ix;
    const struct trial_cleaned *log = pass->log;
    memset(pass->newest, 0xff, (ix->key_numbers.count + 1) * sizeof(*pass->newest));
    size_t place = trial_cleaned_find(log, pass->clean->first_dirty);
    size_t judged = SIZE_MAX;
    bool aborted = false;
    for (size_t i = 0; i < log->record_count; i++) {
        const struct trial_index_record *record = &ix->records[log->records[i]];
        ix->step_count++;
        if (record->offset < pass->clean->first_dirty || record->offset >= pass->clean->end ||
            !record->key.data) {
            continue;
        }
        while (place < log->batch_count && log->batches[place]->last_offset < record->offset) {
            place++;
        }
        if (place < log->batch_count && place != judged) {
            struct mock_batch_header header;
            judged = place;
            aborted = mock_batch_header_decode(mock_stored_batch_slice(log->batches[place]),
                                               &header) == 0 &&
                      mock_batch_is_transactional(&header) && trial_cleaned_is_aborted(log, place);
        }
        if (!aborted) {
            pass->newest[record->key_number] = record->offset;
        }
    }
}

static int judge_changes(struct trial_pass *pass) {
    const struct trial_clean *clean = pass->clean;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < clean->change_count; i++) {
        const struct trial_clean_change *change = &clean->changes[i];
        size_t place = trial_cleaned_find(pass->log, change->base_offset);
        if (place == pass->log->batch_count ||
            pass->log->batches[place]->base_offset != change->base_offset ||
            pass->log->batches[place]->last_offset != change->last_offset) {
            rc = trial_pass_fail(pass, "cleaner-misreported", change->base_offset);
        } else {
            rc = trial_pass_judge_change(pass, place, change->after);
        }
    }
    return rc;
}

/* A record that is still there: its batch after the pass says whether its tombstone is stamped. */
static int judge_kept(struct trial_pass *pass, const struct trial_index_record *record,
                      const struct mock_stored_batch *before,
                      const struct mock_stored_batch *after) {
    if (!record->key.data) {
        return trial_pass_fail(pass, "cleaner-kept-keyless", record->offset);
    }
    if (pass->newest[record->key_number] > record->offset) {
        return trial_pass_fail(pass, "cleaner-kept-superseded", record->offset);
    }
    struct mock_batch_header was;
    struct mock_batch_header is;
    if (record->value.data || mock_batch_header_decode(mock_stored_batch_slice(before), &was) ||
        mock_batch_header_decode(mock_stored_batch_slice(after), &is)) {
        return 0;
    }
    bool stamped = (was.attributes & MOCK_BATCH_DELETE_HORIZON) != 0;
    if (stamped && pass->clean->now_ms >= was.base_timestamp) {
        return trial_pass_fail(pass, "cleaner-late-tombstone", record->offset);
    }
    return stamped || (is.attributes & MOCK_BATCH_DELETE_HORIZON) != 0
               ? 0 : trial_pass_fail(pass, "cleaner-no-horizon", record->offset);
}

/* Everything below the end that the pass left. Records and batches are walked together. */
static int judge_left(struct trial_pass *pass) {
    struct trial_index *ix = pass->c->ix;
    const struct trial_cleaned *log = pass->log;
    const struct trial_clean *clean = pass->clean;
    size_t place = 0;
    size_t change = 0;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < log->record_count; i++) {
        const struct trial_index_record *record = &ix->records[log->records[i]];
        ix->step_count++;
        if (record->offset >= clean->end) {
            break;
        }
        while (place < log->batch_count && log->batches[place]->last_offset < record->offset) {
            place++;
        }
        if (record->gone_event == pass->event || place == log->batch_count) {
            continue;
        }
        const struct mock_stored_batch *before = log->batches[place];
        const struct mock_stored_batch *after = before;
        while (change < clean->change_count &&
               clean->changes[change].base_offset < before->base_offset) {
            change++;
        }
        if (change < clean->change_count &&
            clean->changes[change].base_offset == before->base_offset) {
            after = clean->changes[change].after;
        }
        rc = after ? judge_kept(pass, record, before, after)
                   : trial_pass_fail(pass, "cleaner-misreported", record->offset);
    }
    return rc;
}

static int judge_range(struct trial_pass *pass) {
    const struct trial_clean *clean = pass->clean;
    const struct trial_cleaned *log = pass->log;
    if (clean->log_end != log->end) {
        return trial_pass_fail(pass, "cleaner-moved-end", clean->log_end);
    }
    if (clean->start != clean->start_before) {
        return trial_pass_fail(pass, "cleaner-moved-start", clean->start);
    }
    if (clean->first_uncleanable > log->end || clean->end > clean->first_uncleanable ||
        (!clean->partial && !clean->nothing_dirty && clean->end != clean->first_uncleanable) ||
        (clean->nothing_dirty && clean->change_count > 0)) {
        return trial_pass_fail(pass, "cleaner-misreported", clean->end);
    }
    int64_t dirty = log->checkpoint > clean->start ? log->checkpoint : clean->start;
    if (clean->first_dirty > dirty) {
        return trial_pass_fail(pass, "cleaner-skipped-dirty", dirty);
    }
    for (size_t i = trial_cleaned_find(log, clean->first_dirty);
         log->lag_ms > 0 && i < log->batch_count &&
         log->batches[i]->base_offset < clean->first_uncleanable;
         i++) {
        if (log->batches[i]->max_timestamp > clean->now_ms - log->lag_ms) {
            return trial_pass_fail(pass, "cleaner-touched-uncleanable",
                                   log->batches[i]->base_offset);
        }
    }
    return 0;
}

static int judge_report(struct trial_pass *pass) {
    const struct trial_clean *clean = pass->clean;
    uint64_t removed = 0;
    for (size_t i = 0; i < clean->removed_count; i++) {
        removed += (uint64_t)(clean->removed[i].last - clean->removed[i].first + 1);
    }
    if (removed == pass->removed && clean->emptied_count == pass->emptied &&
        clean->horizon_count == pass->horizons) {
        return 0;
    }
    trial_case_say(pass->c, "the batches say: %" PRIu64 " removed, %" PRIu64 " emptied, %" PRIu64
                   " stamped", pass->removed, pass->emptied, pass->horizons);
    return trial_pass_fail(pass, "cleaner-misreported", clean->end);
}

static int judge_compact(struct trial_pass *pass) {
    int rc = judge_range(pass);
    index_keys(pass);
    bool sound = pass->c->finding.verdict != TRIAL_FAIL;
    rc = rc ? rc : judge_changes(pass);
    rc = rc || pass->clean->nothing_dirty ? rc : judge_left(pass);
    /* A list that is wrong because something else is says nothing more. */
    return rc || !sound || pass->c->finding.verdict == TRIAL_FAIL ? rc : judge_report(pass);
}

/* Retention and DeleteRecords take whole batches below the new start, and nothing else. */
static int judge_trim(struct trial_pass *pass) {
    const struct trial_clean *clean = pass->clean;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < clean->change_count; i++) {
        const struct trial_clean_change *change = &clean->changes[i];
        if (change->after || change->last_offset >= clean->start) {
            rc = trial_pass_fail(pass, "cleaner-removed-above-start", change->base_offset);
        }
    }
    for (size_t i = 0; rc == 0 && i < clean->removed_count; i++) {
        if (clean->removed[i].last >= clean->start) {
            rc = trial_pass_fail(pass, "cleaner-removed-above-start", clean->removed[i].last);
        }
    }
    if (rc == 0 && (clean->start < clean->start_before || clean->log_end != pass->log->end)) {
        rc = trial_pass_fail(pass, "cleaner-moved-end", clean->log_end);
    }
    return rc;
}

/* -- the history -- */

struct tally {
    uint64_t passes;
    uint64_t dirty;
    uint64_t removed;
    uint64_t emptied;
    uint64_t horizons;
};

static bool is_of_case(const struct trial_case *c, uint32_t topic) {
    const struct trial_real_topic *real = c->ix->topics[topic].real;
    return c->journal ? real && real->journal == c->journal : topic == c->topic;
}

static const struct trial_settings *settings_of(const struct trial_index_topic *topic) {
    return !topic->real          ? NULL
           : topic->real->topic ? &topic->real->topic->settings
                                 : &topic->real->journal->settings;
}

static int64_t number_of(const struct trial_settings *settings, const char *name,
                         int64_t otherwise) {
    const struct trial_setting *setting = settings ? trial_find_setting(settings, name) : NULL;
    return setting ? setting->value.number : otherwise;
}

static int64_t expiration_of(const struct trial_scenario *scenario) {
    int64_t ms = DEFAULT_EXPIRATION_MS;
    for (size_t i = 0; i < scenario->item_count; i++) {
        if (scenario->items[i].kind == TRIAL_ITEM_CLUSTER) {
            ms = number_of(&scenario->items[i].u.cluster, "producer.id.expiration.ms", ms);
        }
    }
    return ms;
}

static int judge_pass(struct trial_case *c, struct trial_cleaned *log, uint32_t event,
                      int64_t *newest, struct tally *tally) {
    const struct trial_event *told = trial_index_event(c->ix, event);
    uint32_t topic = trial_index_find_topic(c->ix, told->topic);
    struct trial_pass pass = {
        .c = c,
        .log = log,
        .event = event,
        .part = trial_index_part_at(c->ix, topic, told->partition, event),
        .clean = told->clean,
        .newest = newest,
        .expiration_ms = expiration_of(c->ix->scenario),
    };
    bool compacts = told->text && strcmp(told->text, "compact") == 0;
    int rc = compacts ? judge_compact(&pass) : judge_trim(&pass);
    tally->passes++;
    tally->dirty += compacts && !told->clean->nothing_dirty;
    tally->removed += pass.removed;
    tally->emptied += told->clean->emptied_count;
    tally->horizons += told->clean->horizon_count;
    trial_cleaned_apply(c->ix, log, told->clean, event);
    log->checkpoint = compacts ? told->clean->end : log->checkpoint;
    return rc;
}

/* A topic that is configured says its min.compaction.lag.ms. */
static void note_lag(struct trial_case *c, struct trial_cleaned *logs, uint32_t at) {
    const struct trial_event *event = trial_index_event(c->ix, at);
    uint32_t topic = trial_index_find_topic(c->ix, event->topic);
    bool configures = event->text && strcmp(event->text, "configured") == 0;
    for (int32_t i = 0; topic != TRIAL_NONE && configures && i < event->partition; i++) {
        uint32_t part = trial_index_part_at(c->ix, topic, i, at);
        if (part != TRIAL_NONE) {
            logs[part].lag_ms = event->offset;
        }
    }
}

static int walk(struct trial_case *c, struct trial_cleaned *logs, int64_t *newest,
                struct tally *tally) {
    struct trial_index *ix = c->ix;
    size_t count = trial_history_count(ix->history);
    uint32_t limit = 0;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        const struct trial_event *event = trial_history_at(ix->history, i);
        ix->step_count++;
        bool appends = (event->fact == TRIAL_FACT_APPEND || event->fact == TRIAL_FACT_MARKER) &&
                       event->batch && event->topic;
        bool cuts = event->fact == TRIAL_FACT_TRUNCATE && event->topic;
        bool cleans = event->fact == TRIAL_FACT_CLEAN && event->clean && event->topic;
        if (event->fact == TRIAL_FACT_TOPIC && event->topic) {
            note_lag(c, logs, (uint32_t)i);
        }
        if (!appends && !cleans && !cuts) {
            continue;
        }
        uint32_t from = limit;
        while (limit < ix->record_count && ix->records[limit].event <= i) {
            limit++;
        }
        uint32_t topic = trial_index_find_topic(ix, event->topic);
        uint32_t part = topic == TRIAL_NONE
                            ? TRIAL_NONE
                            : trial_index_part_at(ix, topic, event->partition, (uint32_t)i);
        if (part == TRIAL_NONE || !is_of_case(c, topic)) {
            continue;
        }
        if (cuts) {
            trial_cleaned_cut(ix, &logs[part], event->offset);
            continue;
        }
        rc = appends ? trial_cleaned_append(ix, &logs[part], event->batch, from, limit)
                     : judge_pass(c, &logs[part], (uint32_t)i, newest, tally);
    }
    return rc;
}

int trial_judge_compaction(struct trial_case *c, struct base_error *err) {
    struct trial_index *ix = c->ix;
    struct tally tally = {0};
    size_t parts = ix->part_numbers.count;
    struct trial_cleaned *logs = base_alloc_zero((parts + 1) * sizeof(*logs));
    int64_t *newest = base_alloc_array(ix->key_numbers.count + 1, sizeof(*newest));
    int rc = logs && newest ? 0 : BASE_NO_MEMORY;
    for (size_t i = 0; logs && i < parts; i++) {
        trial_table_init(&logs[i].producers);
        logs[i].checkpoint = -1;
        logs[i].lag_ms =
            number_of(settings_of(&ix->topics[ix->parts[i].topic]), "min.compaction.lag.ms", 0);
    }
    rc = rc ? rc : walk(c, logs, newest, &tally);
    for (size_t i = 0; logs && i < parts; i++) {
        trial_table_clean_up(&logs[i].producers);
        base_free(logs[i].batches);
        base_free(logs[i].records);
        base_free(logs[i].last);
    }
    base_free(logs);
    base_free(newest);
    c->exercised = tally.dirty > 0;
    trial_case_count(c, "passes", tally.passes);
    trial_case_count(c, "with something dirty", tally.dirty);
    trial_case_count(c, "removed", tally.removed);
    trial_case_count(c, "kept empty", tally.emptied);
    trial_case_count(c, "stamped", tally.horizons);
    return rc ? base_fail(err, rc, "compaction: %s", base_code_to_str(rc)) : 0;
}
