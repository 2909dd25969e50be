/* Objects with known ids (the byte vectors of swh-model for made-up data), encoded. */
#pragma once
#include <stdbool.h>

#include "base/builder.h"
#include "codec/codec.h"

#define SAMPLE_AUTHOR "Ada Example <ada@example.invalid>"

struct sample {
    enum journal_type type;
    struct base_builder encoded;
    uint8_t id[JOURNAL_ID_BYTES]; /* as it is inside; all zero where the type has none */
    bool has_id;
};

/* Clean up with base_builder_clean_up(&sample.encoded). */
struct sample sample_of(enum journal_type type);
/* A content whose four hashes are filled with these bytes. */
struct sample sample_content(uint8_t sha1, uint8_t sha1_git, uint8_t sha256, uint8_t blake2s256);
/* Decodes; the test fails if it cannot. Free with journal_object_free. */
struct journal_object *sample_decode(const struct sample *sample);
/* Hex to bytes of a fixed length. */
void sample_unhex(const char *hex, uint8_t *ret_bytes, size_t len);
