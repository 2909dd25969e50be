/*
 * What an answer borrows: large batches are written from where the log keeps them, not copied into
 * the answer. The batches are referenced until they were written, for the log may let go of them
 * meanwhile; their bytes never change once they are appended. One thread only.
 */
#pragma once
#include <uv.h>

#include "base/builder.h"
#include "mock/log/stored_batch.h"
#include "mock/wire/fetch.h"

/* Smaller ones are copied: a piece of its own costs more than it saves. */
#define MOCK_BORROWED_MIN_BYTES (16u * 1024u)

struct mock_borrowed {
    struct mock_stored_batch **batches; /* referenced */
    size_t batch_count;
    struct mock_fetch_gap *gaps; /* in the answer's own bytes, in their order; in those batches */
    size_t gap_count;
    size_t bytes; /* of all gaps */
};

/* With room for so many batches, and as many gaps; NULL: no memory. */
struct mock_borrowed *mock_borrowed_new(size_t batches);
void mock_borrowed_free(struct mock_borrowed *borrowed); /* NULL-safe */
/* References the batch. */
void mock_borrowed_hold(struct mock_borrowed *borrowed, struct mock_stored_batch *batch);
/* Counts what is in the gaps, once they are known. */
void mock_borrowed_count(struct mock_borrowed *borrowed);
/* Puts the bytes into the gaps of the answer, for those who need them in one piece. Returns 0 or
 * a negative enum base_code, with the answer as it was. */
int mock_borrowed_fill(const struct mock_borrowed *borrowed, struct base_builder *answer);
/* The whole answer, whose own bytes are data, as pieces to be written (base_free); NULL: no
 * memory. */
uv_buf_t *mock_borrowed_pieces(const struct mock_borrowed *borrowed, uint8_t *data, size_t len,
                               unsigned *ret_count);
