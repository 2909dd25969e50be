/*
 * uthash over the allocator seam. Its own way with a failing allocation is to end the process; here
 * the element is left out, and says so: after each HASH_ADD, base_hash_has(element->hh), or the
 * element is still the caller's. Include this, never uthash.h: the lint sees to it.
 */
#pragma once
#include "memory.h"

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(bytes) base_alloc(bytes)
#define uthash_free(memory, bytes) base_free(memory)
#include <uthash.h>

/* Was the element with this handle added? */
#define base_hash_has(handle) ((handle).tbl != NULL)
