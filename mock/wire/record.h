/*
 * The records within a batch, one after the other. Compressed content is decompressed once, into a
 * buffer that the iterator owns.
 */
#pragma once
#include "mock/wire/batch.h"

struct mock_record {
    int64_t offset;
    int64_t timestamp_ms; /* the batch's max timestamp with LogAppendTime */
    int32_t offset_delta;
    struct base_slice key;   /* null possible */
    struct base_slice value; /* null possible */
    size_t header_count;
    struct base_reader headers; /* for mock_record_next_header; already found well formed */
};

struct mock_record_header {
    struct base_slice name;
    struct base_slice value; /* null possible */
};

/* Takes the next header off the record (a copy of it to read them again). False: no more. */
bool mock_record_next_header(struct mock_record *record, struct mock_record_header *ret_header);

struct mock_record_iterator {
    struct mock_batch_header batch;
    struct base_reader reader;
    struct base_builder inflated;
    int32_t left; /* records not yet given */
};

/* batch: at least one whole batch; what follows it is ignored. The slices of records borrow from
 * batch or from the iterator. Returns 0, or as mock_batch_header_decode and mock_decompress, or
 * BASE_SHORT: too few bytes for so many records; then nothing needs cleaning up. The CRC is not
 * looked at. */
int mock_record_iterator_init(struct mock_record_iterator *it, struct base_slice batch)
    BASE_MUST_USE;
/* 1: a record; 0: no more (and nothing is left over); BASE_MALFORMED or BASE_SHORT. */
int mock_record_iterator_next(struct mock_record_iterator *it, struct mock_record *ret_record)
    BASE_MUST_USE;
void mock_record_iterator_clean_up(struct mock_record_iterator *it);
