/*
 * The growing write buffer with a declared maximum and sticky failure: twenty puts, one check.
 *
 * A slot reserves room for a 32-bit length or checksum that is known only later.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attrs.h"
#include "slice.h"

struct base_builder {
    uint8_t *data;
    size_t len;
    size_t cap;
    size_t max;
    int failed; /* 0, BASE_NO_MEMORY or BASE_LIMIT */
};

/* Nothing is allocated until the first put. */
void base_builder_init(struct base_builder *b, size_t max_bytes);
void base_builder_clean_up(struct base_builder *b);
/* Forgets the content, keeps the memory. */
void base_builder_reset(struct base_builder *b);
static inline bool base_builder_ok(const struct base_builder *b) {
    return b->failed == 0;
}
/* Makes room for so many more bytes at once, where their number is known; a hint, never a failure.
 */
void base_builder_reserve(struct base_builder *b, size_t bytes);
/* The content; valid until the next put. */
struct base_slice base_builder_slice(const struct base_builder *b);
/* Hands the memory to the caller (base_free) and leaves the builder empty. NULL if it failed. */
uint8_t *base_builder_take(struct base_builder *b, size_t *ret_len);

void base_put_i8(struct base_builder *b, int8_t v);
void base_put_i16(struct base_builder *b, int16_t v);
void base_put_i32(struct base_builder *b, int32_t v);
void base_put_i64(struct base_builder *b, int64_t v);
void base_put_u8(struct base_builder *b, uint8_t v);
void base_put_u16(struct base_builder *b, uint16_t v);
void base_put_u32(struct base_builder *b, uint32_t v);
void base_put_bool(struct base_builder *b, bool v);
void base_put_f64(struct base_builder *b, double v);
void base_put_uvarint32(struct base_builder *b, uint32_t v);
void base_put_uvarint64(struct base_builder *b, uint64_t v);
void base_put_zigzag32(struct base_builder *b, int32_t v);
void base_put_zigzag64(struct base_builder *b, int64_t v);
void base_put_bytes(struct base_builder *b, const void *data, size_t len);
void base_put_slice(struct base_builder *b, struct base_slice s);
void base_put_str(struct base_builder *b, const char *text);
void base_put_format(struct base_builder *b, const char *format, ...) BASE_PRINTF(2, 3);
/* len uninitialised bytes to be filled at once, or NULL when the builder failed. */
uint8_t *base_put_room(struct base_builder *b, size_t len);

/* Writes four zero bytes and returns where they are. */
size_t base_put_slot_u32(struct base_builder *b);
void base_patch_u32(struct base_builder *b, size_t slot, uint32_t v);
/* Patches the slot with the number of bytes written since it. */
void base_patch_length(struct base_builder *b, size_t slot);
