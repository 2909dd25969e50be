/* Reference-counted copies of record batches: see stored_batch.h. */
#include "mock/log/stored_batch.h"

#include <assert.h>

#include "mock/log/batch_memory.h"

struct mock_stored_batch *mock_stored_batch_new(struct base_slice bytes) {
    if (bytes.len > SIZE_MAX - sizeof(struct mock_stored_batch)) {
        return NULL;
    }
    struct mock_batch_chunk *chunk = NULL;
    struct mock_stored_batch *batch =
        mock_batch_memory_alloc(sizeof(*batch) + bytes.len, &chunk);
    if (!batch) {
        return NULL;
    }
    *batch = (struct mock_stored_batch){.chunk = chunk, .refs = 1, .len = bytes.len};
    if (bytes.len) {
        memcpy(batch->bytes, bytes.data, bytes.len);
    }
    return batch;
}

struct mock_stored_batch *mock_stored_batch_ref(struct mock_stored_batch *batch) {
    assert(batch->refs > 0 && batch->refs < UINT32_MAX);
    batch->refs++;
    return batch;
}

void mock_stored_batch_unref(struct mock_stored_batch *batch) {
    if (!batch) {
        return;
    }
    assert(batch->refs > 0);
    if (--batch->refs == 0) {
        mock_batch_memory_free(batch, batch->chunk);
    }
}
