/*
 * The record batch of format v2: its header, and the fields that a broker rewrites. The records
 * inside are record.h, making one is build.h, what a broker demands of one is validate.h.
 */
#pragma once
#include "mock/wire/compress.h"
#include "mock/wire/message.h"

/* Where each field of the header is, in bytes from the start of the batch. */
#define MOCK_BATCH_BASE_OFFSET_AT 0
#define MOCK_BATCH_LENGTH_AT 8
#define MOCK_BATCH_LEADER_EPOCH_AT 12
#define MOCK_BATCH_MAGIC_AT 16
#define MOCK_BATCH_CRC_AT 17
#define MOCK_BATCH_ATTRIBUTES_AT 21
#define MOCK_BATCH_LAST_OFFSET_DELTA_AT 23
#define MOCK_BATCH_BASE_TIMESTAMP_AT 27
#define MOCK_BATCH_MAX_TIMESTAMP_AT 35
#define MOCK_BATCH_PRODUCER_ID_AT 43
#define MOCK_BATCH_PRODUCER_EPOCH_AT 51
#define MOCK_BATCH_BASE_SEQUENCE_AT 53
#define MOCK_BATCH_RECORD_COUNT_AT 57
#define MOCK_BATCH_HEADER_BYTES 61
/* batch_length counts from here. */
#define MOCK_BATCH_LENGTH_FROM 12
/* The CRC covers from here to the end. */
#define MOCK_BATCH_CRC_FROM 21

/* Bits of the attributes. */
#define MOCK_BATCH_CODEC_MASK 0x07
#define MOCK_BATCH_LOG_APPEND_TIME 0x08
#define MOCK_BATCH_TRANSACTIONAL 0x10
#define MOCK_BATCH_CONTROL 0x20
#define MOCK_BATCH_DELETE_HORIZON 0x40

struct mock_batch_header {
    int64_t base_offset;
    int32_t batch_length; /* of what follows this field */
    int32_t partition_leader_epoch;
    int8_t magic;
    uint32_t crc;
    int16_t attributes;
    int32_t last_offset_delta;
    int64_t base_timestamp;
    int64_t max_timestamp;
    int64_t producer_id; /* -1: not idempotent */
    int16_t producer_epoch;
    int32_t base_sequence;
    int32_t record_count;
};

/* Reads the header of the batch at the start of bytes. Returns 0; BASE_SHORT when bytes end before
 * the batch does; BASE_MALFORMED for a length that cannot be; BASE_UNSUPPORTED for another magic
 * than 2. Nothing else is judged. */
int mock_batch_header_decode(struct base_slice bytes,
                             struct mock_batch_header *ret_header) BASE_MUST_USE;
/* The bytes of the whole batch. */
static inline size_t mock_batch_bytes(const struct mock_batch_header *h) {
    return (size_t)h->batch_length + MOCK_BATCH_LENGTH_FROM;
}
static inline int64_t mock_batch_last_offset(const struct mock_batch_header *h) {
    return h->base_offset + h->last_offset_delta;
}
static inline enum mock_codec mock_batch_codec(const struct mock_batch_header *h) {
    return (enum mock_codec)(h->attributes & MOCK_BATCH_CODEC_MASK);
}
static inline bool mock_batch_is_control(const struct mock_batch_header *h) {
    return (h->attributes & MOCK_BATCH_CONTROL) != 0;
}
static inline bool mock_batch_is_transactional(const struct mock_batch_header *h) {
    return (h->attributes & MOCK_BATCH_TRANSACTIONAL) != 0;
}

/* Takes the next batch off records (several batches one after the other, as a Fetch gives them).
 * 1: one; 0: records are at their end, or end within a batch (a Fetch may cut the last one);
 * negative: as mock_batch_header_decode. */
int mock_batch_next(struct base_slice *records, struct base_slice *ret_batch,
                    struct mock_batch_header *ret_header) BASE_MUST_USE;

/* Rewritten in place on append; the CRC covers neither. batch has a whole header at least. */
void mock_batch_patch_base_offset(uint8_t *batch, int64_t base_offset);
void mock_batch_patch_leader_epoch(uint8_t *batch, int32_t leader_epoch);
/* The CRC covers this one and the next: it is right again after mock_batch_patch_attributes. */
void mock_batch_patch_max_timestamp(uint8_t *batch, int64_t max_timestamp);
/* The CRC is made new; len is that of the whole batch. */
void mock_batch_patch_attributes(uint8_t *batch, size_t len, int16_t attributes);
