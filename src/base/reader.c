/* The bounds-checked read cursor: see reader.h. */
#include "reader.h"

#include <string.h>

#include "error.h"

static const uint8_t empty[1];

struct base_reader base_reader_of(struct base_slice bytes) {
    struct base_reader r = {bytes.data ? bytes.data : empty, bytes.len, 0};
    return r;
}

int base_reader_fail(struct base_reader *r, int code) {
    if (!r->failed) {
        r->failed = code;
    }
    return r->failed;
}

bool base_reader_is_done(const struct base_reader *r) {
    return !r->failed && r->left == 0;
}

/* Returns the start of the next len bytes and moves, or NULL and fails. */
static const uint8_t *advance(struct base_reader *r, size_t len) {
    if (r->failed) {
        return NULL;
    }
    if (len > r->left) {
        base_reader_fail(r, BASE_SHORT);
        return NULL;
    }
    const uint8_t *start = r->at;
    r->at += len;
    r->left -= len;
    return start;
}

static uint64_t read_big_endian(struct base_reader *r, size_t len) {
    const uint8_t *p = advance(r, len);
    uint64_t value = 0;
    for (size_t i = 0; p && i < len; i++) {
        value = (value << 8) | p[i];
    }
    return value;
}

uint8_t base_read_u8(struct base_reader *r) {
    return (uint8_t)read_big_endian(r, 1);
}

uint16_t base_read_u16(struct base_reader *r) {
    return (uint16_t)read_big_endian(r, 2);
}

uint32_t base_read_u32(struct base_reader *r) {
    return (uint32_t)read_big_endian(r, 4);
}

int8_t base_read_i8(struct base_reader *r) {
    return (int8_t)base_read_u8(r);
}

int16_t base_read_i16(struct base_reader *r) {
    return (int16_t)base_read_u16(r);
}

int32_t base_read_i32(struct base_reader *r) {
    return (int32_t)base_read_u32(r);
}

int64_t base_read_i64(struct base_reader *r) {
    return (int64_t)read_big_endian(r, 8);
}

bool base_read_bool(struct base_reader *r) {
    return base_read_u8(r) != 0;
}

double base_read_f64(struct base_reader *r) {
    uint64_t bits = read_big_endian(r, 8);
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

/* max_bits is 32 or 64: groups beyond it must be zero. */
static uint64_t read_uvarint(struct base_reader *r, unsigned max_bits) {
    if (!r->failed && r->left > 0 && *r->at < 0x80) { /* by far the most: one byte */
        r->left--;
        return *r->at++;
    }
    struct base_reader start = *r;
    uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        uint8_t byte = base_read_u8(r);
        if (r->failed) {
            break;
        }
        uint64_t group = byte & 0x7fu;
        if (shift >= max_bits || (shift + 7 > max_bits && (group >> (max_bits - shift)) != 0)) {
            base_reader_fail(r, BASE_MALFORMED);
            break;
        }
        value |= group << shift;
        if (!(byte & 0x80u)) {
            return value;
        }
    }
    r->at = start.at;
    r->left = start.left;
    return 0;
}

uint32_t base_read_uvarint32(struct base_reader *r) {
    return (uint32_t)read_uvarint(r, 32);
}

uint64_t base_read_uvarint64(struct base_reader *r) {
    return read_uvarint(r, 64);
}

int32_t base_read_zigzag32(struct base_reader *r) {
    uint32_t v = base_read_uvarint32(r);
    return (int32_t)((v >> 1) ^ (~(v & 1) + 1));
}

int64_t base_read_zigzag64(struct base_reader *r) {
    uint64_t v = base_read_uvarint64(r);
    return (int64_t)((v >> 1) ^ (~(v & 1) + 1));
}

struct base_slice base_read_bytes(struct base_reader *r, size_t len) {
    const uint8_t *p = advance(r, len);
    return p ? base_slice_of(p, len) : BASE_SLICE_NULL;
}

struct base_slice base_read_rest(struct base_reader *r) {
    return base_read_bytes(r, r->left);
}

void base_read_skip(struct base_reader *r, size_t len) {
    (void)advance(r, len);
}

size_t base_read_count(struct base_reader *r, int64_t count, size_t min_item_bytes) {
    if (r->failed) {
        return 0;
    }
    if (count < 0) {
        base_reader_fail(r, BASE_MALFORMED);
        return 0;
    }
    if ((uint64_t)count > r->left / min_item_bytes) {
        base_reader_fail(r, BASE_SHORT);
        return 0;
    }
    return (size_t)count;
}
