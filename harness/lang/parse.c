/* The parser's ground: tokens, errors, blocks and their comments, and the two ways in. */
#include "harness/lang/parse.h"

#include "base/limits.h"
#include "base/memory.h"

/* -- tokens -- */

const struct trial_token *trial_peek_ahead(const struct trial_parser *p, size_t ahead) {
    size_t last = p->tokens.count - 1;
    return &p->tokens.items[p->at + ahead < last ? p->at + ahead : last];
}

const struct trial_token *trial_peek(const struct trial_parser *p) {
    return trial_peek_ahead(p, 0);
}

void trial_advance(struct trial_parser *p) {
    if (p->at + 1 < p->tokens.count) {
        p->at++;
    }
    p->tried_count = 0;
}

bool trial_at_mark(const struct trial_parser *p, const char *mark) {
    return trial_peek(p)->kind == TRIAL_TOKEN_MARK && strcmp(trial_peek(p)->text, mark) == 0;
}

bool trial_at_word(const struct trial_parser *p, const char *word) {
    return trial_peek(p)->kind == TRIAL_TOKEN_ID && strcmp(trial_peek(p)->text, word) == 0;
}

static void remember_tried(struct trial_parser *p, const char *word) {
    if (p->tried_count < TRIAL_MAX_TRIED) {
        p->tried[p->tried_count++] = word;
    }
}

bool trial_take_mark(struct trial_parser *p, const char *mark) {
    if (!trial_at_mark(p, mark)) {
        remember_tried(p, mark);
        return false;
    }
    trial_advance(p);
    return true;
}

bool trial_take_word(struct trial_parser *p, const char *word) {
    if (!trial_at_word(p, word)) {
        remember_tried(p, word);
        return false;
    }
    trial_advance(p);
    return true;
}

/* What stands at the token, for "found …": the text within quotes, or what it is. */
static void describe_found(const struct trial_parser *p, char *text, size_t size) {
    const struct trial_token *t = trial_peek(p);
    if (t->kind == TRIAL_TOKEN_NEWLINE || t->kind == TRIAL_TOKEN_END) {
        (void)snprintf(text, size, "%s", t->text);
    } else {
        (void)snprintf(text, size, "'%.*s'", (int)(t->pos.length < 60 ? t->pos.length : 60),
                       p->source + t->offset);
    }
}

bool trial_expected(struct trial_parser *p, const char *what) {
    const struct trial_token *t = trial_peek(p);
    if (t->kind == TRIAL_TOKEN_BAD) {
        return false; /* the lexer has said so */
    }
    char found[80], hint[TRIAL_HINT_BYTES];
    describe_found(p, found, sizeof(found));
    struct trial_suggestion s = trial_suggestion_of(t->kind == TRIAL_TOKEN_ID ? t->text : NULL);
    for (size_t i = 0; i < p->tried_count; i++) {
        trial_suggest(&s, p->tried[i]);
    }
    trial_report(p->d, TRIAL_FAULTY, t->pos, "expected %s, found %s%s", what, found,
                 trial_suggestion_hint(&s, hint));
    return false;
}

bool trial_need_mark(struct trial_parser *p, const char *mark) {
    if (trial_take_mark(p, mark)) {
        return true;
    }
    char what[8];
    (void)snprintf(what, sizeof(what), "'%s'", mark);
    return trial_expected(p, what);
}

bool trial_need_word(struct trial_parser *p, const char *word) {
    if (trial_take_word(p, word)) {
        return true;
    }
    char what[64];
    (void)snprintf(what, sizeof(what), "'%s'", word);
    return trial_expected(p, what);
}

bool trial_need_end(struct trial_parser *p) {
    if (trial_peek(p)->kind == TRIAL_TOKEN_NEWLINE) {
        trial_advance(p);
        return true;
    }
    struct base_builder what;
    base_builder_init(&what, 1024);
    for (size_t i = 0; i < p->tried_count; i++) {
        base_put_format(&what, "%s'%s'", i ? ", " : "", p->tried[i]);
    }
    base_put_str(&what, p->tried_count ? " or the end of the line" : "the end of the line");
    base_put_u8(&what, 0);
    (void)trial_expected(p,
                         base_builder_ok(&what) ? (const char *)what.data : "the end of the line");
    base_builder_clean_up(&what);
    return false;
}

