/* The record batch of format v2: see batch.h. */
#include "mock/wire/batch.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/crc32c.h"
#include "base/error.h"
#include "mock/wire/error_names.h"
#include "mock/wire/record.h"

/* The only magic that is served. */
#define MAGIC 2
/* Kafka stopped taking zstd from clients that cannot say they know it. */
#define FIRST_ZSTD_PRODUCE_VERSION 7

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

static int16_t refuse(struct mock_batch_refusal *refusal, int16_t error_code, int32_t record_index,
                      const char *format, ...) BASE_PRINTF(4, 5);

static int16_t refuse(struct mock_batch_refusal *refusal, int16_t error_code, int32_t record_index,
                      const char *format, ...) {
    if (refusal) {
        va_list args;
        va_start(args, format);
        refusal->error_code = error_code;
        refusal->record_index = record_index;
        (void)vsnprintf(refusal->reason, sizeof(refusal->reason), format, args);
        va_end(args);
    }
    return error_code;
}

/* That the bytes are exactly one batch of the right format. The answers are those of Kafka's
 * ProduceRequest.validateRecords; bytes after the batch are refused even when they are not a
 * whole second batch, which Kafka would cut off silently. */
static int16_t check_frame(struct base_slice records, struct mock_batch_header *h,
                           struct mock_batch_refusal *refusal) {
    if (records.len == 0) {
        return refuse(refusal, MOCK_ERROR_INVALID_RECORD, -1, "there is no record batch");
    }
    switch (mock_batch_header_decode(records, h)) {
    case BASE_OK:
        break;
    case BASE_SHORT:
        return refuse(refusal, MOCK_ERROR_INVALID_RECORD, -1,
                      "%zu bytes do not hold a whole record batch", records.len);
    case BASE_UNSUPPORTED: {
        int8_t magic = (int8_t)records.data[MOCK_BATCH_MAGIC_AT];
        bool is_old = magic == 0 || magic == 1;
        return refuse(refusal, is_old ? MOCK_ERROR_INVALID_RECORD : MOCK_ERROR_CORRUPT_MESSAGE, -1,
                      "magic is %d, only 2 is taken", magic);
    }
    default:
        return refuse(refusal, MOCK_ERROR_CORRUPT_MESSAGE, -1, "the batch length cannot be");
    }
    if (mock_batch_bytes(h) != records.len) {
        return refuse(refusal, MOCK_ERROR_INVALID_RECORD, -1,
                      "%zu bytes follow the batch, exactly one batch is taken",
                      records.len - mock_batch_bytes(h));
    }
    return MOCK_ERROR_NONE;
}

/* What the header says, in the order in which Kafka looks. */
static int16_t check_header(struct base_slice records, const struct mock_batch_rules *rules,
                            const struct mock_batch_header *h, struct mock_batch_refusal *refusal) {
    int codec = h->attributes & MOCK_BATCH_CODEC_MASK;
    if (codec == MOCK_CODEC_ZSTD && rules->produce_version < FIRST_ZSTD_PRODUCE_VERSION) {
        return refuse(refusal, MOCK_ERROR_UNSUPPORTED_COMPRESSION_TYPE, -1,
                      "codec %d (%s) is not taken in Produce version %d", codec,
                      mock_codec_to_str(codec), rules->produce_version);
    }
    if (h->base_offset != 0) {
        return refuse(refusal, MOCK_ERROR_INVALID_RECORD, -1,
                      "the base offset is %" PRId64 ", a producer sends 0", h->base_offset);
    }
    if (records.len > rules->max_bytes) {
        return refuse(refusal, MOCK_ERROR_MESSAGE_TOO_LARGE, -1,
                      "the batch has %zu bytes, message.max.bytes is %zu", records.len,
                      rules->max_bytes);
    }
    uint32_t crc =
        base_crc32c(records.data + MOCK_BATCH_CRC_FROM, records.len - MOCK_BATCH_CRC_FROM);
    if (crc != h->crc) {
        return refuse(refusal, MOCK_ERROR_CORRUPT_MESSAGE, -1,
                      "the CRC is %08" PRIx32 ", the bytes have %08" PRIx32, h->crc, crc);
    }
    if (codec >= MOCK_CODEC_COUNT) {
        return refuse(refusal, MOCK_ERROR_UNKNOWN_SERVER_ERROR, -1, "there is no codec %d", codec);
    }
    if (h->record_count <= 0 || (int64_t)h->last_offset_delta + 1 != h->record_count) {
        return refuse(refusal, MOCK_ERROR_INVALID_RECORD, -1,
                      "%" PRId32 " records with last offset delta %" PRId32, h->record_count,
                      h->last_offset_delta);
    }
    if (mock_batch_is_control(h)) {
        return refuse(refusal, MOCK_ERROR_INVALID_RECORD, -1,
                      "clients may not write control batches");
    }
    if (h->producer_id >= 0 && h->base_sequence < 0) {
        return refuse(refusal, MOCK_ERROR_INVALID_RECORD, -1,
                      "producer id %" PRId64 " with sequence %" PRId32, h->producer_id,
                      h->base_sequence);
    }
    return MOCK_ERROR_NONE;
}

