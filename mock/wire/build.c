/* Makes record batches: see build.h. */
#include "mock/wire/build.h"

#include "base/crc32c.h"
#include "base/error.h"
#include "base/limits.h"

static void put_bytes(struct base_builder *b, struct base_slice s) {
    if (base_slice_is_null(s)) {
        base_put_zigzag32(b, -1);
        return;
    }
    if (s.len > INT32_MAX) {
        b->failed = b->failed ? b->failed : BASE_LIMIT;
        return;
    }
    base_put_zigzag32(b, (int32_t)s.len);
    base_put_slice(b, s);
}

/* A record without its length. */
static void put_record(struct base_builder *b, const struct mock_build_record *record,
                       int32_t offset_delta, int64_t base_timestamp) {
    base_put_i8(b, 0);
    base_put_zigzag64(b, (int64_t)((uint64_t)record->timestamp_ms - (uint64_t)base_timestamp));
    base_put_zigzag32(b, offset_delta);
    put_bytes(b, record->key);
    put_bytes(b, record->value);
    base_put_zigzag32(b, (int32_t)record->header_count);
    for (size_t i = 0; i < record->header_count; i++) {
        struct base_slice name = record->headers[i].name;
        put_bytes(b, base_slice_is_null(name) ? base_slice_str("") : name);
        put_bytes(b, record->headers[i].value);
    }
}

static void put_records(struct base_builder *b, const struct mock_build_options *options,
                        const struct mock_build_record *records, size_t count) {
    struct base_builder one;
    base_builder_init(&one, BASE_MAX_INFLATED_BYTES);
    for (size_t i = 0; i < count && base_builder_ok(b); i++) {
        bool has_holes = options->last_offset_delta >= 0;
        base_builder_reset(&one);
        put_record(&one, &records[i], has_holes ? records[i].offset_delta : (int32_t)i,
                   records[0].timestamp_ms);
        put_bytes(b, base_builder_slice(&one));
        b->failed = b->failed ? b->failed : one.failed;
    }
    base_builder_clean_up(&one);
}

static void put_content(struct base_builder *b, const struct mock_build_options *options,
                        const struct mock_build_record *records, size_t count) {
    if (options->codec == MOCK_CODEC_NONE || count == 0) {
        put_records(b, options, records, count);
        return;
    }
    struct base_builder plain;
    base_builder_init(&plain, BASE_MAX_INFLATED_BYTES);
    put_records(&plain, options, records, count);
    int code = plain.failed;
    if (!code) {
        code = mock_compress(options->codec, base_builder_slice(&plain), b);
    }
    b->failed = b->failed ? b->failed : code;
    base_builder_clean_up(&plain);
}

static int64_t max_timestamp(const struct mock_build_record *records, size_t count) {
    int64_t max = -1;
    for (size_t i = 0; i < count; i++) {
        max = records[i].timestamp_ms > max ? records[i].timestamp_ms : max;
    }
    return max;
}

void mock_batch_build(struct base_builder *b, const struct mock_build_options *options,
                      const struct mock_build_record *records, size_t record_count) {
    if (record_count > INT32_MAX) {
        b->failed = b->failed ? b->failed : BASE_LIMIT;
        return;
    }
    int32_t dense = record_count > 0 ? (int32_t)record_count - 1 : 0;
    base_put_i64(b, options->base_offset);
    size_t length_slot = base_put_slot_u32(b);
    base_put_i32(b, options->leader_epoch);
    base_put_i8(b, 2);
    size_t crc_slot = base_put_slot_u32(b);
    base_put_i16(b, (int16_t)(options->attributes | (int16_t)options->codec));
    base_put_i32(b, options->last_offset_delta >= 0 ? options->last_offset_delta : dense);
    base_put_i64(b, record_count > 0 ? records[0].timestamp_ms : -1);
    base_put_i64(b, max_timestamp(records, record_count));
    base_put_i64(b, options->producer_id);
    base_put_i16(b, options->producer_epoch);
    base_put_i32(b, options->base_sequence);
    base_put_i32(b, (int32_t)record_count);
    put_content(b, options, records, record_count);
    if (base_builder_ok(b)) {
        base_patch_length(b, length_slot);
        size_t from = crc_slot + 4;
        base_patch_u32(b, crc_slot, base_crc32c(b->data + from, b->len - from));
    }
}

void mock_batch_build_marker(struct base_builder *b, const struct mock_build_options *options,
                             bool commit, int32_t coordinator_epoch, int64_t timestamp_ms) {
    /* Key: version 0, type. Value: version 0, the coordinator's epoch. */
    const uint8_t key[4] = {0, 0, 0, commit ? 1 : 0};
    uint32_t epoch = (uint32_t)coordinator_epoch;
    const uint8_t value[6] = {0, 0, (uint8_t)(epoch >> 24), (uint8_t)(epoch >> 16),
                              (uint8_t)(epoch >> 8), (uint8_t)epoch};
    struct mock_build_record record = {0};
    record.timestamp_ms = timestamp_ms;
    record.key = base_slice_of(key, sizeof(key));
    record.value = base_slice_of(value, sizeof(value));
    struct mock_build_options marker = *options;
    marker.codec = MOCK_CODEC_NONE;
    marker.attributes |= MOCK_BATCH_CONTROL | MOCK_BATCH_TRANSACTIONAL;
    marker.last_offset_delta = -1;
    mock_batch_build(b, &marker, &record, 1);
}
