/* Kafka's primitive types over the base reader and builder: see primitive.h. */
#include "mock/wire/primitive.h"

#include <string.h>

#include "base/error.h"

/* Kafka's limit for strings in both forms. */
#define MAX_STRING_BYTES INT16_MAX

struct mock_decoder mock_decoder_of(struct base_reader *r, struct base_arena *arena,
                                    enum mock_api api, int16_t version) {
    const struct mock_api_info *info = mock_api_find((int16_t)api);
    struct mock_decoder d = {r, arena, version, mock_api_is_flexible(info, version)};
    if (!mock_api_has_version(info, version)) {
        base_reader_fail(r, BASE_UNSUPPORTED);
    }
    return d;
}

struct mock_encoder mock_encoder_of(struct base_builder *b, enum mock_api api, int16_t version) {
    const struct mock_api_info *info = mock_api_find((int16_t)api);
    struct mock_encoder e = {b, version, mock_api_is_flexible(info, version)};
    if (!b->failed && !mock_api_has_version(info, version)) {
        b->failed = BASE_UNSUPPORTED;
    }
    return e;
}

int mock_decoder_finish(struct mock_decoder *d) {
    if (d->arena->failed) {
        base_reader_fail(d->r, d->arena->failed);
    }
    return d->r->failed;
}

/* -1 is null; what is below fails. */
static int64_t get_length(struct mock_decoder *d, bool is_short) {
    int64_t length;
    if (d->flexible) {
        length = (int64_t)base_read_uvarint32(d->r) - 1;
    } else {
        length = is_short ? base_read_i16(d->r) : base_read_i32(d->r);
    }
    if (length < -1 || length > INT32_MAX) {
        base_reader_fail(d->r, BASE_MALFORMED);
    }
    return d->r->failed ? -1 : length;
}

static struct base_slice get_slice(struct mock_decoder *d, bool is_string, bool nullable) {
    int64_t length = get_length(d, is_string);
    if ((length < 0 && !nullable) || (is_string && length > MAX_STRING_BYTES)) {
        base_reader_fail(d->r, BASE_MALFORMED);
    }
    if (length < 0) {
        return BASE_SLICE_NULL;
    }
    return base_read_bytes(d->r, (size_t)length);
}

struct base_slice mock_get_string(struct mock_decoder *d) {
    return get_slice(d, true, false);
}

struct base_slice mock_get_nullable_string(struct mock_decoder *d) {
    return get_slice(d, true, true);
}

struct base_slice mock_get_bytes(struct mock_decoder *d) {
    return get_slice(d, false, false);
}

struct base_slice mock_get_nullable_bytes(struct mock_decoder *d) {
    return get_slice(d, false, true);
}

struct mock_uuid mock_get_uuid(struct mock_decoder *d) {
    struct mock_uuid id = {{0}};
    struct base_slice bytes = base_read_bytes(d->r, sizeof(id.bytes));
    if (bytes.data) {
        memcpy(id.bytes, bytes.data, sizeof(id.bytes));
    }
    return id;
}

static bool no_tag_is_known(struct mock_decoder *d, uint32_t tag, void *message) {
    return false;
}

void mock_get_tags(struct mock_decoder *d) {
    mock_get_known_tags(d, no_tag_is_known, NULL);
}

void mock_get_known_tags(struct mock_decoder *d, mock_tag_fn read, void *message) {
    if (!d->flexible) {
        return;
    }
    /* Each field has at least its tag and its length. */
    size_t count = base_read_count(d->r, base_read_uvarint32(d->r), 2);
    for (size_t i = 0; i < count && base_reader_ok(d->r); i++) {
        uint32_t tag = base_read_uvarint32(d->r);
        struct base_reader field = base_reader_of(base_read_bytes(d->r, base_read_uvarint32(d->r)));
        struct mock_decoder inner = {&field, d->arena, d->version, true};
        if (base_reader_ok(d->r) && read(&inner, tag, message) && !base_reader_is_done(&field)) {
            base_reader_fail(d->r, field.failed ? field.failed : BASE_MALFORMED);
        }
    }
}

void *mock_get_nullable_array(struct mock_decoder *d, size_t item_bytes, size_t min_wire_bytes,
                              size_t *ret_count, bool *ret_is_null) {
    int64_t length = get_length(d, false);
    *ret_is_null = length < 0 && base_reader_ok(d->r);
    *ret_count = 0;
    if (length < 0) {
        return NULL;
    }
    size_t count = base_read_count(d->r, length, min_wire_bytes);
    if (!base_reader_ok(d->r)) {
        return NULL;
    }
    void *items = base_arena_alloc_array(d->arena, count, item_bytes);
    if (!items) {
        base_reader_fail(d->r, d->arena->failed);
        return NULL;
    }
    *ret_count = count;
    return items;
}

