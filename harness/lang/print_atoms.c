/* Printing the small things: names, strings, atoms, conditions, comments, blocks. */
#include "base/text.h"
#include "harness/lang/lex.h"
#include "harness/lang/print.h"

void trial_put_indent(struct trial_printer *p) {
    p->line_start = p->out->len;
    for (unsigned i = 0; i < p->indent; i++) {
        base_put_str(p->out, "  ");
    }
}

void trial_put_comments(struct trial_printer *p, const struct trial_comments *c) {
    for (size_t i = 0; i < c->before_count; i++) {
        if (c->before[i][0]) {
            trial_put_indent(p);
            base_put_str(p->out, c->before[i]);
        }
        base_put_u8(p->out, '\n');
    }
}

void trial_put_end(struct trial_printer *p, const struct trial_comments *c) {
    if (c->after) {
        base_put_str(p->out, c->after[0] == ' ' ? "" : " ");
        base_put_str(p->out, c->after);
    }
    base_put_u8(p->out, '\n');
}

/* Length of the well-formed UTF-8 character of two bytes or more at text[at]; 0 if there is none.
 */
static size_t utf8_length(const char *text, size_t len, size_t at) {
    const uint8_t *s = (const uint8_t *)text + at;
    size_t want = s[0] >= 0xf0 && s[0] < 0xf5   ? 4
                  : s[0] >= 0xe0 && s[0] < 0xf0 ? 3
                  : s[0] >= 0xc2 && s[0] < 0xe0 ? 2
                                                : 0;
    if (want == 0 || want > len - at) {
        return 0;
    }
    for (size_t i = 1; i < want; i++) {
        if ((s[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    return want;
}

/* One byte of a string's content, or one UTF-8 character; returns how many bytes it took. */
static size_t put_character(struct trial_printer *p, const char *text, size_t len, size_t at) {
    unsigned char c = (unsigned char)text[at];
    size_t name, name_len;
    size_t wide = utf8_length(text, len, at);
    if (wide) {
        base_put_bytes(p->out, text + at, wide);
        return wide;
    }
    if (c == '"' || c == '\\' || (c == '$' && trial_var_length(text, len, at, &name, &name_len))) {
        base_put_format(p->out, "\\%c", c);
    } else if (c == '\n') {
        base_put_str(p->out, "\\n");
    } else if (c == '\t') {
        base_put_str(p->out, "\\t");
    } else if (c < ' ' || c >= 0x7f) {
        base_put_format(p->out, "\\x%02x", c);
    } else {
        base_put_u8(p->out, c);
    }
    return 1;
}

static void put_string(struct trial_printer *p, const char *text, size_t len, bool is_template) {
    base_put_u8(p->out, '"');
    for (size_t at = 0; at < len;) {
        if (is_template && text[at] == '\\' && at + 1 < len) {
            at++;
            at += put_character(p, text, len, at);
        } else if (is_template && text[at] == '$') {
            base_put_u8(p->out, '$');
            at++;
        } else {
            at += put_character(p, text, len, at);
        }
    }
    base_put_u8(p->out, '"');
}

void trial_put_text(struct trial_printer *p, const char *text) {
    put_string(p, text ? text : "", text ? strlen(text) : 0, !p->is_bound);
}

void trial_put_name(struct trial_printer *p, const struct trial_name *name) {
    const char *text = name->text ? name->text : "";
    if (name->is_string || !trial_is_id(text)) {
        put_string(p, text, strlen(text), false);
    } else {
        base_put_str(p->out, text);
    }
}

void trial_put_names(struct trial_printer *p, const struct trial_name *names, size_t count,
                     const char *separator) {
    for (size_t i = 0; i < count; i++) {
        base_put_str(p->out, i ? separator : "");
        trial_put_name(p, &names[i]);
    }
}

void trial_put_atom(struct trial_printer *p, const struct trial_atom *atom) {
    switch (atom->kind) {
    case TRIAL_ATOM_NONE:
        break;
    case TRIAL_ATOM_STRING:
        put_string(p, (const char *)atom->text.data, atom->text.len, atom->is_template);
        break;
    case TRIAL_ATOM_BYTES:
        base_put_str(p->out, "x\"");
        base_put_hex(p->out, atom->text);
        base_put_u8(p->out, '"');
        break;
    case TRIAL_ATOM_VAR:
        base_put_u8(p->out, '$');
        base_put_slice(p->out, atom->text);
        break;
    default:
        base_put_slice(p->out, atom->text);
        break;
    }
}

void trial_put_option(struct trial_printer *p, const char *word, const struct trial_atom *atom) {
    if (atom->kind != TRIAL_ATOM_NONE) {
        base_put_format(p->out, " %s ", word);
        trial_put_atom(p, atom);
    }
}

void trial_put_part(struct trial_printer *p, const struct trial_part *part) {
    trial_put_name(p, &part->name);
    if (part->partition.kind != TRIAL_ATOM_NONE) {
        base_put_u8(p->out, '/');
        trial_put_atom(p, &part->partition);
    }
}

void trial_put_compare(struct trial_printer *p, const struct trial_compare *compare) {
    base_put_format(p->out, " %s ", trial_cmp_to_str(compare->cmp));
    trial_put_atom(p, &compare->number);
}

static const char *term_word(enum trial_term_kind kind) {
    static const char *const words[] = {"fired",   "inflight", "position", "committed", "assigned",
                                        "flushed", "drained",  "exited",   "end",       "quiet"};
    return words[kind];
}

static void put_term(struct trial_printer *p, const struct trial_term *t) {
    base_put_str(p->out, term_word(t->kind));
    if (t->name.text) {
        base_put_u8(p->out, ' ');
        trial_put_name(p, &t->name);
    }
    if (t->part.name.text) {
        base_put_u8(p->out, ' ');
        trial_put_part(p, &t->part);
    }
    if (t->compare.given) {
        trial_put_compare(p, &t->compare);
    }
}

void trial_put_cond(struct trial_printer *p, const struct trial_cond *cond) {
    for (size_t i = 0; i < cond->count; i++) {
        base_put_str(p->out, i ? " and " : "");
        put_term(p, &cond->terms[i]);
    }
}

void trial_put_event(struct trial_printer *p, const struct trial_event_pattern *event) {
    base_put_str(p->out, trial_event_kind_to_str(event->kind));
    if (event->point) {
        base_put_u8(p->out, ' ');
        trial_put_text(p, event->point);
    }
    if (event->from.text) {
        base_put_str(p->out, " from ");
        trial_put_name(p, &event->from);
    }
    if (event->on.name.text) {
        base_put_str(p->out, " on ");
        trial_put_part(p, &event->on);
    }
    trial_put_option(p, "key", &event->key);
    trial_put_option(p, "value", &event->value);
    trial_put_option(p, "offset", &event->offset);
    trial_put_option(p, "attempt", &event->attempt);
    trial_put_option(p, "nth", &event->nth);
}

static bool has_comments(const struct trial_comments *c) {
    return c && (c->before_count > 0 || c->after);
}

static bool put_one_line(struct trial_printer *p, const struct trial_printed_block *block) {
    const struct trial_comments *c = block->comments(block->owner, 0);
    if (block->count != 1 || has_comments(c) || has_comments(block->end_comments)) {
        return false;
    }
    size_t before = p->out->len;
    size_t line_start = p->line_start;
    base_put_str(p->out, " { ");
    block->put(p, block->owner, 0);
    base_put_str(p->out, " }");
    size_t written = p->out->len - before;
    if (base_builder_ok(p->out) && p->line_start == line_start &&
        p->out->len - line_start <= TRIAL_ONE_LINE_COLUMNS &&
        !memchr(p->out->data + before, '\n', written)) {
        return true;
    }
    p->line_start = line_start;
    if (base_builder_ok(p->out)) {
        p->out->len = before;
    }
    return false;
}

void trial_put_block(struct trial_printer *p, const struct trial_printed_block *block) {
    if (block->count == 0 && !has_comments(block->end_comments)) {
        base_put_str(p->out, " { }");
        return;
    }
    if (put_one_line(p, block)) {
        return;
    }
    base_put_str(p->out, " {\n");
    p->indent++;
    for (size_t i = 0; i < block->count; i++) {
        const struct trial_comments *c = block->comments(block->owner, i);
        trial_put_comments(p, c);
        trial_put_indent(p);
        block->put(p, block->owner, i);
        trial_put_end(p, c);
    }
    if (block->end_comments) {
        trial_put_comments(p, block->end_comments);
    }
    p->indent--;
    trial_put_indent(p);
    base_put_u8(p->out, '}');
}
