/* The record batch of format v2: see batch.h. */
#include "mock/wire/batch.h"

#include "base/crc32c.h"
#include "base/error.h"

/* The only magic that is served. */
#define MAGIC 2

int mock_batch_header_decode(struct base_slice bytes, struct mock_batch_header *ret_header) {
    struct base_reader r = base_reader_of(bytes);
    struct mock_batch_header h;
    h.base_offset = base_read_i64(&r);
    h.batch_length = base_read_i32(&r);
    h.partition_leader_epoch = base_read_i32(&r);
    h.magic = base_read_i8(&r);
    if (!base_reader_ok(&r)) {
        return r.failed;
    }
    if (h.batch_length < 0) {
        return BASE_MALFORMED;
    }
    if (h.magic != MAGIC) {
        return BASE_UNSUPPORTED;
    }
    if (h.batch_length < MOCK_BATCH_HEADER_BYTES - MOCK_BATCH_LENGTH_FROM) {
        return BASE_MALFORMED;
    }
    h.crc = base_read_u32(&r);
    h.attributes = base_read_i16(&r);
    h.last_offset_delta = base_read_i32(&r);
    h.base_timestamp = base_read_i64(&r);
    h.max_timestamp = base_read_i64(&r);
    h.producer_id = base_read_i64(&r);
    h.producer_epoch = base_read_i16(&r);
    h.base_sequence = base_read_i32(&r);
    h.record_count = base_read_i32(&r);
    if (!base_reader_ok(&r) || bytes.len < mock_batch_bytes(&h)) {
        return BASE_SHORT;
    }
    *ret_header = h;
    return 0;
}

int mock_batch_next(struct base_slice *records, struct base_slice *ret_batch,
                    struct mock_batch_header *ret_header) {
    struct mock_batch_header header;
    int code = mock_batch_header_decode(*records, &header);
    if (code) {
        return code == BASE_SHORT ? 0 : code;
    }
    size_t bytes = mock_batch_bytes(&header);
    *ret_batch = base_slice_of(records->data, bytes);
    *ret_header = header;
    *records = base_slice_of(records->data + bytes, records->len - bytes);
    return 1;
}

static void patch_big_endian(uint8_t *at, uint64_t v, size_t len) {
    for (size_t i = 0; i < len; i++) {
        at[i] = (uint8_t)(v >> (8 * (len - 1 - i)));
    }
}

void mock_batch_patch_base_offset(uint8_t *batch, int64_t base_offset) {
    patch_big_endian(batch + MOCK_BATCH_BASE_OFFSET_AT, (uint64_t)base_offset, 8);
}

void mock_batch_patch_leader_epoch(uint8_t *batch, int32_t leader_epoch) {
    patch_big_endian(batch + MOCK_BATCH_LEADER_EPOCH_AT, (uint32_t)leader_epoch, 4);
}

void mock_batch_patch_max_timestamp(uint8_t *batch, int64_t max_timestamp) {
    for (size_t i = 0; i < sizeof(max_timestamp); i++) {
        batch[MOCK_BATCH_MAX_TIMESTAMP_AT + i] = (uint8_t)((uint64_t)max_timestamp >> (56 - 8 * i));
    }
}

void mock_batch_patch_attributes(uint8_t *batch, size_t len, int16_t attributes) {
    batch[MOCK_BATCH_ATTRIBUTES_AT] = (uint8_t)((uint16_t)attributes >> 8);
    batch[MOCK_BATCH_ATTRIBUTES_AT + 1] = (uint8_t)attributes;
    uint32_t crc = base_crc32c(batch + MOCK_BATCH_CRC_FROM, len - MOCK_BATCH_CRC_FROM);
    for (size_t i = 0; i < sizeof(crc); i++) {
        batch[MOCK_BATCH_CRC_AT + i] = (uint8_t)(crc >> (24 - 8 * i));
    }
}
