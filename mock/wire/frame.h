/*
 * Splits a stream of bytes into frames: four bytes of length, then the frame. No I/O: the caller
 * reads into the room that the splitter gives, says how much came, and takes the frames.
 */
#pragma once
#include "mock/wire/message.h"

/* The bytes of the length before each frame. */
#define MOCK_FRAME_LENGTH_BYTES 4

struct mock_frame_splitter {
    uint8_t *data;
    size_t cap;
    size_t start; /* of what is not yet taken */
    size_t end;   /* of what has come */
    size_t max_frame_bytes;
    int failed; /* sticky: BASE_MALFORMED, BASE_LIMIT or BASE_NO_MEMORY */
};

/* max_frame_bytes: BASE_MAX_FRAME_BYTES, or less. Nothing is allocated yet. */
void mock_frame_splitter_init(struct mock_frame_splitter *s, size_t max_frame_bytes);
void mock_frame_splitter_clean_up(struct mock_frame_splitter *s);

/* Room for at least one byte (and for the rest of a frame that has begun, up to want_bytes or more)
 * at the end; NULL when memory is out or the splitter failed. Frames taken before are then gone. */
uint8_t *mock_frame_splitter_room(struct mock_frame_splitter *s, size_t want_bytes,
                                  size_t *ret_room_bytes) BASE_MUST_USE;
/* So many bytes were written to the room. */
void mock_frame_splitter_commit(struct mock_frame_splitter *s, size_t bytes);
/* Room, copy and commit in one. Returns 0 or a negative enum base_code. */
int mock_frame_splitter_feed(struct mock_frame_splitter *s, struct base_slice bytes) BASE_MUST_USE;

/* 1: a frame (without its length), borrowed until the next room or feed. 0: not whole yet.
 * Negative: BASE_MALFORMED (a negative length), BASE_LIMIT (too long), or an earlier failure. */
int mock_frame_splitter_next(struct mock_frame_splitter *s,
                             struct base_slice *ret_frame) BASE_MUST_USE;
/* For large frames, where a copy costs: hands over the memory that the frame just given by next
 * lies in (base_free; the frame stays where it is), and keeps what came behind it. NULL: the frame
 * is small or not at the buffer's start, or memory is out; then it is to be copied. */
#define MOCK_FRAME_TAKE_BYTES (512u * 1024u)
uint8_t *mock_frame_splitter_take(struct mock_frame_splitter *s,
                                  struct base_slice frame) BASE_MUST_USE;
/* Bytes that have come and are not taken yet, lengths included. */
size_t mock_frame_splitter_pending_bytes(const struct mock_frame_splitter *s);

/* To write a frame: reserve the length, put the content, patch (base_put_slot_u32 and
 * base_patch_length do exactly that). */
