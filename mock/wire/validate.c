/* What a broker demands of a producer's batch: see validate.h. */
#include "mock/wire/validate.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/crc32c.h"
#include "base/error.h"
#include "mock/wire/error_names.h"

/* The newest magic, and the only one that is taken. */
#define MAGIC 2
/* Kafka stopped taking zstd from clients that cannot say they know it. */
#define FIRST_ZSTD_PRODUCE_VERSION 7
/* A batch of magic 0 or 1 has so many bytes behind its length. */
#define MIN_BATCH_LENGTH 14

static int16_t refuse(struct mock_batch_refusal *refusal, int16_t error_code, int32_t record_index,
                      const char *format, ...) BASE_PRINTF(4, 5);

static int16_t refuse(struct mock_batch_refusal *refusal, int16_t error_code, int32_t record_index,
                      const char *format, ...) {
    if (refusal) {
        va_list args;
        va_start(args, format);
        refusal->error_code = error_code;
        refusal->record_index = record_index;
        refusal->bad_records = 0;
        (void)vsnprintf(refusal->reason, sizeof(refusal->reason), format, args);
        va_end(args);
    }
    return error_code;
}

/* -- the frame -- */

int mock_batch_look(struct base_slice bytes, size_t *ret_len) {
    struct base_reader r = base_reader_of(bytes);
    (void)base_read_i64(&r);
    int32_t length = base_read_i32(&r);
    if (!base_reader_ok(&r)) {
        return 0;
    }
    if (length < MIN_BATCH_LENGTH) {
        return BASE_MALFORMED;
    }
    (void)base_read_i32(&r);
    int8_t magic = base_read_i8(&r);
    if (!base_reader_ok(&r)) {
        return 0;
    }
    if (magic < 0 || magic > MAGIC) {
        return BASE_UNSUPPORTED;
    }
    size_t len = (size_t)length + MOCK_BATCH_LENGTH_FROM;
    if (bytes.len < len) {
        return 0;
    }
    *ret_len = len;
    return 1;
}

/* The codec's bits of a batch that mock_batch_look has seen whole. */
static int codec_of(struct base_slice batch) {
    return batch.data[MOCK_BATCH_ATTRIBUTES_AT + 1] & MOCK_BATCH_CODEC_MASK;
}

static int16_t check_rest(struct base_slice rest, struct mock_batch_refusal *refusal) {
    size_t len;
    switch (mock_batch_look(rest, &len)) {
    case 0:
        return MOCK_ERROR_NONE;
    case 1:
        return refuse(refusal, MOCK_ERROR_INVALID_RECORD, -1,
                      "another batch follows, exactly one is taken");
    default:
        return refuse(refusal, MOCK_ERROR_CORRUPT_MESSAGE, -1,
                      "%zu bytes that follow the batch are none", rest.len);
    }
}

int16_t mock_batch_find(struct base_slice *records, int16_t produce_version,
                        struct mock_batch_refusal *refusal) {
    size_t len = 0;
    switch (mock_batch_look(*records, &len)) {
    case 0:
        return records->len == 0
                   ? refuse(refusal, MOCK_ERROR_INVALID_RECORD, -1, "there is no record batch")
                   : refuse(refusal, MOCK_ERROR_INVALID_RECORD, -1,
                            "%zu bytes do not hold a whole record batch", records->len);
    case 1:
        break;
    case BASE_UNSUPPORTED:
        return refuse(refusal, MOCK_ERROR_CORRUPT_MESSAGE, -1, "there is no magic %d",
                      (int8_t)records->data[MOCK_BATCH_MAGIC_AT]);
    default:
        return refuse(refusal, MOCK_ERROR_CORRUPT_MESSAGE, -1, "the batch length cannot be");
    }
    if (records->data[MOCK_BATCH_MAGIC_AT] != MAGIC) {
        return refuse(refusal, MOCK_ERROR_INVALID_RECORD, -1, "magic is %d, only %d is taken",
                      records->data[MOCK_BATCH_MAGIC_AT], MAGIC);
    }
    if (codec_of(*records) == MOCK_CODEC_ZSTD && produce_version < FIRST_ZSTD_PRODUCE_VERSION) {
        return refuse(refusal, MOCK_ERROR_UNSUPPORTED_COMPRESSION_TYPE, -1,
                      "zstd is not taken in Produce version %d", produce_version);
    }
    if (codec_of(*records) > MOCK_CODEC_ZSTD && produce_version < FIRST_ZSTD_PRODUCE_VERSION) {
        return refuse(refusal, MOCK_ERROR_UNKNOWN_SERVER_ERROR, -1, "there is no codec %d",
                      codec_of(*records));
    }
    int16_t error = check_rest(base_slice_of(records->data + len, records->len - len), refusal);
    records->len = error ? records->len : len;
    return error;
}

