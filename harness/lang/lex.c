/* From text to tokens: see lex.h. */
#include "harness/lang/lex.h"

#include "base/limits.h"
#include "base/memory.h"
#include "harness/lang/diagnostics.h"

struct lexer {
    const char *source;
    size_t len;
    size_t at;
    uint32_t line;
    size_t line_start;
    bool line_has_token;
    bool last_was_empty; /* several empty lines count once */
    struct base_arena *arena;
    struct trial_diagnostics *d;
    struct trial_tokens *tokens;
    int failed;
};

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_var_char(char c) {
    return is_letter(c) || is_digit(c) || c == '-';
}

static bool is_id_char(char c) {
    return is_var_char(c) || c == '.';
}

bool trial_is_id(const char *text) {
    if (!is_letter(text[0])) {
        return false;
    }
    for (size_t i = 1; text[i]; i++) {
        if (!is_id_char(text[i])) {
            return false;
        }
    }
    return true;
}

size_t trial_var_length(const char *text, size_t len, size_t at, size_t *ret_name,
                        size_t *ret_len) {
    size_t start = at + 1;
    bool braced = start < len && text[start] == '{';
    start += braced ? 1 : 0;
    if (start >= len || !is_letter(text[start])) {
        return 0;
    }
    size_t end = start;
    while (end < len && is_var_char(text[end])) {
        end++;
    }
    if (braced && (end >= len || text[end] != '}')) {
        return 0;
    }
    *ret_name = start;
    *ret_len = end - start;
    return end + (braced ? 1 : 0) - at;
}

static char peek(const struct lexer *x, size_t ahead) {
    return ahead < x->len - x->at ? x->source[x->at + ahead] : '\0';
}

static bool at_end(const struct lexer *x) {
    return x->at >= x->len;
}

static void note_failure(struct lexer *x, int code) {
    x->failed = x->failed ? x->failed : code;
}

static struct trial_pos pos_at(const struct lexer *x, size_t start, size_t end) {
    return (struct trial_pos){x->line, (uint32_t)(start - x->line_start + 1),
                              (uint32_t)(end > start ? end - start : 1)};
}

static struct trial_token *add_token(struct lexer *x, enum trial_token_kind kind, size_t start) {
    struct trial_tokens *t = x->tokens;
    if (base_grow((void **)&t->items, &t->cap, t->count + 1, sizeof(*t->items)) != 0) {
        note_failure(x, BASE_NO_MEMORY);
        return NULL;
    }
    struct trial_token *token = &t->items[t->count++];
    *token = (struct trial_token){.kind = kind, .pos = pos_at(x, start, x->at), .offset = start};
    token->text_len = x->at - start;
    token->text = base_arena_strndup(x->arena, x->source + start, token->text_len);
    if (!token->text) {
        note_failure(x, x->arena->failed);
        token->text = "";
        token->text_len = 0;
    }
    x->line_has_token = x->line_has_token || kind != TRIAL_TOKEN_NEWLINE;
    return token;
}

static void add_newline(struct lexer *x) {
    struct trial_tokens *t = x->tokens;
    if (t->count > 0 && t->items[t->count - 1].kind != TRIAL_TOKEN_NEWLINE) {
        size_t at = x->at;
        struct trial_token *token = add_token(x, TRIAL_TOKEN_NEWLINE, at);
        if (token) {
            token->text = "the end of the line";
        }
    }
}

static void add_comment(struct lexer *x, size_t start, size_t end, bool own_line) {
    struct trial_tokens *t = x->tokens;
    if (base_grow((void **)&t->comments, &t->comment_cap, t->comment_count + 1,
                  sizeof(*t->comments)) != 0) {
        note_failure(x, BASE_NO_MEMORY);
        return;
    }
    while (end > start && (x->source[end - 1] == ' ' || x->source[end - 1] == '\t' ||
                           x->source[end - 1] == '\r')) {
        end--;
    }
    size_t blank = start;
    while (!own_line && blank > x->line_start && x->source[blank - 1] == ' ') {
        blank--;
    }
    struct trial_comment *c = &t->comments[t->comment_count];
    *c = (struct trial_comment){.line = x->line, .offset = start, .own_line = own_line};
    c->text = base_arena_strndup(x->arena, x->source + start, end - start);
    c->indented = base_arena_strndup(x->arena, x->source + blank, end - blank);
    if (!c->text || !c->indented) {
        note_failure(x, x->arena->failed);
        return;
    }
    for (size_t i = 0; i < end - start; i++) {
        if ((unsigned char)c->text[i] < ' ' && c->text[i] != '\t') {
            trial_report(x->d, TRIAL_FAULTY, pos_at(x, start + i, start + i + 1),
                         "a control character in a comment");
            return;
        }
    }
    t->comment_count++;
}

