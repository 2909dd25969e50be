/* The bounds-checked read cursor: see reader.h. */
#include "reader.h"

#include <string.h>

static uint64_t read_big_endian(struct base_reader *r, size_t len) {
    const uint8_t *p = base_reader_advance(r, len);
    uint64_t value = 0;
    for (size_t i = 0; p && i < len; i++) {
        value = (value << 8) | p[i];
    }
    return value;
}

uint16_t base_read_u16(struct base_reader *r) {
    return (uint16_t)read_big_endian(r, 2);
}

uint32_t base_read_u32(struct base_reader *r) {
    return (uint32_t)read_big_endian(r, 4);
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

uint64_t base_read_long_uvarint(struct base_reader *r, unsigned max_bits) {
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

struct base_slice base_read_rest(struct base_reader *r) {
    return base_read_bytes(r, r->left);
}

void base_read_skip(struct base_reader *r, size_t len) {
    (void)base_reader_advance(r, len);
}
