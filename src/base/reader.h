/*
 * The bounds-checked read cursor: the only place where input bytes are addressed.
 *
 * A read either returns the value and moves on, or leaves the cursor where it was, marks it failed
 * and returns zero; once failed every read returns zero, so a decoder is straight-line code with
 * one check at its end. Counts come from base_read_count, which refuses a count that the bytes
 * left could not hold, so that nothing is allocated because an input claims it.
 *
 * What the walk over the records of a batch needs is inline, for it is done for each record that
 * is produced: a cursor whose address goes nowhere can stay in registers.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attrs.h"
#include "error.h"
#include "slice.h"

struct base_reader {
    const uint8_t *at;
    size_t left;
    int failed; /* 0, or the enum base_code of the first failure */
};

static inline struct base_reader base_reader_of(struct base_slice bytes) {
    static const uint8_t empty[1];
    return (struct base_reader){bytes.data ? bytes.data : empty, bytes.len, 0};
}

static inline bool base_reader_ok(const struct base_reader *r) {
    return r->failed == 0;
}
/* Marks the reader failed (the first reason stays). Returns the reason that counts. */
static inline int base_reader_fail(struct base_reader *r, int code) {
    if (!r->failed) {
        r->failed = code;
    }
    return r->failed;
}
/* True when all went well and nothing is left over. */
static inline bool base_reader_is_done(const struct base_reader *r) {
    return !r->failed && r->left == 0;
}
/* Returns the start of the next len bytes and moves, or NULL and fails: for the reads below. */
static inline const uint8_t *base_reader_advance(struct base_reader *r, size_t len) {
    if (r->failed) {
        return NULL;
    }
    if (len > r->left) {
        (void)base_reader_fail(r, BASE_SHORT);
        return NULL;
    }
    const uint8_t *start = r->at;
    r->at += len;
    r->left -= len;
    return start;
}

/* Big-endian integers. */
static inline uint8_t base_read_u8(struct base_reader *r) {
    const uint8_t *p = base_reader_advance(r, 1);
    return p ? *p : 0;
}
static inline int8_t base_read_i8(struct base_reader *r) {
    return (int8_t)base_read_u8(r);
}
int16_t base_read_i16(struct base_reader *r);
int32_t base_read_i32(struct base_reader *r);
int64_t base_read_i64(struct base_reader *r);
uint16_t base_read_u16(struct base_reader *r);
uint32_t base_read_u32(struct base_reader *r);
/* One byte, 0 or 1; any other value is true, as in Kafka. */
bool base_read_bool(struct base_reader *r);
/* IEEE 754 double, big-endian. */
double base_read_f64(struct base_reader *r);

/* Base-128 integers, least significant group first (at most 5 and 10 bytes; a longer or
 * overflowing one is malformed). zig: zigzag-coded as in Protocol Buffers' sint. max_bits: 32 or
 * 64, groups beyond must be zero. */
uint64_t base_read_long_uvarint(struct base_reader *r, unsigned max_bits);
static inline uint64_t base_read_uvarint(struct base_reader *r, unsigned max_bits) {
    if (!r->failed && r->left > 0 && r->at[0] < 0x80) { /* by far the most: one byte */
        r->left--;
        return *r->at++;
    }
    if (!r->failed && r->left > 1 && r->at[1] < 0x80) { /* or two */
        uint64_t value = (r->at[0] & 0x7fu) | (uint64_t)r->at[1] << 7;
        r->at += 2;
        r->left -= 2;
        return value;
    }
    struct base_reader longer = *r;
    uint64_t value = base_read_long_uvarint(&longer, max_bits);
    *r = longer;
    return value;
}
static inline uint32_t base_read_uvarint32(struct base_reader *r) {
    return (uint32_t)base_read_uvarint(r, 32);
}
static inline uint64_t base_read_uvarint64(struct base_reader *r) {
    return base_read_uvarint(r, 64);
}
static inline int32_t base_read_zigzag32(struct base_reader *r) {
    uint32_t v = base_read_uvarint32(r);
    return (int32_t)((v >> 1) ^ (~(v & 1) + 1));
}
static inline int64_t base_read_zigzag64(struct base_reader *r) {
    uint64_t v = base_read_uvarint64(r);
    return (int64_t)((v >> 1) ^ (~(v & 1) + 1));
}

/* The next len bytes as a borrowed view (never null on success). */
static inline struct base_slice base_read_bytes(struct base_reader *r, size_t len) {
    const uint8_t *p = base_reader_advance(r, len);
    return p ? base_slice_of(p, len) : BASE_SLICE_NULL;
}
/* All that is left. */
struct base_slice base_read_rest(struct base_reader *r);
void base_read_skip(struct base_reader *r, size_t len);

/* Validates a count that was just read: negative or impossible (count * min_item_bytes > left)
 * fails the reader and gives 0. min_item_bytes is at least 1. */
static inline size_t base_read_count(struct base_reader *r, int64_t count, size_t min_item_bytes) {
    if (r->failed) {
        return 0;
    }
    if (count < 0) {
        (void)base_reader_fail(r, BASE_MALFORMED);
        return 0;
    }
    if ((uint64_t)count > r->left / min_item_bytes) {
        (void)base_reader_fail(r, BASE_SHORT);
        return 0;
    }
    return (size_t)count;
}
