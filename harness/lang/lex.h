/*
 * From text to tokens: words, strings, numbers, punctuation, line ends (the implied ones too), and
 * the comments beside them. Knows no word of the language.
 */
#pragma once
#include "harness/lang/lang.h"

enum trial_token_kind {
    TRIAL_TOKEN_END, /* of the file; always the last, after a NEWLINE */
    TRIAL_TOKEN_NEWLINE,
    TRIAL_TOKEN_ID,
    TRIAL_TOKEN_VAR,
    TRIAL_TOKEN_INT,
    TRIAL_TOKEN_DURATION,
    TRIAL_TOKEN_STRING,
    TRIAL_TOKEN_BYTES,
    TRIAL_TOKEN_MARK, /* { } : = | , / < <= > >= */
    TRIAL_TOKEN_BAD   /* already reported; fits nowhere */
};
struct trial_token {
    enum trial_token_kind kind;
    struct trial_pos pos;
    size_t offset; /* in the source */
    const char
        *text; /* ID, VAR (without "$"), MARK, INT, DURATION: as written; STRING, BYTES: content */
    size_t text_len;
    const char *template_text; /* STRING: with "\\" and "\$" still escaped */
    size_t template_len;
    bool is_template; /* STRING that names a variable */
    int64_t number;
};
struct trial_comment {
    uint32_t line;
    size_t offset;
    const char *text;     /* "# …", or "" for an empty line */
    const char *indented; /* with the blanks before it; the same as text on a line of its own */
    bool own_line;
};
struct trial_tokens {
    struct trial_token *items;
    size_t count;
    size_t cap;
    struct trial_comment *comments;
    size_t comment_count;
    size_t comment_cap;
};

/* Texts live in the arena; the two arrays are freed by trial_tokens_clean_up. Words that are no
 * token are reported in d and become BAD tokens. Returns 0, BASE_NO_MEMORY or BASE_LIMIT. */
int trial_lex(const char *source, size_t len, struct base_arena *arena, struct trial_diagnostics *d,
              struct trial_tokens *ret_tokens);
void trial_tokens_clean_up(struct trial_tokens *tokens);

/* True when text is an ID as it stands. */
bool trial_is_id(const char *text);
/* The end of the variable's name at text[at] == '$', and its name; 0 when "$" stands for itself. */
size_t trial_var_length(const char *text, size_t len, size_t at, size_t *ret_name, size_t *ret_len);