/* -- the header -- */

/* What the header says, in the order in which Kafka looks. */
static int16_t check_header(struct base_slice records, const struct mock_batch_rules *rules,
                            const struct mock_batch_header *h, struct mock_batch_refusal *refusal) {
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
    int codec = h->attributes & MOCK_BATCH_CODEC_MASK;
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

/* -- the records -- */

static int16_t refuse_content(struct mock_batch_refusal *refusal, int code, int codec) {
    switch (code) {
    case BASE_NO_MEMORY:
        return refuse(refusal, MOCK_ERROR_UNKNOWN_SERVER_ERROR, -1, "memory is out");
    case BASE_LIMIT:
        return refuse(refusal, MOCK_ERROR_MESSAGE_TOO_LARGE, -1,
                      "the decompressed batch would exceed BASE_MAX_INFLATED_BYTES");
    case BASE_SHORT:
        return refuse(refusal, MOCK_ERROR_INVALID_RECORD, -1, "too few bytes for the records");
    default:
        return refuse(refusal, MOCK_ERROR_UNKNOWN_SERVER_ERROR, -1, "the content is not %s",
                      mock_codec_to_str((enum mock_codec)codec));
    }
}

/* What was found in the records so far. */
struct findings {
    int32_t bad;        /* so many are refused */
    int32_t first_bad;  /* valid with one */
    bool out_of_time;   /* one of them for its time */
    int32_t first_hole; /* -1: offset deltas are 0, 1, … */
};

static int16_t refuse_records(struct mock_batch_refusal *refusal, const struct findings *f) {
    int16_t error =
        refuse(refusal, f->out_of_time ? MOCK_ERROR_INVALID_TIMESTAMP : MOCK_ERROR_INVALID_RECORD,
               f->first_bad, "%" PRId32 " of its records cannot be taken, %s", f->bad,
               f->out_of_time ? "among them for their time" : "for want of a key");
    if (refusal) {
        refusal->bad_records = f->bad;
    }
    return error;
}

static int16_t check_records(struct base_slice records, const struct mock_batch_rules *rules,
                             const struct mock_batch_header *h,
                             struct mock_batch_refusal *refusal) {
    struct mock_record_iterator it;
    int code = mock_record_iterator_init(&it, records);
    if (code) {
        return refuse_content(refusal, code, mock_batch_codec(h));
    }
    struct findings found = {.first_hole = -1};
    struct mock_record record;
    int32_t index = 0;
    while ((code = mock_record_iterator_next(&it, &record)) > 0) {
        enum mock_record_fault fault = mock_record_judge(&record, h->attributes, rules);
        if (fault != MOCK_RECORD_GOOD) {
            found.first_bad = found.bad ? found.first_bad : index;
            found.bad++;
            found.out_of_time = found.out_of_time || fault != MOCK_RECORD_NO_KEY;
        }
        if (record.offset_delta != index && found.first_hole < 0) {
            found.first_hole = index;
        }
        index++;
    }
    mock_record_iterator_clean_up(&it);
    if (code < 0) {
        return index < h->record_count
                   ? refuse(refusal, MOCK_ERROR_INVALID_RECORD, index, "the record is malformed")
                   : refuse(refusal, MOCK_ERROR_INVALID_RECORD, -1, "bytes follow the records");
    }
    if (found.bad) {
        return refuse_records(refusal, &found);
    }
    if (found.first_hole >= 0) {
        /* Kafka does not know what to say of it in compressed content either. */
        return refuse(refusal,
                      mock_batch_codec(h) == MOCK_CODEC_NONE ? MOCK_ERROR_INVALID_RECORD
                                                             : MOCK_ERROR_UNKNOWN_SERVER_ERROR,
                      found.first_hole, "the record's offset delta is not its number");
    }
    return MOCK_ERROR_NONE;
}

int16_t mock_batch_validate(struct base_slice records, const struct mock_batch_rules *rules,
                            struct mock_batch_header *ret_header,
                            struct mock_batch_refusal *ret_refusal) {
    struct mock_batch_header header;
    int16_t error = mock_batch_find(&records, rules->produce_version, ret_refusal);
    if (error == MOCK_ERROR_NONE && mock_batch_header_decode(records, &header) != 0) {
        error = refuse(ret_refusal, MOCK_ERROR_CORRUPT_MESSAGE, -1,
                       "%zu bytes do not hold a header", records.len);
    }
    if (error == MOCK_ERROR_NONE) {
        error = check_header(records, rules, &header, ret_refusal);
    }
    if (error == MOCK_ERROR_NONE) {
        error = check_records(records, rules, &header, ret_refusal);
    }
    if (error == MOCK_ERROR_NONE) {
        *ret_header = header;
    }
    return error;
}
