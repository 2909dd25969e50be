/*
 * Memory that is freed as a whole: what one request, or one scenario, was decoded into.
 * Growth stops at max_bytes (BASE_LIMIT), so a hostile input costs no more than that.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "slice.h"

struct base_arena_block;

struct base_arena {
    struct base_arena_block *blocks;
    size_t used_bytes;
    size_t max_bytes;
    int failed; /* 0, BASE_NO_MEMORY or BASE_LIMIT: sticky */
};

void base_arena_init(struct base_arena *a, size_t max_bytes);
void base_arena_clean_up(struct base_arena *a);

/* Zeroed, aligned for any type; NULL (and failed set) when it cannot be had.
 * A count of 0 gives a valid pointer. */
void *base_arena_alloc(struct base_arena *a, size_t bytes);
void *base_arena_alloc_array(struct base_arena *a, size_t count, size_t item_bytes);
char *base_arena_strndup(struct base_arena *a, const char *text, size_t bytes);
char *base_arena_strdup(struct base_arena *a, const char *text);
/* Null stays null. */
struct base_slice base_arena_slice(struct base_arena *a, struct base_slice s);
