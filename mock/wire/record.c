/* The records within a batch: see record.h. */
#include "mock/wire/record.h"

#include <string.h>

#include "base/error.h"
#include "base/limits.h"

/* Length, attributes, three deltas and lengths, header count: one byte each at least. */
#define MIN_RECORD_BYTES 7

/* Bytes with a zigzag length; -1 is null where that is possible. */
static struct base_slice get_bytes(struct base_reader *r, bool nullable) {
    int32_t length = base_read_zigzag32(r);
    if (length < (nullable ? -1 : 0)) {
        base_reader_fail(r, BASE_MALFORMED);
    }
    return length < 0 ? BASE_SLICE_NULL : base_read_bytes(r, (size_t)length);
}

static void get_header(struct base_reader *r, struct mock_record_header *ret_header) {
    ret_header->name = get_bytes(r, false);
    ret_header->value = get_bytes(r, true);
}

bool mock_record_next_header(struct mock_record *record, struct mock_record_header *ret_header) {
    if (record->header_count == 0) {
        return false;
    }
    record->header_count--;
    get_header(&record->headers, ret_header);
    return true;
}

int mock_record_iterator_init(struct mock_record_iterator *it, struct base_slice batch) {
    struct mock_batch_header header;
    int code = mock_batch_header_decode(batch, &header);
    if (code) {
        return code;
    }
    struct base_slice content = base_slice_of(batch.data + MOCK_BATCH_HEADER_BYTES,
                                              mock_batch_bytes(&header) - MOCK_BATCH_HEADER_BYTES);
    struct base_builder inflated;
    base_builder_init(&inflated, BASE_MAX_INFLATED_BYTES);
    /* A batch that compaction emptied has no content at all, whatever its codec. */
    if (mock_batch_codec(&header) != MOCK_CODEC_NONE && content.len > 0) {
        code = mock_decompress(mock_batch_codec(&header), content, &inflated);
        if (code) {
            base_builder_clean_up(&inflated);
            return code;
        }
        content = base_builder_slice(&inflated);
    }
    struct base_reader r = base_reader_of(content);
    (void)base_read_count(&r, header.record_count, MIN_RECORD_BYTES);
    if (!base_reader_ok(&r)) {
        base_builder_clean_up(&inflated);
        /* No content at all is not what a codec makes. */
        return content.len == 0 && mock_batch_codec(&header) != MOCK_CODEC_NONE ? BASE_MALFORMED
                                                                                : BASE_SHORT;
    }
    it->batch = header;
    it->reader = r;
    it->inflated = inflated;
    it->left = header.record_count;
    return 0;
}

void mock_record_iterator_clean_up(struct mock_record_iterator *it) {
    base_builder_clean_up(&it->inflated);
    it->left = 0;
}

static struct base_reader behind_headers(struct base_reader r, size_t count) {
    for (size_t i = 0; i < count && base_reader_ok(&r); i++) {
        struct mock_record_header header;
        get_header(&r, &header);
    }
    return r;
}

/* r covers exactly one record, its length excluded. */
static inline struct mock_record get_record(struct base_reader *r,
                                            const struct mock_batch_header *batch) {
    struct mock_record record;
    (void)base_read_i8(r); /* attributes: unused in v2 */
    int64_t timestamp_delta = base_read_zigzag64(r);
    record.timestamp_ms =
        batch->attributes & MOCK_BATCH_LOG_APPEND_TIME
            ? batch->max_timestamp
            : (int64_t)((uint64_t)batch->base_timestamp + (uint64_t)timestamp_delta);
    record.offset_delta = base_read_zigzag32(r);
    record.offset = (int64_t)((uint64_t)batch->base_offset + (uint64_t)record.offset_delta);
    record.key = get_bytes(r, true);
    record.value = get_bytes(r, true);
    record.header_count = base_read_count(r, base_read_zigzag32(r), 2);
    record.headers = (struct base_reader){r->at, r->left, r->failed};
    if (record.header_count > 0) {
        *r = behind_headers(*r, record.header_count);
    }
    record.headers.left -= r->left;
    return record;
}

int mock_record_iterator_next(struct mock_record_iterator *it, struct mock_record *ret_record) {
    struct base_reader *r = &it->reader;
    if (it->left == 0) {
        if (r->left != 0) {
            base_reader_fail(r, BASE_MALFORMED);
        }
        return r->failed;
    }
    struct base_slice bytes = get_bytes(r, false);
    if (!base_reader_ok(r)) {
        return r->failed;
    }
    struct base_reader inner = base_reader_of(bytes);
    struct mock_record record = get_record(&inner, &it->batch);
    if (!base_reader_is_done(&inner)) {
        return base_reader_fail(r, inner.failed ? inner.failed : BASE_MALFORMED);
    }
    it->left--;
    *ret_record = record;
    return 1;
}
