/* Splits a stream of bytes into frames: see frame.h. */
#include "mock/wire/frame.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"

/* The buffer of a quiet connection. */
#define FIRST_ROOM_BYTES (16u * 1024u)

void mock_frame_splitter_init(struct mock_frame_splitter *s, size_t max_frame_bytes) {
    memset(s, 0, sizeof(*s));
    s->max_frame_bytes = max_frame_bytes;
}

void mock_frame_splitter_clean_up(struct mock_frame_splitter *s) {
    base_free(s->data);
    s->data = NULL;
    s->cap = 0;
    s->start = 0;
    s->end = 0;
}

size_t mock_frame_splitter_pending_bytes(const struct mock_frame_splitter *s) {
    return s->end - s->start;
}

/* Reads the length of the frame at start: 1 and *ret_len, 0 if it has not come, or negative. */
static int peek_length(struct mock_frame_splitter *s, size_t *ret_len) {
    if (s->failed) {
        return s->failed;
    }
    if (mock_frame_splitter_pending_bytes(s) < MOCK_FRAME_LENGTH_BYTES) {
        return 0;
    }
    struct base_reader r =
        base_reader_of(base_slice_of(s->data + s->start, MOCK_FRAME_LENGTH_BYTES));
    int32_t length = base_read_i32(&r);
    if (length < 0) {
        s->failed = BASE_MALFORMED;
        return s->failed;
    }
    if ((size_t)length > s->max_frame_bytes) {
        s->failed = BASE_LIMIT;
        return s->failed;
    }
    *ret_len = (size_t)length;
    return 1;
}

uint8_t *mock_frame_splitter_room(struct mock_frame_splitter *s, size_t want_bytes,
                                  size_t *ret_room_bytes) {
    size_t length = 0;
    int known = peek_length(s, &length);
    if (known < 0) {
        return NULL;
    }
    size_t pending = mock_frame_splitter_pending_bytes(s);
    size_t rest = known && length + MOCK_FRAME_LENGTH_BYTES > pending
                      ? length + MOCK_FRAME_LENGTH_BYTES - pending
                      : 1;
    /* What a peer announces is believed step by step: at most the double of what has come. */
    if (rest > pending + FIRST_ROOM_BYTES) {
        rest = pending + FIRST_ROOM_BYTES;
    }
    size_t want = want_bytes > rest ? want_bytes : rest;
    if (s->start > 0 && (pending == 0 || s->cap - s->end < want)) {
        memmove(s->data, s->data + s->start, pending);
        s->start = 0;
        s->end = pending;
    }
    if (s->cap - s->end < want) {
        size_t cap = s->end + want < FIRST_ROOM_BYTES ? FIRST_ROOM_BYTES : s->end + want;
        uint8_t *grown = base_realloc(s->data, cap);
        if (!grown) {
            s->failed = BASE_NO_MEMORY;
            return NULL;
        }
        s->data = grown;
        s->cap = cap;
    }
    *ret_room_bytes = s->cap - s->end;
    return s->data + s->end;
}

void mock_frame_splitter_commit(struct mock_frame_splitter *s, size_t bytes) {
    size_t room = s->cap - s->end;
    s->end += bytes < room ? bytes : room;
}

int mock_frame_splitter_feed(struct mock_frame_splitter *s, struct base_slice bytes) {
    if (bytes.len == 0) {
        return s->failed;
    }
    size_t room_bytes = 0;
    uint8_t *room = mock_frame_splitter_room(s, bytes.len, &room_bytes);
    if (!room) {
        return s->failed;
    }
    memcpy(room, bytes.data, bytes.len);
    mock_frame_splitter_commit(s, bytes.len);
    return 0;
}

int mock_frame_splitter_next(struct mock_frame_splitter *s, struct base_slice *ret_frame) {
    size_t length = 0;
    int known = peek_length(s, &length);
    if (known <= 0) {
        return known;
    }
    if (mock_frame_splitter_pending_bytes(s) - MOCK_FRAME_LENGTH_BYTES < length) {
        return 0;
    }
    *ret_frame = base_slice_of(s->data + s->start + MOCK_FRAME_LENGTH_BYTES, length);
    s->start += MOCK_FRAME_LENGTH_BYTES + length;
    return 1;
}

uint8_t *mock_frame_splitter_take(struct mock_frame_splitter *s, struct base_slice frame) {
    if (frame.len < MOCK_FRAME_TAKE_BYTES || frame.data != s->data + MOCK_FRAME_LENGTH_BYTES ||
        s->start != MOCK_FRAME_LENGTH_BYTES + frame.len) {
        return NULL;
    }
    size_t pending = mock_frame_splitter_pending_bytes(s);
    size_t cap = pending < FIRST_ROOM_BYTES ? FIRST_ROOM_BYTES : pending;
    uint8_t *rest = base_alloc(cap);
    if (!rest) {
        return NULL;
    }
    memcpy(rest, s->data + s->start, pending);
    uint8_t *taken = s->data;
    s->data = rest;
    s->cap = cap;
    s->start = 0;
    s->end = pending;
    return taken;
}
