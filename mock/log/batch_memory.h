/*
 * Where large record batches lie: one after the other in chunks whose pages are asked for a
 * mebibyte at a time. One by one, as they are first touched, they were a third of a broker's time
 * under load (huge pages cost more still, where the kernel has to make them first). A chunk goes
 * back when its last batch is freed, so one batch that stays keeps a chunk. One thread only.
 */
#pragma once
#include <stddef.h>

#define MOCK_BATCH_CHUNK_BYTES ((size_t)8 * 1024 * 1024)
/* Smaller ones are the allocator's as ever, larger ones would leave too much of a chunk empty. */
#define MOCK_BATCH_CHUNK_MIN_BYTES ((size_t)8 * 1024)
#define MOCK_BATCH_CHUNK_MAX_BYTES ((size_t)2 * 1024 * 1024)

struct mock_batch_chunk;

/* NULL: no memory. *ret_chunk: given back to mock_batch_memory_free; NULL where the memory is the
 * allocator's. */
void *mock_batch_memory_alloc(size_t bytes, struct mock_batch_chunk **ret_chunk);
void mock_batch_memory_free(void *memory, struct mock_batch_chunk *chunk);
