/*
 * The parser's own parts, for parse*.c. Each parse function returns false after reporting what was
 * expected; the loop over the lines of a block then goes on with the next line, so that one run
 * reports several errors. Every function leaves *ret_* usable when it fails.
 */
#pragma once
#include "harness/lang/lex.h"
#include "harness/lang/words.h"

#define TRIAL_MAX_TREE_BYTES (2048ull * 1024 * 1024)
#define TRIAL_MAX_TRIED 12

struct trial_parser {
    struct trial_tokens tokens;
    size_t at;
    size_t comment_at; /* the first comment that no node has taken */
    struct base_arena *arena;
    struct trial_diagnostics *d;
    const char *source;
    unsigned depth;  /* of blocks */
    unsigned open;   /* braces open at `at`, for recovery */
    size_t step_count;
    int failed;      /* memory or a limit: parsing ends */
    const char *tried[TRIAL_MAX_TRIED]; /* words that would have fitted at `at` */
    size_t tried_count;
};

/* -- tokens -- */
const struct trial_token *trial_peek(const struct trial_parser *p);
const struct trial_token *trial_peek_ahead(const struct trial_parser *p, size_t ahead);
void trial_advance(struct trial_parser *p);
bool trial_at_mark(const struct trial_parser *p, const char *mark);
bool trial_at_word(const struct trial_parser *p, const char *word);
/* Consumes it if it is there. */
bool trial_take_mark(struct trial_parser *p, const char *mark);
bool trial_take_word(struct trial_parser *p, const char *word);
/* The same, or an error. */
bool trial_need_mark(struct trial_parser *p, const char *mark);
bool trial_need_word(struct trial_parser *p, const char *word);
bool trial_need_end(struct trial_parser *p);
/* "expected WHAT, found …" with what is near among the words tried here. Returns false. */
bool trial_expected(struct trial_parser *p, const char *what);
/* A word of a class; its row, or NULL after an error. */
const struct trial_word *trial_need_from(struct trial_parser *p, enum trial_word_class word_class,
                                         const char *what);

/* -- atoms -- */
bool trial_parse_name(struct trial_parser *p, const char *what, struct trial_name *ret_name);
/* name { "," name } */
bool trial_parse_names(struct trial_parser *p, const char *what, struct trial_name **ret_names,
                       size_t *ret_count);
bool trial_parse_text(struct trial_parser *p, const char *what, const char **ret_text);
bool trial_parse_atom(struct trial_parser *p, const char *what, struct trial_atom *ret_atom);
bool trial_parse_num(struct trial_parser *p, const char *what, struct trial_atom *ret_atom);
bool trial_parse_dur(struct trial_parser *p, struct trial_atom *ret_atom);
/* An ID or a VAR. */
bool trial_parse_word(struct trial_parser *p, const char *what, struct trial_atom *ret_atom);
/* As an atom; the word null is the null key. */
bool trial_parse_key(struct trial_parser *p, const char *what, struct trial_atom *ret_key);
bool trial_parse_value(struct trial_parser *p, struct trial_value *ret_value);
bool trial_parse_part(struct trial_parser *p, struct trial_part *ret_part);
bool trial_parse_compare(struct trial_parser *p, struct trial_compare *ret_compare);

/* -- blocks and comments -- */
struct trial_list {
    void *items;
    size_t count;
    size_t cap;
    size_t item_bytes;
};
struct trial_list trial_list_of(size_t item_bytes);
/* Copies item to the end. */
void trial_list_add(struct trial_parser *p, struct trial_list *list, const void *item);
/* Moves the items to the arena and frees the list. */
void *trial_list_take(struct trial_parser *p, struct trial_list *list, size_t *ret_count);

struct trial_block {
    struct trial_pos opened;
    bool is_first;
    struct trial_comments *end_comments; /* may be NULL */
};
/* "{". Every opened block is walked with trial_block_next until that gives false. */
bool trial_block_open(struct trial_parser *p, struct trial_block *ret_block,
                      struct trial_comments *end_comments);
/* True: at the first token of the next line, whose comments before it are in ret_comments (may be
 * NULL). False: "}" was consumed, or its absence reported (see *ret_closed). */
bool trial_block_next(struct trial_parser *p, struct trial_block *block,
                      struct trial_comments *ret_comments, bool *ret_closed);
/* After a line of a block or file was parsed: takes the comment at its end, or, if it was not good,
 * skips to the next line. */
void trial_line_done(struct trial_parser *p, bool good, struct trial_comments *comments);

/* -- by subject -- */
bool trial_parse_settings(struct trial_parser *p, struct trial_settings *ret_settings,
                          struct trial_comments *end_comments);
bool trial_parse_item(struct trial_parser *p, struct trial_item *ret_item);
bool trial_parse_fault(struct trial_parser *p, struct trial_fault *ret_fault);
bool trial_parse_event(struct trial_parser *p, struct trial_event_pattern *ret_event);
bool trial_parse_cond(struct trial_parser *p, struct trial_cond *ret_cond);
bool trial_parse_step(struct trial_parser *p, struct trial_step *ret_step);
bool trial_parse_steps(struct trial_parser *p, struct trial_step **ret_steps, size_t *ret_count,
                       struct trial_comments *end_comments);
bool trial_parse_expect(struct trial_parser *p, struct trial_expect *ret_expect);
bool trial_parse_check(struct trial_parser *p, struct trial_check *ret_check);