const struct trial_word *trial_need_from(struct trial_parser *p, enum trial_word_class word_class,
                                         const char *what) {
    const struct trial_token *t = trial_peek(p);
    const struct trial_word *word =
        t->kind == TRIAL_TOKEN_ID ? trial_word_find(word_class, t->text) : NULL;
    if (word) {
        trial_advance(p);
        return word;
    }
    if (t->kind != TRIAL_TOKEN_BAD) {
        char found[80], hint[TRIAL_HINT_BYTES];
        describe_found(p, found, sizeof(found));
        trial_report(p->d, TRIAL_FAULTY, t->pos, "expected %s, found %s%s", what, found,
                     trial_word_hint(word_class, t->kind == TRIAL_TOKEN_ID ? t->text : NULL, hint));
    }
    return NULL;
}

/* -- lists -- */

struct trial_list trial_list_of(size_t item_bytes) {
    return (struct trial_list){.item_bytes = item_bytes};
}

void trial_list_add(struct trial_parser *p, struct trial_list *list, const void *item) {
    if (base_grow(&list->items, &list->cap, list->count + 1, list->item_bytes) != 0) {
        p->failed = p->failed ? p->failed : BASE_NO_MEMORY;
        return;
    }
    memcpy((char *)list->items + list->count * list->item_bytes, item, list->item_bytes);
    list->count++;
}

void *trial_list_take(struct trial_parser *p, struct trial_list *list, size_t *ret_count) {
    void *items = base_arena_alloc_array(p->arena, list->count, list->item_bytes);
    *ret_count = items ? list->count : 0;
    if (items && list->count) {
        memcpy(items, list->items, list->count * list->item_bytes);
    } else if (!items) {
        p->failed = p->failed ? p->failed : p->arena->failed;
    }
    base_free(list->items);
    *list = trial_list_of(list->item_bytes);
    return items;
}

/* -- comments -- */

static void take_comments(struct trial_parser *p, bool is_first, bool is_last,
                          struct trial_comments *ret_comments) {
    const struct trial_tokens *t = &p->tokens;
    size_t end = p->comment_at;
    while (end < t->comment_count && t->comments[end].offset < trial_peek(p)->offset) {
        end++;
    }
    struct trial_list kept = trial_list_of(sizeof(const char *));
    for (size_t i = p->comment_at; i < end; i++) {
        const char *text = t->comments[i].text;
        bool follows_empty =
            kept.count ? ((const char **)kept.items)[kept.count - 1][0] == '\0' : is_first;
        if (text[0] != '\0' || !follows_empty) {
            trial_list_add(p, &kept, &text);
        }
    }
    while (is_last && kept.count && ((const char **)kept.items)[kept.count - 1][0] == '\0') {
        kept.count--;
    }
    p->comment_at = end;
    ret_comments->before = trial_list_take(p, &kept, &ret_comments->before_count);
}

/* The comment at the end of the line whose NEWLINE was just consumed. */
static void take_comment_after(struct trial_parser *p, struct trial_comments *comments) {
    const struct trial_tokens *t = &p->tokens;
    if (p->comment_at >= t->comment_count || p->at < 2) {
        return;
    }
    const struct trial_comment *c = &t->comments[p->comment_at];
    const struct trial_token *last = &t->items[p->at - 2];
    if (!c->own_line && c->line == last->pos.line && c->offset > last->offset &&
        c->offset < trial_peek(p)->offset) {
        comments->after = c->indented;
        p->comment_at++;
    }
}

/* -- blocks -- */

