/* Batches that an answer borrows from the log: see borrowed.h. */
#include "mock/gateway/borrowed.h"

#include <assert.h>

#include "base/memory.h"

struct mock_borrowed *mock_borrowed_new(size_t batches) {
    struct mock_borrowed *borrowed = base_alloc_zero(sizeof(*borrowed));
    if (!borrowed) {
        return NULL;
    }
    borrowed->batches = base_alloc_array(batches, sizeof(struct mock_stored_batch *));
    borrowed->gaps = base_alloc_array(batches, sizeof(*borrowed->gaps));
    if (!borrowed->batches || !borrowed->gaps) {
        mock_borrowed_free(borrowed);
        return NULL;
    }
    return borrowed;
}

void mock_borrowed_free(struct mock_borrowed *borrowed) {
    if (!borrowed) {
        return;
    }
    for (size_t i = 0; i < borrowed->batch_count; i++) {
        mock_stored_batch_unref(borrowed->batches[i]);
    }
    base_free(borrowed->batches);
    base_free(borrowed->gaps);
    base_free(borrowed);
}

void mock_borrowed_hold(struct mock_borrowed *borrowed, struct mock_stored_batch *batch) {
    borrowed->batches[borrowed->batch_count++] = mock_stored_batch_ref(batch);
}

void mock_borrowed_count(struct mock_borrowed *borrowed) {
    assert(borrowed->gap_count <= borrowed->batch_count);
    borrowed->bytes = 0;
    for (size_t i = 0; i < borrowed->gap_count; i++) {
        borrowed->bytes += borrowed->gaps[i].bytes.len;
    }
}

int mock_borrowed_fill(const struct mock_borrowed *borrowed, struct base_builder *answer) {
    struct base_builder whole;
    base_builder_init(&whole, answer->max);
    base_builder_reserve(&whole, answer->len + borrowed->bytes);
    size_t at = 0;
    for (size_t i = 0; i < borrowed->gap_count; i++) {
        const struct mock_fetch_gap *gap = &borrowed->gaps[i];
        base_put_bytes(&whole, answer->data + at, gap->at - at);
        base_put_slice(&whole, gap->bytes);
        at = gap->at;
    }
    base_put_bytes(&whole, answer->data + at, answer->len - at);
    if (!base_builder_ok(&whole)) {
        int code = whole.failed;
        base_builder_clean_up(&whole);
        return code;
    }
    base_builder_clean_up(answer);
    *answer = whole;
    return 0;
}

uv_buf_t *mock_borrowed_pieces(const struct mock_borrowed *borrowed, uint8_t *data, size_t len,
                               unsigned *ret_count) {
    uv_buf_t *pieces = base_alloc_array(2 * borrowed->gap_count + 1, sizeof(*pieces));
    unsigned count = 0;
    size_t at = 0;
    for (size_t i = 0; pieces && i < borrowed->gap_count; i++) {
        const struct mock_fetch_gap *gap = &borrowed->gaps[i];
        if (gap->at > at) { /* batches follow each other */
            pieces[count++] = uv_buf_init((char *)data + at, (unsigned)(gap->at - at));
        }
        pieces[count++] = uv_buf_init((char *)gap->bytes.data, (unsigned)gap->bytes.len);
        at = gap->at;
    }
    if (pieces && at < len) {
        pieces[count++] = uv_buf_init((char *)data + at, (unsigned)(len - at));
    }
    *ret_count = count;
    return pieces;
}
