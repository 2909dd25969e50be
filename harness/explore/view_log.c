/* Writing batches with holes: see view_log.h. */
#include "harness/explore/view_log.h"

#include "base/crc32c.h"
#include "base/limits.h"
#include "mock/wire/build.h"

/* The records of one batch while it is written anew. */
#define REWRITE_BYTES (256u * BASE_MIB)

static struct mock_build_options options_of(const struct mock_batch_header *header) {
    return (struct mock_build_options){
        .codec = mock_batch_codec(header),
        .attributes = (int16_t)(header->attributes & ~MOCK_BATCH_CODEC_MASK),
        .base_offset = header->base_offset,
        .leader_epoch = header->partition_leader_epoch,
        .producer_id = header->producer_id,
        .producer_epoch = header->producer_epoch,
        .base_sequence = header->base_sequence,
        .last_offset_delta = header->last_offset_delta,
    };
}

/* An empty batch tells the greatest time that it had, as Kafka's writeEmptyHeader does. */
static void put_empty(const struct mock_batch_header *header, struct base_builder *out) {
    struct mock_build_options options = options_of(header);
    options.codec = MOCK_CODEC_NONE;
    mock_batch_build(out, &options, NULL, 0);
    if (!base_builder_ok(out)) {
        return;
    }
    base_patch_u32(out, MOCK_BATCH_MAX_TIMESTAMP_AT, (uint32_t)(header->max_timestamp >> 32));
    base_patch_u32(out, MOCK_BATCH_MAX_TIMESTAMP_AT + 4, (uint32_t)header->max_timestamp);
    base_patch_u32(out, MOCK_BATCH_CRC_AT,
                   base_crc32c(out->data + MOCK_BATCH_CRC_FROM, out->len - MOCK_BATCH_CRC_FROM));
}

static int copy_record(struct base_arena *arena, struct mock_record *record,
                       struct mock_build_record *ret_copy) {
    struct mock_record_header *headers =
        base_arena_alloc_array(arena, record->header_count, sizeof(*headers));
    if (!headers) {
        return arena->failed;
    }
    size_t count = 0;
    while (count < record->header_count && mock_record_next_header(record, &headers[count])) {
        count++;
    }
    *ret_copy = (struct mock_build_record){
        .offset_delta = record->offset_delta,
        .timestamp_ms = record->timestamp_ms,
        .key = record->key,
        .value = record->value,
        .headers = headers,
        .header_count = count,
    };
    return 0;
}

/* it stays open while the records are put: they borrow from it. */
static int put_retained(const struct trial_captured_part *part, const struct trial_window *window,
                        const struct trial_captured_batch *batch, struct mock_record_iterator *it,
                        struct base_arena *arena, struct base_builder *out) {
    struct mock_build_record *records =
        base_arena_alloc_array(arena, batch->record_count, sizeof(*records));
    struct mock_record record;
    size_t count = 0;
    bool has_tombstone = false;
    int rc = records ? 0 : arena->failed;
    for (uint32_t i = 0; rc == 0 && i < batch->record_count; i++) {
        int more = mock_record_iterator_next(it, &record);
        rc = more < 0 ? more : more == 0 ? BASE_MALFORMED : 0;
        if (rc == 0 && trial_window_retains(window, part, batch->first_record + i)) {
            rc = copy_record(arena, &record, &records[count++]);
            has_tombstone = has_tombstone || !record.value.data;
        }
    }
    if (rc == 0) {
        struct mock_build_options options = options_of(&it->batch);
        options.attributes |= has_tombstone ? MOCK_BATCH_DELETE_HORIZON : 0;
        mock_batch_build(out, &options, records, count);
        rc = out->failed;
    }
    return rc;
}

static int rewrite(const struct trial_captured_part *part, const struct trial_window *window,
                   const struct trial_captured_batch *batch, struct base_builder *out) {
    struct mock_record_iterator it;
    struct base_arena arena;
    int rc = mock_record_iterator_init(&it, mock_stored_batch_slice(batch->stored));
    if (rc == 0) {
        base_arena_init(&arena, REWRITE_BYTES);
        rc = put_retained(part, window, batch, &it, &arena, out);
        base_arena_clean_up(&arena);
        mock_record_iterator_clean_up(&it);
    }
    return rc;
}

static int give_batch(const struct trial_captured_part *part, const struct trial_window *window,
                      uint32_t number, trial_view_batch_fn visit, void *arg,
                      struct base_error *err) {
    const struct trial_captured_batch *batch = &part->batches[number];
    struct base_slice as_written = mock_stored_batch_slice(batch->stored);
    uint32_t retained = 0;
    for (uint32_t i = 0; i < batch->record_count; i++) {
        retained += trial_window_retains(window, part, batch->first_record + i);
    }
    if (retained == batch->record_count) {
        return visit(arg, as_written, err);
    }
    if (retained == 0 && !trial_window_keeps_empty(window, part, number)) {
        return 0;
    }
    struct base_builder out;
    base_builder_init(&out, BASE_MAX_INFLATED_BYTES);
    struct mock_batch_header header;
    int rc = mock_batch_header_decode(as_written, &header);
    if (rc == 0 && retained == 0) {
        put_empty(&header, &out);
        rc = out.failed;
    } else if (rc == 0) {
        rc = rewrite(part, window, batch, &out);
    }
    rc = rc ? base_fail(err, rc, "a batch of %s/%d cannot be compacted: %s", part->topic,
                        (int)part->partition, base_code_to_str(rc))
            : visit(arg, base_builder_slice(&out), err);
    base_builder_clean_up(&out);
    return rc;
}

int trial_view_batches(const struct trial_captured_part *part, const struct trial_window *window,
                       trial_view_batch_fn visit, void *arg, struct base_error *err) {
    int rc = 0;
    for (uint32_t i = 0; rc == 0 && i < part->batch_count; i++) {
        rc = give_batch(part, window, i, visit, arg, err);
    }
    return rc;
}
