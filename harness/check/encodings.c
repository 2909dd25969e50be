/* From a secret to everything that would betray it: see encodings.h. */
#include "harness/check/encodings.h"

#include <ctype.h>

#include "base/builder.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/text.h"
#include "harness/check/digest.h"

#define MAX_PATTERN_BYTES ((size_t)1024 * BASE_MIB)

const char *trial_form_to_str(enum trial_form form) {
    static const char *const names[TRIAL_FORM_COUNT] = {
        "raw", "hex", "base64", "percent-encoded", "UTF-16", "JSON-escaped",
        "its MD5", "its SHA-1", "its SHA-256", "its SHA-256 as text",
    };
    return (unsigned)form < TRIAL_FORM_COUNT ? names[form] : "unknown";
}

void trial_encodings_init(struct trial_encodings *encodings) {
    memset(encodings, 0, sizeof(*encodings));
    base_arena_init(&encodings->arena, MAX_PATTERN_BYTES);
}

void trial_encodings_clean_up(struct trial_encodings *encodings) {
    base_free(encodings->bytes);
    base_free(encodings->patterns);
    base_arena_clean_up(&encodings->arena);
}

static int add(struct trial_encodings *e, uint32_t token, enum trial_form form,
               struct base_slice bytes) {
    struct base_slice own = base_arena_slice(&e->arena, bytes);
    if (e->arena.failed) {
        return e->arena.failed;
    }
    int rc = base_grow((void **)&e->bytes, &e->bytes_cap, e->count + 1, sizeof(*e->bytes));
    rc = rc ? rc : base_grow((void **)&e->patterns, &e->pattern_cap, e->count + 1,
                             sizeof(*e->patterns));
    if (rc == 0) {
        e->bytes[e->count] = own;
        e->patterns[e->count++] = (struct trial_pattern){token, form};
    }
    return rc;
}

/* Adds what was built, and empties the room. */
static int add_built(struct trial_encodings *e, uint32_t token, enum trial_form form,
                     struct base_builder *room) {
    int rc = room->failed ? room->failed : add(e, token, form, base_builder_slice(room));
    base_builder_reset(room);
    return rc;
}

static int add_hex(struct trial_encodings *e, uint32_t token, enum trial_form form,
                   struct base_slice bytes, struct base_builder *room) {
    base_put_hex(room, bytes);
    int rc = base_builder_ok(room) ? add(e, token, form, base_builder_slice(room)) : room->failed;
    bool has_letter = false;
    for (size_t i = 0; i < room->len; i++) {
        has_letter = has_letter || islower(room->data[i]);
        room->data[i] = (uint8_t)toupper(room->data[i]);
    }
    if (rc == 0 && has_letter) {
        return add_built(e, token, form, room);
    }
    base_builder_reset(room);
    return rc;
}

/* The characters that depend on the token alone, whatever stands before and behind it, when it
 * begins at byte `shift` of a group of three. */
static int add_base64_at(struct trial_encodings *e, uint32_t token, enum trial_form form,
                         struct base_slice bytes, size_t shift, struct base_builder *room,
                         struct base_builder *plain) {
    static const uint8_t zeros[2] = {0, 0};
    base_builder_reset(plain);
    base_put_bytes(plain, zeros, shift);
    base_put_slice(plain, bytes);
    base_put_base64(room, base_builder_slice(plain));
    size_t first = (shift * 8 + 5) / 6;
    size_t end = (shift + bytes.len) * 8 / 6;
    if (!base_builder_ok(room) || !base_builder_ok(plain)) {
        return BASE_NO_MEMORY;
    }
    struct base_slice text = base_slice_of(room->data + first, end - first);
    int rc = add(e, token, form, text);
    bool differs = false;
    for (size_t i = first; i < end; i++) {
        uint8_t c = room->data[i];
        differs = differs || c == '+' || c == '/';
        room->data[i] = c == '+' ? '-' : c == '/' ? '_' : c;
    }
    rc = rc == 0 && differs ? add(e, token, form, text) : rc;
    base_builder_reset(room);
    return rc;
}

static int add_base64(struct trial_encodings *e, uint32_t token, enum trial_form form,
                      struct base_slice bytes, struct base_builder *room) {
    struct base_builder plain;
    base_builder_init(&plain, SIZE_MAX / 4);
    int rc = 0;
    for (size_t shift = 0; rc == 0 && shift < 3; shift++) {
        rc = add_base64_at(e, token, form, bytes, shift, room, &plain);
    }
    base_builder_clean_up(&plain);
    return rc;
}

static int add_percent(struct trial_encodings *e, uint32_t token, struct base_slice bytes,
                       bool upper, bool plus, struct base_builder *room) {
    bool differs = false;
    for (size_t i = 0; i < bytes.len; i++) {
        uint8_t c = bytes.data[i];
        if (isalnum(c) || strchr("-._~", c ? c : ' ')) {
            base_put_u8(room, c);
        } else if (plus && c == ' ') {
            base_put_u8(room, '+');
            differs = true;
        } else {
            base_put_format(room, upper ? "%%%02X" : "%%%02x", c);
            differs = true;
        }
    }
    if (differs) {
        return add_built(e, token, TRIAL_FORM_PERCENT, room);
    }
    base_builder_reset(room);
    return 0;
}