bool trial_block_open(struct trial_parser *p, struct trial_block *ret_block,
                      struct trial_comments *end_comments) {
    *ret_block = (struct trial_block){trial_peek(p)->pos, true, end_comments};
    if (!trial_need_mark(p, "{")) {
        return false;
    }
    if (trial_peek(p)->kind == TRIAL_TOKEN_NEWLINE) {
        trial_advance(p); /* implied after "{" */
    }
    p->depth++;
    return true;
}

/* A word at the left margin that begins an item, within a block: its "}" was forgotten. */
static bool looks_like_item(const struct trial_parser *p) {
    const struct trial_token *t = trial_peek(p);
    return t->kind == TRIAL_TOKEN_ID && t->pos.column == 1 &&
           trial_word_find(TRIAL_WORD_ITEM, t->text) &&
           !trial_word_find(TRIAL_WORD_EXPECT, t->text);
}

bool trial_block_next(struct trial_parser *p, struct trial_block *block,
                      struct trial_comments *ret_comments, bool *ret_closed) {
    bool close = trial_at_mark(p, "}");
    if (close || trial_peek(p)->kind == TRIAL_TOKEN_END || looks_like_item(p) || p->failed) {
        if (close && block->end_comments) {
            take_comments(p, block->is_first, true, block->end_comments);
        }
        if (close) {
            trial_advance(p);
        } else if (!p->failed) {
            trial_report(p->d, TRIAL_FAULTY, trial_peek(p)->pos,
                         "expected '}' for the '{' of line %u", block->opened.line);
        }
        p->depth--;
        *ret_closed = close;
        return false;
    }
    if (ret_comments) { /* else left to whoever asks next */
        take_comments(p, block->is_first, false, ret_comments);
    }
    block->is_first = false;
    return true;
}

/* Skips the rest of a line that could not be understood, with the blocks that it opens. */
static void skip_line(struct trial_parser *p) {
    unsigned open = 0;
    for (;;) {
        const struct trial_token *t = trial_peek(p);
        if (t->kind == TRIAL_TOKEN_END || (open == 0 && trial_at_mark(p, "}")) ||
            looks_like_item(p)) {
            return;
        }
        open += trial_at_mark(p, "{") ? 1 : 0;
        open -= trial_at_mark(p, "}") ? 1 : 0;
        trial_advance(p);
        if (t->kind == TRIAL_TOKEN_NEWLINE && open == 0) {
            return;
        }
    }
}

void trial_line_done(struct trial_parser *p, bool good, struct trial_comments *comments) {
    if (good) {
        take_comment_after(p, comments);
        return;
    }
    size_t before = p->at;
    skip_line(p);
    if (p->at == before && p->depth == 0 && trial_at_mark(p, "}")) {
        trial_advance(p); /* a "}" that closes nothing */
    }
}

/* -- the ways in -- */

static int new_scenario(const char *path, struct base_slice source,
                        struct trial_scenario **ret_scenario) {
    struct trial_scenario *s = base_alloc_zero(sizeof(*s));
    if (!s) {
        return BASE_NO_MEMORY;
    }
    base_arena_init(&s->arena, TRIAL_MAX_TREE_BYTES);
    s->path = base_arena_strdup(&s->arena, path ? path : "-");
    s->source = base_arena_strndup(&s->arena, (const char *)source.data, source.len);
    s->source_len = source.len;
    if (s->arena.failed) {
        trial_scenario_free(s);
        return BASE_NO_MEMORY;
    }
    *ret_scenario = s;
    return 0;
}

static void parse_file(struct trial_parser *p, struct trial_scenario *s) {
    take_comments(p, true, false, &s->comments);
    s->name_pos = trial_peek_ahead(p, 1)->pos;
    bool good = trial_need_word(p, "scenario") &&
                trial_parse_text(p, "the claim that the scenario tries, as a string", &s->name) &&
                trial_need_end(p);
    trial_line_done(p, good, &s->comments);
    struct trial_list items = trial_list_of(sizeof(struct trial_item));
    while (trial_peek(p)->kind != TRIAL_TOKEN_END && !p->failed) {
        struct trial_item item = {0};
        take_comments(p, false, false, &item.comments);
        good = trial_parse_item(p, &item);
        trial_line_done(p, good, &item.comments);
        if (good) {
            trial_list_add(p, &items, &item);
        }
    }
    s->items = trial_list_take(p, &items, &s->item_count);
    take_comments(p, false, true, &s->end_comments);
}

