/* Makes record batches: for tests, for control records, for what is sent upstream. */
#pragma once
#include "mock/wire/record.h"

/* One record to be. */
struct mock_build_record {
    int32_t offset_delta; /* looked at only with last_offset_delta >= 0 */
    int64_t timestamp_ms;
    struct base_slice key;
    struct base_slice value;
    const struct mock_record_header *headers;
    size_t header_count;
};

struct mock_build_options {
    enum mock_codec codec;
    int16_t attributes; /* further bits: MOCK_BATCH_TRANSACTIONAL, MOCK_BATCH_CONTROL, … */
    int64_t base_offset;
    int32_t leader_epoch;
    int64_t producer_id;
    int16_t producer_epoch;
    int32_t base_sequence;
    /* -1: records are numbered 0 to n-1, as a producer does. Else the batch keeps holes: each
     * record has its own offset_delta, ascending, at most this. */
    int32_t last_offset_delta;
};
#define MOCK_BUILD_OPTIONS_INIT {MOCK_CODEC_NONE, 0, 0, -1, -1, -1, -1, -1}

/* Appends one batch with its lengths, timestamps, count and CRC; failure is sticky in b (a codec's
 * failure too). No records make a batch without records, as compaction leaves it. */
void mock_batch_build(struct base_builder *b, const struct mock_build_options *options,
                      const struct mock_build_record *records, size_t record_count);
/* The control batch that ends a transaction: one record, key {version 0, type 0 abort or 1 commit},
 * value {version 0, coordinator epoch}. options' producer fields and offsets count. */
void mock_batch_build_marker(struct base_builder *b, const struct mock_build_options *options,
                             bool commit, int32_t coordinator_epoch, int64_t timestamp_ms);
