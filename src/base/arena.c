/* Memory that is freed as a whole: see arena.h. */
#include "arena.h"

#include <stdalign.h>
#include <string.h>

#include "error.h"
#include "memory.h"

#define FIRST_BLOCK_BYTES 1024
#define MAX_BLOCK_BYTES (1024 * 1024)

struct base_arena_block {
    struct base_arena_block *next;
    size_t used;
    size_t size;
    alignas(max_align_t) uint8_t data[];
};

void base_arena_init(struct base_arena *a, size_t max_bytes) {
    memset(a, 0, sizeof(*a));
    a->max_bytes = max_bytes;
}

void base_arena_clean_up(struct base_arena *a) {
    struct base_arena_block *block = a->blocks;
    while (block) {
        struct base_arena_block *next = block->next;
        base_free(block);
        block = next;
    }
    a->blocks = NULL;
    a->used_bytes = 0;
    a->failed = 0;
}

static struct base_arena_block *add_block(struct base_arena *a, size_t bytes) {
    size_t size = a->blocks ? a->blocks->size * 2 : FIRST_BLOCK_BYTES;
    size = size > MAX_BLOCK_BYTES ? MAX_BLOCK_BYTES : size;
    size = size < bytes ? bytes : size;
    struct base_arena_block *block = base_alloc(sizeof(*block) + size);
    if (!block) {
        a->failed = BASE_NO_MEMORY;
        return NULL;
    }
    block->next = a->blocks;
    block->used = 0;
    block->size = size;
    a->blocks = block;
    return block;
}

void *base_arena_alloc(struct base_arena *a, size_t bytes) {
    if (a->failed) {
        return NULL;
    }
    if (bytes > SIZE_MAX / 2 || bytes > a->max_bytes || a->used_bytes > a->max_bytes - bytes) {
        a->failed = BASE_LIMIT;
        return NULL;
    }
    size_t align = alignof(max_align_t);
    size_t rounded = (bytes + align - 1) / align * align;
    struct base_arena_block *block = a->blocks;
    if (!block || rounded > block->size - block->used) {
        block = add_block(a, rounded);
        if (!block) {
            return NULL;
        }
    }
    void *memory = block->data + block->used;
    block->used += rounded;
    a->used_bytes += rounded;
    memset(memory, 0, rounded);
    return memory;
}

void *base_arena_alloc_array(struct base_arena *a, size_t count, size_t item_bytes) {
    if (item_bytes && count > SIZE_MAX / 2 / item_bytes) {
        a->failed = a->failed ? a->failed : BASE_LIMIT;
        return NULL;
    }
    return base_arena_alloc(a, count * item_bytes);
}

char *base_arena_strndup(struct base_arena *a, const char *text, size_t bytes) {
    char *copy = base_arena_alloc(a, bytes + 1);
    if (copy && bytes) {
        memcpy(copy, text, bytes);
    }
    return copy;
}

char *base_arena_strdup(struct base_arena *a, const char *text) {
    return base_arena_strndup(a, text, strlen(text));
}

struct base_slice base_arena_slice(struct base_arena *a, struct base_slice s) {
    if (!s.data) {
        return s;
    }
    char *copy = base_arena_strndup(a, (const char *)s.data, s.len);
    return copy ? base_slice_of(copy, s.len) : BASE_SLICE_NULL;
}
