/* Writing what is left of a batch: see filter.h. */
#include "mock/log/filter.h"

#include "base/crc32c.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/memory.h"
#include "mock/wire/compress.h"

/* What survives a rewrite: the codec, the kind of timestamp, transactional, control. */
#define KEPT_ATTRIBUTES                                                                           \
    (MOCK_BATCH_CODEC_MASK | MOCK_BATCH_LOG_APPEND_TIME | MOCK_BATCH_TRANSACTIONAL |              \
     MOCK_BATCH_CONTROL)

void mock_filter_init(struct mock_filter *filter) {
    *filter = (struct mock_filter){0};
    base_builder_init(&filter->content, BASE_MAX_INFLATED_BYTES);
    base_builder_init(&filter->one, BASE_MAX_INFLATED_BYTES);
    base_builder_init(&filter->out, BASE_MAX_FRAME_BYTES);
}

void mock_filter_clean_up(struct mock_filter *filter) {
    mock_filter_end(filter);
    base_free(filter->kept);
    base_builder_clean_up(&filter->content);
    base_builder_clean_up(&filter->one);
    base_builder_clean_up(&filter->out);
    filter->kept = NULL;
}

int mock_filter_begin(struct mock_filter *filter, const struct mock_stored_batch *batch) {
    filter->kept_count = 0;
    filter->dropped = false;
    filter->has_tombstone = false;
    int rc = mock_record_iterator_init(&filter->it, mock_stored_batch_slice(batch));
    filter->reading = rc == 0;
    return rc;
}

void mock_filter_end(struct mock_filter *filter) {
    if (filter->reading) {
        mock_record_iterator_clean_up(&filter->it);
        filter->reading = false;
    }
}

int mock_filter_next(struct mock_filter *filter, struct mock_record *ret_record) {
    struct base_slice ahead = base_slice_of(filter->it.reader.at, filter->it.reader.left);
    int rc = mock_record_iterator_next(&filter->it, ret_record);
    if (rc <= 0) {
        return rc;
    }
    void *kept = filter->kept;
    if (base_grow(&kept, &filter->kept_cap, filter->kept_count + 1, sizeof(*filter->kept))) {
        return BASE_NO_MEMORY;
    }
    filter->kept = kept;
    /* The record was just found well formed, so these reads cannot fail. */
    struct base_reader r = base_reader_of(ahead);
    size_t len = (size_t)base_read_zigzag32(&r);
    struct base_reader inner = base_reader_of(base_read_bytes(&r, len));
    (void)base_read_i8(&inner);
    (void)base_read_zigzag64(&inner);
    (void)base_read_zigzag32(&inner);
    filter->kept[filter->kept_count] = (struct mock_filter_record){
        .timestamp_ms = ret_record->timestamp_ms,
        .offset_delta = ret_record->offset_delta,
        .rest = base_read_rest(&inner),
    };
    return 1;
}

void mock_filter_keep(struct mock_filter *filter, const struct mock_record *record) {
    filter->has_tombstone = filter->has_tombstone || base_slice_is_null(record->value);
    filter->kept_count++;
}

void mock_filter_drop(struct mock_filter *filter) {
    filter->dropped = true;
}

int64_t mock_filter_horizon(const struct mock_stored_batch *batch) {
    struct mock_batch_header header;
    if (mock_batch_header_decode(mock_stored_batch_slice(batch), &header)) {
        return -1;
    }
    return header.attributes & MOCK_BATCH_DELETE_HORIZON ? header.base_timestamp : -1;
}

/* -- writing -- */

static void put_record(struct mock_filter *filter, const struct mock_filter_record *record,
                       int64_t base_timestamp) {
    base_builder_reset(&filter->one);
    base_put_i8(&filter->one, 0);
    base_put_zigzag64(&filter->one,
                      (int64_t)((uint64_t)record->timestamp_ms - (uint64_t)base_timestamp));
    base_put_zigzag32(&filter->one, record->offset_delta);
    base_put_zigzag32(&filter->content, (int32_t)(filter->one.len + record->rest.len));
    base_put_slice(&filter->content, base_builder_slice(&filter->one));
    base_put_slice(&filter->content, record->rest);
    if (!base_builder_ok(&filter->one) && base_builder_ok(&filter->content)) {
        filter->content.failed = filter->one.failed;
    }
}