/* True when the line is an expectation and not the item that begins with the same word. */
static bool is_expectation(const struct trial_parser *p) {
    static const char *const verbs[] = {"has", "lacks", "matches", "count"};
    const struct trial_token *third = trial_peek_ahead(p, 2);
    if (trial_at_word(p, "store")) {
        for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
            if (third->kind == TRIAL_TOKEN_ID && strcmp(third->text, verbs[i]) == 0) {
                return true;
            }
        }
        return false;
    }
    if (trial_at_word(p, "secret")) {
        return trial_peek_ahead(p, 3)->kind != TRIAL_TOKEN_STRING;
    }
    return trial_at_word(p, "no") || (trial_peek(p)->kind == TRIAL_TOKEN_ID &&
                                      trial_word_find(TRIAL_WORD_EXPECT, trial_peek(p)->text));
}

static bool parse_fragment(struct trial_parser *p, struct trial_item *item) {
    item->pos = trial_peek(p)->pos;
    if (is_expectation(p)) {
        struct trial_expect *expect = base_arena_alloc(p->arena, sizeof(*expect));
        item->kind = TRIAL_ITEM_CHECK;
        item->u.check = (struct trial_check){.expects = expect, .expect_count = 1};
        return expect && trial_parse_expect(p, expect);
    }
    bool is_step = trial_peek(p)->kind == TRIAL_TOKEN_ID &&
                   trial_word_find(TRIAL_WORD_STEP, trial_peek(p)->text);
    if (is_step) {
        struct trial_step *step = base_arena_alloc(p->arena, sizeof(*step));
        item->kind = TRIAL_ITEM_RUN;
        item->u.run = (struct trial_run){.steps = step, .step_count = 1};
        return step && trial_parse_step(p, step);
    }
    return trial_parse_item(p, item);
}

static void parse_one_line(struct trial_parser *p, struct trial_scenario *s) {
    s->items = base_arena_alloc_array(p->arena, 1, sizeof(*s->items));
    s->name = "";
    if (!s->items) {
        return;
    }
    take_comments(p, true, false, &s->items[0].comments);
    if (parse_fragment(p, &s->items[0])) {
        s->item_count = 1;
        take_comment_after(p, &s->items[0].comments);
        if (trial_peek(p)->kind != TRIAL_TOKEN_END) {
            (void)trial_expected(p, "one item, step or expectation");
        }
    }
}

static int parse_with(const char *path, struct base_slice source,
                      void (*parse)(struct trial_parser *p, struct trial_scenario *s),
                      struct trial_scenario **ret_scenario, struct trial_diagnostics *d) {
    struct trial_scenario *s = NULL;
    int rc = new_scenario(path, source, &s);
    if (rc != 0) {
        return rc;
    }
    size_t errors_before = d->error_count;
    struct trial_parser p = {.arena = &s->arena, .d = d, .source = s->source};
    rc = trial_lex(s->source, s->source_len, &s->arena, d, &p.tokens);
    if (rc == 0) {
        parse(&p, s);
        rc = p.failed ? p.failed : s->arena.failed;
    }
    trial_tokens_clean_up(&p.tokens);
    trial_diagnostics_sort(d);
    if (rc == 0 && d->error_count > errors_before) {
        rc = BASE_MALFORMED;
    }
    if (rc != 0) {
        trial_scenario_free(s);
        return rc;
    }
    *ret_scenario = s;
    return 0;
}

int trial_parse(const char *path, struct base_slice source, struct trial_scenario **ret_scenario,
                struct trial_diagnostics *d) {
    return parse_with(path, source, parse_file, ret_scenario, d);
}

int trial_parse_line(struct base_slice line, struct trial_scenario **ret_fragment,
                     struct trial_diagnostics *d) {
    return parse_with("-", line, parse_one_line, ret_fragment, d);
}
