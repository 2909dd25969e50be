/*
 * A borrowed view of bytes. data == NULL means "null" in the sense of Kafka and SQL; an empty but
 * present value has data != NULL and len == 0.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct base_slice {
    const uint8_t *data;
    size_t len;
};

#define BASE_SLICE_NULL ((struct base_slice){NULL, 0})

static inline struct base_slice base_slice_of(const void *data, size_t len) {
    return (struct base_slice){(const uint8_t *)data, len};
}

/* NULL gives the null slice. */
static inline struct base_slice base_slice_str(const char *text) {
    return (struct base_slice){(const uint8_t *)text, text ? strlen(text) : 0};
}

static inline bool base_slice_is_null(struct base_slice s) {
    return s.data == NULL;
}

/* Null equals null only. */
static inline bool base_slice_equal(struct base_slice a, struct base_slice b) {
    if (!a.data || !b.data) {
        return a.data == b.data;
    }
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool base_slice_equal_str(struct base_slice a, const char *text) {
    return base_slice_equal(a, base_slice_str(text));
}
