/*
 * The legal views of a captured log: what one scan that overlaps at most one pass of the cleaner
 * may see. Of the n records of a partition, view(a, b, keep|drop) is
 *
 *     0 … a-1    as written: read before the pass
 *     a … b-1    compacted by a pass over 0 … b-1: of each key only its newest record below b; with
 *                drop, tombstones are gone too
 *     b … n-1    as written
 *
 * Records are numbered from 0, whatever their offsets and batches. Many (a, b, t) give the same
 * log: it is served once.
 */
#pragma once
#include "base/builder.h"
#include "base/error.h"
#include "harness/explore/capture.h"

/* One view of all varying partitions at once, at the same relative cut. */
#define TRIAL_VIEW_OF_ALL UINT32_MAX

struct trial_view {
    uint32_t part; /* of the capture; the others are served as written */
    uint32_t a;    /* of the longest varying partition for TRIAL_VIEW_OF_ALL */
    uint32_t b;
    bool drops;    /* tombstones of the window */
};

/* A dropped tombstone that was written behind the reader: legal only if the scan takes longer than
 * delete.retention.ms. Told, and no failure. */
static inline bool trial_view_is_hazard(const struct trial_view *view) {
    return view->drops && view->a > 0;
}

/* What a view does to one partition. */
struct trial_window {
    uint32_t a;
    uint32_t b;
    bool drops;
};
struct trial_window trial_view_window(const struct trial_capture *capture,
                                      const struct trial_view *view, uint32_t part);
static inline bool trial_window_retains(const struct trial_window *window,
                                        const struct trial_captured_part *part, uint32_t number) {
    const struct trial_captured_record *record = &part->records[number];
    return number < window->a || number >= window->b ||
           (!record->is_keyless && record->next_of_key >= window->b &&
            !(record->is_tombstone && window->drops));
}
/* A batch that lost all its records is kept as an empty one if it is the last of its producer, or
 * the last of the pass. */
bool trial_window_keeps_empty(const struct trial_window *window,
                              const struct trial_captured_part *part, uint32_t batch);

/* -- all of them -- */

/* Above so many records of a partition, a and b are at batch boundaries only. */
#define TRIAL_MAX_CUT_RECORDS 300u
/* Above so many boundaries they are thinned out evenly. */
#define TRIAL_MAX_CUTS 400u

struct trial_views {
    struct trial_view *items; /* one for each distinct log; the first is that as it was written */
    size_t count;
    size_t cap;
    size_t enumerated;        /* (a, b, t), equal logs included */
    size_t distinct;          /* before a sample was taken */
    size_t hazards;           /* of items */
    bool at_batches;
    bool thinned;
};

/* runs: at most so many, a sample chosen by seed; 0: all. */
int trial_views_enumerate(const struct trial_capture *capture, size_t runs, uint64_t seed,
                          struct trial_views *ret_views, struct base_error *err) BASE_MUST_USE;
void trial_views_clean_up(struct trial_views *views);

/* -- in words -- */

/* "2:7:keep"; where several partitions vary, "rev/0:2:7:keep" or "all:2:7:keep". */
void trial_view_name(const struct trial_capture *capture, const struct trial_view *view,
                     struct base_builder *ret_text);
/* The other way; BASE_USAGE says what is wrong. */
int trial_view_parse(const struct trial_capture *capture, const char *text,
                     struct trial_view *ret_view, struct base_error *err) BASE_MUST_USE;
/* What the reader meets, and which offsets are gone: one line. */
void trial_view_describe(const struct trial_capture *capture, const struct trial_view *view,
                         struct base_builder *ret_text);
