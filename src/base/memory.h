/*
 * The allocator seam: every allocation of our own goes through here, so that tests can make the
 * n-th one fail and count what is still alive. Thread-safe.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As malloc, calloc, realloc, free; NULL when memory is out or a test says so. A size of 0 gives a
 * pointer that may be freed. base_alloc_array refuses a product that overflows. */
void *base_alloc(size_t bytes);
void *base_alloc_zero(size_t bytes);
void *base_alloc_array(size_t count, size_t item_bytes);
void *base_realloc(void *old, size_t bytes);
void base_free(void *memory);

/* Copies; owned by the caller. base_strdup(NULL) is NULL. */
char *base_strdup(const char *text);
char *base_strndup(const char *text, size_t bytes);
void *base_memdup(const void *data, size_t bytes);

/* Grows *items (of *cap slots, item_bytes each) so that it holds at least want slots.
 * Returns 0, or BASE_NO_MEMORY with everything unchanged. */
int base_grow(void **items, size_t *cap, size_t want, size_t item_bytes);

/* Gives freed memory that the allocator keeps back to the system, as far as it can; takes up to a
 * millisecond. For moments at which much was freed: glibc keeps tens of megabytes otherwise. */
void base_memory_give_back(void);

/* For tests: the (after + 1)-th allocation from now fails once, and with repeat all that follow.
 * base_memory_fail_never() switches it off. Returns nothing; not thread-safe against itself. */
void base_memory_fail_after(uint64_t after, int repeat);
void base_memory_fail_never(void);
/* Has an allocation failed since base_memory_fail_after? */
bool base_memory_has_failed(void);
/* Allocations made and not yet freed. */
int64_t base_memory_live_count(void);
