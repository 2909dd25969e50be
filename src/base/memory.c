/* The allocator seam: see memory.h. */
#include "memory.h"

#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"

static atomic_int_fast64_t live;
static atomic_int_fast64_t countdown = -1; /* -1: never fail */
static atomic_int repeat_failure;
static atomic_int failed;

static int must_fail(void) {
    if (atomic_load_explicit(&countdown, memory_order_relaxed) < 0) {
        return 0;
    }
    int_fast64_t left = atomic_fetch_sub(&countdown, 1);
    if (left > 0) {
        return 0;
    }
    atomic_store(&failed, 1);
    atomic_store(&countdown, atomic_load(&repeat_failure) ? 0 : -1);
    return 1;
}

static void *counted(void *memory) {
    if (memory) {
        atomic_fetch_add_explicit(&live, 1, memory_order_relaxed);
    }
    return memory;
}

void *base_alloc(size_t bytes) {
    return must_fail() ? NULL : counted(malloc(bytes ? bytes : 1));
}

void *base_alloc_zero(size_t bytes) {
    return must_fail() ? NULL : counted(calloc(1, bytes ? bytes : 1));
}

void *base_alloc_array(size_t count, size_t item_bytes) {
    if (item_bytes && count > SIZE_MAX / item_bytes) {
        return NULL;
    }
    return base_alloc_zero(count * item_bytes);
}

void *base_realloc(void *old, size_t bytes) {
    if (!old) {
        return base_alloc(bytes);
    }
    return must_fail() ? NULL : realloc(old, bytes ? bytes : 1);
}

void base_free(void *memory) {
    if (memory) {
        atomic_fetch_sub_explicit(&live, 1, memory_order_relaxed);
        free(memory);
    }
}

char *base_strdup(const char *text) {
    return text ? base_memdup(text, strlen(text) + 1) : NULL;
}

char *base_strndup(const char *text, size_t bytes) {
    char *copy = base_alloc(bytes + 1);
    if (copy) {
        if (bytes) {
            memcpy(copy, text, bytes);
        }
        copy[bytes] = '\0';
    }
    return copy;
}

void *base_memdup(const void *data, size_t bytes) {
    void *copy = base_alloc(bytes);
    if (copy && bytes) {
        memcpy(copy, data, bytes);
    }
    return copy;
}

int base_grow(void **items, size_t *cap, size_t want, size_t item_bytes) {
    if (want <= *cap) {
        return 0;
    }
    size_t next = *cap ? *cap : 8;
    while (next < want) {
        if (next > SIZE_MAX / 2) {
            return BASE_NO_MEMORY;
        }
        next *= 2;
    }
    if (next > SIZE_MAX / item_bytes) {
        return BASE_NO_MEMORY;
    }
    void *grown = base_realloc(*items, next * item_bytes);
    if (!grown) {
        return BASE_NO_MEMORY;
    }
    *items = grown;
    *cap = next;
    return 0;
}

void base_memory_fail_after(uint64_t after, int repeat) {
    atomic_store(&repeat_failure, repeat);
    atomic_store(&failed, 0);
    atomic_store(&countdown, (int_fast64_t)after);
}

void base_memory_fail_never(void) {
    atomic_store(&countdown, -1);
}

bool base_memory_has_failed(void) {
    return atomic_load(&failed) != 0;
}

int64_t base_memory_live_count(void) {
    return (int64_t)atomic_load(&live);
}

void base_memory_give_back(void) {
    (void)malloc_trim(0);
}
