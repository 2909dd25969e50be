/* The growing write buffer: see builder.h. */
#include "builder.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "error.h"
#include "memory.h"

void base_builder_init(struct base_builder *b, size_t max_bytes) {
    memset(b, 0, sizeof(*b));
    b->max = max_bytes;
}

void base_builder_clean_up(struct base_builder *b) {
    base_free(b->data);
    b->data = NULL;
    b->len = 0;
    b->cap = 0;
}

void base_builder_reset(struct base_builder *b) {
    b->len = 0;
    b->failed = 0;
}

void base_builder_reserve(struct base_builder *b, size_t bytes) {
    if (b->failed || bytes > b->max || b->len > b->max - bytes || b->len + bytes <= b->cap) {
        return;
    }
    uint8_t *grown = base_realloc(b->data, b->len + bytes);
    if (grown) {
        b->data = grown;
        b->cap = b->len + bytes;
    }
}

struct base_slice base_builder_slice(const struct base_builder *b) {
    static const uint8_t empty[1];
    return base_slice_of(b->data ? b->data : empty, b->len);
}

uint8_t *base_builder_take(struct base_builder *b, size_t *ret_len) {
    if (b->failed || (!b->data && !base_put_room(b, 0))) {
        return NULL;
    }
    uint8_t *data = b->data;
    *ret_len = b->len;
    b->data = NULL;
    b->len = 0;
    b->cap = 0;
    return data;
}

uint8_t *base_put_room(struct base_builder *b, size_t len) {
    if (b->failed) {
        return NULL;
    }
    if (len > b->max || b->len > b->max - len) {
        b->failed = BASE_LIMIT;
        return NULL;
    }
    size_t want = b->len + len;
    if (want > b->cap || !b->data) {
        size_t cap = b->cap ? b->cap : 64;
        while (cap < want) {
            cap = cap > b->max / 2 ? b->max : cap * 2;
        }
        uint8_t *grown = base_realloc(b->data, cap);
        if (!grown) {
            b->failed = BASE_NO_MEMORY;
            return NULL;
        }
        b->data = grown;
        b->cap = cap;
    }
    uint8_t *room = b->data + b->len;
    b->len = want;
    return room;
}

static void put_big_endian(struct base_builder *b, uint64_t v, size_t len) {
    uint8_t *p = base_put_room(b, len);
    for (size_t i = 0; p && i < len; i++) {
        p[i] = (uint8_t)(v >> (8 * (len - 1 - i)));
    }
}

void base_put_u8(struct base_builder *b, uint8_t v) {
    put_big_endian(b, v, 1);
}

void base_put_u16(struct base_builder *b, uint16_t v) {
    put_big_endian(b, v, 2);
}

void base_put_u32(struct base_builder *b, uint32_t v) {
    put_big_endian(b, v, 4);
}

void base_put_i8(struct base_builder *b, int8_t v) {
    put_big_endian(b, (uint8_t)v, 1);
}

void base_put_i16(struct base_builder *b, int16_t v) {
    put_big_endian(b, (uint16_t)v, 2);
}

void base_put_i32(struct base_builder *b, int32_t v) {
    put_big_endian(b, (uint32_t)v, 4);
}

void base_put_i64(struct base_builder *b, int64_t v) {
    put_big_endian(b, (uint64_t)v, 8);
}

void base_put_bool(struct base_builder *b, bool v) {
    put_big_endian(b, v ? 1 : 0, 1);
}

void base_put_f64(struct base_builder *b, double v) {
    uint64_t bits;
    memcpy(&bits, &v, sizeof(bits));
    put_big_endian(b, bits, 8);
}

void base_put_uvarint64(struct base_builder *b, uint64_t v) {
    while (v >= 0x80) {
        base_put_u8(b, (uint8_t)(v | 0x80));
        v >>= 7;
    }
    base_put_u8(b, (uint8_t)v);
}

void base_put_uvarint32(struct base_builder *b, uint32_t v) {
    base_put_uvarint64(b, v);
}

void base_put_zigzag32(struct base_builder *b, int32_t v) {
    base_put_uvarint32(b, ((uint32_t)v << 1) ^ (v < 0 ? UINT32_MAX : 0));
}

void base_put_zigzag64(struct base_builder *b, int64_t v) {
    base_put_uvarint64(b, ((uint64_t)v << 1) ^ (v < 0 ? UINT64_MAX : 0));
}

void base_put_bytes(struct base_builder *b, const void *data, size_t len) {
    uint8_t *p = base_put_room(b, len);
    if (p && len) {
        memcpy(p, data, len);
    }
}

void base_put_slice(struct base_builder *b, struct base_slice s) {
    base_put_bytes(b, s.data, s.len);
}

void base_put_str(struct base_builder *b, const char *text) {
    base_put_bytes(b, text, strlen(text));
}

void base_put_format(struct base_builder *b, const char *format, ...) {
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int wanted = vsnprintf(NULL, 0, format, args);
    va_end(args);
    uint8_t *p = wanted < 0 ? NULL : base_put_room(b, (size_t)wanted + 1);
    if (p) {
        (void)vsnprintf((char *)p, (size_t)wanted + 1, format, again);
        b->len--; /* the terminating zero */
    }
    va_end(again);
}

size_t base_put_slot_u32(struct base_builder *b) {
    size_t slot = b->len;
    base_put_u32(b, 0);
    return slot;
}

void base_patch_u32(struct base_builder *b, size_t slot, uint32_t v) {
    if (b->failed || b->len < 4 || slot > b->len - 4) {
        return;
    }
    for (size_t i = 0; i < 4; i++) {
        b->data[slot + i] = (uint8_t)(v >> (8 * (3 - i)));
    }
}

void base_patch_length(struct base_builder *b, size_t slot) {
    base_patch_u32(b, slot, (uint32_t)(b->len - slot - 4));
}
