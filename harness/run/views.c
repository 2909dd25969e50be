/*
 * What a client's store holds at the moment of a commit: read while the commit's request waits, for
 * just the records that the commit newly covers.
 */
#include <string.h>

#include "base/limits.h"
#include "harness/run/live.h"
#include "mock/wire/record.h"

typedef bool (*record_fn)(void *arg, const struct mock_record *record);

/* Visits the records of one partition from offset on, up to (not including) end. */
static void each_record(const struct trial_stage *stage, const char *topic, int32_t partition,
                        int64_t from, int64_t end, record_fn visit, void *arg) {
    int64_t at = from;
    bool goes_on = true;
    while (goes_on && at < end) {
        struct mock_stored_batch *batch = mock_partition_batch(stage->broker, topic, partition, at);
        struct mock_record_iterator it;
        if (!batch || batch->base_offset >= end) {
            return;
        }
        if (mock_record_iterator_init(&it, mock_stored_batch_slice(batch)) == 0) {
            struct mock_record record;
            while (goes_on && mock_record_iterator_next(&it, &record) == 1) {
                if (record.offset >= at && record.offset < end &&
                    !mock_batch_is_control(&it.batch)) {
                    goes_on = visit(arg, &record);
                }
            }
            mock_record_iterator_clean_up(&it);
        }
        at = batch->last_offset + 1;
    }
}

struct found_record {
    struct base_arena *arena;
    struct base_slice *ret_key;
    struct base_slice *ret_value;
};

static bool keep_record(void *arg, const struct mock_record *record) {
    struct found_record *found = arg;
    *found->ret_key = base_arena_slice(found->arena, record->key);
    *found->ret_value = base_arena_slice(found->arena, record->value);
    return false;
}

void trial_stage_read_record(const struct trial_stage *stage, const char *topic, int32_t partition,
                             int64_t offset, struct base_arena *arena, struct base_slice *ret_key,
                             struct base_slice *ret_value) {
    struct found_record found = {arena, ret_key, ret_value};
    each_record(stage, topic, partition, offset, offset + 1, keep_record, &found);
}

/* -- the view of a store -- */

struct view {
    struct trial_stage *stage;
    const struct mock_event *commit;
    struct trial_shelf *shelf;
    bool is_blind;
};

static struct trial_event view_fact(const struct view *view, enum trial_fact fact) {
    struct trial_event event = TRIAL_EVENT_INIT(fact);
    event.text = view->shelf->store->name.text;
    event.actor = view->commit->actor;
    event.incarnation = view->commit->incarnation;
    event.group = view->commit->group;
    event.request = view->commit->request;
    event.topic = view->commit->topic;
    event.partition = view->commit->partition;
    return event;
}

static void record_blind(struct view *view, const char *why) {
    struct trial_event event = view_fact(view, TRIAL_FACT_STORE_BLIND);
    event.text2 = why;
    trial_stage_record(view->stage, &event);
    view->is_blind = true;
}

static bool view_record(void *arg, const struct mock_record *record) {
    struct view *view = arg;
    struct base_error err = BASE_ERROR_INIT;
    struct trial_store_row row = {0};
    bool found = false;
    if (trial_store_lookup(view->shelf->reader, view->commit->topic, record->key, &found, &row,
                           &err) != 0) {
        record_blind(view, err.text);
        return false;
    }
    struct trial_event event = view_fact(view, TRIAL_FACT_STORE_VIEW);
    event.offset = record->offset;
    event.key = record->key;
    event.flag = found;
    event.value = found ? row.value : BASE_SLICE_NULL;
    trial_stage_record(view->stage, &event);
    return !view->stage->failed;
}

void trial_stage_view_store(struct trial_stage *stage, const struct mock_event *commit) {
    struct trial_live *live = commit->actor ? trial_stage_find_live(stage, commit->actor) : NULL;
    struct trial_shelf *shelf = live && live->actor->store.text
                                    ? trial_stage_find_shelf(stage, live->actor->store.text)
                                    : NULL;
    if (!shelf) {
        return;
    }
    int64_t from =
        mock_group_committed(stage->broker, commit->group, commit->topic, commit->partition);
    if (from < 0) {
        from = mock_partition_start(stage->broker, commit->topic, commit->partition);
    }
    struct view view = {.stage = stage, .commit = commit, .shelf = shelf};
    const char *why = NULL;
    if (commit->offset <= from) {
        return;
    }
    if (live->incarnation == 0) {
        record_blind(&view, "the client was not started by ktrial, so its store is not known");
        return;
    }
    if (!trial_store_is_readable(shelf->reader, &why)) {
        record_blind(&view, why);
        return;
    }
    each_record(stage, commit->topic, commit->partition, from, commit->offset, view_record, &view);
    trial_store_refresh(shelf->reader);
}
