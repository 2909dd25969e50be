/* Fuzz target: frames out of a stream in arbitrary cuts are the same as in one piece. */
#include <stdlib.h>

#include "base/limits.h"
#include "mock/wire/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Feeds in steps of so many bytes and counts what comes out. */
static size_t count_frames(struct base_slice bytes, size_t step, size_t *ret_content_bytes) {
    struct mock_frame_splitter s;
    mock_frame_splitter_init(&s, BASE_MIB);
    size_t count = 0;
    *ret_content_bytes = 0;
    for (size_t at = 0; at < bytes.len; at += step) {
        size_t left = bytes.len - at;
        if (mock_frame_splitter_feed(
                &s, base_slice_of(bytes.data + at, left < step ? left : step)) != 0) {
            break;
        }
        struct base_slice frame;
        while (mock_frame_splitter_next(&s, &frame) > 0) {
            count++;
            *ret_content_bytes += frame.len;
        }
    }
    mock_frame_splitter_clean_up(&s);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    if (len < 1) {
        return 0;
    }
    struct base_slice bytes = base_slice_of(data + 1, len - 1);
    size_t whole_bytes = 0;
    size_t cut_bytes = 0;
    size_t whole = count_frames(bytes, len, &whole_bytes);
    size_t cut = count_frames(bytes, 1u + data[0], &cut_bytes);
    if (whole != cut || whole_bytes != cut_bytes) {
        abort();
    }
    return 0;
}