static int16_t refuse_content(struct mock_batch_refusal *refusal, int code, int codec) {
    switch (code) {
    case BASE_NO_MEMORY:
        return refuse(refusal, MOCK_ERROR_UNKNOWN_SERVER_ERROR, -1, "memory is out");
    case BASE_LIMIT:
        return refuse(refusal, MOCK_ERROR_MESSAGE_TOO_LARGE, -1,
                      "the decompressed batch would exceed BASE_MAX_INFLATED_BYTES");
    default:
        return codec == MOCK_CODEC_NONE
                   ? refuse(refusal, MOCK_ERROR_INVALID_RECORD, -1, "too few bytes for the records")
                   : refuse(refusal, MOCK_ERROR_UNKNOWN_SERVER_ERROR, -1, "the content is not %s",
                            mock_codec_to_str(codec));
    }
}

/* One record on its own, in the order in which Kafka looks. */
static int16_t check_record(const struct mock_batch_rules *rules,
                            const struct mock_record *record) {
    if (rules->keys_required && base_slice_is_null(record->key)) {
        return MOCK_ERROR_INVALID_RECORD;
    }
    bool too_late = record->timestamp_ms > rules->max_timestamp_ms;
    bool too_early = record->timestamp_ms < rules->min_timestamp_ms && record->timestamp_ms != -1;
    return too_late || too_early ? MOCK_ERROR_INVALID_TIMESTAMP : MOCK_ERROR_NONE;
}

static int16_t check_records(struct base_slice records, const struct mock_batch_rules *rules,
                             const struct mock_batch_header *h,
                             struct mock_batch_refusal *refusal) {
    struct mock_record_iterator it;
    int code = mock_record_iterator_init(&it, records);
    if (code) {
        return refuse_content(refusal, code, mock_batch_codec(h));
    }
    int16_t error = MOCK_ERROR_NONE;
    struct mock_record record;
    int32_t index = 0;
    while (error == MOCK_ERROR_NONE && (code = mock_record_iterator_next(&it, &record)) > 0) {
        if (record.offset_delta != index) {
            /* Kafka does not know what to say of it in compressed content either. */
            bool plain = mock_batch_codec(h) == MOCK_CODEC_NONE;
            error = refuse(
                refusal, plain ? MOCK_ERROR_INVALID_RECORD : MOCK_ERROR_UNKNOWN_SERVER_ERROR,
                plain ? index : -1, "the record's offset delta is %" PRId32, record.offset_delta);
        } else {
            error = check_record(rules, &record);
            if (error == MOCK_ERROR_INVALID_RECORD) {
                (void)refuse(refusal, error, index, "a record without key in a compacted topic");
            } else if (error) {
                (void)refuse(refusal, error, index,
                             "the record's time %" PRId64 " is not from %" PRId64 " to %" PRId64,
                             record.timestamp_ms, rules->min_timestamp_ms, rules->max_timestamp_ms);
            }
        }
        index++;
    }
    if (error == MOCK_ERROR_NONE && code < 0) {
        error = index < h->record_count
                    ? refuse(refusal, MOCK_ERROR_INVALID_RECORD, index, "the record is malformed")
                    : refuse(refusal, MOCK_ERROR_INVALID_RECORD, -1, "bytes follow the records");
    }
    mock_record_iterator_clean_up(&it);
    return error;
}

int16_t mock_batch_validate(struct base_slice records, const struct mock_batch_rules *rules,
                            struct mock_batch_header *ret_header,
                            struct mock_batch_refusal *ret_refusal) {
    struct mock_batch_header header;
    int16_t error = check_frame(records, &header, ret_refusal);
    bool is_whole = error == MOCK_ERROR_NONE;
    if (is_whole) {
        error = check_header(records, rules, &header, ret_refusal);
    }
    if (error == MOCK_ERROR_NONE) {
        error = check_records(records, rules, &header, ret_refusal);
    }
    if (error == MOCK_ERROR_NONE) {
        *ret_header = header;
    } else if (ret_refusal) {
        ret_refusal->by_the_log = is_whole && error != MOCK_ERROR_UNSUPPORTED_COMPRESSION_TYPE;
    }
    return error;
}

void mock_batch_each_refused(struct base_slice records, const struct mock_batch_rules *rules,
                             mock_batch_refused_fn visit, void *arg) {
    struct mock_record_iterator it;
    if (mock_record_iterator_init(&it, records) != 0) {
        return;
    }
    struct mock_record record;
    for (int32_t index = 0; mock_record_iterator_next(&it, &record) > 0; index++) {
        int16_t error = check_record(rules, &record);
        if (error) {
            visit(arg, index, error, record.timestamp_ms);
        }
    }
    mock_record_iterator_clean_up(&it);
}
