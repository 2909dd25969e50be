/*
 * What becomes of a producer's batch before it is stored: the topic says whose time its records
 * have (message.timestamp.type, message.timestamp.before.max.ms and after.max.ms), and what they
 * are compressed with (compression.type). Kafka: LogValidator.
 */
#include <string.h>

#include "base/limits.h"
#include "mock/gateway/produce.h"

static int64_t minus(int64_t a, int64_t b) {
    int64_t result;
    return __builtin_sub_overflow(a, b, &result) ? INT64_MIN : result;
}

static int64_t plus(int64_t a, int64_t b) {
    int64_t result;
    return __builtin_add_overflow(a, b, &result) ? INT64_MAX : result;
}

void mock_produce_time_rules(const struct mock_log_config *config, int64_t now_ms,
                             struct mock_batch_rules *rules) {
    rules->log_append_time = config->log_append_time;
    rules->min_timestamp_ms = minus(now_ms, config->timestamp_before_max_ms);
    rules->max_timestamp_ms = plus(now_ms, config->timestamp_after_max_ms);
}

/* -- compression -- */

enum mock_codec mock_produce_codec(const struct mock_log_config *config,
                                   const struct mock_batch_header *header) {
    switch (config->compression) {
    case MOCK_LOG_COMPRESSION_PRODUCER:
        break;
    case MOCK_LOG_COMPRESSION_UNCOMPRESSED:
        return MOCK_CODEC_NONE;
    case MOCK_LOG_COMPRESSION_GZIP:
        return MOCK_CODEC_GZIP;
    case MOCK_LOG_COMPRESSION_SNAPPY:
        return MOCK_CODEC_SNAPPY;
    case MOCK_LOG_COMPRESSION_LZ4:
        return MOCK_CODEC_LZ4;
    case MOCK_LOG_COMPRESSION_ZSTD:
        return MOCK_CODEC_ZSTD;
    }
    return mock_batch_codec(header);
}

/* What is kept of a batch that is made again, and of one whose header is. */
#define REBUILT_ATTRIBUTES (MOCK_BATCH_TRANSACTIONAL | MOCK_BATCH_CONTROL)
#define PATCHED_ATTRIBUTES (REBUILT_ATTRIBUTES | MOCK_BATCH_DELETE_HORIZON)

/* The same records in another codec. Its CRC and attributes are still to be patched. */
static int recompress(struct base_slice records, enum mock_codec from, enum mock_codec to,
                      struct base_builder *out) {
    struct base_slice content = base_slice_of(records.data + MOCK_BATCH_HEADER_BYTES,
                                              records.len - MOCK_BATCH_HEADER_BYTES);
    struct base_builder plain;
    base_builder_init(&plain, BASE_MAX_INFLATED_BYTES);
    base_put_bytes(out, records.data, MOCK_BATCH_HEADER_BYTES);
    int rc = from == MOCK_CODEC_NONE ? 0 : mock_decompress(from, content, &plain);
    content = from == MOCK_CODEC_NONE ? content : base_builder_slice(&plain);
    if (rc == 0 && to == MOCK_CODEC_NONE) {
        base_put_slice(out, content);
    } else if (rc == 0) {
        rc = mock_compress(to, content, out);
    }
    base_builder_clean_up(&plain);
    rc = rc < 0 ? rc : out->failed;
    if (rc == 0) {
        base_patch_u32(out, MOCK_BATCH_LENGTH_AT, (uint32_t)(out->len - MOCK_BATCH_LENGTH_FROM));
    }
    return rc;
}

struct mock_stored_batch *mock_produce_store(const struct mock_log_config *config,
                                             struct base_slice records,
                                             const struct mock_batch_header *header,
                                             int64_t now_ms) {
    enum mock_codec from = mock_batch_codec(header);
    enum mock_codec to = mock_produce_codec(config, header);
    struct mock_stored_batch *batch = NULL;
    if (to == from) {
        batch = mock_stored_batch_new(records);
    } else {
        struct base_builder out;
        base_builder_init(&out, BASE_MAX_INFLATED_BYTES + BASE_MIB);
        if (recompress(records, from, to, &out) == 0) {
            batch = mock_stored_batch_new(base_builder_slice(&out));
        }
        base_builder_clean_up(&out);
    }
    /* A header that is written again has no bits that mean nothing. */
    bool again = to != from || config->log_append_time;
    int16_t kept = (int16_t)(!again ? ~0 : to != from ? REBUILT_ATTRIBUTES : PATCHED_ATTRIBUTES);
    int16_t attributes =
        (int16_t)((header->attributes & kept &
                   ~(MOCK_BATCH_CODEC_MASK | MOCK_BATCH_LOG_APPEND_TIME)) |
                  (int16_t)to | (config->log_append_time ? MOCK_BATCH_LOG_APPEND_TIME : 0));
    if (batch && config->log_append_time) {
        mock_batch_patch_max_timestamp(batch->bytes, now_ms);
    }
    if (batch && (again || attributes != header->attributes)) {
        mock_batch_patch_attributes(batch->bytes, batch->len, attributes);
    }
    return batch;
}
