/*
 * What is left of one batch: the records that a decision keeps, in a batch of the same offsets,
 * sequences, producer, flags and codec (Kafka: MemoryRecords.filterTo). One thread only.
 */
#pragma once
#include "base/builder.h"
#include "mock/log/stored_batch.h"
#include "mock/wire/record.h"

/* A record that stays: all but its two deltas is copied as it is. */
struct mock_filter_record {
    int64_t timestamp_ms;
    int32_t offset_delta;
    struct base_slice rest; /* from the key's length on */
};

/* Memory that is used again for every batch of a pass. */
struct mock_filter {
    struct mock_filter_record *kept;
    size_t kept_count, kept_cap;
    struct base_builder content;
    struct base_builder one;
    struct base_builder out;
    struct mock_record_iterator it;
    bool reading;
    bool dropped; /* at least one record is not kept */
    bool has_tombstone; /* among those kept */
};

void mock_filter_init(struct mock_filter *filter);
void mock_filter_clean_up(struct mock_filter *filter);

/* Reads batch record by record: 1 a record, 0 the end, negative as the record iterator. Each
 * record is answered by keep or drop before the next is asked for. */
int mock_filter_begin(struct mock_filter *filter, const struct mock_stored_batch *batch);
int mock_filter_next(struct mock_filter *filter, struct mock_record *ret_record);
void mock_filter_keep(struct mock_filter *filter, const struct mock_record *record);
void mock_filter_drop(struct mock_filter *filter);
void mock_filter_end(struct mock_filter *filter);

/* Between begin and end: the batch with the records kept. horizon_ms >= 0: with that delete
 * horizon, which is then also the base of the timestamps. A new batch, or NULL and *ret_code. */
struct mock_stored_batch *mock_filter_write(struct mock_filter *filter,
                                            const struct mock_stored_batch *batch,
                                            int64_t horizon_ms, int *ret_code);
/* The header alone, as DefaultRecordBatch.writeEmptyHeader makes it. */
struct mock_stored_batch *mock_filter_write_empty(struct mock_filter *filter,
                                                  const struct mock_stored_batch *batch,
                                                  int *ret_code);
/* Of a batch that is stored; -1: none. */
int64_t mock_filter_horizon(const struct mock_stored_batch *batch);