static void lex_comment(struct lexer *x) {
    size_t start = x->at;
    while (!at_end(x) && x->source[x->at] != '\n') {
        x->at++;
    }
    add_comment(x, start, x->at, !x->line_has_token);
    x->last_was_empty = false;
}

static void next_line(struct lexer *x) {
    x->at++;
    x->line++;
    x->line_start = x->at;
    x->line_has_token = false;
}

static void lex_line_end(struct lexer *x) {
    bool empty = !x->line_has_token &&
                 (x->tokens->comment_count == 0 ||
                  x->tokens->comments[x->tokens->comment_count - 1].line != x->line);
    if (empty && !x->last_was_empty && x->tokens->count + x->tokens->comment_count > 0) {
        add_comment(x, x->at, x->at, true);
    }
    x->last_was_empty = empty;
    add_newline(x);
    next_line(x);
}

/* A backslash: legal only as the last thing of a line, which it joins with the next. */
static void lex_join(struct lexer *x) {
    size_t start = x->at++;
    while (peek(x, 0) == ' ' || peek(x, 0) == '\t' || peek(x, 0) == '\r') {
        x->at++;
    }
    if (!at_end(x) && x->source[x->at] == '\n') {
        bool had = x->line_has_token;
        next_line(x);
        x->line_has_token = had;
        return;
    }
    trial_report(x->d, TRIAL_FAULTY, pos_at(x, start, start + 1),
                 "a backslash joins lines only as the last character of a line");
    x->at = start + 1;
    (void)add_token(x, TRIAL_TOKEN_BAD, start);
}

static const struct {
    const char *suffix;
    int64_t ms;
} units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};

static int64_t unit_ms(const char *suffix, size_t len) {
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strlen(units[i].suffix) == len && memcmp(units[i].suffix, suffix, len) == 0) {
            return units[i].ms;
        }
    }
    return 0;
}

static void lex_number(struct lexer *x) {
    size_t start = x->at;
    bool negative = peek(x, 0) == '-';
    x->at += negative ? 1 : 0;
    int64_t value = 0;
    bool overflow = false;
    while (is_digit(peek(x, 0))) {
        int64_t digit = peek(x, 0) - '0';
        overflow = overflow || value > (INT64_MAX - digit) / 10;
        value = overflow ? 0 : value * 10 + digit;
        x->at++;
    }
    size_t suffix = x->at;
    while (is_id_char(peek(x, 0))) {
        x->at++;
    }
    size_t suffix_len = x->at - suffix;
    int64_t ms = suffix_len ? unit_ms(x->source + suffix, suffix_len) : 1;
    overflow = overflow || (ms > 1 && value > INT64_MAX / ms);
    bool bad = ms == 0 || (suffix_len && negative);
    struct trial_token *token =
        add_token(x, bad || overflow ? TRIAL_TOKEN_BAD
                                     : (suffix_len ? TRIAL_TOKEN_DURATION : TRIAL_TOKEN_INT),
                  start);
    if (!token) {
        return;
    }
    token->number = overflow ? 0 : negative ? -value : value * ms;
    if (bad) {
        trial_report(x->d, TRIAL_FAULTY, token->pos,
                     "'%s' is neither a number nor a duration (ms, s, m, h, d)", token->text);
    } else if (overflow) {
        trial_report(x->d, TRIAL_FAULTY, token->pos, "'%s' is too large", token->text);
    }
}

