/* What the tests of the wire library share: golden bodies, and one table over all messages. */
#pragma once
#include <stdbool.h>

#include "base/arena.h"
#include "base/builder.h"
#include "base/reader.h"
#include "mock/wire/api.h"

/* One line of golden.txt. */
struct t_golden {
    char api[32];
    char direction[16]; /* "request" or "response" */
    int16_t version;
    char kind[16];
    uint8_t *bytes; /* of exactly len bytes, so that Valgrind sees an overread */
    size_t len;
};

/* The lines, read once; NULL (and a failed assertion) if the file cannot be read. */
const struct t_golden *t_golden_all(size_t *ret_count);
void t_golden_free(void);
const struct t_golden *t_golden_find(const char *api, const char *direction, int version,
                                     const char *kind);

/* Decodes a body and encodes it again: 0, or a negative enum base_code. */
typedef int t_recode_fn(struct base_reader *r, int16_t version, struct base_arena *arena,
                        struct base_builder *b);

struct t_message {
    enum mock_api api;
    t_recode_fn *request;
    t_recode_fn *response;
};

/* All messages, in ascending order of keys. */
extern const struct t_message t_messages[];
extern const size_t t_message_count;

/* A golden body being decoded by a test. */
struct t_body {
    struct base_reader reader;
    struct base_arena arena;
};
bool t_body_open(struct t_body *body, const char *api, const char *direction, int version,
                 const char *kind);
void t_body_close(struct t_body *body);

/* The slice has so many bytes and begins with the text. */
#define T_TEXT(slice, text, len) t_text((slice), (text), (len), __LINE__, __FILE__, #slice)
int t_text(struct base_slice s, const char *text, size_t len, int line, const char *file,
           const char *what);
