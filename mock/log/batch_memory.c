/* Memory for record batches: see batch_memory.h. */
#include "mock/log/batch_memory.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>

#include "base/memory.h"

#define STEP_BYTES ((size_t)1024 * 1024)
#define PAGE_BYTES ((size_t)4096)
#define ALIGN 16

#if !defined(MADV_POPULATE_WRITE)
#define MADV_POPULATE_WRITE 23 /* Linux 5.14 */
#endif

struct mock_batch_chunk {
    size_t used;  /* of MOCK_BATCH_CHUNK_BYTES, this header included */
    size_t ready; /* pages up to here were asked for */
    uint32_t live;
};

/* Batches go here next; each thread has its own, for each broker has one thread. */
static _Thread_local struct mock_batch_chunk *current;

/* The address sanitizer shall see the end of each batch. */
#if defined(__SANITIZE_ADDRESS__)
static const bool chunks_are_used = false;
#else
static const bool chunks_are_used = true;
#endif

static size_t round_up(size_t bytes, size_t to) {
    return (bytes + to - 1) / to * to;
}

/* A wish: where it is not granted, pages come one by one. Neighbours that share the first and the
 * last page are not harmed. */
static void make_ready(struct mock_batch_chunk *chunk, size_t size) {
    if (chunk->used + size <= chunk->ready) {
        return;
    }
    size_t end = round_up(chunk->used + size, STEP_BYTES);
    end = end < MOCK_BATCH_CHUNK_BYTES ? end : MOCK_BATCH_CHUNK_BYTES;
    uintptr_t from = round_up((uintptr_t)chunk + chunk->ready, PAGE_BYTES);
    uintptr_t to = ((uintptr_t)chunk + end) / PAGE_BYTES * PAGE_BYTES;
    (void)madvise((void *)from, to - from, MADV_POPULATE_WRITE);
    chunk->ready = end;
}

static struct mock_batch_chunk *new_chunk(void) {
    uint8_t *memory = base_alloc(MOCK_BATCH_CHUNK_BYTES);
    if (!memory) {
        return NULL;
    }
    struct mock_batch_chunk *chunk = (void *)memory;
    *chunk = (struct mock_batch_chunk){.used = round_up(sizeof(*chunk), ALIGN)};
    return chunk;
}

static void free_if_empty(struct mock_batch_chunk *chunk) {
    if (chunk && chunk->live == 0) {
        current = current == chunk ? NULL : current;
        base_free(chunk);
    }
}

void *mock_batch_memory_alloc(size_t bytes, struct mock_batch_chunk **ret_chunk) {
    *ret_chunk = NULL;
    if (!chunks_are_used || bytes < MOCK_BATCH_CHUNK_MIN_BYTES ||
        bytes > MOCK_BATCH_CHUNK_MAX_BYTES) {
        return base_alloc(bytes);
    }
    size_t size = round_up(bytes, ALIGN);
    if (!current || MOCK_BATCH_CHUNK_BYTES - current->used < size) {
        current = new_chunk(); /* the one before goes with its last batch */
        if (!current) {
            return NULL;
        }
    }
    make_ready(current, size);
    void *memory = (uint8_t *)current + current->used;
    current->used += size;
    current->live++;
    *ret_chunk = current;
    return memory;
}

void mock_batch_memory_free(void *memory, struct mock_batch_chunk *chunk) {
    if (!chunk) {
        base_free(memory);
        return;
    }
    chunk->live--;
    free_if_empty(chunk);
}
