/* Part of the index: what passes of the cleaner and of retention took out of the log. */
#include <string.h>

#include "harness/check/index.h"

static void take(struct trial_index *ix, uint32_t number, enum trial_gone why, uint32_t event) {
    struct trial_index_record *record = &ix->records[number];
    ix->step_count++;
    if (record->gone == TRIAL_GONE_NOT) {
        record->gone = why;
        record->gone_event = event;
    }
}

int trial_index_add_clean(struct trial_index *ix, uint32_t event) {
    const struct trial_event *pass = trial_index_event(ix, event);
    const struct trial_clean *clean = pass->clean;
    uint32_t number;
    int rc = trial_index_intern_part(ix, pass->topic, pass->partition, &number);
    if (rc) {
        return rc;
    }
    struct trial_index_part *part = &ix->parts[number];
    ix->topics[part->topic].was_cleaned = true;
    enum trial_gone why = !pass->text || strcmp(pass->text, "compact") == 0 ? TRIAL_GONE_COMPACTED
                          : strcmp(pass->text, "retain") == 0               ? TRIAL_GONE_RETAINED
                                                                            : TRIAL_GONE_DELETED;
    for (size_t i = 0; i < clean->removed_count; i++) {
        part->is_cleaned = true;
        for (size_t at = trial_index_seek(ix, part, clean->removed[i].first);
             at < part->count && ix->records[part->records[at]].offset <= clean->removed[i].last;
             at++) {
            take(ix, part->records[at], why, event);
        }
    }
    /* What lies below the start is not in the log, even where its batch still is. */
    if (clean->start > part->start) {
        for (size_t at = trial_index_seek(ix, part, part->start);
             at < part->count && ix->records[part->records[at]].offset < clean->start; at++) {
            take(ix, part->records[at], why, event);
        }
        part->start = clean->start;
        part->is_cleaned = true;
    }
    return 0;
}