void *mock_get_array(struct mock_decoder *d, size_t item_bytes, size_t min_wire_bytes,
                     size_t *ret_count) {
    bool is_null = false;
    void *items = mock_get_nullable_array(d, item_bytes, min_wire_bytes, ret_count, &is_null);
    if (is_null) {
        base_reader_fail(d->r, BASE_MALFORMED);
    }
    return items;
}

int32_t *mock_get_i32_array(struct mock_decoder *d, size_t *ret_count) {
    int32_t *items = mock_get_array(d, sizeof(*items), 4, ret_count);
    for (size_t i = 0; i < *ret_count; i++) {
        items[i] = base_read_i32(d->r);
    }
    return items;
}

struct base_slice *mock_get_string_array(struct mock_decoder *d, size_t *ret_count) {
    struct base_slice *items = mock_get_array(d, sizeof(*items), d->flexible ? 1 : 2, ret_count);
    for (size_t i = 0; i < *ret_count; i++) {
        items[i] = mock_get_string(d);
    }
    return items;
}

/* length -1: null. */
static void put_length(struct mock_encoder *e, int64_t length, bool is_short) {
    if (length > (is_short ? MAX_STRING_BYTES : INT32_MAX - 1)) {
        e->b->failed = e->b->failed ? e->b->failed : BASE_LIMIT;
        return;
    }
    if (e->flexible) {
        base_put_uvarint32(e->b, (uint32_t)(length + 1));
    } else if (is_short) {
        base_put_i16(e->b, (int16_t)length);
    } else {
        base_put_i32(e->b, (int32_t)length);
    }
}

static void put_slice(struct mock_encoder *e, struct base_slice s, bool is_string, bool nullable) {
    int64_t length = s.len > INT32_MAX ? INT64_MAX : (int64_t)s.len;
    if (base_slice_is_null(s)) {
        length = nullable ? -1 : 0;
    }
    put_length(e, length, is_string);
    if (length > 0) {
        base_put_slice(e->b, s);
    }
}

void mock_put_string(struct mock_encoder *e, struct base_slice s) {
    put_slice(e, s, true, false);
}

void mock_put_nullable_string(struct mock_encoder *e, struct base_slice s) {
    put_slice(e, s, true, true);
}

void mock_put_bytes(struct mock_encoder *e, struct base_slice s) {
    put_slice(e, s, false, false);
}

void mock_put_nullable_bytes(struct mock_encoder *e, struct base_slice s) {
    put_slice(e, s, false, true);
}

void mock_put_bytes_length(struct mock_encoder *e, size_t len) {
    put_length(e, len > INT32_MAX ? INT64_MAX : (int64_t)len, false);
}

void mock_put_uuid(struct mock_encoder *e, struct mock_uuid id) {
    base_put_bytes(e->b, id.bytes, sizeof(id.bytes));
}

void mock_put_tags(struct mock_encoder *e) {
    if (e->flexible) {
        base_put_uvarint32(e->b, 0);
    }
}

void mock_put_tag_count(struct mock_encoder *e, uint32_t count) {
    base_put_uvarint32(e->b, count);
}

/* One byte is kept for the length, as nearly all fields are short. */
size_t mock_put_tag_begin(struct mock_encoder *e, uint32_t tag) {
    base_put_uvarint32(e->b, tag);
    base_put_u8(e->b, 0);
    return e->b->len;
}

void mock_put_tag_end(struct mock_encoder *e, size_t begun) {
    size_t len = e->b->len - begun;
    if (len < 0x80) {
        if (base_builder_ok(e->b)) {
            e->b->data[begun - 1] = (uint8_t)len;
        }
        return;
    }
    /* The length takes more: put it last, to learn how much, and turn both around. */
    base_put_uvarint32(e->b, (uint32_t)len);
    if (base_builder_ok(e->b)) {
        uint8_t length[5];
        size_t length_len = e->b->len - begun - len;
        uint8_t *at = e->b->data + begun;
        memcpy(length, at + len, length_len);
        memmove(at - 1 + length_len, at, len);
        memcpy(at - 1, length, length_len);
        e->b->len--;
    }
}

void mock_put_count(struct mock_encoder *e, size_t count) {
    mock_put_bytes_length(e, count);
}

void mock_put_null_array(struct mock_encoder *e) {
    put_length(e, -1, false);
}

void mock_put_i32_array(struct mock_encoder *e, const int32_t *items, size_t count) {
    mock_put_count(e, count);
    for (size_t i = 0; i < count; i++) {
        base_put_i32(e->b, items[i]);
    }
}

void mock_put_string_array(struct mock_encoder *e, const struct base_slice *items, size_t count) {
    mock_put_count(e, count);
    for (size_t i = 0; i < count; i++) {
        mock_put_string(e, items[i]);
    }
}
