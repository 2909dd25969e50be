/* The end of a trial: actors at rest, stopped, their stores read. */
#include <signal.h>

#include "base/limits.h"
#include "harness/run/cond.h"
#include "harness/run/runner.h"

#define REASON_BYTES (64u * 1024u)

/* Stopped while at rest, and nothing was written since: that is rest. */
static bool rests(struct trial_live *live, struct base_builder *why) {
    if (live->process || live->actor->role == TRIAL_WRITER || live->stage->has_foreign_actors) {
        return trial_live_rests(live, why);
    }
    if (live->was_stopped && live->rested_at_stop) {
        if (live->appended_at_stop == trial_stage_appended(live->stage)) {
            return true;
        }
        base_put_format(why, "records were written after %s was stopped", live->name);
        return false;
    }
    base_put_format(why, "%s is not running", live->name);
    return false;
}

void trial_finish_record_rest(struct trial_stage *stage) {
    for (size_t i = 0; i < stage->live_count; i++) {
        struct trial_live *live = stage->lives[i];
        bool is_foreign_client =
            stage->has_foreign_actors && live->actor->role == TRIAL_CLIENT;
        if (live->incarnation == 0 && !is_foreign_client) {
            continue;
        }
        struct base_builder why;
        base_builder_init(&why, REASON_BYTES);
        struct trial_event event = TRIAL_EVENT_INIT(TRIAL_FACT_QUIESCENT);
        event.actor = live->name;
        event.incarnation = live->incarnation;
        event.flag = rests(live, &why);
        base_put_u8(&why, 0);
        event.text = event.flag || !base_builder_ok(&why) ? NULL : (const char *)why.data;
        trial_stage_record(stage, &event);
        base_builder_clean_up(&why);
    }
}

void trial_finish_stop(struct trial_stage *stage) {
    for (size_t i = 0; i < stage->live_count; i++) {
        stage->lives[i]->restart_wanted = false;
        trial_live_resume(stage->lives[i]);
        trial_live_stop(stage->lives[i]);
    }
}

void trial_finish_kill(struct trial_stage *stage) {
    for (size_t i = 0; i < stage->live_count; i++) {
        stage->lives[i]->restart_wanted = false;
        trial_live_kill(stage->lives[i]);
    }
}

bool trial_finish_is_done(const struct trial_stage *stage) {
    for (size_t i = 0; i < stage->live_count; i++) {
        if (stage->lives[i]->process) {
            return false;
        }
    }
    return true;
}

/* -- stores -- */

struct reading {
    struct trial_stage *stage;
    const char *store;
};

static int read_row(void *arg, const struct trial_store_row *row, struct base_error *err) {
    const struct reading *reading = arg;
    struct trial_event event = TRIAL_EVENT_INIT(TRIAL_FACT_STORE_ROW);
    event.text = reading->store;
    event.topic = row->topic;
    event.key = row->key;
    event.value = row->value;
    trial_stage_record(reading->stage, &event);
    return reading->stage->failed;
}

static int read_cell(void *arg, const char *column, struct base_slice bytes,
                     struct base_error *err) {
    const struct reading *reading = arg;
    struct trial_event event = TRIAL_EVENT_INIT(TRIAL_FACT_STORE_CELL);
    event.text = reading->store;
    event.text2 = column;
    event.value = bytes;
    trial_stage_record(reading->stage, &event);
    return reading->stage->failed;
}

/* Cells matter to secrets only. */
static bool has_secrets(const struct trial_scenario *bound) {
    for (size_t i = 0; i < bound->item_count; i++) {
        const struct trial_item *item = &bound->items[i];
        if (item->kind == TRIAL_ITEM_SECRET ||
            (item->kind == TRIAL_ITEM_JOURNAL && item->u.journal.anonymize)) {
            return true;
        }
    }
    return false;
}

/* Was any client that fills it ever started? */
static bool is_used(const struct trial_stage *stage, const struct trial_store *store) {
    for (size_t i = 0; i < stage->live_count; i++) {
        const struct trial_live *live = stage->lives[i];
        if (live->incarnation > 0 && live->actor->store.text &&
            trial_stage_find_shelf(stage, live->actor->store.text)->store == store) {
            return true;
        }
    }
    return false;
}

void trial_finish_read_stores(struct trial_stage *stage) {
    for (size_t i = 0; i < stage->shelf_count && !stage->failed; i++) {
        struct trial_shelf *shelf = &stage->shelves[i];
        if (!is_used(stage, shelf->store)) {
            continue;
        }
        struct reading reading = {stage, shelf->store->name.text};
        struct base_error err = BASE_ERROR_INIT;
        int result = trial_store_rows(shelf->reader, read_row, &reading, &err);
        if (result == 0 && has_secrets(stage->bound)) {
            result = trial_store_cells(shelf->reader, read_cell, &reading, &err);
        }
        struct trial_event event = TRIAL_EVENT_INIT(TRIAL_FACT_STORE_READ);
        event.text = reading.store;
        event.text2 = result == 0 ? NULL : err.text;
        trial_stage_record(stage, &event);
    }
}
