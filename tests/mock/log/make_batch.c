/* Real record batches for tests of the log: see make_batch.h. */
#include "make_batch.h"

#include "base/limits.h"
#include "base/memory.h"

static struct mock_stored_batch *build(const struct mock_build_options *options,
                                       const struct mock_build_record *records, size_t count) {
    struct mock_stored_batch *batch = NULL;
    struct base_builder b;
    base_builder_init(&b, BASE_MAX_FRAME_BYTES);
    mock_batch_build(&b, options, records, count);
    if (base_builder_ok(&b)) {
        batch = mock_stored_batch_new(base_builder_slice(&b));
    }
    base_builder_clean_up(&b);
    return batch;
}

struct mock_stored_batch *make_batch(enum mock_codec codec, const int64_t *timestamps, size_t count,
                                     size_t value_len) {
    struct mock_stored_batch *batch = NULL;
    struct mock_build_record *records = base_alloc_array(count, sizeof(*records));
    uint8_t *value = base_alloc_zero(value_len);
    if (records && value) {
        for (size_t i = 0; i < count; i++) {
            records[i].timestamp_ms = timestamps[i];
            records[i].key = BASE_SLICE_NULL;
            records[i].value = base_slice_of(value, value_len);
        }
        struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
        options.codec = codec;
        batch = build(&options, records, count);
    }
    base_free(value);
    base_free(records);
    return batch;
}

struct mock_stored_batch *make_small_batch(void) {
    const int64_t timestamp = 0;
    return make_batch(MOCK_CODEC_NONE, &timestamp, 1, 1);
}
