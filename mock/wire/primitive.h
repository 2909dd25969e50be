/*
 * Kafka's primitive types over the base reader and builder: strings, bytes, arrays, uuids, tagged
 * fields, each in the classic form (16 or 32-bit lengths) or in the compact one of flexible
 * versions (length plus one as varint). Messages name the type; the form follows from the version.
 */
#pragma once
#include "mock/wire/api.h"
#include "mock/wire/message.h"

/* One body being read. */
struct mock_decoder {
    struct base_reader *r;
    struct base_arena *arena;
    int16_t version;
    bool flexible;
};

/* One body being written. */
struct mock_encoder {
    struct base_builder *b;
    int16_t version;
    bool flexible;
};

/* A version that api.h does not list fails the reader, respectively the builder. */
struct mock_decoder mock_decoder_of(struct base_reader *r, struct base_arena *arena,
                                    enum mock_api api, int16_t version);
struct mock_encoder mock_encoder_of(struct base_builder *b, enum mock_api api, int16_t version);
/* Call last; what is left of the input is ignored. Returns 0 or the code of the first failure. */
int mock_decoder_finish(struct mock_decoder *d) BASE_MUST_USE;

/* A string that may not be null: null is malformed. */
struct base_slice mock_get_string(struct mock_decoder *d);
struct base_slice mock_get_nullable_string(struct mock_decoder *d);
struct base_slice mock_get_bytes(struct mock_decoder *d);
struct base_slice mock_get_nullable_bytes(struct mock_decoder *d);
struct mock_uuid mock_get_uuid(struct mock_decoder *d);
/* The tagged fields at the end of a structure, all skipped; nothing in versions that are not
 * flexible. */
void mock_get_tags(struct mock_decoder *d);
/* As before, for a structure of which some are known: read is called for each, with d confined to
 * the field's bytes, and reads all of them into message. It returns false for a tag that it does
 * not know, without reading; such a field is skipped. */
typedef bool (*mock_tag_fn)(struct mock_decoder *d, uint32_t tag, void *message);
void mock_get_known_tags(struct mock_decoder *d, mock_tag_fn read, void *message);

/* An array: its count, validated against the bytes left, and zeroed items in the arena. Returns
 * NULL and a count of 0 on failure. min_wire_bytes: the least that one item takes on the wire. */
void *mock_get_array(struct mock_decoder *d, size_t item_bytes, size_t min_wire_bytes,
                     size_t *ret_count);
/* As before; *ret_is_null says that the array is null (the count is then 0). */
void *mock_get_nullable_array(struct mock_decoder *d, size_t item_bytes, size_t min_wire_bytes,
                              size_t *ret_count, bool *ret_is_null);
int32_t *mock_get_i32_array(struct mock_decoder *d, size_t *ret_count);
struct base_slice *mock_get_string_array(struct mock_decoder *d, size_t *ret_count);

/* Null is written as the empty value. */
void mock_put_string(struct mock_encoder *e, struct base_slice s);
void mock_put_nullable_string(struct mock_encoder *e, struct base_slice s);
void mock_put_bytes(struct mock_encoder *e, struct base_slice s);
void mock_put_nullable_bytes(struct mock_encoder *e, struct base_slice s);
/* The length of bytes that the caller puts next. */
void mock_put_bytes_length(struct mock_encoder *e, size_t len);
void mock_put_uuid(struct mock_encoder *e, struct mock_uuid id);
/* No tagged fields. */
void mock_put_tags(struct mock_encoder *e);
/* Some: first how many, then each, in ascending order of tags: begin, put the content, end with
 * what begin returned. Only in flexible versions. */
void mock_put_tag_count(struct mock_encoder *e, uint32_t count);
size_t mock_put_tag_begin(struct mock_encoder *e, uint32_t tag);
void mock_put_tag_end(struct mock_encoder *e, size_t begun);
/* The count of an array; the caller puts the items next. */
void mock_put_count(struct mock_encoder *e, size_t count);
void mock_put_null_array(struct mock_encoder *e);
void mock_put_i32_array(struct mock_encoder *e, const int32_t *items, size_t count);
void mock_put_string_array(struct mock_encoder *e, const struct base_slice *items, size_t count);
