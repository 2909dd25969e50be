/*
 * The bounds-checked read cursor: the only place where input bytes are addressed.
 *
 * A read either returns the value and moves on, or leaves the cursor where it was, marks it failed
 * and returns zero; once failed every read returns zero, so a decoder is straight-line code with
 * one check at its end. Counts come from base_read_count, which refuses a count that the bytes
 * left could not hold, so that nothing is allocated because an input claims it.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attrs.h"
#include "slice.h"

struct base_reader {
    const uint8_t *at;
    size_t left;
    int failed; /* 0, or the enum base_code of the first failure */
};

struct base_reader base_reader_of(struct base_slice bytes);

static inline bool base_reader_ok(const struct base_reader *r) {
    return r->failed == 0;
}
/* Marks the reader failed (the first reason stays). Returns the reason that counts. */
int base_reader_fail(struct base_reader *r, int code);
/* True when all went well and nothing is left over. */
bool base_reader_is_done(const struct base_reader *r);

/* Big-endian integers. */
int8_t base_read_i8(struct base_reader *r);
int16_t base_read_i16(struct base_reader *r);
int32_t base_read_i32(struct base_reader *r);
int64_t base_read_i64(struct base_reader *r);
uint8_t base_read_u8(struct base_reader *r);
uint16_t base_read_u16(struct base_reader *r);
uint32_t base_read_u32(struct base_reader *r);
/* One byte, 0 or 1; any other value is true, as in Kafka. */
bool base_read_bool(struct base_reader *r);
/* IEEE 754 double, big-endian. */
double base_read_f64(struct base_reader *r);

/* Base-128 integers, least significant group first (at most 5 and 10 bytes; a longer or
 * overflowing one is malformed). zig: zigzag-coded as in Protocol Buffers' sint. */
uint32_t base_read_uvarint32(struct base_reader *r);
uint64_t base_read_uvarint64(struct base_reader *r);
int32_t base_read_zigzag32(struct base_reader *r);
int64_t base_read_zigzag64(struct base_reader *r);

/* The next len bytes as a borrowed view (never null on success). */
struct base_slice base_read_bytes(struct base_reader *r, size_t len);
/* All that is left. */
struct base_slice base_read_rest(struct base_reader *r);
void base_read_skip(struct base_reader *r, size_t len);

/* Validates a count that was just read: negative or impossible (count * min_item_bytes > left)
 * fails the reader and gives 0. min_item_bytes is at least 1. */
size_t base_read_count(struct base_reader *r, int64_t count, size_t min_item_bytes);
