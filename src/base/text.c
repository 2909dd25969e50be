/* Bytes as text: see text.h. */
#include "text.h"

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char hex_digits[] = "0123456789abcdef";

void base_put_base64(struct base_builder *b, struct base_slice bytes) {
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t n = bytes.len - i < 3 ? bytes.len - i : 3;
        uint32_t v = (uint32_t)bytes.data[i] << 16;
        v |= n > 1 ? (uint32_t)bytes.data[i + 1] << 8 : 0;
        v |= n > 2 ? bytes.data[i + 2] : 0;
        uint8_t *out = base_put_room(b, 4);
        if (!out) {
            return;
        }
        out[0] = (uint8_t)base64_digits[v >> 18];
        out[1] = (uint8_t)base64_digits[(v >> 12) & 63];
        out[2] = n > 1 ? (uint8_t)base64_digits[(v >> 6) & 63] : '=';
        out[3] = n > 2 ? (uint8_t)base64_digits[v & 63] : '=';
    }
}

static int base64_value(uint8_t c) {
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool base_put_base64_decoded(struct base_builder *b, struct base_slice text) {
    size_t start = b->len;
    if (text.len % 4 != 0) {
        return false;
    }
    for (size_t i = 0; i < text.len; i += 4) {
        const uint8_t *c = text.data + i;
        bool last = i + 4 == text.len;
        size_t pad = last && c[3] == '=' ? (c[2] == '=' ? 2 : 1) : 0;
        int v[4] = {base64_value(c[0]), base64_value(c[1]), pad > 1 ? 0 : base64_value(c[2]),
                    pad > 0 ? 0 : base64_value(c[3])};
        if (v[0] < 0 || v[1] < 0 || v[2] < 0 || v[3] < 0) {
            b->len = start;
            return false;
        }
        uint32_t bits = (uint32_t)v[0] << 18 | (uint32_t)v[1] << 12 | (uint32_t)v[2] << 6 |
                        (uint32_t)v[3];
        uint8_t out[3] = {(uint8_t)(bits >> 16), (uint8_t)(bits >> 8), (uint8_t)bits};
        base_put_bytes(b, out, 3 - pad);
    }
    return true;
}

void base_put_hex(struct base_builder *b, struct base_slice bytes) {
    for (size_t i = 0; i < bytes.len; i++) {
        base_put_u8(b, (uint8_t)hex_digits[bytes.data[i] >> 4]);
        base_put_u8(b, (uint8_t)hex_digits[bytes.data[i] & 15]);
    }
}

static int hex_value(uint8_t c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool base_put_hex_decoded(struct base_builder *b, struct base_slice text) {
    size_t start = b->len;
    if (text.len % 2 != 0) {
        return false;
    }
    for (size_t i = 0; i < text.len; i += 2) {
        int high = hex_value(text.data[i]);
        int low = hex_value(text.data[i + 1]);
        if (high < 0 || low < 0) {
            b->len = start;
            return false;
        }
        base_put_u8(b, (uint8_t)(high << 4 | low));
    }
    return true;
}

void base_put_quoted(struct base_builder *b, struct base_slice bytes) {
    if (!bytes.data) {
        base_put_str(b, "null");
        return;
    }
    base_put_u8(b, '"');
    for (size_t i = 0; i < bytes.len; i++) {
        uint8_t c = bytes.data[i];
        if (c == '"' || c == '\\' || c == '$') {
            base_put_u8(b, '\\');
            base_put_u8(b, c);
        } else if (c == '\n') {
            base_put_str(b, "\\n");
        } else if (c == '\t') {
            base_put_str(b, "\\t");
        } else if (c >= 0x20 && c < 0x7f) {
            base_put_u8(b, c);
        } else {
            base_put_format(b, "\\x%02x", c);
        }
    }
    base_put_u8(b, '"');
}
