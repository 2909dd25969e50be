/*
 * The report of a pass while it is written: private to mock/log. A failed addition leaves the
 * report usable; the pass that made it gives up.
 */
#pragma once
#include "mock/log/cleaner.h"

struct mock_clean_pass {
    struct mock_clean_report report; /* its lists are set by finish */
    int64_t *removed;
    size_t removed_cap;
    int64_t *emptied;
    size_t emptied_cap;
    int64_t *deleted;
    size_t deleted_cap;
    struct mock_clean_horizon *horizons;
    size_t horizon_cap;
    struct mock_clean_change *changes;
    size_t change_cap;
};

int mock_clean_pass_new(enum mock_clean_kind kind, const struct mock_log *log, int64_t now_ms,
                        struct mock_clean_pass **ret_pass, struct base_error *err);
int mock_clean_pass_removed(struct mock_clean_pass *pass, int64_t offset);
int mock_clean_pass_emptied(struct mock_clean_pass *pass, int64_t base_offset);
int mock_clean_pass_horizon(struct mock_clean_pass *pass, int64_t base_offset, int64_t horizon_ms);
/* Takes a reference to before, and the caller's one to after (also on failure). */
int mock_clean_pass_change(struct mock_clean_pass *pass, struct mock_stored_batch *before,
                           struct mock_stored_batch *after);
void mock_clean_pass_finish(struct mock_clean_pass *pass, const struct mock_log *log);
