/*
 * The log of one partition: every batch that was ever appended and not yet removed, by offset.
 * Owns offsets; knows nothing of connections, faults or leaders. One thread only.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "mock/log/config.h"
#include "mock/log/epochs.h"
#include "mock/log/stored_batch.h"

/* Bytes kept by all logs of one broker together; a log refuses an append that would exceed max. */
struct mock_log_budget {
    uint64_t used_bytes;
    uint64_t max_bytes;
};

struct mock_log;

/* With Kafka's default configuration; mock_log_configure gives it another. */
int mock_log_new(struct mock_log_budget *budget, struct mock_log **ret_log, struct base_error *err);
void mock_log_free(struct mock_log *log);
void mock_log_configure(struct mock_log *log, const struct mock_log_config *config);
const struct mock_log_config *mock_log_configuration(const struct mock_log *log);

/* Appends a validated batch (mock_batch_validate passed): its base offset becomes the log's end,
 * its partition leader epoch leader_epoch; the CRC covers neither. batch's fields are filled in
 * from its header; the log takes one reference of its own. BASE_LIMIT names log.max.bytes. */
int mock_log_append(struct mock_log *log, struct mock_stored_batch *batch, int32_t leader_epoch,
                    int64_t now_ms, struct base_error *err);

/* Adds a batch that keeps the offsets of its header (holes are possible): for a log that is made
 * elsewhere. BASE_USAGE when it begins before the end. Fills in batch's fields as append does. */
int mock_log_load(struct mock_log *log, struct mock_stored_batch *batch, int32_t leader_epoch,
                  int64_t now_ms, struct base_error *err);

/* First offset that may be fetched; the next offset to be given. Equal when the log is empty. */
int64_t mock_log_start(const struct mock_log *log);
int64_t mock_log_end(const struct mock_log *log);
uint64_t mock_log_bytes(const struct mock_log *log);
size_t mock_log_batch_count(const struct mock_log *log);

/* Index of the first batch whose last offset is >= offset; the batch count when there is none. An
 * offset in a hole finds the batch after the hole. */
size_t mock_log_find(const struct mock_log *log, int64_t offset);
/* Borrowed; index < mock_log_batch_count. */
struct mock_stored_batch *mock_log_batch(const struct mock_log *log, size_t index);

/* Collects whole batches from offset on that end before until into ret_batches (borrowed pointers,
 * at most cap) until max_bytes is reached; the first batch is given even if it is larger when
 * first_always is set (KIP-74). Returns how many; *ret_bytes their size. offset must be in
 * [start, end]. */
size_t mock_log_read(const struct mock_log *log, int64_t offset, int64_t until, size_t max_bytes,
                     bool first_always, struct mock_stored_batch **ret_batches, size_t cap,
                     size_t *ret_bytes);
/* Bytes of the batches from offset on that end before until, counted up to enough (MinBytes). */
size_t mock_log_available(const struct mock_log *log, int64_t offset, int64_t until,
                          size_t enough);

/* ListOffsets by time: the first record whose timestamp is >= timestamp, by walking records of the
 * first batch whose max timestamp is >= timestamp. false: none. When memory is out while a batch is
 * decompressed, the head of that batch is the answer: a reader from there on misses nothing. */
bool mock_log_find_timestamp(const struct mock_log *log, int64_t timestamp, int64_t *ret_offset,
                             int64_t *ret_timestamp);
/* The record with the greatest timestamp (ListOffsets -3); false on a log without records. */
bool mock_log_max_timestamp(const struct mock_log *log, int64_t *ret_offset,
                            int64_t *ret_timestamp);

/* Offset of the last record that is in the log and that a consumer gets (no marker of a
 * transaction, at or after the log start), -1 for none. Compaction may have taken the records
 * below the end. */
int64_t mock_log_last_record(const struct mock_log *log);
/* The same below end, which is between two batches; committed: of no aborted transaction. */
int64_t mock_log_last_readable(const struct mock_log *log, int64_t end, bool committed);

/* -- segments: the unit of rolling, cleaning and retention; the last one is the active one -- */

struct mock_segment_view {
    int64_t base_offset;
    int64_t end_offset; /* the next segment's base; the log's end */
    uint64_t bytes;
    uint64_t records;
    size_t first_batch; /* index in the log */
    size_t batch_count;
    bool is_active;
};
size_t mock_log_segment_count(const struct mock_log *log);
struct mock_segment_view mock_log_segment(const struct mock_log *log, size_t index);
/* Makes a new active segment; *ret_rolled is false when the active one holds nothing. */
int mock_log_roll(struct mock_log *log, int64_t now_ms, bool *ret_rolled, struct base_error *err);

/* Where the cleaner stands: the first offset that it has not read keys from; -1: never cleaned. */
int64_t mock_log_clean_checkpoint(const struct mock_log *log);

/* -- replicas: told by whoever knows them -- */

/* The high watermark: what all in-sync replicas have; nothing beyond it is cleaned, deleted or
 * stable. The log's end unless it was held back. INT64_MAX: follows the end. */
void mock_log_hold_watermark(struct mock_log *log, int64_t offset);
int64_t mock_log_high_watermark(const struct mock_log *log);

/* A leader begins: its epoch starts at the log's end (an append assigns its epoch too). */
int mock_log_begin_epoch(struct mock_log *log, int32_t epoch) BASE_MUST_USE;
const struct mock_epochs *mock_log_epochs(const struct mock_log *log);

/* The log ends at offset from now on (UnifiedLog.truncateTo): batches that reach it or beyond go,
 * and with them what segments, epochs and the index of aborted transactions knew of them. Returns
 * how many records went. What producers left is rebuilt by the caller (mock_producers_rebuild). */
uint64_t mock_log_truncate(struct mock_log *log, int64_t offset);

/* -- transactions: told by whoever serves them -- */

/* The last stable offset; the high watermark unless it was held back. INT64_MAX: follows that. */
void mock_log_hold_stable(struct mock_log *log, int64_t offset);
int64_t mock_log_stable(const struct mock_log *log);

struct mock_aborted_txn {
    int64_t producer_id;
    int64_t first_offset; /* of its first batch */
    int64_t last_offset;  /* of its marker */
};
/* Adds to the aborted-transaction index, when the marker is in the log. */
int mock_log_add_aborted(struct mock_log *log, const struct mock_aborted_txn *txn,
                         struct base_error *err);
size_t mock_log_aborted_count(const struct mock_log *log);
struct mock_aborted_txn mock_log_aborted(const struct mock_log *log, size_t index);