/* Latin text only: every byte becomes one unit. */
static int add_utf16(struct trial_encodings *e, uint32_t token, struct base_slice bytes,
                     struct base_builder *room) {
    for (size_t i = 0; i < bytes.len; i++) {
        base_put_u8(room, bytes.data[i]);
        base_put_u8(room, 0);
    }
    return add_built(e, token, TRIAL_FORM_UTF16, room);
}

static void put_json(struct base_builder *room, uint8_t c, bool slash) {
    static const char named[] = "\b\f\n\r\t";
    const char *at = c ? strchr(named, c) : NULL;
    if (c == '"' || c == '\\' || (slash && c == '/')) {
        base_put_u8(room, '\\');
        base_put_u8(room, c);
    } else if (at) {
        base_put_u8(room, '\\');
        base_put_u8(room, (uint8_t) "bfnrt"[at - named]);
    } else if (c < 0x20) {
        base_put_format(room, "\\u%04x", c);
    } else {
        base_put_u8(room, c);
    }
}

/* With the UTF-8 sequences as they are, or as \uXXXX. False when bytes are not UTF-8. */
static bool put_json_ascii(struct base_builder *room, struct base_slice bytes) {
    for (size_t i = 0; i < bytes.len;) {
        uint8_t c = bytes.data[i++];
        if (c < 0x80) {
            put_json(room, c, false);
            continue;
        }
        int more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
        uint32_t point = c & (0x3fu >> more);
        for (; more > 0 && i < bytes.len && (bytes.data[i] & 0xc0) == 0x80; more--) {
            point = point << 6 | (bytes.data[i++] & 0x3f);
        }
        if (more) {
            return false;
        }
        if (point >= 0x10000) {
            base_put_format(room, "\\u%04x", 0xd800 + ((point - 0x10000) >> 10));
            point = 0xdc00 + ((point - 0x10000) & 0x3ff);
        }
        base_put_format(room, "\\u%04x", point);
    }
    return true;
}

static int add_json(struct trial_encodings *e, uint32_t token, struct base_slice bytes,
                    struct base_builder *room) {
    int rc = 0;
    for (int form = 0; rc == 0 && form < 3; form++) {
        bool usable = true;
        if (form == 2) {
            usable = put_json_ascii(room, bytes);
        } else {
            for (size_t i = 0; i < bytes.len; i++) {
                put_json(room, bytes.data[i], form == 1);
            }
        }
        if (usable && !base_slice_equal(base_builder_slice(room), bytes)) {
            rc = add_built(e, token, TRIAL_FORM_JSON, room);
        }
        base_builder_reset(room);
    }
    return rc;
}

static int add_digests(struct trial_encodings *e, uint32_t token, struct base_slice bytes,
                       struct base_builder *room) {
    static const enum trial_form raw[] = {TRIAL_FORM_MD5, TRIAL_FORM_SHA1, TRIAL_FORM_SHA256};
    static const enum trial_form text[] = {TRIAL_FORM_MD5, TRIAL_FORM_SHA1,
                                           TRIAL_FORM_SHA256_TEXT};
    int rc = 0;
    for (int digest = 0; rc == 0 && digest < TRIAL_DIGEST_COUNT; digest++) {
        uint8_t sum[TRIAL_DIGEST_MAX_BYTES];
        size_t len = trial_digest_of((enum trial_digest)digest, bytes, sum);
        if (len == 0) {
            continue;
        }
        rc = add(e, token, raw[digest], base_slice_of(sum, len));
        rc = rc ? rc : add_hex(e, token, text[digest], base_slice_of(sum, len), room);
        rc = rc ? rc : add_base64(e, token, text[digest], base_slice_of(sum, len), room);
    }
    return rc;
}

int trial_encodings_add(struct trial_encodings *encodings, uint32_t token,
                        struct base_slice bytes) {
    struct base_builder room;
    base_builder_init(&room, MAX_PATTERN_BYTES);
    int rc = add(encodings, token, TRIAL_FORM_RAW, bytes);
    rc = rc ? rc : add_hex(encodings, token, TRIAL_FORM_HEX, bytes, &room);
    rc = rc ? rc : add_base64(encodings, token, TRIAL_FORM_BASE64, bytes, &room);
    rc = rc ? rc : add_percent(encodings, token, bytes, true, false, &room);
    rc = rc ? rc : add_percent(encodings, token, bytes, false, false, &room);
    if (rc == 0 && memchr(bytes.data, ' ', bytes.len)) {
        rc = add_percent(encodings, token, bytes, true, true, &room);
    }
    rc = rc ? rc : add_utf16(encodings, token, bytes, &room);
    rc = rc ? rc : add_json(encodings, token, bytes, &room);
    rc = rc ? rc : add_digests(encodings, token, bytes, &room);
    base_builder_clean_up(&room);
    return rc;
}
