/*
 * Where each epoch of leadership began in a log: what OffsetForLeaderEpoch, ListOffsets and a
 * fetch's divergence check are answered from (Kafka: LeaderEpochFileCache, without the file). Both
 * epochs and offsets ascend. One thread only.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct mock_epoch_entry {
    int32_t epoch;
    int64_t start; /* the first offset that was, or will be, given in this epoch */
};

/* All zero: empty. */
struct mock_epochs {
    struct mock_epoch_entry *entries;
    size_t count, cap;
};

/* An epoch that is not known. */
#define MOCK_EPOCH_NONE (-1)

void mock_epochs_clean_up(struct mock_epochs *epochs);
/* The epoch begins at start. Said again for the latest epoch it changes nothing, unless start is
 * lower. Entries that would not be below it (in epoch or in offset) are removed. BASE_NO_MEMORY. */
int mock_epochs_assign(struct mock_epochs *epochs, int32_t epoch, int64_t start) BASE_MUST_USE;
/* The log ends at end from now on: entries that begin there or later go. */
void mock_epochs_truncate_end(struct mock_epochs *epochs, int64_t end);
/* The log begins at start from now on: of the entries that begin there or before, the last one
 * stays, beginning at start. */
void mock_epochs_truncate_start(struct mock_epochs *epochs, int64_t start);

/* MOCK_EPOCH_NONE when empty. */
int32_t mock_epochs_latest(const struct mock_epochs *epochs);
/* NULL when empty. Borrowed, until the next change. */
const struct mock_epoch_entry *mock_epochs_earliest(const struct mock_epochs *epochs);
/* The epoch that offset was given in; MOCK_EPOCH_NONE before the first entry. */
int32_t mock_epochs_at(const struct mock_epochs *epochs, int64_t offset);
/* Where the epoch ended: the start of the next one, or log_end for the latest. *ret_epoch: the
 * greatest known epoch that is not above the asked one. Asked for one below all known: the first
 * start, under the asked epoch. Both -1: above all known, or MOCK_EPOCH_NONE was asked for. */
void mock_epochs_end_of(const struct mock_epochs *epochs, int32_t epoch, int64_t log_end,
                        int32_t *ret_epoch, int64_t *ret_end);