static int hex_value(char c) {
    if (is_digit(c)) {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

struct string_buffers {
    char *plain;
    size_t plain_len;
    char *kept; /* with "\\" and "\$" still escaped */
    size_t kept_len;
    bool is_template;
};

static void put_char(struct string_buffers *b, char c) {
    b->plain[b->plain_len++] = c;
    if (c == '\\' || c == '$') {
        b->kept[b->kept_len++] = '\\';
    }
    b->kept[b->kept_len++] = c;
}

/* After the backslash. False when it is no escape. */
static bool lex_escape(struct lexer *x, struct string_buffers *b) {
    char c = peek(x, 0);
    switch (c) {
    case '"':
    case '\\':
    case '$':
        put_char(b, c);
        break;
    case 'n':
        put_char(b, '\n');
        break;
    case 't':
        put_char(b, '\t');
        break;
    case 'x': {
        int high = hex_value(peek(x, 1));
        int low = high < 0 ? -1 : hex_value(peek(x, 2));
        if (low < 0) {
            return false;
        }
        put_char(b, (char)(high * 16 + low));
        x->at += 2;
        break;
    }
    default:
        return false;
    }
    x->at++;
    return true;
}

/* A "$" of a string as it stands: a variable's name, or itself. */
static void lex_dollar(struct lexer *x, struct string_buffers *b, size_t string_end) {
    size_t name, name_len;
    size_t var_len = trial_var_length(x->source, string_end, x->at, &name, &name_len);
    if (var_len == 0) {
        put_char(b, '$');
        x->at++;
        return;
    }
    b->is_template = true;
    memcpy(b->kept + b->kept_len, x->source + x->at, var_len);
    b->kept_len += var_len;
    memcpy(b->plain + b->plain_len, x->source + x->at, var_len);
    b->plain_len += var_len;
    x->at += var_len;
}

/* From after the opening quote to after the closing one; false when something was reported. */
static bool lex_string_body(struct lexer *x, struct string_buffers *b, size_t string_end) {
    bool good = true;
    while (x->at < string_end) {
        char c = x->source[x->at];
        if (c == '\\') {
            size_t start = x->at++;
            if (!lex_escape(x, b)) {
                trial_report(x->d, TRIAL_FAULTY, pos_at(x, start, start + 2),
                             "expected \\\", \\\\, \\n, \\t, \\$ or \\xHH in a string");
                good = false;
            }
        } else if (c == '$') {
            lex_dollar(x, b, string_end);
        } else if (((unsigned char)c < ' ' && c != '\t') || c == 0x7f) {
            trial_report(x->d, TRIAL_FAULTY, pos_at(x, x->at, x->at + 1),
                         "a control character in a string: write it as \\x%02x", (unsigned char)c);
            good = false;
            x->at++;
        } else {
            put_char(b, c);
            x->at++;
        }
    }
    return good;
}

/* Where the closing quote is; the end of the line when there is none. */
static size_t find_string_end(const struct lexer *x) {
    size_t end = x->at;
    while (end < x->len && x->source[end] != '"' && x->source[end] != '\n') {
        bool skips = x->source[end] == '\\' && end + 1 < x->len && x->source[end + 1] != '\n';
        end += skips ? 2 : 1;
    }
    return end;
}

static void lex_string(struct lexer *x) {
    size_t start = x->at++;
    size_t end = find_string_end(x);
    bool closed = end < x->len && x->source[end] == '"';
    struct string_buffers b = {0};
    b.plain = base_arena_alloc(x->arena, end - start + 1);
    b.kept = base_arena_alloc(x->arena, 2 * (end - start) + 1);
    if (!b.plain || !b.kept) {
        note_failure(x, x->arena->failed);
        return;
    }
    bool good = lex_string_body(x, &b, end);
    x->at = end + (closed ? 1 : 0);
    if (!closed) {
        trial_report(x->d, TRIAL_FAULTY, pos_at(x, start, start + 1),
                     "this string is not closed before the end of its line");
    }
    struct trial_token *token =
        add_token(x, good && closed ? TRIAL_TOKEN_STRING : TRIAL_TOKEN_BAD, start);
    if (token) {
        token->text = b.plain;
        token->text_len = b.plain_len;
        token->template_text = b.kept;
        token->template_len = b.kept_len;
        token->is_template = b.is_template;
    }
}

static void lex_bytes(struct lexer *x) {
    size_t start = x->at;
    x->at += 2;
    size_t from = x->at;
    while (hex_value(peek(x, 0)) >= 0) {
        x->at++;
    }
    size_t digits = x->at - from;
    bool good = peek(x, 0) == '"' && digits % 2 == 0;
    char *data = base_arena_alloc(x->arena, digits / 2 + 1);
    if (!data) {
        note_failure(x, x->arena->failed);
        return;
    }
    for (size_t i = 0; i + 1 < digits; i += 2) {
        data[i / 2] =
            (char)(hex_value(x->source[from + i]) * 16 + hex_value(x->source[from + i + 1]));
    }
    if (!good) {
        size_t end = find_string_end(x);
        x->at = end;
    }
    x->at += peek(x, 0) == '"' ? 1 : 0;
    struct trial_token *token = add_token(x, good ? TRIAL_TOKEN_BYTES : TRIAL_TOKEN_BAD, start);
    if (token) {
        token->text = data;
        token->text_len = digits / 2;
        if (!good) {
            trial_report(x->d, TRIAL_FAULTY, token->pos,
                         "expected pairs of hexadecimal digits, as in x\"00ff\"");
        }
    }
}

static void lex_var(struct lexer *x) {
    size_t start = x->at++;
    size_t name = x->at;
    while (is_var_char(peek(x, 0))) {
        x->at++;
    }
    bool good = x->at > name && is_letter(x->source[name]);
    struct trial_token *token = add_token(x, good ? TRIAL_TOKEN_VAR : TRIAL_TOKEN_BAD, start);
    if (token && good) {
        token->text += 1;
        token->text_len -= 1;
    } else if (token) {
        trial_report(x->d, TRIAL_FAULTY, token->pos, "expected a name after '$'");
    }
}

static void lex_mark_or_bad(struct lexer *x) {
    size_t start = x->at;
    char c = x->source[x->at++];
    if (c == '<' || c == '>') {
        x->at += peek(x, 0) == '=' ? 1 : 0;
    }
    if (strchr("{}:=|,/<>", c) && c) {
        if (c == '}') {
            add_newline(x);
        }
        (void)add_token(x, TRIAL_TOKEN_MARK, start);
        if (c == '{') {
            add_newline(x);
        }
        return;
    }
    while (!at_end(x) && ((unsigned char)x->source[x->at] & 0xc0) == 0x80) {
        x->at++; /* the rest of a UTF-8 character */
    }
    struct trial_token *token = add_token(x, TRIAL_TOKEN_BAD, start);
    if (token && (unsigned char)c < ' ') {
        trial_report(x->d, TRIAL_FAULTY, token->pos, "unexpected character \\x%02x",
                     (unsigned char)c);
    } else if (token) {
        trial_report(x->d, TRIAL_FAULTY, token->pos, "unexpected character '%s'", token->text);
    }
}

static void lex_one(struct lexer *x) {
    char c = x->source[x->at];
    if (c == '\n') {
        lex_line_end(x);
    } else if (c == ' ' || c == '\t' || c == '\r') {
        x->at++;
    } else if (c == '#') {
        lex_comment(x);
    } else if (c == '\\') {
        lex_join(x);
    } else if (c == '"') {
        lex_string(x);
    } else if (c == 'x' && peek(x, 1) == '"') {
        lex_bytes(x);
    } else if (is_letter(c)) {
        size_t start = x->at;
        while (is_id_char(peek(x, 0))) {
            x->at++;
        }
        (void)add_token(x, TRIAL_TOKEN_ID, start);
    } else if (c == '$') {
        lex_var(x);
    } else if (is_digit(c) || (c == '-' && is_digit(peek(x, 1)))) {
        lex_number(x);
    } else {
        lex_mark_or_bad(x);
    }
}

int trial_lex(const char *source, size_t len, struct base_arena *arena, struct trial_diagnostics *d,
              struct trial_tokens *ret_tokens) {
    *ret_tokens = (struct trial_tokens){0};
    if (len > BASE_MAX_SCENARIO_BYTES) {
        trial_report(d, TRIAL_FAULTY, (struct trial_pos){1, 1, 1},
                     "a scenario of %zu bytes: at most %u (BASE_MAX_SCENARIO_BYTES)", len,
                     BASE_MAX_SCENARIO_BYTES);
        return BASE_LIMIT;
    }
    struct lexer x = {.source = source, .len = len, .line = 1, .arena = arena, .d = d,
                      .tokens = ret_tokens};
    while (!at_end(&x) && !x.failed) {
        lex_one(&x);
    }
    add_newline(&x);
    struct trial_token *end = add_token(&x, TRIAL_TOKEN_END, x.at);
    if (end) {
        end->text = "the end of the file";
    }
    return x.failed;
}

void trial_tokens_clean_up(struct trial_tokens *tokens) {
    base_free(tokens->items);
    base_free(tokens->comments);
    *tokens = (struct trial_tokens){0};
}