/* The batch in out, its fields as those of the original where the header gives none. */
static struct mock_stored_batch *take(struct mock_filter *filter,
                                      const struct mock_stored_batch *batch,
                                      const struct mock_batch_header *header, int *ret_code) {
    struct base_builder *out = &filter->out;
    struct mock_stored_batch *made =
        base_builder_ok(out) ? mock_stored_batch_new(base_builder_slice(out)) : NULL;
    if (!made) {
        *ret_code = base_builder_ok(out) ? BASE_NO_MEMORY : out->failed;
        out->failed = 0;
        return NULL;
    }
    made->record_count = (uint32_t)header->record_count;
    made->base_offset = batch->base_offset;
    made->last_offset = batch->last_offset;
    made->max_timestamp = header->max_timestamp;
    made->appended_ms = batch->appended_ms;
    made->producer_id = batch->producer_id;
    made->producer_epoch = batch->producer_epoch;
    made->base_sequence = batch->base_sequence;
    return made;
}

static struct mock_stored_batch *write_batch(struct mock_filter *filter,
                                             const struct mock_stored_batch *batch,
                                             const struct mock_batch_header *header,
                                             struct base_slice content, int *ret_code) {
    struct base_builder *out = &filter->out;
    base_builder_reset(out);
    base_put_i64(out, header->base_offset);
    size_t length_slot = base_put_slot_u32(out);
    base_put_i32(out, header->partition_leader_epoch);
    base_put_i8(out, header->magic);
    size_t crc_slot = base_put_slot_u32(out);
    base_put_i16(out, header->attributes);
    base_put_i32(out, header->last_offset_delta);
    base_put_i64(out, header->base_timestamp);
    base_put_i64(out, header->max_timestamp);
    base_put_i64(out, header->producer_id);
    base_put_i16(out, header->producer_epoch);
    base_put_i32(out, header->base_sequence);
    base_put_i32(out, header->record_count);
    if (mock_batch_codec(header) == MOCK_CODEC_NONE || header->record_count == 0) {
        base_put_slice(out, content);
    } else if (base_builder_ok(out)) {
        int code = mock_compress(mock_batch_codec(header), content, out);
        out->failed = out->failed ? out->failed : code;
    }
    if (base_builder_ok(out)) {
        base_patch_length(out, length_slot);
        size_t from = crc_slot + 4;
        base_patch_u32(out, crc_slot, base_crc32c(out->data + from, out->len - from));
    }
    return take(filter, batch, header, ret_code);
}

struct mock_stored_batch *mock_filter_write(struct mock_filter *filter,
                                            const struct mock_stored_batch *batch,
                                            int64_t horizon_ms, int *ret_code) {
    struct mock_batch_header header = filter->it.batch;
    bool has_horizon = horizon_ms >= 0;
    int64_t base = has_horizon ? horizon_ms : filter->kept[0].timestamp_ms;
    int64_t max = -1;
    base_builder_reset(&filter->content);
    for (size_t i = 0; i < filter->kept_count; i++) {
        const struct mock_filter_record *record = &filter->kept[i];
        put_record(filter, record, base);
        max = record->timestamp_ms > max ? record->timestamp_ms : max;
    }
    if (!base_builder_ok(&filter->content)) {
        *ret_code = filter->content.failed;
        return NULL;
    }
    header.attributes = (int16_t)((header.attributes & KEPT_ATTRIBUTES) |
                                  (has_horizon ? MOCK_BATCH_DELETE_HORIZON : 0));
    header.base_timestamp = base;
    header.max_timestamp =
        header.attributes & MOCK_BATCH_LOG_APPEND_TIME ? header.max_timestamp : max;
    header.record_count = (int32_t)filter->kept_count;
    return write_batch(filter, batch, &header, base_builder_slice(&filter->content), ret_code);
}

struct mock_stored_batch *mock_filter_write_empty(struct mock_filter *filter,
                                                  const struct mock_stored_batch *batch,
                                                  int *ret_code) {
    struct mock_batch_header header;
    int rc = mock_batch_header_decode(mock_stored_batch_slice(batch), &header);
    if (rc) {
        *ret_code = rc;
        return NULL;
    }
    header.attributes = (int16_t)(header.attributes & KEPT_ATTRIBUTES & ~MOCK_BATCH_CODEC_MASK);
    header.base_timestamp = -1;
    header.record_count = 0;
    return write_batch(filter, batch, &header, BASE_SLICE_NULL, ret_code);
}
