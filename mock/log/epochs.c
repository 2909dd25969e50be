/* Where each epoch of leadership began: see epochs.h. */
#include "mock/log/epochs.h"

#include <assert.h>
#include <string.h>

#include "base/memory.h"

void mock_epochs_clean_up(struct mock_epochs *epochs) {
    base_free(epochs->entries);
    *epochs = (struct mock_epochs){0};
}

int mock_epochs_assign(struct mock_epochs *epochs, int32_t epoch, int64_t start) {
    assert(epoch >= 0 && start >= 0);
    size_t keep = epochs->count;
    const struct mock_epoch_entry *last = keep ? &epochs->entries[keep - 1] : NULL;
    if (last && last->epoch == epoch && last->start <= start) {
        return 0;
    }
    void *entries = epochs->entries;
    if (base_grow(&entries, &epochs->cap, epochs->count + 1, sizeof(*epochs->entries))) {
        return BASE_NO_MEMORY;
    }
    epochs->entries = entries;
    while (keep &&
           (epochs->entries[keep - 1].epoch >= epoch || epochs->entries[keep - 1].start >= start)) {
        keep--;
    }
    epochs->entries[keep] = (struct mock_epoch_entry){epoch, start};
    epochs->count = keep + 1;
    return 0;
}

void mock_epochs_truncate_end(struct mock_epochs *epochs, int64_t end) {
    while (epochs->count && epochs->entries[epochs->count - 1].start >= end) {
        epochs->count--;
    }
}

/* How many entries begin at offset or before. */
static size_t count_up_to(const struct mock_epochs *epochs, int64_t offset) {
    size_t count = 0;
    while (count < epochs->count && epochs->entries[count].start <= offset) {
        count++;
    }
    return count;
}

void mock_epochs_truncate_start(struct mock_epochs *epochs, int64_t start) {
    size_t below = count_up_to(epochs, start);
    if (below == 0) {
        return;
    }
    memmove(epochs->entries, epochs->entries + below - 1,
            (epochs->count - below + 1) * sizeof(*epochs->entries));
    epochs->count -= below - 1;
    epochs->entries[0].start = start;
}

int32_t mock_epochs_latest(const struct mock_epochs *epochs) {
    return epochs->count ? epochs->entries[epochs->count - 1].epoch : MOCK_EPOCH_NONE;
}

const struct mock_epoch_entry *mock_epochs_earliest(const struct mock_epochs *epochs) {
    return epochs->count ? &epochs->entries[0] : NULL;
}

int32_t mock_epochs_at(const struct mock_epochs *epochs, int64_t offset) {
    size_t count = count_up_to(epochs, offset);
    return count ? epochs->entries[count - 1].epoch : MOCK_EPOCH_NONE;
}

void mock_epochs_end_of(const struct mock_epochs *epochs, int32_t epoch, int64_t log_end,
                        int32_t *ret_epoch, int64_t *ret_end) {
    *ret_epoch = MOCK_EPOCH_NONE;
    *ret_end = -1;
    if (epoch == MOCK_EPOCH_NONE) {
        return;
    }
    if (mock_epochs_latest(epochs) == epoch) {
        *ret_epoch = epoch;
        *ret_end = log_end;
        return;
    }
    size_t higher = 0;
    while (higher < epochs->count && epochs->entries[higher].epoch <= epoch) {
        higher++;
    }
    if (higher == epochs->count) {
        return;
    }
    *ret_epoch = higher ? epochs->entries[higher - 1].epoch : epoch;
    *ret_end = epochs->entries[higher].start;
}
