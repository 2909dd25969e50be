/*
 * The record batch that a produce step describes, broken as it says: n, keys, values, size,
 * codec, lz4 (a kind of frame), ts, pid, epoch, seq, attributes; then header fields overwritten
 * (base, count, last, magic, length), bytes cut or added, and the CRC right over all that unless
 * crc=bad.
 */
#include <stdlib.h>
#include <string.h>

#include "base/crc32c.h"
#include "base/limits.h"
#include "fidelity.h"
#include "mock/wire/build.h"

static void patch(uint8_t *bytes, size_t at, size_t width, int64_t value) {
    for (size_t i = 0; i < width; i++) {
        bytes[at + i] = (uint8_t)((uint64_t)value >> (8 * (width - 1 - i)));
    }
}

/* "k0", or what the list says for it; padded with dots. */
static struct base_slice text_of(struct fid_run *run, const struct fid_step *step,
                                 const char *name, size_t i, size_t pad) {
    size_t count = 0;
    struct base_slice *items = fid_list(run, step, name, NULL, &count);
    char text[16] = {name[0], (char)('0' + i % 10), 0};
    struct base_slice s = count ? items[i < count ? i : count - 1] : base_slice_str(text);
    if (base_slice_is_null(s)) {
        return s;
    }
    size_t len = s.len > pad ? s.len : pad;
    char *to = base_arena_alloc(&run->arena, len + 1);
    if (!to) {
        return BASE_SLICE_NULL;
    }
    memset(to, '.', len);
    memcpy(to, s.data, s.len);
    return base_slice_of(to, len);
}

static struct mock_build_options options_of(struct fid_run *run, const struct fid_step *step) {
    struct mock_build_options o = MOCK_BUILD_OPTIONS_INIT;
    (void)mock_codec_find(fid_str(run, step, "codec", "none"), &o.codec);
    o.attributes = (int16_t)fid_num(run, step, "attributes", 0);
    o.producer_id = fid_num(run, step, "pid", -1);
    if (fid_has(step, "as")) {
        const struct fid_member *m = fid_member(run, step, "as");
        o.producer_id = m->producer_id;
        o.producer_epoch = m->epoch;
    }
    if (o.producer_id >= 0) {
        o.producer_epoch = (int16_t)fid_num(run, step, "epoch", fid_has(step, "as")
                                                                    ? o.producer_epoch : 0);
        o.base_sequence = (int32_t)fid_num(run, step, "seq", 0);
    }
    size_t count = 0;
    int32_t *deltas = fid_numbers(run, step, "deltas", NULL, &count);
    o.last_offset_delta = count ? deltas[count - 1] : -1;
    return o;
}

/* Packs the records of a batch that has no codec yet as an LZ4 frame of the kind. */
static bool pack_lz4(struct fid_run *run, const char *kind, struct base_builder *b) {
    size_t len = b->len - MOCK_BATCH_HEADER_BYTES;
    struct base_slice content = base_arena_slice(
        &run->arena, base_slice_of(b->data + MOCK_BATCH_HEADER_BYTES, len));
    b->len = MOCK_BATCH_HEADER_BYTES;
    b->data[MOCK_BATCH_ATTRIBUTES_AT + 1] |= MOCK_CODEC_LZ4;
    return fid_put_lz4_frame(b, kind, content);
}

static void damage(struct fid_run *run, const struct fid_step *step, uint8_t *bytes, size_t len) {
    static const struct {
        const char *name;
        size_t at, width;
    } fields[] = {
        {"base", MOCK_BATCH_BASE_OFFSET_AT, 8},
        {"magic", MOCK_BATCH_MAGIC_AT, 1},
        {"last", MOCK_BATCH_LAST_OFFSET_DELTA_AT, 4},
        {"count", MOCK_BATCH_RECORD_COUNT_AT, 4},
        {"attributes", MOCK_BATCH_ATTRIBUTES_AT, 2},
        {"max_timestamp", MOCK_BATCH_MAX_TIMESTAMP_AT, 8},
        {"length", MOCK_BATCH_LENGTH_AT, 4},
        {"leader", MOCK_BATCH_LEADER_EPOCH_AT, 4},
    };
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        if (fid_has(step, fields[i].name)) {
            patch(bytes, fields[i].at, fields[i].width, fid_num(run, step, fields[i].name, 0));
        }
    }
    uint32_t crc = base_crc32c(bytes + MOCK_BATCH_CRC_FROM, len - MOCK_BATCH_CRC_FROM);
    bool bad = strcmp(fid_str(run, step, "crc", "good"), "bad") == 0;
    patch(bytes, MOCK_BATCH_CRC_AT, 4, bad ? crc ^ 1u : crc);
}

struct base_slice fid_batch(struct fid_run *run, const struct fid_step *step) {
    const char *records_are = fid_str(run, step, "records", "");
    if (strcmp(records_are, "null") == 0) {
        return BASE_SLICE_NULL;
    }
    if (strcmp(records_are, "empty") == 0) {
        return base_slice_str("");
    }
    size_t n = (size_t)fid_num(run, step, "n", 1);
    size_t delta_count = 0;
    size_t stamp_count = 0;
    int32_t *deltas = fid_numbers(run, step, "deltas", NULL, &delta_count);
    int32_t *stamps = fid_numbers(run, step, "times", NULL, &stamp_count);
    struct mock_build_record *records = base_arena_alloc_array(&run->arena, n, sizeof(*records));
    struct base_builder b;
    base_builder_init(&b, 16 * BASE_MIB);
    for (size_t i = 0; records && i < n; i++) {
        records[i] = (struct mock_build_record){
            .offset_delta = deltas && i < delta_count ? deltas[i] : 0,
            .timestamp_ms = run->now_ms + (stamps && i < stamp_count ? stamps[i] : 0),
            .key = text_of(run, step, "keys", i, 0),
            .value = text_of(run, step, "values", i, (size_t)fid_num(run, step, "size", 0)),
        };
    }
    struct mock_build_options options = options_of(run, step);
    mock_batch_build(&b, &options, records, n);
    const char *frame = fid_str(run, step, "lz4", NULL);
    if (!base_builder_ok(&b) || (frame && !pack_lz4(run, frame, &b))) {
        base_builder_clean_up(&b);
        return BASE_SLICE_NULL;
    }
    base_put_bytes(&b, "garbage-garbage-garbage", (size_t)fid_num(run, step, "inner", 0));
    if (frame || fid_has(step, "inner")) {
        patch(b.data, MOCK_BATCH_LENGTH_AT, 4, (int64_t)b.len - MOCK_BATCH_LENGTH_FROM);
    }
    damage(run, step, b.data, b.len);
    size_t once = b.len;
    for (int64_t twice = fid_num(run, step, "twice", 0); twice > 0; twice--) {
        struct base_slice whole = base_arena_slice(&run->arena, base_slice_of(b.data, once));
        base_put_slice(&b, whole);
    }
    base_put_bytes(&b, "garbage-garbage-garbage", (size_t)fid_num(run, step, "extra", 0));
    b.len -= (size_t)fid_num(run, step, "cut", 0);
    struct base_slice batch = base_arena_slice(&run->arena, base_builder_slice(&b));
    base_builder_clean_up(&b);
    return batch;
}
